//! What the way in promises, with stages of our own.

mod ordinals;
mod panics;
mod stage;
