//! The observations of a home, kept by many at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use intake::Cause;
use lake::{BatchId, Compartment, Tables};
use model::event::Flaw;
use observations::{Derive, Kept, Observations, ObservationsError, Orders, Prepared, Target};
use page::Words;
use verdicts::{Correlated, Correlating, Detecting};

use crate::books::{look, now, operator};
use crate::received::{tell_damaged, tell_opened};

/// The observations, and the rules that run over what comes.
pub struct Observing {
    observations: Mutex<Observations>,
    /// For those who wait without keeping others from keeping.
    orders: Orders,
    detecting: Option<Arc<Detecting>>,
    correlating: Turn,
    /// Whether somebody had something to correlate while it was not their turn.
    is_uncorrelated: AtomicBool,
    /// One at a time goes over what is kept, since all of them note in one place how far they are.
    scanning: Turn,
    copying: Turn,
    /// One at a time makes findings of verdicts.
    grouping: Turn,
    tables: Arc<Tables>,
}

/// Whose turn it is: one at a time correlates, and knows what the one before has found.
#[derive(Debug, Clone, Default)]
pub struct Turn(Arc<(Mutex<bool>, Condvar)>);

/// Somebody's turn, until this goes.
#[derive(Debug)]
pub struct Taken(Turn);

/// What rules found in what was kept.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Verdicts by level, where rules ran.
    pub levels: Option<[u64; 5]>,
    /// What could not be correlated, or looked at.
    pub flaws: Vec<Flaw>,
    /// Events without a time that came into the lake since this process holds it.
    pub undated: u64,
    /// Findings that were opened, and findings that took verdicts.
    pub findings: Option<(u64, u64)>,
}

impl Found {
    /// Adds what was found later.
    pub fn add(&mut self, later: Self) {
        if let Some(more) = later.levels {
            let levels = self.levels.get_or_insert_default();
            levels.iter_mut().zip(more).for_each(|(all, more)| *all += more);
        }
        self.flaws.extend(later.flaws);
        self.undated = later.undated;
        if let Some((opened, took)) = later.findings {
            let all = self.findings.get_or_insert_default();
            *all = (all.0 + opened, all.1 + took);
        }
    }
}

impl Observing {
    /// Opens the observations of a home; says what was found there.
    ///
    /// # Errors
    /// When spool or lake cannot be used.
    pub fn open(
        home: &home::Writer,
        tables: Arc<Tables>,
        detecting: Option<Arc<Detecting>>,
        words: Words,
    ) -> Result<Self, ObservationsError> {
        let derive = detecting.clone().map(|detecting| detecting as Arc<dyn Derive>);
        let target = Target { tables: tables.clone(), derive };
        let (observations, opened) = look(|who| Observations::open(home, who, target))?;
        tell_opened(&opened, words);
        let orders = observations.orders();
        let observations = Mutex::new(observations);
        let (correlating, scanning, copying) = (Turn::default(), Turn::default(), Turn::default());
        Ok(Self {
            observations,
            orders,
            detecting,
            correlating,
            scanning,
            copying,
            grouping: Turn::default(),
            tables,
            is_uncorrelated: AtomicBool::new(false),
        })
    }

    /// The observations, which nobody else has as long.
    pub fn alone(&self) -> MutexGuard<'_, Observations> {
        self.observations.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Orders to whoever adds rows.
    #[must_use]
    pub fn orders(&self) -> &Orders {
        &self.orders
    }

    /// The rules that run over what comes, if any do.
    #[must_use]
    pub fn detecting(&self) -> Option<&Arc<Detecting>> {
        self.detecting.as_ref()
    }

    /// Whose turn it is to correlate.
    #[must_use]
    pub fn correlating(&self) -> &Turn {
        &self.correlating
    }

    /// Whose turn it is to go over what is kept.
    #[must_use]
    pub fn scanning(&self) -> &Turn {
        &self.scanning
    }

    /// Whose turn it is to copy files of the lake, or to remove some.
    #[must_use]
    pub fn copying(&self) -> &Turn {
        &self.copying
    }

    /// Whose turn it is to make findings of verdicts.
    #[must_use]
    pub fn grouping(&self) -> &Turn {
        &self.grouping
    }

    /// Does what is to be done when there is no other work, unless somebody copies what would be removed.
    ///
    /// # Errors
    /// When the lake refuses.
    pub fn tidy(&self) -> Result<(), ObservationsError> {
        match self.copying.try_take() {
            Some(_mine) => self.orders.tidy(now()),
            None => Ok(()),
        }
    }

    /// The tables that events come into.
    #[must_use]
    pub fn tables(&self) -> &Arc<Tables> {
        &self.tables
    }

    /// Keeps a batch.
    ///
    /// # Errors
    /// When it is not kept.
    pub fn keep(&self, prepared: Prepared) -> Result<Kept, ObservationsError> {
        self.alone().keep(prepared)
    }

    /// Adds to the lake what waits, and correlates what is new; gives what was found in these batches and by
    /// the correlations. Others keep meanwhile.
    ///
    /// # Errors
    /// When lake or spool refuse. What was kept is in the spool.
    pub fn settle(&self, batches: &[BatchId], words: Words) -> Result<Found, verdicts::Failed> {
        let settled = self.orders.settle();
        let undated = {
            let mut observations = self.alone();
            tell_damaged(observations.damaged(), words);
            // Why the thread ended, if it has.
            if settled.is_err() {
                observations.settle()?;
            }
            observations.committed()?.undated
        };
        let mut found = Found { undated, ..Found::default() };
        let Some(detecting) = &self.detecting else { return Ok(found) };
        let Correlated { mut levels, flaws } = self.correlate(detecting)?;
        let counts = detecting.take(batches);
        levels.iter_mut().zip(counts.levels).for_each(|(all, more)| *all += more);
        let fault = |(path, panic): (Arc<str>, String)| Flaw::new(path, 0, Cause::PartLost { panic });
        found.flaws = flaws;
        found.flaws.extend(counts.faults.into_iter().map(fault));
        found.levels = Some(levels);
        Ok(found)
    }

    /// Whether matches wait that nobody has correlated.
    #[must_use]
    pub fn is_uncorrelated(&self) -> bool {
        self.is_uncorrelated.load(Ordering::SeqCst)
    }

    /// Runs the correlations over matches that are new in the lake. Where somebody else does, nobody waits for
    /// them: they may take as long as a client takes, and what is new stays to be correlated.
    fn correlate(&self, detecting: &Detecting) -> Result<Correlated, verdicts::Failed> {
        self.is_uncorrelated.store(true, Ordering::SeqCst);
        let Some(_mine) = self.correlating.try_take() else { return Ok(Correlated::default()) };
        self.is_uncorrelated.store(false, Ordering::SeqCst);
        let (running, own) = (detecting.running(), Compartment::own());
        let correlating = Correlating { engine: running.engine(), rules: running.rules(), compartment: &own };
        let who = || (access::operator(operator().subject(), now()), now());
        let found = verdicts::correlate(&mut self.orders.clone(), &correlating, &who);
        if found.is_err() {
            self.is_uncorrelated.store(true, Ordering::SeqCst);
        }
        found
    }
}

impl Turn {
    /// Waits until it is nobody else's turn.
    #[must_use]
    pub fn take(&self) -> Taken {
        let (taken, changed) = &*self.0;
        let taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = changed.wait_while(taken, |taken| *taken).unwrap_or_else(PoisonError::into_inner);
        *taken = true;
        Taken(self.clone())
    }

    /// Takes it if it is nobody else's.
    #[must_use]
    pub fn try_take(&self) -> Option<Taken> {
        let mut taken = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        (!std::mem::replace(&mut *taken, true)).then(|| Taken(self.clone()))
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let (taken, changed) = &*self.0.0;
        *taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        changed.notify_one();
    }
}
