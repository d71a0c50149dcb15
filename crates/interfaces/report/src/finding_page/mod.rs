//! One finding with its rows, as one self-contained HTML file without a script (clauses 2-1-1d, 2-2-2c).
//!
//! What happened stands as a tree of processes beside a time axis, then the very rows, the rules, what else is known
//! by its indicators, what people did, and how each of it opens. Nothing is computed of verdicts that are not given:
//! what is left out is said, with the command that lists it. The same values give the same bytes.

mod evidence;
mod head;
mod known;
mod strip;
mod tree;
mod tree_table;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::level::Level;
use model::marking::{Marking, Tlp};
use page::wording::{Clock, machine_time};
use page::{Document, Language, State, Words, foreign};

use crate::year::StateLine;

/// Styles that only this page needs.
const STYLE: &str = include_str!("finding_page.css");

/// All that the page says.
#[derive(Debug, Clone)]
pub struct FindingPage {
    /// Language of the page.
    pub language: Language,
    /// Zone in which instants are shown.
    pub zone: TimeZone,
    /// What may be done with what the page says.
    pub marking: Marking,
    /// The finding's number.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// How severe it is.
    pub level: Level,
    /// Where it stands, in colour and in words.
    pub state: (State, String),
    /// What it was and why, in words; empty where nobody has said so.
    pub closing: (String, String),
    /// Whose events it stands on.
    pub organisation: String,
    /// Who works on it; empty for nobody.
    pub owner: String,
    /// Time of its first event.
    pub first: Option<Timestamp>,
    /// Time of its last event.
    pub last: Option<Timestamp>,
    /// Its verdicts, given or not.
    pub verdicts: u64,
    /// Events that take part in them.
    pub events: u64,
    /// Hosts that they are about.
    pub hosts: u64,
    /// ATT&CK techniques, as `T1059.001`.
    pub techniques: Vec<String>,
    /// Rules, in any order. All of them.
    pub rules: Vec<RuleLine>,
    /// Verdicts that were read, in the order of time.
    pub rows: Vec<RowLine>,
    /// How many of them the list of evidence has.
    pub listed: usize,
    /// Processes that acted, and those that began them.
    pub processes: Vec<ProcessLine>,
    /// Indicators that came from the finding.
    pub indicators: Vec<IndicatorLine>,
    /// What people did, in the order of time.
    pub acts: Vec<ActLine>,
    /// Other findings and files that belong to it.
    pub ties: Ties,
    /// As what it may be used in exercises.
    pub cleared: Option<ClearedLine>,
    /// In which state the home was read.
    pub as_of: StateLine,
}

/// A rule of the finding.
#[derive(Debug, Clone)]
pub struct RuleLine {
    /// Its id, or digest where it has none.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// Its level.
    pub level: Level,
    /// How many verdicts.
    pub verdicts: u64,
    /// The set and version that it was of; empty where no verdict says so.
    pub set: String,
}

/// A verdict with the rows on which it stands.
#[derive(Debug, Clone)]
pub struct RowLine {
    /// Time of its event.
    pub time: Option<Timestamp>,
    /// Host; empty when unknown.
    pub host: String,
    /// The rule, as [`RuleLine::rule`].
    pub rule: String,
    /// Title of the rule.
    pub title: String,
    /// Its level.
    pub level: Level,
    /// Values by which the rule fired.
    pub fields: Vec<(String, String)>,
    /// The process that acts, as [`ProcessLine::id`].
    pub process: Option<String>,
    /// Rows of the lake, as `noroshi evidence` takes them.
    pub evidence: Vec<String>,
}

/// A process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessLine {
    /// Unique id of the process on its host.
    pub id: String,
    /// Its host.
    pub host: String,
    /// The process that began it.
    pub parent: Option<String>,
    /// Its program; empty when unknown.
    pub path: String,
    /// Its command line; empty when unknown.
    pub command: String,
    /// The first and the last time that it was seen.
    pub seen: Option<(Timestamp, Timestamp)>,
}

/// An indicator that came from the finding.
#[derive(Debug, Clone)]
pub struct IndicatorLine {
    /// Its value, made harmless; empty where it was somebody's, who is forgotten.
    pub value: String,
    /// What it is, in words.
    pub kind: String,
    /// When the lake had it first.
    pub first: Option<Timestamp>,
    /// How many rows of the lake have it.
    pub hits: u64,
    /// Whether it is one now, in words.
    pub state: (State, String),
    /// What may be done with it.
    pub tlp: Tlp,
}

/// What a person did.
#[derive(Debug, Clone)]
pub struct ActLine {
    /// When.
    pub at: Timestamp,
    /// Who did what.
    pub said: String,
    /// The act, as `noroshi evidence` takes it.
    pub evidence: String,
}

/// What else belongs to a finding.
#[derive(Debug, Clone, Default)]
pub struct Ties {
    /// The finding that it is a part of.
    pub whole: Option<u64>,
    /// Findings that are part of it.
    pub parts: Vec<u64>,
    /// Findings that it is related to.
    pub related: Vec<u64>,
    /// The finding that its verdicts were taken out of.
    pub out_of: Option<u64>,
    /// Names of files, each with its hash.
    pub files: Vec<(String, String)>,
}

/// As what a finding may be used in exercises.
#[derive(Debug, Clone)]
pub struct ClearedLine {
    /// What may be done with it then.
    pub tlp: Tlp,
    /// What is replaced, and by what.
    pub replaced: Vec<(String, String)>,
    /// Why.
    pub reason: String,
}

/// What all parts of the page need.
struct Context<'a> {
    page: &'a FindingPage,
    words: Words,
    clock: Clock,
    /// Rules, the most severe first: they are called R1, R2 and so on.
    rules: Vec<&'a RuleLine>,
    numbers: BTreeMap<&'a str, usize>,
}

impl<'a> Context<'a> {
    fn new(page: &'a FindingPage) -> Self {
        let mut rules: Vec<&RuleLine> = page.rules.iter().collect();
        rules.sort_by_key(|rule| (std::cmp::Reverse((rule.level, rule.verdicts)), &rule.rule));
        let numbers = rules.iter().enumerate().map(|(at, rule)| (rule.rule.as_str(), at + 1)).collect();
        let (words, clock) = (Words::new(page.language), Clock::new(page.zone.clone()));
        Self { page, words, clock, rules, numbers }
    }

    /// A rule's name on this page, which leads to what it is.
    fn rule(&self, rule: &str, level: Level) -> Markup {
        match self.numbers.get(rule) {
            Some(number) => html! { a.rule.(level.as_str()) href={ "#rule-" (number) } { "R" (number) } },
            None => html! {},
        }
    }

    /// An instant to the second; without its year where all are of one.
    fn second(&self, time: Option<Timestamp>) -> Markup {
        let Some(time) = time else { return html! { span.quiet { (self.words.get("found-no-time")) } } };
        let shown = if self.is_of_one_year() { self.clock.day_second(time) } else { self.clock.second(time) };
        html! { time.machine datetime=(machine_time(time)) { (shown) } }
    }

    fn minute(&self, time: Timestamp) -> Markup {
        html! { time.machine datetime=(machine_time(time)) { (self.clock.minute(time)) } }
    }

    /// A host, which breaks nowhere but behind its own name.
    fn host(&self, host: &str) -> Markup {
        if host.is_empty() {
            return html! { span.quiet { (self.words.get("found-no-host")) } };
        }
        let shown = foreign::visible(host);
        let (name, domain) = shown.split_at(shown.find('.').unwrap_or(shown.len()));
        html! { bdi.machine.host { span { (name) } span { (domain) } } }
    }

    fn is_of_one_year(&self) -> bool {
        let [first, last] =
            [self.page.first, self.page.last].map(|time| time.map(|time| self.clock.year(time)));
        first == last
    }

    /// The words of a column of instants, with the zone.
    fn time_heading(&self) -> String {
        let zone = self.page.last.map(|last| self.clock.zone_name(last)).unwrap_or_default();
        format!("{} {zone}", self.words.get("found-column-time")).trim_end().to_owned()
    }

    /// Verdicts that the list of evidence leaves out.
    fn left_out(&self) -> u64 {
        let listed = self.page.rows.len().min(self.page.listed);
        self.page.verdicts.saturating_sub(u64::try_from(listed).unwrap_or(u64::MAX))
    }
}

/// The page as the text of one HTML file.
#[must_use]
pub fn finding_html(page: &FindingPage) -> String {
    let context = Context::new(page);
    let number = [("number", page.number.into())];
    Document {
        language: page.language,
        title: foreign::visible(&page.title).into_owned(),
        tlp: page.marking.tlp,
        aside: context.words.with("found-aside", &number),
        rail: head::rail(&context),
        main: html! {
            (head::head(&context))
            (tree_table::section(&context))
            (evidence::section(&context))
            (evidence::rules(&context))
            (known::section(&context))
            (known::ties(&context))
            (known::how(&context))
        },
        footer: head::footer(&context),
        style: STYLE,
        script: "",
    }
    .html()
}

#[cfg(test)]
mod sample {
    use super::{FindingPage, RowLine, StateLine, Ties};
    use crate::{Language, Level};

    pub(super) fn row(host: &str, process: Option<&str>) -> RowLine {
        RowLine {
            time: None,
            host: host.to_owned(),
            rule: "rule".to_owned(),
            title: "Rule".to_owned(),
            level: Level::High,
            fields: Vec::new(),
            process: process.map(str::to_owned),
            evidence: Vec::new(),
        }
    }

    /// A finding without anything.
    pub(super) fn page(language: Language) -> FindingPage {
        FindingPage {
            language,
            zone: jiff::tz::TimeZone::UTC,
            marking: model::marking::Marking::default(),
            number: 1,
            title: String::new(),
            level: Level::High,
            state: (page::State::Open, String::new()),
            closing: (String::new(), String::new()),
            organisation: String::new(),
            owner: String::new(),
            first: None,
            last: None,
            verdicts: 0,
            events: 0,
            hosts: 0,
            techniques: Vec::new(),
            rules: Vec::new(),
            rows: Vec::new(),
            listed: 0,
            processes: Vec::new(),
            indicators: Vec::new(),
            acts: Vec::new(),
            ties: Ties::default(),
            cleared: None,
            as_of: StateLine::default(),
        }
    }
}
