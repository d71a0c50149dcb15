//! Where an event says when it happened, and how.

use jiff::tz::TimeZone;
use model::time::Instant;

use crate::json::{Field, Number};

/// How much a name is trusted to hold the event time, the most first. Names that only one system
/// uses come before those that a shipper may have added.
const NAMES: [&str; 31] = [
    // Of nested events, too, where its place is told by more than this name.
    "TimeCreated_SystemTime",
    "eventTime",
    "ts",
    "__REALTIME_TIMESTAMP",
    "requestReceivedTimestamp",
    "stageTimestamp",
    "eventTimestamp",
    "activityDateTime",
    "createdDateTime",
    "published",
    "id.time",
    "CreationTime",
    "@timestamp",
    "EventTime",
    "TimeCreated",
    "UtcTime",
    "winlog.time_created",
    "timestamp",
    "Timestamp",
    "ActivityDateTime",
    "TimeGenerated",
    "time",
    "CreationDate",
    "detectedDateTime",
    "event.created",
    "created_at",
    "date",
    "isotimestamp",
    "local_time",
    "EventReceivedTime",
    "startTime",
];

/// Number of places an event time may be found in.
pub(super) const RANKS: usize = NAMES.len();

/// Rank of a name among those of the event time; 0 is the best.
pub(super) fn rank(name: &str) -> Option<usize> {
    // PowerShell makes an object of a date; others keep the attribute of Windows' element.
    let name = name.strip_suffix(".value").unwrap_or(name);
    let of = |name: &str| NAMES.iter().position(|known| *known == name);
    of(name).or_else(|| if is_system_time(name) { of("TimeCreated") } else { None })
}

fn is_system_time(name: &str) -> bool {
    name == "SystemTime" || (name.starts_with("TimeCreated") && name.ends_with("SystemTime"))
}

/// Whether a time that names no zone is UTC. `fixed`: whether all of the event's format are.
fn is_utc(name: &str, fixed: bool) -> bool {
    const UTC: [&str; 9] = [
        "@timestamp",
        "UtcTime",
        "eventTime",
        "ts",
        "CreationTime",
        "CreationDate",
        "TimeGenerated",
        "ActivityDateTime",
        "local_time",
    ];
    // NXLog's own, which it adds to events of any kind, are of the machine's zone.
    let local = name.ends_with("EventTime") || name.ends_with("EventReceivedTime");
    let utc = fixed || is_system_time(name) || UTC.iter().any(|known| name.ends_with(known));
    utc && !local
}

/// Reads an event time: the notations of [`Instant::parse`], numbers since 1970 in seconds,
/// milliseconds, microseconds or nanoseconds (told by their size), and .NET's `/Date(…)/`.
pub(super) fn parse(field: &Field<'_>, fixed: bool, zone: &TimeZone) -> Option<Instant> {
    let text = field.value.text.trim();
    if let Some(milliseconds) = text.strip_prefix("/Date(") {
        // The zone behind the number is for showing it.
        let number = milliseconds.strip_suffix(")/")?;
        let end = number.get(1..)?.find(['+', '-']).map_or(number.len(), |at| at + 1);
        return nanoseconds(Number::read(&number[..end])?, 6);
    }
    // Nearly all are dates, `2026-…`, and need not be read as numbers first.
    let is_date = text.as_bytes().get(4) == Some(&b'-');
    if !is_date && let Some(number) = Number::read(text) {
        return epoch(field.name, number);
    }
    let zone = if is_utc(field.name, fixed) { &TimeZone::UTC } else { zone };
    Instant::parse(text, zone)
}

fn epoch(name: &str, number: Number) -> Option<Instant> {
    let power = match number.scaled(0)?.unsigned_abs() {
        // Within three years of 1970 in seconds a number is hardly a time, but for Zeek's.
        ..100_000_000 if name != "ts" => return None,
        ..100_000_000 => 9,
        100_000_000..100_000_000_000 => 9,
        100_000_000_000..100_000_000_000_000 => 6,
        100_000_000_000_000..100_000_000_000_000_000 => 3,
        _ => 0,
    };
    nanoseconds(number, power)
}

fn nanoseconds(number: Number, power: i32) -> Option<Instant> {
    i64::try_from(number.scaled(power)?).ok().map(Instant::from_nanoseconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Value;

    #[test]
    fn reads_what_exporters_write() {
        let zone = TimeZone::fixed(jiff::tz::offset(9));
        for (name, text, expected) in [
            ("@timestamp", "2026-03-02T08:00:01.000Z", Some("2026-03-02T08:00:01Z")),
            ("EventTime", "2026-03-02 17:00:01", Some("2026-03-02T08:00:01Z")),
            ("UtcTime", "2026-03-02 08:00:01.123", Some("2026-03-02T08:00:01.123Z")),
            ("Event.EventData.UtcTime", "2026-03-02 08:00:01", Some("2026-03-02T08:00:01Z")),
            ("TimeCreated", "/Date(1772438401000)/", Some("2026-03-02T08:00:01Z")),
            ("TimeCreated", "/Date(1772438401000+0900)/", Some("2026-03-02T08:00:01Z")),
            ("ts", "1772438401.25", Some("2026-03-02T08:00:01.25Z")),
            ("time", "1772438401250", Some("2026-03-02T08:00:01.25Z")),
            ("timestamp", "2026-03-02T17:00:01.123456+0900", Some("2026-03-02T08:00:01.123456Z")),
            ("CreationTime", "2026-03-02T08:00:01", Some("2026-03-02T08:00:01Z")),
            ("__REALTIME_TIMESTAMP", "1772438401250000", Some("2026-03-02T08:00:01.25Z")),
            // Every form of a number.
            ("time", "1.7724384E9", Some("2026-03-02T08:00:00Z")),
            ("time", "1.7724384015e12", Some("2026-03-02T08:00:01.5Z")),
            ("time", "177243840125e-2", Some("2026-03-02T08:00:01.25Z")),
            ("time", "1772438401250000.0", Some("2026-03-02T08:00:01.25Z")),
            ("time", "1772438401250000001", Some("2026-03-02T08:00:01.250000001Z")),
            ("time", "-1e9", Some("1938-04-24T22:13:20Z")),
            ("time", "1e30", None),
            ("time", "17", None),
            ("ts", "17.5", Some("1970-01-01T00:00:17.5Z")),
            ("time", "", None),
            ("time", "/Date(0)/", Some("1970-01-01T00:00:00Z")),
            ("time", "/Date(-1000-0500)/", Some("1969-12-31T23:59:59Z")),
            ("time", "/Date(-62135596800000)/", None),
            ("time", "/Date()/", None),
            ("time", "/Date(1772438401000", None),
            // The midnight that ends a day.
            ("time", "2026-03-02T24:00:00Z", Some("2026-03-03T00:00:00Z")),
            // Windows' own attribute.
            ("TimeCreated.#attributes.SystemTime", "2026-03-02T08:00:01", Some("2026-03-02T08:00:01Z")),
            ("SystemTime", "2026-03-02 08:00:01", Some("2026-03-02T08:00:01Z")),
            ("@timestamp", "2026-03-02 08:00:01", Some("2026-03-02T08:00:01Z")),
        ] {
            let field = Field { name, value: Value::text(text), item: 0 };
            assert_eq!(
                parse(&field, false, &zone).map(|time| time.to_string()).as_deref(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn formats_with_a_zone_of_their_own_are_utc() {
        let zone = TimeZone::fixed(jiff::tz::offset(9));
        for (name, fixed, expected) in [
            ("timestamp", true, "2026-03-02T17:00:01Z"),
            ("timestamp", false, "2026-03-02T08:00:01Z"),
            ("EventTime", true, "2026-03-02T08:00:01Z"),
            ("EventReceivedTime", false, "2026-03-02T08:00:01Z"),
        ] {
            let field = Field { name, value: Value::text("2026-03-02T17:00:01"), item: 0 };
            assert_eq!(parse(&field, fixed, &zone).unwrap().to_string(), expected, "{name} {fixed}");
        }
    }

    #[test]
    fn names_of_wrapped_times() {
        for (name, same) in [
            ("createdDateTime.value", "createdDateTime"),
            ("TimeCreated.value", "TimeCreated"),
            ("TimeCreated.@SystemTime", "TimeCreated"),
            ("SystemTime", "TimeCreated"),
        ] {
            assert!(rank(name).is_some() && rank(name) == rank(same), "{name}");
        }
        assert_eq!((rank("value"), rank("category.value"), rank("")), (None, None, None));
    }
}
