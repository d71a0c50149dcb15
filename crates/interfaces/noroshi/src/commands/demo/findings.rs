//! The findings of the demo's home, beside the stories that were planted.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use lake::{Compartment, Heading};
use model::evidence::{ContentId, Evidence};
use page::Words;
use page::foreign::visible;
use serde_json::{Value, json};
use verdicts::{VerdictsError, Which};
use watch::findings::{self, Listed, Status, Wanted};

use super::truth::{Fit, Plants};
use crate::Failure;
use crate::acts::{self, unkept};
use crate::books::{Books, look, unread, with_cause};
use crate::output::{Table, Width};

/// A finding, and how its events fit what was planted.
pub struct Told {
    /// The finding.
    pub finding: Listed,
    /// Its story, and how many of its events belong to it.
    pub fit: Fit,
}

/// The findings of a home, each with its story.
///
/// # Errors
/// When the home cannot be read.
pub fn told(home: &Path, plants: &Plants, words: Words) -> Result<Vec<Told>, Failure> {
    let reader = acts::read(Some(home), words)?;
    let books = Books::open(Some(home), "events of findings", words)?;
    let sources = sources(&books, words)?;
    let states = vec![Status::New, Status::Progress, Status::Closed];
    let wanted = Wanted { states, ..Wanted::default() };
    let all = look(|who| findings::list(&reader, who, &wanted)).map_err(|error| unkept(&error, words))?;
    let fit = |finding: Listed| {
        let mut ids: Vec<ContentId> = Vec::new();
        let read = look(|who| {
            let parts = findings::parts(&reader, who, finding.number)?;
            findings::verdicts_of(&reader, who, &parts, &mut |id, _| ids.push(id))
        });
        read.map_err(|error| unkept(&error, words))?;
        let between = finding.first.zip(finding.last);
        let mut events: BTreeSet<(String, u64)> = BTreeSet::new();
        for some in ids.chunks(5_000) {
            let verdicts = books.verdicts(&Compartment::own(), Which::Ids(some), between);
            for verdict in verdicts.map_err(|error| unseen(&error, words))? {
                let rows =
                    verdict.events.iter().chain(verdict.events.is_empty().then_some(&verdict.evidence));
                events.extend(rows.filter_map(|row| place(row, &sources)));
            }
        }
        let fit = plants.fit(events.iter().map(|(path, ordinal)| (path.as_str(), *ordinal)));
        Ok(Told { finding, fit })
    };
    all.into_iter().map(fit).collect()
}

/// The path and first event of each batch.
type Sources = HashMap<ContentId, (Arc<str>, u64)>;

fn sources(books: &Books, words: Words) -> Result<Sources, Failure> {
    let entries = books.entries().map_err(|error| unread(&error, words))?;
    let source = |entry: lake::Entry| (entry.batch.into(), (entry.source_path, entry.first_event));
    Ok(entries.into_iter().map(source).collect())
}

/// Where the event of a row stands: its log, and its number there from 1.
fn place(row: &Evidence, sources: &Sources) -> Option<(String, u64)> {
    let (path, first) = sources.get(&row.batch)?;
    Some((path.to_string(), first + row.row + 1))
}

fn unseen(error: &VerdictsError, words: Words) -> Failure {
    Failure { code: 1, text: words.with("cli-error-lake", &[("reason", with_cause(error).into())]) }
}

/// The findings as a table: each with its story, and how many of its events belong to it.
pub(super) fn text(told: &[Told], words: Words) -> String {
    let heading = |key: &str, is_number| Heading { name: words.get(key), is_number };
    let headings = vec![
        heading("findings-head-number", true),
        heading("findings-head-level", false),
        heading("findings-head-title", false),
        heading("findings-head-host", false),
        heading("cli-demo-story", false),
        heading("cli-demo-own", true),
    ];
    let row = |told: &Told| -> Vec<Value> {
        let Told { finding, fit } = told;
        let level = words.get(&format!("findings-level-{}", finding.level.as_str()));
        let story = fit.story.as_deref().unwrap_or("—");
        let own = format!("{} / {}", fit.own, fit.events);
        let cells = json!([
            finding.number.to_string(),
            level,
            visible(&finding.title),
            visible(&finding.host),
            story,
            own
        ]);
        cells.as_array().cloned().unwrap_or_default()
    };
    let mut table = Table::new(headings, Width::of_terminal());
    table.add(told.iter().map(row).collect());
    format!("{}\n\n{}", words.with("cli-demo-findings", &[("findings", told.len().into())]), table.finish())
}
