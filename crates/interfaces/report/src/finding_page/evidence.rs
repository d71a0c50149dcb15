//! The rows on which the finding stands, and the rules that say so.

use maud::{Markup, html};
use page::parts::{self, Column, Rows};
use page::wording::count;
use page::{LevelWords, foreign};

use super::{Context, RowLine, RuleLine};
use crate::verdicts::telling;

/// Rows of one verdict that are listed.
const ROWS: usize = 3;

pub(super) fn section(context: &Context<'_>) -> Markup {
    let (words, page) = (context.words, context.page);
    if page.rows.is_empty() {
        return html! {};
    }
    let columns = [
        Column::of(context.time_heading(), "moment bare"),
        Column::of(words.get("found-column-host"), "bare"),
        Column::of(words.get("found-column-what"), "what lead"),
        Column::of(words.get("found-column-rule"), "bare"),
        Column::of(words.get("found-column-level"), "bare"),
        Column::of(words.get("found-column-row"), "address lead"),
    ];
    let body = html! {
        @for row in page.rows.iter().take(page.listed) { tr { (parts::cells(&columns, &cells(context, row))) } }
    };
    let left = context.left_out();
    let values = [("count", page.verdicts.saturating_sub(left).into()), ("total", page.verdicts.into())];
    let metric = words.with(if left > 0 { "found-evidence-cut" } else { "found-evidence-metric" }, &values);
    let content = html! {
        (parts::table(&words.get("found-evidence-caption"), &columns, Rows::Dense, &body))
        @if left > 0 {
            p.left { (words.with("found-evidence-left", &[("left", left.into())])) " " code { (all(context)) } }
        }
    };
    parts::section("evidence", &words.get("found-rail-evidence"), &metric, &content)
}

/// The command that lists all verdicts with their rows.
pub(super) fn all(context: &Context<'_>) -> String {
    let page = context.page;
    let limit = if page.verdicts > 50 { format!(" --limit {}", page.verdicts) } else { String::new() };
    format!("noroshi findings show {} --rows{limit}", page.number)
}

fn cells(context: &Context<'_>, row: &RowLine) -> [Markup; 6] {
    let what = html! {
        bdi { (foreign::visible(&row.title)) }
        @if let Some(said) = telling(&row.fields) { " " bdi.machine.said { (said) } }
    };
    let rule = context.rule(&row.rule, row.level);
    [
        context.second(row.time),
        context.host(&row.host),
        what,
        rule,
        row.level.mark(context.words),
        addresses(context, row),
    ]
}

fn addresses(context: &Context<'_>, row: &RowLine) -> Markup {
    let left = row.evidence.len().saturating_sub(ROWS);
    html! {
        @for address in row.evidence.iter().take(ROWS) { (self::address(address)) }
        @if left > 0 { span.quiet { (context.words.with("found-rows-more", &[("left", left.into())])) } }
    }
}

/// A row's address, which breaks between its table and its batch.
fn address(address: &str) -> Markup {
    let shown = foreign::visible(address);
    let table = shown.match_indices('/').nth(1).map_or(0, |(at, _)| at + 1);
    html! { span.machine { span { (&shown[..table]) } span { (&shown[table..]) } } }
}

pub(super) fn rules(context: &Context<'_>) -> Markup {
    let words = context.words;
    if context.rules.is_empty() {
        return html! {};
    }
    let columns = [
        Column::of(String::new(), "bare"),
        Column::of(words.get("found-column-rule"), "lead"),
        Column::of(words.get("found-column-level"), "bare"),
        Column::of(words.get("found-column-verdicts"), "number"),
        Column::of(words.get("found-column-id"), "id"),
        Column::of(words.get("found-column-set"), "faint"),
    ];
    let cells = |(at, rule): (usize, &RuleLine)| {
        [
            html! { b.rule.(rule.level.as_str()) { "R" (at + 1) } },
            foreign::text(&rule.title),
            rule.level.mark(words),
            html! { (count(rule.verdicts)) },
            foreign::machine(&rule.rule),
            foreign::text(&rule.set),
        ]
    };
    let body = html! {
        @for (at, rule) in context.rules.iter().enumerate() {
            tr id={ "rule-" (at + 1) } { (parts::cells(&columns, &cells((at, rule)))) }
        }
    };
    let table = parts::table(&words.get("found-rules-caption"), &columns, Rows::Dense, &body);
    parts::section("rules", &words.get("found-rail-rules"), &words.get("found-rules-metric"), &table)
}
