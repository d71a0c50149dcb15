//! When: one strip of a row on the time axis that all rows share, as wide as its cell.

use jiff::Timestamp;
use maud::{Markup, html};
use model::level::Level;

use super::{Context, RowLine};

/// Ticks of the axis.
const TICKS: usize = 5;
/// Height of a row in pixels.
const HEIGHT: u32 = 24;
/// Marks nearer to each other than this many percent of the width are one.
const NEAR: f64 = 1.2;
/// Narrowest bar, in percent of the width.
const NARROWEST: f64 = 0.5;

/// The axis: first and last millisecond, and ticks with their labels.
pub(super) struct Axis {
    from: i64,
    to: i64,
    ticks: Vec<Mark>,
}

/// A tick: where it stands, its time of day where that is shown, and its day where that is.
struct Mark {
    place: f64,
    time: String,
    day: String,
}

impl Axis {
    /// The axis of a finding, a little longer than it.
    pub(super) fn of(context: &Context<'_>) -> Option<Self> {
        let (first, last) = context.page.first.zip(context.page.last)?;
        let (first, last) = (first.as_millisecond(), last.as_millisecond());
        let margin = ((last - first) / 25).max(5_000);
        let mut axis = Self { from: first - margin, to: last + margin, ticks: Vec::new() };
        let offset = context.clock.offset(context.page.first?);
        let span = (axis.from.div_euclid(1_000), axis.to.div_euclid(1_000));
        let ticks = chart::time_ticks(span, offset, TICKS).into_iter().filter_map(|tick| {
            let instant = Timestamp::from_second(tick.instant).ok()?;
            let (time, day) = label(context, tick, instant);
            Some(Mark { place: axis.place(instant), time, day })
        });
        axis.ticks = ticks.collect();
        Some(axis)
    }

    /// How far to the right an instant stands, in percent.
    fn place(&self, time: Timestamp) -> f64 {
        let (from, to) = (self.from as f64, self.to as f64);
        ((time.as_millisecond() as f64 - from) / (to - from) * 100.0).clamp(0.0, 100.0)
    }

    fn has(&self, time: Timestamp) -> bool {
        (self.from..=self.to).contains(&time.as_millisecond())
    }

    /// A row: how long a process was seen, and verdicts at their instants.
    pub(super) fn strip(&self, seen: Option<(Timestamp, Timestamp)>, marks: &[&RowLine]) -> Markup {
        html! {
            svg.strip width="100%" height=(HEIGHT) aria-hidden="true" {
                (self.grid())
                @if let Some((from, to)) = seen.filter(|(from, to)| self.has(*from) || self.has(*to) || self.is_inside(*from, *to)) {
                    @let (from, to) = (self.place(from), self.place(to));
                    rect.life x=(percent(from.min(100.0 - NARROWEST))) width=(percent((to - from).max(NARROWEST))) y="8" height="8" {}
                }
                @for (place, level) in self.marks(marks) {
                    @let (width, half) = if level >= Level::High { ("4", "translate(-2)") } else { ("2", "translate(-1)") };
                    rect.mark.(level.as_str()) x=(percent(place)) width=(width) y="4" height="16" transform=(half) {}
                }
            }
        }
    }

    /// What people did: a line with a circle at each instant.
    pub(super) fn people(&self, times: &[Timestamp]) -> Markup {
        html! {
            svg.strip width="100%" height=(HEIGHT) aria-hidden="true" {
                (self.grid())
                line.lane x1="0" x2="100%" y1="12" y2="12" {}
                @for time in times.iter().filter(|time| self.has(**time)) {
                    circle.act cx=(percent(self.place(*time))) cy="12" r="4.5" {}
                }
            }
        }
    }

    /// The labels below.
    pub(super) fn labels(&self) -> Markup {
        let last = self.ticks.len().saturating_sub(1);
        html! {
            div.axis aria-hidden="true" {
                @for (at, Mark { place, time, day }) in self.ticks.iter().enumerate() {
                    @let edge = match at { 0 if *place < 8.0 => "start", _ if at == last && *place > 92.0 => "end", _ => "" };
                    span class=(edge) style={ "left:" (percent(*place)) } { (time) @if !time.is_empty() && !day.is_empty() { br; } (day) }
                }
            }
        }
    }

    /// How many instants are on the axis.
    pub(super) fn count(&self, times: &[Timestamp]) -> usize {
        times.iter().filter(|time| self.has(**time)).count()
    }

    fn is_inside(&self, from: Timestamp, to: Timestamp) -> bool {
        from.as_millisecond() <= self.from && to.as_millisecond() >= self.to
    }

    fn grid(&self) -> Markup {
        html! {
            @for tick in &self.ticks {
                @let place = percent(tick.place);
                line.grid x1=(place) x2=(place) y1="0" y2=(HEIGHT) {}
            }
        }
    }

    /// Places of verdicts with the most severe level there, that one on top.
    fn marks(&self, rows: &[&RowLine]) -> Vec<(f64, Level)> {
        let mut all: Vec<(f64, Level)> =
            rows.iter().filter_map(|row| Some((self.place(row.time?), row.level))).collect();
        all.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut marks: Vec<(f64, Level)> = Vec::new();
        for (place, level) in all {
            match marks.last_mut().filter(|last| place - last.0 < NEAR) {
                Some(last) => last.1 = last.1.max(level),
                None => marks.push((place, level)),
            }
        }
        marks.sort_by_key(|(_, level)| *level);
        marks
    }
}

/// The time of day, and below it the day where it is another one than before; of longer steps the day alone.
fn label(context: &Context<'_>, tick: chart::Tick, instant: Timestamp) -> (String, String) {
    let (words, clock) = (context.words, &context.clock);
    if tick.months {
        return (String::new(), clock.month(instant, tick.first, words));
    }
    let (time, day) = (clock.time(instant), clock.day(instant, words));
    match () {
        () if tick.step >= 86_400 => (String::new(), day),
        () if tick.step < 60 => {
            (clock.day_second(instant).split_off(6), if tick.first { day } else { String::new() })
        }
        () if tick.first || time == "00:00" => (time, day),
        () => (time, String::new()),
    }
}

fn percent(place: f64) -> String {
    format!("{place:.2}%")
}
