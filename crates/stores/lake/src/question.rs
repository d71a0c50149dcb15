//! What the lake itself asks of a table.

use std::sync::Arc;

use arrow_array::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::prelude::{SessionContext, col, lit};

use crate::error::LakeError;
use crate::id::BatchId;
use crate::rows::{BATCH, ROW};
use crate::scan::Scan;

/// The rows of a batch, in its order.
pub(crate) async fn batch(scan: Scan, batch: BatchId) -> Result<Vec<RecordBatch>, LakeError> {
    let answer = async {
        let rows = SessionContext::new().read_table(Arc::new(scan))?;
        rows.filter(col(BATCH).eq(lit(batch.to_string())))?
            .sort(vec![col(ROW).sort(true, false)])?
            .collect()
            .await
    };
    answer.await.map_err(|error: DataFusionError| LakeError::Question(Box::new(error)))
}
