//! The outside oracle, `rsigma-eval`: the same rules and the same rows in its terms.

use std::path::PathBuf;

use intake::inputs;
use model::catalogue::{Catalogue, LogSource, Route};
use model::event::Kind;
use noroshi::ruleset;
use serde_json::{Map, Value};
use sources::Sheet;

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
pub fn events_of(sheet: &Sheet, catalogue: &Catalogue) -> Vec<Value> {
    if sheet.grouped {
        return Vec::new();
    }
    let rows = sheet.rows().expect("columns are those of a sheet");
    let mut events = vec![Map::new(); rows.events()];
    for (number, column) in rows.columns().iter().enumerate() {
        let known = catalogue.field(&sheet.kind, column.name);
        let known = known.filter(|field| rows.known(&field.name) == Some(number));
        let names = known.map_or_else(Vec::new, |field| catalogue.names_of(&sheet.kind, field));
        let names: Vec<&str> = names.into_iter().chain([column.name]).collect();
        for (row, event) in events.iter_mut().enumerate() {
            let values = column.ids(row).iter().filter(|id| column.has_value(**id));
            let texts: Vec<&str> = values.map(|id| column.text(*id)).collect();
            let value = match *texts {
                [] => continue,
                [text] => Value::from(text),
                _ => Value::from(texts),
            };
            for name in &names {
                event.entry(*name).or_insert_with(|| value.clone());
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
