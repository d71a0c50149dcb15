//! Verdicts that are new in the lake become findings.

use lake::{Compartment, Lake, Looking, Position};
use model::time::Instant;
use page::Words;
use verdicts::KeptVerdict;
use watch::findings::{self, Piece, Seen, Stepped};

use super::held::Held;
use crate::Failure;
use crate::books::{now, operator, with_cause};

/// Verdicts that are grouped at once: what they take in memory is the most that grouping takes.
const PIECE: usize = 50_000;

impl Held {
    /// Groups the verdicts that are new in the lake. Whoever waits for another one's turn finds what that one left.
    ///
    /// # Errors
    /// When lake or journal refuse. What was grouped until then is.
    pub fn group(&self, words: Words) -> Result<Stepped, Failure> {
        let observing = self.observing(words)?;
        let _mine = observing.grouping().take();
        self.group_all(observing.orders().lake()).map_err(|error| {
            let values = [("reason", error.into())];
            Failure { code: 1, text: words.with("findings-error-not-grouped", &values) }
        })
    }

    fn group_all(&self, lake: &Lake) -> Result<Stepped, String> {
        let own = Compartment::own();
        let mut all = Stepped::default();
        loop {
            let (view, now) = viewing();
            let who = Looking { view: &view, now };
            let told = findings::grouping(self.journal().reader(), who, own.as_str());
            let before = told.map_err(|error| with_cause(&error))?.position;
            // What nobody can read any more is as if nothing had been grouped: what is known is left out.
            let position =
                before.as_deref().and_then(|text| text.parse::<Position>().ok()).unwrap_or_default();
            let news = verdicts::news(lake, who, (&own, &position), PIECE);
            let news = news.map_err(|error| with_cause(&error))?;
            if news.verdicts.is_empty() && news.is_all {
                return Ok(all);
            }
            let piece = Piece {
                compartment: own.as_str(),
                seen: news.verdicts.iter().map(seen).collect(),
                positions: (before, Some(news.next.to_string())),
                may_repeat: news.is_anew,
            };
            let stepped = findings::group(self.journal(), &viewing, &Self::installation(), piece);
            let stepped = stepped.map_err(|error| with_cause(&error))?;
            all.verdicts += stepped.verdicts;
            all.opened += stepped.opened;
            all.merged += stepped.merged;
            all.findings.extend(stepped.findings);
            if news.is_all {
                return Ok(all);
            }
        }
    }
}

/// Who looks when verdicts are grouped.
fn viewing() -> (model::view::View, Instant) {
    let now = now();
    (access::operator(operator().subject(), now), now)
}

/// A verdict as grouping sees it.
#[must_use]
pub fn seen(verdict: &KeptVerdict) -> Seen {
    Seen {
        id: verdict.id,
        time: verdict.time.or(verdict.found).unwrap_or(Instant::from_nanoseconds(0)),
        organisation: verdict.owner.clone().unwrap_or_default(),
        marking: verdict.marking,
        host: verdict.host.clone(),
        process: verdict.story.process.clone(),
        parent: verdict.story.parent.clone(),
        session: verdict.story.session.clone(),
        rule: rule_of(verdict),
        title: verdict.title.clone(),
        level: verdict.level,
        techniques: verdict.tags.iter().filter_map(|tag| technique(tag)).collect(),
        group: verdict.group.clone(),
        events: verdict.events_count.max(1),
    }
}

/// By what the rule of a verdict is known over all of its versions, as findings name it.
#[must_use]
pub fn rule_of(verdict: &KeptVerdict) -> String {
    let id = verdict.rule_id.as_deref().filter(|id| !id.is_empty());
    id.map_or_else(|| verdict.rule.to_string(), str::to_lowercase)
}

/// The technique that a rule's tag names: `T1059.001` of `attack.t1059.001`.
fn technique(tag: &str) -> Option<String> {
    let rest = tag.to_ascii_lowercase();
    let rest = rest.strip_prefix("attack.t")?;
    let is_number = !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_number.then(|| format!("T{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_name_techniques_and_other_things() {
        for (tag, expected) in [
            ("attack.t1490", Some("T1490")),
            ("attack.T1059.001", Some("T1059.001")),
            ("attack.impact", None),
            ("attack.t", None),
            ("attack.tactic", None),
            ("cve.2021-44228", None),
        ] {
            assert_eq!(technique(tag).as_deref(), expected, "{tag}");
        }
    }
}
