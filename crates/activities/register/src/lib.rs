//! Who works on the platform: [`organisations`] and their [`people`], which all other activities share.
//!
//! What somebody may see follows from who they are, so that it is decided here and by policy and nowhere else
//! (clauses P-1, P-3, P-11). Names of people are personal values: whoever leaves can be forgotten, and what they did
//! stays.

mod id;
pub mod organisations;
pub mod people;

use journal::Kinds;

/// The kinds of stream of this activity, added to others.
#[must_use]
pub fn kinds(kinds: Kinds) -> Kinds {
    kinds.with::<organisations::Organisations>().with::<people::People>()
}
