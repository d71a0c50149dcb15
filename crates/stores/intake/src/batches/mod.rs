//! Inputs as batches that can be stored: cut where every reading of the same events cuts, so that what
//! is stored already need not be parsed.

mod cutting;
mod follow;
mod growing;
mod whole;

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use model::catalogue::Catalogue;
use model::event::Flaw;
use sources::{Contents, Known, Sheet, Stored};

use crate::inputs::InputFile;
use crate::ordered::{Crew, Give};
use crate::pipeline::{Settings, Totals};
use crate::reading::Reading;
use crate::stage::{Found, Stage, widen};
use crate::stop::Stop;
use crate::worker::Worker;
use cutting::{Cutting, Handing, Job};

/// Batches that may be under way at once, for each worker.
const BATCHES_AHEAD: u64 = 2;

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
            let mut hand = |job| give.job(job);
            let mut handing = Handing { cutting: Cutting::new(self.known, again), give: &mut hand };
            Reading { settings, stop, bytes }.all(files, &mut handing)
        };
        let worker = || {
            let mut worker = Worker::new(&stage);
            let work = &work;
            move |job: Job| work(job.run(&mut worker))
        };
        Crew { threads: settings.threads, ahead: BATCHES_AHEAD }.run(stop, make, worker, receive)
    }
}
