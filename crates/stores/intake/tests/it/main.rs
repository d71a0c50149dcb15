//! What the way in promises, with stages of our own.

mod batches;
mod following;
mod ordinals;
mod panics;
mod stage;

/// A batch as whoever keeps it would know it, by an id of no meaning.
fn stored(contents: &sources::Contents) -> sources::Stored {
    let &sources::Contents { start, end, first_event, events, open, .. } = contents;
    sources::Stored { id: [0; 16], start, end, first_event, events, open }
}
