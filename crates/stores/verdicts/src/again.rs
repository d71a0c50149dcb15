//! What was kept earlier, looked at again by other rules: day by day, so that whoever is stopped goes on where
//! they were.
//!
//! What is found of a day is kept before the next is begun, and with the last of it how far the work has
//! come. A day that was under way is looked at once more; what of it is there already is known by its id.

use std::collections::HashSet;

use detect::{Engine, RuleDigest, Signal, Verdict};
use lake::{Compartment, Delivery, Looking, Shard, TableName};
use model::evidence::ContentId;
use sha2::{Digest, Sha256};

use crate::correlate::{Failed, position};
use crate::error::VerdictsError;
use crate::label::{Label, Labels};
use crate::read::{Kept, verdicts};
use crate::rows::Rows;
use crate::signals;
use crate::table::{SIGNALS, VERDICTS};
use crate::write::{Stamp, Told, WAITING, rows};

/// The events of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The day, as the partition is called.
    pub name: String,
    /// The files that the events lie in: other files, other events.
    pub files: Vec<String>,
}

/// What is kept of a day that has been done.
#[derive(Debug, Default)]
pub struct Stored {
    /// Verdicts.
    pub verdicts: Vec<Verdict>,
    /// Matches that correlations are about.
    pub signals: Vec<Signal>,
}

/// Looking again.
pub struct Again<'a> {
    observations: &'a mut dyn Rows,
    engine: &'a Engine,
    rules: RuleDigest,
    compartment: Compartment,
    verdicts: TableName,
    signals: TableName,
    shard: Shard,
    /// Days that are done.
    done: u64,
    /// Number of the last delivery of a part of a day.
    parts: u64,
    labels: Labels,
    waiting: Waiting,
    /// Verdicts that were added.
    new: u64,
}

/// What waits to be added, of the day that is under way.
#[derive(Debug, Default)]
struct Waiting {
    verdicts: Vec<Told>,
    signals: Vec<signals::Told>,
    /// What of the day was there before.
    known: HashSet<ContentId>,
}

impl<'a> Again<'a> {
    /// Begins, or goes on where the same rules over the same events were stopped; `which` says which of the
    /// days' events count.
    ///
    /// # Errors
    /// When the lake refuses.
    pub fn open(
        observations: &'a mut dyn Rows,
        (engine, rules): (&'a Engine, RuleDigest),
        who: Looking<'_>,
        (compartment, days, which): (&Compartment, &[Day], &str),
    ) -> Result<Self, Failed> {
        let name = |class| TableName::new(compartment.clone(), class).map_err(VerdictsError::from);
        let shard = shard(rules, days, which)?;
        let (verdicts, signals) = (name(VERDICTS)?, name(SIGNALS)?);
        let done = observations.last(&verdicts, &shard)?.unwrap_or(0);
        let parts = observations.last(&verdicts, &part_of(&shard)?)?;
        let parts = parts.max(observations.last(&signals, &part_of(&shard)?)?).unwrap_or(0);
        let mut labels = Labels::default();
        let entries = observations.lake().entries(who, compartment).map_err(VerdictsError::from)?;
        entries.iter().for_each(|entry| labels.add(entry.batch.into(), Label::of(entry)));
        let compartment = compartment.clone();
        let waiting = Waiting::default();
        Ok(Self {
            observations,
            engine,
            rules,
            compartment,
            verdicts,
            signals,
            shard,
            done,
            parts,
            labels,
            waiting,
            new: 0,
        })
    }

    /// How many days, from the first on, are done.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done
    }

    /// What is kept of a day that is done.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn stored(&self, who: Looking<'_>, day: &Day) -> Result<Stored, Failed> {
        let lake = self.observations.lake();
        let verdicts = verdicts(lake, who, &self.compartment, &day.name, self.engine.metas())?;
        let mut signals = Vec::new();
        let kept = Kept { lake, who, compartment: &self.compartment };
        kept.signals(self.engine, ("WHERE day = $1", std::slice::from_ref(&day.name)), &mut |signal, _| {
            signals.push(signal);
            Ok(())
        })?;
        Ok(Stored {
            verdicts: verdicts.into_iter().filter(|found| !found.rule.is_correlation).collect(),
            signals,
        })
    }

    /// Begins a day that is not done.
    ///
    /// # Errors
    /// When what is there of it cannot be read.
    pub fn begin(&mut self, who: Looking<'_>, day: &Day) -> Result<(), Failed> {
        let kept = Kept { lake: self.observations.lake(), who, compartment: &self.compartment };
        let (rest, values) = ("WHERE day = $1", std::slice::from_ref(&day.name));
        let mut known = kept.ids(VERDICTS, rest, values)?;
        known.extend(kept.ids(SIGNALS, rest, values)?);
        self.waiting = Waiting { known, ..Waiting::default() };
        Ok(())
    }

    /// Takes what was found of the day, and keeps it when there is much of it.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn add(&mut self, who: Looking<'_>, verdicts: &[Verdict], signals: &[Signal]) -> Result<(), Failed> {
        for verdict in verdicts {
            let batches = verdict.events().into_iter().filter_map(|event| Some(event.evidence?.batch));
            let label = self.labels.of(batches);
            let told = Told::new(verdict.clone(), label);
            self.waiting.verdicts.extend(told.filter(|told| self.waiting.known.insert(told.id)));
        }
        for signal in signals {
            let batch = signal.origin.kept.as_ref().map(|kept| kept.batch);
            let told = signals::Told::new(signal.clone(), self.labels.of(batch), self.engine);
            self.waiting.signals.extend(told.filter(|told| self.waiting.known.insert(told.id)));
        }
        let listed = self.waiting.verdicts.iter().map(Told::events).sum::<usize>();
        if listed + self.waiting.signals.len() >= WAITING { self.flush(who) } else { Ok(()) }
    }

    /// Ends a day: what was found of it is kept, and that it is done.
    ///
    /// # Errors
    /// When it cannot be kept; then it is looked at again the next time.
    pub fn end(&mut self, who: Looking<'_>) -> Result<(), Failed> {
        self.flush(who)?;
        self.done += 1;
        let from = Delivery { shard: self.shard.clone(), number: self.done };
        Ok(self.observations.add_rows(&self.verdicts, Vec::new(), from)?)
    }

    /// Begins what correlations find over all days.
    ///
    /// # Errors
    /// When what is there of it cannot be read.
    pub fn begin_correlations(&mut self, who: Looking<'_>) -> Result<(), Failed> {
        let kept = Kept { lake: self.observations.lake(), who, compartment: &self.compartment };
        let known = kept.ids(VERDICTS, "WHERE verdict_batch IS NULL", &[])?;
        self.waiting = Waiting { known, ..Waiting::default() };
        Ok(())
    }

    /// Ends it: what was found is kept, and nothing of these signals is correlated again when others come.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn end_correlations(&mut self, who: Looking<'_>) -> Result<(), Failed> {
        self.flush(who)?;
        let shard = part_of(&self.shard)?;
        let from = Delivery { shard: position(self.rules, shard.as_str())?, number: self.parts };
        Ok(self.observations.add_rows(&self.verdicts, Vec::new(), from)?)
    }

    /// Verdicts that were not there and are now.
    #[must_use]
    pub fn new_verdicts(&self) -> u64 {
        self.new
    }

    fn flush(&mut self, who: Looking<'_>) -> Result<(), Failed> {
        let Waiting { verdicts, signals, .. } = &mut self.waiting;
        let (verdicts, signals) = (std::mem::take(verdicts), std::mem::take(signals));
        if verdicts.is_empty() && signals.is_empty() {
            return Ok(());
        }
        self.parts += 1;
        self.new += verdicts.len() as u64;
        let from = Delivery { shard: part_of(&self.shard)?, number: self.parts };
        if !signals.is_empty() {
            let rows = signals::rows(&signals, &from, who.now)?;
            self.observations.add_rows(&self.signals, vec![rows], from.clone())?;
        }
        if !verdicts.is_empty() {
            let rows = rows(&verdicts, Stamp { rules: self.rules, now: who.now })?;
            self.observations.add_rows(&self.verdicts, vec![rows], from)?;
        }
        Ok(())
    }
}

/// Under what the work is noted: these rules over these events.
fn shard(rules: RuleDigest, days: &[Day], which: &str) -> Result<Shard, VerdictsError> {
    let mut hash = Sha256::new();
    let mut add = |part: &[u8]| {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    };
    add(&rules.id().bytes());
    add(which.as_bytes());
    for Day { name, files } in days {
        std::iter::once(name).chain(files).for_each(|text| add(text.as_bytes()));
    }
    let hash: [u8; 32] = hash.finalize().into();
    let name = model::hash::hex(&hash[..8]);
    Ok(format!("again-{name}").parse()?)
}

/// The shard of parts of days.
fn part_of(shard: &Shard) -> Result<Shard, VerdictsError> {
    Ok(format!("{shard}-part").parse()?)
}
