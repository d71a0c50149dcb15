//! What somebody looks up: a value as people write it, told what it is, and in the spelling in which
//! values are compared.
//!
//! Reports and mails write addresses and names so that nobody follows them by accident (`hxxp`, `[.]`,
//! `(dot)`, `\.`). Here they are what they were. Whatever is no address, network, hash, name or path is a
//! text, and looked for as such.

pub mod benign;
mod harmless;
pub mod list;
mod observable;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

pub use harmless::defanged;
use harmless::refanged;
pub use observable::{NotAnObservable, Observable};

use crate::holds::{self, Holds, host_of, plain, unwrapped};

/// Most bytes of a value.
const LONGEST: usize = 4 << 10;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// An address, IPv4 or IPv6.
    Address,
    /// All addresses that begin alike.
    Network,
    /// A hash of a content: MD5, SHA-1, SHA-256, SHA-512.
    Hash,
    /// A name of a host, or of a domain with all names in it.
    Domain,
    /// A URL, of which the host is looked for.
    Url,
    /// An account with its domain.
    User,
    /// A file.
    Path,
    /// Anything else: the name of a host, an account, a file, an id.
    Text,
}

/// A value that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    sort: Sort,
    value: String,
    words: Vec<String>,
    network: Option<Network>,
    /// A whole URL in the one spelling, where no other with its host is meant.
    whole: Option<String>,
}

/// All addresses that begin alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    first: IpAddr,
    length: u8,
}

/// Why a text is nothing that can be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnIndicator {
    /// Nothing stands there.
    #[error("nothing stands there")]
    Empty,
    /// It is longer than any value.
    #[error("it is longer than {LONGEST} bytes")]
    Long,
    /// It has letters in it that cannot be seen, such as a tabulator.
    #[error("it holds control characters")]
    Control,
    /// A network with a length that there is not.
    #[error("a network has 0 to 32 bits, or 0 to 128 in IPv6")]
    Length,
    /// A network of more than a 256th of all addresses.
    #[error("a network shorter than 8 bits is nearly everything")]
    Wide,
}

impl Sort {
    /// One word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Network => "network",
            Self::Hash => "hash",
            Self::Domain => "domain",
            Self::Url => "url",
            Self::User => "user",
            Self::Path => "path",
            Self::Text => "text",
        }
    }
}

impl Indicator {
    /// Reads a value as people write it.
    ///
    /// # Errors
    /// Why it cannot be looked for.
    pub fn read(text: &str) -> Result<Self, NotAnIndicator> {
        let text = bare(text);
        if text.is_empty() {
            return Err(NotAnIndicator::Empty);
        }
        if text.len() > LONGEST {
            return Err(NotAnIndicator::Long);
        }
        if text.chars().any(char::is_control) {
            return Err(NotAnIndicator::Control);
        }
        let value = if is_path(text) { text.to_owned() } else { refanged(text) };
        if bare(&value).is_empty() || plain(&value).is_empty() {
            return Err(NotAnIndicator::Empty);
        }
        Self::of(value)
    }

    /// A value of a list, which is what the list says and nothing else: of a URL not all that has its host.
    ///
    /// # Errors
    /// When there is no such value of this kind.
    pub fn exact(observable: Observable, value: &str) -> Result<Self, NotAnIndicator> {
        let word = || plain(value);
        if word().is_empty() {
            return Err(NotAnIndicator::Empty);
        }
        let one = |sort, word| Ok(Self::one(sort, value.to_owned(), word));
        match observable {
            Observable::Address | Observable::Network => Self::of(value.to_owned()),
            Observable::Domain => one(Sort::Domain, word()),
            Observable::Url => {
                let whole = whole(&word());
                let host = host_of(&whole).to_owned();
                let host = holds::address(&host).map_or(host, |address| address.to_string());
                Ok(Self { whole: Some(whole), ..Self::one(Sort::Url, value.to_owned(), host) })
            }
            Observable::Md5
            | Observable::Sha1
            | Observable::Sha256
            | Observable::Sha512
            | Observable::Imphash
            | Observable::Ja3 => one(Sort::Hash, word()),
            Observable::Mail => one(Sort::User, word()),
            Observable::File => one(Sort::Text, word()),
            Observable::Path => one(Sort::Path, word()),
        }
    }

    fn one(sort: Sort, value: String, word: String) -> Self {
        Self { sort, value, words: vec![word], network: None, whole: None }
    }

    fn of(value: String) -> Result<Self, NotAnIndicator> {
        if let Some(network) = network(&value)? {
            return Ok(Self::network(network));
        }
        let plain = plain(&value);
        let one = |sort, value: String, word: String| Self::one(sort, value, word);
        if let Some(address) = address(&value) {
            return Ok(one(Sort::Address, address.to_string(), address.to_string()));
        }
        if let Some(hash) = hash(&plain) {
            return Ok(one(Sort::Hash, hash.clone(), hash));
        }
        if is_path(&value) {
            let path = plain.trim_matches('"');
            let path = path.strip_prefix("file:").map_or(path, |path| path.trim_start_matches('\\'));
            let path = path.to_owned();
            return Ok(one(Sort::Path, value, path));
        }
        if is_url(&value, &plain) {
            let host = host_of(&plain).trim_end_matches('.').to_owned();
            if host.is_empty() {
                return Err(NotAnIndicator::Empty);
            }
            let host = holds::address(&host).map_or(host, |address| address.to_string());
            return Ok(one(Sort::Url, value, host));
        }
        let name = plain.trim_start_matches("*.").trim_start_matches('.');
        let name = name
            .rsplit_once(':')
            .filter(|(name, port)| is_domain(name) && is_port(port))
            .map_or(name, |(name, _)| name);
        if is_domain(name) {
            return Ok(one(Sort::Domain, name.to_owned(), name.to_owned()));
        }
        let is_user = plain.contains('\\') || plain.contains('@');
        let word = unwrapped(&plain).to_owned();
        Ok(one(if is_user { Sort::User } else { Sort::Text }, value, word))
    }

    fn network(network: Network) -> Self {
        let Network { first, length } = network;
        let value = format!("{first}/{length}");
        let found = |found: u8| Self {
            sort: Sort::Network,
            value: value.clone(),
            words: within(network, found),
            network: Some(network),
            whole: None,
        };
        match holds::lengths(first) {
            lengths if lengths.contains(&length) => found(length),
            // The next longer ones that addresses are found by; of a short one itself, that around it.
            lengths => found(
                lengths.iter().copied().find(|known| *known > length).unwrap_or(lengths[lengths.len() - 1]),
            ),
        }
    }

    /// What it is.
    #[must_use]
    pub fn sort(&self) -> Sort {
        self.sort
    }

    /// The value, as it was before somebody made it harmless.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The words of which a value that is meant has one ([`Holds::words`]).
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether a value that has one of the words may yet be another one, so that [`Indicator::means`] is to be asked.
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        self.network.is_some() || self.whole.is_some()
    }

    /// Whether a value is meant that has one of the words.
    #[must_use]
    pub fn means(&self, holds: Holds, value: &str) -> bool {
        if let Some(wanted) = &self.whole {
            return holds == Holds::Url && whole(&plain(value)) == *wanted;
        }
        let mut means = false;
        holds.words(value, &mut |word| {
            means |= match self.network {
                None => self.words.iter().any(|known| known == word),
                Some(network) => word.parse().is_ok_and(|address| network.has(address)),
            };
        });
        means
    }
}

impl Network {
    fn has(self, address: IpAddr) -> bool {
        address.is_ipv4() == self.first.is_ipv4() && holds::first(address, self.length) == self.first
    }
}

/// A URL of the one spelling without what changes nothing at its end.
fn whole(plain: &str) -> String {
    let plain = plain.split('#').next().unwrap_or_default();
    plain.strip_suffix('\\').unwrap_or(plain).to_owned()
}

/// The words for the networks of a length inside of a network, or for that around it.
fn within(network: Network, length: u8) -> Vec<String> {
    if length <= network.length {
        return vec![holds::network(network.first, length)];
    }
    let count = 1_u32 << (length - network.length);
    let nth = |number: u32| match network.first {
        IpAddr::V4(first) => IpAddr::V4((u32::from(first) | number << (32 - length)).into()),
        IpAddr::V6(first) => IpAddr::V6((u128::from(first) | u128::from(number) << (128 - length)).into()),
    };
    (0..count).map(|number| holds::network(nth(number), length)).collect()
}

/// Without what people put around values in texts.
fn bare(text: &str) -> &str {
    let is_around = |letter: char| {
        letter.is_whitespace()
            || matches!(
                letter,
                '"' | '\'' | '`' | '<' | '>' | ',' | ';' | '\u{feff}' | '\u{200b}' | '「' | '」'
            )
    };
    text.trim_matches(is_around)
}

/// Whether a text begins as paths do: then nobody has made it harmless, and `\.` is a part of it.
fn is_path(text: &str) -> bool {
    let bytes = text.as_bytes();
    let has_drive = matches!(bytes, [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic());
    has_drive || text.starts_with(['\\', '/', '%', '~']) || text.starts_with("file:")
}

fn network(text: &str) -> Result<Option<Network>, NotAnIndicator> {
    let Some((address, length)) = text.split_once('/') else { return Ok(None) };
    let Some(address) = holds::address(address) else { return Ok(None) };
    let is_number = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        // The path of a URL without a scheme.
        return Ok(None);
    }
    let most = if address.is_ipv4() { 32 } else { 128 };
    match length.parse::<u8>() {
        Ok(length) if length > most => Err(NotAnIndicator::Length),
        Ok(length) if length < 8 => Err(NotAnIndicator::Wide),
        Ok(length) => Ok(Some(Network { first: holds::first(address, length), length })),
        Err(_) => Err(NotAnIndicator::Length),
    }
}

/// An address, with a port behind it or not.
fn address(text: &str) -> Option<IpAddr> {
    let without_port = || {
        let (address, port) = text.rsplit_once(':')?;
        let is_marked = address.ends_with(']') || !address.contains(':');
        (is_marked && is_port(port)).then(|| holds::address(address)).flatten()
    };
    holds::address(text.trim_end_matches('.')).or_else(without_port)
}

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A hash, with the name of its algorithm before it or not.
fn hash(plain: &str) -> Option<String> {
    const ALGORITHMS: [&str; 9] =
        ["md5", "sha1", "sha-1", "sha256", "sha-256", "sha512", "sha-512", "imphash", "hash"];
    let named = plain.split_once(['=', ':', ' ']).filter(|(name, _)| ALGORITHMS.contains(name));
    let digits: String = named.map_or(plain, |(_, rest)| rest).trim().replace(':', "");
    let is_hash =
        matches!(digits.len(), 32 | 40 | 64 | 128) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then_some(digits)
}

/// Whether it has a scheme, or a domain or address before its path.
fn is_url(value: &str, plain: &str) -> bool {
    let has_scheme = plain.split_once(":\\").is_some_and(|(scheme, _)| {
        scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    });
    let before = value.split(['/', '?']).next().filter(|before| before.len() < value.len());
    has_scheme
        || before.is_some_and(|before| is_domain(host_of(&holds::plain(before))) || address(before).is_some())
}

/// Endings of files that people look for, and that are no top-level domains of note.
const ENDINGS: [&str; 40] = [
    "exe", "dll", "sys", "ps1", "psm1", "bat", "cmd", "vbs", "vbe", "js", "jse", "wsf", "hta", "jar", "msi",
    "scr", "lnk", "cpl", "ocx", "doc", "docx", "docm", "xls", "xlsx", "xlsm", "ppt", "pptx", "pdf", "rar",
    "txt", "log", "tmp", "dat", "bin", "ini", "iso", "img", "vhd", "elf", "conf",
];

/// Whether it is a name with dots whose last part can be a top-level domain.
fn is_domain(plain: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|letter| letter.is_alphanumeric() || "-_".contains(letter))
    };
    let last = plain.rsplit_once('.').map(|(_, last)| last);
    let is_top = |last: &str| {
        last.chars().count() > 1
            && (last.starts_with("xn--") || last.chars().all(char::is_alphabetic))
            && !ENDINGS.contains(&last)
    };
    plain.len() <= 253 && last.is_some_and(is_top) && plain.split('.').all(is_label)
}
