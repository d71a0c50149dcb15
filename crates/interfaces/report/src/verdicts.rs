//! The list of verdicts, oldest first: one dense row each, its fields behind a `<details>`,
//! and filters that need no network. Without JavaScript the filters stay hidden and every
//! row stays visible.

use jiff::Timestamp;
use maud::{Markup, html};
use model::level::Level;
use page::parts::{self, Column, Rows};
use page::wording::{count, machine_time};
use page::{LevelWords, foreign};

use crate::{Context, EventLine, VerdictLine};

/// Most earlier events of a correlation that are listed one by one.
const BEFORE: usize = 20;

/// Fields that say most about an event, in the order a reader wants them.
const TELLING: [&str; 28] = [
    "CommandLine",
    "process.cmd_line",
    "ScriptBlockText",
    "script.script_content",
    "TargetFilename",
    "file.path",
    "TargetObject",
    "reg_value.path",
    "ImageLoaded",
    "module.file.path",
    "QueryName",
    "query.hostname",
    "DestinationHostname",
    "DestinationIp",
    "dst_endpoint.ip",
    "url.url_string",
    "PipeName",
    "ServiceFileName",
    "ServiceName",
    "TaskName",
    "TargetUserName",
    "user.name",
    "Image",
    "process.file.path",
    "exe",
    "comm",
    "a0",
    "Message",
];

/// Longest excerpt in a closed row, in characters; the row cuts it by its width.
const EXCERPT: usize = 240;

/// The same in a list that shows all of it.
const SAID: usize = 180;

pub(crate) fn section(context: &Context<'_>) -> Markup {
    let report = context.report;
    if report.verdicts.is_empty() {
        return html! {};
    }
    let words = context.words;
    let mut verdicts: Vec<&VerdictLine> = report.verdicts.iter().collect();
    verdicts.sort_by_key(|verdict| (verdict.event.time.is_none(), verdict.event.time));
    let columns = [
        Column::of(
            format!("{} {}", words.get("report-column-time"), zone(context)).trim_end().to_owned(),
            if is_of_one_year(context) { "moment bare" } else { "moment bare years" },
        ),
        Column::of(words.get("report-column-level"), "bare"),
        Column::of(words.get("report-column-host"), "machine name bare"),
        Column::of(words.get("report-column-what"), "what lead"),
        Column::of(words.get("report-column-source"), "origin"),
    ];
    let body = html! {
        @for verdict in &verdicts {
            tr data-level=(verdict.level.as_str()) data-host=(foreign::visible(&verdict.host)) {
                (parts::cells(&columns, &cells(context, verdict)))
            }
        }
    };
    let content = html! {
        (filters(context))
        (parts::table(&words.get("report-verdicts-caption"), &columns, Rows::Dense, &body))
        p.none.prose hidden { (words.get("report-filter-empty")) }
        p.paper { (words.get("report-print-fields")) }
    };
    parts::section("verdicts", &words.get("report-verdicts-heading"), &metric(context), &content)
}

fn zone(context: &Context<'_>) -> String {
    context.report.last.map(|last| context.clock.zone_name(last)).unwrap_or_default()
}

fn metric(context: &Context<'_>) -> String {
    let report = context.report;
    let listed = report.verdicts.len();
    if listed as u64 == report.verdicts_total {
        return context.words.with("report-verdicts-metric", &[("count", listed.into())]);
    }
    let values = [("count", listed.into()), ("total", report.verdicts_total.into())];
    context.words.with("report-verdicts-metric-cut", &values)
}

fn filters(context: &Context<'_>) -> Markup {
    let words = context.words;
    let listed = context.report.verdicts.len();
    let present = |level: &Level| context.report.verdicts.iter().any(|verdict| verdict.level == *level);
    let mut hosts: Vec<&str> = context
        .report
        .verdicts
        .iter()
        .map(|verdict| verdict.host.as_str())
        .filter(|host| !host.is_empty())
        .collect();
    hosts.sort_unstable();
    hosts.dedup();
    // The script puts the number in the place of the sign.
    let shown = words.with("report-filter-shown", &[("total", listed.into()), ("shown", "#".into())]);
    html! {
        form.filters hidden {
            fieldset.choices {
                legend { (words.get("report-filter-legend")) }
                div {
                    @for level in Level::DESCENDING.into_iter().filter(present) {
                        label {
                            input type="checkbox" name="level" value=(level.as_str()) checked;
                            (level.mark(words))
                        }
                    }
                }
            }
            div.field.words {
                label for="filter-text" { (words.get("report-filter-text")) }
                input #filter-text type="search" autocomplete="off" spellcheck="false" placeholder=(words.get("report-filter-text-hint"));
            }
            div.field {
                label for="filter-host" { (words.get("report-filter-host")) }
                select #filter-host {
                    option value="" { (words.get("report-filter-all-hosts")) }
                    @for host in hosts { option value=(foreign::visible(host)) { (foreign::visible(host)) } }
                }
            }
            button.button type="reset" { (words.get("report-filter-reset")) }
            output for="filter-text filter-host" data-shown=(shown) { (shown.replace('#', &count(listed as u64))) }
        }
    }
}

fn cells(context: &Context<'_>, verdict: &VerdictLine) -> [Markup; 5] {
    let words = context.words;
    let time = match verdict.event.time {
        Some(time) => html! { time.machine datetime=(machine_time(time)) { (stamp(context, time)) } },
        None => html! { span.quiet { (words.get("report-no-time")) } },
    };
    let host = if verdict.host.is_empty() {
        html! { span.quiet { (words.get("report-unknown-host")) } }
    } else {
        foreign::text(&verdict.host)
    };
    [time, verdict.level.mark(words), host, what(context, verdict), origin(&verdict.event)]
}

/// A verdict's time to the second; the year only when the events are of several years.
fn stamp(context: &Context<'_>, time: Timestamp) -> String {
    let clock = &context.clock;
    let first = context.report.first.map(|first| clock.year(first));
    if is_of_one_year(context) && Some(clock.year(time)) == first {
        clock.day_second(time)
    } else {
        clock.second(time)
    }
}

/// Whether all that was read is of one year.
fn is_of_one_year(context: &Context<'_>) -> bool {
    let year = |instant: Option<Timestamp>| instant.map(|instant| context.clock.year(instant));
    let first = year(context.report.first);
    first.is_some() && first == year(context.report.last)
}

/// The rule and the most telling field; opened, all fields.
fn what(context: &Context<'_>, verdict: &VerdictLine) -> Markup {
    let words = context.words;
    let title = context.rule_title(&verdict.rule_id).unwrap_or_else(|| verdict.title.clone());
    html! {
        details {
            summary {
                bdi.title { (foreign::visible(&title)) }
                @if let Some(excerpt) = excerpt(&verdict.fields) { " " bdi.machine.excerpt { (excerpt) } }
            }
            dl.fields {
                @for (name, value) in &verdict.fields {
                    div { dt { (foreign::visible(name)) } dd { (foreign::block(value, words)) } }
                }
                div.first { dt { (words.get("report-field-rule")) } dd { (foreign::machine(&verdict.rule_id)) } }
                div { dt { (words.get("report-field-source")) } dd { (foreign::machine(&verdict.event.source_path)) } }
                div { dt { (words.get("report-field-place")) } dd.machine { (count(verdict.event.ordinal)) } }
                @if let Some(line) = verdict.event.line {
                    div { dt { (words.get("report-field-line")) } dd.machine { (count(line)) } }
                }
                @if let Some(record) = verdict.event.record_id {
                    div { dt { (words.get("report-field-record")) } dd.machine { (count(record)) } }
                }
                @if !verdict.before.is_empty() { (before(context, verdict)) }
            }
        }
    }
}

/// The events of a correlation before the one that completed it, the latest of them when they
/// are many.
fn before(context: &Context<'_>, verdict: &VerdictLine) -> Markup {
    let words = context.words;
    let listed = &verdict.before[verdict.before.len().saturating_sub(BEFORE)..];
    let left_out = verdict.before_count.saturating_sub(listed.len() as u64);
    html! {
        div {
            dt { (words.with("report-field-before", &[("count", verdict.before_count.into())])) }
            dd.machine {
                @if left_out > 0 { div.quiet { (words.with("report-before-more", &[("count", left_out.into())])) } }
                @for event in listed {
                    div {
                        @if let Some(time) = event.time { (stamp(context, time)) "  " }
                        (foreign::visible(file_of(event))) (place(event))
                    }
                }
            }
        }
    }
}

/// The most telling field of an event, short and on one line.
fn excerpt(fields: &[(String, String)]) -> Option<String> {
    let (_, value) =
        most_telling(fields).or_else(|| fields.iter().find(|(_, value)| !value.trim().is_empty()))?;
    Some(shortened(value, EXCERPT))
}

/// The field that says most, where one of those is there.
fn most_telling(fields: &[(String, String)]) -> Option<&(String, String)> {
    let field = |name: &&str| fields.iter().find(|(field, value)| field == name && !value.is_empty());
    TELLING.iter().find_map(field)
}

/// The most telling field, or what all fields say that are there, short and on one line.
pub(crate) fn telling(fields: &[(String, String)]) -> Option<String> {
    if let Some((_, value)) = most_telling(fields) {
        return Some(shortened(value, SAID));
    }
    let named = fields.iter().filter(|(_, value)| !value.trim().is_empty());
    let all: Vec<String> = named.map(|(name, value)| format!("{name}={value}")).collect();
    (!all.is_empty()).then(|| shortened(&all.join(" "), SAID))
}

/// A text as far as it is shown, on one line.
fn shortened(text: &str, most: usize) -> String {
    let text = text.replace("\r\n", " ");
    let short: String =
        text.chars().take(most).map(|character| if character == '\n' { ' ' } else { character }).collect();
    let cut = if short.len() < text.len() { "…" } else { "" };
    format!("{}{cut}", foreign::visible(&short))
}

fn file_of(event: &EventLine) -> &str {
    event.source_path.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// The place in the file, as short as it gets.
fn place(event: &EventLine) -> String {
    match (event.record_id, event.line) {
        (Some(record), _) => format!("#{record}"),
        (None, Some(line)) => format!(":{line}"),
        (None, None) => format!("#{}", event.ordinal),
    }
}

/// Name of the file and the place in it; the fields hold the whole path.
fn origin(event: &EventLine) -> Markup {
    html! { span.origin { bdi { (foreign::visible(file_of(event))) } span { (place(event)) } } }
}
