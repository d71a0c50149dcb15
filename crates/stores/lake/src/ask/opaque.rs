//! Filters that nobody reasons about.
//!
//! DataFusion 55.2 works out which values columns can have behind a filter, and takes a cast or a division
//! for one that can be undone: from `time::DATE = DATE '2026-05-27'` it concludes that `time` is midnight
//! in every row, and does not sort by it. So filters with more in them than columns, values and
//! comparisons are hidden from it, once files have been chosen by them.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, FieldRef, Schema};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::error::{DataFusionError, Result as Planned};
use datafusion::logical_expr::{ColumnarValue, Operator};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{BinaryExpr, CastExpr, NegativeExpr};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::filter::{FilterExec, FilterExecBuilder};

/// An expression that is only ever evaluated.
#[derive(Debug, Clone, Eq)]
struct Opaque(Arc<dyn PhysicalExpr>);

// What is derived would move the expression.
impl PartialEq for Opaque {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq(&other.0)
    }
}

impl Hash for Opaque {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Display for Opaque {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl PhysicalExpr for Opaque {
    fn data_type(&self, schema: &Schema) -> Planned<DataType> {
        self.0.data_type(schema)
    }

    fn nullable(&self, schema: &Schema) -> Planned<bool> {
        self.0.nullable(schema)
    }

    fn evaluate(&self, batch: &RecordBatch) -> Planned<ColumnarValue> {
        self.0.evaluate(batch)
    }

    fn return_field(&self, schema: &Schema) -> Planned<FieldRef> {
        self.0.return_field(schema)
    }

    fn children(&self) -> Vec<&Arc<dyn PhysicalExpr>> {
        vec![&self.0]
    }

    fn with_new_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn PhysicalExpr>>,
    ) -> Planned<Arc<dyn PhysicalExpr>> {
        let child = children.pop().filter(|_| children.is_empty());
        let child = child.ok_or_else(|| DataFusionError::Internal("one expression was hidden".to_owned()))?;
        Ok(Arc::new(Self(child)))
    }

    fn fmt_sql(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt_sql(formatter)
    }
}

/// Hides filters of which too much would be concluded.
#[derive(Debug)]
pub(super) struct Hiding;

impl PhysicalOptimizerRule for Hiding {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Planned<Arc<dyn ExecutionPlan>> {
        let hide = |node: Arc<dyn ExecutionPlan>| {
            let Some(filter) =
                node.downcast_ref::<FilterExec>().filter(|filter| misleads(filter.predicate()))
            else {
                return Ok(Transformed::no(node));
            };
            let hidden = Arc::new(Opaque(filter.predicate().clone()));
            let filter = FilterExecBuilder::from(filter).with_predicate(hidden).build()?;
            Ok(Transformed::yes(Arc::new(filter) as Arc<dyn ExecutionPlan>))
        };
        plan.transform_up(hide).data()
    }

    fn name(&self) -> &'static str {
        "hiding"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// Whether a filter has something in it that cannot be undone and is taken for what can.
fn misleads(predicate: &Arc<dyn PhysicalExpr>) -> bool {
    let calculates = |expression: &BinaryExpr| {
        use Operator::{Divide, Minus, Modulo, Multiply, Plus};
        matches!(expression.op(), Plus | Minus | Multiply | Divide | Modulo)
    };
    let found = predicate.exists(|part| {
        Ok(part.is::<CastExpr>()
            || part.is::<NegativeExpr>()
            || part.downcast_ref::<BinaryExpr>().is_some_and(calculates))
    });
    found.unwrap_or(true)
}
