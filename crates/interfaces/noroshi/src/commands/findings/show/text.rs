//! A finding for people at a terminal.

use std::fmt::Write as _;

use journal::Recorded;
use page::Words;
use page::foreign::visible;
use page::wording::Clock;
use serde_json::Value;
use watch::findings::{Act, Change, RuleTold};

use super::super::told;
use super::{Shown, evidence, is_told};
use crate::output::{Table, Width};

impl Shown {
    pub(super) fn text(&self, with_rows: bool, clock: &Clock, words: Words) -> String {
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
            let Some(said) = self.said(recorded, words) else { continue };
            let _ = writeln!(text, "  {}  {said}", clock.minute(recorded.at.timestamp()));
        }
        if text.is_empty() { text } else { format!("\n{}\n{text}", words.get("findings-show-history")) }
    }

    /// Who did what; none where nobody knows what it was.
    pub(super) fn said(&self, recorded: &Recorded, words: Words) -> Option<String> {
        let act = serde_json::from_value::<Act>(recorded.act.clone()).ok()?;
        let subject = recorded.actor.subject();
        let name = self.names.get(subject).map_or(subject, String::as_str);
        let (key, what) = said(&act, words);
        let values =
            [("who", visible(name).into_owned().into()), ("what", visible(&what).into_owned().into())];
        Some(words.with(&format!("findings-said-{key}"), &values))
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
            for row in evidence(verdict) {
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
