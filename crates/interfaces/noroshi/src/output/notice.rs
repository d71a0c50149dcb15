//! Refusals and warnings for programs: which document, where it stands, and why, by code.

use detect::{Refusal, Warning};
use model::reason::Reason;
use serde::Serialize;

/// A document of a rule file that was refused, or that a careful author would mend.
#[derive(Debug, Serialize)]
pub struct Notice<'a> {
    rule_id: Option<&'a str>,
    title: Option<&'a str>,
    path: &'a str,
    line: usize,
    #[serde(flatten)]
    reason: Reason,
}

impl<'a> From<&'a Refusal> for Notice<'a> {
    fn from(refusal: &'a Refusal) -> Self {
        Self {
            rule_id: refusal.rule_id.as_deref(),
            title: refusal.title.as_deref(),
            path: &refusal.path,
            line: refusal.line,
            reason: refusal.reason.clone().into(),
        }
    }
}

impl<'a> From<&Warning<'a>> for Notice<'a> {
    fn from(warning: &Warning<'a>) -> Self {
        Self {
            rule_id: warning.meta.id.as_deref(),
            title: Some(&warning.meta.title),
            path: &warning.meta.path,
            line: warning.meta.line,
            reason: warning.reason.clone().into(),
        }
    }
}
