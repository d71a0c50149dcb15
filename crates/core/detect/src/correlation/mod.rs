//! Correlations: rules about what other rules find (Sigma specification 2.1.0, "Sigma
//! Correlation Rules").
//!
//! [`read`] reads a document, [`link`] ties a set of them to the rules they name, a [`Plan`] says
//! what each rule must hand on, and a [`Correlator`] takes the [`Signal`]s of a scan in the order
//! of time and gives verdicts. Its docstring says when a correlation fires.

mod chain;
mod condition;
mod correlator;
mod counts;
mod document;
mod evidence;
mod groups;
mod key;
mod kind;
mod link;
mod matches;
mod numbers;
mod order;
mod plan;
mod read;
mod saved;
mod setting;
mod sum;
mod values;
mod window;

pub use correlator::{Correlator, Omitted, Signal};
pub use document::{Correlation, Part};
pub(crate) use link::link;
pub(crate) use plan::Plan;
pub(crate) use read::read;
pub use saved::NotResumed;
