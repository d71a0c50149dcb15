//! The engine: loaded rules, programs made on demand for each kind of event, verdicts.

use std::cell::LazyCell;
use std::panic::resume_unwind;
use std::sync::{Arc, PoisonError, RwLock};

use hashbrown::HashMap;
use model::catalogue::Catalogue;
use model::event::Kind;
use model::evidence::Origin;
use model::panic::caught;
use rustc_hash::FxBuildHasher;
use sources::{Cause, Sheet, Value};

use crate::bounds::Bounds;
use crate::correlation::{Correlator, NotResumed, Plan, Signal};
use crate::evaluate::{Evaluation, Hit, Scratch};
use crate::grid::Grid;
use crate::linear;
use crate::needs::{HOST, HOSTS, Needs};
use crate::program::Program;
use crate::rule::{Meta, Rule, RuleDigest};
use crate::ruleset::RuleSet;
use crate::story::Telling;
use crate::verdict::{Cut, FieldValue, Verdict};

/// More kinds than any real log has; beyond it hostile input would fill memory with programs.
const PROGRAMS: usize = 2_048;

/// Rules ready to be run over sheets, from any number of threads.
#[derive(Debug)]
pub struct Engine {
    rules: Vec<Rule>,
    plan: Arc<Plan>,
    catalogue: Arc<Catalogue>,
    bounds: Bounds,
    programs: RwLock<HashMap<Kind, Compiled, FxBuildHasher>>,
}

/// A program, or the message of the panic that its making ended with.
type Compiled = Result<Arc<Program>, Arc<str>>;

/// What a sheet holds for the rules.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Verdicts of plain rules.
    pub verdicts: Vec<Verdict>,
    /// Matches of rules that correlations are about.
    pub signals: Vec<Signal>,
}

impl Engine {
    /// An engine over a set of rules, within the usual bounds.
    #[must_use]
    pub fn new(set: RuleSet, catalogue: Arc<Catalogue>) -> Self {
        let plan = Arc::new(Plan::new(&set.rules, &set.correlations));
        Self { rules: set.rules, plan, catalogue, bounds: Bounds::default(), programs: RwLock::default() }
    }

    /// The same engine within other bounds.
    #[must_use]
    pub fn within(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// Takes the signals of the scan for the set's correlations; none when it has none.
    #[must_use]
    pub fn correlator(&self) -> Option<Correlator> {
        (!self.plan.correlations.is_empty()).then(|| Correlator::new(self.plan.clone(), self.bounds))
    }

    /// The correlator that was [saved](Correlator::save), to go on from there. What time it is has to
    /// be said again.
    ///
    /// # Errors
    /// When the bytes are damaged or belong to other correlations than this engine's.
    pub fn resume(&self, bytes: &[u8]) -> Result<Correlator, NotResumed> {
        Correlator::resume(self.plan.clone(), self.bounds, bytes)
    }

    /// The rules, in the order given.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// What the signals of a rule are known by: the rule, and what correlations want of it; nothing of a rule
    /// that feeds none.
    #[must_use]
    pub fn feed(&self, rule: u32) -> Option<RuleDigest> {
        let feed = self.plan.rules.get(rule as usize)?.as_ref()?;
        let wanted = RuleDigest::of(feed.wanted.iter().map(|name| name.as_bytes()));
        Some(self.rules.get(rule as usize)?.meta.digest.with([&wanted]))
    }

    /// How far before an event others may lie that decide, with it, whether a correlation fires: nanoseconds.
    #[must_use]
    pub fn reach(&self) -> i64 {
        self.plan.reach()
    }

    /// All that gives verdicts: rules and correlations.
    pub fn metas(&self) -> impl Iterator<Item = &Arc<Meta>> {
        let rules = self.rules.iter().filter(|rule| !rule.silent).map(|rule| &rule.meta);
        rules.chain(self.plan.correlations.iter().filter(|node| !node.silent).map(|node| &node.meta))
    }

    /// Rules with a regular expression that took all its steps on some values, and how many: whether
    /// these match is not known.
    #[must_use]
    pub fn exhausted(&self) -> Vec<(&Meta, u64)> {
        let counted = self.rules.iter().map(|rule| (&*rule.meta, rule.expression.exhausted()));
        counted.filter(|(_, values)| *values > 0).collect()
    }

    /// The catalogue by which rules are routed.
    #[must_use]
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// What the rules find in a sheet, in the order of its events and, within one, of the rules.
    ///
    /// # Errors
    /// When the columns are not those of a sheet.
    pub fn scan(&self, sheet: &Sheet, scratch: &mut Scratch) -> Result<Outcome, Cause> {
        let program = self.program(&sheet.kind);
        let mut outcome = Outcome::default();
        if program.rules.is_empty() {
            return Ok(outcome);
        }
        let grid = Grid::new(sheet)?;
        let scan = Evaluation::new(&program, &grid);
        let host = host_columns(&self.catalogue, &sheet.kind, &grid);
        let telling = LazyCell::new(|| Telling::new(&grid, &sheet.kind));
        let mut origin = Arc::new(Origin::unkept("".into()));
        for hit in scan.run(scratch) {
            let number = program.rules[hit.rule as usize].rule;
            let host = host_of(&grid, &host, hit.event);
            let kept = sheet.kept.as_ref().and_then(|kept| kept.of(hit.event)).map(|kept| &**kept);
            let source_path = grid.source_path(hit.event);
            // Hits of one source and batch follow each other.
            if (&*origin.source_path, origin.kept.as_ref()) != (source_path, kept) {
                origin = Arc::new(Origin { source_path: source_path.into(), kept: kept.cloned() });
            }
            if self.plan.rules[number as usize].is_some() {
                outcome.signals.push(Signal {
                    rule: number,
                    origin: origin.clone(),
                    place: grid.place(hit.event),
                    host: host.as_deref().map(Into::into),
                    values: scan.wanted(hit),
                });
            }
            let rule = &self.rules[number as usize];
            if !rule.silent {
                let mut cut = Cut::new(&self.bounds);
                outcome.verdicts.push(Verdict {
                    rule: rule.meta.clone(),
                    host: host.map(|host| cut.text("host", &host)),
                    story: telling.of(hit.event),
                    source_path: source_path.to_owned(),
                    place: grid.place(hit.event),
                    evidence: origin.evidence(grid.place(hit.event).ordinal),
                    fields: fields(&scan, hit, scratch, &mut cut),
                    group: Vec::new(),
                    before: Vec::new(),
                    events_count: 1,
                    cut: cut.done(),
                });
            }
        }
        Ok(outcome)
    }

    /// Which rules fire on which events, found by trying every rule on every event without any
    /// of the compiled shortcuts: (event, rule) numbers, ordered. The yardstick of [`scan`](Self::scan).
    ///
    /// # Errors
    /// When the columns are not those of a sheet.
    pub fn scan_linear(&self, sheet: &Sheet) -> Result<Vec<(usize, usize)>, Cause> {
        linear::scan(&self.rules, &self.catalogue, sheet)
    }

    /// Which rules fire on which events: (event, rule) numbers, ordered.
    ///
    /// # Errors
    /// When the columns are not those of a sheet.
    pub fn hits(&self, sheet: &Sheet, scratch: &mut Scratch) -> Result<Vec<(usize, usize)>, Cause> {
        let program = self.program(&sheet.kind);
        let grid = Grid::new(sheet)?;
        let hits = Evaluation::new(&program, &grid).run(scratch);
        let number = |rule: u32| program.rules[rule as usize].rule as usize;
        Ok(hits.into_iter().map(|hit| (hit.event, number(hit.rule))).collect())
    }

    /// Number of rules that could fire on events of a kind.
    #[must_use]
    pub fn rules_for(&self, kind: &Kind) -> usize {
        self.program(kind).rules.len()
    }

    /// What the rules look at that could fire on events of a kind; nothing where there is none.
    #[must_use]
    pub fn needs(&self, kind: &Kind) -> Option<Arc<Needs>> {
        let program = self.program(kind);
        (!program.rules.is_empty()).then(|| program.needs.clone())
    }

    fn program(&self, kind: &Kind) -> Arc<Program> {
        self.program_by(kind, || Program::new(&self.rules, &self.plan, &self.catalogue, kind))
    }

    /// A panic while a program is made costs the events of its kind. It goes on to the caller, who
    /// tells it, for the first sheet of the kind and for each later one, and is not waited for again.
    fn program_by(&self, kind: &Kind, make: impl FnOnce() -> Program) -> Arc<Program> {
        let known = self.programs.read().unwrap_or_else(PoisonError::into_inner).get(kind).cloned();
        let compiled = known.unwrap_or_else(|| {
            let made = caught(make).map(Arc::new).map_err(Arc::from);
            let mut programs = self.programs.write().unwrap_or_else(PoisonError::into_inner);
            if programs.len() >= PROGRAMS {
                programs.clear();
            }
            programs.entry(kind.clone()).or_insert(made).clone()
        });
        compiled.unwrap_or_else(|panic| resume_unwind(Box::new(panic.to_string())))
    }
}

/// Values by which a rule fired, each field once.
fn fields(
    scan: &Evaluation<'_>,
    hit: Hit,
    scratch: &mut Scratch,
    cut: &mut Cut,
) -> Vec<(String, FieldValue)> {
    let mut fields: Vec<(String, FieldValue)> = Vec::new();
    scan.explain(hit, scratch, &mut |name, column, id| {
        if !fields.iter().any(|(known, _)| known == name) {
            let Value { text, scalar } = column.value(id);
            fields.push((name.to_owned(), FieldValue { text: cut.text(name, text), scalar }));
        }
    });
    fields
}

fn host_columns(catalogue: &Catalogue, kind: &Kind, grid: &Grid<'_>) -> Vec<usize> {
    let named = HOSTS.into_iter().filter_map(|name| {
        catalogue.field(kind, name).and_then(|field| grid.known(&field.name)).or_else(|| grid.raw(name))
    });
    grid.known(HOST).into_iter().chain(named).collect()
}

fn host_of(grid: &Grid<'_>, columns: &[usize], event: usize) -> Option<String> {
    grid.records(event).find_map(|record| {
        columns.iter().find_map(|&column| {
            let column = &grid.columns[column];
            let id = column.ids(record).iter().find(|id| column.has_value(**id));
            id.map(|&id| column.text(id).to_owned())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_while_compiling_costs_its_kind_alone_and_happens_once() {
        let engine = Engine::new(RuleSet::default(), Catalogue::bundled().unwrap());
        let [bad, good] = [1, 2].map(|id| Kind::new("windows", "Security", Some(id)));
        let mut tries = 0;
        for _ in 0..3 {
            let made = caught(|| {
                engine.program_by(&bad, || {
                    tries += 1;
                    panic!("poisoned")
                })
            });
            assert_eq!(made.err().as_deref(), Some("poisoned"));
        }
        assert_eq!(tries, 1, "the cost of a panic is paid for each line of a log");
        assert!(
            caught(|| engine.rules_for(&bad)).is_err(),
            "a kind without a program reads as one without rules"
        );
        assert_eq!(caught(|| engine.rules_for(&good)), Ok(0));
    }
}
