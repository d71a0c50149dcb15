//! What people do to values so that nobody follows them by accident, undone.

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
