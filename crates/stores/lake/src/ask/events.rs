//! The virtual table `events`: all classes of a compartment, with the columns that they share.

use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::catalog::view::ViewTable;
use datafusion::common::{Column, ScalarValue};
use datafusion::datasource::provider_as_source;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, Union};
use datafusion::prelude::lit;

use crate::name::TableName;
use crate::rows;

/// Its class, which no table has.
pub(super) const EVENTS: &str = "events";

/// A table of a compartment and what reads it.
pub(super) type Part = (TableName, Arc<dyn TableProvider>);

/// All rows of some tables, in columns that all tables of events share: null where one lacks it.
pub(super) fn over(parts: &[Part]) -> Result<ViewTable> {
    let mut plans = Vec::new();
    for (name, provider) in parts {
        let source = provider_as_source(provider.clone());
        let scan = LogicalPlanBuilder::scan(name.class(), source, None)?;
        let columns: Vec<Expr> = shared(provider).collect::<Result<_>>()?;
        plans.push(Arc::new(scan.project(columns)?.build()?));
    }
    let plan = match plans.as_slice() {
        [one] => LogicalPlan::clone(one),
        _ => LogicalPlan::Union(Union::try_new_with_loose_types(plans)?),
    };
    Ok(ViewTable::new(plan, None))
}

/// The shared columns as one table gives them.
fn shared(provider: &Arc<dyn TableProvider>) -> impl Iterator<Item = Result<Expr>> {
    let schema = provider.schema();
    rows::shared().into_iter().map(move |field| {
        let wanted = crate::scan::in_memory(&field);
        let known = schema.field_with_name(field.name()).ok();
        let value = match known.filter(|known| known.data_type() == wanted.data_type()) {
            Some(_) => Expr::Column(Column::new_unqualified(field.name())),
            None => lit(ScalarValue::try_from(wanted.data_type())?),
        };
        Ok(value.alias(field.name()))
    })
}
