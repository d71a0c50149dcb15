//! What changes between two versions of a set of rules, document by document.
//!
//! Files of the same path and bytes are set aside unread. In the others a document is known by its `id`, a
//! UUID in any case; one without, or whose id other documents of these files have as well, by its path and
//! its number in the file. What two versions of a document say is compared as values: comments, layout and
//! the order of keys are no change.
//!
//! Each document is looked at by itself. What only a whole set decides, such as a correlation whose rules
//! are gone, [`RuleSet`](crate::RuleSet) tells.

mod changes;
mod pairing;
mod text;
mod version;

use model::level::Level;
use model::reason::Reason;
use serde::{Serialize, Serializer};

use crate::operand::Placeholders;
use crate::rule::Refusal;
use version::Document;

/// What a new version of a set of rules changes. All lists go by path and number in the file, those of
/// `removed` and `newly_loaded` by the old ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Documents that the old version has not.
    pub added: Vec<Entry>,
    /// Documents that the new version has no more.
    pub removed: Vec<Entry>,
    /// Documents that both have, and that are not the same.
    pub changed: Vec<Changed>,
    /// How many documents are the same in both, at the same path.
    pub unchanged: usize,
    /// Documents of the new version that cannot be loaded, of files that differ.
    #[serde(serialize_with = "by_code")]
    pub refused: Vec<Refusal>,
    /// Those of them whose old version can.
    #[serde(serialize_with = "by_code")]
    pub newly_refused: Vec<Refusal>,
    /// Documents that could not be loaded and now can; the reason is that of the old version.
    #[serde(serialize_with = "by_code")]
    pub newly_loaded: Vec<Refusal>,
}

/// A document, as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// `id`, as written.
    pub rule_id: Option<String>,
    /// `title`
    pub title: Option<String>,
    /// `level`; none when it names none that is known.
    pub level: Option<Level>,
    /// `status`, as written.
    pub status: Option<String>,
    /// File, as given by the caller.
    pub path: String,
}

/// A document that is not the same in both versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// In the old version.
    pub before: Entry,
    /// In the new version.
    pub after: Entry,
    /// What differs, at least one: the move first, then by key, in the order of the old version.
    pub changes: Vec<Change>,
    /// Whether it may find something else: only one version can be loaded, or both can and differ in
    /// `detection`, `logsource`, `correlation` or `filter`. All other keys change what it says. Nor does the
    /// order of a list change what is found, but that of a correlation's `rules`.
    pub finds_otherwise: bool,
}

/// A difference between two versions of a document.
///
/// `at` are the keys that lead to it, with dots between them: `detection.selection.Image|endswith`. A map in
/// a list is told by its number in the new version, from 0: `detection.selection[0].Image|endswith`.
/// Values are texts as they are meant, without quotes where they can be nothing else; what is inside of a
/// list or map as YAML on one line, its keys sorted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// The document stands in another file.
    Moved {
        /// Path in the old version.
        before: String,
        /// Path in the new version.
        after: String,
    },
    /// A value is another one, is there now, or no more.
    Value {
        /// Where.
        at: String,
        /// None when it was not there.
        before: Option<String>,
        /// None when it is there no more.
        after: Option<String>,
    },
    /// A list has other members; a value without a list is a list of one.
    Members {
        /// Where.
        at: String,
        /// Members that only the new version has, in its order.
        added: Vec<String>,
        /// Members that only the old version has, in its order.
        removed: Vec<String>,
    },
    /// A list has the same members in another order.
    Reordered {
        /// Where.
        at: String,
    },
    /// A version is no YAML, or no text at all, and the bytes differ.
    Bytes,
}

/// What changes from the files of one version to those of another, each a path and bytes. Paths are
/// compared, so they begin at the folder of their version. The placeholders are those of both.
#[must_use]
pub fn difference(
    old: &[(String, Vec<u8>)],
    new: &[(String, Vec<u8>)],
    placeholders: &Placeholders,
) -> Difference {
    let read = version::read(old, new);
    let before_of = pairing::pair(&read.old, &read.new);
    let mut difference = Difference { unchanged: read.unchanged, ..Difference::default() };
    let mut stays = vec![false; read.old.len()];
    for (after, before) in read.new.iter().zip(before_of) {
        let refusal = after.refusal(placeholders);
        difference.refused.extend(refusal.clone());
        match before {
            None => difference.added.push(after.entry()),
            Some(number) => {
                stays[number] = true;
                difference.compare(&read.old[number], after, refusal, placeholders);
            }
        }
    }
    let gone = read.old.iter().zip(stays).filter(|(_, stays)| !stays);
    difference.removed = gone.map(|(document, _)| document.entry()).collect();
    difference.newly_loaded.sort_by(|one, other| (&one.path, one.line).cmp(&(&other.path, other.line)));
    difference
}

impl Difference {
    /// Adds what two versions of a document differ in. The refusal is that of the new one.
    fn compare(
        &mut self,
        before: &Document<'_>,
        after: &Document<'_>,
        refusal: Option<Refusal>,
        placeholders: &Placeholders,
    ) {
        let (changes, finds_otherwise) = changes::between(before, after);
        if changes.is_empty() {
            self.unchanged += 1;
            return;
        }
        let finds_otherwise = match (before.refusal(placeholders), refusal) {
            (None, None) => finds_otherwise,
            (Some(_), Some(_)) => false,
            (Some(refusal), None) => {
                self.newly_loaded.push(refusal);
                true
            }
            (None, Some(refusal)) => {
                self.newly_refused.push(refusal);
                true
            }
        };
        self.changed.push(Changed { before: before.entry(), after: after.entry(), changes, finds_otherwise });
    }
}

/// Refusals as programs get them elsewhere: by code, arguments and clause.
fn by_code<S: Serializer>(refusals: &[Refusal], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Told<'a> {
        rule_id: &'a Option<String>,
        title: &'a Option<String>,
        path: &'a str,
        line: usize,
        #[serde(flatten)]
        reason: Reason,
    }
    serializer.collect_seq(refusals.iter().map(|Refusal { rule_id, title, path, line, reason }| Told {
        rule_id,
        title,
        path,
        line: *line,
        reason: reason.clone().into(),
    }))
}
