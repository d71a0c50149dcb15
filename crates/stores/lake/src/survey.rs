//! What is wrong with the tables of a lake, for whoever only looks: nothing is made, mended or removed, and
//! whoever writes goes on. What comes and goes while somebody writes is no fault: one is told when it is
//! found again.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use deltalake::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use model::cause::with_cause;
use model::panic::caught;
use model::time::Instant;
use tokio::runtime::Builder;

use crate::disk::FileSystem;
use crate::error::LakeError;
use crate::listing;
use crate::log::{Fault, Look, PARQUET};
use crate::name::TableName;
use crate::place::Place;
use crate::retention::account::Account;
use crate::table::Table;
use crate::vacuum::{self, Before};
use crate::values::Shelf;

/// How often a table is looked at until what is wrong with it is believed.
const LOOKS: usize = 3;

/// What a lake holds, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surveyed {
    /// Tables.
    pub tables: u64,
    /// Files that their newest versions name.
    pub files: u64,
    /// Bytes of these, as the logs say.
    pub bytes: u64,
    /// Rows that were read; 0 unless all files are read through.
    pub rows: u64,
    /// When the newest of these files was written, by the clock of then.
    pub latest: Option<Instant>,
    /// What is wrong.
    pub faults: Vec<Broken>,
    /// Files that no version names.
    pub unnamed: Vec<Unnamed>,
}

/// Something that is wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The table, or the folder of all.
    pub table: String,
    /// What it is wrong with.
    pub path: PathBuf,
    /// What.
    pub what: Wrong,
}

/// What can be wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// The newest commit is not whole, for this reason; whoever writes next sets it aside.
    NewestCommit(String),
    /// A commit that others stand upon is not whole, for this reason.
    OlderCommit(String),
    /// The log cannot be read, for this reason.
    Log(String),
    /// A file that the log names is not there.
    Missing,
    /// A file has other bytes than the log says.
    Length {
        /// How many it has.
        found: u64,
        /// How many the log says.
        said: u64,
    },
    /// A file is no Parquet file.
    NotParquet,
    /// A file cannot be read to its end, for this reason.
    Content(String),
    /// A file has other rows than the log says.
    Rows {
        /// How many it has.
        found: u64,
        /// How many the log says.
        said: u64,
    },
    /// The system lets nobody read it, for this reason.
    Unread(String),
    /// A part of the value index is not as it was written; it is made anew.
    Index,
    /// The account of what retention removed is not as it was written.
    Account,
    /// A commit that was set aside once, and what only it named is gone.
    SetAside,
}

/// A file that no version of its table names, nor has named lately.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unnamed {
    /// The table.
    pub table: String,
    /// The file.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: u64,
    /// When it was written.
    pub written: SystemTime,
}

/// Looks at all tables of the lake in a folder, which must be there; with `is_deep`, reads all rows too.
/// Tells names and numbers, and nothing of what stands in rows.
///
/// # Errors
/// When the folder cannot be read, or there are no threads to be had.
pub fn survey(folder: &Path, is_deep: bool) -> Result<Surveyed, LakeError> {
    let refused = |source| LakeError::Folder { path: folder.to_owned(), source };
    let place = Place::new(folder.canonicalize().map_err(refused)?, Arc::new(FileSystem));
    let runtime = Builder::new_current_thread().enable_all().build().map_err(LakeError::Threads)?;
    let mut all = Surveyed::default();
    for name in listing::names(&place)? {
        let surveying = Surveying { place: &place, name: &name, is_deep };
        let found = runtime.block_on(surveying.believed());
        all.tables += found.tables;
        all.files += found.files;
        all.bytes += found.bytes;
        all.rows += found.rows;
        all.latest = all.latest.max(found.latest);
        all.faults.extend(found.faults);
        all.unnamed.extend(found.unnamed);
    }
    Ok(all)
}

/// A table that is looked at.
struct Surveying<'a> {
    place: &'a Place,
    name: &'a TableName,
    is_deep: bool,
}

/// A file as the log says it is.
struct Said {
    path: PathBuf,
    bytes: u64,
    rows: Option<u64>,
}

impl Surveying<'_> {
    /// What is found, and what is wrong each time that it is looked at.
    async fn believed(&self) -> Surveyed {
        let mut found = self.look().await;
        for _ in 1..LOOKS {
            if found.faults.is_empty() {
                break;
            }
            let mut again = self.look().await;
            again.faults.retain(|fault| found.faults.contains(fault));
            found = again;
        }
        found
    }

    async fn look(&self) -> Surveyed {
        let mut found = Surveyed::default();
        let log = self.place.log(self.name);
        let folder = self.folder();
        match log.look() {
            Ok(Look::Whole) => {}
            Ok(Look::Newest(fault)) => self.commit(fault, Wrong::NewestCommit, &mut found),
            Ok(Look::Older(fault)) => self.commit(fault, Wrong::OlderCommit, &mut found),
            Err(error) => self.log(error, &mut found),
        }
        if found.faults.iter().any(|fault| !matches!(fault.what, Wrong::NewestCommit(_))) {
            found.tables = 1;
            return found;
        }
        match Table::open(self.place, self.name).await {
            Ok(table) => self.table(&table, &mut found).await,
            // A table whose first commit is not there yet, or a folder of somebody else's.
            Err(LakeError::NoTable(_)) => {}
            Err(error) => self.log(error, &mut found),
        }
        self.beside(&folder, &mut found);
        found
    }

    fn folder(&self) -> PathBuf {
        self.place.folder_of(self.name)
    }

    fn tell(&self, path: PathBuf, what: Wrong, found: &mut Surveyed) {
        found.faults.push(Broken { table: self.name.to_string(), path, what });
    }

    fn commit(&self, fault: Fault, what: fn(String) -> Wrong, found: &mut Surveyed) {
        let path = self.folder().join("_delta_log").join(format!("{:020}.json", fault.version));
        self.tell(path, what(fault.why), found);
    }

    /// The log could not be read.
    fn log(&self, error: LakeError, found: &mut Surveyed) {
        let path = self.folder().join("_delta_log");
        let may_not = fs::read_dir(&path).err().filter(is_refusal).map(|error| error.to_string());
        let what = match (error, may_not) {
            (LakeError::Folder { source, .. }, _) if is_refusal(&source) => Wrong::Unread(source.to_string()),
            (_, Some(reason)) => Wrong::Unread(reason),
            (error, None) => Wrong::Log(with_cause(&error)),
        };
        self.tell(path, what, found);
    }

    /// The files of the newest version, and those that no version names.
    async fn table(&self, table: &Table, found: &mut Surveyed) {
        found.tables = 1;
        let said = match self.said(table, found) {
            Ok(said) => said,
            Err(error) => return self.log(error, found),
        };
        for file in said {
            found.files += 1;
            found.bytes += file.bytes;
            match self.file(&file) {
                Ok(rows) => found.rows += rows,
                Err(what) => self.tell(file.path, what, found),
            }
        }
        // What the newest commit names is nobody's only for as long as it is not mended.
        if !found.faults.is_empty() {
            return;
        }
        let listed = async {
            let named = vacuum::named(table, Before(SystemTime::UNIX_EPOCH)).await.ok()?;
            // None is too young to be told here: whoever asks knows whether somebody writes.
            vacuum::left(&self.folder(), &named, Before(far())).ok()
        };
        let index = self.place.values_of(self.name);
        for path in listed.await.map(|left| left.idle).unwrap_or_default() {
            // The index is told of by itself.
            if path.starts_with(&index) {
                continue;
            }
            let Ok(data) = fs::metadata(&path) else { continue };
            let written = data.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            let table = self.name.to_string();
            found.unnamed.push(Unnamed { table, path, bytes: data.len(), written });
        }
    }

    fn said(&self, table: &Table, found: &mut Surveyed) -> Result<Vec<Said>, LakeError> {
        let snapshot = table.delta.snapshot().map_err(|error| table.refused("listed", error))?;
        let mut said = Vec::new();
        for file in snapshot.log_data().iter() {
            let written = file.modification_datetime().ok().map(|time| time.timestamp_millis());
            found.latest = found.latest.max(written.and_then(Instant::from_milliseconds));
            said.push(Said {
                path: self.folder().join(file.path().as_ref()),
                bytes: u64::try_from(file.size()).unwrap_or(0),
                rows: file.num_records().map(|rows| rows as u64),
            });
        }
        Ok(said)
    }

    /// Looks at a file; gives how many rows were read.
    fn file(&self, said: &Said) -> Result<u64, Wrong> {
        let wrong = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => Wrong::Missing,
            _ if is_refusal(&error) => Wrong::Unread(error.to_string()),
            _ => Wrong::Content(error.to_string()),
        };
        let mut file = File::open(&said.path).map_err(wrong)?;
        let found = file.metadata().map_err(wrong)?.len();
        if found != said.bytes {
            return Err(Wrong::Length { found, said: said.bytes });
        }
        if !is_parquet(&mut file, found).map_err(wrong)? {
            return Err(Wrong::NotParquet);
        }
        if !self.is_deep {
            return Ok(0);
        }
        let rows = caught(|| rows(file)).and_then(|rows| rows).map_err(Wrong::Content)?;
        match said.rows.filter(|said| *said != rows) {
            Some(said) => Err(Wrong::Rows { found: rows, said }),
            None => Ok(rows),
        }
    }

    /// What lies beside the rows.
    fn beside(&self, folder: &Path, found: &mut Surveyed) {
        let shelf = Shelf::open(&self.place.values_of(self.name));
        let torn = shelf.segments.iter().filter(|_| self.is_deep);
        let torn = torn.filter(|segment| segment.all(&mut |_| {}).is_err());
        let broken: Vec<PathBuf> = torn.map(|segment| segment.path.clone()).chain(shelf.broken).collect();
        for path in broken {
            match File::open(&path) {
                // Tidying takes some away.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) if is_refusal(&error) => {
                    self.tell(path, Wrong::Unread(error.to_string()), found);
                }
                _ => self.tell(path, Wrong::Index, found),
            }
        }
        for entry in fs::read_dir(self.place.log(self.name).damaged_folder()).into_iter().flatten().flatten()
        {
            self.tell(entry.path(), Wrong::SetAside, found);
        }
        match Account::read(self.place, self.name) {
            Ok(_) => {}
            Err(LakeError::Folder { path, source }) => {
                self.tell(path, Wrong::Unread(source.to_string()), found);
            }
            Err(_) => self.tell(folder.join("_expired"), Wrong::Account, found),
        }
    }
}

/// A moment behind all others.
fn far() -> SystemTime {
    SystemTime::now() + std::time::Duration::from_secs(1 << 40)
}

fn is_refusal(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied
}

/// Whether a file begins and ends as such files do.
fn is_parquet(file: &mut File, length: u64) -> io::Result<bool> {
    if length < 2 * PARQUET.len() as u64 {
        return Ok(false);
    }
    let (mut first, mut last) = ([0; 4], [0; 4]);
    file.read_exact(&mut first)?;
    file.seek(SeekFrom::End(-4))?;
    file.read_exact(&mut last)?;
    Ok(first == PARQUET && last == PARQUET)
}

/// Reads a file to its end, and counts its rows.
fn rows(file: File) -> Result<u64, String> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).and_then(|builder| builder.build());
    let mut rows = 0;
    for batch in reader.map_err(|error| error.to_string())? {
        rows += batch.map_err(|error| error.to_string())?.num_rows() as u64;
    }
    Ok(rows)
}
