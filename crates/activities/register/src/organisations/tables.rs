//! Organisations as rows.

use journal::{Column, Row, Stamp, Table, Upsert};

use super::{Organisation, label};

/// Organisations.
pub const ORGANISATIONS: &str = "register_organisations";

pub(super) const TABLES: &[Table] = &[Table {
    name: ORGANISATIONS,
    columns: &[
        Column::text("id").searched(),
        Column::text("name").searched(),
        Column::text("kind"),
        // 0 where there is none.
        Column::number("prefecture"),
        Column::text("parent"),
        Column::number("has_left"),
    ],
    key: &["id"],
    unique: &[],
    sorted: &[&["kind"]],
}];

pub(super) fn rows(organisation: &Organisation, stamp: &Stamp<'_>) -> Vec<Upsert> {
    let Some(described) = &organisation.described else { return Vec::new() };
    let values = vec![
        stamp.id.into(),
        described.name.as_str().into(),
        described.kind.as_str().into(),
        i64::from(described.prefecture.unwrap_or(0)).into(),
        described.parent.as_deref().unwrap_or_default().into(),
        organisation.left.is_some().into(),
    ];
    vec![Upsert::Put(Row { table: ORGANISATIONS, values, label: label(stamp.id) })]
}
