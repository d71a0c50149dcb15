//! A horizon: what of a compartment had been taken in at one moment, to be asked again at any time.
//!
//! It is told by batches and not by versions of tables, since compaction ends a version and never a batch: those
//! received until then, how many they are and the hash of their ids; and how many of their rows retention had
//! removed. Where batches came into the lake afterwards that were received before, or rows ended since, the answer
//! could be another one, and there is none.
//!
//! As text `2026-12-01T03:57:00.000001Z/12/01234567-89ab-8cde-8f01-23456789abcd/0`.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use arrow_schema::Schema;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::Expr;
use datafusion::prelude::{col, lit};
use model::evidence::ContentId;
use model::time::Instant;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ask::AskError;
use crate::batches::{BATCHES, Entry};
use crate::error::LakeError;
use crate::id::BatchId;
use crate::lake::{Lake, Looking};
use crate::listing;
use crate::name::{Compartment, TableName};
use crate::rows::BATCH;

/// Nanoseconds of a microsecond: the tables know no less.
const MICROSECOND: i64 = 1_000;
/// The column that says when a row was found.
const FOUND: &str = "found";
/// The column that says when a batch was received.
const RECEIVED: &str = "received";

/// What of a compartment had been taken in at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Horizon {
    until: Instant,
    batches: u64,
    digest: ContentId,
    expired: u64,
}

/// A text that is no horizon.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no horizon")]
pub struct NotAHorizon(pub String);

/// Why a horizon cannot be asked any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Gone {
    /// Batches came afterwards that were received before, or are not there.
    #[error("{found} batches were received until then, and {expected} were there")]
    Batches {
        /// Those that are there now.
        found: u64,
        /// Those that were there.
        expected: u64,
    },
    /// Rows ended since.
    #[error("{rows} rows of then are kept no longer")]
    Rows {
        /// How many.
        rows: u64,
    },
}

/// What a question sees of tables that are asked at a horizon.
#[derive(Debug, Clone)]
pub(crate) struct At {
    compartment: Compartment,
    until: i64,
    /// Batches that are seen, or those that are not.
    batches: Arc<Vec<String>>,
    are_hidden: bool,
}

impl Horizon {
    /// Until when.
    #[must_use]
    pub fn until(&self) -> Instant {
        self.until
    }

    /// How many batches there were.
    #[must_use]
    pub fn batches(&self) -> u64 {
        self.batches
    }

    fn of(until: Instant, batches: &BTreeSet<BatchId>, expired: u64) -> Self {
        let mut hash = Sha256::new();
        batches.iter().for_each(|batch| hash.update(batch.bytes()));
        let digest = ContentId::of_sha256(hash.finalize().into());
        Self { until, batches: batches.len() as u64, digest, expired }
    }
}

impl Lake {
    /// What of a compartment has been taken in now. What was received and waits is not among it.
    ///
    /// # Errors
    /// When the view is not of now, or what is known of batches cannot be read.
    pub fn horizon(&self, who: Looking<'_>, compartment: &Compartment) -> Result<Horizon, LakeError> {
        let until = Instant::from_nanoseconds(who.now.nanoseconds().div_euclid(MICROSECOND) * MICROSECOND);
        let there = received(&self.entries(who, compartment)?, until);
        Ok(Horizon::of(until, &there, self.gone(who, compartment, &there)?))
    }

    /// What is seen at a horizon.
    pub(crate) fn at(
        &self,
        who: Looking<'_>,
        compartment: &Compartment,
        horizon: &Horizon,
    ) -> Result<At, AskError> {
        let entries = self.entries(who, compartment)?;
        let there = received(&entries, horizon.until);
        let now = Horizon::of(horizon.until, &there, self.gone(who, compartment, &there)?);
        if (now.batches, now.digest) != (horizon.batches, horizon.digest) {
            return Err(Gone::Batches { found: now.batches, expected: horizon.batches }.into());
        }
        if now.expired != horizon.expired {
            return Err(Gone::Rows { rows: now.expired.abs_diff(horizon.expired) }.into());
        }
        let is_there = |entry: &&Entry| there.contains(&entry.batch);
        let superseded: HashSet<BatchId> =
            entries.iter().filter(is_there).flat_map(|entry| entry.replaces.iter().copied()).collect();
        let (seen, hidden): (Vec<BatchId>, Vec<BatchId>) = entries
            .iter()
            .map(|entry| entry.batch)
            .partition(|batch| there.contains(batch) && !superseded.contains(batch));
        let are_hidden = hidden.len() <= seen.len();
        let batches = if are_hidden { hidden } else { seen };
        Ok(At {
            compartment: compartment.clone(),
            until: horizon.until.nanoseconds() / MICROSECOND,
            batches: Arc::new(batches.iter().map(ToString::to_string).collect()),
            are_hidden,
        })
    }

    /// Rows of batches that retention removed.
    fn gone(
        &self,
        who: Looking<'_>,
        compartment: &Compartment,
        batches: &BTreeSet<BatchId>,
    ) -> Result<u64, LakeError> {
        let mut names = listing::names(&self.place)?;
        names.retain(|name| name.compartment() == compartment);
        let mut gone = 0;
        for name in names {
            let expired = self.expired(who, &name)?;
            gone += expired
                .iter()
                .filter(|(batch, _)| batches.contains(batch))
                .map(|(_, rows)| rows)
                .sum::<u64>();
        }
        Ok(gone)
    }
}

/// Batches received until a time.
fn received(entries: &[Entry], until: Instant) -> BTreeSet<BatchId> {
    entries.iter().filter(|entry| entry.received <= until).map(|entry| entry.batch).collect()
}

impl At {
    /// What is seen of a table's rows; none where nothing hides any.
    ///
    /// # Errors
    /// When nobody knows which of its rows were there.
    pub(crate) fn filter(&self, name: &TableName, schema: &Schema) -> Result<Option<Expr>, AskError> {
        let has = |column: &str| schema.field_with_name(column).is_ok();
        let until = || {
            let time = ScalarValue::TimestampMicrosecond(Some(self.until), Some("UTC".into()));
            lit(time)
        };
        let unknown = || AskError::NotAtHorizon(name.in_sql());
        if *name.compartment() != self.compartment {
            return Err(unknown());
        }
        if name.class() == BATCHES {
            return Ok(Some(col(RECEIVED).lt_eq(until())));
        }
        let are_events = crate::rows::are_events(schema);
        if !has(BATCH) || !(are_events || has(FOUND)) {
            return Err(unknown());
        }
        let listed = || self.batches.iter().map(|batch| lit(batch.as_str())).collect();
        let batches = (!(self.are_hidden && self.batches.is_empty()))
            .then(|| col(BATCH).in_list(listed(), self.are_hidden));
        let found = (!are_events).then(|| col(FOUND).lt_eq(until()));
        Ok(batches.into_iter().chain(found).reduce(Expr::and))
    }
}

impl fmt::Display for Horizon {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { until, batches, digest, expired } = self;
        write!(formatter, "{until}/{batches}/{digest}/{expired}")
    }
}

impl FromStr for Horizon {
    type Err = NotAHorizon;

    fn from_str(text: &str) -> Result<Self, NotAHorizon> {
        let parts: Vec<&str> = text.split('/').collect();
        let read = || {
            let [until, batches, digest, expired] = parts[..] else { return None };
            Some(Self {
                until: serde_json::from_value(until.into()).ok()?,
                batches: batches.parse().ok()?,
                digest: digest.parse().ok()?,
                expired: expired.parse().ok()?,
            })
        };
        read()
            .filter(|horizon: &Self| horizon.to_string() == text)
            .ok_or_else(|| NotAHorizon(text.to_owned()))
    }
}

impl From<Horizon> for String {
    fn from(horizon: Horizon) -> Self {
        horizon.to_string()
    }
}

impl TryFrom<String> for Horizon {
    type Error = NotAHorizon;

    fn try_from(text: String) -> Result<Self, NotAHorizon> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_horizon_is_read_as_it_is_written_and_nothing_else_is_one() {
        let batches: BTreeSet<BatchId> = [BatchId::from([1; 16]), BatchId::from([2; 16])].into();
        let horizon = Horizon::of(Instant::from_nanoseconds(1_800_000_000_000_001_000), &batches, 7);
        let text = horizon.to_string();
        // The digest by another program: sha256 of the ids' bytes one behind the other, as a UUID of version 8.
        assert_eq!(text, "2027-01-15T08:00:00.000001Z/2/f03f702d-6016-819c-96ff-011ea60a8f81/7");
        assert_eq!(text.parse(), Ok(horizon));
        for wrong in ["", "2027-01-15", &text[1..], &format!("{text}/"), &text.replace("/2/", "/02/")] {
            assert_eq!(wrong.parse::<Horizon>(), Err(NotAHorizon(wrong.to_owned())), "{wrong}");
        }
    }
}
