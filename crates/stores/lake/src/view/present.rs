//! Whether a view shows any row of a table. One of which it shows none is as one that is not there: that
//! somebody has such events is told by the name of the table alone.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::catalog::TableProvider;
use datafusion::prelude::SessionContext;
use futures::StreamExt;
use model::view::Part;

use crate::error::LakeError;
use crate::name::TableName;

/// Views that are remembered for each table.
const REMEMBERED: usize = 64;

/// Versions of a table and of the table of batches.
pub(super) type Versions = (u64, Option<u64>);

/// What was found, by table.
#[derive(Clone, Default)]
pub(crate) struct Present(Arc<Mutex<HashMap<TableName, Known>>>);

/// What was found of a table as of some versions.
#[derive(Default)]
struct Known {
    versions: Versions,
    found: Vec<(Arc<Part>, bool)>,
}

/// Of what it is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key<'a> {
    pub(super) name: &'a TableName,
    pub(super) versions: Versions,
    pub(super) part: &'a Arc<Part>,
}

impl fmt::Debug for Present {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Present")
    }
}

impl Present {
    /// Whether there is a row in what a view shows of a table.
    pub(super) async fn any(&self, key: Key<'_>, seen: &Arc<dyn TableProvider>) -> Result<bool, LakeError> {
        if let Some(known) = self.get(key) {
            return Ok(known);
        }
        let first = async {
            let table = SessionContext::new().read_table(seen.clone())?;
            let mut rows = table.select_exprs(&[])?.execute_stream().await?;
            while let Some(rows) = rows.next().await {
                if rows?.num_rows() > 0 {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        let is_seen = first.await.map_err(|error| LakeError::Question(Box::new(error)))?;
        self.put(key, is_seen);
        Ok(is_seen)
    }

    fn get(&self, key: Key<'_>) -> Option<bool> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(key.name).filter(|known| known.versions == key.versions)?;
        known.found.iter().find(|(part, _)| part == key.part).map(|(_, is_seen)| *is_seen)
    }

    fn put(&self, key: Key<'_>, is_seen: bool) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.entry(key.name.clone()).or_default();
        if known.versions != key.versions || known.found.len() >= REMEMBERED {
            *known = Known { versions: key.versions, found: Vec::new() };
        }
        known.found.push((key.part.clone(), is_seen));
    }
}
