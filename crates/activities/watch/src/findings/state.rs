//! What acts of a finding come to.

use std::collections::{BTreeMap, BTreeSet};

use journal::Stamp;
use journal::personal::Personal;
use model::level::Level;
use model::marking::Marking;
use model::time::Instant;
use model::view::Label;
use serde::{Deserialize, Serialize};

use super::act::{Act, Change, Clearance, Closing, Joined};
use super::plan::Standing;
use super::summary::Summary;

/// Whose a finding is that stands on events of several organisations.
const SEVERAL: &str = "own";

/// A finding.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// When it was opened; there is none without.
    pub opened: Option<Instant>,
    /// What its verdicts come to, without those of findings that people merged into it.
    pub own: Summary,
    /// What findings come to that people merged into it.
    pub merged: BTreeMap<u64, Summary>,
    /// Findings that are part of it, however it came.
    pub parts: BTreeSet<u64>,
    /// The finding that it is a part of.
    pub whole: Option<u64>,
    /// Findings that it is related to.
    pub related: BTreeSet<u64>,
    /// The finding that its verdicts were taken out of.
    pub out_of: Option<u64>,
    /// What people say.
    pub said: Said,
    /// Whether a person has acted on it: nothing is merged by itself any more.
    pub is_held: bool,
    /// Notes, and files by hash.
    pub notes: u64,
    /// Names of files that belong to it, by hash.
    pub attachments: BTreeMap<String, String>,
    /// As what it may be used in exercises.
    pub cleared: Option<Clearance>,
    /// What people said before what they changed together last.
    pub before: Option<(String, Said)>,
}

/// What people say of a finding and can take back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Who works on it.
    pub owner: Option<Personal>,
    /// How it was closed.
    pub closing: Option<Closing>,
    /// When.
    pub closed_at: Option<Instant>,
    /// How severe it is, where that is not what its rules say.
    pub level: Option<Level>,
    /// A title of its own.
    pub title: Option<String>,
}

/// Where a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody works on it.
    New,
    /// Somebody works on it.
    Progress,
    /// It was closed.
    Closed,
    /// It is a part of another one.
    Merged,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::New, Self::Progress, Self::Closed, Self::Merged];

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Progress => "progress",
            Self::Closed => "closed",
            Self::Merged => "merged",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

impl Finding {
    /// Where it stands.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self { whole: Some(_), .. } => Status::Merged,
            Self { said: Said { closing: Some(_), .. }, .. } => Status::Closed,
            Self { said: Said { owner: Some(_), .. }, .. } => Status::Progress,
            _ => Status::New,
        }
    }

    /// What may become of it without people.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match (self.whole, self.status()) {
            (Some(whole), _) => Standing::Part(whole),
            (None, Status::Closed) => Standing::Closed,
            (None, _) if self.is_held => Standing::Held,
            (None, _) => Standing::Loose,
        }
    }

    /// What all its verdicts come to.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut all = self.own.clone();
        self.merged.values().for_each(|part| all.add(part));
        all
    }

    /// How severe it is.
    #[must_use]
    pub fn level(&self) -> Level {
        self.said.level.unwrap_or_else(|| self.summary().level)
    }

    /// Its title: its own, or that of the rule that says most.
    #[must_use]
    pub fn title(&self) -> String {
        let summary = self.summary();
        let of_rule = || summary.main_rule().map(|(_, rule)| rule.title.clone()).unwrap_or_default();
        self.said.title.clone().unwrap_or_else(of_rule)
    }

    /// Whose it is, and what may be done with it: what is said of the events that it stands on.
    #[must_use]
    pub fn label(&self) -> Label {
        let summary = self.summary();
        let mut organisations = summary.organisations.iter().filter(|name| !name.is_empty());
        let owner = match (organisations.next(), organisations.next()) {
            (Some(only), None) if summary.organisations.len() == 1 => only.clone(),
            _ => SEVERAL.to_owned(),
        };
        let marking: Marking = summary.marking;
        Label { compartment: "own".to_owned(), owner, marking }
    }

    pub(super) fn apply(&mut self, act: &Act, stamp: &Stamp<'_>) {
        match act {
            Act::Joined(joined) => self.join(joined, stamp),
            Act::Parted { rest, .. } => {
                self.own = rest.clone();
                self.is_held = true;
            }
            Act::Merged { into, reason } => {
                self.whole = Some(*into);
                self.is_held |= reason.is_some();
            }
            Act::Absorbed { finding, summary, reason } => {
                self.parts.insert(*finding);
                match reason {
                    Some(_) => {
                        self.merged.insert(*finding, summary.clone());
                        self.is_held = true;
                    }
                    None => self.own.add(summary),
                }
            }
            Act::Restored { .. } => self.whole = None,
            Act::Released { finding, .. } => {
                self.parts.remove(finding);
                self.merged.remove(finding);
            }
            Act::Changed { change, together } => {
                self.before = together.clone().map(|together| (together, self.said.clone()));
                self.is_held = true;
                self.change(change, stamp);
            }
            Act::TakenBack { .. } => {
                if let Some((_, before)) = self.before.take() {
                    self.said = before;
                }
            }
        }
    }

    fn join(&mut self, joined: &Joined, stamp: &Stamp<'_>) {
        self.opened = self.opened.or(Some(stamp.at));
        self.own.add(&joined.summary);
        self.related.extend(&joined.related);
        self.out_of = self.out_of.or(joined.out_of);
        // People said that it is a finding.
        self.is_held |= joined.out_of.is_some();
    }

    fn change(&mut self, change: &Change, stamp: &Stamp<'_>) {
        match change {
            Change::Assigned { owner } => self.said.owner.clone_from(owner),
            Change::Closed(closing) => {
                self.said.closing = Some(closing.clone());
                self.said.closed_at = Some(stamp.at);
            }
            Change::Reopened { .. } => {
                self.said.closing = None;
                self.said.closed_at = None;
            }
            Change::Graded { level, .. } => self.said.level = Some(*level),
            Change::Titled { title } => self.said.title = Some(title.clone()),
            Change::Noted { .. } => self.notes += 1,
            Change::Attached { sha256, name } => drop(self.attachments.insert(sha256.clone(), name.clone())),
            Change::Cleared(clearance) => self.cleared = Some(clearance.clone()),
            Change::Withheld { .. } => self.cleared = None,
        }
    }
}
