//! `noroshi tables`: which tables the lake has.

use lake::Listed;
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
    let books = Books::open(arguments.home.as_deref(), words)?;
    let tables = books.tables().map_err(|error| books::unread(&error, words))?;
    let text = if arguments.json {
        let lines: Vec<Value> = tables.iter().map(line).collect();
        format!("{:#}\n", Value::Array(lines))
    } else {
        shown(&tables, words)
    };
    books.print(&text, words)
}

/// A table for programs.
fn line(table: &Listed) -> Value {
    json!({
        "name": table.name.in_sql(),
        "path": table.path.display().to_string(),
        "version": table.version,
        "rows": table.rows,
        "bytes": table.bytes,
        "files": table.files,
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
        let texts = [
            table.name.in_sql(),
            table.rows.map(count).unwrap_or_default(),
            size(table.bytes),
            count(table.files),
            table.version.to_string(),
            table.path.display().to_string(),
        ];
        texts.into_iter().map(Value::String).collect()
    };
    // Paths are to be copied, so nothing is cut.
    let mut shown = Table::new(headings, Width::Any);
    shown.add(tables.iter().map(row).collect());
    shown.finish()
}
