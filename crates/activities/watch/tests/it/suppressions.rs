//! What may be said of suppressions, when they end, and how they are written.

use journal::effect::Effect;
use journal::{ActError, Acting, Actor, Journal, Kinds, Looking};
use watch::suppressions::{self, Act, Command, Refusal, Suppressed, Suppressions};

use crate::golden::{at, golden, read, written};

const DAY: i64 = 86_400;

fn suppressed(reason: &str, until: i64) -> Suppressed {
    Suppressed {
        filter: "title: 夜のバックアップ\n".to_owned(),
        title: "夜のバックアップ".to_owned(),
        rules: vec!["5afee48e-67dd-4e03-a783-f74259dcf998".to_owned(), "proc".to_owned()],
        reason: reason.to_owned(),
        until: at(until),
    }
}

fn journal(folder: &tempfile::TempDir) -> (home::Writer, Journal) {
    let home = home::Writer::take(&folder.path().join("home")).expect("free");
    let journal = Journal::open(&home, watch::kinds(Kinds::new())).expect("opened");
    (home, journal)
}

#[test]
fn suppressions_hold_until_they_end_and_the_desk_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_home, journal) = journal(&folder);
    let act = |command: Command, seconds: i64| {
        let acting = Acting { actor: Actor::local(1_000), now: at(seconds) };
        journal.act::<Suppressions>("backup", command, &acting)
    };
    let refused = |command: Command, seconds: i64| match act(command, seconds) {
        Err(ActError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(Command::End { reason: "x".to_owned() }, 0), Refusal::NotSuppressed);
    assert_eq!(refused(Command::Suppress(suppressed("x", 0)), 0), Refusal::Over);
    assert_eq!(refused(Command::Suppress(suppressed(" ", 9)), 0), Refusal::NoReason);
    let empty = Suppressed { filter: " ".to_owned(), ..suppressed("x", 9) };
    assert_eq!(refused(Command::Suppress(empty), 0), Refusal::BadFilter);
    act(Command::Suppress(suppressed("why", 8 * DAY)), 0).expect("done");
    assert_eq!(act(Command::Suppress(suppressed(" why ", 8 * DAY)), 5).expect("done").position, None);
    let mails = |now: i64| {
        let due = journal.due_effects("mail", at(now), 100).expect("read");
        let mails = due.into_iter().filter_map(|due| match due.ordered.effect {
            Effect::Mail(mail) => Some(mail.template),
            Effect::File(_) => None,
        });
        mails.collect::<Vec<_>>()
    };
    let holds = |now: i64| {
        let view = access::operator("root", at(now));
        let listed =
            suppressions::list(journal.reader(), Looking { view: &view, now: at(now) }).expect("read");
        assert_eq!((listed.len(), listed[0].rules.len()), (1, 2));
        listed[0].holds(at(now))
    };
    journal.wake(at(DAY - 1)).expect("woken");
    assert_eq!(mails(DAY - 1), Vec::<String>::new());
    journal.wake(at(DAY)).expect("woken");
    journal.wake(at(DAY + 1)).expect("woken");
    assert_eq!(mails(DAY + 1), ["watch.suppression-expires"]);
    assert!(holds(8 * DAY - 1) && !holds(8 * DAY));
    journal.wake(at(8 * DAY)).expect("woken");
    assert!(!holds(0), "that it is over is noted");
    // Anew, and ended by hand.
    act(Command::Suppress(suppressed("again", 20 * DAY)), 9 * DAY).expect("done");
    assert!(holds(9 * DAY));
    act(Command::End { reason: "enough".to_owned() }, 9 * DAY).expect("done");
    journal.wake(at(30 * DAY)).expect("woken");
    assert_eq!(mails(30 * DAY).len(), 1);
}

fn suppression_act(act: &Act) -> &'static str {
    match act {
        Act::Suppressed(_) => "suppressed",
        Act::Ended { .. } => "ended",
        Act::Warned { .. } => "warned",
    }
}

#[test]
fn acts_of_suppressions_are_read() {
    read::<Suppressions>("suppression", &[3], suppression_act);
}

#[test]
fn acts_of_suppressions_are_written_as_before() {
    let commands = vec![
        (0, Command::Suppress(suppressed("票 311", 2 * DAY))),
        (DAY, Command::Warn),
        (DAY + 1, Command::Suppress(suppressed("票 312", 500 * DAY))),
        (DAY + 2, Command::End { reason: "もうない (gone)".to_owned() }),
    ];
    assert_eq!(written::<Suppressions>("backup", commands), golden("suppression", "v1.jsonl"));
}
