//! The events behind a match, as small as they can be written down.

use std::num::NonZeroU32;
use std::sync::Arc;

use hashbrown::HashMap;
use model::event::Place;
use model::evidence::Origin;
use model::time::Instant;
use serde::{Deserialize, Serialize};

use crate::verdict::EventReference;

/// An event; `u64::MAX` stands for an absent number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reference {
    source: u32,
    time: i64,
    ordinal: u64,
    line: u64,
    record_id: u64,
    audit_serial: u64,
}

/// What stands behind a match: one event, or all that made another correlation fire.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Evidence {
    /// The event that completed it.
    pub(super) last: Reference,
    /// The others, of a correlation.
    pub(super) burst: Option<Arc<Burst>>,
}

/// The events that take part in a correlation beside the one that completed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Burst {
    /// Those that are told, in the order of time.
    pub(super) before: Vec<Reference>,
    /// How many more there are.
    pub(super) untold: u64,
}

/// An event by numbers that no other has: its source, from 1, and its ordinal there.
pub(super) type Identity = (NonZeroU32, u64);

impl Reference {
    pub(super) fn identity(&self) -> Identity {
        (NonZeroU32::MIN.saturating_add(self.source), self.ordinal)
    }
}

impl Evidence {
    /// When it happened, in nanoseconds since 1970.
    pub(super) fn time(&self) -> i64 {
        self.last.time
    }

    /// The single event that it is; none when it is a correlation of several.
    pub(super) fn single(&self) -> Option<Identity> {
        self.burst.is_none().then(|| self.last.identity())
    }

    /// All events that are told, the completing one last.
    pub(super) fn references(&self) -> impl Iterator<Item = &Reference> {
        self.burst.iter().flat_map(|burst| &burst.before).chain([&self.last])
    }

    /// Events told beside the completing one.
    pub(super) fn told_before(&self) -> usize {
        self.burst.as_ref().map_or(0, |burst| burst.before.len())
    }

    /// Events that are not told.
    pub(super) fn untold(&self) -> u64 {
        self.burst.as_ref().map_or(0, |burst| burst.untold)
    }
}

/// Origins of events by number.
#[derive(Debug, Default)]
pub(super) struct Origins {
    all: Vec<Arc<Origin>>,
    numbers: HashMap<Arc<Origin>, u32>,
}

impl Origins {
    pub(super) fn new(all: Vec<Arc<Origin>>) -> Self {
        let numbers = (0..).zip(&all).map(|(number, origin)| (origin.clone(), number)).collect();
        Self { all, numbers }
    }

    pub(super) fn all(&self) -> &[Arc<Origin>] {
        &self.all
    }

    /// The event at a place of a source.
    pub(super) fn reference(&mut self, origin: &Arc<Origin>, place: &Place, time: i64) -> Reference {
        let known = self.numbers.get(origin).copied();
        let source = known.unwrap_or_else(|| {
            let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
            self.all.push(origin.clone());
            self.numbers.insert(origin.clone(), number);
            number
        });
        let number = |number: Option<u64>| number.unwrap_or(u64::MAX);
        Reference {
            source,
            time,
            ordinal: place.ordinal,
            line: number(place.line),
            record_id: number(place.record_id),
            audit_serial: number(place.audit_serial),
        }
    }

    /// The event as it is told.
    pub(super) fn event(&self, reference: &Reference) -> EventReference {
        let number = |number: u64| (number != u64::MAX).then_some(number);
        let origin = self.all.get(reference.source as usize);
        EventReference {
            source_path: origin.map(|origin| origin.source_path.clone()).unwrap_or_default(),
            evidence: origin.and_then(|origin| origin.evidence(reference.ordinal)),
            place: Place {
                ordinal: reference.ordinal,
                line: number(reference.line),
                record_id: number(reference.record_id),
                audit_serial: number(reference.audit_serial),
                time: Some(Instant::from_nanoseconds(reference.time)),
            },
        }
    }
}
