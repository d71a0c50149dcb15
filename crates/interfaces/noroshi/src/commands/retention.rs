//! `noroshi retention`: observations end by whole days of a table and owner; first it says what would go.

use journal::query::{LONGEST, Order, Select};
use lake::{Compartment, Days, Expiring, LakeError, Retention, TableName};
use page::Words;
use page::foreign::visible;
use page::wording::{Clock, count, size};
use serde_json::{Value, json};
use watch::retention::{Command, ENDED, Ending, Refusal, Retentions};

use crate::acts::{self, unkept};
use crate::arguments;
use crate::books::{Books, look, unread};
use crate::holder::request::{Gone, Request};
use crate::holder::{Behind, Hand, Opening, Rules};
use crate::output::{self, Table, Width};
use crate::{Failure, Outcome, range};

/// Runs the command.
///
/// # Errors
/// Wrong use, a home that cannot be used, or a lake that refuses.
pub fn run(arguments: &arguments::Retention, words: Words) -> Result<Outcome, Failure> {
    if arguments.history {
        return history(arguments, words);
    }
    let days = match (&arguments.through, arguments.undated) {
        (Some(day), false) => Days::Through(day.parse().map_err(|_| {
            Failure::usage(words, "cli-error-retention-day", &[("day", day.as_str().into())])
        })?),
        _ => Days::Undated,
    };
    let owner = Some(arguments.owner.clone()).filter(|_| !arguments.several);
    let retention = Retention { owner, days };
    let books = Books::open(arguments.at.home.as_deref(), &format!("what ends: {retention}"), words)?;
    let going = going(&books, arguments, &retention, words)?;
    let rows: u64 = going.iter().flat_map(|(_, days)| days).map(|day| day.rows).sum();
    if !arguments.remove {
        return say(&going, arguments, words);
    }
    let Some(reason) = arguments.reason.clone().filter(|reason| !reason.trim().is_empty()) else {
        return Err(Failure::usage(words, "cli-error-reason", &[]));
    };
    if !arguments.at.json && rows > 0 {
        say(&going, arguments, words)?;
    }
    let tables = books.tables().map_err(|error| unread(&error, words))?;
    let place = books.folder().to_owned();
    drop(books);
    let tables: Vec<TableName> = tables.into_iter().map(|listed| listed.name).collect();
    Removing::open(&place, arguments, (retention, reason), words)?.run(&going, &tables)
}

/// Says what ended, the newest first.
fn history(arguments: &arguments::Retention, words: Words) -> Result<Outcome, Failure> {
    let clock = Clock::new(range::zone(&arguments.zone, words)?);
    let reader = acts::read(arguments.at.home.as_deref(), words)?;
    let order = vec![Order { column: "at", falls: true }];
    let select = Select { order, ..Select::all(ENDED, LONGEST) };
    let (mut lines, mut text) = (Vec::new(), String::new());
    let read = look(|who| {
        let names = acts::names(&reader, who)?;
        reader.each(who, select.clone(), &mut |row| {
            let (table, actor) = (row.text("kept_in").replacen(':', ".", 1), row.text("actor"));
            let (owner, through, reason) = (row.text("whose"), row.text("through"), row.text("reason"));
            let (at, by) = (row.time("at"), names.get(actor).map_or(actor, String::as_str));
            let told = [&clock.moment(at.timestamp()), by, &table, owner, through, reason].join("  ");
            text += &format!("{}\n", visible(&told));
            lines.push(json!({
                "table": table, "owner": owner, "through": through, "rows": row.number("rows_ordered"),
                "reason": reason, "actor": actor, "name": names.get(actor), "at": at,
            }));
        })
    });
    read.map_err(|error| unkept(&error, words))?;
    if arguments.at.json {
        return output::print_json(&lines, words);
    }
    if lines.is_empty() {
        text = words.get("cli-retention-history-none") + "\n";
    }
    output::print(&text, words)
}

/// What would go of each table.
type Going = Vec<(TableName, Vec<Expiring>)>;

fn going(
    books: &Books,
    arguments: &arguments::Retention,
    retention: &Retention,
    words: Words,
) -> Result<Going, Failure> {
    let failed = |error: LakeError| unread(&error, words);
    let named: Vec<TableName> = if arguments.table.is_empty() {
        books.tables().map_err(failed)?.into_iter().map(|listed| listed.name).collect()
    } else {
        let of = |name: &String| {
            let wrong =
                || Failure::usage(words, "cli-error-retention-table", &[("table", name.as_str().into())]);
            name.parse().or_else(|_| TableName::new(Compartment::own(), name)).map_err(|_| wrong())
        };
        arguments.table.iter().map(of).collect::<Result<_, _>>()?
    };
    let mut going = Going::new();
    for table in named {
        match books.expiring(&table, retention) {
            Ok(days) => going.push((table, days)),
            // Who names no table means those that have days.
            Err(LakeError::WithoutDays(_)) if arguments.table.is_empty() => {}
            Err(LakeError::WithoutDays(table)) => {
                let values = [("table", table.in_sql().into())];
                return Err(Failure::usage(words, "cli-error-retention-days", &values));
            }
            Err(LakeError::NoTable(table)) => {
                let values = [("table", table.to_string().into())];
                return Err(Failure::usage(words, "cli-error-retention-table", &values));
            }
            Err(error) => return Err(failed(error)),
        }
    }
    going.retain(|(_, days)| !days.is_empty());
    Ok(going)
}

fn day(table: &TableName, day: &Expiring) -> Value {
    let disk = day.on_disk.unwrap_or_default();
    json!({
        "table": table.in_sql(), "day": day.day, "rows": day.rows,
        "files": disk.files, "whole_files": disk.whole, "bytes": disk.bytes,
    })
}

/// Says what would go.
fn say(going: &Going, arguments: &arguments::Retention, words: Words) -> Result<Outcome, Failure> {
    if arguments.at.json {
        let all = going.iter().flat_map(|(table, days)| days.iter().map(move |one| day(table, one)));
        return output::print_json(&json!({ "would_remove": all.collect::<Vec<_>>() }), words);
    }
    if going.is_empty() {
        return output::print(&(words.get("cli-retention-nothing") + "\n"), words);
    }
    let heading = |name: &str, is_number| lake::Heading {
        name: words.get(&format!("cli-retention-head-{name}")),
        is_number,
    };
    let headings = vec![
        heading("table", false),
        heading("days", false),
        heading("rows", true),
        heading("files", true),
        heading("bytes", true),
    ];
    let row = |(table, days): &(TableName, Vec<Expiring>)| -> Vec<Value> {
        let sum = |of: fn(&Expiring) -> u64| days.iter().map(of).sum::<u64>();
        let span = match (days.first(), days.last()) {
            (Some(first), Some(last)) if first.day != last.day => format!("{} – {}", first.day, last.day),
            (Some(first), _) => first.day.clone(),
            _ => String::new(),
        };
        let texts = [
            table.in_sql(),
            span,
            count(sum(|day| day.rows)),
            count(sum(|day| day.on_disk.unwrap_or_default().files)),
            size(sum(|day| day.on_disk.unwrap_or_default().bytes)),
        ];
        texts.into_iter().map(Value::String).collect()
    };
    let mut table = Table::new(headings, Width::Any);
    table.add(going.iter().map(row).collect());
    let mut text = table.finish();
    if !arguments.remove {
        text += &(words.get("cli-retention-next") + "\n");
    }
    output::print(&text, words)
}

/// Rows that are being removed.
struct Removing<'a> {
    hand: Hand,
    arguments: &'a arguments::Retention,
    retention: Retention,
    reason: String,
    words: Words,
}

impl<'a> Removing<'a> {
    fn open(
        place: &std::path::Path,
        arguments: &'a arguments::Retention,
        (retention, reason): (Retention, String),
        words: Words,
    ) -> Result<Self, Failure> {
        let hand = Hand::open(place, Opening::long("retention", Rules::OfHome), words)?;
        Ok(Self { hand, arguments, retention, reason, words })
    }

    fn run(self, going: &Going, tables: &[TableName]) -> Result<Outcome, Failure> {
        let Self { hand, arguments, retention, reason, words } = self;
        let ending = TableEnding { hand: &hand, retention: &retention, reason: &reason, words };
        let rows = ending.all(going)?;
        let mut waiting = 0;
        for table in tables {
            ending.close(table)?;
            // Also of what ended before: nobody knows whether somebody still read it then.
            waiting += hand.ask::<u64>(&Request::Vacuum { table: table.into() }, Behind::Nothing)?;
        }
        if arguments.at.json {
            return output::print_json(&json!({ "removed_rows": rows, "files_waiting": waiting }), words);
        }
        let values = [("rows", rows.into()), ("files", waiting.into())];
        let key = if rows + waiting == 0 { "cli-retention-nothing" } else { "cli-retention-removed" };
        output::print(&(words.with(key, &values) + "\n"), words)
    }
}

/// The end of an owner's rows, table by table.
struct TableEnding<'a> {
    hand: &'a Hand,
    retention: &'a Retention,
    reason: &'a str,
    words: Words,
}

impl TableEnding<'_> {
    /// Ends the rows of all tables, as work whose progress others see; gives rows that went.
    fn all(&self, going: &Going) -> Result<u64, Failure> {
        if going.is_empty() {
            return Ok(0);
        }
        let work = self.hand.work("watch.retention", &self.retention.to_string(), going.len() as u64)?;
        let mut rows = 0;
        for (done, (table, days)) in (0..).zip(going) {
            work.is_at(done, &table.in_sql())?;
            let removed = self.table(table, days);
            if let Err(failure) = &removed {
                drop(work.ends(Err(failure.text.clone())));
            }
            rows += removed?;
        }
        work.is_at(going.len() as u64, "")?;
        work.ends(Ok(())).map(|()| rows)
    }

    /// Orders it, does it, says that it is done; gives rows that went.
    fn table(&self, table: &TableName, days: &[Expiring]) -> Result<u64, Failure> {
        let ending = Ending {
            owner: self.retention.owner.clone(),
            through: self.through(),
            rows: days.iter().map(|day| day.rows).sum(),
            days: u32::try_from(days.len()).unwrap_or(u32::MAX),
            reason: self.reason.to_owned(),
        };
        let order = self.act(table, Command::Order(ending))?;
        let expired: Gone = self.hand.ask(&Request::expire(table, self.retention), Behind::Nothing)?;
        self.act(table, Command::End { order, rows: expired.rows, files: expired.files })?;
        Ok(expired.rows)
    }

    /// Says that what a stopped process had ordered is done: nothing of it is left now.
    fn close(&self, table: &TableName) -> Result<(), Failure> {
        let reader = self.hand.reader();
        let state = look(|who| reader.state::<Retentions>(who, &id(table)));
        let state = state.map_err(|error| unkept(&error, self.words))?;
        let open = state.map(|(kept, _)| kept.open).unwrap_or_default();
        let through = self.through();
        let is_same =
            |(_, other): &&(u64, Ending)| (&other.owner, &other.through) == (&self.retention.owner, &through);
        open.iter().filter(is_same).try_for_each(|(order, _)| {
            self.act(table, Command::End { order: *order, rows: 0, files: 0 }).map(drop)
        })
    }

    fn through(&self) -> String {
        match &self.retention.days {
            Days::Through(day) => day.to_string(),
            Days::Undated => "undated".to_owned(),
        }
    }

    /// Acts in the stream of a table; gives the number of the act.
    fn act(&self, table: &TableName, command: Command) -> Result<u64, Failure> {
        let words = self.words;
        let done = self.hand.act::<Retentions>(&id(table), &command, |refusal| {
            let key = match refusal {
                Refusal::NoReason => "cli-error-reason",
                Refusal::NoOrder => "cli-error-journal",
            };
            Failure::usage(words, key, &[("reason", refusal.to_string().into())])
        })?;
        Ok(done.sequence)
    }
}

/// The id of the stream of a table.
fn id(table: &TableName) -> String {
    format!("{}:{}", table.compartment().as_str().replace('/', "~"), table.class())
}
