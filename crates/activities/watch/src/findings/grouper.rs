//! A piece of the verdicts, grouped: what is known is read, what follows is acts of one transaction.

use std::collections::{BTreeSet, HashMap, HashSet};

use journal::query::{Cell, Compare, Filter, Select};
use journal::{Acting, Journal, JournalError, Looking, NotDone, Reader, Together};

use super::act::{ByRule, Joined};
use super::grouping::{Grouping, GroupingCommand, Groupings};
use super::link::{FARTHEST, Key, keys};
use super::plan::{Joining, Known, Plan, Run, Standing, plan};
use super::rules::Command;
use super::state::Status;
use super::summary::Summary;
use super::tables::{FINDINGS, LINKS, VERDICTS};
use super::{Findings, Seen};

/// The most verdicts that one act names.
const NAMED: usize = 2_000;
/// Values that are asked for at once.
const ASKED: usize = 1_000;
/// How often a piece is begun anew because somebody acted meanwhile.
const TRIES: usize = 20;

/// What became of a piece.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stepped {
    /// Verdicts that joined a finding.
    pub verdicts: u64,
    /// Findings that are new.
    pub opened: u64,
    /// Findings that became part of others.
    pub merged: u64,
    /// Findings that took verdicts.
    pub findings: BTreeSet<u64>,
}

/// Why a piece was not grouped.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// The journal could not be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// What follows was not taken.
    #[error("finding {stream} refused: {why:?}")]
    Refused {
        /// The stream.
        stream: String,
        /// Why.
        why: journal::Undone,
    },
}

/// A piece of the verdicts of a compartment.
#[derive(Debug)]
pub struct Piece<'a> {
    /// The compartment.
    pub compartment: &'a str,
    /// The verdicts, in any order.
    pub seen: Vec<Seen>,
    /// How far verdicts were grouped before, and how far they are with this.
    pub positions: (Option<String>, Option<String>),
    /// Whether some of them may have been grouped before.
    pub may_repeat: bool,
}

/// Groups a piece; `who` looks. Where somebody has grouped the same piece meanwhile, nothing is done.
///
/// # Errors
/// When the journal refuses; then nothing of the piece is grouped.
pub fn group(
    journal: &Journal,
    who: &dyn Fn() -> (model::view::View, model::time::Instant),
    acting: &Acting,
    mut piece: Piece<'_>,
) -> Result<Stepped, GroupError> {
    piece.seen.sort_by_key(|seen| (seen.time, seen.id));
    piece.seen.dedup_by_key(|seen| seen.id);
    for attempt in 1.. {
        let (view, now) = who();
        let looking = Looking { view: &view, now };
        let before = state(journal.reader(), looking, piece.compartment)?;
        if before.position != piece.positions.0 {
            return Ok(Stepped::default());
        }
        if piece.may_repeat {
            leave_out_known(journal.reader(), looking, &mut piece.seen)?;
        }
        let known = known(journal.reader(), looking, &piece.seen)?;
        let plan = plan(&piece.seen, &known, before.given + 1);
        let stepped = stepped(&piece.seen, &plan, before.given);
        let together = together(journal.reader(), looking, &piece, (&plan, before))?;
        match journal.act_together(together, acting) {
            Ok(_) => return Ok(stepped),
            Err(NotDone { why: journal::Undone::Refused(_), .. }) if attempt < TRIES => {}
            Err(NotDone { stream, why, .. }) => return Err(GroupError::Refused { stream, why }),
        }
    }
    Ok(Stepped::default())
}

/// The runs of verdicts that are one finding because people say so.
#[must_use]
pub fn runs_of(seen: &[Seen]) -> Vec<(Key, i64, i64)> {
    let plan = plan(seen, &Known::default(), 1);
    let links = plan.joins.values().flat_map(|joining| &joining.links);
    let runs: BTreeSet<(Key, i64, i64)> = links.map(|(key, run)| (*key, run.from, run.to)).collect();
    runs.into_iter().collect()
}

/// How far the verdicts of a compartment were grouped.
///
/// # Errors
/// When the journal cannot be read.
pub fn state(reader: &Reader, who: Looking<'_>, compartment: &str) -> Result<Grouping, JournalError> {
    let state = reader.state::<Groupings>(who, compartment)?;
    Ok(state.map(|(state, _)| state).unwrap_or_default())
}

fn stepped(seen: &[Seen], plan: &Plan, given: u64) -> Stepped {
    Stepped {
        verdicts: seen.len() as u64,
        opened: plan.next - 1 - given,
        merged: plan.merges.len() as u64,
        findings: plan.joins.keys().copied().collect(),
    }
}

fn leave_out_known(reader: &Reader, who: Looking<'_>, seen: &mut Vec<Seen>) -> Result<(), JournalError> {
    let mut known = HashSet::new();
    for some in seen.chunks(ASKED) {
        let ids = some.iter().map(|seen| Cell::Text(seen.id.to_string())).collect();
        let filters = vec![Filter::In("verdict", ids)];
        reader.each(who, Select { filters, ..Select::all(VERDICTS, ASKED) }, &mut |row| {
            known.insert(row.text("verdict").to_owned());
        })?;
    }
    seen.retain(|seen| !known.contains(&seen.id.to_string()));
    Ok(())
}

/// What is known of the keys of verdicts.
fn known(reader: &Reader, who: Looking<'_>, seen: &[Seen]) -> Result<Known, JournalError> {
    let wanted: BTreeSet<Key> = seen.iter().flat_map(keys).map(|(key, _)| key).collect();
    let wanted: Vec<Key> = wanted.into_iter().collect();
    let mut known = Known::default();
    let times = || seen.iter().map(|seen| seen.time.seconds());
    let (Some(first), Some(last)) = (times().min(), times().max()) else { return Ok(known) };
    for some in wanted.chunks(ASKED) {
        let cells = some.iter().map(|key| Cell::Number(key.number())).collect();
        // A host of a year has thousands of runs; only those that these verdicts can reach count.
        let filters = vec![
            Filter::In("link", cells),
            Filter::Is("ends", Compare::AtLeast, Cell::Number(first.saturating_sub(FARTHEST))),
            Filter::Is("begins", Compare::Below, Cell::Number(last.saturating_add(FARTHEST + 1))),
        ];
        reader.each(who, Select { filters, ..Select::all(LINKS, ASKED) }, &mut |row| {
            let (from, to) = (row.number("begins"), row.number("ends"));
            let run = Run { from, to, finding: row.number("finding").unsigned_abs() };
            known.runs.entry(Key::of_number(row.number("link"))).or_default().push(run);
        })?;
    }
    let findings = known.runs.values().flatten().map(|run| run.finding).collect();
    known.findings = standings(reader, who, findings)?;
    Ok(known)
}

/// How findings stand, and those that they are part of.
fn standings(
    reader: &Reader,
    who: Looking<'_>,
    mut wanted: BTreeSet<u64>,
) -> Result<HashMap<u64, Standing>, JournalError> {
    let mut standings = HashMap::new();
    while !wanted.is_empty() {
        let mut wholes = BTreeSet::new();
        let numbers: Vec<u64> = wanted.into_iter().collect();
        for some in numbers.chunks(ASKED) {
            let cells = some.iter().map(|number| Cell::Number(number.cast_signed())).collect();
            let filters = vec![Filter::In("number", cells)];
            reader.each(who, Select { filters, ..Select::all(FINDINGS, ASKED) }, &mut |row| {
                let whole = row.number("merged_into").unsigned_abs();
                let standing = match Status::parse(row.text("state")) {
                    Some(Status::Merged) => Standing::Part(whole),
                    Some(Status::Closed) | None => Standing::Closed,
                    Some(_) if row.number("is_held") != 0 => Standing::Held,
                    Some(_) => Standing::Loose,
                };
                standings.insert(row.number("number").unsigned_abs(), standing);
                wholes.extend(Some(whole).filter(|whole| *whole != 0));
            })?;
        }
        wanted = wholes.into_iter().filter(|whole| !standings.contains_key(whole)).collect();
    }
    Ok(standings)
}

/// What is asked of findings and of the grouping.
fn together(
    reader: &Reader,
    who: Looking<'_>,
    piece: &Piece<'_>,
    (plan, before): (&Plan, Grouping),
) -> Result<Together, JournalError> {
    let mut together = Together::default();
    for (number, joining) in &plan.joins {
        for joined in joined(&piece.seen, joining) {
            together.add::<Findings>(&number.to_string(), Command::Join(joined))?;
        }
    }
    for (part, whole) in &plan.merges {
        let state = reader.state::<Findings>(who, &part.to_string())?;
        let (summary, acts) = state.map(|(state, acts)| (state.summary(), acts)).unwrap_or_default();
        let merge = Command::Merge { into: *whole, reason: None, acts };
        together.add::<Findings>(&part.to_string(), merge)?;
        let absorb = Command::Absorb { finding: *part, summary, reason: None };
        together.add::<Findings>(&whole.to_string(), absorb)?;
    }
    let now = Grouping { position: piece.positions.1.clone(), given: plan.next - 1 };
    together.add::<Groupings>(piece.compartment, GroupingCommand::Group { before, now })?;
    Ok(together)
}

/// What a finding takes, in acts that do not grow without end.
fn joined(seen: &[Seen], joining: &Joining) -> Vec<Joined> {
    let parts = joining.verdicts.chunks(NAMED).map(|some| {
        let mut joined = Joined::default();
        let mut verdicts = ByRule::new();
        for seen in some.iter().map(|at| &seen[*at]) {
            joined.summary.add(&Summary::of(seen));
            verdicts.entry(seen.rule.clone()).or_default().push(seen.id);
        }
        Joined { verdicts, ..joined }
    });
    let mut parts: Vec<Joined> = parts.collect();
    if let Some(first) = parts.first_mut() {
        first.links = joining.links.iter().map(|(key, run)| (*key, run.from, run.to)).collect();
        first.gone = joining.gone.iter().map(|(key, run)| (*key, run.from)).collect();
        first.related.clone_from(&joining.related);
    }
    parts
}
