//! The figures themselves: which organisation is seen by what, and what each figure is, stands on and opens.

use maud::{Markup, html};
use page::foreign;
use page::parts::{self, Column, Rows};

use super::{Context, FigureLine, PartLine, anchor, head};

/// Parts of a figure that are listed.
const PARTS: usize = 12;

pub(super) fn coverage(context: &Context<'_>) -> Markup {
    let (words, coverage) = (context.words, &context.report.coverage);
    if coverage.rows.is_empty() {
        return html! {};
    }
    let mut columns = vec![Column::text(words.get("yearly-column-organisation"))];
    columns.extend(coverage.sources.iter().map(|source| Column::of(source.clone(), "number")));
    let cell = |part: &Option<PartLine>| match part {
        Some(part) => html! { span data-figure=(part.id) { (part.value) } },
        None => html! { span.quiet { "—" } },
    };
    let body = html! {
        @for (owner, parts) in &coverage.rows {
            tr {
                @let cells: Vec<Markup> = std::iter::once(foreign::text(owner)).chain(parts.iter().map(cell)).collect();
                (parts::cells(&columns, &cells))
            }
        }
    };
    let content = html! {
        p.prose { (words.get("yearly-coverage-text")) }
        div.wide-table { (parts::table(&words.get("yearly-coverage-caption"), &columns, Rows::Dense, &body)) }
    };
    let metric = context.figure("lake.coverage").map(head::value);
    html! {
        section #coverage aria-labelledby="coverage-heading" {
            div.heading {
                h2 #coverage-heading { (words.get("yearly-coverage-heading")) }
                @if let Some(metric) = metric { p.metric { (metric) } }
            }
            (content)
        }
    }
}

pub(super) fn section(context: &Context<'_>) -> Markup {
    let words = context.words;
    html! {
        section #figures aria-labelledby="figures-heading" {
            div.heading { h2 #figures-heading { (words.get("yearly-figures-heading")) } }
            @for figure in &context.report.figures { (explained(context, figure)) }
        }
    }
}

/// A figure: its value, what it is, on what it stands, what opens it, and its parts.
fn explained(context: &Context<'_>, figure: &FigureLine) -> Markup {
    let words = context.words;
    let row = |key: &str, content: Markup| html! { div { dt { (words.get(key)) } dd { (content) } } };
    html! {
        article.explained id=(anchor("figure", &figure.id)) {
            div.side {
                h3 { (figure.title) }
                p.machine data-figure=(figure.id) { (figure.id) }
                p.clauses { @for clause in &figure.clauses { a href={ "#" (anchor("clause", clause)) } data-clause=(clause) { (clause) } " " } }
            }
            div.told {
                p.worth {
                    (head::value(figure))
                    @if context.knows_before() { span.note { (head::change(context, figure)) } }
                }
                dl.facts {
                    (row("yearly-means", html! { (figure.means) }))
                    (row("yearly-query", html! { code data-query=(figure.id) { (foreign::visible(&figure.query)) } }))
                    (row("yearly-how", html! { code data-query=(figure.id) { (foreign::visible(&figure.how)) } }))
                    @if !figure.parts.is_empty() { (row("yearly-parts", parts_of(figure))) }
                }
            }
        }
    }
}

fn parts_of(figure: &FigureLine) -> Markup {
    html! {
        ul.shares {
            @for part in figure.parts.iter().take(PARTS) {
                li { span { (foreign::text(&part.name)) } " " span.value data-figure=(part.id) { (part.value) } }
            }
            @if figure.parts.len() > PARTS { li { "…" } }
        }
    }
}
