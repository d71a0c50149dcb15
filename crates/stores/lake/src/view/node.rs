//! The node in which the scan of a restricted view ends. It looks like a source of rows to whoever plans:
//! it has no inner part, takes no condition, limit or order, and knows nothing of how much it will give.
//! What it does is done in private.

use std::fmt;
use std::sync::Arc;

use arrow_array::{Array, BooleanArray, RecordBatch, RecordBatchOptions};
use arrow_schema::SchemaRef;
use datafusion::arrow::compute::{BatchCoalescer, and, prep_null_mask_filter};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties, SendableRecordBatchStream,
};
use futures::stream::{self, StreamExt};

use super::shown::Shown;

/// What is said of any error in here: the library's words may name files, or values of hidden rows.
pub(super) fn veiled() -> DataFusionError {
    DataFusionError::Execution("a table could not be read".to_owned())
}

/// How rows are chosen.
#[derive(Debug, Clone)]
pub(super) struct Private {
    /// Gives rows in as many parts as the node.
    pub(super) source: Arc<dyn ExecutionPlan>,
    /// What the question asks of them; it cannot fail.
    pub(super) filter: Option<Arc<dyn PhysicalExpr>>,
    pub(super) shown: Arc<Shown>,
    /// Places of the columns that say what is shown.
    pub(super) labels: Vec<usize>,
    /// Places of the columns that are given.
    pub(super) output: Vec<usize>,
}

/// The node.
pub(super) struct Node {
    properties: Arc<PlanProperties>,
    /// None where no row can be shown.
    private: Option<Private>,
}

impl Node {
    pub(super) fn new(schema: SchemaRef, private: Option<Private>, parts: usize) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema),
            // As many whatever there is to read.
            Partitioning::UnknownPartitioning(parts.max(1)),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Self { properties: Arc::new(properties), private }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("View")
    }
}

impl DisplayAs for Node {
    fn fmt_as(&self, kind: DisplayFormatType, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schema = self.properties.eq_properties.schema();
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        match kind {
            DisplayFormatType::TreeRender => write!(formatter, "columns={}", names.join(", ")),
            _ => write!(formatter, "View: columns=[{}]", names.join(", ")),
        }
    }
}

impl ExecutionPlan for Node {
    fn name(&self) -> &'static str {
        "View"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if children.is_empty() { Ok(self) } else { Err(veiled()) }
    }

    fn execute(&self, part: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let schema = self.schema();
        let Some(private) = self.private.clone() else {
            return Ok(Box::pin(RecordBatchStreamAdapter::new(schema, stream::empty())));
        };
        let size = context.session_config().batch_size();
        let input = private.source.execute(part, context).map_err(|_| veiled())?;
        let choosing = Choosing {
            input: Some(input),
            ready: BatchCoalescer::new(schema.clone(), size),
            size,
            schema: schema.clone(),
            private,
        };
        let rows =
            stream::try_unfold(choosing, |choosing| async { choosing.next().await.map_err(|_| veiled()) });
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, rows)))
    }
}

/// Rows on their way through the node. They leave it in runs of one length, so that how they lie among
/// hidden ones does not show in which of them are looked at together.
struct Choosing {
    /// None behind the last row.
    input: Option<SendableRecordBatchStream>,
    ready: BatchCoalescer,
    size: usize,
    schema: SchemaRef,
    private: Private,
}

impl Choosing {
    async fn next(mut self) -> Result<Option<(RecordBatch, Self)>> {
        loop {
            if let Some(rows) = self.ready.next_completed_batch() {
                return Ok(Some((rows, self)));
            }
            let Some(input) = &mut self.input else { return Ok(None) };
            match input.next().await {
                Some(rows) => {
                    if let Some(rows) = self.take(&rows?)? {
                        return Ok(Some((rows, self)));
                    }
                }
                None => {
                    self.input = None;
                    self.ready.finish_buffered_batch()?;
                }
            }
        }
    }

    /// Keeps what may leave of some rows; gives it where it is a whole run already.
    fn take(&mut self, rows: &RecordBatch) -> Result<Option<RecordBatch>> {
        let mask = self.mask(rows)?;
        let count = mask.true_count();
        if count == 0 {
            return Ok(None);
        }
        if self.schema.fields().is_empty() {
            let options = RecordBatchOptions::new().with_row_count(Some(count));
            return Ok(Some(RecordBatch::try_new_with_options(self.schema.clone(), Vec::new(), &options)?));
        }
        let columns = self.private.output.iter().map(|place| rows.column(*place).clone()).collect();
        let given = RecordBatch::try_new(self.schema.clone(), columns)?;
        if count == self.size && count == given.num_rows() && self.ready.is_empty() {
            return Ok(Some(given));
        }
        if count == given.num_rows() {
            self.ready.push_batch(given)?;
        } else {
            self.ready.push_batch_with_filter(given, &mask)?;
        }
        Ok(None)
    }

    /// Which rows may leave.
    fn mask(&self, rows: &RecordBatch) -> Result<BooleanArray> {
        let shown = self.private.shown.mask(rows, &self.private.labels).ok_or_else(veiled)?;
        let Some(filter) = &self.private.filter else { return Ok(shown) };
        let fits = filter.evaluate(rows)?.into_array(rows.num_rows())?;
        let fits = fits.as_any().downcast_ref::<BooleanArray>().ok_or_else(veiled)?;
        Ok(if fits.nulls().is_some() {
            and(&shown, &prep_null_mask_filter(fits))?
        } else {
            and(&shown, fits)?
        })
    }
}
