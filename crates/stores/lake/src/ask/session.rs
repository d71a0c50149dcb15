//! What a question is planned and run with: its tables, the functions it may call, and how much memory
//! and disk it may take. Each has its own, so that none sees what another did.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_schema::Field;
use datafusion::catalog::view::ViewTable;
use datafusion::catalog::{
    CatalogProvider, MemoryCatalogProvider, MemorySchemaProvider, SchemaProvider, TableProvider,
};
use datafusion::datasource::provider_as_source;
use datafusion::error::Result as Planned;
use datafusion::execution::SessionStateDefaults;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::{LogicalPlanBuilder, ScalarUDF};
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;
use datafusion::prelude::{SessionConfig, SessionContext, col, lit};

use super::error::AskError;
use super::events::{self, EVENTS, Part};
use super::opaque::Hiding;
use super::plan::Pausing;
use super::{AskLimits, Asked, windows};
use crate::batches::BATCHES;
use crate::error::LakeError;
use crate::listing;
use crate::name::{Compartment, TableName};
use crate::question::PUSHED_DOWN;
use crate::rows::{self, BATCH};
use crate::scan::Scan;
use crate::whole::Whole;

/// Functions that make much of little without asking for the memory, or tell of the machine.
const BANNED: [&str; 12] = [
    "repeat",
    "rpad",
    "lpad",
    "array_repeat",
    "list_repeat",
    "array_resize",
    "list_resize",
    "range",
    "generate_series",
    "gen_series",
    "make_map",
    "version",
];

/// Work done at the same time for one question; two questions share the machine.
const PARTITIONS: usize = 2;

/// What the catalogue of all tables is called where nobody sees it.
const LAKE: &str = "lake";

/// A session that knows some tables and nothing else.
pub(super) async fn over(
    lake: &Asked,
    names: &BTreeSet<TableName>,
    limits: &AskLimits,
) -> Result<SessionContext, AskError> {
    let wrong = |error| AskError::of(&error);
    let session = SessionContext::new_with_state(state(lake, limits).map_err(wrong)?);
    let catalog = Arc::new(MemoryCatalogProvider::new());
    session.register_catalog(LAKE, catalog.clone());
    // A question without tables has its own compartment, too.
    tables_of(&catalog, &Compartment::own()).map_err(wrong)?;
    let mut wholes: BTreeMap<&Compartment, Whole<'_>> = BTreeMap::new();
    for name in names {
        let compartment = name.compartment();
        if !wholes.contains_key(compartment) {
            wholes.insert(compartment, Whole::of(&lake.place, compartment).await?);
        }
    }
    for name in names {
        let Some(whole) = wholes.get(name.compartment()) else { continue };
        let table = if name.class() == EVENTS {
            let shared = shared(lake);
            Arc::new(events::over(&parts(lake, name, whole).await?, &shared).map_err(wrong)?)
        } else {
            opened(lake, name, whole).await?.provider
        };
        let tables = tables_of(&catalog, name.compartment()).map_err(wrong)?;
        tables.register_table(name.class().to_owned(), table).map_err(wrong)?;
    }
    Ok(session)
}

/// The tables of a compartment, of which there are none at first.
fn tables_of(catalog: &MemoryCatalogProvider, compartment: &Compartment) -> Planned<Arc<dyn SchemaProvider>> {
    if let Some(tables) = catalog.schema(compartment.as_str()) {
        return Ok(tables);
    }
    let tables = Arc::new(MemorySchemaProvider::new());
    catalog.register_schema(compartment.as_str(), tables.clone())?;
    Ok(tables)
}

/// Functions, memory, disk and threads that a question has.
fn state(lake: &Asked, limits: &AskLimits) -> Planned<SessionState> {
    let disk = DiskManagerBuilder::default()
        .with_mode(DiskManagerMode::OsTmpDirectory)
        .with_max_temp_directory_size(limits.disk);
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(FairSpillPool::new(limits.memory)))
        .with_disk_manager_builder(disk)
        .build_arc()?;
    let config = SessionConfig::new()
        .with_target_partitions(PARTITIONS)
        .with_information_schema(false)
        .with_create_default_catalog_and_schema(false)
        .with_default_catalog_and_schema(LAKE, Compartment::own().as_str())
        .set_bool("datafusion.execution.enable_recursive_ctes", false)
        .set_bool(PUSHED_DOWN, lake.pushing_down);
    let is_allowed = |function: &Arc<ScalarUDF>| {
        let names = function.aliases().iter().map(String::as_str).chain([function.name()]);
        !names.into_iter().any(|name| BANNED.contains(&name))
    };
    let scalars = SessionStateDefaults::default_scalar_functions().into_iter().filter(is_allowed);
    let mut rules = PhysicalOptimizer::new().rules;
    // Behind the rule that lets filters choose files, before those that go by what they conclude.
    let chosen = rules.iter().position(|rule| rule.name() == "FilterPushdown").map_or(0, |rule| rule + 1);
    rules.insert(chosen, Arc::new(Hiding));
    rules.push(Arc::new(Pausing));
    Ok(SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(runtime)
        .with_optimizer_rules(windows::rules())
        .with_physical_optimizer_rules(rules)
        .with_expr_planners(SessionStateDefaults::default_expr_planners())
        .with_scalar_functions(scalars.collect())
        .with_aggregate_functions(SessionStateDefaults::default_aggregate_functions())
        .with_window_functions(SessionStateDefaults::default_window_functions())
        .build())
}

/// All tables of events of the compartment in which a name lies.
async fn parts(lake: &Asked, name: &TableName, whole: &Whole<'_>) -> Result<Vec<Part>, AskError> {
    let mut names = listing::names(&lake.place)?;
    names.retain(|part| part.compartment() == name.compartment());
    let mut parts: Vec<Part> = Vec::new();
    for part in names {
        match opened(lake, &part, whole).await {
            Ok(Opened { provider, are_events: true }) => parts.push(Part { name: part, provider }),
            Ok(_) => {}
            // A table whose first commit is not there yet.
            Err(AskError::Lake(LakeError::NoTable(_))) => {}
            // One of which nobody knows what was there; it is none of events.
            Err(AskError::NotAtHorizon(_)) => {}
            Err(error) => return Err(error),
        }
    }
    if parts.is_empty() { Err(LakeError::NoTable(name.clone()).into()) } else { Ok(parts) }
}

/// The columns of all events, as far as they are seen.
fn shared(lake: &Asked) -> Vec<Field> {
    let mut shared = rows::shared();
    if let Some(restricted) = &lake.restricted {
        shared.retain(|field| restricted.shows_column(field.name()));
    }
    shared
}

/// A table as questions see it.
struct Opened {
    provider: Arc<dyn TableProvider>,
    /// Whether its rows are events.
    are_events: bool,
}

/// What questions see of a table: whole batches, and none that another supersedes. The table of batches
/// tells of all.
async fn opened(lake: &Asked, name: &TableName, whole: &Whole<'_>) -> Result<Opened, AskError> {
    if let Some(restricted) = &lake.restricted {
        let (provider, are_events) = restricted.table(lake.shelf(), whole, name).await?;
        return Ok(Opened { provider, are_events });
    }
    let table = whole.table(name).await?;
    let scan = Arc::new(Scan::of(&table, &lake.place, &lake.footers)?);
    let are_events = rows::are_events(&scan.schema());
    let seen = match &lake.at {
        Some(at) => at.filter(name, &scan.schema())?,
        None => {
            let superseded = whole.superseded(&lake.superseded, &lake.footers).await?;
            let has_batches = name.class() != BATCHES && scan.schema().field_with_name(BATCH).is_ok();
            let gone = || superseded.iter().map(|batch| lit(batch.as_str())).collect();
            (has_batches && !superseded.is_empty()).then(|| col(BATCH).in_list(gone(), true))
        }
    };
    let Some(seen) = seen else { return Ok(Opened { provider: scan, are_events }) };
    let better =
        || LogicalPlanBuilder::scan(name.class(), provider_as_source(scan), None)?.filter(seen)?.build();
    let better = better().map_err(|error| LakeError::Question(Box::new(error)))?;
    Ok(Opened { provider: Arc::new(ViewTable::new(better, None)), are_events })
}
