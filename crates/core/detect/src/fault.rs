//! Why a document is refused, and where in it.

use crate::cause::Cause;

/// Why a document is refused, and the words in it that the reason is about.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) reason: Cause,
    pub(crate) near: Option<String>,
}

impl From<Cause> for Fault {
    fn from(reason: Cause) -> Self {
        Self { reason, near: None }
    }
}

impl Fault {
    pub(crate) fn near(mut self, words: &str) -> Self {
        self.near.get_or_insert_with(|| words.to_owned());
        self
    }
}

impl Cause {
    /// The fault with the words of the document that it is about.
    pub(crate) fn near(self, words: &str) -> Fault {
        Fault::from(self).near(words)
    }
}
