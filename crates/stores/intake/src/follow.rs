//! Following logs that grow: what is written is read as it comes, over rotation, until the
//! user stops it.
//!
//! Each file is read by a `Tail`, which says at its end that nothing follows yet. A log that has been
//! rotated away is read on for a while, since its writer may still hold it, beside the new file
//! under its name; files that were rotated away between two looks are found among the log's
//! neighbours. Everything happens on one thread: reading waits far more than it works.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant, SystemTime};

use sources::{Input, Limits, Piece, Reader, Undated};

use crate::correlate::Correlations;
use crate::identity::Identity;
use crate::inputs::{self, InputFile};
use crate::open::before;
use crate::pipeline::{Intake, Totals};
use crate::stage::{Found, Stage};
use crate::stream::chunks;
use crate::worker::Worker;

/// Time between two looks at logs that were at their ends.
const PAUSE: Duration = Duration::from_millis(100);
/// Time between two looks for new files.
const LOOK: Duration = Duration::from_millis(500);
/// How long a log that was rotated away is read on after its last line.
const RETIRED: Duration = Duration::from_secs(30);
/// Bytes scanned at once.
const JOB_BYTES: usize = 1 << 20;

/// Reads the files under the paths, and what is written to them, until the user stops it; never
/// those that are `left_out`, such as the caller's own outputs.
///
/// # Errors
/// The first error of `receive`; following then ends.
pub fn run<S: Stage>(
    paths: &[PathBuf],
    left_out: &[Identity],
    intake: Intake<'_, S>,
    receive: &mut dyn FnMut(Found) -> io::Result<()>,
) -> io::Result<Totals> {
    let Intake { stage, settings, stop, bytes } = intake;
    let mut follower = Follower {
        paths,
        limits: &settings.limits,
        bytes,
        logs: Vec::new(),
        known: left_out.iter().copied().collect(),
        current: HashMap::new(),
        totals: Totals::default(),
        started: false,
        cut: HashSet::new(),
    };
    let mut worker = Worker::new(stage);
    let mut correlations = stage.correlator().map(|correlator| Correlations::new(correlator, true));
    let mut looked: Option<Instant> = None;
    loop {
        if looked.is_none_or(|at| at.elapsed() >= LOOK) {
            follower.look();
            looked = Some(Instant::now());
        }
        let stopping = stop.asked();
        let mut moved = false;
        for log in &mut follower.logs {
            if stopping {
                log.closing.store(true, Ordering::Relaxed);
            }
            // One step of each, so that a log that never pauses leaves the others their turn.
            if let Some(mut found) = log.step(&mut worker) {
                moved = true;
                if let Some(correlations) = &mut correlations {
                    found.verdicts.extend(correlations.add(std::mem::take(&mut found.signals))?);
                }
                receive(found)?;
            }
        }
        follower.let_go();
        if (stopping && !moved) || (follower.logs.is_empty() && follower.only_streams()) {
            break;
        }
        if !moved {
            std::thread::sleep(PAUSE);
        }
    }
    if let Some(correlations) = &correlations {
        receive(Found { flaws: correlations.flaws(), ..Found::default() })?;
    }
    follower.totals.recognised += follower.logs.iter().map(Log::recognised).sum::<u64>();
    Ok(Totals { stopped: stop.asked(), ..follower.totals })
}

struct Follower<'a> {
    paths: &'a [PathBuf],
    limits: &'a Limits,
    bytes: &'a AtomicU64,
    logs: Vec<Log<'a>>,
    /// Files that are read or were there, rotated away, when following began.
    known: HashSet<Identity>,
    /// The file that stood under each path when it was last looked at.
    current: HashMap<PathBuf, Identity>,
    totals: Totals,
    started: bool,
    /// Files that were cut off and are to be read from their start.
    cut: HashSet<PathBuf>,
}

impl Follower<'_> {
    fn only_streams(&self) -> bool {
        self.paths.iter().all(|path| is_stream(path))
    }

    /// Drops logs that have ended.
    fn let_go(&mut self) {
        let cut = self.logs.iter().filter(|log| log.ended && log.retired.is_none());
        self.cut.extend(cut.map(|log| log.path.clone()));
        let ended = self.logs.iter().filter(|log| log.ended);
        self.totals.recognised += ended.map(Log::recognised).sum::<u64>();
        self.logs.retain(|log| !log.ended);
    }

    /// Looks for files that are new under the paths.
    fn look(&mut self) {
        let found = inputs::find(self.paths);
        let folders: HashSet<PathBuf> =
            found.files.iter().filter_map(|file| file.path.parent().map(Path::to_owned)).collect();
        for file in found.files {
            if is_stream(&file.path) {
                if !self.started {
                    self.totals.opened += 1;
                    self.logs.push(Log::of_stream(&file, self.limits, self.bytes));
                }
                continue;
            }
            let Ok(metadata) = fs::metadata(&file.path) else { continue };
            let is_new = self.current.insert(file.path.clone(), Identity::of(&metadata))
                != Some(Identity::of(&metadata));
            let shrunk = !is_new && (self.cut.remove(&file.path) || self.shrunk(&file.path, metadata.len()));
            if !is_new && !shrunk {
                continue;
            }
            self.retire(&file.path);
            if self.started && !shrunk {
                self.missed(&file.path);
            }
            if shrunk || self.known.insert(Identity::of(&metadata)) {
                self.open(&file.path, &file.shown);
            }
        }
        if !self.started {
            let there = folders.iter().flat_map(|folder| neighbours(folder));
            self.known.extend(there.map(|(_, metadata)| Identity::of(&metadata)));
        }
        self.started = true;
    }

    /// Whether a file was cut off to be written anew.
    fn shrunk(&self, path: &Path, length: u64) -> bool {
        let open = self.logs.iter().find(|log| log.path == path && log.retired.is_none());
        open.is_some_and(|log| length < log.position.load(Ordering::Relaxed))
    }

    /// Lets the log that stood under a path run out.
    fn retire(&mut self, path: &Path) {
        for log in self.logs.iter_mut().filter(|log| log.path == path) {
            log.retired.get_or_insert_with(Instant::now);
        }
    }

    /// Opens files that stood under the path, and were rotated away, between two looks.
    fn missed(&mut self, path: &Path) {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return };
        let name = name.to_string_lossy().into_owned();
        let mut missed: Vec<_> = neighbours(folder)
            .into_iter()
            .filter(|(other, metadata)| {
                let other_name = other.file_name().unwrap_or_default().to_string_lossy();
                other_name.starts_with(&name)
                    && *other_name != *name
                    && !self.known.contains(&Identity::of(metadata))
            })
            .collect();
        missed.sort_by_key(|(_, metadata)| (metadata.mtime(), metadata.mtime_nsec()));
        for (other, metadata) in missed {
            self.known.insert(Identity::of(&metadata));
            self.open(&other, &other.display().to_string());
            if let Some(log) = self.logs.last_mut() {
                log.retired = Some(Instant::now());
            }
        }
    }

    fn open(&mut self, path: &Path, shown: &str) {
        if let Ok(file) = File::open(path) {
            self.totals.opened += 1;
            self.totals.sources += 1;
            self.logs.push(Log::of_file(path, shown, file, (self.limits, self.bytes)));
        }
    }
}

/// Whether a path leads to a pipe or a device.
fn is_stream(path: &Path) -> bool {
    let is_other = |metadata: Metadata| !metadata.is_file() && !metadata.is_dir();
    path == Path::new("-") || fs::metadata(path).is_ok_and(is_other)
}

/// Files of a folder.
fn neighbours(folder: &Path) -> Vec<(PathBuf, Metadata)> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter_map(|entry| Some((entry.path(), entry.metadata().ok()?)));
    files.filter(|(_, metadata)| metadata.is_file()).collect()
}

/// A log that is followed.
struct Log<'a> {
    path: PathBuf,
    shown: Arc<str>,
    /// Bytes until a first whole line is there.
    waiting: Option<Box<dyn Read + Send + 'a>>,
    first: Vec<u8>,
    reader: Option<Reader<'a>>,
    limits: Limits,
    position: Arc<AtomicU64>,
    /// Set when no more is to be waited for.
    closing: Arc<AtomicBool>,
    /// Since when another file stands under its name, or when it gave its last line after that.
    retired: Option<Instant>,
    /// Events given so far.
    events: u64,
    ended: bool,
}

impl<'a> Log<'a> {
    fn of_file(path: &Path, shown: &str, file: File, (limits, bytes): (&Limits, &'a AtomicU64)) -> Self {
        let position = Arc::new(AtomicU64::new(0));
        let closing = Arc::new(AtomicBool::new(false));
        let tail = Tail { file, position: position.clone(), closing: closing.clone(), bytes };
        Self::new((path, shown), Box::new(tail), limits, (position, closing))
    }

    /// A pipe: a thread reads it, since it cannot be asked whether it has more.
    fn of_stream(file: &InputFile, limits: &Limits, bytes: &'a AtomicU64) -> Self {
        let closing = Arc::new(AtomicBool::new(false));
        let stream = Stream { take: chunks(file), rest: Vec::new(), closing: closing.clone(), bytes };
        Self::new((&file.path, &file.shown), Box::new(stream), limits, (Arc::default(), closing))
    }

    fn new(
        (path, shown): (&Path, &str),
        source: Box<dyn Read + Send + 'a>,
        limits: &Limits,
        (position, closing): (Arc<AtomicU64>, Arc<AtomicBool>),
    ) -> Self {
        Self {
            path: path.to_owned(),
            shown: shown.into(),
            waiting: Some(source),
            first: Vec::new(),
            reader: None,
            limits: limits.clone(),
            position,
            closing,
            retired: None,
            events: 0,
            ended: false,
        }
    }

    fn recognised(&self) -> u64 {
        self.reader.as_ref().map_or(0, Reader::recognised)
    }

    /// Scans what has been written since the last time; nothing when there is no more for now.
    fn step<S: Stage>(&mut self, worker: &mut Worker<'_, S>) -> Option<Found> {
        if self.ended || (self.reader.is_none() && !self.begin()) {
            return None;
        }
        let mut pieces = Vec::new();
        let mut size = 0;
        while size < JOB_BYTES {
            match self.reader.as_mut().and_then(Iterator::next) {
                Some(Piece::Idle) => break,
                Some(mut piece) => {
                    if let (Piece::Segment(segment), Undated::Unknown) = (&mut piece, self.limits.undated) {
                        // A line without a year has just been written.
                        segment.date(before(SystemTime::now()));
                    }
                    size += if let Piece::Segment(segment) = &piece { segment.bytes.len() } else { 1 };
                    pieces.push(piece);
                }
                None => {
                    self.ended = true;
                    break;
                }
            }
        }
        if pieces.is_empty() {
            self.rest();
            return None;
        }
        self.retired = self.retired.map(|_| Instant::now());
        let (mut found, events) = worker.follow(pieces);
        for place in found.places() {
            place.ordinal += self.events;
        }
        self.events += events;
        Some(found)
    }

    /// Waits for the first whole line, by which the format is told.
    fn begin(&mut self) -> bool {
        let Some(source) = &mut self.waiting else { return false };
        let read = source.take(64 << 10).read_to_end(&mut self.first);
        let ended = read.is_ok() && self.first.len() < 64 << 10;
        if !self.first.contains(&b'\n') && self.first.len() < 64 << 10 && !ended {
            self.rest();
            return false;
        }
        if self.first.is_empty() {
            self.ended = true;
            return false;
        }
        if let Some(source) = self.waiting.take() {
            let first = io::Cursor::new(std::mem::take(&mut self.first));
            let input = Input::Live(Box::new(first.chain(source)));
            self.reader = Some(Reader::open(&self.shown, input, &self.limits));
        }
        true
    }

    /// A log that was rotated away and stays silent is let go.
    fn rest(&mut self) {
        if self.retired.is_some_and(|since| since.elapsed() > RETIRED) {
            self.closing.store(true, Ordering::Relaxed);
        }
    }
}

/// A file that is read as far as it has been written.
struct Tail<'a> {
    file: File,
    position: Arc<AtomicU64>,
    closing: Arc<AtomicBool>,
    bytes: &'a AtomicU64,
}

impl Read for Tail<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        if count == 0 && !self.closing.load(Ordering::Relaxed) {
            // A file that was cut off and written anew is read by another reader from its start.
            let length = self.file.metadata()?.len();
            let position = self.position.load(Ordering::Relaxed);
            if length < position {
                self.file.seek(SeekFrom::Start(length))?;
                return Ok(0);
            }
            return Err(ErrorKind::WouldBlock.into());
        }
        self.position.fetch_add(count as u64, Ordering::Relaxed);
        self.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Standard input, as far as it has come.
struct Stream<'a> {
    take: Receiver<io::Result<Vec<u8>>>,
    rest: Vec<u8>,
    closing: Arc<AtomicBool>,
    bytes: &'a AtomicU64,
}

impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.take.try_recv() {
                Ok(bytes) => self.rest = bytes?,
                Err(TryRecvError::Empty) if !self.closing.load(Ordering::Relaxed) => {
                    return Err(ErrorKind::WouldBlock.into());
                }
                Err(_) => return Ok(0),
            }
        }
        let count = self.rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.rest[..count]);
        self.rest.drain(..count);
        self.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
