//! The different values of a window.

use std::collections::VecDeque;
use std::sync::Arc;

use hashbrown::DefaultHashBuilder;
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use super::order::insert;

/// A value, or several together, as [`combine`](super::key::combine) writes them.
pub(super) type Value = Arc<[u8]>;

/// Values that are looked through one by one, since most windows have no more.
const FEW: usize = 16;

/// Values by the times at which they were last seen.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Values {
    /// Sightings in the order of time. Of a few values the latest alone; of many all that may be the
    /// latest, until they are cleared out.
    seen: VecDeque<(i64, Value)>,
    /// The latest sighting of each, once there are more than a few. Follows from what was seen; not
    /// saved.
    #[serde(skip)]
    latest: Option<Box<HashMap<Value, i64, DefaultHashBuilder>>>,
    /// Bytes of what was seen.
    bytes: usize,
}

impl Values {
    /// Finds the latest sightings anew, after they were read.
    pub(super) fn restore(&mut self, limits: Limits) {
        // Later sightings come later, and take the places of earlier ones.
        let latest: HashMap<_, _, _> = self.seen.iter().map(|(time, value)| (value.clone(), *time)).collect();
        self.latest = Some(Box::new(latest));
        if self.seen.len() <= limits.few() {
            self.clear_out();
            self.latest = None;
        }
    }

    /// Adds values and, when there are many, drops what changes no answer: a value's earlier
    /// sightings, and the oldest values beyond `enough` younger ones.
    pub(super) fn see(&mut self, time: i64, values: &[Value], limits: Limits) {
        self.seen.reserve_exact(if self.seen.is_empty() { 2 } else { 0 });
        values.iter().for_each(|value| self.add(time, value, limits));
        if self.seen.len() > limits.crowded && self.seen.len() > self.count() * 2 {
            self.clear_out();
        }
        while self.count() > limits.crowded.max(limits.enough) {
            self.drop_first();
        }
    }

    fn add(&mut self, time: i64, value: &Value, limits: Limits) {
        match &mut self.latest {
            Some(latest) => {
                let known = latest.entry(value.clone()).or_insert(i64::MIN);
                // A sighting that came late changes nothing.
                if *known >= time {
                    return;
                }
                *known = time;
            }
            None => {
                let known = self.seen.iter().position(|(_, known)| known == value);
                if let Some(known) = known {
                    if self.seen[known].0 >= time {
                        return;
                    }
                    self.seen.remove(known);
                    self.bytes -= value.len();
                }
            }
        }
        self.bytes += value.len();
        insert(&mut self.seen, (time, value.clone()), |(time, _)| *time);
        if self.latest.is_none() && self.seen.len() > limits.few() {
            self.restore(limits);
        }
    }

    /// Drops the earlier sightings of each value.
    fn clear_out(&mut self) {
        let Some(latest) = &self.latest else { return };
        self.seen.retain(|(time, value)| latest.get(value) == Some(time));
        self.bytes = self.seen.iter().map(|(_, value)| value.len()).sum();
    }

    pub(super) fn expire(&mut self, edge: i64) {
        while self.seen.front().is_some_and(|(time, _)| *time < edge) {
            self.drop_first();
        }
    }

    fn drop_first(&mut self) {
        let Some((time, value)) = self.seen.pop_front() else { return };
        self.bytes -= value.len();
        if let Some(latest) = &mut self.latest
            && latest.get(&value) == Some(&time)
        {
            latest.remove(&value);
        }
    }

    /// How many different ones there are; once there were more than enough, at least enough.
    pub(super) fn count(&self) -> usize {
        self.latest.as_ref().map_or(self.seen.len(), |latest| latest.len())
    }

    pub(super) fn weight(&self) -> usize {
        self.seen.len() + self.bytes / 64
    }
}

/// When values are dropped that change no answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Different values above which the count changes nothing.
    pub(super) enough: usize,
    /// Values and sightings that are kept in any case.
    pub(super) crowded: usize,
}

impl Limits {
    fn few(self) -> usize {
        FEW.min(self.crowded)
    }
}
