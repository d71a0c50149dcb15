//! Zip archives. The files themselves lead from front to back, each behind a header of its own; the
//! directory at the end is believed where it fits to them. So an archive that is cut, damaged or
//! stands behind other bytes gives all files that are whole, and no byte is read twice or passed
//! over in silence.

mod bytes;
mod content;
mod directory;
mod extent;
mod record;
mod search;
mod stretch;

use std::collections::VecDeque;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::entry::{Entry, Fault};
use super::meter::{Meter, Total};
use super::name;
use crate::cause::Cause;
use crate::input::ByteStream;
use crate::limits::Limits;

pub(crate) use bytes::Bytes;
use directory::{Directory, Listed};
use record::{END, Facts, LOCAL, LOCAL_LENGTH, Listing, Local, is_header, length_at};

/// Faults of one kind told one by one; further ones are summed up.
const TOLD: u64 = 20;
/// Bytes in which the first header is looked for where no directory is.
pub(crate) const PREFIX: u64 = 1 << 20;
/// Bytes looked through twice, over the whole archive, to find where files end.
const PATIENCE: u64 = 64 << 20;
/// Bytes of which no path has more.
const LONGEST_TARGET: u64 = 4_096;

pub(crate) struct Zip<'a> {
    bytes: Bytes<'a>,
    /// The same, as the directory is looked into, and as the files to come are.
    entries: Bytes<'a>,
    ahead: Bytes<'a>,
    /// Where reading stands.
    at: u64,
    /// Length of the archive; more than any if it is a stream whose end is not in sight.
    length: u64,
    listed: Vec<Listed>,
    /// The first of them not yet come to, and the first that a header shows to be where it should.
    next: usize,
    next_sure: usize,
    directory: Range<u64>,
    /// Whether the directory should list all files.
    is_listed: bool,
    /// Whether the end of a directory was come to; a stream is known to be whole by nothing else.
    is_whole: bool,
    ready: VecDeque<Entry<'a>>,
    ended: bool,
    /// Where the data of the last file began, and where its decoder says that it ended: of a file
    /// whose end was out of sight.
    open_end: Option<(u64, Arc<AtomicU64>)>,
    patience: u64,
    skipped: Sum,
    overlapping: Sum,
    total: Total,
    limits: Arc<Limits>,
}

/// Faults of one kind.
#[derive(Default)]
struct Sum {
    count: u64,
    bytes: u64,
    /// Where the first one stands that was not told.
    from: u64,
}

impl<'a> Zip<'a> {
    pub(crate) fn new(bytes: Bytes<'a>, meter: Meter<'_>) -> io::Result<Self> {
        let length = bytes.length()?;
        let found = length.map(|length| Directory::find(&bytes, length, meter.limits.members)).transpose()?;
        let mut found = found.unwrap_or_default();
        let mut zip = Self {
            at: 0,
            length: length.unwrap_or(u64::MAX),
            is_listed: length.is_some() && found.fault.is_none(),
            is_whole: length.is_some(),
            listed: std::mem::take(&mut found.listed),
            next: 0,
            next_sure: 0,
            directory: found.place,
            ready: VecDeque::new(),
            ended: false,
            open_end: None,
            patience: PATIENCE,
            skipped: Sum::default(),
            overlapping: Sum::default(),
            total: meter.total.clone(),
            limits: meter.limits.clone(),
            entries: bytes.clone(),
            ahead: bytes.clone(),
            bytes,
        };
        if let Some(cause) = found.fault {
            zip.fault(Fault::at(zip.directory.start, cause));
        }
        Ok(zip)
    }

    /// Whether an archive stands behind other bytes: its directory does at the end of a file, or
    /// the header of one of its files does in the first bytes.
    pub(crate) fn is_behind(bytes: &Bytes<'_>) -> io::Result<bool> {
        let length = bytes.length()?;
        if let Some(length) = length
            && Directory::find(bytes, length, 1)?.listed.len() == 1
        {
            return Ok(true);
        }
        let mut at = 0;
        while let Some(found) = bytes.find_mark(at..PREFIX.min(length.unwrap_or(PREFIX)))? {
            if is_header(bytes, found)? {
                return Ok(true);
            }
            at = found + 2;
        }
        Ok(false)
    }

    /// The next file or fault.
    pub(crate) fn next(&mut self) -> Option<Entry<'a>> {
        loop {
            if let Some(entry) = self.ready.pop_front() {
                return Some(entry);
            }
            if self.ended {
                return None;
            }
            if let Err(error) = self.step() {
                self.fault(Fault::at(self.at, Cause::of_archive(error)));
                self.end();
            }
        }
    }

    /// One step forward: a file, a part of the directory, or a stretch that is nothing known.
    fn step(&mut self) -> io::Result<()> {
        if let Some((data, end)) = self.open_end.take() {
            self.close(data, end.load(Ordering::Relaxed))?;
        }
        if let Some(&listed) = self.listed.get(self.next) {
            let header = i128::from(listed.header) - i128::from(self.at);
            self.next += usize::from(header <= 0);
            match header {
                ..0 => return self.misplaced(&listed),
                0 => return self.listed_file(&listed),
                1.. => {}
            }
        }
        if !self.directory.is_empty() && self.at == self.directory.start {
            self.at = self.directory.end;
            return Ok(());
        }
        let end = self.most()?;
        self.unlisted(end)
    }

    /// Goes on behind a file whose decoder ended after so many bytes, if it did.
    fn close(&mut self, data: u64, length: u64) -> io::Result<()> {
        self.at = data.saturating_add(length).max(self.bytes.start());
        let descriptor = search::descriptor(&self.bytes, data, self.at, self.length)?;
        self.at += descriptor.map_or(0, |descriptor| descriptor.length);
        Ok(())
    }

    /// A file that the directory lists here.
    fn listed_file(&mut self, listed: &Listed) -> io::Result<()> {
        let Some(listing) = Listing::at(&self.entries, listed.entry)? else { return Ok(()) };
        let facts = listing.facts;
        let most = self.most()?;
        let is_signed = self.bytes.array(self.at)? == Some(LOCAL);
        // A damaged header will do if the name in it is the right one: the data begins behind it.
        let is_named = |local: &Local| is_signed || local.facts.raw == facts.raw;
        let Some(local) = self.header(most)?.filter(is_named) else {
            self.fault(Fault::at(self.at, Cause::MemberHeaderDamaged).of(facts.name()));
            return Ok(());
        };
        if local.facts.raw != facts.raw {
            let other = local.facts.name();
            self.fault(Fault::at(self.at, Cause::MemberOtherName { other }).of(facts.name()));
        }
        self.file(&facts, Some(&local.facts), local.data)
    }

    /// A file that the directory lists where no header can be: outside the archive, or among bytes
    /// that were read as another file's.
    fn misplaced(&mut self, listed: &Listed) -> io::Result<()> {
        let told = self.overlapping.add(listed.entry, 0);
        if !told {
            return Ok(());
        }
        let name = Listing::at(&self.entries, listed.entry)?.map(|listing| listing.facts.name());
        let header = u64::try_from(listed.header).ok().filter(|header| *header < self.length);
        let cause = match header {
            None => Cause::MemberMissing,
            Some(header) if self.ahead.array(header)? == Some(LOCAL) => Cause::MemberOverlaps,
            Some(_) => Cause::MemberHeaderDamaged,
        };
        let fault = Fault::at(header.unwrap_or(listed.entry), cause);
        self.fault(match name {
            Some(name) => fault.of(name),
            None => fault,
        });
        Ok(())
    }

    /// What stands here without being listed, up to `end`.
    fn unlisted(&mut self, end: u64) -> io::Result<()> {
        if self.at >= end || self.bytes.peek(self.at, 1)?.is_empty() {
            while let Some(&listed) = self.listed.get(self.next) {
                self.next += 1;
                self.misplaced(&listed)?;
            }
            self.end();
            return Ok(());
        }
        if is_header(&self.bytes, self.at)?
            && let Some(local) = self.header(end)?
        {
            if self.is_listed && !local.facts.is_folder() {
                self.fault(Fault::at(self.at, Cause::MemberUnlisted).of(local.facts.name()));
            }
            return self.file(&local.facts, None, local.data);
        }
        if let Some(length) = length_at(&self.bytes, self.at)?.filter(|length| *length <= end - self.at) {
            self.is_whole |= self.bytes.array(self.at)? == Some(END);
            self.at += length;
            return Ok(());
        }
        let from = self.at;
        self.at = self.found_or_end(from + 1, end)?;
        if self.skipped.add(from, self.at - from) {
            self.fault(Fault::skipped(from, self.at));
        }
        Ok(())
    }

    /// The header that stands here, if its lengths can be right: where they are damaged the header of
    /// another file may stand in what should be its name or extra field.
    fn header(&self, end: u64) -> io::Result<Option<Local>> {
        let Some(local) = Local::at(&self.bytes, self.at)?.filter(|local| local.data <= end) else {
            return Ok(None);
        };
        let other = search::record(&self.bytes, self.at + LOCAL_LENGTH as u64..local.data)?;
        Ok(other.is_none().then_some(local))
    }

    /// How far the next file may reach: to the next one whose header stands where the directory says.
    fn most(&mut self) -> io::Result<u64> {
        while let Some(listed) = self.listed.get(self.next_sure) {
            let header = u64::try_from(listed.header).unwrap_or_default();
            if header > self.at && header < self.length && self.ahead.array(header)? == Some(LOCAL) {
                return Ok(header);
            }
            self.next_sure += 1;
        }
        Ok(self.length)
    }

    /// The first record in a stretch, or where it ends.
    fn found_or_end(&self, from: u64, end: u64) -> io::Result<u64> {
        if let Some(found) = search::record(&self.bytes, from..end)? {
            return Ok(found);
        }
        // Of a stream the length is known now.
        Ok(if end == u64::MAX { self.bytes.length()?.unwrap_or(end) } else { end })
    }

    /// Gives a file and goes on behind it. `facts` are believed first.
    fn file(&mut self, facts: &Facts, local: Option<&Facts>, data: u64) -> io::Result<()> {
        let header = self.at;
        let extent = self.extent(facts, local, data)?;
        self.at = extent.data.end + extent.descriptor.map_or(0, |descriptor| descriptor.length);
        if facts.is_folder() && local.is_none_or(Facts::is_folder) {
            return Ok(());
        }
        let name = facts.name();
        if local.is_some_and(|local| local.method != facts.method) {
            let method = facts.method.into();
            self.fault(Fault::at(header, Cause::MemberOtherMethod { method }).of(name.clone()));
        }
        let target = if facts.link { target(self.open(facts, local, extent.clone())) } else { None };
        let entry = match target.map_or_else(|| self.open(facts, local, extent), Err) {
            Ok(content) => Entry::Member(name, content),
            Err(cause) => Entry::Flaw(Fault::at(header, cause).of(name)),
        };
        self.ready.push_back(entry);
        Ok(())
    }

    fn fault(&mut self, fault: Fault) {
        self.ready.push_back(Entry::Flaw(fault));
    }

    /// Ends reading and tells what was only counted.
    fn end(&mut self) {
        self.ended = true;
        let (skipped, overlapping) =
            (std::mem::take(&mut self.skipped), std::mem::take(&mut self.overlapping));
        if let Some(count) = skipped.untold() {
            let cause = Cause::ArchiveSkippedMore { count, bytes: skipped.bytes };
            self.fault(Fault { length: Some(skipped.bytes), ..Fault::at(skipped.from, cause) });
        }
        if let Some(count) = overlapping.untold() {
            self.fault(Fault::at(overlapping.from, Cause::MembersMisplaced { count }));
        }
        if let Some(error) = self.bytes.failure() {
            self.fault(Fault::at(self.at, Cause::of(error)));
        }
        if !self.is_whole {
            self.fault(Fault::at(self.at, Cause::DirectoryMissing));
        }
    }
}

impl Sum {
    /// Counts a fault; true if it is to be told.
    fn add(&mut self, at: u64, bytes: u64) -> bool {
        self.count += 1;
        if self.count <= TOLD {
            return true;
        }
        if self.bytes == 0 && self.count == TOLD + 1 {
            self.from = at;
        }
        self.bytes += bytes;
        false
    }

    fn untold(&self) -> Option<u64> {
        self.count.checked_sub(TOLD).filter(|count| *count > 0)
    }
}

/// What a symbolic link leads to, which is its content. What cannot be a path is no link, whatever
/// the directory says.
fn target(content: Result<ByteStream<'_>, Cause>) -> Option<Cause> {
    let mut target = Vec::new();
    content.ok()?.take(LONGEST_TARGET).read_to_end(&mut target).ok()?;
    let is_path = (target.len() as u64) < LONGEST_TARGET && target.iter().all(|byte| *byte >= b' ');
    is_path.then(|| Cause::MemberLink { target: name::text(&target) })
}
