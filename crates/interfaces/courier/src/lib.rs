//! Carries out what activities want done outside: mails and files.
//!
//! An effect is ordered by an act of the journal, in the same transaction as the acts that it follows from. The
//! [`Courier`] asks the journal what is due, carries it out, and says what became of it as a command on the
//! effect's stream: delivered, failed until later, given up, or kept in the box where there is no way to send it.
//! It delivers at least once: a crash between the delivery and the act that tells of it makes it deliver again,
//! with the same key, by which whoever receives it knows it again (`Message-ID` and `X-Noroshi-Key` of a mail,
//! the name of a file).
//!
//! What comes from an exercise never leaves. Knows no activity: a mail is the name of a text and values, and the
//! texts stand in `locales/*/mail.ftl`.

mod attempt;
mod folder;
mod letter;
mod server;
mod settings;

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant as Clock};

use journal::effect::{Command, Effect, Effects, FileDrop, Mail as MailEffect};
use journal::{ActError, Acting, Actor, Due, Journal, JournalError};
use model::hash::Sha256;
use model::time::Instant;

use crate::attempt::Failure;
use crate::server::{Dispatch, Taken};
use crate::settings::Addresses;

pub use letter::{Draft, Letter};
pub use settings::{Mail, Settings, Smtp, Tls, Wrong};

/// Effects of a kind that one step carries out.
const TOGETHER: usize = 50;
/// How long a step goes on with new deliveries.
const SPAN: Duration = Duration::from_secs(30);
/// How long one delivery may take from its beginning to its end, however slowly the other side answers.
const LONGEST: Duration = Duration::from_secs(120);
/// How long a delivery that has begun is waited for by whoever stops.
const GRACE: Duration = Duration::from_secs(2);
/// How often somebody who waits looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(50);
/// How long a server that could not be reached is left alone.
const REST: i64 = 60_000_000_000;

/// Opens a file of the home by its hash: none where nobody holds it any more; or why it cannot be read.
pub type OpenFile<'a> = dyn Fn(&Sha256) -> Result<Option<Box<dyn Read>>, String> + Sync + 'a;

/// Carries out what is due.
pub struct Courier<'a> {
    journal: &'a Journal,
    settings: Settings,
    addresses: Option<Addresses>,
    files: &'a OpenFile<'a>,
    /// Until when the server is left alone, since it could not be reached.
    rests: Mutex<Option<Instant>>,
    /// What came of attempts, by key, and could not be said, since the journal took nothing.
    untold: Mutex<BTreeMap<String, Command>>,
}

/// What a step did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stepped {
    /// Effects that were carried out.
    pub delivered: u64,
    /// Mails among them that did not go to all addresses.
    pub partly: u64,
    /// Effects that are kept in the box.
    pub kept: u64,
    /// Attempts that failed and are made again.
    pub failed: u64,
    /// Effects that are tried no more.
    pub given_up: u64,
    /// When there is something to be done again, unless more is ordered; what is left over is due now.
    pub next: Option<Instant>,
}

/// What came of an attempt.
enum Outcome {
    Delivered(Taken),
    Kept,
    Failed(Failure),
    /// Somebody stops, and nobody knows what came of it.
    Unknown,
}

impl<'a> Courier<'a> {
    /// A courier of a journal.
    ///
    /// # Errors
    /// When the settings are wrong.
    pub fn new(journal: &'a Journal, settings: Settings, files: &'a OpenFile<'a>) -> Result<Self, Wrong> {
        settings.check()?;
        let addresses = settings.addresses()?;
        Ok(Self { journal, settings, addresses, files, rests: Mutex::default(), untold: Mutex::default() })
    }

    /// Carries out what is due, files first, so that a server that does not answer holds up none. Ends within
    /// some seconds when it is told to stop; what was on its way then is delivered again, with the same key.
    ///
    /// # Errors
    /// When the journal cannot be used. What cannot be delivered is no error.
    pub fn step(&self, now: Instant, stop: &AtomicBool) -> Result<Stepped, JournalError> {
        let (mut stepped, began) = (Stepped::default(), Clock::now());
        // What could not be said is due still, and would be carried out again.
        self.tell(now, &mut stepped)?;
        for kind in ["file", "mail"] {
            for due in self.journal.due_effects(kind, now, TOGETHER)? {
                if stop.load(Ordering::Relaxed) || began.elapsed() > SPAN || self.rests(kind, now) {
                    break;
                }
                let outcome = self.carry_out(&due, now, stop);
                stepped.partly += u64::from(matches!(&outcome, Outcome::Delivered(taken) if !taken.is_whole));
                self.note(&due, outcome, now);
                self.tell(now, &mut stepped)?;
            }
        }
        stepped.next = self.next(now)?;
        Ok(stepped)
    }

    /// Whether the server is left alone for now.
    fn rests(&self, kind: &str, now: Instant) -> bool {
        kind == "mail"
            && self.rests.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|until| now < until)
    }

    fn next(&self, now: Instant) -> Result<Option<Instant>, JournalError> {
        let (file, mail) = (self.journal.next_effect("file")?, self.journal.next_effect("mail")?);
        let rests = *self.rests.lock().unwrap_or_else(PoisonError::into_inner);
        let mail = mail.map(|mail| rests.map_or(mail, |until| mail.max(until)));
        Ok([file, mail].into_iter().flatten().min().map(|next| next.max(now)))
    }

    fn carry_out(&self, due: &Due, now: Instant, stop: &AtomicBool) -> Outcome {
        match &due.ordered.effect {
            _ if !due.ordered.may_leave() => Outcome::Kept,
            Effect::Mail(mail) => self.mail(due, mail, now, stop),
            Effect::File(file) => self.file(&due.key, file),
        }
    }

    fn mail(&self, due: &Due, mail: &MailEffect, now: Instant, stop: &AtomicBool) -> Outcome {
        let smtp = self.settings.mail.as_ref().and_then(|mail| mail.smtp.as_ref());
        let Some((smtp, addresses)) = smtp.zip(self.addresses.as_ref()) else { return Outcome::Kept };
        let Due { key, ordered, attempts, names } = due;
        let letter = Letter::write(&Draft { key, ordered, mail, names }, &self.settings);
        let bytes = match letter.message(key, addresses, now) {
            Ok(message) => message.formatted(),
            Err(error) => return Outcome::Failed(Failure::Never(attempt::told(&error.to_string()))),
        };
        let (smtp, addresses) = (smtp.clone(), addresses.clone());
        watched(Dispatch { smtp, addresses, bytes, is_last: attempt::is_last(*attempts) }, stop)
    }

    fn file(&self, key: &str, file: &FileDrop) -> Outcome {
        let Some(folder) = &self.settings.folder else { return Outcome::Kept };
        let later = |reason: String| Outcome::Failed(Failure::Later(attempt::told(&reason)));
        match (self.files)(&file.sha256) {
            Ok(Some(mut bytes)) => match folder::put(folder, (key, &file.name), &mut *bytes) {
                Ok(name) => Outcome::Delivered(Taken { receipt: attempt::told(&name), is_whole: true }),
                Err(error) => later(format!("{}: {error}", folder.display())),
            },
            Ok(None) => Outcome::Failed(Failure::Never("the file is kept no more".to_owned())),
            Err(reason) => later(reason),
        }
    }

    /// Notes what is to be said of an attempt.
    fn note(&self, due: &Due, outcome: Outcome, now: Instant) {
        let command = match outcome {
            Outcome::Unknown => return,
            Outcome::Delivered(Taken { receipt, .. }) => Command::Deliver { receipt },
            Outcome::Kept => Command::Keep,
            Outcome::Failed(failure) => {
                if matches!(failure, Failure::Unreachable(_)) {
                    let until = Instant::from_nanoseconds(now.nanoseconds().saturating_add(REST));
                    *self.rests.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
                }
                match (failure, attempt::next(due.attempts, now)) {
                    (Failure::Unreachable(reason) | Failure::Later(reason), Some(next)) => {
                        Command::Fail { reason, next }
                    }
                    (Failure::Unreachable(reason) | Failure::Later(reason) | Failure::Never(reason), _) => {
                        Command::GiveUp { reason }
                    }
                }
            }
        };
        self.untold.lock().unwrap_or_else(PoisonError::into_inner).insert(due.key.clone(), command);
    }

    /// Says what came of attempts; what cannot be said now is said first the next time.
    fn tell(&self, now: Instant, stepped: &mut Stepped) -> Result<(), JournalError> {
        let mut untold = self.untold.lock().unwrap_or_else(PoisonError::into_inner);
        let acting = Acting { actor: Actor::installation(), now };
        while let Some(first) = untold.first_entry() {
            match self.journal.act::<Effects>(first.key(), first.get().clone(), &acting) {
                Ok(_) => stepped.count(first.get()),
                // Somebody has said otherwise meanwhile, or it was said before the disk failed.
                Err(ActError::Refused(_) | ActError::Taken { .. }) => {}
                Err(ActError::Journal(error)) => return Err(error),
            }
            first.remove();
        }
        Ok(())
    }
}

impl Stepped {
    /// Counts what was said of an attempt.
    fn count(&mut self, said: &Command) {
        match said {
            Command::Deliver { .. } => self.delivered += 1,
            Command::Keep => self.kept += 1,
            Command::Fail { .. } => self.failed += 1,
            Command::GiveUp { .. } => self.given_up += 1,
            _ => {}
        }
    }
}

/// Sends on a thread of its own, which nobody waits for longer than it may take, or than whoever stops has time:
/// it ends with the process then.
fn watched(dispatch: Dispatch, stop: &AtomicBool) -> Outcome {
    let (answer, answered) = sync_channel(1);
    // Who stopped waiting has gone: nothing to be told.
    let work = move || dispatch.send(|sent| drop(answer.send(sent)));
    let unreachable = |reason: &str| Outcome::Failed(Failure::Unreachable(reason.to_owned()));
    if let Err(error) = std::thread::Builder::new().name("mail".to_owned()).spawn(work) {
        return unreachable(&error.to_string());
    }
    let (began, mut stopped) = (Clock::now(), None);
    loop {
        match answered.recv_timeout(LOOK) {
            Ok(Ok(taken)) => return Outcome::Delivered(taken),
            Ok(Err(failure)) => return Outcome::Failed(failure),
            Err(RecvTimeoutError::Disconnected) => return unreachable("sending broke off"),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if stop.load(Ordering::Relaxed) {
            let since = *stopped.get_or_insert_with(Clock::now);
            if since.elapsed() > GRACE {
                return Outcome::Unknown;
            }
        }
        if began.elapsed() > LONGEST {
            return unreachable("the server took too long");
        }
    }
}

impl std::fmt::Debug for Courier<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Courier").field("settings", &self.settings).finish_non_exhaustive()
    }
}
