//! A loaded rule: what it says about itself and the expression that decides it.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use model::catalogue::LogSource;
use model::evidence::ContentId;
use model::level::Level;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::cause::Cause;
use crate::matcher::Matcher;

/// A plain Sigma rule, ready to be compiled for a kind of event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rule {
    /// What it says about itself.
    pub meta: Arc<Meta>,
    /// Log source keys.
    pub source: SourceKeys,
    /// When it fires.
    pub expression: Expression,
    /// What a careful author would mend; the rule works all the same.
    pub warnings: Vec<Cause>,
    /// Whether it only feeds correlations and gives no verdicts of its own.
    pub silent: bool,
}

/// What a rule says about itself.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Meta {
    /// `id`, a UUID.
    pub id: Option<String>,
    /// `name`, by which correlations and filters may refer to it.
    pub name: Option<String>,
    /// `title`
    pub title: String,
    /// Japanese title, from the custom attribute `title_ja`.
    pub title_ja: Option<String>,
    /// `level`; informational when the rule names none.
    pub level: Level,
    /// Whether the document names a level.
    pub has_level: bool,
    /// Whether it is about what other rules find.
    pub is_correlation: bool,
    /// `status`
    pub status: Option<String>,
    /// `tags`
    pub tags: Vec<String>,
    /// `description`
    pub description: Option<String>,
    /// Ids of `related` rules.
    pub related: Vec<String>,
    /// File, as given by the caller.
    pub path: String,
    /// Line of its document in the file, from 1.
    pub line: usize,
    /// The set and version that it belongs to, as `sigma@3`, where the caller knows; it decides nothing.
    pub set: Option<Arc<str>>,
    /// Who it is: an id of all that decides what it finds and says.
    pub digest: RuleDigest,
}

/// An id of all that decides what a rule finds and says: its document, the filters and values of
/// placeholders that apply to it, and for a correlation the rules that it is about. Not where it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RuleDigest(ContentId);

impl RuleDigest {
    /// The digest of some parts, each with its length.
    pub(crate) fn of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self(ContentId::of_sha256(hash.finalize().into()))
    }

    /// The digest of the same with others that change it, in this order.
    pub(crate) fn with<'a>(self, others: impl IntoIterator<Item = &'a Self>) -> Self {
        let all: Vec<[u8; 16]> =
            std::iter::once(self.0.bytes()).chain(others.into_iter().map(|other| other.0.bytes())).collect();
        Self::of(all.iter().map(<[u8; 16]>::as_slice))
    }

    /// The id.
    #[must_use]
    pub fn id(self) -> ContentId {
        self.0
    }
}

impl Default for RuleDigest {
    fn default() -> Self {
        Self(ContentId::from([0; 16]))
    }
}

/// Log source keys of a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SourceKeys {
    /// `product`
    pub product: Option<String>,
    /// `category`
    pub category: Option<String>,
    /// `service`
    pub service: Option<String>,
}

impl SourceKeys {
    /// The same keys, borrowed.
    #[must_use]
    pub fn keys(&self) -> LogSource<'_> {
        LogSource {
            product: self.product.as_deref(),
            category: self.category.as_deref(),
            service: self.service.as_deref(),
        }
    }
}

/// For people: `product windows, service sysmon`.
impl fmt::Display for SourceKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = [("product", &self.product), ("category", &self.category), ("service", &self.service)];
        let keys = keys.into_iter().filter_map(|(key, value)| Some(format!("{key} {}", value.as_ref()?)));
        formatter.write_str(&keys.collect::<Vec<_>>().join(", "))
    }
}

/// When a rule fires.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Expression {
    /// Decided without looking.
    Constant(bool),
    /// All hold.
    And(Vec<Expression>),
    /// One holds.
    Or(Vec<Expression>),
    /// It does not hold.
    Not(Box<Expression>),
    /// One item of a selection or keyword list.
    Item(Arc<Item>),
    /// The items of one selection map: in events of several records they must meet in one
    /// record when the map names the record's `type`.
    Map(Vec<Expression>),
}

impl Expression {
    /// Values on which a regular expression of this one took all its steps.
    pub(crate) fn exhausted(&self) -> u64 {
        match self {
            Self::Constant(_) => 0,
            Self::And(parts) | Self::Or(parts) | Self::Map(parts) => parts.iter().map(Self::exhausted).sum(),
            Self::Not(part) => part.exhausted(),
            Self::Item(item) => match &item.test {
                Test::Any(matchers) => matchers.iter().map(Matcher::exhausted).sum(),
                Test::Missing | Test::Exists | Test::Field { .. } => 0,
            },
        }
    }
}

/// One item: a field (or the whole event) and what its value must be.
#[derive(Debug, Serialize, Deserialize)]
pub struct Item {
    /// Field name without blanks; `None` for keywords.
    pub field: Option<Box<str>>,
    /// What is tested.
    pub test: Test,
    /// Canonical text of field, modifiers and values: items with equal keys are the same test.
    pub key: Box<str>,
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Item {}

impl Hash for Item {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

/// What is tested of a field.
#[derive(Debug, Serialize, Deserialize)]
pub enum Test {
    /// One of its values fits one of these.
    Any(Vec<Matcher>),
    /// It has no value: it is absent, or holds null, an empty list or an empty object.
    Missing,
    /// It is there, whatever it holds.
    Exists,
    /// It relates to the value of another field of the event.
    Field {
        /// The other field.
        other: Box<str>,
        /// How the values relate.
        relation: Relation,
        /// Compare with case.
        cased: bool,
    },
}

/// How the values of two fields relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Relation {
    Equal,
    StartsWith,
    EndsWith,
    Contains,
}

impl Relation {
    /// Whether it holds between two texts, folded by the caller unless cased.
    #[must_use]
    pub fn holds(self, left: &str, right: &str) -> bool {
        match self {
            Self::Equal => left == right,
            Self::StartsWith => left.starts_with(right),
            Self::EndsWith => left.ends_with(right),
            Self::Contains => left.contains(right),
        }
    }
}

/// A rule document that was not loaded, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// `id` of the document, where it could be read.
    pub rule_id: Option<String>,
    /// `title` of the document, where it could be read.
    pub title: Option<String>,
    /// File, as given by the caller.
    pub path: String,
    /// Line that the reason is about, or where the document begins.
    pub line: usize,
    /// Why.
    pub reason: Cause,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.reason)
    }
}
