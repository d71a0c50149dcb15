//! Exact sums of numbers that come and go.
//!
//! Fractions that are added and taken away again leave a rest when each step is rounded, and a
//! window that stays open for days would drift. So nothing is rounded: whole numbers are added as
//! such, fractions as an unrounded sum of several parts (J. R. Shewchuk, "Adaptive Precision
//! Floating-Point Arithmetic", 1997, grow-expansion), and a limit is compared with the sum itself.

use std::cmp::Ordering;

use crate::number::Number;

/// Whole numbers from here on are added as fractions, so that millions of them cannot overflow.
const LARGE: u128 = 1 << 100;
/// Fractions are held smaller by a power of two, so that millions of the largest cannot overflow.
const SCALE: f64 = 1.0 / 18_446_744_073_709_551_616.0;

#[derive(Debug, Clone, Default)]
pub(super) struct Sum {
    whole: i128,
    /// From the smallest to the largest, none overlapping another.
    fractions: Vec<f64>,
}

impl Sum {
    pub(super) fn add(&mut self, number: Number) {
        match number {
            Number::Integer(whole) if whole.unsigned_abs() < LARGE => self.whole += whole,
            other => self.grow(other.float() * SCALE),
        }
    }

    pub(super) fn take_away(&mut self, number: Number) {
        match number {
            Number::Integer(whole) if whole.unsigned_abs() < LARGE => self.whole -= whole,
            other => self.grow(-other.float() * SCALE),
        }
    }

    /// How the sum stands to `limit` times `count`: the mean of `count` numbers to the limit.
    #[expect(clippy::cast_precision_loss, reason = "each piece, and any count of events, is below 2^53")]
    pub(super) fn compare(&self, limit: f64, count: usize) -> Ordering {
        let mut rest = self.clone();
        let limit = limit * SCALE;
        let product = limit * count as f64;
        rest.grow(-product);
        // What rounding took from the product.
        rest.grow(-limit.mul_add(count as f64, -product));
        let mut whole = rest.whole;
        for size in [1.0, (1i64 << 50) as f64, (1i64 << 50) as f64 * (1i64 << 50) as f64] {
            // The uppermost piece takes all that is left.
            let piece = if size > 1e20 { whole } else { whole & ((1 << 50) - 1) };
            rest.grow(piece as f64 * size * SCALE);
            whole >>= 50;
        }
        rest.fractions.last().map_or(Ordering::Equal, |largest| largest.total_cmp(&0.0))
    }

    fn grow(&mut self, number: f64) {
        let mut carried = number;
        let mut kept = 0;
        for at in 0..self.fractions.len() {
            let (mut large, mut small) = (carried, self.fractions[at]);
            if large.abs() < small.abs() {
                (large, small) = (small, large);
            }
            let sum = large + small;
            let rest = small - (sum - large);
            if rest != 0.0 {
                self.fractions[kept] = rest;
                kept += 1;
            }
            carried = sum;
        }
        self.fractions.truncate(kept);
        if carried != 0.0 {
            self.fractions.push(carried);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(sum: &[i128]) -> Sum {
        let mut total = Sum::default();
        sum.iter().for_each(|number| total.add(Number::Integer(*number)));
        total
    }

    #[test]
    fn whole_numbers_beyond_2_53_are_added_exactly() {
        let limit = 9_007_199_254_740_992.0;
        assert_eq!(whole(&[9_007_199_254_740_992, 1]).compare(limit, 1), Ordering::Greater);
        assert_eq!(whole(&[9_007_199_254_740_992, 1, -1]).compare(limit, 1), Ordering::Equal);
        assert_eq!(whole(&[9_007_199_254_740_991]).compare(limit, 1), Ordering::Less);
        assert_eq!(whole(&[i64::MIN.into(); 5]).compare(-46_116_860_184_273_879_040.0, 1), Ordering::Equal);
    }

    #[test]
    fn fractions_leave_no_rest_however_many_came_and_went() {
        let mut sum = Sum::default();
        for number in 0..100_000 {
            sum.add(Number::Float(f64::from(number) * 0.1));
        }
        for number in 1..100_000 {
            sum.take_away(Number::Float(f64::from(number) * 0.1));
        }
        assert_eq!(sum.compare(0.0, 1), Ordering::Equal);
        sum.add(Number::Float(1e300));
        sum.add(Number::Float(0.5));
        sum.take_away(Number::Float(1e300));
        assert_eq!(sum.compare(0.5, 1), Ordering::Equal);
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        let mut sum = Sum::default();
        (0..5).for_each(|_| sum.add(Number::Float(f64::MAX)));
        assert_eq!(sum.compare(f64::MAX, 1), Ordering::Greater);
        (0..4).for_each(|_| sum.take_away(Number::Float(f64::MAX)));
        assert_eq!(sum.compare(f64::MAX, 1), Ordering::Equal);
        let mut huge = whole(&[i128::MAX, i128::MAX]);
        huge.take_away(Number::Integer(i128::MAX));
        huge.take_away(Number::Integer(i128::MAX));
        assert_eq!(huge.compare(0.0, 1), Ordering::Equal);
    }

    #[test]
    fn a_mean_equals_the_number_it_is_the_mean_of() {
        let mut sum = Sum::default();
        (0..3).for_each(|_| sum.add(Number::Float(0.1)));
        assert_eq!(sum.compare(0.1, 3), Ordering::Equal);
    }

    proptest! {
        #[test]
        fn sums_are_those_of_whole_numbers_shifted(
            numbers in proptest::collection::vec((any::<i64>(), 0u32..40), 1..20),
            gone in 0usize..20,
        ) {
            // Fractions with up to forty binary places, beside their sum in whole numbers of the last place.
            let mut sum = Sum::default();
            let mut exact = 0i128;
            let fraction = |number: i64, places: u32| (number >> 12) as f64 / 2f64.powi(places as i32);
            for (at, (number, places)) in numbers.iter().enumerate() {
                sum.add(Number::Float(fraction(*number, *places)));
                exact += i128::from(number >> 12) << (40 - places);
                if at < gone {
                    sum.take_away(Number::Float(fraction(*number, *places)));
                    exact -= i128::from(number >> 12) << (40 - places);
                }
            }
            prop_assert_eq!(sum.compare(0.0, 1), exact.cmp(&0));
            let limit = exact as f64;
            let below = limit / 2f64.powi(40);
            prop_assert_eq!(sum.compare(below, 1), exact.cmp(&(limit as i128)));
        }
    }
}
