//! Documents of Winlogbeat and of agents that write its form: `winlog.*` with ECS fields beside
//! it (version 7 and later), or the older form with `event_data` at the top.

use super::draft::{Draft, apart, skipped};
use crate::json::{Flat, whole};

/// Places a field by its name, which begins at byte `from` of the full one.
pub(super) fn place(draft: &mut Draft, number: u32, name: &str, from: usize) {
    let Some(rest) = name.strip_prefix("winlog.") else { return draft.own(number, from) };
    if let Some(data) = rest.strip_prefix("event_data.").or_else(|| rest.strip_prefix("user_data.")) {
        return content(draft, number, data);
    }
    let known = match rest {
        "channel" => "Channel",
        "event_id" | "event_id.id" => "EventID",
        "provider_name" => "Provider_Name",
        "record_id" => "EventRecordID",
        "process.pid" => "Execution_ProcessID",
        "process.thread.id" => "Execution_ThreadID",
        "event_id.qualifiers" => "EventID_Qualifiers",
        "time_created" => "TimeCreated_SystemTime",
        other => return header(draft, number, other, from),
    };
    draft.known(number, known);
}

/// The form of Winlogbeat up to version 6.
pub(super) fn place_old(draft: &mut Draft, number: u32, name: &str, from: usize) {
    if let Some(data) = name.strip_prefix("event_data.").or_else(|| name.strip_prefix("user_data.")) {
        return content(draft, number, data);
    }
    let known = match name {
        "log_name" => "Channel",
        "event_id" => "EventID",
        "source_name" => "Provider_Name",
        "record_number" => "EventRecordID",
        "process_id" => "Execution_ProcessID",
        "thread_id" => "Execution_ThreadID",
        other => return header(draft, number, other, from),
    };
    draft.known(number, known);
}

/// A field of the header that both forms call alike.
fn header(draft: &mut Draft, number: u32, name: &str, from: usize) {
    let known = match name {
        "activity_id" => "Correlation_ActivityID",
        "computer_name" => "Computer",
        "keywords" => "Keywords",
        "level" => "Level",
        "opcode" => "Opcode",
        "provider_guid" => "Provider_Guid",
        "qualifiers" => "EventID_Qualifiers",
        "related_activity_id" => "Correlation_RelatedActivityID",
        "task" => "Task",
        "user.identifier" => "Security_UserID",
        "version" => "Version",
        _ => return draft.own(number, from),
    };
    draft.known(number, known);
}

/// A field of the event's own data.
fn content(draft: &mut Draft, number: u32, name: &str) {
    draft.taken |= apart(name).is_some();
    draft.made(number, |names| names.extend(name.chars().filter(|letter| *letter != ' ')));
}

/// Whether a field of this name may hold what Windows calls otherwise.
pub(super) fn is_moved(name: &str) -> bool {
    let of_header =
        matches!(name, "event.code" | "event.provider" | "host.name" | "host.hostname" | "@timestamp");
    of_header || !sysmon_names(name, None).is_empty()
}

/// Adds what a Beats module has moved from the event's data into ECS fields, under the names
/// that the event's data had, where those are absent.
pub(super) fn complete(draft: &mut Draft, flat: &Flat, text: &str, base: &str) {
    let moved: Vec<u32> =
        (0u32..).zip(&draft.traits).filter(|(_, traits)| traits.moved).map(|(number, _)| number).collect();
    let name_of =
        |number: u32| flat.field(text, number).map_or("", |field| &field.name[skipped(field.name, base)..]);
    let value =
        |number: Option<u32>| number.and_then(|n| flat.field(text, n)).map_or("", |field| field.value.text);
    let mut found: Vec<(u32, &'static str)> = Vec::with_capacity(moved.len());
    for &number in &moved {
        match name_of(number) {
            "event.code" if draft.header.event_id.is_none() => {
                draft.header.event_id = Some(number);
                found.push((number, "EventID"));
            }
            "event.provider" if draft.header.provider.is_none() => {
                draft.header.provider = Some(number);
                found.push((number, "Provider_Name"));
            }
            "host.name" | "host.hostname" if !draft.header.has_computer => {
                draft.header.has_computer = true;
                found.push((number, "Computer"));
            }
            "@timestamp" => found.push((number, "TimeCreated_SystemTime")),
            _ => {}
        }
    }
    let sysmon = value(draft.header.provider).contains("Sysmon");
    let event_id: Option<u32> = whole(value(draft.header.event_id));
    for &number in &moved {
        let name = name_of(number);
        let names = if sysmon { sysmon_names(name, event_id) } else { security_names(name, event_id) };
        found.extend(names.iter().map(|name| (number, *name)));
    }
    for (number, name) in found {
        if !draft.has(name, flat, text) {
            draft.derived(number, name);
        }
    }
}

/// Adds Windows' name for the time of an event in the older form.
pub(super) fn complete_old(draft: &mut Draft, flat: &Flat, text: &str, base: &str) {
    let is_time = |name: &str| &name[skipped(name, base)..] == "@timestamp";
    if let Some((number, _)) = (0u32..).zip(flat.fields(text)).find(|(_, field)| is_time(field.name)) {
        draft.derived(number, "TimeCreated_SystemTime");
    }
}

/// Names in a Sysmon event of what an ECS field holds.
fn sysmon_names(name: &str, event_id: Option<u32>) -> &'static [&'static str] {
    match name {
        "process.executable" if matches!(event_id, Some(8 | 10)) => &["SourceImage"],
        "process.executable" => &["Image"],
        "process.command_line" => &["CommandLine"],
        "process.pid" if matches!(event_id, Some(8 | 10)) => &["SourceProcessId"],
        "process.pid" => &["ProcessId"],
        "process.entity_id" => &["ProcessGuid"],
        "process.working_directory" => &["CurrentDirectory"],
        "process.parent.executable" => &["ParentImage"],
        "process.parent.command_line" => &["ParentCommandLine"],
        "process.parent.pid" => &["ParentProcessId"],
        "process.parent.entity_id" => &["ParentProcessGuid"],
        "process.pe.original_file_name" | "file.pe.original_file_name" => &["OriginalFileName"],
        "process.pe.company" | "file.pe.company" => &["Company"],
        "process.pe.description" | "file.pe.description" => &["Description"],
        "process.pe.product" | "file.pe.product" => &["Product"],
        "process.pe.file_version" | "file.pe.file_version" => &["FileVersion"],
        "process.pe.imphash" | "file.pe.imphash" => &["IMPHASH"],
        "process.hash.md5" | "file.hash.md5" => &["MD5"],
        "process.hash.sha1" | "file.hash.sha1" => &["SHA1"],
        "process.hash.sha256" | "file.hash.sha256" => &["SHA256"],
        "file.path" if matches!(event_id, Some(6 | 7)) => &["ImageLoaded"],
        "file.path" => &["TargetFilename"],
        "registry.path" => &["TargetObject"],
        "registry.data.strings" => &["Details"],
        "source.ip" => &["SourceIp"],
        "source.port" => &["SourcePort"],
        "source.domain" => &["SourceHostname"],
        "destination.ip" => &["DestinationIp"],
        "destination.port" => &["DestinationPort"],
        "destination.domain" => &["DestinationHostname"],
        "network.transport" => &["Protocol"],
        "dns.question.name" => &["QueryName"],
        _ => &[],
    }
}

/// Names in an event of the Security log of what an ECS field holds.
fn security_names(name: &str, event_id: Option<u32>) -> &'static [&'static str] {
    match (event_id, name) {
        (Some(4688), "process.executable") => &["NewProcessName"],
        (Some(4688), "process.command_line") => &["CommandLine"],
        (Some(4688), "process.parent.executable") => &["ParentProcessName"],
        (Some(4688), "process.pid") => &["NewProcessId"],
        (Some(4688), "process.parent.pid") => &["ProcessId"],
        (Some(4689), "process.executable") => &["ProcessName"],
        (Some(4624 | 4625), "source.ip") => &["IpAddress"],
        (Some(4624 | 4625), "source.port") => &["IpPort"],
        _ => &[],
    }
}
