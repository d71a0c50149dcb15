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
}

/// Steps between ticks of a time axis, in seconds.
const TIME_STEPS: [i64; 20] = [
    1, 5, 10, 30, 60, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
    1_209_600, 2_592_000, 7_776_000,
];

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
pub(crate) fn time_ticks(span: (i64, i64), offset: i64, most: usize) -> Vec<Tick> {
    let (from, to) = span;
    let length = to.saturating_sub(from).max(1);
    let most = most.max(1);
    let fits = |step: &&i64| length / **step < i64::try_from(most).unwrap_or(i64::MAX);
    let step = TIME_STEPS.iter().find(fits).copied().unwrap_or_else(|| {
        // Decades of data: as many 90-day steps as it takes.
        let largest = TIME_STEPS[TIME_STEPS.len() - 1];
        largest.saturating_mul(length / largest / i64::try_from(most).unwrap_or(1) + 1)
    });
    let local = from.saturating_add(offset);
    let first = local.div_euclid(step).saturating_mul(step);
    let first = if first < local { first.saturating_add(step) } else { first }.saturating_sub(offset);
    (0..=most as i64)
        .map(|number| first.saturating_add(number.saturating_mul(step)))
        .take_while(|instant| *instant <= to)
        .enumerate()
        .map(|(number, instant)| Tick { instant, step, first: number == 0 })
        .collect()
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
        assert_eq!(ticks[0], Tick { instant: midnight + 10_800, step: 10_800, first: true });
        assert_eq!(ticks.last().map(|tick| tick.instant), Some(midnight + 86_400));
        assert!(ticks.iter().all(|tick| (tick.instant + tokyo) % tick.step == 0));
    }

    #[test]
    fn extreme_spans_give_few_ticks() {
        for span in [(0, 0), (5, 1), (i64::MIN, i64::MAX), (0, 4_000_000_000)] {
            assert!(time_ticks(span, 0, 8).len() <= 9, "{span:?}");
        }
    }
}
