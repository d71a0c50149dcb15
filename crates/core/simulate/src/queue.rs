//! What comes next on a host: the earliest first, and what was planned first among equals.

use crate::clock::Millis;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

#[derive(Debug)]
struct Pending<A> {
    time: Millis,
    sequence: u64,
    action: A,
}

impl<A> PartialEq for Pending<A> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl<A> Eq for Pending<A> {}
impl<A> PartialOrd for Pending<A> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<A> Ord for Pending<A> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.time, self.sequence).cmp(&(other.time, other.sequence))
    }
}

/// A queue of actions by time.
#[derive(Debug)]
pub struct Queue<A> {
    heap: BinaryHeap<Reverse<Pending<A>>>,
    sequence: u64,
}

impl<A> Queue<A> {
    /// An empty queue.
    pub fn new() -> Self {
        Queue { heap: BinaryHeap::new(), sequence: 0 }
    }

    /// Something for later.
    pub fn push(&mut self, time: Millis, action: A) {
        self.sequence += 1;
        self.heap.push(Reverse(Pending { time, sequence: self.sequence, action }));
    }

    /// The earliest.
    pub fn pop(&mut self) -> Option<(Millis, A)> {
        self.heap.pop().map(|Reverse(pending)| (pending.time, pending.action))
    }

    /// When the earliest is due.
    pub fn next_time(&self) -> Option<Millis> {
        self.heap.peek().map(|Reverse(pending)| pending.time)
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.heap.len()
    }
}
