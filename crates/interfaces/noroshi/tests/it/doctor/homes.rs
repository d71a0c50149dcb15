//! Homes to be broken: one that nobody is busy with, and one of a process that was killed while it took in logs.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use crate::commands::{RULE, event, folder, said};
use crate::ingesting::log;
use crate::stopping::Running;

/// Which home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// One that nobody is busy with.
    Quiet,
    /// One of a process that was killed.
    Killed,
}

/// Both, each in a folder with logs and rules.
pub struct Homes {
    quiet: tempfile::TempDir,
    killed: tempfile::TempDir,
}

/// What is there of a file or folder: its mode, owner, when it changed, and its bytes.
pub type Trace = (u32, u32, SystemTime, Vec<u8>);

impl Homes {
    pub fn new() -> Self {
        Self { quiet: quiet(), killed: killed() }
    }

    pub fn of(&self, which: Of) -> &Path {
        match which {
            Of::Quiet => self.quiet.path(),
            Of::Killed => self.killed.path(),
        }
    }
}

/// Runs a command that has to succeed, as a user of whom a name is known.
pub fn run(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
    command.current_dir(folder).env("XDG_CACHE_HOME", folder.join("cache")).env("USER", "hanako");
    let output = command.args(arguments).args(["--home", "home"]).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
}

/// Two logs, one after the other, a set of rules that was taken, and a question.
fn quiet() -> tempfile::TempDir {
    let folder = folder();
    let path = folder.path();
    run(path, &["ingest", "--no-detect", "log.json"]);
    fs::write(path.join("more.json"), event("2026-06-11T02:00:00Z", "more")).expect("written");
    run(path, &["ingest", "--no-detect", "more.json"]);
    fs::create_dir(path.join("set")).expect("made");
    fs::write(path.join("set/a.yml"), RULE).expect("written");
    run(path, &["rules", "add", "ours", "set", "--enable", "--reason", "reviewed"]);
    run(path, &["query", "SELECT count(*) FROM events"]);
    folder
}

/// What a process has received that was killed before it added it to the lake.
fn killed() -> tempfile::TempDir {
    let folder = folder();
    let path = folder.path();
    run(path, &["ingest", "log.json"]);
    fs::write(path.join("a.json"), log(9)).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
    command.current_dir(path).env("XDG_CACHE_HOME", path.join("cache")).stdout(Stdio::piped());
    command.args(["ingest", "--home", "home", "--json", "--follow", "a.json"]).stderr(Stdio::null());
    let mut running = Running(command.spawn().expect("the program starts"));
    let lines = BufReader::new(running.0.stdout.take().expect("a pipe")).lines();
    // What it says it has received.
    assert_eq!(lines.take(3).map_while(Result::ok).count(), 3);
    running.0.kill().expect("killed");
    running.0.wait().expect("it ends");
    folder
}

/// Copies a folder with the modes of what is in it.
pub fn copy(from: &Path, to: &Path) {
    let mode = fs::metadata(from).expect("there").mode() & 0o777;
    DirBuilder::new().mode(mode).create(to).expect("made");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        let kind = entry.file_type().expect("known");
        if kind.is_dir() {
            copy(&entry.path(), &to);
        } else if kind.is_file() {
            fs::copy(entry.path(), to).expect("copied");
        }
    }
}

/// All that is in a folder, with the folder itself.
pub fn state(folder: &Path) -> BTreeMap<PathBuf, Trace> {
    let mut all = BTreeMap::new();
    let Ok(data) = fs::symlink_metadata(folder) else { return all };
    let bytes = if data.is_file() { fs::read(folder).expect("read") } else { Vec::new() };
    all.insert(folder.to_owned(), (data.mode(), data.uid(), data.modified().expect("told"), bytes));
    if data.is_dir() {
        for entry in fs::read_dir(folder).expect("a folder") {
            all.extend(state(&entry.expect("an entry").path()));
        }
    }
    all
}
