//! What the way in promises, with stages of our own.

mod batches;
mod ordinals;
mod panics;
mod stage;
