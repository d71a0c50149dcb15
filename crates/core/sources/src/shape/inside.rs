//! Events inside other objects. Shippers, container runtimes and search engines keep an event as
//! text in a field of their own, or put names of their own before all of its names; cmdlets spell
//! its names with capitals.
//!
//! An object that tells no system by itself is looked into, level by level. What is found is the
//! event, as if it stood alone: its kind, its names, its time. What the wrapping says besides stays
//! under its own names, or below `wrapper` where the event has a field of that name.

use model::event::Place;
use model::time::Instant;
use rustc_hash::FxHashSet;

use super::draft::skipped;
use super::look::{Look, Part, array_around, object_in, parts, read_whole};
use super::system;
use super::system::object::Object;
use super::tell::DEEPEST;
use super::traits::Shape;
use super::{Shaper, time};
use crate::cause::Cause;
use crate::json::{Flat, Json, Stop, camel, skip_blanks};
use crate::line::{container, syslog};
use crate::sheet::Value;

/// How many times the bytes of an object may be gone over to find an event inside it.
const TIMES: usize = 8;

impl Shaper<'_> {
    /// Adds the object if its shape or its names tell what it is, or those of an event inside it.
    /// Otherwise it is the one drafted last.
    pub(super) fn told(&mut self, json: Json<'_>, place: Place, around: Option<&Look<'_>>) -> bool {
        let shape = self.draft(json.flat, json.text);
        let mut kind = None;
        if matches!(shape, Shape::Other) {
            let object = Object::new(json.flat, json.text, &self.draft.traits);
            if let Some((text, sound)) = system::texts_of_bytes(&object) {
                self.flaws.extend((!sound).then_some(Cause::NotUtf8));
                let told = self.with_texts(&text, place, around);
                if !told {
                    self.draft(json.flat, json.text);
                }
                return told;
            }
            kind = system::tell(&object);
            if kind.is_none() {
                let inside = self.look_inside(json, place, around);
                if inside || !around.is_some_and(Look::is_sure) {
                    return inside;
                }
            } else if object.is_capital(kind) && self.small(json, place, around) {
                return true;
            }
        }
        self.row(json, &shape, kind, place);
        self.surround(json.flat, around);
        true
    }

    /// Adds an object whose arrays of bytes have become texts.
    fn with_texts(&mut self, text: &str, place: Place, around: Option<&Look<'_>>) -> bool {
        let mut room = self.room();
        let read = room.read(text, 0, false).is_ok();
        let told = read && self.told(Json { flat: &room, text }, place, around);
        self.rooms.push(room);
        told
    }

    /// Adds an event whose names have capitals under names that begin small, as they stand besides.
    fn small(&mut self, outer: Json<'_>, place: Place, around: Option<&Look<'_>>) -> bool {
        let look = Look { outer, base: self.draft.base, part: Part::Small, around };
        let mut room = self.room();
        room.take(outer.flat, |name, out| {
            camel(name, out);
            true
        });
        let told = self.told(Json { flat: &room, text: outer.text }, place, Some(&look));
        self.rooms.push(room);
        if !told {
            self.draft(outer.flat, outer.text);
        }
        told
    }

    fn room(&mut self) -> Flat {
        self.rooms.pop().unwrap_or_else(Flat::with_containers)
    }

    /// Adds the event inside an object, if one is found; else leaves the draft as it was.
    fn look_inside(&mut self, outer: Json<'_>, place: Place, around: Option<&Look<'_>>) -> bool {
        if !self.draft.holds {
            return false;
        }
        let parts = parts(outer, &self.draft.traits, self.draft.base);
        if parts.is_empty() {
            return false;
        }
        if around.is_some_and(|look| look.depth() >= DEEPEST) {
            self.flaws.push(Cause::WrappedTooDeep);
            return false;
        }
        let place = Place { time: self.outer_time(outer).or(place.time), ..place };
        let base = self.draft.base;
        let mut room = self.room();
        let found = parts.into_iter().any(|part| {
            let look = Look { outer, base, part, around };
            if !self.may_look(&look) {
                return false;
            }
            match part {
                Part::Text { number, .. } => self.look_at_text(&look, number, &mut room, place),
                _ => self.look_below(&look, &mut room, place),
            }
        });
        self.rooms.push(room);
        if !found {
            self.draft(outer.flat, outer.text);
        }
        found
    }

    /// Whether another look is within the bounds of the object handed in. Parts may hold each other,
    /// so that their number says little about what they cost.
    fn may_look(&mut self, look: &Look<'_>) -> bool {
        let outer = look.outer;
        let bytes = match look.part {
            Part::Text { number, .. } => {
                outer.flat.field(outer.text, number).map_or(0, |field| field.value.text.len())
            }
            _ => outer.flat.bytes(),
        };
        if look.around.is_none() && self.spent == 0 {
            self.most = TIMES * (outer.text.len() + outer.flat.bytes());
        }
        self.spent += bytes;
        if self.spent > self.most {
            self.flaws.push(Cause::WrappedTooDeep);
        }
        self.spent <= self.most
    }

    fn look_at_text(&mut self, look: &Look<'_>, number: u32, room: &mut Flat, place: Place) -> bool {
        let Some(field) = look.outer.flat.field(look.outer.text, number) else { return false };
        let text = object_in(field.value.text).unwrap_or_default();
        let read = match text.as_bytes().first() {
            Some(b'[') => Err(Stop::Envelope(0)),
            _ => room.read(text, 0, true),
        };
        match read {
            Ok(end) if skip_blanks(text.as_bytes(), end) == text.len() => {
                self.told(Json { flat: room, text }, place, Some(look))
            }
            Err(Stop::Envelope(at)) => self.each(look, &text[at..], room, place),
            _ => {
                if look.is_sure() && !field.value.text.trim().is_empty() || text.starts_with("{\"") {
                    self.flaws.push(Cause::TextNoObject { field: field.name.to_owned() });
                }
                false
            }
        }
    }

    fn look_below(&mut self, look: &Look<'_>, room: &mut Flat, place: Place) -> bool {
        let (flat, text) = (look.outer.flat, look.outer.text);
        if let Part::Below(prefix) = look.part
            && let Some(at) = array_around(look, prefix)
        {
            return self.each(look, &text[at..], room, place);
        }
        if read_whole(look, room) {
            return self.told(Json { flat: room, text }, place, Some(look));
        }
        room.take(flat, |name, out| {
            let name = &name[skipped(name, look.base)..];
            match look.part {
                Part::Below(prefix) => name.strip_prefix(prefix).map(|rest| out.push_str(rest)).is_some(),
                Part::Module(module) => module.rename(name, out),
                _ => false,
            }
        });
        self.told(Json { flat: room, text }, place, Some(look))
    }

    /// Adds the objects of an array as events of their own, if the first one is an event.
    fn each(&mut self, look: &Look<'_>, array: &str, room: &mut Flat, place: Place) -> bool {
        let (text, before) = (array, self.added);
        let mut at = 1;
        loop {
            at = skip_blanks(text.as_bytes(), at);
            match text.as_bytes().get(at) {
                Some(b',') => at += 1,
                Some(b'{') => match room.read(text, at, false) {
                    Ok(end) => {
                        let json = Json { flat: room, text };
                        if !self.told(json, place, Some(look)) {
                            if self.added == before {
                                return false;
                            }
                            self.untold(json, place, Some(look));
                        }
                        at = end;
                    }
                    Err(_) => break,
                },
                Some(b']') => return self.added > before,
                _ => break,
            }
        }
        if let (Part::Text { number, .. }, true) = (look.part, self.added > before) {
            let field = look.outer.flat.field(look.outer.text, number).map_or("", |field| field.name);
            self.flaws.push(Cause::TextNoObject { field: field.to_owned() });
        }
        self.added > before
    }

    /// Adds the object drafted last, which no system is known to write.
    pub(super) fn untold(&mut self, json: Json<'_>, place: Place, around: Option<&Look<'_>>) {
        self.row(json, &Shape::Other, None, place);
        self.surround(json.flat, around);
    }

    /// Adds what the objects around an event say to the row that was begun last.
    fn surround(&mut self, event: &Flat, around: Option<&Look<'_>>) {
        let mut next = around;
        if next.is_none() {
            return;
        }
        let mut taken: FxHashSet<&str> = event.names().collect();
        while let Some(look) = next {
            let outer = look.outer;
            for (number, field) in outer.flat.all(outer.text) {
                let name = &field.name[skipped(field.name, look.base)..];
                if !look.holds(number, name) {
                    self.add(name, field.value, taken.contains(name));
                } else if let Some(line) = look.is_text().then(|| container::line(field.value.text)).flatten()
                {
                    self.beside(&line, |name| taken.contains(name));
                }
            }
            taken.extend(outer.flat.names().map(|name| &name[skipped(name, look.base)..]));
            next = look.around;
        }
    }

    /// The time that the drafted object itself names, for an event inside it that names none.
    fn outer_time(&self, outer: Json<'_>) -> Option<Instant> {
        let ranked =
            (0u32..).zip(&self.draft.traits).filter_map(|(number, traits)| Some((traits.time?, number)));
        let mut ranked: Vec<_> = ranked.collect();
        ranked.sort_unstable();
        let mut fields = ranked.into_iter().filter_map(|(_, number)| outer.flat.field(outer.text, number));
        fields.find_map(|field| time::parse(&field, true, &self.zone))
    }

    /// Tells of what stands in an object and is not read: a line of another log, or an event that
    /// is cut off, as container runtimes do with long ones.
    pub(super) fn tell_unread(&mut self, json: Json<'_>) {
        if !self.draft.holds {
            return;
        }
        let bodies = (0u32..).zip(&self.draft.traits);
        for (number, sure) in bodies.filter_map(|(number, traits)| Some((number, traits.mark?.body()?))) {
            let Some(field) = json.flat.field(json.text, number) else { continue };
            let line = container::line(field.value.text).map_or(field.value.text, |line| line.text);
            let log = match line.as_bytes().first() {
                Some(b'{') if !sure && line.starts_with("{\"") && object_in(line).is_none() => {
                    self.flaws.push(Cause::TextNoObject { field: field.name.to_owned() });
                    return;
                }
                Some(b't' | b'n') if crate::frame::audit::is_record(line.as_bytes()) => "linux audit",
                Some(b'<' | b'0'..=b'9' | b'A'..=b'Z') if syslog::is_line(line.trim_end()) => "system",
                _ => continue,
            };
            self.flaws.push(Cause::LineInside { log: log.to_owned() });
            return;
        }
    }

    /// Adds what a container runtime wrote before the text of an event to the row begun last.
    pub(crate) fn beside(&mut self, line: &container::Line<'_>, is_taken: impl Fn(&str) -> bool) {
        self.add("stream", Value::text(line.stream), is_taken("stream"));
        self.add("time", Value::text(line.time), is_taken("time"));
    }

    /// Adds a field of what is around an event.
    fn add(&mut self, name: &str, value: Value<'_>, taken: bool) {
        if taken {
            self.builder.field(&format!("wrapper.{name}"), value);
        } else {
            self.builder.field(name, value);
        }
    }
}
