//! `noroshi config`: what the settings of an installation are, and what is wrong with them.

use std::path::{Path, PathBuf};

use home::{Home, HomeError};
use page::Words;
use serde_json::json;

use crate::arguments::{Config, ConfigCheck, ConfigShow};
use crate::books::{homeless, unopened};
use crate::settings::{self, FILE, Fault, Settings, SettingsError, look, refused};
use crate::{Failure, Outcome, output};

/// Runs the command.
///
/// # Errors
/// When there is no home, its settings have faults, or an output cannot be written.
pub fn run(arguments: &Config, words: Words) -> Result<Outcome, Failure> {
    match arguments {
        Config::Check(arguments) => check(arguments, words),
        Config::Show(arguments) => show(arguments, words),
        Config::Example => output::print(&settings::example(words), words),
    }
}

/// Says what is wrong in the file or, where nothing is, with what it names.
fn check(ConfigCheck { at }: &ConfigCheck, words: Words) -> Result<Outcome, Failure> {
    let folder = folder(at.home.as_deref(), words)?;
    let path = folder.join(FILE);
    // A service does not begin with a file that has faults, and does without what it names and is not right.
    let (is_there, faults, told_as) = match Settings::within(&folder) {
        Ok(None) => (false, Vec::new(), ""),
        Ok(Some((settings, places))) => (true, look(&settings, &places, &folder), "settings-faults-named"),
        Err(SettingsError::Wrong { faults, .. }) => (true, faults, "settings-faults"),
        Err(error) => return Err(refused(&error, words)),
    };
    let wrong = faults.iter().filter(|fault| !fault.cause.is_note()).count();
    if at.json {
        let told: Vec<_> = faults.iter().map(|fault| fault.to_json(words)).collect();
        output::print_json(&json!({ "path": path, "is_there": is_there, "faults": told }), words)?;
    } else {
        output::print(&told(&path, is_there, &faults, words), words)?;
    }
    if wrong > 0 {
        return Err(Failure::usage(words, told_as, &[("faults", wrong.into())]));
    }
    Ok(Outcome::Done)
}

/// For people: each fault on a line, or that there is none.
fn told(path: &Path, is_there: bool, faults: &[Fault], words: Words) -> String {
    let mut text: String = faults.iter().map(|fault| fault.told(path, words) + "\n").collect();
    let path = [("path", path.display().to_string().into())];
    if !is_there {
        text += &(words.with("settings-none", &path) + "\n");
    } else if faults.is_empty() {
        text += &(words.with("settings-sound", &path) + "\n");
    }
    text
}

/// Prints the settings that are in force.
fn show(ConfigShow { at }: &ConfigShow, words: Words) -> Result<Outcome, Failure> {
    let read = Settings::within(&folder(at.home.as_deref(), words)?);
    let read = read.map_err(|error| refused(&error, words))?;
    let settings = read.map(|(settings, _)| settings).unwrap_or_default();
    if at.json {
        return output::print_json(&settings, words);
    }
    output::print(&settings.to_toml(), words)
}

/// The folder of the home; also of one that is not made yet, as long as it has settings: they may be
/// written first.
fn folder(given: Option<&Path>, words: Words) -> Result<PathBuf, Failure> {
    let place = home::place(given, &|name| std::env::var_os(name));
    let place = place.map_err(|error| homeless(&error, words))?;
    match Home::open(&place) {
        Ok(_) => Ok(place),
        Err(HomeError::Missing { .. }) if place.join(FILE).exists() => Ok(place),
        Err(HomeError::Missing { path }) => {
            let values = [("path", path.display().to_string().into())];
            Err(Failure { code: 3, text: words.with("settings-nowhere", &values) })
        }
        Err(error) => Err(unopened(&error, words)),
    }
}
