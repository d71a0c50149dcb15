//! Tar archives, read from front to back. Directories, links and devices are passed over.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use tar::{EntryType, Header};

use super::Entry;
use crate::cause::Cause;

const BLOCK: u64 = 512;
/// Longest name, and longest list of extended attributes.
const LONGEST: u64 = 1 << 20;

pub(crate) struct Tar<'a> {
    shared: Arc<Mutex<Stream<'a>>>,
    ended: bool,
}

/// The archive's bytes, of which the current member may read `left` more.
struct Stream<'a> {
    source: Box<dyn Read + Send + 'a>,
    offset: u64,
    left: u64,
    padding: u64,
}

/// The content of a member.
struct Member<'a>(Arc<Mutex<Stream<'a>>>);

/// What the headers before a member say about it.
#[derive(Default)]
struct Extended {
    name: Option<String>,
    size: Option<u64>,
}

impl<'a> Tar<'a> {
    pub(crate) fn new(source: Box<dyn Read + Send + 'a>) -> Self {
        Self { shared: Arc::new(Mutex::new(Stream { source, offset: 0, left: 0, padding: 0 })), ended: false }
    }

    /// The next member; what was not read of the one before is passed over.
    pub(crate) fn next(&mut self) -> Option<Entry<'a>> {
        if self.ended {
            return None;
        }
        let shared = self.shared.clone();
        let mut stream = shared.lock().unwrap_or_else(PoisonError::into_inner);
        match stream.next() {
            Ok(Some((name, None))) => Some(Entry::Member(name, Box::new(Member(self.shared.clone())))),
            Ok(Some((name, Some(cause)))) => Some(Entry::Flaw(Some(name), 0, cause)),
            Ok(None) => {
                self.ended = true;
                None
            }
            Err(error) => {
                self.ended = true;
                Some(Entry::Flaw(None, stream.offset, Cause::ArchiveEndsEarly { error: error.to_string() }))
            }
        }
    }
}

impl Stream<'_> {
    /// Name of the next file, with the reason if its content cannot be read.
    fn next(&mut self) -> io::Result<Option<(String, Option<Cause>)>> {
        let mut extended = Extended::default();
        loop {
            self.pass_over()?;
            let mut block = [0u8; BLOCK as usize];
            let count = self.read_up_to(&mut block)?;
            // The end is two blocks of zeros; one, or none at all, is seen as well.
            if count == 0 || block.iter().all(|byte| *byte == 0) {
                return Ok(None);
            }
            let header = Header::from_byte_slice(&block);
            if count < block.len() || header.cksum().ok() != Some(checksum(&block)) {
                return Err(io::Error::other("a member's header is damaged"));
            }
            let size = extended
                .size
                .filter(|_| is_file(header.entry_type()))
                .map_or_else(|| header.entry_size(), Ok)?;
            self.left = size;
            self.padding = size.next_multiple_of(BLOCK) - size;
            match header.entry_type() {
                EntryType::GNULongName => {
                    extended.name = Some(text(self.content()?.split(|byte| *byte == 0).next()))
                }
                EntryType::XHeader => extended.read(&self.content()?),
                kind => {
                    let named = extended.name.take();
                    extended.size = None;
                    let name = named.unwrap_or_else(|| text(Some(&header.path_bytes())));
                    match kind {
                        EntryType::GNUSparse => {
                            return Ok(Some((name, Some(Cause::MemberSparse))));
                        }
                        _ if is_file(kind) => return Ok(Some((name, None))),
                        _ => {}
                    }
                }
            }
        }
    }

    /// Skips what is left of the current member.
    fn pass_over(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.left) + std::mem::take(&mut self.padding);
        let passed = io::copy(&mut (&mut self.source).take(rest), &mut io::sink())?;
        self.offset += passed;
        if passed < rest { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// All content of the current member, which holds facts about the next one.
    fn content(&mut self) -> io::Result<Vec<u8>> {
        if self.left > LONGEST {
            return Err(io::Error::other("a member's name is longer than a megabyte"));
        }
        let mut content = Vec::new();
        let length = (&mut self.source).take(self.left).read_to_end(&mut content)? as u64;
        self.offset += length;
        self.left -= length;
        Ok(content)
    }

    fn read_up_to(&mut self, into: &mut [u8]) -> io::Result<usize> {
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

impl Extended {
    /// Reads records of the form `length name=value\n`.
    fn read(&mut self, mut records: &[u8]) {
        while let Some(blank) = records.iter().position(|byte| *byte == b' ') {
            let length =
                std::str::from_utf8(&records[..blank]).ok().and_then(|digits| digits.parse::<usize>().ok());
            let Some(length) = length.filter(|length| *length > blank && *length <= records.len()) else {
                return;
            };
            let record = records[blank + 1..length].trim_ascii_end();
            if let Some(path) = record.strip_prefix(b"path=") {
                self.name = Some(text(Some(path)));
            } else if let Some(size) = record.strip_prefix(b"size=") {
                self.size = std::str::from_utf8(size).ok().and_then(|digits| digits.parse().ok());
            }
            records = &records[length..];
        }
    }
}

impl Read for Member<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let most = into.len().min(usize::try_from(stream.left).unwrap_or(usize::MAX));
        if most == 0 {
            return Ok(0);
        }
        let count = stream.source.read(&mut into[..most])?;
        if count == 0 {
            // Nothing is left to be passed over either.
            (stream.left, stream.padding) = (0, 0);
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        stream.offset += count as u64;
        stream.left -= count as u64;
        Ok(count)
    }
}

fn is_file(kind: EntryType) -> bool {
    matches!(kind, EntryType::Regular | EntryType::Continuous)
}

fn text(bytes: Option<&[u8]>) -> String {
    String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
}

/// Sum of all bytes of a header, its own checksum field taken as blanks.
fn checksum(block: &[u8; BLOCK as usize]) -> u32 {
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u32::from(*byte)).sum::<u32>();
    sum(&block[..148]) + 8 * u32::from(b' ') + sum(&block[156..])
}
