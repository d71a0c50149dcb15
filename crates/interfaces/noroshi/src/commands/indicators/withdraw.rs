//! `noroshi indicators withdraw`: values that are no indicators any more.

use page::Words;
use page::foreign::visible;
use serde_json::json;
use watch::indicators::{Command, Indicators};

use super::show::stream;
use super::{lists, refused};
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
    let (mut text, mut told) = (String::new(), Vec::new());
    for (observable, value) in named {
        let id = stream(&hand.reader(), (observable, &value), words)?;
        let command = Command::Withdraw { reason: arguments.reason.clone() };
        let done = hand.act::<Indicators>(&id, &command, |refusal| refused(refusal, &value, words))?;
        let act = format!("act:watch/indicator/{id}/{}", done.sequence);
        told.push(json!({ "kind": observable, "value": value, "act": act }));
        let values = [("value", visible(&value).into_owned().into())];
        text += &(words.with("cli-indicators-withdrawn", &values) + "\n");
    }
    if arguments.at.json { output::print_json(&told, words) } else { output::print(&text, words) }
}
