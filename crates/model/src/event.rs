//! What a row is about and where it stands, before any column is looked at.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::reason::Reason;
use crate::time::Instant;

/// The kind of an event: rows of one kind have the same fields and the same rules.
///
/// `log` is the Windows channel (`Security`, `Microsoft-Windows-Sysmon/Operational`), the
/// log by its purpose (`auditd`, `sshd`, `access`), of a cloud service or sensor (`cloudtrail`,
/// `dns`), or `ocsf` with the class as event id. An empty product means that the reader knows the notation,
/// but not which system wrote the event.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Kind {
    /// `windows`, `linux`, `aws`, `zeek` …, or empty.
    pub product: Arc<str>,
    /// Channel or log name, as the event spells it.
    pub log: Arc<str>,
    /// Event ID where the log has one.
    pub event_id: Option<u32>,
}

impl Kind {
    /// A kind from its three parts.
    #[must_use]
    pub fn new(product: &str, log: &str, event_id: Option<u32>) -> Self {
        Self { product: product.into(), log: log.into(), event_id }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.product, self.log)?;
        match self.event_id {
            Some(id) => write!(formatter, ":{id}"),
            None => Ok(()),
        }
    }
}

/// Where an event stands in its source, as far as it applies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Number of the event in its source, from 1.
    pub ordinal: u64,
    /// Physical line on which the event begins, from 1.
    pub line: Option<u64>,
    /// `EventRecordID` of a Windows event.
    pub record_id: Option<u64>,
    /// Serial number of a Linux audit event.
    pub audit_serial: Option<u64>,
    /// Event time.
    pub time: Option<Instant>,
}

/// Something in foreign bytes that could not be read; what surrounds it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flaw {
    /// Source as the user named it, `archive!member` inside archives; empty when it is about no
    /// source alone.
    pub source_path: Arc<str>,
    /// Byte offset in that source (after decompression), where known.
    pub offset: u64,
    /// Bytes that are lost, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<u64>,
    /// Why: code, arguments, one English clause.
    #[serde(flatten)]
    pub reason: Reason,
}

impl Flaw {
    /// A flaw at an offset of a source.
    #[must_use]
    pub fn new(source_path: impl Into<Arc<str>>, offset: u64, reason: impl Into<Reason>) -> Self {
        Self { source_path: source_path.into(), offset, length: None, reason: reason.into() }
    }

    /// The same flaw, which costs that many bytes.
    #[must_use]
    pub fn over(self, bytes: u64) -> Self {
        Self { length: Some(bytes), ..self }
    }
}
