//! Files that verdicts are written to while the scan runs. `-` is standard output.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use detect::Verdict;
use page::Words;

use crate::Failure;

/// Opens an output.
///
/// # Errors
/// Says which file cannot be written and why.
pub fn create(path: &Path, words: Words) -> Result<Box<dyn Write>, Failure> {
    if path == Path::new("-") {
        return Ok(Box::new(BufWriter::new(io::stdout())));
    }
    let file =
        File::create(path).map_err(|error| Failure::output(words, &path.display().to_string(), &error))?;
    Ok(Box::new(BufWriter::with_capacity(1 << 16, file)))
}

/// Writes a whole file beside its place and moves it there, so that no half of it is ever seen.
///
/// # Errors
/// Says which file cannot be written and why.
pub fn write_whole(path: &Path, text: &str, words: Words) -> Result<(), Failure> {
    let fail = |error: io::Error| Failure::output(words, &path.display().to_string(), &error);
    if path == Path::new("-") {
        return io::stdout().write_all(text.as_bytes()).map_err(fail);
    }
    // A pipe or device is written as it is; only files can be replaced.
    if path.exists() && !path.is_file() {
        return std::fs::write(path, text).map_err(fail);
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let written = std::fs::write(&part, text).and_then(|()| std::fs::rename(&part, path));
    written.inspect_err(|_| drop(std::fs::remove_file(&part))).map_err(fail)
}

/// One JSON object a line.
pub struct JsonLines(pub Box<dyn Write>);

impl JsonLines {
    /// Writes a verdict.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&mut self, verdict: &Verdict) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, verdict)?;
        self.0.write_all(b"\n")
    }
}

/// One row a verdict.
pub struct CsvLines(csv::Writer<Box<dyn Write>>);

impl CsvLines {
    /// Writes the heading.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn new(writer: Box<dyn Write>) -> io::Result<Self> {
        let mut lines = csv::Writer::from_writer(writer);
        lines.write_record([
            "time",
            "level",
            "title",
            "rule_id",
            "host",
            "source_path",
            "ordinal",
            "line",
            "record_id",
            "audit_serial",
            "tags",
            "fields",
        ])?;
        Ok(Self(lines))
    }

    /// Writes a verdict.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&mut self, verdict: &Verdict) -> io::Result<()> {
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        let place = &verdict.place;
        let fields: Vec<String> =
            verdict.fields.iter().map(|(name, value)| format!("{name}={}", value.text)).collect();
        let cells = [
            place.time.map(|time| time.to_string()).unwrap_or_default(),
            verdict.rule.level.to_string(),
            verdict.rule.title.clone(),
            verdict.rule.id.clone().unwrap_or_default(),
            verdict.host.clone().unwrap_or_default(),
            verdict.source_path.clone(),
            place.ordinal.to_string(),
            number(place.line),
            number(place.record_id),
            number(place.audit_serial),
            verdict.rule.tags.join(" "),
            fields.join(" | "),
        ];
        self.0.write_record(cells.iter().map(|cell| harmless(cell)))?;
        Ok(())
    }

    /// Hands what has been written to the system.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Spreadsheets run a cell that begins like a formula; an apostrophe makes it text.
fn harmless(cell: &str) -> String {
    let starts_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let text = page::foreign::visible_block(cell);
    if starts_formula { format!("'{text}") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn cells_cannot_become_formulas() {
        for cell in ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"] {
            assert!(harmless(cell).starts_with('\''), "{cell}");
        }
        assert_eq!(harmless("a=1"), "a=1");
        assert_eq!(harmless("a\u{202e}b"), "a⟨U+202E⟩b");
    }
}
