//! A process that holds a home and answers: every command does the same beside it, nobody harms it, and it may
//! end at any moment.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use intake::batches::{Batches, Read};
use intake::{Settings, Stop, inputs};
use journal::{Actor, ToldCommand};
use lake::{Compartment, Owner};
use model::marking::Marking;
use noroshi::holder::request::{ActDone, Request, Status};
use noroshi::holder::{Behind, Far, Hand, Opening};
use page::{Language, Words};
use serde_json::Value;
use watch::rulesets::{self, Rulesets};

use crate::commands::{RULE, event, folder, noroshi, said};
use crate::ingesting::log;
use crate::stopping::{Running, wait_until};

/// A process that serves the home `home` of a folder.
pub struct Serving(Running);

impl Serving {
    pub fn start(folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
        command.args(["--lang", "en", "serve", "--home", "home"]).current_dir(folder);
        command.env("XDG_CACHE_HOME", folder.join("cache"));
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let serving = Self(Running(child.expect("the program starts")));
        wait_until(|| far(folder).is_some());
        serving
    }

    /// Ends it, as the system's services are.
    pub fn end(self) -> Duration {
        let began = Instant::now();
        self.0.signal("TERM");
        let ended = self.0.end();
        assert_eq!(ended.code, Some(0), "{}", ended.said);
        began.elapsed()
    }
}

fn words() -> Words {
    Words::new(Language::En)
}

/// A way to whoever holds the home, if anybody answers.
pub fn far(folder: &Path) -> Option<Far> {
    Far::open(&folder.join("home"), words()).ok()
}

fn status(far: &mut Far) -> Status {
    let answer = far.ask(&Request::Status, &Behind::Nothing).expect("answered");
    serde_json::from_value(answer).expect("a status")
}

fn run(folder: &Path, arguments: &[&str]) -> Value {
    let output = noroshi(folder, &[arguments, &["--home", "home", "--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
}

/// The answer to a question.
fn asked(folder: &Path, sql: &str) -> Value {
    run(folder, &["query", sql])
}

/// All that can be done to a home, one after the other; gives what can be seen of it then.
fn everything(folder: &Path) -> Vec<String> {
    let lantern = RULE.replace("Lantern", "Candle").replace("lantern", "candle");
    fs::create_dir_all(folder.join("set")).expect("made");
    fs::write(folder.join("set/a.yml"), RULE).expect("written");
    let id = "11111111-2222-4333-8444-555555555555";
    let candle = lantern.replace("4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11", id);
    fs::write(folder.join("set/b.yml"), candle).expect("written");
    let lines = |word: &str| {
        let of = |day: u32| event(&format!("2026-06-{day:02}T01:00:00Z"), &format!("{word} {day}"));
        (1..20).map(of).collect::<Vec<_>>().join("\n") + "\n"
    };
    fs::write(folder.join("one.json"), lines("lantern")).expect("written");
    fs::write(folder.join("two.json"), lines("candle")).expect("written");
    let mut told = Vec::new();
    let mut tell = |what: Value| told.push(what.to_string());
    tell(run(folder, &["rules", "add", "ours", "set", "--enable", "--reason", "reviewed"]));
    run(folder, &["rules", "exclude", id, "--reason", "noisy"]);
    run(folder, &["ingest", "one.json", "two.json"]);
    tell(asked(folder, "SELECT title, count(*) AS n FROM verdicts GROUP BY 1 ORDER BY 1"));
    // What was off finds nothing in what comes, and does again in what is there.
    tell(run(folder, &["rules", "include", id, "--reason", "needed"])["rescan_days"].clone());
    let scanned = noroshi(folder, &["detect", "--lake", "--home", "home", "--json", "found.json", "--force"]);
    assert_eq!(scanned.status.code(), Some(0), "{}", said(&scanned));
    // A process that serves may have begun with it by itself.
    wait_until(|| run(folder, &["jobs"])[0]["state"] == "done");
    tell(asked(folder, "SELECT title, count(*) AS n FROM verdicts GROUP BY 1 ORDER BY 1"));
    let jobs = run(folder, &["jobs"]);
    let job = |job: &Value| format!("{} {} {}", job["kind"], job["state"], job["done"]);
    tell(jobs.as_array().expect("jobs").iter().map(job).collect());
    let until = ["--through", "2026-06-05", "--remove", "--reason", "over"];
    tell(run(folder, &[&["retention"][..], &until].concat()));
    tell(asked(folder, "SELECT count(*) AS n, min(day) AS day FROM events"));
    tell(run(folder, &["forget", "local", "--reason", "a test"])["subject"].clone());
    let history = run(folder, &["rules", "history", "ours"]);
    tell(history.as_array().expect("acts").iter().map(|act| act["act"]["type"].clone()).collect());
    let rebuilt = run(folder, &["rebuild"]);
    tell(rebuilt["faults"].clone());
    tell(rebuilt["acts"].clone());
    tell(rebuilt["forgotten"].clone());
    told
}

#[test]
fn every_command_does_the_same_beside_a_process_that_holds_the_home() {
    let (alone, beside) = (folder(), folder());
    // The home is there, and somebody's name with it.
    for folder in [alone.path(), beside.path()] {
        let arguments = ["rules", "disable", "bundled", "--reason", "ours alone", "--home", "home"];
        let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
        let output = command.args(arguments).env("USER", "local").current_dir(folder).output();
        assert!(output.expect("runs").status.success());
    }
    let expected = everything(alone.path());
    let serving = Serving::start(beside.path());
    let socket = fs::metadata(beside.path().join("home/socket")).expect("there");
    assert_eq!(socket.permissions().mode() & 0o777, 0o600);
    assert_eq!(everything(beside.path()), expected);
    serving.end();
    assert_eq!(run(beside.path(), &["rebuild"])["faults"].as_array().map(Vec::len), Some(0));
}

#[test]
fn what_is_followed_is_kept_and_told() {
    let folder = folder();
    let folder = folder.path();
    run(folder, &["ingest", "log.json"]);
    let logs = folder.join("logs");
    fs::create_dir(&logs).expect("made");
    let settings = format!(
        "[[follow]]\nname = \"ap01\"\npaths = [{logs:?}]\nowner = \"aoba\"\nsilent_after = \"1 s\"\n\
         [mail]\nfrom = \"noroshi@soc.example.jp\"\ndesk = [\"desk@soc.example.jp\"]\n",
    );
    fs::write(folder.join("home/noroshi.toml"), settings).expect("written");
    let serving = Serving::start(folder);
    let mut far = far(folder).expect("answers");
    let write = |name: &str, from: u32| {
        let lines = (from..from + 10).map(|n| event("2026-06-18T01:00:00Z", &format!("line {n}")) + "\n");
        fs::write(logs.join(name), lines.collect::<String>()).expect("written");
    };
    write("a.json", 0);
    wait_until(|| status(&mut far).follows.first().is_some_and(|followed| followed.events == 10));
    write("b.json", 10);
    wait_until(|| status(&mut far).follows[0].events == 20);
    let told = status(&mut far).follows.remove(0);
    assert_eq!((told.name.as_str(), told.trouble.clone()), ("ap01", None));
    assert!(told.heard.is_some());
    drop(far);
    // Nothing comes any more, of which the desk is told; without a server the mail lies here.
    wait_until(|| {
        let outbox = run(folder, &["outbox"]);
        let is = |mail: &Value| mail["what"] == "watch.source-silent" && mail["state"] == "kept";
        outbox.as_array().is_some_and(|mails| mails.iter().any(is))
    });
    serving.end();
    let rows = asked(folder, "SELECT count(*) AS n FROM events WHERE owner = 'aoba'");
    assert_eq!(rows[0]["n"], 20);
    // What was followed before is not kept again.
    let serving = Serving::start(folder);
    serving.end();
    let rows = asked(folder, "SELECT count(*) AS n FROM events WHERE owner = 'aoba'");
    assert_eq!(rows[0]["n"], 20);
}

#[test]
fn wrong_settings_and_a_home_that_is_held_are_refused() {
    let folder = folder();
    let folder = folder.path();
    let serving = Serving::start(folder);
    let second = noroshi(folder, &["serve", "--home", "home"]);
    assert_eq!(second.status.code(), Some(2), "{}", said(&second));
    assert!(said(&second).contains("holds the home already"), "{}", said(&second));
    serving.end();
    fs::write(folder.join("home/noroshi.toml"), "[disk]\nfree = 7\n").expect("written");
    let wrong = noroshi(folder, &["serve", "--home", "home"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", said(&wrong));
    assert!(said(&wrong).contains("noroshi.toml"), "{}", said(&wrong));
    assert!(!folder.join("home/socket").exists());
}

#[test]
fn a_disk_with_less_room_than_it_is_told_to_leave_takes_nothing_new() {
    let folder = folder();
    let folder = folder.path();
    run(folder, &["rules", "disable", "bundled", "--reason", "makes the home"]);
    let logs = folder.join("logs");
    fs::create_dir(&logs).expect("made");
    fs::write(logs.join("a.json"), event("2026-06-18T01:00:00Z", "x") + "\n").expect("written");
    let settings = format!("[disk]\nfree = \"1000 TiB\"\n[[follow]]\nname = \"ap01\"\npaths = [{logs:?}]\n");
    fs::write(folder.join("home/noroshi.toml"), settings).expect("written");
    let alone = noroshi(folder, &["ingest", "log.json", "--home", "home"]);
    let serving = Serving::start(folder);
    let mut far = far(folder).expect("answers");
    wait_until(|| status(&mut far).trouble.is_some());
    // Who follows says so, and ends nothing else.
    wait_until(|| status(&mut far).follows[0].trouble.is_some());
    let beside = noroshi(folder, &["ingest", "log.json", "--home", "home"]);
    for refused in [alone, beside] {
        assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
        assert!(said(&refused).contains("1,000 TB") || said(&refused).contains("TB"), "{}", said(&refused));
    }
    // People can still decide.
    run(folder, &["rules", "enable", "bundled", "--reason", "small things go on"]);
    drop(far);
    serving.end();
}

#[test]
fn what_rules_of_now_would_find_is_looked_for_by_itself_and_one_at_a_time() {
    let folder = folder();
    let folder = folder.path();
    fs::create_dir_all(folder.join("set")).expect("made");
    fs::write(folder.join("set/a.yml"), RULE).expect("written");
    fs::write(folder.join("one.json"), event("2026-06-18T01:00:00Z", "lantern 1") + "\n").expect("written");
    run(folder, &["ingest", "one.json", "--no-detect"]);
    run(folder, &["rules", "disable", "bundled", "--reason", "ours alone"]);
    let serving = Serving::start(folder);
    let added = run(folder, &["rules", "add", "ours", "set", "--enable", "--reason", "reviewed"]);
    assert_eq!(added["rescan_days"], 1);
    wait_until(|| run(folder, &["jobs"])[0]["state"] == "done");
    let found = asked(folder, "SELECT title, count(*) AS n FROM verdicts GROUP BY 1");
    assert_eq!((&found[0]["title"], &found[0]["n"]), (&"Lantern".into(), &1.into()));
    // Who goes over what is kept has it alone.
    let (mut one, mut other) = (far(folder).expect("answers"), far(folder).expect("answers"));
    let begin = |far: &mut Far| far.ask(&Request::BeginScan, &Behind::Nothing).expect("answered");
    assert_eq!(
        (begin(&mut one), begin(&mut one), begin(&mut other)),
        (true.into(), true.into(), false.into())
    );
    let second = noroshi(folder, &["detect", "--lake", "--home", "home"]);
    assert_eq!(second.status.code(), Some(0), "{}", said(&second));
    assert!(said(&second).contains("is not kept"), "{}", said(&second));
    drop(one);
    wait_until(|| begin(&mut other) == true);
    drop(other);
    serving.end();
}

/// A client that says nothing true.
fn raw(folder: &Path, bytes: &[u8]) -> UnixStream {
    let mut stream = UnixStream::connect(folder.join("home/socket")).expect("connects");
    // It may have been hung up on, or nobody takes any more.
    stream.set_write_timeout(Some(Duration::from_millis(200))).expect("set");
    drop(stream.write_all(bytes));
    stream
}

#[test]
fn clients_that_die_send_garbage_or_never_read_harm_nobody() {
    let folder = folder();
    let folder = folder.path();
    let serving = Serving::start(folder);
    let framed = |text: &str| {
        let length = u32::try_from(text.len()).expect("short").to_be_bytes();
        [&length, text.as_bytes()].concat()
    };
    let hello = framed(r#"{"protocol":1,"language":"en","name":null,"process":1}"#);
    let status_asked = framed(r#"{"request":"status","bytes":0}"#);
    let mut held = Vec::new();
    for bytes in [
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        vec![0xff; 4096],
        vec![0, 0],
        Vec::new(),
        framed("[]"),
        framed(r#"{"protocol":99,"language":"en","name":null,"process":1}"#),
        [hello.clone(), framed("{}")].concat(),
        [hello.clone(), framed(r#"{"request":"unknown","bytes":0}"#)].concat(),
        [hello.clone(), framed(r#"{"request":{"keep_batch":{"place":""}},"bytes":18446744073709551615}"#)]
            .concat(),
        [hello.clone(), framed(r#"{"request":{"keep_batch":{"place":""}},"bytes":1000000}"#), vec![7; 1000]]
            .concat(),
        [hello.clone(), framed(r#"{"request":{"keep_batch":{"place":""}},"bytes":4}"#), vec![7; 4]].concat(),
        [hello.clone(), status_asked.repeat(20_000)].concat(),
    ] {
        // One goes at once, another stays and says nothing more.
        drop(raw(folder, &bytes));
        held.push(raw(folder, &bytes));
    }
    // What a kind of act that nobody may ask for would say is refused, and so is a table that cannot be.
    let mut far = far(folder).expect("answers");
    for request in [
        Request::Act(ToldCommand { stream: "files/file/00".to_owned(), command: Value::Null }),
        Request::Act(ToldCommand { stream: "watch/ruleset/..".to_owned(), command: Value::Null }),
    ] {
        let answer = far.ask(&request, &Behind::Nothing);
        let undone = answer.ok().and_then(|answer| serde_json::from_value::<ActDone>(answer).ok());
        assert!(undone.is_none_or(|done| done.is_err()), "{request:?}");
    }
    assert_eq!(status(&mut far).command, "serve");
    run(folder, &["rules", "disable", "bundled", "--reason", "still answers"]);
    drop(far);
    let took = serving.end();
    assert!(took < Duration::from_secs(6), "{took:?}");
    drop(held);
}

#[test]
fn who_is_not_the_owner_of_the_home_is_refused_by_the_holder_itself() {
    const NOBODY: u32 = 65_534;
    if home::user() != 0 {
        assert!(!std::env::var("NOROSHI_REQUIRE").unwrap_or_default().contains("root"), "this is not root");
        eprintln!("skipped: only root can be two users");
        return;
    }
    let folder = folder();
    let folder = folder.path();
    let place = std::env::temp_dir().join(format!("noroshi-serving-{}", std::process::id()));
    fs::create_dir_all(&place).expect("made");
    std::os::unix::fs::chown(&place, Some(NOBODY), None).expect("given");
    let program = folder.join("noroshi");
    fs::copy(env!("CARGO_BIN_EXE_noroshi"), &program).expect("copied");
    let shared = place.join("noroshi");
    fs::copy(&program, &shared).expect("copied");
    let mut command = Command::new(&shared);
    std::os::unix::process::CommandExt::uid(&mut command, NOBODY);
    command.args(["--lang", "en", "serve", "--home", "home"]).current_dir(&place).env("HOME", &place);
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let running = Running(child.expect("the program starts"));
    wait_until(|| place.join("home/socket").exists());
    wait_until(|| {
        let refused = Far::open(&place.join("home"), words());
        refused.is_err_and(|error| error.to_string().contains("belongs to another user"))
    });
    drop(running);
    fs::remove_dir_all(&place).expect("removed");
}

/// How many rows each line of a log has in the lake.
fn kept(folder: &Path) -> BTreeMap<i64, u64> {
    let rows = asked(
        folder,
        "SELECT ordinal, count(*) AS n FROM events WHERE source_path LIKE '%big.log' GROUP BY 1",
    );
    let rows = rows.as_array().expect("rows").clone();
    rows.iter().filter_map(|row| Some((row["ordinal"].as_i64()?, row["n"].as_u64()?))).collect()
}

#[test]
fn a_holder_that_ends_or_dies_costs_its_clients_nothing() {
    for signal in ["TERM", "KILL"] {
        let folder = folder();
        let folder = folder.path();
        let text = log(24);
        fs::write(folder.join("big.log"), &text).expect("written");
        let serving = Serving::start(folder);
        let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
        command.args(["--lang", "en", "ingest", "big.log", "--home", "home", "--json"]).current_dir(folder);
        command.env("XDG_CACHE_HOME", folder.join("cache"));
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut client = Running(child.expect("the program starts"));
        // It has handed over something, and has more.
        let mut first = [0; 1];
        client.0.stdout.as_mut().expect("a pipe").read_exact(&mut first).expect("a batch");
        serving.0.signal(signal);
        let ended = client.end();
        assert_eq!(ended.code, Some(0), "{signal}: {}", ended.said);
        drop(serving);
        let kept = kept(folder);
        let lines = i64::try_from(text.lines().count()).expect("few");
        assert_eq!(kept.len() as i64, lines, "{signal}");
        assert!(kept.values().all(|rows| *rows == 1), "{signal}");
    }
}

#[test]
fn a_log_that_several_read_while_it_grows_is_kept_once() {
    let folder = folder();
    let folder = folder.path();
    let logs = folder.join("logs");
    fs::create_dir(&logs).expect("made");
    let path = logs.join("big.log");
    let text = log(6);
    let lines: Vec<&str> = text.lines().collect();
    fs::write(&path, lines[..10].join("\n") + "\n").expect("written");
    run(folder, &["rules", "disable", "bundled", "--reason", "makes the home"]);
    let settings = format!("[[follow]]\nname = \"ap01\"\npaths = [{logs:?}]\n");
    fs::write(folder.join("home/noroshi.toml"), settings).expect("written");
    let serving = Serving::start(folder);
    let ingest = || {
        let arguments = ["ingest", path.to_str().expect("text"), "--source", "ap01", "--home", "home"];
        let output = noroshi(folder, &arguments);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    };
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut file = fs::OpenOptions::new().append(true).open(&path).expect("opens");
            for some in lines[10..].chunks(40) {
                file.write_all((some.join("\n") + "\n").as_bytes()).expect("written");
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        while !writing.is_finished() {
            ingest();
        }
    });
    ingest();
    serving.end();
    let kept = kept(folder);
    assert_eq!(kept.len(), lines.len());
    let doubled: Vec<_> = kept.iter().filter(|(_, rows)| **rows != 1).collect();
    assert!(doubled.is_empty(), "{} of {} lines: {:?}", doubled.len(), kept.len(), doubled.first());
}

#[test]
fn what_was_cut_without_knowing_what_others_kept_is_not_kept() {
    let folder = folder();
    let folder = folder.path();
    let path = folder.join("big.log");
    let text = log(1);
    let (first, rest) = text.split_at(text.match_indices('\n').nth(99).expect("long").0 + 1);
    fs::write(&path, first).expect("written");
    let serving = Serving::start(folder);
    let hand = Hand::open(&folder.join("home"), Opening::short("a test"), words()).expect("opened");
    let owner =
        Owner { compartment: Compartment::own(), organisation: "own".to_owned(), source: String::new() };
    let begin = || hand.terms(owner.clone(), Marking::default()).expect("read");
    // Gives what became of each batch.
    let read = |terms: &observations::Terms| {
        let settings = Settings { threads: 1, limits: sources::Limits::default() };
        let (stop, bytes) = (Stop::default(), AtomicU64::new(0));
        let known = terms.known();
        let catalogue = terms.tables.catalogue();
        let batches = Batches {
            catalogue,
            known: &known,
            again: false,
            settings: &settings,
            stop: &stop,
            bytes: &bytes,
        };
        let (files, mut became) = (inputs::find(std::slice::from_ref(&path)).files, Vec::new());
        let totals = batches.run(&files, |read| read, &mut |read| {
            if let Read::New(contents) = read {
                let prepared = terms.prepare(*contents, noroshi::books::now()).expect("prepared");
                became.push(hand.keep(terms, prepared).expect("answered"));
            }
            Ok(())
        });
        totals.expect("read");
        became
    };
    let old = begin();
    run(folder, &["ingest", "big.log"]);
    fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .and_then(|mut log| log.write_all(rest.as_bytes()))
        .expect("written");
    // With what was known before, all of it would be one batch, and the first half there twice.
    assert_eq!(read(&old), [None]);
    let new = begin();
    assert_eq!(read(&new), [Some(observations::Kept::Now)]);
    drop(hand);
    serving.end();
    let kept = kept(folder);
    assert_eq!(kept.len(), text.lines().count());
    assert!(kept.values().all(|rows| *rows == 1));
}

#[test]
fn many_clients_at_once_lose_and_double_nothing() {
    const CLIENTS: usize = 50;
    const ROUNDS: usize = 8;
    let folder = folder();
    let folder = folder.path();
    fs::write(folder.join("big.log"), log(12)).expect("written");
    let serving = Serving::start(folder);
    let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
    command.args(["ingest", "big.log", "--home", "home"]).current_dir(folder);
    command.env("XDG_CACHE_HOME", folder.join("cache"));
    let ingest = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            scope.spawn(move || {
                let mut far = far(folder).expect("answers");
                for round in 0..ROUNDS {
                    let rule = format!("rule-{client}-{round}");
                    let exclude = rulesets::Command::Exclude {
                        rule: rule.clone(),
                        title: rule,
                        reason: "many at once".to_owned(),
                        until: None,
                    };
                    let told = ToldCommand::new::<Rulesets>("bundled", &exclude).expect("told");
                    let done = far.ask(&Request::Act(told.clone()), &Behind::Nothing).expect("answered");
                    let done: ActDone = serde_json::from_value(done).expect("told");
                    assert!(done.is_ok(), "{done:?}");
                    // The same again changes nothing.
                    let again = far.ask(&Request::Act(told), &Behind::Nothing).expect("answered");
                    let again: ActDone = serde_json::from_value(again).expect("told");
                    assert!(again.is_err(), "{again:?}");
                    assert!(status(&mut far).clients >= 1);
                }
            });
        }
    });
    assert!(ingest.expect("the program starts").wait().expect("waited for").success());
    let history = run(folder, &["rules", "history", "bundled"]);
    let rules: Vec<&str> =
        history.as_array().expect("acts").iter().filter_map(|act| act["act"]["rule"].as_str()).collect();
    let distinct: std::collections::BTreeSet<&str> = rules.iter().copied().collect();
    assert_eq!((rules.len(), distinct.len()), (CLIENTS * ROUNDS, CLIENTS * ROUNDS));
    let actor = Actor::local(home::user());
    assert!(history.as_array().expect("acts").iter().all(|act| act["actor"] == actor.subject()));
    serving.end();
}
