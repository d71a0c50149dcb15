//! What a point holds, as bytes that say themselves whether they are whole.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use model::hash::Sha256;
use model::time::Instant;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Digest;

/// How folders of backups, their manifests and lists are laid out now.
pub(crate) const FORMAT: u32 = 1;

/// What stands between a text and the hash of itself.
const SEAL: &str = r#","sha256":""#;

/// What a point is of, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// When the home was so.
    pub at: Instant,
    /// The version of the program.
    pub program: String,
    /// The format of the home.
    pub home_format: u32,
    /// The journal's last commit.
    pub journal: Chain,
    /// Rows of the journal's tables, by name.
    pub journal_rows: BTreeMap<String, u64>,
    /// The access log's last record.
    pub access: Chain,
    /// Tables of the lake.
    pub lake: Vec<TableOf>,
    /// How many lines the list of who was forgotten had when the point was begun: the journal knows of all of them.
    pub forgotten: u64,
}

/// The end of a chain of hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// The number of its last part; 0 where there is none.
    pub position: u64,
    /// The hash of that; zeros where there is none.
    pub last: Sha256,
}

/// A table of the lake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableOf {
    /// Its name.
    pub table: String,
    /// Its version.
    pub version: u64,
    /// Its rows, where they were counted.
    pub rows: Option<u64>,
    /// Files with rows.
    pub files: u64,
    /// Bytes of these.
    pub bytes: u64,
}

/// A file of a point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its path in the home, with `/` between the parts.
    pub path: String,
    /// Bytes.
    pub bytes: u64,
    /// Their hash.
    pub sha256: Sha256,
    /// Whether it lies beside the points, for several.
    pub is_shared: bool,
}

/// All that a point holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// How it is laid out.
    pub format: u32,
    /// Whose backup it is.
    pub home: String,
    /// What it is of.
    #[serde(flatten)]
    pub about: About,
    /// Its files.
    pub files: Vec<Entry>,
}

/// What bytes are that should be a manifest.
#[derive(Debug)]
pub(crate) enum Read {
    Whole(Box<Manifest>),
    Newer(u32),
    Damaged,
}

#[derive(Deserialize)]
struct Format {
    format: u32,
}

impl Manifest {
    /// As bytes.
    pub(crate) fn text(&self) -> Result<String, serde_json::Error> {
        seal(self)
    }

    /// What bytes say.
    pub(crate) fn read(bytes: &[u8]) -> Read {
        match unseal::<Format>(bytes) {
            Some(Format { format }) if format > FORMAT => return Read::Newer(format),
            Some(_) => {}
            None => return Read::Damaged,
        }
        let manifest = unseal::<Self>(bytes).filter(|manifest| manifest.files.iter().all(Entry::is_of_home));
        manifest.map_or(Read::Damaged, |manifest| Read::Whole(Box::new(manifest)))
    }

    /// Bytes of all its files.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

impl Entry {
    /// Whether it is one of a home's books: nothing is ever written elsewhere, and nothing that would make a
    /// folder a home.
    fn is_of_home(&self) -> bool {
        const BOOKS: [&str; 7] =
            ["access", "backups", "files", "journal.sqlite", "keys", "lake", "noroshi.toml"];
        let mut parts = Path::new(&self.path).components();
        let first = parts.clone().next();
        let is_book = first.is_some_and(|first| BOOKS.iter().any(|book| first.as_os_str() == *book));
        is_book && parts.all(|part| matches!(part, Component::Normal(_)))
    }
}

/// A line that ends with the hash of what stands before it.
pub(crate) fn seal(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let text = serde_json::to_string(value)?;
    let hash = Sha256::from(<[u8; 32]>::from(sha2::Sha256::digest(&text)));
    let open = text.strip_suffix('}').unwrap_or(&text);
    Ok(format!("{open}{SEAL}{hash}\"}}\n"))
}

/// The value of such a line; none where a byte of it is missing or another one.
pub(crate) fn unseal<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (open, hash) = text.strip_suffix("\"}\n")?.rsplit_once(SEAL)?;
    let text = format!("{open}}}");
    let found = Sha256::from(<[u8; 32]>::from(sha2::Sha256::digest(&text)));
    if hash != found.to_string() {
        return None;
    }
    serde_json::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let zeros = Sha256::from([0; 32]);
        let about = About {
            at: Instant::from_nanoseconds(1_800_000_000_000_000_000),
            program: "0.1.0".to_owned(),
            home_format: 2,
            journal: Chain { position: 3, last: zeros },
            journal_rows: [("acts".to_owned(), 5)].into(),
            access: Chain { position: 0, last: zeros },
            lake: vec![TableOf { table: "own/x".to_owned(), version: 1, rows: None, files: 2, bytes: 3 }],
            forgotten: 1,
        };
        let file = |path: &str| Entry { path: path.to_owned(), bytes: 1, sha256: zeros, is_shared: true };
        let files = vec![file("lake/own/x/day=2026-01-01/part.parquet"), file("journal.sqlite")];
        Manifest { format: FORMAT, home: "00".repeat(16), about, files }
    }

    #[test]
    fn a_manifest_that_is_cut_off_or_changed_anywhere_is_none() {
        let text = manifest().text().unwrap();
        assert!(matches!(Manifest::read(text.as_bytes()), Read::Whole(read) if *read == manifest()));
        for at in 0..text.len() {
            assert!(matches!(Manifest::read(&text.as_bytes()[..at]), Read::Damaged), "cut at {at}");
            for bit in 0..8 {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                assert!(matches!(Manifest::read(&bytes), Read::Damaged), "bit {bit} at {at}");
            }
            let mut more = text.clone();
            more.insert(at, ' ');
            assert!(matches!(Manifest::read(more.as_bytes()), Read::Damaged), "a blank at {at}");
        }
        assert!(matches!(Manifest::read(format!("{text}\n").as_bytes()), Read::Damaged));
        let newer = Manifest { format: FORMAT + 1, ..manifest() };
        assert!(matches!(Manifest::read(newer.text().unwrap().as_bytes()), Read::Newer(2)));
    }

    #[test]
    fn a_manifest_names_files_of_a_home_alone() {
        for path in
            ["../x", "lake/../../x", "/etc/x", "", "format", "id", "lock", "lake/./x", "spool/x", "a/lake"]
        {
            let mut bad = manifest();
            bad.files[0].path = path.to_owned();
            let is_refused = matches!(Manifest::read(bad.text().unwrap().as_bytes()), Read::Damaged);
            // A path of a dot is the one without it.
            assert!(is_refused || path == "lake/./x", "{path:?}");
        }
    }
}
