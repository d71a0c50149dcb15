//! The table of hosts: how many of which severity, and when, on one time axis for all rows.

use std::collections::HashMap;

use chart::{Bin, Counts, Mix, Strip};
use maud::{Markup, PreEscaped, html};
use model::level::Level;
use page::parts::{self, Column, Rows};
use page::wording::count;
use page::{LevelWords, foreign};

use crate::timeline::{Bins, number, series};
use crate::{Context, HostSummary, rules::moment};

const STRIP_WIDTH: f64 = 240.0;
const STRIP_BINS: i64 = 60;
const MIX_WIDTH: f64 = 160.0;

/// Verdicts of each host in the bins of the strips.
struct When<'a> {
    by_host: HashMap<&'a str, Vec<Bin>>,
    span: (i64, i64),
    seconds: i64,
}

pub(crate) fn section(context: &Context<'_>, bins: &Bins) -> Markup {
    if context.report.hosts.is_empty() {
        return html! {};
    }
    let words = context.words;
    let mut hosts: Vec<&HostSummary> = context.report.hosts.iter().collect();
    hosts.sort_by_key(|host| (severity(host), std::cmp::Reverse(host.host.clone())));
    hosts.reverse();
    let largest = hosts.iter().map(|host| host.count).max().unwrap_or(1);
    let when = when(context, bins);
    let columns = columns(context, when.as_ref());
    let body = html! {
        @for host in hosts { tr { (parts::cells(&columns, &cells(context, host, (largest, when.as_ref())))) } }
    };
    let table = parts::table(&words.get("report-hosts-caption"), &columns, Rows::Comfortable, &body);
    let heading = words.get("report-hosts-label");
    parts::section("hosts", &heading, &words.get("report-hosts-metric"), &table)
}

/// Counts from the most severe level down: the order of the table.
fn severity(host: &HostSummary) -> [u64; 5] {
    Level::DESCENDING.map(|level| host.by_level[level.index()])
}

fn columns(context: &Context<'_>, when: Option<&When<'_>>) -> Vec<Column> {
    let words = context.words;
    let mut columns = vec![
        Column::of(words.get("report-column-host"), "machine lead"),
        Column::of(Level::Critical.label(words), "number"),
        Column::of(Level::High.label(words), "number"),
        Column::of(words.get("report-column-count"), "number"),
        Column::text(words.get("report-column-kinds")),
    ];
    if let Some(when) = when {
        columns.push(Column {
            name: words.get("report-column-when"),
            class: "strip",
            below: Some(axis(context, when)),
        });
    }
    columns.push(Column::of(words.get("report-column-first"), "moment"));
    columns.push(Column::of(words.get("report-column-last"), "moment spare"));
    columns
}

/// Both ends of the strips' axis, in the head of their column.
fn axis(context: &Context<'_>, when: &When<'_>) -> Markup {
    let end = |second: i64| {
        jiff::Timestamp::from_second(second).map(|instant| {
            let (day, time) = (context.clock.day(instant, context.words), context.clock.time(instant));
            if when.span.1 - when.span.0 > 3 * 86_400 { day } else { format!("{day} {time}") }
        })
    };
    html! {
        span.axis aria-hidden="true" {
            span { (end(when.span.0).unwrap_or_default()) }
            span { (end(when.span.1).unwrap_or_default()) }
        }
    }
}

fn cells(context: &Context<'_>, host: &HostSummary, scale: (u64, Option<&When<'_>>)) -> Vec<Markup> {
    let (largest, when) = scale;
    let mut cells = vec![
        name(context, &host.host),
        number(host.by_level[Level::Critical.index()]),
        number(host.by_level[Level::High.index()]),
        html! { (count(host.count)) },
        mix(context, host, largest),
    ];
    if let Some(when) = when {
        cells.push(strip(context, host, when));
    }
    cells.push(moment(context, host.first));
    cells.push(moment(context, host.last));
    cells
}

/// A host's name that chooses it in the filter below.
fn name(context: &Context<'_>, host: &str) -> Markup {
    if host.is_empty() {
        return html! { span.quiet { (context.words.get("report-unknown-host")) } };
    }
    let shown = foreign::visible(host);
    html! { a href="#verdicts" data-host=(shown) { bdi { (shown) } } }
}

fn mix(context: &Context<'_>, host: &HostSummary, largest: u64) -> Markup {
    let number = |level: Level| host.by_level[level.index()].into();
    let values = [
        ("critical", number(Level::Critical)),
        ("high", number(Level::High)),
        ("medium", number(Level::Medium)),
        ("low", (host.by_level[Level::Low.index()] + host.by_level[Level::Informational.index()]).into()),
    ];
    let title = context.words.with("report-mix-title", &values);
    let counts: Counts = series(&host.by_level);
    PreEscaped(Mix { title: &title, width: MIX_WIDTH, height: 12.0, maximum: largest, counts }.svg())
}

fn strip(context: &Context<'_>, host: &HostSummary, when: &When<'_>) -> Markup {
    let Some(bins) = when.by_host.get(host.host.as_str()) else { return html! {} };
    let shown = |instant: Option<jiff::Timestamp>| {
        instant.map(|instant| context.clock.minute(instant)).unwrap_or_default()
    };
    let values = [
        ("host", foreign::visible(&host.host).into_owned().into()),
        ("first", shown(host.first).into()),
        ("last", shown(host.last).into()),
        ("count", host.count.into()),
    ];
    let title = context.words.with("report-strip-title", &values);
    let strip = Strip {
        title: &title,
        width: STRIP_WIDTH,
        height: 16.0,
        span: when.span,
        bin_seconds: when.seconds,
        bins,
    };
    PreEscaped(strip.svg())
}

/// When each host had verdicts; none unless the report lists every verdict, for a strip made
/// of a part would show quiet where there was none.
fn when<'a>(context: &Context<'a>, bins: &Bins) -> Option<When<'a>> {
    let report = context.report;
    if report.verdicts.len() as u64 != report.verdicts_total || bins.bins.is_empty() {
        return None;
    }
    let span = bins.span();
    let seconds = ((span.1 - span.0) / STRIP_BINS).max(1);
    let mut counted: HashMap<&str, HashMap<i64, Counts>> = HashMap::new();
    for verdict in &report.verdicts {
        let Some(time) = verdict.event.time else { continue };
        let number = (time.as_second() - span.0).div_euclid(seconds);
        let counts = counted.entry(&verdict.host).or_default().entry(number).or_default();
        let mut by_level = [0; 5];
        by_level[verdict.level.index()] = 1;
        counts.iter_mut().zip(series(&by_level)).for_each(|(sum, one)| *sum += one);
    }
    let by_host = counted
        .into_iter()
        .map(|(host, bins)| {
            let mut bins: Vec<Bin> = bins
                .into_iter()
                .map(|(number, counts)| Bin { start: span.0 + number * seconds, counts })
                .collect();
            bins.sort_by_key(|bin| bin.start);
            (host, bins)
        })
        .collect();
    Some(When { by_host, span, seconds })
}
