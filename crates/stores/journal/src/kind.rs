//! What an activity says of a kind of stream.

use std::error::Error;

use model::fact::Fact;
use model::time::Instant;
use model::view::Label;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::act::Actor;
use crate::effect::Effect;
use crate::entropy::Entropy;
use crate::personal::{Clear, Personal, Subject};
use crate::table::{Table, Upsert};

/// A kind of stream.
///
/// All functions but [`Kind::decide`] must give the same for the same arguments, whenever they are asked:
/// states and tables are made anew from acts, and compared.
pub trait Kind: Send + Sync + 'static {
    /// `<activity>/<kind>`: the names of its streams begin with it.
    const NAME: &'static str;
    /// The form in which acts are written now, from 1.
    const ACTS: u32;
    /// Grows whenever states or rows mean something else than before: what was made of acts is then made anew.
    const FOLD: u32;
    /// The tables that its acts fill.
    const TABLES: &'static [Table];

    /// What acts come to.
    type State: Default + Serialize + DeserializeOwned + Send + 'static;
    /// What can be done; as JSON an object with a `type`.
    type Act: Serialize + DeserializeOwned;
    /// What can be asked for; as JSON it goes from one process to another.
    type Command: Serialize + DeserializeOwned + Send + 'static;
    /// Why it was not done; as JSON it comes back.
    type Refusal: Error + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// What follows from a command: acts, or a refusal. Changes nothing.
    ///
    /// # Errors
    /// Why it cannot be done.
    fn decide(
        state: &Self::State,
        command: Self::Command,
        stamp: &Stamp<'_>,
        entropy: &mut Entropy,
    ) -> Result<Decision<Self::Act>, Self::Refusal>;

    /// Changes the state as an act says.
    fn apply(state: &mut Self::State, act: &Self::Act, stamp: &Stamp<'_>);

    /// The rows that an act puts into tables, or takes out; the state is that after the act.
    fn rows(state: &Self::State, act: &Self::Act, stamp: &Stamp<'_>) -> Vec<Upsert>;

    /// Whose the stream is, and what may be done with it: decides who sees its acts and state.
    fn label(state: &Self::State) -> Label;

    /// An act of an earlier form in the form of now.
    ///
    /// # Errors
    /// When it is none.
    fn upcast(_version: u32, act: serde_json::Value) -> Result<serde_json::Value, String> {
        Ok(act)
    }

    /// When somebody should look at the stream again.
    fn wakes(_state: &Self::State) -> Option<Instant> {
        None
    }

    /// What is to be done at that time.
    fn due(_state: &Self::State, _now: Instant) -> Vec<Self::Command> {
        Vec::new()
    }

    /// What of an act others may react to.
    fn fact(_state: &Self::State, _act: &Self::Act, _stamp: &Stamp<'_>) -> Option<Fact> {
        None
    }

    /// The ids of streams of this kind that a fact concerns.
    fn follows(_fact: &Fact) -> Vec<String> {
        Vec::new()
    }

    /// What such a stream does about it.
    fn react(_fact: &Fact, _state: &Self::State) -> Vec<Self::Command> {
        Vec::new()
    }
}

/// Which act of which stream, by whom and when.
#[derive(Debug, Clone, Copy)]
pub struct Stamp<'a> {
    /// The id within the kind.
    pub id: &'a str,
    /// Number of the act in its stream, from 1; of a decision, that of its first act.
    pub sequence: u64,
    /// Who acts.
    pub actor: &'a Actor,
    /// When.
    pub at: Instant,
}

/// What follows from a command.
#[derive(Debug)]
pub struct Decision<A> {
    /// Acts, in their order.
    pub acts: Vec<A>,
    pub(crate) personal: Vec<Clear>,
    pub(crate) effects: Vec<Effect>,
}

impl<A> Decision<A> {
    /// Nothing is to be done.
    #[must_use]
    pub fn nothing() -> Self {
        Self { acts: Vec::new(), personal: Vec::new(), effects: Vec::new() }
    }

    /// One act.
    #[must_use]
    pub fn one(act: A) -> Self {
        Self { acts: vec![act], ..Self::nothing() }
    }

    /// Wants something done outside, once the acts are durable. An effect without an act is a mistake of the
    /// kind, and refused: it follows from what was done.
    pub fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Takes a personal value: what is given back stands in the act for it.
    pub fn personal(&mut self, subject: Subject, value: &str, entropy: &mut Entropy) -> Personal {
        let clear = Clear::new(subject, value, entropy);
        let personal = clear.personal();
        self.personal.push(clear);
        personal
    }
}
