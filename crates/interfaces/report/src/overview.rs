//! The top of the page: title, scope, the four numbers; and the frame around it: rail, footer.

use maud::{Markup, html};
use model::level::Level;
use page::document::RailLink;
use page::parts::{self, Number};
use page::wording::{count, duration, percent, size};
use page::{LevelWords, State, foreign};

use crate::Context;

/// Clauses of the mission that this report serves.
const CLAUSES: &str = "2-1-1d, 2-2-2c";

pub(crate) fn title(context: &Context<'_>) -> String {
    let title = context.report.title.trim();
    if title.is_empty() { context.words.get("report-title") } else { foreign::visible(title).into_owned() }
}

pub(crate) fn rail(context: &Context<'_>) -> Vec<RailLink> {
    let (report, words) = (context.report, context.words);
    let link = |target, key: &str, number: Option<usize>| RailLink {
        target,
        name: words.get(key),
        count: number.map(|number| count(number as u64)).unwrap_or_default(),
    };
    let mut links = vec![link("main", "report-rail-overview", None)];
    if !report.rules.is_empty() {
        links.push(link("rules", "report-rail-rules", Some(report.rules.len())));
    }
    if !report.hosts.is_empty() {
        links.push(link("hosts", "report-rail-hosts", Some(report.hosts.len())));
    }
    if report.truth.is_some() {
        links.push(link("truth", "report-rail-truth", None));
    }
    if !report.verdicts.is_empty() {
        links.push(link("verdicts", "report-rail-verdicts", Some(report.verdicts_total as usize)));
    }
    if !report.refused.is_empty() {
        links.push(link("refused", "report-rail-refused", Some(report.refused.len())));
    }
    if report.flaws_total > 0 {
        links.push(link("flaws", "report-rail-flaws", Some(report.flaws_total as usize)));
    }
    links
}

pub(crate) fn head(context: &Context<'_>) -> Markup {
    html! {
        (parts::head(&title(context), &scope(context)))
        (parts::numbers(&[verdicts(context), hosts(context), rules(context), events(context)]))
    }
}

/// What was read, of which time, how fresh, how much of it rules look at.
fn scope(context: &Context<'_>) -> Vec<Markup> {
    let (report, words, clock) = (context.report, context.words, &context.clock);
    let mut parts = vec![paths(context)];
    parts.push(match (report.first, report.last) {
        (Some(first), Some(last)) => {
            let zone = clock.zone_name(last);
            let values = [
                ("first", clock.minute(first).into()),
                ("last", clock.minute(last).into()),
                ("zone", zone.into()),
            ];
            html! { (words.with("report-period", &values)) }
        }
        _ => html! { (words.get("report-no-period")) },
    });
    if let Some(last) = report.last {
        let age = report.generated.duration_since(last).as_secs_f64();
        if age >= 0.0 {
            parts.push(html! { (words.with("report-freshness", &[("age", duration(age, words).into())])) });
        }
    }
    if report.events > 0 {
        parts.push(html! { (words.with("report-coverage", &[("percent", coverage(context).into())])) });
    }
    parts
}

fn paths(context: &Context<'_>) -> Markup {
    let paths = &context.report.paths;
    match paths.as_slice() {
        [] => html! {},
        [first] => foreign::machine(first),
        [first, second] => html! { (foreign::machine(first)) ", " (foreign::machine(second)) },
        [first, rest @ ..] => {
            let first = foreign::visible(first).into_owned();
            let values = [("first", first.into()), ("more", rest.len().into())];
            html! { bdi { (context.words.with("report-paths-more", &values)) } }
        }
    }
}

/// Share of events that some rule looks at, in percent.
pub(crate) fn coverage(context: &Context<'_>) -> String {
    let report = context.report;
    percent(report.events.saturating_sub(report.events_without_rules), report.events)
}

fn verdicts(context: &Context<'_>) -> Number {
    let (report, words) = (context.report, context.words);
    let by_level = report.by_level();
    let mut severe = [Level::Critical, Level::High].into_iter().filter(|level| by_level[level.index()] > 0);
    let note = match severe.next() {
        _ if report.verdicts_total == 0 => {
            html! { span { (words.get(report.silence("report-verdicts-none"))) } }
        }
        None => {
            let level = Level::DESCENDING.into_iter().find(|level| by_level[level.index()] > 0);
            html! { @if let Some(level) = level { span { (severe_note(context, level, &by_level)) } } }
        }
        Some(first) => html! {
            span.level.(first.as_str()) { (severe_note(context, first, &by_level)) }
            @if let Some(second) = severe.next() { span { (second.label(words)) " " (count(by_level[second.index()])) } }
        },
    };
    Number {
        label: words.get("report-verdicts-label"),
        figure: count(report.verdicts_total),
        unit: words.get("report-verdicts-unit"),
        note,
    }
}

fn severe_note(context: &Context<'_>, level: Level, by_level: &crate::ByLevel) -> String {
    let values = [("level", level.inline(context.words).into()), ("count", by_level[level.index()].into())];
    context.words.with("report-verdicts-severe", &values)
}

fn hosts(context: &Context<'_>) -> Number {
    let (report, words) = (context.report, context.words);
    let severe = report
        .named_hosts()
        .filter(|host| host.by_level[Level::Critical.index()] + host.by_level[Level::High.index()] > 0)
        .count();
    let note = if report.hosts.is_empty() {
        html! {}
    } else if severe > 0 {
        html! { span { (words.with("report-hosts-severe", &[("count", severe.into())])) } }
    } else {
        html! { span { (words.get("report-hosts-mild")) } }
    };
    Number {
        label: words.get("report-hosts-label"),
        figure: count(report.named_hosts().count() as u64),
        unit: words.get("report-hosts-unit"),
        note,
    }
}

fn rules(context: &Context<'_>) -> Number {
    let (report, words) = (context.report, context.words);
    let refused = report.refused.len();
    let note = if refused > 0 {
        State::Warning.mark(&words.with("report-rules-refused", &[("count", refused.into())]))
    } else if report.rules_loaded == 0 {
        html! {}
    } else {
        html! { span { (words.get("report-rules-all")) } }
    };
    Number {
        label: words.get("report-rules-label"),
        figure: count(report.rules.len() as u64),
        unit: words.with("report-rules-unit", &[("loaded", report.rules_loaded.into())]),
        note,
    }
}

fn events(context: &Context<'_>) -> Number {
    let (report, words) = (context.report, context.words);
    let values = [("duration", duration(report.seconds, words).into()), ("speed", speed(context).into())];
    let speed_key = if report.flaws_total > 0 { "report-events-time" } else { "report-events-speed" };
    let note = html! {
        @if report.flaws_total > 0 {
            (State::Warning.mark(&words.with("report-events-flaws", &[("count", report.flaws_total.into())])))
        }
        @if report.seconds > 0.0 && report.events > 0 { span { (words.with(speed_key, &values)) } }
    };
    Number {
        label: words.get("report-events-label"),
        figure: count(report.events),
        unit: words.get("report-events-unit"),
        note,
    }
}

/// Events read in a second.
fn speed(context: &Context<'_>) -> u64 {
    let report = context.report;
    if report.seconds > 0.0 { (report.events as f64 / report.seconds).round() as u64 } else { report.events }
}

pub(crate) fn footer(context: &Context<'_>) -> Markup {
    let (report, words) = (context.report, context.words);
    let version = foreign::visible(&report.product_version).into_owned();
    let read = [
        ("sources", report.sources.into()),
        ("size", size(report.bytes).into()),
        ("duration", duration(report.seconds, words).into()),
        ("speed", speed(context).into()),
    ];
    html! {
        p {
            span { (words.with("report-footer-product", &[("version", version.into())])) }
            span { (words.with("page-clauses", &[("clauses", CLAUSES.into())])) }
            span { (words.with("report-read", &read)) }
        }
        p {
            span.screen { (words.get("report-footer-offline")) }
            span { (context.clock.moment(report.generated)) }
        }
    }
}
