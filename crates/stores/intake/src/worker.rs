//! A worker: parses the segments of a job and runs the stage over their rows.

use model::event::Flaw;
use model::panic::caught;
use sources::{Builder, Piece, Segment, parse};

use crate::cause::Cause;
use crate::numbering::{Counts, Turn};
use crate::stage::{Found, Stage};

/// Bytes of rows from which on they are worked on before the job's next segment is parsed.
const ROWS: usize = 8 << 20;

/// Pieces that are worked on together.
pub(crate) struct Job {
    pub pieces: Vec<Piece>,
    pub turn: Turn,
}

/// A job, or a part of it, while it is worked on.
struct Work<'t> {
    found: Found,
    counts: Counts,
    turn: &'t Turn,
}

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

    /// Works on a job.
    pub(crate) fn run(&mut self, job: Job) -> Found {
        let Job { pieces, turn } = job;
        self.work_on(pieces, &turn, &Counts::default()).found
    }

    /// Works on pieces of sources of which so many events came before.
    pub(crate) fn go_on(&mut self, pieces: Vec<Piece>, counts: &mut Counts) -> Found {
        let turn = Turn::default();
        let done = self.work_on(pieces, &turn, counts);
        *counts = done.counts;
        done.found
    }

    /// When something panics, the segments are worked on in ever smaller parts, so that only the
    /// line or object at fault is lost, and told.
    fn work_on<'t>(&mut self, pieces: Vec<Piece>, turn: &'t Turn, counts: &Counts) -> Work<'t> {
        let done = caught(|| self.all(&pieces, Work::new(turn, counts)));
        done.unwrap_or_else(|_| self.part_by_part(pieces, Work::new(turn, counts)))
    }

    fn part_by_part<'t>(&mut self, pieces: Vec<Piece>, mut done: Work<'t>) -> Work<'t> {
        let mut waiting: Vec<Piece> = pieces.into_iter().rev().collect();
        while let Some(piece) = waiting.pop() {
            *self = Self::new(self.stage);
            let mut part = Work::new(done.turn, &done.counts);
            let outcome = caught(|| {
                self.add(&piece, &mut part);
                self.work(&mut part);
            });
            match (outcome, piece) {
                (Ok(()), _) => {
                    done.counts = part.counts;
                    done.found.append(part.found);
                }
                (Err(panic), Piece::Segment(segment)) => match segment.halves() {
                    Some([first, second]) => waiting.extend([second, first].map(Piece::Segment)),
                    None => {
                        // Its events are lost, but those behind it keep their numbers.
                        done.counts = part.counts;
                        done.found.flaws.push(lost(&segment, &panic));
                    }
                },
                (Err(_), _) => {}
            }
        }
        *self = Self::new(self.stage);
        done.turn.pass(&done.counts);
        done.sorted()
    }

    fn all<'t>(&mut self, pieces: &[Piece], mut done: Work<'t>) -> Work<'t> {
        for piece in pieces {
            self.add(piece, &mut done);
        }
        done.turn.pass(&done.counts);
        self.work(&mut done);
        done.sorted()
    }

    fn add(&mut self, piece: &Piece, done: &mut Work<'_>) {
        match piece {
            Piece::Flaw(flaw) => done.found.flaws.push(flaw.clone()),
            Piece::Segment(segment) => self.parse(segment, done),
            Piece::Idle => {}
        }
    }

    fn parse(&mut self, segment: &Segment, done: &mut Work<'_>) {
        let before = done.counts.of(&segment.source_path);
        self.builder.count_from(*before);
        let parsed = parse(segment, &mut self.builder);
        *before += parsed.events;
        done.found.events += parsed.events;
        done.found.flaws.extend(parsed.flaws);
        if self.builder.bytes() > ROWS {
            self.work(done);
        }
    }

    fn work(&mut self, done: &mut Work<'_>) {
        done.turn.number(&mut self.builder, &done.counts);
        for sheet in self.builder.drain() {
            match sheet {
                Ok(sheet) => self.stage.work(&sheet, &mut self.scratch, &mut done.found),
                Err(cause) => done.found.flaws.push(Flaw::new("", 0, cause)),
            }
        }
    }
}

impl<'t> Work<'t> {
    fn new(turn: &'t Turn, counts: &Counts) -> Self {
        Self { found: Found::default(), counts: counts.clone(), turn }
    }

    /// What was found put into the order of the input; the rows of a job stand by kind.
    fn sorted(mut self) -> Self {
        let order = |path: &str| self.counts.order(path);
        let Found { verdicts, signals, .. } = &mut self.found;
        verdicts.sort_by_cached_key(|verdict| (order(&verdict.source_path), verdict.place.ordinal));
        signals.sort_by_cached_key(|signal| (order(&signal.origin.source_path), signal.place.ordinal));
        self
    }
}

fn lost(segment: &Segment, panic: &str) -> Flaw {
    let cause = Cause::PartLost { panic: panic.to_owned() };
    Flaw::new(segment.source_path.clone(), segment.offset, cause).over(segment.bytes.len() as u64)
}
