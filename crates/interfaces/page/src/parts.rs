//! The blocks a page is made of, in the order the visual reference gives them: head, four
//! numbers, headed sections with one chart or table each, footer.

use maud::{Markup, PreEscaped, html};

use crate::words::Words;

/// Head of a page: title and one scope line (what, period, coverage, lag).
#[must_use]
pub fn head(title: &str, scope: &[Markup]) -> Markup {
    html! {
        div.head {
            h1 { (title) }
            ul.scope { @for part in scope { li { (part) } } }
        }
    }
}

/// One of the four numbers.
pub struct Number {
    /// What is counted.
    pub label: String,
    /// The figure itself.
    pub figure: String,
    /// Its unit, may be empty.
    pub unit: String,
    /// Change, comparison or explanation, in words.
    pub note: Markup,
}

/// The four ruled numbers.
#[must_use]
pub fn numbers(numbers: &[Number]) -> Markup {
    html! {
        dl.numbers {
            @for number in numbers {
                div {
                    dt { (number.label) }
                    dd.figure.long[number.figure.chars().count() > 10] { (number.figure) @if !number.unit.trim().is_empty() { " " span.unit { (number.unit) } } }
                    dd.note { (number.note) }
                }
            }
        }
    }
}

/// A section with its heading and, at the right, the metric or the number of rows.
#[must_use]
pub fn section(id: &str, heading: &str, metric: &str, content: &Markup) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-heading" } {
            div.heading {
                h2 id={ (id) "-heading" } { (heading) }
                @if !metric.is_empty() { p.metric { (metric) } }
            }
            (content)
        }
    }
}

/// One chart drawn for several widths; the style sheet shows the one that fits.
pub struct Chart {
    /// SVG for wide screens (1,576), screens (1,096), paper and tablets (660), phones (350).
    pub drawings: [String; 4],
    /// The same numbers as a table.
    pub table: Markup,
}

/// Widths in pixels that [`Chart::drawings`] are drawn for, with the class that shows each.
pub const CHART_WIDTHS: [(f64, &str); 4] =
    [(1_576.0, "huge"), (1_096.0, "wide"), (660.0, "middle"), (350.0, "narrow")];

/// A chart with its table behind "show as table".
#[must_use]
pub fn chart(chart: &Chart, words: Words) -> Markup {
    html! {
        figure.chart {
            @for ((_, class), drawing) in CHART_WIDTHS.iter().zip(&chart.drawings) {
                div.drawing.(class) { (PreEscaped(drawing)) }
            }
        }
        details.twin {
            summary { (words.get("page-show-as-table")) }
            (chart.table)
        }
    }
}

/// A column of a table.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// Name in the head.
    pub name: String,
    /// Class of its cells: `number` aligns right, `machine` sets the machine type face.
    pub class: &'static str,
    /// What stands below the name, such as the axis of a strip.
    pub below: Option<Markup>,
}

impl Column {
    /// A column of text.
    #[must_use]
    pub fn text(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    /// A column of cells of `class`.
    #[must_use]
    pub fn of(name: String, class: &'static str) -> Self {
        Self { name, class, below: None }
    }
}

/// How much room the rows of a table take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// 40 pixels: lists that ask for action.
    Comfortable,
    /// 32 pixels: detail.
    Dense,
}

/// A table; `caption` is read, not seen, because the heading above says it to the eye.
/// `body` holds its rows: one `<tr>` each, with the [`cells`] of the same columns.
#[must_use]
pub fn table(caption: &str, columns: &[Column], rows: Rows, body: &Markup) -> Markup {
    let class = match rows {
        Rows::Comfortable => "rows",
        Rows::Dense => "rows dense",
    };
    html! {
        table.(class) {
            caption { (caption) }
            thead {
                tr {
                    @for column in columns {
                        th scope="col" class=[some(column.class)] { (column.name) @if let Some(below) = &column.below { (below) } }
                    }
                }
            }
            tbody { (body) }
        }
    }
}

/// The cells of one row; each knows its column's name, for screens too narrow for a table.
#[must_use]
pub fn cells(columns: &[Column], cells: &[Markup]) -> Markup {
    html! {
        @for (column, cell) in columns.iter().zip(cells) {
            td class=[some(column.class)] data-label=(column.name) { (cell) }
        }
    }
}

fn some(class: &str) -> Option<&str> {
    Some(class).filter(|class| !class.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_caption_heads_and_labelled_cells() {
        let columns = [Column::text("Rule".into()), Column::of("Count".into(), "number")];
        let body = html! { tr { (cells(&columns, &[html! { "<b>" }, html! { "3" }])) } };
        let table = table("Rules", &columns, Rows::Dense, &body).into_string();
        assert!(table.contains("<caption>Rules</caption>"), "{table}");
        assert!(table.contains("<th scope=\"col\" class=\"number\">Count</th>"), "{table}");
        assert!(table.contains("<td data-label=\"Rule\">&lt;b&gt;</td>"), "{table}");
    }

    #[test]
    fn a_number_without_unit_has_no_empty_element() {
        let number = Number { label: "l".into(), figure: "1".into(), unit: String::new(), note: html! {} };
        assert!(!numbers(&[number]).into_string().contains("unit"));
    }
}
