//! How an earlier output is recognised: by its content, as logs are.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use lake::PARQUET_MARK;
use page::document::MARK;

use super::verdicts::HEADINGS;

/// Bytes looked at.
const HEAD: u64 = 64 << 10;

/// What an output holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Verdicts as JSON, one a line.
    Json,
    /// Verdicts as CSV.
    Csv,
    /// The page for people.
    Page,
    /// The summary for programs.
    Summary,
    /// The answer to a question as Parquet.
    Parquet,
}

impl Form {
    /// Whether it is written line by line while the run goes on.
    #[must_use]
    pub fn is_of_lines(self) -> bool {
        matches!(self, Self::Json | Self::Csv)
    }

    /// Whether a file begins as this output does, or is empty.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn stands_in(self, path: &Path) -> io::Result<bool> {
        if self == Self::Parquet {
            return ends_with_answer(path);
        }
        let mut head = Vec::new();
        File::open(path)?.take(HEAD).read_to_end(&mut head)?;
        Ok(head.is_empty() || self.begins(&String::from_utf8_lossy(&head)))
    }

    fn begins(self, head: &str) -> bool {
        match self {
            Self::Json => begins_with_verdict(head),
            Self::Csv => head.strip_prefix(&HEADINGS.join(",")).is_some_and(|rest| rest.starts_with('\n')),
            Self::Page => head.starts_with("<!DOCTYPE html>") && head.contains(MARK),
            Self::Summary => head.starts_with("{\n  \"program\": \"noroshi\",\n"),
            // Told by its end.
            Self::Parquet => false,
        }
    }
}

/// A Parquet file says at its end who made it.
fn ends_with_answer(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(HEAD)))?;
    let mut end = Vec::new();
    file.take(HEAD).read_to_end(&mut end)?;
    let mark = PARQUET_MARK.as_bytes();
    Ok(end.is_empty() || (end.ends_with(b"PAR1") && end.windows(mark.len()).any(|part| part == mark)))
}

/// A first line longer than the head is told by the names in it.
fn begins_with_verdict(head: &str) -> bool {
    let names = ["title", "level", "status", "tags", "time", "host", "source_path", "fields"];
    let has_names = match head.split_once('\n') {
        Some((line, _)) => serde_json::from_str::<serde_json::Value>(line)
            .is_ok_and(|verdict| names.iter().all(|name| verdict.get(name).is_some())),
        None => names[..3].iter().all(|name| head.contains(&format!("\"{name}\":"))),
    };
    head.starts_with("{\"rule_id\":") && has_names
}
