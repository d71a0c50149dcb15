//! The rotation by itself: what looks saw and whether contents agree, against the steps.

use std::path::PathBuf;

use tail::rotation::{Answers, GRACE, RETIRED};
use tail::{Answer, Identity, Log, Question, Rotation, Sight, Step};

const SECOND: u64 = 1_000_000_000;

fn sight(name: &str, inode: u64, length: u64, start: &str) -> Sight {
    let identity = Identity { device: 1, inode, born: None };
    let (path, start) = (PathBuf::from(name), start.into());
    Sight { path, identity, length, modified: inode, asked: true, start }
}

/// A look at which the files agree with logs as said, and else differ.
fn look(rotation: &mut Rotation, now: u64, sights: &[Sight], same: &[(u64, &str, u64)]) -> Vec<Step> {
    let mut steps = Vec::new();
    // What may be a copy of a file as new as itself is decided at the second one.
    for _ in 0..2 {
        let mut answers = Answers::new();
        for Question { log, path } in rotation.questions(sights) {
            let agrees = same.iter().find(|(number, name, _)| Log(*number) == log && path.ends_with(name));
            let answer = agrees.map_or(Answer::Different, |(_, _, bytes)| Answer::Common(*bytes));
            answers.entry(path).or_default().push((log, answer));
        }
        steps.extend(rotation.look(now, sights, &answers));
        if !rotation.waits(sights) {
            break;
        }
    }
    steps
}

fn begin(log: u64, path: &str, offset: u64, after: Option<u64>) -> Step {
    Step::Begin { log: Log(log), path: path.into(), offset, after: after.map(Log) }
}

/// A log of which ten bytes were read.
fn started() -> Rotation {
    let mut rotation = Rotation::default();
    let steps = look(&mut rotation, SECOND, &[sight("l/a.log", 1, 10, "one")], &[]);
    assert_eq!(steps, [begin(1, "l/a.log", 0, None)]);
    rotation.gave(Log(1), b"one......\n", SECOND);
    rotation
}

#[test]
fn a_renamed_log_goes_on_and_is_let_go_when_it_stays_silent() {
    let mut rotation = started();
    let files = [sight("l/a.log", 2, 4, "two"), sight("l/a.log.1", 1, 15, "one")];
    let steps = look(&mut rotation, 2 * SECOND, &files, &[(1, "a.log.1", 10)]);
    assert_eq!(steps, [begin(2, "l/a.log", 0, None)]);
    assert_eq!(rotation.live().collect::<Vec<_>>(), [Log(1), Log(2)]);
    rotation.gave(Log(1), b"more.", 3 * SECOND);
    assert_eq!(
        look(&mut rotation, 3 * SECOND + RETIRED - 1, &files, &[(1, "a.log.1", 15), (2, "a.log", 0)]),
        []
    );
    let steps = look(&mut rotation, 3 * SECOND + RETIRED, &files, &[]);
    assert_eq!(steps, [Step::End { log: Log(1) }]);
    // Its writer wakes up.
    let files = [sight("l/a.log", 2, 4, "two"), sight("l/a.log.1", 1, 20, "one")];
    let steps = look(&mut rotation, 4 * SECOND + RETIRED, &files, &[(1, "a.log.1", 15)]);
    assert_eq!(steps, [begin(3, "l/a.log.1", 15, Some(1))]);
}

#[test]
fn a_log_removed_long_after_its_last_line_is_read_on_first() {
    let mut rotation = started();
    rotation.hold(Log(1));
    let long_after = 2 * RETIRED;
    assert_eq!(look(&mut rotation, long_after, &[], &[]), []);
    assert_eq!(look(&mut rotation, long_after + RETIRED, &[], &[]), [Step::End { log: Log(1) }]);
}

#[test]
fn a_log_cut_off_goes_on_in_its_copy() {
    let mut rotation = started();
    let files = [sight("l/a.log", 1, 3, "new"), sight("l/a.log.1", 2, 30, "one")];
    let steps = look(&mut rotation, 2 * SECOND, &files, &[(1, "a.log.1", 10), (2, "a.log", 0)]);
    let goes_on = Step::Move { log: Log(1), path: "l/a.log.1".into() };
    assert!(steps.contains(&goes_on) && steps.contains(&begin(2, "l/a.log", 0, None)), "{steps:?}");
}

#[test]
fn a_log_cut_off_without_a_copy_is_told() {
    let mut rotation = started();
    let files = [sight("l/a.log", 1, 3, "new")];
    assert_eq!(look(&mut rotation, 2 * SECOND, &files, &[]), [begin(2, "l/a.log", 0, None)]);
    let steps = look(&mut rotation, 2 * SECOND + GRACE, &files, &[(2, "a.log", 0)]);
    let missed = Step::Missed { log: Log(1), offset: 10, length: None };
    assert_eq!(steps, [missed, Step::End { log: Log(1) }]);
}

#[test]
fn a_file_gone_before_it_was_read_is_told_with_its_bytes() {
    let mut rotation = started();
    look(&mut rotation, 2 * SECOND, &[sight("l/a.log", 1, 25, "one")], &[(1, "a.log", 10)]);
    assert_eq!(look(&mut rotation, 3 * SECOND, &[], &[]), []);
    let missed = Step::Missed { log: Log(1), offset: 10, length: Some(15) };
    let steps = look(&mut rotation, 3 * SECOND + GRACE, &[], &[]);
    assert_eq!(steps, [missed, Step::End { log: Log(1) }]);
}

#[test]
fn a_new_file_with_the_inode_of_a_removed_one_is_a_new_log() {
    let mut rotation = started();
    let files = [sight("l/a.log", 2, 10, "two"), sight("l/a.log.1", 1, 10, "one")];
    let steps = look(&mut rotation, 2 * SECOND, &files, &[(1, "a.log.1", 10)]);
    assert_eq!(steps, [begin(2, "l/a.log", 0, None)]);
    let steps = look(&mut rotation, 3 * SECOND + RETIRED, &files, &[(1, "a.log.1", 10), (2, "a.log", 0)]);
    assert_eq!(steps, [Step::End { log: Log(1) }]);
    let files = [sight("l/a.log", 1, 10, "six"), sight("l/a.log.1", 2, 10, "two")];
    let steps = look(&mut rotation, 4 * SECOND + RETIRED, &files, &[(2, "a.log.1", 0)]);
    assert_eq!(steps, [begin(3, "l/a.log", 0, None)]);
}

#[test]
fn copies_are_not_read_unless_only_their_heading_is_the_same() {
    // Name, bytes that agree, its length; what comes of it.
    let copied =
        |name: &str, length, stranger| vec![Step::Copied { path: name.into(), of: Log(1), length, stranger }];
    let cases = [
        ("l/a.log.bak", 10, 10, copied("l/a.log.bak", 10, false)),
        ("l/a.log.bak", 10, 20, vec![begin(2, "l/a.log.bak", 0, None)]),
        ("l/b.log", 10, 10, vec![begin(2, "l/b.log", 0, None)]),
        ("l/b.log", 1024, 1024, copied("l/b.log", 1024, true)),
        ("l/b.log", 4096, 9000, vec![begin(2, "l/b.log", 4096, Some(1))]),
    ];
    for (name, agree, length, wanted) in cases {
        let mut rotation = started();
        let files = [sight("l/a.log", 1, 5000, "one"), sight(name, 2, length, "one")];
        let steps = look(&mut rotation, 2 * SECOND, &files, &[(1, "a.log", 10), (1, name, agree)]);
        assert_eq!(steps, wanted, "{name} {agree} {length}");
    }
}

#[test]
fn neighbours_nobody_asked_for_count_from_when_following_began() {
    let neighbour = |inode, length| Sight { asked: false, ..sight("l/a.log.1", inode, length, "old") };
    let mut rotation = Rotation::default();
    let files = [sight("l/a.log", 5, 10, "one"), neighbour(1, 9)];
    let steps = look(&mut rotation, SECOND, &files, &[]);
    let ignored = Step::Ignore { log: Log(1), path: "l/a.log.1".into() };
    assert_eq!(steps, [ignored, begin(2, "l/a.log", 0, None)]);
    // Unpacked later, with the time of change that it had; then one that was written meanwhile.
    let ask = [(2, "a.log", 0)];
    let steps = look(&mut rotation, 2 * SECOND, &[files[0].clone(), neighbour(4, 9)], &ask);
    assert_eq!(steps, [Step::Ignore { log: Log(3), path: "l/a.log.1".into() }]);
    let steps = look(&mut rotation, 3 * SECOND, &[files[0].clone(), neighbour(6, 9)], &ask);
    assert_eq!(steps, [begin(4, "l/a.log.1", 0, None)]);
}

#[test]
fn a_file_that_the_caller_reads_is_told_again_only_when_it_changed() {
    let mut rotation = started();
    rotation.take_whole(Log(1));
    assert_eq!(rotation.live().count(), 0);
    let file = sight("l/a.log", 1, 10, "");
    assert_eq!(look(&mut rotation, 2 * SECOND, std::slice::from_ref(&file), &[]), []);
    let changed = [Step::Changed { log: Log(1), path: "l/a.log".into() }];
    assert_eq!(look(&mut rotation, 3 * SECOND, &[Sight { modified: 9, ..file }], &[]), changed);
    assert_eq!(look(&mut rotation, 4 * SECOND, &[], &[]), [Step::End { log: Log(1) }]);
}
