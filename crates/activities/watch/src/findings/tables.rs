//! Findings as rows. A stream puts and removes rows with its own number alone, so that it does not matter in which
//! order streams are folded.

use journal::{Column, Row, Stamp, Table, Upsert, Value};
use model::evidence::ContentId;
use model::time::Instant;
use model::view::Label;

use super::act::{Act, Change, Joined};
use super::state::Finding;
use super::summary::Summary;

/// Findings.
pub const FINDINGS: &str = "watch_findings";
/// Verdicts, and in which finding each is.
pub const VERDICTS: &str = "watch_finding_verdicts";
/// Rules of findings, and what came of them.
pub const RULES: &str = "watch_finding_rules";
/// Runs of keys, by which new verdicts are grouped.
pub const LINKS: &str = "watch_finding_links";

/// Stands for no time.
pub(super) const NEVER: Instant = Instant::from_nanoseconds(i64::MAX);

pub(super) const TABLES: &[Table] = &[
    Table {
        name: FINDINGS,
        columns: &[
            Column::number("number"),
            Column::text("state"),
            Column::number("severity"),
            Column::text("title"),
            Column::text("host"),
            Column::text("organisation"),
            Column::time("first"),
            Column::time("last"),
            Column::time("opened"),
            Column::time("closed"),
            Column::number("verdicts"),
            Column::number("events"),
            Column::number("hosts"),
            Column::text("techniques"),
            Column::personal("assigned"),
            Column::text("assigned_subject"),
            Column::text("disposition"),
            Column::text("reason").searched(),
            Column::number("notes"),
            Column::number("files"),
            Column::number("is_cleared"),
            Column::number("is_held"),
            Column::number("merged_into"),
            Column::text("together"),
            Column::number("acts"),
        ],
        key: &["number"],
        unique: &[],
        sorted: &[&["state", "severity", "last"], &["last"], &["merged_into"], &["together"]],
    },
    Table {
        name: VERDICTS,
        columns: &[Column::text("verdict"), Column::number("finding")],
        key: &["verdict", "finding"],
        unique: &[],
        sorted: &[&["finding"]],
    },
    Table {
        name: RULES,
        columns: &[
            Column::number("finding"),
            Column::text("rule"),
            Column::text("title"),
            Column::text("level"),
            Column::number("verdicts"),
            Column::text("disposition"),
            Column::time("closed"),
        ],
        key: &["finding", "rule"],
        unique: &[],
        sorted: &[&["rule"]],
    },
    Table {
        name: LINKS,
        columns: &[
            Column::number("link"),
            Column::number("begins"),
            Column::number("ends"),
            Column::number("finding"),
        ],
        key: &["link", "begins", "finding"],
        unique: &[],
        sorted: &[],
    },
];

pub(super) fn rows(finding: &Finding, act: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
    let number: i64 = stamp.id.parse().unwrap_or_default();
    let of = Of { finding, number, summary: finding.summary(), label: finding.label() };
    let mut upserts = vec![of.row(stamp)];
    match act {
        Act::Joined(joined) => of.joined(joined, &mut upserts),
        Act::Absorbed { summary, .. } => upserts.extend(of.rules(summary.rules.keys())),
        Act::Merged { .. } => upserts.extend(finding.own.rules.keys().map(|rule| of.no_rule(rule))),
        Act::Parted { verdicts, .. } => {
            upserts.extend(verdicts.values().flatten().map(|verdict| of.no_verdict(*verdict)));
            upserts.extend(of.rules(verdicts.keys()));
        }
        Act::Released { rules, .. } => upserts.extend(of.rules(rules.iter())),
        Act::Restored { .. } => upserts.extend(of.all_rules()),
        Act::Changed { change: Change::Closed(_) | Change::Reopened { .. }, .. } | Act::TakenBack { .. } => {
            upserts.extend(of.all_rules());
        }
        Act::Changed { .. } => {}
    }
    upserts
}

/// A finding with its number.
struct Of<'a> {
    finding: &'a Finding,
    number: i64,
    summary: Summary,
    label: Label,
}

impl Of<'_> {
    fn put(&self, table: &'static str, values: Vec<Value>) -> Upsert {
        Upsert::Put(Row { table, values, label: self.label.clone() })
    }

    fn row(&self, stamp: &Stamp<'_>) -> Upsert {
        let Self { finding, number, summary, .. } = self;
        let said = &finding.said;
        let techniques: Vec<&str> = summary.techniques.iter().map(String::as_str).collect();
        let subject = said.owner.as_ref().map(|owner| owner.subject.subject.clone());
        let closing = said.closing.as_ref();
        let level = said.level.unwrap_or(summary.level);
        let title = said.title.clone().or_else(|| Some(summary.main_rule()?.1.title.clone()));
        let values = vec![
            (*number).into(),
            finding.status().as_str().into(),
            count(level.index() as u64).into(),
            title.unwrap_or_default().into(),
            summary.main_host().unwrap_or_default().into(),
            summary.organisations.iter().cloned().collect::<Vec<_>>().join(" ").into(),
            summary.first.unwrap_or(NEVER).into(),
            summary.last.unwrap_or(NEVER).into(),
            finding.opened.unwrap_or(NEVER).into(),
            said.closed_at.unwrap_or(NEVER).into(),
            count(summary.verdicts).into(),
            count(summary.events).into(),
            count(summary.hosts.len() as u64).into(),
            techniques.join(" ").into(),
            said.owner.clone().into(),
            subject.unwrap_or_default().into(),
            closing.map_or("", |closing| closing.disposition.as_str()).into(),
            closing.map_or("", |closing| closing.reason.as_str()).into(),
            count(finding.notes).into(),
            count(finding.attachments.len() as u64).into(),
            finding.cleared.is_some().into(),
            finding.is_held.into(),
            count(finding.whole.unwrap_or_default()).into(),
            finding.before.as_ref().map_or("", |(together, _)| together).into(),
            count(stamp.sequence).into(),
        ];
        self.put(FINDINGS, values)
    }

    fn joined(&self, joined: &Joined, upserts: &mut Vec<Upsert>) {
        for verdict in joined.verdicts.values().flatten() {
            let values = vec![verdict.to_string().into(), self.number.into()];
            upserts.push(self.put(VERDICTS, values));
        }
        for (key, from) in &joined.gone {
            let key = vec![key.number().into(), (*from).into(), self.number.into()];
            upserts.push(Upsert::Remove { table: LINKS, key });
        }
        for (key, from, to) in &joined.links {
            let values = vec![key.number().into(), (*from).into(), (*to).into(), self.number.into()];
            upserts.push(self.put(LINKS, values));
        }
        upserts.extend(self.rules(joined.summary.rules.keys()));
    }

    /// All its rules as they are now, and no others.
    fn all_rules(&self) -> Vec<Upsert> {
        self.rules(self.summary.rules.keys())
    }

    fn rules<'r>(&self, rules: impl Iterator<Item = &'r String>) -> Vec<Upsert> {
        let Self { finding: Finding { said, .. }, summary, .. } = self;
        let disposition = said.closing.as_ref().map_or("", |closing| closing.disposition.as_str());
        let closed = said.closed_at.unwrap_or(NEVER);
        let row = |id: &String| match summary.rules.get(id) {
            None => self.no_rule(id),
            Some(rule) => self.put(
                RULES,
                vec![
                    self.number.into(),
                    id.as_str().into(),
                    rule.title.as_str().into(),
                    rule.level.as_str().into(),
                    count(rule.verdicts).into(),
                    disposition.into(),
                    closed.into(),
                ],
            ),
        };
        rules.map(row).collect()
    }

    fn no_verdict(&self, verdict: ContentId) -> Upsert {
        Upsert::Remove { table: VERDICTS, key: vec![verdict.to_string().into(), self.number.into()] }
    }

    fn no_rule(&self, rule: &str) -> Upsert {
        Upsert::Remove { table: RULES, key: vec![self.number.into(), rule.into()] }
    }
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
