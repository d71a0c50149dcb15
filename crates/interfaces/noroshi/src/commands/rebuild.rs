//! `noroshi rebuild`: what was made of acts, made anew and compared; and whether the acts, the files and the
//! access log are whole.

use page::Words;
use serde_json::json;

use crate::acts::existing_hand;
use crate::arguments::Rebuild;
use crate::holder::request::Request;
use crate::holder::{Behind, Opening, Rebuilding, Rules};
use crate::{Failure, Outcome, output};

/// Runs the command.
///
/// # Errors
/// When the home cannot be used. What was found damaged is told, and the exit code is 1.
pub fn run(arguments: &Rebuild, words: Words) -> Result<Outcome, Failure> {
    let hand = existing_hand(arguments.at.home.as_deref(), Opening::long("rebuild", Rules::OfHome), words)?;
    let rebuilt: Rebuilding = hand.ask(&Request::Rebuild, Behind::Nothing)?;
    let printed = if arguments.at.json {
        let tables: serde_json::Map<_, _> =
            rebuilt.tables.iter().map(|(name, rows)| (name.clone(), (*rows).into())).collect();
        let said = json!({
            "commits": rebuilt.commits, "acts": rebuilt.acts, "last": rebuilt.last,
            "personal": rebuilt.personal, "forgotten": rebuilt.forgotten,
            "streams": rebuilt.streams, "tables": tables, "snapshots": rebuilt.snapshots,
            "looks": rebuilt.looks, "last_look": rebuilt.last_look, "faults": rebuilt.faults,
        });
        output::print_json(&said, words)?
    } else {
        output::print(&shown(&rebuilt, words), words)?
    };
    Ok(if is_sound(&rebuilt) { printed } else { Outcome::Unwritten })
}

fn is_sound(rebuilt: &Rebuilding) -> bool {
    rebuilt.is_sound && rebuilt.faults.is_empty()
}

fn shown(rebuilt: &Rebuilding, words: Words) -> String {
    let Rebuilding { tables, snapshots, faults, .. } = rebuilt;
    let values = [
        ("acts", rebuilt.acts.into()),
        ("commits", rebuilt.commits.into()),
        ("streams", rebuilt.streams.into()),
        ("personal", rebuilt.personal.into()),
        ("forgotten", rebuilt.forgotten.into()),
        ("looks", rebuilt.looks.into()),
    ];
    let mut text = words.with("cli-rebuild", &values) + "\n";
    for (table, rows) in tables {
        let values = [("table", table.as_str().into()), ("rows", (*rows).into())];
        text += &(words.with("cli-rebuild-table", &values) + "\n");
    }
    for stream in snapshots {
        text += &(words.with("cli-rebuild-snapshot", &[("stream", stream.as_str().into())]) + "\n");
    }
    for fault in faults {
        text += &format!("! {fault}\n");
    }
    text + &words.get(if is_sound(rebuilt) { "cli-rebuild-sound" } else { "cli-rebuild-unsound" }) + "\n"
}
