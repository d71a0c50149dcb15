//! A walk over all segments, in order: what is there, and what is wrong with it.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use crate::entry::Entry;
use crate::error::{AccessLogError, failed};
use crate::folder::{Segment, segments};
use crate::segment::{End, FORMAT, HEAD, Head, Read};
use crate::walk::{Step, Walk};

/// Something that is wrong with the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Name of the segment.
    pub segment: String,
    /// Where in it, in bytes.
    pub offset: u64,
    /// What.
    pub what: Wrong,
}

/// What can be wrong with a place of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// The head of the segment has changed.
    Head,
    /// The segment does not follow the one before it: something is missing between them, or has changed.
    Chain,
    /// So many bytes are no record: one or several have changed.
    Damaged(u64),
    /// So many bytes at the end are the beginning of a record: a write that did not end.
    Torn(u64),
    /// The record is whole, and says what this version does not understand.
    Unreadable,
}

/// What a walk found.
#[derive(Debug)]
pub(crate) struct Survey {
    pub(crate) records: u64,
    pub(crate) end: End,
    pub(crate) faults: Vec<Fault>,
    pub(crate) after_damage: Vec<String>,
}

/// The segments of a log as they were at one moment.
#[derive(Debug)]
pub(crate) struct Segments {
    all: Vec<Segment>,
    /// The bytes of the last one, the only one that changes.
    newest: Vec<u8>,
    /// What the first of them follows.
    after: End,
}

impl Segments {
    /// Those of a folder, to be looked at under its lock.
    pub(crate) fn look(folder: &Path) -> io::Result<Self> {
        let all = segments(folder)?;
        let newest = all.last().map(|last| fs::read(folder.join(&last.name))).transpose()?;
        Ok(Self { all, newest: newest.unwrap_or_default(), after: End::START })
    }

    /// The last of them alone, as if it followed what it says that it follows.
    pub(crate) fn newest(mut self) -> Self {
        self.all.drain(..self.all.len().saturating_sub(1));
        if let Read::Head(head) = Head::read(&self.newest) {
            self.after = head.after;
        }
        self
    }
}

/// Walks over all segments and gives each entry.
pub(crate) fn survey(
    folder: &Path,
    segments: Segments,
    each: &mut dyn FnMut(Entry),
) -> Result<Survey, AccessLogError> {
    let mut survey = Survey { records: 0, end: segments.after, faults: Vec::new(), after_damage: Vec::new() };
    let Some((newest, older)) = segments.all.split_last() else { return Ok(survey) };
    for segment in older {
        let bytes = fs::read(folder.join(&segment.name)).map_err(failed(folder, "be read"))?;
        survey.segment(segment, &bytes, each)?;
    }
    survey.segment(newest, &segments.newest, each)?;
    Ok(survey)
}

impl Survey {
    fn segment(
        &mut self,
        segment: &Segment,
        bytes: &[u8],
        each: &mut dyn FnMut(Entry),
    ) -> Result<(), AccessLogError> {
        let name = &segment.name;
        match Head::read(bytes) {
            Read::Newer(found) => {
                return Err(AccessLogError::Newer { segment: name.clone(), found, known: FORMAT });
            }
            Read::Short => {
                self.wrong(name, 0, Wrong::Torn(bytes.len() as u64));
                return Ok(());
            }
            // Its records may prove all the same that they follow those before.
            Read::Damaged => self.wrong(name, 0, Wrong::Head),
            Read::Head(head) => {
                if head.after != self.end || head.after.next != segment.first {
                    self.wrong(name, 0, Wrong::Chain);
                }
                if head.after_damage {
                    self.after_damage.push(name.clone());
                }
                self.end = head.after;
            }
        }
        self.records(name, bytes, each);
        // Even if nothing of it can be read, the next segment gets another name.
        self.end.next = self.end.next.max(segment.first.saturating_add(u64::from(self.is_wrong(name))));
        Ok(())
    }

    fn records(&mut self, name: &str, bytes: &[u8], each: &mut dyn FnMut(Entry)) {
        let mut walk = Walk::new(bytes, HEAD, self.end);
        for (offset, step) in &mut walk {
            match step {
                Step::Record { number, payload } => {
                    self.records += 1;
                    match serde_json::from_slice::<Entry>(payload) {
                        Ok(entry) if entry.number == number => each(entry),
                        _ => self.wrong(name, offset, Wrong::Unreadable),
                    }
                }
                Step::Damaged(count) => self.wrong(name, offset, Wrong::Damaged(count as u64)),
                Step::Torn(count) => self.wrong(name, offset, Wrong::Torn(count as u64)),
            }
        }
        self.end = walk.end();
    }

    fn wrong(&mut self, segment: &str, offset: usize, what: Wrong) {
        self.faults.push(Fault { segment: segment.to_owned(), offset: offset as u64, what });
    }

    fn is_wrong(&self, segment: &str) -> bool {
        self.faults.last().is_some_and(|fault| fault.segment == segment)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}, byte {}: {}", self.segment, self.offset, self.what)
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head => formatter.write_str("the head of the segment has changed"),
            Self::Chain => formatter.write_str("the segment does not follow the one before it"),
            Self::Damaged(bytes) => write!(formatter, "{bytes} bytes are no record"),
            Self::Torn(bytes) => write!(formatter, "{bytes} bytes are a record cut short"),
            Self::Unreadable => formatter.write_str("the record cannot be understood"),
        }
    }
}
