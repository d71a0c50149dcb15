//! What is said of evidence, for programs and for people.

use model::evidence::Reference;
use model::figure::{Figure, Period};
use page::Words;
use page::foreign::visible;
use serde_json::{Map, Value, json};

use crate::commands::figures::{spoken, title};

/// The column that says how a row is put together, which is for programs.
const SHAPE: &str = "shape";

/// What is said.
pub(super) struct Told {
    /// All of it, for programs.
    pub(super) object: Value,
    /// Names of values and lists, in the order in which people read them.
    order: Vec<String>,
    /// What figures are said to be of.
    period: Option<Period>,
}

impl Told {
    pub(super) fn of(what: &Reference) -> Self {
        Self { object: json!({ "evidence": what }), order: Vec::new(), period: None }
    }

    /// A value; a second one of a name stands beside the first.
    pub(super) fn value(&mut self, name: &str, value: Value) {
        if value.is_null() {
            return;
        }
        match self.object.get_mut(name) {
            None => self.put(name, value),
            Some(Value::Array(values)) => values.push(value),
            Some(there) => *there = json!([there.take(), value]),
        }
    }

    /// Things of a sort, each an object.
    pub(super) fn list(&mut self, name: &str, list: Vec<Value>) {
        self.put(name, list.into());
    }

    /// What stands in the row or act itself.
    pub(super) fn inside(&mut self, name: &str, values: Map<String, Value>) {
        self.put(name, values.into());
    }

    /// The figures that count it.
    pub(super) fn figures(&mut self, figures: &[Figure], period: Period, words: Words) {
        self.period = Some(period);
        let named = |figure: &Figure| {
            let show = format!("noroshi figures show {} --period {period} --rows", figure.id);
            json!({ "figure": figure.id, "title": title(figure, words), "open": show })
        };
        self.list("counted-by", figures.iter().map(named).collect());
        self.object["period"] = period.to_string().into();
    }

    fn put(&mut self, name: &str, value: Value) {
        self.order.push(name.to_owned());
        if let Some(object) = self.object.as_object_mut() {
            object.insert(name.to_owned(), value);
        }
    }

    /// For people: values a line each, lists below their heading.
    pub(super) fn text(&self, words: Words) -> String {
        let mut text = format!("{}\n", one(&self.object["evidence"]));
        for name in &self.order {
            let value = &self.object[name.as_str()];
            let heading = self.heading(name, words);
            match value {
                Value::Array(list) if list.iter().all(Value::is_object) => {
                    text += &format!("\n{heading}\n");
                    if list.is_empty() {
                        text += &format!("  {}\n", words.get("evidence-none"));
                    }
                    for item in list {
                        text += &format!("  {}\n", line(item));
                    }
                }
                Value::Array(list) => {
                    for value in list {
                        text += &format!("  {heading}  {}\n", one(value));
                    }
                }
                Value::Object(values) => {
                    text += &format!("\n{heading}\n");
                    for (name, value) in
                        values.iter().filter(|(name, value)| !value.is_null() && *name != SHAPE)
                    {
                        text += &format!("  {}  {}\n", visible(name), one(value));
                    }
                }
                value => text += &format!("  {heading}  {}\n", one(value)),
            }
        }
        text
    }

    fn heading(&self, name: &str, words: Words) -> String {
        let key = format!("evidence-{name}");
        match self.period.filter(|_| name == "counted-by") {
            Some(period) => words.with(&key, &[("period", spoken(period, words).into())]),
            None => words.get(&key),
        }
    }
}

fn one(value: &Value) -> String {
    match value {
        Value::String(text) => visible(text).into_owned(),
        value => visible(&value.to_string()).into_owned(),
    }
}

/// The values of a thing in one line.
fn line(item: &Value) -> String {
    let values = item.as_object().into_iter().flat_map(Map::values);
    let values: Vec<String> = values.filter(|value| !value.is_null()).map(one).collect();
    values.join("  ")
}
