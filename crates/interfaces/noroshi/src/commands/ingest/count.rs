//! What became of what was read, counted and told.

use std::collections::BTreeMap;
use std::io::{self, Write};

use model::event::Flaw;
use model::level::Level;
use page::foreign::visible;
use page::wording::{count, duration};
use page::{LevelWords, Words};

use crate::holder::Found;
use crate::output;
use crate::tally::Tally;

/// Sources shown that were there already.
const SHOWN: usize = 10;

/// What became of what was read.
#[derive(Debug, Default)]
pub(super) struct Count {
    /// Whether nothing was kept, only counted.
    rehearsed: bool,
    batches: u64,
    events: u64,
    /// Batches and events that were there.
    batches_there: u64,
    events_there: u64,
    /// Where they were read first, by the path where they were read now.
    sources_there: BTreeMap<String, Option<String>>,
    /// Flaws.
    tally: Tally,
    /// What rules found.
    found: Found,
    pub(super) seconds: f64,
}

impl Count {
    /// Counts what would be kept.
    pub(super) fn rehearsed() -> Self {
        Self { rehearsed: true, ..Self::default() }
    }

    pub(super) fn kept(&mut self, events: u64, flaws: &[Flaw]) {
        self.batches += 1;
        self.events += events;
        self.flaws(flaws);
    }

    pub(super) fn there(&mut self, path: &str, first: Option<&str>, events: u64) {
        self.batches_there += 1;
        self.events_there += events;
        self.sources_there.entry(path.to_owned()).or_insert_with(|| first.map(str::to_owned));
    }

    pub(super) fn flaws(&mut self, flaws: &[Flaw]) {
        flaws.iter().for_each(|flaw| self.tally.flaw(flaw));
    }

    /// Notes what rules found.
    pub(super) fn found(&mut self, found: Found) {
        self.flaws(&found.flaws);
        self.found.add(Found { flaws: Vec::new(), ..found });
    }

    /// Prints the summary for people; not where programs read.
    pub(super) fn print(&self, is_taken: bool, words: Words) {
        let out: &mut dyn Write = if is_taken { &mut io::stderr() } else { &mut io::stdout() };
        // A closed terminal must not turn what is kept into a failure.
        drop(self.write(out, words));
    }

    fn write(&self, out: &mut dyn Write, words: Words) -> io::Result<()> {
        let key = if self.rehearsed { "cli-ingest-would-keep" } else { "cli-ingest-kept" };
        let values = [
            ("events", self.events.into()),
            ("batches", self.batches.into()),
            ("time", duration(self.seconds, words).into()),
        ];
        writeln!(out, "{}", words.with(key, &values))?;
        if let Some(levels) = self.found.levels {
            writeln!(
                out,
                "{}",
                words.with("cli-ingest-found", &[("verdicts", levels.iter().sum::<u64>().into())])
            )?;
            for level in Level::DESCENDING.into_iter().filter(|level| levels[level.index()] > 0) {
                writeln!(
                    out,
                    "  {} {:>12}",
                    output::pad(&level.label(words), 14),
                    count(levels[level.index()])
                )?;
            }
        }
        if let Some((opened, took)) = self.found.findings.filter(|(_, took)| *took > 0) {
            let values = [("opened", opened.into()), ("took", took.into())];
            writeln!(out, "{}", words.with("findings-ingested", &values))?;
        }
        if self.found.undated > 0 {
            let values = [("events", self.found.undated.into())];
            writeln!(out, "{}", words.with("cli-ingest-undated", &values))?;
        }
        if self.batches_there > 0 {
            let values = [("events", self.events_there.into()), ("batches", self.batches_there.into())];
            writeln!(out, "{}", words.with("cli-ingest-there", &values))?;
            for (path, first) in self.sources_there.iter().take(SHOWN) {
                let line = match first {
                    Some(first) if first != path => words.with(
                        "cli-ingest-there-as",
                        &[("path", path.as_str().into()), ("first", first.as_str().into())],
                    ),
                    _ => path.clone(),
                };
                writeln!(out, "  {}", visible(&line))?;
            }
            if self.sources_there.len() > SHOWN {
                let number = self.sources_there.len() - SHOWN;
                writeln!(out, "  {}", words.with("cli-summary-more", &[("number", number.into())]))?;
            }
        }
        output::flaws(out, &self.tally, words)
    }
}
