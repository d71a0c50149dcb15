//! One table: a folder with a Delta log and the Parquet files that it names.

use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use deltalake::kernel::engine::arrow_conversion::TryIntoKernel;
use deltalake::kernel::transaction::CommitProperties;
use deltalake::kernel::{StructField, StructType};
use deltalake::{DeltaTable, DeltaTableBuilder, DeltaTableError};
use url::Url;

use crate::error::LakeError;
use crate::name::TableName;

/// A table at one version.
pub(crate) struct Table {
    pub(crate) name: TableName,
    pub(crate) delta: DeltaTable,
}

impl Table {
    /// Makes a table where there is none.
    pub(crate) async fn create(lake: &Path, name: &TableName, columns: &Schema) -> Result<(), LakeError> {
        let refused = |source| refused(name, "made", source);
        let folder = lake.join(name.folder());
        std::fs::create_dir_all(&folder)
            .map_err(|source| LakeError::Folder { path: folder.clone(), source })?;
        let delta = builder(lake, name)?.build().map_err(refused)?;
        if delta.verify_deltatable_existence().await.map_err(refused)? {
            return Ok(());
        }
        let columns: StructType =
            columns.try_into_kernel().map_err(|error| refused(DeltaTableError::from(error)))?;
        let fields: Vec<StructField> = columns.fields().cloned().collect();
        delta.create().with_table_name(name.to_string()).with_columns(fields).await.map_err(refused)?;
        Ok(())
    }

    /// A table at its newest version.
    pub(crate) async fn open(lake: &Path, name: &TableName) -> Result<Self, LakeError> {
        // The library would make the folder.
        if !lake.join(name.folder()).is_dir() {
            return Err(LakeError::NoTable(name.clone()));
        }
        match builder(lake, name)?.load().await {
            Ok(delta) => Ok(Self { name: name.clone(), delta }),
            Err(DeltaTableError::NotATable(_)) => Err(LakeError::NoTable(name.clone())),
            Err(error) => Err(refused(name, "opened", error)),
        }
    }

    /// Adds rows; gives the version that has them.
    pub(crate) async fn append(self, rows: RecordBatch) -> Result<u64, LakeError> {
        // A clean-up lists the whole log at every commit; it is done on its own.
        let properties = CommitProperties::default().with_cleanup_expired_logs(Some(false));
        let written = self.delta.write([rows]).with_commit_properties(properties).await;
        let delta = written.map_err(|error| refused(&self.name, "added to", error))?;
        Ok(delta.version().unwrap_or_default())
    }
}

fn builder(lake: &Path, name: &TableName) -> Result<DeltaTableBuilder, LakeError> {
    let folder = lake.join(name.folder());
    let url = Url::from_directory_path(&folder)
        .map_err(|()| DeltaTableError::InvalidTableLocation(folder.display().to_string()));
    url.and_then(DeltaTableBuilder::from_url).map_err(|error| refused(name, "found", error))
}

fn refused(name: &TableName, action: &'static str, source: DeltaTableError) -> LakeError {
    LakeError::Table { table: name.clone(), action, source: Box::new(source) }
}
