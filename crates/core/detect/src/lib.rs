//! Sigma rules over Arrow sheets: rules in, verdicts out.
//!
//! [`load`] turns the text of a rule file into [`Rule`]s and [`Refusal`]s. An [`Engine`] holds
//! the rules and, for each kind of event it meets, compiles a *program* once:
//!
//! 1. the log source decides whether a rule reads the kind at all; tests of event id and channel
//!    are decided here, names of fields become columns;
//! 2. every rule hangs on its rarest texts, all searched by one automaton;
//! 3. what is left is evaluated exactly, each test once a distinct value of a column.
//!
//! [`Engine::scan`] runs the program over a sheet; the caller runs sheets in parallel.
//! [`Engine::scan_linear`] tries every rule on every event and must find the same.
//!
//! Matches of rules that correlations are about come out as [`Signal`]s beside the verdicts; a
//! [`Correlator`] takes them, in the order of time, and gives the verdicts of the correlations.

mod anchor;
mod bounds;
mod cause;
mod correlation;
mod detection;
mod dialect;
mod difference;
mod encode;
mod engine;
mod evaluate;
mod fault;
mod filter;
mod fold;
mod grid;
mod item;
mod linear;
mod lint;
mod load;
mod matcher;
mod merged;
mod name;
mod needs;
mod network;
mod number;
mod operand;
mod pattern;
mod program;
mod reach;
mod rule;
mod ruleset;
mod spelling;
mod standin;
mod store;
mod story;
mod token;
mod verdict;
mod yaml;

pub use bounds::Bounds;
pub use cause::Cause;
pub use correlation::{Correlation, Correlator, NotResumed, Omitted, Part, Signal};
pub use difference::{Change, Changed, Difference, Entry, difference};
pub use engine::{Engine, Outcome};
pub use evaluate::Scratch;
pub use filter::{Filter, removing};
pub use load::{Document, load};
pub use needs::Needs;
pub use operand::Placeholders;
pub use rule::{Meta, Refusal, Rule, RuleDigest, SourceKeys};
pub use ruleset::{RuleSet, Warning};
pub use store::{pack, unpack};
pub use story::Story;
pub use verdict::{EventReference, FieldValue, Verdict};
