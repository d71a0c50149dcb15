//! The work over threads: one reads and cuts, the others parse and run the stage, the caller receives
//! the results in the order of the input, whatever order they were finished in.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use model::event::Flaw;
use model::panic::caught;
use sources::{Limits, Piece, Reader};

use crate::cause::Cause;
use crate::correlate::Correlations;
use crate::inputs::InputFile;
use crate::numbering::Turns;
use crate::open::{Opened, dated, open};
use crate::stage::{Found, Stage};
use crate::stop::Stop;
use crate::worker::{Done, Job, Worker};

/// Bytes of input that make a job: large enough that equal values meet, small enough that
/// memory stays small.
const JOB_BYTES: usize = 2 << 20;
/// Segments in a job; bounds jobs made of many tiny files.
const JOB_SEGMENTS: usize = 512;
/// Jobs that may be under way at once, for each worker.
const JOBS_AHEAD: u64 = 8;
/// How long what a stream gave before the user stopped may take to be read.
const RUNNING_OUT: Duration = Duration::from_millis(300);

/// How inputs are read.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Worker threads besides the reading one, at least 1.
    pub threads: usize,
    /// Limits of archives, zone of times without one.
    pub limits: Limits,
}

/// What inputs are taken in with, whatever they are.
#[derive(Debug)]
pub struct Intake<'a, S> {
    /// What is done with the rows.
    pub stage: &'a S,
    /// How inputs are read.
    pub settings: &'a Settings,
    /// Whether the user wants to stop.
    pub stop: &'a Stop,
    /// Bytes read so far.
    pub bytes: &'a AtomicU64,
}

impl<S> Clone for Intake<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Intake<'_, S> {}

/// Counts of what was taken in.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// Files, members of archives and streams that gave segments.
    pub sources: u64,
    /// Those whose format was recognised, also when there was no event in them.
    pub recognised: u64,
    /// Files that were opened.
    pub opened: u64,
    /// Whether the user stopped it.
    pub stopped: bool,
}

/// Lets the reader run ahead of the results, but not without bound.
#[derive(Default)]
struct InFlight {
    passed: Mutex<u64>,
    moved: Condvar,
}

/// Reads the files and hands each job's results to `receive`, in order; those of correlations
/// come at the end.
///
/// # Errors
/// The first error of `receive`, with which it ends; a reading thread that died.
pub fn run<S: Stage>(
    files: &[InputFile],
    intake: Intake<'_, S>,
    receive: &mut dyn FnMut(Found) -> io::Result<()>,
) -> io::Result<Totals> {
    let Intake { stage, settings, stop, .. } = intake;
    let window = InFlight::default();
    let (jobs, queue) = sync_channel::<Job>(settings.threads);
    let (finished, results) = sync_channel::<Done>(settings.threads * 2);
    let queue = Mutex::new(queue);
    std::thread::scope(|scope| {
        let window = &window;
        let ahead = JOBS_AHEAD * settings.threads as u64;
        let reader = scope.spawn(move || read_all(files, intake, &mut Jobs::new(jobs, window, ahead)));
        for _ in 0..settings.threads {
            let finished = finished.clone();
            let queue = &queue;
            scope.spawn(move || work(stage, queue, &finished));
        }
        drop(finished);
        let correlations = stage.correlator().map(Correlations::new);
        let mut receiving = Receiving { correlations, receive };
        let outcome =
            collect(&results, window, &mut receiving).and_then(|()| receiving.finish(stage.flaws()));
        if outcome.is_err() {
            stop.ask();
            window.open();
            // Workers that still wait to hand over must not wait for ever.
            while results.recv().is_ok() {}
        }
        let totals = reader.join().map_err(|_| io::Error::other("the reading thread died"));
        outcome.and(totals)
    })
}

/// The caller, and the correlations before it.
struct Receiving<'a> {
    correlations: Option<Correlations>,
    receive: &'a mut dyn FnMut(Found) -> io::Result<()>,
}

impl Receiving<'_> {
    fn pass(&mut self, mut found: Found) -> io::Result<()> {
        if let Some(correlations) = &mut self.correlations {
            correlations.add(std::mem::take(&mut found.signals))?;
        }
        (self.receive)(found)
    }

    fn finish(&mut self, mut flaws: Vec<Flaw>) -> io::Result<()> {
        if let Some(mut correlations) = self.correlations.take() {
            correlations.finish(&mut |verdicts| (self.receive)(Found { verdicts, ..Found::default() }))?;
            flaws.extend(correlations.flaws());
        }
        (self.receive)(Found { flaws, ..Found::default() })
    }
}

/// Receives results in the order of the jobs.
fn collect(results: &Receiver<Done>, window: &InFlight, receiving: &mut Receiving<'_>) -> io::Result<()> {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for done in results {
        waiting.insert(done.number, done);
        while let Some(done) = waiting.remove(&next) {
            next += 1;
            receiving.pass(done.found)?;
            window.advance(next);
        }
    }
    Ok(())
}

impl InFlight {
    fn advance(&self, passed: u64) {
        *self.passed.lock().unwrap_or_else(PoisonError::into_inner) = passed;
        self.moved.notify_all();
    }

    fn open(&self) {
        self.advance(u64::MAX / 2);
    }

    fn wait_for(&self, number: u64, ahead: u64) {
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        while number >= passed.saturating_add(ahead) {
            passed = self.moved.wait(passed).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Puts pieces into jobs and hands them to the workers.
struct Jobs<'a> {
    /// Jobs sent.
    number: u64,
    pieces: Vec<Piece>,
    /// Bytes of the segments among them.
    size: usize,
    turns: Turns,
    queue: SyncSender<Job>,
    window: &'a InFlight,
    ahead: u64,
}

impl<'a> Jobs<'a> {
    fn new(queue: SyncSender<Job>, window: &'a InFlight, ahead: u64) -> Self {
        Self { number: 0, pieces: Vec::new(), size: 0, turns: Turns::default(), queue, window, ahead }
    }

    /// Adds a piece; says whether anybody still takes it.
    fn push(&mut self, piece: Piece) -> bool {
        if let Piece::Segment(segment) = &piece {
            self.size += segment.bytes.len();
        }
        self.pieces.push(piece);
        (self.size < JOB_BYTES && self.pieces.len() < JOB_SEGMENTS) || self.send()
    }

    fn send(&mut self) -> bool {
        self.size = 0;
        if self.pieces.is_empty() {
            return true;
        }
        self.window.wait_for(self.number, self.ahead);
        let pieces = std::mem::take(&mut self.pieces);
        let job = Job { number: self.number, turn: self.turns.next(&pieces), pieces };
        self.number += 1;
        self.queue.send(job).is_ok()
    }
}

fn read_all<S>(files: &[InputFile], intake: Intake<'_, S>, jobs: &mut Jobs<'_>) -> Totals {
    let Intake { settings, stop, bytes, .. } = intake;
    let mut totals = Totals::default();
    for file in files {
        if stop.asked() {
            break;
        }
        let taken = match open(file, bytes, stop) {
            Ok(Some(opened)) => {
                totals.opened += 1;
                let limits = dated(&settings.limits, file);
                read(&file.shown, opened, &limits, &mut Reading { jobs, totals: &mut totals, stop })
            }
            Ok(None) => false,
            Err(error) => {
                let cause = Cause::FileUnopened { error: error.to_string() };
                jobs.push(Piece::Flaw(Flaw::new(file.shown.as_str(), 0, cause)))
            }
        };
        if !taken {
            break;
        }
    }
    jobs.send();
    totals.stopped = stop.asked();
    totals
}

/// Where what is read goes, and until when.
struct Reading<'a, 'j> {
    jobs: &'a mut Jobs<'j>,
    totals: &'a mut Totals,
    stop: &'a Stop,
}

/// Hands on the pieces of one file; says whether anybody still takes them.
fn read(shown: &str, opened: Opened<'_>, limits: &Limits, reading: &mut Reading<'_, '_>) -> bool {
    let Opened { input, is_stream } = opened;
    let mut reader = match caught(|| Reader::open(shown, input, limits)) {
        Ok(reader) => reader,
        Err(panic) => return reading.jobs.push(Piece::Flaw(broken(shown, &panic))),
    };
    let mut last_source: Option<Arc<str>> = None;
    let mut patience = Patience::new(reading.stop, if is_stream { RUNNING_OUT } else { Duration::ZERO });
    let taken = loop {
        let piece = caught(|| reader.next());
        if patience.is_over() {
            break false;
        }
        let piece = match piece {
            Ok(Some(piece)) => piece,
            Ok(None) => break true,
            Err(panic) => break reading.jobs.push(Piece::Flaw(broken(shown, &panic))),
        };
        if let Piece::Segment(segment) = &piece
            && last_source.as_ref() != Some(&segment.source_path)
        {
            reading.totals.sources += 1;
            last_source = Some(segment.source_path.clone());
        }
        if !reading.jobs.push(piece) {
            break false;
        }
    };
    reading.totals.recognised += reader.recognised();
    taken
}

/// How long reading may go on once the user wants to stop.
struct Patience<'a> {
    stop: &'a Stop,
    length: Duration,
    since: Option<Instant>,
}

impl<'a> Patience<'a> {
    fn new(stop: &'a Stop, length: Duration) -> Self {
        Self { stop, length, since: None }
    }

    fn is_over(&mut self) -> bool {
        self.stop.asked() && self.since.get_or_insert_with(Instant::now).elapsed() >= self.length
    }
}

fn broken(shown: &str, panic: &str) -> Flaw {
    Flaw::new(shown, 0, Cause::ReaderFailed { panic: panic.to_owned() })
}

fn work<S: Stage>(stage: &S, queue: &Mutex<Receiver<Job>>, finished: &SyncSender<Done>) {
    let mut worker = Worker::new(stage);
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        if finished.send(worker.run(job)).is_err() {
            return;
        }
    }
}
