//! Linux audit segments: events of one or more records, one record a line.
//!
//! The reader has joined the records of each event; here a line becomes fields. Quoted values
//! are literal. In fields that the kernel and its programs encode, a bare value of upper-case
//! hexadecimal digits is decoded. `(null)` is a field without a value.

use std::borrow::Cow;
use std::collections::BTreeMap;

use model::event::{Kind, Place};

use super::sockets;
use crate::cause::Cause;
use crate::flaws::Flaws;
use crate::frame::audit::{RecordHead, head, time};
use crate::segment::{Parsed, Segment, Unit};
use crate::sheet::{Builder, Scalar, Value};

/// Fields whose bare values are hexadecimal text. Fields that also carry plain numbers (`old`,
/// `new`, `id`) are not among them.
const ENCODED: [&str; 21] = [
    "acct",
    "cmd",
    "comm",
    "cwd",
    "data",
    "dir",
    "exe",
    "file",
    "grp",
    "invalid_context",
    "name",
    "new_group",
    "ocomm",
    "path",
    "proctitle",
    "root_dir",
    "shell",
    "sw",
    "vm",
    "watch",
    "cgroup",
];

/// Numbers of record types that the kernel writes into the system log without their names.
const TYPES: [(&str, &str); 12] = [
    ("1300", "SYSCALL"),
    ("1302", "PATH"),
    ("1303", "IPC"),
    ("1305", "CONFIG_CHANGE"),
    ("1306", "SOCKADDR"),
    ("1307", "CWD"),
    ("1309", "EXECVE"),
    ("1320", "EOE"),
    ("1326", "SECCOMP"),
    ("1327", "PROCTITLE"),
    ("1400", "AVC"),
    ("1701", "ANOM_ABEND"),
];

struct Records<'b> {
    builder: &'b mut Builder,
    source: u32,
    kind: Kind,
    flaws: Flaws,
    events: u64,
}

pub(crate) fn parse(segment: &Segment, builder: &mut Builder) -> Parsed {
    let source = builder.source(&segment.source_path);
    let kind = Kind::new("linux", "auditd", None);
    let mut records = Records { builder, source, kind, flaws: Flaws::new(&segment.source_path), events: 0 };
    for number in 0..segment.units.len() {
        if let Some((unit, bytes)) = segment.unit(number) {
            records.event(unit, bytes);
        }
    }
    Parsed { events: records.events, flaws: records.flaws.finish() }
}

impl Records<'_> {
    fn event(&mut self, unit: &Unit, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        if matches!(text, Cow::Owned(_)) {
            self.flaws.push(unit.offset, Cause::NotUtf8);
        }
        let mut lines =
            text.split('\n').map(|line| line.trim_end_matches('\r')).filter(|line| !line.is_empty());
        let Some((first, first_head)) = lines.next().and_then(|line| Some((line, head(line)?))) else {
            return self.flaws.lost(unit.offset, bytes.len(), Cause::AuditNoRecord);
        };
        let (written, serial) = first_head.identity.split_once(':').unwrap_or((first_head.identity, ""));
        let (time, serial) = (time(written), serial.parse().ok());
        if time.is_none() {
            self.flaws.push(unit.offset, Cause::time_unreadable(written));
        }
        if serial.is_none() {
            self.flaws.push(unit.offset, Cause::AuditNoSerial);
        }
        self.events += 1;
        let place = Place {
            ordinal: self.events,
            line: Some(unit.line),
            audit_serial: serial,
            time,
            ..Place::default()
        };
        self.builder.begin_grouped(self.source, &self.kind, &place);
        let mut arguments = Arguments::default();
        let mut before = "";
        for line in std::iter::once(first).chain(lines) {
            let Some(head) = head(line) else { continue };
            let record_type = type_name(head.record_type);
            // Long command lines go on in further EXECVE records of the same event.
            if record_type != "EXECVE" || before != "EXECVE" {
                arguments.finish(self.builder);
                self.begin_record(record_type, &head);
            }
            self.record(record_type, head.rest, &mut arguments);
            before = record_type;
        }
        arguments.finish(self.builder);
    }

    fn begin_record(&mut self, record_type: &str, head: &RecordHead<'_>) {
        self.builder.next_record();
        self.builder.field("type", Value::text(record_type));
        if !head.node.is_empty() {
            self.builder.field("node", Value::text(head.node));
            self.builder.derived("Computer", Value::text(head.node));
        }
    }

    fn record(&mut self, record_type: &str, mut rest: &str, arguments: &mut Arguments) {
        let mut words: Vec<&str> = Vec::new();
        let mut inner = "";
        loop {
            // Pairs inside `msg='…'` are fields of the record like those around it.
            let token = match next_token(&mut inner) {
                Some(token) => token,
                None => match next_token(&mut rest) {
                    Some(Token::Pair("msg" | "SADDR", Raw::Group(group))) => {
                        inner = group;
                        continue;
                    }
                    Some(token) => token,
                    None => break,
                },
            };
            match token {
                Token::Pair("", _) => {}
                Token::Pair(name, raw) => {
                    self.pair(record_type, name, raw, arguments);
                    if let (("saddr", Raw::Bare(digits)), false) = ((name, raw), rest.contains("saddr_fam="))
                    {
                        self.address(digits);
                    }
                }
                Token::Permissions(list) => self.builder.field("seperms", Value::text(list.trim())),
                Token::Word(word @ ("denied" | "granted")) => {
                    self.builder.field("seresult", Value::text(word))
                }
                Token::Word("avc:" | "for" | ":") => {}
                Token::Word(word) => words.push(word),
            }
        }
        if !words.is_empty() {
            self.builder.field("text", Value::text(&words.join(" ")));
        }
    }

    fn pair(&mut self, record_type: &str, name: &str, raw: Raw<'_>, arguments: &mut Arguments) {
        let (text, quoted) = match raw {
            Raw::Quoted(text) => (text, true),
            Raw::Bare("(null)") => return self.builder.field(name, Value::nothing(Scalar::Null)),
            Raw::Bare(text) => (text, false),
            Raw::Group(text) => (text.trim(), true),
        };
        if record_type == "EXECVE" && is_argument(name) {
            let value = if quoted { Cow::Borrowed(text) } else { decoded(text) };
            return arguments.add(self.builder, name, &value);
        }
        if name == "key" {
            // A call that several rules cover has all their keys, with a byte 1 between them.
            let keys = if quoted { Cow::Borrowed(text) } else { decoded(text) };
            let keys = keys.split('\u{1}').filter(|key| !key.is_empty());
            return keys.for_each(|key| self.builder.field(name, Value::text(key)));
        }
        if !quoted && ENCODED.contains(&name) {
            let mut value = decoded(text);
            if name == "proctitle" && value.contains('\0') {
                value = value.trim_end_matches('\0').replace('\0', " ").into();
            }
            return self.builder.field(name, Value::text(&value));
        }
        self.builder.field(name, Value::text(text));
    }

    /// What a socket address says, for logs that do not say it themselves.
    fn address(&mut self, digits: &str) {
        let Some(address) = bytes_of(digits).and_then(|bytes| sockets::decode(&bytes)) else { return };
        self.builder.derived("saddr_fam", Value::text(&address.family));
        for (name, value) in [("laddr", address.address), ("lport", address.port), ("path", address.path)] {
            if let Some(value) = value {
                self.builder.derived(name, Value::text(&value));
            }
        }
    }
}

/// Arguments of EXECVE records. A long one comes in pieces: `a1_len=…`, `a1[0]=…`, `a1[1]=…`.
#[derive(Default)]
struct Arguments {
    pieces: BTreeMap<u32, String>,
}

impl Arguments {
    fn add(&mut self, builder: &mut Builder, name: &str, value: &str) {
        match name.split_once('[') {
            None => builder.field(name, Value::text(value)),
            Some((argument, _)) => {
                let number = argument[1..].parse().unwrap_or(u32::MAX);
                self.pieces.entry(number).or_default().push_str(value);
            }
        }
    }

    fn finish(&mut self, builder: &mut Builder) {
        for (number, text) in std::mem::take(&mut self.pieces) {
            builder.field(&format!("a{number}"), Value::text(&text));
        }
    }
}

/// Whether a name is that of a command-line argument or a piece of one.
fn is_argument(name: &str) -> bool {
    let Some(rest) = name.strip_prefix('a') else { return false };
    let digits = rest.split_once('[').map_or(rest, |(digits, _)| digits);
    !digits.is_empty() && digits.len() < 10 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn type_name(text: &str) -> &str {
    let number = text.strip_prefix("UNKNOWN[").and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    TYPES.iter().find(|(known, _)| *known == number).map_or(text, |(_, name)| name)
}

/// Bytes of a value that is made of upper-case hexadecimal digits, two a byte.
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    };
    if text.is_empty() || !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes().chunks(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

/// The text behind hexadecimal digits; anything else as it is.
fn decoded(text: &str) -> Cow<'_, str> {
    bytes_of(text).map_or(Cow::Borrowed(text), |bytes| String::from_utf8_lossy(&bytes).into_owned().into())
}

enum Token<'a> {
    Pair(&'a str, Raw<'a>),
    /// `{ read write }` of an access decision.
    Permissions(&'a str),
    Word(&'a str),
}

#[derive(Clone, Copy)]
enum Raw<'a> {
    Quoted(&'a str),
    Bare(&'a str),
    /// Pairs inside `'…'` or `{ … }`.
    Group(&'a str),
}

/// Takes the next token off `rest`. Blanks, commas and the group separator stand between tokens;
/// behind a closing quote the next one may follow at once.
fn next_token<'a>(rest: &mut &'a str) -> Option<Token<'a>> {
    let between = |letter: char| matches!(letter, ' ' | '\t' | ',' | '\u{1d}');
    let text = rest.trim_start_matches(between);
    if let Some(inner) = text.strip_prefix('{') {
        let (inner, after) = inner.split_once('}').unwrap_or((inner, ""));
        *rest = after;
        return Some(Token::Permissions(inner));
    }
    if text.is_empty() {
        return None;
    }
    let (name, after) = text.split_at(text.find(['=', ' ', '\u{1d}']).unwrap_or(text.len()));
    let Some(value) = after.strip_prefix('=') else {
        *rest = after;
        return Some(Token::Word(name));
    };
    let (raw, after) = raw_value(name, value);
    *rest = after;
    Some(Token::Pair(name, raw))
}

/// The value at the start of `text`, and what follows it.
fn raw_value<'a>(name: &str, text: &'a str) -> (Raw<'a>, &'a str) {
    match text.as_bytes().first() {
        Some(b'"') => {
            let (value, after) = text[1..].split_once('"').unwrap_or((&text[1..], ""));
            (Raw::Quoted(value), after)
        }
        Some(b'\'') => {
            // The message of a user-space record may hold further quotes; it ends at the last.
            let inner = &text[1..];
            let split = if name == "msg" { inner.rsplit_once('\'') } else { inner.split_once('\'') };
            let (value, after) = split.unwrap_or((inner, ""));
            (if name == "msg" { Raw::Group(value) } else { Raw::Quoted(value) }, after)
        }
        Some(b'{') => {
            let (value, after) = text[1..].split_once('}').unwrap_or((&text[1..], ""));
            (Raw::Group(value), after)
        }
        _ => {
            let end = text.find([' ', '\u{1d}']).unwrap_or(text.len());
            let (value, after) = text.split_at(end);
            (Raw::Bare(value.trim_end_matches(',')), after)
        }
    }
}
