//! Effects: ordered with the acts that they follow from, each once; what becomes of them comes back as a command.

use std::collections::BTreeSet;
use std::path::Path;

use journal::effect::{
    Command, DELIVERED, Effect, Effects, FileDrop, GIVEN_UP, OUTBOX, Recipient, Refusal, State, Value,
};
use journal::query::Select;
use journal::{
    ActError, Acting, Actor, Decision, Due, Entropy, Journal, JournalError, Kind, Kinds, Stamp, Table,
    Upsert, effect,
};
use model::fact::Fact;
use model::time::Instant;
use model::view::Label;
use serde::{Deserialize, Serialize};

use crate::account::key;
use crate::made_up::{acting, at, looking, mail, take, view};

/// Orders what it is told to, and notes what it hears of it; an id that begins so is an exercise's.
struct Desks;

const EXERCISE: &str = "exercise";

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Desk {
    is_exercise: bool,
    heard: Vec<(String, String)>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum DeskAct {
    Wanted { count: usize, is_exercise: bool },
    Heard { name: String, about: String },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum DeskCommand {
    Want(Vec<Effect>),
    WantWithoutAct(Effect),
    WantTwiceOver(Effect),
    Hear { name: String, about: String },
}

#[derive(Debug, Serialize, Deserialize, thiserror::Error)]
#[error("never")]
struct Never;

impl Kind for Desks {
    const NAME: &'static str = "made-up/desk";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = &[];
    type State = Desk;
    type Act = DeskAct;
    type Command = DeskCommand;
    type Refusal = Never;

    fn decide(
        state: &Desk,
        command: DeskCommand,
        stamp: &Stamp<'_>,
        _: &mut Entropy,
    ) -> Result<Decision<DeskAct>, Never> {
        let is_exercise = stamp.id.starts_with(EXERCISE);
        let wanted = |count| DeskAct::Wanted { count, is_exercise };
        let mut decision = Decision::nothing();
        match command {
            DeskCommand::Want(effects) => {
                decision.acts.push(wanted(effects.len()));
                effects.into_iter().for_each(|effect| decision.effect(effect));
            }
            DeskCommand::WantWithoutAct(effect) => decision.effect(effect),
            // The act cannot be written, which is found when the effect has been decided.
            DeskCommand::WantTwiceOver(effect) => {
                decision.acts.push(wanted(usize::MAX));
                decision.effect(effect);
            }
            DeskCommand::Hear { name, about } => {
                if !state.heard.contains(&(name.clone(), about.clone())) {
                    decision.acts.push(DeskAct::Heard { name, about });
                }
            }
        }
        Ok(decision)
    }

    fn apply(state: &mut Desk, act: &DeskAct, _: &Stamp<'_>) {
        match act {
            DeskAct::Wanted { is_exercise, .. } => state.is_exercise = *is_exercise,
            DeskAct::Heard { name, about } => state.heard.push((name.clone(), about.clone())),
        }
    }

    fn rows(_: &Desk, _: &DeskAct, _: &Stamp<'_>) -> Vec<Upsert> {
        Vec::new()
    }

    fn label(state: &Desk) -> Label {
        let compartment = if state.is_exercise { "exercise/1" } else { "own" };
        Label { compartment: compartment.to_owned(), ..crate::made_up::label("aoba+TLP:RED") }
    }

    fn follows(fact: &Fact) -> Vec<String> {
        let ours = [DELIVERED, GIVEN_UP].contains(&fact.name.as_str());
        let from = fact.about.strip_prefix("made-up/desk/").filter(|_| ours);
        from.and_then(|from| from.split('#').next()).map(str::to_owned).into_iter().collect()
    }

    fn react(fact: &Fact, _: &Desk) -> Vec<DeskCommand> {
        vec![DeskCommand::Hear { name: fact.name.clone(), about: fact.about.clone() }]
    }
}

pub fn open(folder: &Path) -> (Journal, home::Writer) {
    let home = take(folder);
    (Journal::open(&home, Kinds::new().with::<Desks>()).expect("opened"), home)
}

pub fn file() -> Effect {
    Effect::File(FileDrop { name: "週報.pdf".to_owned(), sha256: [7; 32].into() })
}

pub fn want(journal: &Journal, id: &str, effects: &[Effect], now: Instant) {
    let acting = Acting { now, ..acting() };
    journal.act::<Desks>(id, DeskCommand::Want(effects.to_vec()), &acting).expect("wanted");
}

pub fn say(journal: &Journal, key: &str, said: Command) -> Result<bool, Refusal> {
    match journal.act::<Effects>(key, said, &acting()) {
        Ok(done) => Ok(done.position.is_some()),
        Err(ActError::Refused(refusal)) => Err(refusal),
        Err(error) => panic!("{error}"),
    }
}

pub fn reason() -> String {
    "for a reason".to_owned()
}

pub fn deliver() -> Command {
    Command::Deliver { receipt: "250 2.0.0 Ok".to_owned() }
}

pub fn fail() -> Command {
    Command::Fail { reason: reason(), next: at(60) }
}

#[test]
fn effects_are_ordered_in_the_commit_of_their_acts() {
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, _home) = open(folder.path());
    want(&journal, "one", &[], at(0));
    want(&journal, "one", &[mail("a"), file(), mail("a")], at(1));
    want(&journal, "two", &[mail("a")], at(2));
    let (view, reader) = (view(), journal.reader());
    let keys = [("one", 2, 0), ("one", 2, 1), ("one", 2, 2), ("two", 1, 0)]
        .map(|(id, sequence, number)| key(&format!("made-up/desk/{id}"), sequence, number));
    let page = reader.page(looking(&view), &Select::all(OUTBOX, 9)).expect("read");
    let found: BTreeSet<&str> =
        (0..page.rows.len()).map(|row| page.cell(row, "key").expect("there").text()).collect();
    assert_eq!(found, keys.iter().map(String::as_str).collect());
    // Whose what ordered it is, that is also what it ordered.
    assert!(page.labels.iter().all(|label| *label == Desks::label(&Desk::default())));
    let (outgoing, _) =
        reader.state::<Effects>(looking(&view), &keys[1]).expect("read").expect("it is there");
    let ordered = outgoing.ordered.expect("from the first act on");
    assert_eq!((ordered.effect, ordered.from.as_str(), ordered.sequence), (file(), "made-up/desk/one", 2));
    let rebuilt = journal.rebuild().expect("rebuilt");
    assert!(rebuilt.is_sound());
    assert_eq!((rebuilt.verified.commits, rebuilt.verified.acts), (3, 7));
}

#[test]
fn what_fails_orders_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, _home) = open(folder.path());
    let refused = |command| match journal.act::<Desks>("one", command, &acting()) {
        Err(ActError::Journal(error)) => error,
        other => panic!("{other:?}"),
    };
    let without = refused(DeskCommand::WantWithoutAct(mail("a")));
    assert!(matches!(without, JournalError::EffectWithoutAct { stream } if stream == "made-up/desk/one"));
    assert!(matches!(refused(DeskCommand::WantTwiceOver(mail("a"))), JournalError::Unwritable { .. }));
    assert_eq!(journal.next_effect("mail").expect("read"), None);
    want(&journal, "one", &[mail("a")], at(0));
    let only = key("made-up/desk/one", 1, 0);
    let due: Vec<Due> = journal.due_effects("mail", at(0), 9).expect("read");
    let there: Vec<_> = due.iter().map(|due| (&due.key, &due.ordered.effect, due.attempts)).collect();
    assert_eq!(there, [(&only, &mail("a"), 0)]);
    assert!(journal.rebuild().expect("rebuilt").is_sound());
}

#[test]
fn what_is_due_comes_by_kind_and_the_longest_due_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, _home) = open(folder.path());
    let texts = |now, limit| {
        let due = journal.due_effects("mail", now, limit).expect("read");
        let text = |due: Due| match due.ordered.effect {
            Effect::Mail(mail) => (mail.values["text"].clone(), due.attempts),
            Effect::File(_) => panic!("no mail"),
        };
        due.into_iter().map(text).collect::<Vec<_>>()
    };
    let is = |text: &str, attempts| (Value::Text(text.to_owned()), attempts);
    want(&journal, "one", &[mail("late")], at(20));
    want(&journal, "two", &[mail("early")], at(10));
    want(&journal, "three", &[file()], at(0));
    assert_eq!(journal.next_effect("file").expect("read"), Some(at(0)));
    assert_eq!(journal.next_effect("mail").expect("read"), Some(at(10)));
    assert_eq!(texts(at(9), 9), []);
    assert_eq!(texts(at(10), 9), [is("early", 0)]);
    assert_eq!(texts(at(20), 9), [is("early", 0), is("late", 0)]);
    assert_eq!(texts(at(20), 1), [is("early", 0)]);
    say(&journal, &key("made-up/desk/two", 1, 0), fail()).expect("said");
    say(&journal, &key("made-up/desk/three", 1, 0), deliver()).expect("said");
    assert_eq!(journal.next_effect("file").expect("read"), None);
    assert_eq!(journal.next_effect("mail").expect("read"), Some(at(20)));
    assert_eq!(texts(at(59), 9), [is("late", 0)]);
    assert_eq!(texts(at(60), 9), [is("late", 0), is("early", 1)]);
}

/// The state that something said leads to, none where nothing is done.
type Outcome = Result<Option<State>, Refusal>;

/// What can be said of an effect in each state: what that changes, or why it does not.
#[test]
fn what_is_said_of_an_effect_is_done_once_and_what_is_over_stays_over() {
    let give_up = || Command::GiveUp { reason: reason() };
    let again = || Command::Again { reason: reason() };
    let abandon = || Command::Drop { reason: reason() };
    let silent = || " ".to_owned();
    let is = |state| Ok(Some(state));
    let nothing = || Ok(None);
    use State::{Delivered, Dropped, GivenUp, Kept, Waiting};
    let table: Vec<(Option<Command>, Command, Outcome)> = vec![
        (None, fail(), is(Waiting)),
        (None, deliver(), is(Delivered)),
        (None, Command::Keep, is(Kept)),
        (None, give_up(), is(GivenUp)),
        (None, abandon(), is(Dropped)),
        // It is due already.
        (None, again(), nothing()),
        (Some(fail()), again(), is(Waiting)),
        (Some(fail()), deliver(), is(Delivered)),
        (Some(Command::Keep), Command::Keep, nothing()),
        (Some(Command::Keep), fail(), nothing()),
        (Some(Command::Keep), give_up(), nothing()),
        (Some(Command::Keep), again(), is(Waiting)),
        (Some(Command::Keep), abandon(), is(Dropped)),
        (Some(give_up()), give_up(), nothing()),
        (Some(give_up()), fail(), nothing()),
        (Some(give_up()), again(), is(Waiting)),
        (Some(abandon()), abandon(), nothing()),
        (Some(abandon()), Command::Keep, nothing()),
        (Some(abandon()), again(), is(Waiting)),
        // It was on its way when somebody wanted it no more.
        (Some(abandon()), deliver(), is(Delivered)),
        (Some(deliver()), deliver(), nothing()),
        (Some(deliver()), fail(), nothing()),
        (Some(deliver()), Command::Keep, nothing()),
        (Some(deliver()), give_up(), nothing()),
        (Some(deliver()), again(), Err(Refusal::Over)),
        (Some(deliver()), abandon(), Err(Refusal::Over)),
        (Some(fail()), Command::Again { reason: silent() }, Err(Refusal::NoReason)),
        (None, Command::Drop { reason: silent() }, Err(Refusal::NoReason)),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, _home) = open(folder.path());
    assert_eq!(say(&journal, "0123", deliver()), Err(Refusal::Unknown));
    let view = view();
    for (number, (before, said, expected)) in table.into_iter().enumerate() {
        let id = number.to_string();
        want(&journal, &id, &[mail(&id)], at(0));
        let key = key(&format!("made-up/desk/{id}"), 1, 0);
        let case = format!("{before:?}, then {said:?}");
        before.map(|before| say(&journal, &key, before).expect("said"));
        let changed = say(&journal, &key, said);
        let (outgoing, _) =
            journal.reader().state::<Effects>(looking(&view), &key).expect("read").expect("there");
        let found = changed.map(|changed| changed.then_some(outgoing.state));
        assert_eq!(found, expected, "{case}");
        assert_eq!(outgoing.next.is_some(), outgoing.state == Waiting, "{case}");
    }
    assert!(journal.rebuild().expect("rebuilt").is_sound());
}

#[test]
fn what_an_exercise_orders_cannot_have_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, _home) = open(folder.path());
    want(&journal, "exercise-7", &[mail("a")], at(0));
    let due = journal.due_effects("mail", at(0), 9).expect("read");
    assert!(!due[0].ordered.may_leave());
    assert_eq!(say(&journal, &due[0].key, deliver()), Err(Refusal::Inside("exercise/1".to_owned())));
    assert_eq!(say(&journal, &due[0].key, Command::Keep), Ok(true));
    assert_eq!(say(&journal, &due[0].key, deliver()), Err(Refusal::Inside("exercise/1".to_owned())));
}

#[test]
fn the_outcome_comes_back_as_a_command_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let heard = |journal: &Journal, id: &str| {
        // Behind it all facts are followed.
        journal.wake(at(0)).expect("looked");
        let view = view();
        let state = journal.reader().state::<Desks>(looking(&view), id).expect("read");
        state.map(|(desk, _)| desk.heard).unwrap_or_default()
    };
    let said = |name: &str, about: &str| (name.to_owned(), about.to_owned());
    {
        let (journal, _home) = open(folder);
        want(&journal, "one", &[mail("a"), mail("b")], at(0));
        want(&journal, "two", &[mail("a")], at(0));
        say(&journal, &key("made-up/desk/one", 1, 0), deliver()).expect("said");
        say(&journal, &key("made-up/desk/one", 1, 1), Command::GiveUp { reason: reason() }).expect("said");
        say(&journal, &key("made-up/desk/two", 1, 0), fail()).expect("said");
        assert_eq!(heard(&journal, "two"), []);
        say(&journal, &key("made-up/desk/two", 1, 0), deliver()).expect("said");
        say(&journal, &key("made-up/desk/two", 1, 0), deliver()).expect("said");
    }
    let (journal, _home) = open(folder);
    let one = [said(DELIVERED, "made-up/desk/one#1"), said(GIVEN_UP, "made-up/desk/one#1")];
    assert_eq!(heard(&journal, "one"), one);
    assert_eq!(heard(&journal, "two"), [said(DELIVERED, "made-up/desk/two#1")]);
}

#[test]
fn names_of_those_who_stand_in_a_mail_are_told_until_they_are_forgotten() {
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, _home) = open(folder.path());
    let (known, unknown) = (Actor::local(1_000), Actor::local(1_001));
    journal.name(&known, "花子 Kawaguchi", at(0)).expect("named");
    let values = [("who", &known), ("other", &unknown)];
    let values = values.map(|(name, actor)| (name.to_owned(), Value::Actor(actor.clone()))).into();
    let mail = effect::Mail { to: Recipient::Desk, template: "made-up.sent".to_owned(), values };
    want(&journal, "one", &[Effect::Mail(mail)], at(0));
    let names = || journal.due_effects("mail", at(0), 1).expect("read").remove(0).names;
    assert_eq!(names(), [("local:1000".to_owned(), "花子 Kawaguchi".to_owned())].into());
    journal.forget("local:1000", (None, "asked"), &acting()).expect("forgotten");
    assert_eq!(names(), [].into());
}
