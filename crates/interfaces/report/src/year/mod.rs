//! The yearly report in its first form: clause, figures, and how each opens, as one self-contained HTML file without
//! a script (clause 1-3a).
//!
//! Every numeral that is a value stands in an element with the id of its figure (`data-figure`); dates, clauses,
//! articles, versions and questions stand in elements that say so. Nothing here is counted or computed: a caller
//! gives values, and the same values give the same bytes.

mod chart;
mod clauses;
mod figures;
mod head;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use page::wording::Clock;
use page::{Document, Language, Tlp, Words};

/// Styles that only this report needs.
const STYLE: &str = include_str!("year.css");

/// All that the report says.
#[derive(Debug, Clone)]
pub struct YearReport {
    /// Language of the page.
    pub language: Language,
    /// Zone in which instants are shown.
    pub zone: TimeZone,
    /// Marking of the page.
    pub tlp: Tlp,
    /// The fiscal year.
    pub year: i16,
    /// Its first and last day.
    pub days: (String, String),
    /// Figures, in the order in which they are explained.
    pub figures: Vec<FigureLine>,
    /// The ids of the four that stand on top.
    pub summary: [&'static str; 4],
    /// Severe verdicts by week.
    pub weeks: Vec<WeekLine>,
    /// Organisations, data sources, and how many events of each pair there are.
    pub coverage: Coverage,
    /// Clauses by what they are about.
    pub groups: Vec<GroupBlock>,
    /// The document that the clauses are of.
    pub opinion: DocumentLine,
    /// Laws and documents that clauses cite.
    pub cited: Vec<DocumentLine>,
    /// In which state the home was counted.
    pub state: StateLine,
}

/// A figure.
#[derive(Debug, Clone)]
pub struct FigureLine {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is.
    pub means: String,
    /// Its value in words.
    pub value: Valued,
    /// What it was the year before; none where nothing is known of that year.
    pub before: Option<Valued>,
    /// Clauses that it answers.
    pub clauses: Vec<String>,
    /// On what it stands: a question that gives its value, or where else it is counted.
    pub query: String,
    /// What opens the rows that it counts.
    pub how: String,
    /// Its parts by one thing, the largest first: the name of each, and its value.
    pub parts: Vec<PartLine>,
}

/// A value in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valued {
    /// As a number that can be compared, where it is one.
    pub number: Option<i64>,
    /// In words, without its unit.
    pub text: String,
    /// Its unit, may be empty.
    pub unit: String,
}

/// A part of a figure.
#[derive(Debug, Clone)]
pub struct PartLine {
    /// The id of the part.
    pub id: String,
    /// What it is, in words: an organisation, a level.
    pub name: String,
    /// Its value in words.
    pub value: String,
}

/// Verdicts of a week.
#[derive(Debug, Clone, Copy)]
pub struct WeekLine {
    /// Its beginning.
    pub start: Timestamp,
    /// Verdicts by severity, the least severe first.
    pub counts: crate::ByLevel,
}

/// Which organisation is seen by which data source.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// Data sources, in the order of their columns.
    pub sources: Vec<String>,
    /// Organisations, each with the id and the count of each pair; none where there is no event.
    pub rows: Vec<(String, Vec<Option<PartLine>>)>,
}

/// Clauses that are about one thing.
#[derive(Debug, Clone)]
pub struct GroupBlock {
    /// How their ids begin.
    pub id: String,
    /// What they are about.
    pub name: String,
    /// The clauses.
    pub clauses: Vec<ClauseLine>,
}

/// A clause.
#[derive(Debug, Clone)]
pub struct ClauseLine {
    /// Its number.
    pub id: String,
    /// How strongly it binds, in words.
    pub strength: String,
    /// What it asks for.
    pub phrase: String,
    /// What software must do.
    pub capability: String,
    /// What shows that it is met.
    pub proof: String,
    /// Articles that it cites: the law's id, and the article in words.
    pub cites: Vec<(String, String)>,
    /// Figures that answer it, by id; none where it is a gap.
    pub figures: Vec<String>,
}

/// A law or another document, in the version that is meant.
#[derive(Debug, Clone)]
pub struct DocumentLine {
    /// By what clauses name it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The date of its text.
    pub version: String,
    /// Whether the words of the cited articles were read in the official text.
    pub is_verified: bool,
}

/// In which state a home was counted.
#[derive(Debug, Clone, Default)]
pub struct StateLine {
    /// Tables of the lake and their versions.
    pub tables: Vec<(String, u64)>,
    /// Position of the journal.
    pub position: u64,
    /// Hash of its newest commit.
    pub commit: String,
    /// The newest event.
    pub newest: Option<Timestamp>,
    /// When the home last took something in.
    pub recorded: Option<Timestamp>,
    /// Version of the product.
    pub version: String,
}

/// What all parts of the page need.
struct Context<'a> {
    report: &'a YearReport,
    words: Words,
    clock: Clock,
}

impl Context<'_> {
    fn figure(&self, id: &str) -> Option<&FigureLine> {
        self.report.figures.iter().find(|figure| figure.id == id)
    }

    /// Whether anything is known of the year before.
    fn knows_before(&self) -> bool {
        self.report.figures.iter().any(|figure| figure.before.is_some())
    }

    fn document(&self, id: &str) -> Option<&DocumentLine> {
        self.report.cited.iter().find(|cited| cited.id == id)
    }
}

/// The report as the text of one HTML file.
#[must_use]
pub fn year_html(report: &YearReport) -> String {
    let context =
        Context { report, words: Words::new(report.language), clock: Clock::new(report.zone.clone()) };
    Document {
        language: report.language,
        title: head::title(&context),
        tlp: report.tlp,
        aside: String::new(),
        rail: head::rail(&context),
        main: html! {
            (head::head(&context))
            (chart::section(&context))
            (figures::coverage(&context))
            @for group in &report.groups { (clauses::section(&context, group)) }
            (figures::section(&context))
            (clauses::cited(&context))
        },
        footer: head::footer(&context),
        style: STYLE,
        script: "",
    }
    .html()
}

/// A value with the id of its figure, and its unit.
fn valued(id: &str, value: &Valued) -> Markup {
    html! {
        span.value data-figure=(id) { (value.text) }
        @if !value.unit.is_empty() { span.unit { (value.unit) } }
    }
}

/// A day, or days, of a period.
fn day(text: &str) -> Markup {
    html! { span.day data-period=(text) { (text) } }
}

/// The id of an element about a figure or a clause.
fn anchor(kind: &str, id: &str) -> String {
    format!("{kind}-{}", id.replace(['.', '_'], "-"))
}
