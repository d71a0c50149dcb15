//! Where the data of a file in a zip archive ends, which headers may say wrongly or not at all.

use std::io;
use std::ops::Range;

use super::Zip;
use super::record::{Facts, is_header};
use super::search::{self, Descriptor};
use super::stretch::{Checked, Stretch};

/// Where the data of a file lies.
#[derive(Debug, Clone)]
pub(super) struct Extent {
    pub data: Range<u64>,
    pub descriptor: Option<Descriptor>,
    /// Bytes that should be there and are not.
    pub missing: u64,
    /// Whether the end was not found as far as one can see.
    pub is_open: bool,
}

impl Zip<'_> {
    /// Where a file's data ends: where a length that is stated leads to something known, else where
    /// something known is found.
    pub(super) fn extent(&mut self, facts: &Facts, local: Option<&Facts>, data: u64) -> io::Result<Extent> {
        let most = self.most()?.max(data);
        let stated = |facts: &Facts| (!facts.is_streamed() || facts.packed > 0).then_some(facts.packed);
        let lengths = [stated(facts), local.and_then(stated)];
        for end in lengths.iter().flatten().filter_map(|length| data.checked_add(*length)) {
            if end <= most
                && let Some(descriptor) = self.leads_on(facts, data..end, most)?
            {
                return Ok(Extent { data: data..end, descriptor, missing: 0, is_open: false });
            }
        }
        let stated = lengths[0].and_then(|length| data.checked_add(length));
        if let Some(end) = stated {
            if end <= most && self.fits(facts, data..end)? {
                return Ok(Extent { data: data..end, descriptor: None, missing: 0, is_open: false });
            }
            // A stored archive that is cut off holds headers, too, which are not those of this one.
            if end > most && facts.method == 0 && is_header(&self.bytes, data)? {
                return Ok(Extent {
                    data: data..most,
                    descriptor: None,
                    missing: end - most,
                    is_open: false,
                });
            }
        }
        let searched = self.searched(data..most, stated)?;
        Ok(match stated {
            // The directory may be right, and what follows be damaged.
            Some(end) if local.is_some() && searched.descriptor.is_none() && end <= searched.data.end => {
                Extent { data: data..end, descriptor: None, missing: 0, is_open: false }
            }
            _ => searched,
        })
    }

    /// Whether something known follows data of that extent; if so, with the descriptor between them.
    fn leads_on(&self, facts: &Facts, data: Range<u64>, most: u64) -> io::Result<Option<Option<Descriptor>>> {
        if data.end - data.start > self.bytes.sight() {
            return Ok(Some(None));
        }
        let mut descriptor = None;
        if facts.is_streamed() {
            descriptor = search::descriptor(&self.bytes, data.start, data.end, self.length)?;
        }
        let behind = data.end + descriptor.map_or(0, |descriptor| descriptor.length);
        let leads_on = behind == most || search::is_record(&self.bytes, behind, self.length)?;
        Ok(leads_on.then_some(descriptor))
    }

    /// Whether data is stored and has the checksum that its header says.
    fn fits(&mut self, facts: &Facts, Range { start: at, end }: Range<u64>) -> io::Result<bool> {
        if facts.method != 0 || end - at > self.bytes.sight().min(self.patience) {
            return Ok(false);
        }
        self.patience -= end - at;
        let stored = Box::new(Stretch { bytes: self.bytes.clone(), at, end });
        let mut checked = Checked::new(stored, vec![facts.sum], 0);
        Ok(io::copy(&mut checked, &mut io::sink()).is_ok_and(|count| count == end - at))
    }

    /// The extent of data whose end is looked for.
    fn searched(&mut self, stretch: Range<u64>, stated: Option<u64>) -> io::Result<Extent> {
        let sight = stretch.start.saturating_add(self.bytes.sight()).min(stretch.end);
        let found = search::end_of_data(&self.bytes, stretch.start..sight, &mut self.patience)?;
        if let Some(found) = found {
            return Ok(Extent {
                data: stretch.start..found.end,
                descriptor: found.descriptor,
                missing: 0,
                is_open: false,
            });
        }
        let end = if sight == u64::MAX { self.bytes.length()?.unwrap_or(sight) } else { sight };
        let missing = stated.map_or(0, |stated| stated.saturating_sub(end));
        let is_open = end == sight && end < stretch.end;
        Ok(Extent { data: stretch.start..end, descriptor: None, missing, is_open })
    }
}
