//! The kinds of stream that a program knows, as the writer deals with them: without their types.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use model::fact::Fact;
use model::time::Instant;
use model::view::Label;
use serde::Deserialize as _;
use serde_json::Value;

use crate::act::Recorded;
use crate::effect::{Effect, Effects};
use crate::entropy::Entropy;
use crate::error::JournalError;
use crate::kind::{Kind, Stamp};
use crate::personal::Clear;
use crate::projection::Changes;
use crate::table::{Table, Upsert};

/// A state of some kind.
pub(crate) type AnyState = Box<dyn Any + Send>;
/// A command of some kind.
pub(crate) type AnyCommand = Box<dyn Any + Send>;

/// The kinds of stream that a program knows.
#[derive(Clone, Default)]
pub struct Kinds {
    all: Vec<Arc<dyn AnyKind>>,
    /// Their tables, with the statements that change their rows.
    tables: Arc<HashMap<&'static str, Changes>>,
}

/// What follows from a command, without types.
pub(crate) struct Decided {
    pub(crate) acts: Vec<Value>,
    pub(crate) personal: Vec<Clear>,
    pub(crate) effects: Vec<Effect>,
}

/// Why a command was not decided.
pub(crate) enum Undecided {
    /// The activity's refusal.
    Refused(Box<dyn Any + Send>),
    /// Another stream has what may be had once: table and columns.
    Taken(String),
    Journal(JournalError),
}

impl From<JournalError> for Undecided {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

/// What follows from an act besides the state.
pub(crate) struct Folded {
    pub(crate) upserts: Vec<Upsert>,
    pub(crate) fact: Option<Fact>,
}

/// A kind of stream without its types.
pub(crate) trait AnyKind: Send + Sync {
    fn name(&self) -> &'static str;
    fn acts(&self) -> u32;
    fn fold_version(&self) -> u32;
    fn tables(&self) -> &'static [Table];
    fn empty(&self) -> AnyState;
    fn thaw(&self, bytes: &str) -> Option<AnyState>;
    fn freeze(&self, state: &AnyState) -> Result<String, JournalError>;
    fn command(&self, told: Value) -> Result<AnyCommand, JournalError>;
    fn refusal(&self, refusal: Box<dyn Any + Send>) -> Result<Value, JournalError>;
    fn decide(
        &self,
        state: &AnyState,
        command: AnyCommand,
        stamp: &Stamp<'_>,
        entropy: &mut Entropy,
    ) -> Result<Decided, Undecided>;
    fn fold(&self, state: &mut AnyState, recorded: &Recorded) -> Result<Folded, JournalError>;
    fn label(&self, state: &AnyState) -> Label;
    fn wakes(&self, state: &AnyState) -> Option<Instant>;
    fn due(&self, state: &AnyState, now: Instant) -> Vec<AnyCommand>;
    fn follows(&self, fact: &Fact) -> Vec<String>;
    fn react(&self, fact: &Fact, state: &AnyState) -> Vec<AnyCommand>;
}

struct Typed<K>(PhantomData<fn() -> K>);

impl Kinds {
    /// None but the journal's own.
    #[must_use]
    pub fn new() -> Self {
        Self::default().with::<crate::subject::Subjects>().with::<Effects>()
    }

    /// These and one more.
    #[must_use]
    pub fn with<K: Kind>(mut self) -> Self {
        self.all.push(Arc::new(Typed::<K>(PhantomData)));
        let tables = K::TABLES.iter().map(|table| (table.name, Changes::of(table)));
        Arc::make_mut(&mut self.tables).extend(tables);
        self
    }

    pub(crate) fn all(&self) -> &[Arc<dyn AnyKind>] {
        &self.all
    }

    /// The statements that change the rows of a table.
    pub(crate) fn changes(&self, table: &str) -> Option<&Changes> {
        self.tables.get(table)
    }

    /// The kind of a name.
    pub(crate) fn named(&self, name: &str) -> Result<&Arc<dyn AnyKind>, JournalError> {
        let found = self.all.iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| JournalError::UnknownKind { name: name.to_owned() })
    }

    /// The kind of a stream.
    pub(crate) fn of_stream(&self, stream: &str) -> Result<&Arc<dyn AnyKind>, JournalError> {
        self.named(kind_of(stream))
    }

    /// The kind that fills a table.
    pub(crate) fn of_table(&self, name: &str) -> Result<&dyn AnyKind, JournalError> {
        let fills = |kind: &&Arc<dyn AnyKind>| kind.tables().iter().any(|table| table.name == name);
        let found = self.all.iter().find(fills).map(AsRef::as_ref);
        found.ok_or_else(|| JournalError::Unknown { what: format!("table {name}") })
    }

    /// A table of any kind.
    pub(crate) fn table(&self, name: &str) -> Result<&'static Table, JournalError> {
        let found = self.tables.get(name).map(|changes| changes.table);
        found.ok_or_else(|| JournalError::Unknown { what: format!("table {name}") })
    }
}

/// What acts of a stream come to, from the first one on.
///
/// # Errors
/// When one of them cannot be understood, or a later version of the program wrote it.
pub fn fold<'a, K: Kind>(acts: impl IntoIterator<Item = &'a Recorded>) -> Result<K::State, JournalError> {
    let mut state = K::State::default();
    for recorded in acts {
        let act = Typed::<K>::act(recorded)?;
        let Recorded { stream, sequence, actor, at, .. } = recorded;
        K::apply(&mut state, &act, &Stamp { id: id_of(stream), sequence: *sequence, actor, at: *at });
    }
    Ok(state)
}

/// The kind's part of a stream's name.
pub(crate) fn kind_of(stream: &str) -> &str {
    let mut slashes = stream.match_indices('/').map(|(at, _)| at);
    slashes.nth(1).map_or(stream, |end| &stream[..end])
}

/// The id's part of a stream's name.
pub(crate) fn id_of(stream: &str) -> &str {
    stream.get(kind_of(stream).len() + 1..).unwrap_or_default()
}

/// The name of a stream.
pub(crate) fn stream_of(kind: &str, id: &str) -> Result<String, JournalError> {
    let fits = !id.is_empty() && id.len() <= 200 && !id.chars().any(|c| c.is_control() || c == '/');
    if fits { Ok(format!("{kind}/{id}")) } else { Err(JournalError::BadId { id: id.to_owned() }) }
}

impl<K: Kind> Typed<K> {
    fn state(state: &AnyState) -> &K::State {
        #[expect(
            clippy::expect_used,
            reason = "states are made by `empty` and `thaw` of the same kind alone"
        )]
        state.downcast_ref().expect("the state is of its kind")
    }

    fn act(recorded: &Recorded) -> Result<K::Act, JournalError> {
        let Recorded { stream, sequence, version, .. } = recorded;
        if *version > K::ACTS {
            let (stream, found) = (stream.clone(), *version);
            return Err(JournalError::NewerActs { stream, found, known: K::ACTS });
        }
        let text = |error: serde_json::Error| error.to_string();
        let read = || match *version {
            version if version == K::ACTS => K::Act::deserialize(&recorded.act).map_err(text),
            version => serde_json::from_value(K::upcast(version, recorded.act.clone())?).map_err(text),
        };
        read().map_err(|reason| JournalError::NotUpcast {
            stream: stream.clone(),
            sequence: *sequence,
            version: *version,
            reason,
        })
    }
}

impl<K: Kind> AnyKind for Typed<K> {
    fn name(&self) -> &'static str {
        K::NAME
    }

    fn acts(&self) -> u32 {
        K::ACTS
    }

    fn fold_version(&self) -> u32 {
        K::FOLD
    }

    fn tables(&self) -> &'static [Table] {
        K::TABLES
    }

    fn empty(&self) -> AnyState {
        Box::new(K::State::default())
    }

    fn thaw(&self, bytes: &str) -> Option<AnyState> {
        serde_json::from_str::<K::State>(bytes).ok().map(|state| Box::new(state) as AnyState)
    }

    fn freeze(&self, state: &AnyState) -> Result<String, JournalError> {
        serde_json::to_string(Self::state(state)).map_err(|source| JournalError::Unwritable { source })
    }

    fn command(&self, told: Value) -> Result<AnyCommand, JournalError> {
        let read = serde_json::from_value::<K::Command>(told);
        let what = || format!("what is asked of {}", K::NAME);
        let command = read.map_err(|source| JournalError::Unreadable { what: what(), source })?;
        Ok(Box::new(command))
    }

    fn refusal(&self, refusal: Box<dyn Any + Send>) -> Result<Value, JournalError> {
        let Ok(refusal) = refusal.downcast::<K::Refusal>() else {
            return Err(JournalError::UnknownKind { name: K::NAME.to_owned() });
        };
        serde_json::to_value(*refusal).map_err(|source| JournalError::Unwritable { source })
    }

    fn decide(
        &self,
        state: &AnyState,
        command: AnyCommand,
        stamp: &Stamp<'_>,
        entropy: &mut Entropy,
    ) -> Result<Decided, Undecided> {
        let Ok(command) = command.downcast::<K::Command>() else {
            return Err(Undecided::Journal(JournalError::UnknownKind { name: K::NAME.to_owned() }));
        };
        let decision = K::decide(Self::state(state), *command, stamp, entropy)
            .map_err(|refusal| Undecided::Refused(Box::new(refusal)))?;
        let acts = decision.acts.iter().map(serde_json::to_value).collect::<Result<_, _>>();
        let acts = acts.map_err(|source| Undecided::Journal(JournalError::Unwritable { source }))?;
        Ok(Decided { acts, personal: decision.personal, effects: decision.effects })
    }

    fn fold(&self, state: &mut AnyState, recorded: &Recorded) -> Result<Folded, JournalError> {
        let act = Self::act(recorded)?;
        let Recorded { stream, sequence, actor, at, .. } = recorded;
        let stamp = Stamp { id: id_of(stream), sequence: *sequence, actor, at: *at };
        #[expect(
            clippy::expect_used,
            reason = "states are made by `empty` and `thaw` of the same kind alone"
        )]
        let state = state.downcast_mut::<K::State>().expect("the state is of its kind");
        K::apply(state, &act, &stamp);
        let upserts = K::rows(state, &act, &stamp);
        Ok(Folded { upserts, fact: K::fact(state, &act, &stamp) })
    }

    fn label(&self, state: &AnyState) -> Label {
        K::label(Self::state(state))
    }

    fn wakes(&self, state: &AnyState) -> Option<Instant> {
        K::wakes(Self::state(state))
    }

    fn due(&self, state: &AnyState, now: Instant) -> Vec<AnyCommand> {
        K::due(Self::state(state), now).into_iter().map(|command| Box::new(command) as AnyCommand).collect()
    }

    fn follows(&self, fact: &Fact) -> Vec<String> {
        K::follows(fact)
    }

    fn react(&self, fact: &Fact, state: &AnyState) -> Vec<AnyCommand> {
        let commands = K::react(fact, Self::state(state));
        commands.into_iter().map(|command| Box::new(command) as AnyCommand).collect()
    }
}

impl fmt::Debug for Kinds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.all.iter().map(|kind| kind.name())).finish()
    }
}
