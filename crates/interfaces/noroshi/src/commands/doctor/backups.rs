//! Backups of the home: whether there are any, how old the newest is, and where they lie.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use ::backup::{BackupError, Folder, Point};
use model::time::Instant;

use super::{Checked, Code, Finding, Patient};
use crate::books::{now, with_cause};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// Days after which the newest point is told to be old.
const OLD: i64 = 8;

pub(super) fn check(patient: &Patient<'_>) -> Checked {
    let mut checked = Checked::default();
    let noted = patient.home.backups();
    let folders = match ::backup::remembered(&noted) {
        Ok(folders) => folders,
        Err(error) => {
            checked.findings.push(Finding::not_looked_at(&noted, with_cause(&error)));
            return checked;
        }
    };
    let (mut newest, mut points, mut are_all_there) = (None, 0_u64, true);
    for folder in &folders {
        match whole(patient, folder) {
            Ok(found) => {
                let times = found.iter().filter_map(Point::whole).map(|manifest| manifest.about.at);
                points += found.iter().filter_map(Point::whole).count() as u64;
                newest = times.max().max(newest);
                if is_same_disk(patient.home.path(), folder) {
                    checked.add(Code::BackupSameDisk, folder, Vec::new());
                }
            }
            Err(error) => {
                are_all_there = false;
                checked.add(Code::BackupAway, folder, vec![("reason", with_cause(&error).into())]);
            }
        }
    }
    match newest {
        Some(newest) => {
            if let Some(days) = old(newest, now()) {
                checked.add(Code::BackupOld, &noted, vec![("days", days.into())]);
            }
        }
        // Of a folder that is away nobody knows.
        None if are_all_there => checked.add(Code::BackupNone, patient.home.path(), Vec::new()),
        None => {}
    }
    checked.look("backups", vec![("folders", folders.len().into()), ("points", points.into())]);
    checked
}

/// The points of a folder, which has to hold backups of this home.
fn whole(patient: &Patient<'_>, folder: &Path) -> Result<Vec<Point>, BackupError> {
    let opened = Folder::open(folder)?;
    // A home that does not say who it is, is told of by itself.
    if patient.home.id().is_ok_and(|id| id != opened.home()) {
        return Err(BackupError::OtherHome { path: folder.to_owned() });
    }
    opened.points()
}

fn is_same_disk(home: &Path, folder: &Path) -> bool {
    let disk = |path: &Path| fs::metadata(path).map(|data| data.dev());
    matches!((disk(home), disk(folder)), (Ok(home), Ok(folder)) if home == folder)
}

/// How many days old the newest point is, if that is too old.
fn old(newest: Instant, now: Instant) -> Option<u64> {
    let days = now.seconds().saturating_sub(newest.seconds()) / DAY;
    u64::try_from(days).ok().filter(|_| days >= OLD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_old_after_eight_days() {
        let at = |seconds: i64| Instant::from_nanoseconds(seconds * 1_000_000_000);
        let newest = 100 * DAY;
        for (now, expected) in [
            (newest, None),
            (newest + 8 * DAY - 1, None),
            (newest + 8 * DAY, Some(8)),
            (newest + 30 * DAY, Some(30)),
            // The clock was set back.
            (newest - 30 * DAY, None),
        ] {
            assert_eq!(old(at(newest), at(now)), expected, "{now}");
        }
    }
}
