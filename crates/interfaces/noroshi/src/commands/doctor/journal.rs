//! What people and organisations did: the database, its acts, the keys of personal values, and long work.

use std::fs;
use std::path::Path;

use ::journal::survey::{Surveyed, Wrong, survey};
use ::journal::{Fault, JournalError};
use model::time::Instant;
use page::Value;

use super::{Checked, Code, Finding, Patient};
use crate::acts::kinds;
use crate::books::{now, with_cause};

/// How long nothing was heard of long work that is told, in nanoseconds: a day.
const LONG: i64 = 86_400 * 1_000_000_000;
/// By how much the last act may be later than the clock, in nanoseconds: two minutes.
const AHEAD: i64 = 120 * 1_000_000_000;

pub(super) fn check(patient: &Patient<'_>) -> Checked {
    let mut checked = Checked::default();
    let path = patient.home.path().join("journal.sqlite");
    match survey(patient.home, &kinds(), patient.is_deep) {
        Ok(Some(found)) => tell(patient, &path, &found, &mut checked),
        Ok(None) => missing(patient, &path, &mut checked),
        Err(JournalError::File { path, source, .. }) => {
            checked.findings.push(Finding::not_looked_at(&path, source.to_string()));
        }
        Err(error) => checked.findings.push(Finding::not_looked_at(&path, with_cause(&error))),
    }
    checked
}

/// Whether something is dated later than the clock says now.
pub(super) fn clock(latest: Option<Instant>, path: &Path, checked: &mut Checked) {
    let now = now();
    if let Some(latest) = latest.filter(|latest| latest.nanoseconds() - now.nanoseconds() > AHEAD) {
        let values = vec![("latest", latest.to_string().into()), ("now", now.to_string().into())];
        checked.add(Code::ClockBehind, path, values);
    }
}

fn tell(patient: &Patient<'_>, path: &Path, found: &Surveyed, checked: &mut Checked) {
    for wrong in &found.wrong {
        checked.findings.push(finding(path, wrong));
    }
    for kind in &found.outdated {
        checked.add(Code::JournalOutdated, path, vec![("kind", kind.as_str().into())]);
    }
    if found.left > 0 && !patient.is_held() {
        let log = path.with_file_name("journal.sqlite-wal");
        checked.add(Code::JournalLogLeft, &log, vec![("bytes", found.left.into())]);
    }
    let now = now().nanoseconds();
    for job in &found.open {
        if now - job.changed.nanoseconds() > LONG && !patient.is_held() {
            let values =
                vec![("kind", job.kind.as_str().into()), ("changed", job.changed.to_string().into())];
            checked.add(Code::JobOpen, path, values);
        }
    }
    if found.given_up > 0 {
        checked.add(Code::OutboxGivenUp, path, vec![("count", found.given_up.into())]);
    }
    clock(found.latest, path, checked);
    let values = vec![
        ("commits", found.commits.into()),
        ("acts", found.acts.into()),
        ("personal", found.personal.into()),
    ];
    checked.look(if patient.is_deep { "journal-deep" } else { "journal" }, values);
}

fn finding(path: &Path, wrong: &Wrong) -> Finding {
    let found = |code, values| Finding::new(code, path, values);
    let number = |number: &u64| vec![("number", Value::from(*number))];
    let of = |stream: &str, number: &u64| vec![("stream", stream.into()), ("number", (*number).into())];
    let whose = |subject: &str| vec![("subject", Value::from(subject))];
    let because = |reason: &str| vec![("reason", Value::from(reason))];
    match wrong {
        Wrong::NotADatabase => found(Code::JournalForeign, Vec::new()),
        Wrong::Database(reason) | Wrong::Acts(Fault::File(reason)) => {
            found(Code::JournalDamaged, because(reason))
        }
        Wrong::Newer(reason) => found(Code::JournalNewer, because(reason)),
        Wrong::Acts(Fault::Hash(commit)) => found(Code::JournalChainBroken, number(commit)),
        Wrong::Acts(Fault::Missing(commit)) => found(Code::JournalCommitMissing, number(commit)),
        Wrong::Acts(Fault::Act(stream, act)) => found(Code::JournalActDamaged, of(stream, act)),
        Wrong::Acts(Fault::Gap(stream, act)) => found(Code::JournalActMissing, of(stream, act)),
        Wrong::Acts(Fault::Personal(subject)) => found(Code::PersonalUnreadable, whose(subject)),
        Wrong::KeyMissing { path, subject } => Finding::new(Code::KeyMissing, path, whose(subject)),
        Wrong::KeyDamaged { path, subject } => Finding::new(Code::KeyDamaged, path, whose(subject)),
        Wrong::KeyLeft { path, subject } => Finding::new(Code::KeyLeft, path, whose(subject)),
        Wrong::KeyUnknown { path } => Finding::new(Code::KeyUnknown, path, Vec::new()),
    }
}

/// There is no journal: nobody has decided anything yet, or it is lost. Keys and files tell which, for the
/// journal alone makes both.
fn missing(patient: &Patient<'_>, path: &Path, checked: &mut Checked) {
    let is_filled = |folder: &Path| fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    let keys = patient.home.path().join("keys").join("personal");
    let files = fs::read_dir(patient.home.files()).is_ok_and(|mut entries| {
        entries.any(|entry| entry.is_ok_and(|entry| entry.file_name().len() == 2 && is_filled(&entry.path())))
    });
    if is_filled(&keys) || files {
        checked.add(Code::JournalLost, path, Vec::new());
    } else if patient.home.lake().is_dir() {
        checked.add(Code::JournalMissing, path, Vec::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_of_acts_has_its_code() {
        let stream = || "watch/ruleset/sigma".to_owned();
        for (fault, code) in [
            (Fault::Hash(3), Code::JournalChainBroken),
            (Fault::Missing(3), Code::JournalCommitMissing),
            (Fault::Act(stream(), 3), Code::JournalActDamaged),
            (Fault::Gap(stream(), 3), Code::JournalActMissing),
            (Fault::File("page 3".to_owned()), Code::JournalDamaged),
            (Fault::Personal("local:1000".to_owned()), Code::PersonalUnreadable),
        ] {
            let found = finding(Path::new("journal.sqlite"), &Wrong::Acts(fault));
            assert_eq!(found.code, code);
            assert!(!found.values.is_empty());
        }
    }

    #[test]
    fn what_is_dated_later_than_the_clock_says_is_told() {
        let now = now().nanoseconds();
        for (latest, is_told) in [(None, false), (Some(now), false), (Some(now + 2 * AHEAD), true)] {
            let mut checked = Checked::default();
            clock(latest.map(Instant::from_nanoseconds), Path::new("journal.sqlite"), &mut checked);
            assert_eq!(!checked.findings.is_empty(), is_told, "{latest:?}");
        }
    }
}
