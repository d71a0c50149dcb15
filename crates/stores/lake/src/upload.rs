//! A file that comes in parts.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use deltalake::logstore::object_store::{
    MultipartUpload, PutMode, PutPayload, PutResult, Result, UploadPart,
};

use crate::store::Store;

/// A file being written under a staged name.
#[derive(Debug)]
pub(crate) struct Upload {
    store: Store,
    staged: Arc<PathBuf>,
    path: PathBuf,
    /// Where the next part begins.
    offset: u64,
    /// The file has its name, or is given up.
    ended: bool,
}

impl Upload {
    pub(crate) fn new(store: Store, staged: PathBuf, path: PathBuf) -> Self {
        Self { store, staged: Arc::new(staged), path, offset: 0, ended: false }
    }
}

#[async_trait]
impl MultipartUpload for Upload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        let offset = self.offset;
        self.offset += data.content_length() as u64;
        let (store, staged) = (self.store.clone(), self.staged.clone());
        Box::pin(async move { store.blocking(move |files| files.write(&staged, offset, &data)).await })
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let (staged, path) = (self.staged.clone(), self.path.clone());
        self.store.blocking(move |files| files.publish(&staged, &path, &PutMode::Overwrite)).await?;
        self.ended = true;
        Ok(PutResult { e_tag: None, version: None })
    }

    async fn abort(&mut self) -> Result<()> {
        self.ended = true;
        self.store.files.discard(&self.staged);
        Ok(())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if !self.ended {
            self.store.files.discard(&self.staged);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use deltalake::logstore::object_store::ObjectStore;
    use deltalake::logstore::object_store::path::Path as Location;

    use super::*;
    use crate::disk::FileSystem;

    #[test]
    fn a_file_in_parts_has_its_name_when_it_is_whole_and_none_if_it_is_given_up() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().canonicalize().unwrap();
        let store = Store::new(Arc::new(FileSystem), &folder);
        let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
        let part = |byte: u8| PutPayload::from(vec![byte; 1_000]);
        runtime.block_on(async {
            let place = |name: &str| Location::from_absolute_path(folder.join(name)).unwrap();
            let mut upload = store.put_multipart_opts(&place("a/b"), Default::default()).await.unwrap();
            // Parts may be written in any order.
            let (first, second) = (upload.put_part(part(1)), upload.put_part(part(2)));
            second.await.unwrap();
            first.await.unwrap();
            assert!(!folder.join("a/b").exists());
            upload.complete().await.unwrap();
            drop(upload);
            let mut given_up = store.put_multipart_opts(&place("a/c"), Default::default()).await.unwrap();
            given_up.put_part(part(3)).await.unwrap();
            given_up.abort().await.unwrap();
            let forgotten = store.put_multipart_opts(&place("a/d"), Default::default()).await.unwrap();
            drop(forgotten);
        });
        assert_eq!(fs::read(folder.join("a/b")).unwrap(), [[1; 1_000], [2; 1_000]].concat());
        assert_eq!(fs::read_dir(folder.join("a")).unwrap().count(), 1);
    }
}
