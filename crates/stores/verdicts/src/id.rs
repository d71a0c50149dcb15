//! Who verdicts and signals are: ids from content.

use detect::{RuleDigest, Verdict};
use lake::BatchId;
use model::evidence::{ContentId, Evidence};
use sha2::{Digest, Sha256};

/// Parts put together, each with its length.
struct Parts(Sha256);

impl Parts {
    fn new(what: &str) -> Self {
        Self(Sha256::new()).with(what)
    }

    fn with(mut self, part: impl AsRef<[u8]>) -> Self {
        self.0.update((part.as_ref().len() as u64).to_be_bytes());
        self.0.update(part);
        self
    }

    fn id(self) -> ContentId {
        ContentId::of_sha256(self.0.finalize().into())
    }
}

/// The id of a verdict: its rule, the values that its events share, and the rows that they are. A verdict
/// over events that are not kept has none.
#[must_use]
pub fn verdict_id(verdict: &Verdict) -> Option<ContentId> {
    let mut parts = Parts::new("verdict").with(verdict.rule.digest.id().bytes());
    for (name, value) in &verdict.group {
        parts = parts.with(name).with(value);
    }
    for event in verdict.events() {
        parts = parts.with(event.evidence?.to_string());
    }
    Some(parts.with(verdict.events_count.to_be_bytes()).id())
}

/// The id of a signal: the rule with what correlations want of it, and the row.
pub(crate) fn signal_id(feed: RuleDigest, evidence: &Evidence) -> ContentId {
    Parts::new("signal").with(feed.id().bytes()).with(evidence.to_string()).id()
}

/// The id of what a set of rules finds in a batch.
#[must_use]
pub fn verdict_batch(batch: BatchId, rules: RuleDigest) -> ContentId {
    Parts::new("batch").with(batch.bytes()).with(rules.id().bytes()).id()
}
