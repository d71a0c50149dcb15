//! From numbers to places: round steps for counts and for time.

/// A mark on the time axis, as the function that words it sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tick {
    /// Instant, seconds since 1970 UTC.
    pub instant: i64,
    /// Seconds to the next tick.
    pub step: i64,
    /// True for the first tick of the axis, which may say the date.
    pub first: bool,
    /// True when ticks stand at the beginnings of months.
    pub months: bool,
}

const DAY: i64 = 86_400;

/// Steps between ticks of a time axis, in seconds; beyond them months are counted.
const TIME_STEPS: [i64; 18] = [
    1, 5, 10, 30, 60, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
    1_209_600,
];

/// The same in months; beyond them years are.
const MONTH_STEPS: [i64; 4] = [1, 2, 3, 6];

/// A linear scale from a domain of numbers to a range of places.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Linear {
    from: f64,
    to: f64,
    start: f64,
    length: f64,
}

impl Linear {
    /// Maps `domain` to the places `start` to `start + length`. An empty domain becomes one wide.
    pub(crate) fn new(domain: (f64, f64), start: f64, length: f64) -> Self {
        let (from, to) = domain;
        Self { from, to: if to > from { to } else { from + 1.0 }, start, length }
    }

    /// The place where the range ends.
    pub(crate) fn end(&self) -> f64 {
        self.start + self.length
    }

    pub(crate) fn place(&self, value: f64) -> f64 {
        self.start + (value - self.from) / (self.to - self.from) * self.length
    }
}

/// Round step so that at most `most` of them reach `maximum`, and the top they reach.
pub(crate) fn count_steps(maximum: u64, most: u64) -> (u64, u64) {
    let maximum = maximum.max(1);
    let mut power = 1_u64;
    loop {
        for factor in [1, 2, 5] {
            let step = power.saturating_mul(factor);
            if maximum.div_ceil(step) <= most || step == u64::MAX {
                return (step, step.saturating_mul(maximum.div_ceil(step)));
            }
        }
        power = power.saturating_mul(10);
    }
}

/// Ticks inside `from..=to` at round local times, the smallest step of which at most `most`
/// fall inside. `offset` is the zone's distance from UTC in seconds.
#[must_use]
pub fn time_ticks(span: (i64, i64), offset: i64, most: usize) -> Vec<Tick> {
    let (from, to) = span;
    let length = to.saturating_sub(from).max(1);
    let most = most.max(1);
    let fits = |step: &&i64| length / **step < i64::try_from(most).unwrap_or(i64::MAX);
    let Some(step) = TIME_STEPS.iter().find(fits).copied() else { return month_ticks(span, offset, most) };
    let local = from.saturating_add(offset);
    let first = local.div_euclid(step).saturating_mul(step);
    let first = if first < local { first.saturating_add(step) } else { first }.saturating_sub(offset);
    (0..=most as i64)
        .map(|number| first.saturating_add(number.saturating_mul(step)))
        .take_while(|instant| *instant <= to)
        .enumerate()
        .map(|(number, instant)| Tick { instant, step, first: number == 0, months: false })
        .collect()
}

/// Ticks at beginnings of months, quarters, years.
fn month_ticks((from, to): (i64, i64), offset: i64, most: usize) -> Vec<Tick> {
    let begins = |month: i64| month_start(month).saturating_mul(DAY).saturating_sub(offset);
    let month = |instant: i64| month_of(instant.saturating_add(offset).div_euclid(DAY));
    let length = month(to) - month(from);
    let fits = |step: &&i64| length / **step < most as i64;
    let years = || length / 12 / most as i64 + 1;
    let step = MONTH_STEPS.iter().find(fits).copied().unwrap_or_else(|| years() * 12);
    let first = month(from).div_euclid(step) * step;
    let first = if begins(first) < from { first + step } else { first };
    (0..=most as i64)
        .map(|number| (begins(first + number * step), begins(first + (number + 1) * step)))
        .take_while(|(instant, _)| *instant <= to)
        .enumerate()
        .map(|(number, (instant, next))| Tick {
            instant,
            step: next.saturating_sub(instant),
            first: number == 0,
            months: true,
        })
        .collect()
}

/// The month that a day lies in, counted from January of the year 0; days count from 1970-01-01.
///
/// Years begin in March here, so that the leap day is the last of its year (proleptic Gregorian calendar).
fn month_of(day: i64) -> i64 {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let in_era = shifted.rem_euclid(146_097);
    let year = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year + year / 4 - year / 100);
    (era * 400 + year) * 12 + (5 * in_year + 2) / 153 + 2
}

/// The day on which a month begins.
fn month_start(month: i64) -> i64 {
    let shifted = month - 2;
    let (year, month) = (shifted.div_euclid(12), shifted.rem_euclid(12));
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * month + 2) / 5 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn count_steps_are_round_and_few() {
        assert_eq!(count_steps(0, 5), (1, 1));
        assert_eq!(count_steps(5, 5), (1, 5));
        assert_eq!(count_steps(6, 5), (2, 6));
        assert_eq!(count_steps(47, 5), (10, 50));
        assert_eq!(count_steps(1_204_331, 5), (500_000, 1_500_000));
        for maximum in [1, 9, 99, 12_345, u64::MAX / 2, u64::MAX] {
            let (step, top) = count_steps(maximum, 5);
            assert!(top >= maximum && top / step <= 5, "{maximum}: {step} {top}");
        }
    }

    #[test]
    fn time_ticks_stand_at_local_round_times() {
        let tokyo = 9 * 3_600;
        let midnight = 1_781_103_600; // 2026-06-11 00:00 JST
        let ticks = time_ticks((midnight + 60, midnight + 86_400), tokyo, 9);
        assert_eq!(ticks[0], Tick { instant: midnight + 10_800, step: 10_800, first: true, months: false });
        assert_eq!(ticks.last().map(|tick| tick.instant), Some(midnight + 86_400));
        assert!(ticks.iter().all(|tick| (tick.instant + tokyo) % tick.step == 0));
    }

    #[test]
    fn a_year_has_a_tick_at_each_month() {
        let tokyo = 9 * 3_600;
        let april = 1_774_969_200; // 2026-04-01 00:00 JST
        let ticks = time_ticks((april, april + 365 * DAY), tokyo, 13);
        let days: Vec<i64> = ticks.iter().map(|tick| (tick.instant - april) / DAY).collect();
        assert_eq!(days, [0, 30, 61, 91, 122, 153, 183, 214, 244, 275, 306, 334, 365]);
        assert!(ticks.iter().all(|tick| tick.months && (tick.instant + tokyo) % DAY == 0));
        // Where fewer fit they stand at quarters, and later at years.
        let steps = |years: i64, most| {
            let ticks = time_ticks((april, april + years * 365 * DAY), tokyo, most);
            ticks.windows(2).map(|pair| (pair[1].instant - pair[0].instant) / DAY).collect::<Vec<_>>()
        };
        assert_eq!(steps(1, 5), [91, 92, 92, 90]);
        assert_eq!(steps(4, 5), [365, 366, 365]);
    }

    #[test]
    fn months_hold_their_days() {
        for month in -30_000..30_000 {
            let (begins, next) = (month_start(month), month_start(month + 1));
            assert!((28..=31).contains(&(next - begins)), "{month}");
            assert_eq!((month_of(begins), month_of(next - 1)), (month, month));
        }
        assert_eq!((month_start(1970 * 12), month_of(20_514)), (0, 2026 * 12 + 2));
    }

    #[test]
    fn extreme_spans_give_few_ticks() {
        for span in [(0, 0), (5, 1), (i64::MIN, i64::MAX), (0, 4_000_000_000)] {
            assert!(time_ticks(span, 0, 8).len() <= 9, "{span:?}");
        }
    }
}
