//! What a question would cost, as far as its plan shows that.

use std::sync::Arc;

use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::error::Result as Planned;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::prelude::SQLOptions;

use super::error::AskError;

/// Refuses plans that do more than read.
pub(super) fn reads(plan: &LogicalPlan) -> Result<(), AskError> {
    let options = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    options.verify_plan(plan).map_err(|_| AskError::NotAQuestion("a statement other than SELECT"))
}

/// Refuses joins of every row with every other. Which columns must be equal is known once the plan has
/// been optimised, wherever the question says it; a side of one row, such as a subquery that is a
/// value, may be joined with anything.
pub(super) fn joins(optimised: &LogicalPlan) -> Result<(), AskError> {
    let mut crosses = false;
    let walked = optimised.apply_with_subqueries(|node| {
        if let LogicalPlan::Join(join) = node {
            let is_one = |side: &LogicalPlan| side.max_rows().is_some_and(|rows| rows <= 1);
            crosses |= join.on.is_empty() && !is_one(&join.left) && !is_one(&join.right);
        }
        Ok(TreeNodeRecursion::Continue)
    });
    walked.map_err(|error| AskError::of(&error))?;
    if crosses { Err(AskError::Cross) } else { Ok(()) }
}

/// Makes joins give others a turn now and then. A join that matches much is always ready with more, so
/// that whoever filters or counts what it gives would never come to notice that time is over.
#[derive(Debug)]
pub(super) struct Pausing;

impl PhysicalOptimizerRule for Pausing {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Planned<Arc<dyn ExecutionPlan>> {
        let pause = |node: Arc<dyn ExecutionPlan>| {
            Ok(if node.name().ends_with("JoinExec") {
                Transformed::yes(Arc::new(CooperativeExec::new(node)) as Arc<dyn ExecutionPlan>)
            } else {
                Transformed::no(node)
            })
        };
        plan.transform_up(pause).data()
    }

    fn name(&self) -> &'static str {
        "pausing"
    }

    fn schema_check(&self) -> bool {
        true
    }
}
