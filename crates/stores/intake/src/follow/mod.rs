//! Following logs that grow: what is written is read as it comes, over rotation, until the
//! user stops it.
//!
//! [`tail`] says which logs there are, whatever happens to their files, and gives their bytes; here
//! they are read as they come (`live`), or as a whole again whenever they changed, where a format
//! cannot be read in parts (`whole`). Everything happens on one thread: reading waits far more than
//! it works. Each step is short, so that a wish to stop is heard at once however many files there are.

pub(crate) mod live;
mod whole;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime};

use model::event::Flaw;
use tail::{Event, FileSystem, Log, Tail};

use crate::cause::Cause;
use crate::correlate;
use crate::identity::Identity;
use crate::inputs;
use crate::open::instant;
use crate::pipeline::{Intake, Totals};
use crate::stage::{Found, Stage};
use crate::stream::chunks;
use crate::worker::Worker;
use live::{Live, Step};
use whole::Whole;

/// Time between two looks at logs that were at their ends.
const PAUSE: Duration = Duration::from_millis(100);
/// Time between two looks for new files.
const LOOK: Duration = Duration::from_millis(500);
/// How long what was written before a stop is still read.
const LAST: Duration = Duration::from_millis(400);
/// Bytes worked on at once.
const JOB_BYTES: usize = 1 << 20;
/// Most files open at once; fewer where the system allows no more.
const DESCRIPTORS: usize = 256;
/// Most logs that have ended and whose events are still counted.
const ENDED: usize = 4096;

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
    let mut correlator = intake.stage.correlator();
    let mut give = |mut found: Found| {
        let signals = std::mem::take(&mut found.signals);
        receive(found)?;
        let Some(correlator) = &mut correlator else { return Ok(()) };
        let mut give = |verdicts| receive(Found { verdicts, ..Found::default() });
        correlate::follow(correlator, &signals, instant(SystemTime::now()), &mut give)
    };
    let mut follower = Follower::new(paths, left_out, intake);
    follower.streams();
    let (mut looked, mut last): (Option<Instant>, Option<Instant>) = (None, None);
    loop {
        if last.is_none() && looked.is_none_or(|at| at.elapsed() >= LOOK) {
            follower.look(&mut give)?;
            looked = Some(Instant::now());
        }
        if intake.stop.asked() {
            last.get_or_insert_with(|| Instant::now() + LAST);
        }
        let moved = follower.step_all(last, &mut give)?;
        let stopped = last.is_some_and(|last| !moved || Instant::now() > last);
        if stopped || (follower.only_streams() && follower.live.is_empty()) {
            break;
        }
        if !moved {
            std::thread::sleep(PAUSE);
        }
    }
    follower.finish(&mut give)?;
    let totals = Totals { stopped: intake.stop.asked(), ..follower.totals };
    let mut flaws = intake.stage.flaws();
    flaws.extend(correlator.iter().flat_map(correlate::flaws));
    receive(Found { flaws, ..Found::default() })?;
    Ok(totals)
}

/// Takes what was found.
type Give<'a> = dyn FnMut(Found) -> io::Result<()> + 'a;

/// A log, or the number of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Stream(usize),
    Log(Log),
}

struct Follower<'a, S: Stage> {
    paths: &'a [PathBuf],
    left_out: &'a [Identity],
    intake: Intake<'a, S>,
    worker: Worker<'a, S>,
    tail: Tail<FileSystem>,
    live: BTreeMap<Key, Live>,
    wholes: BTreeMap<Log, Whole<'a>>,
    /// How the user knows each file.
    shown: HashMap<PathBuf, String>,
    /// Events that logs gave which have ended, for what goes on with them.
    ended: BTreeMap<Log, u64>,
    /// Folders and files told as not to be looked at.
    refused: HashSet<String>,
    totals: Totals,
}

impl<'a, S: Stage> Follower<'a, S> {
    fn new(paths: &'a [PathBuf], left_out: &'a [Identity], intake: Intake<'a, S>) -> Self {
        Self {
            paths,
            left_out,
            intake,
            worker: Worker::new(intake.stage),
            tail: Tail::new(FileSystem, DESCRIPTORS),
            live: BTreeMap::new(),
            wholes: BTreeMap::new(),
            shown: HashMap::new(),
            ended: BTreeMap::new(),
            refused: HashSet::new(),
            totals: Totals::default(),
        }
    }

    fn only_streams(&self) -> bool {
        self.paths.iter().all(|path| is_stream(path))
    }

    /// Begins with pipes and devices, which are there once and for all.
    fn streams(&mut self) {
        let files = inputs::find(self.paths).files;
        for (number, file) in files.iter().filter(|file| is_stream(&file.path)).enumerate() {
            self.totals.opened += 1;
            let live = Live::of_stream(&file.shown, chunks(file), &self.intake.settings.limits);
            self.live.insert(Key::Stream(number), live);
        }
    }

    /// Looks at what stands under the paths.
    fn look(&mut self, give: &mut Give<'_>) -> io::Result<()> {
        let found = inputs::find_until(self.paths, self.intake.stop);
        let mut flaws = Vec::new();
        // What is not there may come yet.
        for (path, error) in found.missed.iter().filter(|(_, error)| error.kind() != io::ErrorKind::NotFound)
        {
            if self.refused.insert(path.clone()) {
                flaws.push(Flaw::new(path.as_str(), 0, Cause::FileUnopened { error: error.to_string() }));
            }
        }
        let mut asked = Vec::new();
        for file in found.files {
            let own = file.identity.is_some_and(|identity| self.left_out.contains(&identity));
            if !own && !is_stream(&file.path) {
                self.shown.insert(file.path.clone(), file.shown);
                asked.push(file.path);
            }
        }
        let stop = self.intake.stop;
        for event in self.tail.look(&asked, now(), &|| stop.asked()) {
            flaws.extend(self.take(event));
        }
        give(Found { flaws, ..Found::default() })
    }

    fn shown(&self, path: &Path) -> String {
        self.shown.get(path).cloned().unwrap_or_else(|| path.display().to_string())
    }

    fn take(&mut self, event: Event) -> Option<Flaw> {
        match event {
            Event::Began { log, path, offset, after } => {
                self.totals.opened += 1;
                self.totals.sources += 1;
                let events = after.and_then(|after| self.ended.get(&after)).copied().unwrap_or_default();
                let live = Live::of_log(&self.shown(&path), path, &self.intake.settings.limits);
                self.live.insert(Key::Log(log), live.going_on(offset, events));
                None
            }
            Event::Changed { log, path } => {
                if let Some(whole) = self.wholes.get_mut(&log) {
                    whole.change(path);
                }
                None
            }
            Event::Copied { path, of, length, stranger } => {
                let original = self.live.get(&Key::Log(of)).filter(|_| stranger)?;
                let cause = Cause::CopyUnread { path: original.shown.to_string() };
                Some(Flaw::new(self.shown(&path), 0, cause).over(length))
            }
            Event::Missed { path, offset, length, .. } => {
                let cause = if length.is_some() { Cause::BytesGone } else { Cause::CutOffUnread };
                Some(Flaw { length, ..Flaw::new(self.shown(&path), offset, cause) })
            }
            Event::Refused { path, error } => {
                let cause = Cause::FileUnopened { error: error.to_string() };
                Some(Flaw::new(self.shown(&path), 0, cause))
            }
            Event::Ended { log } => {
                if let Some(live) = self.live.get_mut(&Key::Log(log)) {
                    live.close();
                }
                self.wholes.remove(&log);
                None
            }
        }
    }

    /// One step of each log, so that one that never pauses leaves the others their turn. Ends early
    /// when the user stops it, or at `last` once that is known.
    fn step_all(&mut self, last: Option<Instant>, give: &mut Give<'_>) -> io::Result<bool> {
        let stop = self.intake.stop;
        let is_over = || last.map_or_else(|| stop.asked(), |last| Instant::now() > last);
        let mut moved = false;
        for key in self.live.keys().copied().collect::<Vec<_>>() {
            if is_over() {
                return Ok(moved);
            }
            moved |= self.feed(key);
            moved |= self.step(key, give)?;
        }
        for log in self.wholes.keys().copied().collect::<Vec<_>>() {
            if is_over() || last.is_some() {
                break;
            }
            moved |= self.step_whole(log, give)?;
        }
        Ok(moved)
    }

    /// Passes on what has been written to a log.
    fn feed(&mut self, key: Key) -> bool {
        let Some(live) = self.live.get_mut(&key) else { return false };
        let count = match key {
            Key::Stream(_) => live.receive(JOB_BYTES),
            Key::Log(log) => {
                let bytes = self.tail.read(log, JOB_BYTES, now()).unwrap_or_default();
                live.push(&bytes);
                bytes.len()
            }
        };
        self.intake.bytes.fetch_add(count as u64, Ordering::Relaxed);
        count > 0
    }

    fn step(&mut self, key: Key, give: &mut Give<'_>) -> io::Result<bool> {
        let Some(live) = self.live.get_mut(&key) else { return Ok(false) };
        match live.step(&mut self.worker) {
            Step::Idle => return Ok(false),
            Step::Found(found) => give(found)?,
            Step::Ended => self.let_go(key),
            Step::Whole => {
                let live = self.live.remove(&key);
                if let (Some(live), Key::Log(log)) = (live, key) {
                    self.tail.take_whole(log);
                    self.wholes.insert(log, Whole::new(live.shown, live.path));
                }
            }
        }
        Ok(true)
    }

    /// Nothing more comes of a log, or it is none.
    fn let_go(&mut self, key: Key) {
        let Some(live) = self.live.remove(&key) else { return };
        self.totals.recognised += live.recognised();
        if let Key::Log(log) = key {
            if !live.is_closed() {
                self.tail.take_whole(log);
            }
            self.ended.insert(log, live.events());
            if self.ended.len() > ENDED {
                self.ended.pop_first();
            }
        }
    }

    fn step_whole(&mut self, log: Log, give: &mut Give<'_>) -> io::Result<bool> {
        let Some(whole) = self.wholes.get_mut(&log) else { return Ok(false) };
        if whole.is_due() {
            if whole.is_new() {
                let events = |log: Log| match self.live.get(&Key::Log(log)) {
                    Some(live) => Some(live.events()),
                    None => self.ended.get(&log).copied(),
                };
                let kin = self.tail.kin(log).filter_map(|(log, print)| Some((print, events(log)?)));
                whole.compare(&kin.collect::<Vec<_>>(), self.intake);
            }
            if whole.is_due() {
                whole.begin(self.intake);
            }
        }
        let Some(found) = whole.step(&mut self.worker, &mut self.totals) else { return Ok(false) };
        give(found)?;
        Ok(true)
    }

    /// Gives what logs hold that have ended or are ended now.
    fn finish(&mut self, give: &mut Give<'_>) -> io::Result<()> {
        let flaws = self.tail.finish().into_iter().filter_map(|event| self.take(event)).collect();
        give(Found { flaws, ..Found::default() })?;
        let last = Instant::now() + LAST;
        for key in self.live.keys().copied().collect::<Vec<_>>() {
            if let Some(live) = self.live.get_mut(&key) {
                live.close();
            }
            while Instant::now() < last && self.step(key, give)? {}
            self.let_go(key);
        }
        Ok(())
    }
}

/// Whether a path leads to a pipe or a device.
pub(crate) fn is_stream(path: &Path) -> bool {
    let is_other = |metadata: fs::Metadata| !metadata.is_file() && !metadata.is_dir();
    path == Path::new("-") || fs::metadata(path).is_ok_and(is_other)
}

/// Nanoseconds since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
