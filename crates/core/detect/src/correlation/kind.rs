//! What correlations count.

use serde::{Deserialize, Serialize};

/// What a correlation counts in a window of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CorrelationType {
    /// Events.
    EventCount,
    /// Different values of a field, or of several together.
    ValueCount,
    /// Different rules.
    Temporal,
    /// Different rules in the order given.
    TemporalOrdered,
    /// The sum of a field's numbers.
    ValueSum,
    /// Their mean.
    ValueAverage,
    /// Their percentile, interpolated between neighbours.
    ValuePercentile,
}

impl CorrelationType {
    const WORDS: [(&'static str, Self); 8] = [
        ("event_count", Self::EventCount),
        ("value_count", Self::ValueCount),
        ("temporal", Self::Temporal),
        ("temporal_ordered", Self::TemporalOrdered),
        ("value_sum", Self::ValueSum),
        ("value_avg", Self::ValueAverage),
        ("value_percentile", Self::ValuePercentile),
        // pySigma's word for the percentile 50.
        ("value_median", Self::ValuePercentile),
    ];

    pub(super) fn parse(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
    }

    pub(super) fn is_temporal(self) -> bool {
        matches!(self, Self::Temporal | Self::TemporalOrdered)
    }

    pub(super) fn is_numeric(self) -> bool {
        matches!(self, Self::ValueSum | Self::ValueAverage | Self::ValuePercentile)
    }
}
