//! A home is backed up while it lives, and put back to each of its points; who was forgotten is so in all of them.

pub mod deaths;
mod lacking;
mod meanwhile;
pub mod refused;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use crate::commands::{RULE, event, said};
use crate::serving::Serving;

/// A name that stands nowhere else.
pub const NAME: &str = "Kawaguchi-Unmistakable";

/// Runs the program as somebody with a name.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
    command.current_dir(folder).env("XDG_CACHE_HOME", folder.join("cache")).env("USER", NAME);
    command.args(["--lang", "en"]).args(arguments).output().expect("the program starts")
}

pub fn done(folder: &Path, arguments: &[&str]) -> Output {
    let output = run(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    output
}

pub fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = done(folder, &[arguments, &["--json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {}", said(&output)))
}

/// All files below a folder, and their bytes.
pub fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(&inside).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
                all.insert(name, fs::read(&path).expect("read"));
            }
        }
    }
    all
}

/// Files in which a text stands, in any case.
pub fn with_text(folder: &Path, text: &str) -> Vec<String> {
    let stands = |bytes: &[u8]| {
        let is_here = |part: &[u8]| part.eq_ignore_ascii_case(text.as_bytes());
        bytes.windows(text.len()).any(is_here)
    };
    contents(folder).into_iter().filter(|(_, bytes)| stands(bytes)).map(|(path, _)| path).collect()
}

fn parquet(folder: &Path) -> Vec<String> {
    contents(folder).into_keys().filter(|path| path.ends_with(".parquet")).collect()
}

/// What can be asked of a home, and the bytes of its uploads. Times when something was read are left out.
fn told(folder: &Path, home: &str) -> BTreeMap<String, Value> {
    let ask = |arguments: &[&str]| json(folder, &[arguments, &["--home", home]].concat());
    let mut told = BTreeMap::new();
    for sql in [
        "SELECT class, count(*) AS rows, count(DISTINCT batch) AS batches FROM events GROUP BY class ORDER BY 1",
        "SELECT \"time\", \"process.cmd_line\" AS line FROM process_activity ORDER BY 1, 2",
        "SELECT title, rule_set, source_path FROM verdicts ORDER BY 1, 2, 3",
        "SELECT batch, source_path FROM batches ORDER BY 1",
    ] {
        told.insert(sql.to_owned(), ask(&["query", sql]));
    }
    for command in
        [&["rules", "list"][..], &["rules", "list", "ours"], &["rules", "history", "ours"], &["jobs"]]
    {
        told.insert(command.join(" "), ask(command));
    }
    let uploads = contents(&folder.join(home).join("files"));
    let uploads = uploads.into_iter().filter(|(path, _)| path.contains('/') && !path.starts_with("incoming"));
    told.extend(uploads.map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned().into())));
    told
}

/// The same without names.
fn nameless(mut told: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    for value in told.values_mut() {
        for act in value.as_array_mut().into_iter().flatten() {
            if let Some(name) = act.get_mut("name") {
                *name = Value::Null;
            }
        }
    }
    told
}

fn ingest(folder: &Path, day: u32, lines: u32) {
    let log: String =
        (0..lines).map(|line| event(&format!("2026-06-{day:02}T01:00:{line:02}Z"), "a lantern")).collect();
    fs::write(folder.join(format!("log-{day}.json")), log).expect("written");
    done(folder, &["ingest", &format!("log-{day}.json"), "--home", "home"]);
}

#[test]
fn each_point_is_put_back_as_the_home_was_and_nobody_who_was_forgotten_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    fs::create_dir(folder.join("set")).expect("made");
    fs::write(folder.join("set/a.yml"), RULE).expect("written");
    done(folder, &["rules", "add", "ours", "set", "--enable", "--reason", "reviewed", "--home", "home"]);
    ingest(folder, 11, 3);
    let mut expected = Vec::new();
    let back_up = || json(folder, &["backup", "disk/backups", "--home", "home"]);
    let first = back_up();
    expected.push(told(folder, "home"));
    assert!(!with_text(&folder.join("home"), NAME).is_empty());
    assert_eq!(
        with_text(&folder.join("disk"), NAME),
        Vec::<String>::new(),
        "nothing is in clear on that disk"
    );

    // More of everything; only files of rows that are new are copied.
    let before = parquet(&folder.join("disk"));
    assert!(before.iter().all(|path| path.starts_with("backups/lake/")), "{before:?}");
    done(folder, &["rules", "exclude", "Lantern", "--reason", "noisy", "--home", "home"]);
    ingest(folder, 12, 2);
    let there: Vec<String> = parquet(&folder.join("home/lake"));
    let second = back_up();
    expected.push(told(folder, "home"));
    assert_eq!(second["copied_lasting"], there.len() - before.len());
    assert_eq!(parquet(&folder.join("disk")).len(), there.len());
    assert_eq!(back_up()["copied_lasting"], 0);
    expected.push(told(folder, "home"));

    let forgotten = json(folder, &["forget", NAME, "--reason", "asked", "--home", "home"]);
    assert_eq!(
        (&forgotten["backups"][0]["keys"], &forgotten["backups"][0]["reason"]),
        (&3.into(), &Value::Null)
    );
    let fourth = back_up();
    expected.push(told(folder, "home"));
    let points = json(folder, &["backup", "disk/backups", "--list"]);
    let names: Vec<&str> = points
        .as_array()
        .expect("points")
        .iter()
        .map(|point| point["point"].as_str().expect("text"))
        .collect();
    assert_eq!(names.len(), 4);
    assert_eq!((&points[0]["point"], &points[3]["point"]), (&first["point"], &fourth["point"]));
    assert_eq!(
        (&points[0]["rows"], &points[1]["rows"]),
        (&7.into(), &10.into()),
        "events, verdicts, batches"
    );
    for (at, name) in names.iter().enumerate() {
        let home = format!("home-{at}");
        let restored = json(folder, &["restore", "disk/backups", "--point", name, "--home", &home]);
        assert_eq!((&restored["is_equal"], &restored["point"]), (&true.into(), &Value::from(*name)));
        assert_eq!(restored["forgotten"].as_array().expect("subjects").len(), usize::from(at < 3));
        let rebuilt = json(folder, &["rebuild", "--home", &home]);
        assert_eq!((&rebuilt["faults"], &rebuilt["personal"]), (&Value::Array(Vec::new()), &0.into()));
        assert_eq!(nameless(told(folder, &home)), nameless(expected[at].clone()), "{name}");
        assert_eq!(with_text(&folder.join(&home), NAME), Vec::<String>::new(), "{name}");
        assert_eq!(
            fs::read(folder.join(&home).join("id")).expect("read"),
            fs::read(folder.join("home/id")).expect("read")
        );
    }
    assert_eq!(with_text(&folder.join("disk"), NAME), Vec::<String>::new());
    // A home that was put back goes on, with what it has, and in the same folder.
    done(folder, &["ingest", "log-12.json", "--home", "home-0"]);
    assert_eq!(
        told(folder, "home-0")["SELECT batch, source_path FROM batches ORDER BY 1"]
            .as_array()
            .expect("rows")
            .len(),
        2
    );
    done(folder, &["backup", "disk/backups", "--home", "home-0", "--keep", "1"]);
    assert_eq!(json(folder, &["backup", "disk/backups", "--list"]).as_array().expect("points").len(), 1);
    let drill = json(folder, &["restore", "disk/backups", "--drill"]);
    assert_eq!((&drill["is_equal"], &drill["is_drill"]), (&true.into(), &true.into()));
    assert!(!folder.join("disk/backups/drill").exists());
    assert_eq!(parquet(&folder.join("disk")).len(), parquet(&folder.join("home-0/lake")).len());
}

/// Somebody ingests and decides while a process serves the home, and backups are made beside it.
#[test]
fn backups_are_made_while_a_process_serves_the_home_and_others_write() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    fs::create_dir(folder.join("set")).expect("made");
    fs::write(folder.join("set/a.yml"), RULE).expect("written");
    done(folder, &["rules", "add", "ours", "set", "--enable", "--reason", "reviewed", "--home", "home"]);
    let settings = format!("[backup]\nfolder = {:?}\nkeep = 2\n", folder.join("backups"));
    fs::write(folder.join("home/noroshi.toml"), settings).expect("written");
    // A backup may be faster than whoever ingests first.
    ingest(folder, 1, 1);
    let serving = Serving::start(folder);
    let is_over = AtomicBool::new(false);
    let points = std::thread::scope(|scope| {
        scope.spawn(|| {
            for day in 1.. {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                ingest(folder, 1 + day % 28, 1 + day / 28);
                let what = ["exclude", "include"][(day % 2) as usize];
                run(folder, &["rules", what, "Lantern", "--reason", "a test", "--home", "home"]);
            }
        });
        let points: Vec<Value> = (0..4).map(|_| json(folder, &["backup", "--home", "home"])).collect();
        is_over.store(true, Ordering::Relaxed);
        points
    });
    // The last ones stay, as the settings say.
    let list = json(folder, &["backup", "--list", "--home", "home"]);
    assert_eq!(list.as_array().expect("points").len(), 2);
    assert!(points.windows(2).all(|two| two[0]["position"].as_u64() <= two[1]["position"].as_u64()));
    for point in &points[2..] {
        let name = point["point"].as_str().expect("text");
        let told = json(folder, &["restore", "backups", "--point", name, "--home", name]);
        assert_eq!(told["is_equal"], true, "{told}");
        // Each batch is whole: its rows, and what rules found in it.
        let each = "SELECT b.batch FROM batches b LEFT JOIN events e ON e.batch = b.batch GROUP BY b.batch, \
                    b.events HAVING count(e.batch) <> b.events";
        assert_eq!(json(folder, &["query", each, "--home", name]), Value::Array(Vec::new()));
        assert_eq!(json(folder, &["rebuild", "--home", name])["faults"], Value::Array(Vec::new()));
    }
    // Who is forgotten beside it is so in all of them, and nothing on the way is left.
    done(folder, &["forget", NAME, "--reason", "asked", "--home", "home"]);
    assert!(contents(&folder.join("backups")).into_keys().all(|path| !path.ends_with(".key")));
    assert!(!folder.join("home/journal.copy").exists());
    serving.end();
}
