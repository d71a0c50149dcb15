//! What could not be used or read: rules refused, flaws of sources. They are shown because
//! silence about them would look like coverage.

use maud::{Markup, html};
use page::foreign;
use page::parts::{self, Column, Rows};
use page::wording::count;

use crate::Context;

pub(crate) fn refused(context: &Context<'_>) -> Markup {
    let (report, words) = (context.report, context.words);
    if report.refused.is_empty() {
        return html! {};
    }
    let columns = [
        Column::of(words.get("report-column-reason"), "lead"),
        Column::of(words.get("report-column-place"), "machine"),
        Column::of(words.get("report-field-rule"), "machine faint spare"),
    ];
    let body = html! {
        @for rule in &report.refused {
            tr {
                (parts::cells(&columns, &[
                    foreign::text(&rule.reason),
                    place(&rule.path, rule.line),
                    html! { @if let Some(id) = &rule.rule_id { (foreign::text(id)) } },
                ]))
            }
        }
    };
    let values = [("count", report.refused.len().into()), ("loaded", report.rules_loaded.into())];
    let table = parts::table(&words.get("report-refused-caption"), &columns, Rows::Dense, &body);
    let metric = words.with("report-refused-metric", &values);
    parts::section("refused", &words.get("report-refused-heading"), &metric, &table)
}

fn place(path: &str, line: u64) -> Markup {
    html! { bdi { (foreign::visible(path)) @if line > 0 { ":" (line) } } }
}

pub(crate) fn flaws(context: &Context<'_>) -> Markup {
    let (report, words) = (context.report, context.words);
    if report.flaws_total == 0 {
        return html! {};
    }
    let listed = report.flaws.len();
    let metric = if listed as u64 == report.flaws_total || listed == 0 {
        words.with("report-flaws-metric", &[("count", report.flaws_total.into())])
    } else {
        let values = [("count", listed.into()), ("total", report.flaws_total.into())];
        words.with("report-flaws-metric-cut", &values)
    };
    let columns = [
        Column::of(words.get("report-column-reason"), "lead"),
        Column::of(words.get("report-field-source"), "machine"),
        Column::of(words.get("report-column-offset"), "number"),
    ];
    let body = html! {
        @for flaw in &report.flaws {
            tr {
                (parts::cells(&columns, &[
                    foreign::text(&flaw.reason),
                    foreign::text(&flaw.source_path),
                    html! { (count(flaw.offset)) },
                ]))
            }
        }
    };
    let table = html! {
        @if listed > 0 { (parts::table(&words.get("report-flaws-caption"), &columns, Rows::Dense, &body)) }
    };
    parts::section("flaws", &words.get("report-flaws-heading"), &metric, &table)
}
