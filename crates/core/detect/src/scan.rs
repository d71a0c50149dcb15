//! Running a program over a sheet.
//!
//! Each distinct value of a column is searched once for the texts rules hang on; each event is
//! given only the rules that hang on one of its values; each test is made once a distinct value
//! and remembered. So the cost follows the number of distinct values, not of events or rules.

use aho_corasick::Input;
use aho_corasick::automaton::OverlappingState;

use crate::pattern::{Stand, fold};
use crate::program::{ColumnName, Node, Program, Slot, Use};
use crate::rule::{Relation, Test};
use crate::view::{Column, View};

/// Memory that one thread reuses from sheet to sheet.
#[derive(Debug, Default)]
pub struct Scratch {
    memos: Vec<Vec<u8>>,
    touched: Vec<usize>,
    stamps: Vec<u32>,
}

/// A rule that fired on an event: numbers of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub(crate) event: usize,
    /// Number in `Program::rules`.
    pub(crate) rule: u32,
}

const UNKNOWN: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;

/// A program bound to the columns of a sheet.
pub(crate) struct Scan<'a> {
    program: &'a Program,
    view: &'a View<'a>,
    /// Columns of each field, in the program's order; memo `k` of an item is for entry `k`.
    bound: Vec<Vec<Option<usize>>>,
    /// Columns of what stands inside fields that rules ask the presence of, where anything does: an
    /// object is spread over the columns of its members.
    inside: Vec<(u32, Vec<usize>)>,
}

/// Rules that hang on each distinct value of one column.
struct Called<'a> {
    column: &'a Column<'a>,
    starts: Vec<u32>,
    rules: Vec<u32>,
}

impl<'a> Scan<'a> {
    pub(crate) fn new(program: &'a Program, view: &'a View<'a>) -> Self {
        let bind = |place: &ColumnName| match place {
            ColumnName::Known(name) => view.known(name),
            ColumnName::Raw(name) => view.raw(name),
        };
        let bound = program.fields.iter().map(|field| field.places.iter().map(bind).collect()).collect();
        Self { program, view, bound, inside: inside(program, view) }
    }

    /// All hits, in the order of events and, within one, of rules.
    pub(crate) fn run(&self, scratch: &mut Scratch) -> Vec<Hit> {
        scratch.prepare(self.program, self.view.columns.len());
        let called = self.called(scratch);
        let mut hits = Vec::new();
        let mut candidates = Vec::new();
        for event in 0..self.view.events() {
            candidates.clear();
            candidates.extend_from_slice(&self.program.always);
            let stamp = u32::try_from(event).unwrap_or(u32::MAX).wrapping_add(1);
            for record in self.view.records(event) {
                for Called { column, starts, rules } in &called {
                    for &id in column.ids(record) {
                        let (from, to) = (starts[id as usize] as usize, starts[id as usize + 1] as usize);
                        for &rule in &rules[from..to] {
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

    /// Looks at the distinct values of every column that rules hang on.
    fn called(&self, scratch: &mut Scratch) -> Vec<Called<'a>> {
        let mut fields_of = vec![Vec::new(); self.view.columns.len()];
        for (number, columns) in self.bound.iter().enumerate() {
            for column in columns.iter().flatten() {
                fields_of[*column].push(u32::try_from(number).unwrap_or(u32::MAX));
            }
        }
        let tests_of = self.tests_of_columns();
        let mut all = Vec::new();
        for (number, column) in self.view.columns.iter().enumerate() {
            let (fields, tests) = (&fields_of[number], &tests_of[number]);
            if fields.is_empty() && !self.program.anywhere {
                continue;
            }
            let mut called = Called { column, starts: vec![0], rules: Vec::new() };
            for id in 0..column.distinct() {
                let id = u32::try_from(id).unwrap_or(u32::MAX);
                let first = called.rules.len();
                let everywhere = self.program.anywhere && !column.is_derived(id);
                if column.has_value(id) && (everywhere || !fields.is_empty()) {
                    self.call(column.folded(id), fields, everywhere, &mut called.rules);
                    for (slot, memo, rules) in tests {
                        if scratch.fits(slot, column, *memo, id) {
                            rules.iter().for_each(|rule| add(*rule, first, &mut called.rules));
                        }
                    }
                }
                called.starts.push(u32::try_from(called.rules.len()).unwrap_or(u32::MAX));
            }
            if !called.rules.is_empty() {
                all.push(called);
            }
        }
        all
    }

    /// For each column the tests that rules hang on, with the memo of each and the rules.
    fn tests_of_columns(&self) -> Vec<Vec<(&Slot, usize, &[u32])>> {
        let mut tests = vec![Vec::new(); self.view.columns.len()];
        for (item, rules) in &self.program.tests {
            let slot = &self.program.items[*item as usize];
            let columns = slot.field.map_or(&[][..], |field| &self.bound[field as usize]);
            for (place, column) in columns.iter().enumerate() {
                if let Some(column) = column {
                    tests[*column].push((slot, slot.memo + place, rules.as_slice()));
                }
            }
        }
        tests
    }

    /// Adds the rules that hang on texts of one value.
    fn call(&self, text: &str, fields: &[u32], everywhere: bool, rules: &mut Vec<u32>) {
        let first = rules.len();
        let fits = |entry: &Use| match entry.field {
            None => everywhere,
            Some(field) => fields.contains(&field),
        };
        for entry in self.program.whole.get(text).into_iter().flatten().filter(|entry| fits(entry)) {
            add(entry.rule, first, rules);
        }
        let Some(automaton) = &self.program.automaton else { return };
        let mut state = OverlappingState::start();
        loop {
            automaton.find_overlapping(Input::new(text), &mut state);
            let Some(found) = state.get_match() else { break };
            for entry in &self.program.uses[found.pattern().as_usize()] {
                let stands = match entry.stand {
                    Stand::Begin => found.start() == 0,
                    Stand::End => found.end() == text.len(),
                    Stand::Inside | Stand::Whole => true,
                };
                if stands && fits(entry) {
                    add(entry.rule, first, rules);
                }
            }
        }
    }

    fn holds(&self, node: &Node, event: usize, scratch: &mut Scratch) -> bool {
        match node {
            Node::Constant(value) => *value,
            Node::And(parts) => parts.iter().all(|part| self.holds(part, event, scratch)),
            Node::Or(parts) => parts.iter().any(|part| self.holds(part, event, scratch)),
            Node::Not(part) => !self.holds(part, event, scratch),
            Node::Item(item) => self.item_holds(*item, self.view.records(event), scratch),
            Node::Record(parts) => self
                .view
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
        let columns = self.view.columns.len();
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
            None => (0..columns).filter(|&column| self.view.columns[column].is_given()).any(|column| {
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
        let column = &self.view.columns[column];
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
            let column = &self.view.columns[column];
            records.clone().flat_map(move |record| column.ids(record).iter().map(move |&id| (column, id)))
        })
    }

    /// Whether a field is an object with members, or a list of such.
    fn stands_inside(&self, field: Option<u32>, records: std::ops::Range<usize>) -> bool {
        let of_field = self.inside.iter().filter(|(number, _)| Some(*number) == field);
        let mut columns = of_field.flat_map(|(_, columns)| columns);
        columns.any(|&column| records.clone().any(|record| !self.view.columns[column].ids(record).is_empty()))
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

    /// Values of the fields that correlations want of a hit's rule, each once.
    pub(crate) fn wanted(&self, hit: Hit) -> Vec<Vec<Box<str>>> {
        let texts = |field: &u32| {
            let mut texts: Vec<Box<str>> = Vec::new();
            for (column, id) in self.values_of(Some(*field), self.view.records(hit.event)) {
                let text = column.text(id);
                if !texts.iter().any(|known| **known == *text) {
                    texts.push(text.into());
                }
            }
            texts
        };
        self.program.rules[hit.rule as usize].wanted.iter().map(texts).collect()
    }

    /// Reports the values by which a hit came about: field name, column, value number.
    pub(crate) fn explain(
        &self,
        hit: Hit,
        scratch: &mut Scratch,
        found: &mut dyn FnMut(&str, &Column<'_>, u32),
    ) {
        self.explain_node(&self.program.rules[hit.rule as usize].root, hit.event, scratch, found);
    }

    fn explain_node(
        &self,
        node: &Node,
        event: usize,
        scratch: &mut Scratch,
        found: &mut dyn FnMut(&str, &Column<'_>, u32),
    ) {
        match node {
            Node::Constant(_) | Node::Not(_) => {}
            Node::And(parts) => parts.iter().for_each(|part| self.explain_node(part, event, scratch, found)),
            Node::Or(parts) => {
                for part in parts {
                    if self.holds(part, event, scratch) {
                        self.explain_node(part, event, scratch, found);
                    }
                }
            }
            Node::Record(parts) => {
                let record = self
                    .view
                    .records(event)
                    .find(|&record| parts.iter().all(|part| self.holds_in(part, record, scratch)));
                if let Some(record) = record {
                    parts
                        .iter()
                        .for_each(|part| self.explain_items(part, record..record + 1, scratch, found));
                }
            }
            Node::Item(_) => self.explain_items(node, self.view.records(event), scratch, found),
        }
    }

    fn explain_items(
        &self,
        node: &Node,
        records: std::ops::Range<usize>,
        scratch: &mut Scratch,
        found: &mut dyn FnMut(&str, &Column<'_>, u32),
    ) {
        match node {
            Node::Item(item) => {
                let slot = &self.program.items[*item as usize];
                let name = slot.field.map(|field| &*self.program.fields[field as usize].name);
                if let Test::Any(_) = slot.item.test {
                    self.any_value(slot, records, scratch, &mut |column, id| {
                        found(name.unwrap_or(column.name), column, id)
                    });
                } else if let Some((column, id)) = self.values_of(slot.field, records).next() {
                    found(name.unwrap_or(column.name), column, id);
                }
            }
            Node::And(parts) | Node::Or(parts) | Node::Record(parts) => {
                parts.iter().for_each(|part| self.explain_items(part, records.clone(), scratch, found));
            }
            Node::Constant(_) | Node::Not(_) => {}
        }
    }
}

/// The columns of what stands inside the fields whose presence is asked for.
fn inside(program: &Program, view: &View<'_>) -> Vec<(u32, Vec<usize>)> {
    let dotted: Vec<_> =
        view.columns.iter().enumerate().filter(|(_, column)| column.name.contains('.')).collect();
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

fn fits(slot: &Slot, column: &Column<'_>, id: u32) -> bool {
    let Test::Any(matchers) = &slot.item.test else { return false };
    // Keywords are searched for in what the source has written.
    if !column.has_value(id) || (slot.field.is_none() && column.is_derived(id)) {
        return false;
    }
    let (text, folded) = (column.text(id), column.folded(id));
    matchers.iter().any(|matcher| matcher.matches(text, folded))
}

/// Adds a rule to those from `first` on, once.
fn add(rule: u32, first: usize, rules: &mut Vec<u32>) {
    if !rules[first..].contains(&rule) {
        rules.push(rule);
    }
}

impl Scratch {
    /// Whether a value fits an item; found out once a distinct value.
    fn fits(&mut self, slot: &Slot, column: &Column<'_>, memo: usize, id: u32) -> bool {
        let known = &mut self.memos[memo];
        if known.is_empty() {
            known.resize(column.distinct(), UNKNOWN);
            self.touched.push(memo);
        }
        let state = &mut known[id as usize];
        if *state == UNKNOWN {
            *state = if fits(slot, column, id) { TRUE } else { FALSE };
        }
        *state == TRUE
    }

    fn prepare(&mut self, program: &Program, columns: usize) {
        for memo in self.touched.drain(..) {
            self.memos[memo].clear();
        }
        let memos = program.memos + program.keywords * columns;
        if self.memos.len() < memos {
            self.memos.resize_with(memos, Vec::new);
        }
        self.stamps.clear();
        self.stamps.resize(program.rules.len(), 0);
    }
}
