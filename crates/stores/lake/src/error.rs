//! Why the lake could not do what it was asked.

use std::io;
use std::path::PathBuf;

use datafusion::error::DataFusionError;
use deltalake::DeltaTableError;
use model::catalogue::CatalogueError;
use model::view::NotFresh;

use crate::name::{NotAName, TableName};
use crate::rows::RowsError;

/// Why the lake could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// The lake's folder, or one in it, cannot be used.
    #[error("the folder {} cannot be used", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The threads of the lake were not to be had.
    #[error("the lake could not start its threads")]
    Threads(#[source] io::Error),
    /// What was allowed when the view was made may no longer be.
    #[error("the view does not serve any more")]
    View(#[from] NotFresh),
    /// The catalogue of fields contradicts itself.
    #[error("the catalogue of fields cannot be used")]
    Catalogue(#[from] CatalogueError),
    /// The table is not there.
    #[error("there is no table {0}")]
    NoTable(TableName),
    /// The rows of the table are kept by no day and owner, so that none of them ends with a day.
    #[error("the table {0} has no days of an owner")]
    WithoutDays(TableName),
    /// The table has a writer, and can only have one.
    #[error("the table {0} is being written already")]
    BeingWritten(TableName),
    /// A commit that others stand upon is not whole.
    #[error("the commit {} is damaged: {why}", path.display())]
    Damaged {
        /// The commit.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The library of tables refused.
    #[error("the table {table} could not be {action}")]
    Table {
        /// Which table.
        table: TableName,
        /// What was to be done with it, as a participle.
        action: &'static str,
        /// Why not.
        source: Box<DeltaTableError>,
    },
    /// Why it could not be read is not for somebody who sees a part: it may name files or values.
    #[error("what was asked for could not be read")]
    Veiled,
    /// A question got no answer.
    #[error("the question could not be answered")]
    Question(#[source] Box<DataFusionError>),
    /// A table cannot have that name.
    #[error("there can be no such table")]
    Name(#[from] NotAName),
    /// A table holds something else than it should.
    #[error("the rows of a table are not what they should be")]
    Rows(#[from] RowsError),
}

impl LakeError {
    /// What of an error may be told to somebody who sees a part.
    pub(crate) fn veiled(self) -> Self {
        match self {
            Self::View(_) | Self::NoTable(_) | Self::WithoutDays(_) | Self::Name(_) | Self::Threads(_) => {
                self
            }
            _ => Self::Veiled,
        }
    }
}
