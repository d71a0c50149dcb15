//! Where an event says when it happened, and how.

use jiff::tz::TimeZone;
use model::time::Instant;

use crate::json::Field;

/// How much a name is trusted to hold the event time, the most first. Names that only one system
/// uses come before those that a shipper may have added.
const NAMES: [&str; 32] = [
    // `System.TimeCreated` of Windows, whose place is told by more than its name.
    "",
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
    "TimeCreated.value",
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

/// Rank of a name among those of the event time; 0, the best, is no name.
pub(super) fn rank(name: &str) -> Option<usize> {
    NAMES.iter().position(|known| *known == name).filter(|rank| *rank > 0)
}

/// Names whose values are UTC where they name no zone.
fn is_utc(name: &str) -> bool {
    const UTC: [&str; 8] = [
        "UtcTime",
        "eventTime",
        "ts",
        "CreationTime",
        "CreationDate",
        "TimeGenerated",
        "ActivityDateTime",
        "local_time",
    ];
    UTC.iter().any(|known| name.ends_with(known))
}

/// Reads an event time: the notations of [`Instant::parse`], numbers since 1970 in seconds,
/// milliseconds, microseconds or nanoseconds (told by their size), and .NET's `/Date(…)/`.
pub(super) fn parse(field: &Field<'_>, zone: &TimeZone) -> Option<Instant> {
    let text = field.value.text.trim();
    if let Some(milliseconds) = text.strip_prefix("/Date(") {
        let digits = milliseconds.split([')', '+']).next()?;
        return Instant::from_milliseconds(digits.parse().ok()?);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return epoch(text);
    }
    let zone = if is_utc(field.name) { &TimeZone::UTC } else { zone };
    Instant::parse(text, zone)
}

fn epoch(text: &str) -> Option<Instant> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let number: i64 = whole.parse().ok()?;
    let unit: i64 = match number {
        // Below 1973 in seconds a number is hardly a time.
        ..100_000_000 => return None,
        100_000_000..100_000_000_000 => 1_000_000_000,
        100_000_000_000..100_000_000_000_000 => 1_000_000,
        100_000_000_000_000..100_000_000_000_000_000 => 1_000,
        _ => 1,
    };
    let mut part = 0;
    let mut scale = unit;
    for digit in fraction.bytes().map(|byte| i64::from(byte.wrapping_sub(b'0'))) {
        scale /= 10;
        if !(0..10).contains(&digit) {
            return None;
        }
        part += digit * scale;
    }
    Some(Instant::from_nanoseconds(number.checked_mul(unit)?.checked_add(part)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Value;

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
            ("time", "17", None),
            ("time", "", None),
        ] {
            let field = Field { name, value: Value::text(text), item: 0 };
            assert_eq!(parse(&field, &zone).map(|time| time.to_string()).as_deref(), expected, "{text}");
        }
    }
}
