//! Clauses: what each asks for and which figures answer it; those that none answers are named; what they cite.

use maud::{Markup, html};
use page::parts::{self, Column, Rows};

use super::{ClauseLine, Context, DocumentLine, FigureLine, GroupBlock, anchor, head};

pub(super) fn section(context: &Context<'_>, group: &GroupBlock) -> Markup {
    let words = context.words;
    let id = format!("group-{}", group.id);
    let answered = || group.clauses.iter().filter(|clause| !clause.figures.is_empty());
    let gaps: Vec<&ClauseLine> = group.clauses.iter().filter(|clause| clause.figures.is_empty()).collect();
    html! {
        section.group id=(id) aria-labelledby={ (id) "-heading" } {
            div.heading {
                h2 id={ (id) "-heading" } { span.number data-clause=(group.id) { (group.id) } " " (group.name) }
            }
            @for clause in answered() { (block(context, clause)) }
            @if !gaps.is_empty() {
                div.gaps {
                    h3 { (words.get("yearly-gaps")) }
                    ul { @for clause in gaps { (gap(clause)) } }
                }
            }
        }
    }
}

/// A clause with its figures.
fn block(context: &Context<'_>, clause: &ClauseLine) -> Markup {
    let words = context.words;
    html! {
        article.clause id=(anchor("clause", &clause.id)) {
            div.side data-clause=(clause.id) {
                p.strength { (clause.strength) " " b { (clause.id) } }
                p { (clause.phrase) }
                @for (law, article) in &clause.cites { (citation(context, law, article)) }
            }
            div.told {
                div.asked data-clause=(clause.id) {
                    p { (clause.capability) }
                    p.proof { b { (words.get("yearly-proof")) } " " (clause.proof) }
                }
                (figures(context, clause))
            }
        }
    }
}

fn figures(context: &Context<'_>, clause: &ClauseLine) -> Markup {
    let words = context.words;
    let mut columns = vec![
        Column::of(words.get("yearly-column-figure"), "lead"),
        Column::of(words.get("yearly-column-value"), "number"),
    ];
    if context.knows_before() {
        columns.push(Column::of(words.get("yearly-column-change"), "faint"));
    }
    let figures: Vec<&FigureLine> = clause.figures.iter().filter_map(|id| context.figure(id)).collect();
    let cells =
        |figure: &FigureLine| [head::link(figure), head::value(figure), head::change(context, figure)];
    let body = html! { @for figure in figures { tr { (parts::cells(&columns, &cells(figure))) } } };
    let caption = words.with("yearly-clause-caption", &[("clause", clause.id.as_str().into())]);
    html! { div data-clause=(clause.id) { (parts::table(&caption, &columns, Rows::Dense, &body)) } }
}

/// A law with its article, and the date of the text.
fn citation(context: &Context<'_>, law: &str, article: &str) -> Markup {
    let words = context.words;
    let Some(document) = context.document(law) else { return html! {} };
    html! {
        p.citation data-cited=(law) {
            a href={ "#cited-" (law) } { (document.name) }
            @if !article.is_empty() { " " (article) }
            " " (words.with("yearly-version", &[("version", document.version.as_str().into())]))
        }
    }
}

/// A clause that no figure answers yet.
fn gap(clause: &ClauseLine) -> Markup {
    html! {
        li id=(anchor("clause", &clause.id)) data-clause=(clause.id) {
            b { (clause.id) } " " span { (clause.phrase) }
        }
    }
}

/// The laws and documents that clauses cite, with the date of the text that is meant.
pub(super) fn cited(context: &Context<'_>) -> Markup {
    let words = context.words;
    let columns = [
        Column::of(words.get("yearly-column-document"), "lead"),
        Column::of(words.get("yearly-column-version"), "moment"),
        Column::of(words.get("yearly-column-verified"), "faint"),
    ];
    let verified = |document: &DocumentLine| {
        words.get(if document.is_verified { "yearly-verified" } else { "yearly-unverified" })
    };
    let body = html! {
        @for document in &context.report.cited {
            tr id={ "cited-" (document.id) } data-cited=(document.id) {
                (parts::cells(&columns, &[html! { (document.name) }, html! { (document.version) }, html! { (verified(document)) }]))
            }
        }
    };
    let content = html! {
        p.prose { (words.get("yearly-cited-text")) }
        (parts::table(&words.get("yearly-cited-heading"), &columns, Rows::Dense, &body))
    };
    parts::section("cited", &words.get("yearly-cited-heading"), "", &content)
}
