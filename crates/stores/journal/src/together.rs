//! Commands for several streams that are done together, or none of them: whoever is killed in between leaves
//! nothing half done, and whoever reads never sees a part.

use serde::{Deserialize, Serialize};

use crate::error::JournalError;
use crate::journal::{Acting, Journal};
use crate::kind::Kind;
use crate::registry::{AnyCommand, Undecided, id_of, stream_of};
use crate::told::{ToldCommand, Undone};
use crate::writer::{Book, Done, Order};

/// Commands in the order in which they are decided; each sees what the ones before came to.
#[derive(Default)]
pub struct Together(Vec<(String, AnyCommand)>);

/// Why none of them was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NotDone {
    /// Which command, from 0.
    pub at: usize,
    /// Its stream.
    pub stream: String,
    /// Why not.
    pub why: Undone,
}

impl Together {
    /// Adds a command for a stream.
    ///
    /// # Errors
    /// When the id cannot be that of a stream.
    pub fn add<K: Kind>(&mut self, id: &str, command: K::Command) -> Result<(), JournalError> {
        self.0.push((stream_of(K::NAME, id)?, Box::new(command)));
        Ok(())
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Journal {
    /// Decides commands; what follows from all of them outlives a power cut when this returns, or nothing does.
    /// Facts have been followed then as well.
    ///
    /// # Errors
    /// Which of them was not done, and why. Where the disk failed nobody knows whether they were, as after a crash.
    pub fn act_together(&self, together: Together, acting: &Acting) -> Result<Vec<Done>, NotDone> {
        let Acting { actor, now } = acting;
        let order = |(stream, command)| Order { stream, command, actor: actor.clone(), at: *now };
        let orders: Vec<Order> = together.0.into_iter().map(order).collect();
        let streams: Vec<String> = orders.iter().map(|order| order.stream.clone()).collect();
        let not_done = |(at, why): (usize, Undecided)| {
            let stream = streams.get(at).cloned().unwrap_or_default();
            NotDone { at, why: self.untyped(&stream, why), stream }
        };
        let done = self.alone(move |book| {
            let done = book.all_or_none(orders);
            // What could not be followed now is followed after the next act, or when the journal is opened.
            drop(book.follow());
            done
        });
        done.map_err(|error| not_done((0, error.into())))?.map_err(not_done)
    }

    /// The same of commands that were told.
    ///
    /// # Errors
    /// As [`Journal::act_together`].
    pub fn act_together_told(&self, told: Vec<ToldCommand>, acting: &Acting) -> Result<Vec<Done>, NotDone> {
        let mut together = Together::default();
        for (at, told) in told.into_iter().enumerate() {
            let stream = told.stream.clone();
            let command = self.command(told).map_err(|error| NotDone { at, stream, why: error.into() })?;
            together.0.push(command);
        }
        self.act_together(together, acting)
    }

    /// A command that was told, and its stream.
    pub(crate) fn command(&self, told: ToldCommand) -> Result<(String, AnyCommand), JournalError> {
        let kind = self.kinds().of_stream(&told.stream)?;
        // What was told need not be a name that any stream can have.
        let stream = stream_of(kind.name(), id_of(&told.stream))?;
        Ok((stream, kind.command(told.command)?))
    }

    /// Why a command led to no act, as it is told.
    pub(crate) fn untyped(&self, stream: &str, undecided: Undecided) -> Undone {
        match undecided {
            Undecided::Refused(refusal) => {
                let told = self.kinds().of_stream(stream).and_then(|kind| kind.refusal(refusal));
                told.map_or_else(Undone::from, Undone::Refused)
            }
            Undecided::Taken(what) => Undone::Taken(what),
            Undecided::Journal(error) => error.into(),
        }
    }
}

impl Book {
    /// Decides commands, and makes what follows durable; the first one that is not done takes the others with it.
    fn all_or_none(&mut self, orders: Vec<Order>) -> Result<Vec<Done>, (usize, Undecided)> {
        let mut undone = None;
        let done = self.together(|book| {
            let decide = |(at, order)| {
                book.decide(order).map_err(|why| {
                    undone = Some((at, why));
                    JournalError::NotTogether
                })
            };
            orders.into_iter().enumerate().map(decide).collect()
        });
        done.map_err(|error| undone.unwrap_or((0, error.into())))
    }
}

impl std::fmt::Debug for Together {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.0.iter().map(|(stream, _)| stream)).finish()
    }
}
