//! Who may see what: the one place where views are made.
//!
//! Whoever works in a shell on the machine may read the files of the home without us, so that a view that hid
//! something would only seem to: the operator sees everything. People see what the [`policies`] say.

pub mod policies;
pub mod why;

use model::time::Instant;
use model::view::{Part, Purpose, Sight, View, Viewer};

/// The view of the one who runs commands on this machine: everything.
#[must_use]
pub fn operator(user: &str, now: Instant) -> View {
    View::new(Viewer::Operator(user.to_owned()), Purpose::Operation, now, Sight::Everything)
}

/// The view of somebody who sees a part.
#[must_use]
pub fn person(name: &str, part: Part, now: Instant) -> View {
    View::new(Viewer::Person(name.to_owned()), Purpose::Operation, now, Sight::Part(part))
}

#[cfg(test)]
mod tests {
    use model::marking::{Marking, Tlp};
    use model::view::Label;

    use super::*;

    #[test]
    fn a_part_shows_what_it_names_and_nothing_else() {
        let label = |owner: &str, tlp| Label {
            compartment: "own".to_owned(),
            owner: owner.to_owned(),
            marking: Marking { tlp, ..Marking::default() },
        };
        let part =
            Part { labels: [label("aoba", Tlp::Green)].into(), hidden: ["user.name".to_owned()].into() };
        let now = Instant::from_nanoseconds(0);
        let (part, all) = (person("sato", part, now), operator("root", now));
        for (shown, expected) in [
            (label("aoba", Tlp::Green), true),
            (label("aoba", Tlp::Amber), false),
            (label("misaki", Tlp::Green), false),
            (Label { compartment: "exercise/1".to_owned(), ..label("aoba", Tlp::Green) }, false),
        ] {
            assert_eq!(part.shows(&shown), expected, "{shown:?}");
            assert!(all.shows(&shown));
        }
        assert!(
            !part.shows_column("user.name") && part.shows_column("time") && all.shows_column("user.name")
        );
    }

    #[test]
    fn a_view_serves_a_minute_and_not_before_it_was_made() {
        let at = |seconds: i64| Instant::from_nanoseconds(seconds * 1_000_000_000);
        let view = operator("sato", at(1_000));
        assert_eq!(view.viewer(), &Viewer::Operator("sato".to_owned()));
        for (seconds, expected) in [(999, false), (1_000, true), (1_060, true), (1_061, false)] {
            assert_eq!(view.begin(at(seconds)).is_ok(), expected, "{seconds}");
        }
        let error = view.begin(at(1_100)).map_err(|error| error.to_string());
        assert_eq!(error, Err("the view was made 100 s before it was used".to_owned()));
    }
}
