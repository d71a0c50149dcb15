//! From an event to the lines that a collector would have written.
//!
//! An encoder appends bytes to a buffer that the caller reuses. To add one (columns, another shipper's shape),
//! read [`Event::fields`] and add a variant to [`Shape`].

mod auditd;
mod flat;
mod json;
mod winlogbeat;

use crate::event::{Event, Log};

/// How a file's lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Windows events as flat JSON lines, as nxlog writes them: the event's own fields at top level, numbers as numbers.
    Flat,
    /// Windows events as winlogbeat 8 writes them: `winlog.event_data` with strings.
    Winlogbeat,
    /// Linux audit records as text, one line a record, with `node=`.
    Auditd,
}

impl Shape {
    /// Appends the event's line or lines, each with its line feed.
    pub fn encode(self, event: &Event, target: &mut Vec<u8>) {
        match self {
            Shape::Flat => flat::encode(event, target),
            Shape::Winlogbeat => winlogbeat::encode(event, target),
            Shape::Auditd => auditd::encode(event, target),
        }
    }

    /// How many lines [`Shape::encode`] writes for this event.
    pub fn lines(self, event: &Event) -> u64 {
        if event.template.log == Log::Audit { auditd::lines(event) } else { 1 }
    }
}
