//! What people do to values so that nobody follows them by accident, done and undone.

use super::Observable;

/// A value that nobody follows by accident; what nobody could follow is as it is.
#[must_use]
pub fn defanged(observable: Observable, value: &str) -> String {
    match observable {
        Observable::Address | Observable::Network | Observable::Domain | Observable::Mail => harmless(value),
        Observable::Url => {
            let (scheme, rest) = value.split_once("://").map_or(("", value), |(scheme, rest)| (scheme, rest));
            let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
            // The brackets of an address are its own.
            let host = if host.starts_with('[') { host.to_owned() } else { host.replace('.', "[.]") };
            match scheme {
                "" => host + path,
                "http" | "https" => format!("hxxp{}://{host}{path}", &scheme[4..]),
                scheme => format!("{scheme}[:]//{host}{path}"),
            }
        }
        _ => value.to_owned(),
    }
}

fn harmless(value: &str) -> String {
    value.replace(':', "[:]").replace('.', "[.]").replace('@', "[@]")
}

/// As it was before somebody made it harmless.
pub(super) fn refanged(text: &str) -> String {
    let mut text: String = text
        .chars()
        .filter(|letter| !matches!(letter, '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{ad}'))
        .collect();
    for (harmless, meant) in HARMLESS {
        text = replaced(&text, harmless, meant);
    }
    scheme(&text)
}

/// What people write for a sign, the longest first.
const HARMLESS: [(&str, &str); 34] = [
    ("[://]", "://"),
    ("[:]//", "://"),
    ("[:/]/", "://"),
    (" dot ", "."),
    (" [dot] ", "."),
    (" (dot) ", "."),
    ("[dot]", "."),
    ("(dot)", "."),
    ("{dot}", "."),
    ("<dot>", "."),
    ("-dot-", "."),
    ("_dot_", "."),
    ("[d0t]", "."),
    ("[punto]", "."),
    ("[ . ]", "."),
    ("[.]", "."),
    ("(.)", "."),
    ("{.}", "."),
    ("<.>", "."),
    ("[.", "."),
    (".]", "."),
    ("\\.", "."),
    ("。", "."),
    ("．", "."),
    ("｡", "."),
    ("[:]", ":"),
    ("(:)", ":"),
    ("[at]", "@"),
    ("(at)", "@"),
    ("{at}", "@"),
    ("[@]", "@"),
    ("[/]", "/"),
    ("(/)", "/"),
    ("[-]", "-"),
];

/// A text in which one is replaced by another, in capitals or not.
fn replaced(text: &str, from: &str, to: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while let Some(found) = lower[at..].find(from) {
        out.push_str(&text[at..at + found]);
        out.push_str(to);
        at += found + from.len();
    }
    out.push_str(&text[at..]);
    out
}

/// A URL with the scheme that a harmless one stands for.
fn scheme(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let plain: String = scheme.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
    let meant = match plain.as_str() {
        "hxxp" | "hp" | "htxp" | "hxtp" | "http" | "htp" | "meow" => "http",
        "hxxps" | "hps" | "htxps" | "hxtps" | "https" | "htps" | "meows" => "https",
        "fxp" | "ftp" => "ftp",
        _ => scheme,
    };
    format!("{meant}://{rest}")
}
