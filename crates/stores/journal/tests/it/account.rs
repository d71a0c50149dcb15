//! A plain account of purses: what commands come to, with nothing of a journal in it.

use std::collections::{BTreeMap, BTreeSet};

use journal::effect::{Command, State};
use sha2::{Digest, Sha256};

use crate::made_up::{Purse, PurseCommand, PurseRefusal, at};

/// All purses and alarms.
#[derive(Debug, Default)]
pub struct Accounts {
    pub purses: BTreeMap<String, Account>,
    /// What rang for each owner.
    pub rung: BTreeMap<String, BTreeSet<String>>,
    /// What was ordered to be done outside, by its key.
    pub ordered: BTreeMap<String, Ordered>,
}

/// Something ordered.
#[derive(Debug, Clone, PartialEq)]
pub struct Ordered {
    pub from: (String, u64),
    pub text: String,
    pub state: State,
    pub attempts: u32,
}

/// A purse, and what is known besides its state.
#[derive(Debug, Default, Clone)]
pub struct Account {
    pub purse: Purse,
    pub holder: Option<String>,
    /// Whether something personal was given and not forgotten since.
    pub has_given: bool,
    pub sequence: u64,
    /// The owner when each note was written.
    pub owners: Vec<String>,
}

/// What becomes of a command.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    /// The number of the last act.
    Done(u64),
    Refused(PurseRefusal),
    /// Another purse has the tag.
    Taken,
}

impl Accounts {
    pub fn act(&mut self, id: &str, command: &PurseCommand) -> Outcome {
        let mut account = self.purses.get(id).cloned().unwrap_or_default();
        let before = account.sequence;
        if account.purse.is_closed {
            return Outcome::Refused(PurseRefusal::Closed);
        }
        let coins = account.purse.coins;
        let mut single = Vec::new();
        if let Err(refusal) = flatten(command, coins, &mut single) {
            return Outcome::Refused(refusal);
        }
        let (mut rung, mut sent) = (Vec::new(), Vec::new());
        for one in single {
            account.apply(&one);
            if let PurseCommand::Send(text) = &one {
                sent.push(text.clone());
            }
            let tag = account.purse.tag.as_ref();
            let has_it = |(other, of): (&String, &Account)| {
                other != id && !of.purse.is_closed && tag.is_some() && of.purse.tag.as_ref() == tag
            };
            if self.purses.iter().any(has_it) {
                return Outcome::Taken;
            }
            if matches!(one, PurseCommand::Fill(1_000..)) {
                rung.push((account.owner(), format!("made-up/purse/{id}/{}", account.sequence)));
            }
        }
        let sequence = account.sequence;
        if sequence > before {
            self.purses.insert(id.to_owned(), account);
        }
        for (owner, act) in rung {
            self.rung.entry(owner).or_default().insert(act);
        }
        let from = (format!("made-up/purse/{id}"), before + 1);
        for (number, text) in (0..).zip(sent) {
            let ordered = Ordered { from: from.clone(), text, state: State::Waiting, attempts: 0 };
            self.ordered.insert(key(&from.0, from.1, number), ordered);
        }
        Outcome::Done(sequence)
    }

    pub fn wake(&mut self, seconds: i64) {
        for account in self.purses.values_mut() {
            if account.purse.closes.is_some_and(|closes| closes <= at(seconds)) {
                account.apply(&PurseCommand::Close);
            }
        }
    }

    /// Whether there was anything to forget.
    pub fn forget(&mut self, id: &str) -> bool {
        let Some(account) = self.purses.get_mut(id).filter(|account| account.has_given) else { return false };
        (account.holder, account.has_given) = (None, false);
        true
    }

    /// Purses that have a row.
    pub fn open(&self) -> impl Iterator<Item = (&String, &Account)> {
        self.purses.iter().filter(|(_, account)| !account.purse.is_closed)
    }
}

impl Ordered {
    /// What becomes of it; whether anything does.
    pub fn hear(&mut self, said: &Command) -> bool {
        let before = self.clone();
        let (waits, is_over) = (self.state == State::Waiting, self.state == State::Delivered);
        match said {
            Command::Fail { .. } if waits => self.attempts += 1,
            Command::GiveUp { .. } if waits => {
                (self.state, self.attempts) = (State::GivenUp, self.attempts + 1);
            }
            Command::Keep if waits => self.state = State::Kept,
            Command::Deliver { .. } => self.state = State::Delivered,
            Command::Again { .. } if !is_over => (self.state, self.attempts) = (State::Waiting, 0),
            Command::Drop { .. } if !is_over => self.state = State::Dropped,
            _ => {}
        }
        *self != before
    }
}

impl Account {
    pub fn owner(&self) -> String {
        self.purse.owner.clone().unwrap_or_else(|| "own".to_owned())
    }

    fn apply(&mut self, command: &PurseCommand) {
        let purse = &mut self.purse;
        match command {
            PurseCommand::Open { owner } => purse.owner = Some(owner.clone()),
            PurseCommand::Fill(coins) => purse.coins += coins,
            PurseCommand::Empty(coins) => purse.coins -= coins,
            PurseCommand::Tag(tag) => purse.tag = Some(tag.clone()),
            PurseCommand::Hold(name) => (self.holder, self.has_given) = (Some(name.clone()), true),
            PurseCommand::CloseAt(at) => purse.closes = Some(*at),
            PurseCommand::Close => (purse.closes, purse.is_closed) = (None, true),
            PurseCommand::Note(note) => {
                purse.notes.push(note.clone());
                self.owners.push(purse.owner.clone().unwrap_or_default());
            }
            PurseCommand::Send(_) => purse.sent += 1,
            PurseCommand::FillEach(_) | PurseCommand::Together(_) => unreachable!("they are made of others"),
        }
        self.purse.acts += 1;
        self.sequence += 1;
    }
}

/// The key of something ordered, from the words about it alone.
pub fn key(stream: &str, sequence: u64, number: u64) -> String {
    let [sequence, number] = [sequence, number].map(u64::to_be_bytes);
    let hash = Sha256::digest([stream.as_bytes(), &[0], &sequence, &number].concat());
    hash[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A command as those that it is made of; each is decided on the coins that were there before all.
fn flatten(command: &PurseCommand, coins: u64, to: &mut Vec<PurseCommand>) -> Result<(), PurseRefusal> {
    match command {
        PurseCommand::Together(all) => all.iter().try_for_each(|one| flatten(one, coins, to))?,
        PurseCommand::FillEach(all) => to.extend(all.iter().map(|coins| PurseCommand::Fill(*coins))),
        PurseCommand::Empty(wanted) if *wanted > coins => return Err(PurseRefusal::TooFew(coins)),
        other => to.push(other.clone()),
    }
    Ok(())
}
