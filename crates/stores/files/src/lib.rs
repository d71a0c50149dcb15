//! Uploads and artefacts: bytes by their sha256, once however often they come.
//!
//! The bytes lie in `<home>/files/<2 digits>/<64 digits>` and never change. Whose they are, what they are
//! called and what may be done with them are acts in the journal, one stream a file ([`Files`] adds both,
//! the bytes first); the same bytes may be held by several, each with marks of their own. Whoever reads
//! brings a view, and gets bytes that were compared with their name.
//!
//! Bytes of which no act tells are what a crash left: nobody sees them, and they are adopted when they come
//! again, or go by [`Files::sweep`].
//!
//! Without a view nothing is read, not even how much there is:
//!
//! ```compile_fail,E0061
//! fn read(home: &home::Home, reader: &journal::Reader, sha256: &files::Sha256) {
//!     files::open(home, reader, sha256);
//! }
//! ```
//! ```compile_fail,E0061
//! fn total(reader: &journal::Reader) {
//!     files::total(reader);
//! }
//! ```
//! ```
//! # use std::io::Read;
//! fn read(
//!     home: &home::Home,
//!     reader: &journal::Reader,
//!     who: journal::Looking<'_>,
//!     sha256: &files::Sha256,
//! ) -> Result<Option<impl Read>, files::Error> {
//!     files::open(home, reader, who, sha256)
//! }
//! ```

mod files;
mod holding;
mod place;
pub mod survey;

pub use files::{Error, Files, Kept, Lying, New, hold, open, path, total};
pub use holding::{Act, Command, Holding, Holdings, Known, Refusal};
pub use model::hash::Sha256;
