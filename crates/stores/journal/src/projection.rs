//! Rows that acts put into tables. The one place where statements are made of names: they come from
//! [`Table`]s alone, and are small letters and `_`.

use model::marking::Marking;
use model::time::Instant;
use model::view::Label;
use rusqlite::types::ToSqlOutput;
use rusqlite::{CachedStatement, Connection, ToSql, params, params_from_iter};

use crate::error::JournalError;
use crate::personal::Personal;
use crate::rebuild::BESIDE;
use crate::registry::{AnyKind, Folded, Kinds};
use crate::search;
use crate::stream::{Held, whole};
use crate::table::{Row, Sort, Table, Upsert, Value};

/// The columns by which views decide, which each table has.
pub(crate) const LABEL: [&str; 5] = ["compartment", "owner", "tlp", "confidentiality", "pap"];

/// What parts the values of a key in the search table; no text has it.
const BETWEEN: &str = "\u{1f}";

/// Statements that make a table under a name; the indexes of unique columns come after the rows when
/// a table is made anew. Rows stand in the order of their key: most keys are texts, and would else stand there twice.
/// PostgreSQL has no such word and needs none.
pub(crate) fn make(table: &Table, name: &str) -> String {
    let columns = table.columns.iter().map(|column| {
        let kind = match column.sort {
            Sort::Text | Sort::Personal => "TEXT",
            Sort::Number | Sort::Time => "BIGINT",
        };
        format!("{} {kind} NOT NULL", column.name)
    });
    let labels = LABEL.iter().map(|label| format!("{label} TEXT NOT NULL"));
    let columns: Vec<String> = columns.chain(labels).collect();
    format!(
        "CREATE TABLE {name} ({}, PRIMARY KEY ({})) WITHOUT ROWID",
        columns.join(", "),
        table.key.join(", ")
    )
}

/// Statements that make the indexes of a table.
pub(crate) fn indexes(table: &Table) -> Vec<String> {
    let of = |kind: &str, number: usize, columns: &[&str]| {
        let unique = if kind == "unique" { "UNIQUE " } else { "" };
        let (name, columns) = (table.name, columns.join(", "));
        format!("CREATE {unique}INDEX {name}_{kind}_{number} ON {name} ({columns})")
    };
    let unique = table.unique.iter().enumerate().map(|(number, columns)| of("unique", number, columns));
    // Pages go on behind the key of the last row.
    let sorted = table.sorted.iter().enumerate().map(|(number, columns)| {
        let key = table.key.iter().filter(|key| !columns.contains(key));
        let all: Vec<&str> = columns.iter().chain(key).copied().collect();
        of("sorted", number, &all)
    });
    let is_searched = table.columns.iter().any(|column| column.searched);
    // Search leads from texts to rows.
    let entry = is_searched.then(|| {
        let name = table.name;
        format!("CREATE INDEX {name}_entry ON {name} (({}))", entry_in(table, ""))
    });
    unique.chain(sorted).chain(entry).collect()
}

/// The key of a row as the search table names it, in the words of both databases; `prefix` stands before the
/// names of columns.
pub(crate) fn entry_in(table: &Table, prefix: &str) -> String {
    let parts = table.key.iter().map(|name| format!("CAST({prefix}{name} AS TEXT)"));
    // SQLite compares by an index of what is known to be text alone, and does not know it of what is joined.
    format!("CAST({} AS TEXT)", parts.collect::<Vec<_>>().join(&format!(" || '{BETWEEN}' || ")))
}

/// The text of a value that a row has for a personal one.
fn commitment(personal: Option<&Personal>) -> String {
    personal.map(|personal| personal.commitment.to_string()).unwrap_or_default()
}

/// A value on its way into a row.
enum Bound<'a> {
    Value(&'a Value),
    Text(&'a str),
}

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Text(text) => ToSqlOutput::from(*text),
            Self::Value(Value::Text(text)) => ToSqlOutput::from(text.as_str()),
            Self::Value(Value::Number(number)) => ToSqlOutput::from(*number),
            Self::Value(Value::Time(time)) => ToSqlOutput::from(time.nanoseconds()),
            Self::Value(Value::Personal(personal)) => ToSqlOutput::from(commitment(personal.as_ref())),
        })
    }
}

/// A table, and the statements that change its rows.
#[derive(Debug, Clone)]
pub(crate) struct Changes {
    pub(crate) table: &'static Table,
    put: Both,
    remove: Both,
}

/// A statement about a table, and about the one that is made beside it.
#[derive(Debug, Clone)]
struct Both {
    own: String,
    beside: String,
}

impl Both {
    fn of(statement: impl Fn(&str) -> String) -> Self {
        Self { own: statement(""), beside: statement(BESIDE) }
    }

    /// The one about the table whose name begins so.
    fn at(&self, prefix: &str) -> &str {
        if prefix.is_empty() { &self.own } else { &self.beside }
    }
}

impl Changes {
    pub(crate) fn of(table: &'static Table) -> Self {
        let (name, key) = (table.name, table.key.join(", "));
        let names: Vec<&str> = table.columns.iter().map(|column| column.name).chain(LABEL).collect();
        let set = names.iter().filter(|name| !table.key.contains(name));
        let set: Vec<String> = set.map(|name| format!("{name} = excluded.{name}")).collect();
        let (all, set, places) = (names.join(", "), set.join(", "), places(1, names.len()));
        let wanted = table.key.iter().enumerate().map(|(at, name)| format!("{name} = ${}", at + 1));
        let wanted = wanted.collect::<Vec<_>>().join(" AND ");
        let put = |prefix: &str| {
            format!(
                "INSERT INTO {prefix}{name} ({all}) VALUES ({places}) ON CONFLICT ({key}) DO UPDATE SET {set}"
            )
        };
        let remove = |prefix: &str| format!("DELETE FROM {prefix}{name} WHERE {wanted}");
        Self { table, put: Both::of(put), remove: Both::of(remove) }
    }
}

/// The texts of a label, as its columns hold them.
pub(crate) fn labels(label: &Label) -> [String; 5] {
    let [tlp, confidentiality, pap] = marks(&label.marking).map(str::to_owned);
    [label.compartment.clone(), label.owner.clone(), tlp, confidentiality, pap]
}

/// The same of marks alone; empty where one is not given.
pub(crate) fn marks(marking: &Marking) -> [&'static str; 3] {
    let Marking { tlp, confidentiality, pap } = marking;
    [tlp.as_str(), confidentiality.map_or("", |mark| mark.as_str()), pap.map_or("", |mark| mark.as_str())]
}

/// `$1, $2, …`
pub(crate) fn places(from: usize, count: usize) -> String {
    (from..from + count).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}

/// Where rows are put: the tables themselves, or those that are made beside them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) database: &'a Connection,
    pub(crate) kinds: &'a Kinds,
    /// What stands before the names of tables.
    pub(crate) prefix: &'a str,
}

impl Target<'_> {
    /// Does what follows from an act besides the state: rows, and the fact that others may react to.
    pub(crate) fn carry_out(
        &self,
        folded: &Folded,
        (position, number): (i64, i64),
    ) -> Result<(), rusqlite::Error> {
        let mut putting = Putting::default();
        folded.upserts.iter().try_for_each(|upsert| self.upsert(upsert, &mut putting))?;
        let Some(fact) = &folded.fact else { return Ok(()) };
        let add = format!(
            "INSERT INTO {}facts (position, number, name, stream, sequence, about) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            self.prefix
        );
        let values = params![position, number, fact.name, fact.stream, whole(fact.sequence), fact.about];
        self.database.prepare_cached(&add)?.execute(values).map(drop)
    }

    /// Says what is known of a stream without folding it.
    pub(crate) fn summarise(
        &self,
        kind: &dyn AnyKind,
        stream: &str,
        held: &Held,
    ) -> Result<(), rusqlite::Error> {
        let wake = kind.wakes(&held.state).map(Instant::nanoseconds);
        let [compartment, owner, tlp, confidentiality, pap] = labels(&kind.label(&held.state));
        let put = format!(
            "INSERT INTO {}streams (stream, sequence, wake, compartment, owner, tlp, confidentiality, pap) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (stream) DO UPDATE SET \
             sequence = excluded.sequence, wake = excluded.wake, compartment = excluded.compartment, \
             owner = excluded.owner, tlp = excluded.tlp, confidentiality = excluded.confidentiality, \
             pap = excluded.pap",
            self.prefix
        );
        let values =
            params![stream, whole(held.sequence), wake, compartment, owner, tlp, confidentiality, pap];
        self.database.prepare_cached(&put)?.execute(values).map(drop)
    }

    fn upsert<'r>(&'r self, upsert: &'r Upsert, putting: &mut Putting<'r>) -> Result<(), rusqlite::Error> {
        match upsert {
            Upsert::Put(row) => self.put(row, putting),
            Upsert::Remove { table, key } => self.remove(table, key),
        }
    }

    fn changes(&self, name: &str) -> Result<&Changes, rusqlite::Error> {
        let unknown = || rusqlite::Error::InvalidParameterName(name.to_owned());
        self.kinds.changes(name).ok_or_else(unknown)
    }

    fn put<'r>(&'r self, row: &'r Row, putting: &mut Putting<'r>) -> Result<(), rusqlite::Error> {
        let Changes { table, put, .. } = self.changes(row.table)?;
        if row.values.len() != table.columns.len() {
            return Err(rusqlite::Error::InvalidParameterCount(row.values.len(), table.columns.len()));
        }
        let (statement, labels) = putting.at(self.database, (row, put.at(self.prefix)))?;
        let values = row.values.iter().map(Bound::Value).chain(labels.iter().map(|text| Bound::Text(text)));
        statement.execute(params_from_iter(values))?;
        let mut searched =
            table.columns.iter().zip(&row.values).filter(|(column, _)| column.searched).peekable();
        if searched.peek().is_none() {
            return Ok(());
        }
        let entry = entry(table.key.iter().filter_map(|key| row.values.get(table.place(key)?)));
        for (column, value) in searched {
            self.search_for(&Field { source: table.name, entry: &entry, field: column.name }, value)?;
        }
        Ok(())
    }

    fn remove(&self, name: &str, key: &[Value]) -> Result<(), rusqlite::Error> {
        let Changes { table, remove, .. } = self.changes(name)?;
        let mut statement = self.database.prepare_cached(remove.at(self.prefix))?;
        statement.execute(params_from_iter(key.iter().map(Bound::Value)))?;
        let entry = entry(key.iter());
        for column in table.columns.iter().filter(|column| column.searched) {
            self.forget_text(&Field { source: table.name, entry: &entry, field: column.name })?;
        }
        Ok(())
    }

    /// Lets a text be found.
    fn search_for(&self, field: &Field<'_>, value: &Value) -> Result<(), rusqlite::Error> {
        let (text, commitment) = match value {
            Value::Text(text) => (text.clone(), String::new()),
            Value::Personal(personal) => {
                let commitment = commitment(personal.as_ref());
                let prefix = self.prefix;
                let clear = format!("SELECT value FROM {prefix}personal_values WHERE commitment = $1");
                let mut clear = self.database.prepare_cached(&clear)?;
                let found = clear.query_map([&commitment], |row| row.get(0))?.next().transpose()?;
                (found.unwrap_or_default(), commitment)
            }
            Value::Number(_) | Value::Time(_) => return Ok(()),
        };
        let text = search::normal(&text);
        let Field { source, entry, field: name } = *field;
        let (prefix, key) = (self.prefix, params![source, entry, name]);
        let there = format!(
            "SELECT text, commitment FROM {prefix}search_texts WHERE source = $1 AND entry = $2 AND field = $3"
        );
        let mut there = self.database.prepare_cached(&there)?;
        let mut found = there.query_map(key, |row| Ok((row.get(0)?, row.get(1)?)))?;
        let before: Option<(String, String)> = found.next().transpose()?;
        drop(found);
        if before.as_ref().is_some_and(|(before, of)| *before == text && *of == commitment) {
            return Ok(());
        }
        if before.is_some() {
            self.forget_text(field)?;
        }
        if text.is_empty() {
            return Ok(());
        }
        let add = format!("INSERT INTO {prefix}search_texts VALUES ($1, $2, $3, $4, $5)");
        self.database.prepare_cached(&add)?.execute(params![source, entry, name, commitment, text])?;
        let add = format!("INSERT INTO {prefix}search_grams VALUES ($1, $2, $3, $4)");
        let mut add = self.database.prepare_cached(&add)?;
        search::grams(&text)
            .iter()
            .try_for_each(|gram| add.execute(params![gram, source, entry, name]).map(drop))
    }

    fn forget_text(&self, field: &Field<'_>) -> Result<(), rusqlite::Error> {
        let Field { source, entry, field } = *field;
        for table in ["search_texts", "search_grams"] {
            let statement =
                format!("DELETE FROM {}{table} WHERE source = $1 AND entry = $2 AND field = $3", self.prefix);
            self.database.prepare_cached(&statement)?.execute(params![source, entry, field])?;
        }
        Ok(())
    }
}

/// What is the same for most rows of an act: the statement that puts them, and the texts of their label.
#[derive(Default)]
struct Putting<'r> {
    statement: Option<(&'static str, CachedStatement<'r>)>,
    label: Option<(&'r Label, [String; 5])>,
}

impl<'r> Putting<'r> {
    fn at(
        &mut self,
        database: &'r Connection,
        (row, put): (&'r Row, &str),
    ) -> Result<(&mut CachedStatement<'r>, &[String; 5]), rusqlite::Error> {
        let statement = match self.statement.take() {
            Some((table, statement)) if table == row.table => statement,
            _ => database.prepare_cached(put)?,
        };
        let label = match self.label.take() {
            Some((label, texts)) if *label == row.label => (label, texts),
            _ => (&row.label, labels(&row.label)),
        };
        let (_, statement) = self.statement.insert((row.table, statement));
        let (_, labels) = self.label.insert(label);
        Ok((statement, labels))
    }
}

/// A text of a row.
#[derive(Debug, Clone, Copy)]
struct Field<'a> {
    source: &'a str,
    entry: &'a str,
    field: &'a str,
}

/// A row's key as the search table names it.
pub(crate) fn entry<'a>(key: impl Iterator<Item = &'a Value>) -> String {
    let text = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Time(time) => time.nanoseconds().to_string(),
        Value::Personal(personal) => commitment(personal.as_ref()),
    };
    key.map(text).collect::<Vec<_>>().join(BETWEEN)
}

/// Makes the tables of a kind, empty.
pub(crate) fn make_all(database: &Connection, tables: &[Table]) -> Result<(), JournalError> {
    for table in tables {
        let statements = std::iter::once(make(table, table.name)).chain(indexes(table));
        for statement in statements {
            database.execute_batch(&statement).map_err(JournalError::of("given its tables"))?;
        }
    }
    Ok(())
}
