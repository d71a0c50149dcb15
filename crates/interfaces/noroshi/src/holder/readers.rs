//! Who reads which source: two who read one log that grows, each with what they knew when they began, would cut it
//! differently, and its events would be kept twice.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lake::{Entry, Owner};

/// Who kept something of a source last.
#[derive(Debug, Default)]
pub struct Readers {
    kept: Mutex<Sources>,
    moment: AtomicU64,
    readers: AtomicU64,
}

type Sources = HashMap<(Owner, Arc<str>), Last>;

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
    /// Whether somebody else kept something of this batch's source that the reader does not know of.
    #[must_use]
    pub fn is_stale(&self, reader: Reader, entry: &Entry) -> bool {
        let last = self.kept.get(&(entry.owner.clone(), entry.source_path.clone()));
        last.is_some_and(|last| last.reader != reader.number && last.moment > reader.knows)
    }

    /// Notes that the reader kept this batch.
    pub fn kept(&mut self, reader: Reader, entry: &Entry) {
        let moment = self.readers.moment.fetch_add(1, Ordering::SeqCst) + 1;
        let key = (entry.owner.clone(), entry.source_path.clone());
        self.kept.insert(key, Last { reader: reader.number, moment });
    }
}

#[cfg(test)]
mod tests {
    use lake::{BatchId, Compartment};
    use model::marking::Marking;
    use model::time::Instant;
    use sources::Mark;

    use super::*;

    fn entry(path: &str) -> Entry {
        let owner =
            Owner { compartment: Compartment::own(), organisation: "own".to_owned(), source: String::new() };
        let mark = Mark { head: 0, end: 0, hash: [0; 32] };
        Entry {
            received: Instant::from_nanoseconds(0),
            batch: BatchId::from([0; 16]),
            owner,
            marking: Marking::default(),
            source_path: path.into(),
            format: "json".into(),
            first_event: 0,
            events: 1,
            flaws: 0,
            span: None,
            reader: 1,
            begins: mark,
            ends: mark,
            open: None,
            replaces: Vec::new(),
        }
    }

    #[test]
    fn who_does_not_know_what_others_kept_of_a_source_reads_it_anew() {
        let readers = Readers::default();
        let (one, mut other) = (readers.begin(), readers.begin());
        let (log, elsewhere) = (entry("a.log"), entry("b.log"));
        let mut turn = readers.turn();
        assert!(!turn.is_stale(one, &log));
        turn.kept(one, &log);
        // Its own it knows, and of another source nothing was kept.
        assert!(!turn.is_stale(one, &log));
        assert!(!turn.is_stale(other, &elsewhere));
        assert!(turn.is_stale(other, &log));
        drop(turn);
        readers.again(&mut other);
        let late = readers.begin();
        let mut turn = readers.turn();
        assert!(!turn.is_stale(other, &log) && !turn.is_stale(late, &log));
        turn.kept(other, &log);
        assert!(turn.is_stale(one, &log) && turn.is_stale(late, &log));
        drop(turn);
        // Whoever began at another holder knows nothing of this one.
        let stranger = readers.stranger();
        assert!(readers.turn().is_stale(stranger, &log));
    }
}
