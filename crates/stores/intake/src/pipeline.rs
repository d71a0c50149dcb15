//! The work over threads: one reads and cuts, the others parse and run the stage, the caller receives
//! the results in the order of the input, whatever order they were finished in.

use std::io;
use std::sync::atomic::AtomicU64;

use model::event::Flaw;
use sources::{Limits, Piece};

use crate::correlate::Correlations;
use crate::inputs::InputFile;
use crate::numbering::Turns;
use crate::ordered::{Crew, Give};
use crate::reading::{Reading, Take};
use crate::stage::{Found, Stage};
use crate::stop::Stop;
use crate::worker::{Job, Worker};

/// Bytes of input that make a job: large enough that equal values meet, small enough that
/// memory stays small.
const JOB_BYTES: usize = 2 << 20;
/// Segments in a job; bounds jobs made of many tiny files.
const JOB_SEGMENTS: usize = 512;
/// Jobs that may be under way at once, for each worker.
const JOBS_AHEAD: u64 = 8;

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
    let Intake { stage, settings, stop, bytes } = intake;
    let mut receiving = Receiving::new(stage, receive);
    let make = |give: &mut Give<'_, Job>| {
        let mut jobs = Jobs::new(give);
        let totals = Reading { settings, stop, bytes }.all(files, &mut jobs);
        jobs.send();
        totals
    };
    let worker = || {
        let mut worker = Worker::new(stage);
        move |job| worker.run(job)
    };
    let crew = Crew { threads: settings.threads, ahead: JOBS_AHEAD };
    let totals = crew.run(stop, make, worker, &mut |found| receiving.pass(found))?;
    receiving.finish(stage.flaws())?;
    Ok(totals)
}

/// The caller, and the correlations before it.
struct Receiving<'a> {
    correlations: Option<Correlations>,
    receive: &'a mut dyn FnMut(Found) -> io::Result<()>,
}

impl<'a> Receiving<'a> {
    fn new(stage: &impl Stage, receive: &'a mut dyn FnMut(Found) -> io::Result<()>) -> Self {
        Self { correlations: stage.correlator().map(Correlations::new), receive }
    }

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

/// Puts pieces into jobs and hands them to the workers.
struct Jobs<'a, 'g> {
    pieces: Vec<Piece>,
    /// Bytes of the segments among them.
    size: usize,
    turns: Turns,
    give: &'a mut Give<'g, Job>,
}

impl<'a, 'g> Jobs<'a, 'g> {
    fn new(give: &'a mut Give<'g, Job>) -> Self {
        Self { pieces: Vec::new(), size: 0, turns: Turns::default(), give }
    }

    fn send(&mut self) -> bool {
        self.size = 0;
        if self.pieces.is_empty() {
            return true;
        }
        let pieces = std::mem::take(&mut self.pieces);
        self.give.job(Job { turn: self.turns.next(&pieces), pieces })
    }
}

impl Take for Jobs<'_, '_> {
    fn piece(&mut self, piece: Piece) -> bool {
        if let Piece::Segment(segment) = &piece {
            self.size += segment.bytes.len();
        }
        self.pieces.push(piece);
        (self.size < JOB_BYTES && self.pieces.len() < JOB_SEGMENTS) || self.send()
    }
}
