//! `noroshi rules`: what is wrong with rules, and which there are.

use std::io::{self, Write};

use detect::Refusal;
use model::catalogue::Catalogue;
use model::level::Level;
use page::Words;
use page::foreign::visible;
use serde::Serialize;

use crate::arguments::Rules;
use crate::output;
use crate::ruleset::RuleSet;
use crate::{Failure, Outcome};

/// Something a careful author would mend.
#[derive(Debug, Serialize)]
struct Warning<'a> {
    rule_id: Option<&'a str>,
    path: &'a str,
    line: usize,
    message: String,
}

#[derive(Serialize)]
struct Checked<'a> {
    files: usize,
    rules: usize,
    refused: &'a [Refusal],
    warnings: Vec<Warning<'a>>,
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
            check(&RuleSet::open(&paths, &placeholders, words)?, json, words)?
        }
        Rules::List { paths, json } => list(&RuleSet::open(&paths, &[], words)?, json, words),
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::output(words, "-", &error)),
        _ => Ok(Outcome::Done),
    }
}

fn check(set: &RuleSet, json: bool, words: Words) -> Result<io::Result<()>, Failure> {
    let catalogue = Catalogue::bundled().map_err(|error| Failure { code: 1, text: error.to_string() })?;
    let warnings = warnings(set, &catalogue);
    let mut out = io::stdout().lock();
    if json {
        let checked = Checked { files: set.files, rules: set.rules.len(), refused: &set.refused, warnings };
        return Ok(write_json(&mut out, &checked));
    }
    let print = |out: &mut dyn Write| -> io::Result<()> {
        if !set.refused.is_empty() {
            writeln!(out, "{}", words.with("cli-rules-refused", &[("rules", set.refused.len().into())]))?;
            output::print_refusals(out, &set.refused)?;
        }
        if !warnings.is_empty() {
            writeln!(out, "{}", words.with("cli-rules-warnings", &[("number", warnings.len().into())]))?;
            for warning in &warnings {
                writeln!(
                    out,
                    "  {}",
                    visible(&format!("{}:{}: {}", warning.path, warning.line, warning.message))
                )?;
            }
        }
        let values = [
            ("files", set.files.into()),
            ("rules", set.rules.len().into()),
            ("refused", set.refused.len().into()),
            ("warnings", warnings.len().into()),
        ];
        writeln!(out, "{}", words.with("cli-rules-checked", &values))
    };
    Ok(print(&mut out))
}

fn warnings<'a>(set: &'a RuleSet, catalogue: &Catalogue) -> Vec<Warning<'a>> {
    let mut warnings = Vec::new();
    let mut ids = std::collections::HashMap::new();
    for rule in &set.rules {
        let meta = &*rule.meta;
        let mut warn = |message: String| {
            warnings.push(Warning {
                rule_id: meta.id.as_deref(),
                path: &meta.path,
                line: meta.line,
                message,
            });
        };
        rule.warnings.iter().for_each(|message| warn(message.clone()));
        if !catalogue.is_readable(&rule.source.keys()) {
            let part =
                |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name} {value}"));
            let source = &rule.source;
            let parts = [
                part("product", &source.product),
                part("category", &source.category),
                part("service", &source.service),
            ];
            let parts: Vec<_> = parts.into_iter().flatten().collect();
            warn(format!(
                "no reader brings events of the log source ({}), so the rule never fires",
                parts.join(", ")
            ));
        }
        if let Some(id) = &meta.id
            && let Some(first) = ids.insert(id, meta)
        {
            warn(format!("the id {id} is also that of {}:{}", first.path, first.line));
        }
    }
    warnings
}

fn list(set: &RuleSet, json: bool, words: Words) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let mut rules: Vec<_> = set.rules.iter().map(|rule| &*rule.meta).collect();
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
