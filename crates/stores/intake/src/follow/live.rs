//! A log read as it grows: bytes go in as they come, what they hold comes out.

use std::io::{self, ErrorKind, Read};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use model::event::Flaw;
use sources::{Input, Limits, Piece, Reader, Undated};

use super::JOB_BYTES;
use crate::numbering::Counts;
use crate::open::before;
use crate::stage::{Found, Stage};
use crate::worker::Worker;

/// Bytes by which the format is told when there is no whole line.
const HEAD: usize = 64 << 10;

/// A log that grows.
pub(crate) struct Live {
    /// How the user knows it.
    pub(crate) shown: Arc<str>,
    /// Its file; empty for a stream.
    pub(super) path: PathBuf,
    limits: Limits,
    pipe: Pipe,
    chunks: Option<Receiver<io::Result<Vec<u8>>>>,
    reader: Option<Reader<'static>>,
    /// Where its first byte stands.
    offset: u64,
    /// Events given so far.
    counts: Counts,
}

/// What came of a step.
pub(super) enum Step {
    /// There is no more for now.
    Idle,
    /// Events or flaws.
    Found(Found),
    /// Nothing will come any more.
    Ended,
    /// It is no text: it can only be read as a whole.
    Whole,
}

/// What there is to be worked on.
pub(crate) enum Next {
    /// Nothing for now.
    Idle,
    /// Segments and flaws.
    Pieces(Vec<Piece>),
    /// Nothing will come any more.
    Ended,
    /// It is no text: it can only be read as a whole.
    Whole,
}

impl Live {
    pub(crate) fn of_log(shown: &str, path: PathBuf, limits: &Limits) -> Self {
        Self {
            shown: shown.into(),
            path,
            limits: limits.clone(),
            pipe: Pipe::default(),
            chunks: None,
            reader: None,
            offset: 0,
            counts: Counts::default(),
        }
    }

    /// A pipe: a thread reads it, since it cannot be asked whether it has more.
    pub(crate) fn of_stream(shown: &str, chunks: Receiver<io::Result<Vec<u8>>>, limits: &Limits) -> Self {
        Self { chunks: Some(chunks), ..Self::of_log(shown, PathBuf::new(), limits) }
    }

    /// The log goes on with one that gave so many events before this offset.
    pub(super) fn going_on(self, offset: u64, events: u64) -> Self {
        let counts = Counts::after(&self.shown, events);
        Self { offset, counts, ..self }
    }

    pub(crate) fn recognised(&self) -> u64 {
        self.reader.as_ref().map_or(0, Reader::recognised)
    }

    pub(super) fn events(&self) -> u64 {
        self.counts.sum()
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.pipe.lock().bytes.extend_from_slice(bytes);
    }

    /// Takes what a stream has given meanwhile, not much more than so many bytes; says how many.
    pub(crate) fn receive(&mut self, most: usize) -> usize {
        let mut count = 0;
        while let (Some(chunks), true) = (&self.chunks, count < most) {
            match chunks.try_recv() {
                Ok(Ok(bytes)) => {
                    count += bytes.len();
                    self.push(&bytes);
                }
                Ok(Err(error)) => {
                    self.pipe.lock().failure = Some(error);
                    self.close();
                }
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => self.close(),
            }
        }
        count
    }

    /// Whether it ended because no more can come, not because it is no log.
    pub(crate) fn is_closed(&self) -> bool {
        self.pipe.lock().closed
    }

    /// No more is to be waited for.
    pub(crate) fn close(&mut self) {
        self.chunks = None;
        self.pipe.lock().closed = true;
    }

    /// Works on what has come since the last time.
    pub(super) fn step<S: Stage>(&mut self, worker: &mut Worker<'_, S>) -> Step {
        match self.next() {
            Next::Idle => Step::Idle,
            Next::Ended => Step::Ended,
            Next::Whole => Step::Whole,
            Next::Pieces(pieces) => Step::Found(worker.go_on(pieces, &mut self.counts)),
        }
    }

    /// What has come since the last time, or a part of it.
    pub(crate) fn next(&mut self) -> Next {
        if self.reader.is_none() && !self.pipe.lock().can_begin() {
            return Next::Idle;
        }
        let reader = self.reader.get_or_insert_with(|| {
            Reader::open(&self.shown, Input::Live(Box::new(self.pipe.clone())), &self.limits)
        });
        let (mut pieces, mut size) = (Vec::new(), 0);
        while size < JOB_BYTES {
            match reader.next() {
                Some(Piece::Idle) => break,
                Some(Piece::Flaw(flaw)) if flaw.reason.code == FOLLOWED_FORMAT => return Next::Whole,
                Some(Piece::Flaw(flaw)) => {
                    size += 1;
                    pieces.push(Piece::Flaw(Flaw { offset: flaw.offset + self.offset, ..flaw }));
                }
                Some(Piece::Segment(mut segment)) => {
                    if self.limits.undated == Undated::Unknown {
                        // A line without a year has just been written.
                        segment.date(before(SystemTime::now()));
                    }
                    size += segment.bytes.len();
                    pieces.push(Piece::Segment(segment));
                }
                None if pieces.is_empty() => return Next::Ended,
                None => break,
            }
        }
        if pieces.is_empty() { Next::Idle } else { Next::Pieces(pieces) }
    }
}

/// The code of the flaw by which a reader says that it cannot follow a format.
const FOLLOWED_FORMAT: &str = "followed-format";

/// Bytes on their way from the file to the reader.
#[derive(Clone, Default)]
struct Pipe(Arc<Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    /// How many of them have been read.
    read: usize,
    closed: bool,
    failure: Option<io::Error>,
}

impl Pipe {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Whether there is a whole line, or what is no text, by which the format is told.
    fn can_begin(&self) -> bool {
        let is_telling = |byte: &u8| *byte == b'\n' || (*byte < b' ' && !byte.is_ascii_whitespace());
        self.closed || self.bytes.len() >= HEAD || self.bytes.iter().any(is_telling)
    }
}

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut waiting = self.lock();
        let rest = &waiting.bytes[waiting.read..];
        let count = rest.len().min(buffer.len());
        if count == 0 && !buffer.is_empty() {
            return match (waiting.closed, waiting.failure.take()) {
                (false, _) => Err(ErrorKind::WouldBlock.into()),
                (true, Some(failure)) => Err(failure),
                (true, None) => Ok(0),
            };
        }
        buffer[..count].copy_from_slice(&rest[..count]);
        waiting.read += count;
        if waiting.read == waiting.bytes.len() {
            waiting.bytes.clear();
            waiting.read = 0;
        }
        Ok(count)
    }
}
