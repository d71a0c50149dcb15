//! The figures of what the program and the access log know.

use std::collections::BTreeMap;

use access_log::{AccessLogError, Entry};
use home::Home;
use model::clause::Register;
use model::evidence::Reference;
use model::figure::{Cell, Counted, Figure, Measure, Period, Row, Rule};

use super::all;
use crate::books::{look, now};

/// The figures.
pub const FIGURES: &[Figure] = &[
    Figure {
        id: "access.viewers",
        unit: "viewers",
        clauses: &["P-1", "2-1-2a"],
        rule: Rule::During,
        counted: Counted::Named(Measure::Rows),
        by: &[],
    },
    Figure {
        id: "duties.clauses",
        unit: "clauses",
        clauses: &["P-2"],
        rule: Rule::Always,
        counted: Counted::Named(Measure::Rows),
        by: &[],
    },
    Figure {
        id: "duties.clauses_with_figures",
        unit: "clauses",
        clauses: &["P-2", "1-3a"],
        rule: Rule::Always,
        counted: Counted::Named(Measure::Rows),
        by: &[],
    },
];

/// Those who looked at a book, each with their first look in the period.
///
/// # Errors
/// When the access log cannot be read.
pub(super) fn viewers(home: &Home, period: Period) -> Result<Vec<Row>, AccessLogError> {
    let mut first: BTreeMap<String, Entry> = BTreeMap::new();
    look(|who| {
        access_log::read(&home.access(), who.view, now(), &mut |entry| {
            if period.holds(entry.at) {
                first.entry(entry.viewer.as_str().to_owned()).or_insert(entry);
            }
        })
    })?;
    let row = |(viewer, entry): (String, Entry)| Row {
        evidence: Reference::Look(entry.number),
        values: vec![
            ("viewer", Cell::Text(viewer)),
            ("at", Cell::Time(entry.at)),
            ("book", Cell::Text(entry.book.as_str().to_owned())),
        ],
    };
    Ok(first.into_iter().map(row).collect())
}

/// The clauses of the register; or those of them alone that a figure answers.
#[must_use]
pub(super) fn clauses(register: &Register, with_figures: bool) -> Vec<Row> {
    let figures = all();
    let answers = |id: &str| figures.iter().filter(|figure| figure.clauses.contains(&id)).count();
    let row = |clause: &model::clause::Clause| Row {
        evidence: Reference::Clause(clause.id.clone()),
        values: vec![
            ("clause", Cell::Text(clause.id.clone())),
            ("phrase", Cell::Text(clause.phrase.ja.clone())),
            ("figures", Cell::Number(i64::try_from(answers(&clause.id)).unwrap_or(i64::MAX))),
        ],
    };
    let clauses = register.clauses().iter().filter(|clause| !with_figures || answers(&clause.id) > 0);
    clauses.map(row).collect()
}
