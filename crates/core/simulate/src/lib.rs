//! One deterministic generator of the small nation: its organisations, their ordinary days, and attacks with ground truth.
//!
//! A [`Plan`] names seed, span, scale and stories. [`Plan::files`] lists the logs, a [`Generator`] writes one of them
//! as a stream, [`Generator::take_truth`] tells which events were malicious, by line, ordinal and record, and
//! [`Generator::census`] how many there are of what, so that what others count can be compared.
//! The same plan gives the same bytes on every machine and in every chunk size.
//!
//! ```
//! use simulate::{Generator, Plan};
//! let plan = Plan { days: 1, scale: 0.01, ..Plan::week(1) };
//! for file in plan.files() {
//!     let mut generator = Generator::new(&plan, &file);
//!     let mut bytes = Vec::new();
//!     while !generator.write(&mut bytes, 1 << 20)?.done {}
//!     let malicious = generator.take_truth();
//!     assert!(malicious.iter().all(|truth| truth.line <= generator.lines()));
//! }
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Inside: `day`, `background`, `odd` and `stories` decide what happens; `windows` and `linux` fill an [`Event`] with the
//! source's own fields; `encode` turns it into lines. It reads no clock, file or randomness but the plan's seed.
//! Ends of malicious programs are not in the ground truth: an ending is no deed.

mod background;
mod census;
mod clock;
mod day;
mod deed;
mod digest;
mod encode;
mod event;
mod generator;
mod hosts;
mod linux;
mod machine;
pub mod nation;
mod odd;
mod plan;
mod programs;
mod queue;
mod random;
mod sites;
mod stories;
mod truth;
mod windows;
mod world;

pub use census::{Census, Month, OrganisationCensus, PlantedCount};
pub use encode::Shape;
pub use event::{Event, Field, Form, Log, Mark, Template};
pub use generator::{Generator, Progress};
pub use plan::{LogFile, Plan};
pub use stories::{MaintenanceDoor, QuietIntruder, Story};
pub use truth::{Truth, Words};
