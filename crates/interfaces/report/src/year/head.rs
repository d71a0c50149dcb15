//! The top of the page and the frame around it: title, scope, four numbers with their change, rail, footer.

use maud::{Markup, html};
use page::document::RailLink;
use page::parts;
use page::wording::grouped;

use super::{Context, FigureLine, anchor, day, valued};

pub(super) fn title(context: &Context<'_>) -> String {
    let values = [("year", context.report.year.to_string().into())];
    context.words.with("yearly-title", &values)
}

pub(super) fn rail(context: &Context<'_>) -> Vec<RailLink> {
    let words = context.words;
    let link = |target, key: &str| RailLink { target, name: words.get(key), count: String::new() };
    let mut links = vec![link("main", "yearly-rail-overview")];
    if !context.report.coverage.rows.is_empty() {
        links.push(link("coverage", "yearly-rail-coverage"));
    }
    if !context.report.groups.is_empty() {
        links.push(link("group-P", "yearly-rail-clauses"));
    }
    links.push(link("figures", "yearly-rail-figures"));
    links.push(link("cited", "yearly-rail-cited"));
    links
}

pub(super) fn head(context: &Context<'_>) -> Markup {
    let report = context.report;
    let numbers = report.summary.iter().filter_map(|id| context.figure(id));
    html! {
        div data-period=(report.year) { (parts::head(&title(context), &scope(context))) }
        dl.numbers {
            @for figure in numbers { (number(context, figure)) }
        }
    }
}

/// What, when, in which state, and by which document.
fn scope(context: &Context<'_>) -> Vec<Markup> {
    let (report, words) = (context.report, context.words);
    let (from, to) = &report.days;
    let mut parts = vec![html! { (day(from)) "–" (day(to)) }];
    if let Some(newest) = report.state.newest {
        let time = context.clock.minute(newest);
        parts.push(html! { (words.get("yearly-newest")) " " time datetime=(newest) { (time) } });
    }
    if let Some(answered) = context.figure("duties.clauses_with_figures") {
        let all = context.figure("duties.clauses");
        parts.push(html! {
            (answered.title) " " span data-figure=(answered.id) { (answered.value.text) }
            @if let Some(all) = all { " / " span data-figure=(all.id) { (all.value.text) } }
        });
    }
    parts.push(html! {
        span data-cited=(report.opinion.id) { (report.opinion.name) }
        " " span data-version=(report.opinion.version) { (report.opinion.version) }
    });
    parts
}

fn number(context: &Context<'_>, figure: &FigureLine) -> Markup {
    html! {
        div {
            dt { (figure.title) }
            dd.figure.long[figure.value.text.chars().count() > 10] {
                a href={ "#" (anchor("figure", &figure.id)) } data-figure=(figure.id) { (figure.value.text) }
                @if !figure.value.unit.is_empty() { " " span.unit { (figure.value.unit) } }
            }
            dd.note { (change(context, figure)) }
        }
    }
}

/// How a value differs from that of the year before.
pub(super) fn change(context: &Context<'_>, figure: &FigureLine) -> Markup {
    let words = context.words;
    let Some(before) = &figure.before else { return html! { span { (words.get("yearly-no-before")) } } };
    let numbers = figure.value.number.zip(before.number);
    let year = context.report.year - 1;
    let Some((now, then)) = numbers else {
        let was = words.with("yearly-was", &[("value", before.text.as_str().into())]);
        return html! { span data-figure=(figure.id) data-period=(year) { (was) } };
    };
    let by = now.saturating_sub(then);
    let key = match by {
        0 => "yearly-same",
        1.. => "yearly-more",
        _ => "yearly-less",
    };
    let values = [("by", grouped(by.saturating_abs()).into())];
    html! { span data-figure=(figure.id) data-period=(year) { (words.with(key, &values)) } }
}

pub(super) fn footer(context: &Context<'_>) -> Markup {
    let (state, words) = (&context.report.state, context.words);
    html! {
        div {
            span { (words.get("yearly-tables")) " "
                @for (at, (table, version)) in state.tables.iter().enumerate() {
                    @if at > 0 { "·" }
                    span data-version=(version) { (table) " v" (version) }
                }
            }
            span data-version=(state.position) {
                (words.get("yearly-journal")) " #" (state.position)
                @if state.position > 0 { " " span.machine { (state.commit.get(..16).unwrap_or_default()) } }
            }
        }
        div {
            @if let Some(recorded) = state.recorded {
                span { (words.get("yearly-recorded")) " " time datetime=(recorded) { (context.clock.moment(recorded)) } }
            }
            span data-version=(state.version) { "Noroshi " (state.version) }
            span data-clause="1-3a" { (words.with("page-clauses", &[("clauses", "1-3a".into())])) }
        }
    }
}

/// The title of a figure, which leads to what it is.
pub(super) fn link(figure: &FigureLine) -> Markup {
    html! { a href={ "#" (anchor("figure", &figure.id)) } { (figure.title) } }
}

/// A figure's value.
pub(super) fn value(figure: &FigureLine) -> Markup {
    valued(&figure.id, &figure.value)
}
