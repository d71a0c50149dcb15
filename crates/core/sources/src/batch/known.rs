//! What is stored of sources read earlier, under whatever name.

use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use super::prefix::Mark;

/// A batch that is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its id.
    pub id: [u8; 16],
    /// Where it began.
    pub start: Mark,
    /// Where it ended.
    pub end: Mark,
    /// Number of its first event in the source, from 0.
    pub first_event: u64,
    /// Events in it.
    pub events: u64,
    /// Whether the source ended here in the middle of something that may go on.
    pub open: Option<Open>,
}

/// How an end came about at which the last event may not be whole, and the place up to which it was
/// there, its line's end left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// In a line.
    Line(Mark),
    /// Among events that further records may join.
    Events(Mark),
}

impl Open {
    /// The place up to which the last event was there.
    pub(super) fn mark(&self) -> &Mark {
        match self {
            Self::Line(mark) | Self::Events(mark) => mark,
        }
    }
}

/// All stored batches of one owner in one compartment. More may be added at any time: sources
/// that are being read are compared with them, too.
#[derive(Debug, Default)]
pub struct Known(RwLock<Places>);

#[derive(Debug, Default)]
struct Places {
    /// By key of the source's beginning and end.
    ends: HashMap<u64, Vec<Stored>>,
    /// Open ones by where they began.
    open: HashMap<[u8; 32], Vec<Stored>>,
    /// Those that are not whole, by id.
    lost: HashSet<[u8; 16]>,
}

impl Known {
    /// Batches, in any order.
    #[must_use]
    pub fn new(stored: impl IntoIterator<Item = Stored>) -> Self {
        let known = Self::default();
        known.extend(stored);
        known
    }

    /// Adds batches, in any order.
    pub fn extend(&self, stored: impl IntoIterator<Item = Stored>) {
        let mut places = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for one in stored {
            if one.open.is_some() {
                places.open.entry(one.start.hash).or_default().push(one.clone());
            }
            let list = places.ends.entry(one.end.head).or_default();
            // They come nearly always in order, and then this is the end of the list.
            let at = list.partition_point(|other| other.end.end <= one.end.end);
            list.insert(at, one);
        }
    }

    /// Takes batches for not stored: what is in them is read again, and cut where they end.
    pub fn lose(&self, ids: impl IntoIterator<Item = [u8; 16]>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).lost.extend(ids);
    }

    /// The first place from `end` on at which a batch of a source with this beginning ended.
    pub(super) fn next(&self, head: u64, end: u64) -> Option<u64> {
        let places = self.read();
        let list = places.ends.get(&head)?;
        list.get(list.partition_point(|stored| stored.end.end < end)).map(|stored| stored.end.end)
    }

    /// The stored batch between two places; if there is none, whether any ended at the second.
    pub(super) fn between(&self, start: &Mark, end: &Mark) -> (Option<Stored>, bool) {
        let places = self.read();
        let list = places.ends.get(&end.head).map_or(&[][..], Vec::as_slice);
        let first = list.partition_point(|stored| stored.end.end < end.end);
        let mut here =
            list[first..].iter().take_while(|one| one.end.end == end.end).filter(|one| one.end == *end);
        let ended = here.clone().next().is_some();
        (here.find(|one| one.start == *start && !places.lost.contains(&one.id)).cloned(), ended)
    }

    /// Open batches that began at a place.
    pub(super) fn open_from(&self, start: &Mark) -> Vec<Stored> {
        self.read().open.get(&start.hash).cloned().unwrap_or_default()
    }

    fn read(&self) -> RwLockReadGuard<'_, Places> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}
