//! People as rows.

use journal::{Column, Kind as _, Row, Stamp, Table, Upsert};

use super::{People, Person, Role};

/// People.
pub const PEOPLE: &str = "register_people";

pub(super) const TABLES: &[Table] = &[Table {
    name: PEOPLE,
    columns: &[
        Column::text("id").searched(),
        Column::text("organisation"),
        // One after the other, with blanks.
        Column::text("roles"),
        Column::personal("name").searched(),
        Column::number("has_left"),
    ],
    key: &["id"],
    unique: &[],
    sorted: &[&["organisation"]],
}];

pub(super) fn rows(person: &Person, stamp: &Stamp<'_>) -> Vec<Upsert> {
    let Some(place) = &person.place else { return Vec::new() };
    let roles: Vec<&str> = place.roles.iter().copied().map(Role::as_str).collect();
    let values = vec![
        stamp.id.into(),
        place.organisation.as_str().into(),
        roles.join(" ").into(),
        person.name.clone().into(),
        person.left.is_some().into(),
    ];
    vec![Upsert::Put(Row { table: PEOPLE, values, label: People::label(person) })]
}
