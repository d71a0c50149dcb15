//! Acts of every version are still understood, and those of now are written as they were before: who changes
//! their form raises the version and lays new ones beside the old.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use journal::{Acting, Actor, Journal, Kind, Kinds, Looking, Recorded, fold};
use model::time::Instant;
use watch::findings::{
    self, Asked, Clearance, Disposition, Findings, Grouping, GroupingAct, GroupingCommand, Groupings, Joined,
    Replacement, Summary,
};
use watch::retention::{self, Ending, Retentions};
use watch::rulesets::{self, Added, Command, Rulesets};
use watch::sources::{self, Sources};

const NOW: Instant = Instant::from_nanoseconds(1_800_000_000_000_000_000);

pub(super) fn at(seconds: i64) -> Instant {
    Instant::from_nanoseconds(NOW.nanoseconds() + seconds * 1_000_000_000)
}

pub(super) fn golden(folder: &str, file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/acts").join(folder).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Reads the acts of each version; they are of all kinds, and come to the golden state.
pub(super) fn read<K: Kind>(folder: &str, kinds: &[usize], name: impl Fn(&K::Act) -> &'static str) {
    for (version, kinds) in (1..=K::ACTS).zip(kinds) {
        let lines = golden(folder, &format!("v{version}.jsonl"));
        let acts: Vec<Recorded> =
            lines.lines().map(|line| serde_json::from_str(line).expect("an act")).collect();
        assert!(acts.iter().all(|recorded| recorded.version == version));
        let state = serde_json::to_value(fold::<K>(&acts).expect("understood")).expect("JSON");
        let expected: serde_json::Value =
            serde_json::from_str(&golden(folder, &format!("v{version}.state.json"))).expect("JSON");
        assert_eq!(state, expected, "{folder} {version}");
        let act = |recorded: &Recorded| match version == K::ACTS {
            true => Ok(recorded.act.clone()),
            false => K::upcast(version, recorded.act.clone()),
        };
        let names: BTreeSet<&str> = acts
            .iter()
            .map(|recorded| name(&serde_json::from_value(act(recorded).expect("upcast")).expect("an act")))
            .collect();
        assert_eq!(names.len(), *kinds, "all kinds of act are there: {names:?}");
    }
}

/// The lines of what commands come to; each is given at its time.
pub(super) fn written<K: Kind>(id: &str, commands: Vec<(i64, K::Command)>) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let home = home::Writer::take(&folder.path().join("home")).expect("free");
    let journal = Journal::open(&home, Kinds::new().with::<K>()).expect("opened");
    for (seconds, command) in commands {
        let acting = Acting { actor: Actor::local(1_000), now: at(seconds) };
        journal.act::<K>(id, command, &acting).expect("done");
    }
    journal.wake(at(1_000)).expect("woken");
    let view = access::operator("root", NOW);
    let who = Looking { view: &view, now: NOW };
    let acts = journal.reader().history(who, &format!("{}/{id}", K::NAME), (0, 99)).expect("read");
    acts.iter().map(|recorded| recorded.bytes().expect("written") + "\n").collect()
}

fn ruleset_act(act: &rulesets::Act) -> &'static str {
    // A new one needs a line in the golden acts, and a number more below.
    match act {
        rulesets::Act::Added { .. } => "added",
        rulesets::Act::Enabled { .. } => "enabled",
        rulesets::Act::Disabled { .. } => "disabled",
        rulesets::Act::Excluded { .. } => "excluded",
        rulesets::Act::Included { .. } => "included",
        rulesets::Act::Warned { .. } => "warned",
    }
}

fn retention_act(act: &retention::Act) -> &'static str {
    match act {
        retention::Act::Ordered(_) => "ordered",
        retention::Act::Ended { .. } => "ended",
    }
}

fn source_act(act: &sources::Act) -> &'static str {
    match act {
        sources::Act::FellSilent { .. } => "fell silent",
        sources::Act::Spoke { .. } => "spoke",
    }
}

fn finding_act(act: &findings::Act) -> &'static str {
    use findings::{Act, Change};
    match act {
        Act::Joined(_) => "joined",
        Act::Parted { .. } => "parted",
        Act::Merged { .. } => "merged",
        Act::Absorbed { .. } => "absorbed",
        Act::Restored { .. } => "restored",
        Act::Released { .. } => "released",
        Act::TakenBack { .. } => "taken back",
        Act::Changed { change, .. } => match change {
            Change::Assigned { .. } => "assigned",
            Change::Closed(_) => "closed",
            Change::Reopened { .. } => "reopened",
            Change::Graded { .. } => "graded",
            Change::Titled { .. } => "titled",
            Change::Noted { .. } => "noted",
            Change::Attached { .. } => "attached",
            Change::Cleared(_) => "cleared",
            Change::Withheld { .. } => "withheld",
        },
    }
}

#[test]
fn acts_of_each_version_are_read() {
    read::<Rulesets>("ruleset", &[5, 6], ruleset_act);
    read::<Retentions>("retention", &[2], retention_act);
    read::<Sources>("source", &[2], source_act);
    read::<Findings>("finding", &[16], finding_act);
    read::<Groupings>("grouping", &[1], |GroupingAct::Grouped(_)| "grouped");
}

#[test]
fn acts_of_rule_sets_are_written_as_before() {
    let added = |archive: &str| {
        let (archive, digest) = (archive.repeat(32), "d1".repeat(32));
        Command::Add(Added {
            archive,
            digest,
            rules: 3_752,
            refused: 4,
            source: "規則 r2027-01.zip".to_owned(),
        })
    };
    let reason = || "見直した (reviewed)".to_owned();
    let exclude = |rule: &str, until| {
        let (rule, title) = (rule.to_owned(), "Dump of lsass".to_owned());
        Command::Exclude { rule, title, reason: reason(), until }
    };
    let commands = vec![
        (0, added("a1")),
        (1, Command::Enable { version: None, reason: reason() }),
        (2, added("b2")),
        (3, exclude("5afee48e-67dd-4e03-a783-f74259dcf998", Some(at(500)))),
        (4, exclude("windows/other.yml", None)),
        (5, exclude("windows/third.yml", None)),
        (6, Command::Include { rule: "windows/other.yml".to_owned(), reason: reason() }),
        (7, Command::Enable { version: Some(2), reason: reason() }),
        (8, Command::Disable { reason: reason() }),
        (9, exclude("windows/fourth.yml", Some(at(2 * 86_400 + 9)))),
        (86_409, Command::Warn { rule: "windows/fourth.yml".to_owned() }),
    ];
    assert_eq!(
        written::<Rulesets>("sigma", commands),
        golden("ruleset", &format!("v{}.jsonl", Rulesets::ACTS))
    );
}

#[test]
fn acts_of_retention_are_written_as_before() {
    let ending = |owner: Option<&str>, rows| {
        let (through, reason) = ("2026-03-31".to_owned(), "over a year old".to_owned());
        retention::Command::Order(Ending { owner: owner.map(str::to_owned), through, rows, days: 31, reason })
    };
    let commands = vec![
        (0, ending(Some("aoba"), 1_234_567)),
        (1, ending(None, 5)),
        (2, retention::Command::End { order: 1, rows: 1_234_560, files: 12 }),
    ];
    let lines = written::<Retentions>("own:process_activity", commands);
    assert_eq!(lines, golden("retention", &format!("v{}.jsonl", Retentions::ACTS)));
}

#[test]
fn acts_of_sources_are_written_as_before() {
    let silent = |last: Option<i64>, since| sources::Command::Silent {
        last: last.map(at),
        since: at(since),
        after_seconds: 3_600,
    };
    let commands = vec![
        (0, silent(None, -3_600)),
        (60, sources::Command::Heard { at: at(59) }),
        (9_000, silent(Some(59), -3_600)),
    ];
    let lines = written::<Sources>(&sources::id("/var/log/認証.log"), commands);
    assert_eq!(lines, golden("source", &format!("v{}.jsonl", Sources::ACTS)));
}

#[test]
fn acts_of_groupings_are_written_as_before() {
    let grouping = |position: &str, given| Grouping { position: Some(position.to_owned()), given };
    let group = |before, now| GroupingCommand::Group { before, now };
    let commands = vec![
        (0, group(Grouping::default(), grouping("7", 3))),
        (1, group(grouping("7", 3), grouping("9", 3))),
        (2, group(grouping("9", 3), grouping("9", 4))),
    ];
    let lines = written::<Groupings>("own", commands);
    assert_eq!(lines, golden("grouping", &format!("v{}.jsonl", Groupings::ACTS)));
}

fn summary(rule: &str, verdicts: u64) -> Summary {
    let seen = findings::Seen {
        id: model::evidence::ContentId::from([1; 16]),
        time: at(-86_400),
        organisation: "aoba".to_owned(),
        marking: model::marking::Marking::default(),
        host: Some("AOBA-PC007.aoba.example".to_owned()),
        process: None,
        parent: None,
        session: None,
        rule: rule.to_owned(),
        title: "隠しコピーの削除 (shadow copies deleted)".to_owned(),
        level: model::level::Level::Critical,
        techniques: vec!["T1490".to_owned()],
        group: vec![],
        events: 1,
    };
    let mut all = Summary::default();
    (0..verdicts).for_each(|_| all.add(&Summary::of(&seen)));
    all
}

/// All kinds of act but those with a person's name, whose commitment is another one each time.
#[test]
fn acts_of_findings_are_written_as_before() {
    use findings::Command;
    let id = |byte: u8| model::evidence::ContentId::from([byte; 16]);
    let verdicts = |bytes: &[u8]| [("r1".to_owned(), bytes.iter().map(|byte| id(*byte)).collect())].into();
    let key = |text: &str| text.parse().expect("a key");
    let change = |change| Command::Change { change, together: None };
    let reason = || "見直した (reviewed)".to_owned();
    let clearance = || Clearance {
        marking: model::marking::Tlp::Green,
        replaced: vec![Replacement { what: "device.hostname".to_owned(), with: "PC-A".to_owned() }],
        reason: reason(),
    };
    let commands = vec![
        (
            0,
            Command::Join(Joined {
                verdicts: verdicts(&[1, 2, 3]),
                links: vec![(key("0123456789abcde"), 10, 20), (key("fedcba987654321"), 5, 5)],
                summary: summary("r1", 3),
                ..Joined::default()
            }),
        ),
        (
            1,
            Command::Join(Joined {
                verdicts: verdicts(&[4]),
                links: vec![(key("0123456789abcde"), 8, 20)],
                gone: vec![(key("0123456789abcde"), 10)],
                summary: summary("r1", 1),
                related: [7].into(),
                out_of: None,
            }),
        ),
        (2, change(Asked::Grade { level: model::level::Level::Low, reason: reason() })),
        (3, change(Asked::Title("演習の跡".to_owned()))),
        (4, change(Asked::Note("電話で確認した".to_owned()))),
        (5, change(Asked::Attach { sha256: "ab".repeat(32), name: "写真.png".to_owned() })),
        (6, change(Asked::Clear(clearance()))),
        (7, change(Asked::Withhold { reason: reason() })),
        (8, Command::Absorb { finding: 11, summary: summary("r2", 2), reason: Some(reason()) }),
        (9, Command::Release { finding: 11, reason: reason() }),
        (10, Command::Part { verdicts: verdicts(&[4]), into: 13, rest: summary("r1", 3), acts: 10 }),
        (
            11,
            Command::Change {
                change: Asked::Close { disposition: Disposition::Benign, reason: reason() },
                together: Some("t1".to_owned()),
            },
        ),
        (12, Command::TakeBack { together: "t1".to_owned(), reason: reason() }),
        (13, change(Asked::Close { disposition: Disposition::True, reason: reason() })),
        (14, change(Asked::Reopen { reason: reason() })),
        (15, Command::Merge { into: 14, reason: Some(reason()), acts: 15 }),
        (16, Command::Restore { reason: reason() }),
    ];
    let written = written::<Findings>("12", commands);
    let expected = golden("finding", &format!("v{}.jsonl", Findings::ACTS));
    let expected: Vec<&str> = expected.lines().filter(|line| !line.contains("\"assigned\"")).collect();
    assert_eq!(written.lines().collect::<Vec<_>>(), expected);
}
