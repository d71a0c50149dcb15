//! Sources of logs that are followed: when one goes silent, and when it speaks again, the operations desk is told.
//!
//! Whoever follows logs says so (clause 2-1-2a wants observations without gaps, and a gap that nobody notices is
//! the worst of them); what is said twice is done once. Streams are `watch/source/<id>`, and [`id`] makes an id of
//! a source's name, which is a path more often than not.

use journal::effect::{Mail, Value};
use journal::{Column, Decision, Entropy, Kind, Row, Stamp, Table, Upsert};
use model::time::Instant;
use model::view::Label;
use serde::{Deserialize, Serialize};

pub use crate::id::{id, name};

/// The kind of stream.
pub struct Sources;

/// The table of sources that went silent once.
pub const SOURCES: &str = "watch_sources";

/// A source, as far as it was silent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// When it was heard last before it fell silent, or where it never was, since when it is followed; as long as it
    /// is silent.
    pub silent_since: Option<Instant>,
    /// When it spoke again last.
    pub spoke: Option<Instant>,
}

/// What became of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Act {
    /// Nothing was heard of it for longer than it may be silent.
    FellSilent {
        /// When it was heard last; none where it never was.
        last: Option<Instant>,
        /// Since when it is followed.
        since: Instant,
        /// How long it may be silent.
        after_seconds: u64,
    },
    /// It was heard again.
    Spoke {
        /// When.
        at: Instant,
    },
}

/// What can be said of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Nothing was heard of it for longer than it may be silent. Nothing changes where that is known, or it was
    /// heard since.
    Silent {
        /// When it was heard last; none where it never was.
        last: Option<Instant>,
        /// Since when it is followed.
        since: Instant,
        /// How long it may be silent.
        after_seconds: u64,
    },
    /// It was heard. Nothing changes where it was not silent.
    Heard {
        /// When.
        at: Instant,
    },
}

/// What is said of sources is never refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {}

impl Kind for Sources {
    const NAME: &'static str = "watch/source";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = &[Table {
        name: SOURCES,
        // `heard` is when it was heard last before it fell silent or when it spoke; where it never was, since when it
        // is followed.
        columns: &[
            Column::text("id"),
            Column::text("source").searched(),
            Column::number("is_silent"),
            Column::time("heard"),
            Column::time("changed"),
        ],
        key: &["id"],
        unique: &[],
        sorted: &[&["is_silent", "heard"]],
    }];
    type State = Source;
    type Act = Act;
    type Command = Command;
    type Refusal = Refusal;

    fn decide(
        state: &Source,
        command: Command,
        stamp: &Stamp<'_>,
        _entropy: &mut Entropy,
    ) -> Result<Decision<Act>, Refusal> {
        let source = || ("source", Value::Text(name(stamp.id)));
        Ok(match (command, state.silent_since) {
            (Command::Silent { last, since, after_seconds }, None)
                if state.spoke <= Some(last.unwrap_or(since)) =>
            {
                let (template, name, from) = match last {
                    Some(last) => ("watch.source-silent", "last", last),
                    None => ("watch.source-unheard", "since", since),
                };
                let values = [source(), (name, Value::Time(from)), ("after", Value::Seconds(after_seconds))];
                let mut decision = Decision::one(Act::FellSilent { last, since, after_seconds });
                decision.effect(Mail::to_desk(template, values));
                decision
            }
            (Command::Heard { at }, Some(last)) => {
                let values = [source(), ("last", Value::Time(last)), ("at", Value::Time(at))];
                let mut decision = Decision::one(Act::Spoke { at });
                decision.effect(Mail::to_desk("watch.source-spoke", values));
                decision
            }
            (Command::Silent { .. } | Command::Heard { .. }, _) => Decision::nothing(),
        })
    }

    fn apply(state: &mut Source, act: &Act, _stamp: &Stamp<'_>) {
        *state = match act {
            Act::FellSilent { last, since, .. } => {
                Source { silent_since: Some(last.unwrap_or(*since)), ..state.clone() }
            }
            Act::Spoke { at } => Source { silent_since: None, spoke: Some(*at) },
        };
    }

    fn rows(state: &Source, act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
        let heard = match act {
            Act::FellSilent { last, since, .. } => last.unwrap_or(*since),
            Act::Spoke { at } => *at,
        };
        let values = vec![
            stamp.id.into(),
            name(stamp.id).into(),
            state.silent_since.is_some().into(),
            heard.into(),
            stamp.at.into(),
        ];
        vec![Upsert::Put(Row { table: SOURCES, values, label: Self::label(state) })]
    }

    fn label(_state: &Source) -> Label {
        journal::subject::own()
    }
}
