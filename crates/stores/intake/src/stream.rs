//! Inputs that may be silent for ever: pipes, devices, standard input. A thread of their own opens
//! and reads them, so that the user can stop while nothing comes; it is then left behind and ends
//! with the process. What it has read is given out before the end.

use std::fs::File;
use std::io::{self, Cursor, ErrorKind, Read};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use crate::inputs::InputFile;
use crate::stop::Stop;

/// Bytes read at once.
const CHUNK: usize = 64 << 10;
/// Chunks that may wait.
const WAITING: usize = 64;
/// Time between two looks at whether the user wants to stop.
const LOOK: Duration = Duration::from_millis(20);
/// How long what was written before a stop may take to arrive.
const GRACE: Duration = Duration::from_millis(100);

/// An input that is read by a thread of its own.
#[derive(Debug)]
pub struct Stream {
    chunks: Receiver<io::Result<Vec<u8>>>,
    rest: Cursor<Vec<u8>>,
    stop: Stop,
    /// When the user's wish to stop ends it.
    end: Option<Instant>,
}

impl Stream {
    /// Opens an input; `None` when the user stopped it before that was done.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(file: &InputFile, stop: &Stop) -> io::Result<Option<Self>> {
        let mut stream =
            Self { chunks: chunks(file), rest: Cursor::default(), stop: stop.clone(), end: None };
        // The first chunk is empty and says that it is open.
        stream.next().transpose().map(|first| first.map(|_| stream))
    }

    fn next(&mut self) -> Option<io::Result<Vec<u8>>> {
        loop {
            if self.stop.asked() {
                let end = *self.end.get_or_insert_with(|| Instant::now() + GRACE);
                if Instant::now() > end {
                    return None;
                }
            }
            match self.chunks.recv_timeout(LOOK) {
                Ok(chunk) => return Some(chunk),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.rest.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            match self.next() {
                Some(chunk) => self.rest = Cursor::new(chunk?),
                None => return Ok(0),
            }
        }
    }
}

/// What a thread of its own reads from an input; the first chunk is empty and says that it is open.
pub(crate) fn chunks(file: &InputFile) -> Receiver<io::Result<Vec<u8>>> {
    let (give, chunks) = sync_channel(WAITING);
    let path = (!file.is_standard_input()).then(|| file.path.clone());
    std::thread::spawn(move || pass_on(path, &give));
    chunks
}

/// Reads to the end, or until nobody takes what was read.
fn pass_on(path: Option<PathBuf>, give: &SyncSender<io::Result<Vec<u8>>>) {
    let input: io::Result<Box<dyn Read>> = match path {
        Some(path) => File::open(path).map(|file| Box::new(file) as _),
        None => Ok(Box::new(io::stdin().lock())),
    };
    let mut input = match input {
        Ok(input) => input,
        Err(error) => return drop(give.send(Err(error))),
    };
    let mut buffer = vec![0; CHUNK];
    let mut chunk = Ok(Vec::new());
    while give.send(chunk).is_ok() {
        chunk = loop {
            match input.read(&mut buffer) {
                Ok(0) => return,
                Ok(count) => break Ok(buffer[..count].to_vec()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
    }
}

/// Everything of a file that may be a pipe; `None` when the user stopped it.
///
/// # Errors
/// When it cannot be opened or read.
pub fn read(file: &InputFile, stop: &Stop) -> io::Result<Option<Vec<u8>>> {
    if std::fs::metadata(&file.path).is_ok_and(|metadata| metadata.is_file()) {
        return std::fs::read(&file.path).map(Some);
    }
    let Some(mut stream) = Stream::open(file, stop)? else { return Ok(None) };
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    Ok((!stop.asked()).then_some(bytes))
}
