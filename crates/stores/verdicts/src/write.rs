//! Verdicts as rows.

use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use detect::{RuleDigest, Story, Verdict};
use lake::{BatchId, day};
use model::evidence::{ContentId, Evidence};
use model::time::Instant;
use sources::Scalar;

use crate::columns::{Rows, maps};
use crate::error::VerdictsError;
use crate::id::{verdict_batch, verdict_id};
use crate::label::Label;
use crate::table;

/// A verdict that is to be kept.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) verdict: Verdict,
    pub(crate) id: ContentId,
    /// The row on which it stands, or the completing one.
    pub(crate) evidence: Evidence,
    pub(crate) label: Label,
}

/// What is said of all verdicts that are kept together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp {
    /// The set of rules.
    pub(crate) rules: RuleDigest,
    pub(crate) now: Instant,
}

/// Events that the verdicts list which wait to be added: one may list a thousand.
pub(crate) const WAITING: usize = 100_000;

impl Told {
    /// How many events it lists.
    pub(crate) fn events(&self) -> usize {
        self.verdict.before.len() + 1
    }

    /// A verdict over kept events.
    pub(crate) fn new(verdict: Verdict, label: Label) -> Option<Self> {
        let (id, evidence) = (verdict_id(&verdict)?, verdict.evidence.clone()?);
        Some(Self { verdict, id, evidence, label })
    }
}

/// The letter of a value's type.
pub(crate) fn letter(scalar: Scalar) -> char {
    match scalar {
        Scalar::Integer => 'i',
        Scalar::Float => 'f',
        Scalar::Boolean => 'b',
        _ => 't',
    }
}

/// The table that evidence names, without its compartment.
pub(crate) fn class(evidence: &Evidence) -> &str {
    evidence.table.rsplit_once('/').map_or(&*evidence.table, |(_, class)| class)
}

fn story(told: &Told) -> &Story {
    &told.verdict.story
}

/// Rows of the table of verdicts.
pub(crate) fn rows(told: &[Told], stamp: Stamp) -> Result<RecordBatch, VerdictsError> {
    let rows = Rows(told);
    let of = |told: &Told| told.verdict.place;
    let entries = |told: &'_ Told| told.verdict.rule.is_correlation;
    let fields = told.iter().map(|told| {
        let fields = told.verdict.fields.iter();
        fields.map(|(name, value)| (name.as_str(), value.text.as_str())).collect::<Vec<_>>()
    });
    let groups = told.iter().map(|told| {
        told.verdict.group.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>()
    });
    let types =
        |told: &Told| told.verdict.fields.iter().map(|(_, value)| letter(value.scalar)).collect::<String>();
    let events = |told: &Told| serde_json::to_string(&told.verdict.events()).ok().filter(|_| entries(told));
    let cut = |told: &Told| {
        let cut = &told.verdict.cut;
        serde_json::to_string(cut).ok().filter(|_| !cut.is_empty())
    };
    let batch = |told: &Told| {
        let id = verdict_batch(BatchId::from(told.evidence.batch), stamp.rules);
        (!entries(told)).then(|| id.to_string())
    };
    let [owner, tlp, confidentiality, pap] = rows.labels(|told| &told.label);
    let columns: Vec<ArrayRef> = vec![
        rows.time(|told| of(told).time),
        rows.text(|told| Some(told.id.to_string())),
        rows.text(|told| Some(told.evidence.batch.to_string())),
        rows.text(|told| told.verdict.host.clone()),
        rows.text(|told| Some(told.verdict.rule.digest.id().to_string())),
        rows.text(|told| Some(told.verdict.rule.level.as_str())),
        rows.text(|told| Some(class(&told.evidence).to_owned())),
        rows.number(|told| Some(told.evidence.row)),
        rows.rest(|told| of(told).time),
        rows.text(|told| told.verdict.rule.id.clone()),
        rows.text(|told| Some(told.verdict.rule.title.clone())),
        rows.text(|told| told.verdict.rule.status.clone()),
        rows.text(|told| Some(told.verdict.rule.tags.join(" "))),
        maps(fields)?,
        rows.text(|told| Some(types(told))),
        maps(groups)?,
        rows.number(|told| Some(told.verdict.events_count)),
        rows.text(events),
        rows.text(cut),
        owner,
        tlp,
        confidentiality,
        pap,
        rows.text(|told| Some(told.verdict.source_path.clone())),
        rows.number(|told| Some(of(told).ordinal)),
        rows.number(|told| of(told).line),
        rows.number(|told| of(told).record_id),
        rows.number(|told| of(told).audit_serial),
        rows.text(|_| Some(stamp.rules.id().to_string())),
        rows.text(batch),
        rows.time(|_| Some(stamp.now)),
        rows.text(|told| Some(day(of(told).time, stamp.now))),
        rows.text(|told| told.verdict.rule.set.as_deref().map(str::to_owned)),
        rows.text(|told| story(told).process.clone()),
        rows.text(|told| story(told).parent.clone()),
        rows.text(|told| story(told).session.clone()),
        rows.text(|told| story(told).user.clone()),
    ];
    Ok(RecordBatch::try_new(Arc::clone(&table::verdicts()), columns)?)
}
