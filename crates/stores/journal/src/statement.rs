//! Questions to the database: the SQL of a page, and its rows as they come back. Names in it come from tables
//! alone, values are bound.

use model::marking::Marking;
use model::view::{Label, Looking, Sight};
use rusqlite::Row as Found;
use rusqlite::types::Value as Raw;

use crate::error::JournalError;
use crate::projection::{self, LABEL, labels, marks};
use crate::query::{After, Cell, Filter, LONGEST, Order, Select};
use crate::search::{self, Sought};
use crate::table::{Sort, Table};

/// A row as it comes from the database.
pub(crate) struct Read {
    pub(crate) cells: Vec<Cell>,
    pub(crate) label: Label,
}

/// A question to the database.
pub(crate) struct Statement {
    pub(crate) text: String,
    values: Vec<Raw>,
    pub(crate) columns: Vec<&'static str>,
    places: usize,
}

impl Statement {
    pub(crate) fn of(
        table: &'static Table,
        who: Looking<'_>,
        (select, sought): (&Select<'_>, Vec<Sought>),
    ) -> Result<Self, JournalError> {
        let mut asking = Asking { table, who, sought: sought.into_iter(), values: Vec::new() };
        let seen = table.columns.iter().filter(|column| who.view.shows_column(column.name));
        let columns: Vec<&'static str> = seen.map(|column| column.name).collect();
        let shown: Vec<String> =
            columns.iter().map(|column| asking.expression(column)).collect::<Result<_, _>>()?;
        let order = asking.order(select)?;
        let mut wanted = vec![asking.seen()];
        for filter in &select.filters {
            wanted.push(asking.filter(filter)?);
        }
        if let Some(after) = &select.after {
            wanted.push(asking.after(&order, after)?);
        }
        let places: Vec<&str> = order.iter().map(|(place, _)| place.as_str()).collect();
        let by: Vec<String> = order
            .iter()
            .map(|(place, falls)| format!("{place}{}", if *falls { " DESC" } else { "" }))
            .collect();
        let chosen: Vec<&str> = shown.iter().map(String::as_str).chain(LABEL).chain(places.clone()).collect();
        let limit = select.limit.clamp(1, LONGEST) + 1;
        let text = format!(
            "SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT {limit}",
            chosen.join(", "),
            table.name,
            wanted.join(" AND "),
            by.join(", ")
        );
        Ok(Self { text, values: asking.values, columns, places: places.len() })
    }

    /// SQLite numbers parameters as they come in the text; ours mean the value of that number, as in PostgreSQL.
    /// The text is read for them: to be asked for each by its name takes as long as the square of their number.
    pub(crate) fn bind(&self, prepared: &mut rusqlite::Statement<'_>) -> Result<(), rusqlite::Error> {
        let mut is_bound = vec![false; self.values.len()];
        let numbers = self.text.split('$').skip(1).filter_map(|behind| {
            let digits = behind.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(behind.len());
            behind[..digits].parse::<usize>().ok()?.checked_sub(1)
        });
        let mut place = 0;
        for at in numbers {
            if !std::mem::replace(&mut is_bound[at], true) {
                place += 1;
                prepared.raw_bind_parameter(place, &self.values[at])?;
            }
        }
        Ok(())
    }

    /// A row; `before` is the one that was read before it.
    pub(crate) fn row(&self, row: &Found<'_>, before: Option<&Read>) -> Result<Read, rusqlite::Error> {
        let at = self.columns.len();
        let cells = (0..at).map(|at| cell(row, at)).collect::<Result<_, _>>()?;
        let label = match before.map(|before| &before.label) {
            Some(label) if is_labelled(row, at, label)? => label.clone(),
            _ => label(row, at)?.ok_or(rusqlite::Error::InvalidQuery)?,
        };
        Ok(Read { cells, label })
    }

    /// The place of a row in the order.
    pub(crate) fn place(&self, row: &Found<'_>) -> Result<Vec<Cell>, rusqlite::Error> {
        let behind = self.columns.len() + LABEL.len();
        (behind..behind + self.places).map(|at| cell(row, at)).collect()
    }
}

/// Whether a row whose label's columns begin at one has this label: most rows have that of the one before.
fn is_labelled(row: &Found<'_>, at: usize, label: &Label) -> Result<bool, rusqlite::Error> {
    let texts = [label.compartment.as_str(), &label.owner].into_iter().chain(marks(&label.marking));
    for (column, text) in (at..).zip(texts) {
        if row.get_ref(column)?.as_str()? != text {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A statement on its way.
struct Asking<'a> {
    table: &'static Table,
    who: Looking<'a>,
    /// How the texts are found that are looked for, in the order of the filters.
    sought: std::vec::IntoIter<Sought>,
    values: Vec<Raw>,
}

impl Asking<'_> {
    /// How a column's values are read. A hidden one is as one that is not there.
    fn expression(&self, name: &str) -> Result<String, JournalError> {
        let column = self.table.columns.iter().find(|column| column.name == name);
        let column = column.filter(|column| self.who.view.shows_column(column.name));
        let column = column
            .ok_or_else(|| JournalError::Unknown { what: format!("column {name} in {}", self.table.name) })?;
        let (table, name) = (self.table.name, column.name);
        Ok(match column.sort {
            Sort::Personal => {
                format!("COALESCE((SELECT value FROM personal_values WHERE commitment = {table}.{name}), '')")
            }
            Sort::Text | Sort::Number | Sort::Time => format!("{table}.{name}"),
        })
    }

    fn place(&mut self, value: Raw) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    /// What holds of rows that the view shows.
    fn seen(&mut self) -> String {
        let Sight::Part(part) = self.who.view.sight() else { return "1 = 1".to_owned() };
        if part.labels.is_empty() {
            return "1 = 0".to_owned();
        }
        let mut all: Vec<[String; 5]> = part.labels.iter().map(labels).collect();
        all.sort_unstable();
        let all = all.into_iter().map(|label| {
            let places = label.map(|text| self.place(Raw::Text(text)));
            format!("({})", places.join(", "))
        });
        let all: Vec<String> = all.collect();
        format!("({}) IN (VALUES {})", LABEL.join(", "), all.join(", "))
    }

    fn filter(&mut self, filter: &Filter<'_>) -> Result<String, JournalError> {
        match filter {
            Filter::Is(column, compare, value) => {
                let (column, place) = (self.expression(column)?, self.place(value.raw()));
                Ok(format!("{column} {} {place}", compare.sign()))
            }
            Filter::In(column, values) => {
                let column = self.expression(column)?;
                let places: Vec<String> = values.iter().map(|value| self.place(value.raw())).collect();
                // No list is empty in PostgreSQL.
                let none = || "1 = 0".to_owned();
                Ok(if places.is_empty() { none() } else { format!("{column} IN ({})", places.join(", ")) })
            }
            Filter::Has(text) => self.has(text),
        }
    }

    /// Rows with a part of a text, in a column that the view shows.
    fn has(&mut self, text: &str) -> Result<String, JournalError> {
        let text = search::normal(text);
        let sought = self.sought.next().unwrap_or(Sought::Anywhere);
        let seen: Vec<&'static str> = {
            let searched = self.table.columns.iter().filter(|column| column.searched);
            searched.map(|column| column.name).filter(|name| self.who.view.shows_column(name)).collect()
        };
        if seen.is_empty() {
            let what = format!("text to look through in {}", self.table.name);
            return Err(JournalError::Unknown { what });
        }
        if text.is_empty() {
            return Ok("1 = 1".to_owned());
        }
        let source = self.place(Raw::Text(self.table.name.to_owned()));
        let fields: Vec<String> = seen.iter().map(|name| self.place(Raw::Text((*name).to_owned()))).collect();
        let fields = fields.join(", ");
        let holds = format!(
            "texts.source = {source} AND texts.field IN ({fields}) AND {}",
            position_of("texts.text", &self.place(Raw::Text(text)))
        );
        let key = projection::entry_in(self.table, &format!("{}.", self.table.name));
        let by = match sought {
            Sought::Pair(pair) => format!("gram = {}", self.place(Raw::Text(pair))),
            Sought::Sign(sign) => {
                let to = self.place(Raw::Text(search::beyond(&sign)));
                format!("gram >= {} AND gram < {to}", self.place(Raw::Text(sign)))
            }
            Sought::Anywhere => {
                let texts = "SELECT 1 FROM search_texts AS texts";
                return Ok(format!("EXISTS ({texts} WHERE texts.entry = {key} AND {holds})"));
            }
        };
        Ok(format!(
            "{key} IN (SELECT texts.entry FROM search_texts AS texts JOIN (SELECT entry, field FROM search_grams \
             WHERE {by} AND source = {source}) AS found ON found.entry = texts.entry AND found.field = texts.field \
             WHERE {holds})"
        ))
    }

    /// Expressions by which rows come, the key last, so that no two rows have the same place.
    fn order(&self, select: &Select<'_>) -> Result<Vec<(String, bool)>, JournalError> {
        let mut order = Vec::new();
        for Order { column, falls } in &select.order {
            order.push((self.expression(column)?, *falls));
        }
        // A key may be hidden; the order then tells no more of it than which of two rows comes first.
        let falls = select.order.last().is_some_and(|last| last.falls);
        for key in self.table.key.iter().filter(|key| !select.order.iter().any(|by| by.column == **key)) {
            order.push((format!("{}.{key}", self.table.name), falls));
        }
        Ok(order)
    }

    /// What holds of rows behind a place.
    fn after(&mut self, order: &[(String, bool)], after: &After) -> Result<String, JournalError> {
        if order.len() != after.0.len() {
            return Err(JournalError::Unknown { what: "such place in this order".to_owned() });
        }
        let places: Vec<String> = after.0.iter().map(|cell| self.place(cell.raw())).collect();
        let falls = order.iter().all(|(_, falls)| *falls);
        if falls || order.iter().all(|(_, falls)| !falls) {
            let columns: Vec<&str> = order.iter().map(|(column, _)| column.as_str()).collect();
            let sign = if falls { "<" } else { ">" };
            return Ok(format!("({}) {sign} ({})", columns.join(", "), places.join(", ")));
        }
        // Orders that rise and fall: behind in one column, and the same in all before it.
        let behind = (0..order.len()).map(|at| {
            let same = (0..at).map(|before| format!("{} = {}", order[before].0, places[before]));
            let sign = if order[at].1 { "<" } else { ">" };
            let beyond = format!("{} {sign} {}", order[at].0, places[at]);
            same.chain([beyond]).collect::<Vec<_>>().join(" AND ")
        });
        Ok(format!("(({}))", behind.collect::<Vec<_>>().join(") OR (")))
    }
}

/// Whether a text has a part, as both languages of SQL ask it with no sign that means another one.
fn position_of(text: &str, part: &str) -> String {
    format!("length(replace({text}, {part}, '')) < length({text})")
}

fn cell(row: &Found<'_>, at: usize) -> Result<Cell, rusqlite::Error> {
    Ok(match row.get_ref(at)? {
        rusqlite::types::ValueRef::Integer(number) => Cell::Number(number),
        value => Cell::Text(value.as_str()?.to_owned()),
    })
}

/// The label of a row whose columns begin at one; none where it has marks that this program does not know,
/// which nobody is shown.
pub(crate) fn label(row: &Found<'_>, at: usize) -> Result<Option<Label>, rusqlite::Error> {
    let text = |column: usize| row.get::<_, String>(at + column);
    let (tlp, confidentiality, pap) = (text(2)?, text(3)?, text(4)?);
    let mark = || -> Option<Marking> {
        Some(Marking {
            tlp: tlp.parse().ok()?,
            confidentiality: match confidentiality.as_str() {
                "" => None,
                mark => Some(mark.parse().ok()?),
            },
            pap: match pap.as_str() {
                "" => None,
                mark => Some(mark.parse().ok()?),
            },
        })
    };
    let Some(marking) = mark() else { return Ok(None) };
    Ok(Some(Label { compartment: text(0)?, owner: text(1)?, marking }))
}
