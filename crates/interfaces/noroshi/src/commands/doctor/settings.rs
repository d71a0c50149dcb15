//! The settings of the installation, and what they name.

use page::Value;

use super::{Checked, Code, Patient};
use crate::books::with_cause;
use crate::settings::{FILE, Fault, Settings, SettingsError, look};

pub(super) fn check(patient: &Patient<'_>) -> Checked {
    let mut checked = Checked::default();
    let path = patient.home.path().join(FILE);
    match Settings::within(patient.home.path()) {
        Ok(None) => {}
        Ok(Some((settings, places))) => {
            // A log that is not there yet may come.
            let mut faults = look(&settings, &places, patient.home.path());
            faults.retain(|fault| !fault.cause.is_note());
            if let Some(values) = values(&faults) {
                checked.add(Code::SettingsName, &path, values);
            }
        }
        Err(SettingsError::Wrong { faults, .. }) => {
            checked.add(Code::SettingsWrong, &path, values(&faults).unwrap_or_default());
        }
        Err(error) => {
            checked.add(Code::SettingsUnread, &path, vec![("reason", with_cause(&error).into())]);
        }
    }
    checked
}

/// How many faults there are, and where the first is.
fn values(faults: &[Fault]) -> Option<Vec<(&'static str, Value)>> {
    let first = faults.first()?;
    Some(vec![
        ("faults", faults.len().into()),
        ("line", first.line.into()),
        ("key", first.key.as_str().into()),
        ("fault", first.cause.code().into()),
    ])
}
