//! Queues in the order of time.

use std::collections::VecDeque;

/// Puts an item behind all that are not later than it.
pub(super) fn insert<T>(queue: &mut VecDeque<T>, item: T, time: impl Fn(&T) -> i64) {
    if queue.back().is_none_or(|last| time(last) <= time(&item)) {
        queue.push_back(item);
    } else {
        let place = queue.partition_point(|known| time(known) <= time(&item));
        queue.insert(place, item);
    }
}
