//! Sources of logs that are followed: when one goes silent, and when it speaks again, the operations desk is told.
//!
//! Whoever follows logs says so (clause 2-1-2a wants observations without gaps, and a gap that nobody notices is
//! the worst of them); what is said twice is done once. Streams are `watch/source/<id>`, and [`id`] makes an id of
//! a source's name, which is a path more often than not.

use journal::effect::{Mail, Value};
use journal::{Column, Decision, Entropy, Kind, Row, Stamp, Table, Upsert};
use model::hash::hex;
use model::time::Instant;
use model::view::Label;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The kind of stream.
pub struct Sources;

/// The table of sources that went silent once.
pub const SOURCES: &str = "watch_sources";

/// Longest name that stands in an id as it is, in bytes of the id.
const LONGEST: usize = 200;
/// What of a longer name stands in its id, in bytes: its end.
const END: usize = 160;
/// Before what stands for a name that is too long; no other id begins so.
const LONG: &str = "%%";

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

/// The id of a source's stream. `%` and what an id cannot have stand there as `%` and two digits for each byte;
/// of a name that is too long stand its hash and its end, which tells files apart.
#[must_use]
pub fn id(name: &str) -> String {
    let mut id = String::new();
    for sign in name.chars() {
        if sign.is_control() || matches!(sign, '/' | '%') {
            let mut bytes = [0; 4];
            sign.encode_utf8(&mut bytes).bytes().for_each(|byte| id += &format!("%{byte:02X}"));
        } else {
            id.push(sign);
        }
    }
    match id.len() {
        0 => LONG.to_owned(),
        length if length <= LONGEST => id,
        length => {
            let from = (length - END..length).find(|from| id.is_char_boundary(*from)).unwrap_or(length);
            let hash = Sha256::digest(name);
            format!("{LONG}{}{}", hex(&hash[..16]), &id[from..])
        }
    }
}

/// The name of a source as far as its id has it.
#[must_use]
pub fn name(id: &str) -> String {
    let (before, coded) = match id.strip_prefix(LONG) {
        Some(long) => ("…", long.get(32..).unwrap_or_default()),
        None => ("", id),
    };
    let (mut bytes, mut rest) = (Vec::new(), coded.as_bytes());
    while let Some((byte, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let decoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|_| *byte == b'%');
        bytes.push(decoded.unwrap_or(*byte));
        rest = if decoded.is_some() { &behind[2..] } else { behind };
    }
    format!("{before}{}", String::from_utf8_lossy(&bytes))
}

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
