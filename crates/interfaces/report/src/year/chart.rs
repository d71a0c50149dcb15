//! The chart: severe verdicts by week, with what they say as its heading.

use chart::{Annotation, Bin, SERIES, Tick, TimeAxis, Timeline};
use jiff::Timestamp;
use maud::{Markup, html};
use model::level::Level;
use page::parts::{self, CHART_WIDTHS, Chart, Column, Rows};
use page::wording::{count, percent};
use page::{LevelWords, foreign};

use super::{Context, WeekLine};
use crate::timeline::series;

const WEEK: i64 = 7 * 86_400;
/// The figure that the chart draws.
const FIGURE: &str = "watch.verdicts";
/// The one that its heading speaks of.
const SEVERE: &str = "watch.severe_verdicts";

/// The week with most severe verdicts.
struct Peak {
    start: Timestamp,
    count: u64,
    total: u64,
}

pub(super) fn section(context: &Context<'_>) -> Markup {
    let words = context.words;
    let weeks = &context.report.weeks;
    let is_empty = weeks.iter().all(|week| week.counts.iter().all(|count| *count == 0));
    let peak = peak(weeks);
    let heading = heading(context, peak.as_ref(), is_empty);
    let metric = words.get("yearly-chart-metric");
    html! {
        section #finding aria-labelledby="finding-heading" data-figure=(SEVERE) {
            div.heading { h2 #finding-heading { (heading) } @if !is_empty { p.metric { (metric) } } }
            @if is_empty {
                p.prose { (words.get("yearly-chart-none")) }
            } @else {
                (drawn(context, peak.as_ref(), &heading))
            }
        }
    }
}

fn drawn(context: &Context<'_>, peak: Option<&Peak>, heading: &str) -> Markup {
    let drawings = CHART_WIDTHS.map(|(width, class)| draw(context, peak, (heading, width, class)));
    parts::chart(&Chart { drawings, table: table(context) }, context.words)
}

fn severe(week: &WeekLine) -> u64 {
    week.counts[Level::High.index()] + week.counts[Level::Critical.index()]
}

fn peak(weeks: &[WeekLine]) -> Option<Peak> {
    let total = weeks.iter().map(severe).sum();
    let most = weeks.iter().max_by_key(|week| (severe(week), std::cmp::Reverse(week.start)))?;
    (total > 0).then(|| Peak { start: most.start, count: severe(most), total })
}

/// What the verdicts say, in one sentence that claims no more than they hold.
fn heading(context: &Context<'_>, peak: Option<&Peak>, is_empty: bool) -> String {
    let words = context.words;
    match peak {
        None if is_empty => words.get("yearly-finding-none"),
        None => words.get("yearly-finding-mild"),
        Some(peak) => {
            let values = [
                ("total", peak.total.into()),
                ("percent", percent(peak.count, peak.total).into()),
                ("day", context.clock.day(peak.start, words).into()),
            ];
            let key =
                if peak.count * 3 >= peak.total { "yearly-finding-burst" } else { "yearly-finding-spread" };
            words.with(key, &values)
        }
    }
}

fn draw(context: &Context<'_>, peak: Option<&Peak>, (heading, width, class): (&str, f64, &str)) -> String {
    let (words, clock) = (context.words, &context.clock);
    let weeks = &context.report.weeks;
    let bin = |week: &WeekLine| Bin { start: week.start.as_second(), counts: series(&week.counts) };
    let bins: Vec<Bin> = weeks.iter().map(bin).collect();
    let names = names(context);
    let annotations: Vec<Annotation> = peak.map(|peak| note(context, peak)).into_iter().collect();
    let from = weeks.first().map_or(0, |week| week.start.as_second());
    let label = |tick: Tick| {
        Timestamp::from_second(tick.instant).map(|instant| clock.day(instant, words)).unwrap_or_default()
    };
    Timeline {
        id: &format!("weeks-{class}"),
        title: &words.get("yearly-chart-title"),
        description: heading,
        width,
        plot_height: if width > 500.0 { 180.0 } else { 160.0 },
        bin_seconds: WEEK,
        bins: &bins,
        series: names.each_ref().map(String::as_str),
        unit: &words.get("yearly-chart-unit"),
        annotations: &annotations,
        axis: TimeAxis {
            from,
            to: weeks.last().map_or(from, |week| week.start.as_second()) + WEEK,
            offset: weeks.first().map_or(0, |week| clock.offset(week.start)),
            label: &label,
        },
        number: &count,
    }
    .svg()
}

/// Names of the four series, lightest first.
fn names(context: &Context<'_>) -> [String; SERIES] {
    let words = context.words;
    let light = words.get("report-series-low-and-informational");
    [light, Level::Medium.label(words), Level::High.label(words), Level::Critical.label(words)]
}

/// What is said of the week with most.
fn note(context: &Context<'_>, peak: &Peak) -> Annotation {
    let day = context.clock.day(peak.start, context.words);
    let values = [("day", day.into()), ("count", peak.count.into())];
    let text = context.words.with("yearly-chart-peak", &values);
    Annotation { instant: peak.start.as_second(), text, detail: String::new() }
}

/// The chart's numbers as a table, weeks without verdicts left out.
fn table(context: &Context<'_>) -> Markup {
    let (words, clock) = (context.words, &context.clock);
    let mut columns = vec![Column::of(words.get("yearly-column-week"), "moment")];
    columns.extend(Level::DESCENDING.map(|level| Column::of(level.label(words), "number")));
    let day = |week: &WeekLine| clock.minute(week.start).get(..10).unwrap_or_default().to_owned();
    let cells = |week: &WeekLine| {
        let day = day(week);
        let mut cells = vec![html! { time datetime=(day) { (foreign::machine(&day)) } }];
        cells.extend(Level::DESCENDING.map(|level| match week.counts[level.index()] {
            0 => html! { span.quiet { "—" } },
            number => html! { span data-figure={ (FIGURE) "{level=" (level.as_str()) ",week=" (day) "}" } { (count(number)) } },
        }));
        cells
    };
    let weeks = context.report.weeks.iter().filter(|week| week.counts.iter().any(|count| *count > 0));
    let body = html! { @for week in weeks { tr { (parts::cells(&columns, &cells(week))) } } };
    parts::table(&words.get("yearly-chart-title"), &columns, Rows::Dense, &body)
}
