//! `detect --follow` on a folder whose files are renamed, copied, cut off, compressed, replaced and
//! too many, on the file system of this machine. What can happen at all is told in `tail`.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::commands::RULE;
use crate::following::{lantern, numbers, verdicts};
use crate::stopping::{Running, start, wait_until};

/// A folder `logs` that is followed.
struct Followed {
    folder: tempfile::TempDir,
    running: Option<Running>,
}

impl Followed {
    fn new(fill: impl Fn(&Path)) -> Self {
        let folder = tempfile::tempdir().expect("made");
        fs::write(folder.path().join("rule.yml"), RULE).expect("written");
        fs::create_dir(folder.path().join("logs")).expect("made");
        fill(&folder.path().join("logs"));
        let running = start(folder.path(), ARGUMENTS);
        Self { folder, running: Some(running) }
    }

    fn log(&self, name: &str) -> PathBuf {
        self.folder.path().join("logs").join(name)
    }

    fn write(&self, name: &str, lines: impl IntoIterator<Item = u64>) {
        append(&self.log(name), lines);
    }

    fn found(&self) -> Vec<Value> {
        verdicts(self.folder.path())
    }

    /// Waits until a line is found.
    fn wait_for(&self, number: u64) {
        wait_until(|| numbers(&self.found()).contains(&number));
    }

    /// Waits until a line is found that is written now: what was there when its file was first looked at has been
    /// seen by then.
    fn settle(&self, number: u64) {
        self.write("settled.log", [number]);
        self.wait_for(number);
    }

    /// Stops it; gives the summary.
    fn end(&mut self) -> Value {
        let running = self.running.take().expect("runs");
        running.signal("INT");
        assert_eq!(running.end().code, Some(130));
        let text = fs::read_to_string(self.folder.path().join("summary.json")).expect("written");
        serde_json::from_str(&text).expect("JSON")
    }
}

const ARGUMENTS: &str = "--follow --rules rule.yml --json out.jsonl --summary summary.json logs";

fn append(path: &Path, lines: impl IntoIterator<Item = u64>) {
    let file = OpenOptions::new().create(true).append(true).open(path);
    let text: String = lines.into_iter().map(lantern).collect();
    file.expect("opens").write_all(text.as_bytes()).expect("written");
}

fn sorted(found: &[Value]) -> Vec<u64> {
    let mut numbers = numbers(found);
    numbers.sort_unstable();
    numbers
}

/// Codes of the flaws in a summary.
fn flaws(summary: &Value) -> Vec<&str> {
    summary["flaws"].as_array().expect("a list").iter().filter_map(|flaw| flaw["code"].as_str()).collect()
}

#[test]
fn seven_lines_survive_rotations_that_turn_inodes_over() {
    let mut followed = Followed::new(|_| {});
    for number in 0..7 {
        followed.write("app.log", [number]);
        if number % 3 == 0 {
            followed.wait_for(number);
        }
        drop(fs::remove_file(followed.log("app.log.2")));
        drop(fs::rename(followed.log("app.log.1"), followed.log("app.log.2")));
        fs::rename(followed.log("app.log"), followed.log("app.log.1")).expect("renamed");
        if number % 3 == 1 {
            followed.settle(100 + number);
        }
    }
    followed.settle(99);
    // A log that is known is read without a look, and what came under other names may be seen by the next one.
    (0..7).for_each(|number| followed.wait_for(number));
    let expected: Vec<u64> = (0..7).chain([99, 101, 104]).collect();
    assert_eq!(sorted(&followed.found()), expected);
    assert!(flaws(&followed.end()).is_empty());
}

#[test]
fn copies_and_copytruncate_in_a_followed_folder_are_not_read_twice() {
    let mut followed = Followed::new(|_| {});
    followed.write("app.log", 0..3);
    followed.wait_for(2);
    fs::copy(followed.log("app.log"), followed.log("app.log.bak")).expect("copied");
    followed.settle(90);
    followed.write("app.log", 3..5);
    fs::copy(followed.log("app.log"), followed.log("app.log.1")).expect("copied");
    File::options().write(true).open(followed.log("app.log")).expect("opens").set_len(0).expect("cut");
    // More than was there before, so that its length tells nothing.
    followed.write("app.log", 5..20);
    followed.wait_for(19);
    followed.settle(91);
    let found = followed.found();
    assert_eq!(sorted(&found), (0..20).chain([90, 91]).collect::<Vec<_>>());
    // What was copied goes on where it was; what was written anew begins anew.
    let ordinal = |number: u64| {
        let place = numbers(&found).iter().position(|found| *found == number).expect("found");
        found[place]["events"][0]["ordinal"].as_u64().expect("a number")
    };
    assert_eq!([ordinal(2), ordinal(3), ordinal(4), ordinal(5), ordinal(19)], [3, 4, 5, 1, 15]);
    assert!(flaws(&followed.end()).is_empty());
}

#[test]
fn a_file_overwritten_without_shrinking_is_read_anew_and_told() {
    let mut followed = Followed::new(|_| {});
    followed.write("app.log", 0..2);
    followed.wait_for(1);
    fs::write(followed.log("app.log"), (10..14).map(lantern).collect::<String>()).expect("written");
    followed.wait_for(13);
    assert_eq!(sorted(&followed.found()), [0, 1, 10, 11, 12, 13]);
    assert_eq!(flaws(&followed.end()), ["cut-off-unread"]);
}

#[test]
fn a_compressed_rotation_gives_nothing_again_and_an_archive_only_what_is_new() {
    let mut followed = Followed::new(|logs| {
        fs::write(logs.join("old.tar"), tar(&[("one.log", lantern(0) + &lantern(1))])).expect("written");
        fs::write(logs.join("sample.bin"), [0xff, 1, 2, 3].repeat(300)).expect("written");
    });
    followed.wait_for(1);
    followed.write("app.log", 2..4);
    followed.wait_for(3);
    fs::rename(followed.log("app.log"), followed.log("app.log.1")).expect("renamed");
    followed.settle(90);
    let text = fs::read(followed.log("app.log.1")).expect("read");
    fs::write(followed.log("app.log.1.gz"), gzip(&text)).expect("written");
    fs::remove_file(followed.log("app.log.1")).expect("removed");
    // A member grows and another one comes.
    let members = [("one.log", (0..2).chain([4]).map(lantern).collect()), ("two.log", lantern(5))];
    fs::write(followed.log("old.tar"), tar(&members)).expect("written");
    followed.wait_for(5);
    // And a compressed log that nobody read before.
    fs::write(followed.log("other.log.1.gz"), gzip(lantern(6).as_bytes())).expect("written");
    followed.wait_for(6);
    followed.settle(91);
    assert_eq!(sorted(&followed.found()), [0, 1, 2, 3, 4, 5, 6, 90, 91]);
    let summary = followed.end();
    assert_eq!((&summary["events"], flaws(&summary)), (&9.into(), vec!["format-unknown"]));
}

#[test]
fn more_logs_than_descriptors_are_all_read() {
    let folder = tempfile::tempdir().expect("made");
    fs::write(folder.path().join("rule.yml"), RULE).expect("written");
    fs::create_dir(folder.path().join("logs")).expect("made");
    let log = |number: u64| folder.path().join(format!("logs/host{number}.log"));
    (0..300).for_each(|number| append(&log(number), [number]));
    let child = Command::new("sh")
        .args(["-c", &format!("ulimit -n 64; exec \"$0\" --lang en detect {ARGUMENTS}")])
        .arg(env!("CARGO_BIN_EXE_noroshi"))
        .current_dir(folder.path())
        .env("XDG_CACHE_HOME", folder.path().join("cache"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let _running = Running(child.expect("starts"));
    wait_until(|| verdicts(folder.path()).len() >= 300);
    (0..300).for_each(|number| append(&log(number), [1000 + number]));
    wait_until(|| verdicts(folder.path()).len() >= 600);
    let found: BTreeSet<u64> = numbers(&verdicts(folder.path())).into_iter().collect();
    assert_eq!(found, (0..300).chain(1000..1300).collect());
}

/// A tar archive of files.
pub fn tar(members: &[(&str, String)]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, content) in members {
        let mut header = [0; 512];
        let mut put = |at: usize, text: &[u8]| header[at..at + text.len()].copy_from_slice(text);
        put(0, name.as_bytes());
        put(100, b"0000644\x000000000\x000000000\x00");
        put(124, format!("{:011o}\0{:011o}\0", content.len(), 0).as_bytes());
        put(148, b"        0");
        put(257, b"ustar\x0000");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        archive.extend(header);
        archive.extend(content.as_bytes());
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

/// A gzip stream that stores the bytes as they are.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let crc = bytes.iter().fold(u32::MAX, |crc, byte| {
        let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        (0..8).fold(crc ^ u32::from(*byte), step)
    });
    let length = u16::try_from(bytes.len()).expect("short");
    let mut stream = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    stream.extend(length.to_le_bytes());
    stream.extend((!length).to_le_bytes());
    stream.extend(bytes);
    stream.extend((!crc).to_le_bytes());
    stream.extend(u32::from(length).to_le_bytes());
    stream
}
