//! What somebody may see, and for what. Whoever reads a store brings a view; there is no way to read
//! one without.

use std::collections::HashSet;
use std::fmt;

use crate::marking::Marking;
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
    sight: Sight,
}

/// What of the stores a view shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// All there is.
    Everything,
    /// A part of it.
    Part(Part),
}

/// The rows and columns that a view shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Part {
    /// What is said of the rows that are seen; all others are hidden. Whoever makes the view asks the policy
    /// once for each that is present.
    pub labels: HashSet<Label>,
    /// Names of columns that are hidden in all rows.
    pub hidden: HashSet<String>,
}

/// What is said of a row as a whole: all that decides who may see it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Label {
    /// The compartment that it lies in.
    pub compartment: String,
    /// Whose it is.
    pub owner: String,
    /// What may be done with it.
    pub marking: Marking,
}

/// Who looks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// Somebody who works with the files of the home themselves, and can read them without us: the
    /// name of the user on that machine.
    Operator(String),
    /// Somebody who sees what policy lets them see: their name in the installation.
    Person(String),
}

/// What for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Running the installation itself.
    Operation,
}

/// Who looks at a store now.
#[derive(Debug, Clone, Copy)]
pub struct Looking<'a> {
    /// What they may see.
    pub view: &'a View,
    /// The time of the clock.
    pub now: Instant,
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
    pub fn new(viewer: Viewer, purpose: Purpose, made: Instant, sight: Sight) -> Self {
        Self { viewer, purpose, made, sight }
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

    /// What it shows.
    #[must_use]
    pub fn sight(&self) -> &Sight {
        &self.sight
    }

    /// Whether it shows rows of which this is said.
    #[must_use]
    pub fn shows(&self, label: &Label) -> bool {
        match &self.sight {
            Sight::Everything => true,
            Sight::Part(part) => part.labels.contains(label),
        }
    }

    /// Whether it shows a column, in the rows that it shows.
    #[must_use]
    pub fn shows_column(&self, name: &str) -> bool {
        match &self.sight {
            Sight::Everything => true,
            Sight::Part(part) => !part.hidden.contains(name),
        }
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
