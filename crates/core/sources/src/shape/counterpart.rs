//! Fields that rules ask for and an event only implies: what Sysmon would have written of registry
//! values (Security 4657), connections (5156) and WMI subscriptions (5861), for whose names and
//! spellings rules of these categories are written; and the log that was cleared (System 104).

use std::borrow::Cow;

use super::draft::Draft;
use crate::json::Flat;
use crate::sheet::{Builder, Value};

/// The fields of an event, wherever they stand.
pub(super) struct Fields<'a>(pub(super) [Option<(&'a Draft, &'a Flat, &'a str)>; 2]);

impl<'a> Fields<'a> {
    /// A value, unless it is empty or Windows' dash for none.
    fn value(&self, name: &str) -> Option<&'a str> {
        let found = self.0.iter().flatten().find_map(|(draft, flat, text)| {
            let column = draft.find(name, flat, text)?;
            flat.field(text, column.field)
        })?;
        Some(found.value.text.trim()).filter(|value| !matches!(*value, "" | "-"))
    }
}

/// Adds the fields to the row begun last.
pub(super) fn complete(builder: &mut Builder, fields: &Fields<'_>, (log, event_id): (&str, Option<u32>)) {
    let is = |name: &str| log.eq_ignore_ascii_case(name);
    match event_id {
        Some(4688) if is("Security") => integrity(builder, fields),
        Some(4657) if is("Security") => registry_value(builder, fields),
        Some(5156) if is("Security") => connection(builder, fields),
        Some(104) if is("System") => cleared(builder, fields),
        Some(5861) if is("Microsoft-Windows-WMI-Activity/Operational") => subscription(builder, fields),
        _ => {}
    }
}

/// The level by its name, as which Sysmon knows it, beside its SID (MS-DTYP 2.4.2.4).
fn integrity(builder: &mut Builder, fields: &Fields<'_>) {
    let name = match fields.value("MandatoryLabel") {
        Some("S-1-16-0") => "Untrusted",
        Some("S-1-16-4096") => "Low",
        Some("S-1-16-8192") => "Medium",
        Some("S-1-16-12288") => "High",
        Some("S-1-16-16384") => "System",
        _ => return,
    };
    builder.derived("IntegrityLevel", Value::text(name));
}

/// The log that was cleared, where the event's own data is gone and its text is there.
fn cleared(builder: &mut Builder, fields: &Fields<'_>) {
    let message = fields.value("Message").and_then(|text| text.strip_prefix("The "));
    let channel =
        message.and_then(|text| text.split_once(" log file was cleared")).map(|(channel, _)| channel);
    if let Some(channel) = channel.filter(|_| fields.value("Channel").is_none()) {
        builder.derived("Channel", Value::text(channel));
    }
}

fn registry_value(builder: &mut Builder, fields: &Fields<'_>) {
    if let Some(key) = fields.value("ObjectName") {
        let name = fields.value("ObjectValueName").unwrap_or("(Default)");
        builder.derived("TargetObject", Value::text(&format!("{}\\{name}", registry_path(key))));
    }
    if let Some(details) = fields.value("NewValue").and_then(|value| details(fields, value)) {
        builder.derived("Details", Value::text(&details));
    }
    let event_type = match fields.value("OperationType") {
        Some("%%1904" | "%%1905") => "SetValue",
        Some("%%1906") => "DeleteValue",
        _ => return,
    };
    builder.derived("EventType", Value::text(event_type));
}

/// A path of the kernel's with Sysmon's abbreviations (its documentation, "Registry event").
fn registry_path(path: &str) -> Cow<'_, str> {
    let Some(rest) = after(path, r"\REGISTRY\MACHINE\") else {
        return after(path, r"\REGISTRY\USER\").map_or(path.into(), |rest| format!(r"HKU\{rest}").into());
    };
    // Which of the numbered sets is the current one, the event does not tell; Sysmon takes any.
    let below = after(rest, r"SYSTEM\ControlSet").and_then(|rest| {
        let below = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        (below.len() < rest.len() && (below.is_empty() || below.starts_with('\\'))).then_some(below)
    });
    match below {
        Some(below) => format!(r"HKLM\System\CurrentControlSet{below}").into(),
        None => format!(r"HKLM\{rest}").into(),
    }
}

/// What was written, as Sysmon spells it for the type.
fn details<'a>(fields: &Fields<'a>, value: &'a str) -> Option<Cow<'a, str>> {
    Some(match fields.value("NewValueType")? {
        "%%1873" | "%%1874" | "%%1879" => value.into(),
        "%%1875" => "Binary Data".into(),
        "%%1876" => format!("DWORD (0x{:08x})", u32::try_from(number(value)?).ok()?).into(),
        "%%1883" => {
            let number = number(value)?;
            format!("QWORD (0x{:08x}-0x{:08x})", number >> 32, number & 0xffff_ffff).into()
        }
        _ => return None,
    })
}

fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

fn connection(builder: &mut Builder, fields: &Fields<'_>) {
    if let Some(program) = fields.value("Application") {
        builder.derived("Image", Value::text(&program_path(program)));
    }
    let initiated = match fields.value("Direction") {
        Some("%%14593") => Some("true"),
        Some("%%14592") => Some("false"),
        _ => None,
    };
    let protocol = match fields.value("Protocol") {
        Some("6") => Some("tcp"),
        Some("17") => Some("udp"),
        _ => None,
    };
    let is_new = |address: &str| if address.contains(':') { "true" } else { "false" };
    let (source, destination) = (fields.value("SourceAddress"), fields.value("DestAddress"));
    for (name, value) in [
        ("Initiated", initiated),
        ("Protocol", protocol),
        ("SourceIsIpv6", source.map(is_new)),
        ("DestinationIsIpv6", destination.map(is_new)),
    ] {
        if let Some(value) = value {
            builder.derived(name, Value::text(value));
        }
    }
}

/// The path of a program from the kernel's name of its volume. The event does not say which letter
/// a volume has: C is taken, since nearly all programs stand there.
fn program_path(path: &str) -> Cow<'_, str> {
    if let Some(share) = after(path, r"\device\mup\") {
        return format!(r"\\{share}").into();
    }
    let below = after(path, r"\device\harddiskvolume").and_then(|rest| {
        let below = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        below.starts_with('\\').then_some(below)
    });
    below.map_or(path.into(), |below| format!("C:{below}").into())
}

/// The instances of filter and consumer stand in one text, as the source of their classes.
fn subscription(builder: &mut Builder, fields: &Fields<'_>) {
    let Some(instances) = fields.value("PossibleCause") else { return };
    for (name, properties) in [
        ("Query", &["Query"][..]),
        ("Destination", &["CommandLineTemplate", "ExecutablePath", "ScriptText", "ScriptFileName"]),
    ] {
        for value in properties.iter().filter_map(|property| quoted(instances, property)) {
            builder.derived(name, Value::text(value));
        }
    }
}

/// The text of a property, in its quotes and with its escapes, as Sysmon leaves it.
fn quoted<'a>(instances: &'a str, property: &str) -> Option<&'a str> {
    let starts = instances.match_indices(property);
    starts.into_iter().find_map(|(at, _)| {
        let (before, behind) = (&instances[..at], &instances[at + property.len()..]);
        let is_whole = before.ends_with(|letter: char| letter.is_whitespace() || letter == '{');
        let value = behind.trim_start().strip_prefix('=')?.trim_start();
        let inner = value.strip_prefix('"').filter(|_| is_whole)?;
        let mut escaped = false;
        let end = inner.char_indices().find_map(|(at, letter)| {
            let ends = letter == '"' && !escaped;
            escaped = letter == '\\' && !escaped;
            ends.then_some(at)
        })?;
        value.get(..end + 2)
    })
}

/// What stands behind a beginning, in whatever case that is written.
fn after<'a>(text: &'a str, beginning: &str) -> Option<&'a str> {
    let (begins, rest) = text.split_at_checked(beginning.len())?;
    begins.eq_ignore_ascii_case(beginning).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_kernel_are_spelled_as_sysmon_does() {
        for (path, expected) in [
            (r"\REGISTRY\MACHINE\SOFTWARE\Classes\x", r"HKLM\SOFTWARE\Classes\x"),
            (r"\REGISTRY\MACHINE\SYSTEM\ControlSet001\Services", r"HKLM\System\CurrentControlSet\Services"),
            (r"\registry\machine\SYSTEM\ControlSet012", r"HKLM\System\CurrentControlSet"),
            (r"\REGISTRY\MACHINE\SYSTEM\ControlSets\x", r"HKLM\SYSTEM\ControlSets\x"),
            (r"\REGISTRY\USER\S-1-5-21-1-2-3-1001\Software", r"HKU\S-1-5-21-1-2-3-1001\Software"),
            (r"\REGISTRY\A\{b}\Root", r"\REGISTRY\A\{b}\Root"),
        ] {
            assert_eq!(registry_path(path), expected);
        }
        for (path, expected) in [
            (r"\device\harddiskvolume12\windows\system32\svchost.exe", r"C:\windows\system32\svchost.exe"),
            (r"\device\mup\198.51.100.7\share\a.exe", r"\\198.51.100.7\share\a.exe"),
            (r"\device\harddiskvolumeshadowcopy1\a.exe", r"\device\harddiskvolumeshadowcopy1\a.exe"),
            ("System", "System"),
            ("\\device\\mupé", "\\device\\mupé"),
        ] {
            assert_eq!(program_path(path), expected);
        }
    }

    #[test]
    fn properties_keep_quotes_and_escapes() {
        let text = "Binding EventFilter: \ninstance of __EventFilter\n{\n\tName = \"n\";\n\tQuery = \"select * from x where a = \\\"b\\\"\";\n\tQueryLanguage = \"WQL\";\n};\nPerm. Consumer: \ninstance of CommandLineEventConsumer\n{\n\tCommandLineTemplate = \"C:\\\\a.exe\";\n};";
        assert_eq!(quoted(text, "Query"), Some(r#""select * from x where a = \"b\"""#));
        assert_eq!(quoted(text, "CommandLineTemplate"), Some(r#""C:\\a.exe""#));
        assert_eq!(quoted(text, "Template"), None);
        assert_eq!(quoted("Query = \"open", "Query"), None);
    }
}
