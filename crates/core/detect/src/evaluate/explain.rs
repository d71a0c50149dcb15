//! What is told of a hit: the values by which it came about, and those that correlations want.

use super::scratch::Scratch;
use super::{Evaluation, Hit};
use crate::grid::Column;
use crate::program::Node;
use crate::rule::Test;

impl Evaluation<'_> {
    /// Values of the fields that correlations want of a hit's rule, each once.
    pub(crate) fn wanted(&self, hit: Hit) -> Vec<Vec<Box<str>>> {
        let texts = |field: &u32| {
            let mut texts: Vec<Box<str>> = Vec::new();
            for (column, id) in self.values_of(Some(*field), self.grid.records(hit.event)) {
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
                    .grid
                    .records(event)
                    .find(|&record| parts.iter().all(|part| self.holds_in(part, record, scratch)));
                if let Some(record) = record {
                    parts
                        .iter()
                        .for_each(|part| self.explain_items(part, record..record + 1, scratch, found));
                }
            }
            Node::Item(_) => self.explain_items(node, self.grid.records(event), scratch, found),
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
