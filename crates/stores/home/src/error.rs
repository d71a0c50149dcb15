//! Why there is no home to be had.

use std::io;
use std::path::PathBuf;

/// Why a home cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// Nobody says where it is: no option, no variable, no user folder.
    #[error("no folder is named as home, and the user has none")]
    Unnamed,
    /// There is none at this place.
    #[error("there is no home at {}", path.display())]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// The folder holds something else.
    #[error("{} is not empty and is no home", path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
    },
    /// A newer version of the program laid it out.
    #[error("the home {} has the format {found}, and this version knows {known}", path.display())]
    Newer {
        /// The home.
        path: PathBuf,
        /// The format it has.
        found: u32,
        /// The newest one known.
        known: u32,
    },
    /// An older version of the program laid it out; it can be read, and is written to once it is brought up to
    /// date.
    #[error("the home {} has the format {found}, and is written to in format {known}", path.display())]
    Outdated {
        /// The home.
        path: PathBuf,
        /// The format it has.
        found: u32,
        /// The one that is written.
        known: u32,
    },
    /// Its file `format` says nothing readable.
    #[error("the home {} does not say its format", path.display())]
    Unreadable {
        /// The home.
        path: PathBuf,
    },
    /// It does not say who it is.
    #[error("the home {} does not say its id", path.display())]
    Nameless {
        /// The home.
        path: PathBuf,
    },
    /// Another process writes there.
    #[error("process {} writes to the home {}", holder.as_deref().unwrap_or("?"), path.display())]
    Busy {
        /// The home.
        path: PathBuf,
        /// The number of that process, where it can be told.
        holder: Option<String>,
    },
    /// The disk refused.
    #[error("the home {} cannot be {doing}", path.display())]
    Disk {
        /// The home.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// What the disk said.
        source: io::Error,
    },
}
