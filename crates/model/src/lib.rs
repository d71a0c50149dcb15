//! The words of the house: values every floor speaks of, and nothing that acts of its own accord.
//!
//! No files, sockets, clocks or logs here; whatever depends on the outside is an
//! argument. What lives here so far:
//!
//! - [`catalogue`]: what a field is and which events a Sigma log source reads;
//! - [`clause`]: what the mission asks for, one numbered demand each;
//! - [`event`]: where a row came from, what kind of event it is, what was wrong with its bytes;
//! - [`evidence`]: the rows that stand behind what is said;
//! - [`fact`]: what happened in one activity that others may react to;
//! - [`figure`]: numbers that reports say, each with what it counts;
//! - [`hash`](mod@hash): hashes as values and as text;
//! - [`holds`]: what values of a field people look up, and the words by which each is found;
//! - [`indicator`]: what somebody looks up, as they write it;
//! - [`level`]: how severe a verdict is;
//! - [`marking`]: what a recipient may do with a piece of information;
//! - [`mod@panic`]: faults of the program itself, caught to be told;
//! - [`reason`]: why something could not be read or was refused, by code;
//! - [`time`]: instants with nanoseconds, read from the notations logs use;
//! - [`view`]: what somebody may see, and for what.

pub mod catalogue;
pub mod cause;
pub mod clause;
pub mod event;
pub mod evidence;
pub mod fact;
pub mod figure;
pub mod hash;
pub mod holds;
pub mod indicator;
pub mod level;
pub mod marking;
pub mod panic;
pub mod reason;
pub mod time;
pub mod view;
