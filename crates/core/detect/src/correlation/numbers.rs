//! The numbers of a window: their sum, mean or percentile.

use std::cmp::Ordering;
use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::kind::CorrelationType;
use super::order::insert;
use super::plan::Node;
use super::setting::Setting;
use super::sum::Sum;
use crate::number::Number;

/// Numbers that are added up anew each time, since most windows have no more.
const FEW: usize = 16;

/// Numbers by the times of their events, and what they add up to.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Numbers {
    numbers: VecDeque<(i64, Number)>,
    /// Kept once there are more than a few. Follows from the numbers; not saved.
    #[serde(skip)]
    total: Option<Box<Total>>,
}

#[derive(Debug)]
enum Total {
    Sum(Sum),
    Ranks(Ranks),
}

impl Numbers {
    /// Adds up the numbers anew, after they were read.
    pub(super) fn restore(&mut self, setting: Setting<'_>) {
        if self.numbers.len() > FEW.min(setting.bounds.crowded) {
            self.total = Some(Box::new(self.added_up(setting.node)));
        }
    }

    pub(super) fn add(&mut self, time: i64, numbers: &[Number], setting: Setting<'_>) {
        self.numbers.reserve_exact(if self.numbers.is_empty() { 2 } else { 0 });
        for number in numbers {
            insert(&mut self.numbers, (time, *number), |(time, _)| *time);
            match &mut self.total {
                Some(total) => total.add(*number),
                None => self.restore(setting),
            }
        }
    }

    pub(super) fn expire(&mut self, edge: i64) {
        while let Some((time, number)) = self.numbers.front().copied()
            && time < edge
        {
            self.numbers.pop_front();
            if let Some(total) = &mut self.total {
                total.take_away(number);
            }
        }
    }

    pub(super) fn holds(&self, node: &Node) -> bool {
        if self.numbers.is_empty() {
            return false;
        }
        match &self.total {
            Some(total) => total.holds(node, self.numbers.len()),
            None => self.added_up(node).holds(node, self.numbers.len()),
        }
    }

    pub(super) fn weight(&self) -> usize {
        self.numbers.len()
    }

    fn added_up(&self, node: &Node) -> Total {
        let mut total = match node.kind {
            CorrelationType::ValuePercentile => Total::Ranks(Ranks::new(node.condition.percentile)),
            _ => Total::Sum(Sum::default()),
        };
        self.numbers.iter().for_each(|(_, number)| total.add(*number));
        total
    }
}

impl Total {
    fn add(&mut self, number: Number) {
        match self {
            Self::Sum(sum) => sum.add(number),
            Self::Ranks(ranks) => ranks.add(number.float()),
        }
    }

    fn take_away(&mut self, number: Number) {
        match self {
            Self::Sum(sum) => sum.take_away(number),
            Self::Ranks(ranks) => ranks.take_away(number.float()),
        }
    }

    fn holds(&self, node: &Node, count: usize) -> bool {
        let condition = &node.condition;
        match self {
            Self::Ranks(ranks) => condition.holds(ranks.percentile()),
            Self::Sum(sum) => {
                let times = if node.kind == CorrelationType::ValueAverage { count } else { 1 };
                condition.holds_by(|limit| Some(sum.compare(limit, times)))
            }
        }
    }
}

/// Numbers parted at a percentile: those up to the one below it, and those above. Each number
/// that comes or goes moves at most a few across, so that the percentile is always at hand.
#[derive(Debug)]
struct Ranks {
    percentile: f64,
    low: Half,
    high: Half,
}

/// Numbers in their order, with how often each is there.
#[derive(Debug, Default)]
struct Half {
    counts: BTreeMap<Ordered, u32>,
    len: usize,
}

/// A number with a place among all others.
#[derive(Debug, Clone, Copy)]
struct Ordered(f64);

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ordered {}

impl Ranks {
    fn new(percentile: f64) -> Self {
        Self { percentile, low: Half::default(), high: Half::default() }
    }

    fn add(&mut self, number: f64) {
        let number = Ordered(number);
        let is_low = self.low.last().is_some_and(|last| number <= last);
        if is_low {
            self.low.add(number)
        } else {
            self.high.add(number)
        }
        self.settle();
    }

    fn take_away(&mut self, number: f64) {
        let number = Ordered(number);
        let is_low = self.low.last().is_some_and(|last| number <= last);
        if is_low {
            self.low.take_away(number)
        } else {
            self.high.take_away(number)
        }
        self.settle();
    }

    /// Rank of the percentile from 0, with its fraction.
    #[expect(clippy::cast_precision_loss, reason = "no window holds 2^53 numbers")]
    fn rank(&self) -> f64 {
        let last = (self.low.len + self.high.len).saturating_sub(1) as f64;
        (self.percentile / 100.0 * last).min(last)
    }

    /// Leaves in the lower half what lies at or below the rank.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "ranks lie between 0 and the number of numbers"
    )]
    fn settle(&mut self) {
        let wanted = (self.rank().floor() as usize + 1).min(self.low.len + self.high.len);
        while self.low.len < wanted
            && let Some(number) = self.high.first()
        {
            self.high.take_away(number);
            self.low.add(number);
        }
        while self.low.len > wanted
            && let Some(number) = self.low.last()
        {
            self.low.take_away(number);
            self.high.add(number);
        }
    }

    /// The percentile by linear interpolation between the two nearest ranks.
    fn percentile(&self) -> f64 {
        let low = self.low.last().map_or(f64::NAN, |number| number.0);
        let fraction = self.rank().fract();
        match self.high.first() {
            Some(high) if fraction > 0.0 => low + fraction * (high.0 - low),
            _ => low,
        }
    }
}

impl Half {
    fn first(&self) -> Option<Ordered> {
        self.counts.first_key_value().map(|(number, _)| *number)
    }

    fn last(&self) -> Option<Ordered> {
        self.counts.last_key_value().map(|(number, _)| *number)
    }

    fn add(&mut self, number: Ordered) {
        *self.counts.entry(number).or_default() += 1;
        self.len += 1;
    }

    fn take_away(&mut self, number: Ordered) {
        if let Some(count) = self.counts.get_mut(&number) {
            *count -= 1;
            self.len -= 1;
            if *count == 0 {
                self.counts.remove(&number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn percentiles_are_those_of_the_sorted_numbers(
            steps in proptest::collection::vec((0u8..3, -20i8..20), 1..80),
            percentile in prop_oneof![Just(0.0), Just(100.0), 0.0..100.0f64],
        ) {
            let mut ranks = Ranks::new(percentile);
            let mut numbers: Vec<f64> = Vec::new();
            for (step, number) in steps {
                if step == 0 && !numbers.is_empty() {
                    ranks.take_away(numbers.remove(0));
                } else {
                    numbers.push(f64::from(number) / 4.0);
                    ranks.add(f64::from(number) / 4.0);
                }
                let mut sorted = numbers.clone();
                sorted.sort_by(f64::total_cmp);
                let Some(last) = sorted.len().checked_sub(1) else { continue };
                let rank = percentile / 100.0 * last as f64;
                let (below, above) = (sorted[rank.floor() as usize], sorted[rank.ceil() as usize]);
                prop_assert_eq!(ranks.percentile(), below + rank.fract() * (above - below));
            }
        }
    }
}
