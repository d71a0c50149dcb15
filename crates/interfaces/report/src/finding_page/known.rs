//! What is known beside the rows: indicators, what people did, other findings and files, and how all of it opens.

use maud::{Markup, html};
use page::foreign;
use page::parts::{self, Column, Rows};
use page::wording::count;

use super::{Context, IndicatorLine, evidence};

/// Indicators that are listed.
const INDICATORS: usize = 100;
/// Acts that are listed, the latest.
const ACTS: usize = 200;

/// Indicators and the record side by side.
pub(super) fn section(context: &Context<'_>) -> Markup {
    let page = context.page;
    match (page.indicators.is_empty(), page.acts.is_empty()) {
        (true, true) => html! {},
        (false, false) => html! { div.halves { (indicators(context)) (record(context)) } },
        (true, false) => record(context),
        (false, true) => indicators(context),
    }
}

fn indicators(context: &Context<'_>) -> Markup {
    let (words, page) = (context.words, context.page);
    let columns = [
        Column::of(words.get("found-column-value"), "lead"),
        Column::of(words.get("found-column-kind"), "bare"),
        Column::of(words.get("found-column-first"), "moment"),
        Column::of(words.get("found-column-hits"), "number"),
        Column::of(words.get("found-column-state"), "bare"),
        Column::of("TLP".to_owned(), "faint"),
    ];
    let body = html! {
        @for one in page.indicators.iter().take(INDICATORS) { tr { (parts::cells(&columns, &indicator(context, one))) } }
    };
    let left = page.indicators.len().saturating_sub(INDICATORS);
    let content = html! {
        (parts::table(&words.get("found-indicators-caption"), &columns, Rows::Dense, &body))
        @if left > 0 {
            p.left { (words.with("found-left", &[("left", left.into())])) " " code { "noroshi indicators --finding " (page.number) } }
        }
    };
    parts::section(
        "indicators",
        &words.get("found-rail-indicators"),
        &words.get("found-indicators-metric"),
        &content,
    )
}

fn indicator(context: &Context<'_>, one: &IndicatorLine) -> [Markup; 6] {
    let value = match one.value.as_str() {
        "" => html! { span.quiet { (context.words.get("found-forgotten")) } },
        value => foreign::machine(value),
    };
    let first = match one.first {
        Some(first) => context.minute(first),
        None => html! { span.quiet { (context.words.get("found-unseen")) } },
    };
    let (mark, word) = &one.state;
    [
        value,
        html! { (one.kind) },
        first,
        html! { (count(one.hits)) },
        mark.mark(word),
        html! { (one.tlp.as_str().trim_start_matches("TLP:")) },
    ]
}

fn record(context: &Context<'_>) -> Markup {
    let (words, page) = (context.words, context.page);
    let columns = [
        Column::of(words.get("found-column-time"), "moment bare"),
        Column::of(words.get("found-column-act"), "lead"),
    ];
    let left = page.acts.len().saturating_sub(ACTS);
    let body = html! {
        @for act in page.acts.iter().rev().take(ACTS) {
            tr { (parts::cells(&columns, &[context.minute(act.at), foreign::text(&act.said)])) }
        }
    };
    let content = html! {
        (parts::table(&words.get("found-record-caption"), &columns, Rows::Dense, &body))
        @if left > 0 {
            p.left { (words.with("found-left", &[("left", left.into())])) " " code { "noroshi findings show " (page.number) } }
        }
    };
    parts::section("record", &words.get("found-rail-record"), &words.get("found-record-metric"), &content)
}

/// Other findings, files, and as what it may be used in exercises.
pub(super) fn ties(context: &Context<'_>) -> Markup {
    let (words, page) = (context.words, context.page);
    let numbers = |numbers: &[u64]| numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let row = |key: &str, content: Markup| html! { div { dt { (words.get(key)) } dd { (content) } } };
    let ties = &page.ties;
    let whole: Vec<u64> = ties.whole.into_iter().collect();
    let out_of: Vec<u64> = ties.out_of.into_iter().collect();
    let all = [
        ("found-whole", &whole),
        ("found-parts", &ties.parts),
        ("found-related", &ties.related),
        ("found-out-of", &out_of),
    ];
    if all.iter().all(|(_, found)| found.is_empty()) && ties.files.is_empty() && page.cleared.is_none() {
        return html! {};
    }
    let content = html! {
        dl.facts {
            @for (key, found) in all { @if !found.is_empty() { (row(key, html! { (numbers(found)) })) } }
            @for (name, hash) in &ties.files {
                (row("found-file", html! { (foreign::text(name)) " " span.machine.quiet { "SHA-256 " (foreign::visible(hash)) } }))
            }
            @if let Some(cleared) = &page.cleared {
                (row("found-cleared", html! {
                    b { (cleared.tlp.as_str()) } " " (foreign::text(&cleared.reason))
                    @for (what, with) in &cleared.replaced { br; (foreign::machine(what)) " → " (foreign::machine(with)) }
                }))
            }
        }
    };
    parts::section("ties", &words.get("found-ties-heading"), "", &content)
}

/// The commands that open it.
pub(super) fn how(context: &Context<'_>) -> Markup {
    let (words, page) = (context.words, context.page);
    let row = |key: &str, command: String| html! { div { dt { (words.get(key)) } dd { code { (foreign::visible(&command)) } } } };
    let address = page.rows.iter().find_map(|row| row.evidence.first());
    let content = html! {
        dl.facts {
            (row("found-how-rows", evidence::all(context)))
            @if let Some(address) = address { (row("found-how-row", format!("noroshi evidence {address}"))) }
            (row("found-how-acts", format!("noroshi evidence act:watch/finding/{}/1", page.number)))
            @if !page.indicators.is_empty() {
                (row("found-how-indicators", format!("noroshi indicators --finding {}", page.number)))
            }
        }
    };
    parts::section("open", &words.get("found-rail-open"), "", &content)
}
