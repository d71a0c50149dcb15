//! The way in: opens inputs, reads and parses them over threads, puts the results in the order of
//! the input, and runs over every sheet of rows a [`Stage`] that the caller passes.
//!
//! [`run`] goes through files to their end, [`follow`] goes with logs that grow, [`batches`] gives the
//! rows themselves in batches that can be stored, and [`kept`] goes over stored ones again. Finding the
//! files is the work of [`inputs`], putting matches of correlated rules in the order of time that
//! of [`correlate`]. What goes wrong on the way, a panic of ours or of a library included, is a
//! flaw of the place where it happened; the rest goes on.

pub mod batches;
mod cause;
pub mod correlate;
pub mod follow;
pub mod identity;
pub mod inputs;
pub mod kept;
mod numbering;
mod open;
mod ordered;
mod pipeline;
mod reading;
mod stage;
mod stop;
pub mod stream;
mod worker;

pub use cause::Cause;
pub use pipeline::{Intake, Settings, Totals, run};
pub use stage::{Detection, Found, Stage, widen};
pub use stop::Stop;
