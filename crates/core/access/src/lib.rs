//! Who may see what: the one place where views are made.
//!
//! So far there is one viewer, the operator: whoever works in a shell on the machine may read the
//! files of the home without us, so that a view that hid something would only seem to. Views by
//! policy, for people who come over the network, are made here as well once there are any.

use model::time::Instant;
use model::view::{Purpose, View, Viewer};

/// The view of the one who runs commands on this machine: everything.
#[must_use]
pub fn operator(user: &str, now: Instant) -> View {
    View::new(Viewer::Operator(user.to_owned()), Purpose::Operation, now)
}

#[cfg(test)]
mod tests {
    use super::*;

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
