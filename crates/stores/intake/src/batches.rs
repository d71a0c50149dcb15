//! Inputs as batches that can be stored: cut where every reading of the same events cuts, so that what
//! is stored already need not be parsed.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use model::catalogue::Catalogue;
use model::event::Flaw;
use sources::{BATCH_BYTES, Batch, Contents, Cutter, Known, Piece, Sheet, Stored};

use crate::inputs::InputFile;
use crate::numbering::{Handover, Turn};
use crate::ordered::{Crew, Give};
use crate::pipeline::{Settings, Totals};
use crate::reading::{Reading, Take};
use crate::stage::{Found, Stage, widen};
use crate::stop::Stop;
use crate::worker::{self, Worker};

/// Batches that may be under way at once, for each worker.
const BATCHES_AHEAD: u64 = 3;

/// What batches are read with.
#[derive(Debug, Clone)]
pub struct Batches<'a> {
    /// The catalogue that names the columns.
    pub catalogue: &'a Arc<Catalogue>,
    /// What is stored, to be added to by whoever stores more.
    pub known: &'a Arc<Known>,
    /// Whether what is stored is parsed all the same.
    pub again: bool,
    /// How inputs are read.
    pub settings: &'a Settings,
    /// Whether the user wants to stop.
    pub stop: &'a Stop,
    /// Bytes read so far.
    pub bytes: &'a AtomicU64,
}

/// What comes of reading, in the order of the input.
#[derive(Debug)]
pub enum Read {
    /// A batch that is not stored.
    New(Box<Contents>),
    /// A batch that is.
    There {
        /// The path under which it was read now.
        source_path: Arc<str>,
        /// The batch.
        stored: Stored,
    },
    /// What could not be read, and belongs to no batch.
    Flaws(Vec<Flaw>),
}

/// A batch to be parsed, or what needs no parsing.
enum Job {
    Parse(Box<Parse>),
    Done(Read),
}

struct Parse {
    batch: Batch,
    source_path: Arc<str>,
    flaws: Vec<Flaw>,
    /// How many events of its source come before it.
    before: Option<Arc<Handover>>,
    turn: Turn,
}

/// The stage that keeps the rows.
#[derive(Debug)]
struct Keep<'a>(&'a Arc<Catalogue>);

impl Stage for Keep<'_> {
    type Scratch = ();

    fn catalogue(&self) -> &Arc<Catalogue> {
        self.0
    }

    fn work(&self, sheet: &Sheet, (): &mut (), found: &mut Found) {
        match sheet.span() {
            Ok(span) => widen(&mut found.span, span),
            Err(cause) => found.flaws.push(Flaw::new("", 0, cause)),
        }
        found.sheets.push(sheet.clone());
    }
}

impl Batches<'_> {
    /// Reads the files. `work` is done on any thread with what comes of it, `receive` gets the results
    /// in the order of the input. A batch that the user's wish to stop cut short is not given.
    ///
    /// # Errors
    /// The first error of `receive`, with which it ends; a reading thread that died.
    pub fn run<T: Send>(
        &self,
        files: &[InputFile],
        work: impl Fn(Read) -> T + Sync,
        receive: &mut dyn FnMut(T) -> io::Result<()>,
    ) -> io::Result<Totals> {
        let Self { settings, stop, bytes, again, .. } = *self;
        let stage = Keep(self.catalogue);
        let make = |give: &mut Give<'_, Job>| {
            let mut cutting = Cutting::new(self.known, again, give);
            let totals = Reading { settings, stop, bytes }.all(files, &mut cutting);
            cutting.tell();
            totals
        };
        let worker = || {
            let mut worker = Worker::new(&stage);
            let work = &work;
            move |job| match job {
                Job::Parse(parse) => work(Read::New(Box::new(parse.run(&mut worker)))),
                Job::Done(read) => work(read),
            }
        };
        Crew { threads: settings.threads, ahead: BATCHES_AHEAD }.run(stop, make, worker, receive)
    }
}

/// Makes jobs of what is read.
struct Cutting<'a, 'g> {
    known: &'a Arc<Known>,
    again: bool,
    cutter: Cutter,
    /// Flaws of which it is not known yet to which batch they belong.
    flaws: Vec<Flaw>,
    /// What hands over to the next batch of the source.
    before: Option<Arc<Handover>>,
    give: &'a mut Give<'g, Job>,
}

impl<'a, 'g> Cutting<'a, 'g> {
    fn new(known: &'a Arc<Known>, again: bool, give: &'a mut Give<'g, Job>) -> Self {
        let cutter = Cutter::new(known.clone(), BATCH_BYTES);
        Self { known, again, cutter, flaws: Vec::new(), before: None, give }
    }

    fn batches(&mut self, batches: Vec<Batch>) -> bool {
        batches.into_iter().all(|batch| self.batch(batch))
    }

    fn batch(&mut self, mut batch: Batch) -> bool {
        let Some(source_path) = batch.segments.first().map(|segment| segment.source_path.clone()) else {
            return true;
        };
        if batch.start.end == 0 {
            self.before = None;
        }
        let of_it: Vec<Flaw> = self.flaws.extract_if(.., |flaw| flaw.source_path == source_path).collect();
        if !self.tell() {
            return false;
        }
        let job = match batch.stored.take_if(|_| !self.again) {
            // Its flaws are stored with it.
            Some(stored) => {
                self.before = Some(Handover::given(stored.first_event + stored.events));
                Job::Done(Read::There { source_path, stored })
            }
            None => {
                let before = self.before.clone();
                let (turn, after) = Turn::behind(before.clone());
                self.before = Some(after);
                Job::Parse(Box::new(Parse { batch, source_path, flaws: of_it, before, turn }))
            }
        };
        self.give.job(job)
    }

    /// Gives flaws that belong to no batch.
    fn tell(&mut self) -> bool {
        self.flaws.is_empty() || self.give.job(Job::Done(Read::Flaws(std::mem::take(&mut self.flaws))))
    }
}

impl Take for Cutting<'_, '_> {
    fn piece(&mut self, piece: Piece) -> bool {
        match piece {
            Piece::Segment(segment) => {
                let batches = self.cutter.push(segment);
                self.batches(batches)
            }
            Piece::Flaw(flaw) => {
                self.flaws.push(flaw);
                true
            }
            Piece::Idle => true,
        }
    }

    fn end(&mut self, whole: bool) -> bool {
        let batches = if whole { self.cutter.finish() } else { Vec::new() };
        let taken = self.batches(batches) && self.tell();
        // The next file's sources are others, whatever numbers they have.
        self.cutter = Cutter::new(self.known.clone(), BATCH_BYTES);
        taken
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
