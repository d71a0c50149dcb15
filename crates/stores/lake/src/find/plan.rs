//! What has to be read: files, in them groups of rows, in these columns.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::RandomState;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use model::time::Instant;
use model::view::View;
use tokio::runtime::Runtime;

use super::asked;
use super::known::{Gone, Kept, Known};
use super::{FindError, Finding, in_parallel};
use crate::error::LakeError;
use crate::listing;
use crate::name::TableName;
use crate::place::Place;
use crate::scan::Footers;
use crate::values::{Column, Shelf};
use crate::whole::{Superseded, Whole};

/// What has to be read.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(super) tables: Vec<Part>,
    /// One for each file of which something has to be read.
    pub(super) tasks: Vec<Task>,
    /// What hosts are counted by; names come from outside, so it is seeded.
    pub(super) hash: RandomState,
}

/// A table that is looked through.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: TableName,
    /// The columns that are looked at: those that hold values and that the view shows.
    pub(super) columns: Vec<Column>,
    /// Batches that do not count.
    pub(super) superseded: Arc<HashSet<String>>,
}

/// A file to be read.
#[derive(Debug, Default)]
pub(super) struct Task {
    /// Place of its table.
    pub(super) table: usize,
    pub(super) path: PathBuf,
    /// The day that its folder is of, if any.
    pub(super) day: Option<String>,
    /// For groups of rows places of columns in which a value can stand.
    pub(super) groups: BTreeMap<u32, Vec<usize>>,
    /// Places of columns that no index knows: in all groups.
    pub(super) everywhere: Vec<usize>,
}

/// The lake that is looked through.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sources<'a> {
    pub(crate) place: &'a Place,
    pub(crate) footers: &'a Footers,
    pub(crate) superseded: &'a Superseded,
    pub(crate) known: &'a Known,
    /// Threads that wait for the disk.
    pub(crate) threads: &'a Runtime,
}

/// Plans a look through all tables of events of a compartment.
pub(super) fn plan(finding: &Finding<'_>, sources: Sources<'_>) -> Result<Plan, FindError> {
    let (tables, superseded) = tables(finding, sources)?;
    let hashes = asked::hashes(finding.values);
    let (next, parts) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    in_parallel(tables.len(), &|| {
        while let Some((name, kept)) = tables.get(next.fetch_add(1, Ordering::Relaxed)) {
            if finding.stop.load(Ordering::Relaxed) {
                return Err(FindError::Stopped);
            }
            let columns: Vec<Column> = visible(&kept.sought, finding.who.view);
            if !columns.is_empty() {
                let part = Part { name: name.clone(), columns, superseded: superseded.clone() };
                let planning = Planning { part: &part, kept, place: sources.place, hashes: &hashes };
                let tasks = tasks(finding, &planning);
                parts.lock().unwrap_or_else(PoisonError::into_inner).insert(name, (part, tasks));
            }
        }
        Ok(())
    })?;
    let mut plan = Plan::default();
    for (part, tasks) in parts.into_inner().unwrap_or_else(PoisonError::into_inner).into_values() {
        let table = plan.tables.len();
        plan.tasks.extend(tasks.into_iter().map(|task| Task { table, ..task }));
        plan.tables.push(part);
    }
    Ok(plan)
}

/// All tables of a compartment that are there, as one moment has them, and batches that do not count.
type Tables = (Vec<(TableName, Arc<Kept>)>, Arc<HashSet<String>>);

fn tables(finding: &Finding<'_>, sources: Sources<'_>) -> Result<Tables, FindError> {
    let Sources { place, known, threads, .. } = sources;
    let mut names = listing::names(place)?;
    names.retain(|name| name.compartment() == finding.compartment);
    // What is superseded first: rows that are there by then are in the tables that are looked at afterwards.
    let superseded = known.superseded(place, finding.compartment);
    let tables: Vec<_> = names.into_iter().map(|name| (known.table(place, &name), name)).collect();
    if let Some(superseded) = &superseded
        && tables.iter().all(|(kept, _)| kept.is_some())
    {
        let kept = tables.into_iter().filter_map(|(kept, name)| Some((name, kept?)));
        return Ok((kept.collect(), superseded.clone()));
    }
    let whole = threads.block_on(Whole::of(place, finding.compartment))?;
    let batches = threads.block_on(whole.superseded(sources.superseded, sources.footers))?;
    known.keep_superseded(finding.compartment, Gone { version: whole.version(), batches: batches.clone() });
    let (next, opened) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    in_parallel(tables.len(), &|| {
        while let Some((_, name)) = tables.get(next.fetch_add(1, Ordering::Relaxed)) {
            // Asked again: what is superseded may be newer than what was known a moment ago.
            let kept = match known.table(place, name) {
                Some(kept) => kept,
                None => match threads.block_on(whole.table(name)) {
                    Ok(table) => known.keep(place, &table)?,
                    // A table whose first commit is not there yet.
                    Err(LakeError::NoTable(_)) => continue,
                    Err(error) => return Err(error.into()),
                },
            };
            opened.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone(), kept);
        }
        Ok(())
    })?;
    Ok((opened.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect(), batches))
}

fn visible(columns: &[Column], view: &View) -> Vec<Column> {
    columns.iter().filter(|column| view.shows_column(&column.name)).cloned().collect()
}

struct Planning<'a> {
    part: &'a Part,
    kept: &'a Kept,
    place: &'a Place,
    hashes: &'a [u64],
}

/// What has to be read of a table.
fn tasks(finding: &Finding<'_>, planning: &Planning<'_>) -> Vec<Task> {
    let Planning { part, kept, place, hashes } = planning;
    let shelf = Shelf::open(&place.values_of(&part.name));
    let covers = shelf.covers(&part.columns);
    let found = Possible::of(&shelf, hashes);
    // Where each column of a segment stands among those that are looked at.
    let columns: Vec<Vec<Option<usize>>> = shelf
        .segments
        .iter()
        .map(|segment| {
            let at = |known: &Column| part.columns.iter().position(|column| column == known);
            segment.columns.iter().map(at).collect()
        })
        .collect();
    let mut tasks = Vec::new();
    for file in kept.files.iter().filter(|file| is_in(file.day.as_deref(), finding)) {
        let mut task = Task { day: file.day.clone(), ..Task::default() };
        let cover = covers.get(&(file.path.as_str(), file.size));
        match cover.filter(|cover| found.is_whole[cover.segment]) {
            None => task.everywhere = (0..part.columns.len()).collect(),
            Some(cover) => {
                let known = &columns[cover.segment];
                task.everywhere =
                    (0..part.columns.len()).filter(|place| !known.contains(&Some(*place))).collect();
                for (group, column) in found.by_file.get(&(cover.segment, cover.file)).into_iter().flatten() {
                    if let Some(place) = known[usize::from(*column)] {
                        task.groups.entry(*group).or_default().push(place);
                    }
                }
            }
        }
        if !task.groups.is_empty() || !task.everywhere.is_empty() {
            task.path = file.location.clone();
            tasks.push(task);
        }
    }
    tasks
}

/// Where words can stand by what the segments of a table say.
struct Possible {
    /// Groups and columns, by segment and file in it, in order.
    by_file: HashMap<(usize, usize), Vec<(u32, u16)>>,
    /// Whether each segment is whole, as far as it was read.
    is_whole: Vec<bool>,
}

impl Possible {
    fn of(shelf: &Shelf, hashes: &[u64]) -> Self {
        let (mut by_file, mut is_whole) = (HashMap::<_, Vec<_>>::new(), Vec::new());
        for (number, segment) in shelf.segments.iter().enumerate() {
            // However many values there are, there are no more places than groups have columns.
            let mut places = BTreeSet::new();
            let read = segment.find(hashes, &mut |posting| {
                places.insert((posting.group, posting.column));
            });
            let mut is_sound = read.is_ok();
            for (group, column) in places {
                match segment.place(group).filter(|_| usize::from(column) < segment.columns.len()) {
                    Some((file, group)) => by_file.entry((number, file)).or_default().push((group, column)),
                    None => is_sound = false,
                }
            }
            is_whole.push(is_sound);
        }
        Self { by_file, is_whole }
    }
}

/// Whether a day has some of the time that is looked through.
fn is_in(day: Option<&str>, finding: &Finding<'_>) -> bool {
    if finding.from.is_none() && finding.to.is_none() {
        return true;
    }
    let Some(day) = day else { return true };
    let text = |time: Instant| time.to_string();
    // RFC 3339 in UTC: what begins with an earlier day is earlier. Rows of no day have no time.
    let is_day = day.len() == 10 && day.as_bytes()[0].is_ascii_digit();
    let is_late_enough = finding.from.is_none_or(|from| day >= &text(from)[..10]);
    let is_early_enough = finding.to.is_none_or(|to| day <= &text(to)[..10]);
    !is_day || is_late_enough && is_early_enough
}
