//! A bzip2 stream. Its blocks are checked when all of their bytes are out, and those must not be
//! lost when the check fails.

use std::io::{self, BufRead, Read};

use bzip2::{Decompress, Status};

use super::packed::Packed;

/// Decodes one stream.
pub(crate) struct Blocks<'a> {
    pub packed: Packed<'a>,
    decoder: Decompress,
    ended: bool,
    /// What went wrong behind the bytes last given.
    failure: Option<bzip2::Error>,
}

impl<'a> Blocks<'a> {
    pub(crate) fn new(packed: Packed<'a>) -> Self {
        Self { packed, decoder: Decompress::new(false), ended: false, failure: None }
    }
}

impl Read for Blocks<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while !self.ended {
            if let Some(failure) = self.failure.take() {
                return Err(failure.into());
            }
            let input = self.packed.fill_buf()?;
            let is_over = input.is_empty();
            let (taken, given) = (self.decoder.total_in(), self.decoder.total_out());
            let status = self.decoder.decompress(input, into);
            self.packed.consume((self.decoder.total_in() - taken) as usize);
            let count = (self.decoder.total_out() - given) as usize;
            match status {
                Ok(status) => self.ended = status == Status::StreamEnd,
                Err(failure) => self.failure = Some(failure),
            }
            if count > 0 {
                return Ok(count);
            }
            if is_over && !self.ended && self.failure.is_none() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(0)
    }
}
