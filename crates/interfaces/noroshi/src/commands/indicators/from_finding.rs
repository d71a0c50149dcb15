//! `noroshi indicators from-finding`: what of a finding's events tells the attack elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use intake::Stop;
use lake::{Answer, AskError, LakeError, Question};
use model::catalogue::Catalogue;
use model::evidence::{ContentId, Evidence};
use model::indicator::benign::Why;
use page::Words;
use page::wording::count;
use serde_json::{Value, json};
use watch::findings;
use watch::indicators::{EventRow, Extracted, New, OfEvents, Source, indicators_of};

use super::adding::{self, Done};
use super::{Shown, add, benign_of, kind, why};
use crate::acts::{existing_hand, unkept};
use crate::arguments::IndicatorsFromFinding;
use crate::books::{Books, look};
use crate::commands::query::refusal;
use crate::holder::Opening;
use crate::output::{self, Table, Width};
use crate::{Failure, Outcome, signals};

/// Most rows of events that are looked at.
const MOST: usize = 20_000;
/// Values of one question.
const AT_ONCE: usize = 200;

/// What a finding comes to.
struct Told<'a> {
    finding: u64,
    rows: usize,
    of: &'a OfEvents,
    done: Option<Done>,
}

/// Runs the command.
///
/// # Errors
/// When there is no such finding, or the books cannot be used.
pub fn run(arguments: &IndicatorsFromFinding, words: Words) -> Result<Outcome, Failure> {
    let stop = signals::stop().unwrap_or_default();
    let said = add::said(&arguments.said, words)?;
    let hand = existing_hand(arguments.at.home.as_deref(), Opening::short("indicators"), words)?;
    let reader = hand.reader();
    let read = look(|who| {
        let mut verdicts = Vec::new();
        let all = findings::parts(&reader, who, arguments.finding)?;
        findings::verdicts_of(&reader, who, &all, &mut |verdict, _| verdicts.push(verdict))?;
        Ok((findings::one(&reader, who, arguments.finding)?.is_some(), verdicts))
    });
    let (is_there, verdicts) = read.map_err(|error: journal::JournalError| unkept(&error, words))?;
    if !is_there {
        let values = [("finding", arguments.finding.to_string().into())];
        return Err(Failure::usage(words, "cli-error-indicators-finding", &values));
    }
    let benign = look(|who| benign_of(&reader, who, words))?;
    let place = hand.home().path().to_owned();
    let books = Books::open(Some(&place), &format!("events of finding {}", arguments.finding), words)?;
    let asking = Asking { books: &books, stop: &stop, words };
    let rows = asking.rows(&asking.spots(&verdicts)?)?;
    let catalogue = Catalogue::bundled().map_err(|error| Failure { code: 1, text: error.to_string() })?;
    let of = indicators_of(&catalogue, &rows, &benign);
    let new = |one: &Extracted| New {
        observable: one.observable,
        value: one.value.clone(),
        source: Source {
            finding: Some(arguments.finding),
            evidence: one.evidence.iter().map(ToString::to_string).collect(),
            ..said.source.clone()
        },
        ..said.clone()
    };
    let new: Vec<New> = of.taken.iter().map(new).collect();
    let done = match arguments.dry_run {
        true => None,
        false => Some(adding::add(&hand, &new.iter().collect::<Vec<_>>(), words)?),
    };
    let told = Told { finding: arguments.finding, rows: rows.len(), of: &of, done };
    let printed = told.print(arguments, words);
    books.tell_unseen(words);
    printed
}

/// The lake, asked for a finding's events.
struct Asking<'a> {
    books: &'a Books,
    stop: &'a Stop,
    words: Words,
}

impl Asking<'_> {
    /// The rows on which verdicts stand, also those that take part in correlations.
    fn spots(&self, verdicts: &[ContentId]) -> Result<BTreeSet<Evidence>, Failure> {
        let mut spots = BTreeSet::new();
        for some in verdicts.chunks(AT_ONCE) {
            let ids: Vec<String> = some.iter().map(|id| format!("'{id}'")).collect();
            let sql =
                format!("SELECT class, batch, row, events FROM verdicts WHERE id IN ({})", ids.join(", "));
            self.ask(sql, &mut |_, values| {
                let [class, batch, row, events] = &values[..] else { return };
                let batch = batch.as_str().and_then(|batch| batch.parse().ok());
                if let (Some(class), Some(batch), Some(row)) = (class.as_str(), batch, row.as_u64()) {
                    spots.insert(Evidence { table: format!("own/{class}").into(), batch, row });
                }
                let listed = events.as_str().and_then(|events| serde_json::from_str(events).ok());
                listed.iter().for_each(|listed| rows_in(listed, &mut spots));
            })?;
        }
        Ok(spots)
    }

    /// The values of rows.
    fn rows(&self, spots: &BTreeSet<Evidence>) -> Result<Vec<EventRow>, Failure> {
        let mut by_table: BTreeMap<&str, Vec<&Evidence>> = BTreeMap::new();
        for spot in spots.iter().take(MOST) {
            by_table.entry(&spot.table).or_default().push(spot);
        }
        let mut rows = Vec::new();
        for (table, spots) in by_table {
            let Ok(name) = table.parse::<lake::TableName>() else { continue };
            for some in spots.chunks(AT_ONCE) {
                let one = |spot: &&Evidence| format!("(batch = '{}' AND row = {})", spot.batch, spot.row);
                let wanted: Vec<String> = some.iter().map(one).collect();
                let sql = format!("SELECT * FROM {} WHERE {}", name.in_sql(), wanted.join(" OR "));
                self.ask(sql, &mut |names, values| rows.extend(event(table, names, values)))?;
            }
        }
        Ok(rows)
    }

    /// Asks, and gives the names of columns with each row; a table that is not there has none.
    fn ask(&self, sql: String, take: &mut dyn FnMut(&[String], Vec<Value>)) -> Result<(), Failure> {
        let mut names = Vec::new();
        let question = Question { sql, values: Vec::new() };
        let asked = self.books.ask(&question, self.stop, &mut |part| {
            match part {
                Answer::Columns(columns) => {
                    names = lake::headings(&columns).into_iter().map(|heading| heading.name).collect();
                }
                Answer::Rows(rows) => lake::values(&rows).into_iter().for_each(|row| take(&names, row)),
            }
            ControlFlow::Continue(())
        });
        match asked {
            Ok(()) | Err(AskError::Lake(LakeError::NoTable(_))) => Ok(()),
            Err(error) => Err(refusal::failure(&error, self.books, self.words)),
        }
    }
}

/// The rows that a list of events names.
fn rows_in(value: &Value, spots: &mut BTreeSet<Evidence>) {
    match value {
        Value::String(text) => spots.extend(text.parse::<Evidence>()),
        Value::Array(values) => values.iter().for_each(|value| rows_in(value, spots)),
        Value::Object(values) => values.values().for_each(|value| rows_in(value, spots)),
        _ => {}
    }
}

/// A row of a table, with the values that are texts.
fn event(table: &str, names: &[String], values: Vec<Value>) -> Option<EventRow> {
    let pairs: Vec<(&String, Value)> = names.iter().zip(values).collect();
    let of = |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
    let batch = of("batch")?.as_str()?.parse().ok()?;
    let evidence = Evidence { table: table.into(), batch, row: of("row")?.as_u64()? };
    let text = |(name, value): (&String, Value)| match value {
        Value::String(text) => Some((name.clone(), text)),
        _ => None,
    };
    Some(EventRow { evidence, values: pairs.into_iter().filter_map(text).collect() })
}

impl Told<'_> {
    fn print(&self, arguments: &IndicatorsFromFinding, words: Words) -> Result<Outcome, Failure> {
        let Self { finding, rows, of, done } = self;
        if arguments.at.json {
            let one = |one: &Extracted| {
                let evidence: Vec<String> = one.evidence.iter().map(ToString::to_string).collect();
                json!({
                    "kind": one.observable, "value": one.value, "column": one.field, "rows": one.rows,
                    "evidence": evidence,
                })
            };
            let left = |(extracted, list, why): &(Extracted, String, Why)| {
                let mut told = one(extracted);
                told["benign"] = json!(list);
                told["reason"] = json!(self::why(why, words));
                told
            };
            let told = json!({
                "finding": finding, "rows": rows, "indicators": of.taken.iter().map(one).collect::<Vec<_>>(),
                "benign": of.benign.iter().map(left).collect::<Vec<_>>(),
                "added": done.map(|done| done.added), "known": done.map(|done| done.known),
            });
            return output::print_json(&told, words);
        }
        output::print(&self.text(arguments, words), words)
    }

    fn text(&self, arguments: &IndicatorsFromFinding, words: Words) -> String {
        let clock = page::wording::Clock::new(jiff::tz::TimeZone::UTC);
        let shown = Shown { clock: &clock, is_plain: arguments.plain, words };
        let heading = |(key, is_number): (&str, bool)| lake::Heading { name: words.get(key), is_number };
        let headings = [
            ("cli-indicators-head-kind", false),
            ("cli-indicators-head-value", false),
            ("cli-find-column", false),
            ("cli-find-rows", true),
        ];
        let mut table = Table::new(headings.map(heading).into(), Width::of_terminal());
        let row = |one: &Extracted| -> Vec<Value> {
            [
                kind(one.observable, words),
                shown.value(one.observable, &one.value),
                one.field.clone(),
                count(one.rows),
            ]
            .map(Value::String)
            .into()
        };
        table.add(self.of.taken.iter().map(row).collect());
        let mut text = if self.of.taken.is_empty() { String::new() } else { table.finish() + "\n" };
        for (one, list, why) in &self.of.benign {
            let values = [
                ("value", shown.value(one.observable, &one.value).into()),
                ("list", list.as_str().into()),
                ("reason", self::why(why, words).into()),
            ];
            text += &(words.with("cli-indicators-left", &values) + "\n");
        }
        let mut values = vec![
            ("finding", self.finding.to_string().into()),
            ("rows", self.rows.into()),
            ("indicators", self.of.taken.len().into()),
            ("benign", self.of.benign.len().into()),
        ];
        text += &(words.with("cli-indicators-of-finding", &values) + "\n");
        text + &match self.done {
            None => words.get("cli-indicators-dry") + "\n",
            Some(Done { added, known }) => {
                values.extend([("added", added.into()), ("known", known.into())]);
                words.with("cli-indicators-added", &values) + "\n"
            }
        }
    }
}
