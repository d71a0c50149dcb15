//! What rules find in kept events, as rows beside them.
//!
//! While batches are added to the lake, [`Detecting`] runs rules over each and adds what they find: rows of
//! the table `verdicts`, and of `signals`, the matches that correlations are about. Once they are there,
//! [`correlate`] runs the correlations over the signals, in the order of event time, from where it was the
//! last time. [`Again`] does both for what was kept earlier, day by day, and can be stopped at any moment.
//!
//! A verdict is known by its rule and the rows on which it stands ([`verdict_id`]), so it is there once,
//! however often the same rule looks at the same rows.

mod again;
mod columns;
mod correlate;
mod detecting;
mod error;
mod id;
mod known;
mod label;
mod read;
mod rows;
mod signals;
mod table;
mod write;

pub use again::{Again, Day, Stored};
pub use correlate::{Correlated, Correlating, Failed, correlate};
pub use detecting::{Counts, Detecting, Running};
pub use error::VerdictsError;
pub use id::verdict_id;
pub use known::{KeptVerdict, News, Which, news, of};
pub use rows::{Elsewhere, Rows, Through};
pub use table::{SIGNALS, VERDICTS};
