//! The demo's home: the week kept, each log as its organisation's, and two questions to it.

use std::fs;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use intake::batches::{Batches, Read};
use intake::{Settings, Stop, inputs};
use lake::{Answer, AskLimits, Asking, Compartment, Lake, Looking, Owner, Question, Tables};
use model::catalogue::Catalogue;
use model::marking::Marking;
use observations::{Observations, ObservationsError, Prepared};
use page::Words;
use page::wording::duration;
use simulate::LogFile;

use crate::books::{homeless, now, user, with_cause};
use crate::commands::detect::progress;
use crate::output::{Table, Width};
use crate::{Failure, Outcome};

/// What is asked: words that say it, and how.
const QUESTIONS: [(&str, &str); 2] = [
    (
        "cli-demo-question-owners",
        r#"SELECT owner, count(*) AS events, count(DISTINCT "device.hostname") AS hosts, min(time) AS first, max(time) AS last FROM events GROUP BY owner ORDER BY events DESC"#,
    ),
    (
        "cli-demo-question-address",
        r#"SELECT owner, min(time) AS first, max(time) AS last, count(DISTINCT "device.hostname") AS hosts FROM events WHERE "dst_endpoint.ip" = '203.0.113.77' GROUP BY owner ORDER BY first"#,
    ),
];

/// The demo's logs, and what they are read with.
pub(super) struct Week<'a> {
    /// The demo's folder.
    pub(super) folder: &'a Path,
    pub(super) files: &'a [LogFile],
    /// Whether the logs have just been made anew.
    pub(super) is_new: bool,
    pub(super) settings: &'a Settings,
    pub(super) stop: &'a Stop,
    pub(super) words: Words,
}

impl Week<'_> {
    /// Keeps the week, and shows two questions with their answers.
    pub(super) fn keep(&self) -> Result<Outcome, Failure> {
        let words = self.words;
        let place = self.folder.join("home");
        if self.is_new {
            // It holds another week.
            match fs::remove_dir_all(&place) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(Failure::output(words, &place.display().to_string(), &error));
                }
                _ => {}
            }
        }
        let home = home::Writer::take(&place).map_err(|error| homeless(&error, words))?;
        let refused = |error: ObservationsError| {
            let values = [("reason", with_cause(&error).into())];
            Failure { code: 1, text: words.with("cli-error-not-kept", &values) }
        };
        let catalogue = Catalogue::bundled().map_err(|error| Failure { code: 1, text: error.to_string() })?;
        let tables = Arc::new(Tables::new(catalogue));
        let began = std::time::Instant::now();
        let view = access::operator(&user(), now());
        let who = Looking { view: &view, now: now() };
        let (mut observations, _) = Observations::open(&home, who, tables.clone()).map_err(refused)?;
        let events = self.files(&tables, &mut observations).map_err(refused)?;
        observations.settle().map_err(refused)?;
        if self.stop.asked() {
            return Ok(Outcome::Stopped);
        }
        observations.tidy(now()).map_err(refused)?;
        let values = [
            ("events", events.into()),
            ("path", place.display().to_string().into()),
            ("time", duration(began.elapsed().as_secs_f64(), words).into()),
        ];
        println!("\n{}", words.with("cli-demo-kept", &values));
        for (key, sql) in QUESTIONS {
            println!("\n{}", words.get(key));
            println!("  noroshi query --home {} '{}'\n", place.display(), sql.replace('\'', r"'\''"));
            let mut out = io::stdout().lock();
            // A closed terminal must not turn the demo into a failure.
            drop(out.write_all(answer(observations.lake(), sql, words)?.as_bytes()));
        }
        Ok(Outcome::Done)
    }

    /// Keeps the logs; gives the events in the home, also those that were there.
    fn files(&self, tables: &Arc<Tables>, observations: &mut Observations) -> Result<u64, ObservationsError> {
        let all = inputs::find(&[self.folder.join("logs")]).files;
        let bytes = AtomicU64::new(0);
        let bar = progress(all.iter().map(|file| file.bytes).sum(), self.words);
        let mut events = 0;
        for log in self.files {
            let path = self.folder.join("logs").join(&log.path);
            let view = access::operator(&user(), now());
            let who = Looking { view: &view, now: now() };
            let owner = Owner {
                compartment: Compartment::own(),
                organisation: log.organisation.clone(),
                source: String::new(),
            };
            let terms = observations.terms(who, owner.clone(), Marking::default())?;
            let known = observations.known(&owner);
            let batches = Batches {
                catalogue: tables.catalogue(),
                known: &known,
                again: false,
                settings: self.settings,
                stop: self.stop,
                bytes: &bytes,
            };
            let work = |read| -> Result<Option<Prepared>, u64> {
                match read {
                    Read::New(contents) => Ok(terms.prepare(*contents, now()).ok()),
                    Read::There { stored, .. } => Err(stored.events),
                    Read::Flaws(_) => Ok(None),
                }
            };
            let mut error = None;
            let files: Vec<_> = all.iter().filter(|file| file.path == path).cloned().collect();
            let read = batches.run(&files, work, &mut |ready| {
                bar.set_position(bytes.load(Ordering::Relaxed));
                match ready {
                    Err(there) => events += there,
                    Ok(None) => {}
                    Ok(Some(prepared)) => {
                        events += prepared.entry().events;
                        if let Err(refused) = observations.keep(prepared) {
                            error = Some(refused);
                            return Err(io::Error::other("nothing more is kept"));
                        }
                    }
                }
                Ok(())
            });
            match (error, read) {
                (Some(error), _) => return Err(error),
                (None, Err(error)) => return Err(ObservationsError::Died(error.to_string())),
                (None, Ok(_)) => {}
            }
        }
        bar.finish_and_clear();
        Ok(events)
    }
}

/// The answer to a question as a table.
fn answer(lake: &Lake, sql: &str, words: Words) -> Result<String, Failure> {
    let view = access::operator(&user(), now());
    let question = Question { sql: sql.to_owned(), values: Vec::new() };
    let (who, stop) = (Looking { view: &view, now: now() }, AtomicBool::new(false));
    let asking = Asking { who, question: &question, limits: AskLimits::default(), stop: &stop };
    let mut table = Table::new(Vec::new(), Width::Any);
    let asked = lake.ask(&asking, &mut |part| {
        match part {
            Answer::Columns(columns) => table = Table::new(lake::headings(&columns), Width::Any),
            Answer::Rows(rows) => table.add(lake::values(&rows)),
        }
        ControlFlow::Continue(())
    });
    asked.map_err(|error| {
        let values = [("reason", with_cause(&error).into())];
        Failure { code: 1, text: words.with("cli-error-lake", &values) }
    })?;
    Ok(table.finish())
}
