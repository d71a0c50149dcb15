//! Batches of logs that grow.
//!
//! What a batch is follows from its content, so that names, rotation and compression need not be
//! understood here: a log that was renamed, copied or compressed gives batches that are known. A file
//! of text is read on from where it was, as long as what was read last still stands before that place;
//! otherwise, and where a format cannot be read in parts, from its beginning. One that no path leads to
//! any more is kept open for a while, for what its writer still has to say.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use sources::Limits;

use super::cutting::{Cutting, Handing, Job};
use super::growing::{FileGrowing, Give, Growing, Moved, STEP};
use super::whole::Whole;
use super::{Batches, Keep, Read};
use crate::follow::is_stream;
use crate::follow::live::Live;
use crate::identity::Identity;
use crate::inputs::{self, InputFile};
use crate::pipeline::Totals;
use crate::reading::Reading;
use crate::stream::chunks;
use crate::worker::Worker;

/// Time between two looks at the files.
const LOOK: Duration = Duration::from_millis(250);
/// How long a file is read on to which no path leads any more.
const FAREWELL: Duration = Duration::from_secs(10);
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

impl Follower<'_> {
    fn limits(&self) -> &Limits {
        &self.batches.settings.limits
    }

    fn growing(&self, live: Live) -> Growing {
        Growing::new(live, Cutting::new(self.batches.known, self.batches.again))
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
            let is_over = stream.is_done();
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
        FileGrowing::new(self.growing(live))
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
            growing.close();
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
