//! Ends of files, which say where their columns lie, kept from one question to the next.

use std::fmt;
use std::sync::Arc;

use datafusion::execution::cache::cache_manager::FileMetadataCache;
use datafusion::execution::cache::default_cache::DefaultCache;

/// Bytes that they may take in memory.
const BYTES: usize = 64 << 20;

/// Ends of files by path; one that was not asked for in a long time goes first.
#[derive(Clone)]
pub(crate) struct Footers(pub(super) Arc<FileMetadataCache>);

impl Footers {
    pub(crate) fn new() -> Self {
        Self(Arc::new(DefaultCache::new(BYTES)))
    }
}

impl fmt::Debug for Footers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Footers")
    }
}
