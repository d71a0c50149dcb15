//! How much correlations hold and verdicts tell.

/// Bounds of memory and of the length of verdicts. None of them changes a verdict in silence: the
/// length of what is cut is told with it, and what correlations lose is counted as
/// [`Omitted`](crate::Omitted).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Events held in all windows together; eight of which only the time is kept count as one, a
    /// long value as several. Beyond it the oldest groups are forgotten and counted.
    pub held: usize,
    /// Groups that one event may belong to, and values of several fields that it may have together;
    /// an event with more is counted.
    pub groups_of_event: usize,
    /// Events from which on a window keeps of the older ones only what can still change an answer.
    /// At which events a correlation fires, and how many take part, stays exact.
    pub crowded: usize,
    /// Events that the verdict of a correlation lists: the completing one and the latest before it,
    /// of a temporal one also the latest of each part. How many take part is told in any case.
    pub told: usize,
    /// Longest value of a field in a verdict, in bytes.
    pub field_bytes: usize,
    /// Longest verdict as a line of JSON, in bytes; what its rule says of itself left out.
    pub line_bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            held: 4_000_000,
            groups_of_event: 32,
            crowded: 4_096,
            told: 1_000,
            field_bytes: 32 << 10,
            line_bytes: 1_000_000,
        }
    }
}

impl Bounds {
    /// The usual bounds of memory, but verdicts tell everything, however long.
    #[must_use]
    pub fn whole_verdicts() -> Self {
        let unbounded = usize::MAX;
        Self {
            crowded: unbounded,
            told: unbounded,
            field_bytes: unbounded,
            line_bytes: unbounded,
            ..Self::default()
        }
    }
}
