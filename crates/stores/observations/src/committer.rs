//! Adding the rows of batches to the tables of the lake, on a thread of its own, several batches in a
//! commit of each table.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant as Clock};

use arrow_array::RecordBatch;
use lake::{Delivery, Expired, Lake, Looking, Retention, Shard, TableName, Tables, Vacuumed};
use model::cause::with_cause;
use model::panic::caught;
use model::time::Instant;

use crate::adding::{Added, Adding};
use crate::derive::Derive;
use crate::error::ObservationsError;
use crate::index::Index;
use crate::payload::Record;
use crate::queue::{Closed, Expiry, Extra, Idle, Next, Order, Queue, Spooled};

/// Bytes of sources whose batches are added together.
const GROUP_BYTES: u64 = 96 << 20;
/// Batches after which they are added all the same.
pub(crate) const GROUP_BATCHES: usize = 1_024;

/// How far adding stands back, on the system's scale of 19.
const NICE: i32 = 10;

/// How long batches wait for others to be added with.
const GROUP_TIME: Duration = Duration::from_secs(30);

/// What batches are added with.
pub(crate) struct Terms {
    pub(crate) tables: Arc<Tables>,
    pub(crate) shard: Shard,
    pub(crate) derive: Option<Arc<dyn Derive>>,
}

/// The thread that adds rows.
#[derive(Debug)]
pub(crate) struct Committer {
    orders: Orders,
    added: Receiver<Added>,
    thread: Option<JoinHandle<Result<(), ObservationsError>>>,
}

/// Orders to the thread that adds rows, which any thread may give and wait for.
#[derive(Debug, Clone)]
pub struct Orders {
    queue: Arc<Queue>,
    lake: Arc<Lake>,
    /// What is kept, for what retention takes of it.
    index: Arc<Index>,
    /// Why the thread ended.
    why: Arc<OnceLock<String>>,
    /// What of its own accord it could not do last.
    trouble: Arc<Mutex<Option<String>>>,
}

/// The lake while nothing is added to it.
#[derive(Debug)]
pub struct Still(#[expect(dead_code, reason = "it is there to be dropped")] Sender<()>);

impl Orders {
    /// The lake.
    #[must_use]
    pub fn lake(&self) -> &Arc<Lake> {
        &self.lake
    }

    /// Why nothing is added any more, if so: the home is to be opened anew.
    #[must_use]
    pub fn ended(&self) -> Option<&str> {
        self.why.get().map(String::as_str)
    }

    /// Why files stay small that should have been made large since this was asked last, if so.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Waits until all that was kept before is in the lake.
    ///
    /// # Errors
    /// Why it is not.
    pub fn settle(&self) -> Result<(), ObservationsError> {
        self.give(Order::Settle)
    }

    /// Waits until small files of the tables that were added to are large ones, and what no reader
    /// needs any more is gone.
    ///
    /// # Errors
    /// Why they are not.
    pub fn tidy(&self, now: Instant) -> Result<(), ObservationsError> {
        self.give(|done| Order::Tidy(now, done))?
    }

    /// Adds rows of a table that come from no batch, with those that wait; they are there when this returns.
    /// A delivery that the table has is passed over. Gives how many commits that took.
    ///
    /// # Errors
    /// When the lake refuses; then nobody knows whether they are there, and the same delivery is to be tried
    /// again.
    pub fn add_rows(
        &self,
        table: &TableName,
        rows: Vec<RecordBatch>,
        from: Delivery,
    ) -> Result<u64, ObservationsError> {
        let extra = Extra { table: table.clone(), rows, from };
        self.give(|done| Order::Extra(extra, done))?
    }

    /// Removes rows of a table that are kept no longer ([`lake::Writer::expire`]); what waits is added before.
    /// The batches stay known: a source that is read again does not bring them back, nor does a reader that would
    /// read a batch better. Their files stay for those who read them, until [`vacuum`](Self::vacuum), or
    /// [`tidy`](Self::tidy) where rows were added to the table as well.
    ///
    /// # Errors
    /// When the view is not of now, the lake refuses, or what was kept before could not be added. Some of the
    /// rows may be gone; whoever does it again goes on.
    pub fn expire(
        &self,
        who: Looking<'_>,
        table: &TableName,
        retention: &Retention,
    ) -> Result<Expired, ObservationsError> {
        // Whether anybody may ask is known before anything goes.
        self.lake.expired(who, table)?;
        let expiry = Expiry { table: table.clone(), retention: retention.clone() };
        let expired = self.give(|done| Order::Expire(expiry, done));
        self.index.expire(self.lake.expired(who, table)?.into_keys());
        Ok(expired??)
    }

    /// Removes files of a table that no version has named for some time, at least an hour and at most a day, and
    /// says how many are still waiting for their time: none, once the bytes of what went are gone.
    ///
    /// # Errors
    /// Why they are not all gone.
    pub fn vacuum(
        &self,
        table: &TableName,
        now: Instant,
        keep: Duration,
    ) -> Result<Vacuumed, ObservationsError> {
        let idle = Idle { table: table.clone(), now, keep };
        Ok(self.give(|done| Order::Vacuum(idle, done))??)
    }

    /// Waits until all that was ordered before is done, and lets no table of the lake change until what this gives
    /// is dropped: everybody else waits, so that work in between should take milliseconds.
    ///
    /// # Errors
    /// Why nothing is done any more.
    pub fn hold(&self) -> Result<Still, ObservationsError> {
        let (held, released) = channel();
        self.settle()?;
        self.give(|done| Order::Hold(released, done))?;
        Ok(Still(held))
    }

    /// The number of the last delivery of a shard that a table has. For tables of events and those that a
    /// [`Derive`] names.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn last(&self, table: &TableName, shard: &Shard) -> Result<Option<u64>, ObservationsError> {
        self.give(|done| Order::Last(table.clone(), shard.clone(), done))?
    }

    /// Gives an order, and waits for what comes of it.
    fn give<T>(&self, order: impl FnOnce(SyncSender<T>) -> Order) -> Result<T, ObservationsError> {
        let (done, wait) = sync_channel(1);
        let given = self.queue.order(order(done)).ok().and_then(|()| wait.recv().ok());
        given.ok_or_else(|| {
            ObservationsError::Died(self.why.get().cloned().unwrap_or_else(|| "it is gone".to_owned()))
        })
    }
}

impl Committer {
    /// Starts the thread, which adds so many batches together at most. It has room for some besides those
    /// that it gathers, so that whoever gives more waits, and does not while others are added.
    pub(crate) fn start(lake: Arc<Lake>, adding: Terms, most: usize) -> Self {
        let orders = Orders {
            queue: Arc::default(),
            lake: lake.clone(),
            index: Arc::default(),
            why: Arc::default(),
            trouble: Arc::default(),
        };
        let (tell, added) = channel();
        let Orders { queue: take, why, trouble, .. } = orders.clone();
        let work = move || {
            behind_those_who_receive();
            let Terms { tables, shard, derive } = adding;
            let adding = Adding::new(&lake, &tables, shard, derive);
            let (group, bytes, began) = (Vec::new(), 0, None);
            let mut gathering = Gathering { adding, most, group, bytes, began, trouble };
            let died = |panic| Err(ObservationsError::Died(panic));
            let all = caught(|| {
                gathering.all(&take, &mut |added| {
                    let _ = tell.send(added);
                })
            });
            let ended = all.unwrap_or_else(died);
            if let Err(error) = &ended {
                let _ = why.set(with_cause(error));
            }
            take.close();
            ended
        };
        Self { orders, added, thread: Some(std::thread::spawn(work)) }
    }

    /// Hands over a batch, as it is and as its record has it; waits while too many wait.
    ///
    /// # Errors
    /// Why the thread ended.
    pub(crate) fn add(
        &mut self,
        number: u64,
        record: Record,
        payload: Vec<u8>,
    ) -> Result<(), ObservationsError> {
        self.orders.queue.add(number, record, payload).map_err(|Closed| self.end())
    }

    /// Orders to the thread, for who knows what is kept.
    pub(crate) fn orders(&self, index: Arc<Index>) -> Orders {
        Orders { index, ..self.orders.clone() }
    }

    /// Gives an order and waits for what comes of it.
    ///
    /// # Errors
    /// Why nothing does; if the thread has ended, its own reason, the first time.
    pub(crate) fn order<T>(
        &mut self,
        give: impl FnOnce(&Orders) -> Result<T, ObservationsError>,
    ) -> Result<T, ObservationsError> {
        match give(&self.orders) {
            Err(ObservationsError::Died(_)) => Err(self.end()),
            given => given,
        }
    }

    /// What has been added since the last time.
    pub(crate) fn added(&self) -> impl Iterator<Item = Added> + '_ {
        self.added.try_iter()
    }

    /// Waits for the thread; it must have a reason to have ended.
    fn end(&mut self) -> ObservationsError {
        self.orders.queue.close();
        let ended = self.thread.take().and_then(|thread| thread.join().ok()).and_then(Result::err);
        ended.unwrap_or_else(|| ObservationsError::Died("it is gone".to_owned()))
    }
}

/// What is not added stays in the spool.
impl Drop for Committer {
    fn drop(&mut self) {
        self.orders.queue.close();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// Lets those who receive have the processors first: what is not acknowledged can be lost, and what is can
/// wait. Threads that this one begins do the same.
fn behind_those_who_receive() {
    // Where the system refuses, both are as fast as each other.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(NICE);
}

/// The thread's side.
struct Gathering<'a> {
    adding: Adding<'a>,
    /// Batches of a group.
    most: usize,
    group: Vec<Spooled>,
    bytes: u64,
    /// When the first of the group came.
    began: Option<Clock>,
    trouble: Arc<Mutex<Option<String>>>,
}

type Tell<'a> = dyn FnMut(Added) + 'a;

impl Gathering<'_> {
    fn all(&mut self, queue: &Queue, tell: &mut Tell<'_>) -> Result<(), ObservationsError> {
        loop {
            let left = self.began.map_or(GROUP_TIME, |began| GROUP_TIME.saturating_sub(began.elapsed()));
            match queue.next(left) {
                Next::Order(Order::Add(batch)) => {
                    self.began.get_or_insert_with(Clock::now);
                    self.bytes += batch.bytes;
                    self.group.push(batch);
                    if self.bytes >= GROUP_BYTES || self.group.len() >= self.most {
                        self.commit(tell)?;
                    }
                }
                Next::Order(Order::Settle(done)) => {
                    self.commit(tell)?;
                    let _ = done.send(());
                }
                Next::Order(Order::Extra(extra, done)) => {
                    self.commit(tell)?;
                    // As below: it is for whoever asked to try it again.
                    let _ = done.send(self.adding.extra(extra));
                }
                Next::Order(Order::Expire(Expiry { table, retention }, done)) => {
                    self.commit(tell)?;
                    // Nothing that is kept depends on it: whoever asked is told, and the work goes on.
                    let _ = done.send(self.adding.with(&table, |writer| writer.expire(&retention)));
                }
                Next::Order(Order::Vacuum(Idle { table, now, keep }, done)) => {
                    let _ = done.send(self.adding.with(&table, |writer| writer.vacuum(now, keep)));
                }
                Next::Order(Order::Last(table, shard, done)) => {
                    let _ = done.send(self.adding.last(&table, &shard));
                }
                Next::Order(Order::Hold(released, done)) => {
                    self.commit(tell)?;
                    let _ = done.send(());
                    // Nothing is ever sent there.
                    let _ = released.recv();
                }
                Next::Order(Order::Tidy(now, done)) => {
                    let _ = done.send(self.adding.tidy(now));
                }
                Next::Nothing => self.commit(tell)?,
                Next::End => return Ok(()),
            }
        }
    }

    /// Adds the group.
    fn commit(&mut self, tell: &mut Tell<'_>) -> Result<(), ObservationsError> {
        let group = std::mem::take(&mut self.group);
        (self.bytes, self.began) = (0, None);
        if !group.is_empty() {
            tell(self.adding.add(group)?);
            // What was added is there: files that stay small are tried again with the next ones.
            if let Err(error) = self.adding.compact() {
                *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(with_cause(&error));
            }
        }
        Ok(())
    }
}
