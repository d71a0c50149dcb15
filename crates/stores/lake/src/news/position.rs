//! How far somebody has seen a table, as a short text.
//!
//! ```text
//! start                       nothing was seen
//! 12.9f3a00112233aabb         all of the versions up to 12
//! 12.9f3a00112233aabb+1.500   the same up to 11, and of the files that came with 12 the first and 500 rows
//! 12.9f3a00112233aabb*1.500   of all files of version 12 the first and 500 rows
//! ```
//! Behind the version stands a print of its commit: a table that was put back, or lost its newest version to a
//! power cut, comes to another version of the same number.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How far somebody has seen a table. As text it goes into what they note, and comes back from there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Position(Option<Stand>);

/// A text that is no position.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no position in a table")]
pub struct NotAPosition(String);

/// A version, and what its commit is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Mark {
    pub(super) version: u64,
    pub(super) print: u64,
}

/// The next file and row of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Spot {
    pub(super) file: usize,
    pub(super) row: usize,
}

/// What was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Stand {
    /// All of the versions up to this.
    Behind { mark: Mark },
    /// All of those before it, and of the files that came with it those before a spot.
    Within { mark: Mark, spot: Spot },
    /// Of all files that it names those before a spot.
    Among { mark: Mark, spot: Spot },
}

impl Position {
    /// Of somebody who has seen nothing.
    #[must_use]
    pub fn start() -> Self {
        Self(None)
    }

    pub(super) fn of(stand: Stand) -> Self {
        Self(Some(stand))
    }

    pub(super) fn stand(&self) -> Option<&Stand> {
        self.0.as_ref()
    }
}

impl Stand {
    pub(super) fn mark(&self) -> Mark {
        match self {
            Self::Behind { mark } | Self::Within { mark, .. } | Self::Among { mark, .. } => *mark,
        }
    }
}

const START: &str = "start";
const WITHIN: char = '+';
const AMONG: char = '*';

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(stand) = &self.0 else { return formatter.write_str(START) };
        let Mark { version, print } = stand.mark();
        write!(formatter, "{version}.{print:016x}")?;
        match stand {
            Stand::Behind { .. } => Ok(()),
            Stand::Within { spot, .. } => write!(formatter, "{WITHIN}{}.{}", spot.file, spot.row),
            Stand::Among { spot, .. } => write!(formatter, "{AMONG}{}.{}", spot.file, spot.row),
        }
    }
}

impl FromStr for Position {
    type Err = NotAPosition;

    fn from_str(text: &str) -> Result<Self, NotAPosition> {
        let read = || {
            let (mark, rest) = match text.find([WITHIN, AMONG]) {
                Some(at) => (&text[..at], Some((text[at..].starts_with(WITHIN), &text[at + 1..]))),
                None => (text, None),
            };
            let (version, print) = mark.split_once('.')?;
            let mark = Mark { version: version.parse().ok()?, print: u64::from_str_radix(print, 16).ok()? };
            let Some((is_within, spot)) = rest else { return Some(Stand::Behind { mark }) };
            let (file, row) = spot.split_once('.')?;
            let spot = Spot { file: file.parse().ok()?, row: row.parse().ok()? };
            Some(if is_within { Stand::Within { mark, spot } } else { Stand::Among { mark, spot } })
        };
        let position = Self(read());
        // One position, one text.
        if position.to_string() == text { Ok(position) } else { Err(NotAPosition(text.to_owned())) }
    }
}

impl Serialize for Position {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_has_one_text() {
        for text in [
            "start",
            "0.0000000000000000",
            "12.9f3a00112233aabb",
            "12.9f3a00112233aabb+0.500",
            "18446744073709551615.ffffffffffffffff*7.0",
        ] {
            let position: Position = text.parse().unwrap();
            assert_eq!(position.to_string(), text);
            let json = serde_json::to_string(&position).unwrap();
            assert_eq!(serde_json::from_str::<Position>(&json).unwrap(), position);
        }
        for text in [
            "",
            "Start",
            "12",
            "12.",
            "12.9f3a",
            "012.9f3a00112233aabb",
            "12.9F3A00112233AABB",
            "12.9f3a00112233aabb+",
            "12.9f3a00112233aabb+1",
            "12.9f3a00112233aabb+1.2.3",
            "12.9f3a00112233aabb*1.+2",
            "-1.9f3a00112233aabb",
        ] {
            assert_eq!(text.parse::<Position>(), Err(NotAPosition(text.to_owned())));
        }
    }
}
