//! Random looks of several processes in any order, against a list.

use std::collections::BTreeSet;

use access_log::{AccessLog, Book, Durable, Limits, Look, verify};
use model::marking::Tlp;
use model::view::Purpose;
use proptest::prelude::*;

use crate::support::{at, entries, place};

/// A look, by which of the logs that are open at once, and whether durably.
type Step = (usize, Look, bool);

fn looks() -> impl Strategy<Value = Look> {
    let who = (0..2_u8, 0..2_u8, prop::sample::select(vec!["q", "SELECT 1", "{\"at\":\"", "\0\u{7f}名\"\\"]));
    let seen = (prop::collection::btree_set("[ab]", 0..3), prop::option::of(0..5_usize), 0..4_u64);
    (-61..122_i64, who, seen).prop_map(|(second, (viewer, book, what), (owners, tlp, rows))| Look {
        at: at(second),
        viewer: format!("local:{viewer}").parse().expect("a subject"),
        purpose: Purpose::Operation,
        book: [Book::Lake, Book::Journal][usize::from(book)],
        what: what.to_owned(),
        owners,
        tlp: tlp.map(|index| Tlp::ALL[index]),
        rows,
    })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..3_usize, looks(), prop::bool::weighted(0.1));
    prop::collection::vec(step, 0..60).prop_map(|mut steps| {
        // Mostly in order, so that minutes have several looks.
        let third = steps.len() / 3;
        steps[third..].sort_by_key(|(_, look, _)| look.at);
        steps
    })
}

/// What must be in the log, by whom it was written: all but what the same writer said since its minute
/// began.
#[derive(Default)]
struct Expected {
    all: Vec<Look>,
    /// Indexes of what each writer has said in the minute of its last record.
    said: [Vec<usize>; 3],
}

impl Expected {
    /// The number of the record that must tell of a look.
    fn number(&mut self, writer: usize, look: &Look) -> u64 {
        let minute = |look: &Look| look.at.seconds().div_euclid(60);
        let same = |one: &Look| {
            (&one.viewer, one.book, &one.what, &one.owners, minute(one))
                == (&look.viewer, look.book, &look.what, &look.owners, minute(look))
        };
        let latest = self.said[writer].iter().rev().find(|index| same(&self.all[**index])).copied();
        if let Some(index) = latest.filter(|index| {
            let said = &self.all[*index];
            said.rows >= look.rows && said.tlp >= look.tlp
        }) {
            return index as u64 + 1;
        }
        let all = &self.all;
        self.said[writer].retain(|index| minute(&all[*index]) == minute(look));
        self.said[writer].push(self.all.len());
        self.all.push(look.clone());
        self.all.len() as u64
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_noted_is_there_in_the_order_it_was(steps in steps(), segment in 1..3_000_u64) {
        let (_folder, path) = place();
        let logs = [(); 3].map(|()| AccessLog::open_within(&path, Limits { segment }).expect("opened"));
        let mut expected = Expected::default();
        for (writer, look, is_durable) in &steps {
            let durable = if *is_durable { Durable::Yes } else { Durable::No };
            let number = logs[*writer].append(look, durable).expect("noted").number;
            prop_assert_eq!(number, expected.number(*writer, look));
        }
        let (found, faults) = entries(&path).expect("read");
        prop_assert_eq!(faults, vec![]);
        let found: Vec<Look> = found.into_iter().map(|entry| Look {
            at: entry.at,
            viewer: entry.viewer,
            purpose: entry.purpose,
            book: entry.book,
            what: entry.what,
            owners: entry.owners,
            tlp: entry.tlp,
            rows: entry.rows.expect("seen"),
        }).collect();
        prop_assert_eq!(&found, &expected.all);
        let verified = verify(&path).expect("walked");
        prop_assert_eq!(verified.number, expected.all.len() as u64);
        let none: BTreeSet<String> = verified.set_aside.into_iter().collect();
        prop_assert!(none.is_empty());
    }
}
