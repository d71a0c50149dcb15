//! Rows as an aligned table, or one below the other where a terminal is too narrow for their columns.

use console::{Term, measure_text_width, truncate_str};
use lake::Heading;
use page::foreign::visible;
use serde_json::Value;

/// Rows that decide how wide columns are.
const SAMPLE: usize = 1_000;
/// Columns of texts are not made narrower than this.
const LEAST: usize = 8;
/// Between two columns.
const GAP: &str = "  ";

/// Room for lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// As much as they need.
    Any,
    /// So many columns of a terminal.
    Columns(usize),
}

impl Width {
    /// As wide as the terminal that standard output is, if it is one.
    #[must_use]
    pub fn of_terminal() -> Self {
        let terminal = Term::stdout();
        let size = terminal.is_term().then(|| terminal.size_checked()).flatten();
        size.map_or(Self::Any, |(_, columns)| Self::Columns(columns.into()))
    }
}

/// How rows are laid out.
#[derive(Debug)]
enum Layout {
    /// Not known before enough rows are there.
    Waiting,
    /// Side by side, each column so wide.
    Grid(Vec<usize>),
    /// One value a line, after a name so wide.
    List(usize),
}

/// A table being shown.
#[derive(Debug)]
pub struct Table {
    headings: Vec<Heading>,
    width: Width,
    layout: Layout,
    /// Rows that wait.
    rows: Vec<Vec<Option<String>>>,
    /// Rows shown.
    shown: u64,
}

impl Table {
    /// A table with these columns.
    #[must_use]
    pub fn new(headings: Vec<Heading>, width: Width) -> Self {
        Self { headings, width, layout: Layout::Waiting, rows: Vec::new(), shown: 0 }
    }

    /// Adds rows.
    pub fn add(&mut self, rows: Vec<Vec<Value>>) {
        self.rows.extend(rows.into_iter().map(|row| row.iter().map(cell).collect()));
    }

    /// What can be shown now.
    #[must_use]
    pub fn ready(&mut self) -> String {
        let is_waiting = matches!(self.layout, Layout::Waiting);
        if is_waiting && self.rows.len() < SAMPLE { String::new() } else { self.show() }
    }

    /// The rest.
    #[must_use]
    pub fn finish(&mut self) -> String {
        self.show()
    }

    fn show(&mut self) -> String {
        let mut text = String::new();
        if matches!(self.layout, Layout::Waiting) {
            self.layout = self.lay_out();
            if let Layout::Grid(widths) = &self.layout {
                let names = self.headings.iter().map(|heading| visible(&heading.name).into_owned());
                text += &self.line(&names.map(Some).collect::<Vec<_>>(), widths);
                let rules: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
                text += &rules.join(GAP);
                text.push('\n');
            }
        }
        for row in std::mem::take(&mut self.rows) {
            self.shown += 1;
            text += &match &self.layout {
                Layout::Grid(widths) => self.line(&row, widths),
                Layout::List(width) => self.record(&row, *width),
                Layout::Waiting => String::new(),
            };
        }
        text
    }

    fn lay_out(&self) -> Layout {
        let names = || self.headings.iter().map(|heading| measure_text_width(&visible(&heading.name)));
        let mut natural: Vec<usize> = names().collect();
        for row in &self.rows {
            for (width, value) in natural.iter_mut().zip(row) {
                *width = (*width).max(value.as_deref().map_or(0, measure_text_width));
            }
        }
        let Width::Columns(room) = self.width else { return Layout::Grid(natural) };
        let is_number: Vec<bool> = self.headings.iter().map(|heading| heading.is_number).collect();
        match fit(&natural, &is_number, room) {
            Some(widths) => Layout::Grid(widths),
            None => Layout::List(names().max().unwrap_or(0)),
        }
    }

    /// A row of a grid.
    fn line(&self, row: &[Option<String>], widths: &[usize]) -> String {
        let mut line = String::new();
        for (place, (value, width)) in row.iter().zip(widths).enumerate() {
            let value = value.as_deref().unwrap_or_default();
            let value = match self.width {
                Width::Any => value.into(),
                Width::Columns(_) => truncate_str(value, *width, "…"),
            };
            let blanks = " ".repeat(width.saturating_sub(measure_text_width(&value)));
            line += if place == 0 { "" } else { GAP };
            if self.headings.get(place).is_some_and(|heading| heading.is_number) {
                line += &blanks;
                line += &value;
            } else {
                line += &value;
                line += &blanks;
            }
        }
        line.truncate(line.trim_end().len());
        line.push('\n');
        line
    }

    /// A row as lines of names and values; columns without one are left out.
    fn record(&self, row: &[Option<String>], width: usize) -> String {
        let mut text = format!("── {}\n", self.shown);
        for (heading, value) in self.headings.iter().zip(row) {
            let Some(value) = value else { continue };
            let name = visible(&heading.name);
            let blanks = " ".repeat(width.saturating_sub(measure_text_width(&name)));
            let line = format!("{name}{blanks}{GAP}{value}");
            match self.width {
                Width::Any => text += &line,
                Width::Columns(room) => text += &truncate_str(&line, room, "…"),
            }
            text.push('\n');
        }
        text
    }
}

/// A value in the words of a table.
fn cell(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(visible(text).into_owned()),
        other => Some(visible(&other.to_string()).into_owned()),
    }
}

/// Widths that fit into the room: the widest texts give most. None when there is too little.
fn fit(natural: &[usize], is_number: &[bool], room: usize) -> Option<Vec<usize>> {
    let gaps = GAP.len() * natural.len().saturating_sub(1);
    let room = room.checked_sub(gaps)?;
    let capped = |cap: usize| -> Vec<usize> {
        // Half a number would be another one.
        let width = |(width, is_number): (&usize, &bool)| if *is_number { *width } else { (*width).min(cap) };
        natural.iter().zip(is_number).map(width).collect()
    };
    let widest = natural.iter().copied().max().unwrap_or(0);
    // The largest cap that fits, found by halves.
    let (mut low, mut high) = (LEAST, widest.max(LEAST));
    if capped(low).iter().sum::<usize>() > room {
        return None;
    }
    while low < high {
        let middle = (low + high).div_ceil(2);
        if capped(middle).iter().sum::<usize>() <= room { low = middle } else { high = middle - 1 }
    }
    Some(capped(low))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn table(width: Width, rows: Vec<Vec<Value>>) -> String {
        let heading = |name: &str, is_number| Heading { name: name.to_owned(), is_number };
        let headings = vec![heading("名前", false), heading("n", true), heading("note", false)];
        let mut table = Table::new(headings, width);
        table.add(rows);
        table.finish()
    }

    fn rows() -> Vec<Vec<Value>> {
        vec![
            vec![json!("灯台"), json!(7), json!("ok")],
            vec![json!("a\u{1b}[2J"), json!(-1_000), Value::Null],
            vec![json!("x"), json!(1.5), json!({"a": ["灯"]})],
        ]
    }

    #[test]
    fn wide_letters_are_aligned_and_numbers_stand_right() {
        let expected = "名前              n  note\n\
                        ────────────  ─────  ────────────\n\
                        灯台              7  ok\n\
                        a⟨U+001B⟩[2J  -1000\n\
                        x               1.5  {\"a\":[\"灯\"]}\n";
        assert_eq!(table(Width::Any, rows()), expected);
    }

    #[test]
    fn the_widest_texts_are_cut_and_numbers_are_not() {
        let shown = table(Width::Columns(26), rows());
        for line in shown.lines() {
            assert!(measure_text_width(line) <= 26, "{line}");
        }
        assert!(shown.contains("-1000") && shown.contains('…'), "{shown}");
        // As wide as it is, and not wider.
        assert_eq!(table(Width::Columns(33), rows()), table(Width::Any, rows()));
    }

    #[test]
    fn rows_stand_below_each_other_where_they_do_not_fit() {
        let shown = table(Width::Columns(20), rows());
        let expected = "── 1\n名前  灯台\nn     7\nnote  ok\n── 2\n名前  a⟨U+001B⟩[2J\nn     -1000\n";
        assert!(shown.starts_with(expected), "{shown}");
    }

    #[test]
    fn columns_keep_their_widths_over_all_parts() {
        let mut table = Table::new(vec![Heading { name: "n".to_owned(), is_number: true }], Width::Any);
        table.add(vec![vec![json!(1)]]);
        assert_eq!(table.ready(), "");
        table.add(vec![vec![json!(22)]; SAMPLE]);
        let first = table.ready();
        assert!(first.starts_with(" n\n──\n 1\n22\n"), "{first}");
        table.add(vec![vec![json!(3)]]);
        assert_eq!(table.ready() + &table.finish(), " 3\n");
        assert_eq!(Table::new(Vec::new(), Width::Any).finish(), "\n\n");
    }
}
