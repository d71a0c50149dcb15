//! Where an event says when it happened, and how.

use jiff::tz::TimeZone;
use model::time::Instant;

use crate::json::Field;

/// Number of places an event time may be found in.
pub(super) const RANKS: usize = 29;

/// How much a name is trusted to hold the event time; 0, the most, is `System.TimeCreated`.
pub(super) fn rank(name: &str) -> Option<usize> {
    Some(match name {
        "@timestamp" => 1,
        "EventTime" => 2,
        "TimeCreated" => 3,
        "TimeCreated.value" => 4,
        "UtcTime" => 5,
        "winlog.time_created" => 6,
        "timestamp" => 7,
        "Timestamp" => 8,
        "eventTime" => 9,
        "TimeGenerated" => 10,
        "time" => 11,
        "ts" => 12,
        "CreationTime" => 13,
        "ActivityDateTime" => 14,
        "event.created" => 15,
        "created_at" => 16,
        "date" => 17,
        "EventReceivedTime" => 18,
        "published" => 19,
        "startTime" => 20,
        "createdDateTime" | "CreatedDateTime" => 21,
        "eventTimestamp" => 22,
        "detectedDateTime" => 23,
        "CreationDate" => 24,
        "requestReceivedTimestamp" => 25,
        "stageTimestamp" => 26,
        "id.time" => 27,
        "__REALTIME_TIMESTAMP" => 28,
        _ => return None,
    })
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
    let zone = if field.name.ends_with("UtcTime") { &TimeZone::UTC } else { zone };
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
            ("timestamp", "2026-03-02T17:00:01.000000+0900", Some("2026-03-02T08:00:01Z")),
            ("__REALTIME_TIMESTAMP", "1772438401250000", Some("2026-03-02T08:00:01.25Z")),
            ("time", "17", None),
            ("time", "", None),
        ] {
            let field = Field { name, value: Value::text(text), item: 0 };
            assert_eq!(parse(&field, &zone).map(|time| time.to_string()).as_deref(), expected, "{text}");
        }
    }
}
