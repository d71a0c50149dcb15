//! Who looked at what.

use access_log::{AccessLogError, Wrong, verify, verify_newest};

use super::{Checked, Code, Finding, Patient};
use crate::books::with_cause;

pub(super) fn check(patient: &Patient<'_>) -> Checked {
    let mut checked = Checked::default();
    let folder = patient.home.access();
    let found = if patient.is_deep { verify(&folder) } else { verify_newest(&folder) };
    let found = match found {
        Ok(found) => found,
        Err(AccessLogError::Newer { segment, found, known }) => {
            let values = vec![("found", u64::from(found).into()), ("known", u64::from(known).into())];
            checked.add(Code::AccessNewer, &folder.join(segment), values);
            return checked;
        }
        Err(error) => {
            checked.findings.push(Finding::not_looked_at(&folder, with_cause(&error)));
            return checked;
        }
    };
    for fault in &found.faults {
        let code = match fault.what {
            Wrong::Torn(_) => Code::AccessTorn,
            Wrong::Damaged(_) | Wrong::Unreadable => Code::AccessDamaged,
            Wrong::Head | Wrong::Chain => Code::AccessBroken,
        };
        checked.add(code, &folder.join(&fault.segment), vec![("offset", fault.offset.into())]);
    }
    checked.look("access", vec![("records", found.records.into()), ("number", found.number.into())]);
    checked
}
