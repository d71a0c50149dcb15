//! What the way in promises, with stages of our own.

mod batches;
mod following;
mod ordinals;
mod panics;
mod stage;
