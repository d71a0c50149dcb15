//! A finding as one page: what the books have of it, as the page takes it.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use journal::JournalError;
use model::evidence::Reference;
use model::time::Instant;
use page::{Language, State, Words};
use report::finding_page::{
    ActLine, ClearedLine, FindingPage, IndicatorLine, RowLine, RuleLine, Ties, finding_html,
};
use verdicts::KeptVerdict;
use watch::findings::Status;
use watch::indicators::{self, Wanted};

use super::super::told;
use super::{Shown, evidence, is_told, processes};
use crate::acts::unkept;
use crate::arguments::FindingsShow;
use crate::books::look;
use crate::commands::indicators::{kind, state as indicator_state};
use crate::commands::report::state;
use crate::figures::Counting;
use crate::holder::rule_of;
use crate::output::PageFile;
use crate::{Failure, Outcome, range, ruleset, sets};

/// Verdicts that are read for the tree.
const READ: usize = 2_000;
/// Verdicts that are listed where nobody says how many.
const LISTED: usize = 200;

/// Writes the page.
pub(super) fn run(arguments: &FindingsShow, file: &Path, words: Words) -> Result<Outcome, Failure> {
    let zone = range::zone(&arguments.zone, words)?;
    let counting = Counting::open(arguments.at.home.as_deref(), "a finding as a page", words)?;
    let file = PageFile::open(file, arguments.force, counting.books().folder(), words)?;
    let mut shown = Shown::read(arguments, true, words)?;
    let listed = arguments.limit.unwrap_or(LISTED);
    shown.read_rows(counting.books(), listed.max(READ), words)?;
    let titles = Titles::of(words);
    let page = FindingPage {
        zone,
        processes: processes::of(&counting, &shown.rows)?,
        indicators: shown.indicators(&counting, words)?,
        as_of: state(counting.as_of()?),
        listed,
        ..shown.page(&titles, words)
    };
    counting.books().tell_unseen(words);
    file.write(finding_html(&marked(page)), "findings-page-written", words)
}

/// The page with the strictest of the marks of what it shows.
fn marked(mut page: FindingPage) -> FindingPage {
    let tlp = page.indicators.iter().map(|one| one.tlp).max();
    page.marking.tlp = page.marking.tlp.max(tlp.unwrap_or(page.marking.tlp));
    page
}

/// Titles of rules in the language of the page, by id, as far as the program knows them.
struct Titles(HashMap<String, String>);

impl Titles {
    fn of(words: Words) -> Self {
        if words.language != Language::Ja {
            return Self(HashMap::new());
        }
        let documents = ruleset::bundled_documents().into_iter().flatten();
        let title = |document: detect::Document| {
            let meta = document.meta();
            meta.title_ja.clone().map(|title| (sets::key(meta), title))
        };
        Self(documents.filter_map(title).collect())
    }

    fn title(&self, rule: &str, title: &str) -> String {
        self.0.get(rule).map_or(title, String::as_str).to_owned()
    }
}

impl Shown {
    fn page(&self, titles: &Titles, words: Words) -> FindingPage {
        let (one, summary) = (&self.listed, self.finding.summary());
        let time = |time: Option<Instant>| time.map(Instant::timestamp);
        let own_title = self.finding.said.title.is_none().then(|| summary.main_rule()).flatten();
        FindingPage {
            language: words.language,
            zone: jiff::tz::TimeZone::UTC,
            marking: self.finding.label().marking,
            number: one.number,
            title: own_title.map_or_else(|| one.title.clone(), |(rule, _)| titles.title(rule, &one.title)),
            level: one.level,
            state: (mark(one.status), label(&told::status(one.status, words))),
            closing: (told::disposition(&one.disposition, words), one.reason.clone()),
            organisation: one.organisation.clone(),
            owner: one.owner.clone(),
            first: time(one.first),
            last: time(one.last),
            verdicts: one.verdicts,
            events: one.events,
            hosts: one.hosts,
            techniques: one.techniques.clone(),
            rules: self.rule_lines(titles),
            rows: self.rows.iter().map(|verdict| row(verdict, titles)).collect(),
            listed: 0,
            processes: Vec::new(),
            indicators: Vec::new(),
            acts: self.act_lines(words),
            ties: self.ties(),
            cleared: self.finding.cleared.as_ref().map(|cleared| ClearedLine {
                tlp: cleared.marking,
                replaced: cleared.replaced.iter().map(|one| (one.what.clone(), one.with.clone())).collect(),
                reason: cleared.reason.clone(),
            }),
            as_of: report::year::StateLine::default(),
        }
    }

    /// Each rule once, also where parts of the finding share it.
    fn rule_lines(&self, titles: &Titles) -> Vec<RuleLine> {
        let mut rules: BTreeMap<&str, RuleLine> = BTreeMap::new();
        for told in &self.rules {
            let line = rules.entry(&told.rule).or_insert_with(|| RuleLine {
                rule: told.rule.clone(),
                title: titles.title(&told.rule, &told.title),
                level: told.level,
                verdicts: 0,
                set: self.set_of(&told.rule),
            });
            line.level = line.level.max(told.level);
            line.verdicts += told.verdicts;
        }
        rules.into_values().collect()
    }

    /// The set and version that a rule was of when it matched first.
    fn set_of(&self, rule: &str) -> String {
        let row = self.rows.iter().find(|verdict| rule_of(verdict) == rule);
        row.and_then(|verdict| verdict.rule_set.clone()).unwrap_or_default()
    }

    fn act_lines(&self, words: Words) -> Vec<ActLine> {
        let line = |recorded: &journal::Recorded| {
            let evidence = Reference::act(&recorded.stream, recorded.sequence).to_string();
            Some(ActLine { at: recorded.at.timestamp(), said: self.said(recorded, words)?, evidence })
        };
        self.acts.iter().filter(|act| is_told(act)).filter_map(line).collect()
    }

    fn ties(&self) -> Ties {
        let finding = &self.finding;
        let file = |(hash, name): (&String, &String)| (name.clone(), hash.clone());
        Ties {
            whole: self.listed.whole,
            parts: self.parts.iter().copied().filter(|part| *part != self.listed.number).collect(),
            related: finding.related.iter().copied().collect(),
            out_of: finding.out_of,
            files: finding.attachments.iter().map(file).collect(),
        }
    }

    /// Indicators that came from it, in the order in which they were added.
    fn indicators(&self, counting: &Counting, words: Words) -> Result<Vec<IndicatorLine>, Failure> {
        let wanted = Wanted { finding: Some(self.listed.number), ..Wanted::default() };
        let all = look(|who| indicators::list(counting.reader(), who, &wanted));
        let all = all.map_err(|error: JournalError| unkept(&error, words))?;
        let line = |one: indicators::Listed| IndicatorLine {
            value: if one.value.is_empty() {
                String::new()
            } else {
                model::indicator::defanged(one.observable, &one.value)
            },
            kind: label(&kind(one.observable, words)),
            first: one.seen.map(|(first, _)| first.timestamp()),
            hits: one.hits,
            state: (
                match one.status {
                    indicators::Status::Active => State::Running,
                    indicators::Status::Withdrawn | indicators::Status::Expired => State::Open,
                },
                label(&indicator_state(one.status, words)),
            ),
            tlp: one.marking.tlp,
        };
        Ok(all.into_iter().map(line).collect())
    }
}

/// A word as a label: where the language has capitals it begins with one.
fn label(word: &str) -> String {
    let mut signs = word.chars();
    signs.next().map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}

fn mark(status: Status) -> State {
    match status {
        Status::New | Status::Merged => State::Open,
        Status::Progress => State::Running,
        Status::Closed => State::Done,
    }
}

fn row(verdict: &KeptVerdict, titles: &Titles) -> RowLine {
    let rule = rule_of(verdict);
    RowLine {
        time: verdict.time.map(Instant::timestamp),
        host: verdict.host.clone().unwrap_or_default(),
        title: titles.title(&rule, &verdict.title),
        rule,
        level: verdict.level,
        fields: verdict.fields.clone(),
        process: verdict.story.process.clone(),
        evidence: evidence(verdict).iter().map(ToString::to_string).collect(),
    }
}
