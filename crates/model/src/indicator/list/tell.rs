//! What a word of a line is: an indicator, none though it looks like one, or a word like others.

use super::cause::Cause;
use super::letters::How;
use super::words::Word;
use super::{name, network, path, url};
use crate::indicator::Observable;

/// Most bytes of a value.
const LONGEST: usize = 4 << 10;

/// An indicator in one spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) observable: Observable,
    pub(super) value: String,
}

/// What stands around a word, and how it was written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    /// The word before it, or what tells what it is, in small letters.
    label: &'a str,
    /// Whether somebody made it harmless.
    pub(super) is_marked: bool,
    /// Whether it stands for itself: in its line, its cell or its quotes.
    pub(super) is_alone: bool,
}

/// What was told of a word: where in it that stands, and what it is.
pub(super) struct Telling {
    /// Signs before it, and its signs.
    pub(super) part: (usize, usize),
    pub(super) what: Result<Told, Cause>,
}

const DOMAINS: [&str; 12] = [
    "domain",
    "host",
    "hostname",
    "fqdn",
    "c2",
    "cc",
    "c&c",
    "server",
    "dns",
    "ドメイン",
    "ホスト",
    "通信先",
];
const FILES: [&str; 8] = ["file", "filename", "name", "path", "attachment", "ファイル", "ファイル名", "添付"];
const VERSIONS: [&str; 9] =
    ["version", "ver", "v", "versions", "build", "release", "revision", "バージョン", "版"];
/// Hashes by their names; the last ones are not looked for.
const HASHES: [(&str, usize); 12] = [
    ("md5", 32),
    ("sha1", 40),
    ("sha-1", 40),
    ("sha256", 64),
    ("sha-256", 64),
    ("sha512", 128),
    ("sha-512", 128),
    ("imphash", 32),
    ("ja3", 32),
    ("ja3s", 32),
    ("hash", 0),
    ("ハッシュ", 0),
];
const OTHER_HASHES: [&str; 12] = [
    "ssdeep",
    "tlsh",
    "vhash",
    "authentihash",
    "sha224",
    "sha384",
    "sha3-256",
    "crc32",
    "ja4",
    "hassh",
    "pehash",
    "telfhash",
];

impl Context<'_> {
    fn is_one_of(&self, known: &[&str]) -> bool {
        known.contains(&self.label)
    }

    pub(super) fn names_domain(&self) -> bool {
        self.is_one_of(&DOMAINS)
    }

    pub(super) fn names_file(&self) -> bool {
        self.is_one_of(&FILES)
    }

    pub(super) fn names_version(&self) -> bool {
        self.is_one_of(&VERSIONS) || self.label.ends_with("バージョン")
    }

    fn hash(&self) -> Option<usize> {
        HASHES.iter().find(|(known, _)| *known == self.label).map(|(_, length)| *length)
    }

    /// The same, where something besides says that it is a name of the DNS.
    pub(super) fn sure(&self) -> Self {
        Self { is_marked: true, ..*self }
    }
}

/// Whether there is such a port.
pub(super) fn is_port(text: &str) -> bool {
    text.len() <= 5
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.parse::<u16>().is_ok_and(|port| port > 0)
}

/// What a word is, behind another one; none for a word like others.
pub(super) fn told(word: &Word, before: &str) -> Option<Telling> {
    let (mut skipped, mut text) = trimmed(&word.text);
    let mut label = before.trim_end_matches([':', '.']);
    if let Some((own, rest)) = labelled(text) {
        let (more, rest) = trimmed(rest);
        (skipped, label, text) = (skipped + own.chars().count() + 1 + more, own, rest);
    }
    let label = label.to_lowercase();
    let is_marked = word.how == How::Harmless || word.spoken > 1;
    let context = Context { label: &label, is_marked, is_alone: word.is_alone || word.is_quoted };
    let what = if text.len() > LONGEST {
        Some(Err(Cause::Long))
    } else if word.how == How::Spoken && !is_marked && !context.is_alone {
        // `connect the dot and` is no name; `the dot com bubble` looks like one.
        kind(text, &context).and_then(Result::ok).map(|_| Err(Cause::SpokenDot))
    } else {
        let what = kind(text, &context).map(|what| cut(what, word.is_cut));
        let is_nothing =
            what.is_none() && word.how == How::Harmless && text.chars().any(char::is_alphanumeric);
        what.or(is_nothing.then_some(Err(Cause::Unclear)))
    };
    what.map(|what| Telling { part: (skipped, text.chars().count()), what })
}

/// What ends where something was left out is none, unless that cannot be.
fn cut(what: Result<Told, Cause>, is_cut: bool) -> Result<Told, Cause> {
    match what {
        Ok(told) if is_cut && !matches!(told.observable, Observable::Address | Observable::Network) => {
            Err(Cause::Cut)
        }
        Err(Cause::HashLength { .. }) if is_cut => Err(Cause::Cut),
        what => what,
    }
}

/// What a text is of which the kind is known.
pub(super) fn known(observable: Observable, text: &str) -> Result<String, Cause> {
    let label = match observable {
        Observable::Md5 => "md5",
        Observable::Sha1 => "sha1",
        Observable::Sha256 => "sha256",
        Observable::Sha512 => "sha512",
        Observable::Imphash => "imphash",
        Observable::Ja3 => "ja3",
        Observable::Domain => "domain",
        Observable::File => "file",
        _ => "",
    };
    let context = Context { label, is_marked: true, is_alone: true };
    let told = match observable {
        Observable::Address | Observable::Network => {
            network::colons(text, &context).or_else(|| network::numbers(text, &context))
        }
        Observable::Url if text.contains("://") => Some(url::told(text)),
        Observable::Url => url::bare(text, &context),
        Observable::Mail => mail(text, &context),
        Observable::Domain => Some(name::host(text).map(|value| Told { observable, value })),
        Observable::File => name::told(text, &context),
        Observable::Path => path::told(text, &context),
        _ => hash(text, &context),
    };
    match told.unwrap_or(Err(Cause::Unclear))? {
        told if told.observable == observable => Ok(told.value),
        _ => Err(Cause::Unclear),
    }
}

fn kind(text: &str, context: &Context<'_>) -> Option<Result<Told, Cause>> {
    if text.is_empty() {
        return None;
    }
    if let Some(named) = named(text, context) {
        return Some(Err(named));
    }
    if text.contains("://") {
        return Some(url::told(text));
    }
    if text.starts_with(['\\', '/', '%']) || text.contains('\\') {
        return path::told(text, context).or_else(|| account(text, context));
    }
    if let Some(told) = hash(text, context) {
        return Some(told);
    }
    if let Some(told) = network::colons(text, context).or_else(|| network::numbers(text, context)) {
        return Some(told);
    }
    if text.contains('@') {
        return mail(text, context);
    }
    if let Some((product, version)) = text.split_once('/')
        && !product.contains('.')
    {
        let told = network::numbers(version, context)?;
        return told
            .map_or_else(|error| matches!(error, Cause::Version).then_some(error), |_| Some(Cause::Version))
            .map(Err);
    }
    if text.contains(['/', '?']) {
        return url::bare(text, context);
    }
    name::told(text, context)
}

/// What is known by how it begins, and is nothing that machines observe.
fn named(text: &str, context: &Context<'_>) -> Option<Cause> {
    let lower = text.to_ascii_lowercase();
    let is_number = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    let weakness = lower.strip_prefix("cve-").or_else(|| lower.strip_prefix("ghsa-"));
    if weakness.is_some_and(|rest| rest.starts_with(|sign: char| sign.is_ascii_alphanumeric())) {
        return Some(Cause::Weakness);
    }
    if text.strip_prefix("AS").is_some_and(|rest| rest.len() > 2 && is_number(rest))
        || (context.label == "asn" && is_number(text))
    {
        return Some(Cause::Asn);
    }
    if OTHER_HASHES.contains(&context.label) && text.len() > 3 {
        return Some(Cause::HashKind { kind: context.label.to_owned() });
    }
    let groups: Vec<&str> = text.split('-').collect();
    let is_hex = |group: &&str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    if groups.iter().all(is_hex) {
        let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
        match lengths[..] {
            [8, 4, 4, 4, 12] => return Some(Cause::Identifier),
            [2, 2, 2, 2, 2, 2] => return Some(Cause::Mac),
            _ => {}
        }
    }
    None
}

fn hash(text: &str, context: &Context<'_>) -> Option<Result<Told, Cause>> {
    let digits = match text.contains(':') {
        true if text.split(':').all(|pair| pair.len() == 2) && text.len() > 46 => text.replace(':', ""),
        true => return None,
        false => text.to_owned(),
    };
    if digits.len() < 16 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let is_told =
            context.hash().is_some_and(|length| length > 0) && digits.len() > 7 && !text.contains('.');
        let digits = digits.len() as u64;
        return (is_told && text.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            .then_some(Err(Cause::HashLength { digits }));
    }
    let is_mixed = digits.bytes().any(|byte| byte.is_ascii_digit())
        && digits.bytes().any(|byte| byte.is_ascii_alphabetic());
    let told = context.hash();
    if told.is_none() && !is_mixed {
        return None;
    }
    let observable = match (context.label, digits.len()) {
        ("imphash", 32) => Observable::Imphash,
        ("ja3" | "ja3s", 32) => Observable::Ja3,
        (_, length) if told.is_some_and(|told| told > 0 && told != length) => {
            return Some(Err(Cause::HashLength { digits: length as u64 }));
        }
        (_, 32) => Observable::Md5,
        (_, 40) => Observable::Sha1,
        (_, 64) => Observable::Sha256,
        (_, 128) => Observable::Sha512,
        (_, length) if told.is_some() || length >= 24 => {
            return Some(Err(Cause::HashLength { digits: length as u64 }));
        }
        _ => return None,
    };
    Some(Ok(Told { observable, value: digits.to_ascii_lowercase() }))
}

fn mail(text: &str, context: &Context<'_>) -> Option<Result<Told, Cause>> {
    let (local, domain) = text.rsplit_once('@')?;
    if local.is_empty() || (!domain.contains('.') && !context.is_marked) {
        return None;
    }
    if crate::holds::address(domain).is_some() {
        return Some(Err(Cause::Account));
    }
    let is_sound = !local.starts_with('.')
        && local.ends_with(|sign: char| sign.is_alphanumeric() || matches!(sign, '-' | '_' | '+'))
        && !local.contains("..")
        && local.len() <= 64
        && local.chars().all(|sign| sign.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(sign));
    if !is_sound {
        return Some(Err(Cause::MailMalformed));
    }
    let domain = match name::host(domain) {
        Ok(domain) => domain,
        // A package and its version, as `left-pad@1.2.3`.
        Err(_) if domain.starts_with(|sign: char| sign.is_ascii_digit()) && !context.is_marked => {
            return None;
        }
        Err(error) => return Some(Err(error)),
    };
    let value = format!("{}@{domain}", local.to_lowercase());
    Some(Ok(Told { observable: Observable::Mail, value }))
}

/// A name of an account, where something says that it is one.
fn account(text: &str, context: &Context<'_>) -> Option<Result<Told, Cause>> {
    let is_told =
        context.is_one_of(&["user", "username", "account", "アカウント", "ユーザー", "ユーザ", "利用者"]);
    (is_told && text.contains('\\')).then_some(Err(Cause::Account))
}

/// A text without the signs around it that mean something else, and how many went before it.
fn trimmed(text: &str) -> (usize, &str) {
    let is_url = text.contains("://");
    let is_front = |sign: char| {
        matches!(sign, '.' | ',' | ':' | ';' | '!' | '?' | '-' | '~' | '*' | '#' | '&' | '^' | '$' | '+')
    };
    let front = if text.starts_with("::") { text } else { text.trim_start_matches(is_front) };
    // Names of the DNS may begin with it; what stands between two of them is emphasised.
    let front = if text.ends_with('_') { front.trim_start_matches('_') } else { front };
    // What is harmless begins with any of them.
    let front = if is_url && front.starts_with("//") { text } else { front };
    let is_back = |sign: char| match sign {
        '.' | ',' | ';' | '!' | '?' | '\'' | ':' => true,
        '-' | '_' | '~' | '*' | '&' | '^' | '$' | '+' | '#' | '@' => !is_url,
        _ => false,
    };
    let mut back = front;
    loop {
        let before = back.len();
        if !back.ends_with("::") {
            back = back.trim_end_matches(is_back);
        }
        for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
            if back.ends_with(close) && back.matches(close).count() > back.matches(open).count() {
                back = &back[..back.len() - 1];
            }
        }
        if back.len() == before {
            break;
        }
    }
    (text.chars().count() - front.chars().count(), back)
}

/// What tells what follows, before a colon of the same word, and what follows.
fn labelled(text: &str) -> Option<(&str, &str)> {
    let (label, rest) = text.split_once(':')?;
    let is_label = label.len() > 1
        && label.starts_with(|sign: char| sign.is_alphabetic())
        && label.chars().all(|sign| sign.is_alphanumeric() || matches!(sign, '-' | '_' | '/'))
        && !rest.starts_with("//")
        && !rest.starts_with('\\')
        && rest.chars().any(|sign| !sign.is_ascii_digit());
    // An address of IPv6 begins so, too.
    let plain = text.split('%').next().unwrap_or_default();
    let is_address = label.len() <= 4
        && plain.matches(':').count() > 1
        && plain.chars().all(|sign| sign.is_ascii_hexdigit() || matches!(sign, ':' | '.' | '%' | '/'));
    (is_label && !is_address).then_some((label, rest))
}
