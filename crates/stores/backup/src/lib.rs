//! Backups of a home: points in time to which it can be put back, in a folder on another disk.
//!
//! ```text
//! <folder>/
//!   noroshi-backup          format of the folder, and the id of the home whose backups these are, a line each
//!   lake/, files/           what never changes under its name, each once, for all points
//!   points/<UTC time>/      what is of one point alone, by its path in the home
//!     manifest.json         all files of the point, and what it holds in numbers; written last
//!   forgotten.jsonl         who was forgotten, a line each, only ever added to
//! ```
//!
//! A [point](NewPoint) counts once its manifest stands there, which ends with a hash of itself: one that was cut
//! off, or changed anywhere, is none. What is copied is durable before.
//!
//! Somebody who is forgotten is so in all points: the keys that their values are sealed with are destroyed there
//! ([`Folder::destroy_keys`]), and a home that is put back is told of all who were forgotten since ([`List`]). A manifest
//! says how many lines the list had when the point was begun; all that come behind are of later, whatever clocks
//! said.
//!
//! This crate copies files by paths, lengths and hashes that it is given. It knows no table, no act and no key.

mod disk;
mod error;
mod folder;
mod forgotten;
mod keys;
mod manifest;
mod point;
mod points;
mod prune;
mod remembered;
mod restore;

pub use disk::Tell;
pub use error::{BackupError, Damage};
pub use folder::{Folder, Held};
pub use forgotten::{Forgotten, Line, List, add};
pub use manifest::{About, Chain, Entry, Manifest, TableOf};
pub use point::{Added, NewPoint, Part, What};
pub use points::{Point, State};
pub use prune::Pruned;
pub use remembered::{remember, remembered};
pub use restore::{Restored, forgotten_since, restore};
