//! What the acts of an indicator come to.

use journal::Stamp;
use model::indicator::Observable;
use model::marking::Marking;
use model::time::Instant;
use model::view::Label;
use serde::{Deserialize, Serialize};

use super::act::{Act, Added, Kept, Sighting, Source, Value};

/// An indicator.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indicator {
    /// What it is; none before anybody said so.
    pub observable: Option<Observable>,
    /// Its value.
    pub value: Option<Value>,
    /// Whether it is one now.
    pub status: Option<Status>,
    /// Where it came from, each once.
    pub sources: Vec<Source>,
    /// What was noted last.
    pub note: String,
    /// What may be done with it: the strictest that was said.
    pub marking: Marking,
    /// How sure it is, as was said last.
    pub confidence: Option<u8>,
    /// From when on it is none any more.
    pub until: Option<Instant>,
    /// Why it is one though it is on a benign list.
    pub kept: Option<Kept>,
    /// When somebody said so first.
    pub added: Option<Instant>,
    /// What the lake has of it, since it changed last.
    pub seen: Option<Sighting>,
    /// Why it was withdrawn.
    pub reason: String,
}

/// Whether something is an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is.
    Active,
    /// Somebody said that it is none.
    Withdrawn,
    /// Its time is over.
    Expired,
}

impl Status {
    /// All, in the order in which they are listed.
    pub const ALL: [Self; 3] = [Self::Active, Self::Expired, Self::Withdrawn];

    /// One word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }

    /// The one of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

impl Indicator {
    /// Whether it is one now.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == Some(Status::Active)
    }

    /// Its sources and what is said of it, as far as they are told again.
    pub(super) fn has(&self, added: &Added) -> bool {
        self.is_active()
            && self.sources.contains(&added.source)
            && (&self.note, self.confidence, self.until, &self.kept)
                == (&added.note, added.confidence, added.until, &added.kept)
            && stricter(self.marking, added.marking) == self.marking
    }

    pub(super) fn apply(&mut self, act: &Act, stamp: &Stamp<'_>) {
        match act {
            Act::Added(added) => self.add(added, stamp.at),
            Act::Seen(sighting) => self.seen = Some(*sighting),
            Act::Withdrawn { reason } => {
                self.status = Some(Status::Withdrawn);
                self.reason.clone_from(reason);
            }
            Act::Expired => self.status = Some(Status::Expired),
        }
    }

    fn add(&mut self, added: &Added, at: Instant) {
        let is_first = self.observable.is_none();
        self.observable = Some(added.observable);
        self.value = Some(added.value.clone());
        if !self.sources.contains(&added.source) {
            self.sources.push(added.source.clone());
        }
        self.marking = if is_first { added.marking } else { stricter(self.marking, added.marking) };
        self.note.clone_from(&added.note);
        self.confidence = added.confidence;
        self.until = added.until;
        self.kept.clone_from(&added.kept);
        self.added = self.added.or(Some(at));
        self.status = Some(Status::Active);
        self.reason.clear();
    }

    pub(super) fn label(&self) -> Label {
        Label { marking: self.marking, ..journal::subject::own() }
    }
}

/// What both allow.
fn stricter(one: Marking, other: Marking) -> Marking {
    Marking {
        tlp: one.tlp.max(other.tlp),
        confidentiality: one.confidentiality.max(other.confidentiality),
        pap: one.pap.max(other.pap),
    }
}
