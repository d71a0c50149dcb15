//! A log read as it grows, and the batch that it has so far.

use std::fs::File;
use std::io::{self, Read as _, Seek, SeekFrom};
use std::path::Path;
use std::time::{Duration, Instant};

use super::cutting::{Cutting, Job};
use crate::follow::live::{Live, Next};

/// How long what was read waits for more of its batch.
const WAIT: Duration = Duration::from_secs(3);
/// Bytes read at once of one file.
pub(super) const STEP: usize = 1 << 20;
/// Bytes before the place reached by which a file is known again.
const PRINT: usize = 4 << 10;

/// Takes jobs.
pub(super) type Give<'a> = dyn FnMut(Job) -> io::Result<()> + 'a;

/// A file of text, read on from where it was.
pub(super) struct FileGrowing {
    file: Option<File>,
    /// Bytes read.
    position: u64,
    /// The last of them.
    print: Vec<u8>,
    pub(super) growing: Growing,
}

/// A log read as it grows, and its batch so far.
pub(super) struct Growing {
    pub(super) live: Live,
    cutting: Cutting,
    /// When the first came of what waits for more.
    waits: Option<Instant>,
    /// Whether it was found to be no log.
    is_over: bool,
}

/// What became of a file at a step.
pub(super) enum Moved {
    Not,
    On,
    /// It is another than it was, and to be read from its beginning.
    Afresh,
    /// It can only be read as a whole.
    Whole,
}

impl FileGrowing {
    /// A file of which nothing has been read.
    pub(super) fn new(growing: Growing) -> Self {
        Self { file: None, position: 0, print: Vec::new(), growing }
    }

    /// Lets go of the file until it is needed.
    pub(super) fn close(&mut self) {
        self.file = None;
    }

    /// Works on what was written since.
    pub(super) fn step(&mut self, path: &Path, give: &mut Give<'_>) -> io::Result<Moved> {
        if self.growing.is_over {
            return Ok(Moved::Not);
        }
        let bytes = match self.more(path) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(Moved::Afresh),
            // It may be gone, or not to be had now; it is asked for again.
            Err(_) => Vec::new(),
        };
        self.growing.live.push(&bytes);
        let is_text = self.growing.step(give)?;
        Ok(match (is_text, bytes.is_empty()) {
            (false, _) => Moved::Whole,
            (true, true) => Moved::Not,
            (true, false) => Moved::On,
        })
    }

    /// What has been written since; nothing at all when the file is another than it was.
    fn more(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => File::open(path)?,
        };
        let length = file.metadata()?.len();
        if length == self.position {
            self.file = Some(file);
            return Ok(Some(Vec::new()));
        }
        let before = self.position.checked_sub(self.print.len() as u64);
        let Some(before) = before.filter(|_| length > self.position) else { return Ok(None) };
        file.seek(SeekFrom::Start(before))?;
        let mut print = vec![0; self.print.len()];
        file.read_exact(&mut print)?;
        if print != self.print {
            return Ok(None);
        }
        let mut bytes = vec![0; STEP];
        let count = file.read(&mut bytes)?;
        bytes.truncate(count);
        self.position += count as u64;
        self.print.extend_from_slice(&bytes);
        let excess = self.print.len().saturating_sub(PRINT);
        self.print.drain(..excess);
        self.file = Some(file);
        Ok(Some(bytes))
    }
}

impl Growing {
    pub(super) fn new(live: Live, cutting: Cutting) -> Self {
        Self { live, cutting, waits: None, is_over: false }
    }

    /// Whether nothing of it waits, and nothing more can come.
    pub(super) fn is_done(&self) -> bool {
        self.live.is_closed() && self.waits.is_none()
    }

    /// Works on what has come; says whether it is a log that can be read in parts.
    pub(super) fn step(&mut self, give: &mut Give<'_>) -> io::Result<bool> {
        loop {
            match self.live.next() {
                Next::Idle => break,
                Next::Whole => return Ok(false),
                Next::Ended => {
                    self.is_over = true;
                    self.live.close();
                    self.rest(give)?;
                    break;
                }
                Next::Pieces(pieces) => {
                    self.waits.get_or_insert_with(Instant::now);
                    for job in pieces.into_iter().flat_map(|piece| self.cutting.piece(piece)) {
                        give(job)?;
                    }
                }
            }
        }
        if self.waits.is_some_and(|since| since.elapsed() >= WAIT) {
            self.rest(give)?;
        }
        Ok(true)
    }

    /// What came waits no longer.
    fn rest(&mut self, give: &mut Give<'_>) -> io::Result<()> {
        self.waits = None;
        self.cutting.rest().into_iter().try_for_each(give)
    }

    /// Nothing more is to come.
    pub(super) fn end(&mut self, give: &mut Give<'_>) -> io::Result<()> {
        self.live.close();
        self.step(give)?;
        self.rest(give)
    }
}
