//! Made-up activities: a purse that is filled and emptied, and an alarm that follows large sums.

use std::path::Path;

use journal::effect::{Effect, Mail, Recipient, Value};
use journal::personal::{Personal, Subject};
use journal::{
    Acting, Actor, Column, Decision, Entropy, Journal, Kind, Kinds, Looking, Row, Stamp, Table, Upsert,
};
use model::fact::Fact;
use model::marking::{Marking, Tlp};
use model::time::Instant;
use model::view::{Label, View};
use serde::{Deserialize, Serialize};

/// A purse.
pub struct Purses;

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purse {
    pub coins: u64,
    pub acts: u64,
    pub tag: Option<String>,
    pub owner: Option<String>,
    pub holder: Option<Personal>,
    pub closes: Option<Instant>,
    pub is_closed: bool,
    pub notes: Vec<String>,
    pub sent: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PurseAct {
    Opened { owner: String },
    Filled { coins: u64 },
    Emptied { coins: u64 },
    Tagged { tag: String },
    Held { holder: Personal },
    Closing { at: Instant },
    Closed,
    Noted { note: String },
    Sent { text: String },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum PurseCommand {
    Open {
        owner: String,
    },
    Fill(u64),
    /// So many at once, as so many acts.
    FillEach(Vec<u64>),
    Empty(u64),
    Tag(String),
    Hold(String),
    CloseAt(Instant),
    Close,
    Note(String),
    /// A mail with this text, to be carried out by somebody else.
    Send(String),
    /// All of it, or nothing.
    Together(Vec<PurseCommand>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PurseRefusal {
    #[error("only {0} coins are there")]
    TooFew(u64),
    #[error("it is closed")]
    Closed,
}

pub const PURSES: &str = "made_up_purses";
/// A row for each note, which keeps the label that the purse had.
pub const NOTES: &str = "made_up_notes";

impl Kind for Purses {
    const NAME: &'static str = "made-up/purse";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = &[
        Table {
            name: PURSES,
            columns: &[
                Column::text("id"),
                Column::number("coins"),
                Column::text("tag").searched(),
                Column::personal("holder").searched(),
                Column::number("is_closed"),
                Column::text("uniquely"),
                Column::time("changed"),
            ],
            key: &["id"],
            unique: &[&["uniquely"]],
            sorted: &[&["coins"], &["changed"]],
        },
        Table {
            name: NOTES,
            columns: &[
                Column::text("purse"),
                Column::number("number"),
                Column::text("note").searched(),
                Column::number("length"),
                Column::text("owner_then").searched(),
            ],
            key: &["purse", "number"],
            unique: &[],
            sorted: &[&["length"]],
        },
    ];
    type State = Purse;
    type Act = PurseAct;
    type Command = PurseCommand;
    type Refusal = PurseRefusal;

    fn decide(
        state: &Purse,
        command: PurseCommand,
        stamp: &Stamp<'_>,
        entropy: &mut Entropy,
    ) -> Result<Decision<PurseAct>, PurseRefusal> {
        if state.is_closed {
            return Err(PurseRefusal::Closed);
        }
        let mut decision = Decision::nothing();
        decide(state, command, (stamp.id, entropy), &mut decision)?;
        Ok(decision)
    }

    fn apply(state: &mut Purse, act: &PurseAct, _stamp: &Stamp<'_>) {
        state.acts += 1;
        match act {
            PurseAct::Opened { owner } => state.owner = Some(owner.clone()),
            PurseAct::Filled { coins } => state.coins += coins,
            PurseAct::Emptied { coins } => state.coins -= coins,
            PurseAct::Tagged { tag } => state.tag = Some(tag.clone()),
            PurseAct::Held { holder } => state.holder = Some(holder.clone()),
            PurseAct::Closing { at } => state.closes = Some(*at),
            PurseAct::Closed => (state.closes, state.is_closed) = (None, true),
            PurseAct::Noted { note } => state.notes.push(note.clone()),
            PurseAct::Sent { .. } => state.sent += 1,
        }
    }

    fn rows(state: &Purse, act: &PurseAct, stamp: &Stamp<'_>) -> Vec<Upsert> {
        if matches!(act, PurseAct::Closed) {
            return vec![Upsert::Remove { table: PURSES, key: vec![stamp.id.into()] }];
        }
        let uniquely = state.tag.clone().unwrap_or_else(|| format!("without/{}", stamp.id));
        let values = vec![
            stamp.id.into(),
            i64::try_from(state.coins).unwrap_or(i64::MAX).into(),
            state.tag.clone().unwrap_or_default().into(),
            state.holder.clone().into(),
            state.is_closed.into(),
            uniquely.into(),
            stamp.at.into(),
        ];
        let mut rows = vec![Upsert::Put(Row { table: PURSES, values, label: Self::label(state) })];
        if let PurseAct::Noted { note } = act {
            let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
            let values = vec![
                stamp.id.into(),
                count(state.notes.len()).into(),
                note.as_str().into(),
                count(note.chars().count()).into(),
                state.owner.clone().unwrap_or_default().into(),
            ];
            rows.push(Upsert::Put(Row { table: NOTES, values, label: Self::label(state) }));
        }
        rows
    }

    fn label(state: &Purse) -> Label {
        label(state.owner.as_deref().unwrap_or("own"))
    }

    fn wakes(state: &Purse) -> Option<Instant> {
        state.closes
    }

    fn due(state: &Purse, now: Instant) -> Vec<PurseCommand> {
        state.closes.filter(|at| *at <= now).map(|_| PurseCommand::Close).into_iter().collect()
    }

    fn fact(state: &Purse, act: &PurseAct, stamp: &Stamp<'_>) -> Option<Fact> {
        let PurseAct::Filled { coins: 1_000.. } = act else { return None };
        Some(Fact {
            name: "made-up.much-filled".to_owned(),
            stream: format!("{}/{}", Self::NAME, stamp.id),
            sequence: stamp.sequence,
            about: state.owner.clone().unwrap_or_else(|| "own".to_owned()),
        })
    }
}

fn decide(
    state: &Purse,
    command: PurseCommand,
    (id, entropy): (&str, &mut Entropy),
    decision: &mut Decision<PurseAct>,
) -> Result<(), PurseRefusal> {
    let act = match command {
        PurseCommand::Together(all) => {
            return all.into_iter().try_for_each(|one| decide(state, one, (id, &mut *entropy), decision));
        }
        PurseCommand::FillEach(all) => {
            decision.acts.extend(all.into_iter().map(|coins| PurseAct::Filled { coins }));
            return Ok(());
        }
        PurseCommand::Open { owner } => PurseAct::Opened { owner },
        PurseCommand::Fill(coins) => PurseAct::Filled { coins },
        PurseCommand::Empty(coins) if coins > state.coins => {
            return Err(PurseRefusal::TooFew(state.coins));
        }
        PurseCommand::Empty(coins) => PurseAct::Emptied { coins },
        PurseCommand::Tag(tag) => PurseAct::Tagged { tag },
        PurseCommand::Hold(name) => {
            let subject = Subject { subject: id.to_owned(), class: "names".to_owned() };
            PurseAct::Held { holder: decision.personal(subject, &name, entropy) }
        }
        PurseCommand::CloseAt(at) => PurseAct::Closing { at },
        PurseCommand::Close => PurseAct::Closed,
        PurseCommand::Note(note) => PurseAct::Noted { note },
        PurseCommand::Send(text) => {
            decision.effect(mail(&text));
            PurseAct::Sent { text }
        }
    };
    decision.acts.push(act);
    Ok(())
}

/// A mail with a text.
pub fn mail(text: &str) -> Effect {
    let values = [("text".to_owned(), Value::Text(text.to_owned()))].into();
    Effect::Mail(Mail { to: Recipient::Desk, template: "made-up.sent".to_owned(), values })
}

/// Counts large sums, an alarm for each owner; tells the purse of it by a note of its own.
pub struct Alarms;

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    pub rung: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AlarmAct {
    Rung { at: String },
}

#[derive(Debug, Serialize, Deserialize, thiserror::Error)]
#[error("it has rung for this")]
pub struct Rung;

impl Kind for Alarms {
    const NAME: &'static str = "other/alarm";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = &[];
    type State = Alarm;
    type Act = AlarmAct;
    type Command = String;
    type Refusal = Rung;

    fn decide(
        state: &Alarm,
        at: String,
        _stamp: &Stamp<'_>,
        _entropy: &mut Entropy,
    ) -> Result<Decision<AlarmAct>, Rung> {
        if state.rung.contains(&at) { Err(Rung) } else { Ok(Decision::one(AlarmAct::Rung { at })) }
    }

    fn apply(state: &mut Alarm, AlarmAct::Rung { at }: &AlarmAct, _stamp: &Stamp<'_>) {
        state.rung.push(at.clone());
    }

    fn rows(_state: &Alarm, _act: &AlarmAct, _stamp: &Stamp<'_>) -> Vec<Upsert> {
        Vec::new()
    }

    fn label(_state: &Alarm) -> Label {
        label("own")
    }

    fn follows(fact: &Fact) -> Vec<String> {
        if fact.name == "made-up.much-filled" { vec![fact.about.clone()] } else { Vec::new() }
    }

    fn react(fact: &Fact, _state: &Alarm) -> Vec<String> {
        vec![format!("{}/{}", fact.stream, fact.sequence)]
    }
}

/// Owners are named with the mark of what is theirs (`aoba+TLP:RED`), or without, which is amber.
pub fn label(owner: &str) -> Label {
    let (owner, tlp) = owner
        .split_once('+')
        .map_or((owner, Tlp::Amber), |(owner, mark)| (owner, mark.parse().expect("a mark")));
    let marking = Marking { tlp, ..Marking::default() };
    Label { compartment: "own".to_owned(), owner: owner.to_owned(), marking }
}

pub fn kinds() -> Kinds {
    Kinds::new().with::<Purses>().with::<Alarms>()
}

pub const NOW: Instant = Instant::from_nanoseconds(1_800_000_000_000_000_000);

pub fn at(seconds: i64) -> Instant {
    Instant::from_nanoseconds(NOW.nanoseconds() + seconds * 1_000_000_000)
}

pub fn view() -> View {
    access::operator("tester", NOW)
}

pub fn looking(view: &View) -> Looking<'_> {
    Looking { view, now: NOW }
}

pub fn acting() -> Acting {
    Acting { actor: Actor::local(1_000), now: NOW }
}

/// The same bytes in each run.
pub fn seeded(seed: u64) -> Entropy {
    let mut state = seed;
    Entropy::new(move |bytes| {
        for byte in bytes {
            // SplitMix64 (Steele, Lea, Flood 2014).
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (mixed ^ (mixed >> 31)) as u8;
        }
    })
}

/// A home, opened to be written to.
pub struct Opened {
    // Before the lock.
    pub journal: Journal,
    pub home: home::Writer,
}

/// Takes a home. A process that a test beside this one starts has all files of this process for a moment,
/// locks with them, until it is the program that it is started as.
pub fn take(folder: &Path) -> home::Writer {
    let mut tries = 0;
    loop {
        match home::Writer::take(&folder.join("home")) {
            Err(home::HomeError::Busy { .. }) if tries < 1_000_000 => {
                tries += 1;
                std::thread::yield_now();
            }
            taken => return taken.expect("the home is free"),
        }
    }
}

pub fn open(folder: &Path) -> Opened {
    let home = take(folder);
    // The same seed a second time would give the same salts again.
    let journal = Journal::open(&home, kinds()).expect("the journal opens");
    Opened { journal, home }
}
