//! Drawings that stand in a table cell and repeat on every row on the same scale.

use crate::bars::{draw_split, total};
use crate::draw::{Drawing, Name, RULE, Rectangle};
use crate::scale::Linear;
use crate::timeline::Bin;
use crate::{Counts, FILLS, SERIES};

/// A heat strip: when, on a time axis that all rows share. The most severe series of a bin
/// gives the fill and the height of its mark, so that it reads without colour.
#[derive(Debug, Clone, Copy)]
pub struct Strip<'a> {
    /// What the strip says in words (`<title>`).
    pub title: &'a str,
    /// Width in pixels of the unscaled drawing.
    pub width: f64,
    /// Height in pixels.
    pub height: f64,
    /// First and last instant of the axis, seconds since 1970 UTC.
    pub span: (i64, i64),
    /// Seconds in one bin.
    pub bin_seconds: i64,
    /// Bins; those without counts draw nothing.
    pub bins: &'a [Bin],
}

/// One bar split by series, its length against the largest of all rows.
#[derive(Debug, Clone, Copy)]
pub struct Mix<'a> {
    /// What the bar says in words (`<title>`).
    pub title: &'a str,
    /// Width in pixels of a bar that counts `maximum`.
    pub width: f64,
    /// Height in pixels.
    pub height: f64,
    /// The largest total of all rows.
    pub maximum: u64,
    /// Counts by series.
    pub counts: Counts,
}

impl Strip<'_> {
    /// Draws the strip.
    #[must_use]
    pub fn svg(&self) -> String {
        let (width, height) = (self.width.max(20.0), self.height.max(8.0));
        let scale = Linear::new((self.span.0 as f64, self.span.1 as f64), 0.0, width);
        let mut drawing = Drawing::new();
        drawing.line((0.0, height - 0.5), (width, height - 0.5), RULE);
        let mut marks: [Vec<Rectangle>; SERIES] = Default::default();
        for bin in self.bins {
            let Some(series) = (0..SERIES).rev().find(|series| bin.counts[*series] > 0) else { continue };
            let start = scale.place(bin.start as f64);
            let end = scale.place(bin.start.saturating_add(self.bin_seconds.max(1)) as f64);
            let wide = (end - start - 1.0).max(3.0);
            let x = start.round().clamp(0.0, width - wide);
            let high = (height - 1.0) * (series + 1) as f64 / SERIES as f64;
            marks[series].push(Rectangle { x, y: height - 1.0 - high, width: wide, height: high });
        }
        for (marks, fill) in marks.iter().zip(FILLS) {
            drawing.rectangles(marks, fill);
        }
        drawing.finish(Name { id: "", title: self.title, description: "" }, (width, height))
    }
}

impl Mix<'_> {
    /// Draws the bar.
    #[must_use]
    pub fn svg(&self) -> String {
        let (width, height) = (self.width.max(20.0), self.height.max(6.0));
        let maximum = self.maximum.max(total(&self.counts)).max(1);
        let scale = Linear::new((0.0, maximum as f64), 0.0, width);
        let mut drawing = Drawing::new();
        draw_split(&mut drawing, &self.counts, &scale, (0.0, height));
        drawing.finish(Name { id: "", title: self.title, description: "" }, (width, height))
    }
}
