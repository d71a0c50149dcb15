//! Mails in words.

use std::collections::BTreeMap;
use std::path::Path;

use courier::{Draft, Letter, Settings};
use journal::Actor;
use journal::effect::{Effect, Mail, Ordered, Recipient, Value};
use model::marking::{Marking, Tlp};
use page::Language;

use crate::desk::{Home, NOW, mail, to};
use crate::server::Server;

fn letter(template: &str, values: &[(&str, Value)], settings: &Settings) -> Letter {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let mail = Mail { to: Recipient::Desk, template: template.to_owned(), values };
    let ordered = Ordered {
        effect: Effect::Mail(mail.clone()),
        from: "watch/ruleset/sigma".to_owned(),
        sequence: 12,
        compartment: "own".to_owned(),
        owner: "own".to_owned(),
        marking: Marking { tlp: Tlp::AmberStrict, ..Marking::default() },
    };
    let names = [("local:1000".to_owned(), "川口 花子".to_owned())].into();
    let draft =
        Draft { key: "07dde7b82238fb225ea999dafb05cca8", ordered: &ordered, mail: &mail, names: &names };
    Letter::write(&draft, settings)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn expiring(title: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("set", text("sigma")),
        ("rule", text("5afee48e-67dd-4e03-a783-f74259dcf998")),
        ("title", text(title)),
        ("reason", text("夜間のバックアップ")),
        ("since", Value::Time(NOW)),
        ("until", Value::Time(NOW)),
        ("who", Value::Actor(Actor::local(1_000))),
    ]
}

#[test]
fn a_mail_says_it_in_both_languages_the_first_one_first() {
    for (language, first, second) in [
        (
            Language::Ja,
            "が、2027-01-15 17:00 (JST) にふたたび動き始めます",
            "runs again at 2027-01-15 17:00 (JST)",
        ),
        (
            Language::En,
            "runs again at 2027-01-15 17:00 (JST)",
            "が、2027-01-15 17:00 (JST) にふたたび動き始めます",
        ),
    ] {
        let settings = Settings { language, ..Settings::default() };
        let Letter { subject, text } =
            letter("watch.exclusion-expires", &expiring("Dump of lsass"), &settings);
        let places = [first, second].map(|part| text.find(part).unwrap_or_else(|| panic!("{part}: {text}")));
        assert!(places[0] < places[1], "{text}");
        assert!(subject.starts_with("[TLP:AMBER+STRICT] [Noroshi] sigma"), "{subject}");
        assert!(text.starts_with("TLP:AMBER+STRICT\n") && text.ends_with("TLP:AMBER+STRICT\n"), "{text}");
        for part in
            ["川口 花子", "Dump of lsass", "act:watch/ruleset/sigma/12", "noroshi outbox show 07dde7b8"]
        {
            assert_eq!(text.matches(part).count(), 2, "{part}: {text}");
        }
        assert!(!text.contains(['{', '}']) && !subject.contains(['{', '}']), "{subject}\n{text}");
    }
}

#[test]
fn what_came_from_elsewhere_makes_no_line_and_hides_nothing() {
    let hostile = "x\r\nBcc: victim@example.jp\r\n\r\n\u{1b}[2J\u{202e}txt.exe\u{2028}{ $rule }";
    for value in [hostile, "\n", "\r", "\0"] {
        let Letter { subject, text } =
            letter("watch.exclusion-expires", &expiring(value), &Settings::default());
        let plain = letter("watch.exclusion-expires", &expiring("x"), &Settings::default());
        assert_eq!(text.lines().count(), plain.text.lines().count(), "{text}");
        let is_hidden = |sign: char| sign.is_control() || "\u{202e}\u{2028}".contains(sign);
        assert!(!subject.contains(is_hidden), "{subject:?}");
        assert!(!text.replace('\n', "").contains(is_hidden), "{text:?}");
    }
    let long = letter("watch.exclusion-expires", &expiring(&"長".repeat(100_000)), &Settings::default());
    assert!(long.subject.chars().count() < 500 && long.text.chars().count() < 6_000);
}

#[test]
fn what_there_are_no_words_for_is_said_as_it_is() {
    let settings = Settings::default();
    let unknown = letter("later.version", &[("some", text("thing")), ("at", Value::Time(NOW))], &settings);
    assert!(unknown.subject.contains("later.version"), "{unknown:?}");
    for part in ["some: thing", "at: 2027-01-15 17:00 (JST)", "no words", "文面がありません"] {
        assert!(unknown.text.contains(part), "{part}: {unknown:?}");
    }
    // A value that an earlier version did not give.
    let part = letter("watch.exclusion-expires", &expiring("Dump of lsass")[..3], &settings);
    assert!(part.text.contains("title: Dump of lsass"), "{part:?}");
}

/// A header goes over the wire as it is meant, whatever stands in it.
#[test]
fn nobody_adds_a_header() {
    let (folder, server) = (tempfile::tempdir().expect("a folder"), Server::clear());
    let home = Home::open(folder.path());
    let mut hostile = mail("x");
    if let Effect::Mail(mail) = &mut hostile {
        mail.template = "x\r\nBcc: victim@example.jp\r\n\r\nbody".to_owned();
        mail.values
            .insert("y\r\nCc: victim@example.jp".to_owned(), text("\r\n.\r\nRCPT TO:<victim@example.jp>"));
    }
    home.want("one", &[hostile]);
    assert_eq!(home.step(&to(&server), NOW).delivered, 1, "{:?}", home.outbox());
    let received = server.received().remove(0);
    assert_eq!(received.recipients.len(), 2);
    let headers: Vec<&str> =
        received.lines.iter().map(String::as_str).take_while(|line| !line.is_empty()).collect();
    let names: Vec<&str> = headers
        .iter()
        .filter(|line| !line.starts_with(' '))
        .map(|line| line.split(':').next().unwrap_or_default())
        .collect();
    let mut known = [
        "From",
        "To",
        "Date",
        "Message-ID",
        "Subject",
        "X-Noroshi-Key",
        "Auto-Submitted",
        "Content-Type",
        "Content-Transfer-Encoding",
        "MIME-Version",
    ];
    known.sort_unstable();
    let mut names = names;
    names.sort_unstable();
    assert_eq!(names, known, "{headers:?}");
}

/// Every text of a mail has a subject and a text; `mail-<activity>-<what>-{subject,text}`.
#[test]
fn every_mail_has_a_subject_and_a_text() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../locales/en/mail.ftl");
    let texts = std::fs::read_to_string(file).expect("read");
    let mut parts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (key, _) in
        texts.lines().filter(|line| line.starts_with("mail-")).filter_map(|line| line.split_once(" ="))
    {
        if let Some((name, part)) = key.rsplit_once('-').filter(|(name, _)| *name != "mail") {
            parts.entry(name).or_default().push(part);
        }
    }
    assert!(parts.len() >= 4 && parts.values().all(|parts| *parts == ["subject", "text"]), "{parts:?}");
}
