//! Addresses and networks, and the numbers that look like them.

use super::cause::Cause;
use super::tell::{Context, Told, is_port};
use super::top;
use crate::holds;
use crate::indicator::Observable;

/// What a word is that begins with numbers and dots; none if it is something else.
pub(super) fn numbers(text: &str, context: &Context<'_>) -> Option<Result<Told, Cause>> {
    if let Some(version) =
        text.strip_prefix(['v', 'V']).filter(|rest| rest.starts_with(|sign: char| sign.is_ascii_digit()))
    {
        return (quads(version)?.0.len() > 3).then_some(Err(Cause::Version));
    }
    let (parts, tail) = quads(text)?;
    // As `4.3.2.1.in-addr.arpa`.
    let is_name = || tail.rsplit_once('.').is_some_and(|(_, top)| top::is_known(&top.to_lowercase()));
    let goes_on = tail.starts_with(|sign: char| sign.is_alphanumeric() || matches!(sign, '.' | '_' | '-'));
    match parts.len() {
        0..4 => return None,
        _ if goes_on && is_name() => return None,
        4 => {}
        _ => return Some(Err(Cause::Version)),
    }
    if context.names_version() {
        return Some(Err(Cause::Version));
    }
    let address = match address(&parts) {
        Ok(address) => address,
        Err(error) => return Some(Err(error)),
    };
    let rest = tail.get(1..).unwrap_or_default();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    Some(match tail.chars().next() {
        None => Ok(found(address)),
        Some('/') if is_number(rest) => network(address, rest),
        Some('-') if rest.starts_with(|sign: char| sign.is_ascii_digit()) => Err(Cause::Range),
        Some('-' | '_' | '+') => Err(Cause::Version),
        Some(sign) if sign.is_alphanumeric() => Err(Cause::Version),
        Some(':') => port(address, rest, text, context),
        Some('/' | '?' | '#') => super::url::bare(text, context)?,
        Some(_) => Err(Cause::Unclear),
    })
}

/// Numbers between dots, and what stands behind them.
fn quads(text: &str) -> Option<(Vec<&str>, &str)> {
    let end = text.find(|sign: char| !(sign.is_ascii_digit() || sign == '.')).unwrap_or(text.len());
    let (head, tail) = text.split_at(end);
    let parts: Vec<&str> = head.split('.').collect();
    parts.iter().all(|part| !part.is_empty()).then_some((parts, tail)).or_else(|| {
        // A dot behind the last number belongs to what follows.
        let head = head.strip_suffix('.')?;
        let parts: Vec<&str> = head.split('.').collect();
        (!tail.is_empty() && parts.iter().all(|part| !part.is_empty())).then(|| (parts, &text[head.len()..]))
    })
}

fn address(parts: &[&str]) -> Result<std::net::IpAddr, Cause> {
    if parts.iter().any(|part| part.len() > 3) {
        return Err(Cause::Version);
    }
    if parts.iter().any(|part| part.len() > 1 && part.starts_with('0')) {
        return Err(Cause::LeadingZero);
    }
    if let Some(number) = parts.iter().find(|part| part.parse::<u8>().is_err()) {
        return Err(Cause::Octet { number: (*number).to_owned() });
    }
    holds::address(&parts.join(".")).ok_or(Cause::Unclear)
}

/// Whether a text that is no address does not look like one.
pub(super) fn sound(host: &str) -> Result<(), Cause> {
    match quads(host) {
        Some((parts, "")) if parts.len() == 4 => address(&parts).map(drop),
        _ => Ok(()),
    }
}

fn found(address: std::net::IpAddr) -> Told {
    Told { observable: Observable::Address, value: address.to_string() }
}

fn network(address: std::net::IpAddr, length: &str) -> Result<Told, Cause> {
    let most = if address.is_ipv4() { 32 } else { 128 };
    match length.parse::<u8>() {
        Ok(length) if length == most => Ok(found(address)),
        Ok(length) if length > most => Err(Cause::NetworkLength),
        Ok(length) if length < 8 => Err(Cause::NetworkWide),
        Ok(length) => {
            let value = format!("{}/{length}", holds::first(address, length));
            Ok(Told { observable: Observable::Network, value })
        }
        Err(_) => Err(Cause::NetworkLength),
    }
}

fn port(address: std::net::IpAddr, rest: &str, text: &str, context: &Context<'_>) -> Result<Told, Cause> {
    let end = rest.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(rest.len());
    match rest.split_at(end) {
        ("", _) => Err(Cause::Unclear),
        (port, _) if !is_port(port) => Err(Cause::Port { number: port.to_owned() }),
        (_, "") => Ok(found(address)),
        (_, tail) if tail.starts_with(['/', '?']) => {
            super::url::bare(text, context).unwrap_or(Err(Cause::Unclear))
        }
        _ => Err(Cause::Unclear),
    }
}

/// What a word with colons is; none if it is something else.
pub(super) fn colons(text: &str, context: &Context<'_>) -> Option<Result<Told, Cause>> {
    let (inside, behind, is_bracketed) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((inside, behind)) => (inside, behind, true),
        None => {
            let end = text.find('/').unwrap_or(text.len());
            (&text[..end], &text[end..], false)
        }
    };
    let plain = inside.split_once('%').map_or(inside, |(plain, _)| plain);
    let (inside_length, plain) = match plain.split_once('/') {
        Some((plain, length)) => (Some(length), plain),
        None => (None, plain),
    };
    let colons = plain.matches(':').count();
    if colons < 2 || !plain.chars().all(|sign| sign.is_ascii_hexdigit() || matches!(sign, ':' | '.')) {
        return None;
    }
    let groups: Vec<&str> = plain.split(':').collect();
    if groups.iter().all(|group| group.len() == 2 && group.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        match groups.len() {
            6 => return Some(Err(Cause::Mac)),
            16 | 20 | 32 => return None,
            _ => {}
        }
    }
    let is_sure = is_bracketed || context.is_marked;
    let Some(address) = holds::address(plain) else {
        let looks = is_sure || (colons > 3 && plain.contains(|sign: char| sign.is_ascii_alphabetic()));
        return looks.then_some(Err(Cause::AddressMalformed));
    };
    if !(is_sure || groups.len() > 3 || plain.contains(|sign: char| sign.is_ascii_digit())) {
        return None;
    }
    if let Some(length) = inside_length {
        return Some(network(address, length));
    }
    Some(match (behind.chars().next(), behind.get(1..).unwrap_or_default()) {
        (None, _) => Ok(found(address)),
        (Some(':'), number) if is_port(number) => Ok(found(address)),
        (Some(':'), number) => Err(Cause::Port { number: number.to_owned() }),
        (Some('/'), length) if length.bytes().all(|byte| byte.is_ascii_digit()) => network(address, length),
        _ => Err(Cause::Unclear),
    })
}
