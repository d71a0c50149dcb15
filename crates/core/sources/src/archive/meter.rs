//! Limits on what decompression may bring out.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::reader::Limits;

/// Counts what all compressed layers of one source have given together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Total(Arc<AtomicU64>);

/// Counts compressed bytes as a decoder takes them in.
pub(crate) struct Counted<R> {
    source: R,
    taken: Arc<AtomicU64>,
}

/// Counts decompressed bytes and ends in an error when they become too many.
pub(crate) struct Metered<R> {
    source: R,
    taken: Arc<AtomicU64>,
    given: u64,
    total: Total,
    limits: Arc<Limits>,
}

/// Bytes below which no ratio is looked at: small files of repeated lines compress very well.
const SMALL: u64 = 1 << 30;

/// Wraps a source of compressed bytes and the decoder over it.
pub(crate) fn metered<R: Read, D>(
    source: R,
    (total, limits): (&Total, &Arc<Limits>),
    decoder: impl FnOnce(Counted<R>) -> io::Result<D>,
) -> io::Result<Metered<D>> {
    let taken = Arc::new(AtomicU64::new(0));
    let decoder = decoder(Counted { source, taken: taken.clone() })?;
    Ok(Metered { source: decoder, taken, given: 0, total: total.clone(), limits: limits.clone() })
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(into)?;
        self.taken.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(into)?;
        self.given += count as u64;
        let total = self.total.0.fetch_add(count as u64, Ordering::Relaxed) + count as u64;
        let ratio = self.given / self.taken.load(Ordering::Relaxed).max(1);
        if self.given > SMALL && ratio > self.limits.ratio {
            return Err(io::Error::other("it decompresses to far more than logs do"));
        }
        if total > self.limits.total_bytes {
            return Err(io::Error::other("the limit for decompressed bytes of one source is reached"));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bombs_end_in_an_error() {
        let read = |limits: Limits, length: u64| {
            let limits = Arc::new(limits);
            let total = Total::default();
            let expand = |source: Counted<_>| Ok(source.chain(io::repeat(b'0').take(length)));
            io::copy(&mut metered(&b"tiny"[..], (&total, &limits), expand).unwrap(), &mut io::sink())
        };
        assert!(read(Limits { total_bytes: 1_000, ..Limits::default() }, 2_000).is_err());
        assert!(read(Limits::default(), SMALL + 1_000).is_err());
        assert!(read(Limits::default(), 1 << 20).is_ok());
    }
}
