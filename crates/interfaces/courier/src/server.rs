//! A mail is handed to a server. What the server says is kept by its meaning: what was refused for good is given
//! up, everything else is tried again.

use std::fs::{self, File};
use std::io::{self, Read};
use std::net::{SocketAddr, ToSocketAddrs};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;

use crate::attempt::{Failure, told};
use crate::settings::{Addresses, Smtp, Tls};

/// How long a connection or an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The largest file that is read as a password, in bytes.
const PASSWORD: u64 = 4_096;
/// Bits of a mode that let others read or change a file; its group may read.
const OPEN: u32 = 0o027;

/// A mail on its way to a server.
#[derive(Debug, Clone)]
pub(crate) struct Dispatch {
    pub(crate) smtp: Smtp,
    pub(crate) addresses: Addresses,
    /// The mail as it goes over the wire.
    pub(crate) bytes: Vec<u8>,
    /// Whether there is no other attempt: then it goes to those who take it.
    pub(crate) is_last: bool,
}

/// A mail that the server took.
pub(crate) struct Taken {
    /// What it said, with whom it refused.
    pub(crate) receipt: String,
    /// Whether it takes it to all.
    pub(crate) is_whole: bool,
}

impl Dispatch {
    /// Hands the mail to the server, tells its receipt, and then takes leave.
    pub(crate) fn send(&self, tell: impl FnOnce(Result<Taken, Failure>)) {
        let mut connection = match self.connect() {
            Ok(connection) => connection,
            Err(reason) => return tell(Err(Failure::Unreachable(told(&reason)))),
        };
        tell(self.converse(&mut connection));
        // Its answer changes nothing, and nobody waits for it.
        drop(connection.quit());
    }

    /// A connection on which mail may be sent.
    fn connect(&self) -> Result<SmtpConnection, String> {
        let Smtp { host, tls, .. } = &self.smtp;
        let places = self.places().map_err(|error| format!("{host}: {error}"))?;
        let parameters = match tls {
            Tls::None => None,
            Tls::Starttls | Tls::Implicit => Some(self.parameters()?),
        };
        let hello = ClientId::Domain(self.addresses.from.email.domain().to_owned());
        let wrapped = parameters.as_ref().filter(|_| *tls == Tls::Implicit);
        let connection = SmtpConnection::connect(&places[..], Some(PATIENCE), &hello, wrapped, None);
        let mut connection = connection.map_err(|error| self.without_addresses(&error.to_string()))?;
        if let Some(parameters) = parameters.filter(|_| *tls == Tls::Starttls) {
            connection.starttls(&parameters, &hello).map_err(|error| format!("STARTTLS: {error}"))?;
        }
        if let Some(credentials) = self.credentials()? {
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            // What the server says here may repeat what it was told.
            let refused = |error: Error| match error.status() {
                Some(code) => format!("the server refused user or password ({code})"),
                None => "the server did not let us sign in".to_owned(),
            };
            connection.auth(&mechanisms, &credentials).map_err(refused)?;
        }
        Ok(connection)
    }

    fn converse(&self, connection: &mut SmtpConnection) -> Result<Taken, Failure> {
        let Addresses { from, desk } = &self.addresses;
        let said = connection.command(Mail::new(Some(from.email.clone()), Vec::new()));
        said.map_err(|error| self.failure("sender", &error))?;
        let mut refused: Vec<(Failure, String)> = Vec::new();
        for (number, to) in (1..).zip(desk) {
            let recipient: Address = to.email.clone();
            if let Err(error) = connection.command(Rcpt::new(recipient, Vec::new())) {
                let who = format!("recipient {number}");
                let failure = self.failure(&who, &error);
                if error.status().is_none() {
                    return Err(failure);
                }
                refused.push((failure, who));
            }
        }
        self.may_go_on(&refused)?;
        let said = connection.command(Data).map_err(|error| self.failure("mail", &error))?;
        if !said.has_code(354) {
            return Err(Failure::Unreachable(format!("the server said {} to DATA", said.code())));
        }
        let said = connection.message(&self.bytes).map_err(|error| self.failure("mail", &error))?;
        Ok(Taken { receipt: self.receipt(&said, &refused), is_whole: refused.is_empty() })
    }

    /// Those who were refused for good do not hold up the others; those who were refused for now do until the
    /// last attempt, so that nobody gets the mail twice.
    fn may_go_on(&self, refused: &[(Failure, String)]) -> Result<(), Failure> {
        let for_now = refused.iter().find(|(failure, _)| !matches!(failure, Failure::Never(_)));
        let are_all = refused.len() == self.addresses.desk.len();
        match (for_now, refused.first()) {
            (Some((failure, _)), _) if are_all || !self.is_last => Err(failure.clone()),
            (None, Some((failure, _))) if are_all => Err(failure.clone()),
            _ => Ok(()),
        }
    }

    fn receipt(&self, said: &Response, refused: &[(Failure, String)]) -> String {
        let lines: Vec<&str> = said.message().collect();
        let mut receipt = self.without_addresses(&format!("{} {}", said.code(), lines.join(" ")));
        for (failure, _) in refused {
            let (Failure::Unreachable(reason) | Failure::Later(reason) | Failure::Never(reason)) = failure;
            receipt = format!("{receipt}; {reason}");
        }
        told(&receipt)
    }

    /// What a refusal means. Who asks for TLS or to be signed in to is set up otherwise than our settings
    /// say, which a person mends: nothing is wrong with the mail.
    fn failure(&self, what: &str, error: &Error) -> Failure {
        let reason = told(&format!("{what}: {}", self.without_addresses(&error.to_string())));
        match error.status().map(u16::from) {
            Some(530 | 534 | 535 | 538) | None => Failure::Unreachable(reason),
            Some(500..) => Failure::Never(reason),
            Some(421) => Failure::Unreachable(reason),
            Some(_) => Failure::Later(reason),
        }
    }

    /// A server's text without addresses: acts are kept for ever, and addresses may be names.
    fn without_addresses(&self, text: &str) -> String {
        let is_address = |word: &str| word.contains('@');
        let words = text.split(' ').map(|word| if is_address(word) { "…" } else { word });
        words.collect::<Vec<_>>().join(" ")
    }

    /// Where the server is; what is spoken to in clear must be this machine, whatever its name says.
    fn places(&self) -> io::Result<Vec<SocketAddr>> {
        let Smtp { host, port, tls, .. } = &self.smtp;
        let places: Vec<SocketAddr> = (host.as_str(), *port).to_socket_addrs()?.collect();
        if *tls == Tls::None && !places.iter().all(|place| place.ip().is_loopback()) {
            return Err(io::Error::other("is not this machine, and mail to it must go by TLS"));
        }
        Ok(places)
    }

    fn parameters(&self) -> Result<TlsParameters, String> {
        let mut builder = TlsParameters::builder(self.smtp.host.clone());
        if let Some(path) = &self.smtp.ca_file {
            let wrong = |reason: &dyn std::fmt::Display| format!("{}: {reason}", path.display());
            let pem = fs::read(path).map_err(|error| wrong(&error))?;
            let trusted = Certificate::from_pem(&pem).map_err(|error| wrong(&error))?;
            builder = builder.add_root_certificate(trusted);
        }
        builder.build().map_err(|error| error.to_string())
    }

    /// The user and the first line of the password file, which no others may read.
    fn credentials(&self) -> Result<Option<Credentials>, String> {
        let Some((user, path)) = self.smtp.user.as_ref().zip(self.smtp.password_file.as_ref()) else {
            return Ok(None);
        };
        let wrong = |reason: &dyn std::fmt::Display| format!("{}: {reason}", path.display());
        let file = File::open(path).map_err(|error| wrong(&error))?;
        let mode = file.metadata().map_err(|error| wrong(&error))?.permissions().mode();
        if mode & OPEN != 0 {
            return Err(wrong(&"others can read or change it"));
        }
        let mut text = String::new();
        file.take(PASSWORD + 1).read_to_string(&mut text).map_err(|error| wrong(&error))?;
        match text.lines().next() {
            Some(password) if !password.is_empty() && text.len() as u64 <= PASSWORD => {
                Ok(Some(Credentials::new(user.clone(), password.to_owned())))
            }
            _ => Err(wrong(&"the first line is no password")),
        }
    }
}
