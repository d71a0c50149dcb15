//! Whose verdicts are, and what may be done with them: what is said of the events that they stand on.

use std::collections::HashMap;

use lake::Entry;
use model::evidence::ContentId;
use model::marking::Marking;

/// What is said of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Whose they are; nobody's alone where they stand on events of several.
    pub owner: Option<String>,
    /// What may be done with them.
    pub marking: Marking,
}

/// What is said of the rows of batches.
#[derive(Debug, Default)]
pub struct Labels(HashMap<ContentId, Label>);

impl Label {
    /// That of a batch.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        Self { owner: Some(entry.owner.organisation.clone()), marking: entry.marking }
    }

    /// What is said of something that stands on both: it is the one's alone only if it is the other's, and
    /// the stricter marks hold.
    fn and(self, other: &Self) -> Self {
        let Marking { tlp, confidentiality, pap } = self.marking;
        let marking = Marking {
            tlp: tlp.max(other.marking.tlp),
            confidentiality: confidentiality.max(other.marking.confidentiality),
            pap: pap.max(other.marking.pap),
        };
        Self { owner: self.owner.filter(|owner| other.owner.as_ref() == Some(owner)), marking }
    }
}

impl Labels {
    /// Notes what is said of a batch.
    pub fn add(&mut self, batch: ContentId, label: Label) {
        self.0.entry(batch).or_insert(label);
    }

    /// What is said of something that stands on these batches. Of what is not known nobody is the owner.
    #[must_use]
    pub fn of(&self, batches: impl IntoIterator<Item = ContentId>) -> Label {
        let unknown = Label { owner: None, marking: Marking::default() };
        let mut labels = batches.into_iter().map(|batch| self.0.get(&batch).unwrap_or(&unknown));
        let first = labels.next().unwrap_or(&unknown).clone();
        labels.fold(first, |all, label| if *label == all { all } else { all.and(label) })
    }
}

#[cfg(test)]
mod tests {
    use model::marking::{Confidentiality, Tlp};

    use super::*;

    #[test]
    fn what_stands_on_several_is_marked_as_the_strictest_and_owned_by_nobody_alone() {
        let label = |owner: &str, tlp, confidentiality| Label {
            owner: Some(owner.to_owned()),
            marking: Marking { tlp, confidentiality, pap: None },
        };
        let [a, b, c] = [1, 2, 3].map(|byte| ContentId::from([byte; 16]));
        let mut labels = Labels::default();
        labels.add(a, label("aoba", Tlp::Green, None));
        labels.add(b, label("aoba", Tlp::Red, Some(Confidentiality::Two)));
        labels.add(c, label("misaki", Tlp::Clear, None));
        assert_eq!(labels.of([a, a]), label("aoba", Tlp::Green, None));
        assert_eq!(labels.of([a, b]), label("aoba", Tlp::Red, Some(Confidentiality::Two)));
        assert_eq!(labels.of([a, c]).owner, None);
        assert_eq!(labels.of([b, c]).marking, label("", Tlp::Red, Some(Confidentiality::Two)).marking);
        assert_eq!(labels.of([a, ContentId::from([9; 16])]).owner, None);
        assert_eq!(labels.of([]).owner, None);
    }
}
