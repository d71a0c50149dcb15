//! What machines observed: logs and files of its tables.

use std::collections::BTreeMap;
use std::path::Path;

use ::lake::survey::{Broken, Surveyed, Unnamed, Wrong, survey};
use page::Value;

use super::{Checked, Code, Finding, Patient, Severity, journal};
use crate::books::{look, with_cause};

pub(super) fn check(patient: &Patient<'_>) -> Checked {
    let mut checked = Checked::default();
    let folder = patient.home.lake();
    // What is not there was never filled; what cannot be looked at, the folder above has told.
    if !folder.is_dir() {
        return checked;
    }
    let found = match survey(&folder, patient.is_deep) {
        Ok(found) => found,
        Err(error) => {
            checked.findings.push(Finding::not_looked_at(&folder, with_cause(&error)));
            return checked;
        }
    };
    for broken in &found.faults {
        checked.findings.push(finding(broken));
    }
    // What is broken is mended first: then it can be counted what it cost.
    if checked.findings.iter().all(|finding| finding.code.severity() == Severity::Note) {
        missing(patient, &mut checked);
    }
    unnamed(patient, &found.unnamed, &mut checked);
    journal::clock(found.latest, &folder, &mut checked);
    let Surveyed { tables, files, bytes, rows, .. } = found;
    let values = vec![
        ("tables", tables.into()),
        ("files", files.into()),
        ("megabytes", (bytes >> 20).into()),
        ("rows", rows.into()),
    ];
    checked.look(if patient.is_deep { "lake-deep" } else { "lake" }, values);
    checked
}

fn finding(broken: &Broken) -> Finding {
    let mut values: Vec<(&'static str, Value)> = vec![("table", broken.table.as_str().into())];
    let mut because = |reason: &str| values.push(("reason", reason.into()));
    let code = match &broken.what {
        Wrong::NewestCommit(reason) => {
            because(reason);
            Code::LakeCommitTorn
        }
        Wrong::OlderCommit(reason) => {
            because(reason);
            Code::LakeCommitDamaged
        }
        Wrong::Log(reason) => {
            because(reason);
            Code::LakeLogUnreadable
        }
        Wrong::Content(reason) => {
            because(reason);
            Code::LakeFileDamaged
        }
        Wrong::Unread(reason) => return Finding::not_looked_at(&broken.path, reason.as_str()),
        Wrong::Length { found, said } => {
            values.extend([("found", (*found).into()), ("said", (*said).into())]);
            Code::LakeFileCut
        }
        Wrong::Rows { found, said } => {
            values.extend([("found", (*found).into()), ("said", (*said).into())]);
            Code::LakeRowsDiffer
        }
        Wrong::Missing => Code::LakeFileMissing,
        Wrong::NotParquet => Code::LakeFileForeign,
        Wrong::Index => Code::LakeIndexDamaged,
        Wrong::Account => Code::LakeAccountDamaged,
        Wrong::SetAside => Code::LakeCommitAside,
    };
    Finding::new(code, &broken.path, values)
}

/// Batches that lack rows.
fn missing(patient: &Patient<'_>, checked: &mut Checked) {
    let folder = patient.home.lake();
    match look(|who| observations::lost(patient.home, who)) {
        Ok(0) => {}
        Ok(batches) => checked.add(Code::LakeBatchesMissing, &folder, vec![("batches", batches.into())]),
        Err(error) => checked.findings.push(Finding::not_looked_at(&folder, with_cause(&error))),
    }
}

/// Files that no version names, by table.
fn unnamed(patient: &Patient<'_>, all: &[Unnamed], checked: &mut Checked) {
    let mut tables: BTreeMap<&str, (&Path, u64, u64)> = BTreeMap::new();
    for Unnamed { table, path, bytes, written } in all {
        if !patient.is_on_its_way(*written) {
            let (_, files, sum) = tables.entry(table).or_insert((path, 0, 0));
            (*files, *sum) = (*files + 1, *sum + bytes);
        }
    }
    for (table, (first, files, bytes)) in tables {
        let values = vec![("table", table.into()), ("files", files.into()), ("bytes", bytes.into())];
        checked.add(Code::LakeFilesUnnamed, first, values);
    }
}
