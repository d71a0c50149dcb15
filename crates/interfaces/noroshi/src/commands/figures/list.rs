//! `noroshi figures`: all of them.

use console::measure_text_width;
use page::Words;
use page::wording::count;

use super::{clock, means, object, period, spoken, title, valued};
use crate::arguments::Figures;
use crate::figures::{self, AsOf, Count, Counting};
use crate::output;
use crate::{Failure, Outcome};

pub(super) fn run(arguments: &Figures, words: Words) -> Result<Outcome, Failure> {
    let counting = Counting::open(arguments.at.home.as_deref(), "all figures", words)?;
    let as_of = counting.as_of()?;
    let period = period(arguments.period.as_deref(), &as_of, words)?;
    let all = figures::all();
    let counts = counting.count(&all, period, &as_of)?;
    let outcome = if arguments.at.json {
        let objects: Vec<_> = counts.iter().map(|counted| object(counted, period, words)).collect();
        output::print_json(&objects, words)
    } else {
        let text =
            format!("{}\n\n{}{}", spoken(period, words), shown(&counts, words)?, footer(&as_of, words)?);
        output::print(&text, words)
    };
    counting.books().tell_unseen(words);
    outcome
}

/// Two lines for each: what it comes to, and what it is.
fn shown(counts: &[Count<'_>], words: Words) -> Result<String, Failure> {
    let clock = clock(words)?;
    let lines: Vec<[String; 4]> = counts
        .iter()
        .map(|counted| {
            let newest = counted.newest.map(|time| clock.minute(time.timestamp()));
            let newest = newest.map_or_else(
                || words.get("figures-none-newest"),
                |time| words.with("figures-newest", &[("time", time.into())]),
            );
            let figure = counted.figure;
            [figure.id.to_owned(), valued(figure, counted.value, words), newest, figure.clauses.join(" ")]
        })
        .collect();
    let widths =
        [0, 1, 2].map(|at| lines.iter().map(|line| measure_text_width(&line[at])).max().unwrap_or(0));
    let mut text = String::new();
    for (line, counted) in lines.iter().zip(counts) {
        for (part, width) in line.iter().zip(widths) {
            text += part;
            text += &" ".repeat(width.saturating_sub(measure_text_width(part)) + 2);
        }
        text +=
            &format!("{}\n    {}. {}\n", line[3], title(counted.figure, words), means(counted.figure, words));
    }
    Ok(text)
}

/// In which state the home was counted.
fn footer(as_of: &AsOf, words: Words) -> Result<String, Failure> {
    let clock = clock(words)?;
    let newest =
        as_of.newest.map_or_else(|| words.get("figure-value-none"), |time| clock.minute(time.timestamp()));
    let values = [("position", count(as_of.head.position).into()), ("newest", newest.into())];
    Ok(format!("\n{}\n", words.with("figures-footer", &values)))
}
