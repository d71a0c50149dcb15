//! The segment that is written, as far as this process knows it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::folder::{Segment, sync};
use crate::segment::{End, HEAD, Head, write};
use crate::walk::{Step, Walk};

/// The segment that is written.
#[derive(Debug)]
pub(crate) struct Tail {
    folder: PathBuf,
    segment: Segment,
    file: Arc<File>,
    /// Bytes of it that are head and whole records.
    length: u64,
    end: End,
    /// Whether this process knows its name to be durable.
    is_named: bool,
}

/// Records that are written and may not outlive a power cut yet.
#[derive(Debug)]
pub(crate) struct Unsynced {
    file: Arc<File>,
    /// The folder, where the segment's name may not be durable.
    folder: Option<PathBuf>,
}

impl Unsynced {
    /// Makes them durable.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()?;
        self.folder.as_deref().map_or(Ok(()), sync)
    }
}

/// What others have left behind the place that was known.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Beyond {
    /// Whole records, or nothing.
    Whole,
    /// Bytes at the end that are no whole record.
    Torn(Vec<u8>),
    /// Damage.
    Damaged,
}

impl Tail {
    /// Begins a segment; its head is durable on return.
    pub(crate) fn begin(folder: &Path, head: &Head) -> io::Result<Self> {
        let segment = Segment::at(head.after.next);
        let path = folder.join(&segment.name);
        let mut file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
        let begun = file.write_all(&head.bytes()).and_then(|()| file.sync_all()).and_then(|()| sync(folder));
        if let Err(error) = begun {
            let _ = fs::remove_file(&path);
            return Err(error);
        }
        Ok(Self {
            folder: folder.to_owned(),
            segment,
            file: Arc::new(file),
            length: HEAD as u64,
            end: head.after,
            is_named: true,
        })
    }

    /// A segment that is there, with its head read.
    pub(crate) fn open(folder: &Path, segment: &Segment, head: &Head) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open(folder.join(&segment.name))?;
        let (folder, segment) = (folder.to_owned(), segment.clone());
        let file = Arc::new(file);
        Ok(Self { folder, segment, file, length: HEAD as u64, end: head.after, is_named: false })
    }

    /// Whether this is still the segment of that name, with all that is known of it.
    pub(crate) fn is(&self, segment: &Segment) -> io::Result<bool> {
        let (there, ours) = (fs::metadata(self.folder.join(&segment.name))?, self.file.metadata()?);
        let is_same = (there.dev(), there.ino()) == (ours.dev(), ours.ino());
        Ok(self.segment == *segment && is_same && there.len() >= self.length)
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.segment.name
    }

    /// Bytes of it that are head and whole records.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// What the next record follows.
    pub(crate) fn end(&self) -> End {
        self.end
    }

    /// Walks over what others have added.
    pub(crate) fn catch_up(&mut self) -> io::Result<Beyond> {
        let added = self.file.metadata()?.len().saturating_sub(self.length);
        let mut bytes = vec![0; usize::try_from(added).map_err(io::Error::other)?];
        self.file.read_exact_at(&mut bytes, self.length)?;
        let mut walk = Walk::new(&bytes, 0, self.end);
        let mut whole = bytes.len();
        for (offset, step) in &mut walk {
            match step {
                Step::Record { .. } => {}
                Step::Torn(_) => whole = offset,
                Step::Damaged(_) => return Ok(Beyond::Damaged),
            }
        }
        self.end = walk.end();
        self.length += whole as u64;
        let torn = bytes.split_off(whole);
        Ok(if torn.is_empty() { Beyond::Whole } else { Beyond::Torn(torn) })
    }

    /// Removes all behind the last whole record.
    pub(crate) fn cut(&self) -> io::Result<()> {
        self.file.set_len(self.length)
    }

    /// Writes the record of a payload, which [`Tail::unsynced`] makes durable. When that fails it is as if it had
    /// not been tried, as far as the disk lets it.
    pub(crate) fn add(&mut self, payload: &[u8]) -> io::Result<()> {
        let mut bytes = Vec::new();
        let end = write(&mut bytes, self.end, payload);
        if let Err(error) = self.file.write_all_at(&bytes, self.length) {
            // What cannot be removed is found by whoever adds next.
            let _ = self.cut();
            return Err(error);
        }
        self.length += bytes.len() as u64;
        self.end = end;
        Ok(())
    }

    /// What makes all of its records durable, while others add.
    pub(crate) fn unsynced(&mut self) -> Unsynced {
        // Whoever began it may have ended before its name was durable.
        let folder = (!self.is_named).then(|| self.folder.clone());
        self.is_named = true;
        Unsynced { file: self.file.clone(), folder }
    }
}
