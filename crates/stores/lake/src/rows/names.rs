//! Columns that every table of events has.

use model::marking::Marking;

use crate::id::{BatchId, Owner};

pub(crate) const TIME: &str = "time";
pub(super) const TIME_REST: &str = "time_rest";
pub(crate) const BATCH: &str = "batch";
pub(crate) const ROW: &str = "row";
pub(super) const PRODUCT: &str = "product";
pub(super) const LOG: &str = "log";
pub(super) const EVENT_ID: &str = "event_id";
pub(super) const CLASS: &str = "class";
pub(crate) const OWNER: &str = "owner";
pub(crate) const TLP: &str = "tlp";
pub(crate) const CONFIDENTIALITY: &str = "confidentiality";
pub(crate) const PAP: &str = "pap";
pub(super) const SOURCE_PATH: &str = "source_path";
pub(super) const ORDINAL: &str = "ordinal";
pub(super) const LINE: &str = "line";
pub(super) const RECORD_ID: &str = "record_id";
pub(super) const AUDIT_SERIAL: &str = "audit_serial";
pub(super) const READER: &str = "reader";
pub(super) const RAW: &str = "raw";
pub(crate) const SHAPE: &str = "shape";

/// What is said of all rows of a batch.
#[derive(Debug, Clone)]
pub struct Labels {
    /// The batch.
    pub batch: BatchId,
    /// Number of its first event in the source, from 0.
    pub first_event: u64,
    /// Whose events they are.
    pub owner: Owner,
    /// What may be done with them.
    pub marking: Marking,
    /// Version of the reader that made them.
    pub reader: u32,
}
