//! Numbers, sizes, durations and instants in words.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::words::Words;

/// A whole number with thousands separators: `1,204,331`.
#[must_use]
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with thousands separators.
#[must_use]
pub fn count(number: u64) -> String {
    grouped(i64::try_from(number).unwrap_or(i64::MAX))
}

/// A size in bytes, KB, MB or GB (powers of 1,000), three digits at most.
#[must_use]
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1_000.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1_000.0;
        unit += 1;
    }
    if value < 9.95 { format!("{value:.1} {}", UNITS[unit]) } else { format!("{value:.0} {}", UNITS[unit]) }
}

/// A share of a whole in percent: no decimal, but never 0 for a part nor 100 for less than
/// the whole.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "0".to_owned();
    }
    let share = part as f64 * 100.0 / whole as f64;
    let text = format!("{share:.0}");
    match text.as_str() {
        "0" if part > 0 => "<1".to_owned(),
        "100" if part < whole => format!("{:.1}", (share * 10.0).floor() / 10.0),
        _ => text,
    }
}

/// A duration in its one or two largest units: `34 s`, `4 min 10 s`, `9 h 20 min`, `3 days`.
#[must_use]
pub fn duration(seconds: f64, words: Words) -> String {
    if seconds < 10.0 {
        let tenths = format!("{:.1}", seconds.max(0.0));
        return words.with("page-seconds", &[("number", tenths.into())]);
    }
    let seconds = seconds.round().min(1e15) as u64;
    let unit = |key: &str, number: u64| words.with(key, &[("number", number.into())]);
    let pair = |large: (&str, u64), small: (&str, u64)| {
        let glue = if words.language == crate::Language::En { " " } else { "" };
        if small.1 == 0 {
            unit(large.0, large.1)
        } else {
            format!("{}{glue}{}", unit(large.0, large.1), unit(small.0, small.1))
        }
    };
    match seconds {
        0..60 => unit("page-seconds", seconds),
        60..3_600 => pair(("page-minutes", seconds / 60), ("page-seconds", seconds % 60)),
        3_600..172_800 => pair(("page-hours", seconds / 3_600), ("page-minutes", seconds % 3_600 / 60)),
        _ => unit("page-days", seconds / 86_400),
    }
}

/// A round length of time, as of a bin: `10 min`, `1 h`, `1 day`.
#[must_use]
pub fn length(seconds: i64, words: Words) -> String {
    let seconds = u64::try_from(seconds).unwrap_or(0).max(1);
    let (key, number) = match seconds {
        _ if seconds.is_multiple_of(86_400) => ("page-days", seconds / 86_400),
        _ if seconds.is_multiple_of(3_600) => ("page-hours", seconds / 3_600),
        _ if seconds.is_multiple_of(60) => ("page-minutes", seconds / 60),
        _ => ("page-seconds", seconds),
    };
    words.with(key, &[("number", number.into())])
}

/// Instants as one zone shows them.
#[derive(Debug, Clone)]
pub struct Clock {
    zone: TimeZone,
}

impl Clock {
    /// A clock of `zone`.
    #[must_use]
    pub fn new(zone: TimeZone) -> Self {
        Self { zone }
    }

    /// `2026-06-11 02:13 (JST)`
    #[must_use]
    pub fn moment(&self, instant: Timestamp) -> String {
        self.write("%Y-%m-%d %H:%M (%Z)", instant)
    }

    /// `2026-06-11 02:13`
    #[must_use]
    pub fn minute(&self, instant: Timestamp) -> String {
        self.write("%Y-%m-%d %H:%M", instant)
    }

    /// `2026-06-11 02:13:08`
    #[must_use]
    pub fn second(&self, instant: Timestamp) -> String {
        self.write("%Y-%m-%d %H:%M:%S", instant)
    }

    /// `06-11 02:13:08`, where the year is said elsewhere
    #[must_use]
    pub fn day_second(&self, instant: Timestamp) -> String {
        self.write("%m-%d %H:%M:%S", instant)
    }

    /// `2026`
    #[must_use]
    pub fn year(&self, instant: Timestamp) -> i16 {
        instant.to_zoned(self.zone.clone()).year()
    }

    /// `02:13`
    #[must_use]
    pub fn time(&self, instant: Timestamp) -> String {
        self.write("%H:%M", instant)
    }

    /// `JST`
    #[must_use]
    pub fn zone_name(&self, instant: Timestamp) -> String {
        self.write("%Z", instant)
    }

    /// Day and month in words: `6月11日`, `11 June`.
    #[must_use]
    pub fn day(&self, instant: Timestamp, words: Words) -> String {
        let local = instant.to_zoned(self.zone.clone());
        let number = |part: i8| u64::from(part.unsigned_abs()).into();
        words.with("page-day", &[("month", number(local.month())), ("day", number(local.day()))])
    }

    /// The month in words, short: `4月`, `Apr`; with its year in January and where it is asked for: `2026年4月`, `Apr 2026`.
    #[must_use]
    pub fn month(&self, instant: Timestamp, with_year: bool, words: Words) -> String {
        let local = instant.to_zoned(self.zone.clone());
        let month = u64::from(local.month().unsigned_abs());
        if with_year || month == 1 {
            let values = [("month", month.into()), ("year", local.year().to_string().into())];
            return words.with("page-month-year", &values);
        }
        words.with("page-month", &[("month", month.into())])
    }

    /// The zone's distance from UTC at `instant`, in seconds.
    #[must_use]
    pub fn offset(&self, instant: Timestamp) -> i64 {
        i64::from(self.zone.to_offset(instant).seconds())
    }

    fn write(&self, format: &str, instant: Timestamp) -> String {
        instant.to_zoned(self.zone.clone()).strftime(format).to_string()
    }
}

/// RFC 3339 in UTC, as `<time datetime>` wants it.
#[must_use]
pub fn machine_time(instant: Timestamp) -> String {
    instant.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    const JA: Words = Words { language: Language::Ja };
    const EN: Words = Words { language: Language::En };

    fn tokyo() -> Clock {
        Clock::new(TimeZone::get("Asia/Tokyo").unwrap())
    }

    #[test]
    fn numbers() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_204_331), "1,204,331");
        assert_eq!(grouped(-1_000), "−1,000");
        assert_eq!(count(u64::MAX), "9,223,372,036,854,775,807");
    }

    #[test]
    fn sizes() {
        let cases =
            [(0, "0 B"), (999, "999 B"), (1_000, "1.0 KB"), (104_000_000, "104 MB"), (999_999, "1.0 MB")];
        for (bytes, text) in cases {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn percents_do_not_round_to_nothing_or_all() {
        let cases = [
            ((0, 0), "0"),
            ((0, 9), "0"),
            ((1, 1_000), "<1"),
            ((999, 1_000), "99.9"),
            ((9, 9), "100"),
            ((2, 3), "67"),
        ];
        for ((part, whole), text) in cases {
            assert_eq!(percent(part, whole), text);
        }
    }

    #[test]
    fn durations() {
        let cases = [
            (0.42, "0.4秒", "0.4 s"),
            (34.0, "34秒", "34 s"),
            (250.0, "4分10秒", "4 min 10 s"),
            (33_600.0, "9時間20分", "9 h 20 min"),
            (260_000.0, "3日", "3 days"),
        ];
        for (seconds, ja, en) in cases {
            assert_eq!(duration(seconds, JA), ja);
            assert_eq!(duration(seconds, EN), en);
        }
        assert_eq!(length(600, JA), "10分");
        assert_eq!(length(86_400, EN), "1 day");
    }

    #[test]
    fn instants() {
        let instant: Timestamp = "2026-06-10T17:13:08Z".parse().unwrap();
        let clock = tokyo();
        assert_eq!(clock.moment(instant), "2026-06-11 02:13 (JST)");
        assert_eq!(clock.second(instant), "2026-06-11 02:13:08");
        assert_eq!(clock.day(instant, JA), "6月11日");
        assert_eq!(clock.day(instant, EN), "11 June");
        assert_eq!(clock.month(instant, false, JA), "6月");
        assert_eq!(clock.month(instant, true, EN), "Jun 2026");
        let january: Timestamp = "2026-12-31T15:00:00Z".parse().unwrap();
        assert_eq!(clock.month(january, false, JA), "2027年1月");
        assert_eq!(clock.offset(instant), 32_400);
        assert_eq!(machine_time(instant), "2026-06-10T17:13:08Z");
    }
}
