//! The table of rules that matched, the most severe first.

use jiff::Timestamp;
use maud::{Markup, html};
use page::LevelWords;
use page::foreign;
use page::parts::{self, Column, Rows};
use page::wording::{count, machine_time};

use crate::{Context, RuleSummary};

pub(crate) fn section(context: &Context<'_>) -> Markup {
    if context.report.rules.is_empty() {
        return html! {};
    }
    let words = context.words;
    let mut rules: Vec<&RuleSummary> = context.report.rules.iter().collect();
    rules.sort_by(|one, other| {
        (other.level, other.count).cmp(&(one.level, one.count)).then_with(|| one.title.cmp(&other.title))
    });
    let columns = [
        Column::of(words.get("report-column-level"), "bare"),
        Column::of(words.get("report-column-rule"), "lead"),
        Column::of(words.get("report-column-tags"), "spare"),
        Column::of(words.get("report-column-count"), "number"),
        Column::of(words.get("report-column-hosts"), "number"),
        Column::of(words.get("report-column-first"), "moment"),
        Column::of(words.get("report-column-last"), "moment"),
    ];
    let body = html! {
        @for rule in rules { tr { (parts::cells(&columns, &cells(context, rule))) } }
    };
    let table = parts::table(&words.get("report-rules-caption"), &columns, Rows::Comfortable, &body);
    let heading = words.get("report-rules-label");
    parts::section("rules", &heading, &words.get("report-rules-metric"), &table)
}

fn cells(context: &Context<'_>, rule: &RuleSummary) -> [Markup; 7] {
    let title = foreign::visible(context.title_of(rule));
    [
        rule.level.mark(context.words),
        html! { a href="#verdicts" data-text=(title) { bdi { (title) } } },
        tags(context, &rule.tags),
        html! { (count(rule.count)) },
        html! { (count(rule.hosts)) },
        moment(context, rule.first),
        moment(context, rule.last),
    ]
}

/// Techniques by their number; a rule that names none shows its tactics in words.
fn tags(context: &Context<'_>, tags: &[String]) -> Markup {
    let names: Vec<&str> = tags.iter().filter_map(|tag| tag.strip_prefix("attack.")).collect();
    let mut techniques: Vec<String> =
        names.iter().filter(|name| is_technique(name)).map(|name| name.to_uppercase()).collect();
    techniques.dedup();
    if !techniques.is_empty() {
        return html! { span.techniques { @for technique in &techniques { span { (technique) } " " } } };
    }
    let tactics: Vec<String> = names.iter().filter_map(|name| tactic(context, name)).collect();
    if tactics.is_empty() {
        return html! { span.techniques.quiet { (context.words.get("report-no-tags")) } };
    }
    html! { span.techniques { @for tactic in &tactics { span { (tactic) } " " } } }
}

fn is_technique(name: &str) -> bool {
    let Some(number) = name.strip_prefix(['t', 'T']) else { return false };
    number.len() >= 4 && number.chars().all(|character| character.is_ascii_digit() || character == '.')
}

fn tactic(context: &Context<'_>, name: &str) -> Option<String> {
    const TACTICS: [&str; 14] = [
        "reconnaissance",
        "resource-development",
        "initial-access",
        "execution",
        "persistence",
        "privilege-escalation",
        "defense-evasion",
        "credential-access",
        "discovery",
        "lateral-movement",
        "collection",
        "command-and-control",
        "exfiltration",
        "impact",
    ];
    let name = name.replace('_', "-");
    TACTICS.contains(&name.as_str()).then(|| context.words.get(&format!("page-tactic-{name}")))
}

/// An instant to the minute, or the words for none.
pub(crate) fn moment(context: &Context<'_>, instant: Option<Timestamp>) -> Markup {
    match instant {
        Some(instant) => html! {
            time.machine datetime=(machine_time(instant)) { (context.clock.minute(instant)) }
        },
        None => html! { span.quiet { (context.words.get("report-no-time")) } },
    }
}
