//! Opens inputs: files and standard input, counted as they are read, dated by their last change.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use model::time::Instant;
use sources::{Input, Limits, Undated};

use crate::inputs::InputFile;

/// The limits for one file: unless a year is set, its lines without one are of the last year before
/// the file was changed; standard input is read as it is written.
pub(crate) fn dated(limits: &Limits, file: &InputFile) -> Limits {
    let changed = std::fs::metadata(&file.path).and_then(|metadata| metadata.modified()).ok();
    let time = changed.filter(|_| !file.is_standard_input()).unwrap_or_else(SystemTime::now);
    let undated = match limits.undated {
        Undated::Unknown => before(time),
        set => set,
    };
    Limits { undated, ..limits.clone() }
}

/// The year of lines without one that were written before this time.
pub(crate) fn before(time: SystemTime) -> Undated {
    let time = jiff::Timestamp::try_from(time).ok().and_then(|time| i64::try_from(time.as_nanosecond()).ok());
    time.map_or(Undated::Unknown, |time| Undated::Before(Instant::from_nanoseconds(time)))
}

/// Opens a file; its bytes are counted as they are read.
pub(crate) fn open<'a>(file: &InputFile, bytes: &'a AtomicU64) -> io::Result<Input<'a>> {
    if file.is_standard_input() {
        return Ok(Input::Stream(Box::new(Counted::new(io::stdin(), bytes))));
    }
    let inner = File::open(&file.path)?;
    if inner.metadata()?.is_file() {
        Ok(Input::Seekable(Box::new(Counted::new(inner, bytes))))
    } else {
        Ok(Input::Stream(Box::new(Counted::new(inner, bytes))))
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
