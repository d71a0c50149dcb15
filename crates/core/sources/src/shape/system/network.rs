//! Zeek and Suricata.

use super::extra::Extra;
use super::mark::Mark;
use super::object::{Object, Parts};

pub(super) fn tell<'a>(object: &Object<'a, '_>) -> Option<Parts<'a>> {
    let event_type = object.value(Mark::EventType);
    if !event_type.is_empty() && object.has(Mark::Flow) {
        return Some(("suricata", event_type, None));
    }
    if !object.has(Mark::Ts) {
        return None;
    }
    let path = object.value(Mark::Path);
    if !path.is_empty() {
        return Some(("zeek", path, None));
    }
    let certain = object.any(&[Mark::X509, Mark::Pe, Mark::Files]);
    if !certain && !object.any(&[Mark::Uid, Mark::Originator]) {
        return None;
    }
    let log = ZEEK.iter().find(|(mark, _)| object.has(*mark)).map(|(_, log)| *log);
    // Of the fields of smb_files the times are optional; its actions begin alike.
    let log = log.or_else(|| object.value(Mark::Action).starts_with("SMB::").then_some("smb_files"));
    log.or_else(|| object.all(&[Mark::Uid, Mark::Originator]).then_some("other"))
        .map(|log| ("zeek", log, None))
}

/// Zeek's logs by a field that only they have, those first that could pass for another.
const ZEEK: [(Mark, &str); 22] = [
    (Mark::Conn, "conn"),
    (Mark::Notice, "notice"),
    (Mark::Smtp, "smtp"),
    (Mark::Dns, "dns"),
    (Mark::Http, "http"),
    (Mark::Ntlm, "ntlm"),
    (Mark::Kerberos, "kerberos"),
    (Mark::Dhcp, "dhcp"),
    (Mark::Rdp, "rdp"),
    (Mark::Ssl, "ssl"),
    (Mark::Files, "files"),
    (Mark::X509, "x509"),
    (Mark::Pe, "pe"),
    (Mark::Ssh, "ssh"),
    (Mark::SmbMapping, "smb_mapping"),
    (Mark::SmbFiles, "smb_files"),
    (Mark::DceRpc, "dce_rpc"),
    (Mark::Ftp, "ftp"),
    (Mark::Tunnel, "tunnel"),
    (Mark::Software, "software"),
    (Mark::LogType, "syslog"),
    (Mark::Weird, "weird"),
];

pub(super) fn complete_zeek(extra: &mut Extra<'_, '_>) {
    address(extra, extra.get("host"), extra.get("uri"));
}

pub(super) fn complete_suricata(extra: &mut Extra<'_, '_>) {
    address(extra, extra.get("http.hostname"), extra.get("http.url"));
}

/// The parts of a requested address, by the names of proxy and web server logs.
fn address(extra: &mut Extra<'_, '_>, host: &str, requested: &str) {
    if requested.is_empty() {
        return;
    }
    if !host.is_empty() && requested.starts_with('/') {
        extra.add("c-uri", &format!("http://{host}{requested}"));
    }
    let (stem, query) = requested.split_once('?').unwrap_or((requested, ""));
    extra.add("cs-uri-stem", stem);
    if !query.is_empty() {
        extra.add("cs-uri-query", query);
    }
    let file = stem.rsplit('/').next().unwrap_or(stem);
    if let Some((_, extension)) = file.rsplit_once('.').filter(|(_, e)| !e.is_empty()) {
        extra.add("c-uri-extension", extension);
    }
}
