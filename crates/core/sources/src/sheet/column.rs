//! A column while it is filled: each distinct value once, and for each record which it has.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use model::event::Kind;
use rustc_hash::FxHashMap;

use super::value::{Scalar, Value};

/// What a value is besides its text: its type, and whether the reader computed it from another
/// field. Equal texts that differ in it are different values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark(u8);

impl Mark {
    /// Set for what is computed; the number of the type stands below.
    const DERIVED: u8 = 1 << 3;

    #[inline]
    pub(super) const fn new(scalar: Scalar, derived: bool) -> Self {
        Self(scalar as u8 | if derived { Self::DERIVED } else { 0 })
    }

    #[inline]
    pub(super) fn scalar(self) -> Scalar {
        Scalar::ALL[usize::from(self.0 & (Self::DERIVED - 1))]
    }

    #[inline]
    pub(super) fn is_derived(self) -> bool {
        self.0 & Self::DERIVED != 0
    }
}

/// Distinct values in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Distinct {
    index: HashTable<u32>,
    /// Nobody can know these hashes: values come from outside, and many that were made to meet in one hash
    /// would cost the square of their number.
    hashes: DefaultHashBuilder,
    pub(super) text: Vec<u8>,
    pub(super) ends: Vec<i32>,
    pub(super) marks: Vec<Mark>,
}

/// Most bytes of room that are kept.
const ROOM: usize = 8 << 20;

/// Room for the values of columns, which come and go by the hundred with each batch. That of a kind is used
/// again by the same kind, in the order of its columns: what is far larger than its values is slow.
#[derive(Debug, Default)]
pub(super) struct Rooms {
    of_kinds: FxHashMap<Kind, Vec<Room>>,
    bytes: usize,
}

/// Room for the values of a column.
#[derive(Debug, Default)]
pub(super) struct Room {
    cells: Vec<(u32, u32)>,
    values: Distinct,
}

impl Rooms {
    /// Room for the columns of a kind, that of the first at the end.
    pub(super) fn take(&mut self, kind: &Kind) -> Vec<Room> {
        let rooms = self.of_kinds.remove(kind).unwrap_or_default();
        self.bytes -= rooms.iter().map(Room::bytes).sum::<usize>();
        rooms
    }

    /// Keeps the room of columns whose texts have been taken, while there is not much of it.
    pub(super) fn keep(&mut self, kind: &Kind, columns: impl DoubleEndedIterator<Item = Column>) {
        let rooms: Vec<Room> = columns.rev().map(Column::into_room).collect();
        let bytes = rooms.iter().map(Room::bytes).sum::<usize>();
        if !rooms.is_empty() && self.bytes + bytes <= ROOM && !self.of_kinds.contains_key(kind) {
            self.bytes += bytes;
            self.of_kinds.insert(kind.clone(), rooms);
        }
    }
}

impl Room {
    fn bytes(&self) -> usize {
        let Distinct { index, text, ends, marks, .. } = &self.values;
        let each = size_of::<(u32, u32)>();
        // Of ever new kinds with a value each it is the columns themselves.
        size_of::<Self>()
            + self.cells.capacity() * each
            + index.capacity() * each
            + text.capacity()
            + ends.capacity() * size_of::<i32>()
            + marks.capacity()
    }
}

/// A field of a table that is filled.
#[derive(Debug)]
pub(super) struct Column {
    /// The name the source gives it.
    pub(super) name: Box<str>,
    /// Whether a record has several values.
    pub(super) repeats: bool,
    /// Records and the numbers of their values, in the order of the records.
    pub(super) cells: Vec<(u32, u32)>,
    pub(super) values: Distinct,
}

impl Column {
    pub(super) fn new(name: &str, room: Room) -> Self {
        Self { name: name.into(), repeats: false, cells: room.cells, values: room.values }
    }

    fn into_room(self) -> Room {
        let Self { mut cells, mut values, .. } = self;
        cells.clear();
        values.clear();
        Room { cells, values }
    }

    /// Adds a value and says how many bytes it cost.
    #[inline]
    pub(super) fn push(&mut self, row: u32, value: Value<'_>, derived: bool) -> usize {
        self.repeats |= self.cells.last().is_some_and(|&(last, _)| last == row);
        let known = self.values.len();
        let id = self.values.add(value.text, Mark::new(value.scalar, derived));
        self.cells.push((row, id));
        if self.values.len() == known { 4 } else { value.text.len() + 8 }
    }
}

impl Distinct {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    fn clear(&mut self) {
        self.index.clear();
        self.text.clear();
        self.ends.clear();
        self.marks.clear();
    }

    /// Number of a value, which is noted if it is new.
    #[inline]
    pub(super) fn add(&mut self, text: &str, mark: Mark) -> u32 {
        let bytes = text.as_bytes();
        let hash = self.hashes.hash_one(bytes);
        let (texts, ends, marks) = (&self.text, &self.ends, &self.marks);
        let found =
            self.index.find(hash, |&id| value_at(texts, ends, id) == bytes && marks[id as usize] == mark);
        if let Some(&id) = found {
            return id;
        }
        let id = self.push(text, mark);
        let (text, ends, hashes) = (&self.text, &self.ends, &self.hashes);
        self.index.insert_unique(hash, id, |&id| hashes.hash_one(value_at(text, ends, id)));
        id
    }

    /// Adds a value that is not there.
    #[inline]
    pub(super) fn push(&mut self, text: &str, mark: Mark) -> u32 {
        let id = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.text.extend_from_slice(text.as_bytes());
        self.ends.push(i32::try_from(self.text.len()).unwrap_or(i32::MAX));
        self.marks.push(mark);
        id
    }

    /// What all values are, if they are all the same; nothing when there are none.
    pub(super) fn common(&self) -> Option<Mark> {
        let first = *self.marks.first()?;
        self.marks.iter().all(|mark| *mark == first).then_some(first)
    }
}

#[inline]
fn value_at<'a>(text: &'a [u8], ends: &[i32], id: u32) -> &'a [u8] {
    let at = id as usize;
    let start = if at == 0 { 0 } else { usize::try_from(ends[at - 1]).unwrap_or(0) };
    &text[start..usize::try_from(ends[at]).unwrap_or(start)]
}
