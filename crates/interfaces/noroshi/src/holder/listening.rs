//! Answering others, a thread each.

use std::collections::HashMap;
use std::io::{self, BufReader};
use std::net::Shutdown;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use journal::Actor;
use model::panic::caught;
use page::{Language, Words};
use rustix::net::shutdown;
use rustix::net::sockopt::socket_peercred;

use super::answer::{Behind, Session};
use super::held::Held;
use super::place::SocketPath;
use super::wire::{self, Asked, Hello, MOST_BYTES, PROTOCOL, Reply};
use crate::Failure;

/// Clients that are served at the same time.
const CLIENTS: usize = 256;
/// How long a client may take to take an answer, to say who it is, or to send what it has begun to send.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a holder that goes waits for what is being done.
const FAREWELL: Duration = Duration::from_secs(4);

/// Others are answered as long as this is held.
#[derive(Debug)]
pub struct Listening {
    shared: Arc<Shared>,
    place: SocketPath,
    listener: UnixListener,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    going: AtomicBool,
    clients: Mutex<HashMap<u64, UnixStream>>,
    gone: Condvar,
}

impl Listening {
    /// Begins to answer at the socket of the home; what a process that died has left there goes.
    ///
    /// # Errors
    /// When there can be no socket.
    pub fn begin(held: Arc<Held>) -> io::Result<Self> {
        let place = SocketPath::of(held.path())?;
        match std::fs::remove_file(place.path()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(place.path())?;
        std::fs::set_permissions(place.path(), std::fs::Permissions::from_mode(0o600))?;
        let (shared, own) = (Arc::new(Shared::default()), listener.try_clone()?);
        let accept = {
            let shared = shared.clone();
            move || accept(&own, &held, &shared)
        };
        let thread = std::thread::Builder::new().name("socket".to_owned()).spawn(accept)?;
        Ok(Self { shared, place, listener, thread: Some(thread) })
    }
}

impl Drop for Listening {
    /// Answers what was asked, and says to the others that the holder goes.
    fn drop(&mut self) {
        self.shared.going.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for clients, which then ends.
        let _ = shutdown(&self.listener, rustix::net::Shutdown::Read);
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
        drop(std::fs::remove_file(self.place.path()));
        let clients = self.shared.clients();
        // Who waits for a request reads its end; who works on one is not disturbed.
        clients.values().for_each(|client| drop(client.shutdown(Shutdown::Read)));
        let until = Instant::now() + FAREWELL;
        let left = |clients: &mut HashMap<u64, UnixStream>| !clients.is_empty() && Instant::now() < until;
        drop(self.shared.gone.wait_timeout_while(clients, FAREWELL, left));
    }
}

impl Shared {
    fn clients(&self) -> MutexGuard<'_, HashMap<u64, UnixStream>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_going(&self) -> bool {
        self.going.load(Ordering::SeqCst)
    }
}

/// Takes clients until the holder goes.
fn accept(listener: &UnixListener, held: &Arc<Held>, shared: &Arc<Shared>) {
    for number in 0.. {
        let client = listener.accept();
        if shared.is_going() {
            return;
        }
        let Ok((client, _)) = client else {
            // No descriptor is free, for now.
            std::thread::sleep(Duration::from_millis(50));
            continue;
        };
        let Ok(known) = client.try_clone() else { continue };
        {
            let mut clients = shared.clients();
            if clients.len() >= CLIENTS {
                continue;
            }
            clients.insert(number, known);
        }
        let one = Serving { held: held.clone(), shared: shared.clone(), number };
        held.account.clients.fetch_add(1, Ordering::Relaxed);
        let begun = std::thread::Builder::new().name(format!("client {number}")).spawn(move || {
            // What goes wrong with one client is that client's.
            drop(caught(|| one.serve(&client)));
            drop(one);
        });
        drop(begun);
    }
}

/// A client that is served.
struct Serving {
    held: Arc<Held>,
    shared: Arc<Shared>,
    number: u64,
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.held.account.clients.fetch_sub(1, Ordering::Relaxed);
        self.shared.clients().remove(&self.number);
        self.shared.gone.notify_all();
    }
}

impl Serving {
    fn serve(&self, client: &UnixStream) -> io::Result<()> {
        client.set_write_timeout(Some(PATIENCE))?;
        client.set_read_timeout(Some(PATIENCE))?;
        let mut from = BufReader::new(client.try_clone()?);
        let mut to = client.try_clone()?;
        let Some(hello) = wire::read::<Hello>(&mut from)? else { return Ok(()) };
        let words = Words::new(if hello.language == "ja" { Language::Ja } else { Language::En });
        let mut session = match self.greet(client, &hello, words) {
            Ok(session) => session,
            Err(failure) => return wire::write(&mut to, &Reply::from(Err(failure))),
        };
        let own = Hello {
            protocol: PROTOCOL,
            language: hello.language,
            name: None,
            process: std::process::id(),
            command: self.held.account.command.clone(),
        };
        wire::write(&mut to, &Reply::Done(serde_json::to_value(own)?))?;
        loop {
            // Who asks nothing is no burden.
            client.set_read_timeout(None)?;
            let Some(asked) = self.asked(&mut from, client)? else {
                return if self.shared.is_going() { wire::write(&mut to, &Reply::Going) } else { Ok(()) };
            };
            let (Asked { request, .. }, bytes) = asked;
            let done = caught(|| self.held.answer(request, Behind::Bytes(&bytes), &mut session));
            let done = done.unwrap_or_else(|text| Err(Failure { code: 1, text }));
            wire::write(&mut to, &Reply::from(done))?;
            if self.shared.is_going() {
                return wire::write(&mut to, &Reply::Going);
            }
        }
    }

    /// The next request with its bytes; none where there is none, or the holder goes.
    fn asked(
        &self,
        from: &mut BufReader<UnixStream>,
        client: &UnixStream,
    ) -> io::Result<Option<(Asked, Vec<u8>)>> {
        let read = |from: &mut BufReader<UnixStream>| {
            // The first byte may take for ever, what follows it not.
            if io::BufRead::fill_buf(from)?.is_empty() {
                return Ok(None);
            }
            client.set_read_timeout(Some(PATIENCE))?;
            let Some(asked) = wire::read::<Asked>(from)? else { return Ok(None) };
            if asked.bytes > MOST_BYTES {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "there are too many bytes"));
            }
            let bytes = wire::bytes(from, asked.bytes)?;
            Ok(Some((asked, bytes)))
        };
        match read(from) {
            // It was cut off by the end of the holder: what was half asked is not done.
            Err(_) if self.shared.is_going() => Ok(None),
            asked => asked,
        }
    }

    /// Who asks, as the system says.
    fn greet(&self, client: &UnixStream, hello: &Hello, words: Words) -> Result<Session, Failure> {
        let failed = |error: rustix::io::Errno| Failure { code: 1, text: error.to_string() };
        let user = socket_peercred(client).map_err(failed)?.uid.as_raw();
        if user != home::user() {
            let path = self.held.path().display().to_string();
            return Err(Failure::usage(words, "cli-error-home-other", &[("path", path.into())]));
        }
        if hello.protocol != PROTOCOL {
            let values = [("process", std::process::id().to_string().into())];
            return Err(Failure::usage(words, "cli-error-holder-version", &values));
        }
        let actor = Actor::local(user);
        self.held.name(&actor, hello.name.as_deref(), words)?;
        Ok(Session::new(actor, words))
    }
}
