//! Looking at the rows of a file that can have a value.

use std::sync::atomic::Ordering;

use arrow_array::{Array, StringViewArray};
use model::holds::Holds;

use super::asked::Asked;
use super::facts::{self, Fact};
use super::plan::{Plan, Task};
use super::sum::{Row, Sum};
use super::{FindError, Finding};
use crate::groups::Groups;
use crate::values::slot;

/// Values of a column that are remembered with what they match.
const REMEMBERED: usize = 1 << 12;

/// What is looked for, and where it is counted.
pub(super) struct Into<'a, 'b> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) sum: &'b mut Sum,
}

/// That a row of a group has a value in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    row: u32,
    value: u32,
    /// Place among the columns that are looked at.
    column: usize,
}

/// Looks at one file.
pub(super) fn at(
    finding: &Finding<'_>,
    plan: &Plan,
    number: usize,
    into: &mut Into<'_, '_>,
) -> Result<(), FindError> {
    let task = &plan.tasks[number];
    let part = &plan.tables[task.table];
    let open = Groups::open(&task.path)?;
    for group in 0..open.count() {
        if finding.stop.load(Ordering::Relaxed) {
            return Err(FindError::Stopped);
        }
        let mut hits = hits(&open, plan, (task, group), into.asked)?;
        if !hits.is_empty() {
            hits.sort_unstable();
            let mut rows: Vec<u32> = hits.iter().map(|hit| hit.row).collect();
            rows.dedup();
            let facts = facts::read(
                finding,
                part,
                &facts::Rows { open: &open, group, rows: &rows, hash: &plan.hash },
            )?;
            count(&hits, &facts, &Group { task: number, group }, into.sum);
        }
    }
    Ok(())
}

/// What stands in a group of rows.
fn hits(
    open: &Groups,
    plan: &Plan,
    (task, group): (&Task, usize),
    asked: &Asked<'_>,
) -> Result<Vec<Hit>, FindError> {
    let part = &plan.tables[task.table];
    let known = u32::try_from(group).ok().and_then(|group| task.groups.get(&group));
    let mut columns: Vec<usize> = known.into_iter().flatten().chain(&task.everywhere).copied().collect();
    columns.sort_unstable();
    columns.dedup();
    let mut hits = Vec::new();
    for column in columns {
        let Some(place) = open.place(&part.columns[column].name) else { continue };
        let mut at = 0;
        for texts in open.texts(group, place)? {
            let texts = texts?;
            let seen = Seen { column, holds: part.columns[column].holds, first: at };
            seen.hits(&texts, asked, &mut hits);
            at += texts.len();
        }
    }
    Ok(hits)
}

/// A column being looked at.
struct Seen {
    column: usize,
    holds: Holds,
    /// Number of the first row in the group.
    first: usize,
}

impl Seen {
    fn hits(&self, texts: &StringViewArray, asked: &Asked<'_>, hits: &mut Vec<Hit>) {
        // What views match, by place in the list; the first is nothing.
        let mut matched: Vec<Vec<u32>> = vec![Vec::new()];
        let mut remembered = vec![(0_u128, 0_u32); REMEMBERED];
        for (row, view) in texts.views().iter().enumerate() {
            let slot = &mut remembered[slot::<REMEMBERED>(*view)];
            if slot.0 != *view {
                let found =
                    if texts.is_valid(row) { asked.matching(self.holds, texts.value(row)) } else { continue };
                let place = if found.is_empty() {
                    0
                } else {
                    matched.push(found);
                    matched.len() - 1
                };
                *slot = (*view, u32::try_from(place).unwrap_or(0));
            }
            if slot.1 != 0 && texts.is_valid(row) {
                let row = u32::try_from(self.first + row).unwrap_or(u32::MAX);
                let hit = |value: &u32| Hit { row, value: *value, column: self.column };
                hits.extend(matched[slot.1 as usize].iter().map(hit));
            }
        }
    }
}

/// A group of rows.
struct Group {
    /// Place of what reads its file.
    task: usize,
    group: usize,
}

/// Counts the rows that count. Hits are in order, and there is a fact for each row that has some.
fn count(hits: &[Hit], facts: &[Fact], group: &Group, sum: &mut Sum) {
    let rows = hits.chunk_by(|one, other| one.row == other.row);
    for (hits, fact) in rows.zip(facts).filter(|(_, fact)| fact.counts) {
        for hits in hits.chunk_by(|one, other| one.value == other.value) {
            let row = Row { task: group.task, group: group.group, row: hits[0].row, time: fact.time };
            sum.add(hits[0].value, (row, fact.host), hits.iter().map(|hit| hit.column));
        }
    }
}
