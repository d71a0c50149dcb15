//! Findings in a journal: grouped in pieces, changed by people, and told the same after everything.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use journal::{ActError, Acting, Actor, Done, Journal, Kinds, Looking, NotDone, Together, Undone};
use model::evidence::ContentId;
use model::level::Level;
use model::marking::{Marking, Tlp};
use model::time::Instant;
use model::view::View;
use watch::findings::{
    self, Asked, Command, Disposition, Findings, GroupError, Grouping, Joined, Piece, Refusal, Seen, Status,
    Stepped, Summary, Wanted,
};

const NOW: Instant = Instant::from_nanoseconds(1_800_000_000_000_000_000);

fn who() -> (View, Instant) {
    (access::operator("root", NOW), NOW)
}

fn acting() -> Acting {
    Acting { actor: Actor::local(1_000), now: NOW }
}

struct Opened {
    journal: Journal,
    _home: home::Writer,
}

fn open(folder: &Path) -> Opened {
    let home = home::Writer::take(&folder.join("home")).expect("free");
    let journal = Journal::open(&home, watch::kinds(Kinds::new())).expect("opened");
    Opened { journal, _home: home }
}

/// A verdict of a rule on a host, so many minutes after the beginning.
fn seen(number: u8, minute: i64, host: &str, rule: &str, level: Level) -> Seen {
    Seen {
        id: ContentId::from([number; 16]),
        time: Instant::from_nanoseconds(minute * 60_000_000_000),
        organisation: "aoba".to_owned(),
        marking: Marking { tlp: Tlp::Amber, ..Marking::default() },
        host: Some(host.to_owned()),
        process: None,
        parent: None,
        session: None,
        rule: rule.to_owned(),
        title: format!("Title of {rule}"),
        level,
        techniques: vec![format!("T1{number:03}")],
        group: vec![],
        events: 1,
    }
}

impl Opened {
    fn group(&self, seen: &[Seen], from: u64) -> Result<Stepped, GroupError> {
        let at = |number: u64| (number > 0).then(|| number.to_string());
        let piece = Piece {
            compartment: "own",
            seen: seen.to_vec(),
            positions: (at(from), at(from + 1)),
            may_repeat: false,
        };
        findings::group(&self.journal, &who, &acting(), piece)
    }

    fn look<T>(&self, at: impl FnOnce(&journal::Reader, Looking<'_>) -> T) -> T {
        let (view, now) = who();
        at(self.journal.reader(), Looking { view: &view, now })
    }

    fn list(&self, wanted: &Wanted) -> Vec<findings::Listed> {
        self.look(|reader, who| findings::list(reader, who, wanted)).expect("read")
    }

    /// The verdicts of each finding that is no part, with all its parts.
    fn sets(&self) -> BTreeSet<BTreeSet<ContentId>> {
        let whole = self.list(&Wanted::default());
        let whole = whole.into_iter().filter(|finding| finding.whole.is_none());
        whole.map(|finding| self.verdicts(finding.number)).collect()
    }

    fn verdicts(&self, number: u64) -> BTreeSet<ContentId> {
        let mut verdicts = BTreeSet::new();
        self.look(|reader, who| {
            let parts = findings::parts(reader, who, number)?;
            findings::verdicts_of(reader, who, &parts, &mut |verdict, _| {
                verdicts.insert(verdict);
            })
        })
        .expect("read");
        verdicts
    }

    fn act(&self, number: u64, command: Command) -> Result<Done, ActError<Refusal>> {
        self.journal.act::<Findings>(&number.to_string(), command, &acting())
    }

    fn change(&self, number: u64, change: Asked) -> Result<Done, ActError<Refusal>> {
        self.act(number, Command::Change { change, together: None })
    }

    fn refusal(&self, number: u64, command: Command) -> Refusal {
        match self.act(number, command) {
            Err(ActError::Refused(refusal)) => refusal,
            other => panic!("{other:?}"),
        }
    }

    fn is_sound(&self) {
        let rebuilt = self.journal.rebuild().expect("rebuilt");
        assert!(rebuilt.is_sound() && rebuilt.verified.faults.is_empty(), "{rebuilt:?}");
    }
}

fn close(disposition: Disposition) -> Asked {
    Asked::Close { disposition, reason: "looked at".to_owned() }
}

#[test]
fn a_finding_grows_merges_and_is_told_with_what_its_verdicts_come_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    let first = [
        seen(1, 0, "A", "r1", Level::Medium),
        seen(2, 10, "A", "r2", Level::High),
        seen(3, 5, "B", "r3", Level::Medium),
    ];
    let stepped = opened.group(&first, 0).expect("grouped");
    assert_eq!((stepped.verdicts, stepped.opened, stepped.merged), (3, 2, 0));
    // The same piece again does nothing, and the next one joins the two hosts.
    assert_eq!(opened.group(&first, 0).expect("nothing"), Stepped::default());
    let next = [seen(4, 11, "B", "r2", Level::High), seen(5, 900, "C", "r9", Level::Low)];
    let stepped = opened.group(&next, 1).expect("grouped");
    assert_eq!((stepped.verdicts, stepped.opened, stepped.merged), (2, 1, 1));
    let listed = opened.list(&Wanted { states: vec![Status::New], ..Wanted::default() });
    assert_eq!(listed.iter().map(|finding| finding.number).collect::<Vec<_>>(), [3, 1]);
    let main = &listed[1];
    assert_eq!((main.title.as_str(), main.level, main.host.as_str()), ("Title of r2", Level::High, "A"));
    assert_eq!((main.verdicts, main.events, main.hosts), (4, 4, 2));
    assert_eq!(main.techniques, ["T1001", "T1002", "T1003", "T1004"]);
    let minutes = |time: Option<Instant>| time.map(|time| time.seconds() / 60);
    assert_eq!((minutes(main.first), minutes(main.last)), (Some(0), Some(11)));
    assert_eq!(opened.verdicts(1), [1, 2, 3, 4].map(|byte| ContentId::from([byte; 16])).into());
    let rules = opened.look(|reader, who| findings::rules_of(reader, who, Some(1))).expect("read");
    let rules: Vec<_> = rules.iter().map(|rule| (rule.rule.as_str(), rule.verdicts)).collect();
    assert_eq!(rules, [("r1", 1), ("r2", 2), ("r3", 1)]);
    // The part counts no more by itself.
    let part = opened.look(|reader, who| findings::one(reader, who, 2)).expect("read").expect("there");
    assert_eq!((part.status, part.whole), (Status::Merged, Some(1)));
    assert!(opened.look(|reader, who| findings::rules_of(reader, who, Some(2))).expect("read").is_empty());
    assert_eq!(opened.list(&Wanted { text: Some("of r9".into()), ..Wanted::default() }).len(), 1);
    opened.is_sound();
}

#[test]
fn a_piece_that_repeats_joins_nothing_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    let all: Vec<Seen> = (1..=9).map(|n| seen(n, i64::from(n), "A", "r1", Level::Medium)).collect();
    opened.group(&all[..5], 0).expect("grouped");
    let piece = Piece {
        compartment: "own",
        seen: [&all[..], &all[..]].concat(),
        positions: (Some("1".to_owned()), Some("later".to_owned())),
        may_repeat: true,
    };
    let stepped = findings::group(&opened.journal, &who, &acting(), piece).expect("grouped");
    assert_eq!(stepped.verdicts, 4);
    let listed = opened.list(&Wanted::default());
    assert_eq!(listed.iter().map(|finding| finding.verdicts).collect::<Vec<_>>(), [9]);
    let state = opened.look(|reader, who| findings::grouping(reader, who, "own")).expect("read");
    assert_eq!(state, Grouping { position: Some("later".to_owned()), given: 1 });
    opened.is_sound();
}

#[test]
fn acts_name_a_bounded_number_of_verdicts() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    let id = |number: u32| {
        ContentId::of_sha256({
            let mut hash = [0; 32];
            hash[..4].copy_from_slice(&number.to_be_bytes());
            hash
        })
    };
    let all: Vec<Seen> =
        (0..4_500).map(|n| Seen { id: id(n), ..seen(1, 0, "A", "r1", Level::Low) }).collect();
    opened.group(&all, 0).expect("grouped");
    let acts = opened.look(|reader, who| reader.history(who, "watch/finding/1", (0, 99))).expect("read");
    let named = |act: &journal::Recorded| {
        let joined: findings::Act = serde_json::from_value(act.act.clone()).expect("an act");
        match joined {
            findings::Act::Joined(Joined { verdicts, .. }) => verdicts.values().map(Vec::len).sum::<usize>(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(acts.iter().map(named).collect::<Vec<_>>(), [2_000, 2_000, 500]);
    assert_eq!(opened.verdicts(1).len(), 4_500);
}

#[test]
fn what_people_may_do_and_what_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    opened
        .group(&[seen(1, 0, "A", "r1", Level::Medium), seen(2, 0, "B", "r2", Level::Medium)], 0)
        .expect("grouped");
    let change = |change| Command::Change { change, together: None };
    assert_eq!(opened.refusal(9, change(Asked::Note("there".into()))), Refusal::Missing);
    assert_eq!(opened.refusal(1, change(Asked::Note("  ".into()))), Refusal::BadText);
    assert_eq!(opened.refusal(1, change(Asked::Unassign)), Refusal::Already);
    let no_reason = Asked::Close { disposition: Disposition::True, reason: " ".into() };
    assert_eq!(opened.refusal(1, change(no_reason)), Refusal::NoReason);
    assert_eq!(opened.refusal(1, change(Asked::Reopen { reason: "x".into() })), Refusal::NotClosed);
    assert_eq!(opened.refusal(1, change(Asked::Withhold { reason: "x".into() })), Refusal::Already);
    let grade = |level| Asked::Grade { level, reason: "x".into() };
    assert_eq!(opened.refusal(1, change(grade(Level::Medium))), Refusal::Already);
    assert_eq!(opened.refusal(1, Command::Restore { reason: "x".into() }), Refusal::Already);
    assert_eq!(opened.refusal(1, Command::Release { finding: 2, reason: "x".into() }), Refusal::NotPart(2));
    let merge = |acts| move |into| Command::Merge { into, reason: Some("x".into()), acts };
    assert_eq!(opened.refusal(1, merge(1)(1)), Refusal::Already);
    assert_eq!(opened.refusal(1, merge(0)(2)), Refusal::Meanwhile);

    opened.change(1, Asked::Assign { name: "佐藤".into(), subject: None }).expect("assigned");
    opened.change(1, grade(Level::Critical)).expect("graded");
    opened.change(1, Asked::Title("夜の侵入".into())).expect("titled");
    opened.change(1, Asked::Note("電話した".into())).expect("noted");
    let one = opened.look(|reader, who| findings::one(reader, who, 1)).expect("read").expect("there");
    assert_eq!((one.status, one.level, one.title.as_str()), (Status::Progress, Level::Critical, "夜の侵入"));
    assert_eq!((one.owner.as_str(), one.notes, one.acts), ("佐藤", 1, 5));
    // Machines do not merge what somebody works on.
    assert_eq!(opened.refusal(1, Command::Merge { into: 2, reason: None, acts: 5 }), Refusal::Held);
    opened.change(1, close(Disposition::False)).expect("closed");
    assert_eq!(opened.refusal(1, change(close(Disposition::True))), Refusal::Closed);
    assert_eq!(opened.refusal(1, merge(6)(2)), Refusal::Closed);
    assert_eq!(opened.refusal(1, Command::Join(Joined::default())), Refusal::Closed);
    let rules = opened.look(|reader, who| findings::rules_of(reader, who, Some(1))).expect("read");
    assert_eq!(rules[0].disposition, "false");
    // What comes after it is a new finding that is related to it.
    let stepped = opened.group(&[seen(3, 20, "A", "r1", Level::Medium)], 1).expect("grouped");
    assert_eq!((stepped.opened, stepped.findings), (1, [3].into()));
    let (state, _) =
        opened.look(|reader, who| reader.state::<Findings>(who, "3")).expect("read").expect("there");
    assert_eq!(state.related, [1].into());
    // Whoever is forgotten is so here too, and nothing else changes.
    opened.journal.forget(&one.owner_subject, (None, "asked for"), &acting()).expect("forgotten");
    let forgotten = opened.look(|reader, who| findings::one(reader, who, 1)).expect("read").expect("there");
    assert_eq!((forgotten.owner.as_str(), forgotten.status), ("", Status::Closed));
    opened.change(1, Asked::Reopen { reason: "again".into() }).expect("reopened");
    opened.is_sound();
}

/// Both streams, or none.
fn together(opened: &Opened, commands: Vec<(u64, Command)>) -> Result<Vec<Done>, NotDone> {
    let mut together = Together::default();
    for (number, command) in commands {
        together.add::<Findings>(&number.to_string(), command).expect("a name");
    }
    opened.journal.act_together(together, &acting())
}

#[test]
fn people_merge_and_take_it_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    let all = ["A", "B", "C"].map(|host| seen(host.as_bytes()[0], 0, host, host, Level::Medium));
    opened.group(&all, 0).expect("grouped");
    let state = |number: u64| {
        let state = opened.look(|reader, who| reader.state::<Findings>(who, &number.to_string()));
        state.expect("read").expect("there")
    };
    let summary = |number: u64| state(number).0.summary();
    let reason = || Some("one attack".to_owned());
    let merge = |part: u64, whole: u64| {
        let absorb = Command::Absorb { finding: part, summary: summary(part), reason: reason() };
        together(
            &opened,
            vec![
                (part, Command::Merge { into: whole, reason: reason(), acts: state(part).1 }),
                (whole, absorb),
            ],
        )
    };
    merge(2, 1).expect("merged");
    assert_eq!((summary(1).verdicts, summary(1).hosts.len()), (2, 2));
    assert_eq!(opened.verdicts(1).len(), 2);
    // One that has parts becomes none: refused as a whole.
    let refused = merge(1, 3).expect_err("refused");
    assert_eq!((refused.at, refused.why.of::<Findings>().to_string()), (0, Refusal::HasParts.to_string()));
    // A verdict that would have joined the part joins the whole.
    opened.group(&[seen(9, 5, "B", "B", Level::Medium)], 1).expect("grouped");
    assert_eq!((summary(1).verdicts, summary(2).verdicts), (3, 1));
    let release = Command::Release { finding: 2, reason: "two".to_owned() };
    together(&opened, vec![(1, release), (2, Command::Restore { reason: "two".to_owned() })])
        .expect("parted");
    // What came meanwhile stays where it came.
    assert_eq!((summary(1).verdicts, summary(2).verdicts), (2, 1));
    assert_eq!((opened.verdicts(1).len(), opened.verdicts(2).len()), (2, 1));
    opened.is_sound();
}

#[test]
fn verdicts_are_taken_out_into_a_finding_of_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    let all = [
        seen(1, 0, "A", "r1", Level::Medium),
        seen(2, 1, "A", "r2", Level::High),
        seen(3, 2, "A", "r2", Level::High),
    ];
    opened.group(&all, 0).expect("grouped");
    let of = |seen: &[Seen]| {
        let mut summary = Summary::default();
        seen.iter().for_each(|seen| summary.add(&Summary::of(seen)));
        let mut verdicts: BTreeMap<String, Vec<ContentId>> = BTreeMap::new();
        seen.iter().for_each(|seen| verdicts.entry(seen.rule.clone()).or_default().push(seen.id));
        (summary, verdicts)
    };
    let ((rest, kept), (summary, verdicts)) = (of(&all[..1]), of(&all[1..]));
    let part = |rest, verdicts| Command::Part { verdicts, into: 2, rest, acts: 1 };
    assert_eq!(opened.refusal(1, part(Summary::default(), kept)), Refusal::Empty);
    let joined = Joined { verdicts: verdicts.clone(), summary, out_of: Some(1), ..Joined::default() };
    together(&opened, vec![(1, part(rest, verdicts)), (2, Command::Join(joined))]).expect("parted");
    let listed = opened.list(&Wanted::default());
    let told: Vec<_> = listed.iter().map(|one| (one.number, one.verdicts, one.level)).collect();
    assert_eq!(told, [(2, 2, Level::High), (1, 1, Level::Medium)]);
    assert_eq!((opened.verdicts(1).len(), opened.verdicts(2).len()), (1, 2));
    let rules = opened.look(|reader, who| findings::rules_of(reader, who, None)).expect("read");
    let rules: Vec<_> = rules.iter().map(|rule| (rule.finding, rule.rule.as_str(), rule.verdicts)).collect();
    assert_eq!(rules, [(1, "r1", 1), (2, "r2", 2)]);
    opened.is_sound();
}

#[test]
fn many_are_changed_together_and_it_is_taken_back_together() {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    let all = ["A", "B", "C"].map(|host| seen(host.as_bytes()[0], 0, host, host, Level::Medium));
    opened.group(&all, 0).expect("grouped");
    opened.change(2, Asked::Title("already named".into())).expect("titled");
    let close =
        |number| (number, Command::Change { change: close(Disposition::Benign), together: Some("t".into()) });
    let states = || {
        let all = opened.list(&Wanted::default());
        all.iter().map(|one| (one.number, one.status)).collect::<BTreeMap<_, _>>()
    };
    together(&opened, (1..=3).map(close).collect()).expect("closed");
    assert!(states().values().all(|status| *status == Status::Closed));
    let back = |number| (number, Command::TakeBack { together: "t".into(), reason: "wrong list".into() });
    // One of them was changed since: nothing is taken back of any.
    opened.change(3, Asked::Note("still".into())).expect("noted");
    let refused = together(&opened, (1..=3).map(back).collect()).expect_err("changed since");
    assert!(matches!(refused, NotDone { at: 2, why: Undone::Refused(_), .. }), "{refused:?}");
    assert!(states().values().all(|status| *status == Status::Closed));
    together(&opened, (1..=2).map(back).collect()).expect("taken back");
    assert_eq!(states(), [(1, Status::New), (2, Status::New), (3, Status::Closed)].into());
    let two = opened.look(|reader, who| findings::one(reader, who, 2)).expect("read").expect("there");
    assert_eq!(two.title, "already named");
    assert_eq!(opened.sets().len(), 3);
    opened.is_sound();
}
