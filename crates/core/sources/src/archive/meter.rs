//! Limits on what decompression may bring out.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::cause::Cause;
use crate::limits::Limits;

/// What was read of a source, and what all its compressed layers have given together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Total(Arc<Counts>);

#[derive(Debug)]
struct Counts {
    read: AtomicU64,
    given: AtomicU64,
    /// Length of the source; what is read twice counts once.
    length: AtomicU64,
}

impl Default for Counts {
    fn default() -> Self {
        Self { read: AtomicU64::new(0), given: AtomicU64::new(0), length: AtomicU64::new(u64::MAX) }
    }
}

impl Total {
    /// Says how long the source is.
    pub(crate) fn set_length(&self, length: u64) {
        self.0.length.store(length, Ordering::Relaxed);
    }

    fn read(&self) -> u64 {
        self.0.read.load(Ordering::Relaxed).min(self.0.length.load(Ordering::Relaxed))
    }
}

/// By what decompressed bytes are measured: what came so far, and how much may.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meter<'m> {
    pub total: &'m Total,
    pub limits: &'m Arc<Limits>,
}

/// Counts bytes of the outermost source as they are read.
pub(crate) struct Counted<R> {
    source: R,
    total: Total,
}

/// Counts decompressed bytes and ends in an error when they become too many.
pub(crate) struct Metered<R> {
    source: R,
    total: Total,
    limits: Arc<Limits>,
}

impl<R> Counted<R> {
    pub(crate) fn new(source: R, total: &Total) -> Self {
        Self { source, total: total.clone() }
    }
}

impl<R> Metered<R> {
    pub(crate) fn new(source: R, meter: Meter<'_>) -> Self {
        Self { source, total: meter.total.clone(), limits: meter.limits.clone() }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(into)?;
        self.total.0.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl<R: Seek> Seek for Counted<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.source.seek(to)
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(into)?;
        let given = self.total.0.given.fetch_add(count as u64, Ordering::Relaxed) + count as u64;
        let read = self.total.read();
        if given > self.limits.ratio_from.max(read.saturating_mul(self.limits.ratio)) {
            return Err(io::Error::other(Cause::Expansion { read, given }));
        }
        if given > self.limits.total_bytes {
            return Err(io::Error::other(Cause::TotalReached { bytes: self.limits.total_bytes }));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(limits: Limits, layers: usize, length: u64) -> io::Result<u64> {
        let limits = Arc::new(limits);
        let total = Total::default();
        let mut sum = io::copy(&mut Counted::new(&b"tiny"[..], &total), &mut io::sink())?;
        for _ in 0..layers {
            let source =
                Metered::new(io::repeat(b'0').take(length), Meter { total: &total, limits: &limits });
            sum += io::copy(&mut { source }, &mut io::sink())?;
        }
        Ok(sum)
    }

    #[test]
    fn bombs_end_in_an_error() {
        let limits = || Limits { ratio_from: 10_000, ..Limits::default() };
        assert!(read(Limits { total_bytes: 1_000, ..limits() }, 1, 2_000).is_err());
        assert!(read(limits(), 1, 10_000).is_ok(), "small files may compress well");
        assert!(read(limits(), 1, 10_001).is_err(), "a thousand times four bytes are less");
        assert!(read(limits(), 5, 2_001).is_err(), "all layers and members count together");
        assert!(read(Limits { ratio: 3_000, ..limits() }, 1, 12_000).is_ok());
    }
}
