//! Ground truth: one line for each malicious event, pointing at its very place in the file.

use crate::event::{Event, Log};

/// A step in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Words {
    /// Japanese.
    pub ja: &'static str,
    /// English.
    pub en: &'static str,
}

/// One malicious event.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Truth {
    /// Path of the file, as in [`crate::LogFile::path`].
    pub source_path: String,
    /// Physical line of its first record, from 1.
    pub line: u64,
    /// Which event of the file it is, from 1.
    pub ordinal: u64,
    /// Full name of the host.
    pub host: String,
    /// When, RFC 3339 in UTC with milliseconds.
    pub time: String,
    /// The story's letter in NATION.md.
    pub story: &'static str,
    /// The step.
    pub step: Words,
    /// ATT&CK technique.
    pub technique: &'static str,
    /// Whether any sensible rule on that technique sees this event by itself.
    pub rule_expected: bool,
    /// Id of the organisation.
    pub organisation: String,
    /// Record number on Windows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_id: Option<u64>,
    /// Serial on Linux.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit_serial: Option<u64>,
}

/// The truth about `event`, when it is malicious.
pub(crate) fn truth(
    event: &Event,
    (path, organisation): (&str, &str),
    (line, ordinal): (u64, u64),
) -> Option<Truth> {
    let mark = event.mark?;
    let mut time = String::new();
    crate::clock::push_time(&mut time, event.time, ('T', "Z"));
    let audit = event.template.log == Log::Audit;
    Some(Truth {
        source_path: path.into(),
        line,
        ordinal,
        host: event.computer().into(),
        time,
        story: mark.story,
        step: Words { ja: mark.ja, en: mark.en },
        technique: mark.technique,
        rule_expected: mark.expected,
        organisation: organisation.into(),
        record_id: (!audit).then_some(event.record),
        audit_serial: audit.then_some(event.record),
    })
}
