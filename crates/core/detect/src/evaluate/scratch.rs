//! What is remembered of values while a sheet is gone over.

use crate::grid::Column;
use crate::program::{Program, Slot};
use crate::rule::Test;

/// Memory that one thread reuses from sheet to sheet.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) memos: Vec<Vec<u8>>,
    touched: Vec<usize>,
    pub(super) stamps: Vec<u32>,
}

const UNKNOWN: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;

impl Scratch {
    /// Whether a value fits an item; found out once a distinct value.
    #[inline]
    pub(super) fn fits(&mut self, slot: &Slot, column: &Column<'_>, memo: usize, id: u32) -> bool {
        match self.memos[memo].get(id as usize) {
            Some(&TRUE) => true,
            Some(&FALSE) => false,
            _ => self.find_out(slot, column, memo, id),
        }
    }

    /// The same of a value that has not been looked at yet; most have been.
    #[inline(never)]
    fn find_out(&mut self, slot: &Slot, column: &Column<'_>, memo: usize, id: u32) -> bool {
        let known = &mut self.memos[memo];
        if known.is_empty() {
            known.resize(column.distinct(), UNKNOWN);
            self.touched.push(memo);
        }
        let fits = fits(slot, column, id);
        known[id as usize] = if fits { TRUE } else { FALSE };
        fits
    }

    pub(super) fn prepare(&mut self, program: &Program, columns: usize) {
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

fn fits(slot: &Slot, column: &Column<'_>, id: u32) -> bool {
    let Test::Any(matchers) = &slot.item.test else { return false };
    // Keywords are searched for in what the source has written.
    if !column.has_value(id) || (slot.field.is_none() && column.is_derived(id)) {
        return false;
    }
    let fits = |value| matchers.iter().any(|matcher| matcher.matches(value));
    let value = column.candidate(id);
    fits(value) || (slot.is_padded && value.bare().is_some_and(fits))
}
