//! What the lake itself asks of a table.

use std::sync::Arc;

use arrow_array::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::prelude::{SessionContext, col, lit};

use crate::batches::{self, Entry};
use crate::error::LakeError;
use crate::id::BatchId;
use crate::rows::{BATCH, ROW};
use crate::table::Table;

/// The rows of a batch, in its order.
pub(crate) async fn batch(table: &Table, batch: BatchId) -> Result<Vec<RecordBatch>, LakeError> {
    let answer = async {
        let provider = table.delta.table_provider().build().await?;
        let rows = SessionContext::new().read_table(Arc::new(provider))?;
        rows.filter(col(BATCH).eq(lit(batch.to_string())))?
            .sort(vec![col(ROW).sort(true, false)])?
            .collect()
            .await
    };
    answer.await.map_err(|error: DataFusionError| LakeError::Question(Box::new(error)))
}

/// What the table of batches holds.
pub(crate) async fn entries(table: &Table) -> Result<Vec<Entry>, LakeError> {
    let answer = async {
        let provider = table.delta.table_provider().build().await?;
        SessionContext::new().read_table(Arc::new(provider))?.collect().await
    };
    let rows = answer.await.map_err(|error: DataFusionError| LakeError::Question(Box::new(error)))?;
    let mut entries = Vec::new();
    for rows in rows {
        entries.extend(batches::entries(&rows, table.name.compartment())?);
    }
    Ok(entries)
}
