//! `noroshi fields`: the field catalogue, for people and programs.

use std::io::{self, Write};

use model::catalogue::{Catalogue, DataType, Field};
use page::{Language, Words};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::arguments::Fields;
use crate::{Failure, Outcome};

#[derive(Serialize)]
struct FieldLine<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    data_type: &'a str,
    unit: &'a str,
    ja: &'a str,
    en: &'a str,
    sensitivity: &'a str,
    research: &'a str,
    sigma: &'a std::collections::BTreeMap<String, Vec<String>>,
}

/// Runs the command.
///
/// # Errors
/// When the output cannot be written.
pub fn run(arguments: &Fields, words: Words) -> Result<Outcome, Failure> {
    let catalogue = Catalogue::bundled().map_err(|error| Failure { code: 1, text: error.to_string() })?;
    let mut out = io::stdout().lock();
    let written = match (arguments.schema, arguments.logsources) {
        (true, _) => print_json(&mut out, &schema(&catalogue)),
        (_, true) => log_sources(&mut out, &catalogue, arguments.json),
        _ => fields(&mut out, &catalogue, arguments, words),
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::output(words, "-", &error)),
        _ => Ok(Outcome::Done),
    }
}

fn fields(out: &mut dyn Write, catalogue: &Catalogue, arguments: &Fields, words: Words) -> io::Result<()> {
    let word = arguments.word.as_deref().unwrap_or_default().to_lowercase();
    let fits = |field: &&Field| {
        let names = field.sigma.values().flatten().map(String::as_str);
        let mut texts = [field.name.as_str(), &field.ja, &field.en].into_iter().chain(names);
        texts.any(|text| text.to_lowercase().contains(&word))
    };
    let found: Vec<_> = catalogue.fields().iter().filter(fits).collect();
    if arguments.json {
        let lines: Vec<_> = found.iter().map(|field| line(field)).collect();
        return print_json(out, &json!(lines));
    }
    for field in &found {
        let meaning = if words.language == Language::Ja { &field.ja } else { &field.en };
        let unit = if field.unit.is_empty() { String::new() } else { format!(", {}", field.unit) };
        writeln!(out, "{} ({}{unit}) {meaning}", field.name, field.data_type.as_str())?;
        for (source, names) in &field.sigma {
            writeln!(out, "    {source}: {}", names.join(", "))?;
        }
    }
    writeln!(out, "{}", words.with("cli-fields-listed", &[("fields", found.len().into())]))
}

fn line(field: &Field) -> FieldLine<'_> {
    FieldLine {
        name: &field.name,
        data_type: field.data_type.as_str(),
        unit: &field.unit,
        ja: &field.ja,
        en: &field.en,
        sensitivity: field.sensitivity.as_str(),
        research: field.research.as_str(),
        sigma: &field.sigma,
    }
}

fn log_sources(out: &mut dyn Write, catalogue: &Catalogue, as_json: bool) -> io::Result<()> {
    let reads = |category: &model::catalogue::Category| -> Vec<String> {
        let ids = |ids: &[u32]| ids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        category.reads.iter().map(|read| format!("{}:{}", read.service, ids(&read.event_ids))).collect()
    };
    if as_json {
        let services: Vec<_> = catalogue
            .services()
            .iter()
            .map(|s| json!({"product": s.product, "service": s.service, "channels": s.channels}))
            .collect();
        let categories: Vec<_> = catalogue
            .categories()
            .iter()
            .map(|c| json!({"product": c.product, "category": c.category, "reads": reads(c)}))
            .collect();
        return print_json(out, &json!({"services": services, "categories": categories}));
    }
    for service in catalogue.services() {
        writeln!(out, "{}/{}: {}", service.product, service.service, service.channels.join(", "))?;
    }
    for category in catalogue.categories() {
        writeln!(out, "{}/{}: {}", category.product, category.category, reads(category).join(" "))?;
    }
    Ok(())
}

/// JSON Schema of an event: OCSF names nested by their dots.
fn schema(catalogue: &Catalogue) -> Value {
    let mut properties = Map::new();
    for field in catalogue.fields() {
        let (kind, format) = match field.data_type {
            DataType::Integer => ("integer", None),
            DataType::Boolean => ("boolean", None),
            DataType::Timestamp => ("string", Some("date-time")),
            DataType::Uuid => ("string", Some("uuid")),
            _ => ("string", None),
        };
        let mut leaf = json!({"type": kind, "title": field.en, "description": field.ja});
        if let (Some(format), Some(leaf)) = (format, leaf.as_object_mut()) {
            leaf.insert("format".to_owned(), json!(format));
        }
        insert(&mut properties, &field.name, leaf);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Noroshi event (OCSF 1.8 names)",
        "type": "object",
        "properties": properties,
    })
}

fn insert(properties: &mut Map<String, Value>, name: &str, leaf: Value) {
    let Some((head, rest)) = name.split_once('.') else {
        let place = properties.entry(name).or_insert_with(|| json!({}));
        if let (Some(place), Some(leaf)) = (place.as_object_mut(), leaf.as_object()) {
            place.extend(leaf.clone());
        }
        return;
    };
    let object = properties.entry(head).or_insert_with(|| json!({"type": "object"}));
    if let Some(object) = object.as_object_mut() {
        let inner = object.entry("properties").or_insert_with(|| json!({}));
        if let Some(inner) = inner.as_object_mut() {
            insert(inner, rest, leaf);
        }
    }
}

fn print_json(out: &mut dyn Write, value: &Value) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}
