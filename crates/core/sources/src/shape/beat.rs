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
        "process.pid" => "ProcessID",
        "process.thread.id" => "ThreadID",
        "related_activity_id" => "RelatedActivityID",
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
        "process_id" => "ProcessID",
        "thread_id" => "ThreadID",
        other => return header(draft, number, other, from),
    };
    draft.known(number, known);
}

/// A field of the header that both forms call alike.
fn header(draft: &mut Draft, number: u32, name: &str, from: usize) {
    let known = match name {
        "activity_id" => "ActivityID",
        "computer_name" => "Computer",
        "keywords" => "Keywords",
        "level" => "Level",
        "opcode" => "Opcode",
        "provider_guid" => "Provider_Guid",
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

/// Adds what a Beats module has moved from the event's data into ECS fields, under the names
/// that the event's data had, where those are absent.
pub(super) fn complete(draft: &mut Draft, flat: &Flat, text: &str, base: &str) {
    let mut found: Vec<(u32, &'static str)> = Vec::new();
    let value =
        |number: Option<u32>| number.and_then(|n| flat.field(text, n)).map_or("", |field| field.value.text);
    for (number, field) in (0u32..).zip(flat.fields(text)) {
        match &field.name[skipped(field.name, base)..] {
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
            _ => {}
        }
    }
    let sysmon = value(draft.header.provider).contains("Sysmon");
    let event_id: Option<u32> = whole(value(draft.header.event_id));
    for (number, field) in (0u32..).zip(flat.fields(text)) {
        let name = &field.name[skipped(field.name, base)..];
        let names = if sysmon { sysmon_names(name, event_id) } else { security_names(name, event_id) };
        found.extend(names.iter().map(|name| (number, *name)));
    }
    for (number, name) in found {
        if !draft.has(name, flat, text) {
            draft.derived(number, name);
        }
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
