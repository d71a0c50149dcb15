//! What a doctor finds: a code that stays, how bad it is, where, and the values that its two sentences tell.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use page::foreign::visible;
use page::{Value, Words};
use serde::Serialize;

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something is lost, or cannot be used.
    Broken,
    /// Somebody has to do something.
    Warning,
    /// It is good to know, and harms nothing.
    Note,
}

/// Something that is wrong with a home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub code: Code,
    /// Where.
    pub path: PathBuf,
    /// Values by the names under which the texts ask for them, besides `path`.
    pub values: Vec<(&'static str, Value)>,
}

/// A finding for programs.
#[derive(Debug, Serialize)]
pub struct Told {
    code: &'static str,
    severity: Severity,
    path: String,
    values: BTreeMap<&'static str, serde_json::Value>,
    what: String,
    remedy: String,
}

/// Makes the codes: each has a name in code, the one that people and programs see, and how bad it is.
macro_rules! codes {
    ($($code:ident $name:literal $severity:ident)+) => {
        /// What can be found. The texts of each are `doctor-<name>` and `doctor-<name>-do`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "docs/guide/doctor.md says what each is, and the texts say it to people")]
        pub enum Code {
            $($code,)+
        }

        impl Code {
            /// All of them, in the order in which homes are looked at.
            pub const ALL: &[Self] = &[$(Self::$code,)+];

            /// Its name, which stays.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$code => $name,)+
                }
            }

            /// How bad it is.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$code => Severity::$severity,)+
                }
            }
        }
    };
}

codes! {
    HomeMissing "home-missing" Broken
    HomeForeign "home-foreign" Broken
    FormatNewer "format-newer" Broken
    FormatUnreadable "format-unreadable" Broken
    FormatOld "format-old" Warning
    IdUnreadable "id-unreadable" Warning
    HomeOther "home-other" Note
    OwnerOther "owner-other" Broken
    ModeOpen "mode-open" Warning
    NotLookedAt "not-looked-at" Warning
    EntryForeign "entry-foreign" Note
    PartLeft "part-left" Note
    LockOld "lock-old" Note
    SocketOld "socket-old" Note
    SocketSilent "socket-silent" Warning
    SocketForeign "socket-foreign" Warning
    DiskReadOnly "disk-read-only" Broken
    DiskFull "disk-full" Broken
    DiskNearlyFull "disk-nearly-full" Warning
    DiskNoNames "disk-no-names" Broken
    SettingsUnread "settings-unread" Broken
    SettingsWrong "settings-wrong" Broken
    SettingsName "settings-name" Warning
    LakeCommitTorn "lake-commit-torn" Broken
    LakeCommitDamaged "lake-commit-damaged" Broken
    LakeLogUnreadable "lake-log-unreadable" Broken
    LakeFileMissing "lake-file-missing" Broken
    LakeFileCut "lake-file-cut" Broken
    LakeFileForeign "lake-file-foreign" Broken
    LakeFileDamaged "lake-file-damaged" Broken
    LakeRowsDiffer "lake-rows-differ" Broken
    LakeBatchesMissing "lake-batches-missing" Broken
    LakeCommitAside "lake-commit-aside" Note
    LakeFilesUnnamed "lake-files-unnamed" Note
    LakeIndexDamaged "lake-index-damaged" Note
    LakeAccountDamaged "lake-account-damaged" Broken
    SpoolTorn "spool-torn" Note
    SpoolDamaged "spool-damaged" Broken
    SpoolUnreadable "spool-unreadable" Broken
    SpoolWaiting "spool-waiting" Warning
    JournalMissing "journal-missing" Note
    JournalLost "journal-lost" Broken
    JournalForeign "journal-foreign" Broken
    JournalNewer "journal-newer" Broken
    JournalOutdated "journal-outdated" Note
    JournalDamaged "journal-damaged" Broken
    JournalChainBroken "journal-chain-broken" Broken
    JournalCommitMissing "journal-commit-missing" Broken
    JournalActDamaged "journal-act-damaged" Broken
    JournalActMissing "journal-act-missing" Broken
    JournalLogLeft "journal-log-left" Note
    PersonalUnreadable "personal-unreadable" Broken
    KeyMissing "key-missing" Broken
    KeyDamaged "key-damaged" Broken
    KeyLeft "key-left" Warning
    KeyUnknown "key-unknown" Note
    JobOpen "job-open" Note
    OutboxGivenUp "outbox-given-up" Warning
    ClockBehind "clock-behind" Warning
    FileMissing "file-missing" Broken
    FileDamaged "file-damaged" Broken
    FileUnheld "file-unheld" Note
    AccessNewer "access-newer" Broken
    AccessTorn "access-torn" Note
    AccessDamaged "access-damaged" Broken
    AccessBroken "access-chain-broken" Broken
    BackupNone "backup-none" Note
    BackupAway "backup-away" Warning
    BackupOld "backup-old" Warning
    BackupSameDisk "backup-same-disk" Note
}

impl Code {
    /// Whether it depends on who writes, and is seen without reading all bytes.
    pub(super) fn may_pass(self) -> bool {
        use Code::{
            FileUnheld, JobOpen, JournalLogLeft, KeyUnknown, LakeBatchesMissing, LakeFilesUnnamed, LockOld,
            PartLeft, SocketOld, SocketSilent, SpoolTorn, SpoolWaiting,
        };
        matches!(
            self,
            FileUnheld
                | JobOpen
                | JournalLogLeft
                | KeyUnknown
                | LakeBatchesMissing
                | LakeFilesUnnamed
                | LockOld
                | PartLeft
                | SocketOld
                | SocketSilent
                | SpoolTorn
                | SpoolWaiting
        )
    }
}

impl Finding {
    /// Something at a place.
    #[must_use]
    pub fn new(code: Code, path: &Path, values: Vec<(&'static str, Value)>) -> Self {
        Self { code, path: path.to_owned(), values }
    }

    /// What could not be looked at, and why.
    #[must_use]
    pub fn not_looked_at(path: &Path, reason: impl Into<String>) -> Self {
        Self::new(Code::NotLookedAt, path, vec![("reason", reason.into().into())])
    }

    /// What is wrong, and what to do.
    #[must_use]
    pub fn sentences(&self, home: &Path, words: Words) -> (String, String) {
        let mut values = self.values.clone();
        for (_, value) in &mut values {
            if let Value::Text(text) = value {
                *text = visible(text).into_owned();
            }
        }
        let shown = |path: &Path| Value::from(visible(&path.display().to_string()).into_owned());
        values.extend([("path", shown(&self.path)), ("home", shown(home))]);
        let key = format!("doctor-{}", self.code.name());
        (words.with(&key, &values), words.with(&format!("{key}-do"), &values))
    }

    /// The same for programs.
    #[must_use]
    pub fn told(&self, home: &Path, words: Words) -> Told {
        let (what, remedy) = self.sentences(home, words);
        let (code, severity) = (self.code.name(), self.code.severity());
        let values = self.values.iter().map(|(name, value)| (*name, plain(value))).collect();
        Told { code, severity, path: self.path.display().to_string(), values, what, remedy }
    }
}

/// A value for programs.
#[must_use]
pub fn plain(value: &Value) -> serde_json::Value {
    match value {
        Value::Number(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
    }
}
