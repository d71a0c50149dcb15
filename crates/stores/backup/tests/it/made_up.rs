//! A made-up home: what never changes, what grows, what changes, and keys; and backups of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use backup::{
    About, Added, BackupError, Chain, Folder, Forgotten, Held, Manifest, NewPoint, Part, Point, Restored,
    What,
};
use home::HomeId;
use model::hash::Sha256;
use model::time::Instant;

/// What a home holds, by path.
pub type Contents = BTreeMap<String, Vec<u8>>;

pub fn id() -> HomeId {
    "00112233445566778899aabbccddeeff".parse().expect("an id")
}

pub fn at(number: u64) -> Instant {
    Instant::from_nanoseconds(
        1_800_000_000_000_000_000 + i64::try_from(number).expect("small") * 1_000_000_000,
    )
}

/// A home, and where its backups are.
pub struct Made {
    pub home: PathBuf,
    pub backups: PathBuf,
}

impl Made {
    pub fn new(folder: &Path) -> Self {
        let made = Self { home: folder.join("home"), backups: folder.join("disk/backups") };
        fs::create_dir_all(&made.home).expect("made");
        fs::create_dir_all(folder.join("disk")).expect("made");
        made
    }

    /// Writes a file, whole or not at all, as homes do.
    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.home.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        let part = self.home.with_file_name("part");
        fs::write(&part, bytes).and_then(|()| fs::rename(part, path)).expect("written");
    }

    pub fn grow(&self, path: &str, bytes: &[u8]) {
        let path = self.home.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        let file = OpenOptions::new().append(true).create(true).open(path);
        file.and_then(|mut file| file.write_all(bytes)).expect("written");
    }

    /// An upload, by its hash.
    pub fn upload(&self, bytes: &[u8]) {
        let hash = sha256(bytes).to_string();
        self.write(&format!("files/{}/{hash}", &hash[..2]), bytes);
    }

    /// Holds the folder. A process that a test beside this one starts has all files of this process for a moment,
    /// locks with them, until it is the program that it is started as.
    pub fn held(&self) -> Result<Held, BackupError> {
        patiently(|| Folder::make(&self.backups, id()))
    }

    pub fn folder(&self) -> Folder {
        Folder::open(&self.backups).expect("opened")
    }

    /// Makes a point of what the home holds; who was forgotten is in the home's list.
    pub fn back_up(&self, number: u64) -> Result<(Manifest, Added), BackupError> {
        let held = self.held()?;
        let known = backup::add(held.folder(), &self.forgotten())?;
        held.destroy_keys()?;
        let mut point = NewPoint::begin(&held, at(number))?;
        for path in paths(&self.home) {
            point.add(self.part(&path), &mut |_| true)?;
        }
        point.finish(about(number, known))
    }

    pub fn part(&self, path: &str) -> Part {
        let from = self.home.join(path);
        let length = fs::metadata(&from).map_or(0, |metadata| metadata.len());
        let what = match path.split('/').next().expect("a part") {
            "lake" => What::Lasting(length, None),
            "files" => What::Lasting(length, path.rsplit('/').next().and_then(|name| name.parse().ok())),
            "keys" => What::Key,
            "noroshi.toml" => What::Opened(File::open(&from).expect("there")),
            "access" => What::Own(Some(length)),
            _ => What::Own(None),
        };
        Part { path: path.to_owned(), from, what }
    }

    /// Who was forgotten, as the journal of the home says: a key, and a line.
    pub fn forget(&self, subject: &str) {
        self.grow("journal.sqlite", format!("{subject} is forgotten\n").as_bytes());
        drop(fs::remove_file(self.home.join(key(subject))));
    }

    pub fn forgotten(&self) -> Vec<Forgotten> {
        let journal = fs::read_to_string(self.home.join("journal.sqlite")).unwrap_or_default();
        let lines = (1..).zip(journal.lines());
        lines
            .filter_map(|(position, line)| {
                let subject = line.strip_suffix(" is forgotten")?.to_owned();
                Some(Forgotten {
                    keys: [key(&subject)["keys/".len()..].to_owned()].into(),
                    commit: sha256(format!("{position} {line}").as_bytes()),
                    subject,
                    classes: ["names".to_owned()].into(),
                    reason: "asked".to_owned(),
                    actor: "local:0".to_owned(),
                    at: at(0),
                    position,
                })
            })
            .collect()
    }

    pub fn points(&self) -> Vec<Point> {
        self.folder().points().expect("read")
    }

    /// Puts a point back into a folder.
    pub fn put_back(&self, name: &str, into: &Path) -> Result<Restored, BackupError> {
        let held = patiently(|| self.folder().share())?;
        let points = held.folder().points()?;
        let point = points.iter().find(|point| point.name == name).expect("there");
        backup::restore(&held, (name, point.whole().expect("whole")), into, &mut |_| true)
    }
}

/// Tries again while somebody else has it.
pub fn patiently<T>(mut hold: impl FnMut() -> Result<T, BackupError>) -> Result<T, BackupError> {
    let mut tries = 0;
    loop {
        match hold() {
            Err(BackupError::Busy { .. }) if tries < 100_000 => {
                tries += 1;
                std::thread::yield_now();
            }
            held => return held,
        }
    }
}

pub fn key(subject: &str) -> String {
    format!("keys/personal/{subject}.key")
}

pub fn sha256(bytes: &[u8]) -> Sha256 {
    use sha2::Digest;
    <[u8; 32]>::from(sha2::Sha256::digest(bytes)).into()
}

pub fn about(number: u64, forgotten: u64) -> About {
    let chain = Chain { position: number, last: Sha256::from([0; 32]) };
    About {
        at: at(number),
        program: "0.1.0".to_owned(),
        home_format: 2,
        journal: chain,
        journal_rows: BTreeMap::new(),
        access: chain,
        lake: Vec::new(),
        forgotten,
    }
}

/// Paths of all files below a folder.
pub fn paths(folder: &Path) -> BTreeSet<String> {
    contents(folder).into_keys().collect()
}

/// All files below a folder, and their bytes.
pub fn contents(folder: &Path) -> Contents {
    let mut all = Contents::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inside) = folders.pop() {
        let entries = match fs::read_dir(&inside) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.expect("read"),
        };
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
                all.insert(name, fs::read(&path).expect("read"));
            }
        }
    }
    all
}
