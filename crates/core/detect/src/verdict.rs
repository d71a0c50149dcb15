//! Verdicts: what a rule found, as programs and people get it.

use std::sync::Arc;

use model::event::Place;
use model::evidence::Evidence;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use sources::Scalar;

use crate::bounds::Bounds;
use crate::rule::Meta;
use crate::story::Story;

/// Bytes of an event in JSON beside its source, its evidence among them, whether it has any or not: what is
/// listed must not depend on it.
const EVENT_BYTES: usize = 320;

/// A rule that fired on an event, or a correlation on several.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The rule.
    pub rule: Arc<Meta>,
    /// Host that the event is about.
    pub host: Option<String>,
    /// To which story the event belongs; none of a correlation, whose events may be of several.
    pub story: Story,
    /// Source of the event, of a correlation the one that completed it.
    pub source_path: String,
    /// Where it stands there.
    pub place: Place,
    /// Its row in the lake, if it is kept.
    pub evidence: Option<Evidence>,
    /// Values by which the rule fired, by the rule's field names, each once.
    pub fields: Vec<(String, FieldValue)>,
    /// Values that the events of a correlation have in common, by name.
    pub group: Vec<(String, String)>,
    /// The other events that take part in a correlation, in the order of time; the latest when
    /// they are many.
    pub before: Vec<EventReference>,
    /// How many events take part, also those that are not listed.
    pub events_count: u64,
    /// Values that were too long: name of the field, or `host`, and the bytes cut off, in whose
    /// place the value ends with `…`.
    pub cut: Vec<(String, u64)>,
}

/// An event by its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventReference {
    /// Source of the event.
    pub source_path: Arc<str>,
    /// Where it stands there.
    #[serde(flatten)]
    pub place: Place,
    /// Its row in the lake, if it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

/// What the events of a correlation share.
pub(crate) struct Group<'a> {
    pub(crate) names: &'a [Box<str>],
    pub(crate) values: &'a [&'a str],
    pub(crate) host: Option<&'a str>,
}

/// The events of a correlation.
pub(crate) struct Events {
    pub(crate) before: Vec<EventReference>,
    /// The one that completed it.
    pub(crate) last: EventReference,
    /// How many more take part.
    pub(crate) untold: u64,
}

impl Verdict {
    /// The verdict of a correlation.
    pub(crate) fn of_correlation(
        rule: Arc<Meta>,
        shared: &Group<'_>,
        events: Events,
        bounds: &Bounds,
    ) -> Self {
        let Events { mut before, last, untold } = events;
        let events_count = before.len() as u64 + 1 + untold;
        // Long names of sources make fewer of them fit.
        let mut left = bounds.line_bytes / 5 * 2;
        let fits = |event: &&EventReference| {
            let bytes = json_bytes(&event.source_path) + EVENT_BYTES;
            let fits = bytes <= left;
            left = left.saturating_sub(bytes);
            fits
        };
        let listed = before.iter().rev().take_while(fits).count();
        before.drain(..before.len() - listed);

        let mut cut = Cut::new(bounds);
        let host = shared.host.map(|host| cut.text("host", host));
        let values = shared.names.iter().zip(shared.values);
        let group: Vec<_> = values.map(|(name, value)| (name.to_string(), cut.text(name, value))).collect();
        let field = |(name, value): &(String, String)| {
            (name.clone(), FieldValue { text: value.clone(), scalar: Scalar::Text })
        };
        Self {
            rule,
            host,
            story: Story::default(),
            source_path: last.source_path.to_string(),
            place: last.place,
            evidence: last.evidence,
            fields: group.iter().map(field).collect(),
            group,
            before,
            events_count,
            cut: cut.done(),
        }
    }

    /// The events that are listed, the completing one last.
    #[must_use]
    pub fn events(&self) -> Vec<EventReference> {
        let last = EventReference {
            source_path: self.source_path.as_str().into(),
            place: self.place,
            evidence: self.evidence.clone(),
        };
        self.before.iter().cloned().chain([last]).collect()
    }
}

/// Cuts the values of one verdict, so that it stays within its bounds.
#[derive(Debug)]
pub(crate) struct Cut {
    most: usize,
    /// Bytes of JSON that all values together may still have.
    left: usize,
    cut: Vec<(String, u64)>,
}

impl Cut {
    pub(crate) fn new(bounds: &Bounds) -> Self {
        // The values of a correlation stand there twice, and its events beside them.
        Self { most: bounds.field_bytes, left: bounds.line_bytes / 5, cut: Vec::new() }
    }

    /// A value, or its beginning and a mark.
    pub(crate) fn text(&mut self, name: &str, text: &str) -> String {
        self.left = self.left.saturating_sub(name.len());
        let mut kept = text.floor_char_boundary(self.most);
        if json_bytes(&text[..kept]) > self.left {
            kept = self.fitting(&text[..kept]);
        }
        self.left = self.left.saturating_sub(json_bytes(&text[..kept]));
        if kept == text.len() {
            return text.to_owned();
        }
        if !self.cut.iter().any(|(known, _)| known == name) {
            self.cut.push((name.to_owned(), (text.len() - kept) as u64));
        }
        format!("{}…", &text[..kept])
    }

    /// End of the beginning that still fits.
    fn fitting(&self, text: &str) -> usize {
        let mut bytes = 0;
        let fits = |character: &(usize, char)| {
            let (at, character) = *character;
            bytes += json_bytes(&text[at..at + character.len_utf8()]);
            bytes <= self.left
        };
        text.char_indices().take_while(fits).last().map_or(0, |(at, character)| at + character.len_utf8())
    }

    /// What was cut.
    pub(crate) fn done(self) -> Vec<(String, u64)> {
        self.cut
    }
}

/// Bytes of a text in JSON.
fn json_bytes(text: &str) -> usize {
    let bytes = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 2,
        0..32 => 6,
        _ => 1,
    };
    text.bytes().map(bytes).sum()
}

/// A value as its source spells it, with its JSON type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldValue {
    /// The text.
    pub text: String,
    /// Its JSON type.
    pub scalar: Scalar,
}

impl Serialize for FieldValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.scalar {
            Scalar::Integer => match (self.text.parse::<i64>(), self.text.parse::<u64>()) {
                (Ok(integer), _) => serializer.serialize_i64(integer),
                (_, Ok(integer)) => serializer.serialize_u64(integer),
                _ => serializer.serialize_str(&self.text),
            },
            Scalar::Float => match self.text.parse::<f64>() {
                Ok(float) if float.is_finite() => serializer.serialize_f64(float),
                _ => serializer.serialize_str(&self.text),
            },
            Scalar::Boolean if self.text == "true" => serializer.serialize_bool(true),
            Scalar::Boolean if self.text == "false" => serializer.serialize_bool(false),
            _ => serializer.serialize_str(&self.text),
        }
    }
}

impl Serialize for Verdict {
    /// The form of `noroshi detect --json`: rule, the version of its set where it has one, time, host, matched fields, what was cut of them,
    /// event references with the completing one last; for correlations the group and the number
    /// of events.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = ByName(&self.fields);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("rule_id", &self.rule.id)?;
        map.serialize_entry("title", &self.rule.title)?;
        map.serialize_entry("level", &self.rule.level)?;
        map.serialize_entry("status", &self.rule.status)?;
        map.serialize_entry("tags", &self.rule.tags)?;
        if let Some(set) = &self.rule.set {
            map.serialize_entry("rule_set", set)?;
        }
        map.serialize_entry("time", &self.place.time)?;
        map.serialize_entry("host", &self.host)?;
        map.serialize_entry("source_path", &self.source_path)?;
        map.serialize_entry("fields", &fields)?;
        if self.rule.is_correlation {
            map.serialize_entry("group", &ByName(&self.group))?;
        }
        if !self.cut.is_empty() {
            map.serialize_entry("cut", &ByName(&self.cut))?;
        }
        map.serialize_entry("events", &self.events())?;
        if self.rule.is_correlation {
            map.serialize_entry("events_count", &self.events_count)?;
        }
        map.end()
    }
}

struct ByName<'a, T>(&'a [(String, T)]);

impl<T: Serialize> Serialize for ByName<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}
