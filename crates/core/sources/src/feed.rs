//! A buffer over a source: bytes come in at the end and leave at the front.

use std::io::{self, Cursor, ErrorKind, Read, SeekFrom};

use crate::cause::Cause;
use crate::input::ReadSeek;

/// Reads a source piece by piece.
pub(crate) struct Feed<'a> {
    source: Backing<'a>,
    /// Bytes read and not yet taken.
    pub buffer: Vec<u8>,
    /// Offset of the buffer's first byte in the source.
    pub offset: u64,
    /// Whether nothing follows the buffer.
    pub ended: bool,
    /// Whether a source that still grows had nothing more to give when it was asked last.
    pub paused: bool,
    /// Why the source ended before its end.
    failure: Option<Cause>,
}

enum Backing<'a> {
    Stream(Box<dyn Read + Send + 'a>),
    /// From its first byte on.
    File(Box<dyn ReadSeek + Send + 'a>),
}

impl Read for Backing<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stream(source) => source.read(into),
            Self::File(source) => source.read(into),
        }
    }
}

/// Least read at once.
const STEP: usize = 64 << 10;

impl<'a> Feed<'a> {
    pub(crate) fn new(source: Box<dyn Read + Send + 'a>) -> Self {
        Self::over(Backing::Stream(source))
    }

    /// Reads a file, which stands at its first byte.
    pub(crate) fn of_file(source: Box<dyn ReadSeek + Send + 'a>) -> Self {
        Self::over(Backing::File(source))
    }

    fn over(source: Backing<'a>) -> Self {
        Self { source, buffer: Vec::new(), offset: 0, ended: false, paused: false, failure: None }
    }

    /// Reads until the buffer holds `wanted` bytes, or the source ends or has no more for now.
    pub(crate) fn fill(&mut self, wanted: usize) {
        while !self.ended && !self.paused && self.buffer.len() < wanted {
            let missing = (wanted - self.buffer.len()).max(STEP) as u64;
            let before = self.buffer.len();
            match (&mut self.source).take(missing).read_to_end(&mut self.buffer) {
                Ok(_) => self.ended = ((self.buffer.len() - before) as u64) < missing,
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.paused = true,
                Err(error) => {
                    self.ended = true;
                    self.failure = Some(Cause::of(error));
                }
            }
        }
    }

    /// Reads at least one more piece.
    pub(crate) fn more(&mut self) {
        self.fill(self.buffer.len() + STEP.max(self.buffer.len() / 2));
    }

    /// Takes the first `length` bytes off the buffer.
    pub(crate) fn take(&mut self, length: usize) -> Vec<u8> {
        let rest = self.buffer.split_off(length.min(self.buffer.len()));
        let taken = std::mem::replace(&mut self.buffer, rest);
        self.offset += taken.len() as u64;
        taken
    }

    /// Drops the first `length` bytes of the buffer.
    pub(crate) fn drop(&mut self, length: usize) {
        let length = length.min(self.buffer.len());
        self.buffer.drain(..length);
        self.offset += length as u64;
    }

    /// Offset of the end of what has been read.
    pub(crate) fn end(&self) -> u64 {
        self.offset + self.buffer.len() as u64
    }

    /// Goes over what has not been taken of a file, which is then read as if that had not been. Says
    /// whether it was gone over to the end; a stream is not.
    pub(crate) fn ahead(&mut self, go: &mut dyn FnMut(&mut dyn Read) -> io::Result<()>) -> bool {
        let Backing::File(source) = &mut self.source else { return false };
        let Ok(position) = source.stream_position() else { return false };
        let gone = source.seek(SeekFrom::Start(self.offset)).and_then(|_| go(source));
        if let Err(error) = source.seek(SeekFrom::Start(position)) {
            self.ended = true;
            self.failure = Some(Cause::of(error));
        }
        gone.is_ok()
    }

    /// All that has not been taken, read and still to be read.
    pub(crate) fn into_source(self) -> Box<dyn Read + Send + 'a> {
        let failed = Failed(self.failure.map(io::Error::other));
        match self.ended {
            true => Box::new(Cursor::new(self.buffer).chain(failed)),
            false => Box::new(Cursor::new(self.buffer).chain(self.source)),
        }
    }

    /// The failure that ended the source, told once.
    pub(crate) fn failure(&mut self) -> Option<Cause> {
        self.failure.take()
    }
}

/// Ends in an error that came earlier.
pub(crate) struct Failed(pub(crate) Option<io::Error>);

impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_count_of_what_left() {
        let mut feed = Feed::new(Box::new(&b"abcdefgh"[..]));
        feed.fill(4);
        assert_eq!(feed.take(3), b"abc");
        feed.drop(2);
        feed.more();
        assert_eq!((feed.buffer.as_slice(), feed.offset, feed.ended), (&b"fgh"[..], 5, true));
    }

    #[test]
    fn a_file_is_gone_over_ahead_and_read_all_the_same() {
        let bytes = vec![b'x'; 3 * STEP];
        let mut feed = Feed::of_file(Box::new(Cursor::new(bytes.as_slice())));
        feed.fill(10);
        feed.drop(7);
        let mut seen = 0;
        assert!(feed.ahead(&mut |source| {
            seen = io::copy(source, &mut io::sink())?;
            Ok(())
        }));
        feed.fill(usize::MAX);
        assert_eq!((seen, feed.buffer.len(), feed.offset), (3 * STEP as u64 - 7, 3 * STEP - 7, 7));
        assert!(!Feed::new(Box::new(&b"x"[..])).ahead(&mut |_| Ok(())));
    }
}
