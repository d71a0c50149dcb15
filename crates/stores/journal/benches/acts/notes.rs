//! A made-up activity: notes, a row each, with or without a state that grows by them.

use std::path::Path;

use journal::{Acting, Actor, Column, Decision, Entropy, Journal, Kind, Kinds, Row, Stamp, Table, Upsert};
use model::marking::Marking;
use model::time::Instant;
use model::view::{Label, View};
use serde::{Deserialize, Serialize};

/// Notes of which only the number is known.
pub struct Counted;

/// Notes that are all known.
pub struct Known;

/// What is known of notes that are counted.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Count {
    pub notes: u64,
}

/// All notes.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct All {
    pub notes: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Act {
    Noted { text: String, kind: u32 },
}

/// So many notes, each an act, from this number on.
#[derive(Serialize, Deserialize)]
pub struct Write {
    pub from: u64,
    pub count: u64,
}

#[derive(Debug, Serialize, Deserialize, thiserror::Error)]
#[error("never")]
pub struct Never;

pub const TABLE: &str = "bench_notes";

/// A word that one of a hundred thousand notes has.
pub const RARE: &str = "橙色";

pub const NOW: Instant = Instant::from_nanoseconds(1_800_000_000_000_000_000);

fn write(Write { from, count }: &Write) -> Decision<Act> {
    let mut decision = Decision::nothing();
    for number in *from..from + count {
        let rare = if number % 100_000 == 777 { RARE } else { "" };
        let text = format!("note {number} of the day {rare}");
        decision.acts.push(Act::Noted { text, kind: u32::try_from(number % 1_000).expect("small") });
    }
    decision
}

fn rows(Act::Noted { text, kind }: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
    let values = vec![
        stamp.id.into(),
        i64::try_from(stamp.sequence).expect("small").into(),
        i64::from(*kind).into(),
        text.as_str().into(),
        stamp.at.into(),
    ];
    vec![Upsert::Put(Row { table: TABLE, values, label: label() })]
}

impl Kind for Counted {
    const NAME: &'static str = "bench/counted";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = &[Table {
        name: TABLE,
        columns: &[
            Column::text("id"),
            Column::number("number"),
            Column::number("kind"),
            Column::text("text"),
            Column::time("at"),
        ],
        key: &["id", "number"],
        unique: &[],
        sorted: &[&["kind"]],
    }];
    type State = Count;
    type Act = Act;
    type Command = Write;
    type Refusal = Never;

    fn decide(_: &Count, command: Write, _: &Stamp<'_>, _: &mut Entropy) -> Result<Decision<Act>, Never> {
        Ok(write(&command))
    }

    fn apply(state: &mut Count, _: &Act, _: &Stamp<'_>) {
        state.notes += 1;
    }

    fn rows(_: &Count, act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
        rows(act, stamp)
    }

    fn label(_: &Count) -> Label {
        label()
    }
}

impl Kind for Known {
    const NAME: &'static str = "bench/known";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = &[];
    type State = All;
    type Act = Act;
    type Command = Write;
    type Refusal = Never;

    fn decide(_: &All, command: Write, _: &Stamp<'_>, _: &mut Entropy) -> Result<Decision<Act>, Never> {
        Ok(write(&command))
    }

    fn apply(state: &mut All, Act::Noted { text, .. }: &Act, _: &Stamp<'_>) {
        state.notes.push(text.clone());
    }

    fn rows(_: &All, _: &Act, _: &Stamp<'_>) -> Vec<Upsert> {
        Vec::new()
    }

    fn label(_: &All) -> Label {
        label()
    }
}

pub fn label() -> Label {
    Label { compartment: "own".to_owned(), owner: "own".to_owned(), marking: Marking::default() }
}

pub fn acting() -> Acting {
    Acting { actor: Actor::local(1_000), now: NOW }
}

pub fn view() -> View {
    access::operator("bench", NOW)
}

pub fn kinds() -> Kinds {
    Kinds::new().with::<Counted>().with::<Known>().with::<crate::pages::Searched>()
}

/// A home, opened to be written to.
pub struct Opened {
    // Before the lock.
    pub journal: Journal,
    _home: home::Writer,
}

pub fn open(folder: &Path) -> Opened {
    let home = home::Writer::take(&folder.join("home")).expect("the home is free");
    let journal = Journal::open(&home, kinds()).expect("the journal opens");
    Opened { journal, _home: home }
}
