//! Adding the rows of batches to the tables of the lake, on a thread of its own, several batches in a
//! commit of each table.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant as Clock};

use arrow_array::RecordBatch;
use lake::batches::{self, BATCHES};
use lake::flaws::{self, FLAWS};
use lake::{Compaction, Compartment, Delivery, Entry, Lake, LakeError, Shard, TableName, Tables, Writer};
use model::panic::caught;
use model::time::Instant;

use crate::error::ObservationsError;
use crate::prepare::Rows;

/// Bytes of rows in memory from which on they are added.
const GROUP_BYTES: usize = 48 << 20;
/// Batches after which they are added all the same.
const GROUP_BATCHES: usize = 1_024;

/// How long batches wait for others to be added with.
const GROUP_TIME: Duration = Duration::from_secs(30);

/// Commits of a table between two looks at its small files.
const COMMITS: u32 = 25;
/// How long files stay that no version of a table names any more, for those who read it.
const KEEP: Duration = Duration::from_secs(86_400);

/// A batch that is durable in the spool.
#[derive(Debug)]
pub(crate) struct Spooled {
    /// Number of its record.
    pub(crate) number: u64,
    pub(crate) entry: Entry,
    pub(crate) rows: Rows,
}

enum Order {
    Add(Box<Spooled>),
    /// Adds what waits, and says when that is done.
    Settle(SyncSender<()>),
    /// Makes small files large ones and removes what nobody needs, and says when that is done.
    Tidy(Instant, SyncSender<()>),
}

/// What has been added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Added {
    /// Records with lower numbers are safe in the lake.
    pub(crate) below: u64,
    /// Batches and their rows.
    pub(crate) batches: u64,
    pub(crate) rows: u64,
    /// Commits of tables.
    pub(crate) commits: u64,
}

/// The thread that adds rows.
#[derive(Debug)]
pub(crate) struct Committer {
    orders: Option<SyncSender<Order>>,
    added: Receiver<Added>,
    thread: Option<JoinHandle<Result<(), ObservationsError>>>,
}

impl Committer {
    /// Starts the thread. It has room for one batch besides those that it gathers, so that whoever
    /// gives more waits.
    pub(crate) fn start(lake: Arc<Lake>, tables: Arc<Tables>, shard: Shard) -> Self {
        let (orders, take) = sync_channel(1);
        let (tell, added) = std::sync::mpsc::channel();
        let work = move || {
            let mut adding = Adding {
                lake: &lake,
                tables: &tables,
                shard,
                tables_added_to: HashMap::new(),
                group: Vec::new(),
                bytes: 0,
                began: None,
            };
            let died = |panic| Err(ObservationsError::Died(panic));
            caught(|| {
                adding.all(&take, &mut |added| {
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
struct Adding<'a> {
    lake: &'a Lake,
    tables: &'a Tables,
    shard: Shard,
    tables_added_to: HashMap<TableName, AddedTo<'a>>,
    group: Vec<Spooled>,
    bytes: usize,
    /// When the first of the group came.
    began: Option<Clock>,
}

/// A table that is added to.
struct AddedTo<'a> {
    writer: Writer<'a>,
    /// Commits since its small files were last looked at.
    commits: u32,
}

type Tell<'a> = dyn FnMut(Added) + 'a;

impl Adding<'_> {
    fn all(&mut self, orders: &Receiver<Order>, tell: &mut Tell<'_>) -> Result<(), ObservationsError> {
        loop {
            let left = self.began.map_or(GROUP_TIME, |began| GROUP_TIME.saturating_sub(began.elapsed()));
            match orders.recv_timeout(left) {
                Ok(Order::Add(batch)) => {
                    self.began.get_or_insert_with(Clock::now);
                    self.bytes += batch.rows.bytes();
                    self.group.push(*batch);
                    if self.bytes >= GROUP_BYTES || self.group.len() >= GROUP_BATCHES {
                        self.commit(tell)?;
                    }
                }
                Ok(Order::Settle(done)) => {
                    self.commit(tell)?;
                    let _ = done.send(());
                }
                Ok(Order::Tidy(now, done)) => {
                    self.tidy(now)?;
                    let _ = done.send(());
                }
                Err(RecvTimeoutError::Timeout) => self.commit(tell)?,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }

    /// Adds the rows of the group to their tables, and then its batches to the tables of batches.
    fn commit(&mut self, tell: &mut Tell<'_>) -> Result<(), ObservationsError> {
        let group = std::mem::take(&mut self.group);
        (self.bytes, self.began) = (0, None);
        let Some(number) = group.last().map(|batch| batch.number) else { return Ok(()) };
        let batches = group.len() as u64;
        let rows = group.iter().map(|batch| batch.entry.events).sum();
        let mut commits = 0;
        let mut compartments: BTreeMap<Compartment, Vec<Spooled>> = BTreeMap::new();
        for batch in group {
            compartments.entry(batch.entry.owner.compartment.clone()).or_default().push(batch);
        }
        for (compartment, batches) in compartments {
            commits += self.compartment(&compartment, batches, number)?;
        }
        tell(Added { below: number + 1, batches, rows, commits });
        for table in self.tables_added_to.values_mut().filter(|table| table.commits >= COMMITS) {
            table.commits = 0;
            table.writer.compact(Compaction::Due)?;
        }
        Ok(())
    }

    fn tidy(&mut self, now: Instant) -> Result<(), ObservationsError> {
        for table in self.tables_added_to.values_mut() {
            table.writer.compact(Compaction::Idle)?;
            table.writer.vacuum(now, KEEP)?;
        }
        Ok(())
    }

    /// Adds batches of one compartment; gives the number of commits.
    fn compartment(
        &mut self,
        compartment: &Compartment,
        group: Vec<Spooled>,
        number: u64,
    ) -> Result<u64, ObservationsError> {
        let mut of_class: BTreeMap<Arc<str>, Vec<Numbered>> = BTreeMap::new();
        let (mut flaws, mut entries) = (Vec::new(), Vec::new());
        for Spooled { number, entry, rows } in group {
            for part in rows.of_class {
                of_class.entry(part.class).or_default().push(Numbered { number, rows: part.rows });
            }
            if rows.flaws.num_rows() > 0 {
                flaws.push(Numbered { number, rows: rows.flaws });
            }
            let row = batches::rows(std::slice::from_ref(&entry))?;
            entries.push(Numbered { number, rows: row });
        }
        let mut commits = 0;
        for (class, rows) in of_class {
            commits += self.table(compartment, &class, rows, number)?;
        }
        if !flaws.is_empty() {
            commits += self.table(compartment, FLAWS, flaws, number)?;
        }
        // What stands here is there: readers look here first.
        Ok(commits + self.table(compartment, BATCHES, entries, number)?)
    }

    /// Adds to one table what it has not; gives the number of commits.
    fn table(
        &mut self,
        compartment: &Compartment,
        class: &str,
        rows: Vec<Numbered>,
        number: u64,
    ) -> Result<u64, ObservationsError> {
        let name = TableName::new(compartment.clone(), class).map_err(LakeError::from)?;
        if !self.tables_added_to.contains_key(&name) {
            let schema = match (class, self.tables.get(class)) {
                (BATCHES, _) => batches::schema(),
                (_, Some(table)) => table.schema.clone(),
                (_, None) => flaws::schema(),
            };
            let writer = self.lake.writer(&name, &schema)?;
            self.tables_added_to.insert(name.clone(), AddedTo { writer, commits: 0 });
        }
        let Some(table) = self.tables_added_to.get_mut(&name) else { return Ok(0) };
        let last = table.writer.last(&self.shard)?;
        let new = rows.into_iter().filter(|part| last.is_none_or(|last| part.number > last));
        let new: Vec<RecordBatch> = new.map(|part| part.rows).collect();
        if new.is_empty() {
            return Ok(0);
        }
        table.writer.append(new, &Delivery { shard: self.shard.clone(), number })?;
        table.commits += 1;
        Ok(1)
    }
}

/// Rows, and the number of the record that they come from.
struct Numbered {
    number: u64,
    rows: RecordBatch,
}
