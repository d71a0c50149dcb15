//! Open files, not more than may be: the least recently active one gives way.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::disk::Disk;
use crate::sight::{Identity, Log};

pub(crate) struct Descriptors<D: Disk> {
    pub(crate) disk: D,
    most: usize,
    open: HashMap<Log, Open<D::File>>,
    turn: u64,
    /// Logs whose files were closed since the last time that somebody asked, and the lengths of
    /// those that had to give way.
    closed: Vec<(Log, u64)>,
}

struct Open<F> {
    file: F,
    /// When it was last active, in turns.
    used: u64,
    /// Whether the file has no name any more, so that it could not be opened again.
    nameless: bool,
}

impl<D: Disk> Descriptors<D> {
    pub(crate) fn new(disk: D, most: usize) -> Self {
        Self { disk, most: most.max(1), open: HashMap::new(), turn: 0, closed: Vec::new() }
    }

    pub(crate) fn logs(&self) -> Vec<Log> {
        self.open.keys().copied().collect()
    }

    pub(crate) fn take_closed(&mut self) -> Vec<(Log, u64)> {
        std::mem::take(&mut self.closed)
    }

    pub(crate) fn set_nameless(&mut self, log: Log, nameless: bool) {
        if let Some(open) = self.open.get_mut(&log) {
            open.nameless = nameless;
        }
    }

    pub(crate) fn close(&mut self, log: Log) {
        if self.open.remove(&log).is_some() {
            self.closed.push((log, 0));
        }
    }

    /// The log has just given bytes.
    pub(crate) fn touch(&mut self, log: Log) {
        self.turn += 1;
        if let Some(open) = self.open.get_mut(&log) {
            open.used = self.turn;
        }
    }

    /// The file of a log, if it is open.
    pub(crate) fn get(&mut self, log: Log) -> Option<(&D, &mut D::File)> {
        let open = self.open.get_mut(&log)?;
        Some((&self.disk, &mut open.file))
    }

    /// Opens the file of a log to be kept.
    ///
    /// # Errors
    /// When it cannot be opened, or another file stands there.
    pub(crate) fn keep(&mut self, log: Log, path: &Path, identity: Identity) -> io::Result<()> {
        while self.open.len() >= self.most {
            if !self.give_way(false) {
                break;
            }
        }
        let file = self.borrow(path, identity)?;
        self.turn += 1;
        self.open.insert(log, Open { file, used: self.turn, nameless: false });
        Ok(())
    }

    /// Opens a file for a moment.
    ///
    /// # Errors
    /// When it cannot be opened, or another file stands there (`NotFound`).
    pub(crate) fn borrow(&mut self, path: &Path, identity: Identity) -> io::Result<D::File> {
        let file = loop {
            match self.disk.open(path) {
                Err(error) if self.disk.is_full(&error) => {
                    // The rest of the program needs some, too.
                    self.most = (self.open.len() * 3 / 4).max(1);
                    if !self.give_way(true) {
                        return Err(error);
                    }
                    while self.open.len() > self.most && self.give_way(false) {}
                }
                file => break file?,
            }
        };
        if self.disk.stat_open(&file)?.identity == identity {
            Ok(file)
        } else {
            Err(ErrorKind::NotFound.into())
        }
    }

    /// Closes the least recently active file; one without a name only if there is no other and it must be.
    fn give_way(&mut self, must: bool) -> bool {
        let open = self.open.iter().filter(|(_, open)| must || !open.nameless);
        let Some(log) = open.min_by_key(|(_, open)| (open.nameless, open.used)).map(|(log, _)| *log) else {
            return false;
        };
        let length = self.open.remove(&log).and_then(|open| self.disk.stat_open(&open.file).ok());
        self.closed.push((log, length.map_or(0, |stat| stat.length)));
        true
    }
}
