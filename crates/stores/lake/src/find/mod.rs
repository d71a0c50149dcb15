//! Where values stand: an address, a hash, a name, in any column of any class that holds such values.
//!
//! The value index ([`values`](crate::values)) says which groups of rows can have one ([`plan`]); these are
//! read, many values at once ([`look`]), and every row that counts was seen ([`sum`]). What has no index is
//! read from end to end, so that the answer is the same.

mod asked;
mod evidence;
mod facts;
mod known;
mod look;
mod plan;
mod sum;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use model::indicator::Indicator;
use model::panic::message;
use model::time::Instant;
use model::view::NotFresh;
use serde_json::{Map, Value};

use crate::error::LakeError;
use crate::groups::Unreadable;
use crate::lake::Looking;
use crate::name::{Compartment, TableName};
use asked::Asked;
pub(crate) use known::Known;
use plan::Plan;
pub(crate) use plan::Sources;
use sum::Sum;

/// Files that are read at the same time, at most.
const THREADS: usize = 8;

/// The column that says which machine a row is of.
const HOST: &str = "device.hostname";

/// What is looked for, by whom.
#[derive(Clone, Copy)]
pub struct Finding<'a> {
    /// Who looks, and when.
    pub who: Looking<'a>,
    /// Where. No look crosses compartments.
    pub compartment: &'a Compartment,
    /// What.
    pub values: &'a [Indicator],
    /// Only rows from this time on.
    pub from: Option<Instant>,
    /// Only rows before this time.
    pub to: Option<Instant>,
    /// The most rows that are given of each value, the latest ones.
    pub rows: usize,
    /// Set by whoever wants no answer any more.
    pub stop: &'a AtomicBool,
    /// Told how many files of how many were looked at.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
}

/// What was found of one value.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Rows that have it, each counted once however many columns do.
    pub rows: u64,
    /// Time of the earliest of them; none where none has one, or times are hidden.
    pub first: Option<Instant>,
    /// Time of the latest of them.
    pub last: Option<Instant>,
    /// Hosts that these rows are of; none where hosts are hidden.
    pub hosts: Option<Hosts>,
    /// Where, by table and column.
    pub places: Vec<FoundIn>,
    /// The latest rows, the latest first, as many as were wanted.
    pub latest: Vec<FoundRow>,
}

/// How many hosts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hosts {
    /// So many.
    pub count: u64,
    /// Or more: nobody counted further.
    pub or_more: bool,
}

/// What was found of a value in one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundIn {
    /// The table.
    pub table: TableName,
    /// The column.
    pub column: String,
    /// Rows that have it there.
    pub rows: u64,
    /// Time of the earliest of them.
    pub first: Option<Instant>,
    /// Time of the latest of them.
    pub last: Option<Instant>,
}

/// A row in which a value stands.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundRow {
    /// The table.
    pub table: TableName,
    /// Values by their columns, those that the row has and the view shows.
    pub values: Map<String, Value>,
}

/// Why nothing can be said.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// What was allowed when the view was made may no longer be.
    #[error("the view does not serve any more")]
    View(#[from] NotFresh),
    /// A table cannot be read.
    #[error("the lake cannot be read")]
    Lake(#[from] LakeError),
    /// A file of a table cannot be read.
    #[error("a table cannot be read")]
    File(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Whoever asked wants no answer any more.
    #[error("stopped")]
    Stopped,
    /// A fault of the program.
    #[error("a fault of the program: {0}")]
    Fault(String),
}

impl From<Unreadable> for FindError {
    fn from(error: Unreadable) -> Self {
        Self::File(Box::new(error))
    }
}

/// Answers from what the lake has.
pub(crate) fn find(finding: &Finding<'_>, sources: Sources<'_>) -> Result<Vec<Found>, FindError> {
    finding.who.view.begin(finding.who.now)?;
    carry_out(finding, &plan::plan(finding, sources)?)
}

/// Looks through what is planned.
fn carry_out(finding: &Finding<'_>, plan: &Plan) -> Result<Vec<Found>, FindError> {
    let asked = Asked::new(finding.values);
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let whole = Mutex::new(Sum::new(finding, plan));
    let share = || -> Result<(), FindError> {
        let mut sum = Sum::new(finding, plan);
        loop {
            let task = next.fetch_add(1, Ordering::Relaxed);
            if task >= plan.tasks.len() {
                break;
            }
            look::at(finding, plan, task, &mut look::Into { asked: &asked, sum: &mut sum })?;
            (finding.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, plan.tasks.len());
        }
        whole.lock().unwrap_or_else(PoisonError::into_inner).take(sum);
        Ok(())
    };
    in_parallel(plan.tasks.len(), &share)?;
    let sum = whole.into_inner().unwrap_or_else(PoisonError::into_inner);
    let rows = evidence::rows(finding, plan, &sum)?;
    Ok(sum.finish(finding, plan, rows))
}

/// Does shares of the same work on some threads.
fn in_parallel(tasks: usize, share: &(dyn Fn() -> Result<(), FindError> + Sync)) -> Result<(), FindError> {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let threads = processors.min(THREADS).min(tasks);
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(share)).collect();
        let mut done = share();
        for other in others {
            let ended = other.join().unwrap_or_else(|panic| Err(FindError::Fault(message(&*panic))));
            done = done.and(ended);
        }
        done
    })
}
