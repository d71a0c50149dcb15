//! Uploads and artefacts.

use ::files::Error;
use ::files::survey::{Surveyed, Wrong, survey};
use journal::JournalError;

use super::{Checked, Code, Finding, Patient};
use crate::books::{look, with_cause};

pub(super) fn check(patient: &Patient<'_>) -> Checked {
    let mut checked = Checked::default();
    match look(|who| survey(patient.home, who, patient.is_deep)) {
        Ok(Some(found)) => tell(&found, &mut checked),
        // Without a journal nobody knows which there should be, and that it is missing is told of it; so is what is
        // wrong with it.
        Ok(None) | Err(Error::Journal(JournalError::Database { .. } | JournalError::Damaged { .. })) => {}
        Err(Error::Journal(JournalError::File { path, source, .. }) | Error::Disk { path, source, .. }) => {
            checked.findings.push(Finding::not_looked_at(&path, source.to_string()));
        }
        Err(error) => {
            checked.findings.push(Finding::not_looked_at(&patient.home.files(), with_cause(&error)));
        }
    }
    checked
}

fn tell(found: &Surveyed, checked: &mut Checked) {
    for wrong in &found.wrong {
        match wrong {
            Wrong::Missing { path } => checked.add(Code::FileMissing, path, Vec::new()),
            Wrong::Damaged { path } => checked.add(Code::FileDamaged, path, Vec::new()),
            Wrong::Unread { path, reason } => {
                checked.findings.push(Finding::not_looked_at(path, reason.as_str()));
            }
            Wrong::Unheld { path, bytes } => {
                checked.add(Code::FileUnheld, path, vec![("bytes", (*bytes).into())]);
            }
        }
    }
    let values = vec![("files", found.held.into()), ("megabytes", (found.bytes >> 20).into())];
    checked.look("files", values);
}
