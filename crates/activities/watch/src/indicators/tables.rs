//! Indicators as rows.

use journal::{Column, Row, Stamp, Table, Upsert, Value as Cell};
use model::time::Instant;

use super::act::Value;
use super::state::Indicator;

/// Indicators.
pub const INDICATORS: &str = "watch_indicators";
/// Looks at the lake for all of them.
pub const LOOKS: &str = "watch_indicator_looks";

/// Stands for no time.
pub(super) const NEVER: Instant = Instant::from_nanoseconds(i64::MAX);

pub(super) const TABLES: &[Table] = &[Table {
    name: INDICATORS,
    // `value` is empty where the indicator is somebody's, whose address is `person`; a number is -1 and a time at its
    // end where there is none.
    columns: &[
        Column::text("id"),
        Column::text("value"),
        Column::personal("person"),
        Column::text("kind"),
        Column::text("state"),
        Column::time("first_seen"),
        Column::time("last_seen"),
        Column::number("hits"),
        Column::text("source"),
        Column::text("partner"),
        Column::number("finding"),
        Column::text("list"),
        Column::number("sources"),
        Column::number("confidence"),
        Column::text("note").searched(),
        Column::text("benign"),
        Column::text("reason").searched(),
        Column::time("added"),
        Column::time("until"),
        Column::time("changed"),
        Column::text("actor"),
    ],
    key: &["id"],
    unique: &[],
    sorted: &[&["state", "added"], &["kind"], &["finding"]],
}];

pub(super) fn rows(indicator: &Indicator, stamp: &Stamp<'_>) -> Vec<Upsert> {
    let (Some(observable), Some(value)) = (indicator.observable, &indicator.value) else { return Vec::new() };
    let (plain, person) = match value {
        Value::Plain(value) => (value.as_str(), None),
        Value::Person(person) => ("", Some(person.clone())),
    };
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let (source, seen) = (indicator.sources.first(), indicator.seen);
    let time = |time: Option<Instant>| Cell::Time(time.unwrap_or(NEVER));
    let text = |text: Option<&str>| Cell::Text(text.unwrap_or_default().to_owned());
    let finding = indicator.sources.iter().find_map(|source| source.finding);
    let values = vec![
        stamp.id.into(),
        plain.into(),
        person.into(),
        observable.as_str().into(),
        text(indicator.status.map(super::Status::as_str)),
        time(seen.and_then(|seen| seen.first)),
        time(seen.and_then(|seen| seen.last)),
        count(seen.map_or(0, |seen| seen.rows)).into(),
        text(source.map(super::Source::as_str)),
        text(indicator.sources.iter().find_map(|source| source.partner.as_deref())),
        finding.map_or(-1, count).into(),
        text(source.and_then(|source| source.file.as_ref()).map(|file| file.name.as_str())),
        count(indicator.sources.len() as u64).into(),
        indicator.confidence.map_or(-1, i64::from).into(),
        indicator.note.as_str().into(),
        text(indicator.kept.as_ref().map(|kept| kept.list.as_str())),
        indicator.reason.as_str().into(),
        time(indicator.added),
        time(indicator.until),
        stamp.at.into(),
        stamp.actor.subject().into(),
    ];
    vec![Upsert::Put(Row { table: INDICATORS, values, label: indicator.label() })]
}
