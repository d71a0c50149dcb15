//! The disk that the home lies on.

use std::path::Path;

use rustix::fs::{StatVfsMountFlags, statvfs};

use super::{Checked, Code, Finding, Patient};
use crate::settings::Settings;

/// Bytes below which somebody has to make room, whatever the settings say.
const LITTLE: u64 = 1 << 30;
/// Names of files below which no more can be made.
const FEW: u64 = 100;

/// What a disk has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Bytes that whoever types may still write.
    pub free: u64,
    /// All bytes.
    pub total: u64,
    /// Files that can still be made; none where the disk does not count them.
    pub names: Option<u64>,
    /// Whether nothing may be written.
    pub is_read_only: bool,
}

impl Room {
    /// That of the disk on which something lies.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn of(path: &Path) -> std::io::Result<Self> {
        let found = statvfs(path)?;
        Ok(Self {
            free: found.f_bavail.saturating_mul(found.f_frsize),
            total: found.f_blocks.saturating_mul(found.f_frsize),
            names: (found.f_files > 0).then_some(found.f_favail),
            is_read_only: found.f_flag.contains(StatVfsMountFlags::RDONLY),
        })
    }

    /// What is wrong with it, where nothing new is taken in with less than so many free bytes.
    #[must_use]
    pub fn findings(&self, path: &Path, least: u64) -> Vec<Finding> {
        let mega = |bytes: u64| (bytes >> 20).into();
        let values = || vec![("free", mega(self.free)), ("total", mega(self.total)), ("least", mega(least))];
        let found = |code| Finding::new(code, path, values());
        let room = match self.free {
            _ if self.is_read_only => Some(Code::DiskReadOnly),
            free if free < least => Some(Code::DiskFull),
            free if free < LITTLE.max(least.saturating_mul(2)) => Some(Code::DiskNearlyFull),
            _ => None,
        };
        let names = self.names.filter(|names| *names < FEW && !self.is_read_only).map(|_| Code::DiskNoNames);
        room.into_iter().chain(names).map(found).collect()
    }
}

pub(super) fn check(patient: &Patient<'_>) -> Checked {
    let mut checked = Checked::default();
    let path = patient.home.path();
    match Room::of(path) {
        Ok(room) => {
            // Wrong settings are told by themselves.
            let settings = Settings::read(patient.home).unwrap_or_default();
            checked.findings.extend(room.findings(path, settings.disk.free.bytes()));
            checked
                .look("disk", vec![("free", (room.free >> 20).into()), ("total", (room.total >> 20).into())]);
        }
        Err(error) => checked.findings.push(Finding::not_looked_at(path, error.to_string())),
    }
    checked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_room_is_told_before_there_is_none() {
        let room = |free, names, is_read_only| Room { free, total: 100 << 30, names, is_read_only };
        for (room, expected) in [
            (room(50 << 30, Some(1_000), false), &[][..]),
            (room(50 << 30, None, false), &[]),
            (room((1 << 30) - 1, None, false), &[Code::DiskNearlyFull]),
            (room((256 << 20) - 1, None, false), &[Code::DiskFull]),
            (room(0, Some(0), false), &[Code::DiskFull, Code::DiskNoNames]),
            (room(50 << 30, Some(99), false), &[Code::DiskNoNames]),
            (room(0, Some(0), true), &[Code::DiskReadOnly]),
        ] {
            let found = room.findings(Path::new("h"), 256 << 20);
            let found: Vec<Code> = found.iter().map(|finding| finding.code).collect();
            assert_eq!(found, expected, "{room:?}");
        }
    }
}
