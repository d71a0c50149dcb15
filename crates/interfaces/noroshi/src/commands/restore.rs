//! `noroshi restore`: a home is put back to a point in time, in a new folder; or only tried, and removed again.

use std::path::{Path, PathBuf};
use std::time::Instant as Clock;

use ::backup::{Folder, Manifest};
use home::HomeError;
use page::Words;
use page::foreign::visible;
use page::wording::size;
use serde_json::json;

use crate::arguments::Restore;
use crate::backups::failed;
use crate::backups::restoring::{PutBack, choose, finish, other_newest, put_back};
use crate::books::homeless;
use crate::commands::detect::progress;
use crate::{Failure, Outcome, output, signals};

/// Runs the command.
///
/// # Errors
/// When there is no such point, its files are damaged, or the folder is not empty. What differs is told, and the exit
/// code is 1.
pub fn run(arguments: &Restore, words: Words) -> Result<Outcome, Failure> {
    let fail = |error| failed(&error, words);
    let folder = Folder::open(&arguments.folder).map_err(fail)?;
    // A drill leaves what others must not take for theirs.
    let held = if arguments.drill { folder.hold() } else { folder.share() }.map_err(fail)?;
    let points = held.folder().points().map_err(fail)?;
    let chosen = choose(&points, arguments.point.as_deref(), words)?;
    let into = arguments.home.clone().unwrap_or_else(|| held.drill());
    let home = begin(&into, words)?;
    let _removed = arguments.drill.then(|| Removed(into.clone()));
    let (began, stop, bar) = (Clock::now(), signals::stop().unwrap_or_default(), progress(0, words));
    let back = put_back(&held, chosen, (&home, words), &mut |done, total| {
        bar.set_length(total);
        bar.set_position(done);
        !stop.asked()
    });
    bar.finish_and_clear();
    let Some(mut back) = back? else { return Ok(Outcome::Stopped) };
    if !arguments.drill {
        finish(&held, chosen.1, (&home, words), &mut back)?;
    }
    let other = if arguments.point.is_none() { other_newest(&points, chosen.0) } else { None };
    let seconds = began.elapsed().as_secs_f64();
    let told = Told { into: &into, chosen, other, back: &back, seconds };
    let printed = told.print(arguments, words)?;
    Ok(if back.is_equal() { printed } else { Outcome::Unwritten })
}

/// The folder that becomes a home.
fn begin(into: &Path, words: Words) -> Result<home::Writer, Failure> {
    home::Writer::beginning(into).map_err(|error| match error {
        HomeError::Foreign { path } => {
            Failure::usage(words, "cli-error-restore-into", &[("path", path.display().to_string().into())])
        }
        error => homeless(&error, words),
    })
}

/// A folder that is removed, whatever happened.
struct Removed(PathBuf);

impl Drop for Removed {
    fn drop(&mut self) {
        // What stays is removed by whoever comes next.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// What is told of a home that was put back.
struct Told<'a> {
    into: &'a Path,
    chosen: (&'a str, &'a Manifest),
    /// The point that is newer by its time, if there is one and nobody said which.
    other: Option<&'a str>,
    back: &'a PutBack,
    seconds: f64,
}

impl Told<'_> {
    fn print(&self, arguments: &Restore, words: Words) -> Result<Outcome, Failure> {
        let (name, manifest) = self.chosen;
        let PutBack { restored, differences, faults } = self.back;
        let about = &manifest.about;
        let acts = about.journal_rows.get("acts").copied().unwrap_or(0);
        let rows: u64 = about.lake.iter().filter_map(|table| table.rows).sum();
        if arguments.json {
            let different = differences
                .iter()
                .map(|one| json!({ "what": one.what, "expected": one.expected, "found": one.found }));
            let subjects: Vec<&str> = restored.forgotten.iter().map(|one| one.subject.as_str()).collect();
            let said = json!({
                "point": name, "newer_by_time": self.other, "home": self.into, "is_drill": arguments.drill, "files": restored.files,
                "bytes": restored.bytes, "acts": acts, "rows": rows, "seconds": self.seconds,
                "forgotten": subjects, "differences": different.collect::<Vec<_>>(), "faults": faults,
                "is_equal": self.back.is_equal(),
            });
            return output::print_json(&said, words);
        }
        let values = [
            ("point", name.into()),
            ("path", self.into.display().to_string().into()),
            ("files", restored.files.into()),
            ("bytes", size(restored.bytes).into()),
            ("acts", acts.into()),
            ("rows", rows.into()),
            ("seconds", format!("{:.1}", self.seconds).into()),
        ];
        let key = if arguments.drill { "cli-restore-drill" } else { "cli-restore" };
        let mut text = words.with(key, &values) + "\n";
        if let Some(other) = self.other {
            let values = [("other", other.into()), ("point", name.into())];
            text += &(words.with("cli-restore-chosen", &values) + "\n");
        }
        for one in &restored.forgotten {
            text +=
                &(words.with("cli-restore-forgotten", &[("subject", one.subject.as_str().into())]) + "\n");
        }
        for one in differences {
            let values = [
                ("what", one.what.as_str().into()),
                ("expected", one.expected.as_str().into()),
                ("found", one.found.as_str().into()),
            ];
            text += &(words.with("cli-restore-differs", &values) + "\n");
        }
        faults.iter().for_each(|fault| text += &format!("! {}\n", visible(fault)));
        let end = if self.back.is_equal() { "cli-restore-equal" } else { "cli-restore-unequal" };
        output::print(&(text + &words.get(end) + "\n"), words)
    }
}
