//! Which tables there are, and how much is in them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::catalog::TableProvider;

use crate::error::LakeError;
use crate::name::{Compartment, TableName};
use crate::place::Place;
use crate::question;
use crate::scan::Scan;
use crate::table::Table;
use crate::view::{Restricted, Shelf};
use crate::whole::Whole;

/// A table as a list of tables shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: TableName,
    /// Its rows that are seen; unknown where a file was added without being counted.
    pub rows: Option<u64>,
    /// Where all of it lies; not for somebody who sees a part.
    pub on_disk: Option<OnDisk>,
}

/// A table on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnDisk {
    /// Its folder, which any reader of Delta opens.
    pub path: PathBuf,
    /// Its newest version.
    pub version: u64,
    /// Bytes of its files.
    pub bytes: u64,
    /// Files that make up this version.
    pub files: u64,
}

/// All tables, by name.
pub(crate) async fn tables(place: &Place) -> Result<Vec<Listed>, LakeError> {
    let mut tables = Vec::new();
    for name in names(place)? {
        match Table::open(place, &name).await {
            Ok(table) => tables.push(listed(table, place.folder_of(&name))?),
            // A table whose first commit is not there yet, or a folder of somebody else's.
            Err(LakeError::NoTable(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(tables)
}

/// All of a table as it stands.
pub(crate) async fn newest(shelf: Shelf<'_>, name: &TableName) -> Result<Arc<dyn TableProvider>, LakeError> {
    let table = Table::open(shelf.place, name).await?;
    Ok(Arc::new(Scan::of(&table, shelf.place, shelf.footers)?))
}

/// The tables of which a view shows a row, by name, and how many of their rows it shows.
pub(crate) async fn seen(shelf: Shelf<'_>, restricted: &Restricted) -> Result<Vec<Listed>, LakeError> {
    let mut tables = Vec::new();
    for name in names(shelf.place)? {
        if !restricted.shows_of(name.compartment()) {
            continue;
        }
        let whole = Whole::of(shelf.place, name.compartment()).await?;
        match restricted.table(shelf, &whole, &name).await {
            Ok((table, _)) => {
                let rows = Some(question::rows(table).await?);
                tables.push(Listed { name, rows, on_disk: None });
            }
            Err(LakeError::NoTable(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(tables)
}

/// The folders that may be tables.
pub(crate) fn names(place: &Place) -> Result<Vec<TableName>, LakeError> {
    let mut names = Vec::new();
    for compartment in compartments(place.folder())? {
        let classes = folders(&place.folder().join(compartment.as_str()))?;
        names.extend(classes.iter().filter_map(|class| TableName::new(compartment.clone(), class).ok()));
    }
    names.sort();
    Ok(names)
}

/// The compartments that have a folder, and the installation's own.
pub(crate) fn compartments(lake: &Path) -> Result<Vec<Compartment>, LakeError> {
    let mut found = vec![Compartment::own()];
    for sort in ["exercise", "commission"] {
        let parts = folders(&lake.join(sort))?;
        found.extend(parts.iter().filter_map(|part| format!("{sort}/{part}").parse().ok()));
    }
    Ok(found)
}

/// Names of the folders in a folder, which need not be there.
fn folders(folder: &Path) -> Result<Vec<String>, LakeError> {
    let refused = |source| LakeError::Folder { path: folder.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(refused)?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(refused)?;
        if entry.path().is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(names)
}

fn listed(table: Table, path: PathBuf) -> Result<Listed, LakeError> {
    let snapshot = table.delta.snapshot().map_err(|error| table.refused("listed", error))?;
    let (mut rows, mut bytes, mut files) = (Some(0), 0, 0);
    for file in snapshot.log_data().iter() {
        rows = rows.zip(file.num_records()).map(|(sum, more)| sum + more as u64);
        bytes += u64::try_from(file.size()).unwrap_or(0);
        files += 1;
    }
    let on_disk = OnDisk { path, version: table.version(), bytes, files };
    Ok(Listed { name: table.name, rows, on_disk: Some(on_disk) })
}
