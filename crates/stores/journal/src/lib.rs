//! The book of what people and organisations did: acts, which are never edited.
//!
//! Each act belongs to a stream (`<activity>/<kind>/<id>`); the state of a stream is a fold over its acts.
//! What a kind of stream is says its [`Kind`]: how commands are decided, how acts change the state, and
//! which rows of which tables follow from them. [`Journal::act`] decides inside the one writer, on cached
//! state; acts, rows, unique keys, wake-up instants and search texts are one transaction, and the call
//! returns when it outlives a power cut. Who acts at the same time shares that wait.
//!
//! Whoever reads brings a [`View`](model::view::View), and every read is told to the access log before it is
//! answered. There is no other way to read.
//!
//! What is wanted outside, such as a mail, is an [`effect`](mod@crate::effect) of a decision: ordered by an act in
//! the same transaction, and carried out by somebody who asks for it.
//!
//! Each commit is chained to the one before by hash ([`act`](mod@crate::act) says of what); a personal field
//! lies beside its act, sealed under a key of its own ([`personal`](mod@crate::personal)), so that it can be
//! forgotten while hashes stay.
//!
//! # No way around a view
//!
//! Nothing is read without one:
//!
//! ```compile_fail,E0061
//! fn page(reader: &journal::Reader, select: &journal::query::Select<'_>) {
//!     reader.page(select);
//! }
//! ```
//! ```compile_fail,E0061
//! fn state<K: journal::Kind>(reader: &journal::Reader) {
//!     reader.state::<K>("id");
//! }
//! ```
//! ```compile_fail,E0061
//! fn history(reader: &journal::Reader) {
//!     reader.history("watch/ruleset/sigma", (0, 10));
//! }
//! ```
//! ```compile_fail,E0061
//! fn streams<K: journal::Kind>(reader: &journal::Reader) {
//!     reader.streams::<K>();
//! }
//! ```
//! ```compile_fail,E0061
//! fn jobs(reader: &journal::Reader) {
//!     reader.jobs();
//! }
//! ```
//! ```compile_fail,E0061
//! fn act(reader: &journal::Reader) {
//!     reader.act("watch/ruleset/sigma", 1);
//! }
//! ```
//! ```compile_fail,E0061
//! fn head(reader: &journal::Reader) {
//!     reader.head();
//! }
//! ```
//! ```compile_fail,E0061
//! fn all(journal: &journal::Journal) {
//!     journal.freeze();
//! }
//! ```
//!
//! A view is no value that anybody puts together; its maker is for `core/access` alone, which a lint holds
//! (`clippy.toml`), and that the lint stands is a test of the house (`xtask/tests/it/purity.rs`):
//!
//! ```compile_fail,E0451
//! use model::view::{Purpose, Sight, View, Viewer};
//! fn forged(made: model::time::Instant) -> View {
//!     let (viewer, purpose) = (Viewer::Operator("root".to_owned()), Purpose::Operation);
//!     View { viewer, purpose, made, sight: Sight::Everything }
//! }
//! ```
//!
//! The database is in nobody's hands but the journal's:
//!
//! ```compile_fail,E0624
//! fn database(reader: &journal::Reader) {
//!     reader.with(|database| Ok(()));
//! }
//! ```
//!
//! With a view all of it compiles:
//!
//! ```
//! use journal::query::{Page, Select};
//! use journal::{JournalError, Looking, Reader};
//! fn page(reader: &Reader, who: Looking<'_>) -> Result<Page, JournalError> {
//!     reader.history(who, "watch/ruleset/sigma", (0, 10))?;
//!     reader.jobs(who)?;
//!     reader.page(who, &Select::all("watch_rulesets", 10))
//! }
//! ```
//!
//! The file is SQLite's (`<home>/journal.sqlite`); its SQL is what PostgreSQL knows too.

mod access;
pub mod act;
mod copy;
mod database;
pub mod effect;
mod entropy;
mod error;
mod follow;
mod forgetting;
#[cfg(test)]
mod grammar;
pub mod jobs;
mod journal;
mod keys;
mod kind;
mod look;
mod outbox;
mod past;
pub mod personal;
mod projection;
pub mod query;
mod reader;
mod rebuild;
mod registry;
mod schema;
mod search;
mod snapshot;
mod statement;
mod stream;
pub mod subject;
pub mod survey;
mod table;
mod together;
mod told;
mod verify;
mod writer;

pub use act::{Actor, Recorded};
pub use copy::put_back;
pub use entropy::Entropy;
pub use error::{ActError, JournalError};
pub use journal::{Acting, Journal};
pub use kind::{Decision, Kind, Stamp};
pub use model::view::Looking;
pub use outbox::Due;
pub use past::{Between, Head, Placed};
pub use reader::Reader;
pub use rebuild::Rebuilt;
pub use registry::{Kinds, fold};
pub use snapshot::{Forgotten, Frozen, Snapshot};
pub use table::{Column, Row, Sort, Table, Upsert, Value};
pub use together::{NotDone, Together};
pub use told::{ToldCommand, Undone};
pub use verify::{Fault, Verified};
pub use writer::Done;
