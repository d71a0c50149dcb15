//! What is wrong is told: all of it, with its place, in two sentences of either language.

use noroshi::settings::{Cause, Fault};
use page::{Language, Words};

use super::{WHOLE, parse};

/// The files of `faults.txt`, each with what is wrong in it.
fn wrong() -> impl Iterator<Item = (&'static str, &'static str)> {
    let cases = include_str!("faults.txt").split("\n== ").skip(1);
    cases.map(|case| case.split_once('\n').unwrap_or((case, "")))
}

#[test]
fn each_fault_is_told_with_its_place() {
    let shown = |text: &str| if text.is_empty() { "-".to_owned() } else { text.to_owned() };
    for (expected, text) in wrong() {
        let faults = parse(text).expect_err(text);
        let told = faults.iter().map(|Fault { line, column, key, found, cause }| {
            format!("{line}:{column} {} {} {}", shown(key), cause.code(), shown(found))
        });
        assert_eq!(told.collect::<Vec<_>>(), [expected], "{text}");
    }
    assert!(wrong().count() > 50);
}

/// A kind of value has its words, and each fault is two sentences in either language.
#[test]
fn each_fault_is_two_sentences_in_both_languages() {
    let disk = [
        Cause::NotText,
        Cause::Absent,
        Cause::Wildcard,
        Cause::Lacking,
        Cause::Unreadable("Permission denied (os error 13)".to_owned()),
        Cause::NotFile,
        Cause::NotFolder,
        Cause::Unwritable,
        Cause::Open(0o644),
        Cause::NoSecret,
        Cause::NoCertificate,
    ];
    let parsed = wrong().flat_map(|(_, text)| parse(text).expect_err(text));
    let one = parse("language = 5").expect_err("a fault").remove(0);
    let looked = disk.into_iter().map(|cause| match cause {
        Cause::NotText => Fault { cause, key: String::new(), ..one.clone() },
        cause => Fault { cause, ..one.clone() },
    });
    for fault in parsed.chain(looked) {
        for (language, end) in [(Language::Ja, "。"), (Language::En, ".")] {
            let text = fault.text(Words::new(language));
            let ended = text.strip_suffix(end).unwrap_or_else(|| panic!("no sentence: {text}"));
            let is_whole =
                !text.contains(['{', '}', '⟨']) && !text.contains("settings-") && !text.contains("  ");
            assert!(is_whole && (ended.contains(end) || ended.contains("）。")), "{text}");
            assert!(text.contains(&fault.key), "{text}");
        }
    }
}

#[test]
fn what_was_meant_is_said() {
    for (text, expected) in [
        ("[log]\nlvel = 1", Some("log.level")),
        ("[logs]", Some("log")),
        ("keep = 3", Some("backup.keep")),
        ("[smtp]\nhost = \"h\"", Some("mail.smtp")),
        ("[[folow]]\nname = \"a\"", Some("follow")),
        ("[backup]\nfolder = \"/b\"\nkep = 3", Some("backup.keep")),
        ("wholly_other = 3", None),
    ] {
        let faults = parse(text).expect_err(text);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(faults[0].cause, Cause::Unknown(expected), "{text}");
    }
}

#[test]
fn all_that_is_wrong_is_told_at_once_in_the_order_of_the_file() {
    let text = WHOLE
        .replace("\"en\"", "\"fr\"")
        .replace("level =", "lvel =")
        .replace("\"20GB\"", "20")
        .replace("\"proxy\"", "\"dc01\"")
        .replace("[\"/var/log/proxy.log\"]", "[\"/var/log/forwarded/dc01/proxy\", \"x\"]")
        .replace("keep = 0x1E", "keep = 30\npassword = \"lantern\"");
    let faults = parse(&text).expect_err("faults");
    let told: Vec<_> = faults.iter().map(|fault| (fault.line, fault.key.as_str())).collect();
    let expected = [
        (1, "language"),
        (4, "log.lvel"),
        (7, "disk.files"),
        (18, "follow[2].paths[2]"),
        (33, "backup.password"),
    ];
    assert_eq!(told, expected);
    let whole = text.replace(", \"x\"]", "]").replace("password = \"lantern\"", "");
    let told: Vec<_> = parse(&whole).expect_err("faults").iter().map(|fault| fault.cause.code()).collect();
    assert_eq!(told, ["value", "unknown", "value", "name", "followed"]);
}

/// Wherever somebody writes a password by mistake, no fault repeats it.
#[test]
fn no_fault_shows_what_may_be_a_password() {
    for text in [
        "password = \"lantern\"",
        "[mail.smtp]\nsmtp_password = \"lantern\"",
        "[smtp]\npasswd = \"lantern\"\n[smtp.deep]\nauth_token = \"lantern\"",
        "[mail]\npassword = lantern",
        "[mail]\nfrom = \"a@b\"\ndesk = [\"c@d\"]\n[mail.smtp]\nhost = \"noroshi:lantern@mail.example.jp\"",
        "[mail]\nfrom = \"a@b\"\ndesk = [\"c@d\"]\n[mail.smtp]\nhost = \"h\"\npassword_file = \"lantern\"",
        "[mail]\nfrom = \"a@b\"\ndesk = [\"c@d\"]\n[mail.smtp]\nhost = \"h\"\npassword_file = [\"lantern\"]",
        "password = \"lantern",
        "\"password\" = 'lantern'",
    ] {
        let faults = parse(text).expect_err(text);
        for language in Language::ALL {
            let words = Words::new(language);
            let told: String = faults.iter().map(|fault| fault.to_json(words).to_string()).collect();
            assert!(!told.contains("lantern"), "{text}: {told}");
        }
        assert!(!format!("{faults:?}").contains("lantern"), "{text}");
    }
}
