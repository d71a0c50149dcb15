//! `noroshi rules`: what is wrong with rules, which there are, and which run here.

mod add;
mod check;
mod diff;
mod history;
mod list;
pub(crate) mod rescan;
mod suppress;
mod suppressions;
mod switch;

use page::Words;

use crate::arguments::Rules;
use crate::{Failure, Outcome};

/// Runs the command.
///
/// # Errors
/// Wrong use, a home or journal that cannot be used, or an output that cannot be written.
pub fn run(arguments: Rules, words: Words) -> Result<Outcome, Failure> {
    match arguments {
        Rules::Check { paths, placeholders, json } => check::check(&paths, &placeholders, json, words),
        Rules::Add(arguments) => add::run(&arguments, words),
        Rules::Diff(arguments) => diff::run(&arguments, words),
        Rules::List(arguments) => list::run(&arguments, words),
        Rules::Enable(arguments) => switch::enable(&arguments, words),
        Rules::Disable(arguments) => switch::disable(&arguments, words),
        Rules::Exclude(arguments) => switch::exclude(&arguments, words),
        Rules::Include(arguments) => switch::include(&arguments, words),
        Rules::Suppress(arguments) => suppress::suppress(&arguments, words),
        Rules::Suppressions(arguments) => suppressions::run(&arguments, words),
        Rules::Unsuppress(arguments) => suppress::unsuppress(&arguments, words),
        Rules::History(arguments) => history::run(&arguments, words),
    }
}
