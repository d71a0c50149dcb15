//! `noroshi backup`: a point in time to which the home can be put back, kept on another disk.

use std::path::{Path, PathBuf};

use ::backup::{BackupError, Folder, Held, Manifest, Point, Pruned, State};
use home::Home;
use page::Words;
use page::wording::{Clock, count, size};
use serde_json::{Value, json};

use crate::acts;
use crate::arguments::Backup;
use crate::backups::making::{Made, copy, freeze};
use crate::backups::{failed, unread};
use crate::books::{homeless, look, with_cause};
use crate::commands::detect::progress;
use crate::holder::{Opening, Rules};
use crate::output::{self, Table, Width};
use crate::settings::{self, Settings};
use crate::{Failure, Outcome, range, signals};

/// Runs the command; without a folder into the one of the settings, if they name one.
///
/// # Errors
/// When the home cannot be used or read, or the folder not be written to.
pub fn run(arguments: &Backup, words: Words) -> Result<Outcome, Failure> {
    if arguments.list
        && let Some(folder) = &arguments.folder
    {
        return list(folder, arguments, words);
    }
    let home = acts::existing(arguments.at.home.as_deref(), words)?;
    let (folder, keep) = target(&home, arguments, words)?;
    if arguments.list {
        return list(&folder, arguments, words);
    }
    let folder = place(&folder, &home, words)?;
    let stop = signals::stop().unwrap_or_default();
    let hand =
        acts::existing_hand(arguments.at.home.as_deref(), Opening::long("backup", Rules::OfHome), words)?;
    let held = hold(&folder, &home, words)?;
    let bar = progress(0, words);
    let moment = freeze(&hand, &held)?;
    let made = copy(&hand, &held, moment, &mut |done, total| {
        bar.set_length(total);
        bar.set_position(done);
        !stop.asked()
    });
    bar.finish_and_clear();
    let Some(made) = made? else { return Ok(Outcome::Stopped) };
    let lost = look(|who| observations::lost(&home, who)).map_err(|error| unread(&error, words))?;
    // Older points may have what is missing: none goes for the sake of this one.
    let pruned = keep.filter(|_| lost == 0).map(|keep| held.prune(keep, Some(&made.name))).transpose();
    let pruned = pruned.map_err(|error| failed(&error, words))?;
    let printed = print(&folder, (&made, pruned.as_ref(), lost), arguments, words)?;
    if lost == 0 {
        return Ok(printed);
    }
    eprintln!("noroshi: {}", words.with("cli-error-backup-lost", &[("batches", lost.into())]));
    Ok(Outcome::Unwritten)
}

/// The folder that was typed, or that of the settings, with how many points stay there.
fn target(home: &Home, arguments: &Backup, words: Words) -> Result<(PathBuf, Option<usize>), Failure> {
    let typed = arguments.keep.map(usize::from);
    if let Some(folder) = &arguments.folder {
        return Ok((folder.clone(), typed));
    }
    let settings = Settings::read(home).map_err(|error| settings::refused(&error, words))?;
    let set = settings.backup.ok_or_else(|| Failure::usage(words, "cli-error-backup-unnamed", &[]))?;
    let keep = usize::try_from(set.keep).unwrap_or(usize::MAX);
    Ok((set.folder, typed.or(Some(keep))))
}

/// The folder, held, and noted in the home. One that is noted and not there is no new one: the disk may be
/// missing, and then another would be filled.
fn hold(folder: &Path, home: &Home, words: Words) -> Result<Held, Failure> {
    let fail = |error: BackupError| failed(&error, words);
    let noted = ::backup::remembered(&home.backups()).map_err(fail)?;
    if noted.iter().any(|known| known == folder)
        && matches!(Folder::open(folder), Err(BackupError::Missing { .. }))
    {
        let values = [
            ("path", folder.display().to_string().into()),
            ("list", home.backups().display().to_string().into()),
        ];
        return Err(Failure::usage(words, "cli-error-backup-gone", &values));
    }
    let id = home.id().map_err(|error| homeless(&error, words))?;
    let held = Folder::make(folder, id).map_err(fail)?;
    let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    ::backup::remember(&home.backups(), &folder).map_err(fail)?;
    Ok(held)
}

/// Where the folder is, whatever it is called. It must not lie in the home, nor the home in it.
fn place(folder: &Path, home: &Home, words: Words) -> Result<PathBuf, Failure> {
    let whole = |path: &Path| -> std::io::Result<PathBuf> {
        let path = std::path::absolute(path)?;
        // Of what is not there yet, what lies above.
        let there = path.ancestors().find(|above| above.exists()).unwrap_or(&path);
        Ok(there.canonicalize()?.join(path.strip_prefix(there).unwrap_or(Path::new(""))))
    };
    let refused = |error: std::io::Error| {
        let values = [("path", "".into()), ("reason", with_cause(&error).into())];
        Failure { code: 1, text: words.with("cli-error-backup", &values) }
    };
    let (folder, home) = (whole(folder).map_err(refused)?, whole(home.path()).map_err(refused)?);
    // Joined with nothing it would end with a separator.
    let folder: PathBuf = folder.components().collect();
    if folder.starts_with(&home) || home.starts_with(&folder) {
        let values = [("path", folder.display().to_string().into())];
        return Err(Failure::usage(words, "cli-error-backup-inside", &values));
    }
    Ok(folder)
}

fn print(
    folder: &Path,
    (made, pruned, lost): (&Made, Option<&Pruned>, u64),
    arguments: &Backup,
    words: Words,
) -> Result<Outcome, Failure> {
    let Made { name, manifest, added } = made;
    if arguments.at.json {
        let mut said = line(name, &State::Whole(Box::new(manifest.clone())));
        said["copied_files"] = added.files.into();
        said["copied_lasting"] = added.lasting_files.into();
        said["copied_bytes"] = added.bytes.into();
        said["batches_missing"] = lost.into();
        if let Some(pruned) = pruned {
            said["removed"] = json!({
                "points": pruned.points, "unfinished": pruned.unfinished, "files": pruned.files,
                "bytes": pruned.bytes, "damaged": pruned.damaged,
            });
        }
        return output::print_json(&said, words);
    }
    let values = [
        ("point", name.as_str().into()),
        ("path", folder.display().to_string().into()),
        ("acts", acts_of(manifest).into()),
        ("rows", rows_of(manifest).into()),
        ("files", (manifest.files.len() as u64).into()),
        ("bytes", size(manifest.bytes()).into()),
        ("new", added.files.into()),
        ("copied", size(added.bytes).into()),
    ];
    let mut text = words.with("cli-backup", &values) + "\n";
    if let Some(pruned) = pruned {
        text += &told(pruned, words);
    }
    output::print(&text, words)
}

fn told(pruned: &Pruned, words: Words) -> String {
    let mut text = String::new();
    if !pruned.points.is_empty() || pruned.files > 0 {
        let values = [
            ("points", (pruned.points.len() as u64).into()),
            ("files", pruned.files.into()),
            ("bytes", size(pruned.bytes).into()),
        ];
        text += &(words.with("cli-backup-pruned", &values) + "\n");
    }
    for (key, names) in
        [("cli-backup-unfinished", &pruned.unfinished), ("cli-backup-damaged", &pruned.damaged)]
    {
        for name in names {
            text += &(words.with(key, &[("point", name.as_str().into())]) + "\n");
        }
    }
    text
}

fn acts_of(manifest: &Manifest) -> u64 {
    manifest.about.journal_rows.get("acts").copied().unwrap_or(0)
}

fn rows_of(manifest: &Manifest) -> u64 {
    manifest.about.lake.iter().filter_map(|table| table.rows).sum()
}

/// A point for programs.
fn line(name: &str, state: &State) -> Value {
    match state {
        State::Whole(manifest) => {
            let about = &manifest.about;
            json!({
                "point": name, "state": "whole", "at": about.at, "program": about.program,
                "home": manifest.home, "acts": acts_of(manifest), "position": about.journal.position,
                "last": about.journal.last, "looks": about.access.position, "rows": rows_of(manifest),
                "tables": about.lake, "files": manifest.files.len(), "bytes": manifest.bytes(),
            })
        }
        State::Unfinished => json!({ "point": name, "state": "unfinished" }),
        State::Damaged => json!({ "point": name, "state": "damaged" }),
        State::Newer(format) => json!({ "point": name, "state": "newer", "format": format }),
    }
}

/// Says which points there are.
fn list(folder: &Path, arguments: &Backup, words: Words) -> Result<Outcome, Failure> {
    let clock = Clock::new(range::zone(&arguments.zone, words)?);
    let points = Folder::open(folder).and_then(|folder| folder.points());
    let points = points.map_err(|error| failed(&error, words))?;
    if arguments.at.json {
        let lines: Vec<Value> = points.iter().map(|point| line(&point.name, &point.state)).collect();
        return output::print_json(&lines, words);
    }
    if points.is_empty() {
        return output::print(&(words.get("cli-backup-none") + "\n"), words);
    }
    let head = |name: &str, is_number| lake::Heading {
        name: words.get(&format!("cli-backup-head-{name}")),
        is_number,
    };
    let headings = vec![
        head("point", false),
        head("at", false),
        head("acts", true),
        head("rows", true),
        head("files", true),
        head("bytes", true),
        head("state", false),
    ];
    let mut table = Table::new(headings, Width::Any);
    table.add(points.iter().map(|point| row(point, &clock, words)).collect());
    output::print(&table.finish(), words)
}

fn row(point: &Point, clock: &Clock, words: Words) -> Vec<Value> {
    let state = match &point.state {
        State::Whole(_) => "whole",
        State::Unfinished => "unfinished",
        State::Damaged => "damaged",
        State::Newer(_) => "newer",
    };
    let state = words.get(&format!("cli-backup-state-{state}"));
    let texts = match point.whole() {
        None => [&point.name, "", "", "", "", "", &state].map(ToString::to_string),
        Some(manifest) => [
            point.name.clone(),
            clock.minute(manifest.about.at.timestamp()),
            count(acts_of(manifest)),
            count(rows_of(manifest)),
            count(manifest.files.len() as u64),
            size(manifest.bytes()),
            state,
        ],
    };
    texts.into_iter().map(Value::String).collect()
}
