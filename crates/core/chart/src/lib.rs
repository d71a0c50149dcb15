//! Charts as SVG text: numbers, instants and words in, one `<svg>` element out.
//!
//! Nothing here knows pixels of a screen, files or clocks. A caller gives instants (seconds
//! since 1970, UTC) and a function that words them; the chart places marks by those instants.
//! Every text is measured before it is drawn ([`measure`]), so that nothing is clipped in the
//! fonts the platform asks for. The same value gives the same bytes.
//!
//! | chart | shows |
//! |---|---|
//! | [`Timeline`] | how many, when: a histogram stacked by up to four ordered series |
//! | [`Bars`] | how many of what: labelled horizontal bars |
//! | [`Strip`] | when, in one table cell: a heat strip on a shared time axis |
//! | [`Mix`] | of what kinds, in one table cell: one bar split by the ordered series |
//!
//! Rules that all charts keep (visual reference, section 4): zero line in ink, at most five
//! grid steps, the unit on the top label, first label start-aligned and last end-aligned,
//! series named on the drawing instead of in a legend box, ordered fills whose lightness
//! differs enough to be told apart without colour, `<title>` and `<desc>` for readers who do
//! not see the drawing. Red, orange and green never stand for a series.

mod bars;
mod cells;
mod draw;
pub mod measure;
mod scale;
mod timeline;

pub use bars::{Bar, Bars};
pub use cells::{Mix, Strip};
pub use scale::{Tick, time_ticks};
pub use timeline::{Annotation, Bin, TimeAxis, Timeline};

/// How many series a chart may show.
pub const SERIES: usize = 4;

/// Counts by series, from the least (lightest fill) to the most severe (darkest fill).
pub type Counts = [u64; SERIES];

/// Fills by series, lightest first. They differ in lightness, so that they survive
/// colour blindness and a grey printer.
pub const FILLS: [&str; SERIES] = ["#d9e6ff", "#9db7f9", "#4979f5", "#0017c1"];
