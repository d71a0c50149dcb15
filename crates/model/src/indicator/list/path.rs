//! Files with their folders, and keys of the registry.

use super::cause::Cause;
use super::tell::{Context, Told};
use crate::indicator::Observable;

/// Folders in which paths of Unix begin; what begins otherwise is a part of a sentence more often than not.
const ROOTS: [&str; 21] = [
    "/bin/",
    "/boot/",
    "/dev/",
    "/etc/",
    "/home/",
    "/lib/",
    "/lib64/",
    "/Library/",
    "/mnt/",
    "/opt/",
    "/private/",
    "/proc/",
    "/root/",
    "/run/",
    "/sbin/",
    "/srv/",
    "/sys/",
    "/tmp/",
    "/usr/",
    "/var/",
    "/Users/",
];
/// Folders in which people have one of their own, as they stand in paths in small letters.
const PEOPLE: [&str; 4] = ["\\users\\", "\\documents and settings\\", "/home/", "/users/"];
/// Those of these that are nobody's.
const NOBODY: [&str; 8] =
    ["public", "default", "default user", "all users", "administrator", "*", "shared", "%username%"];
/// Beginnings of keys of the registry, in small letters.
const KEYS: [&str; 9] = [
    "hklm",
    "hkcu",
    "hkcr",
    "hku",
    "hkcc",
    "hkey_local_machine",
    "hkey_current_user",
    "hkey_users",
    "hkey_classes_root",
];

/// What a word with slashes is; none if it is no path.
pub(super) fn told(text: &str, context: &Context<'_>) -> Option<Result<Told, Cause>> {
    let text = text.trim();
    let is_share = text.starts_with("\\\\") && text.trim_start_matches('\\').contains('\\');
    let single = single(text);
    let text = if is_share { format!("\\{single}") } else { single };
    let lower = text.to_lowercase();
    let first = lower.split('\\').next().unwrap_or_default();
    if lower.contains('\\') && KEYS.contains(&first.trim_end_matches(':')) {
        return Some(Err(Cause::Registry));
    }
    let bytes = text.as_bytes();
    let has_drive = matches!(bytes, [drive, b':', b'\\', _, ..] if drive.is_ascii_alphabetic());
    let is_variable = text.starts_with('%') && text.contains("%\\");
    let is_unix = ROOTS.iter().any(|root| text.starts_with(root) && text.len() > root.len())
        || (context.names_file() && text.starts_with('/') && text.len() > 2);
    if !(has_drive || is_share || is_variable || is_unix) {
        return None;
    }
    if !is_unix && text.contains(['*', '?', '<', '>', '|', '"', '`', '，', '\t']) {
        return Some(Err(Cause::Unclear));
    }
    if is_variable || lower.contains("\\%") {
        return Some(Err(Cause::PathVariable));
    }
    if is_of_person(&lower) {
        return Some(Err(Cause::PathOfPerson));
    }
    let value = if is_unix { text } else { lower };
    Some(Ok(Told { observable: Observable::Path, value }))
}

/// A text with one backslash where several stand side by side, as in JSON.
fn single(text: &str) -> String {
    let mut single = String::with_capacity(text.len());
    for sign in text.chars() {
        if sign != '\\' || !single.ends_with('\\') {
            single.push(sign);
        }
    }
    single
}

/// Whether a path leads through somebody's own folder.
fn is_of_person(lower: &str) -> bool {
    PEOPLE.iter().any(|people| {
        let Some((_, behind)) = lower.split_once(people) else { return false };
        let name = behind.split(['\\', '/']).next().unwrap_or_default();
        !name.is_empty() && !NOBODY.contains(&name)
    })
}
