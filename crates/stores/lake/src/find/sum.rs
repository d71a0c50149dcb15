//! What was found of each value, added up.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::facts::instant;
use super::plan::Plan;
use super::{Finding, Found, FoundIn, FoundRow, HOST, Hosts};

/// Hosts of a value that are counted.
const MOST_HOSTS: usize = 10_000;

/// A row that counts. Rows are in order of their times, those without one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    /// Microseconds.
    pub(super) time: Option<i64>,
    /// Place of what reads its file.
    pub(super) task: usize,
    /// The group, and its number there.
    pub(super) group: usize,
    pub(super) row: u32,
}

/// What was found of all values.
#[derive(Debug)]
pub(super) struct Sum {
    /// The table of each task.
    tables: Vec<usize>,
    /// Rows that are remembered of each value.
    most: usize,
    values: Vec<One>,
}

/// What was found of one value.
#[derive(Debug, Clone, Default)]
struct One {
    counted: Counted,
    hosts: HashSet<u64>,
    has_more_hosts: bool,
    /// By table and column.
    places: BTreeMap<(usize, usize), Counted>,
    latest: BTreeSet<Row>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    rows: u64,
    /// The earliest and latest time.
    span: Option<(i64, i64)>,
}

impl Counted {
    fn take(&mut self, other: Self) {
        self.rows += other.rows;
        self.span = match (self.span, other.span) {
            (Some(one), Some(other)) => Some((one.0.min(other.0), one.1.max(other.1))),
            (one, other) => one.or(other),
        };
    }
}

impl Sum {
    pub(super) fn new(finding: &Finding<'_>, plan: &Plan) -> Self {
        let tables = plan.tasks.iter().map(|task| task.table).collect();
        Self { tables, most: finding.rows, values: vec![One::default(); finding.values.len()] }
    }

    /// Counts a row, and the hash of its host, in which a value stands in some columns.
    pub(super) fn add(
        &mut self,
        value: u32,
        (row, host): (Row, Option<u64>),
        columns: impl Iterator<Item = usize>,
    ) {
        let table = self.tables[row.task];
        let one = &mut self.values[value as usize];
        let counted = Counted { rows: 1, span: row.time.map(|time| (time, time)) };
        one.counted.take(counted);
        columns.for_each(|column| one.places.entry((table, column)).or_default().take(counted));
        if let Some(host) = host {
            one.host(host);
        }
        one.remember(row, self.most);
    }

    /// Takes in what was found elsewhere.
    pub(super) fn take(&mut self, other: Self) {
        for (one, other) in self.values.iter_mut().zip(other.values) {
            one.counted.take(other.counted);
            one.has_more_hosts |= other.has_more_hosts;
            other.hosts.into_iter().for_each(|host| one.host(host));
            other
                .places
                .into_iter()
                .for_each(|(place, counted)| one.places.entry(place).or_default().take(counted));
            other.latest.into_iter().for_each(|row| one.remember(row, self.most));
        }
    }

    /// The rows that are wanted of each value, the latest first.
    pub(super) fn latest(&self) -> Vec<Vec<Row>> {
        self.values.iter().map(|one| one.latest.iter().rev().copied().collect()).collect()
    }

    /// What is said of each value, with its latest rows.
    pub(super) fn finish(self, finding: &Finding<'_>, plan: &Plan, rows: Vec<Vec<FoundRow>>) -> Vec<Found> {
        let has_hosts = finding.who.view.shows_column(HOST);
        let found = |(one, latest): (One, _)| {
            let place = |((table, column), counted): ((usize, usize), Counted)| {
                let part = &plan.tables[table];
                let (first, last) = span(counted);
                FoundIn {
                    table: part.name.clone(),
                    column: part.columns[column].name.clone(),
                    rows: counted.rows,
                    first,
                    last,
                }
            };
            let (first, last) = span(one.counted);
            let hosts = Hosts { count: one.hosts.len() as u64, or_more: one.has_more_hosts };
            Found {
                rows: one.counted.rows,
                first,
                last,
                hosts: has_hosts.then_some(hosts),
                places: one.places.into_iter().map(place).collect(),
                latest,
            }
        };
        self.values.into_iter().zip(rows).map(found).collect()
    }
}

impl One {
    fn host(&mut self, host: u64) {
        if self.hosts.len() < MOST_HOSTS {
            self.hosts.insert(host);
        } else if !self.hosts.contains(&host) {
            self.has_more_hosts = true;
        }
    }

    fn remember(&mut self, row: Row, most: usize) {
        if self.latest.len() < most {
            self.latest.insert(row);
        } else if self.latest.first().is_some_and(|first| *first < row) {
            self.latest.insert(row);
            self.latest.pop_first();
        }
    }
}

fn span(counted: Counted) -> (Option<model::time::Instant>, Option<model::time::Instant>) {
    (counted.span.and_then(|(first, _)| instant(first)), counted.span.and_then(|(_, last)| instant(last)))
}
