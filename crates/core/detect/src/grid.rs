//! A sheet as the engine looks at it: its columns, and their values folded when that is asked for.

use std::cell::OnceCell;
use std::ops::{Deref, Range};

use model::event::Place;
use sources::{Cause, Rows, Scalar, Sheet};

use crate::fold::fold_into;
use crate::matcher::Candidate;

/// Columns of one sheet, by the names they have in it.
pub(crate) struct Grid<'a> {
    rows: Rows<'a>,
    pub(crate) columns: Vec<Column<'a>>,
}

/// One field of all records.
pub(crate) struct Column<'a> {
    values: sources::Column<'a>,
    folded: OnceCell<Folded>,
}

struct Folded {
    text: String,
    ends: Vec<usize>,
}

impl<'a> Grid<'a> {
    pub(crate) fn new(sheet: &'a Sheet) -> Result<Self, Cause> {
        let mut rows = sheet.rows()?;
        let columns = rows.take_columns().into_iter();
        let columns = columns.map(|values| Column { values, folded: OnceCell::new() }).collect();
        Ok(Self { rows, columns })
    }

    /// Number of events.
    pub(crate) fn events(&self) -> usize {
        self.rows.events()
    }

    /// Records of an event.
    pub(crate) fn records(&self, event: usize) -> Range<usize> {
        self.rows.records(event)
    }

    /// Column of a catalogue field.
    pub(crate) fn known(&self, name: &str) -> Option<usize> {
        self.rows.known(name)
    }

    /// Column of a field outside the catalogue.
    pub(crate) fn raw(&self, name: &str) -> Option<usize> {
        self.rows.raw(name)
    }

    /// Where an event stands in its source.
    pub(crate) fn place(&self, event: usize) -> Place {
        self.rows.place(event)
    }

    /// Source of an event.
    pub(crate) fn source_path(&self, event: usize) -> &str {
        self.rows.source_path(event)
    }
}

impl<'a> Deref for Column<'a> {
    type Target = sources::Column<'a>;

    fn deref(&self) -> &Self::Target {
        &self.values
    }
}

impl Column<'_> {
    /// A value as it is tested.
    #[inline]
    pub(crate) fn candidate(&self, id: u32) -> Candidate<'_> {
        let is_number = matches!(self.value(id).scalar, Scalar::Integer | Scalar::Float);
        Candidate { text: self.text(id), folded: self.folded(id), is_number }
    }

    /// A value folded for comparison without case.
    pub(crate) fn folded(&self, id: u32) -> &str {
        let folded = self.folded.get_or_init(|| {
            let mut text = String::with_capacity(self.text_bytes());
            let ids = 0..u32::try_from(self.distinct()).unwrap_or(u32::MAX);
            let ends = ids.map(|id| {
                fold_into(self.text(id), &mut text);
                text.len()
            });
            let ends = ends.collect();
            Folded { text, ends }
        });
        let at = id as usize;
        let start = if at == 0 { 0 } else { folded.ends[at - 1] };
        &folded.text[start..folded.ends[at]]
    }
}
