//! Horizontal bars: how many of what. The label stands above its bar, the value at the right
//! end of the same line, a note below, so that the chart reads at any width.

use crate::draw::{AXIS, Anchor, Drawing, LABEL, Name, Rectangle, STRONG, TRACK, breadth};
use crate::scale::Linear;
use crate::{Counts, FILLS, SERIES, measure};

const BAR_HEIGHT: f64 = 14.0;

/// A horizontal bar chart.
#[derive(Debug, Clone)]
pub struct Bars<'a> {
    /// Unique in the document; element ids begin with it.
    pub id: &'a str,
    /// What the chart shows (`<title>`).
    pub title: &'a str,
    /// What it says, in a sentence (`<desc>`).
    pub description: &'a str,
    /// Width in pixels of the unscaled drawing; at least 160 is used.
    pub width: f64,
    /// Bars, top first.
    pub bars: &'a [Bar],
    /// Count of a bar as wide as the chart; the largest bar when `None`.
    pub maximum: Option<u64>,
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What is counted.
    pub label: String,
    /// The count in words, with its unit.
    pub value: String,
    /// A line below the bar, may be empty.
    pub note: String,
    /// Counts by series; the most severe begins at the zero line.
    pub counts: Counts,
}

impl Bars<'_> {
    /// Draws the chart.
    #[must_use]
    pub fn svg(&self) -> String {
        let width = self.width.max(160.0);
        let largest = self.bars.iter().map(|bar| total(&bar.counts)).max().unwrap_or(0);
        let maximum = self.maximum.unwrap_or(largest).max(largest).max(1);
        let scale = Linear::new((0.0, maximum as f64), 0.0, width);
        let mut drawing = Drawing::new();
        let mut y = 0.0;
        for bar in self.bars {
            y = draw_bar(&mut drawing, bar, &scale, (width, y));
        }
        let name = Name { id: self.id, title: self.title, description: self.description };
        drawing.finish(name, (width, (y - 6.0).max(1.0)))
    }
}

fn draw_bar(drawing: &mut Drawing, bar: &Bar, scale: &Linear, (width, y): (f64, f64)) -> f64 {
    let value = measure::shorten(&bar.value, STRONG.size, width * 0.6);
    let room = width - breadth(&value, STRONG) - 12.0;
    drawing.text(&measure::shorten(&bar.label, STRONG.size, room), (0.0, y + 13.0), Anchor::Start, STRONG);
    drawing.text(&value, (width, y + 13.0), Anchor::End, STRONG);
    let top = y + 21.0;
    drawing.rectangles(&[Rectangle { x: 0.0, y: top, width, height: BAR_HEIGHT }], TRACK);
    draw_split(drawing, &bar.counts, scale, (top, BAR_HEIGHT));
    let mut bottom = top + BAR_HEIGHT;
    if !bar.note.is_empty() {
        for line in measure::wrap(&bar.note, LABEL.size, width, 3) {
            drawing.text(&line, (0.0, bottom + 17.0), Anchor::Start, AXIS);
            bottom += 17.0;
        }
    }
    bottom + 18.0
}

/// One bar split by series, the most severe first, one pixel of paper between. Every segment
/// is at least two pixels wide, and the last one still ends inside the scale.
pub(crate) fn draw_split(drawing: &mut Drawing, counts: &Counts, scale: &Linear, (top, height): (f64, f64)) {
    let shown: Vec<usize> = (0..SERIES).rev().filter(|series| counts[*series] > 0).collect();
    let mut before = 0_u64;
    let mut x = scale.place(0.0);
    for (number, series) in shown.iter().enumerate() {
        before = before.saturating_add(counts[*series]);
        let to_come = (shown.len() - number - 1) as f64;
        let end = scale.place(before as f64).min(scale.end() - 2.0 * to_come).max(x + 2.0);
        let gap = if end - x >= 4.0 && to_come > 0.0 { 1.0 } else { 0.0 };
        drawing.rectangles(&[Rectangle { x, y: top, width: end - x - gap, height }], FILLS[*series]);
        x = end;
    }
}

pub(crate) fn total(counts: &Counts) -> u64 {
    counts.iter().copied().fold(0, u64::saturating_add)
}
