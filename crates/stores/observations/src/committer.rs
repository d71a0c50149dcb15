//! Adding the rows of batches to the tables of the lake, on a thread of its own, several batches in a
//! commit of each table.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant as Clock};

use lake::{Lake, Shard, Tables};
use model::panic::caught;
use model::time::Instant;

use crate::adding::{Added, Adding};
use crate::error::ObservationsError;
use crate::payload::Record;

/// Bytes of sources whose batches are added together.
const GROUP_BYTES: u64 = 48 << 20;
/// Batches after which they are added all the same.
pub(crate) const GROUP_BATCHES: usize = 1_024;

/// Batches that may wait while others are added.
const WAITING: usize = 8;
/// How long batches wait for others to be added with.
const GROUP_TIME: Duration = Duration::from_secs(30);

/// A batch that is durable in the spool.
#[derive(Debug)]
pub(crate) struct Spooled {
    /// Number of its record.
    pub(crate) number: u64,
    pub(crate) record: Record,
}

enum Order {
    Add(Box<Spooled>),
    /// Adds what waits, and says when that is done.
    Settle(SyncSender<()>),
    /// Makes small files large ones and removes what nobody needs, and says when that is done.
    Tidy(Instant, SyncSender<()>),
}

/// The thread that adds rows.
#[derive(Debug)]
pub(crate) struct Committer {
    orders: Option<SyncSender<Order>>,
    added: Receiver<Added>,
    thread: Option<JoinHandle<Result<(), ObservationsError>>>,
}

impl Committer {
    /// Starts the thread, which adds so many batches together at most. It has room for some besides those
    /// that it gathers, so that whoever gives more waits, and does not while others are added.
    pub(crate) fn start(lake: Arc<Lake>, tables: Arc<Tables>, shard: Shard, most: usize) -> Self {
        let (orders, take) = sync_channel(WAITING);
        let (tell, added) = std::sync::mpsc::channel();
        let work = move || {
            let adding = Adding::new(&lake, &tables, shard);
            let mut gathering = Gathering { adding, most, group: Vec::new(), bytes: 0, began: None };
            let died = |panic| Err(ObservationsError::Died(panic));
            caught(|| {
                gathering.all(&take, &mut |added| {
                    let _ = tell.send(added);
                })
            })
            .unwrap_or_else(died)
        };
        Self { orders: Some(orders), added, thread: Some(std::thread::spawn(work)) }
    }

    /// Hands over a batch; waits while the thread is busy with those before.
    ///
    /// # Errors
    /// Why the thread ended.
    pub(crate) fn add(&mut self, batch: Spooled) -> Result<(), ObservationsError> {
        self.order(Order::Add(Box::new(batch)))
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

    /// What has been added since the last time.
    pub(crate) fn added(&self) -> impl Iterator<Item = Added> + '_ {
        self.added.try_iter()
    }

    fn order(&mut self, order: Order) -> Result<(), ObservationsError> {
        let sent = self.orders.as_ref().is_some_and(|orders| orders.send(order).is_ok());
        if sent { Ok(()) } else { self.end() }
    }

    /// Waits for the thread; it must have a reason to have ended.
    fn end(&mut self) -> Result<(), ObservationsError> {
        self.orders = None;
        let died = || Err(ObservationsError::Died("it is gone".to_owned()));
        self.thread.take().and_then(|thread| thread.join().ok()).unwrap_or_else(died)
    }
}

/// What is not added stays in the spool.
impl Drop for Committer {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
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
    fn all(&mut self, orders: &Receiver<Order>, tell: &mut Tell<'_>) -> Result<(), ObservationsError> {
        loop {
            let left = self.began.map_or(GROUP_TIME, |began| GROUP_TIME.saturating_sub(began.elapsed()));
            match orders.recv_timeout(left) {
                Ok(Order::Add(batch)) => {
                    self.began.get_or_insert_with(Clock::now);
                    self.bytes += batch.record.entry.bytes();
                    self.group.push(*batch);
                    if self.bytes >= GROUP_BYTES || self.group.len() >= self.most {
                        self.commit(tell)?;
                    }
                }
                Ok(Order::Settle(done)) => {
                    self.commit(tell)?;
                    let _ = done.send(());
                }
                Ok(Order::Tidy(now, done)) => {
                    self.commit(tell)?;
                    self.adding.tidy(now)?;
                    let _ = done.send(());
                }
                Err(RecvTimeoutError::Timeout) => self.commit(tell)?,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
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
