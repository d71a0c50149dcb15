//! Names: of the DNS, of files, and what may be either.

use super::cause::Cause;
use super::punycode;
use super::tell::{Context, Told};
use super::top::{self, Ending};
use crate::indicator::Observable;

/// Most bytes of a name of the DNS, and of a label.
const NAME: usize = 253;
const LABEL: usize = 63;

/// A name of the DNS in the spelling that the DNS has.
pub(super) fn host(text: &str) -> Result<String, Cause> {
    let text = text.trim_end_matches('.').to_lowercase();
    let labels: Option<Vec<String>> = text.split('.').map(label).collect();
    let name = labels.ok_or(Cause::NameMalformed)?.join(".");
    let Some((_, top)) = name.rsplit_once('.') else { return Err(Cause::HostShort) };
    let written = text.rsplit('.').next().unwrap_or_default();
    if name.len() > NAME || top.contains('_') {
        Err(Cause::NameMalformed)
    } else if top.bytes().all(|byte| byte.is_ascii_digit()) || !top::is_known(written) {
        Err(Cause::TopUnknown { top: written.to_owned() })
    } else {
        Ok(name)
    }
}

fn label(label: &str) -> Option<String> {
    let is_sound = !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|sign| sign.is_alphanumeric() || matches!(sign, '-' | '_'));
    let label = match label.is_ascii() {
        true => label.to_owned(),
        false if is_sound => format!("xn--{}", punycode::encoded(label)?),
        false => return None,
    };
    (is_sound && label.len() <= LABEL).then_some(label)
}

/// What a word with dots in it is.
pub(super) fn told(text: &str, context: &Context<'_>) -> Option<Result<Told, Cause>> {
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
            (name, Some(port))
        }
        _ => (text, None),
    };
    let is_name = |sign: char| sign.is_alphanumeric() || matches!(sign, '-' | '_' | '.');
    let (before, last) = name.rsplit_once('.')?;
    if !name.chars().all(is_name) || before.is_empty() || !before.chars().any(char::is_alphanumeric) {
        return file(name, context);
    }
    if port.is_some_and(|port| !super::tell::is_port(port)) && top::is_known(&last.to_lowercase()) {
        return Some(Err(Cause::Port { number: port.unwrap_or_default().to_owned() }));
    }
    let domain = || Some(host(name).map(|name| Told { observable: Observable::Domain, value: name }));
    let is_sure = context.is_marked || context.names_domain() || name.starts_with("www.");
    if !name.is_ascii() && name.chars().any(super::words::is_joined) && !(is_sure || context.is_alone) {
        return Some(Err(Cause::NameInText));
    }
    match top::ending(&last.to_lowercase()) {
        Ending::Top if is_sentence((before, last), context) => None,
        Ending::Top => domain(),
        Ending::Both if context.names_file() => file(name, context),
        Ending::Both if is_sure || port.is_some() => domain(),
        // Names of two letters for countries, which products and people have behind a dot as well.
        Ending::Both if before.contains('.') && !before.ends_with(char::is_uppercase) && last.len() == 2 => {
            domain()
        }
        Ending::Both if before.chars().count() < 2 || is_sentence((before, last), context) => None,
        Ending::Both => Some(Err(Cause::Unsure)),
        Ending::File | Ending::Text => file(name, context),
        Ending::Other => unknown((before, last), context, is_sure),
    }
}

/// Whether it is the end of one sentence and the beginning of the next, without a blank between them.
fn is_sentence((before, last): (&str, &str), context: &Context<'_>) -> bool {
    let begins = last.starts_with(char::is_uppercase) && last.chars().any(char::is_lowercase);
    let is_one = !before.contains('.') && !before.contains(|sign: char| sign.is_ascii_digit() || sign == '-');
    let is_letters = before.chars().count() < 2;
    let is_free = !(context.is_marked || context.is_alone || context.names_domain());
    is_free && ((begins && is_one) || (is_letters && last.len() < 3))
}

/// A file, where it is worth looking for or stands for itself.
fn file(name: &str, context: &Context<'_>) -> Option<Result<Told, Cause>> {
    let (before, last) = name.rsplit_once('.')?;
    let ending = top::ending(&last.to_lowercase());
    let is_for_itself = context.is_alone || context.names_file();
    let is_name = |sign: char| {
        sign.is_alphanumeric()
            || matches!(sign, '-' | '_' | '.' | '~' | '+' | '@' | '$' | '&' | '!' | '#' | '%' | ' ')
    };
    if !before.chars().any(char::is_alphanumeric) || !name.chars().all(is_name) {
        return None;
    }
    let found = || Some(Ok(Told { observable: Observable::File, value: name.to_lowercase() }));
    match ending {
        _ if context.names_file() => found(),
        Ending::File => found(),
        Ending::Text if is_for_itself => found(),
        Ending::Text => Some(Err(Cause::Unsure)),
        _ => None,
    }
}

/// A word with a dot behind which stands nothing that is known.
fn unknown(
    (before, last): (&str, &str),
    context: &Context<'_>,
    is_sure: bool,
) -> Option<Result<Told, Cause>> {
    let is_word =
        last.len() > 1 && last.chars().all(char::is_alphabetic) && before.chars().any(char::is_alphabetic);
    let is_small = !last.contains(char::is_uppercase);
    let is_told = is_sure || (is_word && is_small && (context.is_alone || before.contains('.')));
    is_told.then(|| Err(Cause::TopUnknown { top: last.to_lowercase() }))
}
