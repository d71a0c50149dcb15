//! Who reads which source: two who read one log that grows, each with what they knew when they began, would cut it
//! differently, and its events would be kept twice.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use lake::Owner;

/// Who kept something of a source last.
#[derive(Debug, Default)]
pub struct Readers {
    kept: Mutex<Sources>,
    moment: AtomicU64,
    readers: AtomicU64,
}

/// By owner, and by where the source lies.
type Sources = HashMap<(Owner, String), Last>;

#[derive(Debug, Clone, Copy)]
struct Last {
    reader: u64,
    moment: u64,
}

/// Somebody who reads, and what they know.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    number: u64,
    /// All that was kept until then they know.
    knows: u64,
}

/// Nobody else keeps anything meanwhile.
pub struct Turn<'a> {
    readers: &'a Readers,
    kept: MutexGuard<'a, Sources>,
}

impl Readers {
    /// Somebody begins to read: they look at what is kept after this.
    #[must_use]
    pub fn begin(&self) -> Reader {
        let number = self.readers.fetch_add(1, Ordering::SeqCst);
        Reader { number, knows: self.moment.load(Ordering::SeqCst) }
    }

    /// Somebody who began to read before this holder was there.
    #[must_use]
    pub fn stranger(&self) -> Reader {
        Reader { number: self.readers.fetch_add(1, Ordering::SeqCst), knows: 0 }
    }

    /// The same reader begins anew.
    pub fn again(&self, reader: &mut Reader) {
        reader.knows = self.moment.load(Ordering::SeqCst);
    }

    /// Lets nobody else keep anything.
    #[must_use]
    pub fn turn(&self) -> Turn<'_> {
        Turn { readers: self, kept: self.kept.lock().unwrap_or_else(PoisonError::into_inner) }
    }
}

impl Turn<'_> {
    /// Whether somebody else kept something of this source that the reader does not know of.
    #[must_use]
    pub fn is_stale(&self, reader: Reader, (owner, place): (&Owner, &str)) -> bool {
        let last = self.kept.get(&(owner.clone(), place.to_owned()));
        last.is_some_and(|last| last.reader != reader.number && last.moment > reader.knows)
    }

    /// Notes that the reader kept a batch of this source.
    pub fn kept(&mut self, reader: Reader, (owner, place): (&Owner, &str)) {
        let moment = self.readers.moment.fetch_add(1, Ordering::SeqCst) + 1;
        let key = (owner.clone(), place.to_owned());
        self.kept.insert(key, Last { reader: reader.number, moment });
    }
}

#[cfg(test)]
mod tests {
    use lake::Compartment;

    use super::*;

    #[test]
    fn who_does_not_know_what_others_kept_of_a_source_reads_it_anew() {
        let readers = Readers::default();
        let (one, mut other) = (readers.begin(), readers.begin());
        let own = Compartment::own();
        let owner = Owner { compartment: own, organisation: "own".to_owned(), source: String::new() };
        let (log, elsewhere) = ((&owner, "/a.log"), (&owner, "/b.log"));
        let mut turn = readers.turn();
        assert!(!turn.is_stale(one, log));
        turn.kept(one, log);
        // Its own it knows, and of another source nothing was kept.
        assert!(!turn.is_stale(one, log));
        assert!(!turn.is_stale(other, elsewhere));
        assert!(turn.is_stale(other, log));
        drop(turn);
        readers.again(&mut other);
        let late = readers.begin();
        let mut turn = readers.turn();
        assert!(!turn.is_stale(other, log) && !turn.is_stale(late, log));
        turn.kept(other, log);
        assert!(turn.is_stale(one, log) && turn.is_stale(late, log));
        drop(turn);
        // Whoever began at another holder knows nothing of this one.
        let stranger = readers.stranger();
        assert!(readers.turn().is_stale(stranger, log));
    }
}
