//! The time histogram: how many, when, stacked by up to four ordered series, with notes tied
//! to instants.

use crate::draw::{AXIS, Anchor, Drawing, INK, LABEL, Name, RULE, Rectangle, STRONG, breadth};
use crate::scale::{Linear, Tick, count_steps, time_ticks};
use crate::{Counts, FILLS, SERIES, measure};

/// At most this many grid steps above the zero line.
const GRID_STEPS: u64 = 5;
/// A count of one stays visible: no drawn segment is lower than this.
const LEAST_HEIGHT: f64 = 1.5;
/// Bars in a crowd stay visible: none is narrower than this.
const LEAST_WIDTH: f64 = 1.0;
const KEY_LINE: f64 = 20.0;
const NOTE_LINE: f64 = 18.0;

/// A time histogram.
pub struct Timeline<'a> {
    /// Unique in the document; element ids begin with it.
    pub id: &'a str,
    /// What the chart shows (`<title>`).
    pub title: &'a str,
    /// What it says, in a sentence (`<desc>`).
    pub description: &'a str,
    /// Width in pixels of the unscaled drawing; at least 240 is used.
    pub width: f64,
    /// Height of the plot alone in pixels; key, notes and axis come on top of it.
    pub plot_height: f64,
    /// Seconds in one bin.
    pub bin_seconds: i64,
    /// Bins in any order; missing ones count zero.
    pub bins: &'a [Bin],
    /// Names on the drawing, lightest series first; a series without counts is not named.
    pub series: [&'a str; SERIES],
    /// Unit on the top label.
    pub unit: &'a str,
    /// Notes tied to instants.
    pub annotations: &'a [Annotation],
    /// The axis below.
    pub axis: TimeAxis<'a>,
    /// Words a count.
    pub number: &'a dyn Fn(u64) -> String,
}

/// Counts from `start` on, for one bin's length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bin {
    /// Start, seconds since 1970 UTC.
    pub start: i64,
    /// Counts by series.
    pub counts: Counts,
}

/// A note beside the bar that holds its instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// Instant, seconds since 1970 UTC.
    pub instant: i64,
    /// What happened, set bold.
    pub text: String,
    /// Second line, may be empty.
    pub detail: String,
}

/// The time axis.
pub struct TimeAxis<'a> {
    /// First instant shown; the first bin when later than it.
    pub from: i64,
    /// Last instant shown; the end of the last bin when earlier than it.
    pub to: i64,
    /// The zone's distance from UTC, seconds, so that ticks stand at local round times.
    pub offset: i64,
    /// Words a tick.
    pub label: &'a dyn Fn(Tick) -> String,
}

/// Places fixed before anything is drawn.
struct Layout {
    width: f64,
    right: f64,
    top: f64,
    base: f64,
    time: Linear,
    count: Linear,
    step: u64,
    highest: u64,
    span: (i64, i64),
}

/// An annotation with its lines and side chosen.
struct Note {
    x: f64,
    y: f64,
    to_the_right: bool,
    strong: Vec<String>,
    detail: Vec<String>,
}

impl Timeline<'_> {
    /// Draws the chart.
    #[must_use]
    pub fn svg(&self) -> String {
        let width = self.width.max(240.0);
        let mut drawing = Drawing::new();
        let key_bottom = self.draw_key(&mut drawing, width);
        let (right, span) = (width - self.label_margin(), self.span());
        let time = Linear::new((span.0 as f64, span.1 as f64), 0.0, right);
        let (notes, notes_bottom) = self.place_notes(&time, right, key_bottom);
        let top = notes_bottom + 12.0;
        let base = top + self.plot_height.max(60.0);
        let (step, highest) = count_steps(self.maximum(), GRID_STEPS);
        let count = Linear::new((0.0, highest as f64), base, top - base);
        let layout = Layout { width, right, top, base, time, count, step, highest, span };
        self.draw_grid(&mut drawing, &layout);
        self.draw_bars(&mut drawing, &layout);
        drawing.line((0.0, base + 0.5), (right, base + 0.5), INK);
        self.draw_time_axis(&mut drawing, &layout);
        for (note, annotation) in notes.iter().zip(self.annotations) {
            self.draw_note(&mut drawing, &layout, (note, annotation));
        }
        let name = Name { id: self.id, title: self.title, description: self.description };
        drawing.finish(name, (width, base + 26.0))
    }

    fn maximum(&self) -> u64 {
        self.bins.iter().map(|bin| sum(&bin.counts)).max().unwrap_or(0)
    }

    fn span(&self) -> (i64, i64) {
        let starts = self.bins.iter().map(|bin| bin.start);
        let from = starts.clone().min().map_or(self.axis.from, |first| first.min(self.axis.from));
        let end = starts.max().map(|last| last.saturating_add(self.bin_seconds.max(1)));
        let to = end.map_or(self.axis.to, |end| end.max(self.axis.to));
        (from, to.max(from.saturating_add(1)))
    }

    /// Room at the right for the labels of the grid.
    fn label_margin(&self) -> f64 {
        let (step, highest) = count_steps(self.maximum(), GRID_STEPS);
        (0..=highest / step)
            .map(|number| breadth(&self.count_label(number * step, highest), AXIS))
            .fold(0.0, f64::max)
            + 10.0
    }

    fn count_label(&self, value: u64, highest: u64) -> String {
        let number = (self.number)(value);
        if value == highest && !self.unit.is_empty() { format!("{number} {}", self.unit) } else { number }
    }

    /// Names the series on the drawing, most severe first, with their totals.
    fn draw_key(&self, drawing: &mut Drawing, width: f64) -> f64 {
        let (mut x, mut y) = (0.0, 12.0);
        let mut any = false;
        for series in (0..SERIES).rev() {
            let total: u64 = self.bins.iter().map(|bin| bin.counts[series]).fold(0, u64::saturating_add);
            if total == 0 || self.series[series].is_empty() {
                continue;
            }
            let text = format!("{} {}", self.series[series], (self.number)(total));
            let text = measure::shorten(&text, LABEL.size, width - 14.0);
            let wide = 14.0 + breadth(&text, LABEL);
            if any && x + wide > width {
                (x, y) = (0.0, y + KEY_LINE);
            }
            let swatch = Rectangle { x, y: y - 9.0, width: 9.0, height: 9.0 };
            drawing.rectangles(&[swatch], FILLS[series]);
            drawing.text(&text, (x + 14.0, y), Anchor::Start, LABEL);
            x += wide + 12.0;
            any = true;
        }
        if any { y + 6.0 } else { 0.0 }
    }

    /// Chooses side and lines of each note; notes stand above the plot, one below the other,
    /// so that no text ever crosses a bar or another text.
    fn place_notes(&self, time: &Linear, right: f64, mut y: f64) -> (Vec<Note>, f64) {
        let mut notes = Vec::with_capacity(self.annotations.len());
        for annotation in self.annotations {
            let bin = self.bin_of(annotation.instant);
            let x = bin.map_or(annotation.instant as f64, |bin| {
                bin.start as f64 + self.bin_seconds.max(1) as f64 / 2.0
            });
            let x = time.place(x).clamp(0.0, right);
            let wide = breadth(&annotation.text, STRONG).max(breadth(&annotation.detail, LABEL));
            let to_the_right = right - x - 10.0 >= wide || right - x >= x;
            let room = if to_the_right { right - x } else { x } - 10.0;
            let strong = measure::wrap(&annotation.text, STRONG.size, room, 4);
            let detail = if annotation.detail.is_empty() {
                Vec::new()
            } else {
                measure::wrap(&annotation.detail, LABEL.size, room, 3)
            };
            let lines = (strong.len() + detail.len()) as f64;
            notes.push(Note { x, y: y + 4.0, to_the_right, strong, detail });
            y += 4.0 + lines * NOTE_LINE;
        }
        (notes, y)
    }

    fn bin_of(&self, instant: i64) -> Option<&Bin> {
        let holds =
            |bin: &&Bin| bin.start <= instant && instant.saturating_sub(bin.start) < self.bin_seconds.max(1);
        self.bins.iter().find(holds)
    }

    fn draw_grid(&self, drawing: &mut Drawing, layout: &Layout) {
        for number in 0..=layout.highest / layout.step {
            let value = number * layout.step;
            let y = layout.count.place(value as f64).round() + 0.5;
            if value > 0 {
                drawing.line((0.0, y), (layout.right, y), RULE);
            }
            let label = self.count_label(value, layout.highest);
            drawing.text(&label, (layout.right + 8.0, y + 4.0), Anchor::Start, AXIS);
        }
    }

    fn draw_bars(&self, drawing: &mut Drawing, layout: &Layout) {
        let mut rectangles: [Vec<Rectangle>; SERIES] = Default::default();
        for bin in self.bins {
            for (series, rectangle) in self.stack(bin, layout) {
                rectangles[series].push(rectangle);
            }
        }
        for (rectangles, fill) in rectangles.iter().zip(FILLS) {
            drawing.rectangles(rectangles, fill);
        }
    }

    /// The segments of one bar from the zero line upward, most severe first.
    fn stack(&self, bin: &Bin, layout: &Layout) -> Vec<(usize, Rectangle)> {
        let start = layout.time.place(bin.start as f64);
        let end = layout.time.place(bin.start.saturating_add(self.bin_seconds.max(1)) as f64);
        let pitch = end - start;
        let (x, width) = if pitch >= 4.0 {
            (start.round(), (end.round() - start.round() - 1.0).max(2.0))
        } else {
            (start, pitch.max(LEAST_WIDTH))
        };
        let x = x.min(layout.right - width).max(0.0);
        let mut segments = Vec::new();
        let (mut below, mut floor) = (0_u64, layout.base);
        for series in (0..SERIES).rev().filter(|series| bin.counts[*series] > 0) {
            below = below.saturating_add(bin.counts[series]);
            let y = layout.count.place(below as f64).min(floor - LEAST_HEIGHT);
            // One pixel of paper between segments, where there is room for it.
            let gap = if segments.is_empty() || floor - y < 4.0 { 0.0 } else { 1.0 };
            segments.push((series, Rectangle { x, y, width, height: floor - y - gap }));
            floor = y;
        }
        segments
    }

    fn draw_time_axis(&self, drawing: &mut Drawing, layout: &Layout) {
        for (tick, label) in self.ticks(layout) {
            let x = layout.time.place(tick.instant as f64);
            let mark = (x.round() + 0.5).min(layout.right - 0.5);
            drawing.line((mark, layout.base + 1.0), (mark, layout.base + 5.0), INK);
            let (left, right) = extent(&label, x, layout);
            let anchor = if left >= x {
                Anchor::Start
            } else if right <= x {
                Anchor::End
            } else {
                Anchor::Middle
            };
            let x = match anchor {
                Anchor::Start => left,
                Anchor::Middle => x,
                Anchor::End => right,
            };
            drawing.text(&label, (x, layout.base + 18.0), anchor, AXIS);
        }
    }

    /// The most ticks whose labels leave room between them.
    fn ticks(&self, layout: &Layout) -> Vec<(Tick, String)> {
        for most in (1..=13).rev() {
            let ticks: Vec<(Tick, String)> = time_ticks(layout.span, self.axis.offset, most)
                .into_iter()
                .map(|tick| (tick, measure::shorten(&(self.axis.label)(tick), AXIS.size, layout.width)))
                .collect();
            let places: Vec<(f64, f64)> = ticks
                .iter()
                .map(|(tick, label)| extent(label, layout.time.place(tick.instant as f64), layout))
                .collect();
            if places.windows(2).all(|pair| pair[0].1 + 12.0 <= pair[1].0) {
                return ticks;
            }
        }
        Vec::new()
    }

    fn draw_note(&self, drawing: &mut Drawing, layout: &Layout, (note, annotation): (&Note, &Annotation)) {
        let top_of_bar = self.bin_of(annotation.instant).map_or(layout.base, |bin| {
            self.stack(bin, layout).iter().map(|(_, segment)| segment.y).fold(layout.base, f64::min)
        });
        let y = top_of_bar.max(layout.top - 6.0);
        let x = note.x.round() + 0.5;
        drawing.line((x, note.y), (x, y - 4.5), INK);
        drawing.circle(x, y);
        let (place, anchor) =
            if note.to_the_right { (x + 9.0, Anchor::Start) } else { (x - 9.0, Anchor::End) };
        let mut baseline = note.y + 11.0;
        let looks =
            note.strong.iter().map(|line| (line, STRONG)).chain(note.detail.iter().map(|line| (line, LABEL)));
        for (line, look) in looks {
            drawing.text(line, (place, baseline), anchor, look);
            baseline += NOTE_LINE;
        }
    }
}

/// Where a label on the time axis begins and ends: centred on its tick, kept inside the drawing.
fn extent(label: &str, x: f64, layout: &Layout) -> (f64, f64) {
    let wide = breadth(label, AXIS);
    if x - wide / 2.0 < 0.0 {
        let left = x.min(layout.width - wide).max(0.0);
        (left, left + wide)
    } else if x + wide / 2.0 > layout.right {
        let right = x.max(wide);
        (right - wide, right)
    } else {
        (x - wide / 2.0, x + wide / 2.0)
    }
}

fn sum(counts: &Counts) -> u64 {
    counts.iter().copied().fold(0, u64::saturating_add)
}
