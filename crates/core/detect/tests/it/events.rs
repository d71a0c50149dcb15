//! Small worlds for tests: a catalogue, sheets from field lists, firing rules by title.

use std::sync::{Arc, LazyLock};

use detect::{Engine, Placeholders, RuleSet, Scratch, load};
use model::catalogue::Catalogue;
use model::event::{Kind, Place};
use sources::{Builder, Scalar, Sheet, Value};

pub const SYSMON: &str = "Microsoft-Windows-Sysmon/Operational";

pub fn catalogue() -> Arc<Catalogue> {
    static CATALOGUE: LazyLock<Arc<Catalogue>> =
        LazyLock::new(|| Catalogue::bundled().expect("the bundled catalogue is valid"));
    CATALOGUE.clone()
}

/// A record: its fields in order; a name may repeat. A name behind a tilde is that of a derived
/// field; `<null>`, `<[]>` and `<{}>` are no values.
pub type Fields<'a> = &'a [(&'a str, &'a str)];

fn add(builder: &mut Builder, fields: Fields<'_>) {
    for (name, text) in fields {
        let value = match *text {
            "<null>" => Value::nothing(Scalar::Null),
            "<[]>" => Value::nothing(Scalar::EmptyList),
            "<{}>" => Value::nothing(Scalar::EmptyObject),
            text => Value::text(text),
        };
        match name.strip_prefix('~') {
            Some(name) => builder.derived(name, value),
            None => builder.field(name, value),
        }
    }
}

/// Events of one kind, each one record.
pub fn sheet(kind: &Kind, events: &[Fields<'_>]) -> Sheet {
    let mut builder = Builder::new(catalogue());
    let source = builder.source(&"events".into());
    for (number, fields) in events.iter().enumerate() {
        builder.begin(source, kind, &Place { ordinal: number as u64 + 1, ..Place::default() });
        add(&mut builder, fields);
    }
    builder.finish().expect("columns are well formed").remove(0)
}

/// Audit events, each several records.
pub fn audit(events: &[&[Fields<'_>]]) -> Sheet {
    let mut builder = Builder::new(catalogue());
    let source = builder.source(&"audit.log".into());
    for (number, records) in events.iter().enumerate() {
        let place = Place { ordinal: number as u64 + 1, ..Place::default() };
        builder.begin_grouped(source, &Kind::new("linux", "auditd", None), &place);
        for fields in *records {
            builder.next_record();
            add(&mut builder, fields);
        }
    }
    builder.finish().expect("columns are well formed").remove(0)
}

/// Sysmon process starts.
pub fn process_starts(events: &[Fields<'_>]) -> Sheet {
    sheet(&Kind::new("windows", SYSMON, Some(1)), events)
}

/// A rule on Windows process starts with this detection (YAML, indented by nothing).
pub fn rule_text(detection: &str) -> String {
    let indented: String = detection.lines().map(|line| format!("  {line}\n")).collect();
    format!(
        "title: t\nid: 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11\nlogsource:\n  category: process_creation\n  product: windows\ndetection:\n{indented}"
    )
}

pub fn rules(text: &str) -> RuleSet {
    let set = RuleSet::new(load("test.yml", text, &Placeholders::new()));
    assert_eq!(set.refused, [], "all documents load");
    set
}

/// Numbers (from 1) of the events that fire one of the rules; both scans must agree.
pub fn firing(rules: RuleSet, sheet: &Sheet) -> Vec<usize> {
    let engine = Engine::new(rules, catalogue());
    let hits = engine.hits(sheet, &mut Scratch::default());
    assert_eq!(hits, engine.scan_linear(sheet), "compiled and linear scan differ");
    let hits = hits.expect("columns are those of a sheet");
    let mut events: Vec<usize> = hits.into_iter().map(|(event, _)| event + 1).collect();
    events.dedup();
    events
}

/// Numbers of the process starts with these command lines that fire the detection.
pub fn lines_firing(detection: &str, command_lines: &[&str]) -> Vec<usize> {
    let fields: Vec<[(&str, &str); 1]> = command_lines.iter().map(|line| [("CommandLine", *line)]).collect();
    let events: Vec<Fields<'_>> = fields.iter().map(|fields| &fields[..]).collect();
    firing(rules(&rule_text(detection)), &process_starts(&events))
}
