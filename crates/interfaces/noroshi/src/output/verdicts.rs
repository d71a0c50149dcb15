//! Verdicts as lines: JSON for programs, CSV for spreadsheets.

use detect::Verdict;

use super::csv_cell::harmless;

/// First line of a CSV output.
pub const HEADINGS: [&str; 13] = [
    "time",
    "level",
    "title",
    "rule_id",
    "host",
    "source_path",
    "ordinal",
    "line",
    "record_id",
    "audit_serial",
    "tags",
    "fields",
    "evidence",
];

/// The first row of a CSV output.
#[must_use]
pub fn headings() -> Vec<u8> {
    (HEADINGS.join(",") + "\n").into_bytes()
}

/// A verdict as one JSON object and the end of its line.
#[must_use]
#[expect(clippy::expect_used, reason = "a verdict has texts for keys and a vector takes everything")]
pub fn json_line(verdict: &Verdict) -> Vec<u8> {
    let mut line = serde_json::to_vec(verdict).expect("a verdict is JSON");
    line.push(b'\n');
    line
}

/// A verdict as one row.
#[must_use]
#[expect(clippy::expect_used, reason = "a vector takes everything")]
pub fn csv_row(verdict: &Verdict) -> Vec<u8> {
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let place = &verdict.place;
    let fields: Vec<String> =
        verdict.fields.iter().map(|(name, value)| format!("{name}={}", value.text)).collect();
    let cells = [
        place.time.map(|time| time.to_string()).unwrap_or_default(),
        verdict.rule.level.to_string(),
        verdict.rule.title.clone(),
        verdict.rule.id.clone().unwrap_or_default(),
        verdict.host.clone().unwrap_or_default(),
        verdict.source_path.clone(),
        place.ordinal.to_string(),
        number(place.line),
        number(place.record_id),
        number(place.audit_serial),
        verdict.rule.tags.join(" "),
        fields.join(" | "),
        verdict.evidence.as_ref().map(ToString::to_string).unwrap_or_default(),
    ];
    let mut row = csv::Writer::from_writer(Vec::new());
    row.write_record(cells.iter().map(|cell| harmless(cell))).expect("a vector takes a row");
    row.into_inner().expect("a vector takes a row")
}
