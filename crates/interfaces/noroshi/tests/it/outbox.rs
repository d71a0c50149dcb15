//! `noroshi outbox`: what is to leave, as people see it, and what they want of it.

use std::fs;
use std::path::Path;

use journal::effect::{self, Effects};
use journal::{Acting, Actor, Journal};
use model::time::Instant;
use serde_json::Value;
use watch::rulesets::{self, Rulesets};
use watch::sources::{self, Sources};

use crate::commands::{folder, noroshi, said};

const DAY: i64 = 86_400;

fn at(seconds: i64) -> Instant {
    Instant::from_nanoseconds((1_800_000_000 + seconds) * 1_000_000_000)
}

/// A home in which an exclusion ends soon and a source went silent and spoke again; gives the keys of the mails,
/// in the order of their texts.
fn made(folder: &Path) -> Vec<String> {
    let lock = home::Writer::take(&folder.join("home")).expect("free");
    let journal = Journal::open(&lock, noroshi::acts::kinds()).expect("opened");
    let acting = |seconds| Acting { actor: Actor::local(1_000), now: at(seconds) };
    journal.name(&acting(0).actor, "川口 花子", at(0)).expect("named");
    let (rule, title, reason) = ("a-rule".to_owned(), "Dump of lsass".to_owned(), "noisy".to_owned());
    let exclude = rulesets::Command::Exclude { rule, title, reason, until: Some(at(10 * DAY)) };
    journal.act::<Rulesets>("sigma", exclude, &acting(0)).expect("excluded");
    journal.wake(at(3 * DAY)).expect("woken");
    let silent = sources::Command::Silent { last: Some(at(0)), since: at(0), after_seconds: 5_400 };
    journal.act::<Sources>("auth", silent, &acting(4 * DAY)).expect("said");
    let heard = sources::Command::Heard { at: at(5 * DAY) };
    journal.act::<Sources>("auth", heard, &acting(5 * DAY)).expect("said");
    let mut due = journal.due_effects("mail", at(9 * DAY), 9).expect("read");
    due.sort_by_key(|due| due.ordered.effect.what().to_owned());
    due.into_iter().map(|due| due.key).collect()
}

fn run(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = noroshi(folder, &[arguments, &["--home", "home"]].concat());
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
    if code == 0 { String::from_utf8(output.stdout).expect("text") } else { said(&output) }
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&run(folder, &[arguments, &["--json"]].concat(), 0)).expect("JSON")
}

fn states(folder: &Path, arguments: &[&str]) -> Vec<(String, String)> {
    let text = |one: &Value, name: &str| one[name].as_str().expect("text").to_owned();
    let all = json(folder, &[&["outbox"], arguments].concat());
    let all = all.as_array().expect("effects").iter().map(|one| (text(one, "what"), text(one, "state")));
    all.collect()
}

#[test]
fn mails_are_listed_and_shown_as_they_are_sent() {
    let folder = folder();
    let folder = folder.path();
    let keys = made(folder);
    let all = json(folder, &["outbox"]);
    assert_eq!(
        states(folder, &[]),
        ["watch.source-spoke", "watch.source-silent", "watch.exclusion-expires"]
            .map(|what| (what.to_owned(), "waiting".to_owned()))
    );
    assert_eq!(all[0]["evidence"], "act:watch/source/auth/2");
    assert_eq!(all[0]["next"], all[0]["ordered"]);
    let text = run(folder, &["outbox"], 0);
    assert!(text.contains("a source went silent") && text.contains(&keys[1][..8]), "{text}");
    for (key, parts) in keys.iter().zip([
        &["Dump of lsass", "川口 花子", "2027-01-25 17:00 (JST)", "runs again", "ふたたび動き始めます"][..],
        &["auth", "1 h 30 min", "1時間30分", "has gone silent", "届かなくなりました"],
        &["auth", "heard again", "届くようになりました"],
    ]) {
        let letter = run(folder, &["outbox", "show", &key[..8]], 0);
        assert!(letter.starts_with("To: (nobody") && letter.contains("Subject: [TLP:AMBER]"), "{letter}");
        assert!(letter.contains("\nState: waiting\n\n"), "{letter}");
        for part in parts {
            assert!(letter.contains(part), "{part}: {letter}");
        }
        assert!(!letter.contains(['{', '}', '⟨']), "{letter}");
    }
    let settings = "language = \"en\"\n[mail]\nfrom = \"noroshi@example.jp\"\ndesk = [\"desk@example.jp\"]\n";
    fs::write(folder.join("home/noroshi.toml"), settings).expect("written");
    let letter = json(folder, &["outbox", "show", &keys[0]]);
    assert_eq!(letter["to"], serde_json::json!(["desk@example.jp"]));
    let subject = letter["subject"].as_str().expect("text");
    assert!(subject.starts_with("[TLP:AMBER] [Noroshi] sigma: a rule runs again soon"), "{subject}");
    let history = run(folder, &["rules", "history"], 0);
    assert!(history.contains("told the desk"), "{history}");
}

#[test]
fn people_drop_and_retry() {
    let folder = folder();
    let folder = folder.path();
    let keys = made(folder);
    run(folder, &["outbox", "drop", &keys[0], "--reason", "known"], 0);
    assert_eq!(states(folder, &[]).len(), 2);
    assert_eq!(states(folder, &["--all"])[2].1, "dropped");
    // Twice is once, and is not told as if it were new.
    let twice = run(folder, &["outbox", "drop", &keys[0], "--reason", "known"], 0);
    assert!(twice.contains("was dropped before"), "{twice}");
    let again = json(folder, &["outbox", "retry", &keys[0][..6], "--reason", "after all"]);
    assert_eq!(again["act"], format!("act:journal/effect/{}/3", keys[0]));
    assert_eq!(states(folder, &[]).len(), 3);
    run(folder, &["outbox", "drop", &keys[0], "--reason", " "], 2);
    for (unknown, told) in [
        ("zzzz", "Nothing in the outbox has a key that begins with zzzz"),
        ("%%%%", "Nothing in the outbox"),
        ("0", "too short"),
        ("", "too short"),
        (&keys[0][..3], "too short"),
    ] {
        let refused = run(folder, &["outbox", "show", unknown], 2);
        assert!(refused.contains(told), "{unknown}: {refused}");
    }
    {
        let lock = home::Writer::take(&folder.join("home")).expect("free");
        let journal = Journal::open(&lock, noroshi::acts::kinds()).expect("opened");
        let delivered = effect::Command::Deliver { receipt: "250 ok; recipient 2: 550".to_owned() };
        let acting = Acting { actor: Actor::installation(), now: at(9 * DAY) };
        journal.act::<Effects>(&keys[1], delivered, &acting).expect("said");
    }
    let letter = run(folder, &["outbox", "show", &keys[1]], 0);
    assert!(letter.contains("State: delivered (250 ok; recipient 2: 550)\n"), "{letter}");
    for wanted in ["drop", "retry"] {
        let refused = run(folder, &["outbox", wanted, &keys[1], "--reason", "no"], 2);
        assert!(refused.contains("was delivered"), "{refused}");
    }
    run(folder, &["rebuild"], 0);
}
