//! Rows that are kept, gone over again: whoever keeps them gives them as sheets, part by part.

use std::io;

use model::event::Flaw;
use model::panic::caught;
use sources::Sheet;

use crate::cause::Cause;
use crate::ordered::{Crew, Give};
use crate::stage::{Found, Stage, widen};
use crate::stop::Stop;

/// Parts that may be under way at once, for each worker.
const PARTS_AHEAD: u64 = 8;

/// What kept rows are gone over with.
#[derive(Debug)]
pub struct Replaying<'a, S> {
    /// What is done with the rows.
    pub stage: &'a S,
    /// Worker threads, at least 1.
    pub threads: usize,
    /// Whether the user wants to stop.
    pub stop: &'a Stop,
}

/// Reads a part: gives its sheets away, and what is to be told of it besides: events without a sheet,
/// which no rule reads, and what could not be read.
pub type ReadPart<'a, P> = dyn FnMut(&P, &mut dyn FnMut(Sheet)) -> Found + 'a;

impl<S: Stage> Replaying<'_, S> {
    /// Goes over the parts and hands what each gave to `receive`, in order, its signals too: whoever has
    /// them all correlates them. `reader` makes what each thread reads parts with. A panic costs the part in
    /// which it happened, and is told.
    ///
    /// # Errors
    /// The first error of `receive`, with which it ends; a thread that died.
    pub fn run<'r, P: Send + Sync>(
        &self,
        parts: &[P],
        reader: &(impl Fn() -> Box<ReadPart<'r, P>> + Sync),
        receive: &mut dyn FnMut(Found) -> io::Result<()>,
    ) -> io::Result<()> {
        let Self { stage, threads, stop } = *self;
        let make = |give: &mut Give<'_, usize>| {
            for part in 0..parts.len() {
                if stop.asked() || !give.job(part) {
                    break;
                }
            }
        };
        let worker = || {
            let (mut read, mut scratch) = (reader(), S::Scratch::default());
            move |part: usize| {
                let done = caught(|| work(stage, &parts[part], &mut *read, &mut scratch));
                done.unwrap_or_else(|panic| {
                    (read, scratch) = (reader(), S::Scratch::default());
                    Found { flaws: vec![Flaw::new("", 0, Cause::PartLost { panic })], ..Found::default() }
                })
            }
        };
        let crew = Crew { threads, ahead: PARTS_AHEAD };
        crew.run(stop, make, worker, receive)
    }
}

fn work<S: Stage, P>(stage: &S, part: &P, read: &mut ReadPart<'_, P>, scratch: &mut S::Scratch) -> Found {
    let mut found = Found::default();
    let told = read(part, &mut |sheet| {
        found.events += sheet.columns.num_rows() as u64;
        stage.work(&sheet, scratch, &mut found);
    });
    let Found { events, unread, span, flaws, .. } = told;
    found.events += events;
    found.unread += unread;
    widen(&mut found.span, span);
    found.flaws.extend(flaws);
    // Rows lie by kind and host.
    found.verdicts.sort_by(|one, other| {
        let key = |verdict: &'_ detect::Verdict| (verdict.place.time, verdict.place.ordinal);
        key(one).cmp(&key(other)).then_with(|| one.source_path.cmp(&other.source_path))
    });
    found
}
