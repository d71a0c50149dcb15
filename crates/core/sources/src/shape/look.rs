//! Where in an object an event is looked for.

use super::draft::skipped;
use super::module::Module;
use super::system::mark::Mark;
use super::traits::Traits;
use crate::json::{Flat, Json, camel};
use crate::line::container;

/// Most texts, and most prefixes, tried in one object.
const TRIED: usize = 4;

/// Where in an object an event is looked for.
pub(super) struct Look<'a> {
    pub(super) outer: Json<'a>,
    /// What stands before every name of the outer object.
    pub(super) base: &'static str,
    pub(super) part: Part<'a>,
    /// The object around the outer one.
    pub(super) around: Option<&'a Look<'a>>,
}

/// Which part of an object the event is.
#[derive(Clone, Copy)]
pub(super) enum Part<'a> {
    /// The text of a field, which surely is an event or may be one.
    Text { number: u32, sure: bool },
    /// The fields whose names begin so.
    Below(&'a str),
    /// The fields of a module.
    Module(&'static Module),
    /// All of it, under names that begin small.
    Small,
}

impl Part<'_> {
    pub(super) fn prefix(&self) -> &str {
        match self {
            Self::Below(prefix) => prefix,
            Self::Module(module) => module.prefix,
            Self::Text { .. } | Self::Small => "",
        }
    }
}

impl Look<'_> {
    pub(super) fn depth(&self) -> usize {
        1 + self.around.map_or(0, Look::depth)
    }

    pub(super) fn is_text(&self) -> bool {
        matches!(self.part, Part::Text { .. })
    }

    pub(super) fn is_sure(&self) -> bool {
        matches!(self.part, Part::Text { sure: true, .. })
    }

    /// Whether a field of the outer object went into the event.
    pub(super) fn holds(&self, number: u32, name: &str) -> bool {
        match self.part {
            Part::Text { number: of_text, .. } => number == of_text,
            Part::Below(_) | Part::Module(_) => name.starts_with(self.part.prefix()),
            Part::Small => {
                let mut small = String::new();
                camel(name, &mut small);
                small == name
            }
        }
    }
}

/// The parts of an object that may be an event: texts first, for they hold all of it.
pub(super) fn parts<'a>(outer: Json<'a>, traits: &[Traits], base: &str) -> Vec<Part<'a>> {
    let (mut texts, mut prefixes): (Vec<Part<'a>>, Vec<Part<'a>>) = Default::default();
    for (number, traits) in (0u32..).zip(traits).filter(|(_, traits)| traits.holds) {
        let Some(field) = outer.flat.field(outer.text, number) else { continue };
        if let Some(sure) = traits.mark.and_then(Mark::body) {
            if texts.len() < TRIED && (sure || object_in(field.value.text).is_some()) {
                texts.push(Part::Text { number, sure });
            }
            continue;
        }
        let name = &field.name[skipped(field.name, base)..];
        let below = Part::Below(name.get(..usize::from(traits.below)).unwrap_or(name));
        let part = Module::numbered(traits.module).map_or(below, Part::Module);
        if prefixes.len() < TRIED && !prefixes.iter().any(|known| known.prefix() == part.prefix()) {
            prefixes.push(part);
        }
    }
    texts.append(&mut prefixes);
    texts
}

/// The object or array that is all of a text, behind what a container runtime writes before it.
pub(super) fn object_in(text: &str) -> Option<&str> {
    // Most texts are none.
    if !matches!(text.trim_start().as_bytes().first()?, b'{' | b'[' | b'0'..=b'9') {
        return None;
    }
    let text = container::line(text).map_or(text, |line| line.text).trim();
    let ends = (text.as_bytes().first()?, text.as_bytes().last()?);
    matches!(ends, (b'{', b'}') | (b'[', b']')).then_some(text)
}

/// Reads the object whose members have a prefix by itself, if it is one and holds all of them.
pub(super) fn read_whole(look: &Look<'_>, room: &mut Flat) -> bool {
    let (Part::Below(prefix), Json { flat, text }) = (look.part, look.outer) else { return false };
    let begins = |name: &str, with: &str| name[skipped(name, look.base)..].strip_prefix(with).map(str::len);
    let stem = prefix.strip_suffix('.').unwrap_or(prefix);
    let mut objects = flat.containers().filter(|(name, _)| begins(name, stem) == Some(0));
    let (Some((_, span)), None) = (objects.next(), objects.next()) else { return false };
    let members = flat.names().filter(|name| begins(name, prefix).is_some()).count();
    room.read(text, span.start, false).is_ok() && room.names().count() == members
}

/// Where the array begins that is, or that holds, the objects whose names begin so.
pub(super) fn array_around(look: &Look<'_>, prefix: &str) -> Option<usize> {
    let stem = prefix.strip_suffix('.')?;
    let is_around = |name: &str| {
        let name = &name[skipped(name, look.base)..];
        stem.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let mut found = look.outer.flat.containers().filter(|(name, _)| is_around(name));
    found.find_map(|(_, span)| {
        (look.outer.text.as_bytes().get(span.start) == Some(&b'[')).then_some(span.start)
    })
}
