//! A small seeded source of numbers.
//!
//! Bytes must be the same on every machine, so the generator is written here in integers only
//! (SplitMix64: one addition and three mixing steps for each number). A *stream* is named by the seed
//! and a path of numbers, such as (organisation, host, day): streams of different paths are independent,
//! so a host's day never depends on what other hosts did.

/// A stream of pseudo-random numbers. Not for secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Random(u64);

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

impl Random {
    /// The stream of `seed` with this path.
    pub fn stream(seed: u64, path: &[u64]) -> Self {
        let start = mix(seed.wrapping_add(STEP));
        Random(
            path.iter()
                .fold(start, |state, part| mix(state ^ mix(part.wrapping_add(STEP))).wrapping_add(STEP)),
        )
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A number under `bound`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// A number from `low` up to and without `high`; `low` when the span is empty.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low.saturating_add(self.below(high.saturating_sub(low).max(0) as u64) as i64)
    }

    /// True in `per_thousand` of a thousand cases.
    pub fn chance(&mut self, per_thousand: u64) -> bool {
        self.below(1000) < per_thousand
    }

    /// One of `items`, which must not be empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// `count` lower-case letters, as some tools name their random arguments.
    pub fn letters(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'a' + self.below(26) as u8)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let first: Vec<u64> = (0..8).map(|_| Random::stream(1, &[2, 3]).bits()).collect();
        assert!(first.iter().all(|value| *value == first[0]));
        assert_ne!(Random::stream(1, &[2, 3]).bits(), Random::stream(1, &[3, 2]).bits());
        assert_ne!(Random::stream(1, &[2]).bits(), Random::stream(2, &[2]).bits());
    }

    #[test]
    fn numbers_stay_in_their_span() {
        let mut random = Random::stream(7, &[]);
        for _ in 0..2000 {
            assert!((-5..9).contains(&random.between(-5, 9)));
            assert!(random.below(3) < 3);
        }
        assert_eq!(random.between(4, 4), 4);
        assert_eq!(random.below(0), 0);
    }
}
