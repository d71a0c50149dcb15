//! `noroshi indicators withdraw`: values that are no indicators any more.

use page::Words;
use page::foreign::visible;
use serde_json::json;
use watch::indicators::Command;

use super::adding::{self, Saying};
use super::lists;
use super::show::stream;
use crate::acts::existing_hand;
use crate::arguments::IndicatorsWithdraw;
use crate::holder::Opening;
use crate::{Failure, Outcome, output};

/// Runs the command.
///
/// # Errors
/// When a value is no indicator, or the journal cannot be used.
pub fn run(arguments: &IndicatorsWithdraw, words: Words) -> Result<Outcome, Failure> {
    let named: Result<Vec<_>, Failure> =
        arguments.values.iter().map(|text| lists::named(text, None, words)).collect();
    let named = named?;
    let hand = existing_hand(arguments.at.home.as_deref(), Opening::short("indicators"), words)?;
    let reader = hand.reader();
    let mut sayings = Vec::new();
    for (observable, value) in &named {
        let id = stream(&reader, (*observable, value), words)?;
        let command = Command::Withdraw { reason: arguments.reason.clone() };
        sayings.push(Saying { id, command, value });
    }
    let done = adding::say(&hand, &sayings, words)?;
    let (mut text, mut told) = (String::new(), Vec::new());
    for (((observable, value), one), done) in named.iter().zip(&sayings).zip(done) {
        let act = format!("act:watch/indicator/{}/{}", one.id, done.sequence);
        told.push(json!({ "kind": observable, "value": value, "act": act }));
        let values = [("value", visible(value).into_owned().into())];
        text += &(words.with("cli-indicators-withdrawn", &values) + "\n");
    }
    if arguments.at.json { output::print_json(&told, words) } else { output::print(&text, words) }
}
