//! What was found, for people and for programs.

use page::Words;
use serde_json::{Map, Value, json};

use super::finding::plain;
use super::{Examined, Severity};

/// For programs.
pub(super) fn told(examined: &Examined, words: Words) -> Value {
    let told = examined.findings.iter().map(|finding| finding.told(&examined.home, words));
    let mut looked = Map::new();
    for one in &examined.looked {
        let values: Map<_, _> =
            one.values.iter().map(|(name, value)| ((*name).to_owned(), plain(value))).collect();
        looked.insert(one.what.to_owned(), values.into());
    }
    json!({
        "home": examined.home.display().to_string(), "deep": examined.is_deep,
        "healthy": examined.is_there && examined.is_healthy(),
        "looked": looked, "findings": told.collect::<Vec<_>>(),
    })
}

/// For people.
pub(super) fn shown(examined: &Examined, words: Words) -> String {
    let mut text = String::new();
    for finding in &examined.findings {
        let (what, remedy) = finding.sentences(&examined.home, words);
        let severity = words.get(severity(finding.code.severity()));
        text += &format!("{severity} [{}]\n  {what}\n  {remedy}\n", finding.code.name());
    }
    if !examined.is_there {
        return text;
    }
    for looked in &examined.looked {
        text += &(words.with(&format!("doctor-looked-{}", looked.what), &looked.values) + "\n");
    }
    let count = |severity| {
        let all = examined.findings.iter();
        all.filter(|finding| finding.code.severity() == severity).count().into()
    };
    let values = [
        ("broken", count(Severity::Broken)),
        ("warnings", count(Severity::Warning)),
        ("notes", count(Severity::Note)),
    ];
    let (key, deep) = (if examined.is_healthy() { "doctor-healthy" } else { "doctor-ill" }, "doctor-quick");
    text += &(words.with(key, &values) + "\n");
    if examined.is_deep { text } else { text + &words.get(deep) + "\n" }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Broken => "doctor-severity-broken",
        Severity::Warning => "doctor-severity-warning",
        Severity::Note => "doctor-severity-note",
    }
}
