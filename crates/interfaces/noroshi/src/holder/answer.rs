//! What the process that holds a home does when it is asked.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use files::{Files, Holding, New};
use journal::{Acting, Actor, ToldCommand};
use lake::{BatchId, Days, Delivery, NotAName, Retention};
use model::hash::hex;
use observations::{Kept, Prepared, unpack_rows};
use page::Words;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use verdicts::{SIGNALS, VERDICTS};

use super::freezing::{self, Copying};
use super::held::Held;
use super::observing::{Found, Taken};
use super::readers::Reader;
use super::request::{BatchKept, FileKept, Gone, Request, Settled, Status, TableTold};
use crate::Failure;
use crate::acts::unkept;
use crate::books::{look, now, with_cause};
use crate::keeping::{refused, uncorrelated};

/// Kinds of stream whose acts only follow from something else: a file's bytes, a key that is destroyed.
const NOT_ASKED: [&str; 2] = ["files/", "journal/subject/"];

/// Somebody who asks, for as long as they do.
#[derive(Debug)]
pub struct Session {
    actor: Actor,
    pub(super) words: Words,
    /// Batches kept since they asked what became of them.
    kept: Vec<BatchId>,
    correlating: Option<Taken>,
    scanning: Option<Taken>,
    reader: Option<Reader>,
    /// While they copy what was frozen.
    pub(super) copying: Option<Copying>,
}

/// What comes behind a request.
#[derive(Debug)]
pub enum Behind<'a> {
    /// Nothing.
    Nothing,
    /// A batch.
    Batch(Box<Prepared>),
    /// Bytes.
    Bytes(&'a [u8]),
}

/// What was made anew, and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rebuilding {
    /// Commits, and the acts in them.
    pub commits: u64,
    /// Acts.
    pub acts: u64,
    /// The hash of the last commit, 64 digits.
    pub last: String,
    /// Personal values that can be read.
    pub personal: u64,
    /// Personal values that were forgotten.
    pub forgotten: u64,
    /// Streams.
    pub streams: u64,
    /// Tables, and rows that were not as they should.
    pub tables: Vec<(String, u64)>,
    /// Streams whose snapshot was not as it should.
    pub snapshots: Vec<String>,
    /// Looks in the access log.
    pub looks: u64,
    /// The hash of the last look, 64 digits.
    pub last_look: String,
    /// Whether the journal is sound.
    pub is_sound: bool,
    /// What is not whole, in words.
    pub faults: Vec<String>,
}

impl Session {
    /// Somebody who asks in a language.
    #[must_use]
    pub fn new(actor: Actor, words: Words) -> Self {
        Self {
            actor,
            words,
            kept: Vec::new(),
            correlating: None,
            scanning: None,
            reader: None,
            copying: None,
        }
    }

    fn acting(&self) -> Acting {
        Acting { actor: self.actor.clone(), now: now() }
    }
}

/// An answer as it is told.
fn told(answer: &impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(answer).map_err(|error| Failure { code: 1, text: error.to_string() })
}

impl Held {
    /// Does what is asked.
    ///
    /// # Errors
    /// Why it was not done, in the language of whoever asks.
    pub fn answer(
        &self,
        request: Request,
        behind: Behind<'_>,
        session: &mut Session,
    ) -> Result<Value, Failure> {
        let words = session.words;
        match request {
            Request::Act(command) => self.act(command, session),
            Request::ActTogether(commands) => self.act_together(commands, session),
            Request::Forget { subject, class, reason } => self.forget(&subject, (class, reason), session),
            Request::KeepFile(holding) => self.keep_file(&holding, &behind, session),
            Request::Job { .. } | Request::JobIsAt { .. } | Request::JobEnds { .. } => {
                self.job(request, session)
            }
            Request::Rebuild => self.rebuild(words),
            Request::KeepBatch { place } => self.keep_batch(&place, behind, session),
            Request::Settle => told(&Settled::from(self.settle(session)?)),
            Request::Group => {
                let grouped = self.group(words)?;
                told(&(grouped.opened, grouped.findings.len() as u64))
            }
            Request::BeginScan => {
                if session.scanning.is_none() {
                    session.scanning = self.observing(words)?.scanning().try_take();
                }
                told(&session.scanning.is_some())
            }
            Request::BeginReading => {
                match &mut session.reader {
                    Some(reader) => self.readers().again(reader),
                    reader => *reader = Some(self.readers().begin()),
                }
                Ok(Value::Null)
            }
            Request::BeginCorrelations => {
                session.correlating = None;
                session.correlating = Some(self.observing(words)?.correlating().take());
                Ok(Value::Null)
            }
            Request::EndCorrelations => {
                session.correlating = None;
                Ok(Value::Null)
            }
            Request::Last { .. } | Request::AddRows { .. } => self.rows(request, &behind, words),
            Request::Expire { table, owner, through } => self.expire(&table, (owner, through), words),
            Request::Vacuum { table } => self.vacuum(&table, words),
            Request::Freeze => told(&self.freeze(session)?),
            Request::EndCopying => {
                session.copying = None;
                Ok(Value::Null)
            }
            Request::Status => told(&self.status()),
        }
    }

    fn act(&self, command: ToldCommand, session: &Session) -> Result<Value, Failure> {
        if NOT_ASKED.iter().any(|kind| command.stream.starts_with(kind)) {
            return Err(wrong("acts of this kind cannot be asked for", session.words));
        }
        let is_ruleset = is_about_rules(&command);
        let done = self.journal().act_told(command, &session.acting());
        if is_ruleset && done.is_ok() {
            self.rules_changed();
        }
        told(&done)
    }

    fn act_together(&self, commands: Vec<ToldCommand>, session: &Session) -> Result<Value, Failure> {
        if commands.iter().any(|command| NOT_ASKED.iter().any(|kind| command.stream.starts_with(kind))) {
            return Err(wrong("acts of this kind cannot be asked for", session.words));
        }
        let is_ruleset = commands.iter().any(is_about_rules);
        let done = self.journal().act_together_told(commands, &session.acting());
        if is_ruleset && done.is_ok() {
            self.rules_changed();
        }
        told(&done)
    }

    fn forget(
        &self,
        subject: &str,
        (class, reason): (Option<String>, String),
        session: &Session,
    ) -> Result<Value, Failure> {
        told(&self.journal().forget_told(subject, (class.as_deref(), &reason), &session.acting()))
    }

    fn keep_file(&self, holding: &Holding, behind: &Behind<'_>, session: &Session) -> Result<Value, Failure> {
        let Behind::Bytes(bytes) = behind else { return Err(wrong("a file has bytes", session.words)) };
        let files = Files::new(self.home(), self.journal(), self.limits().files);
        let acting = session.acting();
        let new = New { holding, acting: &acting };
        let kept = look(|who| files.keep(who, &new, &mut &bytes[..]));
        let kept = kept.map_err(|error| {
            let values = [("reason", with_cause(&error).into())];
            Failure { code: 1, text: session.words.with("cli-error-files", &values) }
        })?;
        told(&FileKept { sha256: kept.sha256.to_string() })
    }

    fn job(&self, request: Request, session: &Session) -> Result<Value, Failure> {
        let journal = self.journal();
        let done = match request {
            Request::Job { kind, what } => {
                let job = journal.job(&kind, &what, &session.acting());
                return told(&job.map_err(|error| unkept(&error, session.words))?);
            }
            Request::JobIsAt { id, progress } => journal.job_is_at(&id, &progress, now()),
            Request::JobEnds { id, outcome } => journal.job_ends(&id, outcome, now()),
            _ => Ok(()),
        };
        done.map_err(|error| unkept(&error, session.words)).and_then(|()| told(&()))
    }

    fn rebuild(&self, words: Words) -> Result<Value, Failure> {
        let rebuilt = self.journal().rebuild().map_err(|error| unkept(&error, words))?;
        let files = Files::new(self.home(), self.journal(), u64::MAX);
        let failed = |error: &dyn std::error::Error| {
            let values = [("reason", with_cause(error).into())];
            Failure { code: 1, text: words.with("cli-error-files", &values) }
        };
        let damaged = look(|who| files.damaged(who)).map_err(|error| failed(&error))?;
        look(|who| files.sweep(who)).map_err(|error| failed(&error))?;
        let looks = access_log::verify(&self.home().access()).map_err(|error| failed(&error))?;
        let mut faults: Vec<String> = rebuilt.verified.faults.iter().map(ToString::to_string).collect();
        let file = |hash: String| words.with("cli-rebuild-file", &[("file", hash.into())]);
        faults.extend(damaged.iter().map(|hash| file(hash.to_string())));
        let fault = |fault: &access_log::Fault| {
            format!("access/{} @{}: {:?}", fault.segment, fault.offset, fault.what)
        };
        faults.extend(looks.faults.iter().map(fault));
        let verified = &rebuilt.verified;
        told(&Rebuilding {
            commits: verified.commits,
            acts: verified.acts,
            last: hex(&verified.last),
            personal: verified.personal,
            forgotten: verified.forgotten,
            streams: rebuilt.streams,
            is_sound: rebuilt.is_sound(),
            tables: rebuilt.tables,
            snapshots: rebuilt.snapshots,
            looks: looks.records,
            last_look: hex(&looks.last),
            faults,
        })
    }

    fn keep_batch(&self, place: &str, behind: Behind<'_>, session: &mut Session) -> Result<Value, Failure> {
        let words = session.words;
        let prepared = match behind {
            Behind::Batch(prepared) => *prepared,
            Behind::Bytes(bytes) => {
                let prepared =
                    Prepared::of_payload(bytes.to_vec()).map_err(|error| refused(&error, words))?;
                let observing = self.observing(words)?;
                let own = &prepared.entry().owner;
                let known = look(|who| observing.alone().know(who, &own.compartment));
                known.map_err(|error| refused(&error, words))?;
                prepared
            }
            Behind::Nothing => return Err(wrong("a batch has bytes", words)),
        };
        let entry = prepared.entry().clone();
        // Who began at another holder knows nothing of this one.
        let reader = *session.reader.get_or_insert_with(|| self.readers().stranger());
        // Opened before others wait.
        self.observing(words)?;
        let mut turn = self.readers().turn();
        if turn.is_stale(reader, (&entry.owner, place)) {
            return told(&BatchKept::Stale);
        }
        told(&match self.keep(prepared, words)? {
            Kept::Now => {
                turn.kept(reader, (&entry.owner, place));
                session.kept.push(entry.batch);
                BatchKept::Now
            }
            Kept::Before(path) => BatchKept::Before(path.to_string()),
        })
    }

    /// Adds what waits to the lake; gives what was found in what this session kept.
    pub(super) fn settle(&self, session: &mut Session) -> Result<Found, Failure> {
        let observing = self.observing(session.words)?;
        self.read_rules(session.words);
        let settled = observing.settle(&session.kept, session.words);
        let found = settled.map_err(|error| uncorrelated(&error, session.words))?;
        session.kept.clear();
        let grouped = self.group(session.words)?;
        let findings = observing.detecting().map(|_| (grouped.opened, grouped.findings.len() as u64));
        Ok(Found { findings, ..found })
    }

    fn rows(&self, request: Request, behind: &Behind<'_>, words: Words) -> Result<Value, Failure> {
        let observing = self.observing(words)?;
        let named = |error: NotAName| wrong(&error.to_string(), words);
        if let Request::Last { table, .. } | Request::AddRows { table, .. } = &request
            && ![VERDICTS, SIGNALS].contains(&table.name().map_err(named)?.class())
        {
            return Err(wrong("rows of this table come from batches", words));
        }
        match request {
            Request::Last { table, shard } => {
                let (table, shard) = (table.name().map_err(named)?, shard.parse().map_err(named)?);
                let last = observing.orders().last(&table, &shard);
                told(&last.map_err(|error| refused(&error, words))?)
            }
            Request::AddRows { table, shard, number } => {
                let (table, shard) = (table.name().map_err(named)?, shard.parse().map_err(named)?);
                let Behind::Bytes(bytes) = behind else { return Err(wrong("rows have bytes", words)) };
                let rows = unpack_rows(bytes).map_err(|error| wrong(&with_cause(&error), words))?;
                let from = Delivery { shard, number };
                let added = observing.orders().add_rows(&table, rows, from);
                added.map_err(|error| refused(&error, words)).and_then(|_| told(&()))
            }
            _ => told(&()),
        }
    }

    fn expire(
        &self,
        table: &TableTold,
        (owner, through): (Option<String>, Option<String>),
        words: Words,
    ) -> Result<Value, Failure> {
        let named = |error: NotAName| wrong(&error.to_string(), words);
        let days = match through {
            Some(day) => Days::Through(day.parse().map_err(named)?),
            None => Days::Undated,
        };
        let (table, retention) = (table.name().map_err(named)?, Retention { owner, days });
        let observing = self.observing(words)?;
        let _mine = freezing::to_remove(observing.copying(), words)?;
        // Others keep meanwhile.
        let expired = look(|who| observing.orders().expire(who, &table, &retention));
        let expired = expired.map_err(|error| refused(&error, words))?;
        told(&Gone { rows: expired.rows, files: expired.files })
    }

    fn vacuum(&self, table: &TableTold, words: Words) -> Result<Value, Failure> {
        let table = table.name().map_err(|error| wrong(&error.to_string(), words))?;
        let observing = self.observing(words)?;
        let _mine = freezing::to_remove(observing.copying(), words)?;
        let vacuumed = observing.orders().vacuum(&table, now(), Duration::ZERO);
        told(&vacuumed.map_err(|error| refused(&error, words))?.waiting)
    }

    /// How this holder is.
    pub(super) fn status(&self) -> Status {
        let account = &self.account;
        Status {
            process: std::process::id(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            command: account.command.clone(),
            since: account.since,
            clients: account.clients.load(Ordering::Relaxed),
            batches: self.batches(),
            events: account.events.load(Ordering::Relaxed),
            free: self.home().free().unwrap_or_default(),
            follows: self.follows().clone(),
            trouble: account.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }
}

impl From<Found> for Settled {
    fn from(Found { levels, flaws, findings, .. }: Found) -> Self {
        let fault = |flaw: model::event::Flaw| (flaw.source_path.to_string(), flaw.reason.text);
        Self { levels, faults: flaws.into_iter().map(fault).collect(), findings }
    }
}

/// Whether other rules may run once it is done.
fn is_about_rules(command: &ToldCommand) -> bool {
    let kinds = [
        <watch::rulesets::Rulesets as journal::Kind>::NAME,
        <watch::suppressions::Suppressions as journal::Kind>::NAME,
    ];
    kinds.iter().any(|kind| command.stream.starts_with(kind))
}

/// What was asked cannot be meant.
fn wrong(reason: &str, words: Words) -> Failure {
    Failure::usage(words, "cli-error-asked", &[("reason", reason.into())])
}
