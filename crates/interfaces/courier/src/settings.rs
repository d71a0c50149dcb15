//! How an installation reaches the outside: plain data, and what is wrong with it.

use std::net::IpAddr;
use std::path::PathBuf;

use jiff::tz::TimeZone;
use lettre::message::Mailbox;
use page::Language;

/// How effects leave. Without any of it they are kept in the box.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Mail; none where nobody is written to.
    pub mail: Option<Mail>,
    /// The folder into which files are put.
    pub folder: Option<PathBuf>,
    /// The language that comes first in a mail.
    pub language: Language,
    /// The zone of times in a mail.
    pub zone: TimeZone,
}

/// From whom and to whom mails go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The sender: `Noroshi <noroshi@example.jp>`.
    pub from: String,
    /// The addresses of the operations desk.
    pub desk: Vec<String>,
    /// The server; without one mails are kept in the box.
    pub smtp: Option<Smtp>,
}

/// A server that takes mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smtp {
    /// Its name, which its certificate must bear.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How it is spoken to.
    pub tls: Tls,
    /// As whom, where it asks.
    pub user: Option<String>,
    /// The file that holds the password, which is read at each connection.
    pub password_file: Option<PathBuf>,
    /// Certificates (PEM) that are trusted beside the system's.
    pub ca_file: Option<PathBuf>,
}

/// How a server is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// TLS begins by the server's leave (RFC 3207); what does not offer it is not spoken to further.
    Starttls,
    /// TLS from the first byte (RFC 8314).
    Implicit,
    /// In clear: to this machine alone.
    None,
}

/// What is wrong with settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// Not an address.
    #[error("{0:?} is no mail address")]
    Address(String),
    /// Nobody to write to.
    #[error("the desk has no address")]
    NoDesk,
    /// In clear over the network.
    #[error("{0} is not this machine, and mail to it must go by TLS")]
    Clear(String),
    /// A user without a password, or the other way.
    #[error("user and password_file go together")]
    Half,
}

impl Default for Settings {
    fn default() -> Self {
        let zone = TimeZone::get("Asia/Tokyo").unwrap_or(TimeZone::UTC);
        Self { mail: None, folder: None, language: Language::Ja, zone }
    }
}

impl Settings {
    /// What is wrong with them, if anything is; nobody is asked for it.
    ///
    /// # Errors
    /// What is wrong first.
    pub fn check(&self) -> Result<(), Wrong> {
        self.addresses().map(drop)?;
        let Some(smtp) = self.mail.as_ref().and_then(|mail| mail.smtp.as_ref()) else { return Ok(()) };
        if smtp.tls == Tls::None && !is_here(&smtp.host) {
            return Err(Wrong::Clear(smtp.host.clone()));
        }
        if smtp.user.is_some() == smtp.password_file.is_some() { Ok(()) } else { Err(Wrong::Half) }
    }

    /// The sender and the desk.
    pub(crate) fn addresses(&self) -> Result<Option<Addresses>, Wrong> {
        let Some(mail) = &self.mail else { return Ok(None) };
        let from = address(&mail.from)?;
        let desk = mail.desk.iter().map(|one| address(one)).collect::<Result<Vec<_>, _>>()?;
        if desk.is_empty() { Err(Wrong::NoDesk) } else { Ok(Some(Addresses { from, desk })) }
    }
}

/// Addresses that are some.
#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    pub(crate) from: Mailbox,
    pub(crate) desk: Vec<Mailbox>,
}

/// An address that every server takes: those of other letters need an extension that few have.
fn address(text: &str) -> Result<Mailbox, Wrong> {
    let wrong = || Wrong::Address(text.to_owned());
    let mailbox: Mailbox = text.parse().map_err(|_| wrong())?;
    let is_plain = AsRef::<str>::as_ref(&mailbox.email).is_ascii();
    if is_plain && !text.contains(char::is_control) { Ok(mailbox) } else { Err(wrong()) }
}

/// Whether a host is this machine, as far as its name says it.
fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
