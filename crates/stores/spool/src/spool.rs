//! The spool: which segments there are, which of them is written, which may go.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use crate::disk::Disk;
use crate::segment::{self, Damage, LONGEST, Mark, Record};

/// Bytes after which a segment is closed and the next begun.
const SEGMENT_BYTES: u64 = 64 << 20;

/// Why records could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk refused.
    #[error("the spool cannot {doing}")]
    Disk {
        /// What was being done.
        doing: &'static str,
        /// What the disk said.
        source: io::Error,
    },
    /// A payload is longer than [`LONGEST`].
    #[error("a record of {bytes} bytes is longer than the spool takes ({LONGEST})")]
    TooLong {
        /// Length of the payload.
        bytes: usize,
    },
    /// Records not yet freed fill the spool; free some or wait for it.
    #[error("the spool holds {bytes} bytes and may hold {most}")]
    Full {
        /// Bytes held.
        bytes: u64,
        /// Most bytes it may hold.
        most: u64,
    },
}

/// What a spool holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surveyed {
    /// Segments.
    pub segments: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Records in them.
    pub records: u64,
    /// Bytes that are no record.
    pub damages: Vec<Damage>,
}

/// Records on disk, one writer.
#[derive(Debug)]
pub struct Spool<D: Disk> {
    disk: D,
    /// All segments by name, which is the order of their numbers.
    segments: BTreeMap<String, Segment>,
    /// The segment that is written, while more may go into it.
    open: Option<Open<D::File>>,
    /// Number of the next record.
    next: u64,
    /// Mark of the segments of this life.
    mark: Mark,
    most: u64,
    buffer: Vec<u8>,
}

/// A segment that this life began. It is credited by its name: of segments that begin with the same
/// number it need not be the last.
#[derive(Debug)]
struct Open<F> {
    name: String,
    file: F,
}

/// What is known of a segment without reading it.
#[derive(Debug)]
struct Segment {
    mark: Mark,
    /// Number in its name.
    first: u64,
    /// Bytes that it may hold.
    bytes: u64,
    /// Number of its last record.
    last: Option<u64>,
}

impl<D: Disk> Spool<D> {
    /// Opens a spool that takes records until it holds `most` bytes; says what of it is damaged.
    /// Files with other names are left alone. `mark` is a random number, new each time.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn open(disk: D, most: u64, mark: u64) -> Result<(Self, Vec<Damage>), Error> {
        let mut segments = BTreeMap::new();
        let mut damages = Vec::new();
        let mut next = 0;
        for name in disk.names().map_err(failed("list its segments"))? {
            let Some((first, mark)) = named(&name) else { continue };
            let bytes = disk.read(&name).map_err(failed("read a segment"))?;
            let (records, damaged) = segment::read(&name, mark, &bytes);
            damages.extend(damaged);
            let last = records.iter().map(|record| record.number).max();
            next = next.max(first).max(last.map_or(0, |last| last + 1));
            segments.insert(name, Segment { mark, first, bytes: bytes.len() as u64, last });
        }
        let mark = mark.to_be_bytes();
        let spool = Self { disk, segments, open: None, next, mark, most, buffer: Vec::new() };
        Ok((spool, damages))
    }

    /// Keeps payloads and gives the number of the first; on return all of them outlive a power
    /// cut. After an error none counts as kept, though some may be found again.
    ///
    /// # Errors
    /// When one is too long, the spool is full, or the disk refuses.
    pub fn append(&mut self, payloads: &[&[u8]]) -> Result<u64, Error> {
        if let Some(long) = payloads.iter().find(|payload| payload.len() > LONGEST) {
            return Err(Error::TooLong { bytes: long.len() });
        }
        let held = self.bytes();
        if held >= self.most {
            return Err(Error::Full { bytes: held, most: self.most });
        }
        let first = self.next;
        if payloads.is_empty() {
            return Ok(first);
        }
        self.buffer.clear();
        for (number, payload) in (first..).zip(payloads) {
            segment::write(&mut self.buffer, self.mark, number, payload);
        }
        // Numbers are never used twice, even if the bytes do not get to the disk: a record that
        // was not acknowledged may be found again beside those that came after it.
        self.next += payloads.len() as u64;
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.begin(first)?,
        };
        let mut segment = self.segments.get_mut(&open.name);
        if let Some(segment) = &mut segment {
            segment.bytes += self.buffer.len() as u64;
        }
        self.disk.append(&mut open.file, &self.buffer).map_err(failed("write"))?;
        self.disk.sync(&mut open.file).map_err(failed("make its records durable"))?;
        if let Some(segment) = &mut segment {
            segment.last = Some(self.next - 1);
            self.open = (segment.bytes < SEGMENT_BYTES).then_some(open);
        }
        Ok(first)
    }

    /// Calls `each` with every record from number `from` on, in order; ends at its first error.
    ///
    /// # Errors
    /// When the disk refuses, or the first error of `each`.
    pub fn records<E: From<Error>>(
        &self,
        from: u64,
        each: &mut dyn FnMut(Record) -> Result<(), E>,
    ) -> Result<(), E> {
        let wanted = |segment: &Segment| segment.last.is_some_and(|last| last >= from);
        for (name, segment) in self.segments.iter().filter(|(_, segment)| wanted(segment)) {
            let bytes = self.disk.read(name).map_err(failed("read a segment"))?;
            let (records, _) = segment::read(name, segment.mark, &bytes);
            records.into_iter().filter(|record| record.number >= from).try_for_each(&mut *each)?;
        }
        Ok(())
    }

    /// Lets go of all segments whose records have numbers below `below`, which must be safe
    /// elsewhere. A segment is always there, since its name keeps the count.
    ///
    /// # Errors
    /// When the disk refuses; what was not removed is found again.
    pub fn free(&mut self, below: u64) -> Result<(), Error> {
        let is_done = |segment: &Segment| segment.last.is_none_or(|last| last < below);
        // Before the last of the records goes, a name must say how far the count is.
        let next = self.next;
        let counts = |segment: &Segment| !is_done(segment) || segment.first == next;
        if !self.segments.is_empty() && !self.segments.values().any(counts) {
            self.open = Some(self.begin(next)?);
        }
        let of_done = |(name, segment): (&String, &Segment)| (!counts(segment)).then(|| name.clone());
        let done: Vec<String> = self.segments.iter().filter_map(of_done).collect();
        self.open = self.open.take().filter(|open| !done.contains(&open.name));
        for name in &done {
            self.disk.remove(name).map_err(failed("remove a segment"))?;
            self.segments.remove(name);
        }
        if done.is_empty() { Ok(()) } else { self.disk.sync_names().map_err(failed("remove a segment")) }
    }

    /// Bytes held on disk.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.segments.values().map(|segment| segment.bytes).sum()
    }

    /// Number that the next record will have.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.next
    }

    fn begin(&mut self, first: u64) -> Result<Open<D::File>, Error> {
        let name = format!("{first:016x}-{:016x}.spool", u64::from_be_bytes(self.mark));
        let file = self.disk.create(&name).map_err(failed("begin a segment"))?;
        self.disk.sync_names().map_err(failed("begin a segment"))?;
        self.segments.insert(name.clone(), Segment { mark: self.mark, first, bytes: 0, last: None });
        Ok(Open { name, file })
    }
}

/// Calls `each` with every record that a spool holds, in order, for whoever does not write there: nothing
/// is changed, and no lock is needed. What the writer lets go of meanwhile is passed over, and so is what
/// is no record, as the end of one that is being written. Where there is no folder there is no record.
///
/// # Errors
/// When the disk refuses.
pub fn look<D: Disk>(disk: &D, each: &mut dyn FnMut(Record)) -> Result<(), Error> {
    survey(disk, each).map(drop)
}

/// The same, and tells what there is and what of it is no record. While somebody writes, the end of a segment
/// may be a record on its way.
///
/// # Errors
/// When the disk refuses.
pub fn survey<D: Disk>(disk: &D, each: &mut dyn FnMut(Record)) -> Result<Surveyed, Error> {
    let names = there(disk.names()).map_err(failed("list its segments"))?;
    let names: BTreeSet<String> = names.into_iter().flatten().collect();
    let mut surveyed = Surveyed::default();
    for name in names {
        let Some((_, mark)) = named(&name) else { continue };
        let Some(bytes) = there(disk.read(&name)).map_err(failed("read a segment"))? else { continue };
        let (records, damages) = segment::read(&name, mark, &bytes);
        surveyed.segments += 1;
        surveyed.bytes += bytes.len() as u64;
        surveyed.records += records.len() as u64;
        surveyed.damages.extend(damages);
        records.into_iter().for_each(&mut *each);
    }
    Ok(surveyed)
}

/// What a disk gives, or nothing where it is not there.
fn there<T>(given: io::Result<T>) -> io::Result<Option<T>> {
    match given {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        given => given.map(Some),
    }
}

/// Number of the first record and mark, as a segment's name says them.
fn named(name: &str) -> Option<(u64, Mark)> {
    let (first, mark) = name.strip_suffix(".spool")?.split_once('-')?;
    let number = |digits: &str| (digits.len() == 16).then(|| u64::from_str_radix(digits, 16).ok()).flatten();
    Some((number(first)?, number(mark)?.to_be_bytes()))
}

fn failed(doing: &'static str) -> impl Fn(io::Error) -> Error {
    move |source| Error::Disk { doing, source }
}
