//! What a process that runs for months tells of itself: records on standard error, one a line, as
//! `key=value`.
//!
//! Under systemd a record is as the journal reads it: its priority in front, and no time, which the
//! journal has. Text of others is made visible and cut, so that no record can pass for two, or move a
//! cursor. Libraries are heard when they warn, through `tracing`; what they write to the crate `log` is
//! dropped, since theirs may hold what they send. Secrets have no text that a record could take
//! ([`crate::settings::Secret`]). Records are operation, not evidence: who did what stands in the journal
//! of the home.

use std::ffi::OsStr;
use std::fmt::{self, Write as _};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use page::foreign::{LONGEST, visible};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Registry;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::books::with_cause;
use crate::settings::LogLevel;

/// Crates of this workspace that may write records.
const OURS: &[&str] = &[
    "access",
    "access_log",
    "backup",
    "chart",
    "courier",
    "detect",
    "files",
    "home",
    "intake",
    "journal",
    "lake",
    "model",
    "noroshi",
    "observations",
    "page",
    "register",
    "report",
    "simulate",
    "sources",
    "spool",
    "tail",
    "verdicts",
    "watch",
];

/// How a record begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// With time and level.
    Plain,
    /// With a priority, as systemd's journal takes it from a service (sd-daemon(3)).
    Journal,
}

/// Records on their way out.
pub struct Records<W> {
    level: LogLevel,
    form: Form,
    out: Mutex<W>,
}

/// That records go somewhere already.
#[derive(Debug, thiserror::Error)]
#[error("records are written already")]
pub struct Begun;

/// Begins to write records to standard error, those of panics as well, for as long as the process runs.
///
/// # Errors
/// When that was begun before.
pub fn begin(level: LogLevel) -> Result<(), Begun> {
    let form = form(std::env::var_os("JOURNAL_STREAM").as_deref(), io::stderr());
    let registry = Registry::default().with(Records::new(level, form, io::stderr()));
    tracing::subscriber::set_global_default(registry).map_err(|_| Begun)?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = model::panic::message(panic.payload());
        tracing::error!(place, reason = message, "a thread panicked");
    }));
    Ok(())
}

/// A level as somebody types it.
///
/// # Errors
/// Which there are.
pub fn level(text: &str) -> Result<LogLevel, String> {
    text.parse().map_err(|_| LogLevel::ALL.map(LogLevel::as_str).join(", "))
}

/// The journal says in a variable by device and file number which stream is its own (systemd.exec(5)): a
/// process may have inherited the variable, and write elsewhere.
fn form(variable: Option<&OsStr>, stream: impl AsFd) -> Form {
    let stream = rustix::fs::fstat(stream).ok().map(|stat| format!("{}:{}", stat.st_dev, stat.st_ino));
    if stream.is_some() && variable.and_then(OsStr::to_str) == stream.as_deref() {
        Form::Journal
    } else {
        Form::Plain
    }
}

impl<W> Records<W> {
    /// Records of this importance and above.
    pub fn new(level: LogLevel, form: Form, out: W) -> Self {
        Self { level, form, out: Mutex::new(out) }
    }

    /// Libraries say at `info` what is of use to their authors.
    fn wants(&self, metadata: &Metadata<'_>) -> bool {
        let name = metadata.target().split("::").next().unwrap_or_default();
        let ours = filter(self.level);
        let most = if OURS.contains(&name) { ours } else { ours.min(LevelFilter::WARN) };
        *metadata.level() <= most
    }

    fn line(&self, event: &Event<'_>, now: Timestamp) -> String {
        let level = event.metadata().level();
        let mut line = match self.form {
            Form::Plain => format!("time={now:.3} level={}", level.as_str().to_lowercase()),
            Form::Journal => format!("<{}>level={}", priority(level), level.as_str().to_lowercase()),
        };
        let _ = write!(line, " from={}", event.metadata().target());
        event.record(&mut Fields(&mut line));
        line.push('\n');
        line
    }
}

impl<S: Subscriber, W: Write + 'static> Layer<S> for Records<W> {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        self.wants(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(filter(self.level))
    }

    /// One write a record, so that those of several threads do not mix. Where it fails, there is nobody to
    /// be told.
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let line = self.line(event, Timestamp::now());
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
    }
}

fn filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    }
}

/// Priorities of syslog (RFC 5424).
fn priority(level: &Level) -> u8 {
    match *level {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        _ => 7,
    }
}

/// Writes the fields of a record behind it.
struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = write!(self.0, " {}={}", field.name(), written(value));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.record_str(field, &with_cause(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

/// A value on one line: as it is, or in quotation marks where it would be taken apart.
fn written(value: &str) -> String {
    let end = value.char_indices().nth(LONGEST).map(|(end, _)| end);
    let shown = visible(&value[..end.unwrap_or(value.len())]);
    let more = if end.is_some() { "…" } else { "" };
    let is_apart = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '=' | '\\');
    if shown.is_empty() || shown.contains(is_apart) {
        format!("\"{}{more}\"", shown.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        format!("{shown}{more}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs::File;
    use std::path::Path;
    use std::sync::Arc;

    use rustix::fs::fstat;

    use super::*;
    use crate::settings::{Secret, Settings};

    /// What was written, to be looked at.
    #[derive(Clone, Default)]
    struct Shelf(Arc<Mutex<Vec<u8>>>);

    impl Write for Shelf {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn records(level: LogLevel, form: Form, tell: impl FnOnce()) -> String {
        let shelf = Shelf::default();
        let registry = Registry::default().with(Records::new(level, form, shelf.clone()));
        tracing::subscriber::with_default(registry, tell);
        let bytes = shelf.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_record_is_a_line_with_its_priority() {
        let text = records(LogLevel::Debug, Form::Journal, || {
            tracing::error!("it broke");
            tracing::warn!(path = %"/a b", "low");
            tracing::info!(batches = 3_u64, is_whole = true, ratio = 0.5, empty = "", "came");
            tracing::debug!(source = ?Some("x"), "how");
        });
        let expected = "<3>level=error from=noroshi::log::tests message=\"it broke\"\n\
            <4>level=warn from=noroshi::log::tests message=low path=\"/a b\"\n\
            <6>level=info from=noroshi::log::tests message=came batches=3 is_whole=true ratio=0.5 empty=\"\"\n\
            <7>level=debug from=noroshi::log::tests message=how source=\"Some(\\\"x\\\")\"\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn elsewhere_a_record_begins_with_its_time_in_utc() {
        let text = records(LogLevel::Info, Form::Plain, || tracing::info!("came"));
        let (time, rest) = text.split_once(' ').unwrap();
        let time = time.strip_prefix("time=").unwrap();
        assert!(
            time.parse::<Timestamp>().is_ok() && time.len() == "2026-06-11T01:00:00.000Z".len(),
            "{time}"
        );
        assert_eq!(rest, "level=info from=noroshi::log::tests message=came\n");
    }

    #[test]
    fn foreign_text_makes_no_second_record_and_moves_no_cursor() {
        let foreign = "a\n<3>level=error message=\"no\"\r\u{1b}[2J\u{202e}\u{2028}\\";
        let text = records(LogLevel::Info, Form::Journal, || {
            tracing::info!(foreign, shown = ?foreign, "{foreign}");
            tracing::info!(error = &io::Error::other(foreign) as &dyn std::error::Error, "broke");
        });
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.lines().all(|line| line.starts_with("<6>level=info from=noroshi")), "{text}");
        assert!(!text.contains(['\r', '\u{1b}', '\u{202e}', '\u{2028}']), "{text}");
        let long = "狼".repeat(LONGEST + 1);
        let text = records(LogLevel::Info, Form::Journal, || tracing::info!(long, "cut"));
        assert!(text.ends_with("狼…\n") && text.matches('狼').count() == LONGEST, "{}", text.len());
    }

    #[test]
    fn what_is_less_important_is_left_out_and_libraries_are_heard_when_they_warn() {
        let tell = || {
            tracing::error!("e");
            tracing::warn!("w");
            tracing::info!("i");
            tracing::debug!("d");
            tracing::trace!("t");
            tracing::warn!(target: "lettre::transport", "W");
            tracing::info!(target: "lettre::transport", "I");
            tracing::error!(target: "homely", "E");
        };
        for (level, expected) in [
            (LogLevel::Error, "eE"),
            (LogLevel::Warn, "ewWE"),
            (LogLevel::Info, "ewiWE"),
            (LogLevel::Debug, "ewidWE"),
        ] {
            let text = records(level, Form::Journal, tell);
            let told: String = text.lines().filter_map(|line| line.split("message=").nth(1)).collect();
            assert_eq!(told, expected, "{level}");
        }
    }

    #[test]
    fn ours_are_the_crates_of_the_workspace() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let floors = ["", "core", "stores", "activities", "interfaces"].map(|floor| crates.join(floor));
        let folders = floors.iter().flat_map(|floor| std::fs::read_dir(floor).unwrap());
        let folders =
            folders.map(|entry| entry.unwrap().path()).filter(|path| path.join("Cargo.toml").exists());
        let names = folders.map(|path| path.file_name().unwrap().to_string_lossy().replace('-', "_"));
        let known: BTreeSet<String> = OURS.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(names.collect::<BTreeSet<_>>(), known);
    }

    #[test]
    fn the_journal_is_known_by_its_stream() {
        let file = tempfile::tempfile().unwrap();
        let stat = fstat(&file).unwrap();
        let stream = format!("{}:{}", stat.st_dev, stat.st_ino);
        let other = File::open("/dev/null").unwrap();
        assert_eq!(form(Some(OsStr::new(&stream)), &file), Form::Journal);
        assert_eq!(form(Some(OsStr::new(&stream)), &other), Form::Plain);
        assert_eq!(form(Some(OsStr::new("")), &file), Form::Plain);
        assert_eq!(form(None, &file), Form::Plain);
    }

    /// The same of a process of its own, since all of its records and panics go one way from then on.
    #[test]
    fn a_process_writes_its_records_and_panics_to_standard_error() {
        const CHILD: &str = "NOROSHI_TEST_RECORDS";
        if std::env::var_os(CHILD).is_some() {
            begin(LogLevel::Info).unwrap();
            assert!(begin(LogLevel::Debug).is_err());
            tracing::debug!("how");
            tracing::info!("came");
            assert!(std::thread::spawn(|| panic!("of\nours")).join().is_err());
            return;
        }
        let name = "log::tests::a_process_writes_its_records_and_panics_to_standard_error";
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        let output = child.args(["--exact", name, "--nocapture"]).env(CHILD, "1").output().unwrap();
        assert!(output.status.success());
        let text = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once(" from=")?.1)).collect();
        assert_eq!((lines.len(), text.lines().count()), (2, 2), "{text}");
        assert_eq!(lines[0], "noroshi::log::tests message=came");
        let panic = "reason=of⟨U+000A⟩ours";
        assert!(
            lines[1].starts_with("noroshi::log message=\"a thread panicked\" place=")
                && lines[1].ends_with(panic),
            "{text}"
        );
    }

    /// All that settings are is written at the lowest level, with all that reading a password says.
    #[test]
    fn no_record_holds_a_secret() {
        use std::os::unix::fs::PermissionsExt;
        const PASSWORD: &str = "lantern-9b1f";
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, PASSWORD).unwrap();
        let text = format!(
            "[mail]\nfrom = \"a@b\"\ndesk = [\"c@d\"]\n[mail.smtp]\nhost = \"h\"\nuser = \"u\"\npassword_file = {path:?}\n"
        );
        let told = records(LogLevel::Debug, Form::Journal, || {
            for mode in [0o600, 0o644] {
                std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
                match Secret::read(&path) {
                    Ok(secret) => tracing::debug!(length = secret.expose().len(), "read"),
                    Err(error) => tracing::debug!(error = &error as &dyn std::error::Error, "refused"),
                }
            }
            tracing::debug!(settings = ?Settings::parse(&text, folder.path()), "settings");
            let wrong = text
                .replace("password_file", "password")
                .replace(&format!("{path:?}"), &format!("{PASSWORD:?}"));
            assert!(wrong.contains(PASSWORD));
            tracing::debug!(faults = ?Settings::parse(&wrong, folder.path()), "faults");
        });
        assert_eq!(told.lines().count(), 4, "{told}");
        assert!(told.contains("password_file") && told.contains("length=12"), "{told}");
        assert!(!told.contains(PASSWORD), "{told}");
    }
}
