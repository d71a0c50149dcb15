//! Ground truth points at the right lines, misses none, and tells the stories of NATION.md.

use super::{generate, small, windows};
use simulate::{Plan, Shape, Truth};

/// What a line of this technique must hold.
fn marker(truth: &Truth) -> &'static str {
    match (truth.technique, truth.rule_expected) {
        ("T1486", true) => "README_RESTORE_FILES.txt",
        ("T1486", false) => "tobira",
        ("T1071.004", _) => "shiosai.example",
        ("T1490", _) => "/quiet",
        ("T1543.003", _) => r"C:\\Windows\\Temp\\prnhlp.exe",
        ("T1071.001", _) => "203.0.113.77",
        ("T1199", _) => "198.51.100.20",
        ("T1218", _) => "hbcare.exe",
        ("T1560.001", true) => "KwCache",
        ("T1048.003", _) => "203.0.113.77",
        _ => "",
    }
}

#[test]
fn truth_points_at_the_right_lines() {
    let plan = small(1);
    let mut seen = 0;
    for file in plan.files() {
        let (bytes, truths, events) = generate(&plan, &file, 50_000);
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for truth in &truths {
            let line = lines[truth.line as usize - 1];
            assert_eq!(truth.source_path, file.path);
            assert_eq!(truth.organisation, file.organisation);
            assert!(truth.ordinal <= events);
            seen += 1;
            if file.shape == Shape::Auditd {
                let serial = truth.audit_serial.unwrap();
                assert!(line.starts_with(&format!("node={} ", truth.host)));
                assert!(line.contains(&format!(":{serial}):")));
                assert!(line.contains("type=SYSCALL") || line.contains("type=USER_LOGIN"));
                assert_eq!(ordinal(&lines, truth.line as usize - 1), truth.ordinal);
                continue;
            }
            let parsed = windows(line);
            assert_eq!(truth.ordinal, truth.line);
            assert_eq!((parsed.host, parsed.time), (truth.host.clone(), truth.time.clone()));
            assert_eq!(Some(parsed.record), truth.record_id);
            let known = marker(truth);
            assert!(line.contains(known) || line.contains("recoveryenabled no"), "{truth:?}: {line}");
        }
    }
    assert!(seen > 500);
}

/// The ordinal of the event at this line, counted independently: a new event wherever node and serial change.
fn ordinal(lines: &[&str], at: usize) -> u64 {
    let stamp = |line: &str| {
        line.split("):").next().unwrap().split(" type=").next().unwrap().to_owned()
            + line.split("msg=audit(").nth(1).unwrap().split("):").next().unwrap()
    };
    (0..=at).filter(|line| *line == 0 || stamp(lines[*line]) != stamp(lines[line - 1])).count() as u64
}

/// No event of an attack is missing from the truth (ends of programs aside).
#[test]
fn truth_misses_nothing() {
    let plan = small(3);
    for file in plan.files().iter().filter(|file| file.shape != Shape::Auditd) {
        let (bytes, truths, _) = generate(&plan, file, 1 << 20);
        let known: std::collections::HashSet<u64> = truths.iter().map(|truth| truth.line).collect();
        for (line, at) in String::from_utf8(bytes).unwrap().lines().zip(1u64..) {
            let attack = [
                "203.0.113.77",
                "kwsync.exe",
                "prnhlp.exe",
                "tobira",
                "README_RESTORE",
                "198.51.100.20",
                "comsvcs",
            ]
            .iter()
            .any(|marker| line.contains(marker));
            if attack && ![5, 4689].contains(&windows(line).id) {
                assert!(known.contains(&at), "{line}");
            }
        }
    }
}

#[test]
fn the_year_tells_the_stories_on_their_dates() {
    let plan = Plan { scale: 0.01, ..Plan::year(1) };
    let from = plan.start;
    let of = |organisation: &str, shape: Shape| {
        let file = plan
            .files()
            .into_iter()
            .find(|file| file.organisation == organisation && file.shape == shape)
            .unwrap();
        // Only as far as the stories reach.
        let days = if organisation == "keizai" { 300 } else { 80 };
        generate(&Plan { days, start: from, ..plan.clone() }, &file, 1 << 20).1
    };
    let chiri = of("chiri", Shape::Winlogbeat);
    assert!(
        !chiri.is_empty()
            && chiri.iter().all(|truth| truth.time.starts_with("2026-05-28") && !truth.rule_expected)
    );
    let hinata = of("hinata", Shape::Flat);
    assert!(hinata.iter().all(|truth| truth.time.starts_with("2026-06-18")));
    let beacons: Vec<Truth> =
        of("keizai", Shape::Flat).into_iter().filter(|truth| truth.technique == "T1071.004").collect();
    assert!((4_000..4_200).contains(&beacons.len()), "{}", beacons.len());
    assert!(beacons.first().unwrap().time.starts_with("2026-08-04"));
    assert!(beacons.last().unwrap().time.starts_with("2027-01-21"));
}

#[test]
fn the_beacon_keeps_its_time() {
    let plan = small(1);
    let file = &plan.files()[0];
    let truths = generate(&plan, file, 1 << 20).1;
    let times: Vec<i64> = truths
        .iter()
        .filter(|truth| truth.technique == "T1071.004" && truth.time.as_str() > "2026-06-15T05")
        .map(|truth| truth.time.parse::<jiff::Timestamp>().unwrap().as_millisecond())
        .collect();
    assert!(times.len() > 100);
    for pair in times.windows(2) {
        assert!((pair[1] - pair[0] - 3_607_000).abs() < 500);
    }
}

#[test]
fn truth_is_written_as_the_contract_says() {
    let plan = small(1);
    let truths = generate(&plan, &plan.files()[0], 1 << 20).1;
    let line: serde_json::Value = serde_json::to_value(&truths[0]).unwrap();
    for name in [
        "source_path",
        "line",
        "ordinal",
        "host",
        "time",
        "story",
        "step",
        "technique",
        "rule_expected",
        "organisation",
        "record_id",
    ] {
        assert!(!line[name].is_null(), "{name}");
    }
    assert!(line["step"]["ja"].is_string() && line["step"]["en"].is_string());
}
