//! What is suppressed in a home: filters that rules get besides those of their sets.

use detect::{Cause, Document, Filter, Placeholders, Refusal, load};
use page::Words;
use watch::suppressions::{self, Listed};

use super::Sets;
use crate::Failure;
use crate::acts::unkept;
use crate::books::{look, now};

/// The filter of a text, which is one and nothing else.
///
/// # Errors
/// Why it is none.
pub fn filter(shown: &str, text: &str) -> Result<Filter, Box<Refusal>> {
    let mut documents = load(shown, text, &Placeholders::new());
    let refused = |title: Option<String>| {
        let reason = Cause::FilterNotAlone;
        Box::new(Refusal { rule_id: None, title, path: shown.to_owned(), line: 1, reason })
    };
    match (documents.pop(), documents.is_empty()) {
        (Some(Ok(Document::Filter(filter))), true) => Ok(*filter),
        (Some(Err(refusal)), _) => Err(Box::new(refusal)),
        (Some(Ok(other)), _) => Err(refused(Some(other.meta().title.clone()))),
        (None, _) => Err(refused(None)),
    }
}

impl Sets {
    /// The suppressions that hold now, by name.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn suppressions(&self) -> Result<Vec<Listed>, Failure> {
        let Some((_, reader)) = &self.seen else { return Ok(Vec::new()) };
        let listed = look(|who| suppressions::list(reader, who));
        let mut listed = listed.map_err(|error| unkept(&error, self.words))?;
        listed.retain(|suppression| suppression.holds(now()));
        Ok(listed)
    }
}

/// Why a text is no filter, in words.
#[must_use]
pub fn no_filter(refusal: &Refusal, words: Words) -> Failure {
    let values = [
        ("path", refusal.path.as_str().into()),
        ("line", refusal.line.into()),
        ("reason", refusal.reason.to_string().into()),
    ];
    Failure::usage(words, "cli-error-suppress-filter", &values)
}
