//! Where the home is, and where else a user's programs keep things.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::HomeError;

/// A folder of the user's for one purpose (XDG Base Directory Specification 0.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserFolder {
    /// What the user wants to keep.
    Data,
    /// What can be made anew.
    Cache,
}

impl UserFolder {
    /// Where it is; `variable` gives the value of an environment variable, and a relative path in one is
    /// none. Nothing when the user has no folders.
    #[must_use]
    pub fn find(self, variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
        let absolute = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let (name, below) = match self {
            Self::Data => ("XDG_DATA_HOME", ".local/share"),
            Self::Cache => ("XDG_CACHE_HOME", ".cache"),
        };
        absolute(name).or_else(|| Some(absolute("HOME")?.join(below)))
    }
}

/// The home's place: the one that is given, else that of the variable `NOROSHI_HOME`, else `noroshi`
/// in the data folder of the user. `variable` gives the value of an environment variable; an empty one is
/// none.
///
/// # Errors
/// When nothing of this names a place.
pub fn place(
    given: Option<&Path>,
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Result<PathBuf, HomeError> {
    let named = || variable("NOROSHI_HOME").filter(|value| !value.is_empty()).map(PathBuf::from);
    given
        .map(Path::to_owned)
        .or_else(named)
        .or_else(|| Some(UserFolder::Data.find(variable)?.join("noroshi")))
        .ok_or(HomeError::Unnamed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_first_counts() {
        let place_of = |given: Option<&str>, variables: &[(&str, &str)]| {
            let variable = |name: &str| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
            };
            place(given.map(Path::new), &variable).ok().map(|path| path.display().to_string())
        };
        let all = [("NOROSHI_HOME", "n"), ("XDG_DATA_HOME", "/x"), ("HOME", "/h")];
        for (given, variables, expected) in [
            (Some("g"), &all[..], Some("g")),
            (None, &all[..], Some("n")),
            (None, &all[1..], Some("/x/noroshi")),
            (None, &all[2..], Some("/h/.local/share/noroshi")),
            (
                None,
                &[("NOROSHI_HOME", ""), ("XDG_DATA_HOME", "x"), ("HOME", "/h")],
                Some("/h/.local/share/noroshi"),
            ),
            (None, &[], None),
        ] {
            assert_eq!(place_of(given, variables).as_deref(), expected, "{given:?} {variables:?}");
        }
    }
}
