//! The files of one version of a table.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_schema::{DataType, FieldRef};
use datafusion::common::stats::Precision;
use datafusion::common::{Column, ColumnStatistics, ScalarValue, Statistics};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::{DataFusionError, Result};
use datafusion::physical_optimizer::pruning::PruningStatistics;
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
    /// Those of the files that are wanted, in the order of the log, as a scan takes them; with the least
    /// and greatest values of the columns that the scan looks at, by which it chooses further.
    pub(super) fn list(&self, wanted: &[bool], seen: &Seen<'_>) -> Result<Vec<PartitionedFile>> {
        let columns = seen.columns;
        let bounds = self.bounds(seen);
        let mut files = Vec::new();
        for (place, (file, is_wanted)) in self.snapshot.log_data().iter().zip(wanted).enumerate() {
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
            for bound in &bounds {
                bound.tell(place, &mut known.column_statistics[bound.column])?;
            }
            let file = PartitionedFile::new_from_meta(meta).with_partition_values(values);
            files.push(file.with_statistics(Arc::new(known)));
        }
        Ok(files)
    }

    /// What the log says of the columns that a scan looks at.
    fn bounds(&self, seen: &Seen<'_>) -> Vec<Bound> {
        let log = self.snapshot.log_data();
        let fields = seen.columns.file_schema().fields().iter().enumerate().take(seen.counted);
        let bound = |(column, field): (usize, &FieldRef)| {
            let name = Column::new_unqualified(field.name());
            let (least, greatest) = (log.min_values(&name)?, log.max_values(&name)?);
            Some(Bound { column, kind: field.data_type().clone(), least, greatest })
        };
        fields.filter(|(column, _)| seen.places.contains(column)).filter_map(bound).collect()
    }
}

/// What a scan looks at.
#[derive(Debug)]
pub(super) struct Seen<'a> {
    pub(super) columns: &'a TableSchema,
    /// Places of columns.
    pub(super) places: Vec<usize>,
    /// How many of the first columns the log has statistics of.
    pub(super) counted: usize,
}

/// Least and greatest values of a column, by file.
struct Bound {
    column: usize,
    kind: DataType,
    least: ArrayRef,
    greatest: ArrayRef,
}

impl Bound {
    /// Tells those of one file. They are bounds, and need not be values.
    fn tell(&self, file: usize, statistics: &mut ColumnStatistics) -> Result<()> {
        let value = |values: &ArrayRef| -> Result<Precision<ScalarValue>> {
            let value = ScalarValue::try_from_array(values, file)?.cast_to(&self.kind)?;
            Ok(if value.is_null() { Precision::Absent } else { Precision::Inexact(value) })
        };
        statistics.min_value = value(&self.least)?;
        statistics.max_value = value(&self.greatest)?;
        Ok(())
    }
}

fn outside(error: impl std::error::Error + Send + Sync + 'static) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
