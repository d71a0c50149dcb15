//! The home: the folder in which an installation keeps its books, and the lock of the one process
//! that writes there.
//!
//! ```text
//! <home>/
//!   noroshi.toml       what the administrator decided; may be there first
//!   format             a number: how the rest is laid out
//!   id                 who the home is, wherever it is moved or put back to
//!   lock               held by the process that writes, which is named in it
//!   lake/              observations, <compartment>/<class>
//!   spool/             received, and not yet in the lake
//!   journal.sqlite     acts of people and organisations
//!   files/             uploads and artefacts, <2 digits>/<sha256>
//!   access/            who looked at what
//!   keys/              what personal fields are sealed with
//!   noroshi.toml       settings, where there are any
//!   backups            where its backups are
//!   before/<format>/   what a home of an earlier format was: the way back
//! ```
//!
//! Whoever writes takes a [`Writer`], which makes a missing home; there is one at a time, and it
//! ends with its process, however that ends. Whoever reads opens a [`Home`] that must be there, and may
//! ask who writes in it ([`Home::holder`]). A home of an earlier format is read as it is, and written to by nobody
//! but who brings it up to date ([`Writer::upgrading`]).

mod error;
mod folder;
mod holder;
mod id;
mod place;
mod writer;

pub use error::HomeError;
pub use folder::{FORMAT, Home};
pub use holder::Holder;
pub use id::{HomeId, NotAnId};
pub use place::{UserFolder, place};
pub use writer::{Writer, user};
