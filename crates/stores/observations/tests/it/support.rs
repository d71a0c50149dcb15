//! Logs, homes and ways to read them.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use lake::{Answer, AskLimits, Asking, Compartment, Entry, Lake, Looking, Owner, Question, Tables};
use model::catalogue::Catalogue;
use model::marking::Marking;
use model::time::Instant;
use model::view::View;
use observations::{Kept, Observations, ObservationsError, Opened, Terms};
use serde_json::Value;
use sources::{BATCH_BYTES, Batch, Builder, Contents, Cutter, Input, Known, Limits, Piece, Reader, parse};
use spool::Disk;

pub const NOW: Instant = Instant::from_nanoseconds(1_780_000_000_000_000_000);

pub fn tables() -> Arc<Tables> {
    static TABLES: OnceLock<Arc<Tables>> = OnceLock::new();
    TABLES.get_or_init(|| Arc::new(Tables::new(Catalogue::bundled().unwrap()))).clone()
}

pub fn view() -> View {
    access::operator("test", NOW)
}

pub fn owner(source: &str) -> Owner {
    Owner { compartment: Compartment::own(), organisation: "aoba".to_owned(), source: source.to_owned() }
}

/// Lines of about 1 kB, of three classes in turn, and one that is broken in every hundred.
pub fn log(lines: std::ops::Range<usize>) -> String {
    let mut text = String::new();
    for line in lines {
        if line % 100 == 99 {
            text.push_str("{broken}\n");
            continue;
        }
        let (id, rest) = ([1, 3, 22][line % 3], "x".repeat(800));
        let time = 1_779_000_000 + line;
        let _ = writeln!(
            text,
            r#"{{"EventID":{id},"Channel":"Microsoft-Windows-Sysmon/Operational","@timestamp":{time},"Computer":"ws{}","ProcessId":{line},"Rest":"{rest}"}}"#,
            line % 7,
        );
    }
    text
}

/// Rows of `log` that are events.
pub fn events(lines: std::ops::Range<usize>) -> u64 {
    lines.filter(|line| line % 100 != 99).count() as u64
}

pub fn open(place: &Path) -> Result<(home::Writer, Observations, Opened), ObservationsError> {
    let home = home::Writer::take(place).unwrap();
    let view = view();
    let (observations, opened) =
        Observations::open(&home, Looking { view: &view, now: NOW }, tables().into())?;
    Ok((home, observations, opened))
}

pub fn terms<D: Disk + Clone>(observations: &mut Observations<D>, source: &str) -> Terms {
    let view = view();
    let who = Looking { view: &view, now: NOW };
    observations.terms(who, owner(source), Marking::default()).unwrap()
}

/// The batches of files that are not known; `again`: also those that are.
pub fn read(paths: &[PathBuf], known: &Arc<Known>, again: bool) -> Vec<Contents> {
    let mut all = Vec::new();
    for path in paths {
        let input = Input::Seekable(Box::new(File::open(path).unwrap()));
        let mut cutter = Cutter::new(known.clone(), BATCH_BYTES);
        let mut batches = Vec::new();
        for piece in Reader::open(&path.to_string_lossy(), input, &Limits::default()) {
            if let Piece::Segment(segment) = piece {
                batches.extend(cutter.push(segment));
            }
        }
        batches.extend(cutter.finish());
        let mut events = 0;
        for batch in batches {
            let contents = parsed(batch, events);
            events += contents.events;
            if again || contents.stored.is_none() {
                all.push(contents);
            }
        }
    }
    all
}

/// A batch behind so many events of its source.
fn parsed(batch: Batch, first_event: u64) -> Contents {
    let mut builder = Builder::new(Catalogue::bundled().unwrap());
    let (mut events, mut flaws) = (0, Vec::new());
    for segment in &batch.segments {
        builder.count_from(first_event + events);
        let parsed = parse(segment, &mut builder);
        events += parsed.events;
        flaws.extend(parsed.flaws);
    }
    Contents {
        source_path: batch.segments[0].source_path.clone(),
        format: batch.segments[0].format.as_str(),
        start: batch.start,
        end: batch.end,
        open: batch.open,
        stored: batch.stored,
        replaces: batch.replaces,
        first_event,
        events,
        span: None,
        sheets: builder.finish().unwrap(),
        flaws,
    }
}

/// Keeps the files; gives what became of each new batch.
pub fn keep<D: Disk + Clone>(
    observations: &mut Observations<D>,
    terms: &Terms,
    paths: &[PathBuf],
) -> Vec<Kept> {
    let contents = read(paths, &terms.known(), false);
    contents.into_iter().map(|one| observations.keep(terms.prepare(one, NOW).unwrap()).unwrap()).collect()
}

/// What the lake knows of the batches of its own compartment.
pub fn entries(observations: &Observations) -> Vec<Entry> {
    let view = view();
    observations.lake().entries(Looking { view: &view, now: NOW }, &Compartment::own()).unwrap()
}

/// Ids of all rows in the lake, `<batch>/<row>`.
pub fn rows(observations: &Observations) -> Vec<String> {
    let view = view();
    let who = Looking { view: &view, now: NOW };
    let mut ids = Vec::new();
    for entry in entries(observations) {
        for table in tables().iter() {
            let name = format!("own/{}", table.class).parse().unwrap();
            let Ok(parts) = observations.lake().batch(who, &name, entry.batch) else { continue };
            for part in parts {
                let numbers = part.column_by_name("row").unwrap().clone();
                let numbers =
                    arrow_array::cast::AsArray::as_primitive::<arrow_array::types::Int64Type>(&*numbers)
                        .clone();
                ids.extend(numbers.values().iter().map(|row| format!("{}/{row}", entry.batch)));
            }
        }
    }
    ids.sort();
    ids
}

/// The first value of each row of an answer.
pub fn ask(lake: &Lake, sql: &str) -> Vec<Value> {
    let view = view();
    let question = Question { sql: sql.to_owned(), values: Vec::new() };
    let stop = AtomicBool::new(false);
    let who = Looking { view: &view, now: NOW };
    let asking = Asking { who, question: &question, limits: AskLimits::default(), stop: &stop };
    let mut rows = Vec::new();
    lake.ask(&asking, &mut |part| {
        if let Answer::Rows(part) = part {
            rows.extend(lake::values(&part).into_iter().map(|mut row| row.swap_remove(0)));
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    rows
}

/// How many events questions see.
pub const COUNT: &str = "SELECT count(*) FROM events";

/// The newest commit of the table in a folder.
pub fn newest_commit(table: &Path) -> PathBuf {
    let commits = fs::read_dir(table.join("_delta_log")).unwrap().map(|entry| entry.unwrap().path());
    commits.filter(|path| path.extension().is_some_and(|end| end == "json")).max().unwrap()
}

/// A copy of a folder as it is now, as a process that died leaves it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
