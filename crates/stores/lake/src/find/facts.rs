//! What is to be known of rows in which values stand: whether they count, when they were, and whose.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use arrow_array::{Array, RecordBatch, StringViewArray, TimestampMicrosecondArray};
use model::time::Instant;
use model::view::Sight;

use super::plan::Part;
use super::{FindError, Finding, HOST};
use crate::groups::{Groups, texts};
use crate::rows::{BATCH, CONFIDENTIALITY, OWNER, PAP, TIME, TLP};
use crate::view::label_of;

/// Nanoseconds.
const MICROSECOND: i64 = 1_000;

/// What is known of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fact {
    /// Whether it counts: the view shows it, it lies in the time that is looked through, and nothing
    /// supersedes it.
    pub(super) counts: bool,
    /// Microseconds, if it has a time and the view shows times.
    pub(super) time: Option<i64>,
    /// The hash of its host, if it has one and the view shows hosts.
    pub(super) host: Option<u64>,
}

/// Some rows of a group, in order.
pub(super) struct Rows<'a> {
    pub(super) open: &'a Groups,
    pub(super) group: usize,
    pub(super) rows: &'a [u32],
    /// What hosts are counted by.
    pub(super) hash: &'a RandomState,
}

/// The facts of some rows.
pub(super) fn read(finding: &Finding<'_>, part: &Part, rows: &Rows<'_>) -> Result<Vec<Fact>, FindError> {
    let names = wanted(finding, part);
    let places: Vec<usize> = names.iter().filter_map(|name| rows.open.place(name)).collect();
    let columns = if places.is_empty() {
        Columns::default()
    } else {
        Columns::of(&rows.open.rows(rows.group, &places, rows.rows)?)
            .map_err(|error| rows.open.failed(error))?
    };
    let mut shown = Shown { finding, hash: rows.hash, known: HashMap::new() };
    Ok((0..rows.rows.len()).map(|row| fact(&columns, row, part, &mut shown)).collect())
}

/// Names of the columns that say what is to be known.
fn wanted(finding: &Finding<'_>, part: &Part) -> Vec<&'static str> {
    let view = finding.who.view;
    let mut names = Vec::new();
    if is_bounded(finding) || view.shows_column(TIME) {
        names.push(TIME);
    }
    if view.shows_column(HOST) {
        names.push(HOST);
    }
    if !part.superseded.is_empty() {
        names.push(BATCH);
    }
    if !matches!(view.sight(), Sight::Everything) {
        names.extend([OWNER, TLP, CONFIDENTIALITY, PAP]);
    }
    names
}

fn is_bounded(finding: &Finding<'_>) -> bool {
    finding.from.is_some() || finding.to.is_some()
}

fn fact(columns: &Columns, row: usize, part: &Part, shown: &mut Shown<'_>) -> Fact {
    let finding = shown.finding;
    let time = columns.times.as_ref().filter(|times| times.is_valid(row)).map(|times| times.value(row));
    let is_within = || {
        let Some(time) = time else { return false };
        let nanoseconds = time.saturating_mul(MICROSECOND);
        finding.from.is_none_or(|from| from.nanoseconds() <= nanoseconds)
            && finding.to.is_none_or(|to| nanoseconds < to.nanoseconds())
    };
    let is_superseded = || columns.text(BATCH, row).is_some_and(|batch| part.superseded.contains(batch));
    let counts = (!is_bounded(finding) || is_within()) && !is_superseded() && shown.shows(columns, row);
    let host = columns.text(HOST, row).map(|host| shown.hash.hash_one(host));
    Fact { counts, time: time.filter(|_| finding.who.view.shows_column(TIME)), host }
}

/// Columns of what is known.
#[derive(Default)]
struct Columns {
    times: Option<TimestampMicrosecondArray>,
    texts: HashMap<&'static str, StringViewArray>,
}

impl Columns {
    fn of(rows: &RecordBatch) -> Result<Self, arrow_schema::ArrowError> {
        let mut columns = Self::default();
        for name in [HOST, BATCH, OWNER, TLP, CONFIDENTIALITY, PAP] {
            if let Some(column) = rows.column_by_name(name) {
                columns.texts.insert(name, texts(column)?);
            }
        }
        let times =
            rows.column_by_name(TIME).and_then(|times| times.as_primitive_opt::<TimestampMicrosecondType>());
        columns.times = times.cloned();
        Ok(columns)
    }

    fn text(&self, name: &str, row: usize) -> Option<&str> {
        self.texts.get(name).filter(|texts| texts.is_valid(row)).map(|texts| texts.value(row))
    }
}

/// Labels, and whether the view shows them.
struct Shown<'a> {
    finding: &'a Finding<'a>,
    hash: &'a RandomState,
    known: HashMap<[Option<String>; 4], bool>,
}

impl Shown<'_> {
    fn shows(&mut self, columns: &Columns, row: usize) -> bool {
        let view = self.finding.who.view;
        if matches!(view.sight(), Sight::Everything) {
            return true;
        }
        let said = [OWNER, TLP, CONFIDENTIALITY, PAP].map(|name| columns.text(name, row).map(str::to_owned));
        let compartment = self.finding.compartment.as_str();
        // Of a row without an owner or a label nobody can say who may see it.
        *self.known.entry(said).or_insert_with_key(|said| {
            label_of(compartment, said.each_ref().map(Option::as_deref))
                .is_some_and(|label| view.shows(&label))
        })
    }
}

/// A time of a row as others know it.
pub(super) fn instant(microseconds: i64) -> Option<Instant> {
    microseconds.checked_mul(MICROSECOND).map(Instant::from_nanoseconds)
}
