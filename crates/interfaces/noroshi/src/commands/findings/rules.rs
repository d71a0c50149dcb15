//! `noroshi findings rules`: what rules are worth, by what people said of what they found.

use std::collections::BTreeMap;

use page::Words;
use page::foreign::visible;
use serde_json::{Value, json};
use watch::findings::{self, Disposition, RuleTold};

use super::told;
use crate::acts::{self, unkept};
use crate::arguments::FindingsRules;
use crate::books::look;
use crate::output::{self, Table, Width};
use crate::{Failure, Outcome};

/// A rule over all findings: findings and verdicts by disposition, those of open ones first.
struct Worth {
    last: RuleTold,
    by: [(u64, u64); 4],
}

pub(super) fn run(arguments: &FindingsRules, words: Words) -> Result<Outcome, Failure> {
    let reader = acts::read(arguments.at.home.as_deref(), words)?;
    let rows = look(|who| findings::rules_of(&reader, who, None)).map_err(|error| unkept(&error, words))?;
    let mut worth: BTreeMap<String, Worth> = BTreeMap::new();
    for row in rows {
        let place = Disposition::parse(&row.disposition).map_or(0, |disposition| disposition as usize + 1);
        let verdicts = row.verdicts;
        let rule = worth.entry(row.rule.clone()).or_insert_with(|| Worth { last: row, by: [(0, 0); 4] });
        rule.by[place].0 += 1;
        rule.by[place].1 += verdicts;
    }
    if arguments.at.json {
        return output::print_json(&worth.values().map(told_json).collect::<Vec<_>>(), words);
    }
    if worth.is_empty() {
        return output::print(&(words.get("findings-rules-none") + "\n"), words);
    }
    let names = ["title", "level", "open", "true", "benign", "false"];
    let heading = |name: &str| {
        let is_number = !matches!(name, "title" | "level");
        lake::Heading { name: words.get(&format!("findings-rules-head-{name}")), is_number }
    };
    let row = |worth: &Worth| -> Vec<Value> {
        let texts = [visible(&worth.last.title).into_owned(), told::level(worth.last.level, words)];
        let counts = worth.by.iter().map(|(findings, verdicts)| format!("{findings} ({verdicts})"));
        texts.into_iter().chain(counts).map(Value::String).collect()
    };
    let mut table = Table::new(names.map(heading).into(), Width::of_terminal());
    table.add(worth.values().map(row).collect());
    output::print(&(table.finish() + &words.get("findings-rules-note") + "\n"), words)
}

fn told_json(worth: &Worth) -> Value {
    let RuleTold { rule, title, level, .. } = &worth.last;
    let of = |(findings, verdicts): (u64, u64)| json!({ "findings": findings, "verdicts": verdicts });
    let [open, real, benign, false_] = worth.by.map(of);
    json!({
        "rule": rule, "title": title, "level": level, "open": open, "true": real, "benign": benign,
        "false": false_,
    })
}
