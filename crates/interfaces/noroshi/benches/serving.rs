//! Fifty clients at once of a process that holds a home, while it takes in logs and makes its tables compact:
//! how long a small read and an act take. The peer in the same run is the same read without the holder: the
//! journal opened and asked by each client itself.
//!
//! `cargo bench --bench serving`; with `--profile dev` it measures the build of the README.

#![expect(clippy::expect_used, reason = "a bench that cannot go on must fail")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use journal::query::Select;
use journal::{Looking, Reader, ToldCommand};
use noroshi::holder::request::Request;
use noroshi::holder::{Behind, Far};
use page::{Language, Words};
use watch::rulesets::{self, Rulesets};

const CLIENTS: u64 = 50;
const SPAN: Duration = Duration::from_secs(30);
/// Megabytes of each log, and how many are handed over one after the other.
const LOG: usize = 8;

/// What a client does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Did {
    Status,
    Act,
    Page,
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let serving = Kill(noroshi(folder, &["serve", "--home", "home"]).spawn().expect("starts"));
    while far(folder).is_none() {
        std::thread::sleep(Duration::from_millis(10));
    }
    let (stop, events) = (AtomicBool::new(false), AtomicU64::new(0));
    let times = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        scope.spawn(|| ingest(folder, &stop, &events));
        for client in 0..CLIENTS {
            let (stop, times) = (&stop, &times);
            scope.spawn(move || {
                let own = work(folder, client, stop);
                times.lock().expect("whole").extend(own);
            });
        }
        std::thread::sleep(SPAN);
        stop.store(true, Ordering::SeqCst);
    });
    let mut times = times.into_inner().expect("whole");
    times.sort_unstable();
    println!("{CLIENTS} clients for {} s beside {} events taken in", SPAN.as_secs(), events.into_inner());
    for (did, what) in [
        (Did::Status, "small read through the socket"),
        (Did::Act, "act through the socket, durable"),
        (Did::Page, "small read of the journal's file itself"),
    ] {
        let own: Vec<Duration> = times.iter().filter(|(one, _)| *one == did).map(|(_, time)| *time).collect();
        let at = |part: f64| own[((own.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e3;
        println!(
            "{what}: {} in all, p50 {:.2} ms, p99 {:.2} ms, longest {:.1} ms",
            own.len(),
            at(0.5),
            at(0.99),
            at(1.0)
        );
    }
    let began = Instant::now();
    let mut serving = serving;
    Command::new("kill").args(["-TERM", &serving.0.id().to_string()]).status().expect("kill runs");
    let ended = serving.0.wait().expect("ends");
    println!("asked to end, it ended ({ended}) after {:.2} s", began.elapsed().as_secs_f64());
}

struct Kill(Child);

impl Drop for Kill {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn noroshi(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
    command.args(arguments).current_dir(folder).env("XDG_CACHE_HOME", folder.join("cache"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn far(folder: &Path) -> Option<Far> {
    Far::open(&folder.join("home"), Words::new(Language::En)).ok()
}

/// Hands over one log after the other.
fn ingest(folder: &Path, stop: &AtomicBool, events: &AtomicU64) {
    for number in 0.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let (mut text, mut lines) = (String::new(), 0);
        while text.len() < LOG << 20 {
            lines += 1;
            let _ = writeln!(
                text,
                r#"{{"EventID":{},"Channel":"Microsoft-Windows-Sysmon/Operational","@timestamp":{},"Computer":"ws{}","CommandLine":"whoami /all {number} {lines}"}}"#,
                [1, 3, 11, 22][lines % 4],
                1_779_000_000 + lines,
                lines % 97,
            );
        }
        let name = format!("{number}.json");
        std::fs::write(folder.join(&name), text).expect("written");
        let done = noroshi(folder, &["ingest", &name, "--home", "home"]).status().expect("runs");
        assert!(done.success());
        events.fetch_add(lines as u64, Ordering::Relaxed);
        std::fs::remove_file(folder.join(&name)).expect("removed");
    }
}

/// What one client does, and how long each took.
fn work(folder: &Path, client: u64, stop: &AtomicBool) -> Vec<(Did, Duration)> {
    let (mut far, mut times) = (far(folder).expect("answers"), Vec::new());
    let home = home::Home::open(&folder.join("home")).expect("a home");
    for round in 0u64.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let did = [Did::Status, Did::Page, Did::Status, Did::Act][(round % 4) as usize];
        let began = Instant::now();
        match did {
            Did::Status => drop(far.ask(&Request::Status, &Behind::Nothing).expect("answered")),
            Did::Act => {
                let rule = format!("rule-{client}-{round}");
                let (title, reason) = (rule.clone(), "bench".to_owned());
                let exclude = rulesets::Command::Exclude { rule, title, reason, until: None };
                let set = format!("set-{client}");
                let told = ToldCommand::new::<Rulesets>(&set, &exclude).expect("told");
                drop(far.ask(&Request::Act(told), &Behind::Nothing).expect("answered"));
            }
            Did::Page => {
                let reader = Reader::open(&home, noroshi::acts::kinds());
                let now = noroshi::books::now();
                let view = access::operator("bench", now);
                let page = reader.page(Looking { view: &view, now }, &Select::all("watch_exclusions", 20));
                assert!(page.is_ok());
            }
        }
        times.push((did, began.elapsed()));
        // People and programs look now and then.
        std::thread::sleep(Duration::from_millis(20));
    }
    times
}
