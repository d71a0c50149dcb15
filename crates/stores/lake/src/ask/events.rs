//! The virtual table `events`: all classes of a compartment, with the columns that they share.

use std::sync::Arc;

use arrow_schema::Field;
use datafusion::catalog::TableProvider;
use datafusion::catalog::view::ViewTable;
use datafusion::common::{Column, ScalarValue, TableReference};
use datafusion::datasource::provider_as_source;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, Union};
use datafusion::prelude::lit;

use crate::name::TableName;

/// Its class, which no table has.
pub(super) const EVENTS: &str = "events";

/// A table of a compartment and what reads it.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: TableName,
    pub(super) provider: Arc<dyn TableProvider>,
}

/// All rows of some tables, in columns that tables of events share: null where one lacks it.
pub(super) fn over(parts: &[Part], shared: &[Field]) -> Result<ViewTable> {
    let shared: Vec<Field> = shared.iter().map(|field| as_read(field, parts)).collect();
    let mut plans = Vec::new();
    for part in parts {
        let source = provider_as_source(part.provider.clone());
        let scan = LogicalPlanBuilder::scan(part.name.class(), source, None)?;
        let columns = shared.iter().map(|field| part.column(field));
        let columns: Vec<Expr> = columns.collect::<Result<_>>()?;
        plans.push(Arc::new(scan.project(columns)?.build()?));
    }
    let plan = match plans.as_slice() {
        [one] => LogicalPlan::clone(one),
        _ => LogicalPlan::Union(Union::try_new_with_loose_types(plans)?),
    };
    Ok(ViewTable::new(plan, None))
}

/// A column as tables give it, who call the inner parts of a map by other names.
fn as_read(field: &Field, parts: &[Part]) -> Field {
    let read = parts.iter().find_map(|part| {
        let schema = part.provider.schema();
        let read = schema.field_with_name(field.name()).ok()?.data_type().clone();
        read.equals_datatype(field.data_type()).then_some(read)
    });
    Field::new(field.name(), read.unwrap_or_else(|| field.data_type().clone()), true)
}

impl Part {
    /// A shared column as this table gives it. It is the table's own in either case: a name that is
    /// nobody's would get in the way of one that is.
    fn column(&self, field: &Field) -> Result<Expr> {
        let table = TableReference::bare(self.name.class());
        let schema = self.provider.schema();
        let known = schema.field_with_name(field.name());
        Ok(match known.is_ok_and(|known| known.data_type() == field.data_type()) {
            true => Expr::Column(Column::new(Some(table), field.name())),
            false => {
                lit(ScalarValue::try_from(field.data_type())?).alias_qualified(Some(table), field.name())
            }
        })
    }
}
