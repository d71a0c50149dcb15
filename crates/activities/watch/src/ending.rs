//! What ends by itself: when the operations desk is told before.

use model::time::Instant;

const DAY: i64 = 86_400_000_000_000;

/// When the desk is told of what was said at a time and holds until another: 7 days before if it was said for 8 days
/// or more, a day before if for 2 days or more, not if for less, since whoever said it knows.
pub(crate) fn warning(at: Instant, until: Instant) -> Option<Instant> {
    let before = match until.nanoseconds().saturating_sub(at.nanoseconds()) / DAY {
        8.. => 7 * DAY,
        2.. => DAY,
        _ => return None,
    };
    Some(Instant::from_nanoseconds(until.nanoseconds() - before))
}
