//! The observations of a home: what is kept, and the way to more.

use std::collections::{BTreeSet, HashSet};
use std::io;
use std::path::Path;
use std::sync::Arc;

use home::Home;
use lake::{
    Compartment, Damaged, FileSystem, Lake, LakeError, Looking, Owner, Shard, TableName, Tables, batches,
};
use model::marking::Marking;
use spool::{Damage, Disk, Folder, Spool};

use crate::adding::Added;
use crate::committer::{self, Committer, GROUP_BATCHES, Orders};
use crate::derive::Derive;
use crate::error::ObservationsError;
use crate::index::Index;
use crate::payload::{PayloadError, Record};
use crate::prepare::{Prepared, Terms};
use crate::{shard, waiting};

/// Bytes that the spool may hold before the lake has to catch up.
const SPOOL_BYTES: u64 = 4 << 30;

/// Bytes of the disk that stay free: what is acknowledged must find its way into the lake.
const FREE: u64 = 128 << 20;

/// Says how many bytes a disk has left.
pub type Room = Box<dyn Fn() -> io::Result<u64> + Send>;

/// What observations are kept on, for who looks at every change of it.
#[derive(Debug)]
pub struct Disks<D> {
    /// The disk of the lake.
    pub lake: Arc<dyn lake::Disk>,
    /// The folder of the spool.
    pub spool: D,
    /// Batches that are added to the lake together.
    pub group: usize,
}

/// The tables that observations come into.
#[derive(Clone)]
pub struct Target {
    /// Those of events.
    pub tables: Arc<Tables>,
    /// What makes rows of others, if anything does.
    pub derive: Option<Arc<dyn Derive>>,
}

/// The observations of a home, for the one process that writes there.
pub struct Observations<D: Disk = Folder> {
    spool: Spool<D>,
    pub(crate) index: Arc<Index>,
    /// Compartments whose batches are in the index.
    loaded: HashSet<Compartment>,
    pub(crate) committer: Committer,
    committed: Committed,
    /// Commits that were found damaged since these observations were opened.
    damaged: Vec<Damaged>,
    /// Number of the first record that cannot be read; nothing from there on is let go of.
    unreadable: Option<u64>,
    pub(crate) lake: Arc<Lake>,
    tables: Arc<Tables>,
    room: Room,
    /// Bytes of the disk that stay free.
    free: u64,
}

impl From<Arc<Tables>> for Target {
    fn from(tables: Arc<Tables>) -> Self {
        Self { tables, derive: None }
    }
}

/// What was found when observations were opened.
#[derive(Debug, Default)]
pub struct Opened {
    /// Batches that the spool held, and that are in the lake now.
    pub recovered: u64,
    /// What of the spool is damaged.
    pub damages: Vec<Damage>,
    /// Records that cannot be read. They stay in the spool, and so does what comes after them.
    pub unreadable: Vec<Unreadable>,
    /// Newest commits of tables that were not whole, and were set aside.
    pub damaged: Vec<Damaged>,
    /// Batches that lost rows with such a commit, now or earlier. They do not count as kept: read again,
    /// they are kept as others, which supersede what is left of them.
    pub lost: usize,
}

/// A record of the spool that cannot be read.
#[derive(Debug)]
pub struct Unreadable {
    /// Its number.
    pub number: u64,
    /// Why not.
    pub error: PayloadError,
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is durable.
    Now,
    /// It was there, first read under this path.
    Before(Arc<str>),
}

/// What was added to the lake.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Committed {
    /// Batches.
    pub batches: u64,
    /// Events in them.
    pub rows: u64,
    /// Of these, events without a time, or with one that no log can have: their day is `other`.
    pub undated: u64,
    /// Commits of tables.
    pub commits: u64,
}

impl Observations {
    /// Opens the observations of a home and adds to the lake what the spool holds.
    ///
    /// # Errors
    /// When spool or lake refuse.
    pub fn open(
        home: &home::Writer,
        who: Looking<'_>,
        target: Target,
    ) -> Result<(Self, Opened), ObservationsError> {
        let path = home.home().spool();
        let spool = Folder::open(&path).map_err(|source| ObservationsError::File { path, source })?;
        let disks = Disks { lake: Arc::new(FileSystem), spool, group: GROUP_BATCHES };
        Self::open_on(home, disks, who, target)
    }
}

impl<D: Disk + Clone> Observations<D> {
    /// The same over disks whose changes somebody looks at.
    ///
    /// # Errors
    /// As [`open`](Observations::open).
    pub fn open_on(
        home: &home::Writer,
        disks: Disks<D>,
        who: Looking<'_>,
        target: Target,
    ) -> Result<(Self, Opened), ObservationsError> {
        let (lake, folder) = (Lake::open_on(&home.home().lake(), disks.lake)?, home.home().spool());
        let (lake, disk) = (Arc::new(lake), disks.spool);
        let refused = |source| ObservationsError::File { path: folder.clone(), source };
        // Before anybody writes: what is known of tables must be what is in them.
        let damaged = lake.heal()?;
        let (spool, damages) = Spool::open(disk.clone(), SPOOL_BYTES, shard::random())?;
        let shard = match shard::read(&disk).map_err(refused)? {
            Some(shard) if is_ahead(&lake, &spool, &shard)? => shard,
            _ => shard::make(&disk).map_err(refused)?,
        };
        let room_of = folder.clone();
        let Target { tables, derive } = target;
        let terms = committer::Terms { tables: tables.clone(), shard, derive };
        let mut observations = Self {
            spool,
            index: Arc::default(),
            loaded: HashSet::new(),
            committer: Committer::start(lake.clone(), terms, disks.group),
            committed: Committed::default(),
            damaged: Vec::new(),
            unreadable: None,
            lake,
            tables,
            room: Box::new(move || free_bytes(&room_of)),
            free: FREE,
        };
        let mut opened = Opened { damages, damaged, ..Opened::default() };
        let lost = observations.load(who, &Compartment::own())? + observations.recover(who, &mut opened)?;
        if lost > 0 {
            opened.lost = observations.look_again(who)?;
        }
        Ok((observations, opened))
    }

    /// The same with another way to tell how much room there is.
    #[must_use]
    pub fn with_room(self, room: Room) -> Self {
        Self { room, ..self }
    }

    /// Lets so many bytes of the disk stay free, if that is more than without.
    pub fn leave_free(&mut self, bytes: u64) {
        self.free = bytes.max(FREE);
    }

    /// The terms on which an owner's events are taken in by a reader of this version.
    ///
    /// # Errors
    /// When what is kept of the compartment cannot be read.
    pub fn terms(
        &mut self,
        who: Looking<'_>,
        owner: Owner,
        marking: Marking,
    ) -> Result<Terms, ObservationsError> {
        self.load(who, &owner.compartment)?;
        let (tables, index) = (self.tables.clone(), self.index.clone());
        Ok(Terms { owner, marking, reader: sources::READER, tables, index })
    }

    /// Reads what is kept of a compartment, if it was not read: for batches that others prepared.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn know(&mut self, who: Looking<'_>, compartment: &Compartment) -> Result<(), ObservationsError> {
        self.load(who, compartment).map(drop)
    }

    /// Keeps a batch; on return it outlives a power cut. Waits while the lake lags behind.
    ///
    /// # Errors
    /// When it is not kept: the disk has too little room or refuses, or rows before it could not be
    /// added to the lake.
    pub fn keep(&mut self, prepared: Prepared) -> Result<Kept, ObservationsError> {
        let Prepared { record, payload } = prepared;
        if let Some(path) = self.index.source_path(record.entry.batch) {
            return Ok(Kept::Before(path));
        }
        self.free()?;
        let refused = |source| ObservationsError::File { path: "spool".into(), source };
        let left = (self.room)().map_err(refused)?;
        // The rows take about as much again in the lake.
        let needed = self.free + 2 * (self.spool.bytes() + payload.len() as u64);
        if left < needed {
            return Err(ObservationsError::Room { left, needed });
        }
        let number = self.spool.append(&[&payload])?;
        self.index.add(&record.entry);
        self.committer.add(number, record, payload)?;
        Ok(Kept::Now)
    }

    /// Adds to the lake what waits; what was kept can be asked then.
    ///
    /// # Errors
    /// When lake or spool refuse. What was kept is in the spool.
    pub fn settle(&mut self) -> Result<Committed, ObservationsError> {
        self.committer.order(Orders::settle)?;
        self.free()?;
        Ok(self.committed)
    }

    /// Orders to whoever adds rows, for threads that wait for them while others keep what comes.
    #[must_use]
    pub fn orders(&self) -> Orders {
        self.committer.orders(self.index.clone())
    }

    /// What was added to the lake so far.
    ///
    /// # Errors
    /// When the spool refuses to let go of it.
    pub fn committed(&mut self) -> Result<Committed, ObservationsError> {
        self.free()?;
        Ok(self.committed)
    }

    /// Newest commits of tables that were not whole when rows were added, and were set aside. Whoever opens
    /// the observations next is told which batches lost rows ([`Opened::lost`]).
    #[must_use]
    pub fn damaged(&self) -> &[Damaged] {
        &self.damaged
    }

    /// The lake.
    #[must_use]
    pub fn lake(&self) -> &Arc<Lake> {
        &self.lake
    }

    /// Lets the spool go of what is in the lake.
    pub(crate) fn free(&mut self) -> Result<(), ObservationsError> {
        let mut below = None;
        for Added { below: next, batches, rows, undated, commits, damaged } in self.committer.added() {
            below = Some(next);
            self.committed.batches += batches;
            self.committed.rows += rows;
            self.committed.undated += undated;
            self.committed.commits += commits;
            self.damaged.extend(damaged);
        }
        below.map_or(Ok(()), |below| self.free_below(below))
    }

    fn free_below(&mut self, below: u64) -> Result<(), ObservationsError> {
        Ok(self.spool.free(self.unreadable.unwrap_or(below).min(below))?)
    }

    /// Reads what is kept of a compartment; gives how many of its batches lack rows.
    fn load(&mut self, who: Looking<'_>, compartment: &Compartment) -> Result<usize, ObservationsError> {
        if !self.loaded.insert(compartment.clone()) {
            return Ok(0);
        }
        expired(&self.index, &self.lake, who, (compartment, &self.tables))?;
        fill(&self.index, &self.lake, who, compartment)
    }

    /// Reads what is kept once more: what was lost the spool may have given again. Gives how many batches
    /// still lack rows.
    fn look_again(&mut self, who: Looking<'_>) -> Result<usize, ObservationsError> {
        self.index = Arc::default();
        let mut lost = 0;
        for compartment in std::mem::take(&mut self.loaded) {
            lost += self.load(who, &compartment)?;
        }
        Ok(lost)
    }

    /// Adds to the lake what the spool holds from the process before; gives how many batches of the
    /// compartments that it is of lacked rows before.
    fn recover(&mut self, who: Looking<'_>, opened: &mut Opened) -> Result<usize, ObservationsError> {
        let mut compartments = BTreeSet::new();
        self.spool.records::<ObservationsError>(0, &mut |record| {
            let entry = Record::entry(&record.payload);
            compartments.extend(entry.ok().map(|entry| entry.owner.compartment));
            Ok(())
        })?;
        let mut lost = 0;
        for compartment in &compartments {
            lost += self.load(who, compartment)?;
        }
        let (index, committer) = (&self.index, &mut self.committer);
        self.spool.records::<ObservationsError>(0, &mut |found| {
            let record = match Record::of_bytes(&found.payload) {
                Ok(record) => record,
                Err(error) => {
                    opened.unreadable.push(Unreadable { number: found.number, error });
                    return Ok(());
                }
            };
            // An append that failed may have kept it, and been tried again.
            if index.has(record.entry.batch) {
                return Ok(());
            }
            index.add(&record.entry);
            opened.recovered += 1;
            committer.add(found.number, record, found.payload)
        })?;
        self.unreadable = opened.unreadable.first().map(|unreadable| unreadable.number);
        self.settle()?;
        // Also what was known already.
        self.free_below(self.spool.next())?;
        Ok(lost)
    }
}

/// The terms on which an owner's events are taken in by whoever does not write there, but hands them to the
/// process that does: with what is kept of them now, in the spool or in the lake.
///
/// # Errors
/// When spool or lake cannot be read.
pub fn terms(
    home: &Home,
    who: Looking<'_>,
    (owner, marking): (Owner, Marking),
    tables: Arc<Tables>,
) -> Result<Terms, ObservationsError> {
    let index = Index::default();
    // First the spool: what is added to the lake meanwhile is found in one of them at least.
    let received = waiting::received(home, who)?;
    if home.lake().is_dir() {
        let lake = Lake::open(&home.lake())?;
        expired(&index, &lake, who, (&owner.compartment, &tables))?;
        fill(&index, &lake, who, &owner.compartment)?;
    }
    received.values().for_each(|entry| index.add(entry));
    Ok(Terms { owner, marking, reader: sources::READER, tables, index: Arc::new(index) })
}

/// Reads of which batches of a compartment rows are kept no longer.
fn expired(
    index: &Index,
    lake: &Lake,
    who: Looking<'_>,
    (compartment, tables): (&Compartment, &Tables),
) -> Result<(), ObservationsError> {
    for table in tables.iter() {
        let name = TableName::new(compartment.clone(), &table.class).map_err(LakeError::from)?;
        index.expire(lake.expired(who, &name)?.into_keys());
    }
    Ok(())
}

/// Reads which batches of a compartment are kept; gives how many lack rows.
fn fill(
    index: &Index,
    lake: &Lake,
    who: Looking<'_>,
    compartment: &Compartment,
) -> Result<usize, ObservationsError> {
    let lost = lake.lost(who, compartment)?;
    let mut superseded = HashSet::new();
    for entry in lake.entries(who, compartment)? {
        if lost.contains(&entry.batch) {
            superseded.extend(entry.replaces.iter().copied().filter(|batch| lost.contains(batch)));
            index.add_lost(&entry);
        } else {
            index.add(&entry);
        }
    }
    let number = lost.len() - superseded.len();
    index.lose(lost);
    Ok(number)
}

/// Whether the numbers of the spool go on from those that the lake knows by this name; if not, it is
/// another spool than the one that was called so.
fn is_ahead<D: Disk>(lake: &Lake, spool: &Spool<D>, shard: &Shard) -> Result<bool, ObservationsError> {
    let name = TableName::new(Compartment::own(), batches::BATCHES).map_err(LakeError::from)?;
    let last = lake.writer(&name, &batches::schema())?.last(shard)?;
    Ok(last.is_none_or(|last| spool.next() > last))
}

fn free_bytes(folder: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}
