//! Processes that are killed while they order and deliver: what was acknowledged arrives, and what arrives twice
//! has the same key and is the same.
//!
//! `NOROSHI_DEATHS` says how many are killed, twenty without it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use courier::Settings;
use journal::Looking;
use journal::effect::OUTBOX;
use journal::query::Select;
use model::hash::Sha256;

use crate::desk::{Home, NOW, file, mail, to};
use crate::server::Server;

/// Names the folder of a child's home, the port of its server, and who it is.
const FOLDER: &str = "COURIER_FOLDER";
const PORT: &str = "COURIER_PORT";
const CHILD: &str = "COURIER_CHILD";

/// Before what a child was told is done.
const SAID: &str = "said ";

/// Deaths in one home, one after another.
const IN_ONE_HOME: u64 = 5;

fn deaths() -> u64 {
    std::env::var("NOROSHI_DEATHS").ok().and_then(|number| number.parse().ok()).unwrap_or(20)
}

/// Numbers as if thrown.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("small") % end
    }
}

fn bytes(_: &Sha256) -> Result<Option<Box<dyn Read>>, String> {
    Ok(Some(Box::new(std::io::repeat(b'x').take(10_000))))
}

fn settings(folder: &Path, server: &Server) -> Settings {
    Settings { folder: Some(folder.join("out")), ..to(server) }
}

#[test]
fn the_work_of_a_child() {
    let variable = |name| std::env::var(name).ok();
    let Some((folder, child)) = variable(FOLDER).zip(variable(CHILD)) else { return };
    let port = variable(PORT).and_then(|port| port.parse().ok()).expect("a port");
    let folder = Path::new(&folder);
    let (home, settings) = (Home::open(folder), settings(folder, &Server::at(port)));
    let say = |what: &str| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{SAID}{what}").and_then(|()| out.flush()).expect("said");
    };
    for number in 0.. {
        let id = format!("{child}-{number}");
        home.want(&id, &[mail(&id), file(&format!("{id}.txt"), [1; 32])]);
        say(&id);
        if number % 3 == 2 {
            home.step_with(&settings, &bytes, NOW);
            say("delivered");
        }
    }
}

/// Runs a child until it has said so much; gives what it was told is ordered.
fn killed(folder: &Path, (port, child): (u16, u64), most: usize) -> Vec<String> {
    let mut command = Command::new(std::env::current_exe().expect("a program"));
    command.args(["--exact", "deaths::the_work_of_a_child", "--nocapture"]);
    command.env(FOLDER, folder).env(PORT, port.to_string()).env(CHILD, child.to_string());
    let mut child = command.stdout(Stdio::piped()).spawn().expect("started");
    let (mut said, mut ordered) = (0, Vec::new());
    for line in BufReader::new(child.stdout.take().expect("piped")).lines() {
        let line = line.expect("read");
        // The harness does not end its own line before the first of these.
        let Some((_, what)) = line.split_once(SAID) else { continue };
        said += 1;
        if what != "delivered" {
            ordered.push(what.to_owned());
        }
        if said == most {
            child.kill().expect("killed");
        }
    }
    assert!(!child.wait().expect("ended").success() && said >= most);
    ordered
}

/// The keys of each stream's effects: of its mail and its file.
fn keys(home: &Home) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut keys: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let view = access::operator("tester", NOW);
    let who = Looking { view: &view, now: NOW };
    let each = &mut |row: journal::query::Entry<'_>| {
        let id = row.text("stream").rsplit('/').next().expect("an id").to_owned();
        keys.entry(id).or_default().insert(row.text("kind").to_owned(), row.text("key").to_owned());
        assert_eq!(row.text("state"), "delivered");
    };
    home.journal.reader().each(who, Select::all(OUTBOX, 1_000), each).expect("read");
    keys
}

#[test]
fn what_was_ordered_arrives_however_often_the_process_is_killed() {
    let mut dice = Dice(deaths());
    for home in 0..deaths().div_ceil(IN_ONE_HOME) {
        let (folder, server) = (tempfile::tempdir().expect("a folder"), Server::clear());
        fs::create_dir(folder.path().join("out")).expect("made");
        let mut ordered = Vec::new();
        for death in 0..IN_ONE_HOME {
            let most = [2, 8, 40][dice.below(3)];
            ordered.extend(killed(folder.path(), (server.port, death), 1 + dice.below(most)));
        }
        let case = format!("home {home}");
        let opened = Home::open(folder.path());
        let settings = settings(folder.path(), &server);
        // As many steps as there is something to be done now.
        while opened.step_with(&settings, &bytes, NOW).next.is_some() {}
        let keys = keys(&opened);
        assert!(ordered.iter().all(|id| keys.contains_key(id)), "{case}: what was ordered is lost");
        // Each child orders one after another, and may have died before it was told of the last.
        assert!(keys.len() <= ordered.len() + IN_ONE_HOME as usize, "{case}");
        arrived(&server, &keys, &case);
        let mut there: Vec<String> = fs::read_dir(folder.path().join("out"))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
            // What a process left that was killed while it wrote is no file that was put there.
            .filter(|name| !name.starts_with('.'))
            .collect();
        there.sort_unstable();
        let mut expected: Vec<String> =
            keys.iter().map(|(id, of)| format!("{}-{id}.txt", of["file"])).collect();
        expected.sort_unstable();
        assert_eq!(there, expected, "{case}");
    }
}

/// Each mail arrived, and what arrived twice is the same; it does where a process died between the delivery and
/// the act that tells of it.
fn arrived(server: &Server, keys: &BTreeMap<String, BTreeMap<String, String>>, case: &str) {
    let expected: BTreeSet<&str> = keys.values().map(|of| of["mail"].as_str()).collect();
    let mut mails: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let received = server.received();
    for one in &received {
        let first = mails.entry(one.key()).or_insert_with(|| one.lines.clone());
        assert_eq!(*first, one.lines, "{case}: another mail with the same key");
    }
    assert_eq!(mails.keys().map(String::as_str).collect::<BTreeSet<_>>(), expected, "{case}");
    let twice = received.len() - mails.len();
    assert!(twice <= IN_ONE_HOME as usize, "{case}: {twice} came twice");
}
