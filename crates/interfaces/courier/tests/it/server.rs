//! A mail server that does what it is told, one connection after another.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What a server does otherwise than usual, in one connection.
#[derive(Debug, Clone)]
pub enum Odd {
    /// Nothing.
    Usual,
    /// Answers a command that begins so, or one about this recipient, with this.
    Answers(&'static str, &'static str),
    /// Answers the whole mail with this.
    AnswersMail(&'static str),
    /// Goes away when it has the mail, without an answer.
    GoesAway,
    /// Says nothing at all.
    IsSilent,
    /// Says nothing to who takes leave.
    KeepsThemWaiting,
}

/// How a server is spoken to.
#[derive(Clone)]
pub enum Speech {
    Clear,
    Starttls(Arc<ServerConfig>),
    Implicit(Arc<ServerConfig>),
}

/// A mail as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    pub recipients: Vec<String>,
    pub lines: Vec<String>,
    /// Whether it came by TLS.
    pub is_secret: bool,
    /// What was said to sign in.
    pub signed_in: Option<String>,
    /// Whether the server said that it took it.
    pub is_taken: bool,
}

pub struct Server {
    pub port: u16,
    received: Arc<Mutex<Vec<Received>>>,
    /// What each of the next connections does.
    odd: Arc<Mutex<VecDeque<Odd>>>,
    connections: Arc<Mutex<usize>>,
    /// Those who took leave and were not answered.
    waiting: Arc<Mutex<usize>>,
}

impl Server {
    pub fn clear() -> Self {
        Self::new(Speech::Clear, None)
    }

    /// One that another process has.
    pub fn at(port: u16) -> Self {
        let (received, odd) = (Arc::default(), Arc::default());
        Self { port, received, odd, connections: Arc::default(), waiting: Arc::default() }
    }

    /// A server that lets nobody send who does not say this to sign in.
    pub fn new(speech: Speech, asks: Option<&'static str>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let server = Self::at(port);
        let (received, odd) = (server.received.clone(), server.odd.clone());
        let (connections, waiting) = (server.connections.clone(), server.waiting.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                *connections.lock().expect("whole") += 1;
                let odd = odd.lock().expect("whole").pop_front().unwrap_or(Odd::Usual);
                let (received, waiting) = (received.clone(), waiting.clone());
                let talk = Talk { odd, asks, received, waiting, offers_tls: false, is_secret: false };
                let speech = speech.clone();
                // Who goes away in the middle of it is no fault of the server's.
                thread::spawn(move || drop(talk.listen(stream, speech)));
            }
        });
        server
    }

    /// What the next connections do.
    pub fn will(&self, odd: impl IntoIterator<Item = Odd>) {
        self.odd.lock().expect("whole").extend(odd);
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().expect("whole").clone()
    }

    pub fn connections(&self) -> usize {
        *self.connections.lock().expect("whole")
    }

    /// How many took leave and were not answered.
    pub fn waiting(&self) -> usize {
        *self.waiting.lock().expect("whole")
    }
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        let prefix = format!("{name}: ");
        let headers = self.lines.iter().take_while(|line| !line.is_empty());
        headers.into_iter().find_map(|line| line.strip_prefix(&prefix))
    }

    pub fn key(&self) -> String {
        self.header("X-Noroshi-Key").expect("each has one").to_owned()
    }
}

/// A certificate for a name, and what trusts it.
pub struct Identity {
    pub trusted: String,
    pub config: Arc<ServerConfig>,
}

impl Identity {
    pub fn of(name: &str) -> Self {
        let own = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let trusted = params.self_signed(&own).expect("signed").pem();
        let key = KeyPair::generate().expect("a key");
        let of_server = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        let certificate = of_server.signed_by(&key, &Issuer::new(params, own)).expect("signed");
        let chain = vec![CertificateDer::from(certificate.der().to_vec())];
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.expect("versions").with_no_client_auth().with_single_cert(chain, key);
        Self { trusted, config: Arc::new(config.expect("a certificate")) }
    }
}

/// A connection.
struct Talk {
    odd: Odd,
    asks: Option<&'static str>,
    received: Arc<Mutex<Vec<Received>>>,
    waiting: Arc<Mutex<usize>>,
    offers_tls: bool,
    is_secret: bool,
}

trait Stream: Read + Write + Send {}
impl<S: Read + Write + Send> Stream for S {}

impl Talk {
    fn listen(mut self, stream: TcpStream, speech: Speech) -> io::Result<()> {
        if matches!(self.odd, Odd::IsSilent) {
            // Until the other side goes.
            return io::copy(&mut &stream, &mut io::sink()).map(drop);
        }
        let secret = |stream, config: &Arc<ServerConfig>| {
            let connection = ServerConnection::new(config.clone()).expect("a connection");
            StreamOwned::new(connection, stream)
        };
        match speech {
            Speech::Clear => self.talk(&mut { stream }, true).map(drop),
            Speech::Implicit(config) => {
                self.is_secret = true;
                self.talk(&mut secret(stream, &config), true).map(drop)
            }
            Speech::Starttls(config) => {
                self.offers_tls = true;
                let mut stream = stream;
                if self.talk(&mut stream, true)? {
                    (self.offers_tls, self.is_secret) = (false, true);
                    self.talk(&mut secret(stream, &config), false)?;
                }
                Ok(())
            }
        }
    }

    /// Talks until the other side goes, or wants TLS.
    fn talk(&self, stream: &mut dyn Stream, greets: bool) -> io::Result<bool> {
        if greets {
            say(stream, self.odd_answer("CONNECT").unwrap_or("220 made-up ESMTP"))?;
        }
        let (mut recipients, mut signed_in) = (Vec::new(), None);
        while let Some(line) = line(stream)? {
            if let Some(answer) = self.odd_answer(&line) {
                say(stream, answer)?;
                continue;
            }
            let may = self.asks.is_none() || signed_in.is_some();
            match line.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => {
                    let tls = if self.offers_tls { "250-STARTTLS\r\n" } else { "" };
                    say(stream, &format!("250-made-up\r\n{tls}250 AUTH PLAIN"))?;
                }
                "STARTTLS" if self.offers_tls => {
                    say(stream, "220 go ahead")?;
                    return Ok(true);
                }
                "AUTH" if self.asks.is_some_and(|asks| line == format!("AUTH PLAIN {asks}")) => {
                    signed_in = Some(line);
                    say(stream, "235 welcome")?;
                }
                "AUTH" => say(stream, &format!("535 5.7.8 you said {line}"))?,
                "MAIL" if !may => say(stream, "530 5.7.0 sign in first")?,
                "RCPT" => {
                    recipients.push(line);
                    say(stream, "250 2.1.5 noted")?;
                }
                "DATA" => {
                    say(stream, "354 go on")?;
                    let (recipients, signed_in) = (recipients.clone(), signed_in.clone());
                    self.take(stream, recipients, signed_in)?;
                }
                "QUIT" if matches!(self.odd, Odd::KeepsThemWaiting) => {
                    *self.waiting.lock().expect("whole") += 1;
                }
                "QUIT" => {
                    say(stream, "221 2.0.0 bye")?;
                    return Ok(false);
                }
                _ => say(stream, "250 2.0.0 fine")?,
            }
        }
        Ok(false)
    }

    fn odd_answer(&self, line: &str) -> Option<&'static str> {
        match &self.odd {
            Odd::Answers(to, answer) if line.contains(to) => Some(answer),
            _ => None,
        }
    }

    fn take(
        &self,
        stream: &mut dyn Stream,
        recipients: Vec<String>,
        signed_in: Option<String>,
    ) -> io::Result<()> {
        let mut lines = Vec::new();
        loop {
            match line(stream)? {
                None => return Ok(()),
                Some(line) if line == "." => break,
                Some(line) => lines.push(line.strip_prefix('.').map_or(line.clone(), str::to_owned)),
            }
        }
        let answer = match self.odd {
            Odd::AnswersMail(answer) => answer,
            _ => "250 2.0.0 queued as 4711",
        };
        let goes_away = matches!(self.odd, Odd::GoesAway);
        let is_taken = goes_away || answer.starts_with("250");
        let is_secret = self.is_secret;
        let received = Received { recipients, lines, is_secret, signed_in, is_taken };
        self.received.lock().expect("whole").push(received);
        if goes_away { Err(io::Error::other("gone")) } else { say(stream, answer) }
    }
}

fn say(stream: &mut dyn Stream, answer: &str) -> io::Result<()> {
    stream.write_all(format!("{answer}\r\n").as_bytes())?;
    stream.flush()
}

/// A line without its end, byte by byte, so that nothing behind it is taken; none at the end.
fn line(stream: &mut dyn Stream) -> io::Result<Option<String>> {
    let (mut bytes, mut byte) = (Vec::new(), [0]);
    while !bytes.ends_with(b"\r\n") {
        if stream.read(&mut byte)? == 0 {
            return Ok(None);
        }
        bytes.push(byte[0]);
    }
    bytes.truncate(bytes.len() - 2);
    Ok(Some(String::from_utf8(bytes).expect("nothing but ASCII is sent")))
}
