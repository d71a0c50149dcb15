//! A stretch of a zip archive, and what holds the content of a file against its header.

use std::io::{self, Read};

use super::bytes::Bytes;
use crate::cause::Cause;
use crate::input::ByteStream;

/// A stretch of the archive.
pub(crate) struct Stretch<'a> {
    pub bytes: Bytes<'a>,
    pub at: u64,
    pub end: u64,
}

impl Read for Stretch<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(usize::try_from(self.end - self.at).unwrap_or(usize::MAX));
        if most == 0 {
            return Ok(0);
        }
        let count = self.bytes.read_at(self.at, &mut into[..most])?;
        self.at += count as u64;
        Ok(count)
    }
}

/// Tells at the end of a file what does not fit.
pub(crate) struct Checked<'a> {
    source: ByteStream<'a>,
    sum: flate2::Crc,
    /// Checksums that the archive names; any of them will do.
    expected: Vec<u32>,
    /// Bytes that the archive lacks of it.
    missing: u64,
    ended: bool,
}

impl<'a> Checked<'a> {
    pub(crate) fn new(source: ByteStream<'a>, expected: Vec<u32>, missing: u64) -> Self {
        Self { source, sum: flate2::Crc::new(), expected, missing, ended: false }
    }
}

impl Read for Checked<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(into);
        if let Ok(count @ 1..) = read {
            self.sum.update(&into[..count]);
            return read;
        }
        if into.is_empty() || std::mem::replace(&mut self.ended, true) {
            return read;
        }
        if self.missing > 0 {
            return Err(io::Error::other(Cause::MemberCutOff { missing: self.missing }));
        }
        if read.is_ok() && !self.expected.is_empty() && !self.expected.contains(&self.sum.sum()) {
            return Err(io::Error::other(Cause::MemberChecksum));
        }
        read
    }
}
