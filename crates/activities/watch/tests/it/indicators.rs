//! Indicators and benign lists: what may be said of them, what it comes to, and that it is written as before.

use journal::{ActError, Acting, Actor, Journal, Kinds, Looking};
use model::catalogue::Catalogue;
use model::evidence::Evidence;
use model::indicator::Observable;
use model::indicator::benign::{Benign, Value as Kept};
use model::marking::{Marking, Pap, Tlp};
use model::time::Instant;
use watch::benign::{self, Benigns};
use watch::indicators::{
    self, Act, Command, EventRow, InFile, Indicators, LookAct, LookCommand, Looks, New, Refusal, Sighting,
    Source, Status, Wanted,
};

use crate::golden::{at, golden, read, written};

fn new(observable: Observable, value: &str) -> New {
    New {
        observable,
        value: value.to_owned(),
        source: Source::default(),
        note: String::new(),
        marking: Marking::default(),
        confidence: None,
        until: None,
        kept: None,
    }
}

fn of_file(line: u64) -> Source {
    let sha256 = [7; 32].into();
    Source { file: Some(InFile { name: "一覧.csv".to_owned(), sha256, line }), ..Source::default() }
}

struct Opened {
    journal: Journal,
    _home: home::Writer,
    _folder: tempfile::TempDir,
}

fn open() -> Opened {
    let folder = tempfile::tempdir().expect("a folder");
    let home = home::Writer::take(&folder.path().join("home")).expect("free");
    let journal = Journal::open(&home, watch::kinds(Kinds::new())).expect("opened");
    Opened { journal, _home: home, _folder: folder }
}

impl Opened {
    fn act(&self, id: &str, command: Command, seconds: i64) -> Result<bool, Refusal> {
        let acting = Acting { actor: Actor::local(1_000), now: at(seconds) };
        match self.journal.act::<Indicators>(id, command, &acting) {
            Ok(done) => Ok(done.position.is_some()),
            Err(ActError::Refused(refusal)) => Err(refusal),
            Err(error) => panic!("{error}"),
        }
    }

    fn add(&self, new: New, seconds: i64) -> Result<bool, Refusal> {
        let id = indicators::id(new.observable, &new.value).expect("of nobody");
        self.act(&id, Command::Add(Box::new(new)), seconds)
    }

    fn look<T>(&self, seconds: i64, look: impl FnOnce(&journal::Reader, Looking<'_>) -> T) -> T {
        let now = at(seconds);
        let view = access::operator("local:1000", now);
        look(self.journal.reader(), Looking { view: &view, now })
    }

    fn list(&self, wanted: &Wanted) -> Vec<indicators::Listed> {
        self.look(0, |reader, who| indicators::list(reader, who, wanted)).expect("read")
    }
}

#[test]
fn what_is_said_again_is_no_act_and_what_cannot_be_is_refused() {
    let opened = open();
    let domain = || new(Observable::Domain, "evil.example.com");
    assert_eq!(opened.add(domain(), 0), Ok(true));
    assert_eq!(opened.add(domain(), 1), Ok(false));
    assert_eq!(opened.add(New { source: of_file(3), ..domain() }, 2), Ok(true));
    assert_eq!(opened.add(New { source: of_file(3), ..domain() }, 3), Ok(false));
    assert_eq!(opened.add(New { confidence: Some(101), ..domain() }, 4), Err(Refusal::Confidence));
    assert_eq!(opened.add(New { until: Some(at(5)), ..domain() }, 5), Err(Refusal::Over));
    let kept = |reason: &str| Some(indicators::Kept { list: "shared".to_owned(), reason: reason.to_owned() });
    assert_eq!(opened.add(New { kept: kept(" "), ..domain() }, 6), Err(Refusal::NoReason));
    assert_eq!(opened.add(New { note: "x".repeat(2_001), ..domain() }, 7), Err(Refusal::LongNote));
    let other = Command::Add(Box::new(new(Observable::Domain, "other.example.com")));
    assert_eq!(opened.act("domain:evil.example.com", other, 8), Err(Refusal::NoValue));
    let withdraw = |reason: &str| Command::Withdraw { reason: reason.to_owned() };
    assert_eq!(opened.act("domain:none.example.com", withdraw("gone"), 9), Err(Refusal::NotActive));
    assert_eq!(opened.act("domain:evil.example.com", withdraw(""), 9), Err(Refusal::NoReason));
    assert_eq!(opened.act("domain:evil.example.com", withdraw("harmless"), 9), Ok(true));
    assert_eq!(opened.act("domain:evil.example.com", withdraw("harmless"), 10), Err(Refusal::NotActive));
    assert_eq!(opened.list(&Wanted { states: vec![Status::Active], ..Wanted::default() }), []);
    assert_eq!(opened.add(New { note: "back".to_owned(), ..domain() }, 11), Ok(true));
    let all = opened.list(&Wanted::default());
    assert_eq!(
        (all.len(), all[0].status, all[0].note.as_str(), all[0].reason.as_str()),
        (1, Status::Active, "back", "")
    );
    assert_eq!((all[0].source.as_str(), all[0].added), ("typed", at(0)));
}

#[test]
fn marks_only_become_stricter_and_an_end_comes_by_itself() {
    let opened = open();
    let marked = |tlp, until| New {
        marking: Marking { tlp, pap: Some(Pap::Green), ..Marking::default() },
        until,
        ..new(Observable::Address, "198.51.100.9")
    };
    assert_eq!(opened.add(marked(Tlp::Green, Some(at(100))), 0), Ok(true));
    assert_eq!(opened.add(marked(Tlp::Red, Some(at(200))), 1), Ok(true));
    assert_eq!(opened.add(marked(Tlp::Clear, Some(at(200))), 2), Ok(false));
    let one = |opened: &Opened| opened.list(&Wanted::default()).remove(0);
    assert_eq!((one(&opened).marking.tlp, one(&opened).until), (Tlp::Red, Some(at(200))));
    assert_eq!(opened.journal.wake(at(199)).expect("woken"), 0);
    assert_eq!(opened.journal.wake(at(200)).expect("woken"), 1);
    assert_eq!(one(&opened).status, Status::Expired);
    assert_eq!(opened.act("address:198.51.100.9", Command::Expire, 300), Ok(false));
    assert!(opened.journal.rebuild().expect("rebuilt").is_sound());
}

#[test]
fn what_the_lake_has_is_an_act_where_it_changed_and_what_was_seen_stays_so() {
    let opened = open();
    assert_eq!(opened.add(new(Observable::File, "up.exe"), 0), Ok(true));
    let see = |rows, first: Option<i64>, last: Option<i64>, horizon| {
        Command::See(Sighting { first: first.map(at), last: last.map(at), rows, horizon: at(horizon) })
    };
    let act = |command, seconds| opened.act("file:up.exe", command, seconds).expect("no refusal");
    assert!(!act(see(0, None, None, 1), 1));
    assert!(act(see(3, Some(-50), Some(-10), 2), 2));
    assert!(!act(see(3, Some(-50), Some(-10), 9), 3));
    // Rows end by retention.
    assert!(act(see(1, Some(-10), Some(-10), 9), 4));
    assert!(act(see(0, None, None, 10), 5));
    let one = opened.list(&Wanted::default()).remove(0);
    assert_eq!((one.seen, one.hits), (Some((at(-50), at(-10))), 0));
}

#[test]
fn a_mail_address_stands_in_no_act() {
    let opened = open();
    let command = Command::Add(Box::new(new(Observable::Mail, "bad@evil.example.com")));
    assert_eq!(opened.act("mail:0011", command, 0), Ok(true));
    assert_eq!(opened.list(&Wanted::default())[0].value, "bad@evil.example.com");
    let acts =
        opened.look(0, |reader, who| reader.history(who, "watch/indicator/mail:0011", (0, 9))).expect("read");
    let text = acts[0].bytes().expect("written");
    assert!(!text.contains("evil"), "{text}");
    let subject = acts[0].act["value"]["person"]["subject"].as_str().expect("a subject").to_owned();
    let acting = Acting { actor: Actor::local(1_000), now: at(1) };
    opened.journal.forget(&subject, (None, "asked"), &acting).expect("forgotten");
    assert_eq!(opened.list(&Wanted::default())[0].value, "");
    assert!(opened.journal.rebuild().expect("rebuilt").is_sound());
}

#[test]
fn benign_lists_keep_out_as_they_are_here() {
    let opened = open();
    let bundled = Benign::bundled().expect("sound");
    let act = |list: &str, command, seconds| {
        let acting = Acting { actor: Actor::local(1_000), now: at(seconds) };
        match opened.journal.act::<Benigns>(list, command, &acting) {
            Ok(done) => Ok(done.position.is_some()),
            Err(ActError::Refused(refusal)) => Err(refusal),
            Err(error) => panic!("{error}"),
        }
    };
    let value = |text: &str| Kept::of(Observable::Domain, text).expect("a value");
    let list = |text: &str, until| benign::Command::List {
        values: vec![value(text)],
        reason: "ours".to_owned(),
        until,
    };
    let unlist = |text: &str| benign::Command::Unlist { values: vec![value(text)], reason: "no".to_owned() };
    let switch = |on| benign::Command::Switch { on, reason: "the demo".to_owned() };
    let covers = |value: &str, seconds| {
        let all = opened.look(seconds, |reader, who| benign::in_force(&bundled, reader, who)).expect("read");
        all.covers(Observable::Domain, value).map(|covered| covered.list.to_owned())
    };
    let told = |list: &str| Some(list.to_owned());
    assert_eq!(covers("a.evil.example.com", 0), told("documentation"));
    assert_eq!(act("documentation", switch(true), 0), Err(benign::Refusal::Already));
    assert_eq!(act("documentation", switch(false), 0), Ok(true));
    assert_eq!(covers("a.evil.example.com", 0), None);
    assert_eq!(act("ours", list("example.com", Some(at(50))), 1), Ok(true));
    assert_eq!(act("ours", list("example.com", Some(at(50))), 2), Err(benign::Refusal::Already));
    assert_eq!(act("Ours", list("example.com", None), 2), Err(benign::Refusal::BadName));
    assert_eq!(covers("a.evil.example.com", 2), told("ours"));
    assert_eq!(covers("a.evil.example.com", 50), None);
    assert_eq!(opened.journal.wake(at(50)).expect("woken"), 1);
    assert_eq!(act("ours", list("example.com", None), 51), Ok(true));
    assert_eq!(act("ours", unlist("example.com"), 52), Ok(true));
    assert_eq!(covers("a.evil.example.com", 52), None);
    assert_eq!(covers("bit.ly", 53), told("shared"));
    assert_eq!(act("shared", unlist("bit.ly"), 53), Ok(true));
    assert_eq!(act("shared", unlist("bit.ly"), 53), Err(benign::Refusal::Already));
    assert_eq!((covers("bit.ly", 54), covers("t.co", 54)), (None, told("shared")));
    assert_eq!(act("shared", list("bit.ly", None), 55), Ok(true));
    assert_eq!(covers("bit.ly", 56), told("shared"));
    assert!(opened.journal.rebuild().expect("rebuilt").is_sound());
}

#[test]
fn events_give_what_people_look_for_and_no_machines_accounts_or_programs_of_the_system() {
    let row = |number: u64, values: &[(&str, &str)]| EventRow {
        evidence: Evidence { table: "own/process_activity".into(), batch: [3; 16].into(), row: number },
        values: values.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect(),
    };
    let md5 = "0123456789abcdef0123456789abcdef";
    let rows = [
        row(
            1,
            &[
                ("device.hostname", "ws01.aoba.example"),
                ("user.name", r"AOBA\sato"),
                ("process.file.path", r"C:\Windows\System32\cmd.exe"),
                ("src_endpoint.ip", "10.1.2.3"),
                ("dst_endpoint.ip", "198.51.100.9"),
            ],
        ),
        row(
            2,
            &[
                ("process.file.path", r"C:\Temp\Up.exe"),
                ("file.path", r"C:\Users\sato\AppData\Local\Temp\drop.dll"),
                ("dst_endpoint.ip", "198.51.100.9"),
                ("query.hostname", "login.evil.example.net."),
                ("answers.rdata", "type:  5 a.evil.example.net;::ffff:198.51.100.9;"),
                ("url.url_string", "https://evil.example.net/a?b#c"),
                ("noroshi.file.md5", md5),
                ("process.cmd_line", "curl 203.0.113.5"),
            ],
        ),
    ];
    let catalogue = Catalogue::bundled().expect("sound");
    let benign = Benign::bundled().expect("sound").without(&|list, _| list != "documentation");
    let of = indicators::indicators_of(&catalogue, &rows, &benign);
    let told: Vec<String> = of
        .taken
        .iter()
        .map(|one| format!("{} {} {} {}", one.observable, one.value, one.field, one.rows))
        .collect();
    let expected = [
        "address 198.51.100.9 dst_endpoint.ip 2".to_owned(),
        "domain a.evil.example.net answers.rdata 1".to_owned(),
        "domain login.evil.example.net query.hostname 1".to_owned(),
        "url https://evil.example.net/a?b url.url_string 1".to_owned(),
        format!("md5 {md5} noroshi.file.md5 1"),
        "file drop.dll file.path 1".to_owned(),
        r"path c:\temp\up.exe process.file.path 1".to_owned(),
    ];
    assert_eq!(told, expected);
    assert_eq!(of.taken[0].evidence.len(), 2);
    let left: Vec<(&str, &str)> =
        of.benign.iter().map(|(one, list, _)| (one.value.as_str(), list.as_str())).collect();
    assert_eq!(left, [("10.1.2.3", "reserved")]);
}

fn indicator_act(act: &Act) -> &'static str {
    match act {
        Act::Added(_) => "added",
        Act::Seen(_) => "seen",
        Act::Withdrawn { .. } => "withdrawn",
        Act::Expired => "expired",
    }
}

fn benign_act(act: &benign::Act) -> &'static str {
    match act {
        benign::Act::Listed { .. } => "listed",
        benign::Act::Unlisted { .. } => "unlisted",
        benign::Act::SwitchedOff { .. } => "switched off",
        benign::Act::SwitchedOn { .. } => "switched on",
    }
}

fn look_act(act: &LookAct) -> &'static str {
    match act {
        LookAct::Looked { .. } => "looked",
    }
}

#[test]
fn acts_of_each_version_are_read() {
    read::<Indicators>("indicator", &[4], indicator_act);
    read::<Benigns>("benign", &[4], benign_act);
    read::<Looks>("look", &[1], look_act);
}

#[test]
fn acts_of_indicators_are_written_as_before() {
    let url = || new(Observable::Url, "https://例え.example/");
    let value = "https://xn--r8jz45g.example/";
    let full = New {
        source: Source {
            partner: Some("あおば市".to_owned()),
            finding: Some(12),
            evidence: vec!["lake:own/http_activity/00000000-0000-8000-8000-000000000000/3".to_owned()],
            ..of_file(40)
        },
        note: "偽の窓口 (false desk)".to_owned(),
        marking: Marking { tlp: Tlp::Green, pap: Some(Pap::Amber), ..Marking::default() },
        confidence: Some(80),
        until: Some(at(500)),
        kept: Some(indicators::Kept { list: "shared".to_owned(), reason: "only this page".to_owned() }),
        ..new(Observable::Url, value)
    };
    let commands = vec![
        (0, Command::Add(Box::new(New { value: value.to_owned(), ..url() }))),
        (1, Command::See(Sighting { first: Some(at(-900)), last: Some(at(-3)), rows: 12, horizon: at(0) })),
        (2, Command::Withdraw { reason: "見直した (reviewed)".to_owned() }),
        (3, Command::Add(Box::new(full))),
    ];
    let id = indicators::id(Observable::Url, value).expect("of nobody");
    assert_eq!(written::<Indicators>(&id, commands), golden("indicator", "v1.jsonl"));
}

#[test]
fn acts_of_benign_lists_and_looks_are_written_as_before() {
    let values = |texts: &[&str]| -> Vec<Kept> {
        texts.iter().map(|text| Kept::try_from((*text).to_owned()).expect("a value")).collect()
    };
    let reason = || "当方の網 (ours)".to_owned();
    let own = || values(&["network:198.51.100.0/24", "domain:aoba.example"]);
    let commands = vec![
        (0, benign::Command::List { values: own(), reason: reason(), until: Some(at(300)) }),
        (1, benign::Command::Unlist { values: values(&["file:cmd.exe"]), reason: reason() }),
        (2, benign::Command::Switch { on: false, reason: reason() }),
        (3, benign::Command::Switch { on: true, reason: reason() }),
    ];
    assert_eq!(written::<Benigns>("own-net", commands), golden("benign", "v1.jsonl"));
    let look = LookCommand::Look { horizon: at(-1), indicators: 10_000, found: 3, changed: 2 };
    assert_eq!(written::<Looks>("own", vec![(0, look)]), golden("look", "v1.jsonl"));
}

/// The end of a fraction of a second is not lost on the way.
#[test]
fn times_are_exact() {
    let opened = open();
    let until = Instant::from_nanoseconds(at(900).nanoseconds() + 1);
    assert_eq!(opened.add(New { until: Some(until), ..new(Observable::File, "a.exe") }, 0), Ok(true));
    assert_eq!(opened.list(&Wanted::default())[0].until, Some(until));
}
