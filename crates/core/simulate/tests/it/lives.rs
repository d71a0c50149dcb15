//! Lives are consistent: parents exist, GUIDs repeat, people keep office hours, names are roles.

use super::{generate, small, windows};
use simulate::{Plan, Shape};
use std::collections::{HashMap, HashSet};

fn text<'a>(fields: &'a serde_json::Value, name: &str) -> &'a str {
    fields[name].as_str().unwrap_or_default()
}

/// The second in which a process started, out of its GUID.
fn began(guid: &str) -> i64 {
    i64::from_str_radix(&format!("{}{}", &guid[15..19], &guid[10..14]), 16).unwrap()
}

#[test]
fn process_trees_are_consistent() {
    let plan = small(21);
    let start = plan.start.as_second();
    for file in plan.files().iter().filter(|file| file.shape != Shape::Auditd) {
        let bytes = generate(&plan, file, 1 << 20).0;
        let mut running: HashMap<String, String> = HashMap::new();
        let mut ids: HashSet<String> = HashSet::new();
        for line in String::from_utf8(bytes).unwrap().lines().map(windows) {
            if !line.channel.contains("Sysmon") {
                continue;
            }
            let guid = text(&line.fields, if line.id == 10 { "SourceProcessGUID" } else { "ProcessGuid" })
                .to_owned();
            let image = text(&line.fields, if line.id == 10 { "SourceImage" } else { "Image" }).to_owned();
            if line.id == 1 {
                let parent = text(&line.fields, "ParentProcessGuid");
                let parent_image = text(&line.fields, "ParentImage");
                // What was running before the plan began, and smss, have no start event.
                if began(parent) >= start && !parent_image.ends_with("smss.exe") {
                    assert_eq!(running.get(parent).map(String::as_str), Some(parent_image), "{}", line.host);
                }
                assert!(ids.insert(guid.clone()), "{guid} started twice");
                running.insert(guid, image);
            } else if began(&guid) >= start {
                assert_eq!(running.get(&guid), Some(&image), "event {} of {}", line.id, line.host);
                if line.id == 5 {
                    running.remove(&guid);
                }
            }
        }
    }
}

#[test]
fn a_connection_follows_its_lookup() {
    let plan = Plan { days: 1, stories: Vec::new(), ..small(4) };
    let file = &plan.files()[0];
    let mut asked: HashMap<String, String> = HashMap::new();
    let mut followed = 0;
    for line in String::from_utf8(generate(&plan, file, 1 << 20).0).unwrap().lines().map(windows) {
        let guid = text(&line.fields, "ProcessGuid").to_owned();
        if line.id == 22 {
            asked.insert(guid, text(&line.fields, "QueryName").to_owned());
        } else if line.id == 3 && line.channel.contains("Sysmon") {
            assert_eq!(asked.get(&guid).map(String::as_str), Some(text(&line.fields, "DestinationHostname")));
            followed += 1;
        }
    }
    assert!(followed > 50);
}

/// People open programs on working days between 8:30 and 18:30 Japanese time only.
#[test]
fn people_keep_office_hours() {
    let plan = Plan { stories: Vec::new(), ..small(9) };
    for file in plan.files().iter().filter(|file| file.organisation == "shitei") {
        for line in String::from_utf8(generate(&plan, file, 1 << 20).0).unwrap().lines().map(windows) {
            let person =
                text(&line.fields, "ParentImage").ends_with("explorer.exe") && line.host.contains("-PC");
            if line.id != 1 || !person {
                continue;
            }
            let hour: u32 = line.time[11..13].parse().unwrap();
            let minute: u32 = line.time[14..16].parse().unwrap();
            let japan = (hour * 60 + minute + 9 * 60) % (24 * 60);
            assert!((510..=1110).contains(&japan), "{}", line.time);
            assert!(line.time.as_str() < "2026-06-19T15", "weekend: {}", line.time);
        }
    }
}

/// The harmless oddities that trap rules are there.
#[test]
fn oddities_are_there() {
    let plan = Plan { stories: Vec::new(), ..Plan::week(1) };
    let all: Vec<String> = plan
        .files()
        .iter()
        .filter(|file| {
            ["keizai", "hinata"].contains(&file.organisation.as_str()) && file.shape != Shape::Auditd
        })
        .map(|file| String::from_utf8(generate(&plan, file, 1 << 20).0).unwrap())
        .collect();
    for marker in [
        "-EncodedCommand",
        "vssadmin list shadows",
        "wevtutil epl Security",
        "certutil -hashfile",
        "PSEXESVC",
        "net user ",
        "schtasks /create /f /sc daily",
        "\"EventID\":4625",
        "\"EventID\":7045",
        "\"EventID\":4698",
        "0x1000",
    ] {
        assert!(all.iter().any(|text| text.contains(marker)), "{marker}");
    }
    // And nothing of the attacks.
    for marker in ["203.0.113.77", "README_RESTORE", "delete shadows", "shiosai", "\"EventID\":1102"] {
        assert!(all.iter().all(|text| !text.contains(marker)), "{marker}");
    }
}
