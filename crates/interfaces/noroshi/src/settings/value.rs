//! The values that settings have, each parsed once.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use jiff::tz::TimeZone;
use model::time::Instant;
use page::foreign::visible;
use serde::{Serialize, Serializer};

use crate::range::known_zone;

/// That a text is no value of the kind that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is no value of this kind")]
pub struct NotOne;

/// The least important record that is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum LogLevel {
    /// What failed.
    Error,
    /// What somebody should look at.
    Warn,
    /// What happened.
    #[default]
    Info,
    /// How it happened.
    Debug,
}

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tls {
    /// Begun in clear, and protected before anything is said (RFC 3207).
    #[default]
    StartTls,
    /// Protected from its first byte (RFC 8314).
    Implicit,
    /// Not at all: only to this machine itself.
    None,
}

/// A time zone, under the name that somebody gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(u64);

/// A length of time of at least a second, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(u64);

/// A port, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Port(u16);

/// A year from 1970 to 2261, those that times of events can lie in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Year(i16);

macro_rules! texts {
    ($($(#[$note:meta])* $name:ident by $is_one:ident;)*) => {$(
        $(#[$note])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// As it is written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotOne;

            fn from_str(text: &str) -> Result<Self, NotOne> {
                if $is_one(text) { Ok(Self(text.to_owned())) } else { Err(NotOne) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    )*};
}

texts! {
    /// Name of a source: 1 to 64 of a-z, 0-9, `-`, `_` and `.`.
    Name by is_name;
    /// An organisation, by its id: up to 128 characters that are seen, none of them a blank at an end.
    Organisation by is_organisation;
    /// A mail address, `local@domain` (RFC 5321), in ASCII.
    Address by is_address;
    /// A host's name (RFC 1123) or address.
    Host by is_host;
}

macro_rules! serialize_as_text {
    ($($name:ident)*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    )*};
}

serialize_as_text!(LogLevel Tls Zone Size Span Name Organisation Address Host);

impl LogLevel {
    /// All, the most important first.
    pub const ALL: [Self; 4] = [Self::Error, Self::Warn, Self::Info, Self::Debug];

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

impl FromStr for LogLevel {
    type Err = NotOne;

    fn from_str(text: &str) -> Result<Self, NotOne> {
        Self::ALL.into_iter().find(|level| level.as_str() == text).ok_or(NotOne)
    }
}

impl fmt::Display for LogLevel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Tls {
    /// All.
    pub const ALL: [Self; 3] = [Self::StartTls, Self::Implicit, Self::None];

    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StartTls => "starttls",
            Self::Implicit => "implicit",
            Self::None => "none",
        }
    }

    /// Where servers listen for it.
    #[must_use]
    pub fn port(self) -> Port {
        match self {
            Self::StartTls => Port(587),
            Self::Implicit => Port(465),
            Self::None => Port(25),
        }
    }
}

impl FromStr for Tls {
    type Err = NotOne;

    fn from_str(text: &str) -> Result<Self, NotOne> {
        Self::ALL.into_iter().find(|tls| tls.as_str() == text).ok_or(NotOne)
    }
}

impl fmt::Display for Tls {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Zone {
    /// The zone itself.
    #[must_use]
    pub fn time_zone(&self) -> &TimeZone {
        &self.zone
    }
}

impl Default for Zone {
    fn default() -> Self {
        const TOKYO: &str = "Asia/Tokyo";
        let zone = known_zone(TOKYO).unwrap_or_else(|| TimeZone::fixed(jiff::tz::offset(9)));
        Self { name: TOKYO.to_owned(), zone }
    }
}

impl FromStr for Zone {
    type Err = NotOne;

    fn from_str(text: &str) -> Result<Self, NotOne> {
        let zone = known_zone(text).ok_or(NotOne)?;
        Ok(Self { name: text.to_owned(), zone })
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.name)
    }
}

/// Units of sizes, and how many bytes each has.
const UNITS: [(&str, u64); 9] = [
    ("TiB", 1 << 40),
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("TB", 1_000_000_000_000),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("B", 1),
];

impl Size {
    /// So many bytes.
    #[must_use]
    pub fn of(bytes: u64) -> Self {
        Self(bytes)
    }

    /// In bytes.
    #[must_use]
    pub fn bytes(self) -> u64 {
        self.0
    }
}

impl FromStr for Size {
    type Err = NotOne;

    /// A number, with decimals or without, and a unit, with a blank between or without. Parts of a byte
    /// are left out.
    fn from_str(text: &str) -> Result<Self, NotOne> {
        let (number, unit) = split(text).ok_or(NotOne)?;
        let (_, unit) = UNITS.iter().find(|(name, _)| *name == unit).ok_or(NotOne)?;
        let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |text: &str| -> Result<u64, NotOne> {
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            if is_number { text.parse().map_err(|_| NotOne) } else { Err(NotOne) }
        };
        if decimals.len() > 9 {
            return Err(NotOne);
        }
        let part = u128::from(digits(decimals)?) * u128::from(*unit) / 10_u128.pow(decimals.len() as u32);
        let bytes = u128::from(digits(whole)?) * u128::from(*unit) + part;
        u64::try_from(bytes).map(Self).map_err(|_| NotOne)
    }
}

/// In the unit in which it is the smallest whole number.
impl fmt::Display for Size {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = |unit: &&(&str, u64)| self.0 >= unit.1 && self.0.is_multiple_of(unit.1);
        let shortest = UNITS.iter().filter(fits).min_by_key(|unit| self.0 / unit.1);
        let (name, unit) = shortest.unwrap_or(&("B", 1));
        write!(out, "{} {name}", self.0 / unit)
    }
}

/// Units of time, the largest first.
const TIMES: [(&str, u64); 4] = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)];

impl Span {
    /// As the clock counts.
    #[must_use]
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.0)
    }

    /// Whether at least so long has passed between two times.
    #[must_use]
    pub fn is_over(self, from: Instant, now: Instant) -> bool {
        let passed = i128::from(now.nanoseconds()) - i128::from(from.nanoseconds());
        passed >= i128::from(self.0) * 1_000_000_000
    }
}

impl FromStr for Span {
    type Err = NotOne;

    /// A whole number and a unit, with a blank between or without; up to a hundred years.
    fn from_str(text: &str) -> Result<Self, NotOne> {
        const LONGEST: u64 = 36_525 * 86_400;
        let (number, unit) = split(text).ok_or(NotOne)?;
        let (_, unit) = TIMES.iter().find(|(name, _)| *name == unit).ok_or(NotOne)?;
        let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(*unit));
        seconds.filter(|seconds| (1..=LONGEST).contains(seconds)).map(Self).ok_or(NotOne)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, unit) = TIMES.iter().find(|(_, unit)| self.0.is_multiple_of(*unit)).unwrap_or(&("s", 1));
        write!(out, "{} {name}", self.0 / unit)
    }
}

impl Port {
    /// A port; none for 0 and what is too large.
    #[must_use]
    pub fn of(number: i64) -> Option<Self> {
        u16::try_from(number).ok().filter(|port| *port > 0).map(Self)
    }

    /// Its number.
    #[must_use]
    pub fn get(self) -> u16 {
        self.0
    }
}

impl Year {
    /// A year; none outside the years that events can have.
    #[must_use]
    pub fn of(number: i64) -> Option<Self> {
        i16::try_from(number).ok().filter(|year| (1970..=2261).contains(year)).map(Self)
    }

    /// Its number.
    #[must_use]
    pub fn get(self) -> i16 {
        self.0
    }
}

impl Host {
    /// Whether it is this machine itself, whatever the network says.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let is_address = self.0.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        is_address || self.0.eq_ignore_ascii_case("localhost")
    }
}

/// An absolute path.
pub(super) fn absolute(text: &str) -> Option<PathBuf> {
    path(text).filter(|path| path.is_absolute())
}

/// Any path.
pub(super) fn path(text: &str) -> Option<PathBuf> {
    let is_one = !text.is_empty() && !text.contains('\0');
    is_one.then(|| PathBuf::from(text))
}

/// Number and unit, without blanks.
fn split(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|letter: char| !(letter.is_ascii_digit() || letter == '.'))?;
    let (number, unit) = text.split_at(end);
    Some((number, unit.trim_start_matches(' ')))
}

fn is_name(text: &str) -> bool {
    let is_letter = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.');
    (1..=64).contains(&text.len()) && text.bytes().all(is_letter)
}

fn is_organisation(text: &str) -> bool {
    let is_seen = visible(text) == text && text.trim() == text;
    !text.is_empty() && text.chars().count() <= 128 && is_seen
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_atom = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    let is_local = local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom));
    text.len() <= 254 && local.len() <= 64 && is_local && is_domain(domain)
}

fn is_host(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok() || is_domain(text)
}

/// Names whose last part is a number are addresses, and those are read as such.
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(is_letter)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_number = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    text.len() <= 253 && text.split('.').all(is_label) && !text.rsplit('.').next().is_none_or(is_number)
}
