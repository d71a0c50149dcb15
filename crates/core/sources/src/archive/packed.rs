//! Compressed bytes on their way into a decoder, which takes exactly what it needs.

use std::io::{self, BufRead, Read};

use crate::input::ByteStream;

/// Bytes read at once.
const STEP: usize = 32 << 10;

/// A source with a buffer; it knows how far it was taken and whether it failed by itself.
pub(crate) struct Packed<'a> {
    source: ByteStream<'a>,
    buffer: Vec<u8>,
    /// What was taken of the buffer.
    taken: usize,
    /// Offset of the buffer's first byte.
    offset: u64,
    /// Whether an error came from the source and not from a decoder.
    pub failed: bool,
}

impl<'a> Packed<'a> {
    pub(crate) fn new(source: ByteStream<'a>) -> Self {
        Self { source, buffer: Vec::new(), taken: 0, offset: 0, failed: false }
    }

    /// Offset of the first byte that was not taken.
    pub(crate) fn offset(&self) -> u64 {
        self.offset + self.taken as u64
    }

    /// The next bytes without taking them; fewer only at the end.
    pub(crate) fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.buffer.len() - self.taken < count {
            if self.read_more()? == 0 {
                break;
            }
        }
        let end = self.buffer.len().min(self.taken + count);
        Ok(&self.buffer[self.taken..end])
    }

    /// Takes zeros as long as there are any.
    pub(crate) fn pass_zeros(&mut self) -> io::Result<()> {
        loop {
            let bytes = self.fill_buf()?;
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            if zeros == 0 {
                return Ok(());
            }
            self.consume(zeros);
        }
    }

    /// Takes all that is left and says how much it was.
    pub(crate) fn pass_rest(&mut self) -> u64 {
        let before = self.offset();
        while let Ok(count @ 1..) = self.fill_buf().map(<[u8]>::len) {
            self.consume(count);
        }
        self.offset() - before
    }

    fn read_more(&mut self) -> io::Result<usize> {
        self.buffer.drain(..self.taken);
        self.offset += std::mem::take(&mut self.taken) as u64;
        let length = self.buffer.len();
        self.buffer.resize(length + STEP, 0);
        let read = loop {
            match self.source.read(&mut self.buffer[length..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.buffer.truncate(length + *read.as_ref().unwrap_or(&0));
        self.failed |= read.is_err();
        read
    }
}

impl BufRead for Packed<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.peek(1)?;
        Ok(&self.buffer[self.taken..])
    }

    fn consume(&mut self, count: usize) {
        self.taken = self.buffer.len().min(self.taken + count);
    }
}

impl Read for Packed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}
