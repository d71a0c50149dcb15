//! Files of tables, written so that they outlive a power cut.
//!
//! The library of tables writes through an object store, and the one for local disks syncs neither
//! files nor folders: after a power cut a commit may be there and empty, which reads as one without
//! rows. So this store writes by itself: under a staged name, synced, then given its own name, and
//! the folder synced before anybody is told. A commit is never seen before its content is durable,
//! and what it names is durable before it. Reading is left to the library's store.

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use deltalake::logstore::object_store::local::LocalFileSystem;
use deltalake::logstore::object_store::path::Path as Location;
use deltalake::logstore::object_store::{
    CopyMode, CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMode, PutMultipartOptions, PutOptions, PutPayload, PutResult, RenameOptions,
    RenameTargetMode, Result,
};
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};

use crate::disk::Disk;
use crate::upload::Upload;

/// What `Display` and errors call this store.
pub(crate) const NAME: &str = "lake";

/// The store over the whole disk, whose writes below one folder are durable.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    reading: LocalFileSystem,
    pub(crate) files: Arc<Files>,
}

/// What the store knows of the files it writes.
#[derive(Debug)]
pub(crate) struct Files {
    disk: Arc<dyn Disk>,
    /// Folders whose own names are known to be durable. That one is there says nothing: a process
    /// that died may have made it.
    durable: Mutex<HashSet<PathBuf>>,
    /// Tells staged names of this process apart.
    staged: AtomicU64,
}

impl Store {
    /// A store over a disk; the name of `folder` is durable.
    pub(crate) fn new(disk: Arc<dyn Disk>, folder: &Path) -> Self {
        let durable = Mutex::new(HashSet::from([folder.to_owned()]));
        let files = Files { disk, durable, staged: AtomicU64::new(0) };
        Self { reading: LocalFileSystem::new(), files: Arc::new(files) }
    }

    fn path(&self, location: &Location) -> Result<PathBuf> {
        self.reading.path_to_filesystem(location)
    }

    /// Runs what waits for the disk where it may wait.
    pub(crate) async fn blocking<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Files) -> Result<T> + Send + 'static,
    {
        let files = self.files.clone();
        tokio::task::spawn_blocking(move || work(&files)).await.map_err(generic)?
    }
}

impl Files {
    /// A new file under a staged name, beside the name that it will have. Listings pass it over.
    pub(crate) fn stage(&self, path: &Path) -> Result<PathBuf> {
        let folder = path.parent().unwrap_or(path);
        self.make_folders(folder).map_err(generic)?;
        let mut staged = path.as_os_str().to_owned();
        staged.push(format!("#{}", self.staged.fetch_add(1, Ordering::Relaxed)));
        let staged = PathBuf::from(staged);
        self.disk.create(&staged).map_err(generic)?;
        Ok(staged)
    }

    pub(crate) fn write(&self, staged: &Path, offset: u64, payload: &PutPayload) -> Result<()> {
        let mut at = offset;
        for part in payload {
            self.disk.write(staged, at, part).map_err(generic)?;
            at += part.len() as u64;
        }
        Ok(())
    }

    /// Makes a staged file durable and gives it its name.
    pub(crate) fn publish(&self, staged: &Path, path: &Path, mode: &PutMode) -> Result<()> {
        self.disk.sync_file(staged).map_err(generic)?;
        if matches!(mode, PutMode::Create) {
            self.disk.link(staged, path).map_err(|source| taken(path, source))?;
            // What is left of it is passed over by listings and costs space alone.
            let _ = self.disk.remove(staged);
        } else {
            self.disk.rename(staged, path).map_err(generic)?;
        }
        self.sync_names(path)
    }

    /// A file whose content tells whether it is whole, and that is made again where it is not: nobody waits
    /// for the disk.
    pub(crate) fn leave(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let staged = self.stage(path).map_err(io::Error::other)?;
        let done = self.disk.write(&staged, 0, bytes).and_then(|()| self.disk.rename(&staged, path));
        if done.is_err() {
            self.discard(&staged);
        }
        done
    }

    pub(crate) fn discard(&self, staged: &Path) {
        // As above: only space is lost.
        let _ = self.disk.remove(staged);
    }

    /// Gives a file a second name, which is durable then.
    pub(crate) fn give_another_name(&self, from: &Path, to: &Path) -> io::Result<()> {
        let folder = to.parent().unwrap_or(to);
        self.make_folders(folder)?;
        self.disk.link(from, to)?;
        self.disk.sync_folder(folder)
    }

    /// Removes a file that nobody needs. One that comes back after a power cut is none the less so.
    pub(crate) fn remove(&self, path: &Path) -> io::Result<()> {
        self.disk.remove(path)
    }

    /// Makes the names in the folder of a file durable.
    fn sync_names(&self, path: &Path) -> Result<()> {
        self.disk.sync_folder(path.parent().unwrap_or(path)).map_err(generic)
    }

    /// Makes a folder and those above it, each with its name durable.
    pub(crate) fn make_folders(&self, folder: &Path) -> io::Result<()> {
        let durable = || self.durable.lock().unwrap_or_else(PoisonError::into_inner);
        let missing: Vec<&Path> =
            folder.ancestors().take_while(|above| !durable().contains(*above)).collect();
        for path in missing.into_iter().rev() {
            self.disk.make_folder(path)?;
            if let Some(above) = path.parent() {
                self.disk.sync_folder(above)?;
            }
            durable().insert(path.to_owned());
        }
        Ok(())
    }

    /// Makes durable what an earlier process may have named without syncing.
    pub(crate) fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.make_folders(folder)?;
        self.disk.sync_folder(folder)
    }
}

/// Whether a file is one that never got its name, or was left when it did.
pub(crate) fn is_staged(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.rsplit_once('#'));
    name.is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[async_trait]
impl ObjectStore for Store {
    async fn put_opts(
        &self,
        location: &Location,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        if matches!(options.mode, PutMode::Update(_)) {
            return Err(not_offered("an update on condition"));
        }
        let path = self.path(location)?;
        self.blocking(move |files| {
            let staged = files.stage(&path)?;
            let done =
                files.write(&staged, 0, &payload).and_then(|()| files.publish(&staged, &path, &options.mode));
            if done.is_err() {
                files.discard(&staged);
            }
            done.map(|()| PutResult { e_tag: None, version: None })
        })
        .await
    }

    async fn put_multipart_opts(
        &self,
        location: &Location,
        _: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let path = self.path(location)?;
        let target = path.clone();
        let staged = self.blocking(move |files| files.stage(&target)).await?;
        Ok(Box::new(Upload::new(self.clone(), staged, path)))
    }

    async fn get_opts(&self, location: &Location, options: GetOptions) -> Result<GetResult> {
        self.reading.get_opts(location, options).await
    }

    async fn get_ranges(&self, location: &Location, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.reading.get_ranges(location, ranges).await
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Location>>,
    ) -> BoxStream<'static, Result<Location>> {
        let store = self.clone();
        // A file that comes back after a power cut is one that nothing names.
        let removed = locations.and_then(move |location| {
            let store = store.clone();
            async move {
                let path = store.path(&location)?;
                store
                    .blocking(move |files| files.disk.remove(&path).map_err(|source| missing(&path, source)))
                    .await?;
                Ok(location)
            }
        });
        removed.boxed()
    }

    fn list(&self, prefix: Option<&Location>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.reading.list(prefix)
    }

    fn list_with_offset(
        &self,
        prefix: Option<&Location>,
        offset: &Location,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        self.reading.list_with_offset(prefix, offset)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Location>) -> Result<ListResult> {
        self.reading.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Location, to: &Location, options: CopyOptions) -> Result<()> {
        // Files are never written to once they have their name, so a second name is a copy.
        let (from, to) = (self.path(from)?, self.path(to)?);
        self.blocking(move |files| {
            files.make_folders(to.parent().unwrap_or(&to)).map_err(generic)?;
            match options.mode {
                CopyMode::Create => files.disk.link(&from, &to).map_err(|source| taken(&to, source))?,
                CopyMode::Overwrite => {
                    let staged = files.stage(&to)?;
                    files.discard(&staged);
                    files.disk.link(&from, &staged).map_err(generic)?;
                    files.disk.rename(&staged, &to).map_err(generic)?;
                }
            }
            files.sync_names(&to)
        })
        .await
    }

    async fn rename_opts(&self, from: &Location, to: &Location, options: RenameOptions) -> Result<()> {
        let (from, to) = (self.path(from)?, self.path(to)?);
        self.blocking(move |files| {
            files.make_folders(to.parent().unwrap_or(&to)).map_err(generic)?;
            match options.target_mode {
                RenameTargetMode::Overwrite => files.disk.rename(&from, &to).map_err(generic)?,
                RenameTargetMode::Create => {
                    files.disk.link(&from, &to).map_err(|source| taken(&to, source))?;
                    files.disk.remove(&from).map_err(generic)?;
                }
            }
            files.sync_names(&to)?;
            files.sync_names(&from)
        })
        .await
    }
}

impl fmt::Display for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(NAME)
    }
}

pub(crate) fn generic(source: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Generic { store: NAME, source: Box::new(source) }
}

fn not_offered(operation: &str) -> Error {
    Error::NotImplemented { operation: operation.to_owned(), implementer: NAME.to_owned() }
}

/// The error of giving a file a name that may be taken: who writes a commit looks for that.
fn taken(path: &Path, source: io::Error) -> Error {
    if source.kind() == io::ErrorKind::AlreadyExists {
        Error::AlreadyExists { path: path.display().to_string(), source: Box::new(source) }
    } else {
        generic(source)
    }
}

fn missing(path: &Path, source: io::Error) -> Error {
    if source.kind() == io::ErrorKind::NotFound {
        Error::NotFound { path: path.display().to_string(), source: Box::new(source) }
    } else {
        generic(source)
    }
}
