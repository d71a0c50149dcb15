//! A finding for programs.

use serde_json::{Value, json};
use verdicts::KeptVerdict;

use super::super::told;
use super::{Shown, evidence, is_told};

impl Shown {
    pub(super) fn json(&self, with_rows: bool) -> Value {
        let mut all = told::json(&self.listed);
        let parts: Vec<&u64> = self.parts.iter().filter(|part| **part != self.listed.number).collect();
        all["parts"] = json!(parts);
        all["related"] = json!(self.finding.related);
        all["out_of"] = json!(self.finding.out_of);
        all["attachments"] = json!(self.finding.attachments);
        all["cleared"] = json!(self.finding.cleared);
        all["summary"] = json!(self.finding.summary());
        all["acts"] = json!(self.acts.iter().filter(|act| is_told(act)).collect::<Vec<_>>());
        if with_rows {
            all["rows"] = self.rows.iter().map(row_json).collect();
        }
        all
    }
}

fn row_json(verdict: &KeptVerdict) -> Value {
    let fields: serde_json::Map<String, Value> =
        verdict.fields.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    json!({
        "verdict": verdict.id.to_string(), "time": verdict.time, "host": verdict.host, "title": verdict.title,
        "level": verdict.level, "rule_id": verdict.rule_id, "rule_set": verdict.rule_set, "fields": fields,
        "evidence": evidence(verdict),
    })
}
