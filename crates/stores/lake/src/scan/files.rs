//! The files of one version of a table.

use std::sync::Arc;

use datafusion::common::stats::Precision;
use datafusion::common::{ScalarValue, Statistics};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::{DataFusionError, Result};
use deltalake::kernel::EagerSnapshot;
use deltalake::logstore::object_store::ObjectMeta;
use deltalake::logstore::object_store::path::Path as Location;

/// The files that a version of a table names.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) snapshot: EagerSnapshot,
    /// The table's folder, as the store names it.
    pub(super) folder: Location,
}

impl Files {
    /// Those of the files that are wanted, in the order of the log, as a scan takes them.
    pub(super) fn list(&self, wanted: &[bool], columns: &TableSchema) -> Result<Vec<PartitionedFile>> {
        let mut files = Vec::new();
        for (file, is_wanted) in self.snapshot.log_data().iter().zip(wanted) {
            if !is_wanted {
                continue;
            }
            let path = file.object_store_path();
            let location: Location = self.folder.parts().chain(path.parts()).collect();
            let changed = file.modification_datetime().map_err(outside)?;
            let size = u64::try_from(file.size()).map_err(outside)?;
            let meta = ObjectMeta { location, last_modified: changed, size, e_tag: None, version: None };
            let named = file.partition_values_map();
            let values = columns.table_partition_cols().iter().map(|column| {
                let value = named.get(column.name()).cloned().flatten();
                ScalarValue::Utf8View(value).cast_to(column.data_type())
            });
            let values: Vec<ScalarValue> = values.collect::<Result<_>>()?;
            let mut known = Statistics::new_unknown(columns.file_schema());
            known.num_rows = file.num_records().map_or(Precision::Absent, Precision::Exact);
            let file = PartitionedFile::new_from_meta(meta).with_partition_values(values);
            files.push(file.with_statistics(Arc::new(known)));
        }
        Ok(files)
    }
}

fn outside(error: impl std::error::Error + Send + Sync + 'static) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
