//! `noroshi tables`: which tables the lake has.

use lake::{Listed, OnDisk};
use page::Words;
use page::wording::{count, size};
use serde_json::{Value, json};

use crate::arguments::Tables;
use crate::books::{self, Books};
use crate::output::{Table, Width};
use crate::{Failure, Outcome};

/// Runs the command.
///
/// # Errors
/// When there is no home, or its lake cannot be read.
pub fn run(arguments: &Tables, words: Words) -> Result<Outcome, Failure> {
    let (home, person) = (arguments.at.home.as_deref(), arguments.seat.as_deref());
    let books = Books::open_as(home, "its tables", person, words)?;
    let tables = books.tables().map_err(|error| books::unread(&error, words))?;
    let text = if arguments.at.json {
        let lines: Vec<Value> = tables.iter().map(line).collect();
        format!("{:#}\n", Value::Array(lines))
    } else {
        shown(&tables, words)
    };
    books.print(&text, words)
}

/// A table for programs.
fn line(table: &Listed) -> Value {
    let on_disk = table.on_disk.as_ref();
    json!({
        "name": table.name.in_sql(),
        "path": on_disk.map(|disk| disk.path.display().to_string()),
        "version": on_disk.map(|disk| disk.version),
        "rows": table.rows,
        "bytes": on_disk.map(|disk| disk.bytes),
        "files": on_disk.map(|disk| disk.files),
    })
}

/// All tables for people.
fn shown(tables: &[Listed], words: Words) -> String {
    if tables.is_empty() {
        return words.get("cli-tables-none") + "\n";
    }
    let heading = |key: &str, is_number| lake::Heading { name: words.get(key), is_number };
    let headings = vec![
        heading("cli-tables-name", false),
        heading("cli-tables-rows", true),
        heading("cli-tables-size", true),
        heading("cli-tables-files", true),
        heading("cli-tables-version", true),
        heading("cli-tables-path", false),
    ];
    let row = |table: &Listed| -> Vec<Value> {
        let on_disk = |text: fn(&OnDisk) -> String| table.on_disk.as_ref().map(text).unwrap_or_default();
        let texts = [
            table.name.in_sql(),
            table.rows.map(count).unwrap_or_default(),
            on_disk(|disk| size(disk.bytes)),
            on_disk(|disk| count(disk.files)),
            on_disk(|disk| disk.version.to_string()),
            on_disk(|disk| disk.path.display().to_string()),
        ];
        texts.into_iter().map(Value::String).collect()
    };
    // Paths are to be copied, so nothing is cut.
    let mut shown = Table::new(headings, Width::Any);
    shown.add(tables.iter().map(row).collect());
    shown.finish()
}
