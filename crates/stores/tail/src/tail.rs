//! Looks at the disk, asks the rotation, reads.

use std::collections::{HashMap, HashSet};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::descriptors::Descriptors;
use crate::disk::{Disk, Stat};
use crate::names;
use crate::print::Print;
use crate::rotation::{Answers, Rotation, begins_like};
use crate::sight::{Answer, Identity, Log, Question, Sight, Step};

/// Most looks one after another, so that copies are known whose originals are as new as they.
const LOOKS: usize = 4;

/// What following tells.
#[derive(Debug)]
pub enum Event {
    /// A log of which bytes will come.
    Began {
        /// The log.
        log: Log,
        /// Its file.
        path: PathBuf,
        /// Where its first byte stands.
        offset: u64,
        /// The log that gave what stands before.
        after: Option<Log>,
    },
    /// The file of a log that is read as a whole ([`Tail::take_whole`]) has changed.
    Changed {
        /// The log.
        log: Log,
        /// Its file.
        path: PathBuf,
    },
    /// A file is a copy of a log, and not read.
    Copied {
        /// The file.
        path: PathBuf,
        /// The log.
        of: Log,
        /// Its bytes.
        length: u64,
        /// Whether the name does not say so: worth telling.
        stranger: bool,
    },
    /// Bytes were gone before they were read.
    Missed {
        /// The log.
        log: Log,
        /// The name it began under.
        path: PathBuf,
        /// Where they stood.
        offset: u64,
        /// How many; `None` when the file was cut off or overwritten, so that nobody can tell.
        length: Option<u64>,
    },
    /// A file cannot be looked at or read; it is tried again, and told again once it worked between.
    Refused {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// No more will come of a log.
    Ended {
        /// The log.
        log: Log,
    },
}

/// Follows the logs under some paths.
pub struct Tail<D: Disk> {
    rotation: Rotation,
    files: Descriptors<D>,
    contents: HashMap<Log, Content>,
    refused: HashSet<PathBuf>,
    events: Vec<Event>,
}

/// What was read of a log.
struct Content {
    path: PathBuf,
    print: Print,
}

impl<D: Disk> std::fmt::Debug for Tail<D> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Tail").field("rotation", &self.rotation).finish_non_exhaustive()
    }
}

impl<D: Disk> Tail<D> {
    /// Follows over a disk, with at most so many files open; with fewer when the system allows no more.
    #[must_use]
    pub fn new(disk: D, descriptors: usize) -> Self {
        Self {
            rotation: Rotation::default(),
            files: Descriptors::new(disk, descriptors),
            contents: HashMap::new(),
            refused: HashSet::new(),
            events: Vec::new(),
        }
    }

    /// Looks at the files asked for, and at files that rotation made of them beside. `now` is in
    /// nanoseconds since 1970. Ends early, and finds nothing, once `stop` says so.
    pub fn look(&mut self, asked: &[PathBuf], now: u64, stop: &dyn Fn() -> bool) -> Vec<Event> {
        for _ in 0..LOOKS {
            let Some(sights) = self.sights(asked, stop) else { break };
            self.close_cut_off(&sights);
            let answers = self.answers(&sights, stop);
            self.release();
            let Some(answers) = answers else { break };
            let steps = self.rotation.look(now, &sights, &answers);
            self.follow(steps, &sights);
            if !self.rotation.waits(&sights) {
                break;
            }
        }
        std::mem::take(&mut self.events)
    }

    /// Logs that may give bytes.
    #[must_use]
    pub fn live(&self) -> Vec<Log> {
        self.rotation.live().collect()
    }

    /// The next bytes of a log, at most so many; nothing when there are none for now.
    pub fn read(&mut self, log: Log, most: usize, now: u64) -> Option<Vec<u8>> {
        let bytes = self.try_read(log, most);
        if bytes.is_err() {
            // What it holds is not the log, or cannot be had: it keeps nothing alive.
            self.files.close(log);
        }
        self.release();
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => {
                self.rotation.doubt(log);
                if error.kind() != ErrorKind::NotFound && error.kind() != ErrorKind::UnexpectedEof {
                    let path = self.contents.get(&log).map(|content| content.path.clone());
                    self.refuse(&path.unwrap_or_default(), error);
                }
                None
            }
        }?;
        self.files.touch(log);
        self.contents.get_mut(&log)?.print.push(&bytes);
        self.rotation.gave(log, &bytes, now);
        Some(bytes)
    }

    /// The caller reads the file of this log by itself: no more bytes of it, but
    /// [`Event::Changed`] whenever it has changed.
    pub fn take_whole(&mut self, log: Log) {
        self.files.close(log);
        self.release();
        self.rotation.take_whole(log);
    }

    /// Logs that a file of this log's name may be a copy of, with what was read of them: for files
    /// whose content only the caller can tell, as compressed ones.
    pub fn kin(&self, log: Log) -> impl Iterator<Item = (Log, &Print)> {
        let kin = self.rotation.kin(log).into_iter();
        kin.filter_map(|log| Some((log, &self.contents.get(&log)?.print)))
    }

    /// Ends all logs.
    pub fn finish(&mut self) -> Vec<Event> {
        let steps = self.rotation.finish();
        self.follow(steps, &[]);
        std::mem::take(&mut self.events)
    }

    /// Closes files without a name that do not hold their logs any more: they keep nothing alive.
    fn close_cut_off(&mut self, sights: &[Sight]) {
        let seen: HashSet<Identity> = sights.iter().map(|sight| sight.identity).collect();
        for log in self.files.logs() {
            let is_seen = self.rotation.file(log).is_some_and(|(identity, _)| seen.contains(&identity));
            if !is_seen && !self.holds(log).is_ok_and(|holds| holds) {
                self.files.close(log);
            }
        }
        self.release();
    }

    /// Whether the open file of a log still holds all that was seen of it.
    fn holds(&mut self, log: Log) -> io::Result<bool> {
        let (Some((disk, file)), Some(content)) = (self.files.get(log), self.contents.get(&log)) else {
            return Ok(false);
        };
        let length = disk.stat_open(file)?.length;
        let start = self.rotation.start(log);
        let agrees = length >= self.rotation.length(log)
            && begins_like(start, &read(disk, file, 0, start.len())?)
            && content.print.agrees(length, &mut |at, buffer| disk.read_at(file, at, buffer))?;
        Ok(agrees)
    }

    /// What stands there. `None` when stopped.
    fn sights(&mut self, asked: &[PathBuf], stop: &dyn Fn() -> bool) -> Option<Vec<Sight>> {
        let mut sights = Vec::new();
        for path in asked {
            if stop() {
                return None;
            }
            sights.extend(self.sight(path, true));
        }
        let names: HashSet<&Path> = asked.iter().map(PathBuf::as_path).collect();
        let folders: HashSet<&Path> = asked.iter().filter_map(|path| path.parent()).collect();
        for folder in folders {
            for path in self.files.disk.list(folder).unwrap_or_default() {
                let is_rotated =
                    |base: PathBuf| names.contains(base.as_path()) && names::is_rotated(&path, &base);
                if stop() {
                    return None;
                }
                if !names.contains(path.as_path()) && names::bases(&path).any(is_rotated) {
                    sights.extend(self.sight(&path, false));
                }
            }
        }
        Some(sights)
    }

    fn sight(&mut self, path: &Path, asked: bool) -> Option<Sight> {
        let stat = match self.files.disk.stat(path) {
            Ok(stat) if stat.regular => stat,
            Ok(_) if asked => return self.refuse(path, io::Error::other("it is no file of bytes")),
            Err(error) if error.kind() != ErrorKind::NotFound => return self.refuse(path, error),
            _ => return None,
        };
        let Stat { identity, length, modified, .. } = stat;
        let mut sight = Sight { path: path.to_owned(), identity, length, modified, asked, start: Vec::new() };
        if self.rotation.wants_start(&sight) {
            match self.start(&sight) {
                Ok(start) => sight.start = start,
                Err(error) if error.kind() == ErrorKind::NotFound => return None,
                Err(error) => return self.refuse(path, error),
            }
            self.refused.remove(path);
        }
        Some(sight)
    }

    fn start(&mut self, sight: &Sight) -> io::Result<Vec<u8>> {
        let mut file = self.files.borrow(&sight.path, sight.identity)?;
        let most = usize::try_from(sight.length).unwrap_or(usize::MAX).min(Sight::START);
        read(&self.files.disk, &mut file, 0, most)
    }

    /// Tells once that a file cannot be read.
    fn refuse(&mut self, path: &Path, error: io::Error) -> Option<Sight> {
        if self.refused.insert(path.to_owned()) {
            self.events.push(Event::Refused { path: path.to_owned(), error });
        }
        None
    }

    /// Answers what the rotation asks. `None` when stopped.
    fn answers(&mut self, sights: &[Sight], stop: &dyn Fn() -> bool) -> Option<Answers> {
        let places: HashMap<&Path, &Sight> =
            sights.iter().map(|sight| (sight.path.as_path(), sight)).collect();
        let files: HashMap<Identity, &Sight> = sights.iter().map(|sight| (sight.identity, sight)).collect();
        let mut answers = Answers::new();
        for Question { log, path } in self.rotation.questions(sights) {
            if stop() {
                return None;
            }
            let Some(sight) = places.get(path.as_path()) else { continue };
            let own = self.rotation.file(log).and_then(|(identity, _)| files.get(&identity));
            let answer = self.compare(log, sight, own.copied()).unwrap_or(Answer::Unknown);
            answers.entry(path).or_default().push((log, answer));
        }
        Some(answers)
    }

    /// How far a file agrees with a log: with what was read of it, and behind that with its file.
    fn compare(&mut self, log: Log, sight: &Sight, own: Option<&Sight>) -> io::Result<Answer> {
        let mut file = self.files.borrow(&sight.path, sight.identity)?;
        let Some(content) = self.contents.get(&log) else { return Ok(Answer::Different) };
        let read = content.print.length();
        let disk = &self.files.disk;
        if !content.print.agrees(sight.length, &mut |at, buffer| disk.read_at(&mut file, at, buffer))? {
            return Ok(Answer::Different);
        }
        if sight.length <= read || own.is_some_and(|own| own.identity == sight.identity) {
            return Ok(Answer::Common(read.min(sight.length)));
        }
        if let (Some(own), None) = (own, self.files.get(log)) {
            self.files.keep(log, &own.path, own.identity)?;
            self.rotation.hold(log);
        }
        Ok(Answer::Common(self.agreement(log, sight, &mut file)?))
    }

    /// How far a file that agrees with all that was read of a log agrees with its file.
    fn agreement(&mut self, log: Log, sight: &Sight, file: &mut D::File) -> io::Result<u64> {
        let Some(Content { print, .. }) = self.contents.get(&log) else { return Ok(0) };
        let read = print.length();
        let Some((disk, own)) = self.files.get(log) else { return Ok(read) };
        let length = disk.stat_open(own)?.length;
        let mut own = |at, buffer: &mut [u8]| disk.read_at(own, at, buffer);
        if length < read || !print.agrees(length, &mut own)? {
            return Ok(read);
        }
        let common = length.min(sight.length);
        let itself = Print::sample(common, &mut own)?;
        let other = Print::sample(common, &mut |at, buffer| disk.read_at(file, at, buffer))?;
        Ok(if itself == other { common } else { read })
    }

    fn try_read(&mut self, log: Log, most: usize) -> io::Result<Option<Vec<u8>>> {
        let Some((identity, offset)) = self.rotation.file(log) else { return Ok(None) };
        if self.files.get(log).is_none() {
            match self.rotation.place(log) {
                Some((path, length)) if length > offset => self.files.keep(log, path, identity)?,
                _ => return Ok(None),
            }
            self.rotation.hold(log);
        }
        let (Some((disk, file)), Some(content)) = (self.files.get(log), self.contents.get_mut(&log)) else {
            return Ok(None);
        };
        let length = disk.stat_open(file)?.length;
        if length < self.rotation.length(log) {
            // It was cut off, or is another file.
            return Err(ErrorKind::UnexpectedEof.into());
        }
        if length == offset {
            return Ok(None);
        }
        if content.print.length() != offset {
            content.print = Print::sample(offset, &mut |at, buffer| disk.read_at(file, at, buffer))?;
        }
        // What was given last must stand before what comes next, and the log must begin as it did:
        // else it is another content.
        let window = content.print.window();
        let more = usize::try_from(length.saturating_sub(offset)).unwrap_or(usize::MAX).min(most);
        let mut bytes = read(disk, file, offset - window.len() as u64, window.len() + more)?;
        let start = self.rotation.start(log);
        if !bytes.starts_with(window) || !begins_like(&read(disk, file, 0, start.len())?, start) {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        bytes.drain(..window.len());
        Ok(Some(bytes).filter(|bytes| !bytes.is_empty()))
    }

    /// Does what the rotation says.
    fn follow(&mut self, steps: Vec<Step>, sights: &[Sight]) {
        let identities: HashMap<&Path, &Sight> =
            sights.iter().map(|sight| (sight.path.as_path(), sight)).collect();
        for step in steps {
            match step {
                Step::Begin { log, path, offset, after } => {
                    self.remember(log, identities.get(path.as_path()), offset);
                    self.events.push(Event::Began { log, path, offset, after });
                }
                Step::Ignore { log, path } => {
                    let sight = identities.get(path.as_path());
                    self.remember(log, sight, sight.map_or(0, |sight| sight.length));
                }
                Step::Move { log, .. } => self.files.close(log),
                Step::Changed { log, path } => self.events.push(Event::Changed { log, path }),
                Step::Copied { path, of, length, stranger } => {
                    self.events.push(Event::Copied { path, of, length, stranger });
                }
                Step::Missed { log, offset, length } => {
                    let path =
                        self.contents.get(&log).map(|content| content.path.clone()).unwrap_or_default();
                    self.events.push(Event::Missed { log, path, offset, length });
                }
                Step::End { log } => self.events.push(Event::Ended { log }),
                Step::Forget { log } => drop(self.contents.remove(&log)),
            }
        }
        self.release();
        let live: HashSet<Log> = self.rotation.live().collect();
        for log in self.files.logs() {
            if live.contains(&log) {
                self.files.set_nameless(log, self.rotation.place(log).is_none());
            } else {
                self.files.close(log);
            }
        }
        self.release();
    }

    /// Tells the rotation which files are no longer open.
    fn release(&mut self) {
        for (log, length) in self.files.take_closed() {
            self.rotation.let_go(log, length);
        }
    }

    /// Remembers a log, with the print of what stands before the first byte that it is to give.
    fn remember(&mut self, log: Log, sight: Option<&&Sight>, offset: u64) {
        let path = sight.map(|sight| sight.path.clone()).unwrap_or_default();
        let print = sight.filter(|_| offset > 0).and_then(|sight| {
            let mut file = self.files.borrow(&sight.path, sight.identity).ok()?;
            let disk = &self.files.disk;
            Print::sample(offset, &mut |at, buffer| disk.read_at(&mut file, at, buffer)).ok()
        });
        self.contents.insert(log, Content { path, print: print.unwrap_or_default() });
    }
}

/// Reads bytes at an offset, fewer only where the file ends.
fn read<D: Disk>(disk: &D, file: &mut D::File, offset: u64, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    let mut filled = 0;
    while filled < length {
        match disk.read_at(file, offset + filled as u64, &mut bytes[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}
