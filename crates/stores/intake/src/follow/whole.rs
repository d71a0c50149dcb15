//! A file that cannot be read as it grows, such as an event log or an archive: it is read as a whole
//! again whenever it has changed, and only what is new in it is given.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use detect::{Signal, Verdict};
use model::event::{Flaw, Place};
use sources::{Piece, Reader};
use tail::Print;

use super::JOB_BYTES;
use crate::cause::Cause;
use crate::inputs::InputFile;
use crate::numbering::Counts;
use crate::open::{dated, open};
use crate::pipeline::{Intake, Totals};
use crate::stage::{Found, Stage};
use crate::worker::Worker;

/// How long a file must rest before it is read: it may be in the making.
const REST: Duration = Duration::from_secs(1);
/// How long a file that never rests is waited for.
const RESTLESS: Duration = Duration::from_secs(5);
/// How many times longer than reading a file the time between two readings of it is at least.
const SHARE: u32 = 4;
/// Most verdicts, matches and flaws of one file that are known again.
const GIVEN: usize = 4 << 20;

/// A file that is read as a whole.
pub(super) struct Whole<'a> {
    shown: Arc<str>,
    path: PathBuf,
    reader: Option<Reader<'a>>,
    /// When it changed first, and last, since it was read.
    changed: Option<(Instant, Instant)>,
    began: Instant,
    /// When it had been read, and how long that took.
    read: Option<(Instant, Duration)>,
    /// Verdicts, matches and flaws that were given.
    given: HashSet<u64>,
    /// Events of the file itself that a log gave which it is the compressed form of.
    known: u64,
    counts: Counts,
    last_source: Option<Arc<str>>,
    /// What the reading before found, and what this one has found so far.
    before: Tally,
    now: Tally,
}

/// How much a reading found.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    events: u64,
    unread: u64,
    sources: u64,
    recognised: u64,
}

impl<'a> Whole<'a> {
    pub(super) fn new(shown: Arc<str>, path: PathBuf) -> Self {
        let now = Instant::now();
        // What was last written to long ago rests already.
        let age = std::fs::metadata(&path).and_then(|metadata| metadata.modified());
        let age = age.ok().and_then(|at| at.elapsed().ok()).unwrap_or_default().min(REST);
        Self {
            shown,
            path,
            reader: None,
            changed: Some((now, now.checked_sub(age).unwrap_or(now))),
            began: now,
            read: None,
            given: HashSet::new(),
            known: 0,
            counts: Counts::default(),
            last_source: None,
            before: Tally::default(),
            now: Tally::default(),
        }
    }

    /// The file has changed.
    pub(super) fn change(&mut self, path: PathBuf) {
        let now = Instant::now();
        self.path = path;
        self.changed = Some((self.changed.map_or(now, |(first, _)| first), now));
    }

    /// Whether it is time to read the file.
    pub(super) fn is_due(&self) -> bool {
        let rests = |(first, last): (Instant, Instant)| last.elapsed() >= REST || first.elapsed() >= RESTLESS;
        let spared = self.read.is_none_or(|(at, took)| at.elapsed() >= took * SHARE);
        self.reader.is_none() && spared && self.given.len() < GIVEN && self.changed.is_some_and(rests)
    }

    /// Whether it has not been read yet.
    pub(super) fn is_new(&self) -> bool {
        self.read.is_none()
    }

    /// Finds out whether the file is the compressed form of a log that was read, of which prints and
    /// numbers of events are given: those events are known. When there is nothing else in it, it need
    /// not be read.
    pub(super) fn compare<S: Stage>(&mut self, kin: &[(&Print, u64)], intake: Intake<'a, S>) {
        let file = self.file();
        let opened = (!kin.is_empty()).then(|| open(&file, intake.bytes, intake.stop));
        let Some(Ok(Some(opened))) = opened else { return };
        let content = Reader::unpacked(opened.input, &intake.settings.limits);
        let Ok(Some(mut content)) = content else { return };
        let mut kin = kin.to_vec();
        kin.sort_by_key(|(print, _)| print.length());
        let mut print = Print::default();
        for (wanted, events) in kin {
            let lack = wanted.length() - print.length();
            let more = push(&mut print, &mut content.by_ref().take(lack));
            if more.is_err() || print.length() < wanted.length() {
                break;
            }
            if print == *wanted {
                self.known = events;
            }
        }
        self.before.events = self.known;
        if self.known > 0 && content.read(&mut [0]).is_ok_and(|count| count == 0) {
            self.changed = None;
            self.before.sources = 1;
            self.read = Some((Instant::now(), Duration::ZERO));
        }
    }

    fn file(&self) -> InputFile {
        InputFile {
            path: self.path.clone(),
            shown: self.shown.to_string(),
            bytes: 0,
            named: false,
            identity: None,
        }
    }

    /// Begins to read the file anew.
    pub(super) fn begin<S: Stage>(&mut self, intake: Intake<'a, S>) {
        self.changed = None;
        self.began = Instant::now();
        let file = self.file();
        let limits = dated(&intake.settings.limits, &file);
        // A file that is gone is no fault: that is told, and it may come again.
        if let Ok(Some(opened)) = open(&file, intake.bytes, intake.stop) {
            self.reader = Some(Reader::open(&self.shown, opened.input, &limits));
        }
    }

    /// Works on the next part of the file; nothing when it has been read.
    pub(super) fn step<S: Stage>(
        &mut self,
        worker: &mut Worker<'_, S>,
        totals: &mut Totals,
    ) -> Option<Found> {
        let reader = self.reader.as_mut()?;
        let (mut pieces, mut size) = (Vec::new(), 0);
        while size < JOB_BYTES {
            let Some(piece) = reader.next() else { break };
            size += 1;
            if let Piece::Segment(segment) = &piece {
                size += segment.bytes.len();
                if self.last_source.as_ref() != Some(&segment.source_path) {
                    self.now.sources += 1;
                    self.last_source = Some(segment.source_path.clone());
                }
            }
            pieces.push(piece);
        }
        if pieces.is_empty() {
            self.now.recognised = reader.recognised();
            self.end(totals);
            return Some(self.full()).filter(|found| !found.flaws.is_empty());
        }
        let found = worker.go_on(pieces, &mut self.counts);
        self.counts.keep_last();
        Some(self.fresh(found))
    }

    /// The file has been read.
    fn end(&mut self, totals: &mut Totals) {
        totals.sources += self.now.sources.saturating_sub(self.before.sources.max(1));
        totals.recognised += self.now.recognised.saturating_sub(self.before.recognised);
        self.before = std::mem::take(&mut self.now);
        self.reader = None;
        self.last_source = None;
        self.counts = Counts::default();
        self.read = Some((Instant::now(), self.began.elapsed()));
    }

    /// Tells when there is too much to know again, so that the file is read no more.
    fn full(&self) -> Found {
        let flaws =
            (self.given.len() >= GIVEN).then(|| Flaw::new(self.shown.clone(), 0, Cause::TooMuchGiven));
        Found { flaws: flaws.into_iter().collect(), ..Found::default() }
    }

    /// What was not given before.
    fn fresh(&mut self, mut found: Found) -> Found {
        let given = &mut self.given;
        let (shown, known) = (&self.shown, self.known);
        let mut is_new = |key: u64, path: &str, place: &Place| {
            (path != &**shown || place.ordinal > known) && given.insert(key)
        };
        found.verdicts.retain(|verdict| is_new(of_verdict(verdict), &verdict.source_path, &verdict.place));
        found.signals.retain(|signal| is_new(of_signal(signal), &signal.origin.source_path, &signal.place));
        found.flaws.retain(|flaw| given.insert(hash((&flaw.source_path, flaw.offset, flaw.reason.code))));
        found.events = fresh(&mut self.now.events, self.before.events, found.events);
        found.unread = fresh(&mut self.now.unread, self.before.unread, found.unread);
        found
    }
}

/// Takes the print of all that comes.
fn push(print: &mut Print, content: &mut dyn Read) -> io::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        match content.read(&mut buffer)? {
            0 => return Ok(()),
            count => print.push(&buffer[..count]),
        }
    }
}

/// How many of some more are beyond those of the time before.
fn fresh(now: &mut u64, before: u64, more: u64) -> u64 {
    let earlier = now.saturating_sub(before);
    *now += more;
    now.saturating_sub(before) - earlier
}

/// An event by what stays when a file grows: records of event logs move, but keep their numbers.
fn event(place: &Place) -> impl Hash {
    (place.record_id.is_none().then_some(place.ordinal), place.record_id, place.time)
}

fn of_verdict(verdict: &Verdict) -> u64 {
    hash((&verdict.source_path, Arc::as_ptr(&verdict.rule) as usize, event(&verdict.place)))
}

fn of_signal(signal: &Signal) -> u64 {
    hash((&signal.origin.source_path, signal.rule, event(&signal.place)))
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
