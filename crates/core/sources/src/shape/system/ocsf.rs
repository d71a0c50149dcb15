//! Events that come in OCSF already.

use super::extra::Extra;
use super::mark::Mark;
use super::object::{Object, Parts};
use crate::json::whole;

/// Log of all such kinds; the event id is the class.
pub(super) const LOG: &str = "ocsf";

pub(super) fn tell<'a>(object: &Object<'a, '_>) -> Option<Parts<'a>> {
    if !object.has(Mark::ClassUid) || !object.any(&[Mark::MetadataVersion, Mark::ActivityId]) {
        return None;
    }
    let class = whole(object.value(Mark::ClassUid))?;
    Some((product(object), LOG, Some(class)))
}

/// The product whose rules may read the event: that of the machine, else of the cloud.
fn product(object: &Object<'_, '_>) -> &'static str {
    let systems = [Mark::DeviceType, Mark::DeviceSystem, Mark::Product, Mark::CloudProvider];
    systems.into_iter().find_map(|mark| known(object.value(mark))).unwrap_or("ocsf")
}

fn known(name: &str) -> Option<&'static str> {
    let begins = |start: &str| name.get(..start.len()).is_some_and(|n| n.eq_ignore_ascii_case(start));
    Some(match () {
        () if begins("windows") || begins("microsoft windows") || begins("sysmon") => "windows",
        () if begins("macos") || begins("mac os") => "macos",
        () if begins("linux") || begins("ubuntu") || begins("debian") || begins("red hat") => "linux",
        () if begins("aws") || begins("amazon") || begins("cloudtrail") => "aws",
        () if begins("azure") || begins("microsoft entra") => "azure",
        () if begins("gcp") || begins("google cloud") => "gcp",
        () => return None,
    })
}

/// What Sigma joins and OCSF keeps apart, or the other way round.
pub(super) fn complete(extra: &mut Extra<'_, '_>) {
    // A registry value is its key's path and its name.
    let (path, name) = (extra.get("reg_value.path"), extra.get("reg_value.name"));
    if !path.is_empty() && !name.is_empty() {
        let target = if path.ends_with(name) { path.to_owned() } else { format!("{path}\\{name}") };
        extra.add("TargetObject", &target);
    }
    match whole(extra.get("connection_info.direction_id")) {
        Some(1) => extra.add("Initiated", "false"),
        Some(2) => extra.add("Initiated", "true"),
        _ => {}
    }
    for stem in ["process.file", "file", "module.file", "driver.file"] {
        hashes(extra, stem);
    }
}

/// Hashes by the names of their algorithms, and all in one text as Sysmon writes them.
fn hashes(extra: &mut Extra<'_, '_>, stem: &str) {
    let (algorithm, value) = (format!("{stem}.hashes.algorithm"), format!("{stem}.hashes.value"));
    let mut joined = String::new();
    for (label, text) in extra.pairs(&algorithm, &value) {
        let known = [
            ("MD5", "MD5"),
            ("SHA-1", "SHA1"),
            ("SHA1", "SHA1"),
            ("SHA-256", "SHA256"),
            ("SHA256", "SHA256"),
        ];
        let Some((_, name)) = known.iter().find(|(spelt, _)| spelt.eq_ignore_ascii_case(label)) else {
            continue;
        };
        joined.push_str(if joined.is_empty() { "" } else { "," });
        joined.extend([*name, "=", text]);
        extra.add(name, text);
    }
    if !joined.is_empty() {
        extra.add("Hashes", &joined);
    }
}
