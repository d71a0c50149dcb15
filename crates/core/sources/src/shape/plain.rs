//! Events whose fields all stand at the top, as NXLog, `Get-WinEvent | ConvertTo-Json`, cloud
//! collectors and published data sets write them. They keep their names; what Windows calls
//! otherwise is added under Windows' name.

use super::draft::{Draft, keep_better, keep_first};
use super::nested;
use super::traits::{NAMES, Traits};
use crate::json::{Field, Flat, whole};

/// Numbers of names by which a Windows event is told.
pub(super) const EVENT_ID: u8 = 0;
pub(super) const CHANNEL: u8 = 1;
pub(super) const PROVIDER: u8 = 2;
const RECORD: u8 = 4;
const THREAD: u8 = 6;
/// Rank of names that .NET gives attributes of the header and that many events use for their own
/// data: they are the header's in objects that have its `ThreadId`, too.
const SHARED: u8 = 9;

/// Number in `NAMES` of what a name stands for, and how good a name it is for that; 0 is
/// Windows' own.
pub(super) fn meaning(name: &str) -> Option<(u8, u8)> {
    Some(match name {
        "EventID" => (EVENT_ID, 0),
        "EventId" | "EventCode" | "event_id" | "Id" => (EVENT_ID, 1),
        "Channel" => (CHANNEL, 0),
        "LogName" | "log_name" | "channel" => (CHANNEL, 1),
        "Provider_Name" => (PROVIDER, 0),
        "ProviderName" => (PROVIDER, 1),
        "SourceName" => (PROVIDER, 2),
        "EventSourceName" => (PROVIDER, 3),
        "provider_name" => (PROVIDER, 4),
        "Provider" => (PROVIDER, 5),
        "Source" => (PROVIDER, 6),
        "Computer" => (3, 0),
        "Hostname" => (3, 1),
        "MachineName" => (3, 2),
        "ComputerName" => (3, 3),
        "computer_name" => (3, 4),
        "EventRecordID" => (RECORD, 0),
        "EventRecordId" => (RECORD, 1),
        "RecordNumber" | "RecordId" | "RecordID" | "record_id" => (RECORD, 2),
        _ => return attribute(name),
    })
}

/// The same for attributes of the header's elements.
fn attribute(name: &str) -> Option<(u8, u8)> {
    Some(match name {
        "Execution_ProcessID" => (5, 0),
        "ExecutionProcessID" => (5, 1),
        "ProcessID" => (5, 2),
        "ProcessId" => (5, SHARED),
        "Execution_ThreadID" => (THREAD, 0),
        "ExecutionThreadID" => (THREAD, 1),
        "ThreadID" => (THREAD, 2),
        "ThreadId" => (THREAD, SHARED),
        "Security_UserID" => (7, 0),
        "UserID" => (7, 1),
        "UserId" | "UserId.Value" => (7, SHARED),
        "Provider_Guid" => (8, 0),
        "ProviderGuid" | "ProviderGUID" => (8, 1),
        "ProviderId" => (8, SHARED),
        "Correlation_ActivityID" => (9, 0),
        "ActivityID" => (9, 1),
        "ActivityId" => (9, SHARED),
        "Correlation_RelatedActivityID" => (10, 0),
        "RelatedActivityID" => (10, 1),
        "RelatedActivityId" => (10, SHARED),
        "EventID_Qualifiers" => (11, 0),
        "Qualifiers" => (11, 1),
        "Provider_EventSourceName" => (12, 0),
        _ => return None,
    })
}

/// Whether a field is the event id of a Windows event. Other systems have an `Id`, too, but
/// no number in it.
pub(super) fn names_event(meaning: Option<(u8, u8)>, value: &str) -> bool {
    match meaning {
        Some((EVENT_ID, 0)) => true,
        Some((EVENT_ID, _)) => value.trim().is_empty() || whole::<u32>(value).is_some(),
        _ => false,
    }
}

/// Places a field whose name counts from byte `skipped` on.
pub(super) fn place(draft: &mut Draft, number: u32, field: &Field<'_>, skipped: usize) {
    // Names of fields that hold nothing have no traits.
    let Some(&Traits { meaning, inner, simple, .. }) = draft.traits.get(number as usize) else {
        if !nested::body(draft, number, field, skipped) {
            draft.data(number, field.name, skipped);
        }
        return;
    };
    if let Some((meant, rank)) = meaning {
        let (found, found_rank) = &mut draft.meanings[usize::from(meant)];
        keep_better(found, found_rank, number, rank);
    }
    if inner.is_some_and(|inner| inner.place(draft, number, field, skipped)) {
        return;
    }
    if simple {
        draft.own(number, skipped);
    } else {
        draft.data(number, field.name, skipped);
    }
}

/// Adds Windows' names for what the object calls otherwise.
pub(super) fn complete(draft: &mut Draft, flat: &Flat, text: &str) {
    let meanings = draft.meanings;
    let of_header = meanings[usize::from(THREAD)].0.is_some() && meanings[usize::from(THREAD)].1 == SHARED;
    for ((number, rank), name) in meanings.into_iter().zip(NAMES) {
        let Some(number) = number.filter(|_| rank > 0) else { continue };
        if rank < SHARED {
            draft.derived(number, name);
        } else if of_header && flat.field(text, number).is_some_and(|field| !field.value.text.is_empty()) {
            draft.rename(number, name);
        }
    }
    let header = &mut draft.header;
    let slots = [&mut header.event_id, &mut header.channel, &mut header.provider];
    for (slot, (number, _)) in slots.into_iter().zip(meanings) {
        *slot = number;
    }
    if let Some(number) = meanings[usize::from(RECORD)].0 {
        keep_first(&mut header.record_id, number);
    }
}
