//! Figures of the lake, several at once: a table is gone over once for all figures that count its rows, by all that
//! they are broken down by, and each of them adds up what is its own.

use std::collections::{BTreeMap, HashMap, HashSet};

use model::figure::{CellId, Counted, Figure, Lake, Part, PartOf, Period, Rule, Value};
use model::time::Instant;
use serde_json::Value as Json;

use super::question::{column, instant, within};
use super::{Count, time_of};

/// Figures for which a table is gone over once.
pub(super) struct Pass<'a> {
    from: &'static str,
    rule: Rule,
    figures: Vec<(&'a Figure, &'a Lake)>,
    /// Expressions by which rows are told apart.
    keys: Vec<String>,
    /// Whether they are told apart by their days as well.
    has_days: bool,
}

/// What a figure comes to while a table is gone over.
#[derive(Default)]
struct Sums {
    whole: Sum,
    cells: HashMap<CellId, Sum>,
    newest: Option<Instant>,
}

/// Rows, or what is told apart in them.
#[derive(Default)]
struct Sum {
    rows: u64,
    seen: HashSet<Vec<String>>,
}

impl<'a> Pass<'a> {
    /// The fewest passes for some figures; those that count no rows of the lake have none.
    pub(super) fn over(figures: &'a [Figure]) -> Vec<Self> {
        let mut passes: Vec<Self> = Vec::new();
        for figure in figures {
            let Counted::Lake(lake) = &figure.counted else { continue };
            let fits = |pass: &&mut Self| {
                let (_, first) = pass.figures[0];
                pass.from == lake.from
                    && pass.rule == figure.rule
                    && first.time == lake.time
                    && !first.is_wide
            };
            match passes.iter_mut().filter(|_| !lake.is_wide).find(fits) {
                Some(pass) => pass.figures.push((figure, lake)),
                None => passes.push(Self {
                    from: lake.from,
                    rule: figure.rule,
                    figures: vec![(figure, lake)],
                    keys: Vec::new(),
                    has_days: false,
                }),
            }
        }
        passes.iter_mut().for_each(Self::find_keys);
        passes
    }

    fn find_keys(&mut self) {
        for (figure, lake) in &self.figures {
            let parts = figure.by.iter().flat_map(|parts| parts.iter()).chain(lake.distinct);
            let columns = parts.clone().filter_map(column).map(str::to_owned);
            let when = Some(lake.when).filter(|when| !when.is_empty()).map(condition);
            for key in columns.chain(when) {
                if !self.keys.contains(&key) {
                    self.keys.push(key);
                }
            }
            self.has_days |= parts.clone().any(|part| !matches!(part.of, PartOf::Column(_)));
        }
    }

    /// What is asked of the lake.
    pub(super) fn question(&self, period: Period) -> String {
        let (_, lake) = self.figures[0];
        let last = lake.time.last().copied().unwrap_or_default();
        let mut keys: Vec<String> = self.keys.clone();
        if self.has_days {
            keys.push(format!("date_bin(INTERVAL '1 day', {last}, {})", instant(period.from())));
        }
        let named: Vec<String> =
            (0..).zip(&keys).map(|(number, key)| format!("{key} AS k{number}, ")).collect();
        let mut conditions = within(lake, self.rule, Some(period));
        // What all of them want needs not be read.
        if self.figures.iter().all(|(_, other)| other.when == lake.when) && !lake.when.is_empty() {
            conditions.push(lake.when.to_owned());
        }
        let conditions = if conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", conditions.join(" AND "))
        };
        let by: Vec<String> = (0..keys.len()).map(|number| format!("k{number}")).collect();
        let by = if by.is_empty() { String::new() } else { format!(" GROUP BY {}", by.join(", ")) };
        let columns = named.concat();
        format!("SELECT {columns}count(*) AS n, max({last}) AS newest FROM {}{conditions}{by}", self.from)
    }

    /// Adds up what the lake answered.
    pub(super) fn sum(&self, rows: &[Vec<Json>], period: Period) -> Vec<Count<'a>> {
        let mut all: Vec<Sums> = self.figures.iter().map(|_| Sums::default()).collect();
        for row in rows {
            let group = Group { pass: self, row, period };
            for (sums, (figure, lake)) in all.iter_mut().zip(&self.figures) {
                group.add(sums, figure, lake);
            }
        }
        let count = |(sums, (figure, lake)): (Sums, &(&'a Figure, &Lake))| {
            let value = |sum: &Sum| {
                Value::Count(if lake.distinct.is_empty() { sum.rows } else { sum.seen.len() as u64 })
            };
            let cells: BTreeMap<CellId, Value> =
                sums.cells.iter().map(|(id, sum)| (id.clone(), value(sum))).collect();
            Count { figure, value: value(&sums.whole), cells, newest: sums.newest }
        };
        all.into_iter().zip(&self.figures).map(count).collect()
    }
}

/// Rows that are the same in all by which they are told apart.
struct Group<'a> {
    pass: &'a Pass<'a>,
    row: &'a [Json],
    period: Period,
}

impl Group<'_> {
    fn add(&self, sums: &mut Sums, figure: &Figure, lake: &Lake) {
        let is_meant = lake.when.is_empty() || self.key(&condition(lake.when)) == Some(&Json::Bool(true));
        let distinct: Option<Vec<String>> = lake.distinct.iter().map(|part| self.text(part)).collect();
        let (Some(distinct), true) = (distinct, is_meant) else { return };
        let behind = self.pass.keys.len() + usize::from(self.pass.has_days);
        let rows = self.row.get(behind).and_then(Json::as_u64).unwrap_or(0);
        if rows == 0 {
            return;
        }
        sums.newest = sums.newest.max(self.row.get(behind + 1).and_then(time_of));
        sums.whole.add(rows, &distinct);
        for parts in figure.by {
            let values = parts.iter().map(|part| Some((part.name.into(), self.text(part)?)));
            if let Some(parts) = values.collect() {
                let id = CellId { figure: figure.id.into(), parts };
                sums.cells.entry(id).or_default().add(rows, &distinct);
            }
        }
    }

    fn key(&self, key: &str) -> Option<&Json> {
        self.row.get(self.pass.keys.iter().position(|known| known == key)?)
    }

    /// What a part is of these rows.
    fn text(&self, part: &Part) -> Option<String> {
        match part.of {
            PartOf::Column(column) => Some(self.key(column)?.as_str()?.to_owned()),
            PartOf::Month => {
                let day = time_of(self.row.get(self.pass.keys.len())?)?;
                Some(self.period.months().find(|month| month.holds(day))?.to_string())
            }
            PartOf::Week => {
                let day = time_of(self.row.get(self.pass.keys.len())?)?;
                Some(self.period.weeks().find(|week| week.holds(day))?.first_day().to_string())
            }
        }
    }
}

impl Sum {
    fn add(&mut self, rows: u64, distinct: &[String]) {
        self.rows += rows;
        if !distinct.is_empty() && !self.seen.contains(distinct) {
            self.seen.insert(distinct.to_vec());
        }
    }
}

/// What must hold of a row, as something by which rows are told apart.
fn condition(when: &str) -> String {
    format!("COALESCE({when}, false)")
}
