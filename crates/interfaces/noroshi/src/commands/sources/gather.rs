//! Batches gathered by the sources that they come from.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use lake::{BatchId, Entry, Owner};
use model::time::Instant;

/// What came from one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    /// Whose it is, and its name.
    pub(super) owner: Owner,
    pub(super) source_path: Arc<str>,
    pub(super) format: Arc<str>,
    pub(super) first_received: Instant,
    pub(super) last_received: Instant,
    pub(super) batches: u64,
    pub(super) events: u64,
    pub(super) flaws: u64,
    /// Time of its latest event.
    pub(super) latest: Option<Instant>,
    /// The batch received last.
    last: Last,
}

/// What is known of the batch that was received last. Of those received at one moment it is the one that
/// is last in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Last {
    received: Instant,
    first_event: u64,
    latest: Option<Instant>,
}

/// Sources, the one received last first. Superseded batches count for when a source was first received,
/// and for nothing else.
pub(super) fn gather(entries: &[Entry]) -> Vec<Source> {
    let superseded: HashSet<BatchId> = entries.iter().flat_map(|entry| &entry.replaces).copied().collect();
    let mut sources = HashMap::<_, Source>::new();
    for entry in entries {
        let key = (&entry.owner, &entry.source_path, &entry.format);
        let source = sources.entry(key).or_insert_with(|| Source::of(entry));
        source.first_received = source.first_received.min(entry.received);
        if !superseded.contains(&entry.batch) {
            source.add(entry);
        }
    }
    let mut sources: Vec<Source> = sources.into_values().filter(|source| source.batches > 0).collect();
    sources.sort_by(|one, other| one.order().cmp(&other.order()));
    sources
}

impl Source {
    /// The source of a batch, before anything is counted.
    fn of(entry: &Entry) -> Self {
        let least = Instant::from_nanoseconds(i64::MIN);
        Self {
            owner: entry.owner.clone(),
            source_path: entry.source_path.clone(),
            format: entry.format.clone(),
            first_received: entry.received,
            last_received: least,
            batches: 0,
            events: 0,
            flaws: 0,
            latest: None,
            last: Last { received: least, first_event: 0, latest: None },
        }
    }

    fn add(&mut self, entry: &Entry) {
        let latest = entry.span.map(|(_, latest)| latest);
        self.batches += 1;
        self.events += entry.events;
        self.flaws += entry.flaws;
        self.latest = self.latest.max(latest);
        self.last_received = self.last_received.max(entry.received);
        let last = Last { received: entry.received, first_event: entry.first_event, latest };
        self.last = self.last.max(last);
    }

    /// Nanoseconds between the latest event of the batch received last and its reception; less than none
    /// where clocks disagree. Nothing where no event has a time.
    pub(super) fn late(&self) -> Option<i64> {
        let latest = self.last.latest?;
        Some(self.last.received.nanoseconds().saturating_sub(latest.nanoseconds()))
    }

    /// Whether a word, in small letters, is in the path or the name.
    pub(super) fn is_called(&self, word: &str) -> bool {
        [&*self.source_path, &self.owner.source].iter().any(|text| text.to_lowercase().contains(word))
    }

    fn order(&self) -> (Reverse<Instant>, &str, &str, &str) {
        let Owner { organisation, source, .. } = &self.owner;
        (Reverse(self.last_received), &self.source_path, organisation, source)
    }
}

#[cfg(test)]
mod tests {
    use lake::Compartment;
    use model::marking::Marking;
    use sources::Mark;

    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_nanoseconds(seconds * 1_000_000_000)
    }

    fn entry(number: u8, path: &str, received: i64, latest: Option<i64>) -> Entry {
        let mark = Mark { head: 0, end: 0, hash: [0; 32] };
        let owner =
            Owner { compartment: Compartment::own(), organisation: "aoba".to_owned(), source: String::new() };
        Entry {
            received: at(received),
            batch: BatchId::from([number; 16]),
            owner,
            marking: Marking::default(),
            source_path: path.into(),
            format: "json".into(),
            first_event: 0,
            events: 10,
            flaws: 1,
            span: latest.map(|latest| (at(0), at(latest))),
            reader: 1,
            begins: mark,
            ends: mark,
            open: None,
            replaces: Vec::new(),
        }
    }

    #[test]
    fn lateness_is_that_of_the_batch_received_last() {
        let mut last = entry(2, "a", 200, Some(20));
        last.first_event = 9;
        // Received at the same moment, and before it in the source.
        let before = entry(3, "a", 200, Some(150));
        for entries in [
            [entry(1, "a", 100, Some(90)), last.clone(), before.clone()],
            [before, last, entry(1, "a", 100, Some(90))],
        ] {
            let [source] = gather(&entries).try_into().unwrap();
            let Source { batches, events, flaws, .. } = source;
            assert_eq!((batches, events, flaws), (3, 30, 3));
            assert_eq!((source.first_received, source.last_received), (at(100), at(200)));
            assert_eq!((source.latest, source.late()), (Some(at(150)), Some(at(180).nanoseconds())));
        }
        let ahead = gather(&[entry(1, "a", 100, Some(160))]);
        assert_eq!(ahead[0].late(), Some(at(-60).nanoseconds()));
        let timeless = gather(&[entry(1, "a", 100, Some(90)), entry(2, "a", 200, None)]);
        assert_eq!((timeless[0].latest, timeless[0].late()), (Some(at(90)), None));
    }

    #[test]
    fn what_is_superseded_counts_for_the_first_reception_alone() {
        let mut better = entry(2, "a", 200, Some(150));
        better.replaces = vec![BatchId::from([1; 16]), BatchId::from([3; 16])];
        // One source has nothing left but what stands better elsewhere.
        let entries = [entry(1, "a", 100, Some(199)), better, entry(3, "gone", 300, Some(299))];
        let [source] = gather(&entries).try_into().unwrap();
        assert_eq!((source.batches, source.events, source.flaws), (1, 10, 1));
        assert_eq!((source.first_received, source.last_received), (at(100), at(200)));
        assert_eq!((source.latest, source.late()), (Some(at(150)), Some(at(50).nanoseconds())));
    }

    #[test]
    fn sources_are_told_apart_and_the_newest_stands_first() {
        let a = entry(1, "logs.zip!a", 100, None);
        let named = Owner { source: "WS01".to_owned(), ..a.owner.clone() };
        let other = Owner { organisation: "b".to_owned(), ..a.owner.clone() };
        let entries = [
            Entry { owner: other, batch: BatchId::from([4; 16]), ..a.clone() },
            a.clone(),
            Entry { owner: named, batch: BatchId::from([2; 16]), ..a.clone() },
            entry(3, "logs.zip!b", 101, None),
            Entry { format: "csv".into(), batch: BatchId::from([5; 16]), received: at(99), ..a },
        ];
        let sources = gather(&entries);
        let told: Vec<_> = sources
            .iter()
            .map(|source| (&*source.source_path, &*source.owner.organisation, &*source.owner.source))
            .collect();
        let path = "logs.zip!a";
        let expected =
            [("logs.zip!b", "aoba", ""), (path, "aoba", ""), (path, "aoba", "WS01"), (path, "b", "")];
        assert_eq!(told[..4], expected);
        assert_eq!(&*sources[4].format, "csv");
        let called = |word| sources.iter().filter(|source| source.is_called(word)).count();
        assert_eq!((called("ws0"), called(".zip!b"), called("aoba"), called("")), (1, 1, 0, 5));
    }
}
