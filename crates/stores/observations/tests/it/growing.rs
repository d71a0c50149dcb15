//! Logs that grow and are rotated by random steps, and read at random moments: each event once.

use std::fs::{self, File};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use lake::{Answer, AskLimits, Asking, Looking, Question};
use observations::Observations;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::support::{NOW, keep, open, terms, view};

/// What happens to a log.
#[derive(Debug, Clone)]
enum Step {
    /// So many lines are written; the last one only in part, if `torn`.
    Write { lines: u8, torn: bool },
    /// The rest of a torn line is written.
    Mend,
    /// The log gets another name, and a new one begins.
    Rename,
    /// The log is copied and emptied.
    CopyTruncate,
    /// An older log is compressed.
    Compress,
    /// Everything is read.
    Read,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1u8..6, any::<bool>()).prop_map(|(lines, torn)| Step::Write { lines, torn }),
        2 => Just(Step::Mend),
        1 => Just(Step::Rename),
        1 => Just(Step::CopyTruncate),
        1 => Just(Step::Compress),
        4 => Just(Step::Read),
    ]
}

/// A log and its older parts in a folder.
struct Logs<'a> {
    folder: &'a Path,
    lines: u64,
    rotated: u32,
    /// The rest of a torn line.
    rest: String,
}

impl Logs<'_> {
    fn path(&self) -> PathBuf {
        self.folder.join("app.json")
    }

    fn append(&self, text: &str) {
        let mut file = File::options().create(true).append(true).open(self.path()).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    fn line(&mut self) -> String {
        self.lines += 1;
        format!(
            "{{\"EventID\":1,\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"@timestamp\":{},\"Computer\":\"ws1\",\"ProcessId\":{}}}\n",
            1_779_000_000 + self.lines,
            self.lines,
        )
    }

    fn mend(&mut self) {
        let rest = std::mem::take(&mut self.rest);
        self.append(&rest);
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Write { lines, torn } => {
                self.mend();
                for _ in 0..*lines {
                    let line = self.line();
                    self.append(&line);
                }
                if *torn {
                    let line = self.line();
                    let (first, rest) = line.split_at(line.len() / 2);
                    self.append(first);
                    self.rest = rest.to_owned();
                }
            }
            Step::Mend => self.mend(),
            Step::Rename | Step::CopyTruncate if !self.path().exists() => {}
            Step::Rename | Step::CopyTruncate => {
                // Whoever rotates waits for the end of a line.
                self.mend();
                self.rotated += 1;
                let to = self.folder.join(format!("app.json.{}", self.rotated));
                if matches!(step, Step::Rename) {
                    fs::rename(self.path(), to).unwrap();
                } else {
                    fs::copy(self.path(), to).unwrap();
                    fs::write(self.path(), "").unwrap();
                }
            }
            Step::Compress => {
                let oldest = (1..=self.rotated).map(|number| self.folder.join(format!("app.json.{number}")));
                if let Some(path) = oldest.into_iter().find(|path| path.exists()) {
                    let out = File::create(path.with_extension("gz")).unwrap();
                    let mut packed = flate2::write::GzEncoder::new(out, flate2::Compression::fast());
                    packed.write_all(&fs::read(&path).unwrap()).unwrap();
                    packed.finish().unwrap();
                    let number = path.extension().unwrap().to_str().unwrap();
                    fs::rename(path.with_extension("gz"), self.folder.join(format!("app.{number}.gz")))
                        .unwrap();
                    fs::remove_file(path).unwrap();
                }
            }
            Step::Read => {}
        }
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> =
            fs::read_dir(self.folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

/// Numbers of all processes that questions see, in order.
fn processes(observations: &Observations) -> Vec<u64> {
    let view = view();
    let sql = "SELECT \"process.pid\" FROM process_activity ORDER BY 1".to_owned();
    let question = Question { sql, values: Vec::new() };
    let (who, stop) = (Looking { view: &view, now: NOW }, AtomicBool::new(false));
    let asking = Asking { who, question: &question, limits: AskLimits::default(), stop: &stop };
    let mut found = Vec::new();
    let asked = observations.lake().ask(&asking, &mut |part| {
        if let Answer::Rows(part) = part {
            found.extend(lake::values(&part).into_iter().filter_map(|row| row[0].as_u64()));
        }
        ControlFlow::Continue(())
    });
    asked.unwrap();
    found
}

/// So many histories; more where a variable says so.
fn cases() -> u32 {
    std::env::var("NOROSHI_HISTORIES").ok().and_then(|text| text.parse().ok()).unwrap_or(12)
}

#[test]
fn each_event_is_there_once_however_a_log_grows_and_is_rotated() {
    let config = ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() };
    let steps = proptest::collection::vec(step(), 1..24);
    let outcome = TestRunner::new(config).run(&steps, |steps| {
        let folder = tempfile::tempdir().unwrap();
        let logs_folder = folder.path().join("logs");
        fs::create_dir(&logs_folder).unwrap();
        let (_home, mut observations, _) = open(&folder.path().join("home")).unwrap();
        let terms = terms(&mut observations, "");
        let mut logs = Logs { folder: &logs_folder, lines: 0, rotated: 0, rest: String::new() };
        for step in steps.iter().chain(&[Step::Write { lines: 1, torn: false }, Step::Read]) {
            logs.take(step);
            if matches!(step, Step::Read) {
                keep(&mut observations, &terms, &logs.files());
            }
        }
        observations.settle().unwrap();
        prop_assert_eq!(processes(&observations), (1..=logs.lines).collect::<Vec<_>>());
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}
