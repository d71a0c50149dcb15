//! Every line is what a reader of its shape expects.

use super::{generate, small, windows};
use simulate::{Generator, Plan, Shape};
use std::collections::HashMap;

#[test]
fn windows_lines_parse_and_stand_in_time_order() {
    let plan = small(11);
    for file in plan.files().iter().filter(|file| file.shape != Shape::Auditd) {
        let (bytes, _, events) = generate(&plan, file, 1 << 20);
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.lines().count() as u64, events);
        let mut last = String::new();
        let mut records = HashMap::new();
        for line in text.lines() {
            let line = windows(line);
            assert!(line.time >= last, "{} after {last}", line.time);
            assert!(line.host.ends_with(&format!(".{}.example", file.organisation)));
            last = line.time;
            // Record numbers of a log follow each other.
            let before = records.insert((line.host, line.channel), line.record);
            assert!(before.is_none_or(|before| before + 1 == line.record));
        }
    }
}

#[test]
fn flat_lines_keep_numbers_and_winlogbeat_strings() {
    let plan = Plan { days: 1, ..small(2) };
    for file in
        plan.files().iter().filter(|file| file.shape != Shape::Auditd && file.organisation != "kogane")
    {
        let text = String::from_utf8(generate(&plan, file, 1 << 20).0).unwrap();
        let start =
            text.lines().map(windows).find(|line| line.channel.contains("Sysmon") && line.id == 1).unwrap();
        let flat = file.shape == Shape::Flat;
        assert_eq!(start.fields["ProcessId"].is_u64(), flat);
        assert_eq!(start.fields["ProcessId"].is_string(), !flat);
        for name in [
            "RuleName",
            "UtcTime",
            "ProcessGuid",
            "Image",
            "FileVersion",
            "Description",
            "Product",
            "Company",
            "OriginalFileName",
            "CommandLine",
            "CurrentDirectory",
            "User",
            "LogonGuid",
            "LogonId",
            "IntegrityLevel",
            "Hashes",
            "ParentProcessGuid",
            "ParentImage",
            "ParentCommandLine",
            "ParentUser",
        ] {
            assert!(start.fields[name].as_str().is_some_and(|value| !value.is_empty()), "{name}");
        }
        assert!(start.fields["Hashes"].as_str().unwrap().starts_with("SHA256="));
    }
}

#[test]
fn audit_lines_are_well_formed() {
    let plan = small(5);
    for file in plan.files().iter().filter(|file| file.shape == Shape::Auditd) {
        let (bytes, _, events) = generate(&plan, file, 1 << 20);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.is_ascii(), "names beyond ASCII are hexadecimal");
        let mut serials: HashMap<&str, u64> = HashMap::new();
        let (mut last, mut groups) = (0, 0);
        for line in text.lines() {
            let (node, rest) = line.strip_prefix("node=").unwrap().split_once(" type=").unwrap();
            let (kind, rest) = rest.split_once(" msg=audit(").unwrap();
            let (stamp, body) = rest.split_once("): ").unwrap();
            let (time, serial) = stamp.split_once(':').unwrap();
            let (time, serial): (u64, u64) =
                (time.replace('.', "").parse().unwrap(), serial.parse().unwrap());
            assert!(time >= last);
            last = time;
            if serials.insert(node, serial) != Some(serial) {
                groups += 1;
                assert!(
                    ["SYSCALL", "USER_LOGIN", "CRED_ACQ", "SERVICE_START", "SERVICE_STOP"].contains(&kind),
                    "{kind}"
                );
            }
            assert!(body.split(' ').all(|part| part.contains('=') || kind != "SYSCALL"), "{body}");
        }
        assert_eq!(groups, events);
    }
}

/// Arguments with blanks are hexadecimal and lead back to the words; the title is the joined words.
#[test]
fn audit_arguments_lead_back_to_the_words() {
    let plan = Plan { days: 3, ..small(5) };
    let file = plan.files().into_iter().find(|file| file.path == "keizai/audit.log").unwrap();
    let mut generator = Generator::new(&plan, &file);
    let mut seen = 0;
    while let Some(event) = generator.next_event() {
        let words: Vec<String> = event
            .fields()
            .filter(|(field, _)| field.name == "argument")
            .map(|(_, value)| value.to_owned())
            .collect();
        let mut bytes = Vec::new();
        file.shape.encode(event, &mut bytes);
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(file.shape.lines(event), text.lines().count() as u64);
        let Some(line) = text.lines().find(|line| line.contains("type=EXECVE")) else { continue };
        let values: Vec<String> =
            line.split(' ').filter(|part| part.starts_with('a')).filter_map(argument).map(decoded).collect();
        assert_eq!(values, words);
        let title = text.lines().last().unwrap().rsplit('=').next().unwrap();
        assert!(words.join("\0").starts_with(&decoded_lossy(title)));
        seen += usize::from(words.iter().any(|word| word.contains(' ')));
    }
    assert!(seen > 10);
}

fn argument(part: &str) -> Option<&str> {
    let (name, value) = part.split_once('=')?;
    name.strip_prefix('a')?.parse::<u32>().ok().map(|_| value)
}

fn decoded(value: &str) -> String {
    String::from_utf8(raw(value)).unwrap()
}

/// A title may be cut inside a character.
fn decoded_lossy(value: &str) -> String {
    let bytes = raw(value);
    let good = std::str::from_utf8(&bytes).map_or_else(|error| error.valid_up_to(), str::len);
    String::from_utf8(bytes[..good].to_vec()).unwrap()
}

fn raw(value: &str) -> Vec<u8> {
    match value.strip_prefix('"') {
        Some(rest) => rest.trim_end_matches('"').as_bytes().to_vec(),
        None => value
            .as_bytes()
            .chunks(2)
            .map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap())
            .collect(),
    }
}
