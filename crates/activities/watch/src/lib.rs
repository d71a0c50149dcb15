//! What the operations centre does with what machines observed.
//!
//! So far it decides which rules run ([`rulesets`]) and how long observations are kept ([`retention`]): clauses P-1 to P-3 and 1-3a ask that who decided what,
//! when and why can be shown, and that an update of somebody else's rules undoes no decision made here. It also notices when a source of logs
//! goes silent ([`sources`]), and has the operations desk told.

pub mod findings;
pub mod retention;
pub mod rulesets;
pub mod sources;

use journal::Kinds;

/// The kinds of stream of this activity, added to others.
#[must_use]
pub fn kinds(kinds: Kinds) -> Kinds {
    let kinds = kinds.with::<rulesets::Rulesets>().with::<retention::Retentions>().with::<sources::Sources>();
    kinds.with::<findings::Findings>().with::<findings::Groupings>()
}
