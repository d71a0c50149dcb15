//! Adding the rows of batches to the tables of the lake, on a thread of its own, several batches in a
//! commit of each table.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant as Clock};

use lake::{Expired, Lake, Shard, TableName, Tables, Vacuumed};
use model::panic::caught;
use model::time::Instant;

use crate::adding::{Added, Adding};
use crate::derive::Derive;
use crate::error::ObservationsError;
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
    queue: Arc<Queue>,
    added: Receiver<Added>,
    thread: Option<JoinHandle<Result<(), ObservationsError>>>,
}

impl Committer {
    /// Starts the thread, which adds so many batches together at most. It has room for some besides those
    /// that it gathers, so that whoever gives more waits, and does not while others are added.
    pub(crate) fn start(lake: Arc<Lake>, adding: Terms, most: usize) -> Self {
        let queue = Arc::new(Queue::default());
        let (tell, added) = std::sync::mpsc::channel();
        let take = queue.clone();
        let work = move || {
            behind_those_who_receive();
            let Terms { tables, shard, derive } = adding;
            let adding = Adding::new(&lake, &tables, shard, derive);
            let mut gathering = Gathering { adding, most, group: Vec::new(), bytes: 0, began: None };
            let died = |panic| Err(ObservationsError::Died(panic));
            let all = caught(|| {
                gathering.all(&take, &mut |added| {
                    let _ = tell.send(added);
                })
            });
            take.close();
            all.unwrap_or_else(died)
        };
        Self { queue, added, thread: Some(std::thread::spawn(work)) }
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
        self.queue.add(number, record, payload).or_else(|Closed| self.end())
    }

    /// Waits until all that was handed over is in the lake.
    ///
    /// # Errors
    /// Why it is not.
    pub(crate) fn settle(&mut self) -> Result<(), ObservationsError> {
        let (done, wait) = sync_channel(1);
        self.order(Order::Settle(done))?;
        wait.recv().or_else(|_| self.end())
    }

    /// Waits until small files of the tables that were added to are large ones, and what no reader
    /// needs any more is gone.
    ///
    /// # Errors
    /// Why they are not.
    pub(crate) fn tidy(&mut self, now: Instant) -> Result<(), ObservationsError> {
        let (done, wait) = sync_channel(1);
        self.order(Order::Tidy(now, done))?;
        wait.recv().or_else(|_| self.end())
    }

    /// Adds rows that come from no batch; waits until they are there.
    ///
    /// # Errors
    /// Why they are not.
    pub(crate) fn extra(&mut self, extra: Extra) -> Result<u64, ObservationsError> {
        let (done, wait) = sync_channel(1);
        self.order(Order::Extra(extra, done))?;
        wait.recv().or_else(|_| self.end().map(|()| 0))
    }

    /// Removes rows that are kept no longer, of batches that wait as well.
    ///
    /// # Errors
    /// Why they are not all gone.
    pub(crate) fn expire(&mut self, expiry: Expiry) -> Result<Expired, ObservationsError> {
        let (done, wait) = sync_channel(1);
        self.order(Order::Expire(expiry, done))?;
        match wait.recv() {
            Ok(expired) => Ok(expired?),
            Err(_) => self.end().map(|()| Expired::default()),
        }
    }

    /// Removes files of a table that no version has named for some time.
    ///
    /// # Errors
    /// Why they are not all gone.
    pub(crate) fn vacuum(&mut self, idle: Idle) -> Result<Vacuumed, ObservationsError> {
        let (done, wait) = sync_channel(1);
        self.order(Order::Vacuum(idle, done))?;
        match wait.recv() {
            Ok(vacuumed) => Ok(vacuumed?),
            Err(_) => self.end().map(|()| Vacuumed::default()),
        }
    }

    /// The number of the last delivery of a shard that a table has.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn last(&mut self, table: TableName, shard: Shard) -> Result<Option<u64>, ObservationsError> {
        let (done, wait) = sync_channel(1);
        self.order(Order::Last(table, shard, done))?;
        wait.recv().or_else(|_| self.end().map(|()| None))
    }

    /// What has been added since the last time.
    pub(crate) fn added(&self) -> impl Iterator<Item = Added> + '_ {
        self.added.try_iter()
    }

    fn order(&mut self, order: Order) -> Result<(), ObservationsError> {
        self.queue.order(order).or_else(|Closed| self.end())
    }

    /// Waits for the thread; it must have a reason to have ended.
    fn end(&mut self) -> Result<(), ObservationsError> {
        self.queue.close();
        let died = || Err(ObservationsError::Died("it is gone".to_owned()));
        self.thread.take().and_then(|thread| thread.join().ok()).unwrap_or_else(died)
    }
}

/// What is not added stays in the spool.
impl Drop for Committer {
    fn drop(&mut self) {
        self.queue.close();
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
                    let _ = done.send(self.adding.extra(extra)?);
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
                    let _ = done.send(self.adding.last(&table, &shard)?);
                }
                Next::Order(Order::Tidy(now, done)) => {
                    self.adding.tidy(now)?;
                    let _ = done.send(());
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
            self.adding.compact()?;
        }
        Ok(())
    }
}
