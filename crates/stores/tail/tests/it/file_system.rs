//! The main cases on a real file system.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use tail::{Event, FileSystem, Log, Tail};

struct Followed {
    folder: tempfile::TempDir,
    tail: Tail<FileSystem>,
    given: BTreeMap<Log, String>,
    events: Vec<Event>,
}

impl Followed {
    fn new() -> Self {
        let (folder, tail) = (tempfile::tempdir().unwrap(), Tail::new(FileSystem, 2));
        Self { folder, tail, given: BTreeMap::new(), events: Vec::new() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let file = OpenOptions::new().create(true).append(true).open(self.path(name));
        file.unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn turn(&mut self) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
        let entries = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        self.events.extend(self.tail.look(&entries.collect::<Vec<_>>(), now, &|| false));
        for log in self.tail.live() {
            while let Some(bytes) = self.tail.read(log, 1 << 20, now) {
                self.given.entry(log).or_default().push_str(std::str::from_utf8(&bytes).unwrap());
            }
        }
    }

    fn lines(&self) -> Vec<&str> {
        let mut lines: Vec<&str> = self.given.values().flat_map(|text| text.lines()).collect();
        lines.sort_unstable();
        lines
    }
}

#[test]
fn fast_rotations_that_turn_inodes_over_lose_nothing() {
    let mut followed = Followed::new();
    let mut wanted = Vec::new();
    followed.turn();
    for number in 10..30 {
        followed.write("app.log", &format!("line {number}\n"));
        wanted.push(format!("line {number}"));
        if number % 2 == 0 {
            followed.turn();
        }
        drop(fs::remove_file(followed.path("app.log.2")));
        drop(fs::rename(followed.path("app.log.1"), followed.path("app.log.2")));
        fs::rename(followed.path("app.log"), followed.path("app.log.1")).unwrap();
    }
    followed.turn();
    assert_eq!(followed.lines(), wanted);
}

#[test]
fn copies_truncation_and_overwriting() {
    let mut followed = Followed::new();
    followed.write("app.log", "one\n");
    followed.turn();
    // Written, copied and cut off between two looks; then a copy that stays.
    followed.write("app.log", "two\n");
    fs::copy(followed.path("app.log"), followed.path("app.log.1")).unwrap();
    File::options().write(true).open(followed.path("app.log")).unwrap().set_len(0).unwrap();
    followed.write("app.log", "three, longer than what was there before\n");
    fs::copy(followed.path("app.log"), followed.path("app.log.bak")).unwrap();
    followed.turn();
    followed.turn();
    assert_eq!(followed.lines(), ["one", "three, longer than what was there before", "two"]);
    fs::write(followed.path("app.log"), "four, written over it\nfive, in the same file\n").unwrap();
    followed.turn();
    followed.turn();
    assert_eq!(followed.lines().len(), 5, "{:?}", followed.lines());
    assert!(!followed.events.iter().any(|event| matches!(event, Event::Refused { .. })));
}

#[test]
fn a_relative_path_in_the_folder_at_hand_is_looked_at() {
    let mut tail = Tail::new(FileSystem, 2);
    // The manifest of this crate: tests run beside it.
    let events = tail.look(&[PathBuf::from("Cargo.toml")], 1, &|| false);
    let [Event::Began { log, path, .. }] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(path, Path::new("Cargo.toml"));
    assert!(tail.read(*log, 1 << 20, 1).is_some_and(|bytes| bytes.starts_with(b"[package]")));
}
