//! What of the tables of a compartment is whole. A batch's rows lie in several tables, which are added
//! to one after the other, the table of batches last: so what the others hold beyond it is half of
//! something, and nobody sees it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::cast::AsArray;
use datafusion::error::DataFusionError;
use datafusion::prelude::SessionContext;

use crate::batches::{BATCHES, REPLACES};
use crate::error::LakeError;
use crate::name::{Compartment, TableName};
use crate::place::Place;
use crate::scan::{Footers, Scan};
use crate::table::Table;
use crate::writer::Shard;

/// What of a compartment's tables is whole, as of one moment.
#[derive(Debug)]
pub(crate) struct Whole<'a> {
    place: &'a Place,
    /// None where nothing is known of batches: then everything is taken for whole.
    batches: Option<Table>,
}

/// Batches that others supersede, by compartment, as of a version of its table of batches.
#[derive(Debug, Clone, Default)]
pub(crate) struct Superseded(Arc<Mutex<HashMap<Compartment, AsOf>>>);

#[derive(Debug, Clone)]
struct AsOf {
    version: u64,
    batches: Arc<HashSet<String>>,
}

impl<'a> Whole<'a> {
    /// What is whole now.
    pub(crate) async fn of(place: &'a Place, compartment: &Compartment) -> Result<Self, LakeError> {
        let name = TableName::new(compartment.clone(), BATCHES)?;
        let batches = match Table::open(place, &name).await {
            Ok(table) => Some(table),
            Err(LakeError::NoTable(_)) => None,
            Err(error) => return Err(error),
        };
        Ok(Self { place, batches })
    }

    /// A table of the compartment at its newest version that holds no half of a batch.
    pub(crate) async fn table(&self, name: &TableName) -> Result<Table, LakeError> {
        let table = Table::open(self.place, name).await?;
        let Some(batches) = &self.batches else { return Ok(table) };
        let log = self.place.log(name);
        let mut whole = None;
        for version in (0..=table.version()).rev() {
            let Some(commit) = log.transaction(version)? else { break };
            let Some(said) = commit else { continue };
            let known = match said.shard.parse::<Shard>() {
                Ok(shard) => batches.last(&shard).await?,
                Err(_) => break,
            };
            if known.is_some_and(|known| known >= said.number) {
                break;
            }
            whole = version.checked_sub(1);
        }
        match whole {
            Some(version) => Table::load(self.place, name, Some(version)).await,
            None => Ok(table),
        }
    }

    /// The version of the table of batches, if there is one.
    pub(crate) fn version(&self) -> Option<u64> {
        self.batches.as_ref().map(Table::version)
    }

    /// Batches of the compartment that others supersede.
    pub(crate) async fn superseded(
        &self,
        remembered: &Superseded,
        footers: &Footers,
    ) -> Result<Arc<HashSet<String>>, LakeError> {
        let Some(batches) = &self.batches else { return Ok(Arc::default()) };
        let compartment = batches.name.compartment();
        if let Some(known) = remembered.get(compartment).filter(|known| known.version == batches.version()) {
            return Ok(known.batches);
        }
        let found = Arc::new(replaced(Scan::of(batches, self.place, footers)?).await?);
        let known = AsOf { version: batches.version(), batches: found.clone() };
        remembered.put(compartment.clone(), known);
        Ok(found)
    }
}

impl Superseded {
    fn get(&self, compartment: &Compartment) -> Option<AsOf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(compartment).cloned()
    }

    fn put(&self, compartment: Compartment, known: AsOf) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(compartment, known);
    }
}

/// All batches that a table of batches says to be superseded.
async fn replaced(batches: Scan) -> Result<HashSet<String>, LakeError> {
    let answer = async {
        let table = SessionContext::new().read_table(Arc::new(batches))?;
        table.select_columns(&[REPLACES])?.collect().await
    };
    let rows = answer.await.map_err(|error: DataFusionError| LakeError::Question(Box::new(error)))?;
    let mut found = HashSet::new();
    for rows in &rows {
        let lists = rows.column(0).as_list_opt::<i32>().into_iter().flat_map(|lists| lists.iter().flatten());
        for list in lists {
            let texts = arrow_cast::cast(&list, &arrow_schema::DataType::Utf8);
            let texts = texts.map_err(crate::rows::RowsError::from)?;
            found.extend(texts.as_string::<i32>().iter().flatten().map(str::to_owned));
        }
    }
    Ok(found)
}
