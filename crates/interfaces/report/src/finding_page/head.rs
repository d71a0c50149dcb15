//! The top of the page and the frame around it: what it is, where it stands, whose it is, the facts in a sentence.

use jiff::Timestamp;
use maud::{Markup, html};
use page::document::RailLink;
use page::wording::{count, duration, machine_time};
use page::{Language, LevelWords, foreign, parts};

use super::Context;

pub(super) fn rail(context: &Context<'_>) -> Vec<RailLink> {
    let (words, page) = (context.words, context.page);
    let link = |target, key: &str, count| RailLink { target, name: words.get(key), count };
    let mut links = vec![link("main", "found-rail-overview", String::new())];
    if !page.rows.is_empty() {
        if page.first.zip(page.last).is_some() {
            links.push(link("tree", "found-rail-tree", String::new()));
        }
        links.push(link("evidence", "found-rail-evidence", count(page.verdicts)));
    }
    let mut counted = |target, key: &str, number: usize| {
        if number > 0 {
            links.push(link(target, key, count(u64::try_from(number).unwrap_or(u64::MAX))));
        }
    };
    counted("rules", "found-rail-rules", page.rules.len());
    counted("indicators", "found-rail-indicators", page.indicators.len());
    counted("record", "found-rail-record", page.acts.len());
    links.push(link("open", "found-rail-open", String::new()));
    links
}

pub(super) fn head(context: &Context<'_>) -> Markup {
    let page = context.page;
    html! {
        (parts::head(&foreign::visible(&page.title), &scope(context)))
        div.story {
            p.prose { (summary(context)) (main_rule(context)) }
            @let (disposition, reason) = &page.closing;
            @if !disposition.is_empty() {
                @let values = [("disposition", disposition.as_str().into()), ("reason", foreign::visible(reason).into_owned().into())];
                p.prose { (context.words.with("found-closed", &values)) }
            }
            @if !page.techniques.is_empty() {
                p.telling { span.label { (context.words.get("found-techniques")) } @for technique in &page.techniques { " " span.machine { (foreign::visible(technique)) } } }
            }
        }
    }
}

/// Severity, state, whose it is, when it was, and how much there is of it.
fn scope(context: &Context<'_>) -> Vec<Markup> {
    let (words, page) = (context.words, context.page);
    let (mark, word) = &page.state;
    let mut parts = vec![page.level.mark(words), mark.mark(word)];
    if !page.closing.0.is_empty() {
        parts.push(html! { b { (page.closing.0) } });
    }
    if !page.organisation.is_empty() {
        parts.push(foreign::text(&page.organisation));
    }
    if !page.owner.is_empty() {
        let name = [("name", foreign::visible(&page.owner).into_owned().into())];
        parts.push(html! { bdi { (words.with("found-owner", &name)) } });
    }
    parts.extend(span(context));
    let counts = [("verdicts", page.verdicts.into()), ("events", page.events.into())];
    parts.push(html! { (words.with("found-counts", &counts)) });
    parts.extend(page.marking.confidentiality.map(|grade| html! { (grade.as_str()) }));
    parts.extend(page.marking.pap.map(|pap| html! { (pap.as_str()) }));
    parts
}

/// From the first event to the last.
fn span(context: &Context<'_>) -> Option<Markup> {
    let (first, last) = context.page.first.zip(context.page.last)?;
    let clock = &context.clock;
    let (from, to) = (clock.minute(first), clock.minute(last));
    let is_same_day = from.get(..10) == to.get(..10);
    let time = |time: Timestamp, shown: &str| html! { time datetime=(machine_time(time)) { (shown) } };
    let zone = clock.zone_name(last);
    Some(match from == to {
        true => html! { span.span { (time(first, &from)) " (" (zone) ")" } },
        false => html! {
            span.span { (time(first, &from)) " → " (time(last, if is_same_day { to.get(11..).unwrap_or(&to) } else { &to })) " (" (zone) ")" }
        },
    })
}

/// How long it went on, in seconds.
pub(super) fn seconds(context: &Context<'_>) -> f64 {
    let between = context.page.first.zip(context.page.last);
    between.map_or(0.0, |(first, last)| last.duration_since(first).as_secs_f64())
}

/// The facts in a sentence or two.
fn summary(context: &Context<'_>) -> String {
    let (words, page) = (context.words, context.page);
    let length = seconds(context);
    let values = [
        ("verdicts", page.verdicts.into()),
        ("rules", context.rules.len().into()),
        ("hosts", page.hosts.into()),
        ("duration", duration(length, words).into()),
    ];
    words.with(if length > 0.0 { "found-summary" } else { "found-summary-moment" }, &values)
}

/// The rule that is most severe, and where it matched first.
fn main_rule(context: &Context<'_>) -> Markup {
    /// Stands for the host, which is no part of the text that may break.
    const HOST: &str = "\u{1}";
    let (words, page) = (context.words, context.page);
    let main = context.rules.first().map(|rule| (rule, page.rows.iter().find(|row| row.rule == rule.rule)));
    let Some((main, Some(row))) = main else { return html! {} };
    let Some(time) = row.time.filter(|_| !row.host.is_empty()) else { return html! {} };
    let values = [
        ("title", foreign::visible(&main.title).into_owned().into()),
        ("level", main.level.inline(words).into()),
        ("host", HOST.into()),
        ("time", context.clock.minute(time).into()),
    ];
    let (text, time) = (words.with("found-summary-main", &values), context.clock.minute(time));
    let (before, after) = text.split_once(HOST).unwrap_or((&text, ""));
    let unbroken = |part: &str| match part.split_once(&time) {
        Some((before, after)) => html! { (before) span.span { (time) } (after) },
        None => html! { (part) },
    };
    html! {
        @if words.language == Language::En { " " }
        (unbroken(before)) (context.host(&row.host)) (unbroken(after))
    }
}

pub(super) fn footer(context: &Context<'_>) -> Markup {
    let (state, words) = (&context.page.as_of, context.words);
    html! {
        div {
            span { (words.get("found-tables")) " "
                @for (at, (table, version)) in state.tables.iter().enumerate() {
                    @if at > 0 { "·" }
                    (table) " v" (version)
                }
            }
            span {
                (words.get("found-journal")) " #" (state.position)
                @if state.position > 0 { " " span.machine { (state.commit.get(..16).unwrap_or_default()) } }
            }
        }
        div {
            @if let Some(recorded) = state.recorded {
                span { (words.get("found-recorded")) " " time datetime=(machine_time(recorded)) { (context.clock.moment(recorded)) } }
            }
            span { "Noroshi " (state.version) }
            span { (words.with("page-clauses", &[("clauses", "2-1-1d, 2-2-2c".into())])) }
        }
    }
}
