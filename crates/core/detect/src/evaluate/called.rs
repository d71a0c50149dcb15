//! Which rules are tried on which events: those that hang on a value that an event has.

use aho_corasick::Input;
use aho_corasick::automaton::OverlappingState;

use super::Evaluation;
use super::scratch::Scratch;
use crate::grid::Column;
use crate::pattern::Stand;
use crate::program::{Slot, Use};

/// Rules that hang on each distinct value of one column.
pub(super) struct Called<'a> {
    pub(super) column: &'a Column<'a>,
    starts: Vec<u32>,
    rules: Vec<u32>,
}

impl Called<'_> {
    /// Rules that hang on a value.
    #[inline]
    pub(super) fn rules(&self, id: u32) -> &[u32] {
        let (from, to) = (self.starts[id as usize], self.starts[id as usize + 1]);
        &self.rules[from as usize..to as usize]
    }
}

impl<'a> Evaluation<'a> {
    /// Looks at the distinct values of every column that rules hang on.
    pub(super) fn called(&self, scratch: &mut Scratch) -> Vec<Called<'a>> {
        let mut fields_of = vec![Vec::new(); self.grid.columns.len()];
        for (number, columns) in self.bound.iter().enumerate() {
            for column in columns.iter().flatten() {
                fields_of[*column].push(u32::try_from(number).unwrap_or(u32::MAX));
            }
        }
        let tests_of = self.tests_of_columns();
        let mut all = Vec::new();
        for (number, column) in self.grid.columns.iter().enumerate() {
            let (fields, tests) = (&fields_of[number], &tests_of[number]);
            if fields.is_empty() && !self.program.anywhere {
                continue;
            }
            let is_padded = |field: &u32| self.program.fields[*field as usize].is_padded;
            let padded: Vec<u32> = fields.iter().copied().filter(is_padded).collect();
            let mut called = Called { column, starts: vec![0], rules: Vec::new() };
            for id in 0..column.distinct() {
                let id = u32::try_from(id).unwrap_or(u32::MAX);
                let first = called.rules.len();
                let everywhere = self.program.anywhere && !column.is_derived(id);
                if column.has_value(id) && (everywhere || !fields.is_empty()) {
                    self.call(column.folded(id), fields, everywhere, &mut called.rules);
                    let folded = column.folded(id);
                    let bare = if padded.is_empty() { folded } else { folded.trim_end() };
                    if bare.len() < folded.len() {
                        self.call(bare, &padded, false, &mut called.rules);
                    }
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
        let mut tests = vec![Vec::new(); self.grid.columns.len()];
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
}

/// Adds a rule to those from `first` on, once.
fn add(rule: u32, first: usize, rules: &mut Vec<u32>) {
    if !rules[first..].contains(&rule) {
        rules.push(rule);
    }
}
