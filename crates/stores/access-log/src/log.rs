//! The log for whoever adds to it.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use model::marking::Tlp;

use crate::entry::Entry;
use crate::error::{AccessLogError, failed};
use crate::folder::{self, Segment};
use crate::look::Look;
use crate::repeats::Repeats;
use crate::segment::{End, FORMAT, HEAD, Head, Read};
use crate::survey::{Segments, survey};
use crate::tail::{Beyond, Tail, Unsynced};

/// Bytes of a segment that holds a record: the next one needs another name.
const LEAST_SEGMENT: u64 = HEAD as u64 + 1;

/// The access log in a folder, to be added to from any thread. Other processes may add to it as well.
#[derive(Debug)]
pub struct AccessLog {
    folder: PathBuf,
    limits: Limits,
    adding: Mutex<Adding>,
}

/// How far the log goes before it does something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes after which a segment is closed and the next begun.
    pub segment: u64,
}

/// Whether a record is to outlive a power cut before the answer goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durable {
    /// It is, when [`AccessLog::append`] returns.
    Yes,
    /// It outlives the process, and a power cut a little later.
    No,
}

/// That a look is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noted {
    /// Number of the record that tells of it.
    pub number: u64,
    /// Whether a record of the same minute had told of it before.
    pub is_repeated: bool,
}

/// What this process knows between two looks.
#[derive(Debug, Default)]
struct Adding {
    /// Nothing after an error: then nothing is known of the disk.
    tail: Option<Tail>,
    repeats: Repeats,
}

impl Default for Limits {
    fn default() -> Self {
        // Whoever adds for the first time reads the newest one from its beginning.
        Self { segment: 256 << 10 }
    }
}

impl Durable {
    /// What rows with this strictest mark need.
    #[must_use]
    pub fn needed(tlp: Option<Tlp>) -> Self {
        if tlp > Some(Tlp::Green) { Self::Yes } else { Self::No }
    }
}

impl AccessLog {
    /// The log in a folder, which is made (0700) where there is none; the one it lies in must be there.
    ///
    /// # Errors
    /// When a newer version wrote there, or the disk refuses.
    pub fn open(folder: &Path) -> Result<Self, AccessLogError> {
        Self::open_within(folder, Limits::default())
    }

    /// The same with other limits.
    ///
    /// # Errors
    /// As [`AccessLog::open`].
    pub fn open_within(folder: &Path, limits: Limits) -> Result<Self, AccessLogError> {
        folder::make(folder).map_err(failed(folder, "be made"))?;
        let log = Self { folder: folder.to_owned(), limits, adding: Mutex::default() };
        if let Some(newest) = log.segments()?.last() {
            log.head(newest)?;
        }
        Ok(log)
    }

    /// Notes a look, unless this process has noted all of it within the same minute. Waits for others who
    /// add, and with them for the disk. After an error nobody may rely on it.
    ///
    /// # Errors
    /// When the look names more than a record holds, a newer version writes there, or the disk refuses.
    pub fn append(&self, look: &Look, durable: Durable) -> Result<Noted, AccessLogError> {
        // Whoever panicked while adding has left nothing behind but what is on the disk.
        let adding = || self.adding.lock().unwrap_or_else(PoisonError::into_inner);
        let (noted, unsynced) = {
            let mut adding = adding();
            let mut taken = std::mem::take(&mut *adding);
            let noted = self.note(look, durable, &mut taken)?;
            *adding = taken;
            noted
        };
        // The disk makes records of many durable at once, so nobody is held up meanwhile.
        let Some(unsynced) = unsynced else { return Ok(noted) };
        if let Err(error) = unsynced.sync() {
            *adding() = Adding::default();
            return Err(self.failed("be written")(error));
        }
        adding().repeats.made_durable(look);
        Ok(noted)
    }

    /// Writes the record of a look, if it needs one; what is to be made durable as well.
    fn note(
        &self,
        look: &Look,
        durable: Durable,
        adding: &mut Adding,
    ) -> Result<(Noted, Option<Unsynced>), AccessLogError> {
        let is_durable = durable == Durable::Yes;
        let known = adding.repeats.find(look);
        if let Some(known) = known.filter(|known| known.is_durable || !is_durable) {
            return Ok((Noted { number: known.number, is_repeated: true }, None));
        }
        let _lock = folder::lock(&self.folder).map_err(self.failed("be locked"))?;
        let mut tail = self.settle(adding.tail.take())?;
        let noted = if let Some(known) = known {
            // Where its segment is no longer written, whoever closed that has made it durable.
            Noted { number: known.number, is_repeated: true }
        } else {
            if tail.length() >= self.limits.segment.max(LEAST_SEGMENT) {
                tail = self.begin(&Head { after: tail.end(), after_damage: false })?;
            }
            let number = tail.end().next;
            let payload = Entry::new(look, number).payload()?;
            tail.add(&payload).map_err(self.failed("be written"))?;
            adding.repeats.remember(look, number, false);
            Noted { number, is_repeated: false }
        };
        let unsynced = is_durable.then(|| tail.unsynced());
        adding.tail = Some(tail);
        Ok((noted, unsynced))
    }

    /// The segment that is written, with nothing behind its last record; `known` is what this process knew
    /// of it last.
    fn settle(&self, mut known: Option<Tail>) -> Result<Tail, AccessLogError> {
        loop {
            let Some(newest) = self.segments()?.pop() else {
                return self.begin(&Head { after: End::START, after_damage: false });
            };
            let known = known.take().map(|tail| Ok((tail.is(&newest)?, tail))).transpose();
            let known = known.map_err(self.failed("be looked at"))?;
            let mut tail = match (known, self.head(&newest)?) {
                (Some((true, tail)), _) => tail,
                (_, Read::Head(head)) if head.after.next == newest.first => {
                    Tail::open(&self.folder, &newest, &head).map_err(self.failed("be opened"))?
                }
                (_, Read::Short) => {
                    folder::put_away(&self.folder, &newest.name).map_err(self.failed("be mended"))?;
                    continue;
                }
                _ => return self.begin_after_damage(),
            };
            return match tail.catch_up().map_err(self.failed("be read"))? {
                Beyond::Whole => Ok(tail),
                Beyond::Torn(bytes) => {
                    let kept = folder::set_aside(&self.folder, tail.name(), &bytes);
                    kept.and_then(|()| tail.cut()).map_err(self.failed("be mended"))?;
                    Ok(tail)
                }
                Beyond::Damaged => self.begin_after_damage(),
            };
        }
    }

    fn begin_after_damage(&self) -> Result<Tail, AccessLogError> {
        let segments = Segments::look(&self.folder).map_err(self.failed("be read"))?;
        let after = survey(&self.folder, segments, &mut |_| {})?.end;
        self.begin(&Head { after, after_damage: true })
    }

    /// Begins a segment; all records before it are durable then.
    fn begin(&self, head: &Head) -> Result<Tail, AccessLogError> {
        if let Some(newest) = self.segments()?.last() {
            let synced = File::open(self.folder.join(&newest.name)).and_then(|file| file.sync_data());
            synced.map_err(self.failed("be written"))?;
        }
        Tail::begin(&self.folder, head).map_err(self.failed("be written"))
    }

    fn segments(&self) -> Result<Vec<Segment>, AccessLogError> {
        folder::segments(&self.folder).map_err(self.failed("be looked at"))
    }

    /// The head of a segment, unless it is of a newer format.
    fn head(&self, segment: &Segment) -> Result<Read, AccessLogError> {
        let mut bytes = Vec::with_capacity(HEAD);
        let file = File::open(self.folder.join(&segment.name));
        let read = file.and_then(|file| file.take(HEAD as u64).read_to_end(&mut bytes));
        read.map_err(self.failed("be read"))?;
        match Head::read(&bytes) {
            Read::Newer(found) => {
                Err(AccessLogError::Newer { segment: segment.name.clone(), found, known: FORMAT })
            }
            read => Ok(read),
        }
    }

    fn failed(&self, doing: &'static str) -> impl Fn(io::Error) -> AccessLogError {
        failed(&self.folder, doing)
    }
}
