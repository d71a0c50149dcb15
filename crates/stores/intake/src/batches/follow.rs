//! Batches of logs that grow.
//!
//! What a batch is follows from its content, so that names, rotation and compression need not be
//! understood here: a log that was renamed, copied or compressed gives batches that are known. A file
//! of text is read on from where it was, as long as what was read last still stands before that place;
//! otherwise, and where a format cannot be read in parts, from its beginning. One that no path leads to
//! any more is kept open for a while, for what its writer still has to say.

use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read as _, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use sources::Limits;

use super::cutting::{Cutting, Handing, Job};
use super::{Batches, Keep, Read};
use crate::follow::is_stream;
use crate::follow::live::{Live, Next};
use crate::identity::Identity;
use crate::inputs::{self, InputFile};
use crate::pipeline::Totals;
use crate::reading::Reading;
use crate::stream::chunks;
use crate::worker::Worker;

/// Time between two looks at the files.
const LOOK: Duration = Duration::from_millis(250);
/// How long what was read waits for more of its batch.
const WAIT: Duration = Duration::from_secs(3);
/// How long a file that is read as a whole must rest before.
const REST: Duration = Duration::from_secs(1);
/// How many times longer than a reading as a whole the time between two of them is at least.
const SHARE: u32 = 4;
/// How long a file is read on to which no path leads any more.
const FAREWELL: Duration = Duration::from_secs(10);
/// Bytes read at once of one file.
const STEP: usize = 1 << 20;
/// Bytes before the place reached by which a file is known again.
const PRINT: usize = 4 << 10;
/// Files that are kept open.
const OPEN: usize = 256;

impl Batches<'_> {
    /// Reads the files under the paths, and what is written to them, until the user stops it or, where
    /// there are streams alone, these end. `work` and `receive` as in [`run`](Batches::run); all is
    /// done on the calling thread, which waits far more than it works.
    ///
    /// # Errors
    /// The first error of `receive`, with which it ends.
    pub fn follow<T>(
        &self,
        paths: &[PathBuf],
        work: impl Fn(Read) -> T,
        receive: &mut dyn FnMut(T) -> io::Result<()>,
    ) -> io::Result<Totals> {
        let stage = Keep(self.catalogue);
        let mut worker = Worker::new(&stage);
        let mut give = |job: Job| receive(work(job.run(&mut worker)));
        let mut follower =
            Follower { batches: self, logs: HashMap::new(), streams: Vec::new(), totals: Totals::default() };
        follower.open_streams(paths);
        let only_streams = paths.iter().all(|path| is_stream(path));
        while !(self.stop.asked() || only_streams && follower.streams.is_empty()) {
            let began = Instant::now();
            if !follower.step(paths, &mut give)? {
                std::thread::sleep(LOOK.saturating_sub(began.elapsed()));
            }
        }
        follower.finish(paths, &mut give)?;
        Ok(Totals { stopped: self.stop.asked(), ..follower.totals })
    }
}

type Give<'a> = dyn FnMut(Job) -> io::Result<()> + 'a;

struct Follower<'a> {
    batches: &'a Batches<'a>,
    logs: HashMap<Identity, Log>,
    streams: Vec<Growing>,
    totals: Totals,
}

/// A file.
struct Log {
    file: InputFile,
    /// When a path last led to it.
    seen: Instant,
    way: Way,
}

/// How a file is read.
enum Way {
    /// On from where it was.
    Growing(Box<FileGrowing>),
    /// As a whole, whenever it has changed.
    Whole(Whole),
}

struct FileGrowing {
    file: Option<File>,
    /// Bytes read.
    position: u64,
    /// The last of them.
    print: Vec<u8>,
    growing: Growing,
}

/// A log read as it grows, and its batch so far.
struct Growing {
    live: Live,
    cutting: Cutting,
    /// When the first came of what waits for more.
    waits: Option<Instant>,
    /// Whether it was found to be no log.
    is_over: bool,
}

/// What a file was when it was read as a whole.
#[derive(Default)]
struct Whole {
    read: Option<State>,
    /// When it was seen to be as it is.
    now: Option<State>,
    since: Option<Instant>,
    /// When the last reading was done, and how long it took.
    done: Option<(Instant, Duration)>,
}

/// What changes when a file does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    bytes: u64,
    changed: (i64, i64),
}

impl State {
    fn of(metadata: &Metadata) -> Self {
        Self { bytes: metadata.len(), changed: (metadata.mtime(), metadata.mtime_nsec()) }
    }
}

impl Follower<'_> {
    fn limits(&self) -> &Limits {
        &self.batches.settings.limits
    }

    fn growing(&self, live: Live) -> Growing {
        Growing {
            live,
            cutting: Cutting::new(self.batches.known, self.batches.again),
            waits: None,
            is_over: false,
        }
    }

    fn open_streams(&mut self, paths: &[PathBuf]) {
        let files = inputs::find(paths).files;
        for file in files.iter().filter(|file| is_stream(&file.path)) {
            self.totals.opened += 1;
            self.totals.sources += 1;
            let live = Live::of_stream(&file.shown, chunks(file), self.limits());
            let growing = self.growing(live);
            self.streams.push(growing);
        }
    }

    /// One step of everything; says whether anything moved.
    fn step(&mut self, paths: &[PathBuf], give: &mut Give<'_>) -> io::Result<bool> {
        self.look(paths);
        let mut moved = false;
        for stream in &mut self.streams {
            let count = stream.live.receive(STEP);
            moved |= count > 0;
            stream.step(give)?;
        }
        let totals = &mut self.totals;
        self.streams.retain(|stream| {
            let is_over = stream.live.is_closed() && stream.waits.is_none();
            totals.recognised += if is_over { stream.live.recognised() } else { 0 };
            !is_over
        });
        for identity in self.logs.keys().copied().collect::<Vec<_>>() {
            if self.batches.stop.asked() {
                return Ok(true);
            }
            moved |= self.log(identity, give)?;
        }
        Ok(moved)
    }

    /// Finds files, and lets go of those to which no path has led for long.
    fn look(&mut self, paths: &[PathBuf]) {
        let now = Instant::now();
        let found = inputs::find_until(paths, self.batches.stop).files;
        for file in found.into_iter().filter(|file| !is_stream(&file.path)) {
            let Some(identity) = file.identity else { continue };
            match self.logs.get_mut(&identity) {
                Some(log) => {
                    log.seen = now;
                    log.file = file;
                }
                None => {
                    self.totals.opened += 1;
                    self.totals.sources += 1;
                    let way = Way::Growing(Box::new(self.afresh(&file)));
                    self.logs.insert(identity, Log { file, seen: now, way });
                }
            }
        }
        self.logs.retain(|_, log| log.seen.elapsed() < FAREWELL);
    }

    fn afresh(&self, file: &InputFile) -> FileGrowing {
        let live = Live::of_log(&file.shown, file.path.clone(), self.limits());
        FileGrowing { file: None, position: 0, print: Vec::new(), growing: self.growing(live) }
    }

    /// One step of a file; says whether it moved.
    fn log(&mut self, identity: Identity, give: &mut Give<'_>) -> io::Result<bool> {
        let Some(mut log) = self.logs.remove(&identity) else { return Ok(false) };
        let moved = match &mut log.way {
            Way::Growing(growing) => match growing.step(&log.file.path, give) {
                Ok(Moved::On) => true,
                Ok(Moved::Not) => false,
                Ok(Moved::Afresh) => {
                    // Whatever it gave until now is known.
                    growing.growing.end(give)?;
                    **growing = self.afresh(&log.file);
                    true
                }
                Ok(Moved::Whole) => {
                    log.way = Way::Whole(Whole::default());
                    true
                }
                Err(error) => return Err(error),
            },
            Way::Whole(whole) => {
                let due = whole.is_due(&log.file.path);
                if due {
                    self.whole(&log.file, give)?;
                    if let Way::Whole(whole) = &mut log.way {
                        whole.is_read();
                    }
                }
                due
            }
        };
        if self.logs.len() >= OPEN
            && let Way::Growing(growing) = &mut log.way
        {
            growing.file = None;
        }
        self.logs.insert(identity, log);
        Ok(moved)
    }

    /// Reads a file as a whole: of it only what is new is parsed.
    fn whole(&mut self, file: &InputFile, give: &mut Give<'_>) -> io::Result<()> {
        let Batches { settings, stop, bytes, known, again, .. } = *self.batches;
        let mut outcome = Ok(());
        let mut hand = |job: Job| {
            // What is known of it has been told once.
            if !matches!(job, Job::Done(Read::There { .. })) {
                outcome = give(job);
            }
            outcome.is_ok()
        };
        let mut handing = Handing { cutting: Cutting::new(known, again), give: &mut hand };
        let totals = Reading { settings, stop, bytes }.all(std::slice::from_ref(file), &mut handing);
        self.totals.recognised = self.totals.recognised.max(totals.recognised);
        outcome
    }

    /// Reads what was written until now, and ends.
    fn finish(&mut self, paths: &[PathBuf], give: &mut Give<'_>) -> io::Result<()> {
        self.look(paths);
        for stream in &mut self.streams {
            stream.live.receive(usize::MAX);
            stream.end(give)?;
            self.totals.recognised += stream.live.recognised();
        }
        for log in self.logs.values_mut() {
            if let Way::Growing(growing) = &mut log.way {
                while matches!(growing.step(&log.file.path, give)?, Moved::On) {}
                growing.growing.end(give)?;
                self.totals.recognised += growing.growing.live.recognised();
            }
        }
        Ok(())
    }
}

/// What became of a file at a step.
enum Moved {
    Not,
    On,
    /// It is another than it was, and to be read from its beginning.
    Afresh,
    /// It can only be read as a whole.
    Whole,
}

impl FileGrowing {
    fn step(&mut self, path: &Path, give: &mut Give<'_>) -> io::Result<Moved> {
        if self.growing.is_over {
            return Ok(Moved::Not);
        }
        let bytes = match self.more(path) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(Moved::Afresh),
            // It may be gone, or not to be had now; it is asked for again.
            Err(_) => Vec::new(),
        };
        self.growing.live.push(&bytes);
        let is_text = self.growing.step(give)?;
        Ok(match (is_text, bytes.is_empty()) {
            (false, _) => Moved::Whole,
            (true, true) => Moved::Not,
            (true, false) => Moved::On,
        })
    }

    /// What has been written since; nothing at all when the file is another than it was.
    fn more(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => File::open(path)?,
        };
        let length = file.metadata()?.len();
        if length == self.position {
            self.file = Some(file);
            return Ok(Some(Vec::new()));
        }
        let before = self.position.checked_sub(self.print.len() as u64);
        let Some(before) = before.filter(|_| length > self.position) else { return Ok(None) };
        file.seek(SeekFrom::Start(before))?;
        let mut print = vec![0; self.print.len()];
        file.read_exact(&mut print)?;
        if print != self.print {
            return Ok(None);
        }
        let mut bytes = vec![0; STEP];
        let count = file.read(&mut bytes)?;
        bytes.truncate(count);
        self.position += count as u64;
        self.print.extend_from_slice(&bytes);
        let excess = self.print.len().saturating_sub(PRINT);
        self.print.drain(..excess);
        self.file = Some(file);
        Ok(Some(bytes))
    }
}

impl Growing {
    /// Works on what has come; says whether it is a log that can be read in parts.
    fn step(&mut self, give: &mut Give<'_>) -> io::Result<bool> {
        loop {
            match self.live.next() {
                Next::Idle => break,
                Next::Whole => return Ok(false),
                Next::Ended => {
                    self.is_over = true;
                    self.live.close();
                    self.rest(give)?;
                    break;
                }
                Next::Pieces(pieces) => {
                    self.waits.get_or_insert_with(Instant::now);
                    for job in pieces.into_iter().flat_map(|piece| self.cutting.piece(piece)) {
                        give(job)?;
                    }
                }
            }
        }
        if self.waits.is_some_and(|since| since.elapsed() >= WAIT) {
            self.rest(give)?;
        }
        Ok(true)
    }

    /// What came waits no longer.
    fn rest(&mut self, give: &mut Give<'_>) -> io::Result<()> {
        self.waits = None;
        self.cutting.rest().into_iter().try_for_each(give)
    }

    /// Nothing more is to come.
    fn end(&mut self, give: &mut Give<'_>) -> io::Result<()> {
        self.live.close();
        self.step(give)?;
        self.rest(give)
    }
}

impl Whole {
    /// Whether it has changed, and rests.
    fn is_due(&mut self, path: &Path) -> bool {
        let Ok(metadata) = fs::metadata(path) else { return false };
        let state = State::of(&metadata);
        if self.now != Some(state) {
            self.now = Some(state);
            // What was last written to long ago rests already.
            let age = metadata.modified().ok().and_then(|at| SystemTime::now().duration_since(at).ok());
            self.since = Instant::now().checked_sub(age.unwrap_or_default().min(REST));
        }
        let rests = self.since.is_none_or(|since| since.elapsed() >= REST);
        let is_spared = self.done.is_none_or(|(at, took)| at.elapsed() >= took * SHARE);
        let is_due = rests && is_spared && self.read != Some(state);
        if is_due {
            self.done = Some((Instant::now(), Duration::ZERO));
        }
        is_due
    }

    fn is_read(&mut self) {
        self.read = self.now;
        self.done = self.done.map(|(began, _)| (Instant::now(), began.elapsed()));
    }
}
