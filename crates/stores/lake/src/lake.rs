//! The lake: a folder of tables, and the threads that write and ask them.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
pub use model::view::Looking;
use tokio::runtime::{Builder, Runtime};

use crate::ask::{AskError, Asked, Asking, Receive, Turns, turns};
use crate::batches::{BATCHES, Entry};
use crate::chosen::{Choosing, Chosen};
use crate::disk::{Disk, FileSystem};
use crate::error::LakeError;
use crate::find::{self, FindError, Finding, Found, Known, Sources};
use crate::horizon::{At, Horizon};
use crate::id::BatchId;
use crate::listing::{self, Listed};
use crate::log::Damaged;
use crate::lost;
use crate::name::{Compartment, TableName};
use crate::news::{self, News, Remembered, Since};
use crate::place::{self, Place};
use crate::question;
use crate::retention::{self, Expiring, Retention, account};
use crate::rows::RowsError;
use crate::scan::{Footers, Scan};
use crate::table::Table;
use crate::view::{self, Present, Restricted, Shelf};
use crate::whole::{Superseded, Whole};
use crate::writer::{self, Writer, Writers};

/// Tables in a folder.
#[derive(Debug)]
pub struct Lake {
    pub(crate) place: Place,
    pub(crate) writers: Writers,
    runtime: Runtime,
    /// For what is asked, so that no question keeps rows waiting.
    asked: Runtime,
    turns: Turns,
    pub(crate) footers: Footers,
    pub(crate) superseded: Superseded,
    present: Present,
    pushing_down: bool,
    /// For whoever looks for values.
    known: Known,
    /// For whoever looks for what is new.
    remembered: Remembered,
}

impl Lake {
    /// The lake in a folder, which is made (0700) where it does not exist.
    ///
    /// # Errors
    /// When the folder can neither be made nor used, or there are no threads to be had.
    pub fn open(folder: &Path) -> Result<Self, LakeError> {
        Self::open_on(folder, Arc::new(FileSystem))
    }

    /// The same over a disk whose changes somebody looks at.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_on(folder: &Path, disk: Arc<dyn Disk>) -> Result<Self, LakeError> {
        let refused = |source| LakeError::Folder { path: folder.to_owned(), source };
        // Tables are addressed by URL, and that of a relative path is another in another folder.
        let folder: PathBuf = std::path::absolute(folder).map_err(refused)?;
        place::make(&*disk, &folder).map_err(refused)?;
        let folder = folder.canonicalize().map_err(refused)?;
        let threads = |name: &str, stack| {
            let mut builder = Builder::new_multi_thread();
            builder
                .thread_name(name)
                .thread_stack_size(stack)
                .enable_all()
                .build()
                .map_err(LakeError::Threads)
        };
        let (runtime, asked) = (threads("lake", 4 << 20)?, threads("ask", STACK)?);
        let place = Place::new(folder, disk);
        let writers = Writers::default();
        Ok(Self {
            place,
            writers,
            runtime,
            asked,
            turns: turns(),
            footers: Footers::new(),
            superseded: Superseded::default(),
            present: Present::default(),
            pushing_down: false,
            known: Known::default(),
            remembered: Remembered::default(),
        })
    }

    /// The same lake, of which questions read most columns of those rows only that a condition lets
    /// through. They are answered the same, some sooner and some later, so this is for measuring and testing.
    #[must_use]
    pub fn pushing_down(mut self) -> Self {
        self.pushing_down = true;
        self
    }

    /// The writer of a table, which is made with these columns where there is none, and gets those of
    /// them that it lacks. Columns that it has besides stay. A newest commit that is not whole is set
    /// aside ([`Writer::damaged`]).
    ///
    /// # Errors
    /// When the table has a writer already, an older commit is damaged, or the disk or the library
    /// refuses.
    pub fn writer(&self, name: &TableName, columns: &Schema) -> Result<Writer<'_>, LakeError> {
        Writer::open(self, name, columns)
    }

    /// The writer of a table that is there, with the columns that it has.
    ///
    /// # Errors
    /// As [`writer`](Self::writer), and when there is no such table.
    pub fn existing_writer(&self, name: &TableName) -> Result<Writer<'_>, LakeError> {
        Writer::existing(self, name)
    }

    /// Sets aside the newest commit of each table that is not whole. What was in them is to be delivered
    /// again by who still has it ([`lost`](Self::lost)).
    ///
    /// # Errors
    /// When a table has a writer, or the disk refuses.
    pub fn heal(&self) -> Result<Vec<Damaged>, LakeError> {
        let mut damaged = Vec::new();
        for name in listing::names(&self.place)? {
            damaged.extend(writer::heal(self, &name)?);
        }
        Ok(damaged)
    }

    /// Batches of a compartment that lost rows with a commit that was set aside, and what these batches
    /// superseded. Nothing of them must be taken for kept; whoever gives their events again gives them as
    /// a batch that supersedes them.
    ///
    /// # Errors
    /// When the view is not of now, or a table cannot be read.
    pub fn lost(&self, who: Looking<'_>, compartment: &Compartment) -> Result<HashSet<BatchId>, LakeError> {
        self.read(who, async |shelf, part| lost::lost(shelf, part, compartment).await)
    }

    /// What [`Writer::expire`] would remove from a table, by day: of somebody who sees a part, of the rows that
    /// they see.
    ///
    /// # Errors
    /// When the view is not of now, there is no such table, its rows are kept by no day and owner, or it cannot
    /// be read.
    pub fn expiring(
        &self,
        who: Looking<'_>,
        name: &TableName,
        retention: &Retention,
    ) -> Result<Vec<Expiring>, LakeError> {
        self.read(who, async |shelf, part| match part {
            Some(part) => retention::seen(shelf, part, name, retention).await,
            None => retention::expiring(&Table::open(&self.place, name).await?, &self.place, retention),
        })
    }

    /// How many rows retention removed from a table of events, by the batch that they were of; also rows that it was about
    /// to remove when it was stopped. Evidence that names a row that is not there, of such a batch, names one
    /// that is kept no longer.
    ///
    /// # Errors
    /// When the view is not of now, or what is known of it cannot be read.
    pub fn expired(&self, who: Looking<'_>, name: &TableName) -> Result<HashMap<BatchId, u64>, LakeError> {
        let mut expired = self.read(who, async |_, _| account::noted(&self.place, name))?;
        if !expired.is_empty() && Restricted::of(who.view).is_some() {
            let seen = self.entries(who, name.compartment())?;
            let seen: HashSet<BatchId> = seen.into_iter().map(|entry| entry.batch).collect();
            expired.retain(|batch, _| seen.contains(batch));
        }
        Ok(expired)
    }

    /// The rows of a batch in one table that somebody may see, in their order.
    ///
    /// # Errors
    /// When the view is not of now, or there is no such table or it cannot be read.
    pub fn batch(
        &self,
        who: Looking<'_>,
        name: &TableName,
        batch: BatchId,
    ) -> Result<Vec<RecordBatch>, LakeError> {
        self.read(who, async |shelf, part| {
            let whole = Whole::of(&self.place, name.compartment()).await?;
            let table = match part {
                Some(part) => part.table(shelf, &whole, name).await?.0,
                None => Arc::new(Scan::of(&whole.table(name).await?, &self.place, &self.footers)?),
            };
            let rows = question::batch(table, batch).await?;
            if part.is_none() {
                return Ok(rows);
            }
            Ok(rows.iter().map(view::alone).collect::<Result<_, _>>().map_err(RowsError::from)?)
        })
    }

    /// Rows of a table that somebody may see and that are known by a value; for whoever sees everything those of
    /// superseded batches, too. There are none where there is no such table.
    ///
    /// # Errors
    /// When the view is not of now, or the table cannot be read.
    pub fn chosen(&self, who: Looking<'_>, chosen: &Chosen<'_>) -> Result<Vec<RecordBatch>, LakeError> {
        self.read(who, async |shelf, part| {
            let whole = Whole::of(&self.place, chosen.table.compartment()).await?;
            let table = match whole.table(chosen.table).await {
                Err(LakeError::NoTable(_)) => return Ok(Vec::new()),
                table => table?,
            };
            let part = match part {
                Some(part) => Some((part, whole.superseded(shelf.superseded, shelf.footers).await?)),
                None => None,
            };
            Choosing { place: &self.place, view: who.view, part }.rows(&table, chosen)
        })
    }

    /// What came into a table since somebody looked, as questions see it: each row at least once, whatever was made
    /// of the table's files meanwhile. It costs what is new, however much there is besides.
    ///
    /// # Errors
    /// When the view is not of now or shows a part, or the table cannot be read.
    pub fn news(&self, who: Looking<'_>, wanted: Since<'_>) -> Result<News, LakeError> {
        self.read(who, async |shelf, part| {
            if part.is_some() {
                return Err(LakeError::Veiled);
            }
            let mut news = news::since(shelf, Some(&self.remembered), wanted).await?;
            let compartment = wanted.table.compartment();
            if wanted.table.class() != BATCHES {
                self.remembered.leave_out(shelf, compartment, &mut news.rows).await?;
            }
            Ok(news)
        })
    }

    /// The tables that somebody may see, by name: of a part, those with a row that is seen, whose rows are
    /// counted, and not where they lie.
    ///
    /// # Errors
    /// When the view is not of now, or a table cannot be read.
    pub fn tables(&self, who: Looking<'_>) -> Result<Vec<Listed>, LakeError> {
        self.read(who, async |shelf, part| match part {
            Some(part) => listing::seen(shelf, part).await,
            None => listing::tables(&self.place).await,
        })
    }

    /// The compartments that somebody may see: the installation's own first, then the others by name.
    ///
    /// # Errors
    /// When the view is not of now, or the lake's folder cannot be read.
    pub fn compartments(&self, who: Looking<'_>) -> Result<Vec<Compartment>, LakeError> {
        let mut all = self.read(who, async |_, part| {
            let mut all = listing::compartments(self.place.folder())?;
            all.retain(|compartment| part.is_none_or(|part| part.shows_of(compartment)));
            Ok(all)
        })?;
        all.sort_by_key(|compartment| (*compartment != Compartment::own(), compartment.clone()));
        Ok(all)
    }

    /// What the lake knows of the batches of a compartment that somebody may see, in no order; nothing where
    /// none was added.
    ///
    /// # Errors
    /// When the view is not of now or hides a column of what is known, or the table cannot be read.
    pub fn entries(&self, who: Looking<'_>, compartment: &Compartment) -> Result<Vec<Entry>, LakeError> {
        let name = TableName::new(compartment.clone(), BATCHES)?;
        self.read(who, async |shelf, part| {
            let table = match part {
                Some(part) => {
                    let whole = Whole::of(&self.place, compartment).await?;
                    part.table(shelf, &whole, &name).await.map(|(table, _)| table)
                }
                None => listing::newest(shelf, &name).await,
            };
            match table {
                Ok(table) => question::entries(table, compartment).await,
                Err(LakeError::NoTable(_)) => Ok(Vec::new()),
                Err(error) => Err(error),
            }
        })
    }

    /// Answers a question; what it gives goes to `receive`, part by part. No more than two are
    /// answered at once, others wait.
    ///
    /// # Errors
    /// Why there is no answer, or no more of it.
    pub fn ask(&self, asking: &Asking<'_>, receive: &mut Receive<'_>) -> Result<(), AskError> {
        asking.answer(&self.asked(asking, None), receive)
    }

    /// The same of the tables of a compartment as they were at a horizon ([`Lake::horizon`]).
    ///
    /// # Errors
    /// As [`ask`](Self::ask); when it names other tables, or such of which nobody knows what was there, or when what
    /// was there is not known any more; and to somebody who sees a part.
    pub fn ask_at(
        &self,
        asking: &Asking<'_>,
        (compartment, horizon): (&Compartment, &Horizon),
        receive: &mut Receive<'_>,
    ) -> Result<(), AskError> {
        if Restricted::of(asking.who.view).is_some() {
            return Err(LakeError::Veiled.into());
        }
        let at = self.at(asking.who, compartment, horizon)?;
        asking.answer(&self.asked(asking, Some(at)), receive)
    }

    fn asked(&self, asking: &Asking<'_>, at: Option<At>) -> Asked {
        Asked {
            place: self.place.clone(),
            turns: self.turns.clone(),
            footers: self.footers.clone(),
            superseded: self.superseded.clone(),
            present: self.present.clone(),
            pushing_down: self.pushing_down,
            restricted: Restricted::of(asking.who.view),
            at,
            threads: self.asked.handle().clone(),
        }
    }

    /// Where values stand, and what is known of the rows that have them, in the order of the values.
    ///
    /// # Errors
    /// Why nothing can be said.
    pub fn find(&self, finding: &Finding<'_>) -> Result<Vec<Found>, FindError> {
        let sources = Sources {
            place: &self.place,
            footers: &self.footers,
            superseded: &self.superseded,
            known: &self.known,
            threads: &self.runtime,
        };
        find::find(finding, sources)
    }

    /// What somebody reads: they give a part where they see a part, and then its errors tell of no more.
    pub(crate) fn read<T>(
        &self,
        who: Looking<'_>,
        read: impl AsyncFnOnce(Shelf<'_>, Option<&Restricted>) -> Result<T, LakeError>,
    ) -> Result<T, LakeError> {
        who.view.begin(who.now)?;
        let part = Restricted::of(who.view);
        let shelf = Shelf {
            place: &self.place,
            footers: &self.footers,
            superseded: &self.superseded,
            present: &self.present,
            pushing_down: self.pushing_down,
        };
        let found = self.wait(read(shelf, part.as_ref()));
        if part.is_some() { found.map_err(LakeError::veiled) } else { found }
    }

    /// Waits for work that is done on the lake's own threads.
    pub(crate) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }
}

/// Stack of threads that plan and answer, in bytes: plans are walked as deep as questions are nested.
const STACK: usize = 64 << 20;

impl Drop for Lake {
    fn drop(&mut self) {
        // A question that was given up may be far from noticing.
        if let Ok(idle) = Builder::new_current_thread().build() {
            std::mem::replace(&mut self.asked, idle).shutdown_background();
        }
    }
}
