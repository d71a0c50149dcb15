//! The figures of all activities: what they are, and what they come to in a home.
//!
//! A figure is declared as a value ([`model::figure`]) where its activity is, those of the lake in [`observed`]. Here
//! they are counted: all of a period with one reading of each table (`gone_over`), or one of them by its own
//! question, with the rows that it counts (`question`). Both ways must give the same, which a test holds.

mod as_of;
mod counting;
mod gone_over;
pub mod known;
pub mod observed;
pub mod question;
mod rows;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use model::figure::{CellId, Figure, Value};
use model::time::Instant;
use serde_json::Value as Json;

pub use as_of::{AsOf, Table};
pub use counting::{Counting, cell_of, measure};

/// What a figure comes to in a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Count<'a> {
    /// The figure.
    pub figure: &'a Figure,
    /// All of it.
    pub value: Value,
    /// Its parts that are not nothing.
    pub cells: BTreeMap<CellId, Value>,
    /// The time of the newest row that it counts; none where there is none, or rows have no time.
    pub newest: Option<Instant>,
}

/// All figures, in the order in which they are listed.
#[must_use]
pub fn all() -> Vec<Figure> {
    [observed::FIGURES, watch::figures::FIGURES, known::FIGURES].concat()
}

/// An instant of an answer.
fn time_of(value: &Json) -> Option<Instant> {
    Instant::parse(value.as_str()?, &TimeZone::UTC)
}
