//! A correlator as bytes, so that a log can be followed on from where it was left.
//!
//! The bytes carry a digest of the correlations they belong to and a checksum of themselves. What
//! the correlations keep depends on their numbers and on those of their parts, so the bytes of other
//! correlations are refused, and so are damaged ones and those of another version of this form.

use std::fmt;
use std::sync::Arc;

use model::evidence::Origin;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::correlator::{Correlator, Omitted};
use super::evidence::Origins;
use super::groups::{Groups, Table};
use super::key::Key;
use super::plan::{Node, Plan};
use super::setting::Setting;
use super::window::Window;
use crate::bounds::Bounds;

/// Changes with the form of the bytes.
const VERSION: u32 = 2;
const DIGEST: usize = 32;
const CHECKSUM: usize = 4;

/// Why a correlator cannot be resumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotResumed {
    /// The bytes belong to other correlations or to another version.
    OtherCorrelations,
    /// The bytes are damaged.
    Damaged,
}

impl fmt::Display for NotResumed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::OtherCorrelations => "what was saved belongs to other correlations",
            Self::Damaged => "what was saved is damaged",
        })
    }
}

impl std::error::Error for NotResumed {}

/// Tables of windows by their keys, `K` and `W` owned or borrowed.
#[derive(Serialize, Deserialize)]
struct Saved<K, W> {
    sources: Vec<Arc<Origin>>,
    latest: i64,
    omitted: Omitted,
    tables: Vec<SavedTable<K, W>>,
}

#[derive(Serialize, Deserialize)]
struct SavedTable<K, W> {
    swept: Option<i64>,
    windows: Vec<(K, W)>,
}

impl Correlator {
    /// All that is open, as bytes from which [`Engine::resume`](crate::Engine::resume) goes on.
    #[must_use]
    pub fn save(&self) -> Vec<u8> {
        let saved = Saved::<&Key, &Window> {
            sources: self.sources.all().to_vec(),
            latest: self.latest,
            omitted: self.omitted,
            tables: self.groups.tables.iter().map(saved_table).collect(),
        };
        let mut head = digest_of(&self.plan).to_vec();
        head.extend_from_slice(&[0; CHECKSUM]);
        // Writing plain values into memory cannot fail; without them nothing could be resumed.
        let mut bytes = postcard::to_extend(&saved, head).unwrap_or_default();
        let checksum = crc32c::crc32c(bytes.get(DIGEST + CHECKSUM..).unwrap_or_default());
        if let Some(place) = bytes.get_mut(DIGEST..DIGEST + CHECKSUM) {
            place.copy_from_slice(&checksum.to_le_bytes());
        }
        bytes
    }

    /// The correlator that was saved.
    pub(crate) fn resume(plan: Arc<Plan>, bounds: Bounds, bytes: &[u8]) -> Result<Self, NotResumed> {
        let (of, rest) = bytes.split_at_checked(DIGEST).ok_or(NotResumed::Damaged)?;
        if *of != digest_of(&plan) {
            return Err(NotResumed::OtherCorrelations);
        }
        let (checksum, state) = rest.split_at_checked(CHECKSUM).ok_or(NotResumed::Damaged)?;
        if *checksum != crc32c::crc32c(state).to_le_bytes() {
            return Err(NotResumed::Damaged);
        }
        let saved: Saved<Key, Window> = postcard::from_bytes(state).map_err(|_| NotResumed::Damaged)?;
        let tables = saved
            .tables
            .into_iter()
            .zip(&plan.correlations)
            .map(|(table, node)| table.open(Setting { node, bounds: &bounds }));
        let groups = Groups::new(tables.collect(), &bounds);
        Ok(Self {
            groups,
            sources: Origins::new(saved.sources),
            latest: saved.latest,
            omitted: saved.omitted,
            ..Self::new(plan, bounds)
        })
    }
}

fn saved_table(table: &Table) -> SavedTable<&Key, &Window> {
    SavedTable { swept: table.swept, windows: table.windows.iter().collect() }
}

impl SavedTable<Key, Window> {
    fn open(self, setting: Setting<'_>) -> Table {
        let windows = self.windows.into_iter().map(|(key, mut window)| {
            window.restore(setting);
            (key, window)
        });
        Table { swept: self.swept, windows: windows.collect() }
    }
}

/// The digest of everything that gives what is saved its meaning.
fn digest_of(plan: &Plan) -> [u8; DIGEST] {
    let mut digest = Sha256::new();
    digest.update(VERSION.to_le_bytes());
    for node in &plan.correlations {
        let Node { meta, kind, span, condition, group_by, rules, .. } = node;
        let identity = (&meta.id, &meta.title, kind, span, condition, group_by, rules);
        // A text that could not be written would be missing from both digests alike.
        let bytes = postcard::to_stdvec(&identity).unwrap_or_default();
        digest.update((bytes.len() as u64).to_le_bytes());
        digest.update(bytes);
    }
    digest.finalize().into()
}
