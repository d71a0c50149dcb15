//! Rows of one kind as Arrow columns: the builder that readers fill, and the way back to values.
//!
//! Only `layout` knows which columns these are and what types they have.

mod builder;
mod column;
mod data;
mod filled;
mod layout;
mod value;

pub use builder::Builder;
pub use data::{KeptIn, Sheet};
pub use filled::Filled;
pub use layout::read::{Column, Rows};
pub use value::{Scalar, Value};
