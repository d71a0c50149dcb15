//! Counting in a home.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use home::Home;
use intake::Stop;
use journal::query::{Compare, Filter, Order, Select};
use journal::{Between, Reader};
use lake::{Answer, AskError, Heading, LakeError, Question};
use model::clause::Register;
use model::evidence::{Evidence, Reference};
use model::figure::{CellId, Condition, Counted, Figure, Journal, Measure, PartOf, Period, Row, Rule, Value};
use model::time::Instant;
use page::Words;
use serde_json::Value as Json;
use watch::figures::{self as watched, Bundled};

use super::as_of::{AsOf, Table};
use super::gone_over::Pass;
use super::question::{Asked, week};
use super::rows::{cell, columns, id_of, row, text_of, time_in};
use super::{Count, known};
use crate::acts::{self, unkept};
use crate::books::{Books, look, unread, with_cause};
use crate::commands::query;
use crate::{Failure, ruleset, signals};

/// Rows of the journal that are read at once.
const PAGE: usize = 10_000;

/// A home in which is counted.
pub struct Counting {
    books: Books,
    home: Home,
    reader: Reader,
    register: Arc<Register>,
    stop: Stop,
    words: Words,
}

impl Counting {
    /// Opens the home that is given, or the one that the environment names; `what` stands in the access log.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn open(given: Option<&Path>, what: &str, words: Words) -> Result<Self, Failure> {
        let books = Books::open(given, what, words)?;
        let home = acts::existing(given, words)?;
        let reader = Reader::open(&home, acts::kinds());
        let register = Register::bundled().map_err(|error| Failure { code: 1, text: with_cause(&error) })?;
        let stop = signals::stop().unwrap_or_default();
        Ok(Self { books, home, reader, register, stop, words })
    }

    /// The books.
    #[must_use]
    pub fn books(&self) -> &Books {
        &self.books
    }

    /// The journal.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The home.
    #[must_use]
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// The clauses.
    #[must_use]
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// In which state the home is.
    ///
    /// # Errors
    /// When a book cannot be read.
    pub fn as_of(&self) -> Result<AsOf, Failure> {
        let head = look(|who| self.reader.head(who)).map_err(|error| unkept(&error, self.words))?;
        let entries = self.books.entries().map_err(|error| unread(&error, self.words))?;
        let newest = entries.iter().filter_map(|entry| entry.span.map(|(_, latest)| latest)).max();
        let received = entries.iter().map(|entry| entry.received).max();
        let tables = self.books.tables().map_err(|error| unread(&error, self.words))?;
        let table =
            |table: lake::Listed| Some(Table { name: table.name.in_sql(), version: table.on_disk?.version });
        Ok(AsOf { newest, head, received, tables: tables.into_iter().filter_map(table).collect() })
    }

    /// All of some figures in a period, with all their parts.
    ///
    /// # Errors
    /// When a book cannot be read.
    pub fn count<'a>(
        &self,
        figures: &'a [Figure],
        period: Period,
        as_of: &AsOf,
    ) -> Result<Vec<Count<'a>>, Failure> {
        let mut counts: BTreeMap<&str, Count<'a>> = BTreeMap::new();
        for pass in Pass::over(figures) {
            let mut rows = Vec::new();
            self.ask(pass.question(period), &mut |row| rows.push(row))?;
            counts.extend(pass.sum(&rows, period).into_iter().map(|count| (count.figure.id, count)));
        }
        let mut all = Vec::with_capacity(figures.len());
        for figure in figures {
            all.push(match (counts.remove(figure.id), measure(figure)) {
                (Some(count), _) => count,
                (None, measure) => self.kept(figure, measure, period, as_of)?,
            });
        }
        Ok(all)
    }

    /// A figure of which all rows are at hand.
    fn kept<'a>(
        &self,
        figure: &'a Figure,
        measure: Measure,
        period: Period,
        as_of: &AsOf,
    ) -> Result<Count<'a>, Failure> {
        let rows = self.all_rows(figure, period, as_of)?;
        let mut cells: BTreeMap<CellId, Vec<&Row>> = BTreeMap::new();
        for row in &rows {
            for parts in figure.by {
                let values =
                    parts.iter().map(|part| Some((part.name.into(), text_of(part.of, figure, row, period)?)));
                if let Some(parts) = values.collect() {
                    cells.entry(CellId { figure: figure.id.into(), parts }).or_default().push(row);
                }
            }
        }
        let cells = cells.into_iter().map(|(id, rows)| (id, measure.of(rows))).collect();
        let newest = rows.iter().filter_map(|row| time_in(figure, row)).max();
        Ok(Count { figure, value: measure.of(&rows), cells, newest })
    }

    /// What one figure, or a part of it, comes to by its own question.
    ///
    /// # Errors
    /// When a book cannot be read.
    pub fn value(&self, asked: (&Figure, &CellId), period: Period, as_of: &AsOf) -> Result<Value, Failure> {
        let (figure, cell) = asked;
        let Counted::Lake(lake) = &figure.counted else {
            return Ok(measure(figure).of(&self.rows(asked, period, (as_of, usize::MAX))?));
        };
        let mut value = 0;
        let question = Asked { figure, lake, period, cell };
        self.ask(question.value(), &mut |row| value = row.first().and_then(Json::as_u64).unwrap_or(0))?;
        Ok(Value::Count(value))
    }

    /// The rows that a figure, or a part of it, counts, so many at most.
    ///
    /// # Errors
    /// When a book cannot be read.
    pub fn rows(
        &self,
        (figure, cell): (&Figure, &CellId),
        period: Period,
        (as_of, limit): (&AsOf, usize),
    ) -> Result<Vec<Row>, Failure> {
        if let Counted::Lake(lake) = &figure.counted {
            let mut rows = Vec::new();
            let question = Asked { figure, lake, period, cell };
            let names = columns(lake);
            // What the lake takes for a number.
            let limit = limit.min(isize::MAX.unsigned_abs());
            self.ask(question.rows(limit), &mut |values| rows.extend(row(&names, values, lake)))?;
            return Ok(rows);
        }
        let is_of = |row: &Row| {
            cell.parts.iter().all(|(name, value)| {
                let part = super::question::parts(figure).find(|part| part.name == name);
                part.and_then(|part| text_of(part.of, figure, row, period)).as_ref() == Some(value)
            })
        };
        Ok(self.all_rows(figure, period, as_of)?.into_iter().filter(is_of).take(limit).collect())
    }

    /// Whether a figure counts a row of the lake, of this day if it is known, in a period.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub fn counts(
        &self,
        figure: &Figure,
        period: Period,
        (row, day): (&Evidence, Option<&str>),
    ) -> Result<bool, Failure> {
        let Counted::Lake(lake) = &figure.counted else { return Ok(false) };
        let cell = CellId::whole(figure.id);
        let mut found = 0;
        let question = Asked { figure, lake, period, cell: &cell }.counts(row, day);
        self.ask(question, &mut |row| found = row.first().and_then(Json::as_u64).unwrap_or(0))?;
        Ok(found > 0)
    }

    /// The rows of a figure that does not count rows of the lake.
    fn all_rows(&self, figure: &Figure, period: Period, as_of: &AsOf) -> Result<Vec<Row>, Failure> {
        match &figure.counted {
            Counted::Lake(_) => Ok(Vec::new()),
            Counted::Journal(journal) => self.stored(journal, period),
            Counted::Named(_) => self.named(figure, period, as_of),
        }
    }

    /// Rows of a table of the journal.
    fn stored(&self, journal: &Journal, period: Period) -> Result<Vec<Row>, Failure> {
        let (kind, id) = journal.stream;
        let mut filters = vec![
            Filter::Is(journal.time, Compare::AtLeast, period.from().nanoseconds().into()),
            Filter::Is(journal.time, Compare::Below, period.to().nanoseconds().into()),
        ];
        filters.extend(journal.when.iter().map(|condition| match condition {
            Condition::Text(column, texts) => {
                Filter::In(column, texts.iter().map(|text| (*text).into()).collect())
            }
            Condition::AtLeast(column, least) => Filter::Is(column, Compare::AtLeast, (*least).into()),
        }));
        let order = vec![Order { column: journal.time, falls: false }];
        let select = Select { filters, order, ..Select::all(journal.table, PAGE) };
        let mut rows = Vec::new();
        let each = look(|who| {
            self.reader.each(who, select, &mut |found| {
                let value = |column: &&'static str| (*column, cell(journal, column, found));
                let stream = format!("{kind}/{}", id_of(found, id));
                rows.push(Row {
                    evidence: Reference::act(&stream, 1),
                    values: journal.shown.iter().map(value).collect(),
                });
            })
        });
        each.map_err(|error| unkept(&error, self.words)).map(|()| rows)
    }

    /// What a function gives of acts, or of what the program knows.
    fn named(&self, figure: &Figure, period: Period, as_of: &AsOf) -> Result<Vec<Row>, Failure> {
        let kept = |error| unkept(&error, self.words);
        let end = as_of.at().map_or(period.to(), |at| at.min(period.to()));
        let from =
            if figure.rule == Rule::AtEnd { Instant::from_nanoseconds(i64::MIN) } else { period.from() };
        let acts = match watched::kind_of(figure.id) {
            Some(kind) => {
                let between = Between { from, to: period.to() };
                look(|who| self.reader.acts(who, kind, between)).map_err(kept)?
            }
            None => Vec::new(),
        };
        let bundled = || Bundled {
            version: env!("CARGO_PKG_VERSION"),
            rules: u32::try_from(ruleset::bundled().len()).unwrap_or(u32::MAX),
        };
        match figure.id {
            "watch.rules" => watched::rules(&acts, end, bundled()).map_err(kept),
            "watch.exclusions" => watched::exclusions(&acts, end).map_err(kept),
            "watch.silences" => Ok(watched::silences(&acts)),
            "watch.silent_sources" => Ok(watched::silent_sources(&acts)),
            "access.viewers" => known::viewers(&self.home, period).map_err(|error| Failure {
                code: 1,
                text: self.words.with("cli-error-access", &[("reason", with_cause(&error).into())]),
            }),
            "duties.clauses" => Ok(known::clauses(&self.register, false)),
            "duties.clauses_with_figures" => Ok(known::clauses(&self.register, true)),
            _ => Ok(Vec::new()),
        }
    }

    /// Asks the lake; where a table is not there, it has no rows.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn ask(&self, sql: String, take: &mut dyn FnMut(Vec<Json>)) -> Result<(), Failure> {
        self.ask_named(sql, &mut |_, values| take(values))
    }

    /// The same, with the names of the columns.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn ask_named(&self, sql: String, take: &mut dyn FnMut(&[Heading], Vec<Json>)) -> Result<(), Failure> {
        let question = Question { sql, values: Vec::new() };
        let mut names = Vec::new();
        let asked = self.books.ask(&question, &self.stop, &mut |part| {
            match part {
                Answer::Columns(columns) => names = lake::headings(&columns),
                Answer::Rows(rows) => lake::values(&rows).into_iter().for_each(|values| take(&names, values)),
            }
            ControlFlow::Continue(())
        });
        match asked {
            Err(AskError::Lake(LakeError::NoTable(_))) => Ok(()),
            Err(error) => Err(query::unanswered(&error, &self.books, self.words)),
            Ok(()) => Ok(()),
        }
    }
}

/// What is made of a figure's rows.
#[must_use]
pub fn measure(figure: &Figure) -> Measure {
    match figure.counted {
        Counted::Lake(_) => Measure::Rows,
        Counted::Journal(journal) => journal.measure,
        Counted::Named(measure) => measure,
    }
}

/// Which part of which figure an id names; none where there is none such.
#[must_use]
pub fn cell_of<'a>(figures: &'a [Figure], id: &CellId, period: Period) -> Option<&'a Figure> {
    let figure = figures.iter().find(|figure| figure.id == id.figure)?;
    let fits = |name: &str, value: &str| {
        let part = super::question::parts(figure).find(|part| part.name == name);
        part.is_some_and(|part| match part.of {
            PartOf::Column(_) => true,
            PartOf::Month => value.parse::<Period>().is_ok_and(|month| period.and(month).is_some()),
            PartOf::Week => week(period, value).is_some(),
        })
    };
    id.parts.iter().all(|(name, value)| fits(name, value)).then_some(figure)
}
