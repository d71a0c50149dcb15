//! Files read each for itself: in which part of the answer a row comes, and behind which other rows, is a
//! matter of its own file alone.
//!
//! Whoever shows some of the rows needs that. How rows are put together decides whether an expression that
//! fails on one of them is evaluated at all (`a AND 1 / x > 0`), so files of hidden rows must not move
//! those of others from one part to the next.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use datafusion::catalog::Session;
use datafusion::common::stats::Precision;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder};
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::Result;
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;

use super::Scan;

/// Rows of a file that are read by one: those of a group of rows ([`files`](crate::files)).
const ROWS: usize = 128 << 10;

/// What is to be read of a table.
#[derive(Debug)]
pub(crate) struct Apart<'a> {
    /// Places of its columns.
    pub(crate) columns: &'a Vec<usize>,
    /// What chooses files and groups of rows. Rows that do not fit may be given nevertheless.
    pub(crate) filters: &'a [Expr],
    /// Whether it chooses rows as well, before their other columns are read.
    pub(crate) pushing_down: bool,
}

impl Scan {
    /// Reads columns in as many parts as the session works on at once; nothing where no file can fit.
    pub(crate) fn apart(
        &self,
        session: &dyn Session,
        wanted: &Apart<'_>,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let chosen = self.chosen(session, Some(wanted.columns), wanted.filters)?;
        if chosen.files.is_empty() {
            return Ok(None);
        }
        let parts = session.config().target_partitions().max(1);
        let mut groups = vec![Vec::new(); parts];
        chosen.files.into_iter().for_each(|file| spread(file, &mut groups));
        let mut source = self.source(session).with_pushdown_filters(wanted.pushing_down);
        if let Some(filter) = chosen.filter {
            source = source.with_predicate(filter);
        }
        let config = FileScanConfigBuilder::new(chosen.url, Arc::new(source))
            .with_file_groups(groups.into_iter().map(FileGroup::new).collect())
            .with_projection_indices(Some(wanted.columns.clone()))?
            // No part takes files that wait in another.
            .with_preserve_order(true)
            .build();
        Ok(Some(DataSourceExec::from_data_source(config)))
    }
}

/// Puts a file into one of some groups, or pieces of a large one into all of them.
fn spread(file: PartitionedFile, groups: &mut [Vec<PartitionedFile>]) {
    let rows = file.statistics.as_ref().map_or(Precision::Absent, |known| known.num_rows);
    let parts = groups.len();
    if parts > 1 && rows.get_value().is_none_or(|rows| *rows > ROWS) {
        let bound = |part: usize| (file.object_meta.size as u128 * part as u128 / parts as u128) as i64;
        for (part, group) in groups.iter_mut().enumerate() {
            group.push(file.clone().with_range(bound(part), bound(part + 1)));
        }
        return;
    }
    let mut hasher = DefaultHasher::new();
    file.object_meta.location.as_ref().hash(&mut hasher);
    let part = hasher.finish() % parts as u64;
    groups[part as usize].push(file);
}
