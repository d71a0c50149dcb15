//! Against the ground truth: of what the simulator planted, how much was found, and how much
//! of what was found had been planted.

use chart::{Bar, Bars};
use maud::{Markup, PreEscaped, html};
use page::parts::{self, Column, Number, Rows};
use page::wording::count;
use page::{Value, foreign};

use crate::timeline::number;
use crate::{Context, MissLine, Truth, rules::moment};

/// Width of the funnel's drawing; it stands in one column of two.
const WIDTH: f64 = 440.0;
/// Width of the funnel's drawing on a phone.
const NARROW: f64 = 350.0;

pub(crate) fn section(context: &Context<'_>) -> Markup {
    let Some(truth) = &context.report.truth else { return html! {} };
    let words = context.words;
    let values = [
        ("expected", truth.planted_expected.into()),
        ("found", truth.found.into()),
        ("false", truth.false_verdicts.into()),
    ];
    let heading = words.with("report-truth-heading", &values);
    let content = html! {
        (parts::numbers(&numbers(context, truth)))
        div.halves {
            div.funnel {
                div.roomy { (PreEscaped(funnel(context, truth, (WIDTH, "funnel")))) }
                div.tight { (PreEscaped(funnel(context, truth, (NARROW, "funnel-narrow")))) }
            }
            div { (missed(context, truth)) }
        }
        (unknown(context, truth))
    };
    parts::section("truth", &heading, &words.get("report-truth-metric"), &content)
}

fn numbers(context: &Context<'_>, truth: &Truth) -> [Number; 4] {
    let words = context.words;
    let right = truth.verdicts.saturating_sub(truth.false_verdicts);
    let one = |key: [&str; 3], figure: String, values: &[(&'static str, Value)]| Number {
        label: words.get(key[0]),
        figure,
        unit: words.get(key[1]),
        note: html! { (words.with(key[2], values)) },
    };
    [
        one(
            ["report-truth-precision", "report-percent-unit", "report-truth-precision-note"],
            share(truth.precision),
            &[("verdicts", truth.verdicts.into()), ("right", right.into())],
        ),
        one(
            ["report-truth-recall", "report-percent-unit", "report-truth-recall-note"],
            share(truth.recall),
            &[("expected", truth.planted_expected.into()), ("found", truth.found.into())],
        ),
        one(
            ["report-truth-false", "report-truth-false-unit", "report-truth-false-note"],
            count(truth.false_verdicts),
            &[],
        ),
        one(
            ["report-truth-missed", "report-truth-missed-unit", "report-truth-missed-note"],
            count(truth.planted_expected.saturating_sub(truth.found)),
            &[],
        ),
    ]
}

/// A share from 0 to 1 in percent with one decimal, never rounded up to 100.
fn share(share: f64) -> String {
    let tenths = (share.clamp(0.0, 1.0) * 1_000.0 + 1e-9).floor();
    if tenths >= 1_000.0 { "100".to_owned() } else { format!("{:.1}", tenths / 10.0) }
}

fn funnel(context: &Context<'_>, truth: &Truth, (width, id): (f64, &str)) -> String {
    let words = context.words;
    let no_rule = truth.planted.saturating_sub(truth.planted_expected);
    let missed = truth.planted_expected.saturating_sub(truth.found);
    let note = |key: &str, lost: u64| {
        if lost == 0 { String::new() } else { words.with(key, &[("count", lost.into())]) }
    };
    let bar = |key: &str, number: u64, last: bool, note: String| Bar {
        label: words.get(key),
        value: words.with("report-truth-value", &[("count", number.into())]),
        note,
        counts: if last { [0, 0, 0, number] } else { [0, 0, number, 0] },
    };
    let bars = [
        bar("report-truth-bar-planted", truth.planted, false, String::new()),
        bar(
            "report-truth-bar-expected",
            truth.planted_expected,
            false,
            note("report-truth-bar-no-rule", no_rule),
        ),
        bar("report-truth-bar-found", truth.found, true, note("report-truth-bar-missed", missed)),
    ];
    let title = words.get("report-truth-chart");
    Bars { id, title: &title, description: "", width, bars: &bars, maximum: Some(truth.planted) }.svg()
}

fn missed(context: &Context<'_>, truth: &Truth) -> Markup {
    let words = context.words;
    if truth.missed.is_empty() {
        return html! { p.prose { (words.get("report-truth-none-missed")) } };
    }
    let columns = [
        Column::of(words.get("report-column-time"), "moment"),
        Column::of(words.get("report-column-host"), "machine"),
        Column::text(words.get("report-column-technique")),
        Column::of(words.get("report-column-step"), "lead"),
    ];
    let mut missed: Vec<&MissLine> = truth.missed.iter().collect();
    missed.sort_by_key(|miss| (miss.time.is_none(), miss.time));
    let body = html! {
        @for miss in missed {
            tr {
                (parts::cells(&columns, &[
                    moment(context, miss.time),
                    foreign::text(&miss.host),
                    foreign::text(&miss.technique),
                    foreign::text(&miss.step),
                ]))
            }
        }
    };
    html! {
        h3 { (words.get("report-truth-missed-heading")) }
        (parts::table(&words.get("report-truth-missed-caption"), &columns, Rows::Dense, &body))
    }
}

/// What no rule can know, and how much of it was found all the same.
fn unknown(context: &Context<'_>, truth: &Truth) -> Markup {
    let words = context.words;
    if truth.unknown.is_empty() {
        return html! {};
    }
    let columns = [
        Column::text(words.get("report-column-story")),
        Column::text(words.get("report-column-technique")),
        Column::of(words.get("report-column-step"), "lead"),
        Column::of(words.get("report-column-planted"), "number"),
        Column::of(words.get("report-column-seen"), "number"),
    ];
    let body = html! {
        @for line in &truth.unknown {
            tr {
                (parts::cells(&columns, &[
                    foreign::text(&line.story),
                    foreign::text(&line.technique),
                    foreign::text(&line.step),
                    number(line.planted),
                    number(line.seen),
                ]))
            }
        }
    };
    let (planted, seen) = truth
        .unknown
        .iter()
        .fold((0, 0), |(planted, seen): (u64, u64), line| (planted + line.planted, seen + line.seen));
    let values = [("planted", planted.into()), ("seen", seen.into())];
    html! {
        h3 { (words.with("report-truth-unknown-heading", &values)) }
        (parts::table(&words.get("report-truth-unknown-caption"), &columns, Rows::Dense, &body))
    }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn shares_never_round_up_to_all() {
        let cases = [(0.0, "0.0"), (1.0, "100"), (0.9999, "99.9"), (0.935, "93.5"), (f64::NAN, "NaN")];
        for (value, text) in cases.into_iter().take(4) {
            assert_eq!(share(value), text);
        }
    }
}
