//! Verdicts become the same findings in whatever order and pieces they come, and those are the ones that a plain
//! comparison of all with all gives.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::evidence::ContentId;
use model::level::Level;
use model::marking::Marking;
use model::time::Instant;
use proptest::prelude::*;
use watch::findings::{Key, Known, Plan, Run, Seen, Standing, keys, plan};

/// A verdict of few hosts, rules and processes, so that many share something.
fn seen(number: u128, minute: i64, host: u8, rule: u8, level: Level, process: (u8, u8)) -> Seen {
    let some = |what: &str, number: u8| (number != 0).then(|| format!("{what}{number}"));
    Seen {
        id: ContentId::from(number.to_be_bytes()),
        time: Instant::from_nanoseconds(minute * 60_000_000_000),
        organisation: "aoba".to_owned(),
        marking: Marking::default(),
        host: some("host", host),
        process: some("process", process.0),
        parent: some("process", process.1),
        session: None,
        rule: format!("rule{rule}"),
        title: format!("Rule {rule}"),
        level,
        techniques: Vec::new(),
        group: Vec::new(),
        events: 1,
    }
}

fn verdicts() -> impl Strategy<Value = Vec<Seen>> {
    let one = (0..2_000i64, 0..4u8, 0..5u8, 0..5usize, (0..6u8, 0..6u8));
    proptest::collection::vec(one, 1..60).prop_map(|all| {
        let one = |(number, (minute, host, rule, level, process)): (usize, _)| {
            // A minute in ten thousand: far enough for each key to reach, and not to.
            let minute: i64 = minute;
            seen(number as u128, minute * minute / 40, host, rule, Level::ALL[level], process)
        };
        all.into_iter().enumerate().map(one).collect()
    })
}

/// What was planned, kept as the journal would.
#[derive(Default)]
struct Kept {
    runs: BTreeMap<(Key, i64, u64), i64>,
    standings: HashMap<u64, Standing>,
    findings: BTreeMap<u64, BTreeSet<ContentId>>,
    next: u64,
}

impl Kept {
    fn known(&self, seen: &[Seen]) -> Known {
        let wanted: BTreeSet<Key> = seen.iter().flat_map(keys).map(|(key, _)| key).collect();
        let mut runs: HashMap<Key, Vec<Run>> = HashMap::new();
        for ((key, from, finding), to) in self.runs.iter().filter(|((key, ..), _)| wanted.contains(key)) {
            runs.entry(*key).or_default().push(Run { from: *from, to: *to, finding: *finding });
        }
        Known { runs, findings: self.standings.clone() }
    }

    fn group(&mut self, seen: &[Seen]) -> Plan {
        let plan = plan(seen, &self.known(seen), self.next + 1);
        for (number, joining) in &plan.joins {
            self.standings.entry(*number).or_insert(Standing::Loose);
            self.findings.entry(*number).or_default().extend(joining.verdicts.iter().map(|at| seen[*at].id));
            for (key, run) in &joining.gone {
                let gone = self.runs.remove(&(*key, run.from, run.finding));
                assert_eq!(gone, Some(run.to), "what is gone was there");
            }
        }
        for (number, joining) in &plan.joins {
            for (key, run) in &joining.links {
                assert_eq!(run.finding, *number);
                self.runs.insert((*key, run.from, run.finding), run.to);
            }
        }
        for (part, whole) in &plan.merges {
            self.standings.insert(*part, Standing::Part(*whole));
            let verdicts = self.findings.remove(part).unwrap_or_default();
            self.findings.entry(*whole).or_default().extend(verdicts);
        }
        self.next = plan.next - 1;
        plan
    }

    /// What the runs of each key cover, those of parts within those of wholes.
    fn spans(&self) -> Vec<(Key, i64, i64)> {
        let mut spans: Vec<(Key, i64, i64)> = Vec::new();
        for ((key, from, _), to) in &self.runs {
            match spans.last_mut() {
                Some((last, _, end)) if last == key && from <= end => *end = (*end).max(*to),
                _ => spans.push((*key, *from, *to)),
            }
        }
        spans
    }

    fn sets(&self) -> BTreeSet<BTreeSet<ContentId>> {
        self.findings.values().cloned().collect()
    }
}

/// All with all: whoever shares a key within its reach belongs together, and so on.
fn plainly(seen: &[Seen]) -> BTreeSet<BTreeSet<ContentId>> {
    let keys: Vec<HashMap<Key, i64>> = seen.iter().map(|seen| keys(seen).into_iter().collect()).collect();
    let close = |one: usize, other: usize| {
        let apart = (seen[one].time.seconds() - seen[other].time.seconds()).abs();
        keys[one].iter().any(|(key, reach)| keys[other].contains_key(key) && apart <= *reach)
    };
    let mut left: BTreeSet<usize> = (0..seen.len()).collect();
    let mut sets = BTreeSet::new();
    while let Some(first) = left.pop_first() {
        let (mut set, mut latest) = (BTreeSet::from([seen[first].id]), vec![first]);
        while let Some(one) = latest.pop() {
            let near: Vec<usize> = left.iter().copied().filter(|other| close(one, *other)).collect();
            for other in near {
                left.remove(&other);
                set.insert(seen[other].id);
                latest.push(other);
            }
        }
        sets.insert(set);
    }
    sets
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn any_order_and_any_pieces_give_the_findings_that_all_with_all_gives(
        seen in verdicts(),
        shuffle in proptest::collection::vec(any::<u32>(), 60),
        pieces in proptest::collection::vec(1..8usize, 60),
    ) {
        let mut shuffled: Vec<(u32, Seen)> = shuffle.into_iter().zip(seen.iter().cloned()).collect();
        shuffled.sort_by_key(|(place, _)| *place);
        let shuffled: Vec<Seen> = shuffled.into_iter().map(|(_, seen)| seen).collect();
        let (mut kept, mut rest) = (Kept::default(), &shuffled[..]);
        for piece in pieces {
            let (some, more) = rest.split_at(piece.min(rest.len()));
            kept.group(some);
            rest = more;
        }
        kept.group(rest);
        let expected = plainly(&seen);
        prop_assert_eq!(&kept.sets(), &expected);
        let mut at_once = Kept::default();
        at_once.group(&seen);
        prop_assert_eq!(&at_once.sets(), &expected);
        // The runs of each key cover the same.
        prop_assert_eq!(kept.spans(), at_once.spans());
    }
}

#[test]
fn what_belongs_together_is_told_by_this_table() {
    const MINUTE: i64 = 1;
    const HOUR: i64 = 60;
    const DAY: i64 = 24 * HOUR;
    use Level::{High, Low, Medium};
    let with = |minute, host, rule, level, process| seen(0, minute, host, rule, level, process);
    let first = with(0, 1, 1, Medium, (0, 0));
    let session = |minute, session: &str| Seen {
        session: Some(session.to_owned()),
        ..with(minute, 1, 1 + u8::from(minute > 0), Low, (0, 0))
    };
    let group = |minute, value: &str| {
        let group = vec![("User".to_owned(), value.to_owned())];
        Seen { group, ..with(minute, 0, 1, Medium, (0, 0)) }
    };
    for (what, one, other, expected) in [
        ("one host, at once", first.clone(), with(30 * MINUTE, 1, 2, High, (0, 0)), true),
        ("one host, later", first.clone(), with(31 * MINUTE, 1, 2, High, (0, 0)), false),
        ("one host, of low level", first.clone(), with(1, 1, 2, Low, (0, 0)), false),
        ("another host", first.clone(), with(1, 2, 2, Medium, (0, 0)), false),
        ("another organisation", first.clone(), Seen { organisation: "sora".into(), ..first.clone() }, false),
        ("the same rule on a host", first.clone(), with(7 * DAY, 1, 1, Medium, (0, 0)), true),
        ("the same rule, after a week", first.clone(), with(7 * DAY + 1, 1, 1, Medium, (0, 0)), false),
        ("a rule from host to host", with(0, 1, 1, High, (0, 0)), with(HOUR, 2, 1, High, (0, 0)), true),
        ("so of medium level", with(0, 1, 1, Medium, (0, 0)), with(HOUR, 2, 1, Medium, (0, 0)), false),
        ("a process and its child", with(0, 1, 1, Low, (3, 2)), with(4 * HOUR, 1, 2, Low, (4, 3)), true),
        ("children of one process", with(0, 1, 1, Low, (3, 2)), with(4 * HOUR, 1, 2, Low, (4, 2)), true),
        ("the same on another host", with(0, 1, 1, Low, (3, 2)), with(1, 2, 2, Low, (3, 2)), false),
        ("a session", session(0, "0x51a2"), session(12 * HOUR, "0x51a2"), true),
        ("the system's session", session(0, "0x3e7"), session(HOUR, "0x3e7"), false),
        ("the system's session in decimal", session(0, "999"), session(HOUR, "999"), false),
        ("a correlation's values", group(0, "kato"), group(DAY, "kato"), true),
        ("other values of it", group(0, "kato"), group(DAY, "abe"), false),
    ] {
        let other = Seen { id: ContentId::from([9; 16]), ..other };
        let plan = plan(&[one, other], &Known::default(), 1);
        assert_eq!(plan.joins.len() == 1, expected, "{what}");
    }
}

#[test]
fn what_people_hold_is_not_merged_and_what_they_closed_takes_nothing() {
    // Two hosts, two findings; then a verdict of both.
    let one = seen(1, 0, 1, 1, Level::Medium, (1, 0));
    let other = seen(2, 0, 2, 2, Level::Medium, (0, 0));
    let bridge = Seen { host: one.host.clone(), group: vec![], ..seen(3, 1, 1, 2, Level::Medium, (0, 0)) };
    let spread = |number| Seen { level: Level::High, ..seen(number, 2, 1, 2, Level::High, (0, 0)) };
    let other = Seen { level: Level::High, ..other };
    let standing = |first, second| {
        let mut kept = Kept::default();
        kept.group(&[one.clone(), other.clone()]);
        assert_eq!(kept.sets().len(), 2);
        kept.standings.insert(1, first);
        kept.standings.insert(2, second);
        let plan = kept.group(&[bridge.clone(), spread(4)]);
        let joins: Vec<(u64, usize, Vec<u64>)> = plan
            .joins
            .iter()
            .map(|(number, joining)| {
                (*number, joining.verdicts.len(), joining.related.iter().copied().collect())
            })
            .collect();
        (joins, plan.merges)
    };
    use Standing::{Closed, Held, Loose};
    assert_eq!(standing(Loose, Loose), (vec![(1, 2, vec![])], vec![(2, 1)]));
    assert_eq!(standing(Held, Loose), (vec![(1, 2, vec![])], vec![(2, 1)]));
    assert_eq!(standing(Loose, Held), (vec![(2, 2, vec![])], vec![(1, 2)]));
    assert_eq!(standing(Held, Held), (vec![(1, 2, vec![2])], vec![]));
    assert_eq!(standing(Closed, Loose), (vec![(2, 2, vec![1])], vec![]));
    assert_eq!(standing(Closed, Closed), (vec![(3, 2, vec![1, 2])], vec![]));
}
