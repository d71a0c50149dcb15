//! The bytes of a tar archive, shared with the member that is being read.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use super::header::BLOCK;
use crate::cause::Cause;
use crate::input::ByteStream;

/// The archive's bytes, of which the current member may read `left` more.
pub(super) struct Stream<'a> {
    source: ByteStream<'a>,
    pub offset: u64,
    pub left: u64,
    padding: u64,
    /// Whether the source ended, or failed, where it should not, and that was told.
    pub broken: bool,
}

/// The content of a member.
pub(super) struct Member<'a>(pub Arc<Mutex<Stream<'a>>>);

impl<'a> Stream<'a> {
    pub(super) fn new(source: ByteStream<'a>) -> Self {
        Self { source, offset: 0, left: 0, padding: 0, broken: false }
    }

    /// Begins a member of a size; nothing if no archive can hold it.
    pub(super) fn begin(&mut self, size: u64) -> Option<()> {
        let whole = size.checked_next_multiple_of(BLOCK as u64)?;
        (self.left, self.padding) = (size, whole - size);
        Some(())
    }

    /// Skips what is left of the current member; gives the bytes of it that are not there.
    pub(super) fn pass_over(&mut self) -> io::Result<u64> {
        let (left, padding) = (std::mem::take(&mut self.left), std::mem::take(&mut self.padding));
        let passed = io::copy(&mut (&mut self.source).take(left), &mut io::sink())?;
        self.offset += passed;
        if passed < left {
            let told = std::mem::replace(&mut self.broken, true);
            return Ok(if told { 0 } else { left - passed });
        }
        self.offset += io::copy(&mut (&mut self.source).take(padding), &mut io::sink())?;
        Ok(0)
    }

    /// All content of the current member, which holds facts about the next one.
    pub(super) fn content(&mut self) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        let length = (&mut self.source).take(self.left).read_to_end(&mut content)? as u64;
        self.offset += length;
        self.left -= length;
        Ok(content)
    }

    /// Fills a block; less only at the end.
    pub(super) fn read_up_to(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut count = 0;
        while count < into.len() {
            match self.source.read(&mut into[count..]) {
                Ok(0) => break,
                Ok(more) => count += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.offset += count as u64;
        Ok(count)
    }
}

impl Read for Member<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let most = into.len().min(usize::try_from(stream.left).unwrap_or(usize::MAX));
        if most == 0 {
            return Ok(0);
        }
        let read = stream.source.read(&mut into[..most]);
        match read {
            Ok(0) => {
                let missing = stream.left;
                // Nothing is left to be passed over either.
                (stream.left, stream.padding, stream.broken) = (0, 0, true);
                Err(io::Error::other(Cause::MemberCutOff { missing }))
            }
            Ok(count) => {
                stream.offset += count as u64;
                stream.left -= count as u64;
                Ok(count)
            }
            Err(error) => {
                stream.broken |= error.kind() != io::ErrorKind::Interrupted;
                Err(error)
            }
        }
    }
}
