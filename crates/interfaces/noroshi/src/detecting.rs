//! Rules that run over what is kept, while it comes into the lake.

use std::sync::Arc;

use detect::{Engine, RuleSet};
use model::catalogue::Catalogue;
use verdicts::{Detecting, Running};

use crate::ruleset;

/// The rules of a set, ready to run.
#[must_use]
pub fn running(rules: RuleSet, catalogue: Arc<Catalogue>) -> Running {
    let digest = rules.digest();
    Running::new(Arc::new(Engine::new(rules, catalogue)), digest)
}

/// The same, until others run.
#[must_use]
pub fn with(rules: RuleSet, catalogue: Arc<Catalogue>) -> Arc<Detecting> {
    Arc::new(Detecting::new(running(rules, catalogue)))
}

/// The rules that come with the program, ready to run.
#[must_use]
pub fn bundled(catalogue: Arc<Catalogue>) -> Arc<Detecting> {
    with(ruleset::bundled(), catalogue)
}
