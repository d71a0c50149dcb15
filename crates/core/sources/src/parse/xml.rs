//! Windows events in XML: each is written as JSON in the shape of the EVTX reader, whose way it
//! takes from there, so that rules see no difference.
//!
//! No document type is read, so that there are no entities but those of XML itself, and none that
//! grow.

use std::borrow::Cow;

use model::event::Place;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Error, Reader, escape};

use crate::cause::Cause;
use crate::flaws::Flaws;
use crate::json::{Flat, quote};
use crate::segment::{Parsed, Segment};
use crate::shape::Shaper;
use crate::sheet::Builder;

pub(crate) fn parse(segment: &Segment, builder: &mut Builder) -> Parsed {
    let source = builder.source(&segment.source_path);
    let mut shaper = Shaper::new(builder, source, &segment.zone, false);
    let mut flaws = Flaws::new(&segment.source_path);
    let (mut flat, mut writer) = (Flat::default(), Writer::default());
    let mut events = 0;
    for number in 0..segment.units.len() {
        let Some((unit, bytes)) = segment.unit(number) else { continue };
        let text = String::from_utf8_lossy(bytes);
        if matches!(text, Cow::Owned(_)) {
            flaws.push(unit.offset, Cause::NotUtf8);
        }
        let read = writer.event(&text).and_then(|()| flat.read(&writer.json, 0, false).map_err(|_| DEEP));
        match read {
            Ok(_) => {
                let place = Place { ordinal: events + 1, line: Some(unit.line), ..Place::default() };
                events += shaper.event(&flat, &writer.json, place);
                shaper.flaws().for_each(|cause| flaws.push(unit.offset, cause));
            }
            Err(fault) => flaws.lost(unit.offset, bytes.len(), Cause::XmlBroken { fault: fault.into() }),
        }
    }
    Parsed { events, flaws: flaws.finish() }
}

/// Elements inside each other.
const DEPTH: usize = 64;
const DEEP: &str = "elements are nested too deep";
const UNEVEN: &str = "tags do not match";

/// Writes elements as JSON.
#[derive(Default)]
struct Writer {
    json: String,
    open: Vec<Element>,
    /// Texts of the open elements, one behind the other.
    text: String,
}

/// An element that has not ended.
struct Element {
    /// Where its value begins.
    value: usize,
    /// Where its text begins.
    text: usize,
    /// Whether it has attributes or elements.
    members: bool,
    is_event_data: bool,
    role: Role,
    /// How many `Data` without a name it holds, and where the first one's value begins.
    data: (usize, usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A `Data` of the event's own data, with a name.
    Labelled,
    /// The same without a name.
    Data,
    Other,
}

impl Writer {
    /// Reads one event.
    fn event(&mut self, xml: &str) -> Result<(), &'static str> {
        self.json.clear();
        self.open.clear();
        self.text.clear();
        self.json.push('{');
        let mut reader = Reader::from_str(xml);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        loop {
            match reader.read_event().map_err(|error| fault(&error))? {
                Event::Start(start) => self.start(&start)?,
                Event::End(_) => self.end(),
                Event::Text(text) => self.text.push_str(&text),
                Event::CData(text) => self.text.push_str(&text),
                Event::GeneralRef(reference) => self.reference(&reference),
                Event::Eof => break,
                _ => {}
            }
        }
        self.json.push('}');
        if self.open.is_empty() { Ok(()) } else { Err(UNEVEN) }
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), &'static str> {
        if self.open.len() >= DEPTH {
            return Err(DEEP);
        }
        let name = start.name();
        let is_data = name.as_ref() == "Data" && self.open.last().is_some_and(|outer| outer.is_event_data);
        let mut label = None;
        let mut attributes = Vec::new();
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| "an attribute is broken")?;
            let (key, value) = (attribute.key.into_inner(), value(attribute.value));
            match key {
                "Name" if is_data && !value.is_empty() => label = Some(value),
                _ if key == "xmlns" || key.starts_with("xmlns:") => {}
                _ => attributes.push((key, value)),
            }
        }
        self.key(label.as_deref().unwrap_or(name.as_ref()));
        let element = Element {
            value: self.json.len(),
            text: self.text.len(),
            members: !attributes.is_empty(),
            is_event_data: name.as_ref() == "EventData",
            role: match (is_data, &label) {
                (true, Some(_)) => Role::Labelled,
                (true, None) => Role::Data,
                (false, _) => Role::Other,
            },
            data: (0, 0),
        };
        self.json.push('{');
        if !attributes.is_empty() {
            self.json.push_str("\"#attributes\":{");
            for (number, (key, value)) in attributes.iter().enumerate() {
                if number > 0 {
                    self.json.push(',');
                }
                quote(key, &mut self.json);
                self.json.push(':');
                quote(value, &mut self.json);
            }
            self.json.push('}');
        }
        self.open.push(element);
        Ok(())
    }

    /// Begins a member of the innermost element.
    fn key(&mut self, name: &str) {
        if let Some(outer) = self.open.last_mut()
            && std::mem::replace(&mut outer.members, true)
        {
            self.json.push(',');
        }
        quote(name, &mut self.json);
        self.json.push(':');
    }

    fn end(&mut self) {
        let Some(element) = self.open.pop() else { return };
        let text = &self.text[element.text..];
        if element.members {
            // Between elements blanks are for the eye.
            if !text.trim().is_empty() {
                self.json.push_str(",\"#text\":");
                quote(text, &mut self.json);
            }
            self.json.push('}');
        } else {
            self.json.truncate(element.value);
            // An element that says nothing is no empty text, unless it has its place among others.
            match text {
                "" if element.role == Role::Other => self.json.push_str("null"),
                _ => quote(text, &mut self.json),
            }
        }
        self.text.truncate(element.text);
        if let (1, first) = element.data
            && self.json[first..].starts_with("\"\"")
        {
            self.json.replace_range(first..first + 2, "null");
        }
        if let Some(outer) = self.open.last_mut().filter(|_| element.role == Role::Data) {
            let first = if outer.data.0 == 0 { element.value } else { outer.data.1 };
            outer.data = (outer.data.0 + 1, first);
        }
    }

    /// One letter, or what is none as it is written.
    fn reference(&mut self, reference: &BytesRef<'_>) {
        let letter = reference.resolve_char_ref().ok().flatten();
        match (letter, escape::resolve_predefined_entity(reference)) {
            (Some(letter), _) => self.text.push(letter),
            (None, Some(known)) => self.text.push_str(known),
            (None, None) => self.text.extend(["&", reference, ";"]),
        }
    }
}

/// The value of an attribute, as it is written where a reference leads nowhere.
fn value(raw: Cow<'_, str>) -> String {
    match escape::unescape(&raw) {
        Ok(text) => text.into_owned(),
        Err(_) => raw.into_owned(),
    }
}

/// What is wrong, without the words of the log.
fn fault(error: &Error) -> &'static str {
    match error {
        Error::Syntax(_) => "markup is not closed",
        Error::IllFormed(_) => UNEVEN,
        Error::InvalidAttr(_) => "an attribute is broken",
        _ => "it is no XML",
    }
}
