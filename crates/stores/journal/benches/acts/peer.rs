//! The least that anybody does who keeps events and a table beside them in SQLite.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};

use crate::Took;

const MAKE: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, sequence BIGINT NOT NULL, \
    bytes TEXT NOT NULL, UNIQUE (stream, sequence)); \
    CREATE TABLE notes (id TEXT NOT NULL, number BIGINT NOT NULL, kind BIGINT NOT NULL, text TEXT NOT NULL, \
    at BIGINT NOT NULL, PRIMARY KEY (id, number)); CREATE INDEX by_kind ON notes (kind);";

/// Events a second, and how long a transaction of so many took.
pub fn run(path: &Path, (together, long): (u64, Duration)) -> (f64, Took) {
    let database = Connection::open(path).expect("opened");
    database.execute_batch(MAKE).expect("made");
    let (began, mut number, mut took) = (Instant::now(), 0_u64, Vec::new());
    while began.elapsed() < long {
        let asked = Instant::now();
        database.execute_batch("BEGIN IMMEDIATE").expect("begun");
        for _ in 0..together {
            number += 1;
            write(&database, number);
        }
        database.execute_batch("COMMIT").expect("durable");
        took.push(asked.elapsed());
    }
    (number as f64 / began.elapsed().as_secs_f64(), Took::of(took))
}

fn write(database: &Connection, number: u64) {
    let number = i64::try_from(number).expect("small");
    let (stream, text) = ("writer-0", format!("note {number} of the day"));
    let bytes = format!(
        r#"{{"act":{{"kind":{},"text":"{text}","type":"noted"}},"actor":"local:1000","at":"2027-01-15T08:00:00Z","sequence":{number},"stream":"bench/counted/{stream}","version":1}}"#,
        number % 1_000
    );
    let event = "INSERT INTO events (stream, sequence, bytes) VALUES ($1, $2, $3)";
    let row = "INSERT INTO notes (id, number, kind, text, at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (id, number) DO UPDATE SET kind = excluded.kind, text = excluded.text, at = excluded.at";
    let run = |statement: &str, values: &[&dyn rusqlite::ToSql]| {
        database.prepare_cached(statement).and_then(|mut run| run.execute(values)).expect("written")
    };
    run(event, params![stream, number, bytes]);
    run(row, params![stream, number, number % 1_000, text, 5]);
}
