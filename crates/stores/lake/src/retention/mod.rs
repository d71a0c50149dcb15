//! Rows that are kept no longer: those of an owner in a table, by whole days.
//!
//! What would go is a read like others ([`plan`]). What goes ([`remove`]) goes in versions of the table: files
//! with nothing else as they are, others written anew without these rows, so that each file has all of them
//! or none whenever somebody is stopped. How many rows each batch lost so is noted ([`account`]): a batch that
//! lacks rows for this reason is whole, and one that lacks more has lost some.
//!
//! Nobody's verdicts are touched when events go, nor events when verdicts go: each table ends by itself.

pub(crate) mod account;
mod plan;
mod remove;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use arrow_array::types::Date32Type;
use arrow_cast::parse::Parser;

use crate::name::NotAName;
use crate::rows::OTHER;

pub(crate) use plan::{expiring, seen};
pub(crate) use remove::{expire, set_append_only};

/// Which rows of a table are kept no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// Whose; none: rows of no single owner, as verdicts on events of several have it.
    pub owner: Option<String>,
    /// From which days.
    pub days: Days,
}

/// Days of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Days {
    /// This day and all before it. Rows without a day of their own are not meant.
    Through(Day),
    /// Rows without a day of their own alone, for they have no time, or one that no log can have
    /// ([`undated`](crate::undated)). Nobody knows how old they are, so they go when somebody says so.
    Undated,
}

/// A day in UTC, as partitions are called: `2026-01-31`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(Arc<str>);

/// What would go of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiring {
    /// The partition: a day in UTC, or `other`.
    pub day: String,
    /// Rows; also of batches that others supersede, for whoever sees everything.
    pub rows: u64,
    /// How they lie on the disk; not for somebody who sees a part.
    pub on_disk: Option<Touched>,
}

/// Files with rows that would go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Touched {
    /// How many.
    pub files: u64,
    /// Of these, files that hold nothing else, which go as a whole.
    pub whole: u64,
    /// Bytes of those.
    pub bytes: u64,
}

/// What went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Expired {
    /// Rows.
    pub rows: u64,
    /// Files that are no part of the table any more.
    pub files: u64,
    /// Of these, files that held other rows as well, which were written anew.
    pub rewritten: u64,
    /// Bytes of those that went as a whole.
    pub bytes: u64,
}

impl Days {
    /// Whether a partition is of these days.
    pub(crate) fn mean(&self, partition: &str) -> bool {
        match self {
            Self::Through(last) => partition.parse::<Day>().is_ok_and(|day| day <= *last),
            Self::Undated => partition == OTHER,
        }
    }
}

impl Day {
    /// The day as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Day {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        // As it is written, and no other spelling of it: partitions are compared as texts.
        let date = Date32Type::parse(text).and_then(Date32Type::to_naive_date_opt);
        let is_day = text.len() == 10 && date.is_some_and(|date| date.to_string() == text);
        if is_day { Ok(Self(text.into())) } else { Err(NotAName::new(text, "day")) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What is to go, in the words of questions, for whoever reads the log of a table.
impl fmt::Display for Retention {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.owner {
            Some(owner) => write!(formatter, "owner = '{}'", owner.replace('\'', "''"))?,
            None => formatter.write_str("owner IS NULL")?,
        }
        match &self.days {
            Days::Through(day) => write!(formatter, " AND day <= '{day}'"),
            Days::Undated => write!(formatter, " AND day = '{OTHER}'"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_days_of_the_calendar_in_one_spelling() {
        for right in ["2026-01-31", "2024-02-29", "1970-01-01"] {
            assert_eq!(right.parse::<Day>().unwrap().to_string(), right);
        }
        for wrong in
            ["", "other", "2026-02-30", "2025-02-29", "2026-1-31", "2026-01-31 ", "20260131", "+2026-1-3"]
        {
            assert!(wrong.parse::<Day>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_last_day_means_the_days_before_it_and_no_row_without_a_day() {
        let through = Days::Through("2026-01-31".parse().unwrap());
        for (partition, of_days, undated) in [
            ("2026-01-31", true, false),
            ("2025-12-31", true, false),
            ("2026-02-01", false, false),
            ("other", false, true),
            ("", false, false),
            ("100% so", false, false),
            ("2026-01-3", false, false),
        ] {
            assert_eq!(
                (through.mean(partition), Days::Undated.mean(partition)),
                (of_days, undated),
                "{partition}"
            );
        }
    }

    #[test]
    fn the_log_is_told_what_went() {
        let of = |owner: Option<&str>, days| Retention { owner: owner.map(str::to_owned), days }.to_string();
        let through = Days::Through("2026-01-31".parse().unwrap());
        assert_eq!(of(Some("o'neill"), through), "owner = 'o''neill' AND day <= '2026-01-31'");
        assert_eq!(of(None, Days::Undated), "owner IS NULL AND day = 'other'");
    }
}
