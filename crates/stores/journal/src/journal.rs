//! The journal of a home, opened to be written to: one thread decides, whoever acts waits for it.

use std::any::Any;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

use model::time::Instant;

use crate::act::Actor;
use crate::database;
use crate::entropy::Entropy;
use crate::error::{ActError, JournalError};
use crate::forgetting;
use crate::keys::{self, Keys};
use crate::kind::Kind;
use crate::reader::Reader;
use crate::rebuild::Rebuilt;
use crate::registry::{AnyCommand, Kinds, Undecided, stream_of};
use crate::subject::{self, ForgetRefusal, Subjects};
use crate::writer::{Book, Done, Order};

/// Commands that are made durable together, at most.
const TOGETHER: usize = 64;

/// The name of the journal's file in a home.
pub(crate) const FILE: &str = "journal.sqlite";

/// Who acts, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// Who.
    pub actor: Actor,
    /// The time of the clock.
    pub now: Instant,
}

/// The journal of a home that this process writes to.
pub struct Journal {
    orders: Option<Sender<Asked>>,
    thread: Option<JoinHandle<()>>,
    reader: Reader,
}

/// What is asked of the writer.
pub(crate) enum Asked {
    /// Decide a command.
    Decide(Order, SyncSender<Result<Done, Undecided>>),
    /// Do something else with the book, alone.
    Alone(Box<dyn FnOnce(&mut Book) + Send>),
}

impl Journal {
    /// Opens the journal of a home, which is made where there is none.
    ///
    /// # Errors
    /// When it cannot be opened, is damaged, or a later version of the program wrote it.
    pub fn open(home: &home::Writer, kinds: Kinds) -> Result<Self, JournalError> {
        Self::open_with(home.home().path(), kinds, Entropy::system())
    }

    /// The same with other randomness, as tests and the demo need.
    ///
    /// # Errors
    /// As [`Journal::open`].
    pub fn open_seeded(home: &home::Writer, kinds: Kinds, entropy: Entropy) -> Result<Self, JournalError> {
        Self::open_with(home.home().path(), kinds, entropy)
    }

    fn open_with(folder: &Path, kinds: Kinds, entropy: Entropy) -> Result<Self, JournalError> {
        let database = database::writing(&folder.join(FILE), &kinds)?;
        let keys = Keys::new(&folder.join("keys").join(keys::FOLDER));
        let mut book = Book::new(database, kinds.clone(), keys, entropy)?;
        book.follow()?;
        let (orders, asked) = channel();
        let work = move || run(&mut book, &asked);
        let thread = std::thread::Builder::new().name("journal".to_owned()).spawn(work);
        let path = folder.to_owned();
        let thread = thread.map_err(|source| JournalError::File { path, doing: "served", source })?;
        let reader = Reader::of(folder, kinds);
        Ok(Self { orders: Some(orders), thread: Some(thread), reader })
    }

    /// Decides a command for a stream; what follows outlives a power cut when this returns. Other kinds react to
    /// its facts behind the answer, and before the next command.
    ///
    /// # Errors
    /// Why it was not done. Where the disk failed nobody knows whether it was, as after a crash.
    pub fn act<K: Kind>(
        &self,
        id: &str,
        command: K::Command,
        acting: &Acting,
    ) -> Result<Done, ActError<K::Refusal>> {
        let stream = stream_of(K::NAME, id)?;
        let Acting { actor, now } = acting.clone();
        let order = Order { stream, command: Box::new(command) as AnyCommand, actor, at: now };
        self.decide(order)?.map_err(typed::<K>)
    }

    /// Says by which name somebody is known who acts. Said once; a name that was forgotten is not taken again.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn name(&self, actor: &Actor, name: &str, now: Instant) -> Result<(), ActError<ForgetRefusal>> {
        let acting = Acting { actor: actor.clone(), now };
        self.act::<Subjects>(actor.subject(), subject::Command::Name(name.to_owned()), &acting).map(drop)
    }

    /// Forgets what is personal about a subject, of one class or all: destroys the keys, so that no copy of the
    /// journal says it any more, and takes the values out of tables and search. While somebody reads what was
    /// before, what lies beside the database stays until they are done ([`Reader::is_forgetting`]).
    ///
    /// # Errors
    /// When there is nothing to forget, no reason is given, or it cannot be done.
    pub fn forget(
        &self,
        subject: &str,
        (class, reason): (Option<&str>, &str),
        acting: &Acting,
    ) -> Result<Done, ActError<ForgetRefusal>> {
        let (of, class) = (subject.to_owned(), class.map(str::to_owned));
        self.forget_of(subject, reason, acting, move |book| book.classes(&of, class.as_deref()))
    }

    /// The same of these classes, whatever the journal holds of them: for one that was put back to a time before
    /// somebody was forgotten, and whose key is gone already.
    ///
    /// # Errors
    /// As [`Journal::forget`].
    pub fn forget_again(
        &self,
        subject: &str,
        (classes, reason): (&BTreeSet<String>, &str),
        acting: &Acting,
    ) -> Result<Done, ActError<ForgetRefusal>> {
        let classes = classes.clone();
        self.forget_of(subject, reason, acting, move |_| Ok(classes))
    }

    fn forget_of(
        &self,
        subject: &str,
        reason: &str,
        acting: &Acting,
        classes: impl FnOnce(&Book) -> Result<BTreeSet<String>, JournalError> + Send + 'static,
    ) -> Result<Done, ActError<ForgetRefusal>> {
        let stream = stream_of(Subjects::NAME, subject)?;
        let (Acting { actor, now }, reason) = (acting.clone(), reason.to_owned());
        let done = self.alone(move |book| {
            let classes = classes(book)?;
            let command: AnyCommand = Box::new(subject::Command::Forget { classes, reason });
            let order = Order { stream, command, actor, at: now };
            let mut done = book.carry_out(vec![order]);
            book.destroy_keys(forgetting::PATIENCE)?;
            done.pop().unwrap_or(Err(Undecided::Journal(JournalError::Ended)))
        })?;
        done.map_err(typed::<Subjects>)
    }

    /// Does what is due by now. Gives how many acts that were.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn wake(&self, now: Instant) -> Result<u64, JournalError> {
        self.alone(move |book| book.wake(now))?
    }

    /// Makes states and tables anew from the acts, compares, and puts right what differs; goes over the acts
    /// themselves as well.
    ///
    /// # Errors
    /// When it cannot be read or written. What is wrong with the acts is no error, but found.
    pub fn rebuild(&self) -> Result<Rebuilt, JournalError> {
        self.alone(Book::rebuild)?
    }

    /// Reads what this process and others wrote.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The kinds of stream that it knows.
    pub(crate) fn kinds(&self) -> &Kinds {
        &self.reader.kinds
    }

    /// Lets the writer decide a command.
    pub(crate) fn decide(&self, order: Order) -> Result<Result<Done, Undecided>, JournalError> {
        let (answer, answered) = sync_channel(1);
        self.ask(Asked::Decide(order, answer))?;
        answered.recv().map_err(|_| JournalError::Ended)
    }

    /// Does something with the book while nobody else does.
    pub(crate) fn alone<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Book) -> T + Send + 'static,
    ) -> Result<T, JournalError> {
        let (answer, answered) = sync_channel(1);
        // Who asked has gone: nothing to be told.
        let work = move |book: &mut Book| drop(answer.send(work(book)));
        self.ask(Asked::Alone(Box::new(work)))?;
        answered.recv().map_err(|_| JournalError::Ended)
    }

    pub(crate) fn ask(&self, asked: Asked) -> Result<(), JournalError> {
        let orders = self.orders.as_ref().ok_or(JournalError::Ended)?;
        orders.send(asked).map_err(|_| JournalError::Ended)
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        drop(self.orders.take());
        if let Some(thread) = self.thread.take() {
            // A panic there has answered whoever waited by its end.
            drop(thread.join());
        }
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Journal").field("reader", &self.reader).finish_non_exhaustive()
    }
}

/// Decides what comes until nobody can ask any more. Who comes while a commit is on its way to the disk is in
/// the next one.
fn run(book: &mut Book, asked: &Receiver<Asked>) {
    let mut next = asked.recv().ok();
    while let Some(first) = next.take() {
        match first {
            Asked::Alone(work) => work(book),
            Asked::Decide(order, answer) => {
                let (mut orders, mut answers) = (vec![order], vec![answer]);
                while orders.len() < TOGETHER {
                    match asked.try_recv() {
                        Ok(Asked::Decide(order, answer)) => {
                            orders.push(order);
                            answers.push(answer);
                        }
                        Ok(other) => {
                            next = Some(other);
                            break;
                        }
                        Err(_) => break,
                    }
                }
                let done = book.carry_out(orders);
                for (answer, done) in answers.into_iter().zip(done) {
                    drop(answer.send(done));
                }
                // What could not be followed now is followed after the next act, or when the journal is opened.
                drop(book.follow());
            }
        }
        next = next.or_else(|| asked.recv().ok());
    }
}

fn typed<K: Kind>(undecided: Undecided) -> ActError<K::Refusal> {
    match undecided {
        Undecided::Refused(refusal) => match (refusal as Box<dyn Any>).downcast::<K::Refusal>() {
            Ok(refusal) => ActError::Refused(*refusal),
            Err(_) => ActError::Journal(JournalError::UnknownKind { name: K::NAME.to_owned() }),
        },
        Undecided::Taken(what) => ActError::Taken { what },
        Undecided::Journal(error) => ActError::Journal(error),
    }
}
