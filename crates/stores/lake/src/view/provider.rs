//! A table as a restricted view shows it.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use arrow_schema::{Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::DFSchema;
use datafusion::datasource::TableType;
use datafusion::error::Result;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;

use super::crossing::crosses;
use super::node::{Node, Private, veiled};
use super::shown::Shown;
use crate::scan::{Apart, Scan};

/// The rows and columns of a table that a view shows.
#[derive(Debug)]
pub(super) struct Seen {
    scan: Scan,
    shown: Arc<Shown>,
    /// Places of the columns that are seen.
    places: Vec<usize>,
    schema: SchemaRef,
    pushing_down: bool,
}

impl Seen {
    pub(super) fn new(scan: Scan, shown: Arc<Shown>, hidden: &HashSet<String>, pushing_down: bool) -> Self {
        let all = scan.schema();
        let is_seen = |(_, field): &(usize, &Arc<arrow_schema::Field>)| !hidden.contains(field.name());
        let (places, fields): (Vec<usize>, Vec<Arc<arrow_schema::Field>>) =
            all.fields().iter().enumerate().filter(is_seen).map(|(at, field)| (at, field.clone())).unzip();
        Self { scan, shown, places, schema: Arc::new(Schema::new(fields)), pushing_down }
    }

    /// What the node does in private; nothing where no row can be shown.
    fn private(&self, session: &dyn Session, output: &[usize], filters: &[Expr]) -> Result<Option<Private>> {
        let all = self.scan.schema();
        let Some(labels) = self.shown.places(&all) else { return Ok(None) };
        let asked = filters.iter().flat_map(Expr::column_refs);
        let asked: Vec<usize> = asked.map(|column| all.index_of(&column.name)).collect::<Result<_, _>>()?;
        let read: BTreeSet<usize> = output.iter().chain(&labels).chain(&asked).copied().collect();
        let read: Vec<usize> = read.into_iter().collect();
        let at = |place: &usize| read.binary_search(place).unwrap_or_default();
        let schema = DFSchema::try_from(all.project(&read)?)?;
        let filter = conjunction(filters.iter().cloned());
        let filter = filter.map(|filter| session.create_physical_expr(filter, &schema)).transpose()?;
        let choosing: Vec<Expr> = filters.iter().cloned().chain([self.shown.bound()]).collect();
        let wanted = Apart { columns: &read, filters: &choosing, pushing_down: self.pushing_down };
        let source = self.scan.apart(session, &wanted)?;
        Ok(source.map(|source| Private {
            source,
            filter,
            shown: self.shown.clone(),
            labels: labels.iter().map(at).collect(),
            output: output.iter().map(at).collect(),
        }))
    }
}

#[async_trait]
impl TableProvider for Seen {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let cross = |filter: &&Expr| match crosses(filter, &self.schema) {
            true => TableProviderFilterPushDown::Exact,
            false => TableProviderFilterPushDown::Unsupported,
        };
        Ok(filters.iter().map(cross).collect())
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if !filters.iter().all(|filter| crosses(filter, &self.schema)) {
            return Err(veiled());
        }
        let projected = projection.cloned().unwrap_or_else(|| (0..self.places.len()).collect());
        let output: Vec<usize> = projected.iter().map(|place| self.places[*place]).collect();
        let private = self.private(session, &output, filters).map_err(|_| veiled())?;
        let schema = Arc::new(self.schema.project(&projected)?);
        Ok(Arc::new(Node::new(schema, private, session.config().target_partitions())))
    }
}
