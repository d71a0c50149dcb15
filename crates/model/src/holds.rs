//! What values of a field people look up, and the words by which each of them is found.
//!
//! A value is found by words: an address by itself and by the networks around it, a name of a host by
//! itself, by its first label and by the domains above it, a path by itself and by its last part. Whoever
//! indexes values and whoever searches them uses the same words, so that they cannot disagree. Words that
//! were written down must be read again: whoever changes what is said here counts [`VERSION`] up.

use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Deserialize;

/// Version of the words.
pub const VERSION: u16 = 1;

/// Domains above a name by which it is found, the widest first.
const ABOVE: usize = 8;

/// What values a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holds {
    /// Addresses of networks, IPv4 or IPv6.
    Address,
    /// Names of machines; also addresses that stand for them.
    Host,
    /// Names of the DNS; also addresses that stand for them.
    Domain,
    /// Accounts: `name`, `DOMAIN\name` or `name@domain`.
    User,
    /// Files, on whatever system.
    Path,
    /// Hashes of contents, one or several (`SHA256=…,MD5=…`).
    Hash,
    /// URLs, of which the host is looked up.
    Url,
    /// Lists of names and addresses.
    List,
    /// Ids of any sort, such as UUIDs.
    Id,
}

/// Takes words.
pub type Give<'a> = dyn FnMut(&str) + 'a;

impl Holds {
    /// All sorts, each under its number in files.
    pub const ALL: [Self; 9] = [
        Self::Address,
        Self::Host,
        Self::Domain,
        Self::User,
        Self::Path,
        Self::Hash,
        Self::Url,
        Self::List,
        Self::Id,
    ];

    /// The words by which a value is found; some may come twice.
    pub fn words(self, value: &str, give: &mut Give<'_>) {
        let plain = plain(value);
        if plain.is_empty() {
            return;
        }
        match self {
            Self::Address => machine(&plain, false, give),
            Self::Host => machine(&plain, true, give),
            Self::Domain => machine(&plain, false, give),
            Self::User => user(&plain, give),
            Self::Path => path(&plain, give),
            Self::Hash => hashes(&plain, give),
            Self::Url => machine(host_of(&plain), false, give),
            Self::List => {
                let parts = plain.split([';', ',', ' ', '[', ']', '"']).filter(|part| !part.is_empty());
                parts.for_each(|part| machine(part, false, give));
            }
            Self::Id => give(unwrapped(&plain)),
        }
    }
}

/// A value in the one spelling that all are compared in: small letters, `\` for `/` and once where it stands
/// several times, no blanks and dots around it.
#[must_use]
pub fn plain(value: &str) -> String {
    let mut plain = String::with_capacity(value.len());
    for letter in value.trim().chars() {
        // By itself: what stands beside it must not matter, since parts of values are words, too.
        let letter = if letter == '/' { '\\' } else { letter };
        if letter != '\\' || !plain.ends_with('\\') {
            if letter.is_ascii() {
                plain.push(letter.to_ascii_lowercase());
            } else {
                plain.extend(letter.to_lowercase());
            }
        }
    }
    let kept = plain.trim_end_matches('.').len();
    plain.truncate(kept);
    plain
}

/// An address as one reads it: with brackets or the name of an interface, too. IPv4 inside IPv6 is IPv4.
#[must_use]
pub fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim_start_matches('[').trim_end_matches(']');
    let text = text.split_once('%').map_or(text, |(address, _)| address);
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// The word for a network, which no value in one spelling can be, whose length in bits is a multiple of eight.
#[must_use]
pub fn network(address: IpAddr, length: u8) -> String {
    format!("{}/{length}", first(address, length))
}

/// The first address of a network.
#[must_use]
pub fn first(address: IpAddr, length: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(length.min(32))).unwrap_or(0);
            Ipv4Addr::from(u32::from(address) & mask).into()
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(length.min(128))).unwrap_or(0);
            Ipv6Addr::from(u128::from(address) & mask).into()
        }
    }
}

/// Lengths of the networks by which an address is found.
#[must_use]
pub fn lengths(address: IpAddr) -> &'static [u8] {
    if address.is_ipv4() { &[8, 16, 24] } else { &[8, 16, 24, 32, 40, 48, 56, 64] }
}

/// An address or a name; with its first label where names are short within an organisation.
fn machine(plain: &str, is_host: bool, give: &mut Give<'_>) {
    let name = plain.trim_matches(['\\', '.']);
    if let Some(address) = address(name) {
        let mut word = String::new();
        let mut word_of = |length: Option<&u8>| {
            word.clear();
            // Writing to a text cannot fail.
            let _ = match length {
                None => write!(word, "{address}"),
                Some(length) => write!(word, "{}/{length}", first(address, *length)),
            };
            give(&word);
        };
        word_of(None);
        lengths(address).iter().for_each(|length| word_of(Some(length)));
        return;
    }
    let name = without_port(name);
    give(name);
    let dots: Vec<usize> = name.match_indices('.').map(|(at, _)| at).collect();
    if let (true, Some(first)) = (is_host, dots.first()) {
        give(&name[..*first]);
    }
    // The last dot parts the top level, which alone is no domain of anybody.
    let above = dots.iter().rev().skip(1).take(ABOVE);
    above.for_each(|dot| give(&name[dot + 1..]));
}

fn without_port(name: &str) -> &str {
    match name.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') && port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => name,
    }
}

fn user(plain: &str, give: &mut Give<'_>) {
    give(plain);
    let name = plain.rsplit_once('\\').map_or(plain, |(_, name)| name);
    let name = name.split_once('@').map_or(name, |(name, _)| name);
    if name != plain {
        give(name);
    }
}

fn path(plain: &str, give: &mut Give<'_>) {
    let path = plain.trim_matches('"');
    give(path);
    if let Some((_, name)) = path.rsplit_once('\\') {
        give(name);
    }
}

fn hashes(plain: &str, give: &mut Give<'_>) {
    for part in plain.split([',', ';', ' ']).filter(|part| !part.is_empty()) {
        let hash = part.rsplit_once('=').map_or(part, |(_, hash)| hash);
        if hash.contains(':') { give(&hash.replace(':', "")) } else { give(hash) }
    }
}

/// The host in a URL in the one spelling, with or without a scheme.
pub(crate) fn host_of(plain: &str) -> &str {
    let rest = plain.split_once(":\\").map_or(plain, |(_, rest)| rest);
    let authority = rest.trim_start_matches('\\').split(['\\', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.split_once(']') {
        Some((address, _)) => address.trim_start_matches('['),
        None => without_port(host),
    }
}

/// An id without the brackets that Windows puts around it.
pub(crate) fn unwrapped(plain: &str) -> &str {
    plain.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(holds: Holds, value: &str) -> Vec<String> {
        let mut words = Vec::new();
        holds.words(value, &mut |word| words.push(word.to_owned()));
        words
    }

    #[test]
    fn values_are_found_by_these_words() {
        for (holds, value, expected) in [
            (Holds::Address, "10.1.2.3", &["10.1.2.3", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24"][..]),
            (Holds::Address, "::ffff:10.1.2.3", &["10.1.2.3", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24"]),
            (Holds::Address, "LOCAL", &["local"]),
            (Holds::Address, "", &[]),
            (
                Holds::Host,
                "AOBA-DC01.aoba.example.",
                &["aoba-dc01.aoba.example", "aoba-dc01", "aoba.example"],
            ),
            (Holds::Host, r"\\WS01", &["ws01"]),
            (Holds::Host, "10.1.2.3", &["10.1.2.3", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24"]),
            (Holds::Domain, "a.B.example.com", &["a.b.example.com", "example.com", "b.example.com"]),
            (Holds::Domain, "example.com:8080", &["example.com"]),
            (Holds::User, r"AOBA\Sato", &[r"aoba\sato", "sato"]),
            (Holds::User, "sato@aoba.example", &["sato@aoba.example", "sato"]),
            (Holds::User, "SYSTEM", &["system"]),
            (Holds::Path, r"C:\Windows\System32\CMD.exe", &[r"c:\windows\system32\cmd.exe", "cmd.exe"]),
            (Holds::Path, "/usr/bin//id", &[r"\usr\bin\id", "id"]),
            (Holds::Hash, "SHA1=AB01,MD5=CD02", &["ab01", "cd02"]),
            (Holds::Hash, "AB:01:CD", &["ab01cd"]),
            (Holds::Url, "https://u:p@Evil.Example.com:8443/a?b", &["evil.example.com", "example.com"]),
            (
                Holds::List,
                "type:  5 a.example.com;::ffff:9.8.7.6;",
                &[
                    "type",
                    "5",
                    "a.example.com",
                    "example.com",
                    "9.8.7.6",
                    "9.0.0.0/8",
                    "9.8.0.0/16",
                    "9.8.7.0/24",
                ],
            ),
            (Holds::Id, "{4F2A-00}", &["4f2a-00"]),
        ] {
            assert_eq!(words(holds, value), expected, "{holds:?} {value}");
        }
        assert_eq!(words(Holds::Address, "2001:db8::1").len(), 9);
    }
}
