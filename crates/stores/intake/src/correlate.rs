//! Correlations at the end of a scan: the signals of all files, put into the order of time.
//!
//! Files are read one after another, but what they tell happened at the same time. So signals
//! wait until all are there; what does not fit into memory waits in sorted runs on disk, in
//! files without a name that vanish with the process. A log that is followed has no end: there
//! each signal is passed on as it comes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};

use crate::cause::Cause;
use detect::{Correlator, Signal, Verdict};
use model::event::Flaw;

/// Bytes of signals that wait in memory.
const WAITING: usize = 64 << 20;

/// The correlations of a scan.
pub struct Correlations {
    correlator: Correlator,
    /// Whether signals are passed on as they come.
    live: bool,
    waiting: Vec<Ordered>,
    bytes: usize,
    arrived: u64,
    runs: Vec<BufReader<File>>,
}

/// A signal by time, and by arrival where times are equal.
struct Ordered {
    key: (i64, u64),
    signal: Signal,
}

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

impl Correlations {
    /// Correlations that wait for the end, or not when `live`.
    #[must_use]
    pub fn new(correlator: Correlator, live: bool) -> Self {
        Self { correlator, live, waiting: Vec::new(), bytes: 0, arrived: 0, runs: Vec::new() }
    }

    /// Takes signals in the order of the input; gives the verdicts that are ripe.
    ///
    /// # Errors
    /// When signals do not fit into memory and cannot be written to a temporary file.
    pub fn add(&mut self, signals: Vec<Signal>) -> io::Result<Vec<Verdict>> {
        self.add_within(signals, WAITING)
    }

    fn add_within(&mut self, signals: Vec<Signal>, most: usize) -> io::Result<Vec<Verdict>> {
        let mut verdicts = Vec::new();
        if self.live {
            signals.iter().for_each(|signal| self.correlator.push(signal, &mut verdicts));
            return Ok(verdicts);
        }
        for signal in signals {
            let time = signal.place.time.map_or(i64::MIN, |time| time.nanoseconds());
            self.bytes += size(&signal);
            self.waiting.push(Ordered { key: (time, self.arrived), signal });
            self.arrived += 1;
            if self.bytes > most {
                self.spill()?;
            }
        }
        Ok(verdicts)
    }

    /// The verdicts of all signals that have waited.
    ///
    /// # Errors
    /// When a temporary file cannot be read, or `receive` fails.
    pub fn finish(&mut self, receive: &mut dyn FnMut(Vec<Verdict>) -> io::Result<()>) -> io::Result<()> {
        self.waiting.sort_unstable();
        let mut waiting = std::mem::take(&mut self.waiting).into_iter();
        let mut runs = std::mem::take(&mut self.runs);
        let mut next = BinaryHeap::new();
        for number in 0..=runs.len() {
            next.extend(take(number, &mut runs, &mut waiting)?);
        }
        let mut verdicts = Vec::new();
        while let Some(Reverse((ordered, number))) = next.pop() {
            self.correlator.push(&ordered.signal, &mut verdicts);
            next.extend(take(number, &mut runs, &mut waiting)?);
            if verdicts.len() >= 1_000 {
                receive(std::mem::take(&mut verdicts))?;
            }
        }
        receive(verdicts)
    }

    /// What could not be correlated.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flaw> {
        let (untimed, forgotten) = (self.correlator.untimed(), self.correlator.forgotten());
        let untimed = (untimed > 0).then_some(Cause::SignalsUntimed { count: untimed });
        let forgotten = (forgotten > 0).then_some(Cause::GroupsForgotten { count: forgotten });
        untimed.into_iter().chain(forgotten).map(|cause| Flaw::new("", 0, cause)).collect()
    }

    /// Writes what waits to disk, sorted.
    fn spill(&mut self) -> io::Result<()> {
        self.waiting.sort_unstable();
        let mut file = BufWriter::with_capacity(1 << 20, tempfile::tempfile()?);
        for Ordered { key, signal } in self.waiting.drain(..) {
            serde_json::to_writer(&mut file, &(key, signal))?;
            file.write_all(b"\n")?;
        }
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.runs.push(BufReader::with_capacity(1 << 18, file));
        self.bytes = 0;
        Ok(())
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
    let (key, signal) = serde_json::from_str(&line)?;
    Ok(Some(Reverse((Ordered { key, signal }, number))))
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
            source_path: Arc::from("a"),
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
    fn runs_on_disk_and_in_memory_are_merged_by_time() {
        for most in [0, 1_000, WAITING] {
            let mut correlations = Correlations::new(correlator(), false);
            // Ten seconds apart, told from the last to the first, each twice.
            let signals = (0..200u64).map(|number| {
                let second = i64::try_from(number / 2 * 10).expect("small");
                signal(2_000 - second, number + 1)
            });
            let ripe = correlations.add_within(signals.collect(), most).expect("disk takes it");
            assert!(ripe.is_empty());
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
}
