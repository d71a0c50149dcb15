//! What of a finding's events is an indicator: addresses, names, URLs, hashes and files in the columns that people
//! look up, as the field catalogue says.
//!
//! Machines and accounts of an organisation are none, nor is what came with the system: what is left out is told
//! with its reason, as with lists.

use std::collections::BTreeMap;

use model::catalogue::Catalogue;
use model::evidence::Evidence;
use model::holds::{self, Holds};
use model::indicator::Observable;
use model::indicator::benign::{Benign, Covered, Why};
use model::indicator::list;

/// Rows that are named of each value.
const NAMED: usize = 5;
/// Folders of programs that were installed, in the one spelling; what runs from there says little by its name.
const INSTALLED: [&str; 10] = [
    r":\windows\",
    r":\program files\",
    r":\program files (x86)\",
    r"\usr\",
    r"\bin\",
    r"\sbin\",
    r"\lib\",
    r"\lib64\",
    r"\snap\",
    r"\opt\",
];

/// An event's row.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRow {
    /// Which.
    pub evidence: Evidence,
    /// Values by the names of their columns.
    pub values: Vec<(String, String)>,
}

/// An indicator of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extracted {
    /// What it is.
    pub observable: Observable,
    /// Its value in the one spelling.
    pub value: String,
    /// The column in which it stands first.
    pub field: String,
    /// Rows that have it.
    pub rows: u64,
    /// A few of them, the first ones.
    pub evidence: Vec<Evidence>,
}

/// What events have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfEvents {
    /// Indicators, by kind and value.
    pub taken: Vec<Extracted>,
    /// What is none, the benign list that says so, and why.
    pub benign: Vec<(Extracted, String, Why)>,
}

/// The indicators of rows of events.
#[must_use]
pub fn indicators_of<'a>(
    catalogue: &Catalogue,
    rows: impl IntoIterator<Item = &'a EventRow>,
    benign: &Benign,
) -> OfEvents {
    let holds: BTreeMap<&str, Holds> =
        catalogue.fields().iter().filter_map(|field| Some((field.name.as_str(), field.holds()?))).collect();
    let mut found: BTreeMap<(Observable, String), Extracted> = BTreeMap::new();
    for row in rows {
        let mut of_row: Vec<(Observable, String, &str)> = Vec::new();
        for (field, value) in &row.values {
            let Some(holds) = holds.get(field.as_str()) else { continue };
            values(*holds, field, value, &mut |observable, value| of_row.push((observable, value, field)));
        }
        of_row.sort();
        of_row.dedup_by(|one, other| (one.0, &one.1) == (other.0, &other.1));
        for (observable, value, field) in of_row {
            let one = found.entry((observable, value.clone())).or_insert_with(|| Extracted {
                observable,
                value,
                field: field.to_owned(),
                rows: 0,
                evidence: Vec::new(),
            });
            one.rows += 1;
            if one.evidence.len() < NAMED {
                one.evidence.push(row.evidence.clone());
            }
        }
    }
    let mut of = OfEvents::default();
    for one in found.into_values() {
        match benign.covers(one.observable, &one.value) {
            Some(Covered { list, why }) => of.benign.push((one, list.to_owned(), why.clone())),
            None => of.taken.push(one),
        }
    }
    of
}

/// The indicators of a value of a column.
fn values(holds: Holds, field: &str, value: &str, give: &mut dyn FnMut(Observable, String)) {
    let mut of = |observable: Observable, text: &str| {
        if let Ok(value) = list::value(observable, text) {
            give(observable, value);
        }
    };
    match holds {
        Holds::Address => of(Observable::Address, value),
        Holds::Domain => machine(value, &mut of),
        Holds::List => value.split([';', ',', ' ', '[', ']', '"']).for_each(|part| machine(part, &mut of)),
        Holds::Url => of(Observable::Url, value),
        Holds::Hash => hashes(field, value, &mut of),
        Holds::Path => {
            let plain = holds::plain(value);
            let is_installed = INSTALLED.iter().any(|folder| match folder.starts_with(':') {
                true => plain.get(1..).is_some_and(|plain| plain.starts_with(folder)),
                false => plain.starts_with(folder),
            });
            if !is_installed && plain.contains('\\') {
                match list::value(Observable::Path, value) {
                    // Somebody's own folder says who they are; the file in there is as good.
                    Err(list::Cause::PathOfPerson) => {
                        of(Observable::File, plain.rsplit('\\').next().unwrap_or_default());
                    }
                    _ => of(Observable::Path, value),
                }
            }
        }
        // Machines, accounts and ids of the organisation.
        Holds::Host | Holds::User | Holds::Id => {}
    }
}

/// A name of the DNS, or an address that stands for one.
fn machine(text: &str, of: &mut dyn FnMut(Observable, &str)) {
    let name = text.trim_end_matches('.');
    let observable = if holds::address(name).is_some() { Observable::Address } else { Observable::Domain };
    of(observable, name);
}

/// Hashes of a content, one or several (`SHA256=…,MD5=…`).
fn hashes(field: &str, value: &str, of: &mut dyn FnMut(Observable, &str)) {
    for part in value.split([',', ';', ' ']).filter(|part| !part.is_empty()) {
        let (name, hash) = part.rsplit_once('=').unwrap_or(("", part));
        let observable = match (name.to_ascii_lowercase().as_str(), hash.len()) {
            ("imphash", 32) => Observable::Imphash,
            (_, 32) if field.contains("imphash") => Observable::Imphash,
            (_, 32) if field.contains("ja3") => Observable::Ja3,
            (_, 32) => Observable::Md5,
            (_, 40) => Observable::Sha1,
            (_, 64) => Observable::Sha256,
            (_, 128) => Observable::Sha512,
            _ => continue,
        };
        of(observable, hash);
    }
}
