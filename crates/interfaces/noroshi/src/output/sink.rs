//! Where whole lines go. A file is written beside its place and moved there at the end, so that
//! no half of it is ever seen; a log's verdicts that are watched as they come are written in
//! place; pipes and devices are written as they are, by a thread of their own, since nobody may
//! read them and the user may still want to stop.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};

use intake::Stop;
use intake::identity::{self, Identity};

use super::destination::Way;

/// Pieces that may wait for the reader of a pipe.
const WAITING: usize = 16;
/// Time between two looks at a pipe that is full.
const PAUSE: Duration = Duration::from_millis(5);
/// How long a reader may leave a pipe full once the user wants to stop.
const PATIENCE: Duration = Duration::from_millis(500);

/// An open output.
pub enum Sink {
    /// A file that is moved to its place at the end.
    Beside(Beside),
    /// A file that is written where it stands.
    InPlace(InPlace),
    /// A pipe or a device.
    Passed(Passed),
}

impl Sink {
    /// Opens an output; `live` when its lines are watched as they come.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn open(way: &Way, live: bool, stop: &Stop) -> io::Result<Self> {
        Ok(match way {
            Way::StandardOutput => {
                let file = File::from(io::stdout().as_fd().try_clone_to_owned()?);
                if identity::standard_output()?.is_file() {
                    Self::InPlace(InPlace { file, whole: None })
                } else {
                    Self::Passed(Passed::new(move || Ok(file), stop))
                }
            }
            Way::File(path) if live => Self::InPlace(InPlace::open(path)?),
            Way::File(path) => Self::Beside(Beside::open(path)?),
            Way::Device(path) => {
                let file = OpenOptions::new().write(true).open(path)?;
                Self::Passed(Passed::new(move || Ok(file), stop))
            }
            Way::Pipe(path) => {
                let path = path.clone();
                Self::Passed(Passed::new(move || OpenOptions::new().write(true).open(path), stop))
            }
        })
    }

    /// The file that is written to, if it is one.
    #[must_use]
    pub fn identity(&self) -> Option<Identity> {
        let file = match self {
            Self::Beside(beside) => &beside.file,
            Self::InPlace(in_place) => &in_place.file,
            Self::Passed(_) => return None,
        };
        file.metadata().ok().map(|metadata| Identity::of(&metadata))
    }

    /// Writes whole lines.
    ///
    /// # Errors
    /// When they cannot be written; the lines before them stay whole.
    pub fn put(&mut self, lines: Vec<u8>) -> io::Result<()> {
        match self {
            Self::Beside(beside) => beside.file.write_all(&lines),
            Self::InPlace(in_place) => in_place.put(&lines),
            Self::Passed(passed) => passed.put(lines),
        }
    }

    /// Ends the output: what was written is safe, and stands where it belongs.
    ///
    /// # Errors
    /// When it is not.
    pub fn finish(self) -> io::Result<()> {
        match self {
            Self::Beside(beside) => beside.finish(),
            Self::InPlace(in_place) => synchronise(&in_place.file),
            Self::Passed(passed) => passed.finish(),
        }
    }
}

/// Some file systems tell only now that the disk was full. Those that know no such thing refuse it.
fn synchronise(file: &File) -> io::Result<()> {
    match file.sync_data() {
        Err(error) if !matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Err(error),
        _ => Ok(()),
    }
}

/// A file that is moved to its place at the end; dropped before, it leaves nothing.
pub struct Beside {
    file: File,
    part: PathBuf,
    target: PathBuf,
}

impl Beside {
    fn open(target: &Path) -> io::Result<Self> {
        let permissions = match OpenOptions::new().write(true).open(target) {
            Ok(file) => Some(file.metadata()?.permissions()),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            // What is protected against writing is not replaced either.
            Err(error) => return Err(error),
        };
        let (file, part) = create_beside(target)?;
        let beside = Self { file, part, target: target.to_owned() };
        if let Some(permissions) = permissions {
            beside.file.set_permissions(permissions)?;
        }
        Ok(beside)
    }

    fn finish(self) -> io::Result<()> {
        synchronise(&self.file)?;
        std::fs::rename(&self.part, &self.target)
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // After the move there is nothing under this name.
        drop(std::fs::remove_file(&self.part));
    }
}

/// A new file in the folder of another one. Its name is short, since that of the other may be
/// as long as a name can be.
fn create_beside(target: &Path) -> io::Result<(File, PathBuf)> {
    let mut number = 0;
    loop {
        let part = target.with_file_name(format!(".noroshi-{}-{number}.part", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&part) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
            opened => return opened.map(|file| (file, part)),
        }
    }
}

/// A file that is written where it stands.
pub struct InPlace {
    file: File,
    /// Bytes of whole lines; unknown of a file that somebody else opened.
    whole: Option<u64>,
}

impl InPlace {
    fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
        Ok(Self { file, whole: Some(0) })
    }

    fn put(&mut self, lines: &[u8]) -> io::Result<()> {
        let written = self.file.write_all(lines);
        if let Some(whole) = &mut self.whole {
            match written {
                Ok(()) => *whole += lines.len() as u64,
                // A full disk takes half a line: it is taken back.
                Err(_) => {
                    self.file.set_len(*whole)?;
                    self.file.seek(SeekFrom::Start(*whole))?;
                }
            }
        }
        written
    }
}

/// A pipe or a device, written by a thread of its own.
pub struct Passed {
    give: SyncSender<Vec<u8>>,
    ended: Receiver<io::Result<()>>,
    stop: Stop,
}

impl Passed {
    fn new(open: impl FnOnce() -> io::Result<File> + Send + 'static, stop: &Stop) -> Self {
        let (give, take) = sync_channel::<Vec<u8>>(WAITING);
        let (tell, ended) = sync_channel(1);
        // Left behind when nobody reads: it ends with the process.
        std::thread::spawn(move || {
            let write = || {
                let mut file = open()?;
                take.iter().try_for_each(|lines| file.write_all(&lines))
            };
            let written = write();
            drop(take);
            drop(tell.send(written));
        });
        Self { give, ended, stop: stop.clone() }
    }

    fn put(&mut self, mut lines: Vec<u8>) -> io::Result<()> {
        let mut patience = Patience::new(&self.stop);
        loop {
            lines = match self.give.try_send(lines) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Disconnected(_)) => return self.ended.recv().unwrap_or_else(|_| lost()),
                Err(TrySendError::Full(lines)) => lines,
            };
            patience.wait()?;
            std::thread::sleep(PAUSE);
        }
    }

    fn finish(self) -> io::Result<()> {
        drop(self.give);
        let mut patience = Patience::new(&self.stop);
        loop {
            match self.ended.recv_timeout(PAUSE * 4) {
                Ok(written) => return written,
                Err(RecvTimeoutError::Disconnected) => return lost(),
                Err(RecvTimeoutError::Timeout) => patience.wait()?,
            }
        }
    }
}

fn lost() -> io::Result<()> {
    Err(io::Error::other("its writer ended early"))
}

/// Waits for a reader as long as the user does.
struct Patience<'a> {
    stop: &'a Stop,
    since: Option<Instant>,
}

impl<'a> Patience<'a> {
    fn new(stop: &'a Stop) -> Self {
        Self { stop, since: None }
    }

    fn wait(&mut self) -> io::Result<()> {
        if !self.stop.asked() {
            return Ok(());
        }
        let since = *self.since.get_or_insert_with(Instant::now);
        if since.elapsed() < PATIENCE {
            return Ok(());
        }
        Err(io::Error::new(ErrorKind::TimedOut, "nobody reads it"))
    }
}
