//! One event as values, before any encoder writes it.
//!
//! The generator fills the same [`Event`] again and again: its text lies in one buffer, its fields point into it.
//! Encoders (`encode`) turn it into a line; a reader that wants columns can take the fields as they are.

use crate::clock::{Millis, push_time};

/// What wrote the event. One constant for each kind that the nation has.
#[derive(Debug, PartialEq, Eq)]
pub struct Template {
    /// Channel name, or `auditd`.
    pub channel: &'static str,
    /// Provider name on Windows, record type of the leading record in auditd.
    pub provider: &'static str,
    /// Provider's GUID with braces; empty for auditd.
    pub guid: &'static str,
    /// Event id; 0 for auditd.
    pub id: u32,
    /// Version of the event's template.
    pub version: u8,
    /// Task number.
    pub task: u16,
    /// Task in words, as winlogbeat writes it.
    pub task_name: &'static str,
    /// Keywords as a number of 64 bits.
    pub keywords: u64,
    /// 4 information, 3 warning, 0 for audit events.
    pub level: u8,
    /// Which of the host's record counters it takes.
    pub log: Log,
}

/// The logs that number their records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// Windows Security.
    Security,
    /// Windows System.
    System,
    /// Sysmon.
    Sysmon,
    /// PowerShell.
    PowerShell,
    /// Linux auditd: the record number is the audit serial.
    Audit,
}

/// What a field's text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Any text.
    Text,
    /// Decimal digits of a number.
    Number,
}

/// A field of the current event.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The source's own name.
    pub name: &'static str,
    /// Text or number.
    pub form: Form,
    start: u32,
    end: u32,
}

/// Why an event is malicious: the part of the ground truth that a story knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The story's letter in NATION.md.
    pub story: &'static str,
    /// The step in Japanese.
    pub ja: &'static str,
    /// The step in English.
    pub en: &'static str,
    /// ATT&CK technique.
    pub technique: &'static str,
    /// Whether any sensible rule on that technique sees this event.
    pub expected: bool,
}

/// The event being written.
#[derive(Debug)]
pub struct Event {
    /// When it happened.
    pub time: Millis,
    /// What wrote it.
    pub template: &'static Template,
    /// Record number of the host's log, or audit serial.
    pub record: u64,
    /// Set when the event belongs to an attack.
    pub mark: Option<Mark>,
    /// Process and thread of the logging service.
    pub writer: (u32, u32),
    computer: String,
    text: String,
    fields: Vec<Field>,
}

impl Event {
    /// An empty event, to be filled by a generator.
    pub(crate) fn new() -> Self {
        Event {
            time: 0,
            template: &crate::windows::START,
            record: 0,
            mark: None,
            writer: (0, 0),
            computer: String::new(),
            text: String::with_capacity(4096),
            fields: Vec::with_capacity(48),
        }
    }

    /// Full name of the host.
    pub fn computer(&self) -> &str {
        &self.computer
    }

    /// The fields in the source's order. Audit arguments repeat the name `argument`.
    pub fn fields(&self) -> impl Iterator<Item = (Field, &str)> {
        self.fields.iter().map(|field| (*field, &self.text[field.start as usize..field.end as usize]))
    }

    /// The first field of this name.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields().find(|(field, _)| field.name == name).map(|(_, value)| value)
    }

    pub(crate) fn begin(&mut self, template: &'static Template, time: Millis, computer: &str) {
        self.time = time;
        self.template = template;
        self.mark = None;
        self.computer.clear();
        self.computer.push_str(computer);
        self.text.clear();
        self.fields.clear();
    }

    pub(crate) fn text(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.with(name, |text| text.push_str(value))
    }

    pub(crate) fn with(&mut self, name: &'static str, write: impl FnOnce(&mut String)) -> &mut Self {
        self.push(name, Form::Text, write)
    }

    pub(crate) fn number(&mut self, name: &'static str, value: u64) -> &mut Self {
        self.push(name, Form::Number, |text| push_decimal(text, value))
    }

    pub(crate) fn hex(&mut self, name: &'static str, value: u64) -> &mut Self {
        self.push(name, Form::Text, |text| {
            text.push_str("0x");
            push_hex(text, value, 1);
        })
    }

    pub(crate) fn utc(&mut self, name: &'static str, time: Millis) -> &mut Self {
        self.push(name, Form::Text, |text| push_time(text, time, (' ', "")))
    }

    fn push(&mut self, name: &'static str, form: Form, write: impl FnOnce(&mut String)) -> &mut Self {
        let start = self.text.len() as u32;
        write(&mut self.text);
        self.fields.push(Field { name, form, start, end: self.text.len() as u32 });
        self
    }
}

/// Appends `value` in decimal digits.
pub(crate) fn push_decimal(target: &mut String, mut value: u64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    target.push_str(std::str::from_utf8(&digits[at..]).unwrap_or_default());
}

/// Appends `value` in at least `width` lower-case hexadecimal digits.
pub(crate) fn push_hex(target: &mut String, value: u64, width: u32) {
    let needed = (64 - value.leading_zeros()).div_ceil(4).max(width);
    for place in (0..needed).rev() {
        let digit = (value.checked_shr(place * 4).unwrap_or(0) & 15) as u8;
        target.push(char::from(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_standard_library_does() {
        for value in [0, 1, 9, 10, 255, 4096, u64::from(u32::MAX), u64::MAX] {
            let (mut decimal, mut hex) = (String::new(), String::new());
            push_decimal(&mut decimal, value);
            push_hex(&mut hex, value, 4);
            assert_eq!(decimal, value.to_string());
            assert_eq!(hex, format!("{value:04x}"));
        }
    }
}
