//! Reads one JSON object into a flat list of fields.

use super::flat::{Flat, Hollow, Leaf, short};
use super::text::{skip_blanks, word_end};
use super::value::{Word, scalar, unescape};
use crate::cause::Cause;
use crate::sheet::Scalar;

/// Deepest nesting that is read.
const DEPTH: u32 = 128;
/// Most values of one object.
const VALUES: usize = 1_000_000;
/// Most bytes of names of one object: nesting repeats the outer names for every inner value.
const NAMES: usize = 16 << 20;
/// Objects and arrays noted in one object, and how deep they may stand.
const CONTAINERS: usize = 1_024;
const CONTAINER_LEVEL: u32 = 6;

/// Members that hold the records of an envelope such as `{"Records": [{…}, {…}]}`. The first
/// few mean nothing else, so that an empty array under them is an envelope too.
const ENVELOPES: [&str; 12] = [
    "Records",
    "records",
    "logEvents",
    "hits.hits",
    "Events.Event",
    "Events",
    "events",
    "value",
    "data",
    "logs",
    "results",
    "items",
];
/// How many of `ENVELOPES` mean nothing else.
const SURE: usize = 5;
/// A member that only an event has; an array behind it is part of that event.
const EVENT_MEMBERS: [&str; 9] = [
    "@timestamp",
    "timestamp",
    "Timestamp",
    "time",
    "eventTime",
    "EventTime",
    "TimeCreated",
    "EventID",
    "EventId",
];
/// Names by which document stores say the type of a value: `{"$date": …}` is the value itself.
const TYPES: [&str; 5] = ["$date", "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal"];

/// Why an object was not read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stop {
    /// What stands at this position is wrong.
    Fault(usize, Cause),
    /// The object is an envelope; its array of records begins here.
    Envelope(usize),
}

impl Flat {
    /// Reads a text that is one object or array, as the value of a field called `name`. Says
    /// whether it is sound to its end.
    pub(crate) fn open(&mut self, text: &str, name: &str) -> bool {
        self.clear();
        self.path.push_str(name);
        // An outermost object has no name of its own.
        let read = |flat: &mut Self| match name {
            "" => flat.object(text, 0, 2),
            _ => flat.value(text, 0, 2),
        };
        let end = if text.len() < u32::MAX as usize { read(self).ok() } else { None };
        self.span = (0, text.len());
        end.is_some_and(|end| skip_blanks(text.as_bytes(), end) == text.len())
    }

    /// Reads the object that begins at `at` and gives the position behind it. With `envelopes`,
    /// stops where an envelope's array of records begins.
    pub(crate) fn read(&mut self, text: &str, at: usize, envelopes: bool) -> Result<usize, Stop> {
        self.clear();
        if text.len() >= u32::MAX as usize {
            return Err(Stop::Fault(at, Cause::JsonTooLarge));
        }
        let end = self.object(text, at, if envelopes { 1 } else { 2 })?;
        self.span = (at, end);
        Ok(end)
    }

    /// `level`: 1 for an object that may be an envelope, 2 and more inside.
    fn object(&mut self, text: &str, at: usize, level: u32) -> Result<usize, Stop> {
        if level > DEPTH + 1 {
            return Err(Stop::Fault(at, Cause::JsonTooDeep));
        }
        let bytes = text.as_bytes();
        let mut at = skip_blanks(bytes, at + 1);
        // An outermost object is no field.
        if level > 2 && bytes.get(at) == Some(&b'}') {
            self.push_hollow(Scalar::EmptyObject, at)?;
        }
        let outer = self.path.len();
        loop {
            match bytes.get(at) {
                Some(b'"') => {}
                Some(b'}') => return Ok(at + 1),
                None => return Err(Stop::Fault(at, Cause::JsonCutOff)),
                Some(_) => return Err(Stop::Fault(at, Cause::JsonNoName)),
            }
            at = skip_blanks(bytes, self.key(text, at + 1, outer)?);
            match bytes.get(at) {
                Some(b':') => at = skip_blanks(bytes, at + 1),
                None => return Err(Stop::Fault(at, Cause::JsonCutOff)),
                Some(_) => return Err(Stop::Fault(at, Cause::JsonNoColon)),
            }
            let start = at;
            at = if level == 1 { self.member(text, at)? } else { self.value(text, at, level)? };
            if self.notes_containers && level <= CONTAINER_LEVEL && matches!(bytes[start], b'{' | b'[') {
                self.note(start, at);
            }
            self.path.truncate(outer);
            at = skip_blanks(bytes, at);
            match bytes.get(at) {
                Some(b',') => at = skip_blanks(bytes, at + 1),
                Some(b'}') => return Ok(at + 1),
                None => return Err(Stop::Fault(at, Cause::JsonCutOff)),
                Some(_) => return Err(Stop::Fault(at, Cause::JsonNoComma)),
            }
        }
    }

    /// A member of an object that may be an envelope: scalars, then an array of objects under a
    /// name that envelopes use. Whatever else is nested before it makes it an event.
    fn member(&mut self, text: &str, at: usize) -> Result<usize, Stop> {
        match text.as_bytes().get(at) {
            Some(b'[') if self.is_envelope(text.as_bytes(), at) => return Err(Stop::Envelope(at)),
            Some(b'{') if !self.nested && (self.path == "hits" || self.path == "Events") => {
                return self.object(text, at, 1);
            }
            Some(b'{') if self.path == "_shards" || self.path == "hits.total" => {}
            Some(b'{') => self.nested = true,
            Some(b'[') => self.nested |= first_inside(text.as_bytes(), at) == Some(b'{'),
            _ => {}
        }
        self.value(text, at, 2)
    }

    fn is_envelope(&self, bytes: &[u8], at: usize) -> bool {
        let Some(known) = ENVELOPES.iter().position(|name| *name == self.path) else { return false };
        let first = first_inside(bytes, at);
        let fits = first == Some(b'{') || (first == Some(b']') && known < SURE);
        let is_event = |leaf: &Leaf| EVENT_MEMBERS.contains(&self.name(leaf.name));
        fits && !self.nested && !self.leaves.iter().any(is_event)
    }

    fn value(&mut self, text: &str, at: usize, level: u32) -> Result<usize, Stop> {
        let bytes = text.as_bytes();
        match bytes.get(at) {
            Some(b'"') => {
                let (value, decoded, end) = self.text(text, at + 1)?;
                self.push(value, decoded, Scalar::Text, at)?;
                Ok(end)
            }
            Some(b'{') => self.object(text, at, level + 1),
            Some(b'[') => self.array(text, at, level + 1),
            Some(b',' | b']' | b'}' | b':') => Err(Stop::Fault(at, Cause::JsonNoValue)),
            Some(_) => {
                let end = word_end(bytes, at);
                match scalar(&bytes[at..end]) {
                    Word::Null => self.push_hollow(Scalar::Null, at)?,
                    Word::Value(scalar) => self.push((at, end), false, scalar, at)?,
                    Word::Wrong => return Err(Stop::Fault(at, Cause::JsonBadValue)),
                }
                Ok(end)
            }
            None => Err(Stop::Fault(at, Cause::JsonCutOff)),
        }
    }

    fn array(&mut self, text: &str, at: usize, level: u32) -> Result<usize, Stop> {
        if level > DEPTH + 1 {
            return Err(Stop::Fault(at, Cause::JsonTooDeep));
        }
        let bytes = text.as_bytes();
        let outer = self.item;
        let mut at = skip_blanks(bytes, at + 1);
        if bytes.get(at) == Some(&b']') {
            self.push_hollow(Scalar::EmptyList, at)?;
        }
        loop {
            match bytes.get(at) {
                Some(b']') => return Ok(at + 1),
                Some(b'{') => {
                    self.items += 1;
                    self.item = self.items;
                    at = self.object(text, at, level + 1)?;
                    self.item = outer;
                }
                _ => at = self.value(text, at, level)?,
            }
            at = skip_blanks(bytes, at);
            match bytes.get(at) {
                Some(b',') => at = skip_blanks(bytes, at + 1),
                Some(b']') => {}
                None => return Err(Stop::Fault(at, Cause::JsonCutOff)),
                Some(_) => return Err(Stop::Fault(at, Cause::JsonNoComma)),
            }
        }
    }

    /// Adds the name that begins at `at` (behind its quote) to the path.
    fn key(&mut self, text: &str, at: usize, outer: usize) -> Result<usize, Stop> {
        let kept = self.texts.len();
        let ((start, end), decoded, next) = self.text(text, at)?;
        if outer > 0 && TYPES.contains(&&text[at..next - 1]) {
            return Ok(next);
        }
        if outer > 0 {
            self.path.push('.');
        }
        if decoded {
            self.path.push_str(&self.texts[start..end]);
            self.texts.truncate(kept);
        } else {
            self.path.push_str(&text[start..end]);
        }
        Ok(next)
    }

    /// A string from behind its opening quote: where its value stands, whether that is in
    /// `texts`, and the position behind the closing quote.
    fn text(&mut self, text: &str, at: usize) -> Result<((usize, usize), bool, usize), Stop> {
        let cut = || Stop::Fault(text.len(), Cause::JsonTextCutOff);
        let bytes = text.as_bytes();
        let rest = bytes.get(at..).unwrap_or_default();
        let found = memchr::memchr2(b'"', b'\\', rest).ok_or_else(cut)?;
        if rest[found] == b'"' {
            return Ok(((at, at + found), false, at + found + 1));
        }
        let start = self.texts.len();
        let mut from = at;
        let mut to = at + found;
        loop {
            self.texts.push_str(&text[from..to]);
            if bytes[to] == b'"' {
                return Ok(((start, self.texts.len()), true, to + 1));
            }
            from = unescape(text, to + 1, &mut self.texts).ok_or_else(cut)?;
            to = from + memchr::memchr2(b'"', b'\\', &bytes[from..]).ok_or_else(cut)?;
        }
    }

    /// Notes the object or array whose name is the path.
    fn note(&mut self, start: usize, end: usize) {
        if self.containers.len() < CONTAINERS && self.names.len() + self.path.len() <= NAMES {
            let name = short(self.names.len());
            self.names.push_str(&self.path);
            self.containers.push(((name, short(self.names.len())), (short(start), short(end))));
        }
    }

    fn push(&mut self, value: (usize, usize), decoded: bool, scalar: Scalar, at: usize) -> Result<(), Stop> {
        let name = self.push_name(at)?;
        self.leaves.push(Leaf {
            name,
            value: (short(value.0), short(value.1)),
            decoded,
            scalar,
            item: self.item,
        });
        Ok(())
    }

    /// A field that is there without a value.
    fn push_hollow(&mut self, scalar: Scalar, at: usize) -> Result<(), Stop> {
        let name = self.push_name(at)?;
        self.hollow.push(Hollow { name, scalar, item: self.item, before: self.leaves.len() });
        Ok(())
    }

    /// Notes the path as the name of one more value.
    fn push_name(&mut self, at: usize) -> Result<(u32, u32), Stop> {
        let values = self.leaves.len() + self.hollow.len();
        if values >= VALUES || self.names.len() + self.path.len() > NAMES {
            return Err(Stop::Fault(at, Cause::JsonTooMany));
        }
        let start = short(self.names.len());
        self.names.push_str(&self.path);
        Ok((start, short(self.names.len())))
    }
}

/// First byte that is no blank behind the bracket at `at`.
fn first_inside(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(skip_blanks(bytes, at + 1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String, Scalar)> {
        let mut flat = Flat::default();
        flat.read(text, 0, true).unwrap();
        flat.fields(text).map(|f| (f.name.to_owned(), f.value.text.to_owned(), f.value.scalar)).collect()
    }

    fn pairs(text: &str) -> Vec<(String, String)> {
        read(text).into_iter().map(|(name, value, _)| (name, value)).collect()
    }

    #[test]
    fn values_keep_their_spelling() {
        let found =
            read(r#"{"a":1.0,"b":1e3,"c":-0,"d":true,"e":null,"f":"","g":"0x3e4","h":12345678901234567890}"#);
        let expected = [
            ("a", "1.0", Scalar::Float),
            ("b", "1e3", Scalar::Float),
            ("c", "-0", Scalar::Integer),
            ("d", "true", Scalar::Boolean),
            ("f", "", Scalar::Text),
            ("g", "0x3e4", Scalar::Text),
            ("h", "12345678901234567890", Scalar::Integer),
        ];
        let expected: Vec<_> =
            expected.iter().map(|(n, v, s)| ((*n).to_owned(), (*v).to_owned(), *s)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn nesting_becomes_dots_and_arrays_repeat() {
        let found = pairs(r#"{"a":{"b":[1,[2,3],{"c":4},{"c":null,"d":5}]},"a":{"b":6},"e":[],"f":{}}"#);
        let expected =
            [("a.b", "1"), ("a.b", "2"), ("a.b", "3"), ("a.b.c", "4"), ("a.b.d", "5"), ("a.b", "6")];
        assert_eq!(found, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
    }

    #[test]
    fn what_holds_nothing_is_there_in_its_place() {
        let text =
            r#"{"a":null,"b":1,"c":[null,2,[]],"d":{"e":{ },"f":[{"g":null},{}]},"h":[ ],"i":3,"j":null}"#;
        let mut flat = Flat::default();
        flat.read(text, 0, false).unwrap();
        let found = flat.all(text).map(|(_, f)| (f.name.to_owned(), f.value.text.to_owned(), f.value.scalar));
        let expected = [
            ("a", "", Scalar::Null),
            ("b", "1", Scalar::Integer),
            ("c", "", Scalar::Null),
            ("c", "2", Scalar::Integer),
            ("c", "", Scalar::EmptyList),
            ("d.e", "", Scalar::EmptyObject),
            ("d.f.g", "", Scalar::Null),
            ("d.f", "", Scalar::EmptyObject),
            ("h", "", Scalar::EmptyList),
            ("i", "3", Scalar::Integer),
            ("j", "", Scalar::Null),
        ];
        let expected = expected.map(|(name, text, scalar)| (name.to_owned(), text.to_owned(), scalar));
        assert_eq!(found.collect::<Vec<_>>(), expected);
        assert_eq!(pairs(text).len(), 3, "values are what they were");
        assert!(flat.all(text).all(|(number, f)| flat.has_value(number) == f.value.has_value()));
        flat.read("{}", 0, false).unwrap();
        assert_eq!(flat.all("{}").count(), 0, "an outermost object is no field");
    }

    #[test]
    fn types_of_document_stores_are_no_names() {
        let found =
            pairs(r#"{"a":{"$date":{"$numberLong":"7"}},"b":{"c":{"$numberInt":"8"},"$oid":"x"},"$date":1}"#);
        let expected = [("a", "7"), ("b.c", "8"), ("b.$oid", "x"), ("$date", "1")];
        assert_eq!(found, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
    }

    #[test]
    fn escapes_are_decoded() {
        let found =
            pairs(r#"{"k\u0065y":"a\n\"\\\/\u00e9\ud83d\ude00\ud83dx\udc00","p":"C:\Windows","q":"\uZZZZ"}"#);
        assert_eq!(found[0], ("key".to_owned(), "a\n\"\\/é😀\u{fffd}x\u{fffd}".to_owned()));
        assert_eq!(found[1].1, "C:\\Windows");
        assert_eq!(found[2].1, "\u{fffd}ZZZZ");
    }

    #[test]
    fn depth_is_limited() {
        let text = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        let mut flat = Flat::default();
        assert!(flat.read(&text(127), 0, false).is_ok());
        assert!(matches!(flat.read(&text(100_000), 0, true), Err(Stop::Fault(_, Cause::JsonTooDeep))));
        assert!(flat.read(&format!("{{\"a\":{}", "[".repeat(100_000)), 0, true).is_err());
    }

    #[test]
    fn envelopes_are_told_from_events() {
        let mut flat = Flat::default();
        let mut stop = |text: &str| flat.read(text, 0, true);
        assert_eq!(stop(r#"{"Records": [{"a":1}]}"#), Err(Stop::Envelope(12)));
        let hits = r#"{"took":1,"_shards":{"a":1},"hits":{"max":1,"hits":[{}]}}"#;
        assert_eq!(stop(hits), Err(Stop::Envelope(hits.find("[{").unwrap())));
        assert!(stop(r#"{"id":{"a":1},"events":[{"b":1}]}"#).is_ok());
        assert!(stop(r#"{"EventID":1,"data":[{"b":1}]}"#).is_ok());
        assert!(stop(r#"{"Records":[1]}"#).is_ok());
        assert_eq!(stop(r#"{"Records":[]}"#), Err(Stop::Envelope(11)));
        assert!(stop(r#"{"data":[]}"#).is_ok());
    }
}
