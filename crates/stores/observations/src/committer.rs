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
use lake::{
    Compaction, Compartment, Damaged, Delivery, Entry, Labels, Lake, LakeError, RowsError, Shard, TableName,
    Tables, Writer,
};
use model::panic::caught;
use model::time::Instant;
use sources::Sheet;

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

/// Commits of a table between two looks at its small files.
const COMMITS: u32 = 25;
/// How long files stay that no version of a table names any more, for those who read it.
const KEEP: Duration = Duration::from_secs(86_400);

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

/// What has been added.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Added {
    /// Records with lower numbers are safe in the lake.
    pub(crate) below: u64,
    /// Batches and their rows.
    pub(crate) batches: u64,
    pub(crate) rows: u64,
    /// Rows without a day of their own.
    pub(crate) undated: u64,
    /// Commits of tables.
    pub(crate) commits: u64,
    /// Commits that were found damaged and set aside.
    pub(crate) damaged: Vec<Damaged>,
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
            let mut adding = Adding {
                lake: &lake,
                tables: &tables,
                shard,
                most,
                tables_added_to: HashMap::new(),
                group: Vec::new(),
                bytes: 0,
                began: None,
                undated: 0,
                damaged: Vec::new(),
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
    /// Batches of a group.
    most: usize,
    tables_added_to: HashMap<TableName, AddedTo<'a>>,
    group: Vec<Spooled>,
    bytes: u64,
    /// When the first of the group came.
    began: Option<Clock>,
    /// Rows without a day of their own, and commits that were found damaged, which have not been told.
    undated: u64,
    damaged: Vec<Damaged>,
}

/// A table that is added to.
struct AddedTo<'a> {
    writer: Writer<'a>,
    /// Commits since its small files were last looked at.
    commits: u32,
    /// Damaged commits of it that were noted.
    damaged: usize,
}

type Tell<'a> = dyn FnMut(Added) + 'a;

impl Adding<'_> {
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
        let rows = group.iter().map(|batch| batch.record.entry.events).sum();
        let mut commits = 0;
        let mut compartments: BTreeMap<Compartment, Vec<Spooled>> = BTreeMap::new();
        for batch in group {
            compartments.entry(batch.record.entry.owner.compartment.clone()).or_default().push(batch);
        }
        for (compartment, batches) in compartments {
            commits += self.compartment(&compartment, batches, number)?;
        }
        let damaged = std::mem::take(&mut self.damaged);
        let undated = std::mem::take(&mut self.undated);
        tell(Added { below: number + 1, batches, rows, undated, commits, damaged });
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
        let mut of_class: BTreeMap<&str, Vec<Part>> = BTreeMap::new();
        let (mut flaws, mut entries) = (Vec::new(), Vec::new());
        for Spooled { number, record } in group {
            let Record { entry, flaws: of_it, sheets } = record;
            if of_it.num_rows() > 0 {
                flaws.push(Numbered { number, rows: of_it });
            }
            entries.push(Numbered { number, rows: batches::rows(std::slice::from_ref(&entry))? });
            let entry = Arc::new(entry);
            for sheet in sheets {
                let class = &*self.tables.of(&sheet.kind).class;
                of_class.entry(class).or_default().push(Part { number, entry: entry.clone(), sheet });
            }
        }
        // Where there is none, readers take everything for whole.
        self.open(compartment, BATCHES)?;
        let mut commits = 0;
        for (class, parts) in of_class {
            // One class after the other: rows take several times the memory of sheets.
            let rows = rows(parts, self.tables)?;
            self.undated += rows.iter().map(|part| lake::undated(&part.rows) as u64).sum::<u64>();
            commits += self.table(compartment, class, rows, number)?;
        }
        if !flaws.is_empty() {
            commits += self.table(compartment, FLAWS, flaws, number)?;
        }
        // What stands here is there: readers look here first.
        Ok(commits + self.table(compartment, BATCHES, entries, number)?)
    }

    /// Opens a table to be added to, if it is not; gives its name.
    fn open(&mut self, compartment: &Compartment, class: &str) -> Result<TableName, ObservationsError> {
        let name = TableName::new(compartment.clone(), class).map_err(LakeError::from)?;
        if !self.tables_added_to.contains_key(&name) {
            let schema = match (class, self.tables.get(class)) {
                (BATCHES, _) => batches::schema(),
                (_, Some(table)) => table.schema.clone(),
                (_, None) => flaws::schema(),
            };
            let writer = self.lake.writer(&name, &schema)?;
            self.tables_added_to.insert(name.clone(), AddedTo { writer, commits: 0, damaged: 0 });
        }
        Ok(name)
    }

    /// Adds to one table what it has not; gives the number of commits.
    fn table(
        &mut self,
        compartment: &Compartment,
        class: &str,
        rows: Vec<Numbered>,
        number: u64,
    ) -> Result<u64, ObservationsError> {
        let name = self.open(compartment, class)?;
        let Some(table) = self.tables_added_to.get_mut(&name) else { return Ok(0) };
        let last = table.writer.last(&self.shard)?;
        let new = rows.into_iter().filter(|part| last.is_none_or(|last| part.number > last));
        let new: Vec<RecordBatch> = new.map(|part| part.rows).collect();
        if new.is_empty() {
            return Ok(0);
        }
        table.writer.append(new, &Delivery { shard: self.shard.clone(), number })?;
        table.commits += 1;
        let damaged = table.writer.damaged();
        self.damaged.extend_from_slice(&damaged[table.damaged..]);
        table.damaged = damaged.len();
        Ok(1)
    }
}

/// Rows, and the number of the record that they come from.
struct Numbered {
    number: u64,
    rows: RecordBatch,
}

/// A sheet of a batch.
struct Part {
    number: u64,
    entry: Arc<Entry>,
    sheet: Sheet,
}

/// The rows of sheets of one class, made on two threads.
fn rows(parts: Vec<Part>, tables: &Tables) -> Result<Vec<Numbered>, RowsError> {
    let half = parts.len() / 2;
    let (first, second) = parts.split_at(half);
    let make = |parts: &[Part]| parts.iter().map(|part| part.rows(tables)).collect::<Result<Vec<_>, _>>();
    let (first, second) = std::thread::scope(|scope| {
        let other = scope.spawn(|| make(first));
        let second = make(second);
        (other.join(), second)
    });
    let mut rows = first.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    rows.extend(second?);
    Ok(rows)
}

impl Part {
    fn rows(&self, tables: &Tables) -> Result<Numbered, RowsError> {
        let entry = &self.entry;
        let labels = Labels {
            batch: entry.batch,
            first_event: entry.first_event,
            owner: entry.owner.clone(),
            marking: entry.marking,
            reader: entry.reader,
        };
        let (_, rows) = lake::rows(&self.sheet, &labels, tables, entry.received)?;
        Ok(Numbered { number: self.number, rows })
    }
}
