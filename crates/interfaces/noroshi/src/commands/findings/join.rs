//! Findings that are one, or that are not.

use std::collections::{BTreeMap, BTreeSet};

use journal::{Kind, NotDone, ToldCommand, Undone};
use lake::Compartment;
use model::evidence::ContentId;
use page::Words;
use page::foreign::visible;
use serde_json::json;
use verdicts::{KeptVerdict, Which};
use watch::findings::{
    self, ByRule, Command, Finding, Findings, Grouping, GroupingCommand, Groupings, Joined, Seen, Summary,
};

use super::{missing, not_done, unseen};
use crate::acts::{existing_hand, unkept};
use crate::arguments::{At, FindingsMerge, FindingsReasoned, FindingsSplit};
use crate::books::{Books, look};
use crate::holder::{Hand, Opening, seen};
use crate::{Failure, Outcome, output};

/// How often it is tried anew because verdicts came meanwhile.
const TRIES: usize = 20;
/// Verdicts that are read at once.
const PAGE: usize = 5_000;

pub(super) fn merge(arguments: &FindingsMerge, words: Words) -> Result<Outcome, Failure> {
    let FindingsMerge { numbers, into, reason, at } = arguments;
    let joining = Joining::open(at, words)?;
    let parts: BTreeSet<u64> = numbers.iter().copied().collect();
    joining.until_done(|| {
        let mut commands = Vec::new();
        for part in &parts {
            let (finding, acts) = joining.finding(*part)?;
            let reason = Some(reason.clone());
            let merge = Command::Merge { into: *into, reason: reason.clone(), acts };
            commands.push(joining.command(*part, &merge)?);
            let absorb = Command::Absorb { finding: *part, summary: finding.summary(), reason };
            commands.push(joining.command(*into, &absorb)?);
        }
        Ok(commands)
    })?;
    joining.say("merged", parts.into_iter().collect(), *into)
}

/// Lets findings be of their own again that people merged into another one.
pub(super) fn separate(arguments: &FindingsReasoned, words: Words) -> Result<Outcome, Failure> {
    let FindingsReasoned { numbers, reason, at } = arguments;
    let joining = Joining::open(at, words)?;
    let parts: BTreeSet<u64> = numbers.iter().copied().collect();
    joining.until_done(|| {
        let mut commands = Vec::new();
        for part in &parts {
            let (finding, _) = joining.finding(*part)?;
            let Some(whole) = finding.whole else {
                let values = [("number", (*part).into())];
                return Err(Failure::usage(words, "findings-error-no-part", &values));
            };
            let release = Command::Release { finding: *part, reason: reason.clone() };
            commands.push(joining.command(whole, &release)?);
            commands.push(joining.command(*part, &Command::Restore { reason: reason.clone() })?);
        }
        Ok(commands)
    })?;
    joining.say("separated", parts.into_iter().collect(), 0)
}

/// Takes verdicts out into a finding of their own.
pub(super) fn split(arguments: &FindingsSplit, words: Words) -> Result<Outcome, Failure> {
    let FindingsSplit { number, verdict, host, rule, at } = arguments;
    if verdict.is_empty() && host.is_empty() && rule.is_empty() {
        return Err(Failure::usage(words, "findings-error-split-none", &[]));
    }
    let joining = Joining::open(at, words)?;
    let is_meant = |told: &Seen| {
        let id = told.id.to_string();
        let is_rule = |text: &String| told.rule == text.to_lowercase() || told.title == *text;
        (verdict.is_empty() || verdict.iter().any(|begin| id.starts_with(begin.as_str())))
            && (host.is_empty() || told.host.as_ref().is_some_and(|name| host.contains(name)))
            && (rule.is_empty() || rule.iter().any(is_rule))
    };
    let mut given = 0;
    joining.until_done(|| {
        let (finding, acts) = joining.finding(*number)?;
        let all = joining.verdicts(*number, &finding)?;
        let (out, rest): (Vec<Seen>, Vec<Seen>) = all.into_iter().partition(&is_meant);
        if out.is_empty() {
            let values = [("number", (*number).into())];
            return Err(Failure::usage(words, "findings-error-split-nothing", &values));
        }
        let before = joining.grouping()?;
        given = before.given + 1;
        let now = Grouping { given, ..before.clone() };
        let verdicts = by_rule(&out);
        let part = Command::Part { verdicts: verdicts.clone(), into: given, rest: sum(&rest), acts };
        let joined = Joined {
            verdicts,
            links: findings::runs_of(&out),
            summary: sum(&out),
            out_of: Some(*number),
            ..Joined::default()
        };
        let group = GroupingCommand::Group { before, now };
        let group = ToldCommand::new::<Groupings>(Compartment::own().as_str(), &group);
        Ok(vec![
            group.map_err(|error| unkept(&error, words))?,
            joining.command(*number, &part)?,
            joining.command(given, &Command::Join(joined))?,
        ])
    })?;
    joining.say("split", vec![*number], given)
}

fn sum(seen: &[Seen]) -> Summary {
    let mut all = Summary::default();
    seen.iter().for_each(|seen| all.add(&Summary::of(seen)));
    all
}

fn by_rule(seen: &[Seen]) -> ByRule {
    let mut by: BTreeMap<String, Vec<ContentId>> = BTreeMap::new();
    seen.iter().for_each(|seen| by.entry(seen.rule.clone()).or_default().push(seen.id));
    by
}

struct Joining<'a> {
    hand: Hand,
    at: &'a At,
    words: Words,
}

impl<'a> Joining<'a> {
    fn open(at: &'a At, words: Words) -> Result<Self, Failure> {
        let hand = existing_hand(at.home.as_deref(), Opening::short("findings"), words)?;
        Ok(Self { hand, at, words })
    }

    /// A finding, and how many acts it has.
    fn finding(&self, number: u64) -> Result<(Finding, u64), Failure> {
        let state = look(|who| self.hand.reader().state::<Findings>(who, &number.to_string()));
        let state = state.map_err(|error| unkept(&error, self.words))?;
        state.ok_or_else(|| missing(number, self.words))
    }

    fn grouping(&self) -> Result<Grouping, Failure> {
        let own = Compartment::own();
        let state = look(|who| findings::grouping(&self.hand.reader(), who, own.as_str()));
        state.map_err(|error| unkept(&error, self.words))
    }

    /// The verdicts that joined a finding itself.
    fn verdicts(&self, number: u64, finding: &Finding) -> Result<Vec<Seen>, Failure> {
        let mut ids = Vec::new();
        let read = look(|who| {
            let alone = BTreeSet::from([number]);
            findings::verdicts_of(&self.hand.reader(), who, &alone, &mut |id, _| ids.push(id))
        });
        read.map_err(|error| unkept(&error, self.words))?;
        let books = Books::open(Some(self.hand.home().path()), "verdicts of a finding", self.words)?;
        let between = finding.own.first.zip(finding.own.last);
        let mut found: Vec<KeptVerdict> = Vec::with_capacity(ids.len());
        for some in ids.chunks(PAGE) {
            let read = books.verdicts(&Compartment::own(), Which::Ids(some), between);
            found.extend(read.map_err(|error| unseen(&error, self.words))?);
        }
        if found.len() != ids.len() {
            let values = [("number", number.into()), ("gone", (ids.len() - found.len()).into())];
            return Err(Failure { code: 1, text: self.words.with("findings-error-rows-gone", &values) });
        }
        Ok(found.iter().map(seen).collect())
    }

    fn command(&self, number: u64, command: &Command) -> Result<ToldCommand, Failure> {
        let told = ToldCommand::new::<Findings>(&number.to_string(), command);
        told.map_err(|error| unkept(&error, self.words))
    }

    /// Does what follows from how things are, and does so anew while they change.
    fn until_done(
        &self,
        mut commands: impl FnMut() -> Result<Vec<ToldCommand>, Failure>,
    ) -> Result<(), Failure> {
        for attempt in 1.. {
            match self.hand.together(commands()?)? {
                Ok(_) => break,
                Err(error) if attempt < TRIES && is_meanwhile(&error) => {}
                Err(error) => return Err(not_done(error, self.words)),
            }
        }
        Ok(())
    }

    fn say(&self, said: &str, numbers: Vec<u64>, other: u64) -> Result<Outcome, Failure> {
        if self.at.json {
            let told =
                json!({ "findings": numbers, "done": said, "into": Some(other).filter(|other| *other != 0) });
            return output::print_json(&told, self.words);
        }
        let shown: Vec<String> = numbers.iter().map(u64::to_string).collect();
        let values = [("findings", visible(&shown.join(", ")).into_owned().into()), ("other", other.into())];
        output::print(&(self.words.with(&format!("findings-done-{said}"), &values) + "\n"), self.words)
    }
}

/// Whether something came in between.
fn is_meanwhile(error: &NotDone) -> bool {
    let Undone::Refused(refusal) = &error.why else { return false };
    let meanwhile = serde_json::to_value(findings::Refusal::Meanwhile).unwrap_or_default();
    error.stream.starts_with(<Groupings as Kind>::NAME) || *refusal == meanwhile
}
