//! The disk that the home lies on.

use std::path::Path;

use rustix::fs::{StatVfsMountFlags, statvfs};

use super::{Checked, Code, Finding, Patient};

/// Bytes below which writing is refused soon, or is already.
const LEAST: u64 = 32 << 20;
/// Bytes below which somebody has to make room.
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

    /// What is wrong with it.
    #[must_use]
    pub fn findings(&self, path: &Path) -> Vec<Finding> {
        let mega = |bytes: u64| (bytes >> 20).into();
        let found =
            |code| Finding::new(code, path, vec![("free", mega(self.free)), ("total", mega(self.total))]);
        let room = match self.free {
            _ if self.is_read_only => Some(Code::DiskReadOnly),
            ..LEAST => Some(Code::DiskFull),
            ..LITTLE => Some(Code::DiskNearlyFull),
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
            checked.findings.extend(room.findings(path));
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
            (room(LEAST - 1, None, false), &[Code::DiskFull]),
            (room(0, Some(0), false), &[Code::DiskFull, Code::DiskNoNames]),
            (room(50 << 30, Some(99), false), &[Code::DiskNoNames]),
            (room(0, Some(0), true), &[Code::DiskReadOnly]),
        ] {
            let found: Vec<Code> = room.findings(Path::new("h")).iter().map(|finding| finding.code).collect();
            assert_eq!(found, expected, "{room:?}");
        }
    }
}
