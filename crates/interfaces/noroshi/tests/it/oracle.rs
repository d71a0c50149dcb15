//! The outside oracle, `rsigma-eval`: the same rules and the same rows in its terms.

use std::path::PathBuf;

use arrow_array::cast::AsArray;
use arrow_array::types::UInt32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray};
use intake::inputs;
use model::catalogue::{Catalogue, LogSource, Route};
use model::event::Kind;
use noroshi::ruleset;
use serde_json::{Map, Value};
use sources::Batch;

/// Rules as its parser reads them.
pub fn rsigma_rules(paths: &[PathBuf]) -> Vec<rsigma_parser::SigmaRule> {
    let files = inputs::find(paths).files.into_iter().filter(|file| ruleset::is_named_rule(&file.path));
    let texts = files.filter_map(|file| std::fs::read_to_string(file.path).ok());
    texts
        .filter_map(|text| rsigma_parser::parse_sigma_yaml(&text).ok())
        .flat_map(|parsed| parsed.rules)
        .collect()
}

/// The rows as JSON objects: each field under every name by which the catalogue knows it for
/// this kind of event, since the oracle has no names of its own for a log source.
pub fn events_of(batch: &Batch, catalogue: &Catalogue) -> Vec<Value> {
    let mut events = vec![Map::new(); batch.batch.num_rows()];
    if batch.grouped {
        return Vec::new();
    }
    for (field, array) in batch.batch.schema_ref().fields().iter().zip(batch.batch.columns()) {
        if let Some(raw) = array.as_struct_opt() {
            for (field, child) in raw.fields().iter().zip(raw.columns()) {
                add(field.name(), child, &mut events);
            }
        } else if let Some(name) = field.metadata().get("name") {
            let known = catalogue.field(&batch.kind, name);
            let names = known.map_or_else(Vec::new, |field| catalogue.names_of(&batch.kind, field));
            for name in names.into_iter().chain([name.as_str()]) {
                add(name, array, &mut events);
            }
        }
    }
    events.into_iter().map(Value::Object).collect()
}

/// Whether the log source of a rule reads this event.
pub fn is_read(route: &Route, event: &Value) -> bool {
    let holds = |(field, values): &(String, Vec<String>)| {
        event.get(field).and_then(Value::as_str).is_some_and(|text| values.iter().any(|value| value == text))
    };
    match route {
        Route::No => false,
        Route::Yes => true,
        Route::Where(sets) => sets.iter().any(|set| set.iter().all(holds)),
    }
}

/// What the log source of a rule means for a kind of event.
pub fn route(rule: &rsigma_parser::SigmaRule, catalogue: &Catalogue, kind: &Kind) -> Route {
    let source = &rule.logsource;
    let source = LogSource {
        product: source.product.as_deref(),
        category: source.category.as_deref(),
        service: source.service.as_deref(),
    };
    catalogue.route(&source, kind)
}

fn add(name: &str, array: &ArrayRef, events: &mut [Map<String, Value>]) {
    if let Some(column) = array.as_dictionary_opt::<UInt32Type>() {
        for (row, event) in events.iter_mut().enumerate() {
            if let Some(text) = texts(column).nth(row).flatten() {
                event.entry(name).or_insert_with(|| text.into());
            }
        }
    } else if let Some(column) = array.as_list_opt::<i32>() {
        for (row, event) in events.iter_mut().enumerate() {
            let items = column.value(row);
            let Some(items) = items.as_dictionary_opt::<UInt32Type>().filter(|items| !items.is_empty())
            else {
                continue;
            };
            let list: Vec<&str> = texts(items).flatten().collect();
            event.entry(name).or_insert_with(|| list.into());
        }
    }
}

fn texts(column: &DictionaryArray<UInt32Type>) -> impl Iterator<Item = Option<&str>> {
    let values = column.values().as_string_opt::<i32>();
    (0..column.len()).map(move |row| Some(values?.value(column.key(row)?)))
}
