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
    /// What is grouped by the same; figures that tell many things apart are by themselves.
    sets: Vec<Set<'a>>,
    /// Expressions by which rows are told apart in one set or another.
    keys: Vec<String>,
    /// Whether days are such an expression, behind the others.
    has_days: bool,
}

/// Figures whose rows are told apart by the same.
#[derive(Default)]
struct Set<'a> {
    figures: Vec<(&'a Figure, &'a Lake)>,
    /// By which expressions of the pass.
    keys: Vec<usize>,
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
                pass.from == lake.from && pass.rule == figure.rule && pass.lake().time == lake.time
            };
            match passes.iter_mut().find(fits) {
                Some(pass) => pass.add(figure, lake),
                None => {
                    let sets = vec![Set { figures: vec![(figure, lake)], ..Set::default() }];
                    passes.push(Self {
                        from: lake.from,
                        rule: figure.rule,
                        sets,
                        keys: vec![],
                        has_days: false,
                    });
                }
            }
        }
        passes.iter_mut().for_each(Self::find_keys);
        passes
    }

    fn add(&mut self, figure: &'a Figure, lake: &'a Lake) {
        let is_narrow = |set: &&mut Set<'_>| set.figures.iter().all(|(_, other)| !other.is_wide);
        match self.sets.iter_mut().filter(|_| !lake.is_wide).find(is_narrow) {
            Some(set) => set.figures.push((figure, lake)),
            None => self.sets.push(Set { figures: vec![(figure, lake)], ..Set::default() }),
        }
    }

    /// What its figures have in common.
    fn lake(&self) -> &'a Lake {
        self.sets[0].figures[0].1
    }

    fn figures(&self) -> impl Iterator<Item = &(&'a Figure, &'a Lake)> {
        self.sets.iter().flat_map(|set| &set.figures)
    }

    fn find_keys(&mut self) {
        for set in &mut self.sets {
            for (figure, lake) in &set.figures {
                let parts = figure.by.iter().flat_map(|parts| parts.iter()).chain(lake.distinct);
                let columns = parts.clone().filter_map(column).map(str::to_owned);
                let when = Some(lake.when).filter(|when| !when.is_empty()).map(condition);
                for key in columns.chain(when) {
                    let at = self.keys.iter().position(|known| *known == key).unwrap_or_else(|| {
                        self.keys.push(key);
                        self.keys.len() - 1
                    });
                    if !set.keys.contains(&at) {
                        set.keys.push(at);
                    }
                }
                set.has_days |= parts.clone().any(|part| !matches!(part.of, PartOf::Column(_)));
            }
            self.has_days |= set.has_days;
        }
    }

    /// What is asked of the lake: groups, each with the set that it is of as a number.
    pub(super) fn question(&self, period: Period) -> String {
        let lake = self.lake();
        let last = lake.time.last().copied().unwrap_or_default();
        let mut keys: Vec<String> = self.keys.clone();
        if self.has_days {
            keys.push(format!("date_bin(INTERVAL '1 day', {last}, {})", instant(period.from())));
        }
        let mut conditions = within(lake, self.rule, Some(period));
        // What all of them want needs not be read.
        if self.figures().all(|(_, other)| other.when == lake.when) && !lake.when.is_empty() {
            conditions.push(lake.when.to_owned());
        }
        let wanted = super::question::written(&conditions);
        let named: String = (0..).zip(&keys).map(|(number, key)| format!("{key} AS k{number}, ")).collect();
        let names: Vec<String> = (0..keys.len()).map(|number| format!("k{number}")).collect();
        let columns: String = names.iter().map(|name| format!("{name}, ")).collect();
        let sets = self.sets.iter().map(|set| {
            let of: Vec<&str> = set.places(&self.keys).map(|at| names[at].as_str()).collect();
            format!("({})", of.join(", "))
        });
        let sets: Vec<String> = sets.collect();
        let (set, by) = match (self.sets.len(), names.is_empty()) {
            (1, true) => ("0".to_owned(), String::new()),
            (1, false) => ("0".to_owned(), format!(" GROUP BY {}", names.join(", "))),
            _ => (
                format!("GROUPING({})", names.join(", ")),
                format!(" GROUP BY GROUPING SETS ({})", sets.join(", ")),
            ),
        };
        format!(
            "SELECT {columns}{set} AS g, count(*) AS n, max(t) AS newest \
             FROM (SELECT {named}{last} AS t FROM {}{wanted}){by}",
            self.from
        )
    }

    /// Adds up what the lake answered.
    pub(super) fn sum(&self, rows: &[Vec<Json>], period: Period) -> Vec<Count<'a>> {
        let width = self.keys.len() + usize::from(self.has_days);
        let mut counts = Vec::new();
        for set in &self.sets {
            let mut all: Vec<Sums> = set.figures.iter().map(|_| Sums::default()).collect();
            let marked = if self.sets.len() == 1 { 0 } else { set.mark(&self.keys, width) };
            for row in rows.iter().filter(|row| row.get(width).and_then(Json::as_u64) == Some(marked)) {
                let group = Group { pass: self, row, period, width };
                for (sums, (figure, lake)) in all.iter_mut().zip(&set.figures) {
                    group.add(sums, figure, lake);
                }
            }
            counts.extend(all.into_iter().zip(&set.figures).map(|(sums, of)| sums.count(*of)));
        }
        counts
    }
}

impl Set<'_> {
    /// The places of its expressions among all of the pass; days stand behind these.
    fn places(&self, keys: &[String]) -> impl Iterator<Item = usize> {
        self.keys.iter().copied().chain(self.has_days.then_some(keys.len()))
    }

    /// The number by which its groups are known: a bit for each expression that they are not told apart by, the first
    /// one highest.
    fn mark(&self, keys: &[String], width: usize) -> u64 {
        let of: HashSet<usize> = self.places(keys).collect();
        (0..width).fold(0, |mark, at| mark << 1 | u64::from(!of.contains(&at)))
    }
}

impl Sums {
    fn count<'a>(self, (figure, lake): (&'a Figure, &Lake)) -> Count<'a> {
        let value =
            |sum: &Sum| Value::Count(if lake.distinct.is_empty() { sum.rows } else { sum.seen.len() as u64 });
        let cells: BTreeMap<CellId, Value> =
            self.cells.iter().map(|(id, sum)| (id.clone(), value(sum))).collect();
        Count { figure, value: value(&self.whole), cells, newest: self.newest }
    }
}

/// Rows that are the same in all by which they are told apart.
struct Group<'a> {
    pass: &'a Pass<'a>,
    row: &'a [Json],
    period: Period,
    /// How many values stand before the set and what is counted.
    width: usize,
}

impl Group<'_> {
    fn add(&self, sums: &mut Sums, figure: &Figure, lake: &Lake) {
        let is_meant = lake.when.is_empty() || self.key(&condition(lake.when)) == Some(&Json::Bool(true));
        let distinct: Option<Vec<String>> = lake.distinct.iter().map(|part| self.text(part)).collect();
        let (Some(distinct), true) = (distinct, is_meant) else { return };
        let rows = self.row.get(self.width + 1).and_then(Json::as_u64).unwrap_or(0);
        if rows == 0 {
            return;
        }
        sums.newest = sums.newest.max(self.row.get(self.width + 2).and_then(time_of));
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
