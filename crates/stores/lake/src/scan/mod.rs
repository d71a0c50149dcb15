//! How a question reads a table: the files of one version that can hold what it asks for, read as
//! Parquet.
//!
//! Which files those are is decided by what the log of the table says of each: its partition, and the
//! least and greatest values of the first columns. The library's own way to the same files costs a
//! multiple of it ([performance](../../../../../docs/performance.md)). Columns that a file lacks are null.

mod apart;
mod files;
mod footers;

use std::sync::Arc;

use arrow_schema::{FieldRef, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::{DFSchema, Statistics, project_schema};
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::CachedParquetFileReaderFactory;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::Result;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_optimizer::pruning::PruningPredicateBuilder;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use deltalake::logstore::object_store::ObjectStore;
use deltalake::logstore::object_store::path::Path as Location;

use crate::columns::in_memory;
use crate::error::LakeError;
use crate::place::Place;
use crate::table::Table;

pub(crate) use apart::Apart;
use files::{Files, Seen};
pub(crate) use footers::Footers;

/// Under what name a session knows the disk.
const STORE: &str = "lake://disk";

/// Files that are to be read.
struct Chosen {
    url: ObjectStoreUrl,
    files: Vec<PartitionedFile>,
    /// What chose them.
    filter: Option<Arc<dyn PhysicalExpr>>,
}

/// A version of a table, as questions read it.
#[derive(Debug)]
pub(crate) struct Scan {
    columns: TableSchema,
    files: Files,
    counted: usize,
    store: Arc<dyn ObjectStore>,
    footers: Footers,
}

impl Scan {
    /// What questions read of a table that was opened.
    pub(crate) fn of(
        table: &Table,
        place: &Place,
        footers: &Footers,
    ) -> std::result::Result<Self, LakeError> {
        let refused = |error| table.refused("asked", error);
        let snapshot = table.delta.snapshot().map_err(refused)?.snapshot().clone();
        let partitions = snapshot.metadata().partition_columns().to_vec();
        let (days, others): (Vec<FieldRef>, Vec<FieldRef>) = snapshot
            .arrow_schema()
            .fields()
            .iter()
            .map(|field| Arc::new(in_memory(field)))
            .partition(|field| partitions.contains(field.name()));
        let folder = Location::from_absolute_path(place.folder_of(&table.name));
        let folder = folder.map_err(|error| refused(error.into()))?;
        let columns =
            TableSchema::builder(Arc::new(Schema::new(others))).with_table_partition_cols(days).build();
        let files = Files { snapshot, folder };
        let counted = table.columns.with_statistics;
        Ok(Self { columns, files, counted, store: place.store(), footers: footers.clone() })
    }

    /// The files that can hold what is asked for, in the order of the log.
    fn chosen(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
    ) -> Result<Chosen> {
        let url = ObjectStoreUrl::parse(STORE)?;
        session.runtime_env().register_object_store(url.as_ref(), self.store.clone());
        let schema = DFSchema::try_from(self.schema())?;
        let filter = conjunction(filters.iter().cloned());
        let filter = filter.map(|filter| session.create_physical_expr(filter, &schema)).transpose()?;
        let all = || (0..self.columns.table_schema().fields().len()).collect();
        let places = projection.cloned().unwrap_or_else(all);
        let seen = Seen { columns: &self.columns, places, counted: self.counted };
        let files = self.files.list(&self.possible(filter.as_ref())?, &seen)?;
        Ok(Chosen { url, files, filter })
    }

    /// How the columns of files are read.
    fn source(&self, session: &dyn Session) -> ParquetSource {
        let readers = CachedParquetFileReaderFactory::new(self.store.clone(), self.footers.0.clone());
        ParquetSource::new(self.columns.clone())
            .with_table_parquet_options(session.table_options().parquet.clone())
            .with_parquet_file_reader_factory(Arc::new(readers))
    }

    /// Whether each file can hold rows that a filter lets through.
    fn possible(&self, filter: Option<&Arc<dyn PhysicalExpr>>) -> Result<Vec<bool>> {
        let log = self.files.snapshot.log_data();
        match filter {
            None => Ok(vec![true; log.num_files()]),
            Some(filter) => {
                let predicate = PruningPredicateBuilder::new()
                    .with_file_schema(self.schema())
                    .try_build(filter.clone())?;
                predicate.prune(&log)
            }
        }
    }
}

#[async_trait]
impl TableProvider for Scan {
    fn schema(&self) -> SchemaRef {
        self.columns.table_schema().clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        // They choose files, and the rows of these are looked at again.
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let chosen = self.chosen(session, projection, filters)?;
        if chosen.files.is_empty() {
            let columns = project_schema(&self.schema(), projection)?;
            // A source without files has no part that could be sorted.
            return Ok(Arc::new(EmptyExec::new(columns)));
        }
        let statistics = total(&chosen.files, &self.schema());
        let groups = FileGroup::new(chosen.files).split_files(session.config().target_partitions());
        let config = FileScanConfigBuilder::new(chosen.url, Arc::new(self.source(session)))
            .with_file_groups(groups)
            .with_statistics(statistics)
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }
}

/// How many rows there are, where every file says so.
fn total(files: &[PartitionedFile], schema: &Schema) -> Statistics {
    let mut statistics = Statistics::new_unknown(schema);
    let mut rows = files.iter().map(|file| file.statistics.as_ref().map(|known| known.num_rows));
    let sum = rows.try_fold(Precision::Exact(0), |sum, rows| Some(sum.add(&rows?)));
    statistics.num_rows = sum.unwrap_or(Precision::Absent);
    statistics
}
