//! What happened in one activity that others may react to.

/// One of the few acts that others may react to: that a finding was closed, an occasion opened, a device fixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What happened, as `<activity>.<what>`: `watch.rules-enabled`.
    pub name: String,
    /// The stream in which it happened.
    pub stream: String,
    /// The act's number there.
    pub sequence: u64,
    /// What it is about, as the activity that tells it says.
    pub about: String,
}
