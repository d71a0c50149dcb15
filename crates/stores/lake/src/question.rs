//! What the lake itself asks of a table.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_cast::cast;
use arrow_schema::DataType;
use datafusion::catalog::TableProvider;
use datafusion::error::DataFusionError;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::prelude::{SessionConfig, SessionContext, col, lit};

use crate::batches::{self, Entry};
use crate::error::LakeError;
use crate::id::BatchId;
use crate::name::Compartment;
use crate::rows::{BATCH, DAY, ROW, RowsError};

/// The setting that reads the columns of those rows only that a filter lets through.
pub(crate) const PUSHED_DOWN: &str = "datafusion.execution.parquet.pushdown_filters";

/// The rows of a batch, in its order.
pub(crate) async fn batch(
    table: Arc<dyn TableProvider>,
    batch: BatchId,
) -> Result<Vec<RecordBatch>, LakeError> {
    let answer = async {
        // A batch is a small part of what lies around it: its other columns are read where it is.
        let config = SessionConfig::new().set_bool(PUSHED_DOWN, true);
        let rows = SessionContext::new_with_config(config).read_table(table)?;
        rows.filter(col(BATCH).eq(lit(batch.to_string())))?
            .sort(vec![col(ROW).sort(true, false)])?
            .collect()
            .await
    };
    answer.await.map_err(|error: DataFusionError| LakeError::Question(Box::new(error)))
}

/// How many rows a table has.
pub(crate) async fn rows(table: Arc<dyn TableProvider>) -> Result<u64, LakeError> {
    let counted = async { SessionContext::new().read_table(table)?.count().await };
    let counted = counted.await.map_err(|error: DataFusionError| LakeError::Question(Box::new(error)))?;
    Ok(counted as u64)
}

/// How many rows a table has in each partition up to one, in their order.
pub(crate) async fn days(table: Arc<dyn TableProvider>, last: &str) -> Result<Vec<(String, u64)>, LakeError> {
    let answer = async {
        let table = SessionContext::new().read_table(table)?.filter(col(DAY).lt_eq(lit(last)))?;
        table.aggregate(vec![col(DAY)], vec![count(lit(1))])?.collect().await
    };
    let parts = answer.await.map_err(|error: DataFusionError| LakeError::Question(Box::new(error)))?;
    let mut days = Vec::new();
    for part in parts {
        let names = cast(part.column(0), &DataType::Utf8).map_err(RowsError::from)?;
        let numbers = part.column(1).as_primitive::<Int64Type>().values();
        let named = names.as_string::<i32>().iter().zip(numbers);
        days.extend(named.filter_map(|(name, rows)| Some((name?.to_owned(), rows.cast_unsigned()))));
    }
    days.sort();
    Ok(days)
}

/// What the table of batches of a compartment holds.
pub(crate) async fn entries(
    table: Arc<dyn TableProvider>,
    compartment: &Compartment,
) -> Result<Vec<Entry>, LakeError> {
    let answer = async { SessionContext::new().read_table(table)?.collect().await };
    let rows = answer.await.map_err(|error: DataFusionError| LakeError::Question(Box::new(error)))?;
    let mut entries = Vec::new();
    for rows in rows {
        entries.extend(batches::entries(&rows, compartment)?);
    }
    Ok(entries)
}
