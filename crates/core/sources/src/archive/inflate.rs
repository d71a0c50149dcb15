//! A deflate stream, bare as in a zip archive or in gzip's frame (RFC 1951, RFC 1952). What it gives
//! before it turns out to be damaged is given.

use std::io::{self, BufRead, Read};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::packed::Packed;

/// Decodes one stream.
pub(crate) struct Inflate<'a> {
    pub packed: Packed<'a>,
    decoder: Decompress,
    /// Checksum and length of what came out, where the frame says what they must be.
    sum: Option<Crc>,
    begun: bool,
    ended: bool,
    /// What went wrong behind the bytes last given.
    failure: Option<io::Error>,
}

impl<'a> Inflate<'a> {
    pub(crate) fn bare(packed: Packed<'a>) -> Self {
        Self { packed, decoder: Decompress::new(false), sum: None, begun: true, ended: false, failure: None }
    }

    pub(crate) fn gzip(packed: Packed<'a>) -> Self {
        Self { sum: Some(Crc::new()), begun: false, ..Self::bare(packed) }
    }

    /// Takes gzip's header. Name, comment and time in it are not looked at.
    fn pass_header(&mut self) -> io::Result<()> {
        let mut fixed = [0; 10];
        self.packed.read_exact(&mut fixed)?;
        let flags = fixed[3];
        if flags & 4 != 0 {
            let mut length = [0; 2];
            self.packed.read_exact(&mut length)?;
            self.pass(u16::from_le_bytes(length).into())?;
        }
        for text in [8, 16] {
            while flags & text != 0 && self.pass(1)? != 0 {}
        }
        if flags & 2 != 0 {
            self.pass(2)?;
        }
        Ok(())
    }

    /// Takes so many bytes and gives the last one.
    fn pass(&mut self, count: usize) -> io::Result<u8> {
        let mut byte = [0];
        for _ in 0..count {
            self.packed.read_exact(&mut byte)?;
        }
        Ok(byte[0])
    }

    /// Compares what came out with what gzip says behind it.
    fn check(&mut self) -> io::Result<()> {
        let Some(sum) = self.sum.take() else { return Ok(()) };
        let mut behind = [0; 8];
        self.packed.read_exact(&mut behind)?;
        let expected = [sum.sum().to_le_bytes(), sum.amount().to_le_bytes()].concat();
        if behind[..] == expected[..] { Ok(()) } else { Err(io::Error::other("the checksum is another one")) }
    }
}

impl Read for Inflate<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if !std::mem::replace(&mut self.begun, true) {
            self.pass_header()?;
        }
        while !self.ended {
            if let Some(failure) = self.failure.take() {
                return Err(failure);
            }
            let input = self.packed.fill_buf()?;
            let is_over = input.is_empty();
            let (taken, given) = (self.decoder.total_in(), self.decoder.total_out());
            let status = self.decoder.decompress(input, into, FlushDecompress::None);
            self.packed.consume((self.decoder.total_in() - taken) as usize);
            let count = (self.decoder.total_out() - given) as usize;
            if let Some(sum) = &mut self.sum {
                sum.update(&into[..count]);
            }
            match status {
                Ok(Status::StreamEnd) => {
                    self.failure = self.check().err();
                    self.ended = self.failure.is_none();
                }
                Ok(_) => {}
                Err(failure) => self.failure = Some(failure.into()),
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
