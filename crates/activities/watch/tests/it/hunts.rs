//! Hunts: what may be said of them, what it comes to, and that it is written as before.

use journal::{ActError, Acting, Actor, Journal, Kinds, Looking};
use watch::hunts::{self, Act, Command, Hunts, Refusal, Run, Saved};

use crate::golden::{at, golden, read, written};

fn saved(sql: &str) -> Saved {
    Saved {
        sql: sql.to_owned(),
        text: "夜間のサービス (services at night)".to_owned(),
        techniques: vec!["T1543.003".to_owned()],
        clauses: vec!["2-1-2a".to_owned()],
    }
}

fn run(version: u32, again: Option<u64>) -> Run {
    let horizon = "2027-01-15T08:00:00Z/3/00000000-0000-8000-8000-000000000000/0".to_owned();
    Run { version, horizon, rows: 12, hash: [5; 32].into(), again }
}

#[test]
fn hunts_are_saved_run_and_retired() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = home::Writer::take(&folder.path().join("home")).expect("free");
    let journal = Journal::open(&home, watch::kinds(Kinds::new())).expect("opened");
    let act = |name: &str, command, seconds| {
        let acting = Acting { actor: Actor::local(1_000), now: at(seconds) };
        match journal.act::<Hunts>(name, command, &acting) {
            Ok(done) => Ok(done.position.is_some()),
            Err(ActError::Refused(refusal)) => Err(refusal),
            Err(error) => panic!("{error}"),
        }
    };
    let save = |saved| Command::Save(saved);
    let with = |change: &dyn Fn(&mut Saved)| {
        let mut saved = saved("SELECT 1");
        change(&mut saved);
        save(saved)
    };
    assert_eq!(act("Night", save(saved("SELECT 1")), 0), Err(Refusal::BadName));
    assert_eq!(act("night", save(saved(" ")), 0), Err(Refusal::BadSql));
    assert_eq!(act("night", with(&|saved| saved.text.clear()), 0), Err(Refusal::BadText));
    let wrong = |tag: &str| Err(Refusal::BadTag(tag.to_owned()));
    assert_eq!(act("night", with(&|saved| saved.techniques = vec!["T12".to_owned()]), 0), wrong("T12"));
    assert_eq!(act("night", with(&|saved| saved.clauses = vec!["a b".to_owned()]), 0), wrong("a b"));
    assert_eq!(act("night", Command::Run(run(1, None)), 0), Err(Refusal::NoHunt));
    assert_eq!(act("night", save(saved("SELECT 1")), 1), Ok(true));
    assert_eq!(act("night", with(&|saved| saved.techniques = vec![" t1543.003 ".to_owned()]), 2), Ok(false));
    assert_eq!(act("night", Command::Run(run(2, None)), 3), Err(Refusal::NoVersion(2)));
    assert_eq!(act("night", Command::Run(run(1, None)), 3), Ok(true));
    assert_eq!(act("night", save(saved("SELECT 2")), 4), Ok(true));
    assert_eq!(act("night", Command::Run(run(2, Some(1))), 5), Ok(true));
    let retire = |reason: &str| Command::Retire { reason: reason.to_owned() };
    assert_eq!(act("night", retire(" "), 6), Err(Refusal::NoReason));
    assert_eq!(act("night", retire("a rule now"), 6), Ok(true));
    assert_eq!(act("night", Command::Run(run(2, None)), 7), Err(Refusal::Retired));
    let view = access::operator("local:1000", at(8));
    let who = Looking { view: &view, now: at(8) };
    let listed = hunts::list(journal.reader(), who).expect("read");
    let one = &listed[0];
    assert_eq!((one.version, one.runs, one.last_run, one.last_rows), (2, 2, Some(at(5)), Some(12)));
    assert_eq!(one.retired.as_deref(), Some("a rule now"));
    let runs = hunts::runs(journal.reader(), who, "night").expect("read");
    let told: Vec<_> = runs.iter().map(|run| (run.number, run.version, run.again)).collect();
    assert_eq!(told, [(1, 1, None), (2, 2, Some(1))]);
    assert_eq!(act("night", save(saved("SELECT 2")), 9), Ok(true));
    assert!(journal.rebuild().expect("rebuilt").is_sound());
}

fn hunt_act(act: &Act) -> &'static str {
    match act {
        Act::Saved(_) => "saved",
        Act::Ran(_) => "ran",
        Act::Retired { .. } => "retired",
    }
}

#[test]
fn acts_of_each_version_are_read() {
    read::<Hunts>("hunt", &[3], hunt_act);
}

#[test]
fn acts_of_hunts_are_written_as_before() {
    let commands = vec![
        (0, Command::Save(saved("SELECT count(*) FROM events"))),
        (1, Command::Run(run(1, None))),
        (2, Command::Run(run(1, Some(1)))),
        (3, Command::Retire { reason: "規則になった (a rule now)".to_owned() }),
    ];
    assert_eq!(written::<Hunts>("night", commands), golden("hunt", "v1.jsonl"));
}
