//! The page: a summary, a table by technique, a table by data set, and what must be known to read
//! them rightly. Made of counts alone, in a fixed order, so that the same results give the same
//! bytes.

use std::collections::{BTreeMap, BTreeSet};

use crate::labels::{Dataset, Technique};
use crate::{Coverage, Nearness, RuleSet};

/// The whole page.
pub fn render(coverage: &Coverage) -> String {
    let parts =
        [head(coverage), summary(coverage), techniques(coverage), datasets(coverage), remarks(coverage)];
    parts.join("\n")
}

fn head(coverage: &Coverage) -> String {
    let versions =
        coverage.sets.iter().map(|set| format!("{} rules {}: {}", set.name, set.version, set.tags.len()));
    let sigma = coverage.sets.iter().find(|set| set.name != "bundled");
    let sigma =
        sigma.map_or_else(String::new, |set| format!(" \\\n  --sigma sigma --sigma-version {}", set.version));
    format!(
        "# What rules see of recorded attacks

Attacks played on test networks and recorded by the project Security-Datasets (MIT licence), each
labelled by its publisher with techniques of ATT&CK, scanned with the rules of SigmaHQ and with the
rules that come with Noroshi.

- date {date}
- Security-Datasets {data}
- {versions}

```
cargo xtask coverage --data otrf --date {date} --data-version {data}{sigma}
```

writes this page; nothing on it is written by hand.

- A data set counts as **seen** by a rule of level medium or above. Rules of level low and
  informational that fired stand in brackets: they are context, and fire on ordinary days, too.
- **technique**: a rule that fired is tagged with the very technique of the label. **parent**: only with
  the technique above it, or with another part of the same technique. **other**: rules fired, none of
  them for it. **nothing**: no rule fired.
- A rule that fired need not have seen the attack itself: each recording holds all that happened on
  its hosts. That a rule is tagged with the technique is a sign of it and no proof; that it is not, may
  be a matter of tagging: labels keep the numbers that ATT&CK had when the attack was recorded, later
  releases have renumbered techniques, and a new number in a tag does not meet an old one in a label.
- The bundled rules are few and meant to be loud only where it matters. They are no replacement for
  SigmaHQ's; both can be run together.
",
        date = coverage.date,
        data = coverage.data_version,
        versions = versions.collect::<Vec<_>>().join("\n- "),
    )
}

/// A line of a table.
fn row(cells: impl IntoIterator<Item = String>) -> String {
    let cells: Vec<String> = cells.into_iter().collect();
    format!("| {} |\n", cells.join(" | "))
}

/// The first two lines of a table; all columns but the first `left` hold numbers.
fn heading(names: &[String], left: usize) -> String {
    let rules = (0..names.len()).map(|number| if number < left { "---" } else { "--:" }.to_owned());
    row(names.iter().cloned()) + &row(rules).replace(' ', "")
}

fn nearness_of(set: &RuleSet, number: usize, dataset: &Dataset) -> Nearness {
    Nearness::of(&set.scans[number].seen, &dataset.techniques)
}

/// Whether anything of a data set could be read.
fn readable(coverage: &Coverage, number: usize) -> bool {
    coverage.sets.iter().any(|set| set.scans[number].events > 0)
}

fn summary(coverage: &Coverage) -> String {
    let read: Vec<(usize, &Dataset)> =
        coverage.datasets.iter().enumerate().filter(|(number, _)| readable(coverage, *number)).collect();
    let names = ["of the data sets".to_owned()]
        .into_iter()
        .chain(coverage.sets.iter().map(|set| set.name.to_owned()));
    let mut text = format!(
        "## Summary\n\n{} labelled data sets, {} of them with events that could be read; only these are counted here.\n\n",
        coverage.datasets.len(),
        read.len()
    );
    text += &heading(&names.collect::<Vec<_>>(), 1);
    let mut line = |name: &str, counts: &dyn Fn(&RuleSet, usize, &Dataset) -> bool| {
        let count = |set| read.iter().filter(|(number, dataset)| counts(set, *number, dataset)).count();
        let counts = coverage.sets.iter().map(|set| count(set).to_string());
        text += &row([name.to_owned()].into_iter().chain(counts));
    };
    line("seen by a rule of level medium or above", &|set, number, _| !set.scans[number].seen.is_empty());
    for (name, nearness) in [
        ("– by one for the technique", Nearness::Exact),
        ("– by one for its parent or a part of the same, none nearer", Nearness::Parent),
        ("– by others only", Nearness::Other),
        ("not seen", Nearness::Nothing),
    ] {
        line(name, &|set, number, dataset| nearness_of(set, number, dataset) == nearness);
    }
    line("– though rules of lower levels fired", &|set, number, _| {
        set.scans[number].seen.is_empty() && set.scans[number].lower > 0
    });
    text
}

fn techniques(coverage: &Coverage) -> String {
    let mut labelled: BTreeMap<Technique, Vec<usize>> = BTreeMap::new();
    for (number, dataset) in
        coverage.datasets.iter().enumerate().filter(|(number, _)| readable(coverage, *number))
    {
        for technique in &dataset.techniques {
            labelled.entry(*technique).or_default().push(number);
        }
    }
    let mut names = vec!["technique".to_owned(), "data sets".to_owned()];
    for set in &coverage.sets {
        names.push(format!("{}: rules", set.name));
        names.extend(["seen", "technique", "parent"].map(str::to_owned));
    }
    let mut text = "## By technique\n\nData sets with this label and readable events. *rules*: how many of the set are tagged with the very\ntechnique; the other columns count data sets.\n\n".to_owned();
    text += &heading(&names, 1);
    for (technique, numbers) in labelled {
        let mut cells = vec![technique.to_string(), numbers.len().to_string()];
        for set in &coverage.sets {
            let near = |nearness| {
                let fits =
                    |number: &&usize| Nearness::of(&set.scans[**number].seen, &[technique]) == nearness;
                numbers.iter().filter(fits).count()
            };
            let rules = set.tags.values().filter(|tags| tags.contains(&technique)).count();
            let seen = numbers.len() - near(Nearness::Nothing);
            cells.extend(
                [rules, seen, near(Nearness::Exact), near(Nearness::Parent)].map(|count| count.to_string()),
            );
        }
        text += &row(cells);
    }
    text
}

fn datasets(coverage: &Coverage) -> String {
    let mut names: Vec<String> =
        ["id", "title of the publisher", "labels", "logs of", "events"].map(str::to_owned).to_vec();
    names.extend(coverage.sets.iter().map(|set| set.name.to_owned()));
    let mut text = "## By data set\n\nNumber of distinct rules that fired, those of lower levels in brackets, and how near the nearest one is.\n\n".to_owned();
    text += &heading(&names, 4).replace("|--:|--:|--:|", "|--:|---|---|");
    for (number, dataset) in coverage.datasets.iter().enumerate() {
        let labels: Vec<String> = dataset.techniques.iter().map(Technique::to_string).collect();
        let labels = if labels.is_empty() { "none".to_owned() } else { labels.join(" ") };
        let events = coverage.sets.first().map_or(0, |set| set.scans[number].events);
        let mut cells = vec![
            short(&dataset.id),
            dataset.title.replace('|', "\\|"),
            labels,
            dataset.platforms.join(", "),
            events.to_string(),
        ];
        for set in &coverage.sets {
            let scan = &set.scans[number];
            let near = match nearness_of(set, number, dataset) {
                Nearness::Nothing => "nothing",
                Nearness::Other => "other",
                Nearness::Parent => "parent",
                Nearness::Exact => "technique",
            };
            cells.push(if events == 0 {
                "not read".to_owned()
            } else {
                format!("{} ({}) {near}", scan.seen.len(), scan.lower)
            });
        }
        text += &row(cells);
    }
    text
}

/// An id as it is, but of a UUID its first group.
fn short(id: &str) -> String {
    if id.len() == 36 { id.split('-').next().unwrap_or(id).to_owned() } else { id.to_owned() }
}

fn remarks(coverage: &Coverage) -> String {
    let mut text = "## Remarks\n\n".to_owned();
    let mut reasons: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (number, dataset) in coverage.datasets.iter().enumerate() {
        for reason in coverage.sets.iter().flat_map(|set| &set.scans[number].flaws) {
            reasons.entry(reason).or_default().insert(short(&dataset.id));
        }
    }
    for (reason, ids) in reasons {
        text += &item(&format!("{reason}, in {} of the data sets", ids.len()), ids);
    }
    for set in &coverage.sets {
        text += &unread(coverage, set);
    }
    for set in &coverage.sets {
        let labels: BTreeSet<Technique> =
            coverage.datasets.iter().flat_map(|dataset| dataset.techniques.clone()).collect();
        let unknown = labels
            .iter()
            .filter(|label| !set.tags.values().flatten().any(|tag| tag.near(**label) >= Nearness::Parent));
        let unknown: Vec<String> = unknown.map(Technique::to_string).collect();
        if !unknown.is_empty() {
            let what =
                format!("No {} rule is tagged with these labels, a part or a parent of them", set.name);
            text += &item(&what, unknown);
        }
    }
    let none = coverage
        .datasets
        .iter()
        .filter(|dataset| dataset.techniques.is_empty())
        .map(|dataset| short(&dataset.id));
    text += &item("Without a technique in its label, and so never nearer than *other*", none);
    text += &item(
        "Archives that no label names, not scanned",
        coverage.unlabelled.iter().map(|path| path.strip_prefix("datasets/").unwrap_or(path).to_owned()),
    );
    text
}

/// How many events no rule of a set reads, and where these are most of them.
fn unread(coverage: &Coverage, set: &RuleSet) -> String {
    let events: u64 = set.scans.iter().map(|scan| scan.events).sum();
    let unread: u64 = set.scans.iter().map(|scan| scan.unread).sum();
    let most = coverage.datasets.iter().zip(&set.scans).filter(|(_, scan)| scan.unread * 2 > scan.events);
    let most: Vec<String> = most
        .map(|(dataset, scan)| format!("{} ({} of {})", short(&dataset.id), scan.unread, scan.events))
        .collect();
    let counts = format!("{unread} of {events} events are read by no {} rule", set.name);
    if most.is_empty() {
        wrapped(&format!("- {counts}."))
    } else {
        item(&format!("{counts}; most of a data set in"), most)
    }
}

/// A point of a list, with the names that it is about; nothing without names.
fn item(what: &str, names: impl IntoIterator<Item = String>) -> String {
    let names: Vec<String> = names.into_iter().collect();
    if names.is_empty() { String::new() } else { wrapped(&format!("- {what}: {}.", names.join(", "))) }
}

/// Breaks a point of a list into lines of at most 110 characters.
fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut width = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > 110 {
            lines += "\n ";
            width = 1;
        }
        if width > 0 {
            lines.push(' ');
            width += 1;
        }
        lines += word;
        width += length;
    }
    lines + "\n"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::scan::{RuleTags, Scan};

    fn techniques(text: &str) -> Vec<Technique> {
        text.split_whitespace().filter_map(Technique::parse).collect()
    }

    fn sample() -> Coverage {
        let dataset = |id: &str, labels: &str| Dataset {
            id: id.to_owned(),
            title: format!("title of {id}"),
            techniques: techniques(labels),
            platforms: vec!["Windows".to_owned()],
            archives: vec![format!("{id}.zip")],
        };
        let scan = |events, seen: &[&str], lower| Scan {
            events,
            unread: events / 10,
            flaws: BTreeSet::new(),
            seen: seen.iter().map(|tags| techniques(tags)).collect(),
            lower,
        };
        let captured = Scan {
            flaws: BTreeSet::from(["`*.pcap`: the format is not recognised".to_owned()]),
            ..Scan::default()
        };
        let set = |name, scans| RuleSet {
            name,
            version: "v1".to_owned(),
            tags: RuleTags::from([
                ("1".to_owned(), techniques("T1003.001")),
                ("2".to_owned(), techniques("T1059")),
            ]),
            scans,
        };
        Coverage {
            date: "2026-03-02".to_owned(),
            data_version: "d1".to_owned(),
            sets: vec![
                set(
                    "SigmaHQ",
                    vec![scan(100, &["T1003.001", ""], 3), scan(20, &["T1059"], 0), captured.clone()],
                ),
                set(
                    "bundled",
                    vec![scan(100, &["T1003"], 0), Scan { unread: 20, ..scan(20, &[], 1) }, captured],
                ),
            ],
            datasets: vec![dataset("A-1", "T1003.001"), dataset("B-2", "T1562.002"), dataset("C-3", "T1059")],
            unlabelled: vec!["datasets/x.zip".to_owned()],
        }
    }

    #[test]
    fn the_tables_hold_the_counts() {
        let page = render(&sample());
        for line in [
            "3 labelled data sets, 2 of them with events that could be read; only these are counted here.",
            "| of the data sets | SigmaHQ | bundled |\n|---|--:|--:|",
            "| seen by a rule of level medium or above | 2 | 1 |",
            "| – by one for the technique | 1 | 0 |",
            "| – by one for its parent or a part of the same, none nearer | 0 | 1 |",
            "| – by others only | 1 | 0 |",
            "| not seen | 0 | 1 |",
            "| – though rules of lower levels fired | 0 | 1 |",
            "| T1003.001 | 1 | 1 | 1 | 1 | 0 | 1 | 1 | 0 | 1 |",
            "| T1562.002 | 1 | 0 | 1 | 0 | 0 | 0 | 0 | 0 | 0 |",
            "| A-1 | title of A-1 | T1003.001 | Windows | 100 | 2 (3) technique | 1 (0) parent |",
            "| B-2 | title of B-2 | T1562.002 | Windows | 20 | 1 (0) other | 0 (1) nothing |",
            "| C-3 | title of C-3 | T1059 | Windows | 0 | not read | not read |",
            "- `*.pcap`: the format is not recognised, in 1 of the data sets: C-3.",
            "- 12 of 120 events are read by no SigmaHQ rule.",
            "- 30 of 120 events are read by no bundled rule; most of a data set in: B-2 (20 of 20).",
            "- No SigmaHQ rule is tagged with these labels, a part or a parent of them: T1562.002.",
            "- Archives that no label names, not scanned: x.zip.",
        ] {
            assert!(page.contains(line), "{line}\nnot in\n{page}");
        }
        assert!(!page.contains("\n| T1059 |"), "a data set that could not be read is in no count\n{page}");
    }

    #[test]
    fn long_points_are_broken() {
        let text = wrapped(&format!("- {}", "lantern ".repeat(40)));
        assert!(text.lines().all(|line| line.chars().count() <= 110), "{text}");
        assert!(text.lines().skip(1).all(|line| line.starts_with("  l") || line.trim().is_empty()), "{text}");
    }
}
