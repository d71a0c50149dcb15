//! What was received and is not yet safe elsewhere.

use observations::Waiting;
use observations::survey::{Damage, Surveyed, survey};

use super::{Checked, Code, Finding, Patient};
use crate::books::{look, with_cause};

pub(super) fn check(patient: &Patient<'_>) -> Checked {
    let mut checked = Checked::default();
    let folder = patient.home.spool();
    let found = match survey(patient.home) {
        Ok(found) => found,
        Err(error) => {
            checked.findings.push(Finding::not_looked_at(&folder, with_cause(&error)));
            return checked;
        }
    };
    for Damage { segment, offset, bytes, at_end } in &found.damages {
        // Whoever writes may be at the end of one.
        if *at_end && patient.is_held() {
            continue;
        }
        let code = if *at_end { Code::SpoolTorn } else { Code::SpoolDamaged };
        let values = vec![("offset", (*offset).into()), ("bytes", (*bytes).into())];
        checked.add(code, &folder.join(segment), values);
    }
    if found.unreadable > 0 {
        checked.add(Code::SpoolUnreadable, &folder, vec![("records", found.unreadable.into())]);
    }
    if found.records > 0 && !patient.is_held() {
        waiting(patient, &mut checked);
    }
    let Surveyed { segments, bytes, records, .. } = found;
    let values =
        vec![("segments", segments.into()), ("records", records.into()), ("megabytes", (bytes >> 20).into())];
    checked.look("spool", values);
    checked
}

/// What is in no table yet, and nobody is about to add.
fn waiting(patient: &Patient<'_>, checked: &mut Checked) {
    let folder = patient.home.spool();
    match look(|who| observations::waiting(patient.home, who)) {
        Ok(Waiting { batches: 0, .. }) => {}
        Ok(_) if patient.is_held() => {}
        Ok(Waiting { batches, rows }) => {
            let values = vec![("batches", batches.into()), ("rows", rows.into())];
            checked.add(Code::SpoolWaiting, &folder, values);
        }
        Err(error) => checked.findings.push(Finding::not_looked_at(&folder, with_cause(&error))),
    }
}
