//! The chart: verdicts by time and severity, with the finding as its heading.

use chart::{Annotation, Bin, Counts, SERIES, Tick, TimeAxis, Timeline};
use jiff::Timestamp;
use maud::{Markup, html};
use model::level::Level;
use page::parts::{self, CHART_WIDTHS, Chart, Column, Rows};
use page::wording::{Clock, count, length};
use page::{LevelWords, foreign};

use crate::finding::Finding;
use crate::overview::coverage;
use crate::{ByLevel, Context, ScanReport, TimelineBin};

/// More bins than this are merged, so that bars stay visible on a phone.
const MOST_BINS: i64 = 168;

/// A chart is at least as many bins long.
const LEAST_BINS: i64 = 24;

/// Lengths of merged bins, in seconds.
const LENGTHS: [i64; 14] = [1, 10, 60, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, DAY, WEEK];
const DAY: i64 = 86_400;
const WEEK: i64 = 7 * DAY;

/// What is drawn fills at least this share of the period that was read, or is drawn by itself.
const LEAST_SHARE: i64 = 4;

/// The timeline as it is drawn: sorted, few enough bins, empty ones left out.
pub(crate) struct Bins {
    pub(crate) bins: Vec<TimelineBin>,
    pub(crate) seconds: i64,
    /// First and last second that were read, where they are known.
    read: Option<(i64, i64)>,
}

impl Bins {
    /// First second and the one after the last of what is drawn: all that was read where the verdicts fill much of it;
    /// else the verdicts, and around few of them enough time that they stand as bars and not as a wall.
    pub(crate) fn span(&self) -> (i64, i64) {
        let first = self.bins.first().map_or(0, |bin| bin.start.as_second());
        let last = self.bins.last().map_or(first, |bin| bin.start.as_second());
        let missing = LEAST_BINS - ((last - first) / self.seconds + 1);
        let before = (missing / 2).max(0);
        let after = (missing - before).max(0);
        let (first, last) = (first - before * self.seconds, last + (1 + after) * self.seconds);
        let read = self.read.filter(|(from, to)| to.saturating_sub(*from) / LEAST_SHARE <= last - first);
        read.map_or((first, last), |(from, to)| (first.min(from), last.max(to)))
    }
}

/// Merges bins until there are at most [`MOST_BINS`] over the whole period.
pub(crate) fn coarsen(report: &ScanReport, clock: &Clock) -> Bins {
    let bins = sorted(report);
    let (Some(first), Some(last)) = (bins.bins.first(), bins.bins.last()) else { return bins };
    let span = last.start.as_second() - first.start.as_second() + bins.seconds;
    if span / bins.seconds <= MOST_BINS {
        return bins;
    }
    let fits = |length: &&i64| **length % bins.seconds == 0 && span / **length <= MOST_BINS;
    let longer = || (span / bins.seconds / MOST_BINS + 1) * bins.seconds;
    let merged = LENGTHS.iter().find(fits).copied().unwrap_or_else(longer);
    merge(bins, merged, clock)
}

/// The same in days where what is drawn is coarser: a sentence names a day and no other length.
pub(crate) fn by_day(report: &ScanReport, drawn: &Bins, clock: &Clock) -> Bins {
    let bins = sorted(report);
    if drawn.seconds > DAY && bins.seconds < DAY && DAY % bins.seconds == 0 {
        return merge(bins, DAY, clock);
    }
    if drawn.seconds > DAY { bins } else { Bins { bins: drawn.bins.clone(), ..*drawn } }
}

fn sorted(report: &ScanReport) -> Bins {
    let some = report.timeline.iter().filter(|bin| bin.counts.iter().any(|count| *count > 0));
    let mut bins: Vec<TimelineBin> = some.copied().collect();
    bins.sort_by_key(|bin| bin.start);
    let read = report.first.zip(report.last).map(|(first, last)| (first.as_second(), last.as_second()));
    Bins { bins, seconds: report.bin_seconds.max(1), read }
}

fn merge(bins: Bins, seconds: i64, clock: &Clock) -> Bins {
    // Weeks begin on Mondays; the first day of all, 1970-01-01, was a Thursday.
    let mondays = if seconds % WEEK == 0 { 3 * DAY } else { 0 };
    let offset = mondays + bins.bins.first().map_or(0, |bin| clock.offset(bin.start));
    let mut coarse: Vec<TimelineBin> = Vec::new();
    for bin in &bins.bins {
        let start = (bin.start.as_second() + offset).div_euclid(seconds) * seconds - offset;
        let start = Timestamp::from_second(start).unwrap_or(bin.start);
        match coarse.last_mut().filter(|last| last.start == start) {
            Some(last) => last.counts.iter_mut().zip(bin.counts).for_each(|(sum, count)| *sum += count),
            None => coarse.push(TimelineBin { start, counts: bin.counts }),
        }
    }
    Bins { bins: coarse, seconds, ..bins }
}

/// Counts by the chart's four series: low and informational share the lightest.
pub(crate) fn series(by_level: &ByLevel) -> Counts {
    let [informational, low, medium, high, critical] = *by_level;
    [informational + low, medium, high, critical]
}

pub(crate) fn section(context: &Context<'_>, bins: &Bins, finding: &Finding) -> Markup {
    let words = context.words;
    if context.report.rules.is_empty() {
        return parts::section("finding", &finding.heading, "", &nothing(context));
    }
    if bins.bins.is_empty() {
        return parts::section("finding", &finding.heading, "", &html! {});
    }
    let bin = length(bins.seconds, words);
    let metric = words.with("report-chart-metric", &[("bin", bin.into())]);
    let drawings = CHART_WIDTHS.map(|(width, class)| draw(context, bins, (finding, width, class)));
    let chart = Chart { drawings, table: table(context, bins) };
    parts::section("finding", &finding.heading, &metric, &parts::chart(&chart, words))
}

/// What a reader may and may not conclude from no verdicts.
fn nothing(context: &Context<'_>) -> Markup {
    let text = if context.report.events == 0 {
        context.words.get("report-none-events")
    } else {
        let values = [("events", context.report.events.into()), ("percent", coverage(context).into())];
        context.words.with("report-none-advice", &values)
    };
    html! { p.prose { (text) } }
}

fn draw(context: &Context<'_>, bins: &Bins, (finding, width, class): (&Finding, f64, &str)) -> String {
    let (words, clock) = (context.words, &context.clock);
    let drawn: Vec<Bin> = bins
        .bins
        .iter()
        .map(|bin| Bin { start: bin.start.as_second(), counts: series(&bin.counts) })
        .collect();
    let names = names(context);
    let annotations: Vec<Annotation> = finding
        .peak
        .iter()
        .map(|peak| Annotation {
            instant: peak.instant.as_second(),
            text: peak.text.clone(),
            detail: peak.detail.clone(),
        })
        .collect();
    let highest = bins.bins.iter().map(|bin| bin.counts.iter().sum::<u64>()).max().unwrap_or(0);
    let span = bins.span();
    let bin = length(bins.seconds, words);
    Timeline {
        id: &format!("timeline-{class}"),
        title: &words.with("report-chart-title", &[("bin", bin.into())]),
        description: &finding.heading,
        width,
        plot_height: if width > 1_400.0 {
            220.0
        } else if width > 500.0 {
            180.0
        } else {
            160.0
        },
        bin_seconds: bins.seconds,
        bins: &drawn,
        series: names.each_ref().map(String::as_str),
        unit: &words.with("report-chart-unit", &[("count", highest.into())]),
        annotations: &annotations,
        axis: TimeAxis {
            from: span.0,
            to: span.1,
            offset: bins.bins.first().map_or(0, |bin| clock.offset(bin.start)),
            label: &|tick| tick_label(context, tick),
        },
        number: &count,
    }
    .svg()
}

/// Names of the four series, lightest first.
fn names(context: &Context<'_>) -> [String; SERIES] {
    let (words, by_level) = (context.words, context.report.by_level());
    let light = match (by_level[Level::Informational.index()], by_level[Level::Low.index()]) {
        (0, _) => Level::Low.label(words),
        (_, 0) => Level::Informational.label(words),
        _ => words.get("report-series-low-and-informational"),
    };
    [light, Level::Medium.label(words), Level::High.label(words), Level::Critical.label(words)]
}

/// A day at midnight and on the first tick, else the time; months with the year where it is needed.
pub(crate) fn tick_label(context: &Context<'_>, tick: Tick) -> String {
    let Ok(instant) = Timestamp::from_second(tick.instant) else { return String::new() };
    if tick.months {
        return context.clock.month(instant, tick.first, context.words);
    }
    let (day, time) = (context.clock.day(instant, context.words), context.clock.time(instant));
    match () {
        () if tick.step >= 86_400 || time == "00:00" => day,
        () if tick.first => format!("{day} {time}"),
        () => time,
    }
}

/// The chart's numbers as a table.
fn table(context: &Context<'_>, bins: &Bins) -> Markup {
    let (words, clock) = (context.words, &context.clock);
    let by_level = context.report.by_level();
    let levels: Vec<Level> =
        Level::DESCENDING.into_iter().filter(|level| by_level[level.index()] > 0).collect();
    let mut columns = vec![Column::of(words.get("report-table-start"), "moment")];
    columns.extend(levels.iter().map(|level| Column::of(level.label(words), "number")));
    columns.push(Column::of(words.get("report-table-total"), "number"));
    let cells = |bin: &TimelineBin| {
        let mut cells = vec![foreign::machine(&clock.minute(bin.start))];
        cells.extend(levels.iter().map(|level| number(bin.counts[level.index()])));
        cells.push(number(bin.counts.iter().sum()));
        cells
    };
    let body = html! { @for bin in &bins.bins { tr { (parts::cells(&columns, &cells(bin))) } } };
    let bin = length(bins.seconds, words);
    let caption = words.with("report-table-caption", &[("bin", bin.into())]);
    parts::table(&caption, &columns, Rows::Dense, &body)
}

/// A count in a table; zeros step back so that the others stand out.
pub(crate) fn number(of: u64) -> Markup {
    if of == 0 {
        html! { span.quiet { "0" } }
    } else {
        html! { (count(of)) }
    }
}
