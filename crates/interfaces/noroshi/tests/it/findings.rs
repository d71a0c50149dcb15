//! `noroshi findings`: the night of the small nation's attack becomes a few findings of one story each, and people work
//! on them.

use std::collections::BTreeMap;
use std::path::Path;

use noroshi::commands::demo::{Plants, findings_told};
use page::{Language, Words};
use serde_json::Value;

use crate::commands::{RULE, folder, noroshi, said};
use crate::nation;

/// Runs a command in the home and gives what it says as JSON.
fn json(folder: &Path, arguments: &[&str]) -> Value {
    let all = [arguments, &["--home", "home", "--json"]].concat();
    let output = noroshi(folder, &all);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Runs a command that is refused, and gives why.
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = noroshi(folder, &[arguments, &["--home", "home"]].concat());
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
    said(&output)
}

/// The number and state of each finding.
fn states(folder: &Path) -> BTreeMap<u64, String> {
    let all = json(folder, &["findings", "--all", "--state", "new,progress,closed,merged"]);
    let all = all.as_array().expect("an array").clone();
    let one = |finding: Value| {
        (
            finding["finding"].as_u64().expect("a number"),
            finding["state"].as_str().expect("a state").to_owned(),
        )
    };
    all.into_iter().map(one).collect()
}

/// The text between two others, wherever the first stands.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

/// A finding as a page: every row of every verdict, the same numbers in both languages, no other file touched.
fn pages_hold_all_rows(folder: &Path, number: u64) {
    let number = number.to_string();
    let shown = json(folder, &["findings", "show", &number, "--rows", "--limit", "200"]);
    let verdicts = shown["rows"].as_array().expect("an array");
    assert_eq!(Some(verdicts.len() as u64), shown["verdicts"].as_u64());
    let write = |lang: &str, more: &[&str]| {
        let show = ["findings", "show", &number, "--home", "home", "--html", "page.html", "--lang", lang];
        let output = noroshi(folder, &[&show, more].concat());
        (output.status.code(), said(&output))
    };
    let read = || std::fs::read_to_string(folder.join("page.html")).expect("written");
    let pages = ["en", "ja"].map(|lang| {
        assert_eq!(write(lang, &[]).0, Some(0), "{}", write(lang, &[]).1);
        read()
    });
    for page in &pages {
        assert!(!page.contains("<script"));
        let plain = page.replace("</span><span>", "");
        for row in verdicts.iter().flat_map(|verdict| verdict["evidence"].as_array().expect("an array")) {
            assert!(plain.contains(row.as_str().expect("a text")), "{row}");
        }
        assert!(page.contains("<svg class=\"strip\"") && page.contains("class=\"life\""));
    }
    let [english, japanese] = &pages;
    for (before, after) in [("<td class=\"number\"", "</td>"), ("datetime=\"", "\""), (" href=\"#rule-", "<")]
    {
        let numbers = |page| {
            let found = between(page, before, after);
            found.iter().map(|text| text.rsplit('>').next().unwrap_or(text).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(numbers(english), numbers(japanese), "{before}");
    }

    assert_eq!(write("en", &["--limit", "1"]).0, Some(0));
    let left = format!("{} more verdict", verdicts.len() - 1);
    assert!(read().contains(&left), "{left}");

    // What is no page of ours stays, and nothing is left beside it.
    std::fs::write(folder.join("page.html"), "of somebody").expect("written");
    assert_eq!(write("en", &[]).0, Some(2));
    assert_eq!(read(), "of somebody");
    assert_eq!(write("en", &["--force"]).0, Some(0));
    assert!(read().contains("</html>"));
    let beside = std::fs::read_dir(folder).expect("listed").filter_map(Result::ok);
    assert_eq!(beside.filter(|entry| entry.file_name().to_string_lossy().contains("page.html")).count(), 1);
    let inside =
        noroshi(folder, &["findings", "show", &number, "--home", "home", "--html", "home/page.html"]);
    assert_eq!(inside.status.code(), Some(2), "{}", said(&inside));
}

#[test]
fn the_night_of_the_attack_is_a_few_findings_that_people_work_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    nation::make(folder, &nation::days("2026-06-18", 2));
    for owner in ["hinata", "aoba", "keizai"] {
        let logs = format!("logs/{owner}");
        let output = noroshi(folder, &["ingest", "--home", "home", "--owner", owner, &logs]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
    let plants = Plants::read(folder).expect("the truth");
    let told = findings_told(&folder.join("home"), &plants, Words::new(Language::En)).expect("told");
    assert!((2..=5).contains(&told.len()), "{}", told.len());
    for one in &told {
        assert_eq!(one.fit.story.as_deref(), Some("A"), "finding {}", one.finding.number);
        assert_eq!(one.fit.own, one.fit.events, "finding {}", one.finding.number);
    }
    // The same rules once more find nothing new, and nothing changes.
    let output = noroshi(folder, &["detect", "--lake", "--home", "home", "--json", "again.jsonl"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(states(folder).len(), told.len());

    // From a finding to its rows, and from a row to the finding.
    let shown = json(folder, &["findings", "show", "1", "--rows"]);
    let row = shown["rows"][0]["evidence"][0].as_str().expect("evidence").to_owned();
    let evidence = json(folder, &["evidence", &row]);
    assert!(evidence.to_string().contains("act:watch/finding/1/"), "{evidence}");

    pages_hold_all_rows(folder, 1);

    let reason = ["--reason", "checked"];
    let with = |arguments: &[&'static str]| [arguments, &reason].concat();
    json(folder, &["findings", "take", "1", "--name", "佐藤"]);
    let closed = json(folder, &with(&["findings", "close", "1", "2", "--as", "true"]));
    let states_of = |number: u64| states(folder)[&number].clone();
    assert_eq!((states_of(1), states_of(2)), ("closed".to_owned(), "closed".to_owned()));
    let rules = json(folder, &["findings", "rules"]);
    let real = rules.as_array().expect("an array").iter().map(|rule| rule["true"]["verdicts"].as_u64());
    assert!(real.flatten().sum::<u64>() > 0, "{rules}");
    let again = refused(folder, &with(&["findings", "close", "1", "3", "--as", "true"]));
    assert!(again.contains("closed"), "{again}");
    json(folder, &with(&["findings", "undo", closed["undo"].as_str().expect("a key").to_owned().leak()]));
    assert_eq!((states_of(1), states_of(2)), ("progress".to_owned(), "new".to_owned()));

    json(folder, &with(&["findings", "merge", "2", "--into", "1"]));
    assert_eq!(states_of(2), "merged");
    json(folder, &with(&["findings", "separate", "2"]));
    assert_eq!(states_of(2), "new");
    let host = shown["rows"][0]["host"].as_str().expect("a host").to_owned();
    let all = shown["verdicts"].as_u64().expect("a number");
    let is_alone = shown["hosts"].as_u64() == Some(1);
    if !is_alone {
        let split = json(folder, &["findings", "split", "1", "--host", &host]);
        let out = split["into"].as_u64().expect("a finding");
        let [one, other] = [1, out].map(|number| {
            json(folder, &["findings", "show", &number.to_string()])["verdicts"].as_u64().expect("a number")
        });
        assert_eq!(one + other, all);
    }
    assert!(refused(folder, &["findings", "note", "99", "x"]).contains("no finding 99"));
    let rebuilt = noroshi(folder, &["rebuild", "--home", "home"]);
    assert_eq!(rebuilt.status.code(), Some(0), "{}", said(&rebuilt));
}

/// Ids of rules are the same in capitals: the page once knew no set of such a rule.
#[test]
fn a_rule_whose_id_has_capitals_is_one_rule_everywhere() {
    let folder = folder();
    let folder = folder.path();
    let id = "4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11";
    std::fs::create_dir(folder.join("set")).expect("made");
    std::fs::write(folder.join("set/a.yml"), RULE.replace(id, &id.to_uppercase())).expect("written");
    json(folder, &["rules", "add", "ours", "set", "--enable", "--reason", "reviewed"]);
    let kept = noroshi(folder, &["ingest", "log.json", "--home", "home"]);
    assert_eq!(kept.status.code(), Some(0), "{}", said(&kept));
    assert_eq!(json(folder, &["findings", "rules"])[0]["rule"], id);
    let page = noroshi(folder, &["findings", "show", "1", "--home", "home", "--html", "-"]);
    let page = String::from_utf8(page.stdout).expect("text");
    let rules = between(&page, "id=\"rule-1\"", "</tr>");
    assert!(rules[0].contains(id) && rules[0].contains("ours@1"), "{rules:?}");
}
