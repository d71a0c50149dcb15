//! Correlations at the end of a scan: the signals of all files, put into the order of time.
//!
//! Files are read one after another, but what they tell happened at the same time. So signals
//! wait until all are there; what does not fit into memory waits in sorted runs on disk, in
//! files without a name that vanish with the process. A log that is followed has no end: there
//! each signal is passed on as it comes, if it is not dated far ahead of the clock.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};

use crate::cause::Cause;
use detect::{Correlator, Omitted, Signal, Verdict};
use model::event::Flaw;
use model::time::Instant;

/// Bytes of signals that wait in memory.
const WAITING: usize = 64 << 20;
/// Events in verdicts from which on these are passed on.
const RIPE: usize = 50_000;

/// Takes verdicts as they become ripe.
pub type Receive<'a> = dyn FnMut(Vec<Verdict>) -> io::Result<()> + 'a;

/// The correlations of a scan.
pub struct Correlations {
    correlator: Correlator,
    waiting: Vec<Ordered>,
    bytes: usize,
    runs: Vec<BufReader<File>>,
}

/// A signal in its place: by time, and where times are equal by source, event, batch and rule, so that it does not
/// matter in which order files were read, or rows are kept.
#[derive(Debug)]
struct Ordered {
    time: i64,
    signal: Signal,
}

impl Ordered {
    fn of(signal: Signal) -> Self {
        let time = signal.place.time.map_or(i64::MIN, |time| time.nanoseconds());
        Self { time, signal }
    }

    fn key(&self) -> (i64, &str, u64, Option<[u8; 16]>, u32) {
        let Signal { rule, origin, place, .. } = &self.signal;
        // Two owners may give logs of the same name.
        let batch = origin.kept.as_ref().map(|kept| kept.batch.bytes());
        (self.time, &origin.source_path, place.ordinal, batch, *rule)
    }
}

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Correlations {
    /// Correlations that wait for the end.
    #[must_use]
    pub fn new(correlator: Correlator) -> Self {
        Self { correlator, waiting: Vec::new(), bytes: 0, runs: Vec::new() }
    }

    /// Takes signals in the order of the input.
    ///
    /// # Errors
    /// When signals do not fit into memory and cannot be written to a temporary file.
    pub fn add(&mut self, signals: Vec<Signal>) -> io::Result<()> {
        self.add_within(signals, WAITING)
    }

    fn add_within(&mut self, signals: Vec<Signal>, most: usize) -> io::Result<()> {
        for signal in signals {
            self.bytes += size(&signal);
            self.waiting.push(Ordered::of(signal));
            if self.bytes > most {
                self.spill()?;
            }
        }
        Ok(())
    }

    /// The verdicts of all signals that have waited.
    ///
    /// # Errors
    /// When a temporary file cannot be read, or `receive` fails.
    pub fn finish(&mut self, receive: &mut Receive<'_>) -> io::Result<()> {
        if !self.runs.is_empty() {
            // The memory is needed for what is correlated.
            self.spill()?;
            self.waiting = Vec::new();
        }
        self.waiting.sort_unstable();
        let mut waiting = std::mem::take(&mut self.waiting).into_iter();
        let mut runs = std::mem::take(&mut self.runs);
        let mut next = BinaryHeap::new();
        for number in 0..=runs.len() {
            next.extend(take(number, &mut runs, &mut waiting)?);
        }
        let mut ripe = Ripe { verdicts: Vec::new(), events: 0, receive };
        while let Some(Reverse((ordered, number))) = next.pop() {
            ripe.push(&ordered.signal, &mut self.correlator)?;
            next.extend(take(number, &mut runs, &mut waiting)?);
        }
        ripe.pass_on()
    }

    /// What could not be correlated.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flaw> {
        flaws(&self.correlator)
    }

    /// Writes what waits to disk, sorted.
    fn spill(&mut self) -> io::Result<()> {
        self.waiting.sort_unstable();
        let mut file = BufWriter::with_capacity(1 << 20, tempfile::tempfile()?);
        for Ordered { signal, .. } in self.waiting.drain(..) {
            serde_json::to_writer(&mut file, &signal)?;
            file.write_all(b"\n")?;
        }
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.runs.push(BufReader::with_capacity(1 << 18, file));
        self.bytes = 0;
        Ok(())
    }
}

/// Correlates signals of a log that is followed, at the time it is, if the clock can be told.
///
/// # Errors
/// When `receive` fails.
pub fn follow(
    correlator: &mut Correlator,
    signals: &[Signal],
    now: Option<Instant>,
    receive: &mut Receive<'_>,
) -> io::Result<()> {
    if let Some(now) = now {
        correlator.set_now(now);
    }
    let mut ripe = Ripe { verdicts: Vec::new(), events: 0, receive };
    for signal in signals {
        ripe.push(signal, correlator)?;
    }
    ripe.pass_on()
}

/// What could not be correlated.
#[must_use]
pub fn flaws(correlator: &Correlator) -> Vec<Flaw> {
    let Omitted { untimed, ahead, late, groups_cut, forgotten, doubtful } = correlator.omitted();
    let causes = [
        Cause::SignalsUntimed { count: untimed },
        Cause::SignalsAhead { count: ahead },
        Cause::SignalsLate { count: late },
        Cause::GroupsCut { count: groups_cut },
        Cause::GroupsForgotten { count: forgotten },
        Cause::EventsCountDoubtful { count: doubtful },
    ];
    let counts = [untimed, ahead, late, groups_cut, forgotten, doubtful];
    let told = causes.into_iter().zip(counts).filter(|(_, count)| *count > 0);
    told.map(|(cause, _)| Flaw::new("", 0, cause)).collect()
}

/// Verdicts on their way out: one may list many events, so few verdicts can be much memory.
struct Ripe<'a, 'b> {
    verdicts: Vec<Verdict>,
    /// Events that they list.
    events: usize,
    receive: &'a mut Receive<'b>,
}

impl Ripe<'_, '_> {
    fn push(&mut self, signal: &Signal, correlator: &mut Correlator) -> io::Result<()> {
        let known = self.verdicts.len();
        correlator.push(signal, &mut self.verdicts);
        self.events += self.verdicts[known..].iter().map(|verdict| verdict.before.len() + 1).sum::<usize>();
        if self.events >= RIPE { self.pass_on() } else { Ok(()) }
    }

    fn pass_on(&mut self) -> io::Result<()> {
        self.events = 0;
        let verdicts = std::mem::take(&mut self.verdicts);
        if verdicts.is_empty() { Ok(()) } else { (self.receive)(verdicts) }
    }
}

/// The next signal of a run; what still waits in memory is the last run.
fn take(
    number: usize,
    runs: &mut [BufReader<File>],
    waiting: &mut std::vec::IntoIter<Ordered>,
) -> io::Result<Option<Reverse<(Ordered, usize)>>> {
    let Some(run) = runs.get_mut(number) else {
        return Ok(waiting.next().map(|ordered| Reverse((ordered, number))));
    };
    let mut line = String::new();
    if run.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let signal = serde_json::from_str(&line)?;
    Ok(Some(Reverse((Ordered::of(signal), number))))
}

/// Bytes that a signal holds, roughly.
fn size(signal: &Signal) -> usize {
    let texts = signal.values.iter().flatten().map(|text| text.len() + 32).sum::<usize>();
    size_of::<Ordered>() + texts + signal.values.len() * 32
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use detect::{Engine, Placeholders, RuleSet, load};
    use model::catalogue::Catalogue;
    use model::event::Place;
    use model::evidence::{Kept, Origin};
    use model::time::Instant;

    use super::*;

    const RULES: &str = "
title: base
name: base
logsource: {product: windows, service: security}
detection:
  selection: {EventID: 4625}
  condition: selection
---
title: pairs
correlation:
  type: event_count
  rules: base
  group-by: Computer
  timespan: 1s
  condition: {gte: 2}
";

    fn correlator() -> Correlator {
        let set = RuleSet::new(load("t.yml", RULES, &Placeholders::new()));
        let catalogue = Catalogue::bundled().expect("the bundled catalogue is valid");
        Engine::new(set, catalogue).correlator().expect("the set has a correlation")
    }

    fn signal(seconds: i64, ordinal: u64) -> Signal {
        Signal {
            rule: 0,
            origin: Arc::new(Origin::unkept("a".into())),
            place: Place {
                ordinal,
                time: Some(Instant::from_nanoseconds(seconds * 1_000_000_000 + 100)),
                ..Place::default()
            },
            host: None,
            values: vec![vec!["ws01".into()]],
        }
    }

    #[test]
    fn a_followed_log_leaves_out_what_is_dated_ahead_or_comes_too_late_and_says_so() {
        let mut correlator = correlator();
        let now = Some(Instant::from_nanoseconds(5_000_000_000));
        let signals = [signal(500_000, 1), signal(10, 2), signal(8, 3), signal(10, 4)];
        let mut found = Vec::new();
        let mut receive = |verdicts: Vec<Verdict>| {
            found.extend(verdicts.iter().map(|verdict| verdict.place.ordinal));
            Ok(())
        };
        follow(&mut correlator, &signals, now, &mut receive).expect("nothing is written");
        assert_eq!(found, [4]);
        let codes: Vec<&str> = flaws(&correlator).iter().map(|flaw| flaw.reason.code).collect();
        assert_eq!(codes, ["signals-ahead", "signals-late"]);
    }

    #[test]
    fn verdicts_that_list_many_events_are_passed_on_a_few_at_a_time() {
        let mut correlator = correlator();
        // Groups of two events, each of which fires.
        let signals: Vec<Signal> = (0..60_000).map(|number| signal(number / 2 * 10, number as u64)).collect();
        let mut most = 0;
        let mut receive = |verdicts: Vec<Verdict>| {
            most = most.max(verdicts.iter().map(|verdict| verdict.before.len() + 1).sum());
            Ok(())
        };
        follow(&mut correlator, &signals, None, &mut receive).expect("nothing is written");
        assert_eq!(most, RIPE);
    }

    #[test]
    fn runs_on_disk_and_in_memory_are_merged_by_time() {
        for most in [0, 1_000, WAITING] {
            let mut correlations = Correlations::new(correlator());
            // Ten seconds apart, told from the last to the first, each twice.
            let signals = (0..200u64).map(|number| {
                let second = i64::try_from(number / 2 * 10).expect("small");
                signal(2_000 - second, number + 1)
            });
            correlations.add_within(signals.collect(), most).expect("disk takes it");
            assert!(most > 1_000 || correlations.runs.len() > 5);
            let mut times = Vec::new();
            let mut receive = |verdicts: Vec<Verdict>| {
                times.extend(verdicts.iter().map(|verdict| (verdict.place.time, verdict.place.ordinal)));
                Ok(())
            };
            correlations.finish(&mut receive).expect("the runs are read");
            assert_eq!(times.len(), 100, "{most}");
            assert!(times.is_sorted());
            // The pair of one second is completed by the later line.
            assert_eq!(times[0].1, 200);
        }
    }

    #[test]
    fn logs_of_the_same_name_are_told_apart_by_their_batches() {
        let of = |batch: u8| {
            let kept = Kept { table: "own/authentication".into(), batch: [batch; 16].into(), first_event: 0 };
            let origin = Origin { kept: Some(kept), ..Origin::unkept("a".into()) };
            Signal { origin: Arc::new(origin), ..signal(1, 1) }
        };
        for signals in [[of(7), of(9)], [of(9), of(7)]] {
            let mut correlations = Correlations::new(correlator());
            correlations.add(signals.to_vec()).expect("it fits");
            let mut last = Vec::new();
            let mut receive = |verdicts: Vec<Verdict>| {
                last.extend(verdicts.iter().map(|verdict| verdict.evidence.clone().map(|row| row.batch)));
                Ok(())
            };
            correlations.finish(&mut receive).expect("nothing is written");
            assert_eq!(last, [Some([9; 16].into())]);
        }
    }
}
