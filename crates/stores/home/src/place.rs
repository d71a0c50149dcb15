//! Where the home is.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::HomeError;

/// The home's place: the one that is given, else that of the variable `NOROSHI_HOME`, else `noroshi`
/// in the data folder of the user (XDG Base Directory Specification 0.8). `variable` gives the value
/// of an environment variable; one that is empty, or a data folder that is relative, is none.
///
/// # Errors
/// When nothing of this names a place.
pub fn place(
    given: Option<&Path>,
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Result<PathBuf, HomeError> {
    let path = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let absolute = |name: &str| path(name).filter(|path| path.is_absolute());
    let data = || absolute("XDG_DATA_HOME").or_else(|| Some(absolute("HOME")?.join(".local/share")));
    given
        .map(Path::to_owned)
        .or_else(|| path("NOROSHI_HOME"))
        .or_else(|| Some(data()?.join("noroshi")))
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
