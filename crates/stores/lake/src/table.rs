//! One table: a folder with a Delta log and the Parquet files that it names.

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use deltalake::kernel::engine::arrow_conversion::TryIntoKernel;
use deltalake::kernel::transaction::CommitProperties;
use deltalake::kernel::{StructField, StructType, Transaction};
use deltalake::{DeltaTable, DeltaTableError, TableProperty};

use crate::error::LakeError;
use crate::files;
use crate::name::TableName;
use crate::place::Place;
use crate::rows::{DAY, WITH_STATISTICS};
use crate::writer::{Delivery, Shard};

/// What tables are made with.
const PROPERTIES: [(TableProperty, &str); 4] = [
    // Observations are never taken back by row.
    (TableProperty::AppendOnly, "true"),
    (TableProperty::CheckpointInterval, "100"),
    (TableProperty::DataSkippingNumIndexedCols, WITH_STATISTICS),
    // A clean-up lists the whole log at every commit; it is done on its own.
    (TableProperty::EnableExpiredLogCleanup, "false"),
];

/// A table at one version.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: TableName,
    pub(crate) delta: DeltaTable,
}

impl Table {
    /// Why the library refused this table.
    pub(crate) fn refused(&self, action: &'static str, source: DeltaTableError) -> LakeError {
        refused(&self.name, action, source)
    }

    /// A table at its newest version, made with these columns where there is none.
    pub(crate) async fn make(place: &Place, name: &TableName, columns: &Schema) -> Result<Self, LakeError> {
        let refused = |source| refused(name, "made", source);
        let delta = place.table(name).and_then(|builder| builder.build()).map_err(refused)?;
        if delta.verify_deltatable_existence().await.map_err(refused)? {
            return Self::open(place, name).await;
        }
        let columns: StructType =
            columns.try_into_kernel().map_err(|error| refused(DeltaTableError::from(error)))?;
        let fields: Vec<StructField> = columns.fields().cloned().collect();
        let days = fields.iter().map(|field| field.name()).find(|name| *name == DAY).cloned();
        let create = delta.create().with_table_name(name.to_string()).with_columns(fields);
        let create = create.with_partition_columns(days);
        let create = PROPERTIES.into_iter().fold(create, |create, (property, value)| {
            create.with_configuration_property(property, Some(value))
        });
        let delta = create.await.map_err(refused)?;
        Ok(Self { name: name.clone(), delta })
    }

    /// A table at its newest version.
    pub(crate) async fn open(place: &Place, name: &TableName) -> Result<Self, LakeError> {
        if !place.is_there(name) {
            return Err(LakeError::NoTable(name.clone()));
        }
        let builder = place.table(name).map_err(|error| refused(name, "found", error))?;
        match builder.load().await {
            Ok(delta) => Ok(Self { name: name.clone(), delta }),
            Err(DeltaTableError::NotATable(_)) => Err(LakeError::NoTable(name.clone())),
            Err(error) => Err(refused(name, "opened", error)),
        }
    }

    pub(crate) fn version(&self) -> u64 {
        self.delta.version().unwrap_or_default()
    }

    /// The last number of a shard that a commit carries.
    pub(crate) async fn last(&self, shard: &Shard) -> Result<Option<u64>, LakeError> {
        let log = self.delta.log_store();
        let found = async { self.delta.snapshot()?.transaction_version(log.as_ref(), shard.as_str()).await };
        let found = found.await.map_err(|error| refused(&self.name, "asked for its transactions", error))?;
        Ok(found.map(i64::cast_unsigned))
    }

    /// Adds rows in one commit; gives the version that has them.
    pub(crate) async fn append(&mut self, rows: Vec<RecordBatch>, from: &Delivery) -> Result<u64, LakeError> {
        let transaction = Transaction::new(from.shard.as_str(), from.number.cast_signed());
        let properties = CommitProperties::default()
            .with_application_transaction(transaction)
            .with_cleanup_expired_logs(Some(false));
        let unfit = |error: DeltaTableError| refused(&self.name, "added to", error);
        let rows = files::sorted(rows).map_err(|error| unfit(error.into()))?;
        let write = self.delta.clone().write(rows).with_commit_properties(properties);
        let write = write.with_writer_properties(files::properties().map_err(|error| unfit(error.into()))?);
        let written = write.await;
        self.delta = written.map_err(|error| refused(&self.name, "added to", error))?;
        Ok(self.version())
    }
}

fn refused(name: &TableName, action: &'static str, source: DeltaTableError) -> LakeError {
    LakeError::Table { table: name.clone(), action, source: Box::new(source) }
}
