//! What was found, for people and for programs.

use std::io;

use lake::{Found, FoundIn, FoundRow, Heading, Hosts};
use model::indicator::Indicator;
use model::time::Instant;
use page::Words;
use page::foreign::visible;
use page::wording::count;
use serde_json::{Value, json};

use crate::output::{Table, Width};

/// Values that are nowhere and are named.
const NAMED: usize = 20;
/// Columns of a row that people are shown.
const ROW: [&str; 9] = [
    "time",
    "device.hostname",
    "user.name",
    "src_endpoint.ip",
    "dst_endpoint.ip",
    "source_path",
    "line",
    "batch",
    "row",
];

/// An object a line, in the order of the values.
pub fn lines(values: &[Indicator], found: &[Found]) -> io::Result<String> {
    let mut text = String::new();
    for (value, found) in values.iter().zip(found) {
        text += &serde_json::to_string(&object(value, found))?;
        text.push('\n');
    }
    Ok(text)
}

fn object(value: &Indicator, found: &Found) -> Value {
    let place = |place: &FoundIn| {
        json!({
            "table": place.table.in_sql(),
            "column": place.column,
            "rows": place.rows,
            "first": place.first,
            "last": place.last,
        })
    };
    let row = |row: &FoundRow| json!({"table": row.table.in_sql(), "values": row.values});
    let mut object = json!({
        "value": value.value(),
        "sort": value.sort().as_str(),
        "rows": found.rows,
        "first": found.first,
        "last": found.last,
        "hosts": found.hosts.map(|hosts| hosts.count),
        "hosts_or_more": found.hosts.is_some_and(|hosts| hosts.or_more),
        "places": found.places.iter().map(place).collect::<Vec<_>>(),
    });
    if let (Some(object), false) = (object.as_object_mut(), found.latest.is_empty()) {
        object.insert("latest".to_owned(), found.latest.iter().map(row).collect());
    }
    object
}

/// Tables for people: where each value stands, then the rows that were wanted, then what is nowhere.
pub fn tables(values: &[Indicator], found: &[Found], words: Words) -> String {
    let all = || values.iter().zip(found);
    let mut text = String::new();
    if found.iter().any(|found| found.rows > 0) {
        let mut table = Table::new(headings(words), Width::of_terminal());
        for (value, found) in all() {
            let line = |(number, place)| line(value, found, (number, place));
            table.add(found.places.iter().enumerate().map(line).collect());
        }
        text += &table.finish();
    }
    for (value, found) in all().filter(|(_, found)| !found.latest.is_empty()) {
        let said =
            [("value", visible(value.value()).into_owned().into()), ("rows", found.latest.len().into())];
        text += &format!("\n{}\n{}", words.with("cli-find-latest", &said), rows(&found.latest, words));
    }
    let nowhere: Vec<&Indicator> =
        all().filter(|(_, found)| found.rows == 0).map(|(value, _)| value).collect();
    if !nowhere.is_empty() {
        let named: Vec<String> =
            nowhere.iter().take(NAMED).map(|value| visible(value.value()).into_owned()).collect();
        let more = nowhere.len() - named.len();
        let said = [("values", named.join(", ").into()), ("number", more.into())];
        let key = if more > 0 { "cli-find-nowhere-more" } else { "cli-find-nowhere" };
        text += if text.is_empty() { "" } else { "\n" };
        text += &words.with(key, &said);
        text.push('\n');
    }
    text
}

fn headings(words: Words) -> Vec<Heading> {
    let heading = |(key, is_number): (&str, bool)| Heading { name: words.get(key), is_number };
    [
        ("cli-find-value", false),
        ("cli-find-rows", true),
        ("cli-find-first", false),
        ("cli-find-last", false),
        ("cli-find-hosts", true),
        ("cli-find-table", false),
        ("cli-find-column", false),
    ]
    .map(heading)
    .to_vec()
}

/// A value in one column; what is said of the value as a whole stands in its first line.
fn line(value: &Indicator, found: &Found, (number, place): (usize, &FoundIn)) -> Vec<Value> {
    let time = |time: Option<Instant>| time.map_or(Value::Null, |time| time.to_string().into());
    let hosts = |hosts: Hosts| format!("{}{}", count(hosts.count), if hosts.or_more { "+" } else { "" });
    let hosts = found.hosts.filter(|_| number == 0).map_or(Value::Null, |all| hosts(all).into());
    vec![
        value.value().into(),
        count(place.rows).into(),
        time(place.first),
        time(place.last),
        hosts,
        place.table.in_sql().into(),
        place.column.as_str().into(),
    ]
}

/// Rows in the columns that people look at first, those of them that some have.
fn rows(rows: &[FoundRow], words: Words) -> String {
    let has = |name: &&str| rows.iter().any(|row| row.values.contains_key(*name));
    let names: Vec<&str> = ROW.into_iter().filter(has).collect();
    let mut headings = vec![Heading { name: words.get("cli-find-table"), is_number: false }];
    headings.extend(
        names
            .iter()
            .map(|name| Heading { name: (*name).to_owned(), is_number: matches!(*name, "line" | "row") }),
    );
    let mut table = Table::new(headings, Width::of_terminal());
    let row = |row: &FoundRow| {
        let values = names.iter().map(|name| row.values.get(*name).cloned().unwrap_or(Value::Null));
        std::iter::once(Value::from(row.table.in_sql())).chain(values).collect()
    };
    table.add(rows.iter().map(row).collect());
    table.finish()
}
