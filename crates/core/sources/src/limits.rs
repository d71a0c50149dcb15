//! What may come out of a source, and how it is cut.

use jiff::tz::TimeZone;
use model::time::Instant;

/// What may come out of a source, and how it is cut.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Archives inside archives. A tar inside one compression counts with it as one.
    pub depth: u32,
    /// Bytes held in memory of a zip archive that cannot be sought in: one inside an archive, or
    /// from a stream. A longer one is read without its directory.
    pub member_bytes: u64,
    /// Most decompressed bytes, all members and layers together, for one byte read of a source.
    pub ratio: u64,
    /// Decompressed bytes up to which that ratio does not matter: small logs compress very well.
    pub ratio_from: u64,
    /// Most decompressed bytes out of one source, all members and layers together.
    pub total_bytes: u64,
    /// Most files in one archive.
    pub members: usize,
    /// Longest line or object.
    pub record_bytes: usize,
    /// Size from which on a segment is given.
    pub segment_bytes: usize,
    /// Most bytes of a system log that are held until its end tells the years of its lines, where it
    /// cannot be read twice.
    pub held_bytes: usize,
    /// Bytes of an audit log after whose passing an event is taken as complete.
    pub audit_window: u64,
    /// Zone of times that name none.
    pub zone: TimeZone,
    /// Year of times that name none.
    pub undated: Undated,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 3,
            member_bytes: 64 << 20,
            ratio: 1_000,
            ratio_from: 1 << 30,
            total_bytes: 1 << 40,
            members: 1_000_000,
            record_bytes: 128 << 20,
            segment_bytes: 1 << 20,
            held_bytes: 64 << 20,
            audit_window: 1 << 20,
            zone: TimeZone::UTC,
            undated: Undated::Unknown,
        }
    }
}

/// Which year a line is of that names a day and no year, as system logs have it.
///
/// Years rise through a source: the lines of each follow one another, in small disorder at most, so
/// a December before a January is of the year before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Undated {
    /// Nobody can tell: the event has no time.
    #[default]
    Unknown,
    /// The first line is of this one. A 29 February that a year does not have is no time.
    Year(i16),
    /// The latest line is of the latest year in which it is at most a day later than this instant, for
    /// which the time of the file's last change serves: a line is hardly younger than its file, but
    /// clocks and zones differ. Where lines of a 29 February stand, it is the latest such year that
    /// puts them into leap years.
    Before(Instant),
}
