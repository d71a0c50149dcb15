//! A disk in memory: inodes that come back, names that move, descriptors that run out.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use tail::{Disk, Identity, Stat};

/// Too many open files.
const FULL: i32 = 24;

#[derive(Debug, Default, Clone)]
pub struct Memory(Rc<RefCell<State>>);

#[derive(Debug, Default)]
struct State {
    names: BTreeMap<PathBuf, u64>,
    inodes: BTreeMap<u64, Inode>,
    /// Inodes of removed files, the next to be used again last.
    free: Vec<u64>,
    now: u64,
    /// Whether files say when they were made.
    tells_birth: bool,
    /// Descriptors that may still be opened by who follows.
    left: usize,
    locked: BTreeSet<PathBuf>,
    contents: u64,
}

#[derive(Debug, Default, Clone)]
struct Inode {
    bytes: Vec<u8>,
    modified: u64,
    born: u64,
    names: usize,
    opened: usize,
    /// Number of the content, which changes when the file is cut to nothing.
    content: u64,
}

/// An open file, of a writer or of who follows.
#[derive(Debug)]
pub struct Handle {
    pub inode: u64,
    disk: Memory,
    counted: bool,
}

impl Drop for Handle {
    fn drop(&mut self) {
        let mut state = self.disk.0.borrow_mut();
        state.left += usize::from(self.counted);
        state.inodes.get_mut(&self.inode).unwrap().opened -= 1;
        state.collect(self.inode);
    }
}

impl State {
    /// An inode without name and descriptor is free for another file.
    fn collect(&mut self, inode: u64) {
        if self.inodes.get(&inode).is_some_and(|file| file.names == 0 && file.opened == 0) {
            self.inodes.remove(&inode);
            self.free.push(inode);
        }
    }

    fn unlink(&mut self, path: &Path) {
        if let Some(inode) = self.names.remove(path) {
            self.inodes.get_mut(&inode).unwrap().names -= 1;
            self.collect(inode);
        }
    }

    fn stat(&self, inode: u64) -> Stat {
        let file = &self.inodes[&inode];
        let born = self.tells_birth.then_some(file.born);
        Stat {
            identity: Identity { device: 1, inode, born },
            length: file.bytes.len() as u64,
            // Clocks of file systems go in ticks, some in long ones.
            modified: file.modified - file.modified % 1_000_000_000,
            regular: true,
        }
    }
}

impl Memory {
    pub fn new(tells_birth: bool, descriptors: usize) -> Self {
        let state = State { tells_birth, left: descriptors, now: 1_000_000_000_000, ..State::default() };
        Self(Rc::new(RefCell::new(state)))
    }

    pub fn now(&self) -> u64 {
        self.0.borrow().now
    }

    pub fn pass(&self, milliseconds: u64) {
        self.0.borrow_mut().now += milliseconds * 1_000_000;
    }

    /// Opens a file for a writer; makes it where there is none.
    pub fn writer(&self, path: &Path) -> Handle {
        let mut state = self.0.borrow_mut();
        let inode = state.names.get(path).copied().unwrap_or_else(|| {
            let fresh =
                state.inodes.keys().max().copied().unwrap_or_default().max(state.free.len() as u64 + 10) + 1;
            let inode = state.free.pop().unwrap_or(fresh);
            let (now, content) = (state.now, state.contents);
            state.contents += 1;
            let file = Inode { modified: now, born: now, names: 1, content, ..Inode::default() };
            assert!(state.inodes.insert(inode, file).is_none());
            state.names.insert(path.to_owned(), inode);
            inode
        });
        state.inodes.get_mut(&inode).unwrap().opened += 1;
        Handle { inode, disk: self.clone(), counted: false }
    }

    /// Writes at the end; says in which content and at which offset.
    pub fn append(&self, handle: &Handle, bytes: &[u8]) -> (u64, u64) {
        let mut state = self.0.borrow_mut();
        let now = state.now;
        let file = state.inodes.get_mut(&handle.inode).unwrap();
        let place = (file.content, file.bytes.len() as u64);
        file.bytes.extend(bytes);
        file.modified = now;
        place
    }

    pub fn truncate(&self, path: &Path) {
        let mut state = self.0.borrow_mut();
        let Some(inode) = state.names.get(path).copied() else { return };
        let (now, content) = (state.now, state.contents);
        state.contents += 1;
        let file = state.inodes.get_mut(&inode).unwrap();
        (file.modified, file.content) = (now, content);
        file.bytes.clear();
    }

    /// Cuts a file to its first bytes, which stay the same content.
    pub fn shorten(&self, path: &Path, length: usize) {
        let mut state = self.0.borrow_mut();
        let Some(inode) = state.names.get(path).copied() else { return };
        let now = state.now;
        let file = state.inodes.get_mut(&inode).unwrap();
        file.modified = now;
        file.bytes.truncate(length);
    }

    pub fn rename(&self, from: &Path, to: &Path) {
        let mut state = self.0.borrow_mut();
        let Some(inode) = state.names.remove(from) else { return };
        state.unlink(to);
        state.names.insert(to.to_owned(), inode);
    }

    pub fn remove(&self, path: &Path) {
        self.0.borrow_mut().unlink(path);
    }

    /// Copies a file over another name; the copy counts as the same content.
    pub fn copy(&self, from: &Path, to: &Path) {
        let Some((bytes, content)) = self.content(from) else { return };
        self.remove(to);
        let handle = self.writer(to);
        self.append(&handle, &bytes);
        self.0.borrow_mut().inodes.get_mut(&handle.inode).unwrap().content = content;
    }

    /// Bytes of a file, and the number of its content.
    pub fn content(&self, path: &Path) -> Option<(Vec<u8>, u64)> {
        let state = self.0.borrow();
        let file = &state.inodes[state.names.get(path)?];
        Some((file.bytes.clone(), file.content))
    }

    pub fn paths(&self) -> Vec<PathBuf> {
        self.0.borrow().names.keys().cloned().collect()
    }

    pub fn lock(&self, path: &Path, locked: bool) {
        let mut state = self.0.borrow_mut();
        if locked {
            state.locked.insert(path.to_owned())
        } else {
            state.locked.remove(path)
        };
    }
}

impl Disk for Memory {
    type File = Handle;

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        let state = self.0.borrow();
        state.names.get(path).map(|inode| state.stat(*inode)).ok_or(io::ErrorKind::NotFound.into())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(self.paths().into_iter().filter(|path| path.parent() == Some(folder)).collect())
    }

    fn open(&self, path: &Path) -> io::Result<Handle> {
        let mut state = self.0.borrow_mut();
        let inode = *state.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        if state.locked.contains(path) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        state.left = state.left.checked_sub(1).ok_or(io::Error::from_raw_os_error(FULL))?;
        state.inodes.get_mut(&inode).unwrap().opened += 1;
        Ok(Handle { inode, disk: self.clone(), counted: true })
    }

    fn stat_open(&self, file: &Handle) -> io::Result<Stat> {
        Ok(self.0.borrow().stat(file.inode))
    }

    fn read_at(&self, file: &mut Handle, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let state = self.0.borrow();
        let bytes = &state.inodes[&file.inode].bytes;
        let rest = bytes.get(offset as usize..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn is_full(&self, error: &io::Error) -> bool {
        error.raw_os_error() == Some(FULL)
    }
}
