//! Ordinals of events whose source is read by several jobs.
//!
//! How many events a stretch of a source holds is known when it has been parsed, and the stretches
//! are parsed at once, on any thread. So each job takes over from the one before it how many events
//! of its first source there were, and hands on how many there are of its last, before anything is
//! done with its rows. Nobody else numbers events: not the pipeline, not who follows a log.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use sources::{Builder, Piece};

/// Events of a source up to the end of a job, given once.
#[derive(Debug, Default)]
pub(crate) struct Handover {
    events: Mutex<Option<u64>>,
    given: Condvar,
}

/// The place of a job among those that read a source; by default there is no other.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    /// What the job before hands over, where this one goes on with its source.
    before: Option<Arc<Handover>>,
    after: Arc<Handover>,
}

/// Gives jobs their turns, in the order in which the sources are read.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    last: Option<Arc<Handover>>,
    /// Source of the segment that came last.
    source: Option<Arc<str>>,
}

/// Events of sources so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    /// In the order in which the sources came.
    events: Vec<(Arc<str>, u64)>,
    /// Number of the source that came last.
    last: usize,
}

impl Handover {
    /// One whose number is known.
    pub(crate) fn given(events: u64) -> Arc<Self> {
        let handover = Self::default();
        handover.give(events);
        Arc::new(handover)
    }

    fn give(&self, events: u64) {
        let mut slot = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        slot.get_or_insert(events);
        self.given.notify_all();
    }

    /// The number, once it is given.
    pub(crate) fn wait(&self) -> u64 {
        let mut slot = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(events) = *slot {
                return events;
            }
            slot = self.given.wait(slot).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Turn {
    /// The turn of a job behind what hands over to it, and where it hands over itself.
    pub(crate) fn behind(before: Option<Arc<Handover>>) -> (Self, Arc<Handover>) {
        let after: Arc<Handover> = Arc::default();
        (Self { before, after: after.clone() }, after)
    }

    /// Numbers the rows of a builder, whose ordinals count from the job's start, over their whole
    /// source; waits for the job before.
    pub(crate) fn number(&self, builder: &mut Builder, counts: &Counts) {
        if let Some((path, _)) = counts.events.first() {
            builder.count_before(path, self.before());
        }
    }

    /// Hands on how many events there are, once the whole job has been parsed.
    pub(crate) fn pass(&self, counts: &Counts) {
        let events = counts.events.get(counts.last).map_or(0, |(_, events)| *events);
        // Only the first source of a job may have begun before it.
        self.after.give(if counts.last == 0 { self.before() + events } else { events });
    }

    fn before(&self) -> u64 {
        self.before.as_ref().map_or(0, |before| before.wait())
    }
}

impl Turns {
    /// The turn of the job that is made of these pieces.
    pub(crate) fn next(&mut self, pieces: &[Piece]) -> Turn {
        let mut sources = pieces.iter().filter_map(|piece| match piece {
            Piece::Segment(segment) => Some(&segment.source_path),
            Piece::Flaw(_) | Piece::Idle => None,
        });
        let first = sources.next();
        let goes_on = first.is_none() || self.source.as_ref() == first;
        if let Some(last) = sources.next_back().or(first) {
            self.source = Some(last.clone());
        }
        let after = Arc::default();
        Turn { before: self.last.replace(Arc::clone(&after)).filter(|_| goes_on), after }
    }
}

/// Whatever becomes of a job, the next one must not wait for ever.
impl Drop for Turn {
    fn drop(&mut self) {
        self.after.give(0);
    }
}

impl Counts {
    /// Events of a source so far, to count on.
    pub(crate) fn of(&mut self, path: &Arc<str>) -> &mut u64 {
        let known = self.events.iter().rposition(|(known, _)| known == path);
        self.last = known.unwrap_or_else(|| {
            self.events.push((path.clone(), 0));
            self.events.len() - 1
        });
        &mut self.events[self.last].1
    }

    /// Counts of a source that gave so many events already.
    pub(crate) fn after(path: &Arc<str>, events: u64) -> Self {
        Self { events: vec![(path.clone(), events)], last: 0 }
    }

    /// Events of all sources.
    pub(crate) fn sum(&self) -> u64 {
        self.events.iter().map(|(_, events)| events).sum()
    }

    /// Forgets all sources but the last, which alone may go on.
    pub(crate) fn keep_last(&mut self) {
        let last = self.events.drain(..).nth(self.last);
        self.events.extend(last);
        self.last = 0;
    }

    /// Place of a source in the order in which they came.
    pub(crate) fn order(&self, path: &str) -> Option<usize> {
        self.events.iter().position(|(known, _)| **known == *path)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use model::event::Flaw;
    use sources::{Input, Limits, Reader};

    use super::*;
    use crate::cause::Cause;

    fn counts(list: &[(&str, u64)]) -> Counts {
        let mut counts = Counts::default();
        list.iter().for_each(|(path, events)| *counts.of(&(*path).into()) += events);
        counts
    }

    /// A job with a segment of each of these sources, or with nothing but a flaw.
    fn pieces(paths: &[&str]) -> Vec<Piece> {
        let segment = |path: &&str| {
            let input = Input::Seekable(Box::new(Cursor::new("{\"n\":1}\n")));
            let mut pieces = Reader::open(path, input, &Limits::default());
            pieces.find(|piece| matches!(piece, Piece::Segment(_)))
        };
        let flaw = Piece::Flaw(Flaw::new("x", 0, Cause::FileUnopened { error: String::new() }));
        std::iter::once(flaw).chain(paths.iter().filter_map(segment)).collect()
    }

    #[test]
    fn a_source_is_counted_on_over_jobs_whatever_stands_between() {
        let mut turns = Turns::default();
        let jobs: [&[(&str, u64)]; 6] = [
            &[("a", 5), ("b", 2)],
            &[("b", 3)],
            &[],
            &[("b", 1), ("c", 4), ("b", 1)],
            &[("b", 9), ("d", 1)],
            &[("a", 1)],
        ];
        let turns =
            jobs.map(|job| turns.next(&pieces(&job.iter().map(|(path, _)| *path).collect::<Vec<_>>())));
        let before: Vec<u64> = std::thread::scope(|scope| {
            // Whoever is finished first: the last ones begin.
            let each = turns.iter().zip(jobs).rev().map(|(turn, job)| {
                scope.spawn(move || {
                    turn.pass(&counts(job));
                    turn.before()
                })
            });
            let each: Vec<_> = each.collect();
            each.into_iter().rev().map(|job| job.join().unwrap_or(u64::MAX)).collect()
        });
        assert_eq!(before, [0, 2, 5, 5, 7, 0]);
    }

    #[test]
    fn only_the_last_source_of_an_archive_goes_on() {
        let mut counts = counts(&[("z.zip!a", 5), ("z.zip!b", 2), ("z.zip!a", 1)]);
        counts.keep_last();
        assert_eq!((counts.sum(), *counts.of(&"z.zip!a".into()), *counts.of(&"z.zip!b".into())), (6, 6, 0));
        assert_eq!(*Counts::after(&"a".into(), 7).of(&"a".into()), 7);
    }

    #[test]
    fn a_job_that_is_lost_keeps_nobody_waiting() {
        let mut turns = Turns::default();
        let (first, second) = (turns.next(&pieces(&["a"])), turns.next(&pieces(&["a"])));
        drop(first);
        assert_eq!(second.before(), 0);
    }
}
