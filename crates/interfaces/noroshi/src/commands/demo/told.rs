//! What was found, told beside what was planted.

use lake::Heading;
use page::Words;
use report::Truth;
use serde_json::{Value, json};

use crate::output::{Table, Width};

/// The comparison for people: all of it, story by story, and what no rule can know.
pub(super) fn truth(truth: &Truth, words: Words) -> String {
    let mut text = all(truth, words);
    let stories = truth.stories.iter().map(|line| {
        let name = words.get(&format!("cli-demo-story-{}", line.story.to_lowercase()));
        json!([name, line.planted, line.expected, line.found, line.seen])
    });
    let columns =
        ["cli-demo-story", "cli-demo-planted", "cli-demo-expected", "cli-demo-found", "cli-demo-seen"];
    text += "\n\n";
    text += &table(&columns, 1, stories.collect(), words);
    let (planted, seen): (u64, u64) =
        truth.unknown.iter().fold((0, 0), |(planted, seen), line| (planted + line.planted, seen + line.seen));
    let values = [("planted", planted.into()), ("seen", seen.into())];
    text += &format!("\n{}\n\n", words.with("cli-demo-unknown", &values));
    let unknown = truth
        .unknown
        .iter()
        .map(|line| json!([line.story, line.technique, line.step, line.planted, line.seen]));
    let columns =
        ["cli-demo-story", "cli-demo-technique", "cli-demo-step", "cli-demo-planted", "cli-demo-seen"];
    text += &table(&columns, 3, unknown.collect(), words);
    text
}

fn all(truth: &Truth, words: Words) -> String {
    let values = [
        ("precision", format!("{:.3}", truth.precision).into()),
        ("right", (truth.verdicts - truth.false_verdicts).into()),
        ("verdicts", truth.verdicts.into()),
        ("recall", format!("{:.3}", truth.recall).into()),
        ("found", truth.found.into()),
        ("expected", truth.planted_expected.into()),
        ("severe", truth.false_severe.into()),
    ];
    words.with("cli-demo-truth", &values)
}

/// A table whose first columns are texts and whose others are numbers.
fn table(keys: &[&str], texts: usize, rows: Vec<Value>, words: Words) -> String {
    let heading = |(at, key): (usize, &&str)| Heading { name: words.get(key), is_number: at >= texts };
    let mut table = Table::new(keys.iter().enumerate().map(heading).collect(), Width::of_terminal());
    table.add(rows.into_iter().filter_map(|row| row.as_array().cloned()).collect());
    table.finish()
}
