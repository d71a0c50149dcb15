//! What somebody may see, and for what. Whoever reads a store brings a view; there is no way to read
//! one without.

use std::fmt;

use crate::time::Instant;

/// Nanoseconds between the making of a view and the last moment at which a read may begin: what was
/// allowed then may no longer be.
const FRESH: i64 = 60 * 1_000_000_000;

/// What somebody may see, and for what. Plain data: `core/access` alone makes views, by policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    viewer: Viewer,
    purpose: Purpose,
    made: Instant,
}

/// Who looks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// Somebody who works with the files of the home themselves, and can read them without us: the
    /// name of the user on that machine.
    Operator(String),
}

/// What for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Running the installation itself.
    Operation,
}

/// A view that was made too long before a read began, or after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotFresh {
    /// Nanoseconds from the making of the view to the read.
    pub age: i64,
}

impl View {
    /// A view made at an instant. For `core/access` alone; a lint bans it elsewhere.
    #[must_use]
    pub fn new(viewer: Viewer, purpose: Purpose, made: Instant) -> Self {
        Self { viewer, purpose, made }
    }

    /// Who looks.
    #[must_use]
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// What for.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Whether a read may begin now.
    ///
    /// # Errors
    /// When the view is older than a minute, or of a future that a wrong clock made.
    pub fn begin(&self, now: Instant) -> Result<(), NotFresh> {
        let age = now.nanoseconds().saturating_sub(self.made.nanoseconds());
        if (0..=FRESH).contains(&age) { Ok(()) } else { Err(NotFresh { age }) }
    }
}

impl fmt::Display for NotFresh {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the view was made {} s before it was used", self.age / 1_000_000_000)
    }
}

impl std::error::Error for NotFresh {}
