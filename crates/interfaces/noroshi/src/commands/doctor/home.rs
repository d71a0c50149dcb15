//! The folder itself: whose it is, who may read it, and what lies in it that is of nobody here.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use ::home::{FORMAT, HomeError};
use page::Value;

use super::{Checked, Code, Finding, Patient};

/// What a home may hold. Whoever lays out something new adds it.
const KNOWN: &[&str] = &[
    "format",
    "format.part",
    "id",
    "id.part",
    "backups",
    "backups.part",
    "before",
    "journal.copy",
    "lock",
    "socket",
    "noroshi.toml",
    "lake",
    "spool",
    "journal.sqlite",
    "journal.sqlite-wal",
    "journal.sqlite-shm",
    "files",
    "access",
    "keys",
];

/// Bits of a mode that let others in than the owner.
const OTHERS: u32 = 0o077;

pub(super) fn check(patient: &Patient<'_>) -> Checked {
    let mut checked = Checked::default();
    let root = patient.home.path();
    let data = match fs::metadata(root) {
        Ok(data) => data,
        Err(error) => {
            checked.findings.push(Finding::not_looked_at(root, error.to_string()));
            return checked;
        }
    };
    let user = ::home::user();
    if data.uid() != user {
        let values = vec![("owner", data.uid().to_string().into()), ("user", user.to_string().into())];
        checked.add(Code::HomeOther, root, values);
    }
    if let Some(finding) = format(patient) {
        checked.findings.push(finding);
    }
    let mut walk =
        Walk { patient, owner: data.uid(), groups: BTreeMap::new(), entries: 0, unread: Vec::new() };
    walk.entry(root, &data);
    walk.folder(root);
    checked.findings.append(&mut walk.unread);
    for ((code, _), Group { first, count }) in walk.groups {
        let values = vec![("count", Value::from(count)), ("owner", data.uid().to_string().into())];
        checked.add(code, &first, values);
    }
    checked.look("home", vec![("owner", data.uid().to_string().into()), ("entries", walk.entries.into())]);
    checked
}

/// Whether the home is laid out as this version does, and says who it is.
fn format(patient: &Patient<'_>) -> Option<Finding> {
    let (root, found) = (patient.home.path(), patient.home.format());
    let number = |number: u32| Value::from(u64::from(number));
    if found < FORMAT {
        let values = vec![("found", number(found)), ("known", number(FORMAT))];
        return Some(Finding::new(Code::FormatOld, &root.join("format"), values));
    }
    let (path, error) = (root.join("id"), patient.home.id().err()?);
    Some(match error {
        HomeError::Nameless { .. } => {
            Finding::new(Code::IdUnreadable, &path, vec![("reason", error.to_string().into())])
        }
        error => Finding::not_looked_at(&path, crate::books::with_cause(&error)),
    })
}

/// Entries of one folder of the home with which the same is wrong.
struct Group {
    first: PathBuf,
    count: u64,
}

struct Walk<'a> {
    patient: &'a Patient<'a>,
    owner: u32,
    groups: BTreeMap<(Code, PathBuf), Group>,
    entries: u64,
    unread: Vec<Finding>,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path) {
        let refused = |error: &io::Error| Finding::not_looked_at(folder, error.to_string());
        let entries = match fs::read_dir(folder) {
            // Whoever writes removes some.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => return self.unread.push(refused(&error)),
            Ok(entries) => entries,
        };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            // A link is an entry by itself, and leads nowhere here.
            let Ok(data) = fs::symlink_metadata(&path) else { continue };
            self.entries += 1;
            self.entry(&path, &data);
            if data.is_dir() {
                self.folder(&path);
            }
        }
    }

    fn entry(&mut self, path: &Path, data: &Metadata) {
        if data.uid() != self.owner {
            self.tell(Code::OwnerOther, path);
        }
        if data.mode() & OTHERS != 0 && !data.is_symlink() {
            self.tell(Code::ModeOpen, path);
        }
        let root = self.patient.home.path();
        let name = path.file_name().unwrap_or_default();
        if path.parent() == Some(root) && !KNOWN.iter().any(|known| OsStr::new(known) == name) {
            self.tell(Code::EntryForeign, path);
        }
        let is_incoming = path.parent() == Some(&self.patient.home.files().join("incoming"));
        let is_part = path.extension().is_some_and(|ending| ending == "part") || is_incoming;
        let written = data.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        if is_part && data.is_file() && !self.patient.is_on_its_way(written) {
            self.tell(Code::PartLeft, path);
        }
    }

    /// Files of the same folder of the home are told together.
    fn tell(&mut self, code: Code, path: &Path) {
        let inside = path.strip_prefix(self.patient.home.path()).unwrap_or(path);
        let top: PathBuf = inside.iter().take(1).collect();
        let group = self.groups.entry((code, top));
        group.or_insert_with(|| Group { first: path.to_owned(), count: 0 }).count += 1;
    }
}
