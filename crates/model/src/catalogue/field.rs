//! What a field is: its name, the type of its values, and how they are to be treated.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::holds::Holds;

/// One field of the catalogue.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// OCSF 1.8 attribute path; ours begin with `noroshi.`.
    pub name: String,
    /// Type of its values.
    #[serde(rename = "type")]
    pub data_type: DataType,
    /// What values stand in it that people look up, where its type does not say so.
    #[serde(default)]
    holds: Option<Holds>,
    /// Unit of a number, empty when it has none.
    #[serde(default)]
    pub unit: String,
    /// Meaning in Japanese.
    pub ja: String,
    /// Meaning in English.
    pub en: String,
    /// Whether its source puts blanks behind the values, which rules do not mean.
    #[serde(default)]
    pub padded: bool,
    /// Who may be harmed when it is shown.
    pub sensitivity: Sensitivity,
    /// What a research release does with it.
    pub research: Research,
    /// `product[/service[:ids]]` → names by which events and rules know it.
    pub sigma: BTreeMap<String, Vec<String>>,
}

impl Field {
    /// What values stand in it that people look up, if there are any.
    #[must_use]
    pub fn holds(&self) -> Option<Holds> {
        self.holds.or(match self.data_type {
            DataType::Ip => Some(Holds::Address),
            DataType::Hash => Some(Holds::Hash),
            DataType::Url => Some(Holds::Url),
            _ => None,
        })
    }
}

/// Type of a field's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "each variant is the word it stands for")]
pub enum DataType {
    String,
    Integer,
    Boolean,
    Timestamp,
    Ip,
    Mac,
    Uuid,
    Hash,
    Url,
}

impl DataType {
    /// The word the catalogue file uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Timestamp => "timestamp",
            Self::Ip => "ip",
            Self::Mac => "mac",
            Self::Uuid => "uuid",
            Self::Hash => "hash",
            Self::Url => "url",
        }
    }
}

/// Who may be harmed when a field is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sensitivity {
    /// Nobody.
    Public,
    /// The organisation.
    Internal,
    /// A person.
    Personal,
    /// Whoever trusts a secret in it.
    Secret,
}

impl Sensitivity {
    /// The word the catalogue file uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Personal => "personal",
            Self::Secret => "secret",
        }
    }
}

/// What a research release does with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Research {
    /// Release as it is.
    Keep,
    /// Replace by a keyed hash.
    Hash,
    /// Coarsen.
    Truncate,
    /// Encrypt an address so that shared prefixes stay shared.
    Prefix,
    /// Leave out.
    Drop,
}

impl Research {
    /// The word the catalogue file uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Hash => "hash",
            Self::Truncate => "truncate",
            Self::Prefix => "prefix",
            Self::Drop => "drop",
        }
    }
}
