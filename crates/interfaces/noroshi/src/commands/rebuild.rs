//! `noroshi rebuild`: what was made of acts, made anew and compared; and whether the acts, the files and the
//! access log are whole.

use files::Files;
use journal::Rebuilt;
use model::hash::hex;
use page::Words;
use serde_json::json;

use crate::acts::{Acts, unkept};
use crate::arguments::Rebuild;
use crate::books::{look, with_cause};
use crate::{Failure, Outcome, output};

/// Runs the command.
///
/// # Errors
/// When the home cannot be used. What was found damaged is told, and the exit code is 1.
pub fn run(arguments: &Rebuild, words: Words) -> Result<Outcome, Failure> {
    let acts = Acts::existing(arguments.at.home.as_deref(), words)?;
    let rebuilt = acts.journal().rebuild().map_err(|error| unkept(&error, words))?;
    let files = Files::new(acts.home(), acts.journal(), u64::MAX);
    let failed = |error: &dyn std::error::Error| {
        let values = [("reason", with_cause(error).into())];
        Failure { code: 1, text: words.with("cli-error-files", &values) }
    };
    let damaged = look(|who| files.damaged(who)).map_err(|error| failed(&error))?;
    look(|who| files.sweep(who)).map_err(|error| failed(&error))?;
    let looks = access_log::verify(&acts.home().access()).map_err(|error| failed(&error))?;
    let mut faults: Vec<String> = rebuilt.verified.faults.iter().map(ToString::to_string).collect();
    faults.extend(
        damaged.iter().map(|hash| words.with("cli-rebuild-file", &[("file", hash.to_string().into())])),
    );
    faults.extend(
        looks
            .faults
            .iter()
            .map(|fault| format!("access/{} @{}: {:?}", fault.segment, fault.offset, fault.what)),
    );
    let printed = if arguments.at.json {
        let tables: serde_json::Map<_, _> =
            rebuilt.tables.iter().map(|(name, rows)| (name.clone(), (*rows).into())).collect();
        let verified = &rebuilt.verified;
        let said = json!({
            "commits": verified.commits, "acts": verified.acts, "last": hex(&verified.last),
            "personal": verified.personal, "forgotten": verified.forgotten,
            "streams": rebuilt.streams, "tables": tables, "snapshots": rebuilt.snapshots,
            "looks": looks.records, "last_look": hex(&looks.last), "faults": faults,
        });
        output::print_json(&said, words)?
    } else {
        output::print(&shown(&rebuilt, looks.records, &faults, words), words)?
    };
    let is_sound = rebuilt.is_sound() && faults.is_empty();
    Ok(if is_sound { printed } else { Outcome::Unwritten })
}

fn shown(rebuilt: &Rebuilt, looks: u64, faults: &[String], words: Words) -> String {
    let Rebuilt { verified, streams, tables, snapshots } = rebuilt;
    let values = [
        ("acts", verified.acts.into()),
        ("commits", verified.commits.into()),
        ("streams", (*streams).into()),
        ("personal", verified.personal.into()),
        ("forgotten", verified.forgotten.into()),
        ("looks", looks.into()),
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
    let is_sound = rebuilt.is_sound() && faults.is_empty();
    text + &words.get(if is_sound { "cli-rebuild-sound" } else { "cli-rebuild-unsound" }) + "\n"
}
