//! The book of what machines observed: rows in tables on plain files, and questions to them.
//!
//! A table is a folder of Parquet files with a Delta log, which any reader of Delta opens
//! (`<lake>/<compartment>/<class>`). Rows are added and never changed; an owner's end by whole days
//! ([`Retention`]).
//!
//! A table has one [`Writer`] at a time. What it has added outlives a power cut, and what is delivered
//! again is not added again ([`Delivery`]).
//!
//! What is asked brings a [`View`](model::view::View), names its tables, and runs within limits ([`Asking`]).
//! To a view that shows a part the rest is as if it had never been there, and errors say little: tables without
//! a row that is seen are none, and superseded batches are not shown.
//!
//! Nothing outside this crate knows Delta, DataFusion or an async runtime: [`Lake`] has threads of
//! its own, and its functions return when they are done.

mod answer;
mod ask;
pub mod batches;
mod chosen;
mod columns;
mod commit;
mod compaction;
mod delivered;
mod disk;
mod error;
mod files;
mod find;
pub mod flaws;
mod groups;
mod horizon;
mod id;
mod lake;
mod listing;
mod log;
mod lost;
mod name;
mod news;
mod parquet;
mod place;
mod point;
mod question;
mod replay;
mod retention;
mod rows;
mod scan;
mod store;
mod stored;
pub mod survey;
mod table;
mod upload;
mod vacuum;
mod values;
mod view;
mod whole;
mod writer;

pub use answer::{Heading, headings, values};
pub use ask::{Answer, AskError, AskLimits, Asking, Question, Receive};
pub use batches::Entry;
pub use chosen::{Chosen, Values};
pub use compaction::{Compacted, Compaction};
pub use disk::{Disk, FileSystem};
pub use error::LakeError;
pub use find::{FindError, Finding, Found, FoundIn, FoundRow, Hosts};
pub use horizon::{Gone, Horizon, NotAHorizon};
pub use id::{BatchId, Owner};
pub use lake::{Lake, Looking};
pub use listing::{Listed, OnDisk};
pub use log::Damaged;
pub use name::{Compartment, NotAName, TableName};
pub use news::{News, NotAPosition, Position, Since};
pub use parquet::{PARQUET_MARK, Parquet};
pub use point::{Pinned, TablePoint};
pub use replay::{Between, Includes, Part, Reader, Replay, ReplayError, Replayed, Wanted, Wants};
pub use retention::{Day, Days, Expired, Expiring, Retention, Touched};
pub use rows::{Labels, RowsError, Table, Tables, day, rows, sheets, undated};
pub use vacuum::Vacuumed;
pub use writer::{Added, Delivery, Shard, Writer};
