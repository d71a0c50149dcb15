//! Opens inputs: files and standard input, counted as they are read, dated by their last change.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use model::time::Instant;
use sources::{Input, Limits, Undated};

use crate::inputs::InputFile;
use crate::stop::Stop;
use crate::stream::Stream;

/// The limits for one file: unless a year is set, the last of its lines without one is of the last year before
/// the file was changed; what is no file is read as it is written.
pub(crate) fn dated(limits: &Limits, file: &InputFile) -> Limits {
    let metadata = std::fs::metadata(&file.path).ok().filter(|metadata| metadata.is_file());
    let changed = metadata.and_then(|metadata| metadata.modified().ok());
    let time = changed.filter(|_| !file.is_standard_input()).unwrap_or_else(SystemTime::now);
    let undated = match limits.undated {
        Undated::Unknown => before(time),
        set => set,
    };
    Limits { undated, ..limits.clone() }
}

/// The year of lines without one that were written before this time.
pub(crate) fn before(time: SystemTime) -> Undated {
    instant(time).map_or(Undated::Unknown, Undated::Before)
}

/// A time of the system's clock, if it lies in the range of instants.
pub(crate) fn instant(time: SystemTime) -> Option<Instant> {
    let time = jiff::Timestamp::try_from(time).ok()?;
    i64::try_from(time.as_nanosecond()).ok().map(Instant::from_nanoseconds)
}

/// An input that is open.
pub(crate) struct Opened<'a> {
    pub(crate) input: Input<'a>,
    /// Whether it is a stream, which ends by itself soon after the user wants to stop.
    pub(crate) is_stream: bool,
}

/// Opens a file; its bytes are counted as they are read. `None` when the user stopped it before.
pub(crate) fn open<'a>(
    file: &InputFile,
    bytes: &'a AtomicU64,
    stop: &'a Stop,
) -> io::Result<Option<Opened<'a>>> {
    if file.is_standard_input() || !std::fs::metadata(&file.path)?.is_file() {
        let Some(stream) = Stream::open(file, stop)? else { return Ok(None) };
        let input = Input::Stream(Box::new(Counted::new(stream, bytes)));
        return Ok(Some(Opened { input, is_stream: true }));
    }
    let inner = Stoppable { inner: File::open(&file.path)?, stop };
    let input = Input::Seekable(Box::new(Counted::new(inner, bytes)));
    Ok(Some(Opened { input, is_stream: false }))
}

/// A file that cannot be read any more once the user wants to stop: however much of it goes by
/// without giving anything, that is heard at once.
struct Stoppable<'a> {
    inner: File,
    stop: &'a Stop,
}

impl Read for Stoppable<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stop.asked() { Err(io::Error::other("stopped by the user")) } else { self.inner.read(buffer) }
    }
}

impl Seek for Stoppable<'_> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.inner.seek(position)
    }
}

/// Counts how far a file has been read, for the progress bar. What is read twice counts once.
struct Counted<'a, R> {
    inner: R,
    bytes: &'a AtomicU64,
    position: u64,
    furthest: u64,
}

impl<'a, R> Counted<'a, R> {
    fn new(inner: R, bytes: &'a AtomicU64) -> Self {
        Self { inner, bytes, position: 0, furthest: 0 }
    }
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.position += count as u64;
        if self.position > self.furthest {
            self.bytes.fetch_add(self.position - self.furthest, Ordering::Relaxed);
            self.furthest = self.position;
        }
        Ok(count)
    }
}

impl<R: Seek> Seek for Counted<'_, R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.position = self.inner.seek(position)?;
        Ok(self.position)
    }
}
