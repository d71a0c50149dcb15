//! Sets as they are asked for.

use journal::{Acting, Actor, Journal, Kinds, Looking};
use model::time::Instant;
use watch::rulesets::{self, BUNDLED, Command, Listed, Rulesets};

const NOW: i64 = 1_800_000_000_000_000_000;

fn at(seconds: i64) -> Instant {
    Instant::from_nanoseconds(NOW + seconds * 1_000_000_000)
}

fn listed(journal: &Journal, now: Instant) -> Vec<Listed> {
    let view = access::operator("local:1000", now);
    rulesets::list(journal.reader(), Looking { view: &view, now }).expect("read")
}

/// Nobody need act for that: a command that only reads says the same as the scan does.
#[test]
fn an_exclusion_that_is_over_counts_no_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = home::Writer::take(&folder.path().join("home")).expect("free");
    let journal = Journal::open(&home, watch::kinds(Kinds::new())).expect("opened");
    assert_eq!(listed(&journal, at(0)), [Listed::untouched()]);
    let acting = Acting { actor: Actor::local(1_000), now: at(0) };
    for (rule, until) in [("one", Some(at(60))), ("two", Some(at(120))), ("three", None)] {
        let (rule, title, reason) = (rule.to_owned(), "a title".to_owned(), "noisy".to_owned());
        let command = Command::Exclude { rule, title, reason, until };
        journal.act::<Rulesets>(BUNDLED, command, &acting).expect("excluded");
    }
    for (seconds, expected) in [(59, 3), (60, 2), (119, 2), (120, 1), (1_000_000, 1)] {
        assert_eq!(listed(&journal, at(seconds))[0].exclusions, expected, "{seconds}");
    }
    let view = access::operator("local:1000", at(60));
    let (state, _) = journal
        .reader()
        .state::<Rulesets>(Looking { view: &view, now: at(60) }, BUNDLED)
        .expect("read")
        .expect("there");
    let off: Vec<bool> = ["one", "two", "three"].map(|rule| state.excludes(rule, at(60))).into();
    assert_eq!(off, [false, true, true]);
    assert_eq!(journal.wake(at(60)).expect("looked"), 1);
    assert_eq!(listed(&journal, at(60))[0].exclusions, 2);
}
