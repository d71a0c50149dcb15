//! Adding the rows of several batches to the tables of the lake, in a commit of each table.

use std::collections::hash_map::Entry as MapEntry;
use std::collections::{BTreeMap, HashMap};
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::ScopedJoinHandle;
use std::time::Duration;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use lake::batches::{self, BATCHES};
use lake::flaws::{self, FLAWS};
use lake::{
    Compaction, Compartment, Damaged, Delivery, Entry, Labels, Lake, LakeError, RowsError, Shard, TableName,
    Tables, Writer,
};
use model::time::Instant;
use sources::Sheet;

use crate::derive::Derive;
use crate::error::ObservationsError;
use crate::payload::Record;
use crate::queue::{Extra, Spooled};

/// Threads that unpack batches and add to tables.
const AT_ONCE: usize = 2;

/// Commits of a table between two looks at its small files.
const COMMITS: u32 = 25;
/// How long files stay that no version of a table names any more, for those who read it.
const KEEP: Duration = Duration::from_secs(86_400);

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

/// What adds rows, and the tables that it has opened.
pub(crate) struct Adding<'a> {
    lake: &'a Lake,
    tables: &'a Tables,
    shard: Shard,
    derive: Option<Arc<dyn Derive>>,
    /// The columns of the tables of what is derived.
    derived: HashMap<&'static str, SchemaRef>,
    open: HashMap<TableName, AddedTo<'a>>,
}

/// A table that is added to.
struct AddedTo<'a> {
    writer: Writer<'a>,
    shard: Shard,
    /// Commits since its small files were last looked at.
    commits: u32,
    /// Damaged commits of it that were told.
    damaged: usize,
}

impl<'a> Adding<'a> {
    /// What adds records of a spool.
    pub(crate) fn new(
        lake: &'a Lake,
        tables: &'a Tables,
        shard: Shard,
        derive: Option<Arc<dyn Derive>>,
    ) -> Self {
        let derived = derive.iter().flat_map(|derive| derive.tables()).collect();
        Self { lake, tables, shard, derive, derived, open: HashMap::new() }
    }

    /// Adds the rows of batches to their tables, and then the batches to the tables of batches.
    ///
    /// # Errors
    /// Why they are not all in the lake; then the spool still has them.
    pub(crate) fn add(&mut self, group: Vec<Spooled>) -> Result<Added, ObservationsError> {
        let below = group.iter().map(|batch| batch.number + 1).max().unwrap_or(0);
        let mut added = Added { below, batches: group.len() as u64, ..Added::default() };
        let mut compartments: BTreeMap<Compartment, Vec<Unpacked>> = BTreeMap::new();
        for batch in self.records(group)? {
            added.rows += batch.record.entry.events;
            compartments.entry(batch.record.entry.owner.compartment.clone()).or_default().push(batch);
        }
        for (compartment, batches) in compartments {
            self.compartment(&compartment, batches, &mut added)?;
        }
        for table in self.open.values_mut() {
            let damaged = table.writer.damaged();
            added.damaged.extend_from_slice(&damaged[table.damaged..]);
            table.damaged = damaged.len();
        }
        Ok(added)
    }

    /// Adds rows that come from no batch; gives the number of commits. They are seen once the table of batches
    /// knows of their delivery, as all rows are.
    ///
    /// # Errors
    /// Why they are not there; the same delivery is to be tried again.
    pub(crate) fn extra(&mut self, extra: Extra) -> Result<u64, ObservationsError> {
        let table = extra.table.clone();
        self.add_extra(extra).inspect_err(|_| {
            // What became of the commit the log says, which whoever adds next reads anew.
            self.open.retain(|name, _| name.compartment() != table.compartment());
        })
    }

    fn add_extra(&mut self, extra: Extra) -> Result<u64, ObservationsError> {
        let Extra { table, rows, from } = extra;
        let compartment = table.compartment().clone();
        let batches = TableName::new(compartment.clone(), BATCHES).map_err(LakeError::from)?;
        let mut commits = 0;
        // Where there is none, readers take everything for whole.
        for (name, rows) in [(batches.clone(), None), (table, Some(rows)), (batches, Some(Vec::new()))] {
            let open = self.table(name.compartment(), name.class())?;
            if let Some(rows) = rows {
                open.writer.append(rows, &from)?;
                open.commits += 1;
                commits += 1;
            }
        }
        Ok(commits)
    }

    /// The number of the last delivery of a shard that a table has, once the table of batches knows of it.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub(crate) fn last(
        &mut self,
        table: &TableName,
        shard: &Shard,
    ) -> Result<Option<u64>, ObservationsError> {
        let last = self.table(table.compartment(), table.class())?.writer.last(shard)?;
        let known = self.table(table.compartment(), BATCHES)?.writer.last(shard)?;
        Ok(last.min(known))
    }

    /// Makes the small files of tables large ones to which enough was added.
    ///
    /// # Errors
    /// Why they are not.
    pub(crate) fn compact(&mut self) -> Result<(), ObservationsError> {
        self.each(|table| {
            if table.commits < COMMITS {
                return Ok(());
            }
            table.commits = 0;
            table.writer.compact(Compaction::Due).map(drop)
        })
    }

    /// Does something with each table, whatever becomes of others; one that fails is read anew.
    fn each(
        &mut self,
        mut work: impl FnMut(&mut AddedTo<'a>) -> Result<(), LakeError>,
    ) -> Result<(), ObservationsError> {
        let mut failed = None;
        self.open.retain(|_, table| match work(table) {
            Ok(()) => true,
            Err(error) => {
                failed = Some(error);
                false
            }
        });
        failed.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Makes small files large ones wherever that is worth it, and removes what no reader needs any more.
    ///
    /// # Errors
    /// Why they are not.
    pub(crate) fn tidy(&mut self, now: Instant) -> Result<(), ObservationsError> {
        self.each(|table| {
            table.writer.compact(Compaction::Idle)?;
            table.writer.vacuum(now, KEEP).map(drop)
        })
    }

    /// Does something with the writer of a table that is there, which it keeps if it has it.
    ///
    /// # Errors
    /// What becomes of it, or when there is no such table.
    pub(crate) fn with<T>(
        &mut self,
        table: &TableName,
        work: impl FnOnce(&mut Writer<'a>) -> Result<T, LakeError>,
    ) -> Result<T, LakeError> {
        match self.open.get_mut(table) {
            Some(open) => work(&mut open.writer),
            // Its columns are those of whoever adds to it, who opens it again.
            None => work(&mut self.lake.existing_writer(table)?),
        }
    }

    /// The batches of a group in the order of their numbers.
    fn records(&self, group: Vec<Spooled>) -> Result<Vec<Unpacked>, ObservationsError> {
        let batches = Mutex::new(group.into_iter());
        let next = || batches.lock().unwrap_or_else(PoisonError::into_inner).next();
        let shares = at_once(|| {
            let mut share = Vec::new();
            while let Some(Spooled { number, held, .. }) = next() {
                share.push(self.unpacked(number, held.record()?));
            }
            Ok::<_, ObservationsError>(share)
        });
        let mut records = Vec::new();
        for share in shares {
            records.extend(share?);
        }
        records.sort_by_key(|batch: &Unpacked| batch.number);
        Ok(records)
    }

    fn unpacked(&self, number: u64, record: Record) -> Unpacked {
        let from = Delivery { shard: self.shard.clone(), number };
        let derive = |derive: &Arc<dyn Derive>| derive.derive(&record.entry, &record.sheets, &from);
        let derived = self.derive.as_ref().map(derive).unwrap_or_default();
        Unpacked { number, record, derived }
    }

    /// Adds batches of one compartment.
    fn compartment(
        &mut self,
        compartment: &Compartment,
        group: Vec<Unpacked>,
        added: &mut Added,
    ) -> Result<(), ObservationsError> {
        let mut derived: BTreeMap<&str, Vec<Numbered>> = BTreeMap::new();
        let mut of_class: BTreeMap<&str, Vec<Part>> = BTreeMap::new();
        let (mut flaws, mut entries) = (Vec::new(), Vec::new());
        for Unpacked { number, record: Record { entry, flaws: of_it, sheets }, derived: of_others } in group {
            for (class, rows) in of_others {
                derived.entry(class).or_default().push(Numbered { number, rows });
            }
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
        self.table(compartment, BATCHES)?;
        self.classes(compartment, of_class, added)?;
        if !flaws.is_empty() {
            added.commits += self.table(compartment, FLAWS)?.add(flaws, added.below)?;
        }
        for (class, rows) in derived {
            added.commits += self.table(compartment, class)?.add(rows, added.below)?;
        }
        // What stands here is there: readers look here first.
        added.commits += self.table(compartment, BATCHES)?.add(entries, added.below)?;
        Ok(())
    }

    /// Adds sheets to the tables of their classes, several at once: while one waits for the disk, the rows
    /// of another are made.
    fn classes(
        &mut self,
        compartment: &Compartment,
        mut of_class: BTreeMap<&str, Vec<Part>>,
        added: &mut Added,
    ) -> Result<(), ObservationsError> {
        for class in of_class.keys() {
            self.table(compartment, class)?;
        }
        let tables = self.open.iter_mut().filter(|(name, _)| name.compartment() == compartment);
        let mut work: Vec<(&mut AddedTo<'_>, Vec<Part>)> =
            tables.filter_map(|(name, table)| Some((table, of_class.remove(name.class())?))).collect();
        // The largest is taken first.
        work.sort_by_key(|(_, parts)| parts.iter().map(|part| part.sheet.columns.num_rows()).sum::<usize>());
        let (work, below, tables) = (Mutex::new(work), added.below, self.tables);
        let next = || work.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let shares = at_once(|| {
            let (mut commits, mut undated) = (0, 0);
            while let Some((table, parts)) = next() {
                let rows = parts.iter().map(|part| part.rows(tables)).collect::<Result<Vec<_>, _>>()?;
                drop(parts);
                undated += rows.iter().map(|part| lake::undated(&part.rows) as u64).sum::<u64>();
                commits += table.add(rows, below)?;
            }
            Ok::<_, ObservationsError>((commits, undated))
        });
        for share in shares {
            let (commits, undated) = share?;
            added.commits += commits;
            added.undated += undated;
        }
        Ok(())
    }

    /// A table to be added to, which is opened if it is not.
    fn table(
        &mut self,
        compartment: &Compartment,
        class: &str,
    ) -> Result<&mut AddedTo<'a>, ObservationsError> {
        let name = TableName::new(compartment.clone(), class).map_err(LakeError::from)?;
        Ok(match self.open.entry(name) {
            MapEntry::Occupied(open) => open.into_mut(),
            MapEntry::Vacant(new) => {
                let schema = match (class, self.tables.get(class)) {
                    (BATCHES, _) => batches::schema(),
                    (_, Some(table)) => table.schema.clone(),
                    (_, None) => self.derived.get(class).cloned().unwrap_or_else(flaws::schema),
                };
                let writer = self.lake.writer(new.key(), &schema)?;
                new.insert(AddedTo { writer, shard: self.shard.clone(), commits: 0, damaged: 0 })
            }
        })
    }
}

impl AddedTo<'_> {
    /// Adds what the table has not; gives the number of commits.
    fn add(&mut self, rows: Vec<Numbered>, below: u64) -> Result<u64, ObservationsError> {
        let last = self.writer.last(&self.shard)?;
        let new = rows.into_iter().filter(|part| last.is_none_or(|last| part.number > last));
        let new: Vec<RecordBatch> = new.map(|part| part.rows).collect();
        if new.is_empty() {
            return Ok(0);
        }
        self.writer.append(new, &Delivery { shard: self.shard.clone(), number: below - 1 })?;
        self.commits += 1;
        Ok(1)
    }
}

/// Does the same on several threads.
fn at_once<T: Send>(work: impl Fn() -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..AT_ONCE).map(|_| scope.spawn(&work)).collect();
        let own = work();
        let end = |other: ScopedJoinHandle<'_, T>| other.join().unwrap_or_else(|panic| resume_unwind(panic));
        others.into_iter().map(end).chain([own]).collect()
    })
}

/// A batch of a group.
struct Unpacked {
    number: u64,
    record: Record,
    /// Rows of other tables that it gives.
    derived: Vec<(&'static str, RecordBatch)>,
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
