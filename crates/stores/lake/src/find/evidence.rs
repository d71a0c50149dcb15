//! The rows in which values stand, as their tables have them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::Ordering;

use serde_json::{Map, Value};

use super::plan::Plan;
use super::sum::{Row, Sum};
use super::{FindError, Finding, FoundRow};
use crate::answer;
use crate::groups::Groups;
use crate::rows::{DAY, SHAPE};

/// A row of a group, and the group of a task.
type Spot = (usize, usize, u32);

/// The latest rows of each value, the latest first.
pub(super) fn rows(finding: &Finding<'_>, plan: &Plan, sum: &Sum) -> Result<Vec<Vec<FoundRow>>, FindError> {
    let wanted = sum.latest();
    let mut by_task: BTreeMap<usize, BTreeMap<usize, BTreeSet<u32>>> = BTreeMap::new();
    for Row { task, group, row, .. } in wanted.iter().flatten() {
        by_task.entry(*task).or_default().entry(*group).or_default().insert(*row);
    }
    let mut found: HashMap<Spot, FoundRow> = HashMap::new();
    for (task, groups) in by_task {
        if finding.stop.load(Ordering::Relaxed) {
            return Err(FindError::Stopped);
        }
        let open = Groups::open(&plan.tasks[task].path)?;
        for (group, rows) in groups {
            let rows: Vec<u32> = rows.into_iter().collect();
            let read = read(finding, plan, (task, &open), (group, &rows))?;
            found.extend(rows.iter().map(|row| (task, group, *row)).zip(read));
        }
    }
    let row = |row: &Row| found.get(&(row.task, row.group, row.row)).cloned();
    Ok(wanted.iter().map(|rows| rows.iter().filter_map(row).collect()).collect())
}

fn read(
    finding: &Finding<'_>,
    plan: &Plan,
    (number, open): (usize, &Groups),
    (group, rows): (usize, &[u32]),
) -> Result<Vec<FoundRow>, FindError> {
    let task = &plan.tasks[number];
    let table = &plan.tables[task.table].name;
    // A shape is for whoever puts events together again.
    let is_shown = |name: &str| name != SHAPE && finding.who.view.shows_column(name);
    let schema = open.schema();
    let places = (0..schema.fields().len()).filter(|place| is_shown(schema.field(*place).name()));
    let places: Vec<usize> = places.collect();
    let read = if places.is_empty() { None } else { Some(open.rows(group, &places, rows)?) };
    let values = read.as_ref().map(answer::values).unwrap_or_default();
    let mut values = values.into_iter();
    Ok(rows
        .iter()
        .map(|_| {
            let names = places.iter().map(|place| schema.field(*place).name().clone());
            let row = names.zip(values.next().unwrap_or_default()).filter(|(_, value)| !value.is_null());
            let mut values: Map<String, Value> = row.collect();
            if let Some(day) = task.day.as_ref().filter(|_| is_shown(DAY)) {
                values.insert(DAY.to_owned(), day.clone().into());
            }
            FoundRow { table: table.clone(), values }
        })
        .collect())
}
