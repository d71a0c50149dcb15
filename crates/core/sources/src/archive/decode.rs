//! Decoders of compressed streams.

use std::io::{self, Read};
use std::mem::replace;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lzma_rust2::XzReader;

use super::blocks::Blocks;
use super::inflate::Inflate;
use super::meter::{Meter, Metered};
use super::packed::Packed;
use crate::cause::Cause;
use crate::input::ByteStream;

/// How a source is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codec {
    Gzip,
    Zstd,
    Xz,
    Bzip2,
    /// Without head or checksum, as zip has it.
    Deflate,
}

/// Bytes asked at once of a decoder that gives none of them when it meets damage behind them.
const STEP: usize = 512;
/// The largest dictionary of xz, in KiB, with what its decoder needs besides.
const XZ_MEMORY: u32 = (64 << 10) + 256;
/// The largest window of Zstandard as a power of two, and the library's own default.
const ZSTD_WINDOW: u32 = 27;

/// What a compressed source holds. Streams of the same kind that follow each other are read as
/// one; where a stream is damaged or something else follows, reading ends in an error that says
/// from which byte on how many are not read.
pub(crate) fn open<'a>(codec: Codec, source: ByteStream<'a>, meter: Meter<'_>) -> ByteStream<'a> {
    let decoder = Decoder::Between(Packed::new(source));
    Box::new(Metered::new(Streams { codec, decoder, begun: false, end: None }, meter))
}

/// The same of a single stream that something else follows: where it ends stands in `end` when it
/// was read.
pub(crate) fn open_one<'a>(
    codec: Codec,
    source: ByteStream<'a>,
    meter: Meter<'_>,
    end: Arc<AtomicU64>,
) -> ByteStream<'a> {
    let decoder = Decoder::Between(Packed::new(source));
    Box::new(Metered::new(Streams { codec, decoder, begun: false, end: Some(end) }, meter))
}

/// Streams of one kind.
struct Streams<'a> {
    codec: Codec,
    decoder: Decoder<'a>,
    /// Whether a stream was begun.
    begun: bool,
    /// Where to write the end of the first stream, if it is to be the only one.
    end: Option<Arc<AtomicU64>>,
}

enum Decoder<'a> {
    /// Before a stream, or behind the last one.
    Between(Packed<'a>),
    Inflate(Box<Inflate<'a>>),
    Zstd(zstd::stream::read::Decoder<'static, Packed<'a>>),
    Xz(Box<XzReader<Packed<'a>>>),
    Bzip2(Blocks<'a>),
    /// Nothing comes any more.
    Ended,
}

impl Read for Streams<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        let most = into.len().min(STEP);
        loop {
            let read = match &mut self.decoder {
                Decoder::Ended => return Ok(0),
                Decoder::Between(_) => {
                    self.begin()?;
                    continue;
                }
                Decoder::Inflate(decoder) => decoder.read(into),
                Decoder::Bzip2(decoder) => decoder.read(into),
                Decoder::Zstd(decoder) => decoder.read(&mut into[..most]),
                Decoder::Xz(decoder) => decoder.read(&mut into[..most]),
            };
            match read {
                Ok(0) => {
                    self.decoder = self.take_packed().map_or(Decoder::Ended, Decoder::Between);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
                Err(error) => return Err(self.fail(error)),
                read => return read,
            }
        }
    }
}

impl<'a> Streams<'a> {
    /// Begins the next stream, if there is one.
    fn begin(&mut self) -> io::Result<()> {
        let Some(mut packed) = self.take_packed() else { return Ok(()) };
        if let Some(end) = self.end.as_ref().filter(|_| self.begun) {
            end.store(packed.offset(), Ordering::Relaxed);
            return Ok(());
        }
        if self.begun {
            // Padding, as tapes and `xz` write it.
            if matches!(self.codec, Codec::Gzip | Codec::Xz) {
                packed.pass_zeros()?;
            }
            let next = packed.peek(6)?;
            if next.is_empty() {
                return Ok(());
            }
            if !self.codec.begins(next) {
                let offset = packed.offset();
                let bytes = packed.pass_rest();
                return Err(io::Error::other(Cause::BehindCompressed { offset, bytes }));
            }
        }
        self.begun = true;
        self.decoder = match self.codec {
            Codec::Gzip => Decoder::Inflate(Box::new(Inflate::gzip(packed))),
            Codec::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(packed)?.single_frame();
                decoder.window_log_max(ZSTD_WINDOW)?;
                Decoder::Zstd(decoder)
            }
            Codec::Xz => Decoder::Xz(Box::new(XzReader::new_mem_limit(packed, false, XZ_MEMORY))),
            Codec::Bzip2 => Decoder::Bzip2(Blocks::new(packed)),
            Codec::Deflate => Decoder::Inflate(Box::new(Inflate::bare(packed))),
        };
        Ok(())
    }

    /// The compressed bytes behind the decoder, which is over.
    fn take_packed(&mut self) -> Option<Packed<'a>> {
        match replace(&mut self.decoder, Decoder::Ended) {
            Decoder::Between(packed) => Some(packed),
            Decoder::Inflate(decoder) => Some(decoder.packed),
            Decoder::Zstd(decoder) => Some(decoder.finish()),
            Decoder::Xz(decoder) => Some(decoder.into_inner()),
            Decoder::Bzip2(decoder) => Some(decoder.packed),
            Decoder::Ended => None,
        }
    }

    /// Ends reading and says what is lost.
    fn fail(&mut self, error: io::Error) -> io::Error {
        let Some(mut packed) = self.take_packed().filter(|packed| !packed.failed) else { return error };
        let offset = packed.offset();
        let bytes = packed.pass_rest();
        io::Error::other(match error.kind() {
            io::ErrorKind::UnexpectedEof => Cause::CompressedCutOff { offset },
            io::ErrorKind::OutOfMemory => Cause::DictionaryTooLarge { offset, bytes },
            _ => Cause::CompressedDamaged { offset, bytes, error: error.to_string() },
        })
    }
}

impl Codec {
    /// By the first bytes of a stream.
    pub(crate) fn of(head: &[u8]) -> Option<Self> {
        let codecs = [Self::Gzip, Self::Zstd, Self::Xz, Self::Bzip2];
        codecs.into_iter().find(|codec| codec.begins(head))
    }

    fn begins(self, head: &[u8]) -> bool {
        match self {
            Self::Gzip => head.starts_with(&[0x1f, 0x8b, 8]),
            // The second is a frame to be skipped, of which there are sixteen.
            Self::Zstd => {
                head.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
                    || matches!(head, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
            }
            Self::Xz => head.starts_with(b"\xfd7zXZ\0"),
            Self::Bzip2 => matches!(head, [b'B', b'Z', b'h', b'1'..=b'9', ..]),
            Self::Deflate => false,
        }
    }
}
