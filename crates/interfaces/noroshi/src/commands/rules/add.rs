//! `noroshi rules add`: a version of a set, from folders or archives, and what it would change.

use detect::RuleSet;
use files::Holding;
use journal::ActError;
use model::marking::{Marking, Tlp};
use page::Words;
use serde_json::json;
use watch::rulesets::{Added, BUNDLED, Command, Ruleset, Rulesets};

use super::diff::Told;
use super::rescan;
use super::switch::refused;
use crate::acts::{hand, home, undone};
use crate::arguments::RulesAdd;
use crate::holder::request::{FileKept, Request};
use crate::holder::{Behind, Hand, Opening};
use crate::output::Notice;
use crate::ruleset::full_name;
use crate::sets::{Packed, Sets, gather};
use crate::{Failure, Outcome, output, ruleset, signals};

/// Refused documents that are named; noroshi rules check names all.
const SHOWN: usize = 20;

/// Runs the command.
///
/// # Errors
/// Wrong use, paths that cannot be read, or a journal that cannot be used.
pub fn run(arguments: &RulesAdd, words: Words) -> Result<Outcome, Failure> {
    let set = arguments.set.as_str();
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if set == BUNDLED {
        return Err(Failure::usage(words, "cli-error-rules-bundled", &[]));
    }
    if set.is_empty() || set.len() > 40 || !set.chars().all(is_name) {
        return Err(Failure::usage(words, "cli-error-rules-name", &[("set", set.into())]));
    }
    let stop = signals::stop().unwrap_or_default();
    let Some(packed) = gather(&arguments.paths, &stop, words)? else { return Ok(Outcome::Stopped) };
    let loaded = ruleset::documents(&packed.files, &detect::Placeholders::new(), &stop);
    let Some(loaded) = loaded else { return Ok(Outcome::Stopped) };
    let rules = RuleSet::new(loaded);
    if rules.is_empty() {
        drop(output::print_refusals(&mut std::io::stderr(), &rules.refused));
        return Err(Failure::usage(words, "cli-error-rules-none", &[]));
    }
    Adding { arguments, set, packed, rules, words }.run()
}

/// A version that was read.
struct Adding<'a> {
    arguments: &'a RulesAdd,
    set: &'a str,
    packed: Packed,
    rules: RuleSet,
    words: Words,
}

impl Adding<'_> {
    fn run(&self) -> Result<Outcome, Failure> {
        let Self { arguments, set, words, .. } = self;
        if arguments.dry_run {
            return self.rehearse();
        }
        let hand = hand(arguments.at.home.as_deref(), Opening::short("rules add"), *words)?;
        let sets = Sets::at(Some(hand.home().clone()), *words);
        let state = sets.state(set)?.unwrap_or_default();
        // First, so that an archive that somebody damaged is whole again before it is compared.
        let version = self.keep(&hand, &state)?;
        if arguments.enable {
            let reason = arguments.reason.clone().unwrap_or_default();
            let command = Command::Enable { version: Some(version), reason };
            match hand.tried::<Rulesets>(set, &command)? {
                // Repeated, the command changes nothing.
                Ok(_) | Err(ActError::Refused(watch::rulesets::Refusal::Already)) => {}
                Err(error) => return Err(undone(error, *words, |refusal| refused(refusal, set, *words))),
            }
        }
        let told = self.told(&sets, &state, full_name(set, version))?;
        let days = if arguments.enable { rescan::offer(&hand, *words)? } else { 0 };
        self.say(&told, Some(version), days)
    }

    /// Says what would change, and makes nothing.
    fn rehearse(&self) -> Result<Outcome, Failure> {
        let sets = Sets::at(home(self.arguments.at.home.as_deref(), self.words)?, self.words);
        let state = sets.state(self.set)?.unwrap_or_default();
        let told = self.told(&sets, &state, self.source())?;
        self.say(&told, None, 0)
    }

    /// What changes, compared with what runs, or would if somebody said so.
    fn told(&self, sets: &Sets, state: &Ruleset, name: String) -> Result<Told, Failure> {
        let before = state.enabled(self.set).unwrap_or_else(|| state.newest());
        let old = if before == 0 { Vec::new() } else { sets.files(self.set, state, before)? };
        Ok(Told::new(state, (&old, &self.packed.files), (full_name(self.set, before), name)))
    }

    fn source(&self) -> String {
        let paths: Vec<String> = self.arguments.paths.iter().map(|path| path.display().to_string()).collect();
        paths.join(", ")
    }

    /// Keeps the archive, then the act that tells of it; gives the version's number.
    fn keep(&self, hand: &Hand, state: &Ruleset) -> Result<u32, Failure> {
        let Self { set, words, .. } = self;
        let holding = Holding {
            name: format!("{set}.tar.zst"),
            media: "application/zstd".to_owned(),
            compartment: "own".to_owned(),
            owner: "own".to_owned(),
            marking: Marking { tlp: Tlp::Amber, ..Marking::default() },
        };
        let kept: FileKept = hand.ask(&Request::KeepFile(holding), Behind::Bytes(&self.packed.bytes))?;
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let archive = kept.sha256;
        let added = Added {
            archive: archive.clone(),
            digest: self.rules.digest().id().to_string(),
            rules: count(self.rules.len()),
            refused: count(self.rules.refused.len() + self.packed.unread.len()),
            source: self.source(),
        };
        let add = Command::Add(added);
        let done = hand.act::<Rulesets>(set, &add, |refusal| refused(refusal, set, *words))?;
        if done.position.is_none() {
            return Ok(state.newest());
        }
        // Somebody else may have added a version meanwhile.
        let state = Sets::at(Some(hand.home().clone()), *words).state(set)?.unwrap_or_default();
        let own = state.versions.iter().rev().find(|(_, version)| version.archive == archive);
        Ok(own.map_or_else(|| state.newest(), |(number, _)| *number))
    }

    /// Says what was added and what it changes.
    fn say(&self, told: &Told, version: Option<u32>, days: u64) -> Result<Outcome, Failure> {
        let Self { arguments, set, words, rules, packed } = self;
        let refusals: Vec<_> = rules.refused.iter().chain(&packed.unread).cloned().collect();
        if arguments.at.json {
            let refused: Vec<Notice<'_>> = refusals.iter().map(Notice::from).collect();
            let said = json!({
                "set": set, "version": version, "rules": rules.len(), "refused": refused,
                "enabled": arguments.enable, "changes": told.json(), "rescan_days": days,
            });
            return output::print_json(&said, *words);
        }
        let key = if version.is_some() { "cli-rules-added" } else { "cli-rules-would-add" };
        let name = version.map_or_else(|| (*set).to_owned(), |version| full_name(set, version));
        let values = [
            ("version", name.into()),
            ("rules", rules.len().into()),
            ("refused", refusals.len().into()),
            ("set", (*set).into()),
        ];
        let mut text = words.with(key, &values) + "\n";
        if !told.is_first() {
            text += &told.summary(*words);
        }
        if version.is_some() && !arguments.enable {
            text += &(words.with("cli-rules-added-next", &values) + "\n");
        }
        drop(output::print_refusals(&mut std::io::stderr(), &refusals[..refusals.len().min(SHOWN)]));
        output::print(&(text + &rescan::said(days, *words)), *words)
    }
}
