//! What happened to the logs between two looks: looks and answers in, steps out.
//!
//! Pure: it knows no file, no content and no clock. Whoever looks at the disk gives [`Rotation::look`]
//! what stands there, after answering [`Rotation::questions`] about contents, tells
//! [`Rotation::gave`] what was read, and does the [`Step`]s.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::looking::Looking;
use crate::names;
use crate::sight::{Answer, Identity, Log, Question, Sight, Step};

/// How long a log that lost its name is read on after its last line, in nanoseconds.
pub const RETIRED: u64 = 30_000_000_000;
/// How long a log whose file was cut off or is gone waits for a copy of it to show up.
pub const GRACE: u64 = 2_000_000_000;
/// How old a copy may be, when its log is cut off, to have been made for that.
pub const RECENT: u64 = 10_000_000_000;
/// Bytes that must agree before a file under a name not made from the log's is taken for a
/// copy of it: logs may well begin with the same heading.
pub const EVIDENCE: u64 = 1024;
/// Bytes that must agree before a file that goes on differently is read from where it does.
pub const BRANCH: u64 = 4096;
/// A file written to within this time may change again without its time of change telling.
const SETTLED: u64 = 2_000_000_000;
/// Most logs that one file is compared with.
const CANDIDATES: usize = 64;
/// Most logs kept, after their files are gone, in order to know copies of them.
const GONE: usize = 1024;

/// The answers to [`Rotation::questions`], by path.
pub type Answers = HashMap<PathBuf, Vec<(Log, Answer)>>;

/// What is known of all logs.
#[derive(Debug, Default)]
pub struct Rotation {
    pub(crate) logs: BTreeMap<Log, Known>,
    /// The log that each file holds.
    pub(crate) standing: HashMap<Identity, Log>,
    /// The log that was last begun under each name.
    pub(crate) named: HashMap<PathBuf, Log>,
    /// When the files that the user asked for had last been written to at the first look.
    pub(crate) began: Option<HashMap<PathBuf, u64>>,
    /// Names that files asked for have had.
    used: HashSet<PathBuf>,
    next: u64,
}

/// What is known of one log.
#[derive(Debug)]
pub(crate) struct Known {
    /// The name it was first seen under.
    pub(crate) origin: PathBuf,
    /// Where the last look saw its file.
    pub(crate) path: Option<PathBuf>,
    pub(crate) identity: Identity,
    pub(crate) length: u64,
    pub(crate) modified: u64,
    /// Whether nothing can have changed without length or time telling.
    pub(crate) settled: bool,
    /// First bytes, as far as they were seen.
    pub(crate) start: Vec<u8>,
    /// Bytes given.
    pub(crate) read: u64,
    pub(crate) phase: Phase,
    /// When it last gave bytes or lost its name.
    pub(crate) quiet: u64,
    /// Whether another log has come under its first name.
    pub(crate) rotated: bool,
    /// Whether a descriptor keeps its file alive.
    pub(crate) held: bool,
    /// Whether the caller reads the file by itself.
    pub(crate) whole: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It may give bytes.
    Live,
    /// Its file is gone, or was cut off or overwritten (then `cut`).
    Left { since: u64, cut: bool },
    /// No more is expected; its content is still known.
    Ended,
    /// No log of its own: a file that holds the first bytes of another.
    Copy { of: Log, length: u64 },
    /// Was there before following began, and nobody asked for it.
    Ignored,
}

impl Rotation {
    /// Whether the first bytes of a file are wanted ([`Sight::start`]).
    #[must_use]
    pub fn wants_start(&self, sight: &Sight) -> bool {
        self.known(sight).is_none_or(|(_, known)| known.is_doubtful(sight) && !known.whole)
    }

    /// Whether a file waits for another look, because one that it may be a copy of was as new.
    #[must_use]
    pub fn waits(&self, sights: &[Sight]) -> bool {
        sights.iter().any(|sight| self.known(sight).is_none() && sight.length > 0)
    }

    /// Logs that may give bytes.
    pub fn live(&self) -> impl Iterator<Item = Log> {
        let live = self.logs.iter().filter(|(_, known)| known.phase == Phase::Live && !known.whole);
        live.map(|(log, _)| *log)
    }

    /// Where the file of a log stands and how long it is, as far as the last look saw.
    #[must_use]
    pub fn place(&self, log: Log) -> Option<(&Path, u64)> {
        let known = self.logs.get(&log)?;
        known.path.as_deref().map(|path| (path, known.length))
    }

    /// Which file holds a log, and how many bytes of it were given.
    #[must_use]
    pub fn file(&self, log: Log) -> Option<(Identity, u64)> {
        self.logs.get(&log).map(|known| (known.identity, known.read))
    }

    /// How long the file of a log was when it was last seen.
    pub(crate) fn length(&self, log: Log) -> u64 {
        self.logs.get(&log).map_or(0, |known| known.length)
    }

    /// First bytes of a log, read or only seen.
    pub(crate) fn start(&self, log: Log) -> &[u8] {
        self.logs.get(&log).map_or(&[], |known| &known.start)
    }

    /// Logs that a file of this log's name may be a copy of, the latest first.
    #[must_use]
    pub fn kin(&self, log: Log) -> Vec<Log> {
        let Some(known) = self.logs.get(&log) else { return Vec::new() };
        let family = self.family(&known.origin);
        let others = self.logs.iter().rev().filter(|(other, _)| **other != log);
        let kin = others.filter(|(_, other)| is_kin(&family, &other.origin));
        kin.map(|(other, _)| *other).take(CANDIDATES).collect()
    }

    /// Bytes of a log were given.
    pub fn gave(&mut self, log: Log, bytes: &[u8], now: u64) {
        let Some(known) = self.logs.get_mut(&log) else { return };
        let lack = Sight::START.saturating_sub(known.start.len());
        let seen = (known.start.len() as u64).saturating_sub(known.read) as usize;
        known.start.extend(bytes.iter().skip(seen).take(lack));
        known.read += bytes.len() as u64;
        known.length = known.length.max(known.read);
        known.quiet = now;
    }

    /// A descriptor keeps the file of a log alive.
    pub fn hold(&mut self, log: Log) {
        if let Some(known) = self.logs.get_mut(&log) {
            known.held = true;
        }
    }

    /// No descriptor keeps the file of a log alive any more; it was at least this long.
    pub fn let_go(&mut self, log: Log, length: u64) {
        if let Some(known) = self.logs.get_mut(&log) {
            known.held = false;
            // Of a file that still has a name the next look says so.
            if known.path.is_none() {
                known.length = known.length.max(length);
            }
        }
    }

    /// What was given no longer stands before what follows: the next look is to ask.
    pub fn doubt(&mut self, log: Log) {
        if let Some(known) = self.logs.get_mut(&log) {
            known.settled = false;
        }
    }

    /// The caller reads the file of this log by itself, and again whenever it has changed.
    pub fn take_whole(&mut self, log: Log) {
        if let Some(known) = self.logs.get_mut(&log) {
            known.whole = true;
            known.held = false;
        }
    }

    /// What must be known of the contents of files before [`Rotation::look`].
    #[must_use]
    pub fn questions(&self, sights: &[Sight]) -> Vec<Question> {
        let mut questions = Vec::new();
        let starts = sights.iter().map(|sight| (sight.identity, sight.start.as_slice())).collect();
        for sight in self.first_of_each(sights) {
            let known = self.known(sight);
            if known.is_some_and(|(_, known)| known.whole || !known.is_doubtful(sight)) {
                continue;
            }
            // Itself, and in case that it holds another content now, others.
            let itself = known.map(|(log, _)| log).into_iter();
            let logs = itself.chain(self.candidates(sight, &starts));
            questions.extend(logs.map(|log| Question { log, path: sight.path.clone() }));
        }
        questions
    }

    /// Finds out what happened. Time is in nanoseconds, by any clock that goes on.
    pub fn look(&mut self, now: u64, sights: &[Sight], answers: &Answers) -> Vec<Step> {
        let asked = sights.iter().filter(|sight| sight.asked);
        self.used.extend(asked.map(|sight| sight.path.clone()));
        let files: Vec<Sight> = self.first_of_each(sights).into_iter().cloned().collect();
        let mut looking = Looking::new(self, now, answers);
        looking.look(&files);
        let steps = looking.steps;
        if self.began.is_none() {
            let asked = sights.iter().filter(|sight| sight.asked);
            self.began = Some(asked.map(|sight| (sight.path.clone(), sight.modified)).collect());
        }
        steps
    }

    /// Ends all logs.
    pub fn finish(&mut self) -> Vec<Step> {
        let answers = Answers::new();
        let mut looking = Looking::new(self, u64::MAX, &answers);
        looking.retire();
        let mut steps = looking.steps;
        for (log, known) in self.logs.iter_mut().filter(|(_, known)| known.phase == Phase::Live) {
            known.phase = Phase::Ended;
            steps.push(Step::End { log: *log });
        }
        steps
    }

    pub(crate) fn known(&self, sight: &Sight) -> Option<(Log, &Known)> {
        let log = self.standing.get(&sight.identity)?;
        Some((*log, self.logs.get(log)?))
    }

    /// One sight of each file, under the name it had before if that is still there.
    fn first_of_each<'a>(&self, sights: &'a [Sight]) -> Vec<&'a Sight> {
        let mut found: Vec<&Sight> = Vec::new();
        let mut places: HashMap<Identity, usize> = HashMap::new();
        for sight in sights {
            let Some(place) = places.get(&sight.identity) else {
                places.insert(sight.identity, found.len());
                found.push(sight);
                continue;
            };
            if self.known(sight).is_some_and(|(_, known)| known.path.as_ref() == Some(&sight.path)) {
                found[*place] = sight;
            }
        }
        found
    }

    /// Names in use from which a name may have been made.
    pub(crate) fn family(&self, path: &Path) -> HashSet<PathBuf> {
        names::bases(path).filter(|base| self.used.contains(base)).collect()
    }

    /// Logs whose content a file may hold, the latest first.
    fn candidates(&self, sight: &Sight, starts: &HashMap<Identity, &[u8]>) -> Vec<Log> {
        let logs = self.logs.iter().rev().filter(|(_, known)| {
            // What was seen before says more of a log whose file holds something else now.
            let now = starts.get(&known.identity).copied().unwrap_or_default();
            let start = if known.start.is_empty() { now } else { &known.start };
            known.identity != sight.identity
                && !start.is_empty()
                && begins_like(start, &sight.start)
                && !matches!(known.phase, Phase::Copy { .. })
                && !known.whole
                && known.origin.parent() == sight.path.parent()
        });
        logs.map(|(log, _)| *log).take(CANDIDATES).collect()
    }

    pub(crate) fn insert(&mut self, sight: &Sight, phase: Phase, read: u64) -> (Log, &mut Known) {
        self.next += 1;
        let log = Log(self.next);
        self.standing.insert(sight.identity, log);
        let known = Known {
            origin: sight.path.clone(),
            path: Some(sight.path.clone()),
            identity: sight.identity,
            length: sight.length,
            modified: sight.modified,
            settled: false,
            start: sight.start.clone(),
            read,
            phase,
            quiet: 0,
            rotated: !sight.asked,
            held: false,
            whole: false,
        };
        (log, self.logs.entry(log).or_insert(known))
    }

    /// A file no longer holds this log.
    pub(crate) fn part(&mut self, log: Log) {
        let Some(known) = self.logs.get_mut(&log) else { return };
        known.path = None;
        known.held = false;
        if self.standing.get(&known.identity) == Some(&log) {
            self.standing.remove(&known.identity);
        }
        if matches!(known.phase, Phase::Copy { .. }) {
            self.logs.remove(&log);
        }
    }

    /// Drops logs that have been gone for long; says which.
    pub(crate) fn forget(&mut self) -> Vec<Log> {
        let is_over = |known: &Known| !matches!(known.phase, Phase::Live | Phase::Left { .. });
        let gone = self.logs.iter().filter(|(_, known)| known.path.is_none() && is_over(known));
        let mut gone: Vec<Log> = gone.map(|(log, _)| *log).collect();
        gone.truncate(gone.len().saturating_sub(GONE));
        for log in &gone {
            self.part(*log);
            self.logs.remove(log);
        }
        gone
    }
}

/// Whether a name in the family of a file is that of a log, or one from which the log's was made.
pub(crate) fn is_kin(family: &HashSet<PathBuf>, origin: &Path) -> bool {
    family.contains(origin) || names::bases(origin).any(|base| family.contains(&base))
}

/// Whether first bytes agree, as far as both go.
pub(crate) fn begins_like(one: &[u8], other: &[u8]) -> bool {
    let shorter = one.len().min(other.len());
    one[..shorter] == other[..shorter]
}

impl Known {
    /// Whether the file may hold something else than at the last look.
    pub(crate) fn is_doubtful(&self, sight: &Sight) -> bool {
        !self.settled || self.is_changed(sight) || self.path.as_ref() != Some(&sight.path)
    }

    pub(crate) fn is_changed(&self, sight: &Sight) -> bool {
        self.length != sight.length || self.modified != sight.modified
    }

    pub(crate) fn see(&mut self, sight: &Sight, now: u64) {
        self.path = Some(sight.path.clone());
        self.length = sight.length;
        // What was cut off may be followed by something else.
        self.start.truncate(usize::try_from(sight.length).unwrap_or(usize::MAX));
        self.modified = sight.modified;
        self.settled = now.saturating_sub(sight.modified) > SETTLED;
    }
}
