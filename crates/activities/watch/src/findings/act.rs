//! What becomes of a finding.

use std::collections::{BTreeMap, BTreeSet};

use journal::personal::Personal;
use model::evidence::ContentId;
use model::level::Level;
use model::marking::Tlp;
use serde::{Deserialize, Serialize};

use super::link::Key;
use super::summary::Summary;

/// Verdicts, by rule as a summary names it.
pub type ByRule = BTreeMap<String, Vec<ContentId>>;

/// What became of a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Act {
    /// It has these verdicts now; the first of such acts opens it.
    Joined(Joined),
    /// Verdicts were taken out of it, into another finding.
    Parted {
        /// Which, by rule as the summary names it.
        #[serde(with = "ids")]
        verdicts: ByRule,
        /// The finding that has them now.
        into: u64,
        /// What those that are left come to.
        rest: Summary,
    },
    /// It is a part of another one.
    Merged {
        /// Of which.
        into: u64,
        /// Why, where a person said so.
        reason: Option<String>,
    },
    /// Another one is a part of it, with what that one came to.
    Absorbed {
        /// Which.
        finding: u64,
        /// What that one came to.
        summary: Summary,
        /// Why, where a person said so.
        reason: Option<String>,
    },
    /// It is a finding of its own again.
    Restored {
        /// Why.
        reason: String,
    },
    /// Another one that was merged into it is so no more.
    Released {
        /// Which.
        finding: u64,
        /// The rules of that one.
        rules: BTreeSet<String>,
        /// Why.
        reason: String,
    },
    /// A person changed it.
    Changed {
        /// What.
        change: Change,
        /// What changed together has this in common, so that it can be taken back together.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        together: Option<String>,
    },
    /// What a person changed was taken back.
    TakenBack {
        /// What changed together.
        together: String,
        /// Why.
        reason: String,
    },
}

/// Verdicts that came to a finding.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The verdicts, by rule as the summary names it.
    #[serde(with = "ids")]
    pub verdicts: ByRule,
    /// Runs of keys: key, from, to (seconds).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<(Key, i64, i64)>,
    /// Runs of its own that are no more: key, from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<(Key, i64)>,
    /// What the verdicts come to.
    pub summary: Summary,
    /// Findings that it is related to.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub related: BTreeSet<u64>,
    /// The finding that the verdicts were taken out of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_of: Option<u64>,
}

/// What a person changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Change {
    /// Somebody works on it, or nobody does any more.
    Assigned {
        /// Who: a name.
        owner: Option<Personal>,
    },
    /// It was looked at and is done.
    Closed(Closing),
    /// It is to be looked at again.
    Reopened {
        /// Why.
        reason: String,
    },
    /// It is more or less severe than its rules say.
    Graded {
        /// How severe.
        level: Level,
        /// Why.
        reason: String,
    },
    /// It has a title of its own.
    Titled {
        /// The title.
        title: String,
    },
    /// Something was noted.
    Noted {
        /// What.
        text: String,
    },
    /// A file belongs to it.
    Attached {
        /// The file's hash, 64 digits.
        sha256: String,
        /// Its name.
        name: String,
    },
    /// It may be used in exercises.
    Cleared(Clearance),
    /// It may not be used in exercises any more.
    Withheld {
        /// Why.
        reason: String,
    },
}

/// How a finding was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// What it was.
    pub disposition: Disposition,
    /// Why.
    pub reason: String,
}

/// What a finding was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// An attack.
    True,
    /// What the rules say happened, and somebody was allowed to do it.
    Benign,
    /// What the rules say did not happen.
    False,
}

/// As what a finding may be used in exercises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clearance {
    /// What may be done with it then.
    pub marking: Tlp,
    /// What is replaced, and by what.
    pub replaced: Vec<Replacement>,
    /// Why.
    pub reason: String,
}

/// A value that stands for another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replacement {
    /// What is replaced: a field of the catalogue, or a value.
    pub what: String,
    /// By what.
    pub with: String,
}

impl Disposition {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::True, Self::Benign, Self::False];

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::True => "true",
            Self::Benign => "benign",
            Self::False => "false",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|disposition| disposition.as_str() == text)
    }
}

/// Ids as text.
pub(super) mod ids {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::ByRule;

    pub(in crate::findings) fn serialize<S: Serializer>(
        verdicts: &ByRule,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            verdicts
                .iter()
                .map(|(rule, ids)| (rule, ids.iter().map(ToString::to_string).collect::<Vec<_>>())),
        )
    }

    pub(in crate::findings) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<ByRule, D::Error> {
        let told = BTreeMap::<String, Vec<String>>::deserialize(deserializer)?;
        let read = |(rule, ids): (String, Vec<String>)| {
            let ids: Result<Vec<_>, _> = ids.iter().map(|id| id.parse()).collect();
            ids.map(|ids| (rule, ids)).map_err(serde::de::Error::custom)
        };
        told.into_iter().map(read).collect()
    }
}
