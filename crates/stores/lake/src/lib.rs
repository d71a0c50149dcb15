//! The book of what machines observed: rows in tables on plain files, and questions to them.
//!
//! A table is a folder of Parquet files with a Delta log, which any reader of Delta opens
//! (`<lake>/<compartment>/<class>`). Rows are added and never changed.
//!
//! Nothing outside this crate knows Delta, DataFusion or an async runtime: [`Lake`] has threads of
//! its own, and its functions return when they are done.

mod error;
mod lake;
mod name;
mod question;
mod table;

pub use error::LakeError;
pub use lake::Lake;
pub use name::{Compartment, NotAName, TableName};
