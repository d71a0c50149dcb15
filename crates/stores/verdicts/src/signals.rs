//! Signals as rows, and back.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use detect::{Engine, RuleDigest, Signal};
use lake::{Delivery, RowsError, day};
use model::evidence::{ContentId, Evidence, Kept as KeptIn, Origin};
use model::time::Instant;

use crate::columns::Rows;
use crate::error::VerdictsError;
use crate::id::signal_id;
use crate::label::Label;
use crate::read::{COMMON, Common, Kept, text};
use crate::table::{self, SIGNALS};
use crate::write::class;

/// A signal that is to be kept.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) signal: Signal,
    pub(crate) id: ContentId,
    feed: RuleDigest,
    evidence: Evidence,
    label: Label,
}

impl Told {
    /// A signal of a kept event.
    pub(crate) fn new(signal: Signal, label: Label, engine: &Engine) -> Option<Self> {
        let (feed, evidence) = (engine.feed(signal.rule)?, signal.origin.evidence(signal.place.ordinal)?);
        Some(Self { id: signal_id(feed, &evidence), signal, feed, evidence, label })
    }
}

/// Rows of the table of signals that come with a delivery.
pub(crate) fn rows(told: &[Told], from: &Delivery, now: Instant) -> Result<RecordBatch, VerdictsError> {
    let rows = Rows(told);
    let place = |told: &Told| told.signal.place;
    let [owner, tlp, confidentiality, pap] = rows.labels(|told| &told.label);
    let columns: Vec<ArrayRef> = vec![
        rows.time(|told| place(told).time),
        rows.text(|told| Some(told.id.to_string())),
        rows.text(|told| Some(told.evidence.batch.to_string())),
        rows.text(|told| told.signal.host.as_deref().map(str::to_owned)),
        rows.text(|told| Some(told.feed.id().to_string())),
        rows.text(|told| Some(class(&told.evidence).to_owned())),
        rows.number(|_| Some(from.number)),
        rows.text(|_| Some(from.shard.as_str())),
        rows.number(|told| Some(told.evidence.row)),
        rows.rest(|told| place(told).time),
        rows.text(|told| serde_json::to_string(&told.signal.values).ok()),
        owner,
        tlp,
        confidentiality,
        pap,
        rows.text(|told| Some(told.signal.origin.source_path.to_string())),
        rows.number(|told| Some(place(told).ordinal)),
        rows.number(|told| place(told).line),
        rows.number(|told| place(told).record_id),
        rows.number(|told| place(told).audit_serial),
        rows.text(|told| Some(day(place(told).time, now))),
    ];
    Ok(RecordBatch::try_new(table::signals(), columns)?)
}

/// Rules by what their signals are known by.
pub(crate) fn feeds(engine: &Engine) -> HashMap<String, u32> {
    let numbers = 0..u32::try_from(engine.rules().len()).unwrap_or(u32::MAX);
    numbers.filter_map(|rule| Some((engine.feed(rule)?.id().to_string(), rule))).collect()
}

impl Kept<'_> {
    /// The kept signals of an engine's rules that fit, each with what is said of its event.
    pub(crate) fn signals(
        &self,
        engine: &Engine,
        (rest, values): (&str, &[String]),
        take: &mut dyn FnMut(Signal, Label) -> Result<(), VerdictsError>,
    ) -> Result<(), VerdictsError> {
        let feeds = feeds(engine);
        // Signals of one batch follow each other.
        let mut last: Option<Arc<Origin>> = None;
        let what = format!("{COMMON}, feed, \"values\"");
        self.ask([&what, SIGNALS, rest], values, &mut |rows| {
            let (common, feed, values) = (Common::of(rows)?, rows.texts("feed")?, rows.texts("values")?);
            for row in 0..rows.rows() {
                let Some(&rule) = text(&feed, row).and_then(|feed| feeds.get(feed)) else { continue };
                let (evidence, place) = (common.evidence(row, self.compartment)?, common.place(row));
                let kept = KeptIn {
                    table: evidence.table,
                    batch: evidence.batch,
                    first_event: place.ordinal.saturating_sub(evidence.row + 1),
                };
                let is_same = |origin: &&Arc<Origin>| {
                    *origin.source_path == *common.source_path(row) && origin.kept.as_ref() == Some(&kept)
                };
                let origin = last.as_ref().filter(is_same).cloned().unwrap_or_else(|| {
                    Arc::new(Origin { source_path: common.source_path(row).into(), kept: Some(kept.clone()) })
                });
                last = Some(origin.clone());
                let host = common.host(row).map(Into::into);
                let values = serde_json::from_str(text(&values, row).unwrap_or_default());
                let values = values.map_err(|_| RowsError::Column("values".to_owned()))?;
                take(Signal { rule, origin, place, host, values }, common.label(row))?;
            }
            Ok(())
        })
    }
}
