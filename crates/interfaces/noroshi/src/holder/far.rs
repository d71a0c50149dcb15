//! The way to another process that holds the home.

use std::io::{self, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use page::Words;
use serde_json::Value;

use super::answer::Behind;
use super::place::SocketPath;
use super::request::Request;
use super::wire::{self, Asked, Hello, PROTOCOL, Reply};
use crate::Failure;
use crate::books::user;

/// How long a holder may take to say who it is.
const GREETING: Duration = Duration::from_secs(10);

/// A process that holds the home, and answers.
#[derive(Debug)]
pub struct Far {
    from: BufReader<UnixStream>,
    to: UnixStream,
    process: u32,
    command: String,
}

/// Why a request has no answer.
#[derive(Debug)]
pub enum Unanswered {
    /// It was not begun: the holder has gone, or goes.
    NotBegun,
    /// Nobody knows whether it was done.
    Unknown(io::Error),
    /// It was answered: it was not done.
    Failed(Failure),
}

impl Far {
    /// Asks who holds the home.
    ///
    /// # Errors
    /// When nobody answers there.
    pub fn open(home: &Path, words: Words) -> io::Result<Self> {
        let place = SocketPath::of(home)?;
        let stream = UnixStream::connect(place.path())?;
        stream.set_read_timeout(Some(GREETING))?;
        let hello = Hello {
            protocol: PROTOCOL,
            language: words.language.tag().to_owned(),
            name: user(),
            process: std::process::id(),
            command: String::new(),
        };
        let mut to = stream.try_clone()?;
        wire::write(&mut to, &hello)?;
        let mut from = BufReader::new(stream);
        let greeted: Option<Reply> = wire::read(&mut from)?;
        from.get_ref().set_read_timeout(None)?;
        match greeted {
            Some(Reply::Done(hello)) => {
                let Hello { process, command, .. } = serde_json::from_value(hello)?;
                Ok(Self { from, to, process, command })
            }
            Some(Reply::Failed { text, .. }) => Err(io::Error::new(io::ErrorKind::PermissionDenied, text)),
            Some(Reply::Going) | None => Err(io::ErrorKind::ConnectionRefused.into()),
        }
    }

    /// The process that answers.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.process
    }

    /// Whether it is there to hold the home.
    #[must_use]
    pub fn is_service(&self) -> bool {
        self.command == "serve"
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// Why there is none.
    pub fn ask(&mut self, request: &Request, behind: &Behind<'_>) -> Result<Value, Unanswered> {
        let bytes: &[u8] = match behind {
            Behind::Nothing => &[],
            Behind::Batch(prepared) => prepared.payload(),
            Behind::Bytes(bytes) => bytes,
        };
        let asked = Asked { request: request.clone(), bytes: bytes.len() as u64 };
        let sent = wire::write(&mut self.to, &asked).and_then(|()| self.to.write_all(bytes));
        if let Err(error) = &sent
            && error.kind() == io::ErrorKind::InvalidData
        {
            // Nothing of it went.
            return Err(Unanswered::Failed(Failure { code: 1, text: error.to_string() }));
        }
        // A holder that goes says so although it has not read all that was asked.
        match wire::read(&mut self.from) {
            Ok(Some(Reply::Done(value))) => Ok(value),
            Ok(Some(Reply::Failed { code, text })) => Err(Unanswered::Failed(Failure { code, text })),
            Ok(Some(Reply::Going)) => Err(Unanswered::NotBegun),
            Ok(None) => Err(match sent {
                // What it has not had it cannot have done.
                Err(_) => Unanswered::NotBegun,
                Ok(()) => Unanswered::Unknown(io::ErrorKind::UnexpectedEof.into()),
            }),
            Err(_) if sent.is_err() => Err(Unanswered::NotBegun),
            Err(error) => Err(Unanswered::Unknown(error)),
        }
    }
}
