//! A file that is read as a whole, whenever it has changed and rests.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

/// How long a file that is read as a whole must rest before.
const REST: Duration = Duration::from_secs(1);
/// How many times longer than a reading as a whole the time between two of them is at least.
const SHARE: u32 = 4;

/// What a file was when it was read as a whole.
#[derive(Default)]
pub(super) struct Whole {
    read: Option<State>,
    /// When it was seen to be as it is.
    now: Option<State>,
    since: Option<Instant>,
    /// When the last reading was done, and how long it took.
    done: Option<(Instant, Duration)>,
}

/// What changes when a file does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    bytes: u64,
    changed: (i64, i64),
}

impl State {
    fn of(metadata: &Metadata) -> Self {
        Self { bytes: metadata.len(), changed: (metadata.mtime(), metadata.mtime_nsec()) }
    }
}

impl Whole {
    /// Whether it has changed, and rests.
    pub(super) fn is_due(&mut self, path: &Path) -> bool {
        let Ok(metadata) = fs::metadata(path) else { return false };
        let state = State::of(&metadata);
        if self.now != Some(state) {
            self.now = Some(state);
            // What was last written to long ago rests already.
            let age = metadata.modified().ok().and_then(|at| SystemTime::now().duration_since(at).ok());
            self.since = Instant::now().checked_sub(age.unwrap_or_default().min(REST));
        }
        let rests = self.since.is_none_or(|since| since.elapsed() >= REST);
        let is_spared = self.done.is_none_or(|(at, took)| at.elapsed() >= took * SHARE);
        let is_due = rests && is_spared && self.read != Some(state);
        if is_due {
            self.done = Some((Instant::now(), Duration::ZERO));
        }
        is_due
    }

    /// It has been read.
    pub(super) fn is_read(&mut self) {
        self.read = self.now;
        self.done = self.done.map(|(began, _)| (Instant::now(), began.elapsed()));
    }
}
