//! Going over a TOML file: what is asked for is read and its place kept, what is not known or not right
//! is noted, and nothing stops before the end.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use page::foreign::visible;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::fault::{Cause, Fault, place};
use crate::near::near;

/// Characters of a value that a fault shows.
const SHOWN: usize = 60;

/// Where values stand, by key: `mail.smtp.host`, `follow[2].paths[1]`.
#[derive(Debug, Clone, Default)]
pub struct Places(BTreeMap<String, Place>);

/// Where a value stands, and how it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Character of the line, from 1.
    pub column: usize,
    found: String,
}

impl Places {
    /// Whether the file says anything under a key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// A fault of the value under a key.
    #[must_use]
    pub fn fault(&self, key: &str, cause: Cause) -> Fault {
        let place = self.0.get(key).cloned().unwrap_or(Place { line: 1, column: 1, found: String::new() });
        Fault { line: place.line, column: place.column, key: key.to_owned(), found: place.found, cause }
    }

    pub(super) fn line(&self, key: &str) -> usize {
        self.0.get(key).map_or(1, |place| place.line)
    }
}

/// A kind of value, and how it is read.
pub(super) struct Kind<T> {
    /// Its name, under which texts say what is expected.
    pub expected: &'static str,
    /// Reads one.
    pub read: fn(&DeValue<'_>) -> Option<T>,
}

/// A file that is gone over.
pub(super) struct Walk<'a> {
    pub text: &'a str,
    /// Where relative paths begin.
    pub folder: &'a Path,
    /// Every key that a file may have, without the numbers of members.
    pub known: &'static [&'static str],
    pub places: Places,
    pub faults: Vec<Fault>,
}

/// A table of the file.
pub(super) struct Section<'a> {
    /// Its key; empty for the file itself.
    pub key: String,
    at: Range<usize>,
    table: &'a DeTable<'a>,
}

impl<'a> Section<'a> {
    /// The file itself.
    pub fn root(table: &'a Spanned<DeTable<'a>>) -> Self {
        Self { key: String::new(), at: 0..0, table: table.get_ref() }
    }

    /// The key of what stands in it.
    pub fn key(&self, name: &str) -> String {
        if self.key.is_empty() { name.to_owned() } else { format!("{}.{name}", self.key) }
    }

    fn find(&self, name: &str) -> Option<(&'a Spanned<DeString<'a>>, &'a Spanned<DeValue<'a>>)> {
        self.table.iter().find(|(key, _)| key.get_ref() == name)
    }
}

impl<'a> Walk<'a> {
    /// Reads a value; none where there is none, or a wrong one.
    pub fn value<T>(&mut self, section: &Section<'a>, name: &str, kind: &Kind<T>) -> Option<T> {
        let (_, value) = section.find(name)?;
        self.read(section.key(name), value, kind)
    }

    /// The same of a value that must be there.
    pub fn required<T>(&mut self, section: &Section<'a>, name: &str, kind: &Kind<T>) -> Option<T> {
        self.lacks(section, name, kind.expected);
        self.value(section, name, kind)
    }

    /// Reads a list that must be there and hold something; `expected` is its kind, `kind` that of its members.
    pub fn list<T>(
        &mut self,
        section: &Section<'a>,
        name: &str,
        expected: &'static str,
        kind: &Kind<T>,
    ) -> Option<Vec<T>> {
        let some =
            Kind { expected, read: |value| value.as_array().filter(|list| !list.is_empty()).map(drop) };
        self.required(section, name, &some)?;
        let (_, value) = section.find(name)?;
        let members = value.get_ref().as_array()?;
        let numbered = members.iter().zip(1..);
        let read: Vec<Option<T>> = numbered
            .map(|(member, number)| self.read(format!("{}[{number}]", section.key(name)), member, kind))
            .collect();
        read.into_iter().collect()
    }

    /// A table of a table.
    pub fn section(&mut self, section: &Section<'a>, name: &str) -> Option<Section<'a>> {
        let (key, value) = section.find(name)?;
        self.table(section.key(name), key.span(), value)
    }

    /// Tables of a table, in their order.
    pub fn sections(&mut self, section: &Section<'a>, name: &str) -> Vec<Section<'a>> {
        let Some((key, value)) = section.find(name) else { return Vec::new() };
        let Some(members) = value.get_ref().as_array() else {
            self.mark(&section.key(name), value.span());
            self.wrong(&section.key(name), Cause::Value("tables"));
            return Vec::new();
        };
        let at =
            |member: &Spanned<DeValue<'_>>| if member.span().is_empty() { key.span() } else { member.span() };
        let numbered = members.iter().zip(1..);
        numbered
            .filter_map(|(member, number)| {
                self.table(format!("{}[{number}]", section.key(name)), at(member), member)
            })
            .collect()
    }

    /// Notes what nobody knows of a table.
    pub fn end(&mut self, section: &Section<'a>) {
        for (name, value) in section.table {
            let key = section.key(name.get_ref());
            let plain = plain(&key);
            if is_secret(name.get_ref()) {
                self.mark(&key, name.span());
                self.wrong(&key, Cause::Secret);
            } else if !self.known.contains(&plain.as_str()) {
                self.mark(&key, name.span());
                let near = near(&plain, self.known.iter().copied()).into_iter().next();
                let near = near.and_then(|near| self.known.iter().copied().find(|known| *known == near));
                self.wrong(&key, Cause::Unknown(near));
                self.secrets(&key, value.get_ref());
            }
        }
    }

    /// Notes what is wrong with the value under a key.
    pub fn wrong(&mut self, key: &str, cause: Cause) {
        let fault = self.places.fault(key, cause);
        self.faults.push(fault);
    }

    /// Notes that a value is missing where it is.
    pub fn lacks(&mut self, section: &Section<'a>, name: &str, expected: &'static str) {
        if section.find(name).is_none() {
            let (line, column) = place(self.text, section.at.start);
            let (key, found) = (section.key(name), String::new());
            self.faults.push(Fault { line, column, key, found, cause: Cause::Missing(expected) });
        }
    }

    fn read<T>(&mut self, key: String, value: &Spanned<DeValue<'_>>, kind: &Kind<T>) -> Option<T> {
        self.mark(&key, value.span());
        let read = (kind.read)(value.get_ref());
        if read.is_none() {
            self.wrong(&key, Cause::Value(kind.expected));
        }
        read
    }

    fn table(
        &mut self,
        key: String,
        at: Range<usize>,
        value: &'a Spanned<DeValue<'a>>,
    ) -> Option<Section<'a>> {
        self.mark(&key, at.clone());
        match value.get_ref() {
            DeValue::Table(table) => Some(Section { key, at, table }),
            _ => {
                self.mark(&key, value.span());
                self.wrong(&key, Cause::Value("table"));
                None
            }
        }
    }

    /// Secrets in what nobody knows are told all the same.
    fn secrets(&mut self, key: &str, value: &DeValue<'_>) {
        let DeValue::Table(table) = value else { return };
        for (name, value) in table {
            let key = format!("{key}.{}", name.get_ref());
            if is_secret(name.get_ref()) {
                self.mark(&key, name.span());
                self.wrong(&key, Cause::Secret);
            }
            self.secrets(&key, value.get_ref());
        }
    }

    fn mark(&mut self, key: &str, at: Range<usize>) {
        let (line, column) = place(self.text, at.start);
        let found = self.text.get(at).unwrap_or_default();
        let found = if may_be_secret(key, found) { String::new() } else { shown(found) };
        self.places.0.insert(key.to_owned(), Place { line, column, found });
    }
}

/// A key without the numbers of members.
fn plain(key: &str) -> String {
    let parts = key.split('.').map(|part| part.split_once('[').map_or(part, |(name, _)| name));
    parts.collect::<Vec<_>>().join(".")
}

/// Whether a key asks for a secret itself, instead of the file that holds it.
fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    let is_one = ["password", "passwd", "passphrase", "secret", "token", "api_key"];
    !name.ends_with("_file") && is_one.iter().any(|word| name.contains(word))
}

/// Whether a value is not shown: some write the password where its file is to be named, or into an address.
fn may_be_secret(key: &str, found: &str) -> bool {
    let signed = found.split_once(':').is_some_and(|(_, rest)| rest.contains('@'));
    key.contains("password") || signed
}

/// The first line of what stands there, made visible and cut.
fn shown(found: &str) -> String {
    let line = found.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(SHOWN).collect();
    let is_whole = cut.len() == found.len();
    visible(&cut).into_owned() + if is_whole { "" } else { "…" }
}
