//! What the operations desk is told by mail, and when.

use journal::effect::{Effect, Value};
use journal::{Acting, Actor, Journal, Kind, Kinds, Looking};
use model::time::Instant;
use proptest::prelude::*;
use watch::rulesets::{Command, Rulesets};
use watch::sources::{self, Source, Sources};

const NOW: i64 = 1_800_000_000_000_000_000;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

fn at(seconds: i64) -> Instant {
    Instant::from_nanoseconds(NOW + seconds * 1_000_000_000)
}

/// A journal in a home of its own.
struct Home {
    journal: Journal,
    _lock: home::Writer,
    _folder: tempfile::TempDir,
}

impl Home {
    fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let lock = home::Writer::take(&folder.path().join("home")).expect("free");
        let journal = Journal::open(&lock, watch::kinds(Kinds::new())).expect("opened");
        Self { journal, _lock: lock, _folder: folder }
    }

    fn act<K: Kind>(&self, id: &str, command: K::Command, seconds: i64) -> bool {
        let acting = Acting { actor: Actor::local(1_000), now: at(seconds) };
        self.journal.act::<K>(id, command, &acting).expect("done").position.is_some()
    }

    /// Text and values of all mails, in the order in which they were ordered.
    fn mails(&self) -> Vec<(String, String)> {
        let due = self.journal.due_effects("mail", at(1_000 * DAY), 100).expect("read");
        let mail = |due: journal::Due| match due.ordered.effect {
            Effect::Mail(mail) => {
                let value = |(name, value): (&String, &Value)| match value {
                    Value::Text(text) => format!("{name}={text}"),
                    Value::Time(time) => format!("{name}={}", (time.nanoseconds() - NOW) / 1_000_000_000),
                    Value::Seconds(seconds) => format!("{name}={seconds}"),
                    Value::Actor(actor) => format!("{name}={}", actor.subject()),
                };
                (mail.template, mail.values.iter().map(value).collect::<Vec<_>>().join(" "))
            }
            Effect::File(_) => panic!("no mail"),
        };
        due.into_iter().map(mail).collect()
    }
}

fn exclude(rule: &str, until: Option<i64>) -> Command {
    let (rule, title, reason) = (rule.to_owned(), "Dump of lsass".to_owned(), "noisy".to_owned());
    Command::Exclude { rule, title, reason, until: until.map(at) }
}

/// How long a rule is off, and how long before its end the desk is told.
#[test]
fn the_desk_is_told_before_an_exclusion_ends() {
    for (length, before) in [
        (Some(30 * DAY), Some(7 * DAY)),
        (Some(8 * DAY), Some(7 * DAY)),
        (Some(8 * DAY - 1), Some(DAY)),
        (Some(2 * DAY), Some(DAY)),
        (Some(2 * DAY - 1), None),
        (Some(HOUR), None),
        (None, None),
    ] {
        let home = Home::open();
        home.act::<Rulesets>("sigma", exclude("a-rule", length), 0);
        let Some((length, before)) = length.zip(before) else {
            home.journal.wake(at(length.unwrap_or(100 * DAY))).expect("woken");
            assert_eq!(home.mails(), [], "{length:?}");
            continue;
        };
        assert_eq!(home.journal.wake(at(length - before - 1)).expect("woken"), 0, "{length}");
        assert_eq!(home.journal.wake(at(length - before)).expect("woken"), 1, "{length}");
        let values = format!(
            "reason=noisy rule=a-rule set=sigma since=0 title=Dump of lsass until={length} who=local:1000"
        );
        assert_eq!(home.mails(), [("watch.exclusion-expires".to_owned(), values)]);
        // Once, and then it ends as before.
        assert_eq!(home.journal.wake(at(length - 1)).expect("woken"), 0, "{length}");
        assert_eq!(home.journal.wake(at(length)).expect("woken"), 1, "{length}");
        assert_eq!(home.journal.wake(at(length + DAY)).expect("woken"), 0, "{length}");
        assert_eq!(home.mails().len(), 1);
        assert!(home.journal.rebuild().expect("rebuilt").is_sound());
    }
}

#[test]
fn who_is_late_or_has_changed_it_gets_no_odd_mail() {
    let home = Home::open();
    home.act::<Rulesets>("sigma", exclude("late", Some(10 * DAY)), 0);
    // Nobody woke before it ended.
    home.journal.wake(at(10 * DAY)).expect("woken");
    assert_eq!(home.mails(), []);
    let warn = || Command::Warn { rule: "changed".to_owned() };
    assert!(!home.act::<Rulesets>("sigma", warn(), 11 * DAY), "it is not excluded");
    home.act::<Rulesets>("sigma", exclude("changed", Some(21 * DAY)), 11 * DAY);
    assert!(!home.act::<Rulesets>("sigma", warn(), 12 * DAY), "it is early");
    home.journal.wake(at(14 * DAY)).expect("woken");
    assert!(!home.act::<Rulesets>("sigma", warn(), 15 * DAY), "it was said");
    assert_eq!(home.mails().len(), 1);
    // What is put off is told again.
    home.act::<Rulesets>("sigma", exclude("changed", Some(40 * DAY)), 15 * DAY);
    home.journal.wake(at(33 * DAY)).expect("woken");
    assert_eq!(home.mails().len(), 2);
    let include = Command::Include { rule: "changed".to_owned(), reason: "quiet now".to_owned() };
    home.act::<Rulesets>("sigma", include, 34 * DAY);
    assert!(!home.act::<Rulesets>("sigma", warn(), 34 * DAY));
    assert!(home.journal.rebuild().expect("rebuilt").is_sound());
}

#[test]
fn the_desk_is_told_once_when_a_source_goes_silent_and_when_it_speaks_again() {
    let home = Home::open();
    let id = sources::id("/var/log/auth.log");
    let silent = |last: i64, seconds| {
        let command = sources::Command::Silent { last: Some(at(last)), since: at(-50), after_seconds: 600 };
        home.act::<Sources>(&id, command, seconds)
    };
    let heard = |seconds| home.act::<Sources>(&id, sources::Command::Heard { at: at(seconds) }, seconds);
    assert!(!heard(0), "it was not silent");
    assert!(silent(0, 600));
    assert!(!silent(0, 700) && !silent(5, 800));
    assert!(heard(900));
    assert!(!heard(901));
    assert!(!silent(899, 902), "that was said before it was heard, and came late");
    assert!(silent(1_000, 1_700));
    let mails = [
        ("watch.source-silent", "after=600 last=0 source=/var/log/auth.log"),
        ("watch.source-spoke", "at=900 last=0 source=/var/log/auth.log"),
        ("watch.source-silent", "after=600 last=1000 source=/var/log/auth.log"),
    ];
    let mails = mails.map(|(template, values)| (template.to_owned(), values.to_owned()));
    assert_eq!(home.mails(), mails);
    let view = access::operator("tester", at(0));
    let who = Looking { view: &view, now: at(0) };
    let (source, acts) = home.journal.reader().state::<Sources>(who, &id).expect("read").expect("there");
    assert_eq!((source, acts), (Source { silent_since: Some(at(1_000)), spoke: Some(at(900)) }, 3));
    assert!(home.journal.rebuild().expect("rebuilt").is_sound());
}

#[test]
fn of_a_source_that_was_never_heard_the_desk_is_told_since_when_it_is_followed() {
    let home = Home::open();
    let silent = |since, seconds| {
        let command = sources::Command::Silent { last: None, since: at(since), after_seconds: 600 };
        home.act::<Sources>("ap01", command, seconds)
    };
    assert!(silent(0, 600));
    assert!(!silent(650, 1_250), "whoever follows began anew");
    assert!(home.act::<Sources>("ap01", sources::Command::Heard { at: at(2_000) }, 2_000));
    assert!(!silent(650, 2_001), "it was heard since");
    let mails = [
        ("watch.source-unheard", "after=600 since=0 source=ap01"),
        ("watch.source-spoke", "at=2000 last=0 source=ap01"),
    ];
    let mails = mails.map(|(template, values)| (template.to_owned(), values.to_owned()));
    assert_eq!(home.mails(), mails);
    assert!(home.journal.rebuild().expect("rebuilt").is_sound());
}

#[test]
fn names_that_are_no_ids_become_some() {
    for (name, id) in [
        ("auth", "auth"),
        ("/var/log/auth.log", "%2Fvar%2Flog%2Fauth.log"),
        ("50%", "50%25"),
        ("認証/ログ", "認証%2Fログ"),
        ("line\nbreak", "line%0Abreak"),
        ("", "%%"),
    ] {
        assert_eq!(sources::id(name), id);
        let shown = if name.is_empty() { "…" } else { name };
        assert_eq!(sources::name(id), shown);
    }
    let long = |name: &str| sources::id(&format!("/{}/{name}", "長".repeat(500)));
    assert_ne!(long("a"), long("b"));
    assert_ne!(long("a"), sources::id(&format!("/{}/a", "長".repeat(501))));
    assert!(sources::name(&long("a")).starts_with('…') && sources::name(&long("a")).ends_with("長/a"));
}

proptest! {
    #[test]
    fn every_name_has_an_id_that_a_stream_may_have(name in ".{0,300}", other in ".{0,300}") {
        let id = sources::id(&name);
        prop_assert!(!id.is_empty() && id.len() <= 200 && !id.chars().any(|c| c.is_control() || c == '/'));
        prop_assert_eq!(id == sources::id(&other), name == other);
        if !id.starts_with("%%") {
            prop_assert_eq!(sources::name(&id), name);
        }
    }
}
