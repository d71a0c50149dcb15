//! `noroshi findings show`: what a finding stands on, and what became of it.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use journal::Recorded;
use lake::Compartment;
use model::evidence::ContentId;
use page::Words;
use page::foreign::visible;
use page::wording::Clock;
use serde_json::{Value, json};
use verdicts::{KeptVerdict, Which};
use watch::findings::{self, Act, Change, Finding, Findings, Listed, RuleTold};

use super::unseen;
use super::{missing, told};
use crate::acts::{self, unkept};
use crate::arguments::FindingsShow;
use crate::books::{Books, look};
use crate::output::{self, Table, Width};
use crate::{Failure, Outcome, range};

/// Acts of people that are shown.
const ACTS: usize = 10_000;

/// A finding with all that is told of it.
struct Shown {
    listed: Listed,
    finding: Finding,
    parts: BTreeSet<u64>,
    rules: Vec<RuleTold>,
    acts: Vec<Recorded>,
    names: HashMap<String, String>,
    rows: Vec<KeptVerdict>,
}

pub(super) fn run(arguments: &FindingsShow, words: Words) -> Result<Outcome, Failure> {
    let clock = Clock::new(range::zone(&arguments.zone, words)?);
    let shown = Shown::read(arguments, words)?;
    if arguments.at.json {
        return output::print_json(&shown.json(arguments.rows), words);
    }
    output::print(&shown.text(arguments.rows, &clock, words), words)
}

impl Shown {
    fn read(arguments: &FindingsShow, words: Words) -> Result<Self, Failure> {
        let (number, home) = (arguments.number, arguments.at.home.as_deref());
        let reader = acts::read(home, words)?;
        let mut ids = Vec::new();
        let read = look(|who| {
            let parts = findings::parts(&reader, who, number)?;
            let mut rules = Vec::new();
            for part in &parts {
                rules.extend(findings::rules_of(&reader, who, Some(*part))?);
            }
            if arguments.rows {
                findings::verdicts_of(&reader, who, &parts, &mut |id, _| ids.push(id))?;
            }
            let state = reader.state::<Findings>(who, &number.to_string())?;
            let acts = reader.history(who, &format!("watch/finding/{number}"), (0, ACTS))?;
            let names = acts::names(&reader, who)?;
            Ok((findings::one(&reader, who, number)?.zip(state), parts, rules, acts, names))
        });
        let read = read.map_err(|error: journal::JournalError| unkept(&error, words));
        let (found, parts, rules, acts, names) = read?;
        let (listed, (finding, _)) = found.ok_or_else(|| missing(number, words))?;
        let mut shown = Self { listed, finding, parts, rules, acts, names, rows: Vec::new() };
        if arguments.rows {
            shown.read_rows(&ids, arguments, words)?;
        }
        Ok(shown)
    }

    /// The first verdicts by time.
    fn read_rows(
        &mut self,
        ids: &[ContentId],
        arguments: &FindingsShow,
        words: Words,
    ) -> Result<(), Failure> {
        let books = Books::open(arguments.at.home.as_deref(), "verdicts of a finding", words)?;
        let between = self.listed.first.zip(self.listed.last);
        for some in ids.chunks(5_000) {
            let read = books.verdicts(&Compartment::own(), Which::Ids(some), between);
            self.rows.extend(read.map_err(|error| unseen(&error, words))?);
            self.rows.sort_by_key(|verdict| (verdict.time, verdict.id));
            self.rows.truncate(arguments.limit);
        }
        Ok(())
    }

    fn json(&self, with_rows: bool) -> Value {
        let mut all = told::json(&self.listed);
        let parts: Vec<&u64> = self.parts.iter().filter(|part| **part != self.listed.number).collect();
        all["parts"] = json!(parts);
        all["related"] = json!(self.finding.related);
        all["out_of"] = json!(self.finding.out_of);
        all["attachments"] = json!(self.finding.attachments);
        all["cleared"] = json!(self.finding.cleared);
        all["summary"] = json!(self.finding.summary());
        all["acts"] = json!(self.acts.iter().filter(|act| is_told(act)).collect::<Vec<_>>());
        if with_rows {
            all["rows"] = self.rows.iter().map(row_json).collect();
        }
        all
    }

    fn text(&self, with_rows: bool, clock: &Clock, words: Words) -> String {
        let mut text = self.head(clock, words);
        text += &self.rules_text(words);
        text += &self.history(clock, words);
        if with_rows {
            text += &self.rows_text(clock, words);
        } else {
            let values = [("number", self.listed.number.into())];
            let _ = writeln!(text, "\n{}", words.with("findings-show-rows-how", &values));
        }
        text
    }

    fn head(&self, clock: &Clock, words: Words) -> String {
        let one = &self.listed;
        let mut text = words.with(
            "findings-show-title",
            &[("number", one.number.into()), ("title", visible(&one.title).into_owned().into())],
        ) + "\n";
        let mut line = |key: &str, value: String| {
            if !value.is_empty() {
                let _ = writeln!(text, "  {}: {value}", words.get(&format!("findings-show-{key}")));
            }
        };
        let numbers = |numbers: &mut dyn Iterator<Item = &u64>| {
            numbers.map(u64::to_string).collect::<Vec<_>>().join(", ")
        };
        line("level", told::level(one.level, words));
        line("state", told::status(one.status, words));
        line("disposition", told::disposition(&one.disposition, words));
        line("reason", visible(&one.reason).into_owned());
        line("owner", visible(&one.owner).into_owned());
        line("organisation", visible(&one.organisation).into_owned());
        line("host", told::hosts(one, words));
        line("first", told::minute(one.first, clock));
        line("last", told::minute(one.last, clock));
        line("verdicts", page::wording::count(one.verdicts));
        line("events", page::wording::count(one.events));
        line("techniques", one.techniques.join(" "));
        line("whole", one.whole.map(|whole| whole.to_string()).unwrap_or_default());
        line("parts", numbers(&mut self.parts.iter().filter(|part| **part != one.number)));
        line("related", numbers(&mut self.finding.related.iter()));
        let files = self.finding.attachments.iter();
        let files =
            files.map(|(sha256, name)| format!("{} ({})", visible(name), &sha256[..12.min(sha256.len())]));
        line("files", files.collect::<Vec<_>>().join(", "));
        if let Some(cleared) = &self.finding.cleared {
            line("cleared", cleared.marking.as_str().to_owned());
        }
        text
    }

    fn rules_text(&self, words: Words) -> String {
        let heading = |key: &str, is_number| lake::Heading { name: words.get(key), is_number };
        let headings = vec![
            heading("findings-head-verdicts", true),
            heading("findings-head-level", false),
            heading("findings-head-title", false),
            heading("findings-show-rule", false),
        ];
        let mut table = Table::new(headings, Width::of_terminal());
        let row = |rule: &RuleTold| -> Vec<Value> {
            let texts = [
                rule.verdicts.to_string(),
                told::level(rule.level, words),
                visible(&rule.title).into_owned(),
                visible(&rule.rule).into_owned(),
            ];
            texts.into_iter().map(Value::String).collect()
        };
        table.add(self.rules.iter().map(row).collect());
        format!("\n{}", table.finish())
    }

    /// What people did with it.
    fn history(&self, clock: &Clock, words: Words) -> String {
        let mut text = String::new();
        for recorded in self.acts.iter().filter(|act| is_told(act)) {
            let Ok(act) = serde_json::from_value::<Act>(recorded.act.clone()) else { continue };
            let subject = recorded.actor.subject();
            let name = self.names.get(subject).map_or(subject, String::as_str);
            let (key, what) = said(&act, words);
            let values =
                [("who", visible(name).into_owned().into()), ("what", visible(&what).into_owned().into())];
            let time = clock.minute(recorded.at.timestamp());
            let _ = writeln!(text, "  {time}  {}", words.with(&format!("findings-said-{key}"), &values));
        }
        if text.is_empty() { text } else { format!("\n{}\n{text}", words.get("findings-show-history")) }
    }

    fn rows_text(&self, clock: &Clock, words: Words) -> String {
        let mut text = format!("\n{}\n", words.get("findings-show-rows"));
        for verdict in &self.rows {
            let time = verdict.time.map(|time| clock.second(time.timestamp())).unwrap_or_default();
            let host = verdict.host.as_deref().unwrap_or_default();
            let level = told::level(verdict.level, words);
            let _ = writeln!(text, "  {time}  {}  {level}  {}", visible(host), visible(&verdict.title));
            for (name, value) in &verdict.fields {
                let _ = writeln!(text, "      {} = {}", visible(name), visible(value));
            }
            let rows = if verdict.events.is_empty() {
                std::slice::from_ref(&verdict.evidence)
            } else {
                &verdict.events[..]
            };
            for row in rows {
                let _ = writeln!(text, "      {row}");
            }
        }
        let left = self.listed.verdicts.saturating_sub(self.rows.len() as u64);
        if left > 0 {
            let _ = writeln!(text, "  {}", words.with("findings-show-more", &[("left", left.into())]));
        }
        text
    }
}

fn row_json(verdict: &KeptVerdict) -> Value {
    let fields: serde_json::Map<String, Value> =
        verdict.fields.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let events =
        if verdict.events.is_empty() { vec![verdict.evidence.clone()] } else { verdict.events.clone() };
    json!({
        "verdict": verdict.id.to_string(), "time": verdict.time, "host": verdict.host, "title": verdict.title,
        "level": verdict.level, "rule_id": verdict.rule_id, "rule_set": verdict.rule_set, "fields": fields,
        "evidence": events,
    })
}

/// Whether an act is told: what machines added is told by the counts.
fn is_told(recorded: &Recorded) -> bool {
    !matches!(recorded.act.get("type").and_then(Value::as_str), Some("joined"))
}

/// What an act is called, and what is said of it.
fn said(act: &Act, words: Words) -> (&'static str, String) {
    let reason = |reason: &Option<String>| reason.clone().unwrap_or_default();
    match act {
        Act::Joined(_) => ("joined", String::new()),
        Act::Parted { into, .. } => ("parted", into.to_string()),
        Act::Merged { into, reason: why } => ("merged", format!("{into} {}", reason(why))),
        Act::Absorbed { finding, reason: why, .. } => ("absorbed", format!("{finding} {}", reason(why))),
        Act::Restored { reason } => ("restored", reason.clone()),
        Act::Released { finding, reason, .. } => ("released", format!("{finding} {reason}")),
        Act::TakenBack { reason, .. } => ("taken-back", reason.clone()),
        Act::Changed { change, .. } => match change {
            Change::Assigned { owner: Some(_) } => ("assigned", String::new()),
            Change::Assigned { owner: None } => ("unassigned", String::new()),
            Change::Closed(closing) => {
                let what = told::disposition(closing.disposition.as_str(), words);
                ("closed", format!("{what}: {}", closing.reason))
            }
            Change::Reopened { reason } => ("reopened", reason.clone()),
            Change::Graded { level, reason } => {
                ("graded", format!("{}: {reason}", told::level(*level, words)))
            }
            Change::Titled { title } => ("titled", title.clone()),
            Change::Noted { text } => ("noted", text.clone()),
            Change::Attached { name, .. } => ("attached", name.clone()),
            Change::Cleared(clearance) => {
                ("cleared", format!("{}: {}", clearance.marking.as_str(), clearance.reason))
            }
            Change::Withheld { reason } => ("withheld", reason.clone()),
        },
    }
}
