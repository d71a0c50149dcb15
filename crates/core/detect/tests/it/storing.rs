//! What is written down and read again finds what it found before.

use detect::{Engine, Placeholders, RuleSet, Scratch, load, pack, unpack};

use crate::events::{Fields, catalogue, process_starts, rule_text};

#[test]
fn documents_survive_being_written_down() {
    let detections = [
        "s:\n  CommandLine|contains: lantern\ncondition: s",
        "s:\n  CommandLine: 'a*b?c'\ncondition: s",
        "s:\n  CommandLine|re|i: 'x{2}Y$'\ncondition: s",
        "s:\n  CommandLine|re: '(?<!a)bc'\ncondition: s",
        "s:\n  CommandLine|windash|contains: ' -enc '\ncondition: s",
        "s:\n  User|cidr: 192.0.2.0/24\ncondition: s",
        "s:\n  User|gt: 5\ncondition: s",
        "s:\n  User|fieldref: CommandLine\ncondition: s",
        "s:\n  User: null\ncondition: not s",
        "s: [lantern, other]\ncondition: s",
    ];
    let mut text: String = detections.iter().map(|detection| rule_text(detection) + "---\n").collect();
    text += "title: bad\n---\ntitle: f\nlogsource: {product: windows}\nfilter: {rules: any, s: {User: nobody}, condition: not s}\n";
    text += "---\ntitle: c\ncorrelation: {type: event_count, rules: unknown, group-by: User, timespan: 1m, condition: {gte: 2}}\n";
    let loaded = load("t.yml", &text, &Placeholders::new());
    let stored = unpack(&pack(&loaded).expect("can be written")).expect("can be read");
    assert_eq!(
        format!("{:?}", RuleSet::new(stored).refused),
        format!("{:?}", RuleSet::new(load("t.yml", &text, &Placeholders::new())).refused)
    );
    let lines = ["a lantern", "aXXbYc", "zxxy", "zbc", "abc", "x /enc y", "6", "same", "other"];
    let fields: Vec<[(&str, &str); 2]> = lines
        .iter()
        .zip(["192.0.2.7", "6", "", "nobody", "x", "y", "6", "same", "z"])
        .map(|(line, user)| [("CommandLine", *line), ("User", user)])
        .collect();
    let events: Vec<Fields<'_>> = fields.iter().map(|fields| &fields[..]).collect();
    let sheet = process_starts(&events);
    let hits = |documents| {
        let engine = Engine::new(RuleSet::new(documents), catalogue());
        let hits = engine.hits(&sheet, &mut Scratch::default());
        assert_eq!(hits, engine.scan_linear(&sheet));
        hits.expect("columns are those of a sheet")
    };
    let stored = unpack(&pack(&loaded).expect("can be written")).expect("can be read");
    let before = hits(loaded);
    assert!(before.len() >= detections.len(), "{before:?}");
    assert_eq!(hits(stored), before);
}

#[test]
fn damaged_bytes_are_no_documents() {
    let loaded = load("t.yml", &rule_text("s:\n  CommandLine: x\ncondition: s"), &Placeholders::new());
    let bytes = pack(&loaded).expect("can be written");
    assert!((0..bytes.len()).all(|end| unpack(&bytes[..end]).is_none()), "cut off anywhere");
    assert!(unpack(&[bytes.as_slice(), b"x"].concat()).is_none(), "something behind it");
}
