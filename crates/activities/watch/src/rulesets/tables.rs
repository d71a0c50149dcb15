//! The tables that acts of sets fill.

use journal::{Column, Kind as _, Row, Stamp, Table, Upsert, Value};
use model::time::Instant;

use super::{Act, Ruleset, Rulesets};

pub(super) const SETS: &str = "watch_rulesets";
pub(super) const EXCLUSIONS: &str = "watch_exclusions";

pub(super) const TABLES: &[Table] = &[
    // `version` is the one that runs, -1 for none.
    Table {
        name: SETS,
        columns: &[
            Column::text("name").searched(),
            Column::number("version"),
            Column::number("newest"),
            Column::number("rules"),
        ],
        key: &["name"],
        unique: &[],
        sorted: &[],
    },
    // `until` is the end of time where an exclusion has no end.
    Table {
        name: EXCLUSIONS,
        columns: &[
            Column::text("name"),
            Column::text("rule").searched(),
            Column::text("title").searched(),
            Column::text("reason").searched(),
            Column::time("until"),
            Column::text("actor"),
            Column::time("at"),
        ],
        key: &["name", "rule"],
        unique: &[],
        sorted: &[&["until"]],
    },
];

/// The end of an exclusion that has none.
pub(super) const NEVER: Instant = Instant::from_nanoseconds(i64::MAX);

pub(super) fn rows(state: &Ruleset, act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
    let label = || Rulesets::label(state);
    let put = |table, values| Upsert::Put(Row { table, values, label: label() });
    let version = state.enabled(stamp.id);
    let rules = version.and_then(|version| state.versions.get(&version)).map_or(0, |added| added.rules);
    let mut rows = vec![put(
        SETS,
        vec![
            stamp.id.into(),
            version.map_or(-1, i64::from).into(),
            i64::from(state.newest()).into(),
            i64::from(rules).into(),
        ],
    )];
    match act {
        Act::Excluded { rule, title, reason, until } => rows.push(put(
            EXCLUSIONS,
            vec![
                stamp.id.into(),
                rule.as_str().into(),
                title.as_str().into(),
                reason.as_str().into(),
                until.unwrap_or(NEVER).into(),
                stamp.actor.subject().into(),
                stamp.at.into(),
            ],
        )),
        Act::Included { rule, .. } => {
            let key: Vec<Value> = vec![stamp.id.into(), rule.as_str().into()];
            rows.push(Upsert::Remove { table: EXCLUSIONS, key });
        }
        Act::Added { .. } | Act::Enabled { .. } | Act::Disabled { .. } | Act::Warned { .. } => {}
    }
    rows
}
