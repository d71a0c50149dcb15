//! The content of a file in a zip archive.

use std::io::Cursor;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::super::decode::{self, Codec};
use super::super::meter::Meter;
use super::Zip;
use super::extent::Extent;
use super::record::Facts;
use super::stretch::{Checked, Stretch};
use crate::cause::Cause;
use crate::input::ByteStream;

/// Length of a file that is taken whole.
const SMALL: usize = 16 << 10;

impl<'a> Zip<'a> {
    /// The content of a file.
    pub(super) fn open(
        &mut self,
        facts: &Facts,
        local: Option<&Facts>,
        extent: Extent,
    ) -> Result<ByteStream<'a>, Cause> {
        if facts.is_encrypted() || local.is_some_and(Facts::is_encrypted) {
            return Err(Cause::MemberEncrypted);
        }
        let mut expected: Vec<u32> = extent.descriptor.iter().map(|descriptor| descriptor.sum).collect();
        let of_headers =
            [local.is_some().then_some(facts), local.or(Some(facts)).filter(|facts| !facts.is_streamed())];
        expected.extend(of_headers.into_iter().flatten().map(|facts| facts.sum));
        let Range { start: at, end } = extent.data;
        let packed: ByteStream<'a> = match usize::try_from(end - at) {
            // Of an archive of many small files most has been looked at already.
            Ok(length @ ..=SMALL) => Box::new(Cursor::new(self.bytes.peek(at, length).map_err(Cause::of)?)),
            _ => Box::new(Stretch { bytes: self.bytes.clone(), at, end }),
        };
        let own = local.map_or(facts.method, |local| local.method);
        let Some(codec) = codec(own).or_else(|_| codec(facts.method))? else {
            return Ok(Box::new(Checked::new(packed, expected, extent.missing)));
        };
        let meter = Meter { total: &self.total, limits: &self.limits };
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
