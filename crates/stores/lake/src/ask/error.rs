//! Why a question gets no answer.

use std::time::Duration;

use datafusion::common::SchemaError;
use datafusion::error::DataFusionError;

use crate::error::LakeError;
use crate::horizon::Gone;

/// Why a question gets no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// It is longer or deeper than questions may be.
    #[error("the question has {found} {what}, and {most} is the most")]
    Large {
        /// What it has too many of.
        what: &'static str,
        /// How many there are, as far as they were counted.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// It is no SQL.
    #[error("the question cannot be read: {0}")]
    Unreadable(String),
    /// It does something else than reading tables.
    #[error("a question only reads: {0} is not possible")]
    NotAQuestion(&'static str),
    /// It names what is no table.
    #[error("`{0}` names no table; `noroshi tables` lists them")]
    NotATable(String),
    /// It joins every row with every other.
    #[error("tables are joined without a column that must be equal in both")]
    Cross,
    /// It asks for a column that none of its tables has.
    #[error("there is no column `{name}`")]
    NoColumn {
        /// What it asks for, with the table that it names.
        name: String,
        /// The columns that are there.
        known: Vec<String>,
    },
    /// It names a column with dots and without quotes, in words that SQL takes for its own.
    #[error("a name with dots stands without quotes")]
    Dotted,
    /// It has no value for a placeholder.
    #[error("there is no value for {0}")]
    NoValue(String),
    /// It asks for a function that is not there, or for something senseless.
    #[error("the question cannot be answered: {0}")]
    Wrong(String),
    /// It needs more memory or disk than it may have.
    #[error("the answer needs more memory or disk than it may take: {0}")]
    Room(String),
    /// It takes longer than it may.
    #[error("the answer takes longer than {} s", limit.as_secs_f64())]
    Time {
        /// How long it may take.
        limit: Duration,
    },
    /// Nobody wants the answer any more.
    #[error("the question was stopped")]
    Stopped,
    /// The library failed; that is a fault of the program.
    #[error("the question met a fault of the program: {0}")]
    Fault(String),
    /// Nobody knows which rows of a table were there at a horizon.
    #[error("`{0}` cannot be asked as it was")]
    NotAtHorizon(String),
    /// What was there at a horizon is not known any more.
    #[error(transparent)]
    Gone(#[from] Gone),
    /// The view was not made just before.
    #[error(transparent)]
    View(#[from] model::view::NotFresh),
    /// A table could not be read.
    #[error(transparent)]
    Lake(#[from] LakeError),
}

impl AskError {
    /// What of an error may be told to somebody who sees a part: no words of the library, which may hold
    /// values of rows.
    pub(crate) fn veiled(self) -> Self {
        match self {
            Self::Wrong(_) => Self::Wrong("a function, a type or a value in it does not fit".to_owned()),
            Self::Room(_) => Self::Room("no more is told".to_owned()),
            Self::Fault(_) => Self::Fault("no more is told".to_owned()),
            Self::Lake(error) => Self::Lake(error.veiled()),
            other => other,
        }
    }

    /// What an error of the library means to whoever asked.
    pub(crate) fn of(error: &DataFusionError) -> Self {
        let root = error.find_root();
        if let DataFusionError::SchemaError(schema, _) = root
            && let SchemaError::FieldNotFound { field, valid_fields } = schema.as_ref()
        {
            let known = valid_fields.iter().map(|column| column.name.clone()).collect();
            return Self::NoColumn { name: field.flat_name(), known };
        }
        let said = tidy(&root.to_string());
        if said.contains(DOTS) {
            return Self::Dotted;
        }
        if let Some((_, placeholder)) = said.split_once(NO_VALUE) {
            return Self::NoValue(placeholder.trim().to_owned());
        }
        // Too little disk for what waits is no kind of its own.
        let is_disk = said.contains(DISK_FULL);
        match root {
            DataFusionError::ResourcesExhausted(_) => Self::Room(said),
            _ if is_disk => Self::Room(said.split(". Please try").next().unwrap_or_default().to_owned()),
            _ => Self::Wrong(said),
        }
    }
}

/// What the library says of `user.name`, where `user` is a function to it.
const DOTS: &str = "Dot access not supported";
/// What it says of `$1` that nobody gave a value.
const NO_VALUE: &str = "No value found for placeholder with id ";
/// What the library says when what waits on disk becomes too much.
const DISK_FULL: &str = "max_temp_directory_size";

/// The library's words without what only its own developers need.
fn tidy(said: &str) -> String {
    let said = said.split("\n\nbacktrace:").next().unwrap_or_default();
    let noise = [
        "Error during planning: ",
        "Internal error: ",
        "Arrow error: ",
        "Schema error: ",
        "Execution error: ",
        "Io error: ",
    ];
    let said = noise.iter().fold(said.to_owned(), |said, words| said.replace(words, ""));
    let report = "This issue was likely caused by a bug in DataFusion's code.";
    let lines = said.lines().map(|line| match line.strip_prefix(report) {
        Some(rest) => rest.split_once("/issues.").map_or("", |(_, rest)| rest),
        None => line,
    });
    let lines: Vec<&str> = lines.map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("; ")
}
