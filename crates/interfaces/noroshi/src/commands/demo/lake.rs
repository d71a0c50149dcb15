//! The demo's home: all logs kept, each as its organisation's, and two questions to it.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use intake::inputs::{self, InputFile};
use intake::{Settings, Stop};
use lake::{Compartment, Owner};
use model::catalogue::Catalogue;
use model::marking::Marking;
use page::Words;
use page::wording::duration;
use simulate::LogFile;

use crate::arguments::Query;
use crate::commands::detect::progress;
use crate::commands::query;
use crate::holder::{Hand, Opening, Rules};
use crate::keeping::{Became, Keeping, Ways};
use crate::{Failure, Outcome, detecting};

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
pub(super) struct Nation<'a> {
    /// The demo's folder.
    pub(super) folder: &'a Path,
    /// The files of the logs, in the order in which they are delivered.
    pub(super) files: &'a [LogFile],
    /// Whether the logs have just been made anew.
    pub(super) is_new: bool,
    pub(super) settings: &'a Settings,
    pub(super) stop: &'a Stop,
    pub(super) words: Words,
}

impl Nation<'_> {
    /// The home that the logs are kept in.
    pub(super) fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// The folder of the logs.
    pub(super) fn logs(&self) -> PathBuf {
        self.folder.join("logs")
    }

    /// Keeps the logs, with what the bundled rules find in them.
    pub(super) fn keep(&self) -> Result<Outcome, Failure> {
        let (words, place) = (self.words, self.home());
        if self.is_new {
            // It holds other logs.
            match fs::remove_dir_all(&place) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(Failure::output(words, &place.display().to_string(), &error));
                }
                _ => {}
            }
        }
        let began = Instant::now();
        let events = self.deliver(&place)?;
        if self.stop.asked() {
            return Ok(Outcome::Stopped);
        }
        let values = [
            ("events", events.into()),
            ("path", place.display().to_string().into()),
            ("time", duration(began.elapsed().as_secs_f64(), words).into()),
        ];
        println!("{}\n", words.with("cli-demo-kept", &values));
        Ok(Outcome::Done)
    }

    /// Shows two questions with their answers.
    pub(super) fn ask(&self) -> Result<(), Failure> {
        let (words, place) = (self.words, self.home());
        println!("\n{}", words.get("cli-demo-questions"));
        for (key, sql) in QUESTIONS {
            println!("\n{}", words.get(key));
            println!("  noroshi query --home {} '{}'\n", place.display(), sql.replace('\'', r"'\''"));
            let asked = Query { sql: sql.to_owned(), home: Some(place.clone()), ..Query::default() };
            query::answer(&asked, self.stop.clone(), words)?;
        }
        Ok(())
    }

    /// Keeps the logs; gives the events in the home, also those that were there.
    fn deliver(&self, place: &Path) -> Result<u64, Failure> {
        let catalogue = Catalogue::bundled().map_err(|error| Failure { code: 1, text: error.to_string() })?;
        let rules = Rules::These(detecting::bundled(catalogue));
        let hand = Hand::open(place, Opening::long("demo", rules), self.words)?;
        let logs = self.logs();
        let there = inputs::find(std::slice::from_ref(&logs)).files;
        let there: HashMap<PathBuf, InputFile> =
            there.into_iter().map(|file| (file.path.clone(), file)).collect();
        let bytes = AtomicU64::new(0);
        let bar = progress(there.values().map(|file| file.bytes).sum(), self.words);
        let ways = Ways { settings: self.settings, stop: self.stop, bytes: &bytes, again: false };
        let mut events = 0;
        for log in self.files {
            let organisation = log.organisation.clone();
            let owner = Owner { compartment: Compartment::own(), organisation, source: String::new() };
            let files: Vec<InputFile> = there.get(&logs.join(&log.path)).cloned().into_iter().collect();
            let keeping = Keeping { hand: &hand, whose: (owner, Marking::default()), ways };
            keeping.run(&files, &mut |became| {
                bar.set_position(bytes.load(Ordering::Relaxed));
                if let Became::Kept { events: more, .. } | Became::There { events: more, .. } = became {
                    events += more;
                }
            })?;
        }
        bar.finish_and_clear();
        hand.settle()?;
        hand.tidy()?;
        Ok(events)
    }
}
