//! `noroshi rules`: what is wrong with rules, and which there are.

use std::io::{self, Write};

use detect::{RuleSet, Warning};
use model::catalogue::Catalogue;
use model::level::Level;
use page::Words;
use page::foreign::visible;
use serde::Serialize;

use crate::arguments::Rules;
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

#[derive(Serialize)]
struct Listed<'a> {
    rule_id: Option<&'a str>,
    level: Level,
    title: &'a str,
    title_ja: Option<&'a str>,
    tags: &'a [String],
    path: &'a str,
}

/// Runs the command.
///
/// # Errors
/// Wrong use, or an output that cannot be written.
pub fn run(arguments: Rules, words: Words) -> Result<Outcome, Failure> {
    let written = match arguments {
        Rules::Check { paths, placeholders, json } => {
            check(&ruleset::open(&paths, &placeholders, words)?, json, words)?
        }
        Rules::List { paths, json } => list(&ruleset::open(&paths, &[], words)?, json, words),
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::output(words, "-", &error)),
        _ => Ok(Outcome::Done),
    }
}

fn check(set: &RuleSet, json: bool, words: Words) -> Result<io::Result<()>, Failure> {
    let catalogue = Catalogue::bundled().map_err(|error| Failure { code: 1, text: error.to_string() })?;
    let warnings = set.warnings(&catalogue);
    let mut out = io::stdout().lock();
    if json {
        let refused = set.refused.iter().map(Notice::from).collect();
        let warnings = warnings.iter().map(Notice::from).collect();
        let checked = Checked { files: files(set), rules: set.len(), refused, warnings };
        return Ok(write_json(&mut out, &checked));
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
    Ok(print(&mut out))
}

/// Number of files that the documents stand in.
fn files(set: &RuleSet) -> usize {
    let read = set.documents().map(|(meta, _)| meta.path.as_str());
    let refused = set.refused.iter().map(|refusal| refusal.path.as_str());
    read.chain(refused).collect::<std::collections::HashSet<_>>().len()
}

fn list(set: &RuleSet, json: bool, words: Words) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let mut rules: Vec<_> = set.documents().map(|(meta, _)| meta).collect();
    rules.sort_by(|a, b| b.level.cmp(&a.level).then_with(|| a.title.cmp(&b.title)));
    if json {
        let listed: Vec<_> = rules
            .iter()
            .map(|meta| Listed {
                rule_id: meta.id.as_deref(),
                level: meta.level,
                title: &meta.title,
                title_ja: meta.title_ja.as_deref(),
                tags: &meta.tags,
                path: &meta.path,
            })
            .collect();
        return write_json(&mut out, &listed);
    }
    for meta in &rules {
        let title = match (&meta.title_ja, words.language) {
            (Some(title), page::Language::Ja) => title,
            _ => &meta.title,
        };
        writeln!(out, "{:<13} {}  {}", meta.level, visible(title), visible(&meta.tags.join(" ")))?;
    }
    writeln!(out, "{}", words.with("cli-rules-listed", &[("rules", rules.len().into())]))
}

fn write_json(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}
