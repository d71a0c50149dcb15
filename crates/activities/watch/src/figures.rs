//! The figures of the watch: what rules found, which rules ran, and which sources fell silent.
//!
//! Verdicts are rows of the lake, and counted there; what people and the installation decided is counted from acts,
//! by the functions here.

use std::collections::BTreeMap;

use journal::{Actor, JournalError, Kind as _, Recorded, fold};
use model::evidence::Reference;
use model::figure::{
    Cell, Condition, Counted, Figure, Journal, Lake, LakeTable, Measure, Part, PartOf, Row, Rule,
};
use model::time::Instant;

use crate::findings::{FINDINGS, Findings};
use crate::rulesets::{BUNDLED, Ruleset, Rulesets, Switch, name_of};
use crate::sources::{self, Sources};

/// The figures of this activity.
pub const FIGURES: &[Figure] = &[
    Figure {
        id: "watch.verdicts",
        unit: "verdicts",
        clauses: &["2-1-1d", "2-2-2c"],
        rule: Rule::During,
        counted: Counted::Lake(VERDICTS),
        by: &[&[LEVEL], &[OWNER], &[LEVEL, WEEK]],
    },
    Figure {
        id: "watch.severe_verdicts",
        unit: "verdicts",
        clauses: &["2-2-2c"],
        rule: Rule::During,
        counted: Counted::Lake(Lake { when: "level IN ('critical', 'high')", ..VERDICTS }),
        by: &[&[OWNER], &[MONTH]],
    },
    Figure {
        id: "watch.hosts_with_verdicts",
        unit: "hosts",
        clauses: &["2-2-2c"],
        rule: Rule::During,
        counted: Counted::Lake(Lake { distinct: &[OWNER, HOST], is_wide: true, ..VERDICTS }),
        by: &[&[OWNER]],
    },
    Figure {
        id: "watch.organisations_with_verdicts",
        unit: "organisations",
        clauses: &["2-2-2c"],
        rule: Rule::During,
        counted: Counted::Lake(Lake { distinct: &[OWNER], ..VERDICTS }),
        by: &[],
    },
    Figure {
        id: "watch.rules_with_verdicts",
        unit: "rules",
        clauses: &["2-2-2d"],
        rule: Rule::During,
        counted: Counted::Lake(Lake { distinct: &[RULE], ..VERDICTS }),
        by: &[],
    },
    Figure {
        id: "watch.techniques",
        unit: "techniques",
        clauses: &["2-2-2c", "2-2-2f"],
        rule: Rule::During,
        counted: Counted::Lake(Lake {
            from: "(SELECT *, unnest(string_to_array(tags, ' ')) AS tag FROM verdicts)",
            when: "tag LIKE 'attack.t1%'",
            distinct: &[TECHNIQUE],
            ..VERDICTS
        }),
        by: &[],
    },
    Figure {
        id: "watch.findings",
        unit: "findings",
        clauses: &["P-1", "2-1-2d", "2-2-2c"],
        rule: Rule::During,
        counted: Counted::Journal(WHOLE),
        by: &[&[SEVERITY], &[ORGANISATION], &[MONTH]],
    },
    Figure {
        id: "watch.severe_findings",
        unit: "findings",
        clauses: &["2-2-2c"],
        rule: Rule::During,
        counted: Counted::Journal(Journal {
            when: &[Condition::Text("state", STANDING), Condition::AtLeast("severity", 3)],
            ..WHOLE
        }),
        by: &[&[ORGANISATION]],
    },
    Figure {
        id: "watch.findings_open",
        unit: "findings",
        clauses: &["2-2-1c", "2-2-2c"],
        rule: Rule::During,
        counted: Counted::Journal(Journal {
            when: &[Condition::Text("state", &["new", "progress"])],
            ..WHOLE
        }),
        by: &[&[SEVERITY]],
    },
    Figure {
        id: "watch.findings_closed",
        unit: "findings",
        clauses: &["2-2-2c", "2-2-2d"],
        rule: Rule::During,
        counted: Counted::Journal(Journal { when: &[Condition::Text("state", &["closed"])], ..WHOLE }),
        by: &[&[DISPOSITION]],
    },
    Figure {
        id: "watch.organisations_with_findings",
        unit: "organisations",
        clauses: &["2-2-1a", "2-2-2a"],
        rule: Rule::During,
        counted: Counted::Journal(Journal { measure: Measure::Words("organisation"), ..WHOLE }),
        by: &[],
    },
    Figure {
        id: "watch.time_to_finding",
        unit: "time",
        clauses: &["2-2-2f"],
        rule: Rule::During,
        counted: Counted::Journal(Journal { measure: Measure::MedianBetween("first", "opened"), ..WHOLE }),
        by: &[&[SEVERITY]],
    },
    Figure {
        id: "watch.rules",
        unit: "rules",
        clauses: &["P-1", "2-2-2d"],
        rule: Rule::AtEnd,
        counted: Counted::Named(Measure::Sum("running")),
        by: &[],
    },
    Figure {
        id: "watch.exclusions",
        unit: "exclusions",
        clauses: &["P-1", "2-2-2d"],
        rule: Rule::AtEnd,
        counted: Counted::Named(Measure::Rows),
        by: &[],
    },
    Figure {
        id: "watch.silences",
        unit: "times",
        clauses: &["2-1-2a"],
        rule: Rule::During,
        counted: Counted::Named(Measure::Rows),
        by: &[],
    },
    Figure {
        id: "watch.silent_sources",
        unit: "sources",
        clauses: &["2-1-2a"],
        rule: Rule::AtEnd,
        counted: Counted::Named(Measure::Rows),
        by: &[],
    },
];

const OWNER: Part = Part { name: "owner", of: PartOf::Column("owner") };
const HOST: Part = Part { name: "host", of: PartOf::Column("\"device.hostname\"") };
const LEVEL: Part = Part { name: "level", of: PartOf::Column("level") };
const RULE: Part = Part { name: "rule", of: PartOf::Column("COALESCE(rule_id, rule)") };
const TECHNIQUE: Part = Part { name: "technique", of: PartOf::Column("upper(substr(tag, 8))") };
const MONTH: Part = Part { name: "month", of: PartOf::Month };
const WEEK: Part = Part { name: "week", of: PartOf::Week };

const SEVERITY: Part = Part { name: "severity", of: PartOf::Column("severity") };
const ORGANISATION: Part = Part { name: "organisation", of: PartOf::Column("organisation") };
const DISPOSITION: Part = Part { name: "disposition", of: PartOf::Column("disposition") };

/// Where findings stand that are no part of another.
const STANDING: &[&str] = &["new", "progress", "closed"];

/// Findings that are no part of another, by the time of their first event.
const WHOLE: Journal = Journal {
    table: FINDINGS,
    stream: (Findings::NAME, "number"),
    time: "first",
    when: &[Condition::Text("state", STANDING)],
    measure: Measure::Rows,
    shown: &[
        "number",
        "severity",
        "state",
        "title",
        "organisation",
        "first",
        "opened",
        "verdicts",
        "disposition",
    ],
    times: &["first", "opened"],
};

/// Verdicts, by the time of the event that completed them.
const VERDICTS: Lake = Lake {
    from: "verdicts",
    of: LakeTable::Events,
    time: &["time"],
    when: "",
    distinct: &[],
    shown: &["time", "level", "title", "owner", "device.hostname", "id"],
    is_wide: false,
};

/// The rules that come with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bundled<'a> {
    /// The program's version.
    pub version: &'a str,
    /// How many they are.
    pub rules: u32,
}

/// The sets that ran at a time, as acts of sets up to then say; the bundled one also where nobody has said
/// anything of it.
///
/// # Errors
/// When an act cannot be understood.
pub fn rules(acts: &[Recorded], at: Instant, bundled: Bundled<'_>) -> Result<Vec<Row>, JournalError> {
    let mut streams = by_stream(acts);
    let own = format!("{}/{BUNDLED}", Rulesets::NAME);
    streams.entry(own.as_str()).or_default();
    let mut rows = Vec::new();
    for (stream, acts) in streams {
        let state: Ruleset = fold::<Rulesets>(acts.iter().copied())?;
        let set = stream.rsplit('/').next().unwrap_or_default();
        let Some(version) = state.enabled(set) else { continue };
        let of_program = set == BUNDLED;
        let all = if of_program {
            bundled.rules
        } else {
            state.versions.get(&version).map_or(0, |added| added.rules)
        };
        let off = state.exclusions.keys().filter(|rule| state.excludes(rule, at)).count() as u64;
        let named = if of_program { name_of(set, bundled.version) } else { name_of(set, version) };
        let decided = acts.iter().rev().find(|recorded| is_of(recorded, &["enabled"]));
        let evidence = match (decided, state.switch) {
            (Some(act), Switch::On(_)) => of_act(act),
            _ => Reference::Rules(named.clone()),
        };
        let number = |number: i64| Cell::Number(number);
        let running = i64::from(all).saturating_sub(i64::try_from(off).unwrap_or(i64::MAX)).max(0);
        let values = vec![
            ("set", Cell::Text(named)),
            ("rules", number(all.into())),
            ("off", number(i64::try_from(off).unwrap_or(i64::MAX))),
            ("running", number(running)),
        ];
        rows.push(Row { evidence, values });
    }
    Ok(rows)
}

/// The rules that were off at a time.
///
/// # Errors
/// When an act cannot be understood.
pub fn exclusions(acts: &[Recorded], at: Instant) -> Result<Vec<Row>, JournalError> {
    let mut rows = Vec::new();
    for (stream, acts) in by_stream(acts) {
        let state: Ruleset = fold::<Rulesets>(acts.iter().copied())?;
        let set = stream.rsplit('/').next().unwrap_or_default();
        for (rule, off) in state.exclusions.iter().filter(|(rule, _)| state.excludes(rule, at)) {
            let excluded = |recorded: &&&Recorded| {
                is_of(recorded, &["excluded"]) && recorded.act.get("rule").is_some_and(|named| named == rule)
            };
            let Some(act) = acts.iter().rev().find(excluded) else { continue };
            let values = vec![
                ("set", Cell::Text(set.to_owned())),
                ("title", Cell::Text(off.title.clone())),
                ("reason", Cell::Text(off.reason.clone())),
                ("until", off.until.map_or(Cell::Nothing, Cell::Time)),
                ("actor", Cell::Text(off.actor.subject().to_owned())),
                ("at", Cell::Time(off.at)),
            ];
            rows.push(Row { evidence: of_act(act), values });
        }
    }
    Ok(rows)
}

/// Each time that a followed source fell silent.
#[must_use]
pub fn silences(acts: &[Recorded]) -> Vec<Row> {
    acts.iter().filter(|recorded| is_of(recorded, &["fell_silent"])).map(of_source).collect()
}

/// The followed sources that were silent behind some acts.
#[must_use]
pub fn silent_sources(acts: &[Recorded]) -> Vec<Row> {
    let last = |acts: Vec<&Recorded>| {
        let told = |recorded: &&Recorded| is_of(recorded, &["fell_silent", "spoke"]);
        acts.into_iter().rev().find(told).filter(|recorded| is_of(recorded, &["fell_silent"])).map(of_source)
    };
    by_stream(acts).into_values().filter_map(last).collect()
}

/// The kinds of stream from whose acts a figure is made.
#[must_use]
pub fn kind_of(figure: &str) -> Option<&'static str> {
    match figure {
        "watch.rules" | "watch.exclusions" => Some(Rulesets::NAME),
        "watch.silences" | "watch.silent_sources" => Some(Sources::NAME),
        _ => None,
    }
}

fn of_source(recorded: &Recorded) -> Row {
    let id = recorded.stream.rsplit('/').next().unwrap_or_default();
    let values = vec![
        ("source", Cell::Text(sources::name(id))),
        ("at", Cell::Time(recorded.at)),
        ("actor", Cell::Text(Actor::subject(&recorded.actor).to_owned())),
    ];
    Row { evidence: of_act(recorded), values }
}

fn of_act(recorded: &Recorded) -> Reference {
    Reference::act(&recorded.stream, recorded.sequence)
}

fn is_of(recorded: &Recorded, types: &[&str]) -> bool {
    recorded.act.get("type").and_then(|kind| kind.as_str()).is_some_and(|kind| types.contains(&kind))
}

fn by_stream(acts: &[Recorded]) -> BTreeMap<&str, Vec<&Recorded>> {
    let mut streams: BTreeMap<&str, Vec<&Recorded>> = BTreeMap::new();
    for recorded in acts {
        streams.entry(&recorded.stream).or_default().push(recorded);
    }
    streams
}
