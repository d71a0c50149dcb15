//! Running a program over a sheet.
//!
//! Each distinct value of a column is searched once for the texts rules hang on; each event is
//! given only the rules that hang on one of its values; each test is made once a distinct value
//! and remembered. So the cost follows the number of distinct values, not of events or rules.

mod called;
mod explain;
mod scratch;

use crate::fold::fold;
use crate::grid::{Column, Grid};
use crate::program::{ColumnName, Node, Program, Slot};
use crate::rule::{Relation, Test};

pub use scratch::Scratch;

/// A rule that fired on an event: numbers of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub(crate) event: usize,
    /// Number in `Program::rules`.
    pub(crate) rule: u32,
}

/// A program bound to the columns of a sheet.
pub(crate) struct Evaluation<'a> {
    program: &'a Program,
    grid: &'a Grid<'a>,
    /// Columns of each field, in the program's order; memo `k` of an item is for entry `k`.
    bound: Vec<Vec<Option<usize>>>,
    /// Columns of what stands inside fields that rules ask the presence of, where anything does: an
    /// object is spread over the columns of its members.
    inside: Vec<(u32, Vec<usize>)>,
}

impl<'a> Evaluation<'a> {
    pub(crate) fn new(program: &'a Program, grid: &'a Grid<'a>) -> Self {
        let bind = |place: &ColumnName| match place {
            ColumnName::Known(name) => grid.known(name),
            ColumnName::Raw(name) => grid.raw(name),
        };
        let bound = program.fields.iter().map(|field| field.places.iter().map(bind).collect()).collect();
        Self { program, grid, bound, inside: inside(program, grid) }
    }

    /// All hits, in the order of events and, within one, of rules.
    pub(crate) fn run(&self, scratch: &mut Scratch) -> Vec<Hit> {
        scratch.prepare(self.program, self.grid.columns.len());
        let called = self.called(scratch);
        let mut hits = Vec::new();
        let mut candidates = Vec::new();
        for event in 0..self.grid.events() {
            candidates.clear();
            candidates.extend_from_slice(&self.program.always);
            let stamp = u32::try_from(event).unwrap_or(u32::MAX).wrapping_add(1);
            for record in self.grid.records(event) {
                for called in &called {
                    for &id in called.column.ids(record) {
                        for &rule in called.rules(id) {
                            if scratch.stamps[rule as usize] != stamp {
                                scratch.stamps[rule as usize] = stamp;
                                candidates.push(rule);
                            }
                        }
                    }
                }
            }
            candidates.sort_unstable();
            for &rule in &candidates {
                if self.holds(&self.program.rules[rule as usize].root, event, scratch) {
                    hits.push(Hit { event, rule });
                }
            }
        }
        hits
    }

    fn holds(&self, node: &Node, event: usize, scratch: &mut Scratch) -> bool {
        match node {
            Node::Constant(value) => *value,
            Node::And(parts) => parts.iter().all(|part| self.holds(part, event, scratch)),
            Node::Or(parts) => parts.iter().any(|part| self.holds(part, event, scratch)),
            Node::Not(part) => !self.holds(part, event, scratch),
            Node::Item(item) => self.item_holds(*item, self.grid.records(event), scratch),
            Node::Record(parts) => self
                .grid
                .records(event)
                .any(|record| parts.iter().all(|part| self.holds_in(part, record, scratch))),
        }
    }

    /// The same within one record.
    fn holds_in(&self, node: &Node, record: usize, scratch: &mut Scratch) -> bool {
        match node {
            Node::Constant(value) => *value,
            Node::And(parts) | Node::Record(parts) => {
                parts.iter().all(|part| self.holds_in(part, record, scratch))
            }
            Node::Or(parts) => parts.iter().any(|part| self.holds_in(part, record, scratch)),
            Node::Not(part) => !self.holds_in(part, record, scratch),
            Node::Item(item) => self.item_holds(*item, record..record + 1, scratch),
        }
    }

    fn item_holds(&self, item: u32, records: std::ops::Range<usize>, scratch: &mut Scratch) -> bool {
        let slot = &self.program.items[item as usize];
        match &slot.item.test {
            Test::Any(_) => self.any_value(slot, records, scratch, &mut |_, _| ()),
            Test::Missing => {
                self.values_of(slot.field, records.clone()).next().is_none()
                    && !self.stands_inside(slot.field, records)
            }
            Test::Exists => {
                self.all_of(slot.field, records.clone()).next().is_some()
                    || self.stands_inside(slot.field, records)
            }
            Test::Field { relation, cased, .. } => self.fields_relate(slot, records, *relation, *cased),
        }
    }

    /// Whether a value fits; the first that does is reported.
    fn any_value(
        &self,
        slot: &Slot,
        records: std::ops::Range<usize>,
        scratch: &mut Scratch,
        found: &mut dyn FnMut(&Column<'_>, u32),
    ) -> bool {
        let columns = self.grid.columns.len();
        match slot.field {
            Some(field) => {
                for (place, column) in self.bound[field as usize].iter().enumerate() {
                    let Some(column) = column else { continue };
                    if self.column_fits(slot, *column, slot.memo + place, records.clone(), scratch, found) {
                        return true;
                    }
                }
                false
            }
            None => (0..columns).filter(|&column| self.grid.columns[column].is_given()).any(|column| {
                let memo = self.program.memos + slot.memo * columns + column;
                self.column_fits(slot, column, memo, records.clone(), scratch, found)
            }),
        }
    }

    fn column_fits(
        &self,
        slot: &Slot,
        column: usize,
        memo: usize,
        records: std::ops::Range<usize>,
        scratch: &mut Scratch,
        found: &mut dyn FnMut(&Column<'_>, u32),
    ) -> bool {
        let column = &self.grid.columns[column];
        for record in records {
            for &id in column.ids(record) {
                if scratch.fits(slot, column, memo, id) {
                    found(column, id);
                    return true;
                }
            }
        }
        false
    }

    fn values_of(
        &self,
        field: Option<u32>,
        records: std::ops::Range<usize>,
    ) -> impl Iterator<Item = (&'a Column<'a>, u32)> {
        self.all_of(field, records).filter(|(column, id)| column.has_value(*id))
    }

    /// Also what a field holds that is no value.
    fn all_of(
        &self,
        field: Option<u32>,
        records: std::ops::Range<usize>,
    ) -> impl Iterator<Item = (&'a Column<'a>, u32)> {
        let columns = field.map_or(&[][..], |field| &self.bound[field as usize]);
        columns.iter().flatten().flat_map(move |&column| {
            let column = &self.grid.columns[column];
            records.clone().flat_map(move |record| column.ids(record).iter().map(move |&id| (column, id)))
        })
    }

    /// Whether a field is an object with members, or a list of such.
    fn stands_inside(&self, field: Option<u32>, records: std::ops::Range<usize>) -> bool {
        let of_field = self.inside.iter().filter(|(number, _)| Some(*number) == field);
        let mut columns = of_field.flat_map(|(_, columns)| columns);
        columns.any(|&column| records.clone().any(|record| !self.grid.columns[column].ids(record).is_empty()))
    }

    fn fields_relate(
        &self,
        slot: &Slot,
        records: std::ops::Range<usize>,
        relation: Relation,
        cased: bool,
    ) -> bool {
        self.values_of(slot.field, records.clone()).any(|(left, left_id)| {
            self.values_of(slot.other, records.clone()).any(|(right, right_id)| {
                if cased {
                    relation.holds(left.text(left_id), right.text(right_id))
                } else {
                    relation.holds(&fold(left.text(left_id)), &fold(right.text(right_id)))
                }
            })
        })
    }
}

/// The columns of what stands inside the fields whose presence is asked for.
fn inside(program: &Program, grid: &Grid<'_>) -> Vec<(u32, Vec<usize>)> {
    let dotted: Vec<_> =
        grid.columns.iter().enumerate().filter(|(_, column)| column.name.contains('.')).collect();
    if dotted.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    for &field in &program.presence {
        let is_member = |name: &str, place: &ColumnName| match place {
            ColumnName::Known(_) => false,
            ColumnName::Raw(outer) => name.strip_prefix(&**outer).is_some_and(|rest| rest.starts_with('.')),
        };
        let places = &program.fields[field as usize].places;
        let members = dotted.iter().filter(|(_, column)| places.iter().any(|at| is_member(column.name, at)));
        let members: Vec<usize> = members.map(|(number, _)| *number).collect();
        if !members.is_empty() {
            all.push((field, members));
        }
    }
    all
}
