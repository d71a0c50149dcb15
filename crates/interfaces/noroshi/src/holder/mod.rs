//! The one process that writes to a home, and how others write through it.
//!
//! Whoever takes the home's lock holds its journal, observations and files ([`Held`]). A command that writes
//! opens a [`Hand`]: it holds the home itself, or, while another process does, asks that one through the socket
//! `<home>/socket`. What is asked is a [`Request`](request::Request) either way, and one function answers all
//! of them, so that a command does the same whoever holds the home.
//!
//! The client reads logs, rules and archives, with its own rights and in its own time; what goes through the
//! socket are values and bytes, never a path that the holder would open. The holder serves the user that the
//! home belongs to and nobody else, as the system says who asks.
//!
//! A holder that ends does what was asked of it, and says to the others that it goes before they ask again:
//! they then take the home themselves, or ask whoever has it.

mod answer;
mod far;
mod freezing;
mod grouping;
mod hand;
mod held;
mod listening;
mod observing;
mod place;
mod readers;
pub mod request;
mod wire;

pub use answer::{Behind, Rebuilding};
pub use far::{Far, Unanswered};
pub use grouping::{rule_of, seen};
pub use hand::{Hand, Opening};
pub use held::{Held, Limits, Rules};
pub use observing::Found;
