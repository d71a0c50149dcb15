//! Benign lists as rows.

use journal::{Column, Row, Stamp, Table, Upsert};
use model::time::Instant;

use super::{Act, Listing, Said};

/// The table of values.
pub const VALUES: &str = "watch_benign";
/// The table of lists.
pub const LISTS: &str = "watch_benign_lists";

/// Stands for no end.
pub(super) const NEVER: Instant = Instant::from_nanoseconds(i64::MAX);

pub(super) const TABLES: &[Table] = &[
    Table {
        name: VALUES,
        columns: &[
            Column::text("list"),
            Column::text("value"),
            Column::number("is_left_out"),
            Column::text("reason").searched(),
            Column::time("until"),
            Column::text("actor"),
            Column::time("at"),
        ],
        key: &["list", "value"],
        unique: &[],
        sorted: &[],
    },
    Table {
        name: LISTS,
        columns: &[
            Column::text("list"),
            Column::number("is_off"),
            Column::number("listed"),
            Column::number("left_out"),
            Column::text("reason"),
            Column::text("actor"),
            Column::time("at"),
        ],
        key: &["list"],
        unique: &[],
        sorted: &[],
    },
];

pub(super) fn rows(state: &Listing, act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
    let put = |table, values| Upsert::Put(Row { table, values, label: journal::subject::own() });
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let reason = state.off.as_ref().map_or("", |off| off.reason.as_str());
    let mut rows = vec![put(
        LISTS,
        vec![
            stamp.id.into(),
            state.off.is_some().into(),
            count(state.listed.len()).into(),
            count(state.left_out.len()).into(),
            reason.into(),
            stamp.actor.subject().into(),
            stamp.at.into(),
        ],
    )];
    let (Act::Listed { values, .. } | Act::Unlisted { values, .. }) = act else { return rows };
    rows.extend(values.iter().map(|value| {
        let name = value.to_string();
        let is_left_out = state.left_out.contains_key(value);
        let said = state.listed.get(value).or_else(|| state.left_out.get(value));
        let Some(Said { reason, until, actor, at }) = said else {
            return Upsert::Remove { table: VALUES, key: vec![stamp.id.into(), name.into()] };
        };
        let values = vec![
            stamp.id.into(),
            name.into(),
            is_left_out.into(),
            reason.as_str().into(),
            until.unwrap_or(NEVER).into(),
            actor.subject().into(),
            (*at).into(),
        ];
        put(VALUES, values)
    }));
    rows
}
