//! From the text of a rule file to rules and refusals, document by document.
//!
//! YAML is read by `yaml_serde`, conditions and wildcard texts by `rsigma-parser`. The walk
//! over a document is ours, because a refusal must name its place and reason, and because what
//! the specification forbids (null in a list, a map as a value) must not pass quietly.

use std::sync::Arc;

use model::level::Level;
use serde::{Deserialize, Serialize};
use yaml_serde::{Mapping, Value};

use crate::cause::Cause;
use crate::correlation::{self, Correlation};
use crate::detection;
use crate::fault::Fault;
use crate::filter::{self, Filter, Preamble};
use crate::lint;
use crate::merged::{self, Merged};
use crate::operand::Placeholders;
use crate::rule::{Meta, Refusal, Rule, RuleDigest, SourceKeys};
use crate::yaml::Text;

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

impl Document {
    /// What it says about itself.
    #[must_use]
    pub fn meta(&self) -> &Meta {
        match self {
            Self::Rule(rule) => &rule.meta,
            Self::Correlation(correlation) => &correlation.meta,
            Self::Filter(filter) => &filter.meta,
        }
    }

    /// Says to which version of which set it belongs.
    pub fn belongs_to(&mut self, set: &Arc<str>) {
        let meta = match self {
            Self::Rule(rule) => Arc::make_mut(&mut rule.meta),
            Self::Correlation(correlation) => Arc::make_mut(&mut correlation.meta),
            Self::Filter(filter) => &mut filter.meta,
        };
        meta.set = Some(set.clone());
    }
}

/// Loads every document of a file. Neighbours of a refused document load all the same.
#[must_use]
pub fn load(path: &str, text: &str, placeholders: &Placeholders) -> Vec<Result<Document, Refusal>> {
    let mut loaded = Vec::new();
    for merged in merged::documents(text) {
        loaded.push(document(&merged, path, placeholders).map_err(|refusal| *refusal));
    }
    loaded
}

/// Loads one document of a file.
pub(crate) fn document(
    merged: &Merged<'_>,
    path: &str,
    placeholders: &Placeholders,
) -> Result<Document, Box<Refusal>> {
    let refusal = |line, reason| {
        let (rule_id, title) = (merged.word("id"), merged.word("title"));
        Box::new(Refusal { rule_id, title, path: path.to_owned(), line, reason })
    };
    let value = merged.value.as_ref().map_err(|(line, reason)| refusal(*line, reason.clone()))?;
    let Text { text, line } = merged.text;
    read(value, path, line, placeholders).map_err(|fault| {
        let offset = fault.near.and_then(|words| line_of(text, &words)).unwrap_or(0);
        refusal(line + offset, fault.reason)
    })
}

/// Offset in lines of the first line that holds the words outside a comment.
fn line_of(text: &str, words: &str) -> Option<usize> {
    text.lines().position(|line| !line.trim_start().starts_with('#') && line.contains(words))
}

fn read(value: &Value, path: &str, line: usize, placeholders: &Placeholders) -> Result<Document, Fault> {
    let map = value.as_mapping().ok_or(Cause::DocumentNotMap)?;
    let mut warnings = lint::told(map);
    let mut meta = meta(map, path, line, &mut warnings)?;
    meta.digest = digest(value, placeholders);
    if let Some(entry) = map.get("correlation") {
        return correlation::read(meta, entry, warnings).map(|read| Document::Correlation(Box::new(read)));
    }
    let source = source(map)?;
    if let Some(entry) = map.get("filter") {
        return filter::read(Preamble { meta, source, warnings }, entry, placeholders)
            .map(|read| Document::Filter(Box::new(read)));
    }
    let Some(entry) = map.get("detection") else {
        return Err(Cause::DetectionMissing.into());
    };
    let Some(entry) = entry.as_mapping() else {
        return Err(Cause::DetectionNotMap.near("detection"));
    };
    let expression = detection::expression(entry, "timeframe", placeholders, &mut warnings)?;
    Ok(Document::Rule(Rule { meta: Arc::new(meta), source, expression, warnings, silent: false }))
}

fn meta(map: &Mapping, path: &str, line: usize, warnings: &mut Vec<Cause>) -> Result<Meta, Fault> {
    let text = |key: &str| map.get(key).and_then(Value::as_str).map(str::to_owned);
    if map.get("title").is_some_and(|title| !title.is_string() && !title.is_null()) {
        return Err(Cause::TitleNotText.near("title"));
    }
    let title = text("title").filter(|title| !title.trim().is_empty());
    let title = title.ok_or_else(|| Cause::TitleMissing.near("title"))?;
    let id = text("id");
    match &id {
        None if map.get("id").is_some_and(|id| !id.is_null()) => {}
        None => warnings.push(Cause::IdMissing),
        Some(id) if !is_uuid(id) => warnings.push(Cause::IdNotUuid { id: id.clone() }),
        Some(_) => {}
    }
    let level = match text("level") {
        None => Level::default(),
        Some(word) => Level::parse(&word).unwrap_or_else(|| {
            warnings.push(Cause::LevelUnknown { word });
            Level::default()
        }),
    };
    let status = text("status");
    if let Some(word) = &status
        && !["stable", "test", "experimental", "deprecated", "unsupported"].contains(&word.as_str())
    {
        warnings.push(Cause::StatusUnknown { word: word.clone() });
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
        set: None,
        digest: RuleDigest::default(),
    })
}

/// Who a document is. Comments, and how it is laid out, change nothing.
fn digest(document: &Value, placeholders: &Placeholders) -> RuleDigest {
    // Of a value that came from a text one can be made.
    let text = yaml_serde::to_string(document).unwrap_or_default();
    // What a modifier expands to is part of the rule.
    let is_named = |(name, _): &(&String, &Vec<String>)| text.contains(&format!("%{name}%"));
    let mut values: Vec<_> = placeholders.iter().filter(is_named).collect();
    values.sort();
    let values = values.into_iter().flat_map(|(name, values)| std::iter::once(name).chain(values));
    RuleDigest::of(std::iter::once(&text).chain(values).map(|part| part.as_bytes()))
}

pub(crate) fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn source(map: &Mapping) -> Result<SourceKeys, Fault> {
    let Some(entry) = map.get("logsource") else {
        return Err(Cause::LogsourceMissing.into());
    };
    let Some(entry) = entry.as_mapping() else {
        return Err(Cause::LogsourceNotMap.near("logsource"));
    };
    let text = |key: &str| -> Result<Option<String>, Fault> {
        match entry.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Cause::LogsourceKeyNotText { key: key.to_owned() }.near(key)),
        }
    };
    let source =
        SourceKeys { product: text("product")?, category: text("category")?, service: text("service")? };
    if source == SourceKeys::default() {
        return Err(Cause::LogsourceEmpty.near("logsource"));
    }
    Ok(source)
}
