//! What can be observed of an attack, by kind.

use serde::{Deserialize, Serialize};

/// A kind of thing that machines observe, and that is the same wherever it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Observable {
    /// An address, IPv4 or IPv6.
    Address,
    /// All addresses that begin alike.
    Network,
    /// A name of the DNS, with all names in it; in the spelling of the DNS (`xn--…`).
    Domain,
    /// A URL, without names and passwords in it and without what stands behind `#`.
    Url,
    /// MD5 of a content, in small letters.
    Md5,
    /// SHA-1 of a content.
    Sha1,
    /// SHA-256 of a content.
    Sha256,
    /// SHA-512 of a content.
    Sha512,
    /// Hash of the functions that a program calls.
    Imphash,
    /// Hash of how a program begins TLS.
    Ja3,
    /// A mail address. Somebody may be behind it.
    Mail,
    /// A name of a file.
    File,
    /// A file with its folders.
    Path,
}

/// A text that names no kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no kind of indicator")]
pub struct NotAnObservable(pub String);

impl Observable {
    /// All kinds.
    pub const ALL: [Self; 13] = [
        Self::Address,
        Self::Network,
        Self::Domain,
        Self::Url,
        Self::Md5,
        Self::Sha1,
        Self::Sha256,
        Self::Sha512,
        Self::Imphash,
        Self::Ja3,
        Self::Mail,
        Self::File,
        Self::Path,
    ];

    /// One word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Network => "network",
            Self::Domain => "domain",
            Self::Url => "url",
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
            Self::Imphash => "imphash",
            Self::Ja3 => "ja3",
            Self::Mail => "mail",
            Self::File => "file",
            Self::Path => "path",
        }
    }

    /// Whether it is a hash of a content.
    #[must_use]
    pub fn is_content(self) -> bool {
        matches!(self, Self::Md5 | Self::Sha1 | Self::Sha256 | Self::Sha512)
    }
}

impl std::str::FromStr for Observable {
    type Err = NotAnObservable;

    fn from_str(text: &str) -> Result<Self, NotAnObservable> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| NotAnObservable(text.to_owned()))
    }
}

impl std::fmt::Display for Observable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}
