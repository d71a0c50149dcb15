//! The scan over threads: one reads and cuts, the others parse and match, the caller receives
//! the results in the order of the input, whatever order they were finished in.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::SystemTime;

use detect::{Engine, Scratch, Signal, Verdict};
use model::event::{Flaw, Place};
use model::time::Instant;
use sources::{Builder, Input, Limits, Piece, Reader, Segment, Undated, parse};

use crate::correlate::Correlations;
use crate::inputs::InputFile;
use crate::stop::Stop;

/// Bytes of input that make a job: large enough that equal values meet, small enough that
/// memory stays small.
const JOB_BYTES: usize = 2 << 20;
/// Segments in a job; bounds jobs made of many tiny files.
const JOB_SEGMENTS: usize = 512;
/// Jobs that may be under way at once, for each worker.
const JOBS_AHEAD: u64 = 8;

/// How a scan is run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Worker threads besides the reading one, at least 1.
    pub threads: usize,
    /// Limits of archives, zone of times without one.
    pub limits: Limits,
    /// Earliest event time that counts.
    pub from: Option<Instant>,
    /// First event time that no longer counts.
    pub to: Option<Instant>,
}

/// What a scan runs with, whatever it reads.
#[derive(Debug, Clone, Copy)]
pub struct Scanning<'a> {
    /// The rules.
    pub engine: &'a Engine,
    /// How.
    pub settings: &'a Settings,
    /// Whether the user wants to stop.
    pub stop: &'a Stop,
    /// Bytes read so far.
    pub bytes: &'a AtomicU64,
}

/// What one job found; its places are already those of the whole source.
#[derive(Debug, Default)]
pub struct Found {
    /// Verdicts in the order of the input.
    pub verdicts: Vec<Verdict>,
    /// Matches of rules that correlations are about; none once the caller receives it.
    pub signals: Vec<Signal>,
    /// What could not be read.
    pub flaws: Vec<Flaw>,
    /// Events read.
    pub events: u64,
    /// Of these, events that no rule reads.
    pub unread: u64,
    /// Times of the earliest and latest event.
    pub span: Option<(Instant, Instant)>,
}

impl Found {
    /// Places of all events found, to number them over a whole source.
    pub(crate) fn places(&mut self) -> impl Iterator<Item = &mut Place> {
        let verdicts = self.verdicts.iter_mut().map(|verdict| &mut verdict.place);
        verdicts.chain(self.signals.iter_mut().map(|signal| &mut signal.place))
    }
}

/// Counts of a finished scan.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    /// Files, members of archives and streams that gave segments.
    pub sources: u64,
    /// Files that were opened.
    pub opened: u64,
    /// Whether the user stopped it.
    pub stopped: bool,
}

struct Job {
    number: u64,
    pieces: Vec<Piece>,
}

struct Done {
    number: u64,
    found: Found,
    /// Events of each source in this job, to number those of later jobs.
    counts: Vec<(Arc<str>, u64)>,
}

/// Lets the reader run ahead of the results, but not without bound.
#[derive(Default)]
struct Window {
    passed: Mutex<u64>,
    moved: Condvar,
}

/// Scans the files and hands each job's results to `receive`, in order; those of correlations
/// come at the end.
///
/// # Errors
/// The first error of `receive`; the scan then ends.
pub fn run(
    files: &[InputFile],
    scanning: Scanning<'_>,
    receive: &mut dyn FnMut(Found) -> io::Result<()>,
) -> io::Result<Totals> {
    let Scanning { engine, settings, stop, .. } = scanning;
    let window = Window::default();
    let (jobs, queue) = sync_channel::<Job>(settings.threads);
    let (finished, results) = sync_channel::<Done>(settings.threads * 2);
    let queue = Mutex::new(queue);
    std::thread::scope(|scope| {
        let window = &window;
        let ahead = JOBS_AHEAD * settings.threads as u64;
        let reader = scope.spawn(move || read_all(files, scanning, &jobs, (window, ahead)));
        for _ in 0..settings.threads {
            let finished = finished.clone();
            let queue = &queue;
            scope.spawn(move || work(engine, settings, queue, &finished));
        }
        drop(finished);
        let correlations = engine.correlator().map(|correlator| Correlations::new(correlator, false));
        let mut receiving = Receiving { correlations, receive };
        let outcome = collect(&results, window, &mut receiving).and_then(|()| receiving.finish());
        if outcome.is_err() {
            stop.ask();
            window.open();
            // Workers that still wait to hand over must not wait for ever.
            while results.recv().is_ok() {}
        }
        let totals = reader.join().unwrap_or_default();
        outcome.map(|()| totals)
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
            found.verdicts.extend(correlations.add(std::mem::take(&mut found.signals))?);
        }
        (self.receive)(found)
    }

    fn finish(&mut self) -> io::Result<()> {
        let Some(mut correlations) = self.correlations.take() else { return Ok(()) };
        correlations.finish(&mut |verdicts| (self.receive)(Found { verdicts, ..Found::default() }))?;
        (self.receive)(Found { flaws: correlations.flaws(), ..Found::default() })
    }
}

/// Receives results in the order of the jobs and numbers events over a whole source.
fn collect(results: &Receiver<Done>, window: &Window, receiving: &mut Receiving<'_>) -> io::Result<()> {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    let mut before: Option<(Arc<str>, u64)> = None;
    for done in results {
        waiting.insert(done.number, done);
        while let Some(mut done) = waiting.remove(&next) {
            next += 1;
            let events = continue_source(&mut done, before.as_ref());
            if let Some((path, count)) = done.counts.pop() {
                before = Some((path, count + events));
            }
            receiving.pass(done.found)?;
            window.advance(next);
        }
    }
    Ok(())
}

/// Numbers the events of a source that began in an earlier job, and says how many events the
/// last source of this job had before it.
fn continue_source(done: &mut Done, before: Option<&(Arc<str>, u64)>) -> u64 {
    let Some((path, events)) = before else { return 0 };
    if done.counts.first().is_none_or(|(first, _)| first != path) {
        return 0;
    }
    let continued = done.found.verdicts.iter_mut().filter(|verdict| *verdict.source_path == **path);
    continued.for_each(|verdict| verdict.place.ordinal += events);
    let continued = done.found.signals.iter_mut().filter(|signal| signal.source_path == *path);
    continued.for_each(|signal| signal.place.ordinal += events);
    if done.counts.len() == 1 { *events } else { 0 }
}

impl Window {
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

fn read_all(
    files: &[InputFile],
    scanning: Scanning<'_>,
    jobs: &SyncSender<Job>,
    pace: (&Window, u64),
) -> Totals {
    let Scanning { settings, stop, bytes, .. } = scanning;
    let mut totals = Totals::default();
    let mut job = Job { number: 0, pieces: Vec::new() };
    let mut size = 0;
    let mut last_source: Option<Arc<str>> = None;
    let send = |job: &mut Job| {
        pace.0.wait_for(job.number, pace.1);
        let next = Job { number: job.number + 1, pieces: Vec::new() };
        jobs.send(std::mem::replace(job, next)).is_ok()
    };
    'files: for file in files {
        if stop.asked() {
            break;
        }
        let input = match open(file, bytes) {
            Ok(input) => input,
            Err(error) => {
                let reason = format!("the file cannot be opened: {error}");
                job.pieces.push(Piece::Flaw(Flaw {
                    source_path: file.shown.as_str().into(),
                    offset: 0,
                    reason,
                }));
                continue;
            }
        };
        totals.opened += 1;
        let limits = dated(&settings.limits, file);
        for piece in Reader::open(&file.shown, input, &limits) {
            if let Piece::Segment(segment) = &piece {
                size += segment.bytes.len();
                if last_source.as_ref() != Some(&segment.source_path) {
                    totals.sources += 1;
                    last_source = Some(segment.source_path.clone());
                }
            }
            job.pieces.push(piece);
            if size >= JOB_BYTES || job.pieces.len() >= JOB_SEGMENTS {
                size = 0;
                if !send(&mut job) {
                    break 'files;
                }
            }
            if stop.asked() {
                break 'files;
            }
        }
    }
    if !job.pieces.is_empty() {
        send(&mut job);
    }
    totals.stopped = stop.asked();
    totals
}

/// The limits for one file: unless a year is set, its lines without one are of the last year before
/// the file was changed; standard input is read as it is written.
fn dated(limits: &Limits, file: &InputFile) -> Limits {
    let changed = std::fs::metadata(&file.path).and_then(|metadata| metadata.modified()).ok();
    let time = changed.filter(|_| !file.is_standard_input()).unwrap_or_else(SystemTime::now);
    let undated = match limits.undated {
        Undated::Unknown => before(time),
        set => set,
    };
    Limits { undated, ..limits.clone() }
}

/// The year of lines without one that were written before this time.
pub(crate) fn before(time: SystemTime) -> Undated {
    let time = jiff::Timestamp::try_from(time).ok().and_then(|time| i64::try_from(time.as_nanosecond()).ok());
    time.map_or(Undated::Unknown, |time| Undated::Before(Instant::from_nanoseconds(time)))
}

fn open<'a>(file: &InputFile, bytes: &'a AtomicU64) -> io::Result<Input<'a>> {
    if file.is_standard_input() {
        return Ok(Input::Stream(Box::new(Counted::new(io::stdin(), bytes))));
    }
    let inner = File::open(&file.path)?;
    if inner.metadata()?.is_file() {
        Ok(Input::Seekable(Box::new(Counted::new(inner, bytes))))
    } else {
        Ok(Input::Stream(Box::new(Counted::new(inner, bytes))))
    }
}

/// Counts how far a file has been read, for the progress bar. What is read twice counts once.
struct Counted<'a, R> {
    inner: R,
    bytes: &'a AtomicU64,
    position: u64,
    furthest: u64,
}

impl<'a, R> Counted<'a, R> {
    fn new(inner: R, bytes: &'a AtomicU64) -> Self {
        Self { inner, bytes, position: 0, furthest: 0 }
    }
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.position += count as u64;
        if self.position > self.furthest {
            self.bytes.fetch_add(self.position - self.furthest, Ordering::Relaxed);
            self.furthest = self.position;
        }
        Ok(count)
    }
}

impl<R: Seek> Seek for Counted<'_, R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.position = self.inner.seek(position)?;
        Ok(self.position)
    }
}

fn work(engine: &Engine, settings: &Settings, queue: &Mutex<Receiver<Job>>, finished: &SyncSender<Done>) {
    let mut worker = Worker::new(engine, settings);
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        if finished.send(worker.run(job)).is_err() {
            return;
        }
    }
}

/// Parses and scans on one thread.
pub(crate) struct Worker<'a> {
    engine: &'a Engine,
    settings: &'a Settings,
    builder: Builder,
    scratch: Scratch,
}

impl<'a> Worker<'a> {
    pub(crate) fn new(engine: &'a Engine, settings: &'a Settings) -> Self {
        let builder = Builder::new(engine.catalogue().clone());
        Self { engine, settings, builder, scratch: Scratch::default() }
    }

    /// Scans pieces of one source; gives what they hold and the number of their events.
    pub(crate) fn follow(&mut self, pieces: Vec<Piece>) -> (Found, u64) {
        let done = self.run(Job { number: 0, pieces });
        (done.found, done.counts.iter().map(|(_, count)| count).sum())
    }

    fn run(&mut self, job: Job) -> Done {
        let mut found = Found::default();
        let mut counts: Vec<(Arc<str>, u64)> = Vec::new();
        for piece in job.pieces {
            match piece {
                Piece::Flaw(flaw) => found.flaws.push(flaw),
                Piece::Segment(segment) => self.parse(segment, &mut counts, &mut found),
                Piece::Idle => {}
            }
        }
        self.scan(&mut found);
        let order = |path: &str| counts.iter().position(|(known, _)| **known == *path);
        found.verdicts.sort_by_cached_key(|verdict| (order(&verdict.source_path), verdict.place.ordinal));
        found.signals.sort_by_cached_key(|signal| (order(&signal.source_path), signal.place.ordinal));
        Done { number: job.number, found, counts }
    }

    fn parse(&mut self, segment: Segment, counts: &mut Vec<(Arc<str>, u64)>, found: &mut Found) {
        let known = counts.iter().rposition(|(path, _)| *path == segment.source_path);
        let number = known.unwrap_or_else(|| {
            counts.push((segment.source_path.clone(), 0));
            counts.len() - 1
        });
        self.builder.count_from(counts[number].1);
        let parsed = parse(&segment, &mut self.builder);
        counts[number].1 += parsed.events;
        found.events += parsed.events;
        found.flaws.extend(parsed.flaws);
        if self.builder.bytes() > 4 * JOB_BYTES {
            self.scan(found);
        }
    }

    fn scan(&mut self, found: &mut Found) {
        let (from, to) = (self.settings.from, self.settings.to);
        for batch in self.builder.drain() {
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) => {
                    let reason = format!("the rows could not be put into columns: {error}");
                    found.flaws.push(Flaw { source_path: "".into(), offset: 0, reason });
                    continue;
                }
            };
            if self.engine.rules_for(&batch.kind) == 0 {
                found.unread += batch.batch.num_rows() as u64;
            }
            widen(&mut found.span, batch.span());
            let findings = self.engine.scan(&batch, &mut self.scratch);
            let in_range = |place: &Place| in_range(place, from, to);
            found.verdicts.extend(findings.verdicts.into_iter().filter(|verdict| in_range(&verdict.place)));
            found.signals.extend(findings.signals.into_iter().filter(|signal| in_range(&signal.place)));
        }
    }
}

/// Whether an event counts; one without a time cannot be said to lie in a range.
fn in_range(place: &Place, from: Option<Instant>, to: Option<Instant>) -> bool {
    if from.is_none() && to.is_none() {
        return true;
    }
    place.time.is_some_and(|time| from.is_none_or(|from| time >= from) && to.is_none_or(|to| time < to))
}

/// Widens a span of time by another.
pub fn widen(span: &mut Option<(Instant, Instant)>, more: Option<(Instant, Instant)>) {
    *span = match (*span, more) {
        (Some((first, last)), Some((earlier, later))) => Some((first.min(earlier), last.max(later))),
        (one, other) => one.or(other),
    };
}
