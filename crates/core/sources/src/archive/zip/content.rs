//! The content of a file in a zip archive.

use std::io::{self, Cursor, Read};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::super::decode::{self, Codec, Source};
use super::super::name;
use super::Zip;
use super::bytes::Bytes;
use super::extent::Extent;
use super::record::Facts;
use crate::cause::Cause;

/// Length of a file that is taken whole.
const SMALL: usize = 16 << 10;
/// Bytes of which no path has more.
const LONGEST_TARGET: u64 = 4_096;
/// A stretch of the archive.
pub(crate) struct Stretch<'a> {
    pub bytes: Bytes<'a>,
    pub at: u64,
    pub end: u64,
}

impl<'a> Zip<'a> {
    /// The content of a file.
    pub(super) fn open(
        &mut self,
        facts: &Facts,
        local: Option<&Facts>,
        extent: Extent,
    ) -> Result<Source<'a>, Cause> {
        if facts.is_encrypted() || local.is_some_and(Facts::is_encrypted) {
            return Err(Cause::MemberEncrypted);
        }
        let mut expected: Vec<u32> = extent.descriptor.iter().map(|descriptor| descriptor.sum).collect();
        let of_headers =
            [local.is_some().then_some(facts), local.or(Some(facts)).filter(|facts| !facts.is_streamed())];
        expected.extend(of_headers.into_iter().flatten().map(|facts| facts.sum));
        let Range { start: at, end } = extent.data;
        let packed: Source<'a> = match usize::try_from(end - at) {
            // Of an archive of many small files most has been looked at already.
            Ok(length @ ..=SMALL) => Box::new(Cursor::new(self.bytes.peek(at, length).map_err(Cause::of)?)),
            _ => Box::new(Stretch { bytes: self.bytes.clone(), at, end }),
        };
        let own = local.map_or(facts.method, |local| local.method);
        let Some(codec) = codec(own).or_else(|_| codec(facts.method))? else {
            return Ok(Box::new(Checked::new(packed, expected, extent.missing)));
        };
        let meter = (&self.total, &self.limits);
        if extent.is_open {
            let stopped = Arc::new(AtomicU64::new(0));
            self.open_end = Some((at, stopped.clone()));
            let packed = Box::new(Stretch { bytes: self.bytes.clone(), at, end: u64::MAX });
            return Ok(decode::open_one(codec, packed, meter, stopped));
        }
        let content = decode::open(codec, packed, meter);
        Ok(Box::new(Checked::new(content, expected, extent.missing)))
    }
}

/// How a method packs files; nothing if it stores them.
fn codec(method: u16) -> Result<Option<Codec>, Cause> {
    Ok(match method {
        0 => None,
        8 => Some(Codec::Deflate),
        12 => Some(Codec::Bzip2),
        93 => Some(Codec::Zstd),
        95 => Some(Codec::Xz),
        _ => return Err(Cause::MemberMethod { method: method.into() }),
    })
}

/// What a symbolic link leads to, which is its content. What cannot be a path is no link, whatever
/// the directory says.
pub(super) fn target(content: Result<Source<'_>, Cause>) -> Option<Cause> {
    let mut target = Vec::new();
    content.ok()?.take(LONGEST_TARGET).read_to_end(&mut target).ok()?;
    let is_path = (target.len() as u64) < LONGEST_TARGET && target.iter().all(|byte| *byte >= b' ');
    is_path.then(|| Cause::MemberLink { target: name::text(&target) })
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
    source: Source<'a>,
    sum: flate2::Crc,
    /// Checksums that the archive names; any of them will do.
    expected: Vec<u32>,
    /// Bytes that the archive lacks of it.
    missing: u64,
    ended: bool,
}

impl<'a> Checked<'a> {
    pub(crate) fn new(source: Source<'a>, expected: Vec<u32>, missing: u64) -> Self {
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
