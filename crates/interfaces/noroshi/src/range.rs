//! Times as a user types them: the range of events that count, and the zone of times without one.

use jiff::civil::{Date, DateTime};
use jiff::tz::{Disambiguation, Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use model::time::Instant;
use page::Words;

use crate::Failure;

/// The events that count.
#[derive(Debug, Clone, Copy, Default)]
pub struct Range {
    /// Earliest time that counts.
    pub from: Option<Instant>,
    /// First time that no longer counts.
    pub to: Option<Instant>,
}

impl Range {
    /// Reads both ends. A time that clocks show twice, or skip, where summer time begins or ends
    /// is taken so that the range is the wider one: nothing that may have been meant is left out.
    ///
    /// # Errors
    /// When an end is no time, or no time lies between them.
    pub fn of(from: Option<&str>, to: Option<&str>, zone: &TimeZone, words: Words) -> Result<Self, Failure> {
        let read = |text: &str, doubtful| {
            instant(text, zone, doubtful)
                .ok_or_else(|| Failure::usage(words, "cli-error-time", &[("time", text.into())]))
        };
        let range = Self {
            from: from.map(|text| read(text, Disambiguation::Earlier)).transpose()?,
            to: to.map(|text| read(text, Disambiguation::Later)).transpose()?,
        };
        if range.from.zip(range.to).is_some_and(|(from, to)| from >= to) {
            let values = [("from", from.unwrap_or_default().into()), ("to", to.unwrap_or_default().into())];
            return Err(Failure::usage(words, "cli-error-range", &values));
        }
        Ok(range)
    }
}

/// A time zone by name (`Asia/Tokyo`) or offset (`+09:00`, `UTC+9`, `Z`).
///
/// # Errors
/// When there is no such zone.
pub fn zone(name: &str, words: Words) -> Result<TimeZone, Failure> {
    known_zone(name).ok_or_else(|| Failure::usage(words, "cli-error-zone", &[("zone", name.into())]))
}

/// The same; none where there is no such zone.
#[must_use]
pub fn known_zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok().or_else(|| offset(name))
}

fn offset(name: &str) -> Option<TimeZone> {
    let name = name.trim().to_ascii_uppercase();
    let distance = name.strip_prefix("UTC").unwrap_or(&name);
    if name == "Z" {
        return Some(TimeZone::UTC);
    }
    let sign = match distance.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let digits = &distance[1..];
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, minutes),
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "00"),
        Some(_) => return None,
    };
    let number = |text: &str, most: i32| {
        let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i32>().ok().filter(|number| is_number && *number <= most)
    };
    let seconds = number(hours, 23)? * 3_600 + number(minutes, 59)? * 60;
    Some(TimeZone::fixed(Offset::from_seconds(sign * seconds).ok()?))
}

/// A day alone is its beginning. A time without an offset is in `zone`.
pub fn instant(text: &str, zone: &TimeZone, doubtful: Disambiguation) -> Option<Instant> {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return Some(clamped(text.parse::<Date>().ok()?.to_zoned(zone.clone()).ok()?.timestamp()));
    }
    if text.contains('[') {
        return Some(clamped(text.parse::<Zoned>().ok()?.timestamp()));
    }
    let (date, time) = text.split_at_checked(10)?;
    if time.contains(['+', '-', 'Z', 'z', 'U', 'u']) {
        // People and tools part the offset by a blank, and write UTC for Z.
        let time = time.to_ascii_uppercase().replace("UTC", "Z");
        let time: String = time
            .char_indices()
            .filter(|(at, letter)| *at == 0 || *letter != ' ')
            .map(|(_, letter)| letter)
            .collect();
        return Some(clamped(format!("{date}{time}").parse().ok()?));
    }
    let civil: DateTime = text.parse().ok()?;
    let moment = zone.to_ambiguous_timestamp(civil).disambiguate(doubtful).ok()?;
    Some(clamped(moment))
}

/// Events lie between 1677 and 2262; a range that reaches farther holds them all.
fn clamped(moment: Timestamp) -> Instant {
    let most = i128::from(i64::MAX);
    let nanoseconds = moment.as_nanosecond().clamp(-most, most);
    Instant::from_nanoseconds(i64::try_from(nanoseconds).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, zone: &TimeZone, doubtful: Disambiguation) -> Option<String> {
        instant(text, zone, doubtful).map(|instant| instant.to_string())
    }

    #[test]
    fn times_keep_their_time_of_day() {
        let zone = TimeZone::get("Asia/Tokyo").unwrap();
        for (text, expected) in [
            ("2026-06-18", "2026-06-17T15:00:00Z"),
            ("2026-06-18T03:05", "2026-06-17T18:05:00Z"),
            ("2026-06-18 03:05", "2026-06-17T18:05:00Z"),
            ("2026-06-18T03:05:12", "2026-06-17T18:05:12Z"),
            ("2026-06-18 03:05:12", "2026-06-17T18:05:12Z"),
            ("2026-06-18T03:05:12.25", "2026-06-17T18:05:12.25Z"),
            ("2026-06-18T03:05:12+09:00", "2026-06-17T18:05:12Z"),
            ("2026-06-18 03:05:12 +09:00", "2026-06-17T18:05:12Z"),
            ("2026-06-18T03:05:12+0900", "2026-06-17T18:05:12Z"),
            ("2026-06-18T03:05:12-03:30", "2026-06-18T06:35:12Z"),
            ("2026-06-18T03:05+09:00", "2026-06-17T18:05:00Z"),
            ("2026-06-18T03:05Z", "2026-06-18T03:05:00Z"),
            ("2026-06-18t03:05:12.5z", "2026-06-18T03:05:12.5Z"),
            ("2026-06-18 03:05:12 UTC", "2026-06-18T03:05:12Z"),
            ("2026-06-18T03:05:12[Europe/Paris]", "2026-06-18T01:05:12Z"),
        ] {
            assert_eq!(read(text, &zone, Disambiguation::Earlier).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "T",
            "yesterday",
            "03:05",
            "2026-06-31",
            "2026-06-18T25:00",
            "2026-06-18T03:05+99:00",
            "2026-06-18x",
        ] {
            assert_eq!(read(text, &zone, Disambiguation::Earlier), None, "{text}");
        }
    }

    #[test]
    fn a_time_that_clocks_skip_or_show_twice_widens_the_range() {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        for (text, from, to) in [
            ("2026-03-29T02:30", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"),
            ("2026-10-25T02:30", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"),
            ("2026-10-25", "2026-10-24T22:00:00Z", "2026-10-24T22:00:00Z"),
        ] {
            assert_eq!(read(text, &zone, Disambiguation::Earlier).as_deref(), Some(from), "{text}");
            assert_eq!(read(text, &zone, Disambiguation::Later).as_deref(), Some(to), "{text}");
        }
    }

    #[test]
    fn zones_are_names_or_offsets() {
        let words = Words::new(page::Language::En);
        let seconds = |name| zone(name, words).map(|zone| zone.to_offset(Timestamp::UNIX_EPOCH).seconds());
        for (name, expected) in [
            ("Asia/Tokyo", 32_400),
            ("UTC", 0),
            ("Z", 0),
            ("+09:00", 32_400),
            ("+0900", 32_400),
            ("+9", 32_400),
            ("UTC+9", 32_400),
            ("utc-03:30", -12_600),
            ("-03:30", -12_600),
            ("Etc/GMT-9", 32_400),
        ] {
            assert_eq!(seconds(name).ok(), Some(expected), "{name}");
        }
        for name in ["", "+", "9", "+9:5", "+24", "+09:60", "UTC9", "Mars/Olympus", "+٩"] {
            assert!(seconds(name).is_err(), "{name}");
        }
    }
}
