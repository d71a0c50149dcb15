//! A home with a made-up activity that orders what it is told to.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use courier::{Courier, Mail, OpenFile, Settings, Smtp, Stepped, Tls};
use journal::effect::{self, Effect, FileDrop, OUTBOX, Recipient, Value};
use journal::query::Select;
use journal::{Acting, Actor, Decision, Entropy, Journal, Kind, Kinds, Looking, Stamp, Table, Upsert};
use model::hash::Sha256;
use model::marking::{Marking, Tlp};
use model::time::Instant;
use model::view::Label;
use serde::{Deserialize, Serialize};

use crate::server::Server;

/// Orders what it is told to; an id that begins with `exercise` is one's.
pub struct Desks;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Desk {
    is_exercise: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DeskAct {
    Wanted { is_exercise: bool },
}

#[derive(Debug, Serialize, Deserialize, thiserror::Error)]
#[error("never")]
pub struct Never;

impl Kind for Desks {
    const NAME: &'static str = "made-up/desk";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = &[];
    type State = Desk;
    type Act = DeskAct;
    type Command = Vec<Effect>;
    type Refusal = Never;

    fn decide(
        _: &Desk,
        effects: Vec<Effect>,
        stamp: &Stamp<'_>,
        _: &mut Entropy,
    ) -> Result<Decision<DeskAct>, Never> {
        let mut decision = Decision::one(DeskAct::Wanted { is_exercise: stamp.id.starts_with("exercise") });
        effects.into_iter().for_each(|effect| decision.effect(effect));
        Ok(decision)
    }

    fn apply(state: &mut Desk, DeskAct::Wanted { is_exercise }: &DeskAct, _: &Stamp<'_>) {
        state.is_exercise = *is_exercise;
    }

    fn rows(_: &Desk, _: &DeskAct, _: &Stamp<'_>) -> Vec<Upsert> {
        Vec::new()
    }

    fn label(state: &Desk) -> Label {
        let compartment = if state.is_exercise { "exercise/1" } else { "own" };
        let marking = Marking { tlp: Tlp::Green, ..Marking::default() };
        Label { compartment: compartment.to_owned(), owner: "own".to_owned(), marking }
    }
}

pub const NOW: Instant = Instant::from_nanoseconds(1_800_000_000_000_000_000);

pub fn minutes(minutes: i64) -> Instant {
    Instant::from_nanoseconds(NOW.nanoseconds() + minutes * 60_000_000_000)
}

/// A home, opened to be written to.
pub struct Home {
    // Before the lock.
    pub journal: Journal,
    _lock: home::Writer,
}

impl Home {
    pub fn open(folder: &Path) -> Self {
        // A process that a test beside this one starts has all files of this process for a moment.
        let mut tries = 0;
        let lock = loop {
            match home::Writer::take(&folder.join("home")) {
                Err(home::HomeError::Busy { .. }) if tries < 1_000_000 => {
                    tries += 1;
                    std::thread::yield_now();
                }
                taken => break taken.expect("the home is free"),
            }
        };
        Self { journal: Journal::open(&lock, Kinds::new().with::<Desks>()).expect("opened"), _lock: lock }
    }

    pub fn want(&self, id: &str, effects: &[Effect]) {
        let acting = Acting { actor: Actor::local(1_000), now: NOW };
        self.journal.act::<Desks>(id, effects.to_vec(), &acting).expect("wanted");
    }

    pub fn step(&self, settings: &Settings, now: Instant) -> Stepped {
        self.step_with(settings, &no_files, now)
    }

    pub fn step_with(&self, settings: &Settings, files: &OpenFile<'_>, now: Instant) -> Stepped {
        let courier = Courier::new(&self.journal, settings.clone(), files).expect("settings");
        courier.step(now, &AtomicBool::new(false)).expect("stepped")
    }

    /// State, attempts and what was said last of each effect, in the order of their names.
    pub fn outbox(&self) -> Vec<(String, i64, String)> {
        let mut rows = BTreeMap::new();
        let view = access::operator("tester", NOW);
        let who = Looking { view: &view, now: NOW };
        let each = &mut |row: journal::query::Entry<'_>| {
            let said = (row.text("state").to_owned(), row.number("attempts"), row.text("reason").to_owned());
            rows.insert((row.text("stream").to_owned(), row.text("key").to_owned()), said);
        };
        self.journal.reader().each(who, Select::all(OUTBOX, 1_000), each).expect("read");
        rows.into_values().collect()
    }

    /// State and attempts alone.
    pub fn states(&self) -> Vec<(String, i64)> {
        self.outbox().into_iter().map(|(state, attempts, _)| (state, attempts)).collect()
    }
}

pub fn no_files(_: &Sha256) -> Result<Option<Box<dyn std::io::Read>>, String> {
    Ok(None)
}

/// A mail with a text that this version has no words for.
pub fn mail(text: &str) -> Effect {
    let values = [("text".to_owned(), Value::Text(text.to_owned()))].into();
    Effect::Mail(effect::Mail { to: Recipient::Desk, template: "made-up.sent".to_owned(), values })
}

pub fn file(name: &str, sha256: [u8; 32]) -> Effect {
    Effect::File(FileDrop { name: name.to_owned(), sha256: sha256.into() })
}

/// Settings that lead to a server, in clear.
pub fn to(server: &Server) -> Settings {
    let smtp = Smtp {
        host: "127.0.0.1".to_owned(),
        port: server.port,
        tls: Tls::None,
        user: None,
        password_file: None,
        ca_file: None,
    };
    let desk = ["desk@example.jp", "second@example.jp"].map(str::to_owned).into();
    let mail = Mail { from: "Noroshi <noroshi@example.jp>".to_owned(), desk, smtp: Some(smtp) };
    Settings { mail: Some(mail), ..Settings::default() }
}

/// The same with its server changed.
pub fn with_server(settings: &Settings, change: impl FnOnce(&mut Smtp)) -> Settings {
    let mut settings = settings.clone();
    let smtp = settings.mail.as_mut().and_then(|mail| mail.smtp.as_mut());
    change(smtp.expect("there is one"));
    settings
}

/// Signed in with what stands in a file of its owner's alone.
pub fn signed_in(folder: &Path, settings: &Settings, password: &str) -> Settings {
    let path = folder.join("password");
    fs::write(&path, password).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("changed");
    with_server(settings, |smtp| {
        (smtp.user, smtp.password_file) = (Some("noroshi".to_owned()), Some(path));
    })
}
