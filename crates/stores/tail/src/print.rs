//! Fingerprints of contents: enough of what was read of a log to know it again in any file.
//!
//! A print keeps the first bytes and the last bytes read as they are, and hashes of short blocks at even
//! distances between. Contents of logs that agree in all of these at the same offsets are the same; a
//! print costs a few kilobytes however long the log is, and a comparison a few hundred short reads.
//! Prints of the same content are equal, however its bytes came: for content that cannot be sought in, as
//! what comes out of a compressed file, a caller makes a print of as many bytes and compares.

use std::hash::{DefaultHasher, Hasher};
use std::io;

/// First bytes kept as they are.
pub const HEAD: usize = 1024;
/// Last bytes kept as they are.
pub const WINDOW: usize = 256;
/// Length of a block whose hash is kept.
const BLOCK: usize = 64;
/// Most blocks; beyond it every second one is dropped.
const BLOCKS: usize = 256;

/// Reads bytes of a content at an offset; fewer where it ends.
pub type ReadAt<'a> = dyn FnMut(u64, &mut [u8]) -> io::Result<usize> + 'a;

/// The fingerprint of what was read of a log so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    length: u64,
    head: Vec<u8>,
    window: Vec<u8>,
    /// Hashes of the blocks at multiples of `stride`.
    blocks: Vec<u64>,
    stride: u64,
    /// The part of the next block that has been read.
    partial: Vec<u8>,
}

impl Default for Print {
    fn default() -> Self {
        Self {
            length: 0,
            head: Vec::new(),
            window: Vec::new(),
            blocks: Vec::new(),
            stride: HEAD as u64,
            partial: Vec::new(),
        }
    }
}

impl Print {
    /// How many bytes were read.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The last bytes read.
    pub(crate) fn window(&self) -> &[u8] {
        &self.window
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.head.extend(&bytes[..bytes.len().min(HEAD - self.head.len())]);
        self.push_blocks(bytes);
        self.length += bytes.len() as u64;
        self.window.extend(&bytes[bytes.len().saturating_sub(WINDOW)..]);
        self.window.drain(..self.window.len().saturating_sub(WINDOW));
    }

    fn push_blocks(&mut self, bytes: &[u8]) {
        let end = self.length + bytes.len() as u64;
        loop {
            let next = self.blocks.len() as u64 * self.stride + self.partial.len() as u64;
            if next >= end {
                return;
            }
            let at = next.saturating_sub(self.length) as usize;
            let lack = (BLOCK - self.partial.len()).min(bytes.len() - at);
            self.partial.extend(&bytes[at..at + lack]);
            if self.partial.len() < BLOCK {
                return;
            }
            self.blocks.push(hash(&self.partial));
            self.partial.clear();
            if self.blocks.len() > BLOCKS {
                let mut at = 0..;
                self.blocks.retain(|_| at.next().is_some_and(|at: usize| at.is_multiple_of(2)));
                self.stride *= 2;
            }
        }
    }

    /// The print of the first bytes of a file that was never read through.
    ///
    /// # Errors
    /// When it cannot be read or is shorter.
    pub fn sample(length: u64, read_at: &mut ReadAt<'_>) -> io::Result<Self> {
        let mut print = Self { length, ..Self::default() };
        // As many blocks as `push` would have kept.
        while length >= BLOCKS as u64 * print.stride + BLOCK as u64 {
            print.stride *= 2;
        }
        print.head = exactly(read_at, 0, (HEAD as u64).min(length))?;
        let window = (WINDOW as u64).min(length);
        print.window = exactly(read_at, length - window, window)?;
        let mut at = 0;
        while at < length {
            let block = exactly(read_at, at, (BLOCK as u64).min(length - at))?;
            match block.len() {
                BLOCK => print.blocks.push(hash(&block)),
                _ => print.partial = block,
            }
            at += print.stride;
        }
        Ok(print)
    }

    /// Whether a content of this length agrees with the print, as far as both go.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn agrees(&self, length: u64, read_at: &mut ReadAt<'_>) -> io::Result<bool> {
        Ok(Self::sample(length.min(self.length), read_at)?.is_start_of(self))
    }

    /// Whether a longer content, or one as long, may begin with this one.
    fn is_start_of(&self, other: &Self) -> bool {
        if self.length == other.length {
            return self == other;
        }
        // Blocks are dropped by halves, so those of the longer one are among those of the shorter.
        let blocks = other.blocks.iter().enumerate().all(|(number, block)| {
            let at = number as u64 * other.stride;
            at + BLOCK as u64 > self.length || self.blocks.get((at / self.stride) as usize) == Some(block)
        });
        blocks && other.head.starts_with(&self.head)
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

fn exactly(read_at: &mut ReadAt<'_>, offset: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length as usize];
    let mut filled = 0;
    while filled < bytes.len() {
        match read_at(offset + filled as u64, &mut bytes[filled..]) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(bytes)
}
