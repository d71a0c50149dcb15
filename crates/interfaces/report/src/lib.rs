//! The report of a scan of logs: one self-contained HTML file that a person can read, filter,
//! print and pass on within its TLP label.
//!
//! A caller fills a [`ScanReport`]; [`html`] turns it into text and does nothing else: no
//! file, no clock, no network. Clauses 2-1-1d (aggregate, analyse, provide) and 2-2-2c (watch
//! behaviour).
//!
//! The yearly report is another page ([`year`]), one finding with its rows a third one ([`finding_page`]).
//!
//! Everything that came from logs, rules or paths is shown through `page::foreign`: markup in
//! it is escaped and invisible characters are made visible.

mod finding;
pub mod finding_page;
mod hosts;
mod overview;
mod rules;
mod timeline;
mod trouble;
mod truth;
mod verdicts;
pub mod year;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use page::wording::Clock;
use page::{Document, Words};

pub use finding_page::{FindingPage, finding_html};
pub use model::level::Level;
pub use page::{Language, Tlp};
pub use year::{YearReport, year_html};

/// Styles that only this report needs.
const STYLE: &str = include_str!("report.css");
/// Filters and the mark of the current section; the page is complete without it.
const SCRIPT: &str = include_str!("report.js");

/// Counts by [`Level`], in the order of [`Level::index`].
pub type ByLevel = [u64; 5];

/// All that the report says.
#[derive(Debug, Clone)]
pub struct ScanReport {
    /// Language of the page.
    pub language: Language,
    /// Zone in which instants are shown.
    pub zone: TimeZone,
    /// When the report was made.
    pub generated: Timestamp,
    /// Title; a plain one is used when empty.
    pub title: String,
    /// Version of the product.
    pub product_version: String,
    /// Marking of the page.
    pub tlp: Tlp,
    /// Files and folders that were read.
    pub paths: Vec<String>,
    /// Time of the earliest event.
    pub first: Option<Timestamp>,
    /// Time of the latest event.
    pub last: Option<Timestamp>,
    /// How long the scan took, in seconds.
    pub seconds: f64,
    /// Events read.
    pub events: u64,
    /// Events of kinds that no loaded rule reads.
    pub events_without_rules: u64,
    /// Files, archives' members and streams read.
    pub sources: u64,
    /// Those that were recognised as logs, events in them or not.
    pub recognised: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Rules loaded and used.
    pub rules_loaded: u64,
    /// Rules that could not be used.
    pub refused: Vec<RefusedRule>,
    /// Parts of sources that could not be read; may be fewer than `flaws_total`.
    pub flaws: Vec<FlawLine>,
    /// How many parts could not be read.
    pub flaws_total: u64,
    /// Rules that matched, in any order. All of them.
    pub rules: Vec<RuleSummary>,
    /// Hosts with verdicts, in any order. All of them.
    pub hosts: Vec<HostSummary>,
    /// Verdicts by time; bins without any may be missing.
    pub timeline: Vec<TimelineBin>,
    /// Seconds in one bin of the timeline.
    pub bin_seconds: i64,
    /// Verdicts, in any order; may be fewer than `verdicts_total`.
    pub verdicts: Vec<VerdictLine>,
    /// How many verdicts there were.
    pub verdicts_total: u64,
    /// Comparison with the simulator's ground truth, when there is one.
    pub truth: Option<Truth>,
}

/// A rule that could not be used.
#[derive(Debug, Clone)]
pub struct RefusedRule {
    /// Its id, when it could be read.
    pub rule_id: Option<String>,
    /// File.
    pub path: String,
    /// Line in the file, from 1; 0 when unknown.
    pub line: u64,
    /// Why, in the report's language.
    pub reason: String,
}

/// A part of a source that could not be read.
#[derive(Debug, Clone)]
pub struct FlawLine {
    /// Source.
    pub source_path: String,
    /// Byte offset in the source.
    pub offset: u64,
    /// Why.
    pub reason: String,
}

/// What one rule found.
#[derive(Debug, Clone)]
pub struct RuleSummary {
    /// Its id.
    pub rule_id: String,
    /// Title as the rule has it.
    pub title: String,
    /// Title in Japanese, when there is one.
    pub title_ja: Option<String>,
    /// Severity.
    pub level: Level,
    /// Tags such as `attack.t1003.001`.
    pub tags: Vec<String>,
    /// Verdicts.
    pub count: u64,
    /// Distinct hosts.
    pub hosts: u64,
    /// Time of the first verdict.
    pub first: Option<Timestamp>,
    /// Time of the last verdict.
    pub last: Option<Timestamp>,
}

/// What was found on one host.
#[derive(Debug, Clone)]
pub struct HostSummary {
    /// Name; empty when unknown.
    pub host: String,
    /// Verdicts by severity.
    pub by_level: ByLevel,
    /// Verdicts.
    pub count: u64,
    /// Time of the first verdict.
    pub first: Option<Timestamp>,
    /// Time of the last verdict.
    pub last: Option<Timestamp>,
}

/// Verdicts from `start` on, for one bin's length.
#[derive(Debug, Clone, Copy)]
pub struct TimelineBin {
    /// Start.
    pub start: Timestamp,
    /// Verdicts by severity.
    pub counts: ByLevel,
}

/// One verdict.
#[derive(Debug, Clone)]
pub struct VerdictLine {
    /// The event; of a correlation, the one that completed it.
    pub event: EventLine,
    /// Severity.
    pub level: Level,
    /// Rule.
    pub rule_id: String,
    /// Title of the rule.
    pub title: String,
    /// Host; empty when unknown.
    pub host: String,
    /// Fields of the event that the rule read or that help a reader.
    pub fields: Vec<(String, String)>,
    /// Of a correlation, the latest events that took part before `event`.
    pub before: Vec<EventLine>,
    /// How many there are in all.
    pub before_count: u64,
}

/// Where an event stands.
#[derive(Debug, Clone)]
pub struct EventLine {
    /// Its time.
    pub time: Option<Timestamp>,
    /// Its source.
    pub source_path: String,
    /// Its number in the source, from 1.
    pub ordinal: u64,
    /// Its line in the source, from 1.
    pub line: Option<u64>,
    /// Its record id in the source.
    pub record_id: Option<u64>,
}

/// How the verdicts compare with what the simulator planted.
#[derive(Debug, Clone)]
pub struct Truth {
    /// Malicious events planted.
    pub planted: u64,
    /// Of these, events that a bundled rule is expected to find.
    pub planted_expected: u64,
    /// Of the expected ones, events that were found.
    pub found: u64,
    /// Verdicts on events that were not planted.
    pub false_verdicts: u64,
    /// Of these, high and critical ones.
    pub false_severe: u64,
    /// Verdicts compared.
    pub verdicts: u64,
    /// Share of verdicts on planted events, 0 to 1.
    pub precision: f64,
    /// Share of expected events that were found, 0 to 1.
    pub recall: f64,
    /// Expected events that were not found.
    pub missed: Vec<MissLine>,
    /// The same, story by story.
    pub stories: Vec<StoryLine>,
    /// Planted events that no rule is expected to find, step by step.
    pub unknown: Vec<UnknownLine>,
}

/// What was planted for one story, and what was found of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryLine {
    /// Its letter.
    pub story: String,
    /// Malicious events planted.
    pub planted: u64,
    /// Of these, events that a bundled rule is expected to find.
    pub expected: u64,
    /// Of the expected ones, events that were found.
    pub found: u64,
    /// Of the others, events that a rule found all the same.
    pub seen: u64,
}

/// Planted events of one step that no rule is expected to find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownLine {
    /// Letter of the story.
    pub story: String,
    /// ATT&CK technique.
    pub technique: String,
    /// Step of the story.
    pub step: String,
    /// How many there are.
    pub planted: u64,
    /// How many of them a rule found all the same.
    pub seen: u64,
}

/// A planted event that no rule found.
#[derive(Debug, Clone)]
pub struct MissLine {
    /// Time.
    pub time: Option<Timestamp>,
    /// Host.
    pub host: String,
    /// ATT&CK technique.
    pub technique: String,
    /// Step of the story.
    pub step: String,
}

/// What all parts of the page need.
pub(crate) struct Context<'a> {
    pub(crate) report: &'a ScanReport,
    pub(crate) words: Words,
    pub(crate) clock: Clock,
}

impl Context<'_> {
    /// The title of a rule in the report's language, as the rule gives it.
    pub(crate) fn rule_title(&self, rule_id: &str) -> Option<String> {
        let rule = self.report.rules.iter().find(|rule| rule.rule_id == rule_id)?;
        Some(self.title_of(rule).to_owned())
    }

    pub(crate) fn title_of<'r>(&self, rule: &'r RuleSummary) -> &'r str {
        match (self.words.language, &rule.title_ja) {
            (Language::Ja, Some(title)) => title,
            _ => &rule.title,
        }
    }
}

/// The report as the text of one HTML file.
#[must_use]
pub fn html(report: &ScanReport) -> String {
    let context =
        Context { report, words: Words::new(report.language), clock: Clock::new(report.zone.clone()) };
    let timeline = timeline::coarsen(report, &context.clock);
    let finding = finding::find(&context, &timeline::by_day(report, &timeline, &context.clock));
    let title = overview::title(&context);
    Document {
        language: report.language,
        title,
        tlp: report.tlp,
        aside: context
            .words
            .with("report-created", &[("time", context.clock.moment(report.generated).into())]),
        rail: overview::rail(&context),
        main: maud::html! {
            (overview::head(&context))
            (timeline::section(&context, &timeline, &finding))
            (rules::section(&context))
            (hosts::section(&context, &timeline))
            (truth::section(&context))
            (verdicts::section(&context))
            (trouble::refused(&context))
            (trouble::flaws(&context))
        },
        footer: overview::footer(&context),
        style: STYLE,
        script: SCRIPT,
    }
    .html()
}

impl ScanReport {
    /// The key of the words for a scan without verdicts: silence says something only of logs that
    /// were looked at.
    pub(crate) fn silence(&self, all_clear: &'static str) -> &'static str {
        match (self.rules_loaded, self.recognised) {
            (0, _) => "report-finding-no-rule",
            (_, 0) => "report-finding-no-input",
            _ => all_clear,
        }
    }

    /// Verdicts by severity: what the rules counted.
    pub(crate) fn by_level(&self) -> ByLevel {
        let mut counts = [0; 5];
        for rule in &self.rules {
            counts[rule.level.index()] += rule.count;
        }
        counts
    }

    /// Distinct hosts with a name.
    pub(crate) fn named_hosts(&self) -> impl Iterator<Item = &HostSummary> {
        self.hosts.iter().filter(|host| !host.host.is_empty())
    }
}
