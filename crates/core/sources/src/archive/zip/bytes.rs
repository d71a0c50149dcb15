//! The bytes of a zip archive, at any place of a file, or at any place not yet left of a stream.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read, SeekFrom};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::input::ByteStream;
use crate::input::ReadSeek;

/// Bytes kept by which small reads come from memory.
const BLOCK: usize = 64 << 10;
/// Chunks in which a stream is held.
const CHUNKS: usize = 64;

/// The archive, shared by its directory and its members; each keeps what it last looked into.
pub(crate) struct Bytes<'a> {
    place: Arc<Mutex<Place<'a>>>,
    block: RefCell<Block>,
}

/// A stretch of the archive.
#[derive(Default)]
struct Block {
    bytes: Vec<u8>,
    at: u64,
}

enum Place<'a> {
    File(Box<dyn ReadSeek + Send + 'a>),
    Stream(Held<'a>),
}

/// The last bytes that a stream gave.
struct Held<'a> {
    source: ByteStream<'a>,
    chunks: VecDeque<Vec<u8>>,
    /// Offset of the first chunk.
    start: u64,
    /// Length of all chunks but the last.
    chunk: u64,
    ended: bool,
    failure: Option<io::Error>,
}

impl Clone for Bytes<'_> {
    fn clone(&self) -> Self {
        Self { place: self.place.clone(), block: RefCell::default() }
    }
}

impl<'a> Bytes<'a> {
    pub(crate) fn of_file(file: Box<dyn ReadSeek + Send + 'a>) -> Self {
        Self::new(Place::File(file))
    }

    /// A stream, of which about `most` bytes are held: where more come, the first ones go.
    pub(crate) fn of_stream(source: ByteStream<'a>, most: u64) -> Self {
        let chunk = (most / CHUNKS as u64).max(1 << 10);
        Self::new(Place::Stream(Held {
            source,
            chunks: VecDeque::new(),
            start: 0,
            chunk,
            ended: false,
            failure: None,
        }))
    }

    fn new(place: Place<'a>) -> Self {
        Self { place: Arc::new(Mutex::new(place)), block: RefCell::default() }
    }

    /// The length, unless it is a stream longer than what may be held of it.
    pub(crate) fn length(&self) -> io::Result<Option<u64>> {
        match &mut *self.place() {
            Place::File(file) => file.seek(SeekFrom::End(0)).map(Some),
            Place::Stream(window) => {
                while !window.ended && window.chunks.len() < CHUNKS {
                    window.fetch();
                }
                Ok(window.ended.then(|| window.end()))
            }
        }
    }

    /// How far one may look ahead without losing sight of where one stands.
    pub(crate) fn sight(&self) -> u64 {
        match &*self.place() {
            Place::Stream(window) if !window.ended => window.chunk * (CHUNKS as u64 - 3),
            _ => u64::MAX,
        }
    }

    /// Offset of the first byte that can still be read.
    pub(crate) fn start(&self) -> u64 {
        match &*self.place() {
            Place::File(_) => 0,
            Place::Stream(window) => window.start,
        }
    }

    /// Why the stream ended before its end, told once.
    pub(crate) fn failure(&self) -> Option<io::Error> {
        match &mut *self.place() {
            Place::File(_) => None,
            Place::Stream(window) => window.failure.take(),
        }
    }

    /// Bytes at an offset; none at the end.
    pub(crate) fn read_at(&self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        self.place().read_at(offset, into)
    }

    /// Up to `count` bytes at an offset; fewer only at the end.
    pub(crate) fn peek(&self, offset: u64, count: usize) -> io::Result<Vec<u8>> {
        let mut block = self.block.borrow_mut();
        block.look(&mut self.place(), offset, count).map(<[u8]>::to_vec)
    }

    /// The same of a fixed count; none if there are fewer.
    pub(crate) fn array<const N: usize>(&self, offset: u64) -> io::Result<Option<[u8; N]>> {
        let mut block = self.block.borrow_mut();
        block.look(&mut self.place(), offset, N).map(|bytes| bytes.first_chunk().copied())
    }

    /// The next place in a stretch that looks like the signature of a record.
    pub(crate) fn find_mark(&self, stretch: Range<u64>) -> io::Result<Option<u64>> {
        let mut block = self.block.borrow_mut();
        let mut at = stretch.start;
        while at.saturating_add(4) <= stretch.end {
            block.look(&mut self.place(), at, 4)?;
            let piece = block.bytes.get((at - block.at) as usize..).unwrap_or_default();
            let most = usize::try_from(stretch.end - at).unwrap_or(usize::MAX).min(piece.len());
            let found = memchr::memmem::find_iter(&piece[..most], b"PK")
                .find(|found| matches!(piece[found + 2..most], [1..=7, 2..=8, ..]));
            if let Some(found) = found {
                return Ok(Some(at + found as u64));
            }
            if most < 4 {
                break;
            }
            // The last bytes may be the first ones of a signature.
            at += most as u64 - 3;
        }
        Ok(None)
    }

    fn place(&self) -> MutexGuard<'_, Place<'a>> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Block {
    /// Up to `count` bytes at an offset, from the stretch last looked into if they are in it.
    fn look(&mut self, place: &mut Place<'_>, offset: u64, count: usize) -> io::Result<&[u8]> {
        let end = offset.saturating_add(count as u64);
        if offset < self.at || end > self.at + self.bytes.len() as u64 {
            self.at = offset;
            self.bytes.clear();
            self.bytes.resize(count.max(place.step()), 0);
            let mut length = 0;
            while length < self.bytes.len() {
                match place.read_at(offset.saturating_add(length as u64), &mut self.bytes[length..]) {
                    Ok(0) => break,
                    Ok(more) => length += more,
                    Err(error) => {
                        self.bytes.clear();
                        return Err(error);
                    }
                }
            }
            self.bytes.truncate(length);
        }
        let start = usize::try_from(offset - self.at).unwrap_or(usize::MAX).min(self.bytes.len());
        Ok(&self.bytes[start..self.bytes.len().min(start + count)])
    }
}

impl Place<'_> {
    /// Bytes read at once: of a stream not so many that it loses what comes before them.
    fn step(&self) -> usize {
        match self {
            Self::File(_) => BLOCK,
            Self::Stream(window) => BLOCK.min(window.chunk as usize),
        }
    }

    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => {
                file.seek(SeekFrom::Start(offset))?;
                loop {
                    match file.read(into) {
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        read => return read,
                    }
                }
            }
            Self::Stream(window) => window.read_at(offset, into),
        }
    }
}

impl Held<'_> {
    fn end(&self) -> u64 {
        let last = self.chunks.back().map_or(0, |chunk| chunk.len() as u64);
        self.start + (self.chunks.len().saturating_sub(1)) as u64 * self.chunk + last
    }

    /// Takes one more chunk in, and lets go of the first one if that is too much.
    fn fetch(&mut self) {
        if self.chunks.len() >= CHUNKS {
            self.start += self.chunks.pop_front().map_or(0, |chunk| chunk.len() as u64);
        }
        let mut chunk = Vec::with_capacity(self.chunk as usize);
        let read = (&mut self.source).take(self.chunk).read_to_end(&mut chunk);
        self.ended = read.is_err() || (chunk.len() as u64) < self.chunk;
        self.failure = read.err();
        self.chunks.push_back(chunk);
    }

    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        while !self.ended && self.end() <= offset {
            self.fetch();
        }
        let Some(place) = offset.checked_sub(self.start) else {
            return Err(io::Error::other("these bytes have passed"));
        };
        let chunk = usize::try_from(place / self.chunk).ok().and_then(|number| self.chunks.get(number));
        let Some(chunk) = chunk else { return Ok(0) };
        let within = ((place % self.chunk) as usize).min(chunk.len());
        (&chunk[within..]).read(into)
    }
}
