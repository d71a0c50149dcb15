//! What is known of tables from one look to the next, as long as no version was made since. To read the log of
//! a table takes longer than to find a value in it.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use deltalake::DeltaTableError;

use crate::batches::BATCHES;
use crate::error::LakeError;
use crate::name::{Compartment, TableName};
use crate::place::Place;
use crate::rows::DAY;
use crate::table::Table;
use crate::values::Column;

/// Tables as they were when somebody looked through them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known(Arc<Mutex<Remembered>>);

#[derive(Debug, Default)]
struct Remembered {
    tables: HashMap<TableName, Arc<Kept>>,
    superseded: HashMap<Compartment, Gone>,
}

/// A table at a version.
#[derive(Debug)]
pub(super) struct Kept {
    version: u64,
    /// Its columns that hold what people look up.
    pub(super) sought: Vec<Column>,
    pub(super) files: Vec<File>,
}

/// A file that the version names.
#[derive(Debug)]
pub(super) struct File {
    /// As the log has it.
    pub(super) path: String,
    pub(super) size: u64,
    /// The day of its rows, if the table has days.
    pub(super) day: Option<String>,
    pub(super) location: PathBuf,
}

/// Batches that others supersede.
#[derive(Debug, Clone)]
pub(super) struct Gone {
    /// As of this version of the table of batches; none where there was no such table.
    pub(super) version: Option<u64>,
    pub(super) batches: Arc<HashSet<String>>,
}

impl Known {
    /// A table, if it is as it was.
    pub(super) fn table(&self, place: &Place, name: &TableName) -> Option<Arc<Kept>> {
        let remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.tables.get(name).filter(|kept| place.log(name).is_newest(kept.version)).cloned()
    }

    /// What is superseded in a compartment, if its table of batches is as it was.
    pub(super) fn superseded(
        &self,
        place: &Place,
        compartment: &Compartment,
    ) -> Option<Arc<HashSet<String>>> {
        let name = TableName::new(compartment.clone(), BATCHES).ok()?;
        let remembered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = remembered.superseded.get(compartment)?;
        let is_newest = match gone.version {
            Some(version) => place.log(&name).is_newest(version),
            None => !place.is_there(&name),
        };
        is_newest.then(|| gone.batches.clone())
    }

    pub(super) fn keep_superseded(&self, compartment: &Compartment, gone: Gone) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).superseded.insert(compartment.clone(), gone);
    }

    /// Keeps a table that was opened. One that is not at its newest version, since that holds half of a batch,
    /// is opened again.
    pub(super) fn keep(&self, place: &Place, table: &Table) -> Result<Arc<Kept>, LakeError> {
        let kept = Kept::of(place, table).map_err(|error| table.refused("looked through", error))?;
        let kept = Arc::new(kept);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).tables.insert(table.name.clone(), kept.clone());
        Ok(kept)
    }
}

impl Kept {
    fn of(place: &Place, table: &Table) -> Result<Self, DeltaTableError> {
        let folder = place.folder_of(&table.name);
        let file = |file: deltalake::kernel::LogicalFileView| File {
            path: file.path().into_owned(),
            size: u64::try_from(file.size()).unwrap_or(u64::MAX),
            day: file.partition_values_map().remove(DAY).flatten(),
            location: folder.join(file.object_store_path().as_ref()),
        };
        let files = table.delta.snapshot()?.log_data().iter().map(file).collect();
        Ok(Self { version: table.version(), sought: table.columns.sought.clone(), files })
    }
}
