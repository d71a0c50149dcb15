//! From the text of a rule file to rules and refusals, document by document.
//!
//! YAML is read by `yaml_serde`, conditions and wildcard texts by `rsigma-parser`. The walk
//! over a document is ours, because a refusal must name its place and reason, and because what
//! the specification forbids (null in a list, a map as a value) must not pass quietly.

use std::sync::Arc;

use model::level::Level;
use serde::{Deserialize, Serialize};
use yaml_serde::{Mapping, Value};

use crate::correlation::{self, Correlation};
use crate::detection;
use crate::filter::{self, Filter};
use crate::item::Placeholders;
use crate::rule::{Meta, Refusal, Rule, Source};

/// What a document of a rule file may be.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Document {
    /// A plain rule.
    Rule(Rule),
    /// A rule about what other rules find.
    Correlation(Box<Correlation>),
    /// A condition added to other rules.
    Filter(Box<Filter>),
}

/// Why a document is refused, and the words in it that the reason is about.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) reason: String,
    pub(crate) near: Option<String>,
}

impl Fault {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), near: None }
    }

    pub(crate) fn near(mut self, words: &str) -> Self {
        self.near.get_or_insert_with(|| words.to_owned());
        self
    }
}

/// Loads every document of a file. Neighbours of a refused document load all the same.
#[must_use]
pub fn load(path: &str, text: &str, placeholders: &Placeholders) -> Vec<Result<Document, Refusal>> {
    let mut loaded = Vec::new();
    let mut shared: Option<Value> = None;
    for document in documents(text) {
        let refuse = |rule_id: Option<String>, title: Option<String>, line, reason| {
            Err(Refusal { rule_id, title, path: path.to_owned(), line, reason })
        };
        let value = match read_yaml(document.text) {
            Ok(Value::Null) => continue,
            Ok(value) => value,
            Err((line, reason)) => {
                let id = scalar_line(document.text, "id");
                let title = scalar_line(document.text, "title");
                loaded.push(refuse(id, title, document.line + line, reason));
                continue;
            }
        };
        // Files written before version 2 share content between documents by `action: global`.
        match value.get("action").and_then(Value::as_str) {
            Some("global") => {
                shared = Some(without_action(value));
                continue;
            }
            Some("reset") => {
                shared = None;
                if value.as_mapping().is_some_and(|map| map.len() == 1) {
                    continue;
                }
            }
            _ => {}
        }
        let merged = match &shared {
            Some(shared) => merge(shared.clone(), without_action(value)),
            None => without_action(value),
        };
        let text_of = |key: &str| merged.get(key).and_then(Value::as_str).map(str::to_owned);
        loaded.push(read(&merged, path, document.line, placeholders).or_else(|fault| {
            let line = fault.near.and_then(|words| line_of(document.text, &words)).unwrap_or(0);
            refuse(text_of("id"), text_of("title"), document.line + line, fault.reason)
        }));
    }
    loaded
}

struct Piece<'a> {
    text: &'a str,
    /// Line of its first content, from 1.
    line: usize,
}

/// Splits at document markers. In YAML a line that begins with `---` is never content.
fn documents(text: &str) -> Vec<Piece<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut parts = Vec::new();
    let (mut start, mut start_line, mut at) = (0, 1, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let marker = line.trim_end();
        if marker == "---" || marker.starts_with("--- ") {
            parts.push((start, at, start_line));
            (start, start_line) = (at + line.len(), number + 2);
        }
        at += line.len();
    }
    parts.push((start, text.len(), start_line));
    parts
        .into_iter()
        .filter_map(|(from, to, line)| {
            let part = text.get(from..to)?;
            let is_content = |l: &str| !l.trim().is_empty() && !l.trim_start().starts_with('#');
            part.lines().any(is_content).then_some(Piece { text: part, line })
        })
        .collect()
}

fn read_yaml(text: &str) -> Result<Value, (usize, String)> {
    let document = yaml_serde::Deserializer::from_str(text);
    Value::deserialize(document).map_err(|error| {
        // An error at the end of the text is placed behind its last line.
        let last = text.lines().count().saturating_sub(1);
        let line = error.location().map_or(0, |location| location.line().saturating_sub(1).min(last));
        (line, format!("not valid YAML: {error}"))
    })
}

/// Value of a top-level `key: value` line, for documents that YAML cannot read.
fn scalar_line(text: &str, key: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let value = line.strip_prefix(key)?.strip_prefix(':')?.trim();
        Some(value.trim_matches(['\'', '"']).to_owned())
    })
}

/// Offset in lines of the first line that holds the words outside a comment.
fn line_of(text: &str, words: &str) -> Option<usize> {
    text.lines().position(|line| !line.trim_start().starts_with('#') && line.contains(words))
}

fn without_action(mut value: Value) -> Value {
    if let Some(map) = value.as_mapping_mut() {
        map.remove("action");
    }
    value
}

fn merge(base: Value, over: Value) -> Value {
    match (base, over) {
        (Value::Mapping(mut base), Value::Mapping(over)) => {
            for (key, value) in over {
                let merged = match base.remove(&key) {
                    Some(below) => merge(below, value),
                    None => value,
                };
                base.insert(key, merged);
            }
            Value::Mapping(base)
        }
        (_, over) => over,
    }
}

fn read(value: &Value, path: &str, line: usize, placeholders: &Placeholders) -> Result<Document, Fault> {
    let map = value.as_mapping().ok_or_else(|| Fault::new("the document is not a map of rule keys"))?;
    let mut warnings = Vec::new();
    let meta = meta(map, path, line, &mut warnings)?;
    if let Some(entry) = map.get("correlation") {
        return correlation::read(meta, entry, warnings).map(|read| Document::Correlation(Box::new(read)));
    }
    let source = source(map)?;
    if let Some(entry) = map.get("filter") {
        return filter::read((meta, source), entry, placeholders, warnings)
            .map(|read| Document::Filter(Box::new(read)));
    }
    let Some(entry) = map.get("detection") else {
        return Err(Fault::new("the rule has no detection"));
    };
    let Some(entry) = entry.as_mapping() else {
        return Err(Fault::new("detection is not a map").near("detection"));
    };
    let expression = detection::expression(entry, "timeframe", placeholders, &mut warnings)?;
    Ok(Document::Rule(Rule { meta: Arc::new(meta), source, expression, warnings, silent: false }))
}

fn meta(map: &Mapping, path: &str, line: usize, warnings: &mut Vec<String>) -> Result<Meta, Fault> {
    let text = |key: &str| map.get(key).and_then(Value::as_str).map(str::to_owned);
    let title = text("title").filter(|title| !title.trim().is_empty());
    let title = title.ok_or_else(|| Fault::new("the rule has no title").near("title"))?;
    let id = text("id");
    match &id {
        None => warnings.push("the rule has no id".to_owned()),
        Some(id) if !is_uuid(id) => warnings.push(format!("the id {id} is not a UUID")),
        Some(_) => {}
    }
    let level = match text("level") {
        None => Level::default(),
        Some(word) => Level::parse(&word).unwrap_or_else(|| {
            warnings.push(format!("{word} is no level; informational is used"));
            Level::default()
        }),
    };
    let status = text("status");
    if let Some(word) = &status
        && !["stable", "test", "experimental", "deprecated", "unsupported"].contains(&word.as_str())
    {
        warnings.push(format!("{word} is no status"));
    }
    let list = |key: &str| -> Vec<String> {
        let items = map.get(key).and_then(Value::as_sequence).map(Vec::as_slice).unwrap_or_default();
        items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let related = map.get("related").and_then(Value::as_sequence).map(Vec::as_slice).unwrap_or_default();
    let related = related.iter().filter_map(|entry| entry.get("id")?.as_str()).map(str::to_owned).collect();
    Ok(Meta {
        id,
        name: text("name"),
        title,
        title_ja: text("title_ja")
            .or_else(|| Some(map.get("custom_attributes")?.get("title_ja")?.as_str()?.to_owned())),
        level,
        has_level: text("level").is_some(),
        is_correlation: map.contains_key("correlation"),
        status,
        tags: list("tags"),
        description: text("description"),
        related,
        path: path.to_owned(),
        line,
    })
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn source(map: &Mapping) -> Result<Source, Fault> {
    let Some(entry) = map.get("logsource") else {
        return Err(Fault::new("the rule has no logsource"));
    };
    let Some(entry) = entry.as_mapping() else {
        return Err(Fault::new("logsource is not a map").near("logsource"));
    };
    let text = |key: &str| -> Result<Option<String>, Fault> {
        match entry.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Fault::new(format!("{key} of the logsource is not a text")).near(key)),
        }
    };
    let source = Source { product: text("product")?, category: text("category")?, service: text("service")? };
    if source == Source::default() {
        let reason = "the logsource names none of product, category and service";
        return Err(Fault::new(reason).near("logsource"));
    }
    Ok(source)
}
