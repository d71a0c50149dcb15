//! Time in the nation: milliseconds of UTC inside, Japanese days and working hours outside.
//!
//! Japan keeps UTC+9 all year, so a day of life is plain arithmetic. Public holidays follow the holiday law
//! as it stands since 2020 (dates, second and third Mondays, equinoxes, substitutes and the day between two holidays);
//! offices close from 29 December to 3 January (行政機関の休日に関する法律, article 1).

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// One second.
pub const SECOND: Millis = 1000;
/// One minute.
pub const MINUTE: Millis = 60 * SECOND;
/// One hour.
pub const HOUR: Millis = 60 * MINUTE;
/// One day.
pub const DAY: Millis = 24 * HOUR;
const JAPAN: Millis = 9 * HOUR;

/// The Japanese calendar day of an instant, counted from 1970-01-01.
pub fn day_of(time: Millis) -> i64 {
    (time + JAPAN).div_euclid(DAY)
}

/// The instant at which a Japanese calendar day begins.
pub fn midnight(day: i64) -> Millis {
    day * DAY - JAPAN
}

/// The day number of a civil date (proleptic Gregorian).
pub fn day_number(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March here, so that the leap day is the last of its year.
    let (shifted_year, shifted_month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = shifted_year.div_euclid(4) - shifted_year.div_euclid(100) + shifted_year.div_euclid(400);
    shifted_year * 365 + leap_days + (153 * shifted_month + 2) / 5 + day - 719_469
}

/// Year, month and day of a day number.
pub fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let in_era = shifted.rem_euclid(146_097);
    let year_in_era = (in_era - in_era / 1460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year_in_era + year_in_era / 4 - year_in_era / 100);
    let shifted_month = (5 * in_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_in_era + i64::from(month <= 2);
    (year, month, in_year - (153 * shifted_month + 2) / 5 + 1)
}

/// The Japanese month of an instant as `2026-04`, and the instant at which the next one begins.
pub fn month_of(time: Millis) -> (String, Millis) {
    let (year, month, _) = civil(day_of(time));
    let next = if month == 12 { day_number(year + 1, 1, 1) } else { day_number(year, month + 1, 1) };
    (format!("{year:04}-{month:02}"), midnight(next))
}

/// 0 for Monday to 6 for Sunday.
pub fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

/// Whether offices are open: neither weekend nor public holiday nor the turn of the year.
pub fn is_working(day: i64) -> bool {
    let (_, month, date) = civil(day);
    let turn = (month == 12 && date >= 29) || (month == 1 && date <= 3);
    weekday(day) < 5 && !turn && !is_holiday(day)
}

/// How many days offices were closed just before `day` (at most 14).
pub fn closed_before(day: i64) -> i64 {
    (1..=14).take_while(|back| !is_working(day - back)).count() as i64
}

/// Whether `day` is a public holiday of Japan, substitutes included (law in force from 2020, without 2020/2021's moves).
pub fn is_holiday(day: i64) -> bool {
    if is_named_holiday(day) {
        return true;
    }
    // A holiday on a Sunday moves to the next day that is none.
    let mut back = day - 1;
    while is_named_holiday(back) {
        if weekday(back) == 6 {
            return true;
        }
        back -= 1;
    }
    is_named_holiday(day - 1) && is_named_holiday(day + 1)
}

fn is_named_holiday(day: i64) -> bool {
    let (year, month, date) = civil(day);
    let monday = |week: i64| weekday(day) == 0 && (date - 1) / 7 == week - 1;
    match month {
        1 => date == 1 || monday(2),
        2 => date == 11 || date == 23,
        3 => date == equinox(year, 208_431),
        4 => date == 29,
        5 => (3..=5).contains(&date),
        7 => monday(3),
        8 => date == 11,
        9 => monday(3) || date == equinox(year, 232_488),
        10 => monday(2),
        11 => date == 3 || date == 23,
        _ => false,
    }
}

/// Day of the month of an equinox between 1980 and 2099; `base` is its fraction in 1980, in ten-thousandths of a day.
fn equinox(year: i64, base: i64) -> i64 {
    let since = year - 1980;
    (base + 2422 * since) / 10_000 - since.div_euclid(4)
}

/// Appends `2026-06-15T00:00:00.000Z`; `middle` stands between date and time, `end` after it.
pub fn push_time(target: &mut String, time: Millis, (middle, end): (char, &str)) {
    let (year, month, date) = civil(time.div_euclid(DAY));
    let rest = time.rem_euclid(DAY);
    push_digits(target, year, 1000);
    target.push('-');
    push_digits(target, month, 10);
    target.push('-');
    push_digits(target, date, 10);
    target.push(middle);
    push_digits(target, rest / HOUR, 10);
    target.push(':');
    push_digits(target, rest / MINUTE % 60, 10);
    target.push(':');
    push_digits(target, rest / SECOND % 60, 10);
    target.push('.');
    push_digits(target, rest % 1000, 100);
    target.push_str(end);
}

fn push_digits(target: &mut String, value: i64, mut unit: i64) {
    while unit > 0 {
        target.push(char::from(b'0' + (value / unit % 10) as u8));
        unit /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_there_and_back() {
        for day in -800_000..800_000 {
            let (year, month, date) = civil(day);
            assert_eq!(day_number(year, month, date), day);
        }
        assert_eq!(day_number(1970, 1, 1), 0);
        assert_eq!(weekday(day_number(2026, 6, 15)), 0);
    }

    #[test]
    fn months_begin_at_japanese_midnights() {
        let begins = |year, month| midnight(day_number(year, month, 1));
        assert_eq!(month_of(begins(2026, 4)), ("2026-04".into(), begins(2026, 5)));
        assert_eq!(month_of(begins(2027, 1) - 1), ("2026-12".into(), begins(2027, 1)));
        assert_eq!(month_of(begins(2028, 2)).1 - begins(2028, 2), 29 * DAY);
    }

    #[test]
    fn the_holidays_of_fiscal_2026() {
        let from = day_number(2026, 4, 1);
        let found: Vec<(i64, i64)> = (from..from + 365)
            .filter(|day| is_holiday(*day))
            .map(civil)
            .map(|(_, month, date)| (month, date))
            .collect();
        let expected = [
            (4, 29),
            (5, 3),
            (5, 4),
            (5, 5),
            (5, 6),
            (7, 20),
            (8, 11),
            (9, 21),
            (9, 22),
            (9, 23),
            (10, 12),
            (11, 3),
            (11, 23),
            (1, 1),
            (1, 11),
            (2, 11),
            (2, 23),
            (3, 21),
            (3, 22),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn instants_are_written() {
        let mut text = String::new();
        push_time(&mut text, midnight(day_number(2026, 6, 15)) + 5, ('T', "Z"));
        assert_eq!(text, "2026-06-14T15:00:00.005Z");
        assert_eq!(day_of(midnight(20_000)), 20_000);
        assert_eq!(day_of(midnight(20_000) - 1), 19_999);
    }
}
