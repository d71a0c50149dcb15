//! What is read, cut into jobs of a batch each.

use std::sync::Arc;

use model::event::Flaw;
use sources::{BATCH_BYTES, Batch, Contents, Cutter, Known, Piece};

use super::{Keep, Read};
use crate::numbering::{Handover, Turn};
use crate::reading::Take;
use crate::worker::{self, Worker};

/// A batch to be parsed, or what needs no parsing.
pub(super) enum Job {
    Parse(Box<Parse>),
    Done(Read),
}

pub(super) struct Parse {
    batch: Batch,
    source_path: Arc<str>,
    flaws: Vec<Flaw>,
    /// How many events of its source come before it.
    before: Option<Arc<Handover>>,
    turn: Turn,
}

/// The batches of what is read, one file after the other.
pub(super) struct Cutting {
    known: Arc<Known>,
    /// Whether what is stored is parsed all the same.
    again: bool,
    cutter: Cutter,
    /// Flaws of which it is not known yet to which batch they belong.
    flaws: Vec<Flaw>,
    /// What hands over to the next batch of the source.
    before: Option<Arc<Handover>>,
}

/// Jobs that are complete.
pub(super) type Jobs = Vec<Job>;

impl Cutting {
    pub(super) fn new(known: &Arc<Known>, again: bool) -> Self {
        let cutter = Cutter::new(known.clone(), BATCH_BYTES);
        Self { known: known.clone(), again, cutter, flaws: Vec::new(), before: None }
    }

    pub(super) fn piece(&mut self, piece: Piece) -> Jobs {
        match piece {
            Piece::Segment(segment) => {
                let batches = self.cutter.push(segment);
                self.jobs(batches)
            }
            Piece::Flaw(flaw) => {
                self.flaws.push(flaw);
                Jobs::new()
            }
            Piece::Idle => Jobs::new(),
        }
    }

    /// What has been read waits no longer for more; the source may go on.
    pub(super) fn rest(&mut self) -> Jobs {
        let batches = self.cutter.finish();
        let mut jobs = self.jobs(batches);
        jobs.extend(self.tell());
        jobs
    }

    /// A file has been read; whether it is `whole`, as far as can be told. The next one's sources are
    /// others.
    pub(super) fn end(&mut self, whole: bool) -> Jobs {
        let jobs = if whole { self.rest() } else { self.tell().into_iter().collect() };
        self.cutter = Cutter::new(self.known.clone(), BATCH_BYTES);
        jobs
    }

    fn jobs(&mut self, batches: Vec<Batch>) -> Jobs {
        let mut jobs = Jobs::new();
        batches.into_iter().for_each(|batch| self.job(batch, &mut jobs));
        jobs
    }

    fn job(&mut self, mut batch: Batch, jobs: &mut Jobs) {
        let Some(source_path) = batch.segments.first().map(|segment| segment.source_path.clone()) else {
            return;
        };
        if batch.start.end == 0 {
            self.before = None;
        }
        let flaws = self.flaws.extract_if(.., |flaw| flaw.source_path == source_path).collect();
        jobs.extend(self.tell());
        jobs.push(match batch.stored.take_if(|_| !self.again) {
            // Its flaws are stored with it.
            Some(stored) => {
                self.before = Some(Handover::given(stored.first_event + stored.events));
                Job::Done(Read::There { source_path, stored })
            }
            None => {
                let before = self.before.clone();
                let (turn, after) = Turn::behind(before.clone());
                self.before = Some(after);
                Job::Parse(Box::new(Parse { batch, source_path, flaws, before, turn }))
            }
        });
    }

    /// Flaws that belong to no batch.
    fn tell(&mut self) -> Option<Job> {
        let flaws = std::mem::take(&mut self.flaws);
        (!flaws.is_empty()).then(|| Job::Done(Read::Flaws(flaws)))
    }
}

impl Job {
    /// Parses, where that is needed.
    pub(super) fn run(self, worker: &mut Worker<'_, Keep<'_>>) -> Read {
        match self {
            Self::Parse(parse) => Read::New(Box::new(parse.run(worker))),
            Self::Done(read) => read,
        }
    }
}

impl Parse {
    fn run(self, worker: &mut Worker<'_, Keep<'_>>) -> Contents {
        let Self { batch, source_path, flaws, before, turn } = self;
        let Batch { segments, start, end, open, stored, replaces } = batch;
        let format = segments.first().map(|segment| segment.format);
        let pieces = segments.into_iter().map(Piece::Segment).collect();
        let mut found = worker.run(worker::Job { pieces, turn });
        found.flaws.splice(..0, flaws);
        Contents {
            source_path,
            format: format.map_or("", sources::Format::as_str),
            start,
            end,
            open,
            stored,
            replaces,
            first_event: before.map_or(0, |before| before.wait()),
            events: found.events,
            span: found.span,
            sheets: found.sheets,
            flaws: found.flaws,
        }
    }
}

/// Hands each job on as soon as it is complete.
pub(super) struct Handing<'a> {
    pub(super) cutting: Cutting,
    /// Says whether anybody still takes jobs.
    pub(super) give: &'a mut dyn FnMut(Job) -> bool,
}

impl Handing<'_> {
    fn hand(&mut self, jobs: Jobs) -> bool {
        jobs.into_iter().all(&mut *self.give)
    }
}

impl Take for Handing<'_> {
    fn piece(&mut self, piece: Piece) -> bool {
        let jobs = self.cutting.piece(piece);
        self.hand(jobs)
    }

    fn end(&mut self, whole: bool) -> bool {
        let jobs = self.cutting.end(whole);
        self.hand(jobs)
    }
}
