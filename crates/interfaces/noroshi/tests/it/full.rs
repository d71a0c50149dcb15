//! A disk that is full for real: a small file system of its own, in a mount namespace of its own.

#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Lines of the log.
const LINES: u64 = 40_000;

/// Mounts a disk of 160 MB, takes in what fits, asks for it, gives the disk more room and takes in the rest.
/// Ends with 77 where nobody may mount one.
const SCRIPT: &str = r#"
mount -t tmpfs -o size=160m none "$DISK" || exit 77
"$NOROSHI" --lang en ingest --home "$DISK/home" --json log.json >first.jsonl 2>first.txt
echo $? >first.code
"$NOROSHI" query --home "$DISK/home" --json "$EACH" >seen.json || exit 1
mount -o remount,size=1g "$DISK" || exit 77
"$NOROSHI" --lang en ingest --home "$DISK/home" log.json >second.txt 2>&1 || exit 1
"$NOROSHI" query --home "$DISK/home" --json "$EACH" >all.json || exit 1
"#;

/// The rows of each batch.
const EACH: &str = "SELECT batch, count(*) AS rows FROM events GROUP BY batch";

/// About a kilobyte each that compression makes little of.
fn log() -> String {
    let (mut text, mut state) = (String::new(), 7_u64);
    for line in 0..LINES {
        let mut rest = String::new();
        for _ in 0..50 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let _ = write!(rest, "{state:016x}");
        }
        let id = [1, 3, 22][usize::try_from(line % 3).expect("small")];
        let _ = writeln!(
            text,
            r#"{{"EventID":{id},"Channel":"Microsoft-Windows-Sysmon/Operational","@timestamp":{},"Computer":"ws1","ProcessId":{line},"Rest":"{rest}"}}"#,
            1_779_000_000 + line,
        );
    }
    text
}

fn run(folder: &Path) -> Output {
    fs::create_dir(folder.join("disk")).expect("made");
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", SCRIPT]).current_dir(folder);
    command.env("DISK", folder.join("disk")).env("EACH", EACH).env("NOROSHI", env!("CARGO_BIN_EXE_noroshi"));
    command.output().expect("unshare starts")
}

/// Why there can be no such disk here; a failure where it must be.
pub fn skipped(why: &str) {
    let list = std::env::var("NOROSHI_REQUIRE").unwrap_or_default();
    assert!(!list.split(',').any(|word| word == "mounts"), "no disk can be mounted: {why}");
    eprintln!("skipped: no disk can be mounted ({})", why.trim());
}

fn rows(lines: impl Iterator<Item = Value>) -> BTreeMap<String, u64> {
    let row = |line: Value| (line["batch"].as_str().map(str::to_owned), line["rows"].as_u64());
    lines.map(row).map(|(batch, rows)| (batch.expect("a batch"), rows.expect("rows"))).collect()
}

#[test]
fn a_full_disk_takes_no_more_and_loses_nothing() {
    if Command::new("unshare").args(["--map-root-user", "--mount", "true"]).output().is_err() {
        return skipped("there is no program `unshare`");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    fs::write(path.join("log.json"), log()).expect("written");
    let output = run(path);
    let said = String::from_utf8_lossy(&output.stderr);
    // 77 is that of the script, 1 that of a system that gives no namespace.
    if output.status.code() == Some(77) || !path.join("first.code").exists() {
        return skipped(&said);
    }
    let text = |name: &str| fs::read_to_string(path.join(name)).expect("written");
    assert!(output.status.success(), "{said}{}", text("first.txt"));
    assert_eq!(text("first.code").trim(), "1", "{}", text("first.txt"));
    assert!(text("first.txt").contains("so nothing more is taken"), "{}", text("first.txt"));
    let json = |name: &str| serde_json::from_str::<Vec<Value>>(&text(name)).expect("JSON").into_iter();
    let acknowledged =
        rows(text("first.jsonl").lines().map(|line| serde_json::from_str(line).expect("JSON")));
    assert!(!acknowledged.is_empty());
    assert_eq!(rows(json("seen.json")), acknowledged);
    let all = rows(json("all.json"));
    assert_eq!(all.values().sum::<u64>(), LINES, "{}", text("second.txt"));
    assert!(
        acknowledged.len() < all.len()
            && acknowledged.iter().all(|(batch, rows)| all.get(batch) == Some(rows))
    );
}
