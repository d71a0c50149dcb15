//! Suppressions as rows.

use journal::{Column, Row, Stamp, Table, Upsert};

use super::Suppression;

/// Suppressions.
pub const SUPPRESSIONS: &str = "watch_suppressions";

pub(super) const TABLES: &[Table] = &[Table {
    name: SUPPRESSIONS,
    columns: &[
        Column::text("name").searched(),
        Column::text("title").searched(),
        Column::text("rules"),
        Column::text("filter"),
        Column::text("reason").searched(),
        Column::time("until"),
        Column::number("is_over"),
        Column::text("actor"),
        Column::time("at"),
    ],
    key: &["name"],
    unique: &[],
    sorted: &[],
}];

pub(super) fn rows(suppression: &Suppression, stamp: &Stamp<'_>) -> Vec<Upsert> {
    let Some(last) = &suppression.last else { return Vec::new() };
    let values = vec![
        stamp.id.into(),
        last.suppressed.title.as_str().into(),
        last.suppressed.rules.join(" ").into(),
        last.suppressed.filter.as_str().into(),
        last.suppressed.reason.as_str().into(),
        last.suppressed.until.into(),
        suppression.is_over.into(),
        last.actor.subject().into(),
        last.at.into(),
    ];
    vec![Upsert::Put(Row { table: SUPPRESSIONS, values, label: journal::subject::own() })]
}
