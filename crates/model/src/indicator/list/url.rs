//! URLs, with a scheme or without.

use super::cause::Cause;
use super::tell::{Context, Told, is_port};
use super::{name, network};
use crate::holds;
use crate::indicator::Observable;

/// Schemes behind which a host stands, with the port that goes without saying.
const SCHEMES: [(&str, &str); 21] = [
    ("http", "80"),
    ("https", "443"),
    ("ftp", "21"),
    ("ftps", "990"),
    ("sftp", "22"),
    ("ssh", "22"),
    ("ws", "80"),
    ("wss", "443"),
    ("tcp", ""),
    ("udp", ""),
    ("tls", ""),
    ("ssl", ""),
    ("smb", "445"),
    ("ldap", "389"),
    ("ldaps", "636"),
    ("rmi", "1099"),
    ("dns", "53"),
    ("irc", "6667"),
    ("socks5", "1080"),
    ("stratum+tcp", ""),
    ("rdp", "3389"),
];

/// What a text with `://` in it is.
pub(super) fn told(text: &str) -> Result<Told, Cause> {
    let (scheme, rest) = text.split_once("://").ok_or(Cause::Unclear)?;
    let scheme = self::scheme(scheme);
    let Some((scheme, usual)) = SCHEMES.iter().find(|(known, _)| *known == scheme).copied() else {
        return Err(Cause::Scheme { scheme });
    };
    let (authority, path) = split(rest);
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let place = place(authority, usual)?;
    let path = path.split('#').next().unwrap_or_default();
    let is_of_pages = matches!(scheme, "http" | "https" | "ftp");
    let path = if path.is_empty() && is_of_pages { "/" } else { path };
    whole(format!("{scheme}://{place}{path}"), path)
}

/// What a text is that begins with a host, behind which a path stands.
pub(super) fn bare(text: &str, context: &Context<'_>) -> Option<Result<Told, Cause>> {
    let (authority, path) = split(text);
    if path.is_empty() || authority.contains('@') {
        return None;
    }
    let is_address = holds::address(authority.split(':').next().unwrap_or_default()).is_some();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let host = match name::host(host) {
        _ if is_address => Ok(()),
        Ok(_) => name::told(host, &context.sure()).map(|told| told.map(drop)).unwrap_or(Err(Cause::Unclear)),
        Err(error) => Err(error),
    };
    let path = path.split('#').next().unwrap_or_default();
    match host {
        Ok(()) => Some(place(authority, "").and_then(|place| match path {
            "/" | "" => name_alone(&place),
            path => whole(format!("{place}{path}"), path),
        })),
        Err(error) => context.is_marked.then_some(Err(error)),
    }
}

fn name_alone(place: &str) -> Result<Told, Cause> {
    let host = place.split(':').next().unwrap_or_default();
    Ok(match holds::address(host) {
        Some(address) => Told { observable: Observable::Address, value: address.to_string() },
        None => Told { observable: Observable::Domain, value: host.to_owned() },
    })
}

fn split(rest: &str) -> (&str, &str) {
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    rest.split_at(end)
}

/// The scheme that a harmless one stands for.
pub(super) fn scheme(scheme: &str) -> String {
    let plain: String = scheme.chars().filter(|sign| !matches!(sign, '*' | '_' | '[' | ']')).collect();
    let plain = plain.to_lowercase();
    match plain.as_str() {
        "hxxp" | "hp" | "htxp" | "hxtp" | "htp" | "meow" | "hxxx" => "http".to_owned(),
        "hxxps" | "hps" | "htxps" | "hxtps" | "htps" | "meows" | "hxxxs" => "https".to_owned(),
        "fxp" | "fp" => "ftp".to_owned(),
        "fxps" => "ftps".to_owned(),
        _ => plain,
    }
}

/// Host and port, without the port that goes without saying.
fn place(authority: &str, usual: &str) -> Result<String, Cause> {
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((inside, behind)) => (inside, behind.strip_prefix(':')),
        None => match authority.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let port = port.filter(|port| !port.is_empty());
    if let Some(port) = port.filter(|port| !is_port(port)) {
        return Err(Cause::Port { number: port.to_owned() });
    }
    let host = match holds::address(host) {
        Some(address) if address.is_ipv6() => format!("[{address}]"),
        Some(address) => address.to_string(),
        None => {
            network::sound(host)?;
            name::host(host)?
        }
    };
    Ok(match port.map(|port| port.trim_start_matches('0')).filter(|port| *port != usual) {
        Some(port) => format!("{host}:{port}"),
        None => host,
    })
}

fn whole(value: String, path: &str) -> Result<Told, Cause> {
    if has_mail(path) { Err(Cause::UrlWithMail) } else { Ok(Told { observable: Observable::Url, value }) }
}

/// Whether somebody's address stands in a path or behind it.
fn has_mail(path: &str) -> bool {
    let path = path.replace("%40", "@");
    path.match_indices('@').any(|(at, _)| {
        let is_of_name = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-');
        let behind = path[at + 1..].split(|sign: char| !is_of_name(sign)).next().unwrap_or_default();
        let before = path[..at].ends_with(|sign: char| sign.is_ascii_alphanumeric());
        before && name::host(behind).is_ok()
    })
}
