//! Hunts and their runs as rows.

use journal::{Column, Row, Stamp, Table, Upsert};
use model::time::Instant;

use super::{Act, Hunt, Run};

/// Hunts.
pub const HUNTS: &str = "watch_hunts";
/// Runs of hunts.
pub const RUNS: &str = "watch_hunt_runs";

/// Stands for no time.
pub(super) const NEVER: Instant = Instant::from_nanoseconds(i64::MAX);

pub(super) const TABLES: &[Table] = &[
    // A number is -1 and a time at its end where there is none.
    Table {
        name: HUNTS,
        columns: &[
            Column::text("name").searched(),
            Column::number("version"),
            Column::text("text").searched(),
            Column::text("techniques"),
            Column::text("clauses"),
            Column::number("runs"),
            Column::time("last_run"),
            Column::number("last_rows"),
            Column::number("is_retired"),
            Column::text("reason"),
            Column::time("changed"),
            Column::text("actor"),
        ],
        key: &["name"],
        unique: &[],
        sorted: &[],
    },
    Table {
        name: RUNS,
        columns: &[
            Column::text("hunt"),
            Column::number("number"),
            Column::number("version"),
            Column::text("horizon"),
            Column::number("found"),
            Column::text("hash"),
            Column::number("again"),
            Column::text("actor"),
            Column::time("at"),
        ],
        key: &["hunt", "number"],
        unique: &[],
        sorted: &[&["at"]],
    },
];

pub(super) fn rows(hunt: &Hunt, act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
    let label = journal::subject::own;
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let mut upserts = Vec::new();
    if let Act::Ran(run) = act {
        let Run { version, horizon, rows, hash, again } = run;
        let values = vec![
            stamp.id.into(),
            count(hunt.runs).into(),
            i64::from(*version).into(),
            horizon.as_str().into(),
            count(*rows).into(),
            hash.to_string().into(),
            again.map_or(-1, count).into(),
            stamp.actor.subject().into(),
            stamp.at.into(),
        ];
        upserts.push(Upsert::Put(Row { table: RUNS, values, label: label() }));
    }
    let Some(newest) = hunt.versions.last() else { return upserts };
    let values = vec![
        stamp.id.into(),
        i64::from(hunt.newest()).into(),
        newest.saved.text.as_str().into(),
        newest.saved.techniques.join(" ").into(),
        newest.saved.clauses.join(" ").into(),
        count(hunt.runs).into(),
        hunt.last_run.unwrap_or(NEVER).into(),
        hunt.last.as_ref().map_or(-1, |run| count(run.rows)).into(),
        hunt.retired.is_some().into(),
        hunt.retired.clone().unwrap_or_default().into(),
        stamp.at.into(),
        stamp.actor.subject().into(),
    ];
    upserts.push(Upsert::Put(Row { table: HUNTS, values, label: label() }));
    upserts
}
