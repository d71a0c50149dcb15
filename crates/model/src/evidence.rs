//! Evidence: the rows that stand behind what is said.
//!
//! Compaction and retention end a version of a table, and never a batch; so a row is known by its batch
//! and its number there for as long as it is kept.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An id made of what it stands for: the first 16 bytes of a sha256 as UUID of version 8 (RFC 9562, 5.8).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ContentId([u8; 16]);

/// A text that is no id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnId(pub String);

/// A row of the lake. As text `lake:<compartment>/<class>/<batch>/<row>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Evidence {
    /// Its table: compartment and class.
    pub table: Arc<str>,
    /// Its batch.
    pub batch: ContentId,
    /// Its number there, from 0.
    pub row: u64,
}

/// What stands behind what is said, in whatever book.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reference {
    /// A row of the lake.
    Row(Evidence),
    /// An act of the journal. As text `act:<stream>/<number>`, where a stream is `<activity>/<kind>/<id>`.
    Act {
        /// Its stream.
        stream: String,
        /// Its number there, from 1.
        sequence: u64,
    },
    /// A look in the access log, by its number. As text `look:<number>`.
    Look(u64),
    /// A clause of the register. As text `clause:<id>`.
    Clause(String),
    /// A set of rules as it comes with the program, about which nobody has decided anything: `rules:<set>@<version>`.
    Rules(String),
}

/// Where events come from: a source, and where its rows are kept, if they are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// Source, as it was given.
    pub source_path: Arc<str>,
    /// The batch of its rows.
    pub kept: Option<Kept>,
}

/// A batch of a source, in one of the tables in which its rows lie.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Kept {
    /// The table: compartment and class.
    pub table: Arc<str>,
    /// The batch.
    pub batch: ContentId,
    /// Number of its first event in the source, from 0.
    pub first_event: u64,
}

impl Origin {
    /// A source whose rows are kept nowhere.
    #[must_use]
    pub fn unkept(source_path: Arc<str>) -> Self {
        Self { source_path, kept: None }
    }

    /// The row of the event with this number in the source, from 1.
    #[must_use]
    pub fn evidence(&self, ordinal: u64) -> Option<Evidence> {
        let Kept { table, batch, first_event } = self.kept.as_ref()?;
        let row = ordinal.checked_sub(first_event + 1)?;
        Some(Evidence { table: table.clone(), batch: *batch, row })
    }
}

impl ContentId {
    /// The id of what has this sha256.
    #[must_use]
    pub fn of_sha256(hash: [u8; 32]) -> Self {
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        id[6] = id[6] & 0x0f | 0x80;
        id[8] = id[8] & 0x3f | 0x80;
        Self(id)
    }

    /// The bytes of the UUID.
    #[must_use]
    pub fn bytes(self) -> [u8; 16] {
        self.0
    }
}

impl From<[u8; 16]> for ContentId {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for ContentId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, byte) in self.0.iter().enumerate() {
            let dash = if matches!(number, 4 | 6 | 8 | 10) { "-" } else { "" };
            write!(formatter, "{dash}{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for ContentId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for NotAnId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` is no id", self.0)
    }
}

impl std::error::Error for NotAnId {}

impl FromStr for ContentId {
    type Err = NotAnId;

    /// Reads what `Display` writes, and nothing else: one id, one text.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'-').collect();
        let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let bytes: Option<Vec<u8>> = digits.chunks(2).map(pair).collect();
        let id = bytes.and_then(|bytes| Some(Self(bytes.try_into().ok()?)));
        id.filter(|id| id.to_string() == text).ok_or_else(|| NotAnId(text.to_owned()))
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, batch, row } = self;
        write!(formatter, "lake:{table}/{batch}/{row}")
    }
}

impl FromStr for Evidence {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let read = || {
            let (rest, row) = text.strip_prefix("lake:")?.rsplit_once('/')?;
            let (table, batch) = rest.rsplit_once('/')?;
            let found = Self { table: table.into(), batch: batch.parse().ok()?, row: row.parse().ok()? };
            Some(found).filter(|found| found.to_string() == text)
        };
        read().ok_or_else(|| NotAnId(text.to_owned()))
    }
}

impl Reference {
    /// An act.
    #[must_use]
    pub fn act(stream: &str, sequence: u64) -> Self {
        Self::Act { stream: stream.to_owned(), sequence }
    }
}

impl From<Evidence> for Reference {
    fn from(row: Evidence) -> Self {
        Self::Row(row)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row(row) => row.fmt(formatter),
            Self::Act { stream, sequence } => write!(formatter, "act:{stream}/{sequence}"),
            Self::Look(number) => write!(formatter, "look:{number}"),
            Self::Clause(id) => write!(formatter, "clause:{id}"),
            Self::Rules(set) => write!(formatter, "rules:{set}"),
        }
    }
}

impl FromStr for Reference {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let read = || {
            let (book, rest) = text.split_once(':')?;
            let found = match book {
                "lake" => Self::Row(text.parse().ok()?),
                "act" => {
                    let (stream, sequence) = rest.rsplit_once('/')?;
                    let is_stream = stream.splitn(3, '/').filter(|part| !part.is_empty()).count() == 3;
                    Self::act(Some(stream).filter(|_| is_stream)?, sequence.parse().ok()?)
                }
                "look" => Self::Look(rest.parse().ok()?),
                "clause" => Self::Clause(rest.to_owned()),
                "rules" => Self::Rules(rest.split_once('@').map(|_| rest.to_owned())?),
                _ => return None,
            };
            Some(found).filter(|found| found.to_string() == text)
        };
        read().ok_or_else(|| NotAnId(text.to_owned()))
    }
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Evidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Evidence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_read_as_it_is_written() {
        let batch = ContentId::of_sha256([0xab; 32]);
        assert_eq!(batch.to_string(), "abababab-abab-8bab-abab-abababababab");
        let found = Evidence { table: "own/process_activity".into(), batch, row: 7 };
        let text = "lake:own/process_activity/abababab-abab-8bab-abab-abababababab/7";
        assert_eq!(found.to_string(), text);
        assert_eq!(text.parse(), Ok(found));
        let other = Evidence { table: "exercise/1/flaws".into(), batch, row: u64::MAX };
        assert_eq!(other.to_string().parse(), Ok(other));
        for wrong in
            ["", "lake:", &text[5..], &text.to_uppercase(), &format!("{text}/1"), &text.replace("/7", "/07")]
        {
            assert!(wrong.parse::<Evidence>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn references_are_read_as_they_are_written() {
        for text in [
            "lake:own/process_activity/abababab-abab-8bab-abab-abababababab/7",
            "act:watch/ruleset/sigma/3",
            "act:watch/source/%2Fvar%2Flog/12",
            "look:9",
            "clause:2-1-2a",
            "rules:bundled@0.1.0",
        ] {
            assert_eq!(text.parse::<Reference>().unwrap().to_string(), text);
        }
        for wrong in [
            "",
            "act:",
            "act:watch/ruleset/3",
            "act:watch//sigma/3",
            "act:watch/ruleset/sigma/03",
            "look:x",
            "rules:a",
            "disk:1",
        ] {
            assert!(wrong.parse::<Reference>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn rows_of_a_batch_are_counted_from_its_first_event() {
        let kept = Kept { table: "own/a".into(), batch: ContentId::from([1; 16]), first_event: 10 };
        let origin = Origin { source_path: "s".into(), kept: Some(kept) };
        assert_eq!(origin.evidence(11).map(|found| found.row), Some(0));
        assert_eq!(origin.evidence(10), None);
        assert_eq!(Origin::unkept("s".into()).evidence(1), None);
    }
}
