//! What the way in promises, with stages of our own.

mod panics;
mod stage;
