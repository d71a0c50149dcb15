//! The lake: a folder of tables, and the threads that write and ask them.

use std::fs;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use tokio::runtime::{Builder, Runtime};

use crate::error::LakeError;
use crate::name::TableName;
use crate::question;
use crate::table::Table;

/// Tables in a folder.
#[derive(Debug)]
pub struct Lake {
    folder: PathBuf,
    runtime: Runtime,
}

impl Lake {
    /// The lake in a folder, which is made (0700) where it does not exist.
    ///
    /// # Errors
    /// When the folder can neither be made nor used, or there are no threads to be had.
    pub fn open(folder: &Path) -> Result<Self, LakeError> {
        let refused = |source| LakeError::Folder { path: folder.to_owned(), source };
        make_folder(folder).map_err(refused)?;
        // Tables are addressed by URL, and that of a relative path is another in another folder.
        let folder = fs::canonicalize(folder).map_err(refused)?;
        let runtime = Builder::new_multi_thread()
            .thread_name("lake")
            .enable_all()
            .build()
            .map_err(LakeError::Threads)?;
        Ok(Self { folder, runtime })
    }

    /// Makes a table with these columns where there is none.
    ///
    /// # Errors
    /// When the disk or the library refuses.
    pub fn create(&self, name: &TableName, columns: &Schema) -> Result<(), LakeError> {
        self.runtime.block_on(Table::create(&self.folder, name, columns))
    }

    /// Adds rows to a table, all or none; gives the version of the table that has them.
    ///
    /// # Errors
    /// When there is no such table, its columns are others, or the disk refuses.
    pub fn append(&self, name: &TableName, rows: RecordBatch) -> Result<u64, LakeError> {
        self.runtime.block_on(async { Table::open(&self.folder, name).await?.append(rows).await })
    }

    /// How many rows a table has.
    ///
    /// # Errors
    /// When there is no such table or it cannot be read.
    pub fn count(&self, name: &TableName) -> Result<u64, LakeError> {
        self.runtime.block_on(async { question::count(&Table::open(&self.folder, name).await?).await })
    }
}

fn make_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
