//! Events as `{"Event": {"System": …, "EventData": …}}`, from any of the programs that write
//! XML as JSON in their own way, and from the EVTX reader.

use super::draft::{Column, Draft, Name, apart, keep_first};
use crate::json::Field;

/// Whether a name is one of the `System` element.
pub(super) fn is_system(name: &str) -> bool {
    let name = name.strip_prefix("Event.").unwrap_or(name);
    name.starts_with("System.EventID")
        || name.starts_with("System.Provider")
        || name.starts_with("System.Channel")
}

/// Whether a name is that of an element which is no field itself: it holds others, or attributes.
pub(super) fn is_frame(name: &str) -> bool {
    let name = name.strip_prefix("Event.").unwrap_or(name);
    match name.strip_prefix("System.") {
        Some(part) => matches!(part, "Provider" | "TimeCreated" | "Correlation" | "Execution" | "Security"),
        None => matches!(name, "Event" | "System" | "EventData" | "UserData" | "RenderingInfo"),
    }
}

/// Places a field whose name counts from byte `skipped` on.
pub(super) fn place(draft: &mut Draft, number: u32, field: &Field<'_>, skipped: usize) {
    let mut from = skipped;
    if field.name[from..].starts_with("Event.") {
        from += "Event.".len();
    }
    let name = &field.name[from..];
    if let Some(rest) = name.strip_prefix("System.") {
        system(draft, number, rest);
    } else if !body(draft, number, field, from) {
        if let Some(rest) = name.strip_prefix("RenderingInfo.") {
            rendering(draft, number, rest);
        } else if !is_namespace(name) {
            draft.own(number, from);
        }
    }
}

/// Places a field of `EventData` or `UserData` and says whether it is one.
pub(super) fn body(draft: &mut Draft, number: u32, field: &Field<'_>, from: usize) -> bool {
    let name = &field.name[from..];
    if name == "EventData" {
        draft.known(number, "Data");
    } else if let Some(rest) = name.strip_prefix("EventData.") {
        event_data(draft, number, field, field.name.len() - rest.len());
    } else if let Some(rest) = name.strip_prefix("UserData.") {
        user_data(draft, number, rest);
    } else {
        return false;
    }
    true
}

fn system(draft: &mut Draft, number: u32, rest: &str) {
    let start = draft.names.len();
    plain_path(rest, &mut draft.names);
    let path = without_text(&draft.names[start..]);
    let known = known(path);
    let made = if known.is_none() { path.replace('.', "_") } else { String::new() };
    draft.names.truncate(start);
    match known {
        Some(name) => {
            if name == "TimeCreated_SystemTime" {
                keep_first(&mut draft.header.times[0], number);
            }
            draft.known(number, name);
        }
        None => draft.made(number, |names| names.push_str(&made)),
    }
}

/// The name that rules use for what stands at a path of `System`: the element's, or for an
/// attribute element and attribute joined by an underscore. Whatever is not listed is made alike.
fn known(path: &str) -> Option<&'static str> {
    Some(match path {
        "EventID" => "EventID",
        "Provider.Name" | "Provider" => "Provider_Name",
        "Provider.Guid" => "Provider_Guid",
        "Channel" => "Channel",
        "Computer" => "Computer",
        "EventRecordID" => "EventRecordID",
        "TimeCreated.SystemTime" | "TimeCreated" => "TimeCreated_SystemTime",
        "Execution.ProcessID" => "Execution_ProcessID",
        "Execution.ThreadID" => "Execution_ThreadID",
        "Security.UserID" => "Security_UserID",
        "Correlation.ActivityID" => "Correlation_ActivityID",
        "Correlation.RelatedActivityID" => "Correlation_RelatedActivityID",
        "EventID.Qualifiers" => "EventID_Qualifiers",
        "Version" => "Version",
        "Level" => "Level",
        "Task" => "Task",
        "Opcode" => "Opcode",
        "Keywords" => "Keywords",
        _ => return None,
    })
}

/// `from`: where the name below `EventData` begins.
fn event_data(draft: &mut Draft, number: u32, field: &Field<'_>, from: usize) {
    let name = &field.name[from..];
    if name == "Data" || name.starts_with("Data.") || name.starts_with("Data_attributes.") {
        let start = draft.names.len();
        plain_path(name, &mut draft.names);
        let path = without_text(&draft.names[start..]);
        let (is_label, is_text) = (path == "Data.Name", path == "Data");
        draft.names.truncate(start);
        if is_label {
            return draft.labels.push((field.item, number));
        }
        if is_text {
            draft.taken = true;
            return draft.columns.push(Column {
                name: Name::Data(field.item),
                field: number,
                derived: false,
            });
        }
    }
    if let Some(stem) = name.strip_suffix(".#text") {
        draft.made(number, |names| names.extend(stem.chars().filter(|letter| *letter != ' ')));
    } else if let Some(attribute) = name.strip_prefix("#attributes.").or_else(|| name.strip_prefix('@')) {
        if !is_namespace(attribute) {
            draft.made(number, |names| names.extend(["EventData_", attribute]));
        }
    } else {
        draft.data(number, field.name, from);
    }
}

/// A leaf of `UserData`, by its local name.
fn user_data(draft: &mut Draft, number: u32, rest: &str) {
    let start = draft.names.len();
    plain_path(rest, &mut draft.names);
    let path = &draft.names[start..];
    let leaf = path.rsplit('.').next().unwrap_or(path);
    let local = leaf.rsplit(':').next().unwrap_or(leaf);
    let (kept, made) = (!is_namespace(leaf) && !local.is_empty(), local.replace(' ', ""));
    draft.names.truncate(start);
    if kept {
        draft.taken |= apart(&made).is_some();
        draft.made(number, |names| names.push_str(&made));
    }
}

/// Texts that the sending machine rendered; its numbers' names must not stand for the numbers.
fn rendering(draft: &mut Draft, number: u32, rest: &str) {
    let start = draft.names.len();
    plain_path(rest, &mut draft.names);
    let path = draft.names[start..].replace('.', "_");
    draft.names.truncate(start);
    if path == "Message" {
        draft.known(number, "Message");
    } else if !is_namespace(&path) {
        draft.made(number, |names| names.extend(["RenderingInfo_", &path]));
    }
}

/// The path of an element or attribute without the marks by which converters tell them apart:
/// `Provider.#attributes.Name`, `Provider_attributes.Name`, `Provider.@Name`, `Provider.$.Name`
/// are all `Provider.Name`, and `EventID.#text` is `EventID`.
fn plain_path(path: &str, out: &mut String) {
    let start = out.len();
    for segment in path.split('.') {
        let plain = match segment {
            "#attributes" | "attributes" | "_attributes" | "@attributes" | "$" => continue,
            "#text" | "_text" | "_" | "$t" | "__text" | "_value" => continue,
            _ => segment.strip_suffix("_attributes").unwrap_or(segment),
        };
        if out.len() > start {
            out.push('.');
        }
        out.push_str(plain.strip_prefix(['@', '-', '_']).unwrap_or(plain));
    }
}

/// The same path without a last part that only says "the text of it", as converters write it
/// that keep elements and attributes in one object. Not for `UserData`, whose names are free.
fn without_text(path: &str) -> &str {
    match path.rsplit_once('.') {
        Some((stem, "text" | "Text" | "content" | "Value" | "value")) => stem,
        _ => path,
    }
}

/// Whether a name declares an XML name space rather than saying something.
fn is_namespace(name: &str) -> bool {
    let leaf = name.rsplit('.').next().unwrap_or(name);
    leaf.trim_start_matches(['@', '-', '_']).starts_with("xmlns")
}

/// The log that a provider writes to, for events that do not say it.
pub(super) fn log_of(provider: &str, event_id: Option<u32>) -> &'static str {
    match provider {
        "Microsoft-Windows-Sysmon" => "Microsoft-Windows-Sysmon/Operational",
        "Linux-Sysmon" => "Linux-Sysmon/Operational",
        "Microsoft-Windows-Security-Auditing" => "Security",
        "Microsoft-Windows-Eventlog" if event_id == Some(104) => "System",
        "Microsoft-Windows-Eventlog" => "Security",
        "Microsoft-Windows-PowerShell" => "Microsoft-Windows-PowerShell/Operational",
        "PowerShell" => "Windows PowerShell",
        "Microsoft-Windows-Windows Defender" => "Microsoft-Windows-Windows Defender/Operational",
        "Microsoft-Windows-WMI-Activity" => "Microsoft-Windows-WMI-Activity/Operational",
        "Microsoft-Windows-TaskScheduler" => "Microsoft-Windows-TaskScheduler/Operational",
        "Microsoft-Windows-Bits-Client" => "Microsoft-Windows-Bits-Client/Operational",
        "Service Control Manager" => "System",
        _ => "",
    }
}
