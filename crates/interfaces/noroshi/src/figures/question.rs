//! A figure of the lake as questions in SQL: how much it is, which rows it counts, and whether it counts one. People
//! read the first, and can ask it by themselves.

use model::evidence::Evidence;
use model::figure::{CellId, Figure, Lake, LakeTable, Part, PartOf, Period, Rule};
use model::time::Instant;

/// A figure of the lake, or a part of one, in a period.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The figure.
    pub figure: &'a Figure,
    /// What it counts.
    pub lake: &'a Lake,
    /// When.
    pub period: Period,
    /// Which part of it.
    pub cell: &'a CellId,
}

impl Asked<'_> {
    /// How much it is.
    #[must_use]
    pub fn value(&self) -> String {
        let Lake { from, distinct, .. } = self.lake;
        if distinct.is_empty() {
            return format!("SELECT count(*) AS value FROM {from}{}", self.conditions());
        }
        let columns: Vec<String> = distinct.iter().filter_map(named).collect();
        let known: Vec<String> = distinct.iter().map(|part| format!("{} IS NOT NULL", part.name)).collect();
        let all = written(&self.wanted());
        format!(
            "SELECT count(*) AS value FROM (SELECT DISTINCT {} FROM {from}{all}) WHERE {}",
            columns.join(", "),
            known.join(" AND ")
        )
    }

    /// The rows that it counts, and where each stands (`evidence`): of what counts once, how often it is there, from
    /// when to when, and the first row that has it.
    #[must_use]
    pub fn rows(&self, limit: usize) -> String {
        let Lake { from, distinct, time, shown, .. } = self.lake;
        let (conditions, evidence) = (self.conditions(), evidence(self.lake.of));
        let order = order(self.lake);
        if distinct.is_empty() {
            let columns: Vec<String> = shown.iter().map(|column| format!("{column:?}")).collect();
            let columns = columns.join(", ");
            return format!(
                "SELECT {evidence} AS evidence, {columns} FROM {from}{conditions} ORDER BY {order} LIMIT {limit}"
            );
        }
        let columns: Vec<String> = distinct.iter().filter_map(named).collect();
        let by: Vec<String> = (1..=columns.len()).map(|number| number.to_string()).collect();
        let (first, last) = (time.first().unwrap_or(&"NULL"), time.last().unwrap_or(&"NULL"));
        let (columns, by) = (columns.join(", "), by.join(", "));
        format!(
            "SELECT {columns}, first_value({evidence} ORDER BY {order}) AS evidence, count(*) AS times, \
             min({first}) AS first, max({last}) AS last FROM {from}{conditions} GROUP BY {by} ORDER BY {by} LIMIT {limit}"
        )
    }

    /// Whether it counts a row, by how many rows it finds there; looked for in its class alone, and of a day that is
    /// known in that day.
    #[must_use]
    pub fn counts(&self, row: &Evidence, day: Option<&str>) -> String {
        let Evidence { table, batch, row } = row;
        let one = match (self.lake.of, day) {
            (LakeTable::Events, Some(day)) => format!("batch = '{batch}' AND row = {row} AND day = '{day}'"),
            (LakeTable::Events, None) => format!("batch = '{batch}' AND row = {row}"),
            (LakeTable::Batches, _) => format!("batch = '{batch}'"),
            (LakeTable::Flaws, _) => format!("batch = '{batch}' AND \"offset\" = {row}"),
        };
        let class = table.rsplit('/').next().filter(|_| self.lake.from == "events");
        let from = class.unwrap_or(self.lake.from);
        format!("SELECT count(*) AS value FROM {from}{}", self.conditions_and(Some(one)))
    }

    fn conditions(&self) -> String {
        self.conditions_and(None)
    }

    fn conditions_and(&self, more: Option<String>) -> String {
        let mut all = self.wanted();
        all.extend(
            self.lake.distinct.iter().filter_map(column).map(|column| format!("{column} IS NOT NULL")),
        );
        all.extend(more);
        written(&all)
    }

    /// What must hold of a row, besides that it has what counts once.
    fn wanted(&self) -> Vec<String> {
        let mut all = within(self.lake, self.figure.rule, self.window());
        all.extend((!self.lake.when.is_empty()).then(|| self.lake.when.to_owned()));
        for (name, value) in &self.cell.parts {
            let part = parts(self.figure).find(|part| part.name == name);
            let is = |column: &str| format!("{column} = '{}'", value.replace('\'', "''"));
            all.extend(part.as_ref().and_then(column).map(is));
        }
        all
    }

    /// The period, or the part of it that is asked for; none where the part lies outside.
    fn window(&self) -> Option<Period> {
        let named = parts(self.figure).filter_map(|part| Some((part.of, self.cell.part(part.name)?)));
        let mut windows = named.filter_map(|(of, value)| match of {
            PartOf::Column(_) => None,
            PartOf::Month => Some(value.parse::<Period>().ok()),
            PartOf::Week => Some(week(self.period, value)),
        });
        windows.try_fold(self.period, |window, part| window.and(part?))
    }
}

/// Conditions that must all hold, as they stand behind a table.
pub(super) fn written(conditions: &[String]) -> String {
    if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) }
}

/// The stretch of seven days of a period that begins on a day.
#[must_use]
pub fn week(period: Period, first_day: &str) -> Option<Period> {
    period.weeks().find(|week| week.first_day().to_string() == first_day)
}

/// All parts that a figure may be asked by.
pub fn parts(figure: &Figure) -> impl Iterator<Item = Part> {
    figure.by.iter().flat_map(|parts| parts.iter().copied())
}

/// What must hold so that a row is of a period.
pub(super) fn within(lake: &Lake, rule: Rule, window: Option<Period>) -> Vec<String> {
    let (first, last) =
        (lake.time.first().copied().unwrap_or_default(), lake.time.last().copied().unwrap_or_default());
    match (rule, window) {
        (Rule::Always, _) => Vec::new(),
        (_, None) => vec!["1 = 0".to_owned()],
        (Rule::During | Rule::AtEnd | Rule::Overlapping, Some(window)) => {
            vec![
                format!("{last} >= {}", instant(window.from())),
                format!("{first} < {}", instant(window.to())),
            ]
        }
    }
}

/// An instant as the lake reads it.
pub(super) fn instant(instant: Instant) -> String {
    format!("TIMESTAMP '{instant}'")
}

/// The expression of a part that is a column.
pub(super) fn column(part: &Part) -> Option<&'static str> {
    match part.of {
        PartOf::Column(column) => Some(column),
        PartOf::Month | PartOf::Week => None,
    }
}

fn named(part: &Part) -> Option<String> {
    let column = column(part)?;
    Some(if column == part.name { column.to_owned() } else { format!("{column} AS {}", part.name) })
}

/// What names a row.
fn evidence(table: LakeTable) -> &'static str {
    match table {
        LakeTable::Events => "concat('lake:own/', class, '/', batch, '/', row)",
        LakeTable::Batches => "concat('lake:own/batches/', batch, '/0')",
        LakeTable::Flaws => "concat('lake:own/flaws/', batch, '/', \"offset\")",
    }
}

/// How rows stand one behind the other.
fn order(lake: &Lake) -> String {
    let first = lake.time.first().copied().unwrap_or("batch");
    match lake.of {
        LakeTable::Events => format!("{first}, batch, row"),
        LakeTable::Batches => format!("{first}, batch"),
        LakeTable::Flaws => format!("{first}, batch, \"offset\""),
    }
}
