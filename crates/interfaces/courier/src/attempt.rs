//! What came of an attempt, and when there is another one.

use model::time::Instant;

/// Minutes after which what failed is tried again; then it is given up.
const WAITS: [i64; 8] = [1, 5, 15, 60, 180, 360, 720, 1_440];

/// Longest text of a reason or receipt, in characters.
const LONGEST: usize = 400;

/// Why an effect was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The other side cannot be reached or relied on now; nothing else need be tried there at once.
    Unreachable(String),
    /// Not now.
    Later(String),
    /// Never.
    Never(String),
}

/// Whether the attempt is the last one.
pub(crate) fn is_last(failed_before: u32) -> bool {
    wait(failed_before).is_none()
}

/// When what failed once more is tried again; none when it is given up.
pub(crate) fn next(failed_before: u32, now: Instant) -> Option<Instant> {
    let minutes = wait(failed_before)?;
    Some(Instant::from_nanoseconds(now.nanoseconds().saturating_add(minutes * 60_000_000_000)))
}

/// A text of the other side as it may stand in an act: short, and on one line.
pub(crate) fn told(text: &str) -> String {
    let text: String = text.chars().take(LONGEST).collect();
    page::foreign::visible(text.trim()).into_owned()
}

fn wait(failed_before: u32) -> Option<i64> {
    WAITS.get(usize::try_from(failed_before).ok()?).copied()
}
