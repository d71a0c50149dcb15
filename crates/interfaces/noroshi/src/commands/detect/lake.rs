//! `noroshi detect --lake`: what is kept, gone over again, and what is found in it kept as well.

use std::collections::HashSet;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use detect::Engine;
use indicatif::ProgressBar;
use intake::correlate::Correlations;
use intake::kept::{ReadPart, Replaying};
use intake::{Cause, Detection, Found, Stage, Totals};
use lake::{Between, Compartment, Entry, LakeError, Part, Reader, Replay, ReplayError, Wanted};
use model::event::{Flaw, Kind};
use verdicts::{Again, Day, Detecting, Running, Stored};

use super::{Scan, bar};
use crate::Failure;
use crate::books::{Books, look, unread, with_cause};
use crate::commands::rules::rescan;
use crate::holder::request::Request;
use crate::holder::{Behind, Hand, Opening, Rules};
use crate::keeping::not_found_again;
use crate::tally::{Scanned, Tally};

/// How a bar of rows counts.
const ROWS: &str = "{human_pos}/{human_len} {rate}/s";

/// Takes what was found.
type Receive<'a> = dyn FnMut(&Found) + 'a;

impl Scan<'_> {
    /// Runs over what is kept, with a progress bar when a person watches. What is found is kept as well, if
    /// that is wished and may be; then a scan that was stopped goes on where it was.
    ///
    /// # Errors
    /// When the lake cannot be read or written to, or the bundled catalogue is damaged.
    pub fn lake(&self, books: &Books, keep: bool, receive: &mut Receive<'_>) -> Result<Scanned, Failure> {
        let between = Between { from: self.range.from, to: self.range.to };
        let replay = books.replay(&Compartment::own(), between);
        let replay = replay.map_err(|error| unread(&error, self.words))?;
        let totals = totals(&replay, books, between).map_err(|error| unread(&error, self.words))?;
        let bar = bar(replay.parts().iter().map(Part::rows).sum(), ROWS, self.words);
        let scanned = self.measure(&mut |engine, bytes, tally| {
            let mut going = Going {
                scan: self,
                replay: &replay,
                stage: self.stage(engine),
                bytes,
                bar: &bar,
                tally,
                correlations: engine.correlator().map(Correlations::new),
                receive,
            };
            let hand = keep.then(|| self.hand(books.folder(), engine)).flatten();
            going.over(hand.as_ref()).map(|()| Totals::default())
        });
        bar.finish_and_clear();
        Ok(Scanned { is_lake: true, totals, ..scanned? })
    }

    /// What keeps what is found; none where nothing can be kept, which is said.
    fn hand(&self, place: &Path, engine: &Arc<Engine>) -> Option<Hand> {
        let running = Running::new(engine.clone(), self.rules.digest());
        let rules = Rules::These(Arc::new(Detecting::new(running)));
        let hand = Hand::open(place, Opening::long("detect", rules), self.words).and_then(|hand| match hand
            .ask(&Request::BeginScan, Behind::Nothing)?
        {
            true => Ok(hand),
            false => Err(Failure { code: 1, text: self.words.get("cli-detect-other-scan") }),
        });
        hand.inspect_err(|failure| {
            let values = [("reason", failure.text.as_str().into())];
            eprintln!("noroshi: {}", self.words.with("cli-detect-not-kept", &values));
        })
        .ok()
    }
}

/// A scan of the lake under way.
struct Going<'a> {
    scan: &'a Scan<'a>,
    replay: &'a Replay,
    stage: Detection<'a>,
    bytes: &'a AtomicU64,
    bar: &'a ProgressBar,
    tally: &'a mut Tally,
    correlations: Option<Correlations>,
    receive: &'a mut Receive<'a>,
}

/// Keeps what was found, or does not.
type Keep<'k> = dyn FnMut(&Found) -> io::Result<()> + 'k;

impl Going<'_> {
    /// Goes over everything, also where it breaks off; what rules could not do is told.
    fn over(&mut self, hand: Option<&Hand>) -> io::Result<()> {
        let days = days(self.replay);
        let ran = match hand {
            Some(hand) => self.kept(&days, hand),
            None => self.all(&days),
        };
        self.stage.flaws().iter().for_each(|flaw| self.tally.flaw(flaw));
        ran
    }

    /// Goes over everything and keeps nothing.
    fn all(&mut self, days: &[(Day, Range<usize>)]) -> io::Result<()> {
        for (_, parts) in days {
            self.parts(parts.clone(), &mut |_| Ok(()))?;
        }
        self.correlated(&mut |_| Ok(()))
    }

    /// Goes over what is not done, and keeps what is found; as a job, where it is all there is.
    fn kept(&mut self, days: &[(Day, Range<usize>)], hand: &Hand) -> io::Result<()> {
        let work = self.scan.is_rescan.then(|| rescan::work(hand, days.len()));
        let Some(work) = work.transpose().map_err(io::Error::other)? else {
            return self.kept_days(days, hand, &mut |_| Ok(()));
        };
        let ran = self.kept_days(days, hand, &mut |done| {
            let next = days.get(done).map_or("", |(day, _)| &day.name);
            work.is_at(done as u64, next).map_err(io::Error::other)
        });
        let ended = match &ran {
            // It goes on where it was.
            Ok(()) if self.scan.stop.asked() => Ok(()),
            Ok(()) => work.ends(Ok(())),
            Err(error) => work.ends(Err(error.to_string())),
        };
        ran.and(ended.map_err(io::Error::other))
    }

    fn kept_days(
        &mut self,
        days: &[(Day, Range<usize>)],
        hand: &Hand,
        tell: &mut dyn FnMut(usize) -> io::Result<()>,
    ) -> io::Result<()> {
        let words = self.scan.words;
        let failed = |error: verdicts::Failed| io::Error::other(not_found_again(&error, words));
        let which = format!("{:?}", (self.stage.from, self.stage.to));
        let all: Vec<Day> = days.iter().map(|(day, _)| day.clone()).collect();
        let own = Compartment::own();
        let what = (&own, all.as_slice(), which.as_str());
        let rules = (self.stage.engine, self.scan.rules.digest());
        let mut rows = hand.rows().map_err(io::Error::other)?;
        let mut again = look(|who| Again::open(&mut *rows, rules, who, what)).map_err(failed)?;
        let done = again.done();
        if done > 0 {
            eprintln!(
                "{}",
                words.with("cli-detect-resumed", &[("done", done.into()), ("all", all.len().into())])
            );
        }
        for (number, (day, parts)) in (0..).zip(days) {
            if self.scan.stop.asked() {
                return Ok(());
            }
            tell(usize::try_from(number).unwrap_or(usize::MAX))?;
            if number < done {
                let stored = look(|who| again.stored(who, day)).map_err(failed)?;
                self.stored(stored, parts.clone())?;
                continue;
            }
            self.day(day, parts.clone(), &mut again)?;
        }
        if self.scan.stop.asked() {
            return Ok(());
        }
        tell(days.len())?;
        // What others correlate meanwhile would be found twice.
        let asked = |request| hand.ask::<()>(&request, Behind::Nothing).map_err(io::Error::other);
        asked(Request::BeginCorrelations)?;
        look(|who| again.begin_correlations(who)).map_err(failed)?;
        self.correlated(&mut |found| look(|who| again.add(who, &found.verdicts, &[])).map_err(failed))?;
        look(|who| again.end_correlations(who)).map_err(failed)?;
        asked(Request::EndCorrelations)?;
        let grouped: (u64, u64) = hand.ask(&Request::Group, Behind::Nothing).map_err(io::Error::other)?;
        if grouped.1 > 0 {
            let values = [("opened", grouped.0.into()), ("took", grouped.1.into())];
            eprintln!("{}", words.with("findings-ingested", &values));
        }
        eprintln!("{}", words.with("cli-detect-kept", &[("verdicts", again.new_verdicts().into())]));
        Ok(())
    }

    /// Goes over a day, and keeps what is found.
    fn day(&mut self, day: &Day, parts: Range<usize>, again: &mut Again<'_>) -> io::Result<()> {
        let words = self.scan.words;
        let failed = |error: verdicts::Failed| io::Error::other(not_found_again(&error, words));
        look(|who| again.begin(who, day)).map_err(failed)?;
        self.parts(parts, &mut |found| {
            look(|who| again.add(who, &found.verdicts, &found.signals)).map_err(failed)
        })?;
        // What was cut short is looked at once more.
        if self.scan.stop.asked() { Ok(()) } else { look(|who| again.end(who)).map_err(failed) }
    }

    /// Reads some parts and runs the rules over them.
    fn parts(&mut self, parts: Range<usize>, keep: &mut Keep<'_>) -> io::Result<()> {
        let (engine, replay, bytes) = (self.stage.engine, self.replay, self.bytes);
        let wants = |kind: &Kind| wanted(engine, kind);
        let reader = || -> Box<ReadPart<'_, Part>> {
            let mut reader = Reader::new(engine.catalogue().clone());
            let wants = &wants;
            Box::new(move |part, give| {
                let read = replay.read(part, wants, &mut reader, give);
                bytes.fetch_add(size(part), Ordering::Relaxed);
                told(part, read)
            })
        };
        let stage = self.stage;
        let replaying =
            Replaying { stage: &stage, threads: self.scan.settings.threads, stop: self.scan.stop };
        replaying.run(&replay.parts()[parts], &reader, &mut |found| {
            self.bar.inc(found.events);
            let kept = keep(&found);
            // Who reads what was found loses nothing because it could not be kept.
            self.pass(found).and(kept)
        })
    }

    /// Passes on what is kept of parts that are done.
    fn stored(&mut self, stored: Stored, parts: Range<usize>) -> io::Result<()> {
        let events = self.replay.parts()[parts].iter().map(Part::rows).sum();
        self.bar.inc(events);
        let Stored { mut verdicts, mut signals } = stored;
        verdicts.retain(|verdict| self.stage.counts(&verdict.place));
        signals.retain(|signal| self.stage.counts(&signal.place));
        verdicts.sort_by(|one, other| {
            (one.place.time, one.place.ordinal).cmp(&(other.place.time, other.place.ordinal))
        });
        self.pass(Found { verdicts, signals, events, ..Found::default() })
    }

    /// Counts and passes on what was found; its signals wait for the correlations.
    fn pass(&mut self, mut found: Found) -> io::Result<()> {
        let signals = std::mem::take(&mut found.signals);
        if let Some(correlations) = &mut self.correlations {
            correlations.add(signals)?;
        }
        self.tally.add(&found);
        (self.receive)(&found);
        Ok(())
    }

    /// What correlations find in all that was passed on.
    fn correlated(&mut self, keep: &mut Keep<'_>) -> io::Result<()> {
        let Some(mut correlations) = self.correlations.take().filter(|_| !self.scan.stop.asked()) else {
            return Ok(());
        };
        let ran = correlations.finish(&mut |verdicts| {
            let found = Found { verdicts, ..Found::default() };
            self.tally.add(&found);
            (self.receive)(&found);
            keep(&found)
        });
        correlations.flaws().iter().for_each(|flaw| self.tally.flaw(flaw));
        ran
    }
}

/// What the rules want of a kind.
fn wanted(engine: &Engine, kind: &Kind) -> Wanted {
    match engine.needs(kind) {
        None => Wanted::Nothing,
        Some(needs) if needs.everything => Wanted::Everything,
        Some(needs) => Wanted::Fields(Arc::new(move |name, known| needs.include(name, known))),
    }
}

/// The parts of each day.
fn days(replay: &Replay) -> Vec<(Day, Range<usize>)> {
    let mut days: Vec<(Day, Range<usize>)> = Vec::new();
    for (number, part) in replay.parts().iter().enumerate() {
        let name = part.day().unwrap_or_default();
        let file = part.path().display().to_string();
        match days.last_mut().filter(|(last, _)| last.name == name) {
            Some((day, parts)) => {
                day.files.push(file);
                parts.end = number + 1;
            }
            None => days.push((Day { name: name.to_owned(), files: vec![file] }, number..number + 1)),
        }
    }
    days
}

/// What is told of a part besides its sheets.
fn told(part: &Part, read: Result<lake::Replayed, ReplayError>) -> Found {
    match read {
        Ok(read) => Found { events: read.passed, unread: read.passed, span: read.span, ..Found::default() },
        Err(error) => {
            let cause = Cause::PartUnreadable { error: with_cause(&error) };
            let flaw = Flaw::new(part.path().display().to_string(), 0, cause);
            Found { flaws: vec![flaw], ..Found::default() }
        }
    }
}

/// How many sources the events came from, as far as batches tell.
fn totals(replay: &Replay, books: &Books, between: Between) -> Result<Totals, LakeError> {
    let meets = |entry: &&Entry| {
        entry.span.is_none_or(|(first, last)| {
            between.from.is_none_or(|from| last >= from) && between.to.is_none_or(|to| first < to)
        })
    };
    let entries = books.entries()?;
    let own = entries.iter().filter(|entry| entry.owner.compartment == Compartment::own());
    let sources: HashSet<_> = own.filter(meets).map(|entry| (&entry.owner, &entry.source_path)).collect();
    let files = replay.parts().len() as u64;
    Ok(Totals { sources: sources.len() as u64, recognised: files, opened: files, stopped: false })
}

fn size(part: &Part) -> u64 {
    std::fs::metadata(part.path()).map_or(0, |metadata| metadata.len())
}
