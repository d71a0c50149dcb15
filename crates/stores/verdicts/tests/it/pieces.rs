//! Whatever order and pieces logs come in, all verdicts are there that all logs together give, each once.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use arrow_array::cast::AsArray;
use detect::{Engine, Placeholders, RuleSet, load};
use lake::{
    Answer, AskLimits, Asking, Compartment, Days, Lake, Looking, Owner, Question, Retention, TableName,
    Tables,
};
use model::catalogue::Catalogue;
use model::marking::Marking;
use model::time::Instant;
use model::view::View;
use observations::{Derive, Observations, Target};
use proptest::prelude::*;
use sources::{BATCH_BYTES, Builder, Contents, Cutter, Input, Known, Limits, Piece, Reader, parse};
use verdicts::{Correlating, Detecting, Running, correlate};

pub const NOW: Instant = Instant::from_nanoseconds(1_780_000_000_000_000_000);

/// Correlations of all kinds, one over another; spans of seconds.
const RULES: &str = r#"
title: good
name: good
logsource: {product: windows, service: security}
detection: {s: {EventID: 4624}, condition: s}
---
title: bad
name: bad
logsource: {product: windows, service: security}
detection: {s: {EventID: 4625}, condition: s}
---
title: many bad
name: many
correlation: {type: event_count, rules: [bad], group-by: [Computer], timespan: 10s, condition: {gte: 3}}
---
title: many users
correlation: {type: value_count, rules: [bad], group-by: [Computer], timespan: 20s, condition: {gte: 2, field: TargetUserName}}
---
title: bad and good
correlation: {type: temporal, rules: [bad, good], group-by: [Computer], timespan: 5s}
---
title: many bad, then good
correlation: {type: temporal_ordered, rules: [many, good], group-by: [Computer], timespan: 30s}
---
title: again and again
correlation: {type: event_count, rules: [many], group-by: [Computer], timespan: 60s, condition: {gte: 2}}
"#;

/// The installation's own compartment.
pub fn own() -> Compartment {
    Compartment::own()
}

fn catalogue() -> Arc<Catalogue> {
    static CATALOGUE: OnceLock<Arc<Catalogue>> = OnceLock::new();
    CATALOGUE.get_or_init(|| Catalogue::bundled().unwrap()).clone()
}

pub fn detecting(rules: &str) -> Arc<Detecting> {
    let set = RuleSet::new(load("t.yml", rules, &Placeholders::new()));
    assert!(set.refused.is_empty(), "{:?}", set.refused);
    let digest = set.digest();
    Arc::new(Detecting::new(Running::new(Arc::new(Engine::new(set, catalogue())), digest)))
}

pub fn view() -> View {
    access::operator("test", NOW)
}

/// A home with rules that run over what comes into it.
pub struct Home {
    observations: Observations,
    detecting: Arc<Detecting>,
    _writer: home::Writer,
    _folder: tempfile::TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self::with(RULES)
    }

    /// The same with other rules.
    pub fn with(rules: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let writer = home::Writer::take(&folder.path().join("h")).unwrap();
        let detecting = detecting(rules);
        let derive: Arc<dyn Derive> = detecting.clone();
        let target = Target { tables: Arc::new(Tables::new(catalogue())), derive: Some(derive) };
        let (observations, _) =
            Observations::open(&writer, Looking { view: &view(), now: NOW }, target).unwrap();
        Self { observations, detecting, _writer: writer, _folder: folder }
    }

    /// Keeps a log.
    pub fn keep(&mut self, path: &str, text: &str) {
        let owner = Owner {
            compartment: Compartment::own(),
            organisation: "aoba".to_owned(),
            source: path.to_owned(),
        };
        let who = view();
        let who = Looking { view: &who, now: NOW };
        let terms = self.observations.terms(who, owner, Marking::default()).unwrap();
        for contents in batches(path, text) {
            self.observations.keep(terms.prepare(contents, NOW).unwrap()).unwrap();
        }
        self.observations.settle().unwrap();
    }

    /// Runs the correlations; gives how many verdicts are new.
    pub fn correlate(&mut self) -> u64 {
        let (own, running) = (Compartment::own(), self.detecting.running());
        let correlating = Correlating { engine: running.engine(), rules: running.rules(), compartment: &own };
        correlate(&mut self.observations.orders(), &correlating, &|| (view(), NOW))
            .unwrap()
            .levels
            .iter()
            .sum()
    }

    pub fn lake(&self) -> &Lake {
        self.observations.lake()
    }

    /// Title and id of all kept verdicts.
    pub fn verdicts(&self) -> Vec<(String, String)> {
        let rows = self.ask("SELECT title, id FROM verdicts ORDER BY id");
        rows.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect()
    }

    /// The first column of an answer.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        self.ask(sql).into_iter().map(|row| row[0].clone()).collect()
    }

    fn ask(&self, sql: &str) -> Vec<Vec<String>> {
        let (question, stop) = (Question { sql: sql.to_owned(), values: Vec::new() }, AtomicBool::new(false));
        let view = view();
        let who = Looking { view: &view, now: NOW };
        let asking = Asking { who, question: &question, limits: AskLimits::default(), stop: &stop };
        let mut found = Vec::new();
        let mut receive = |part| {
            if let Answer::Rows(rows) = part {
                let texts = rows.columns().iter().map(|column| {
                    let texts = arrow_cast::cast(column, &arrow_schema::DataType::Utf8).unwrap();
                    texts.as_string::<i32>().clone()
                });
                let texts: Vec<_> = texts.collect();
                let row = |row| texts.iter().map(|texts| texts.value(row).to_owned()).collect();
                found.extend((0..rows.num_rows()).map(row));
            }
            ControlFlow::Continue(())
        };
        self.lake().ask(&asking, &mut receive).unwrap();
        found
    }
}

fn batches(path: &str, text: &str) -> Vec<Contents> {
    let input = Input::Seekable(Box::new(Cursor::new(text.as_bytes().to_vec())));
    let mut cutter = Cutter::new(Arc::<Known>::default(), BATCH_BYTES);
    let mut batches = Vec::new();
    for piece in Reader::open(path, input, &Limits::default()) {
        if let Piece::Segment(segment) = piece {
            batches.extend(cutter.push(segment));
        }
    }
    batches.extend(cutter.finish());
    let mut first_event = 0;
    let contents = batches.into_iter().map(|batch| {
        let mut builder = Builder::new(catalogue());
        let mut events = 0;
        for segment in &batch.segments {
            builder.count_from(first_event + events);
            events += parse(segment, &mut builder).events;
        }
        let contents = Contents {
            source_path: path.into(),
            format: batch.segments[0].format.as_str(),
            start: batch.start,
            end: batch.end,
            open: batch.open,
            stored: batch.stored,
            replaces: batch.replaces,
            first_event,
            events,
            span: None,
            sheets: builder.finish().unwrap(),
            flaws: Vec::new(),
        };
        first_event += events;
        contents
    });
    contents.collect()
}

/// Second, host, user, and whether the logon was good.
pub type Logon = (i64, u8, u8, bool);

pub fn log(logons: &[Logon]) -> String {
    let mut text = String::new();
    for (second, host, user, good) in logons {
        let (time, id) = (1_779_000_000 + second, if *good { 4624 } else { 4625 });
        let _ = writeln!(
            text,
            r#"{{"EventID":{id},"Channel":"Security","@timestamp":{time},"Computer":"ws{host}","TargetUserName":"u{user}"}}"#
        );
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn verdicts_do_not_depend_on_the_order_of_logs(
        logs in prop::collection::vec(
            prop::collection::vec((0..200i64, 0..2u8, 0..3u8, prop::bool::weighted(0.3)), 1..40), 1..5),
    ) {
        let mut together = Home::new();
        for (number, logons) in logs.iter().enumerate() {
            together.keep(&format!("{number}.json"), &log(logons));
        }
        let correlated = together.correlate();
        let expected = together.verdicts();
        // Two plain rules are of no correlation's making, and silent.
        prop_assert_eq!(correlated, expected.len() as u64);
        prop_assert_eq!(together.correlate(), 0);

        let mut apart = Home::new();
        for (number, logons) in logs.iter().enumerate().rev() {
            apart.keep(&format!("{number}.json"), &log(logons));
            apart.correlate();
        }
        let found = apart.verdicts();
        let ids: BTreeSet<_> = found.iter().cloned().collect();
        prop_assert_eq!(ids.len(), found.len(), "a verdict is there twice");
        let missing: Vec<_> = expected.iter().filter(|verdict| !ids.contains(*verdict)).collect();
        prop_assert!(missing.is_empty(), "{:?} of {:?}", missing, expected);
    }
}

/// That random logs give verdicts of all correlations at all.
#[test]
fn all_correlations_fire() {
    let mut logons: Vec<Logon> = (0..6).map(|second| (second * 2, 0, (second % 2) as u8, false)).collect();
    logons.extend((0..4).map(|second| (40 + second, 0, 0, false)));
    logons.push((45, 0, 0, true));
    let mut home = Home::new();
    home.keep("a.json", &log(&logons));
    home.correlate();
    let titles: BTreeSet<String> = home.verdicts().into_iter().map(|(title, _)| title).collect();
    let expected = ["many bad", "many users", "bad and good", "many bad, then good", "again and again"];
    for title in &expected[1..] {
        assert!(titles.contains(*title), "{title}: {titles:?}");
    }
}

#[test]
fn verdicts_and_the_events_on_which_they_stand_end_each_by_themselves() {
    let logons: Vec<Logon> = (0..6).map(|second| (second * 2, 0, (second % 2) as u8, false)).collect();
    let mut home = Home::new();
    home.keep("a.json", &log(&logons));
    let verdicts = home.correlate();
    let kept = home.verdicts();
    assert!(verdicts > 0 && kept.len() as u64 == verdicts);
    let days = Days::Through("2026-05-17".parse().unwrap());
    let retention = Retention { owner: Some("aoba".to_owned()), days };
    let expire = |home: &mut Home, class: &str| {
        let view = view();
        let name = TableName::new(Compartment::own(), class).unwrap();
        let who = Looking { view: &view, now: NOW };
        home.observations.orders().expire(who, &name, &retention).unwrap().rows
    };
    // Verdicts whose events are gone stand, and signals of theirs make others with those that come.
    assert_eq!(expire(&mut home, "authentication"), 6);
    assert_eq!((home.verdicts(), home.correlate()), (kept, 0));
    home.keep("b.json", &log(&[(12, 0, 0, true)]));
    let more = home.correlate();
    assert!(more > 0 && home.verdicts().len() as u64 == verdicts + more);
    // Verdicts that are gone do not come back by themselves, with signals or without.
    assert_eq!(expire(&mut home, "verdicts"), verdicts + more);
    assert_eq!((home.verdicts().len(), home.correlate()), (0, 0));
    assert_eq!(expire(&mut home, "signals"), 7);
    home.keep("c.json", &log(&[(14, 0, 0, true)]));
    assert_eq!((home.correlate(), home.verdicts().len()), (0, 0));
}
