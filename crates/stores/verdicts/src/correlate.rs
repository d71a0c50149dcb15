//! Correlations over kept signals, from where they were the last time.
//!
//! Signals come in the order in which logs are read; what they tell happened at other times. So whenever
//! there are new ones, all signals that may decide together with them are read again, put into the order of
//! time and correlated anew: those from the correlations' reach before the earliest new one to their reach
//! behind the latest. What is there already is known by its id.

use std::collections::{HashMap, HashSet};
use std::io;

use detect::{Engine, RuleDigest, Verdict};
use intake::correlate::Correlations;
use lake::{Compartment, Delivery, Lake, Looking, Shard, TableName};
use model::event::Flaw;
use model::evidence::ContentId;
use model::time::Instant;
use observations::ObservationsError;

use crate::error::VerdictsError;
use crate::id::verdict_id;
use crate::label::{Label, Labels};
use crate::read::{Kept, text};
use crate::rows::Rows;
use crate::signals::feeds;
use crate::table::{SIGNALS, VERDICTS};
use crate::write::{Stamp, Told, WAITING, rows};

/// What correlations found.
#[derive(Debug, Clone, Default)]
pub struct Correlated {
    /// New verdicts, by level.
    pub levels: [u64; 5],
    /// What could not be correlated.
    pub flaws: Vec<Flaw>,
}

/// Kept signals that are to be correlated, and who reads them.
pub struct Correlating<'a> {
    /// The rules.
    pub engine: &'a Engine,
    /// The digest of their set.
    pub rules: RuleDigest,
    /// The compartment.
    pub compartment: &'a Compartment,
}

/// Correlates what is new among the signals of a compartment, and keeps what comes of it. `who` gives a
/// fresh view for each look.
///
/// # Errors
/// When the lake refuses. What was not kept is found again the next time.
pub fn correlate(
    observations: &mut dyn Rows,
    correlating: &Correlating<'_>,
    who: &dyn Fn() -> (model::view::View, Instant),
) -> Result<Correlated, Failed> {
    let Some(correlator) = correlating.engine.correlator() else { return Ok(Correlated::default()) };
    let table = TableName::new(correlating.compartment.clone(), VERDICTS).map_err(VerdictsError::from)?;
    let lake = observations.lake().clone();
    let (view, now) = who();
    let new = news(observations, &lake, correlating, (&table, Looking { view: &view, now }))?;
    let Some((first, last)) = new.span else { return Ok(Correlated::default()) };
    let reach = correlating.engine.reach();
    let back = |time: i64| time.saturating_sub(reach);
    let on = |time: i64| time.saturating_add(reach);

    let (view, now) = who();
    let kept = Kept { lake: &lake, who: Looking { view: &view, now }, compartment: correlating.compartment };
    let mut correlations = Correlations::new(correlator);
    let between = [Instant::from_nanoseconds(back(first)), Instant::from_nanoseconds(on(last))];
    let values = between.map(|time| time.to_string());
    let rest = "WHERE time >= $1 AND time <= $2";
    let labels = read(&kept, correlating.engine, (rest, &values), &mut correlations)?;
    let known = kept.ids(VERDICTS, &format!("{rest} AND verdict_batch IS NULL"), &values)?;
    let mut keeping = Keeping::new(observations, &table, Stamp { rules: correlating.rules, now })?;
    // What lies before the new ones was decided without them.
    let is_new = |verdict: &Verdict| verdict.place.time.is_some_and(|time| time.nanoseconds() >= first);
    let mut failed = None;
    let ran = correlations.finish(&mut |verdicts| {
        let new = verdicts.into_iter().filter(is_new);
        let kept = keeping.add(new.filter_map(|verdict| new_one(verdict, &known, &labels)));
        kept.map_err(|error| {
            failed = Some(error);
            io::Error::other("nothing more is kept")
        })
    });
    if let Some(error) = failed {
        return Err(error);
    }
    ran?;
    let levels = keeping.end(&new.positions)?;
    Ok(Correlated { levels, flaws: correlations.flaws() })
}

/// Puts kept signals before the correlations; gives what is said of their batches.
fn read(
    kept: &Kept<'_>,
    engine: &Engine,
    which: (&str, &[String]),
    correlations: &mut Correlations,
) -> Result<Labels, VerdictsError> {
    let mut labels = Labels::default();
    kept.signals(engine, which, &mut |signal, label| {
        if let Some(batch) = signal.origin.kept.as_ref().map(|kept| kept.batch) {
            labels.add(batch, label);
        }
        Ok(correlations.add(vec![signal])?)
    })?;
    Ok(labels)
}

/// Why correlating failed.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// Rows could not be read, or made.
    #[error(transparent)]
    Verdicts(#[from] VerdictsError),
    /// They could not be kept.
    #[error(transparent)]
    Observations(#[from] ObservationsError),
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Verdicts(error.into())
    }
}

fn new_one(verdict: Verdict, known: &HashSet<ContentId>, labels: &Labels) -> Option<Told> {
    let id = verdict_id(&verdict)?;
    if known.contains(&id) {
        return None;
    }
    let label: Label =
        labels.of(verdict.events().iter().filter_map(|event| Some(event.evidence.as_ref()?.batch)));
    Told::new(verdict, label)
}

/// Signals that were not there the last time.
struct News {
    /// Times of the earliest and latest, in nanoseconds.
    span: Option<(i64, i64)>,
    /// For each shard of signals the one of its positions, and the number of its last delivery.
    positions: Vec<(Shard, u64)>,
}

/// Looks for signals of deliveries behind those that were correlated.
fn news(
    observations: &mut dyn Rows,
    lake: &Lake,
    correlating: &Correlating<'_>,
    (table, who): (&TableName, Looking<'_>),
) -> Result<News, Failed> {
    let kept = Kept { lake, who, compartment: correlating.compartment };
    let feeds = feeds(correlating.engine);
    let list = feeds.keys().map(|feed| format!("'{feed}'")).collect::<Vec<_>>().join(", ");
    let mut latest: HashMap<String, u64> = HashMap::new();
    if feeds.is_empty() {
        return Ok(News { span: None, positions: Vec::new() });
    }
    let rest = format!("WHERE feed IN ({list}) GROUP BY shard");
    kept.ask(["shard, max(number) AS latest", SIGNALS, &rest], &[], &mut |rows| {
        let (shards, numbers) = (rows.texts("shard")?, rows.numbers("latest")?);
        latest
            .extend((0..rows.rows()).filter_map(|row| {
                Some((text(&shards, row)?.to_owned(), numbers.value(row).cast_unsigned()))
            }));
        Ok(())
    })?;
    let mut news = News { span: None, positions: Vec::new() };
    for (shard, number) in latest {
        let position = position(correlating.rules, &shard)?;
        let last = observations.last(table, &position)?;
        if last.is_some_and(|last| last >= number) {
            continue;
        }
        let rest = format!("WHERE feed IN ({list}) AND shard = $1 AND number > $2::BIGINT");
        let values = [shard, last.map_or(-1, u64::cast_signed).to_string()];
        kept.ask(["time", SIGNALS, &rest], &values, &mut |rows| {
            for micros in rows.numbers("time")?.iter().flatten() {
                let time = micros.saturating_mul(1_000);
                let (first, last) = news.span.unwrap_or((time, time));
                news.span = Some((first.min(time), last.max(time)));
            }
            Ok(())
        })?;
        news.positions.push((position, number));
    }
    // The nanoseconds besides.
    news.span = news.span.map(|(first, last)| (first, last.saturating_add(999)));
    Ok(news)
}

/// The shard under which it is noted how far the signals of another were correlated by a set of rules.
pub(crate) fn position(rules: RuleDigest, shard: &str) -> Result<Shard, VerdictsError> {
    let set = model::hash::hex(&rules.id().bytes()[..8]);
    Ok(format!("correlated-{set}-{shard}").parse()?)
}

/// Keeps new verdicts, a part at a time, and at last how far signals were correlated. What was kept when
/// somebody was stopped in between is known by its id the next time.
struct Keeping<'a> {
    observations: &'a mut dyn Rows,
    table: &'a TableName,
    stamp: Stamp,
    waiting: Vec<Told>,
    /// The shard of parts, and the number of the last.
    parts: (Shard, u64),
    levels: [u64; 5],
}

impl<'a> Keeping<'a> {
    fn new(observations: &'a mut dyn Rows, table: &'a TableName, stamp: Stamp) -> Result<Self, Failed> {
        let shard = position(stamp.rules, "part")?;
        let number = observations.last(table, &shard)?.unwrap_or(0);
        Ok(Self { observations, table, stamp, waiting: Vec::new(), parts: (shard, number), levels: [0; 5] })
    }

    fn add(&mut self, new: impl Iterator<Item = Told>) -> Result<(), Failed> {
        for told in new {
            self.levels[told.verdict.rule.level.index()] += 1;
            self.waiting.push(told);
        }
        if self.waiting.iter().map(Told::events).sum::<usize>() >= WAITING { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Failed> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let rows = rows(&std::mem::take(&mut self.waiting), self.stamp)?;
        self.parts.1 += 1;
        let from = Delivery { shard: self.parts.0.clone(), number: self.parts.1 };
        Ok(self.observations.add_rows(self.table, vec![rows], from)?)
    }

    fn end(mut self, positions: &[(Shard, u64)]) -> Result<[u64; 5], Failed> {
        self.flush()?;
        for (shard, number) in positions {
            let from = Delivery { shard: shard.clone(), number: *number };
            self.observations.add_rows(self.table, Vec::new(), from)?;
        }
        Ok(self.levels)
    }
}
