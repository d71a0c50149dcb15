//! Chains of `temporal_ordered`: parts that rise in the order of time.

use serde::{Deserialize, Serialize};

/// No chain, or none that counts any more.
const NONE: i64 = i64::MIN;

/// For each part and length, when the youngest chain of that length which ends at that part began.
///
/// A chain lies in a window when it begins there, so of all chains that end alike the one that
/// began last is the one that matters, and nothing else need be known of the events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Chains {
    /// Part 0 has one place, part 1 two, for the lengths from 1.
    began: Box<[i64]>,
    parts: usize,
}

impl Chains {
    pub(super) fn new(parts: usize) -> Self {
        Self { began: vec![NONE; place(parts, 1)].into(), parts }
    }

    /// Adds an event that is not older than those before.
    pub(super) fn add(&mut self, time: i64, part: usize) {
        if part >= self.parts {
            return;
        }
        let own = place(part, 1);
        self.began[own] = self.began[own].max(time);
        for length in 2..=part + 1 {
            // A chain that is one shorter ends at an earlier part, which has a place for its length.
            let shorter = (length - 2..part).map(|earlier| self.began[place(earlier, length - 1)]);
            let youngest = shorter.max().unwrap_or(NONE);
            let own = place(part, length);
            self.began[own] = self.began[own].max(youngest);
        }
    }

    /// Forgets chains that began before.
    pub(super) fn expire(&mut self, edge: i64) {
        for began in self.began.iter_mut().filter(|began| **began < edge) {
            *began = NONE;
        }
    }

    /// Length of the longest chain.
    pub(super) fn longest(&self) -> usize {
        let lengths = (1..=self.parts).rev();
        let ends = |length: usize| length - 1..self.parts;
        let is_there = |length: &usize| ends(*length).any(|part| self.began[place(part, *length)] != NONE);
        lengths.into_iter().find(is_there).unwrap_or(0)
    }

    pub(super) fn weight(&self) -> usize {
        self.began.len() / 8
    }
}

fn place(part: usize, length: usize) -> usize {
    part * (part + 1) / 2 + length - 1
}

/// For each of some events by their parts, whether a longest chain runs through it.
pub(super) fn on_longest(events: &[usize], parts: usize) -> Vec<bool> {
    let ahead = lengths(events.iter().copied(), parts);
    let mut behind = lengths(events.iter().rev().map(|part| parts - 1 - part), parts);
    behind.reverse();
    let longest = ahead.iter().copied().max().unwrap_or(0);
    ahead.iter().zip(behind).map(|(ahead, behind)| ahead + behind == longest + 1).collect()
}

/// For each step of a walk over parts, the length of the longest chain that ends there.
fn lengths(walk: impl Iterator<Item = usize>, parts: usize) -> Vec<usize> {
    let mut best = vec![0; parts];
    walk.map(|part| {
        let length = 1 + best[..part].iter().copied().max().unwrap_or(0);
        best[part] = length.max(best[part]);
        length
    })
    .collect()
}
