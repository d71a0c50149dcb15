//! The table of flaws: what of a batch could not be read.
//!
//! | column | type | what |
//! |---|---|---|
//! | `batch` | text (UUID) | the batch |
//! | `owner`, `tlp` | text | as of the batch |
//! | `source_path` | text | where it was read |
//! | `offset`, `length` | i64 | where it stands in the source, and how much is lost, where known |
//! | `code`, `arguments`, `reason` | text | why: a code that stays, its values (JSON), one English clause |
//! | `confidentiality`, `pap` | text | as of the batch |

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use model::event::Flaw;

use crate::batches::Entry;
use crate::rows::{CONFIDENTIALITY, PAP, RowsError};

/// The name of the table in each compartment.
pub const FLAWS: &str = "flaws";

/// The columns of the table.
#[must_use]
pub fn schema() -> SchemaRef {
    let text = |name| Field::new(name, DataType::Utf8, true);
    let number = |name| Field::new(name, DataType::Int64, true);
    let (ids, reasons) = (["batch", "owner", "tlp", "source_path"], ["code", "arguments", "reason"]);
    let columns = ids.map(text).into_iter().chain(["offset", "length"].map(number)).chain(reasons.map(text));
    // Behind the others, where tables that are there get them.
    let columns = columns.chain([CONFIDENTIALITY, PAP].map(text));
    Arc::new(Schema::new(columns.collect::<Vec<_>>()))
}

/// The flaws of a batch as rows of the table.
///
/// # Errors
/// When Arrow refuses, which the construction rules out.
pub fn rows(entry: &Entry, flaws: &[Flaw]) -> Result<RecordBatch, RowsError> {
    let same = |text: &str| -> ArrayRef { Arc::new(StringArray::new_repeated(text, flaws.len())) };
    let text = |get: &dyn Fn(&Flaw) -> Option<String>| -> ArrayRef {
        Arc::new(flaws.iter().map(get).collect::<StringArray>())
    };
    let number = |get: &dyn Fn(&Flaw) -> Option<u64>| -> ArrayRef {
        Arc::new(flaws.iter().map(|flaw| get(flaw).map(u64::cast_signed)).collect::<Int64Array>())
    };
    let columns = vec![
        same(&entry.batch.to_string()),
        same(&entry.owner.organisation),
        same(entry.marking.tlp.as_str()),
        same(&entry.source_path),
        number(&|flaw| Some(flaw.offset)),
        number(&|flaw| flaw.length),
        text(&|flaw| Some(flaw.reason.code.to_owned())),
        text(&|flaw| serde_json::to_value(&flaw.reason).ok()?.get("arguments").map(ToString::to_string)),
        text(&|flaw| Some(flaw.reason.text.clone())),
        text(&|_| entry.marking.confidentiality.map(|grade| grade.as_str().to_owned())),
        text(&|_| entry.marking.pap.map(|pap| pap.as_str().to_owned())),
    ];
    Ok(RecordBatch::try_new(schema(), columns)?)
}
