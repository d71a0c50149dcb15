//! By what two verdicts belong to one story.

use std::fmt;
use std::str::FromStr;

use model::level::Level;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::Seen;

/// What verdicts share: the first 60 bits of a hash, as 15 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(u64);

/// Seconds.
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The farthest that any key reaches, in seconds.
pub(super) const FARTHEST: i64 = 7 * DAY;

/// Sessions of Windows itself, in which everything happens: system, local service, network service, none.
const SYSTEM_SESSIONS: [u64; 5] = [0x3e7, 0x3e5, 0x3e4, 0x3e3, 0];

impl Key {
    /// As a table has it.
    #[must_use]
    pub(super) fn number(self) -> i64 {
        self.0.cast_signed()
    }

    /// From a table.
    pub(super) fn of_number(number: i64) -> Self {
        Self(number.cast_unsigned())
    }

    fn of(what: &str, parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in std::iter::once(&what).chain(parts) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let hash = hash.finalize();
        Self(hash[..8].iter().fold(0, |all, byte| all << 8 | u64::from(*byte)) >> 4)
    }
}

/// By what a verdict belongs to a story: its keys, each with the seconds that it reaches.
///
/// Each verdict has keys; two verdicts that share one, and whose times are not further apart than the key reaches,
/// belong together, and so does what either belongs to. Nothing else counts, so it does not matter in which order
/// or in which pieces verdicts come.
///
/// | key | of which verdicts | reaches |
/// |---|---|---|
/// | host | level medium and above | 30 minutes |
/// | host and rule | all | 7 days |
/// | organisation and rule | level high and above | 1 hour |
/// | process; its parent process | all | 4 hours |
/// | session of a user | all | 12 hours |
/// | rule and values that the events of a correlation share | correlations | 7 days |
///
/// What is of low level does not hold a host's verdicts together: it happens all day. A rule that fires on one host
/// after the other within the hour is one attack that spreads, or one habit of many.
#[must_use]
pub fn keys(seen: &Seen) -> Vec<(Key, i64)> {
    let Seen { organisation, rule, level, .. } = seen;
    let mut keys = Vec::with_capacity(6);
    if let Some(host) = &seen.host {
        if *level >= Level::Medium {
            keys.push((Key::of("host", &[organisation, host]), 30 * MINUTE));
        }
        keys.push((Key::of("host and rule", &[organisation, host, rule]), FARTHEST));
    }
    if *level >= Level::High {
        keys.push((Key::of("rule", &[organisation, rule]), HOUR));
    }
    let host = seen.host.as_deref().unwrap_or_default();
    for process in [&seen.process, &seen.parent].into_iter().flatten() {
        keys.push((Key::of("process", &[organisation, host, process]), 4 * HOUR));
    }
    if let Some(session) = seen.session.as_deref().filter(|session| is_of_a_user(session)) {
        keys.push((Key::of("session", &[organisation, host, session]), 12 * HOUR));
    }
    if !seen.group.is_empty() {
        let values = seen.group.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]);
        let parts: Vec<&str> = [organisation.as_str(), rule].into_iter().chain(values).collect();
        keys.push((Key::of("group", &parts), FARTHEST));
    }
    // A process may be its own parent in broken logs.
    keys.sort_unstable();
    keys.dedup_by_key(|(key, _)| *key);
    keys
}

fn is_of_a_user(session: &str) -> bool {
    let number = match session.strip_prefix("0x").or_else(|| session.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => session.parse(),
    };
    !session.is_empty() && !number.is_ok_and(|number| SYSTEM_SESSIONS.contains(&number))
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:015x}", self.0)
    }
}

impl FromStr for Key {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(Self)
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
