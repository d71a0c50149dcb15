//! A wish to stop, shared between threads; whoever hears signals sets it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A wish to stop.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    own: Arc<AtomicBool>,
    /// A wider wish, which is heard as well.
    above: Option<Arc<AtomicBool>>,
}

impl Stop {
    /// The wish that a flag stands for, which a signal sets.
    #[must_use]
    pub fn by(flag: Arc<AtomicBool>) -> Self {
        Self { own: flag, above: None }
    }

    /// Whether the user wants to stop.
    #[must_use]
    pub fn asked(&self) -> bool {
        let is_up = |flag: &AtomicBool| flag.load(Ordering::Relaxed);
        is_up(&self.own) || self.above.as_deref().is_some_and(is_up)
    }

    /// A wish to stop a part of the work: whoever asks it leaves the rest alone.
    #[must_use]
    pub fn part(&self) -> Self {
        Self { own: Arc::default(), above: Some(self.own.clone()) }
    }

    /// The flag behind it, for who knows flags alone.
    #[must_use]
    pub fn flag(&self) -> &AtomicBool {
        &self.own
    }

    /// Asks to stop.
    pub fn ask(&self) {
        self.own.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_stops_with_the_whole_and_not_the_other_way() {
        let whole = Stop::default();
        let (one, other) = (whole.part(), whole.part());
        one.ask();
        assert!(one.asked() && !other.asked() && !whole.asked());
        whole.ask();
        assert!(other.asked() && whole.asked());
    }
}
