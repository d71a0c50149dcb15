//! `noroshi rules check`: what is wrong with rules.

use std::io::{self, Write};
use std::path::PathBuf;

use detect::{RuleSet, Warning};
use model::catalogue::Catalogue;
use page::Words;
use page::foreign::visible;
use serde::Serialize;

use crate::output::{self, Notice};
use crate::ruleset;
use crate::{Failure, Outcome};

#[derive(Serialize)]
struct Checked<'a> {
    files: usize,
    rules: usize,
    refused: Vec<Notice<'a>>,
    warnings: Vec<Notice<'a>>,
}

/// Says what is wrong with rules; of the bundled ones without a path.
///
/// # Errors
/// Wrong use, or an output that cannot be written.
pub fn check(
    paths: &[PathBuf],
    placeholders: &[PathBuf],
    json: bool,
    words: Words,
) -> Result<Outcome, Failure> {
    print(&ruleset::open(paths, placeholders, words)?, json, words)
}

fn print(set: &RuleSet, json: bool, words: Words) -> Result<Outcome, Failure> {
    let catalogue = Catalogue::bundled().map_err(|error| Failure { code: 1, text: error.to_string() })?;
    let warnings = set.warnings(&catalogue);
    if json {
        let refused = set.refused.iter().map(Notice::from).collect();
        let warnings = warnings.iter().map(Notice::from).collect();
        let checked = Checked { files: files(set), rules: set.len(), refused, warnings };
        return output::print_json(&checked, words);
    }
    let print = |out: &mut dyn Write| -> io::Result<()> {
        if !set.refused.is_empty() {
            writeln!(out, "{}", words.with("cli-rules-refused", &[("rules", set.refused.len().into())]))?;
            output::print_refusals(out, &set.refused)?;
        }
        if !warnings.is_empty() {
            writeln!(out, "{}", words.with("cli-rules-warnings", &[("number", warnings.len().into())]))?;
            for Warning { meta, reason } in &warnings {
                writeln!(out, "  {}", visible(&format!("{}:{}: {reason}", meta.path, meta.line)))?;
            }
        }
        let values = [
            ("files", files(set).into()),
            ("rules", set.len().into()),
            ("refused", set.refused.len().into()),
            ("warnings", warnings.len().into()),
        ];
        writeln!(out, "{}", words.with("cli-rules-checked", &values))
    };
    let mut text = Vec::new();
    print(&mut text).map_err(|error| Failure::output(words, "-", &error))?;
    output::print(&String::from_utf8_lossy(&text), words)
}

/// Number of files that the documents stand in.
fn files(set: &RuleSet) -> usize {
    let read = set.documents().map(|(meta, _)| meta.path.as_str());
    let refused = set.refused.iter().map(|refusal| refusal.path.as_str());
    read.chain(refused).collect::<std::collections::HashSet<_>>().len()
}
