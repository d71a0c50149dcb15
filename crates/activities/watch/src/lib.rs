//! What the operations centre does with what machines observed.
//!
//! So far it decides which rules run ([`rulesets`]), what they find and nobody needs to see ([`suppressions`]), and how long observations are kept ([`retention`]): clauses P-1 to P-3 and 1-3a ask that who decided what,
//! when and why can be shown, and that an update of somebody else's rules undoes no decision made here. It also notices when a source of logs
//! goes silent ([`sources`]), and has the operations desk told. Verdicts become findings ([`findings`]); values that tell an attack are
//! indicators ([`indicators`]), unless a benign list has them ([`benign`]); questions
//! that are asked again are hunts ([`hunts`]).

pub mod benign;
mod ending;
pub mod figures;
pub mod findings;
pub mod hunts;
mod id;
pub mod indicators;
pub mod retention;
pub mod rulesets;
pub mod sources;
pub mod suppressions;

use journal::Kinds;

/// The kinds of stream of this activity, added to others.
#[must_use]
pub fn kinds(kinds: Kinds) -> Kinds {
    let kinds = kinds.with::<rulesets::Rulesets>().with::<retention::Retentions>().with::<sources::Sources>();
    let kinds = kinds.with::<findings::Findings>().with::<findings::Groupings>();
    kinds
        .with::<indicators::Indicators>()
        .with::<indicators::Looks>()
        .with::<benign::Benigns>()
        .with::<hunts::Hunts>()
        .with::<suppressions::Suppressions>()
}
