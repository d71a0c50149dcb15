//! Questions to tables, answered by DataFusion.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use datafusion::error::DataFusionError;
use datafusion::prelude::{SessionContext, col, lit};

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

/// How many rows a table has.
pub(crate) async fn count(table: &Table) -> Result<u64, LakeError> {
    let answer = async {
        let provider = table.delta.table_provider().build().await?;
        let context = SessionContext::new();
        context.register_table("rows", Arc::new(provider))?;
        context.sql("SELECT count(*) FROM rows").await?.collect().await
    };
    let answer = answer.await.map_err(|error| LakeError::Question(Box::new(error)))?;
    let counted = answer
        .first()
        .and_then(|rows| rows.column(0).as_primitive_opt::<Int64Type>()?.values().first().copied());
    counted.and_then(|count| u64::try_from(count).ok()).ok_or_else(|| {
        let message = "a count is no number".to_owned();
        LakeError::Question(Box::new(DataFusionError::Internal(message)))
    })
}
