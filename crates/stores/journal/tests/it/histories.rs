//! Random commands on random streams: states, rows and search are those of a plain account of them, by fold, by
//! snapshot and made anew; whatever is opened again, forgotten or woken in between.

use std::collections::BTreeSet;
use std::path::Path;

use journal::effect::{Command, Effect, Effects, OUTBOX, Refusal, State};
use journal::query::{Filter, Select};
use journal::{ActError, Journal, Looking};
use proptest::prelude::*;

use crate::account::{Account, Accounts, Outcome};
use crate::made_up::{
    Alarms, NOTES, Opened, PURSES, Purse, PurseCommand, Purses, acting, at, looking, mail, open, view,
};

/// Streams.
const STREAMS: usize = 4;

#[derive(Debug, Clone)]
enum Step {
    Act(usize, PurseCommand),
    /// Something is said of one of the effects.
    Say(usize, Command),
    Forget(usize),
    Wake(i64),
    OpenAgain,
    Rebuild,
}

fn command() -> impl Strategy<Value = PurseCommand> {
    let one = prop_oneof![
        2 => (0u64..3_000).prop_map(PurseCommand::Fill),
        1 => (0u64..2_000).prop_map(PurseCommand::Empty),
        3 => "[abｱ金]{0,2}".prop_map(PurseCommand::Tag),
        3 => "[A-C]{1,3}[あ-う]{1,3}".prop_map(PurseCommand::Hold),
        4 => "[a-c\\x00é]{0,8}".prop_map(PurseCommand::Note),
        3 => "[a-c\\x00é]{0,3}".prop_map(PurseCommand::Send),
        1 => "aoba|hinata|own".prop_map(|owner| PurseCommand::Open { owner }),
        1 => (30i64..90).prop_map(|seconds| PurseCommand::CloseAt(at(seconds))),
        // So many that a snapshot is worth it.
        1 => (250usize..400).prop_map(|count| PurseCommand::FillEach(vec![1; count])),
    ]
    .boxed();
    prop_oneof![
        4 => one.clone(),
        1 => prop::collection::vec(one, 0..4)
            // Emptied twice at once it would hold less than nothing.
            .prop_map(|mut all| {
                let mut is_first = true;
                all.retain(|one| !matches!(one, PurseCommand::Empty(_)) || std::mem::take(&mut is_first));
                PurseCommand::Together(all)
            }),
    ]
}

fn said() -> impl Strategy<Value = Command> {
    let reason = || "for a reason".to_owned();
    prop_oneof![
        3 => Just(Command::Fail { reason: reason(), next: at(60) }),
        3 => Just(Command::Deliver { receipt: "250".to_owned() }),
        1 => Just(Command::Keep),
        1 => Just(Command::GiveUp { reason: reason() }),
        2 => Just(Command::Again { reason: reason() }),
        1 => Just(Command::Drop { reason: reason() }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        24 => (0..STREAMS, command()).prop_map(|(stream, command)| Step::Act(stream, command)),
        8 => (0usize..1_000, said()).prop_map(|(which, said)| Step::Say(which, said)),
        3 => (0..STREAMS).prop_map(Step::Forget),
        1 => (0i64..60).prop_map(Step::Wake),
        2 => Just(Step::OpenAgain),
        1 => Just(Step::Rebuild),
    ]
}

/// The journal, and the plain account of it.
struct Both<'a> {
    folder: &'a Path,
    opened: Option<Opened>,
    accounts: Accounts,
}

impl Both<'_> {
    fn journal(&self) -> &Journal {
        &self.opened.as_ref().expect("it is open").journal
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Act(stream, command) => {
                let id = format!("p{stream}");
                let outcome = match self.journal().act::<Purses>(&id, command.clone(), &acting()) {
                    Ok(done) => Outcome::Done(done.sequence),
                    Err(ActError::Refused(refusal)) => Outcome::Refused(refusal),
                    Err(ActError::Taken { .. }) => Outcome::Taken,
                    Err(ActError::Journal(error)) => panic!("{error}"),
                };
                assert_eq!(outcome, self.accounts.act(&id, command), "{id} {command:?}");
            }
            Step::Say(which, said) => self.say(*which, said),
            Step::Forget(stream) => {
                let id = format!("p{stream}");
                let done = self.journal().forget(&id, (None, "asked"), &acting());
                assert_eq!(done.is_ok(), self.accounts.forget(&id), "{id} {done:?}");
            }
            Step::Wake(seconds) => {
                self.journal().wake(at(*seconds)).expect("looked");
                self.accounts.wake(*seconds);
            }
            Step::OpenAgain => {
                // One at a time has the home.
                drop(self.opened.take());
                self.opened = Some(open(self.folder));
                self.compare();
            }
            Step::Rebuild => {
                let rebuilt = self.journal().rebuild().expect("rebuilt");
                assert!(rebuilt.is_sound(), "{rebuilt:?}");
                self.compare();
            }
        }
    }

    fn say(&mut self, which: usize, said: &Command) {
        let Some(count) = std::num::NonZeroUsize::new(self.accounts.ordered.len()) else { return };
        let key = self.accounts.ordered.keys().nth(which % count).expect("there").clone();
        let is_over = self.accounts.ordered[&key].state == State::Delivered;
        let changes = self.accounts.ordered.get_mut(&key).expect("there").hear(said);
        match self.opened.as_ref().expect("it is open").journal.act::<Effects>(&key, said.clone(), &acting())
        {
            // Wanted again before it was to be tried, it is tried at once.
            Ok(done) => assert!(done.position.is_some() || !changes, "{said:?}"),
            Err(ActError::Refused(Refusal::Over)) => {
                assert!(is_over && matches!(said, Command::Again { .. } | Command::Drop { .. }));
            }
            Err(error) => panic!("{error}"),
        }
    }

    fn compare(&self) {
        // Behind it all facts are followed.
        self.journal().wake(at(-1)).expect("looked");
        let view = view();
        let who = looking(&view);
        self.compare_states(who);
        self.compare_outbox(who);
        assert_eq!(self.rows(who, &Select::all(PURSES, 10_000)), self.purses(|_| true));
        assert_eq!(self.rows(who, &Select::all(NOTES, 10_000)), self.notes(|_| true));
        for part in ["ab", "b", "ca", "é", "金", "ア", "aア", "bあ", "う"] {
            let has = |table| Select { filters: vec![Filter::Has(part)], ..Select::all(table, 10_000) };
            // A half-wide sign is found as the whole one, a capital as the small one.
            let has_part = |text: &Option<String>| {
                text.as_ref().is_some_and(|text| text.to_lowercase().replace('ｱ', "ア").contains(part))
            };
            let purses = self.purses(|account| has_part(&account.holder) || has_part(&account.purse.tag));
            assert_eq!(self.rows(who, &has(PURSES)), purses, "{part}");
            assert_eq!(self.rows(who, &has(NOTES)), self.notes(|note| note.contains(part)), "{part}");
        }
    }

    fn compare_states(&self, who: Looking<'_>) {
        let reader = self.journal().reader();
        for stream in 0..STREAMS {
            let id = format!("p{stream}");
            let state = reader.state::<Purses>(who, &id).expect("read");
            let expected = self.accounts.purses.get(&id);
            // What stands for a holder is random.
            let state = state.map(|(purse, sequence)| (Purse { holder: None, ..purse }, sequence));
            assert_eq!(state, expected.map(|account| (account.purse.clone(), account.sequence)), "{id}");
            let history = reader.history(who, &format!("made-up/purse/{id}"), (0, usize::MAX)).expect("read");
            assert_eq!(history.len() as u64, expected.map_or(0, |account| account.sequence));
        }
        for owner in ["own", "aoba", "hinata"] {
            let alarm = reader.state::<Alarms>(who, owner).expect("read");
            let rung: Vec<String> = alarm.map(|(alarm, _)| alarm.rung).unwrap_or_default();
            let expected = self.accounts.rung.get(owner).cloned().unwrap_or_default();
            assert_eq!((rung.len(), rung.into_iter().collect::<BTreeSet<_>>()), (expected.len(), expected));
        }
    }

    fn compare_outbox(&self, who: Looking<'_>) {
        let page = self.journal().reader().page(who, &Select::all(OUTBOX, 10_000)).expect("read");
        assert_eq!(page.rows.len(), self.accounts.ordered.len());
        for (row, (key, ordered)) in self.accounts.ordered.iter().enumerate() {
            let text = |column| page.cell(row, column).expect("there").text();
            let number = |column| page.cell(row, column).expect("there").number();
            assert_eq!((text("key"), text("what")), (key.as_str(), "made-up.sent"));
            let from = (text("stream").to_owned(), number("sequence").unsigned_abs());
            assert_eq!((&from, text("state")), (&ordered.from, ordered.state.as_str()), "{key}");
            assert_eq!(number("attempts"), i64::from(ordered.attempts), "{key}");
            let effect: Effect = serde_json::from_str(text("effect")).expect("an effect");
            assert_eq!(effect, mail(&ordered.text));
        }
        let due = self.journal().due_effects("mail", at(60), 10_000).expect("read");
        let mut due: Vec<String> = due.into_iter().map(|due| due.key).collect();
        due.sort_unstable();
        let waiting = self.accounts.ordered.iter().filter(|(_, one)| one.state == State::Waiting);
        assert!(due.iter().eq(waiting.map(|(key, _)| key)), "{due:?}");
    }

    /// The cells of rows as texts, without when they were changed.
    fn rows(&self, who: Looking<'_>, select: &Select<'_>) -> Vec<String> {
        let page = self.journal().reader().page(who, select).expect("read");
        let names: Vec<&str> = page.columns.iter().copied().filter(|name| *name != "changed").collect();
        let cell = |row, name: &&str| format!("{:?}", page.cell(row, name).expect("there"));
        (0..page.rows.len())
            .map(|row| names.iter().map(|name| cell(row, name)).collect::<Vec<_>>().join(" "))
            .collect()
    }

    fn purses(&self, is_wanted: impl Fn(&Account) -> bool) -> Vec<String> {
        let row = |(id, account): (&String, &Account)| {
            let tag = account.purse.tag.clone();
            let (holder, coins) = (account.holder.clone().unwrap_or_default(), account.purse.coins);
            let uniquely = tag.clone().unwrap_or_else(|| format!("without/{id}"));
            let tag = tag.unwrap_or_default();
            format!(
                "Text({id:?}) Number({coins}) Text({tag:?}) Text({holder:?}) Number(0) Text({uniquely:?})"
            )
        };
        self.accounts.open().filter(|(_, account)| is_wanted(account)).map(row).collect()
    }

    fn notes(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let mut rows = Vec::new();
        for (id, account) in &self.accounts.purses {
            for (number, (note, owner)) in (1..).zip(account.purse.notes.iter().zip(&account.owners)) {
                if is_wanted(note) || is_wanted(owner) {
                    let length = note.chars().count();
                    rows.push(format!(
                        "Text({id:?}) Number({number}) Text({note:?}) Number({length}) Text({owner:?})"
                    ));
                }
            }
        }
        rows
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_histories_come_to_what_a_plain_account_says(steps in prop::collection::vec(step(), 1..60)) {
        let folder = tempfile::tempdir().expect("a folder");
        let opened = Some(open(folder.path()));
        let mut both = Both { folder: folder.path(), opened, accounts: Accounts::default() };
        steps.iter().for_each(|step| both.step(step));
        both.compare();
        both.step(&Step::Rebuild);
        both.step(&Step::OpenAgain);
    }
}
