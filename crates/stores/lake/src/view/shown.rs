//! Which rows of a table a view shows, by what is said of each.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, BooleanArray, RecordBatch, StringViewArray};
use arrow_schema::{DataType, Schema};
use datafusion::arrow::buffer::BooleanBuffer;
use datafusion::logical_expr::Expr;
use datafusion::prelude::{ident, lit};
use model::marking::Marking;
use model::view::Part;

use crate::name::Compartment;
use crate::rows::{BATCH, CONFIDENTIALITY, OWNER, PAP, TLP};

/// The columns that say it.
const LABELS: [&str; 4] = [OWNER, TLP, CONFIDENTIALITY, PAP];

/// Marks as rows have them: TLP, 機密性, PAP.
type Marks<'a> = [Option<&'a str>; 3];

/// What is shown of a compartment.
#[derive(Debug)]
pub(super) struct Shown {
    by_owner: HashMap<String, HashSet<Marks<'static>>>,
    /// Batches of which nothing is shown.
    superseded: Arc<HashSet<String>>,
}

impl Shown {
    pub(super) fn of(part: &Part, compartment: &Compartment, superseded: Arc<HashSet<String>>) -> Self {
        let mut by_owner: HashMap<String, HashSet<Marks<'static>>> = HashMap::new();
        let here = part.labels.iter().filter(|label| label.compartment == compartment.as_str());
        for label in here {
            by_owner.entry(label.owner.clone()).or_default().insert(marks(&label.marking));
        }
        Self { by_owner, superseded }
    }

    /// Places of the columns that say what is shown: those of labels, and that of batches where it
    /// matters. None where a label is missing, so that nobody knows.
    pub(super) fn places(&self, columns: &Schema) -> Option<Vec<usize>> {
        let place = |name| {
            let (at, field) = columns.column_with_name(name)?;
            (*field.data_type() == DataType::Utf8View).then_some(at)
        };
        let mut places: Vec<usize> = LABELS.into_iter().map(place).collect::<Option<_>>()?;
        places.extend(place(BATCH).filter(|_| !self.superseded.is_empty()));
        Some(places)
    }

    /// What is true of all rows that are shown, by which files can be left unread.
    pub(super) fn bound(&self) -> Expr {
        ident(OWNER).in_list(self.by_owner.keys().map(|owner| lit_view(owner)).collect(), false)
    }

    /// Which rows are shown, by the columns that say it.
    pub(super) fn mask(&self, rows: &RecordBatch, places: &[usize]) -> Option<BooleanArray> {
        let mut columns = Vec::with_capacity(places.len());
        for place in places {
            columns.push(rows.columns().get(*place)?.as_string_view_opt()?);
        }
        let mut last = false;
        let is_shown = |row: usize| {
            // Rows of one batch lie next to each other.
            if row == 0 || !columns.iter().all(|column| is_same(column, row)) {
                last = self.shows(&columns, row);
            }
            last
        };
        Some(BooleanArray::new(BooleanBuffer::collect_bool(rows.num_rows(), is_shown), None))
    }

    fn shows(&self, columns: &[&StringViewArray], row: usize) -> bool {
        let text = |place: usize| {
            columns.get(place).filter(|texts| texts.is_valid(row)).map(|texts| texts.value(row))
        };
        let marks: &HashSet<Marks<'_>> = match text(0).and_then(|owner| self.by_owner.get(owner)) {
            Some(marks) => marks,
            None => return false,
        };
        marks.contains(&[text(1), text(2), text(3)])
            && text(LABELS.len()).is_none_or(|batch| !self.superseded.contains(batch))
    }
}

/// Whether a row has the same text as the one before; a text that stands in two places may count as two.
fn is_same(column: &StringViewArray, row: usize) -> bool {
    match (column.is_valid(row - 1), column.is_valid(row)) {
        (true, true) => column.views()[row - 1] == column.views()[row],
        (before, now) => before == now,
    }
}

fn marks(marking: &Marking) -> Marks<'static> {
    [
        Some(marking.tlp.as_str()),
        marking.confidentiality.map(|grade| grade.as_str()),
        marking.pap.map(|pap| pap.as_str()),
    ]
}

/// A text as columns in memory have it.
fn lit_view(text: &str) -> Expr {
    lit(datafusion::common::ScalarValue::Utf8View(Some(text.to_owned())))
}
