//! Zip archives, read by their directory, which needs a source that can be sought in.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use zip::CompressionMethod;
use zip::read::Config;
use zip::unstable::read::ZipIterable;

use super::Entry;
use super::decode::{self, Checked};
use super::meter::Total;
use crate::cause::Cause;
use crate::reader::{Limits, ReadSeek};

pub(crate) struct Zip<'a> {
    base: Shared<'a>,
    members: std::vec::IntoIter<Member>,
    /// Why the directory could not be read to its end.
    failure: Option<Cause>,
    total: Total,
    limits: Arc<Limits>,
}

/// The archive's bytes. Each copy has a position of its own.
#[derive(Clone)]
struct Shared<'a> {
    source: Arc<Mutex<Box<dyn ReadSeek + Send + 'a>>>,
    at: u64,
}

/// What the directory says of a file.
struct Member {
    name: String,
    header: u64,
    compressed: u64,
    method: CompressionMethod,
    sum: u32,
    encrypted: bool,
}

impl<'a> Zip<'a> {
    pub(crate) fn new(source: Box<dyn ReadSeek + Send + 'a>, total: &Total, limits: &Arc<Limits>) -> Self {
        let base = Shared { source: Arc::new(Mutex::new(source)), at: 0 };
        let mut members = Vec::new();
        let failure = read_directory(base.clone(), limits.members, &mut members).err();
        let failure = failure.map(|error| Cause::ArchiveDirectory { error });
        Self { base, members: members.into_iter(), failure, total: total.clone(), limits: limits.clone() }
    }

    /// The next file.
    pub(crate) fn next(&mut self) -> Option<Entry<'a>> {
        let Some(member) = self.members.next() else {
            return self.failure.take().map(|cause| Entry::Flaw(None, 0, cause));
        };
        match self.open(&member) {
            Ok(content) => Some(Entry::Member(member.name, content)),
            Err(error) => {
                Some(Entry::Flaw(Some(member.name), 0, Cause::MemberUnreadable { error: error.to_string() }))
            }
        }
    }

    fn open(&self, member: &Member) -> io::Result<Box<dyn Read + Send + 'a>> {
        if member.encrypted {
            return Err(io::Error::other("the file is encrypted"));
        }
        let mut source = self.base.clone();
        // The local header repeats name and extra field, perhaps with other lengths.
        source.seek(SeekFrom::Start(member.header))?;
        let mut header = [0u8; 30];
        source.read_exact(&mut header)?;
        if !header.starts_with(b"PK\x03\x04") {
            return Err(io::Error::other("the file's header is damaged"));
        }
        let length = |at: usize| u64::from(u16::from_le_bytes([header[at], header[at + 1]]));
        let start = (member.header + 30).saturating_add(length(26) + length(28));
        source.seek(SeekFrom::Start(start))?;
        let packed: Box<dyn Read + Send + 'a> = Box::new(source.take(member.compressed));
        let meter = (&self.total, &self.limits);
        let content = match member.method {
            CompressionMethod::STORE => packed,
            CompressionMethod::DEFLATE => decode::deflate(packed, meter)?,
            CompressionMethod::ZSTD => decode::zstd(packed, meter)?,
            other => {
                return Err(io::Error::other(format!(
                    "the file is compressed by a method that is not read ({other})"
                )));
            }
        };
        Ok(Box::new(Checked::new(content, member.sum)))
    }
}

/// Collects the files that the directory lists.
fn read_directory(base: Shared<'_>, most: usize, members: &mut Vec<Member>) -> Result<(), String> {
    let mut directory = ZipIterable::try_new(base, Config::default()).map_err(|error| error.to_string())?;
    for entry in directory.files().map_err(|error| error.to_string())? {
        let entry = entry.map_err(|error| error.to_string())?;
        if entry.is_dir() || entry.is_symlink() {
            continue;
        }
        if members.len() >= most {
            return Err(format!("it lists more than {most} files"));
        }
        members.push(Member {
            name: entry
                .name()
                .map_or_else(|_| String::from_utf8_lossy(entry.name_raw()).into_owned(), |n| n.into_owned()),
            header: entry.header_start(),
            compressed: entry.compressed_size(),
            method: entry.compression(),
            sum: entry.crc32(),
            encrypted: entry.encrypted(),
        });
    }
    Ok(())
}

impl Read for Shared<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        source.seek(SeekFrom::Start(self.at))?;
        let count = source.read(into)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Shared<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let base = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => {
                let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
                source.seek(SeekFrom::End(0))?.checked_add_signed(by)
            }
        };
        self.at = base.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
