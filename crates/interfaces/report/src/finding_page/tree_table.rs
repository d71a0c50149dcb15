//! The tree of processes beside the time axis, with the rules that matched and what people did.

use std::collections::BTreeMap;

use jiff::Timestamp;
use maud::{Markup, html};
use model::level::Level;
use page::foreign;
use page::wording::{count, duration};

use super::strip::Axis;
use super::tree::{Line, tree};
use super::{Context, ProcessLine, RowLine, evidence, head};

/// Longest command line, in characters; the row cuts it by its width.
const COMMAND: usize = 300;
/// Further rules of a line that are named by their number.
const FURTHER: usize = 4;

pub(super) fn section(context: &Context<'_>) -> Markup {
    let (words, page) = (context.words, context.page);
    let Some(axis) = Axis::of(context).filter(|_| !page.rows.is_empty()) else { return html! {} };
    let tree = tree(page);
    let acts: Vec<Timestamp> = page.acts.iter().map(|act| act.at).collect();
    let unread = page.verdicts.saturating_sub(u64::try_from(page.rows.len()).unwrap_or(u64::MAX));
    html! {
        section #tree aria-labelledby="tree-heading" {
            div.heading { h2 #tree-heading { (heading(context)) } p.metric { (words.get("found-tree-metric")) } }
            table.tree {
                caption { (words.get("found-tree-caption")) }
                thead {
                    tr {
                        th scope="col" { (words.get("found-column-process")) }
                        th scope="col" { (words.get("found-column-when")) }
                        th scope="col" { (words.get("found-column-matched")) }
                    }
                }
                tbody { @for line in &tree.lines { (row(context, &axis, line)) } }
                tfoot {
                    @if !acts.is_empty() { (people(context, &axis, &acts)) }
                    tr.scale { td {} td { (axis.labels()) } td {} }
                }
            }
            @if tree.hosts_left > 0 || tree.processes_left > 0 {
                @let values = [("hosts", tree.hosts_left.into()), ("processes", tree.processes_left.into())];
                p.left { (words.with("found-tree-left", &values)) }
            }
            @if unread > 0 {
                p.left { (words.with("found-tree-unread", &[("left", unread.into())])) " " code { (evidence::all(context)) } }
            }
        }
    }
}

/// What the tree says, in one sentence.
fn heading(context: &Context<'_>) -> String {
    let length = head::seconds(context);
    let values = [
        ("verdicts", context.page.verdicts.into()),
        ("hosts", context.page.hosts.max(1).into()),
        ("duration", duration(length, context.words).into()),
    ];
    context.words.with(if length > 0.0 { "found-tree-heading" } else { "found-tree-heading-moment" }, &values)
}

fn row(context: &Context<'_>, axis: &Axis, line: &Line<'_>) -> Markup {
    let what = match line.process {
        None => host(context, line),
        Some(process) => named(process, &line.follows),
    };
    let seen = line.process.and_then(|process| process.seen);
    html! {
        tr.host[line.process.is_none()] {
            th scope="row" { (what) }
            td.when { (axis.strip(seen, &line.marks)) }
            td.matched { (matched(context, &line.marks)) }
        }
    }
}

fn host(context: &Context<'_>, line: &Line<'_>) -> Markup {
    let hidden = [("count", line.hidden.into())];
    html! {
        div.node {
            (context.host(line.host))
            @if line.hidden > 0 { span.command { (context.words.with("found-hidden", &hidden)) } }
        }
    }
}

/// A process: the lines that lead to it, the name of its program, and what was typed behind.
fn named(process: &ProcessLine, follows: &[bool]) -> Markup {
    let program = process.path.rsplit(['\\', '/']).next().unwrap_or_default();
    let rest = arguments(&process.command, program);
    let above = &follows[..follows.len().saturating_sub(1)];
    let elbow = if follows.last() == Some(&true) { "tee" } else { "elbow" };
    html! {
        div.node {
            @for goes_on in above { span.branch.pipe[*goes_on] {} }
            span.branch.(elbow) {}
            bdi.machine { (foreign::visible(program)) }
            @if !rest.is_empty() { bdi.machine.command { (foreign::visible(&rest)) } }
        }
    }
}

/// A command line without the program at its beginning, as far as it is shown, on one line.
fn arguments(command: &str, program: &str) -> String {
    let command = command.trim();
    let (first, rest) = match command.strip_prefix('"').and_then(|quoted| quoted.split_once('"')) {
        Some(both) => both,
        None => command.split_once(char::is_whitespace).unwrap_or((command, "")),
    };
    let named = first.rsplit(['\\', '/']).next().unwrap_or_default().to_lowercase();
    let stem = |name: &str| name.trim_end_matches(".exe").to_owned();
    let is_program = stem(&named) == stem(&program.to_lowercase());
    let shown = if is_program { rest.trim() } else { command };
    shown.chars().take(COMMAND).map(|character| if character == '\n' { ' ' } else { character }).collect()
}

/// Rules that matched on a line: the most severe by name, the others by their number.
fn matched(context: &Context<'_>, marks: &[&RowLine]) -> Markup {
    let mut rules: BTreeMap<&str, (Level, u64, &str)> = BTreeMap::new();
    for row in marks {
        let rule = rules.entry(&row.rule).or_insert((row.level, 0, &row.title));
        *rule = (rule.0.max(row.level), rule.1 + 1, rule.2);
    }
    let mut rules: Vec<_> = rules.into_iter().collect();
    rules.sort_by_key(|(rule, (level, count, _))| (std::cmp::Reverse((*level, *count)), *rule));
    let Some(((rule, (level, number, title)), others)) = rules.split_first() else { return html! {} };
    html! {
        div.rules {
            (context.rule(rule, *level))
            bdi.title { (foreign::visible(title)) }
            (times(*number))
            @for (rule, (level, number, _)) in others.iter().take(FURTHER) {
                (context.rule(rule, *level)) (times(*number))
            }
            @if others.len() > FURTHER { span.quiet { "+" (others.len() - FURTHER) } }
        }
    }
}

fn times(number: u64) -> Markup {
    html! { @if number > 1 { span.quiet { "×" (count(number)) } } }
}

/// The lane of what people did; what lies beside the axis is counted.
fn people(context: &Context<'_>, axis: &Axis, acts: &[Timestamp]) -> Markup {
    let beside = acts.len() - axis.count(acts);
    let words = context.words;
    html! {
        tr.people {
            th scope="row" { div.node { (words.get("found-people")) } }
            td.when { (axis.people(acts)) }
            td.matched {
                div.rules {
                    a href="#record" { (words.with("found-acts", &[("count", acts.len().into())])) }
                    @if beside > 0 { span.quiet { (words.with("found-acts-beside", &[("count", beside.into())])) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::arguments;

    #[test]
    fn a_command_line_begins_behind_its_program() {
        let cases = [
            ("\"C:\\Program Files\\a b\\x.exe\" /c y", "x.exe", "/c y"),
            ("rundll32 comsvcs.dll, MiniDump", "rundll32.exe", "comsvcs.dll, MiniDump"),
            ("/usr/bin/tar cf -\nx", "tar", "cf - x"),
            ("x.exe", "x.exe", ""),
            ("other.exe /a", "x.exe", "other.exe /a"),
            ("", "x.exe", ""),
        ];
        for (command, program, shown) in cases {
            assert_eq!(arguments(command, program), shown, "{command}");
        }
    }
}
