//! Events whose fields all stand at the top, as NXLog, `Get-WinEvent | ConvertTo-Json`, cloud
//! collectors and published data sets write them. They keep their names; what Windows calls
//! otherwise is added under Windows' name.

use super::draft::{Draft, keep_better, keep_first};
use super::nested;
use crate::json::{Field, whole};

/// Windows' names that other names may stand for.
const NAMES: [&str; 9] = [
    "EventID",
    "Channel",
    "Provider_Name",
    "Computer",
    "EventRecordID",
    "ProcessID",
    "ThreadID",
    "Security_UserID",
    "Provider_Guid",
];

/// Numbers of names by which a Windows event is told.
pub(super) const EVENT_ID: usize = 0;
pub(super) const CHANNEL: usize = 1;
pub(super) const PROVIDER: usize = 2;

/// Number in `NAMES` of what a name stands for, and how good a name it is for that; 0 is
/// Windows' own.
pub(super) fn meaning(name: &str) -> Option<(usize, u8)> {
    Some(match name {
        "EventID" => (0, 0),
        "EventId" | "EventCode" | "event_id" | "Id" => (0, 1),
        "Channel" => (1, 0),
        "LogName" | "log_name" | "channel" => (1, 1),
        "Provider_Name" => (2, 0),
        "ProviderName" => (2, 1),
        "SourceName" => (2, 2),
        "EventSourceName" => (2, 3),
        "provider_name" => (2, 4),
        "Source" => (2, 5),
        "Computer" => (3, 0),
        "Hostname" => (3, 1),
        "MachineName" => (3, 2),
        "ComputerName" => (3, 3),
        "computer_name" => (3, 4),
        "EventRecordID" => (4, 0),
        "RecordNumber" | "RecordId" | "RecordID" | "record_id" => (4, 1),
        "ProcessID" => (5, 0),
        "ExecutionProcessID" => (5, 1),
        "ThreadID" => (6, 0),
        "ExecutionThreadID" => (6, 1),
        "Security_UserID" => (7, 0),
        "UserID" => (7, 1),
        "Provider_Guid" => (8, 0),
        "ProviderGuid" => (8, 1),
        _ => return None,
    })
}

/// Whether a field is the event id of a Windows event. Other systems have an `Id`, too, but
/// no number in it.
pub(super) fn names_event(meaning: Option<(usize, u8)>, value: &str) -> bool {
    match meaning {
        Some((EVENT_ID, 0)) => true,
        Some((EVENT_ID, _)) => value.trim().is_empty() || whole::<u32>(value).is_some(),
        _ => false,
    }
}

/// Places a field whose name counts from byte `skipped` on.
pub(super) fn place(draft: &mut Draft, number: u32, field: &Field<'_>, skipped: usize) {
    if nested::body(draft, number, field, skipped) {
        return;
    }
    if let Some((meant, rank)) = draft.traits.get(number as usize).and_then(|traits| traits.meaning) {
        let (found, found_rank) = &mut draft.meanings[meant];
        keep_better(found, found_rank, (number, rank));
    }
    draft.data(number, field.name, skipped);
}

/// Adds Windows' names for what the object calls otherwise.
pub(super) fn complete(draft: &mut Draft) {
    let meanings = draft.meanings;
    for ((number, rank), name) in meanings.into_iter().zip(NAMES) {
        if let Some(number) = number.filter(|_| rank > 0) {
            draft.derived(number, name);
        }
    }
    let header = &mut draft.header;
    let slots = [&mut header.event_id, &mut header.channel, &mut header.provider];
    for (slot, (number, _)) in slots.into_iter().zip(meanings) {
        *slot = number;
    }
    if let Some(number) = meanings[4].0 {
        keep_first(&mut header.record_id, number);
    }
}
