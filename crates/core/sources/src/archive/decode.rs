//! Decoders of compressed streams.

use std::io::{self, Read};
use std::sync::Arc;

use flate2::read::{DeflateDecoder, MultiGzDecoder};

use super::meter::{Total, metered};
use crate::reader::Limits;

/// Bytes on their way.
pub(crate) type Source<'a> = Box<dyn Read + Send + 'a>;

/// A gzip stream of one or more members.
pub(crate) fn gzip<'a>(source: Source<'a>, meter: (&Total, &Arc<Limits>)) -> io::Result<Source<'a>> {
    Ok(Box::new(metered(source, meter, |source| Ok(MultiGzDecoder::new(source)))?))
}

/// A Zstandard stream. Windows above 128 MB are refused by the library, which bounds its memory.
pub(crate) fn zstd<'a>(source: Source<'a>, meter: (&Total, &Arc<Limits>)) -> io::Result<Source<'a>> {
    Ok(Box::new(metered(source, meter, zstd::stream::read::Decoder::new)?))
}

/// A raw deflate stream.
pub(crate) fn deflate<'a>(source: Source<'a>, meter: (&Total, &Arc<Limits>)) -> io::Result<Source<'a>> {
    Ok(Box::new(metered(source, meter, |source| Ok(DeflateDecoder::new(source)))?))
}

/// Compares the checksum of all that was read with the one that the archive names.
pub(crate) struct Checked<R> {
    source: R,
    sum: flate2::Crc,
    expected: u32,
    ended: bool,
}

impl<R> Checked<R> {
    pub(crate) fn new(source: R, expected: u32) -> Self {
        Self { source, sum: flate2::Crc::new(), expected, ended: false }
    }
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(into)?;
        self.sum.update(&into[..count]);
        if count == 0
            && !into.is_empty()
            && !std::mem::replace(&mut self.ended, true)
            && self.sum.sum() != self.expected
        {
            return Err(io::Error::other("the checksum in the archive is another one"));
        }
        Ok(count)
    }
}
