//! What is no indicator though it is a value that could be one: reserved numbers and names, and infrastructure
//! that everybody uses. Lists say so, each entry with its reason.
//!
//! The lists that come with the program are data (`catalogue/benign.toml`); others are added to them. What stands
//! on several is told of the first.

use std::collections::HashMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::Observable;
use crate::holds;

/// Lists of what is no indicator.
#[derive(Debug, Clone, Default)]
pub struct Benign {
    lists: Vec<List>,
    /// Networks by first address and length, and the lengths that there are.
    networks: HashMap<(IpAddr, u8), Spot>,
    lengths: Vec<u8>,
    /// Domains, hashes and files by what they are and their value.
    values: HashMap<(Sort, String), Spot>,
}

/// What a value of a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sort {
    /// All addresses that begin alike; also one.
    Network,
    /// A name of the DNS with all names in it.
    Domain,
    /// The hash of a content.
    Hash,
    /// A name of a file.
    File,
}

/// A value that is no indicator, in the one spelling: a network as address and length.
///
/// As text `network:192.0.2.0/24`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Value {
    /// What it is.
    pub sort: Sort,
    /// The value.
    pub value: String,
}

/// Why something is no indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// In both languages.
    Known {
        /// In Japanese.
        ja: String,
        /// In English.
        en: String,
    },
    /// As somebody said it.
    Said(String),
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Its name.
    pub name: String,
    /// What it is; none of a list of the installation.
    pub about: Option<Why>,
    /// Whether a URL whose host stands there is none, too.
    pub covers_urls: bool,
    /// Reasons, and the values that each is of.
    pub entries: Vec<(Why, Vec<Value>)>,
}

/// Where a value stands.
#[derive(Debug, Clone, Copy)]
struct Spot {
    list: usize,
    entry: usize,
}

/// Why a value is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered<'a> {
    /// The list.
    pub list: &'a str,
    /// Why it stands there.
    pub why: &'a Why,
}

/// Why the lists that come with the program cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BenignError {
    /// Not the expected TOML.
    #[error("the file of benign lists is not valid")]
    Syntax(#[from] Box<toml::de::Error>),
    /// A value is none.
    #[error("{0:?} is no value of a benign list")]
    Value(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    list: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    name: String,
    #[serde(default)]
    urls: bool,
    ja: String,
    en: String,
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    ja: String,
    en: String,
    #[serde(default)]
    networks: Vec<String>,
    #[serde(default)]
    domains: Vec<String>,
    #[serde(default)]
    hashes: Vec<String>,
    #[serde(default)]
    files: Vec<String>,
}

impl std::fmt::Display for Value {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.sort.as_str(), self.value)
    }
}

impl From<Value> for String {
    fn from(value: Value) -> Self {
        value.to_string()
    }
}

impl TryFrom<String> for Value {
    type Error = BenignError;

    fn try_from(text: String) -> Result<Self, BenignError> {
        let found = text.split_once(':').and_then(|(sort, value)| {
            let sort = Sort::ALL.into_iter().find(|known| known.as_str() == sort)?;
            Some(Self { sort, value: value.to_owned() })
        });
        found.ok_or(BenignError::Value(text))
    }
}

impl Sort {
    /// All.
    pub const ALL: [Self; 4] = [Self::Network, Self::Domain, Self::Hash, Self::File];

    /// One word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Domain => "domain",
            Self::Hash => "hash",
            Self::File => "file",
        }
    }
}

impl Value {
    /// The value of a list that an indicator would be; none where a list has no such values.
    #[must_use]
    pub fn of(observable: Observable, value: &str) -> Option<Self> {
        let sort = match observable {
            Observable::Address | Observable::Network => return network(value).map(Self::of_network),
            Observable::Domain => Sort::Domain,
            Observable::File => Sort::File,
            observable if observable.is_content() => Sort::Hash,
            _ => return None,
        };
        Some(Self { sort, value: value.to_owned() })
    }

    fn of_network((first, length): (IpAddr, u8)) -> Self {
        Self { sort: Sort::Network, value: format!("{first}/{length}") }
    }
}

impl Benign {
    /// The lists that come with the program.
    ///
    /// # Errors
    /// When their file is not sound, which a test rules out.
    pub fn bundled() -> Result<Self, BenignError> {
        let text = include_str!("../../../../catalogue/benign.toml");
        let file: File = toml::from_str(text).map_err(Box::new)?;
        let mut all = Self::default();
        for Listed { name, urls, ja, en, entry } in file.list {
            let entries = entry.into_iter().map(Entry::read).collect::<Result<_, _>>()?;
            all.add(List { name, about: Some(Why::Known { ja, en }), covers_urls: urls, entries });
        }
        Ok(all)
    }

    /// Adds a list.
    pub fn add(&mut self, list: List) {
        let at = self.lists.len();
        for (entry, (_, values)) in list.entries.iter().enumerate() {
            let spot = Spot { list: at, entry };
            for Value { sort, value } in values {
                match (sort, network(value)) {
                    (Sort::Network, Some((first, length))) => {
                        self.networks.entry((first, length)).or_insert(spot);
                        if let Err(place) = self.lengths.binary_search(&length) {
                            self.lengths.insert(place, length);
                        }
                    }
                    _ => {
                        self.values.entry((*sort, value.clone())).or_insert(spot);
                    }
                }
            }
        }
        self.lists.push(list);
    }

    /// All lists, in the order in which they were added.
    #[must_use]
    pub fn lists(&self) -> &[List] {
        &self.lists
    }

    /// The same without lists and values that somebody does not want.
    #[must_use]
    pub fn without(&self, is_wanted: &dyn Fn(&str, Option<&Value>) -> bool) -> Self {
        let mut others = Self::default();
        for list in self.lists.iter().filter(|list| is_wanted(&list.name, None)) {
            let mut list = list.clone();
            for (_, values) in &mut list.entries {
                values.retain(|value| is_wanted(&list.name, Some(value)));
            }
            others.add(list);
        }
        others
    }

    /// Why a value is no indicator, if it is none.
    #[must_use]
    pub fn covers(&self, observable: Observable, value: &str) -> Option<Covered<'_>> {
        match observable {
            Observable::Address | Observable::Network => {
                let (first, length) = network(value)?;
                self.of_network(first, length).map(|spot| self.covered(spot))
            }
            Observable::Domain => self.of_domain(value).map(|spot| self.covered(spot)),
            Observable::Url => {
                let plain = holds::plain(value);
                let host = holds::host_of(&plain);
                let spot = match holds::address(host) {
                    Some(address) => self.of_network(address, whole(address)),
                    None => self.of_domain(host),
                };
                spot.filter(|spot| self.lists[spot.list].covers_urls).map(|spot| self.covered(spot))
            }
            Observable::File => self.of_value(Sort::File, value).map(|spot| self.covered(spot)),
            observable if observable.is_content() => {
                self.of_value(Sort::Hash, value).map(|spot| self.covered(spot))
            }
            _ => None,
        }
    }

    fn covered(&self, spot: Spot) -> Covered<'_> {
        let list = &self.lists[spot.list];
        Covered { list: &list.name, why: &list.entries[spot.entry].0 }
    }

    fn of_value(&self, sort: Sort, value: &str) -> Option<Spot> {
        self.values.get(&(sort, value.to_owned())).copied()
    }

    /// The list of a name of the DNS, or of one that it lies in.
    fn of_domain(&self, name: &str) -> Option<Spot> {
        let above = name.match_indices('.').map(|(dot, _)| &name[dot + 1..]);
        std::iter::once(name).chain(above).find_map(|name| self.of_value(Sort::Domain, name))
    }

    /// The list of a network that holds all of these addresses.
    fn of_network(&self, first: IpAddr, length: u8) -> Option<Spot> {
        let around = self.lengths.iter().take_while(|around| **around <= length);
        around
            .filter_map(|around| self.networks.get(&(holds::first(first, *around), *around)))
            .next()
            .copied()
    }
}

impl Entry {
    fn read(self) -> Result<(Why, Vec<Value>), BenignError> {
        let of_sort = |sort, values: Vec<String>| values.into_iter().map(move |value| Value { sort, value });
        let mut values = Vec::new();
        for text in self.networks {
            let found = network(&text).ok_or(BenignError::Value(text))?;
            values.push(Value::of_network(found));
        }
        values.extend(of_sort(Sort::Domain, self.domains));
        values.extend(of_sort(Sort::Hash, self.hashes));
        values.extend(of_sort(Sort::File, self.files));
        match values.iter().find(|value| value.value.to_lowercase() != value.value) {
            Some(wrong) => Err(BenignError::Value(wrong.value.clone())),
            None => Ok((Why::Known { ja: self.ja, en: self.en }, values)),
        }
    }
}

/// A network, or an address as the network of itself alone.
fn network(text: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (holds::address(address)?, length.parse().ok()?),
        None => holds::address(text).map(|address| (address, whole(address)))?,
    };
    (length <= whole(address)).then(|| (holds::first(address, length), length))
}

fn whole(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reserved_or_shared_is_no_indicator() {
        const EMPTY: &str = "d41d8cd98f00b204e9800998ecf8427e";
        let benign = Benign::bundled().unwrap();
        for (observable, value, expected) in [
            (Observable::Address, "10.1.2.3", Some("reserved")),
            (Observable::Address, "172.32.0.1", None),
            (Observable::Address, "127.0.0.1", Some("reserved")),
            (Observable::Address, "::1", Some("reserved")),
            (Observable::Address, "fe80::1", Some("reserved")),
            (Observable::Address, "203.0.113.7", Some("documentation")),
            (Observable::Address, "8.8.8.8", Some("resolvers")),
            (Observable::Address, "8.8.8.9", None),
            (Observable::Network, "10.1.0.0/16", Some("reserved")),
            (Observable::Network, "8.0.0.0/8", None),
            (Observable::Domain, "login.microsoftonline.com", Some("shared")),
            (Observable::Domain, "notmicrosoftonline.com", None),
            (Observable::Domain, "srv01.local", Some("reserved")),
            (Observable::Domain, "city.aoba.lg.jp", Some("public-bodies")),
            (Observable::Url, "https://github.com/evil/x", None),
            (Observable::Url, "http://192.168.0.1:8080/x", Some("reserved")),
            (Observable::Url, "https://evil.example.com/x", Some("documentation")),
            (Observable::Url, "tcp://[2001:db8::1]:44", Some("documentation")),
            (Observable::Md5, EMPTY, Some("empty")),
            (Observable::Imphash, EMPTY, None),
            (Observable::File, "cmd.exe", Some("system")),
            (Observable::Path, r"c:\temp\cmd.exe", None),
            (Observable::Mail, "bad@gmail.com", None),
        ] {
            let covered = benign.covers(observable, value).map(|covered| covered.list);
            assert_eq!(covered, expected, "{value}");
        }
        assert!(matches!(benign.covers(Observable::File, "cmd.exe").unwrap().why, Why::Known { .. }));
    }

    #[test]
    fn a_list_can_be_left_out_and_another_added() {
        let bundled = Benign::bundled().unwrap();
        let resolver = Value::of(Observable::Address, "8.8.8.8").unwrap();
        let is_wanted =
            |list: &str, value: Option<&Value>| list != "documentation" && value != Some(&resolver);
        let mut benign = bundled.without(&is_wanted);
        let why = Why::Said("ours".to_owned());
        let values = vec![Value::of(Observable::Network, "198.51.100.0/25").unwrap()];
        let entries = vec![(why.clone(), values)];
        benign.add(List { name: "own".to_owned(), about: None, covers_urls: false, entries });
        let list = |observable, value| benign.covers(observable, value).map(|covered| covered.list);
        assert_eq!(list(Observable::Address, "203.0.113.7"), None);
        assert_eq!(list(Observable::Address, "8.8.8.8"), None);
        assert_eq!(list(Observable::Address, "8.8.4.4"), Some("resolvers"));
        assert_eq!(
            benign.covers(Observable::Address, "198.51.100.7"),
            Some(Covered { list: "own", why: &why })
        );
        assert_eq!(list(Observable::Address, "198.51.100.200"), None);
    }

    /// Every value can be met, and no list says what another says.
    #[test]
    fn each_value_of_the_lists_stands_there_once() {
        let benign = Benign::bundled().unwrap();
        for (number, list) in benign.lists().iter().enumerate() {
            for (_, values) in &list.entries {
                assert!(!values.is_empty(), "{}", list.name);
                for Value { sort, value } in values {
                    let spot = match network(value).filter(|_| *sort == Sort::Network) {
                        Some((first, length)) => benign.of_network(first, length),
                        None if *sort == Sort::Domain => benign.of_domain(value),
                        None => benign.of_value(*sort, value),
                    };
                    assert_eq!(spot.map(|spot| spot.list), Some(number), "{value}");
                }
            }
        }
    }
}
