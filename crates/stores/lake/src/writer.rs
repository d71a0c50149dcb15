//! Adding rows to one table, each delivery once.
//!
//! Rows come from a spool, and a spool gives a record again when it does not know that it is safe.
//! So a commit carries the spool's shard and the record's number as transaction id, and what has a
//! number that the table knows is not written again. The log records such ids without enforcing
//! them: two writers would not see each other. Therefore a table has one writer at a time.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use model::time::Instant;

use crate::compaction::{self, Compacted, Compaction};
use crate::error::LakeError;
use crate::lake::Lake;
use crate::log::Damaged;
use crate::name::{NotAName, TableName, is_part};
use crate::retention::{self, Expired, Retention};
use crate::table::Table;
use crate::vacuum::{self, Vacuumed};

/// A row of numbers that only rise, such as those of the records of one spool.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Shard(Arc<str>);

/// Where rows were delivered from: each number of a shard is added at most once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Whose numbers these are.
    pub shard: Shard,
    /// The last number of which rows are in the delivery. Deliveries come in order.
    pub number: u64,
}

/// What became of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// They are durable in this version of the table.
    Now(u64),
    /// They were there before; nothing was written.
    Before,
}

/// The one writer of a table.
#[derive(Debug)]
pub struct Writer<'lake> {
    lake: &'lake Lake,
    table: Table,
    /// Whether the table is known to be as its log has it.
    fresh: bool,
    /// The last number of each shard that was asked for, as the table has it.
    last: HashMap<Shard, Option<u64>>,
    /// Commits that were set aside.
    damaged: Vec<Damaged>,
    _only: Only<'lake>,
}

impl Shard {
    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Shard {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        if is_part(text) { Ok(Self(text.into())) } else { Err(NotAName::new(text, "shard")) }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'lake> Writer<'lake> {
    pub(crate) fn open(lake: &'lake Lake, name: &TableName, columns: &Schema) -> Result<Self, LakeError> {
        Self::of(lake, name, async || Table::make(&lake.place, name, columns).await)
    }

    pub(crate) fn existing(lake: &'lake Lake, name: &TableName) -> Result<Self, LakeError> {
        if !lake.place.is_there(name) {
            return Err(LakeError::NoTable(name.clone()));
        }
        Self::of(lake, name, async || Table::again(&lake.place, name).await)
    }

    fn of(
        lake: &'lake Lake,
        name: &TableName,
        open: impl AsyncFnOnce() -> Result<Table, LakeError>,
    ) -> Result<Self, LakeError> {
        let only = Only::take(&lake.writers, name)?;
        // What a process that died gave a name may not be durable yet.
        lake.place.sync(name)?;
        let damaged = lake.place.heal(name)?.into_iter().collect();
        let table = lake.wait(open())?;
        Ok(Self { lake, table, fresh: true, last: HashMap::new(), damaged, _only: only })
    }

    /// Commits that were not whole and that this writer set aside. What was in them is to be
    /// delivered again: [`last`](Self::last) does not know of it.
    #[must_use]
    pub fn damaged(&self) -> &[Damaged] {
        &self.damaged
    }

    /// The last number of a shard of which the table has rows.
    ///
    /// # Errors
    /// When the log of the table cannot be read.
    pub fn last(&mut self, shard: &Shard) -> Result<Option<u64>, LakeError> {
        self.refresh()?;
        if let Some(last) = self.last.get(shard) {
            return Ok(*last);
        }
        let last = self.lake.wait(self.table.last(shard))?;
        self.last.insert(shard.clone(), last);
        Ok(last)
    }

    /// Adds rows, all or none, and returns when they will outlive a power cut. Those of a delivery
    /// that the table has are passed over.
    ///
    /// # Errors
    /// When the columns are others or the disk refuses. Then nobody knows whether the rows are
    /// there; the same delivery is to be tried again.
    pub fn append(&mut self, rows: Vec<RecordBatch>, from: &Delivery) -> Result<Added, LakeError> {
        if self.last(&from.shard)?.is_some_and(|last| from.number <= last) {
            return Ok(Added::Before);
        }
        match self.lake.wait(self.table.append(rows, from)) {
            Ok(version) => {
                self.last.insert(from.shard.clone(), Some(from.number));
                Ok(Added::Now(version))
            }
            Err(error) => {
                // A commit that failed may be there all the same: the log decides.
                self.fresh = false;
                match self.last(&from.shard)? {
                    Some(last) if last == from.number => Ok(Added::Now(self.table.version())),
                    _ => Err(error),
                }
            }
        }
    }

    /// Makes small files larger ones with the same rows, and the log and the value index shorter. Who reads meanwhile
    /// goes on with the old files, which stay until [`vacuum`](Self::vacuum).
    ///
    /// # Errors
    /// When a file cannot be read or the disk refuses. Some of the files may have been compacted.
    pub fn compact(&mut self, which: Compaction) -> Result<Compacted, LakeError> {
        self.refresh()?;
        let done = self.lake.wait(compaction::compact(&mut self.table, which));
        // A commit that failed may be there all the same.
        self.fresh = done.is_ok();
        if let Ok(Compacted { from, .. }) = done {
            if from > 0 || which != Compaction::Due {
                self.lake.wait(self.table.shorten())?;
            }
            self.lake.wait(self.table.index_tidied(which))?;
        }
        self.lake.place.trim(&self.table.name)?;
        done
    }

    /// Brings the value index to what the table is now, all of it. Compaction does a part of it now and then.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn index(&mut self) -> Result<(), LakeError> {
        self.refresh()?;
        self.lake.wait(self.table.index_tidied(Compaction::All))
    }

    /// Removes the rows that are kept no longer, some files in each version of the table. Each file has all of them
    /// or none, whoever stops it and when; whoever does it again goes on. What the value index says of them goes at
    /// once. Their bytes stay for who reads meanwhile, and what the log says of their files with them, until
    /// [`vacuum`](Self::vacuum), an hour from now or later: that no process reads, nobody can know.
    ///
    /// # Errors
    /// When its rows are kept by no day and owner, a file cannot be read, or the disk refuses. Some of the rows
    /// may be gone.
    pub fn expire(&mut self, retention: &Retention) -> Result<Expired, LakeError> {
        self.refresh()?;
        let work = async {
            self.table.fresh().await?;
            let done = retention::expire(&mut self.table, &self.lake.place, retention).await?;
            self.table.forget().await?;
            if done.files > 0 {
                self.table.mark().await?;
            }
            Ok(done)
        };
        let done = self.lake.wait(work);
        // A commit that failed may be there all the same.
        self.fresh = done.is_ok();
        done
    }

    /// Removes files that no version of the table has named for some time, at least an hour and at
    /// most a day, and what processes left that died. Whoever began to read longer ago than that
    /// may miss them. Of a table that lost rows to retention, what the log says of such files goes, too.
    ///
    /// # Errors
    /// When the log cannot be read or the disk refuses.
    pub fn vacuum(&mut self, now: Instant, keep: Duration) -> Result<Vacuumed, LakeError> {
        self.refresh()?;
        // A version that a power cut could take away does not count.
        self.lake.place.sync(&self.table.name)?;
        self.lake.wait(vacuum::vacuum(&mut self.table, &self.lake.place, now, keep))
    }

    /// Looks at the log again where what is known of it is in doubt.
    fn refresh(&mut self) -> Result<(), LakeError> {
        if !self.fresh {
            self.last.clear();
            let name = self.table.name.clone();
            // What is there must not count while a power cut could take it away.
            self.lake.place.sync(&name)?;
            self.damaged.extend(self.lake.place.heal(&name)?);
            self.table = self.lake.wait(Table::open(&self.lake.place, &name))?;
            self.fresh = true;
        }
        Ok(())
    }
}

/// A checkpoint that was begun is finished. Without it the table is what it is.
impl Drop for Writer<'_> {
    fn drop(&mut self) {
        let _ = self.lake.wait(self.table.checkpointed());
    }
}

/// Sets the newest commit of a table aside if it is not whole, as the writer that it has meanwhile.
pub(crate) fn heal(lake: &Lake, name: &TableName) -> Result<Option<Damaged>, LakeError> {
    let _only = Only::take(&lake.writers, name)?;
    match lake.place.heal(name) {
        // Whoever reads or writes the table is told.
        Err(LakeError::Damaged { .. }) => Ok(None),
        healed => healed,
    }
}

/// Names of tables that are being written.
pub(crate) type Writers = Mutex<HashSet<TableName>>;

/// The right to write a table, until it is dropped.
#[derive(Debug)]
struct Only<'lake> {
    writers: &'lake Writers,
    name: TableName,
}

impl<'lake> Only<'lake> {
    fn take(writers: &'lake Writers, name: &TableName) -> Result<Self, LakeError> {
        let mut held = writers.lock().unwrap_or_else(PoisonError::into_inner);
        if held.insert(name.clone()) {
            Ok(Self { writers, name: name.clone() })
        } else {
            Err(LakeError::BeingWritten(name.clone()))
        }
    }
}

impl Drop for Only<'_> {
    fn drop(&mut self) {
        self.writers.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name);
    }
}
