//! `noroshi upgrade`: a home of an earlier format is brought up to date, and back.

use home::FORMAT;
use page::Words;
use serde_json::json;

use crate::acts::own;
use crate::arguments::Upgrade;
use crate::books::unopened;
use crate::{Failure, Outcome, output, upgrading};

/// Runs the command.
///
/// # Errors
/// When there is no home, another process writes there, or it cannot be written to.
pub fn run(arguments: &Upgrade, words: Words) -> Result<Outcome, Failure> {
    let place = home::place(arguments.at.home.as_deref(), &|name| std::env::var_os(name));
    let home = place.and_then(|place| home::Writer::upgrading(&place));
    let mut home = home.map_err(|error| unopened(&error, words))?;
    own(home.home(), words)?;
    if arguments.back {
        return back(&mut home, arguments, words);
    }
    let from = upgrading::upgrade(&mut home, words)?;
    if arguments.at.json {
        return output::print_json(&json!({ "from": from.unwrap_or(FORMAT), "format": FORMAT }), words);
    }
    let text = match from {
        None => words.with("cli-upgrade-current", &[("format", u64::from(FORMAT).into())]),
        Some(from) => {
            let before = home.home().before(from).display().to_string();
            let values = [
                ("from", u64::from(from).into()),
                ("format", u64::from(FORMAT).into()),
                ("before", before.into()),
            ];
            words.with("cli-upgraded", &values)
        }
    };
    output::print(&(text + "\n"), words)
}

fn back(home: &mut home::Writer, arguments: &Upgrade, words: Words) -> Result<Outcome, Failure> {
    let from = home.home().format();
    let (way, lost) = upgrading::back(home, arguments.lose, words)?;
    if arguments.at.json {
        let said = json!({ "from": from, "format": way.format, "lost": lost, "program": way.program });
        return output::print_json(&said, words);
    }
    let values =
        [("format", u64::from(way.format).into()), ("lost", lost.into()), ("at", way.at.to_string().into())];
    output::print(&(words.with("cli-upgrade-back", &values) + "\n"), words)
}
