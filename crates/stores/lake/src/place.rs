//! Where tables lie, and how the library of tables gets at their files.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use deltalake::logstore::object_store::ObjectStore;
use deltalake::{DeltaTableBuilder, DeltaTableError};
use model::catalogue::Catalogue;
use url::Url;

use crate::disk::Disk;
use crate::error::LakeError;
use crate::log::{Damaged, Log};
use crate::name::TableName;
use crate::store::Store;
use crate::values::{self, Sought};

/// The folder of all tables, and the store that writes below it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    folder: PathBuf,
    store: Store,
    /// Read from the catalogue when it is first asked for.
    sought: Arc<OnceLock<Arc<Sought>>>,
}

impl Place {
    /// Tables in a folder whose name is absolute and durable.
    pub(crate) fn new(folder: PathBuf, disk: Arc<dyn Disk>) -> Self {
        let store = Store::new(disk, &folder);
        Self { folder, store, sought: Arc::default() }
    }

    /// Makes a table's folder, and whatever was named in it, durable.
    pub(crate) fn sync(&self, name: &TableName) -> Result<(), LakeError> {
        let folder = self.folder_of(name);
        let log = folder.join("_delta_log");
        let refused = |source| LakeError::Folder { path: folder.clone(), source };
        [&log, &folder].into_iter().try_for_each(|path| self.store.files.sync_folder(path)).map_err(refused)
    }

    /// A way to the table of that name, whether it is there or not.
    pub(crate) fn table(&self, name: &TableName) -> Result<DeltaTableBuilder, DeltaTableError> {
        let folder = self.folder_of(name);
        let url = Url::from_directory_path(&folder)
            .map_err(|()| DeltaTableError::InvalidTableLocation(folder.display().to_string()))?;
        let store: Arc<dyn ObjectStore> = Arc::new(self.store.clone());
        Ok(DeltaTableBuilder::from_url(url.clone())?.with_storage_backend(store, url))
    }

    pub(crate) fn is_there(&self, name: &TableName) -> bool {
        self.folder_of(name).is_dir()
    }

    /// The log of a table.
    pub(crate) fn log(&self, name: &TableName) -> Log {
        Log::new(self.folder_of(name))
    }

    /// Sets aside the newest commit of a table if it is not whole.
    pub(crate) fn heal(&self, name: &TableName) -> Result<Option<Damaged>, LakeError> {
        self.log(name).heal(&self.store.files)
    }

    /// Removes what made the oldest versions of a table.
    pub(crate) fn trim(&self, name: &TableName) -> Result<usize, LakeError> {
        self.log(name).trim(&self.store.files)
    }

    /// Removes what a table's log says of versions before a checkpoint that was made before a moment.
    pub(crate) fn forget(&self, name: &TableName, before: SystemTime) -> std::io::Result<usize> {
        self.log(name).forget(before, &self.store.files)
    }

    /// Removes a file of a table.
    pub(crate) fn remove(&self, file: &Path) -> std::io::Result<()> {
        self.store.files.remove(file)
    }

    /// The store that all files are read from.
    pub(crate) fn store(&self) -> Arc<dyn ObjectStore> {
        Arc::new(self.store.clone())
    }

    /// Which columns hold values that people look up.
    pub(crate) fn sought(&self) -> Result<Arc<Sought>, LakeError> {
        if let Some(sought) = self.sought.get() {
            return Ok(sought.clone());
        }
        let sought = Sought::of(&*Catalogue::bundled()?);
        Ok(self.sought.get_or_init(|| Arc::new(sought)).clone())
    }

    /// The folder of a table's value index.
    pub(crate) fn values_of(&self, name: &TableName) -> PathBuf {
        self.folder_of(name).join(values::FOLDER)
    }

    /// Gives a file its name; it need not outlive a power cut.
    pub(crate) fn leave(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        self.store.files.leave(path, bytes)
    }

    /// The folder of all tables.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn folder_of(&self, name: &TableName) -> PathBuf {
        self.folder.join(name.folder())
    }
}

/// Makes a folder and those above it, each with its name durable.
pub(crate) fn make(disk: &dyn Disk, folder: &Path) -> std::io::Result<()> {
    let missing: Vec<&Path> =
        folder.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.is_dir()).collect();
    for path in missing.into_iter().rev() {
        disk.make_folder(path)?;
    }
    // The folder may have been made by a process that died before it could do this.
    if let Some(above) = folder.parent() { disk.sync_folder(above) } else { Ok(()) }
}
