//! Rows of tables: filtered, sorted, page by page, and no more than a view shows.

use model::time::Instant;
use model::view::{Label, Looking};
use rusqlite::Connection;
use rusqlite::types::Value as Raw;

use crate::database;
use crate::error::JournalError;
use crate::reader::Reader;
use crate::search::{self, Sought};
use crate::statement::Statement;
use crate::table::{Sort, Table};

/// The most rows of a page.
pub const LONGEST: usize = 10_000;
/// The most values of a filter that the access log names.
const TOLD: usize = 20;

/// Which rows of a table are wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Select<'a> {
    /// The table.
    pub table: &'a str,
    /// All of which hold.
    pub filters: Vec<Filter<'a>>,
    /// Columns by which rows come, besides their key.
    pub order: Vec<Order<'a>>,
    /// Behind this row.
    pub after: Option<After>,
    /// So many rows.
    pub limit: usize,
}

/// What must hold of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter<'a> {
    /// A column has a value that compares so.
    Is(&'a str, Compare, Cell),
    /// A column has one of these values.
    In(&'a str, Vec<Cell>),
    /// One of its texts that are looked through has this part, however it is written.
    Has(&'a str),
}

/// How a value compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// It is the same.
    Equal,
    /// It is another one.
    Other,
    /// It is smaller.
    Below,
    /// It is not smaller.
    AtLeast,
}

/// A column by which rows come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order<'a> {
    /// The column.
    pub column: &'a str,
    /// The greatest first.
    pub falls: bool,
}

/// A value as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cell {
    /// Text, also a personal value; empty where that is forgotten.
    Text(String),
    /// A whole number, or nanoseconds since the epoch.
    Number(i64),
}

/// The place of a row in an order: what a page goes on behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After(pub(crate) Vec<Cell>);

/// Some rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The columns of the table that the view shows.
    pub columns: Vec<&'static str>,
    /// A value for each column of each row.
    pub rows: Vec<Vec<Cell>>,
    /// Whose they are, and what may be done with them.
    pub labels: Vec<Label>,
    /// Where the next page begins, if there is one.
    pub next: Option<After>,
}

/// A row of a page.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    page: &'a Page,
    at: usize,
}

impl<'a> Select<'a> {
    /// All rows of a table by its key, so many at once.
    #[must_use]
    pub fn all(table: &'a str, limit: usize) -> Self {
        Self { table, filters: Vec::new(), order: Vec::new(), after: None, limit }
    }
}

impl Select<'_> {
    /// How the texts are found that are looked for, in the order of the filters.
    fn sought(&self, database: &Connection) -> Result<Vec<Sought>, rusqlite::Error> {
        let texts = self.filters.iter().filter_map(|filter| match filter {
            Filter::Has(text) => Some(search::normal(text)),
            Filter::Is(..) | Filter::In(..) => None,
        });
        texts.map(|text| search::sought(database, self.table, &text)).collect()
    }

    /// What is asked, as the access log has it: without the values of personal columns, and without texts that
    /// are looked for, since these are names more often than not.
    fn told(&self, table: &Table) -> String {
        let is_personal = |name: &str| {
            table.columns.iter().any(|column| column.name == name && column.sort == Sort::Personal)
        };
        let value = |column: &str, cell: &Cell| match cell {
            Cell::Text(_) if is_personal(column) => "…".to_owned(),
            Cell::Text(text) => format!("{text:?}"),
            Cell::Number(number) => number.to_string(),
        };
        let filters = self.filters.iter().map(|filter| match filter {
            Filter::Is(column, compare, cell) => {
                format!("{column} {} {}", compare.sign(), value(column, cell))
            }
            // Who looks for many looks for what somebody else said.
            Filter::In(column, cells) if cells.len() > TOLD => format!("{column} in {} values", cells.len()),
            Filter::In(column, cells) => {
                let cells: Vec<String> = cells.iter().map(|cell| value(column, cell)).collect();
                format!("{column} in {}", cells.join(", "))
            }
            Filter::Has(_) => "a text".to_owned(),
        });
        let filters: Vec<String> = filters.collect();
        let rows = format!("rows of {}", table.name);
        if filters.is_empty() { rows } else { format!("{rows} with {}", filters.join(" and ")) }
    }
}

impl Compare {
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Other => "<>",
            Self::Below => "<",
            Self::AtLeast => ">=",
        }
    }
}

impl Page {
    /// A row.
    #[must_use]
    pub fn entry(&self, at: usize) -> Option<Entry<'_>> {
        (at < self.rows.len()).then_some(Entry { page: self, at })
    }

    /// The value of a row in a column.
    #[must_use]
    pub fn cell(&self, row: usize, column: &str) -> Option<&Cell> {
        let at = self.columns.iter().position(|one| *one == column)?;
        self.rows.get(row)?.get(at)
    }
}

impl<'a> Entry<'a> {
    /// The value of a column, none where the view hides it.
    #[must_use]
    pub fn cell(&self, column: &str) -> Option<&'a Cell> {
        self.page.cell(self.at, column)
    }

    /// The text of a column, empty where the view hides it.
    #[must_use]
    pub fn text(&self, column: &str) -> &'a str {
        self.page.cell(self.at, column).map_or("", Cell::text)
    }

    /// The number of a column, 0 where the view hides it.
    #[must_use]
    pub fn number(&self, column: &str) -> i64 {
        self.page.cell(self.at, column).map_or(0, Cell::number)
    }

    /// The instant of a column.
    #[must_use]
    pub fn time(&self, column: &str) -> Instant {
        Instant::from_nanoseconds(self.number(column))
    }
}

impl Cell {
    /// Its text, if it is one.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Number(_) => "",
        }
    }

    /// Its number, 0 if it is none.
    #[must_use]
    pub fn number(&self) -> i64 {
        match self {
            Self::Text(_) => 0,
            Self::Number(number) => *number,
        }
    }

    pub(crate) fn raw(&self) -> Raw {
        match self {
            Self::Text(text) => Raw::Text(text.clone()),
            Self::Number(number) => Raw::Integer(*number),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl Reader {
    /// All rows that a question is about, page by page.
    ///
    /// # Errors
    /// As [`Reader::page`].
    pub fn each(
        &self,
        who: Looking<'_>,
        mut select: Select<'_>,
        receive: &mut dyn FnMut(Entry<'_>),
    ) -> Result<(), JournalError> {
        loop {
            let page = self.page(who, &select)?;
            (0..page.rows.len()).for_each(|at| receive(Entry { page: &page, at }));
            match page.next {
                Some(next) => select.after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// A page of a table's rows.
    ///
    /// # Errors
    /// When there is no such table, or no such column for this view, or it cannot be read.
    pub fn page(&self, who: Looking<'_>, select: &Select<'_>) -> Result<Page, JournalError> {
        who.view.begin(who.now)?;
        let table = self.kinds.table(select.table)?;
        let sought = self.read(|database| select.sought(database))?.unwrap_or_default();
        let statement = Statement::of(table, who, (select, sought))?;
        let wanted = select.limit.clamp(1, LONGEST);
        let kind = self.kinds.of_table(table.name)?;
        match self.with(|database| database::is_current(database, kind))?.flatten() {
            // Nobody has acted so since the program knows of it.
            None => return Ok(Page { columns: statement.columns, rows: vec![], labels: vec![], next: None }),
            Some(false) => return Err(JournalError::Outdated { kind: kind.name().to_owned() }),
            Some(true) => {}
        }
        let read = self.read(|database| {
            let mut prepared = database.prepare_cached(&statement.text)?;
            statement.bind(&mut prepared)?;
            let mut rows = prepared.raw_query();
            let (mut all, mut last) = (Vec::new(), None);
            while let Some(row) = rows.next()? {
                if all.len() == wanted {
                    return Ok((all, last));
                }
                all.push(statement.row(row, all.last())?);
                if all.len() == wanted {
                    last = Some(After(statement.place(row)?));
                }
            }
            Ok((all, None))
        })?;
        let (rows, next) = read.unwrap_or_default();
        let (rows, labels): (Vec<_>, Vec<_>) = rows.into_iter().map(|row| (row.cells, row.label)).unzip();
        self.access.tell(who, || select.told(table), &labels)?;
        Ok(Page { columns: statement.columns, rows, labels, next })
    }
}
