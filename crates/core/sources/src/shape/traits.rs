//! What is known of an object by the names in it: its shape, and of each name what it says by itself.

use super::system::mark::Mark;

pub(super) enum Shape {
    Nested,
    Beat,
    OldBeat,
    Plain,
    Other,
}

/// What a field's name says by itself. Told once a name: events repeat their names.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Traits {
    /// Number of Windows' name that it stands for, and how good a name it is for that.
    pub(super) meaning: Option<(u8, u8)>,
    /// Rank among the names of event times.
    pub(super) time: Option<u8>,
    pub(super) nested: bool,
    pub(super) beat: bool,
    /// Whether a field of this name in a Beats document has a name of Windows', too.
    pub(super) moved: bool,
    pub(super) old_log: bool,
    pub(super) inner: Option<Inner>,
    /// Whether it is as good as the name of a field as it stands.
    pub(super) simple: bool,
    /// Whether it is a name of Azure's spelled with capitals.
    pub(super) capital: bool,
    /// Whether an event may stand in the field, or below a part of the name.
    pub(super) holds: bool,
    /// How much of it stands before a name that tells a system, and the module it is of.
    pub(super) below: u16,
    pub(super) module: u8,
    /// What it tells of a system other than Windows.
    pub(super) mark: Option<Mark>,
}

/// What a name of a plain object tells of the event's own data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inner {
    /// Something of an element with the data.
    Data,
    /// The column with the data, which PowerShell's events have, too.
    Payload,
    /// Something inside it, where it is an object rather than text.
    PayloadPart,
    /// A column that only this program writes.
    Column,
}

/// Windows' names that other names may stand for.
pub(super) const NAMES: [&str; 13] = [
    "EventID",
    "Channel",
    "Provider_Name",
    "Computer",
    "EventRecordID",
    "Execution_ProcessID",
    "Execution_ThreadID",
    "Security_UserID",
    "Provider_Guid",
    "Correlation_ActivityID",
    "Correlation_RelatedActivityID",
    "EventID_Qualifiers",
    "Provider_EventSourceName",
];
