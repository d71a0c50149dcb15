//! What the fuzz targets share: the way of the bytes with what must hold at its end, and the
//! inputs that a corpus begins with.
//!
//! A target is a name and a way to make an input of it out of any bytes. Whatever the bytes,
//! there is no panic, no hang, no memory without bound, and both scans find the same. `cargo
//! xtask fuzz` builds, seeds and runs the targets.

mod indicators;
mod rules;
mod seeds;
mod way;

use std::borrow::Cow;

/// Each target, by the door that it knocks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// gzip, zstd, xz, bzip2, zip, tar, and one inside the other.
    Archives,
    /// Linux audit logs.
    Auditd,
    /// Windows event logs.
    Evtx,
    /// Lists of indicators.
    Indicators,
    /// JSON.
    Json,
    /// Any bytes; the content decides.
    Reader,
    /// Rule files.
    Rules,
    /// Logs of lines.
    Text,
    /// Windows events in XML.
    Xml,
}

/// A line that a JSON source begins with where the bytes do not.
const JSON: &str = "{\"a\":1}\n";

/// The same for audit logs.
const AUDIT: &str = "type=DAEMON_START msg=audit(1772438401.123:1): op=start res=success\n";

/// The same for events in XML.
const XML: &str = "<Event><System><EventID>1</EventID></System></Event>";

/// Lines by which a log of lines is told; the first byte of an input chooses one, or none.
const LINES: [&str; 6] = [
    "<38>Mar  2 08:00:01 gate lantern[811]: session opened for user aki\n",
    "Mar  2 08:00:01 gate lantern[811]: session opened for user aki\n",
    "<165>1 2026-03-02T08:00:01.123+09:00 gate.example.org lantern 811 ID47 [at@32473 n=\"1\"] session opened\n",
    "192.0.2.7 - aki [02/Mar/2026:08:00:01 +0900] \"GET /index.html HTTP/1.1\" 200 512 \"-\" \"lantern/1.0\"\n",
    "",
    "#separator \\x09\n#path\tdns\n#fields\tts\tuid\tquery\tanswers\n#types\ttime\tstring\tstring\tvector[string]\n",
];

impl Target {
    /// The name on the command line, also that of its folders.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Archives => "archives",
            Self::Auditd => "auditd",
            Self::Evtx => "evtx",
            Self::Indicators => "indicators",
            Self::Json => "json",
            Self::Reader => "reader",
            Self::Rules => "rules",
            Self::Text => "text",
            Self::Xml => "xml",
        }
    }

    /// Before the first input: writes the first corpus instead of running, if asked to by
    /// the environment (`NOROSHI_FUZZ_SEEDS` is the folder).
    pub fn begin(self) {
        let Some(folder) = std::env::var_os("NOROSHI_FUZZ_SEEDS") else { return };
        match seeds::write(self, folder.as_ref()) {
            Ok(()) => std::process::exit(0),
            Err(error) => {
                eprintln!("the first corpus of {} cannot be made: {error}", self.name());
                std::process::exit(1);
            }
        }
    }

    /// Runs one input.
    ///
    /// # Panics
    /// When something does not hold that must: this is what the fuzzer looks for.
    pub fn run(self, bytes: &[u8]) {
        match self {
            Self::Indicators => indicators::run(bytes),
            Self::Rules => rules::run(bytes),
            Self::Archives => {
                way::run(bytes);
                way::run_members(bytes);
            }
            Self::Reader => way::run(bytes),
            Self::Auditd | Self::Evtx | Self::Json | Self::Text | Self::Xml => {
                way::run_both(&self.told(bytes))
            }
        }
    }

    /// The bytes, led by what makes them told as the target's format.
    fn told(self, bytes: &[u8]) -> Cow<'_, [u8]> {
        let led = |line: &str, rest: &[u8]| Cow::Owned([line.as_bytes(), rest].concat());
        match (self, bytes) {
            (Self::Json, [b'{' | b'[', ..]) => Cow::Borrowed(bytes),
            (Self::Json, _) => led(JSON, bytes),
            (Self::Auditd, _) if bytes.starts_with(b"type=") || bytes.starts_with(b"node=") => {
                Cow::Borrowed(bytes)
            }
            (Self::Auditd, _) => led(AUDIT, bytes),
            (Self::Evtx, _) if !bytes.starts_with(b"Elf") => led("ElfChnk\0", bytes),
            (Self::Text, [choice, rest @ ..]) => led(LINES[usize::from(*choice) % LINES.len()], rest),
            (Self::Xml, _) if !bytes.starts_with(b"<E") && !bytes.starts_with(b"<?") => led(XML, bytes),
            _ => Cow::Borrowed(bytes),
        }
    }
}
