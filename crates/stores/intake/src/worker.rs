//! A worker: parses the segments of a job and runs the stage over their rows.

use std::sync::Arc;

use model::event::Flaw;
use model::panic::caught;
use sources::{Builder, Piece, Segment, parse};

use crate::cause::Cause;
use crate::stage::{Found, Stage};

/// Bytes of rows from which on they are worked on before the job's next segment is parsed.
const ROWS: usize = 8 << 20;

/// Pieces that are worked on together.
pub(crate) struct Job {
    /// Its place in the order of the input.
    pub number: u64,
    pub pieces: Vec<Piece>,
}

/// What came of a job.
pub(crate) struct Done {
    pub number: u64,
    pub found: Found,
    /// Events of each source in this job, to number those of later jobs.
    pub counts: Counts,
}

/// Events of sources so far.
pub(crate) type Counts = Vec<(Arc<str>, u64)>;

/// Parses and runs the stage on one thread.
pub(crate) struct Worker<'a, S: Stage> {
    stage: &'a S,
    builder: Builder,
    scratch: S::Scratch,
}

impl<'a, S: Stage> Worker<'a, S> {
    pub(crate) fn new(stage: &'a S) -> Self {
        Self { stage, builder: Builder::new(stage.catalogue().clone()), scratch: S::Scratch::default() }
    }

    /// Works on pieces of sources of which so many events came before.
    pub(crate) fn go_on(&mut self, pieces: Vec<Piece>, counts: &mut Counts) -> Found {
        let done = self.work_on(pieces, counts);
        *counts = done.counts;
        done.found
    }

    /// Works on a job. When something panics, the segments are worked on in ever smaller parts, so that
    /// only the line or object at fault is lost, and told.
    pub(crate) fn run(&mut self, job: Job) -> Done {
        Done { number: job.number, ..self.work_on(job.pieces, &Vec::new()) }
    }

    fn work_on(&mut self, pieces: Vec<Piece>, counts: &Counts) -> Done {
        let done = caught(|| self.all(&pieces, counts));
        done.unwrap_or_else(|_| self.part_by_part(pieces, counts))
    }

    fn part_by_part(&mut self, pieces: Vec<Piece>, counts: &Counts) -> Done {
        let mut done = Done { number: 0, found: Found::default(), counts: counts.clone() };
        let mut waiting: Vec<Piece> = pieces.into_iter().rev().collect();
        while let Some(piece) = waiting.pop() {
            *self = Self::new(self.stage);
            let mut part = Done { number: 0, found: Found::default(), counts: done.counts.clone() };
            let outcome = caught(|| {
                self.add(&piece, &mut part);
                self.work(&mut part.found);
            });
            match (outcome, piece) {
                (Ok(()), _) => {
                    done.counts = part.counts;
                    done.found.append(part.found);
                }
                (Err(panic), Piece::Segment(segment)) => match segment.halves() {
                    Some([first, second]) => waiting.extend([second, first].map(Piece::Segment)),
                    None => done.found.flaws.push(lost(&segment, &panic)),
                },
                (Err(_), _) => {}
            }
        }
        *self = Self::new(self.stage);
        sorted(done)
    }

    fn all(&mut self, pieces: &[Piece], counts: &Counts) -> Done {
        let mut done = Done { number: 0, found: Found::default(), counts: counts.clone() };
        for piece in pieces {
            self.add(piece, &mut done);
        }
        self.work(&mut done.found);
        sorted(done)
    }

    fn add(&mut self, piece: &Piece, done: &mut Done) {
        match piece {
            Piece::Flaw(flaw) => done.found.flaws.push(flaw.clone()),
            Piece::Segment(segment) => self.parse(segment, done),
            Piece::Idle => {}
        }
    }

    fn parse(&mut self, segment: &Segment, done: &mut Done) {
        let Done { found, counts, .. } = done;
        let known = counts.iter().rposition(|(path, _)| *path == segment.source_path);
        let number = known.unwrap_or_else(|| {
            counts.push((segment.source_path.clone(), 0));
            counts.len() - 1
        });
        self.builder.count_from(counts[number].1);
        let parsed = parse(segment, &mut self.builder);
        counts[number].1 += parsed.events;
        found.events += parsed.events;
        found.flaws.extend(parsed.flaws);
        if self.builder.bytes() > ROWS {
            self.work(found);
        }
    }

    fn work(&mut self, found: &mut Found) {
        for batch in self.builder.drain() {
            match batch {
                Ok(batch) => self.stage.work(&batch, &mut self.scratch, found),
                Err(cause) => found.flaws.push(Flaw::new("", 0, cause)),
            }
        }
    }
}

/// In the order of the input; the rows of a job stand by kind.
fn sorted(mut done: Done) -> Done {
    let order = |path: &str| done.counts.iter().position(|(known, _)| **known == *path);
    let found = &mut done.found;
    found.verdicts.sort_by_cached_key(|verdict| (order(&verdict.source_path), verdict.place.ordinal));
    found.signals.sort_by_cached_key(|signal| (order(&signal.source_path), signal.place.ordinal));
    done
}

fn lost(segment: &Segment, panic: &str) -> Flaw {
    let cause = Cause::PartLost { panic: panic.to_owned() };
    Flaw::new(segment.source_path.clone(), segment.offset, cause).over(segment.bytes.len() as u64)
}
