//! Figures over a small nation: what each comes to, the rows behind it, the way from the report to the log and
//! back, and what the report must keep.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use model::evidence::Reference;
use model::figure::{Cell, CellId, Counted, Figure, Measure, Period, Row, Value as Worth};
use model::level::Level;
use model::marking::Marking;
use noroshi::acts;
use noroshi::figures::{self, Count, Counting, measure};
use noroshi::holder::Opening;
use page::{Language, Words};
use serde_json::{Value, json as value};
use simulate::{Census, Generator, Plan};
use watch::findings::{self, Findings};
use watch::sources::{self, Sources};

use crate::census::Known;
use crate::commands::said;

/// The year that holds the simulated week.
const YEAR: &str = "2026";
/// A rule that finds something there.
const RULE: &str = "ec83a71c-aa51-4d39-b401-0380398e9491";

/// Whose log is torn; a name that ids of parts must quote.
const TORN: &str = "torn\"s, {own}";

/// A folder with a home of a week.
struct Nation {
    folder: tempfile::TempDir,
    /// Lines of the logs that have an event a line, by owner.
    lines: BTreeMap<String, u64>,
}

/// The same for all tests that change nothing.
fn nation() -> &'static Nation {
    static NATION: OnceLock<Nation> = OnceLock::new();
    NATION.get_or_init(make)
}

/// The week, with what cannot be read in it, and some decisions.
fn make() -> Nation {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let plan = Plan { scale: 0.02, ..Plan::week(1) };
    let mut lines: BTreeMap<String, u64> = BTreeMap::new();
    let (mut census, mut truth) = (Census::default(), String::new());
    for file in plan.files() {
        let mut generator = Generator::new(&plan, &file);
        let mut bytes = Vec::new();
        while !generator.write(&mut bytes, 1 << 20).expect("a vector takes it").done {}
        let log = path.join("logs").join(&file.path);
        fs::create_dir_all(log.parent().expect("a folder")).expect("made");
        fs::write(&log, &bytes).expect("written");
        if file.path.ends_with(".ndjson") {
            let count = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
            *lines.entry(file.organisation.clone()).or_default() += count;
        } else {
            lines.remove(&file.organisation);
        }
        census.add(generator.census());
        for event in generator.take_truth() {
            truth += &(serde_json::to_string(&event).expect("JSON") + "\n");
        }
        let log = log.to_str().expect("text");
        text(&noroshi(path, &["ingest", "--owner", &file.organisation, log]));
    }
    fs::write(path.join("truth.ndjson"), truth).expect("written");
    fs::write(path.join("census.json"), serde_json::to_vec(&census).expect("JSON")).expect("written");
    let undated = "{\"EventID\": 1, \"Channel\": \"Microsoft-Windows-Sysmon/Operational\", \"Computer\": \"pc\"}\n{oh\n";
    fs::write(path.join("torn.json"), crate::commands::event("2026-06-16T01:00:00Z", "x") + undated)
        .expect("written");
    text(&noroshi(path, &["ingest", "--owner", TORN, "torn.json"]));
    text(&noroshi(path, &["rules", "exclude", RULE, "--reason", "our own task"]));
    let hand = acts::hand(Some(&path.join("home")), Opening::short("test"), Words::new(Language::En))
        .expect("a hand");
    let at = |text: &str| {
        text.parse::<jiff::Timestamp>()
            .map(|time| model::time::Instant::from_nanoseconds(time.as_nanosecond() as i64))
            .expect("a time")
    };
    for name in ["/var/log/a", "/var/log/b"] {
        let since = at("2026-06-15T00:00:00Z");
        let silent = sources::Command::Silent { last: None, since, after_seconds: 60 };
        hand.act::<Sources>(&sources::id(name), &silent, |refusal| match *refusal {}).expect("done");
    }
    let heard = sources::Command::Heard { at: at("2026-06-16T00:00:00Z") };
    hand.act::<Sources>(&sources::id("/var/log/a"), &heard, |refusal| match *refusal {}).expect("done");
    drop(hand);
    find(&path.join("home"));
    Nation { folder, lines }
}

/// Groups the verdicts of a home, and closes the first finding.
fn find(home: &Path) {
    let words = Words::new(Language::En);
    let counting = Counting::open(Some(home), "a test", words).expect("a home");
    let all = figures::all();
    let figure = all.iter().find(|figure| figure.id == "watch.verdicts").expect("a figure");
    let (as_of, year) = (counting.as_of().expect("a state"), YEAR.parse().expect("a year"));
    let asked = (figure, &CellId::whole(figure.id));
    let rows = counting.rows(asked, year, (&as_of, usize::MAX)).expect("rows");
    drop(counting);
    let seen = |row: &Row| {
        let text = |name: &str| match row.get(name) {
            Cell::Text(text) => text.clone(),
            _ => String::new(),
        };
        let Cell::Time(time) = row.get("time") else { panic!("a verdict without a time") };
        findings::Seen {
            id: text("id").parse().expect("an id"),
            time: *time,
            organisation: text("owner"),
            marking: Marking::default(),
            host: Some(text("device.hostname")),
            process: None,
            parent: None,
            session: None,
            rule: text("title"),
            title: text("title"),
            level: Level::parse(&text("level")).expect("a level"),
            techniques: Vec::new(),
            group: Vec::new(),
            events: 1,
        }
    };
    let piece = findings::Piece {
        compartment: "own",
        seen: rows.iter().map(seen).collect(),
        positions: (None, Some("a test".to_owned())),
        may_repeat: false,
    };
    let writer = home::Writer::take(home).expect("the home is free");
    let journal = journal::Journal::open(&writer, acts::kinds()).expect("a journal");
    let acting = journal::Acting { actor: noroshi::books::operator(), now: noroshi::books::now() };
    let who = || {
        let now = noroshi::books::now();
        (access::operator("tester", now), now)
    };
    findings::group(&journal, &who, &acting, piece).expect("grouped");
    let change =
        findings::Asked::Close { disposition: findings::Disposition::True, reason: "a test".to_owned() };
    let close = findings::Command::Change { change, together: None };
    journal.act::<Findings>("1", close, &acting).expect("closed");
}

fn noroshi(folder: &Path, arguments: &[&str]) -> Output {
    spoken(folder, "en", arguments)
}

fn spoken(folder: &Path, language: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_noroshi"));
    command.current_dir(folder).args(["--lang", language]).args(arguments).stdin(Stdio::null());
    command.env("XDG_CACHE_HOME", folder.join("cache"));
    command.env("NOROSHI_HOME", folder.join("home")).output().expect("the program starts")
}

fn text(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", said(output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&text(&noroshi(folder, &[arguments, &["--json"]].concat()))).expect("JSON")
}

/// What figures come to, by id, with their parts.
fn values(folder: &Path, period: &str) -> BTreeMap<String, Option<i64>> {
    let all = json(folder, &["figures", "--period", period]);
    let mut values = BTreeMap::new();
    for figure in all.as_array().expect("a list") {
        let value = |of: &Value| (of["figure"].as_str().expect("an id").to_owned(), of["value"].as_i64());
        values.extend([value(figure)]);
        values.extend(figure["parts"].as_array().expect("a list").iter().map(value));
    }
    values
}

/// All that a figure and its parts come to, against their rows and their own questions.
fn check(counting: &Counting, count: &Count<'_>, period: Period) {
    let as_of = counting.as_of().expect("a state");
    let figure = count.figure;
    let whole = CellId::whole(figure.id);
    // Some of many, and of the whole year alone.
    let most = if period.to_string() == YEAR { 4 } else { 0 };
    let cells = count
        .cells
        .iter()
        .step_by(count.cells.len().div_ceil(4).max(1))
        .take(most)
        .map(|(id, value)| (id, *value));
    for (cell, value) in std::iter::once((&whole, count.value)).chain(cells) {
        let rows = counting.rows((figure, cell), period, (&as_of, usize::MAX)).expect("rows");
        assert_eq!(measure(figure).of(&rows), value, "{cell}");
        assert_eq!(counting.value((figure, cell), period, &as_of).expect("a value"), value, "{cell}");
        let distinct: BTreeSet<&Reference> = rows.iter().map(|row: &Row| &row.evidence).collect();
        let is_each_row = matches!(figure.counted, Counted::Lake(lake) if lake.distinct.is_empty())
            && figure.id.starts_with("lake.");
        assert!(!is_each_row || distinct.len() == rows.len(), "{cell}: a row counts twice");
        assert_eq!(cell.to_string().parse::<CellId>().as_ref(), Ok(cell));
    }
}

#[test]
fn every_figure_is_what_its_rows_come_to() {
    let nation = nation();
    let words = Words::new(Language::En);
    let counting = Counting::open(Some(&nation.folder.path().join("home")), "a test", words).expect("a home");
    let as_of = counting.as_of().expect("a state");
    let all = figures::all();
    for period in ["2026", "2026-06-16..2026-06-19", "2025"] {
        let period: Period = period.parse().expect("a period");
        for count in counting.count(&all, period, &as_of).expect("counted") {
            check(&counting, &count, period);
        }
    }
    let period: Period = YEAR.parse().expect("a period");
    let counts = counting.count(&all, period, &as_of).expect("counted");
    let worth = |id: &str| counts.iter().find(|count| count.figure.id == id).map(|count| count.value);
    let count = |number| Some(Worth::Count(number));
    assert_eq!((worth("lake.undated"), worth("lake.flaws")), (count(1), count(1)));
    assert_eq!(worth("duties.clauses"), count(98));
    assert_eq!(worth("lake.organisations"), count(9));
    let events = counts.iter().find(|count| count.figure.id == "lake.events").expect("events");
    for (owner, lines) in &nation.lines {
        let cell: CellId = format!("lake.events{{owner={owner}}}").parse().expect("a part");
        assert_eq!(events.cells.get(&cell), Some(&Worth::Count(*lines)), "{owner}");
    }
    // What people did has the time of the clock.
    let years: Vec<Period> = ["2024", "2025", "2026", "2027", "2028", "2029", "2030"]
        .map(|year| year.parse().expect("a year"))
        .into();
    let silences = |year: &Period| {
        let counts = counting.count(&all, *year, &as_of).expect("counted");
        let of =
            |id| counts.iter().find(|count| count.figure.id == id).and_then(|count| count.value.number());
        (of("watch.silences").unwrap_or(0), of("watch.silent_sources").unwrap_or(0))
    };
    let found: Vec<(i64, i64)> = years.iter().map(silences).collect();
    assert_eq!(found.iter().map(|(times, _)| times).sum::<i64>(), 2, "{found:?}");
    assert_eq!(found.last().map(|(_, silent)| *silent), Some(1), "{found:?}");
}

/// The figures of the week, and of what was torn, decided and closed in it.
#[test]
fn every_figure_is_what_the_simulator_and_the_test_know() {
    let folder = nation().folder.path();
    let mut known = Known::read(folder);
    known.census["organisations"][TORN] = value!({
        "events": 1, "months": {"2026-06": {"events": 1}}, "hosts": {"ws01.example": 1},
        "kinds": {"Microsoft-Windows-Sysmon/Operational/1": 1},
    });
    known.logs.insert(TORN.to_owned(), 1);
    known.closed.insert(1, "true");
    let done = [
        ("lake.undated", 1),
        ("lake.flaws", 1),
        (r#"lake.flaws{owner="torn\"s, {own}"}"#, 1),
        ("watch.exclusions", 1),
        ("watch.rules", -1),
        ("watch.silences", 2),
        ("watch.silent_sources", 1),
        // Whoever runs the tests, and who groups in them.
        ("access.viewers", 2),
    ];
    known.done.extend(done.map(|(id, number)| (id.to_owned(), number)));
    known.compare(folder);
}

#[test]
fn parts_add_up_to_the_whole() {
    let values = values(nation().folder.path(), YEAR);
    for (figure, part) in [
        ("lake.events", "owner="),
        ("lake.events", "month="),
        ("lake.hosts", "owner="),
        ("lake.sources", "owner="),
        ("watch.verdicts", "level="),
        ("watch.severe_verdicts", "owner="),
    ] {
        let of = |id: &&String| id.starts_with(&format!("{figure}{{{part}")) && !id.contains(',');
        // A part whose value has a comma stands in quotes, and is counted by its beginning.
        let quoted = |id: &&String| id.starts_with(&format!("{figure}{{{part}\""));
        let sum: i64 = values
            .iter()
            .filter(|(id, _)| of(id) || (quoted(id) && !id.contains("\",")))
            .filter_map(|(_, value)| *value)
            .sum();
        assert_eq!(Some(sum), values[figure], "{figure} by {part}");
    }
}

/// Everything that a figure says of itself leads to a line of a log, or to an act, and back to the figure.
#[test]
fn from_every_figure_it_is_three_commands_to_the_log_and_from_there_back() {
    let folder = nation().folder.path();
    let now = json(folder, &["figures"]);
    assert!(now.as_array().expect("a list").len() >= 20);
    let mut walked = BTreeSet::new();
    for figure in figures::all() {
        let id = figure.id;
        // What people do has the time of the clock, which may be in any year.
        let is_done = ["watch.sil", "watch.exclusions", "access."].iter().any(|start| id.starts_with(start));
        let period = if is_done { "1990-01-01..2200-01-01" } else { YEAR };
        // One.
        let shown = json(folder, &["figures", "show", id, "--period", period, "--rows", "--limit", "1"]);
        let Some(evidence) = shown["rows"][0]["evidence"].as_str() else {
            assert_eq!(shown["value"].as_i64().unwrap_or(0), 0, "{id} has a value and no row");
            continue;
        };
        // Two.
        let told = json(folder, &["evidence", evidence, "--period", period]);
        if id.starts_with("watch.") && id.contains("finding") {
            // Three: a row of the log on which the finding stands; from there the finding leads back to the figure.
            let row = told["based-on"][0]["evidence"].as_str().expect("a row");
            let row = json(folder, &["evidence", row, "--period", period]);
            let figures = row["counted-by"].as_array().expect("a list");
            assert!(figures.iter().any(|figure| figure["figure"] == id), "{id}: its row does not lead back");
        }
        // Three: the line itself, by the command that is shown.
        if let Some(open) = told["open"].as_str().filter(|open| open.starts_with("sed")) {
            let line =
                Command::new("sh").args(["-c", open]).current_dir(folder).output().expect("sed starts");
            let line = String::from_utf8_lossy(&line.stdout).into_owned();
            let host = told["values"]["device.hostname"].as_str().unwrap_or_default();
            assert!(!line.is_empty() && line.contains(host), "{id}: {open} gives {line}");
        }
        // Back.
        let counted = told["counted-by"].as_array().expect("a list");
        assert!(counted.iter().any(|figure| figure["figure"] == id), "{id}: {evidence} does not lead back");
        walked.insert(id);
    }
    let never: Vec<&str> =
        figures::all().iter().map(|figure| figure.id).filter(|id| !walked.contains(id)).collect();
    assert_eq!(never, Vec::<&str>::new(), "figures that nothing was counted for here");
}

#[test]
fn a_verdict_leads_from_its_row_back_to_itself() {
    let folder = nation().folder.path();
    let rows = json(folder, &["figures", "show", "watch.verdicts", "--rows", "--limit", "1000"]);
    let rows = rows["rows"].as_array().expect("a list");
    assert!(!rows.is_empty());
    for row in rows.iter().step_by(rows.len().div_ceil(3)) {
        let told = json(folder, &["evidence", row["evidence"].as_str().expect("evidence")]);
        let verdicts = told["verdicts"].as_array().expect("a list");
        assert!(verdicts.iter().any(|verdict| verdict["id"] == row["id"]), "{row}");
    }
}

#[test]
fn what_is_wrong_is_said_with_what_to_do() {
    let folder = nation().folder.path();
    for (arguments, code, words) in [
        (&["figures", "--period", "2026-13"][..], 2, "2026-Q1"),
        (&["figures", "show", "lake.evens"], 2, "lake.events"),
        (&["figures", "show", "lake.events{colour=red}"], 2, "lists its parts"),
        (&["figures", "show", "lake.events{month=2020-01}"], 2, "lists its parts"),
        (&["figures", "show", "events"], 2, "noroshi figures"),
        (&["evidence", "lake:own/x"], 2, "names no evidence"),
        (&["evidence", "act:watch/ruleset/nobody/1"], 3, "is not in this home"),
        (&["evidence", "clause:9-9"], 3, "is not in this home"),
        (
            &["evidence", "lake:own/process_activity/00000000-0000-8000-8000-000000000000/0"],
            3,
            "is not in this home",
        ),
        (&["report", "--year", "2026", "--html", "home/report.html"], 2, "home"),
        (&["report", "--year", "2026", "--html", "torn.json"], 2, "torn.json"),
        (&["report", "--html", "r.html"], 2, "--year"),
    ] {
        let output = noroshi(folder, arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(words), "{arguments:?}: {}", said(&output));
    }
    let empty = tempfile::tempdir().expect("a folder");
    assert_eq!(noroshi(empty.path(), &["figures"]).status.code(), Some(3));
    drop(home::Writer::take(&empty.path().join("home")).expect("a home"));
    let output = noroshi(empty.path(), &["figures"]);
    assert!(output.status.code() == Some(2) && said(&output).contains("--period 2026"), "{}", said(&output));
    assert_eq!(values(empty.path(), YEAR)["lake.events"], Some(0));
}

#[test]
fn measures_without_rows_are_nothing() {
    let figure: &Figure = &figures::all()[0];
    assert_eq!(measure(figure), Measure::Rows);
    assert_eq!(measure(figure).of(&[]), Worth::Count(0));
}

/// A home in which the same was done, for tests that change it.
pub fn copied() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let from = nation().folder.path();
    let copied = Command::new("cp").arg("-a").arg(from.join("home")).arg(folder.path().join("home")).status();
    assert!(copied.expect("cp starts").success());
    folder
}

#[test]
fn figures_outlive_rebuild_forgetting_and_restore() {
    let folder = copied();
    let path = folder.path();
    let before = values(path, YEAR);
    text(&noroshi(path, &["rebuild"]));
    assert_eq!(values(path, YEAR), before, "rebuilt");
    text(&noroshi(path, &["backup", "kept"]));
    text(&noroshi(path, &["restore", "kept", "--home", "again"]));
    let restored = |home: &str| {
        let told = text(&noroshi(path, &["figures", "--period", YEAR, "--json", "--home", home]));
        serde_json::from_str::<Vec<Value>>(&told)
            .expect("JSON")
            .iter()
            .map(|figure| figure["value"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(restored("again"), restored("home"), "restored");
    let forgotten = noroshi(path, &["forget", "local", "--reason", "a test"]);
    let told = said(&forgotten);
    // Whoever runs the tests may have no name.
    assert!(forgotten.status.success() || told.contains("Nothing personal"), "{told}");
    assert_eq!(values(path, YEAR), before, "somebody was forgotten");
}

/// An element that is open, and whether its text may have numerals.
struct Element<'a> {
    name: &'a str,
    says: bool,
}

/// Attributes of elements whose numerals are values of a figure, or something else that says what it is.
const SAYING: [&str; 7] = [
    "data-figure=",
    "data-clause=",
    "data-cited=",
    "data-version=",
    "data-period=",
    "data-query=",
    "datetime=",
];
/// Elements without an end.
const VOID: [&str; 3] = ["meta", "link", "br"];

/// Texts of a page with numerals that nothing says what they are.
fn unsaid(page: &str) -> Vec<String> {
    let body = page.split_once("<body>").expect("a body").1;
    let (mut open, mut found): (Vec<Element<'_>>, Vec<String>) = (Vec::new(), Vec::new());
    for part in body.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a whole tag");
        if let Some(name) = tag.strip_prefix('/') {
            assert!(open.pop().is_none_or(|element| element.name == name), "{name} ends what is not open");
        } else if !tag.ends_with('/') {
            let name = tag.split([' ', '\n']).next().unwrap_or_default();
            let says = SAYING.iter().any(|attribute| tag.contains(attribute));
            if !VOID.contains(&name) {
                open.push(Element { name, says: says || open.last().is_some_and(|element| element.says) });
            }
        }
        let is_said = open.last().is_none_or(|element| element.says);
        if !is_said && text.chars().any(char::is_numeric) {
            found.push(format!("{tag}: {text}"));
        }
    }
    found
}

#[test]
fn numerals_that_nothing_says_what_they_are_are_found() {
    let page = "<html><body><p data-figure=\"a.b\">1 <b>2</b></p><br><p>３</p><svg><path d=\"1\"/></svg></body></html>";
    assert_eq!(unsaid(page), ["p: ３"]);
}

#[test]
fn every_numeral_of_the_report_is_of_a_figure_whose_value_it_is() {
    let nation = nation();
    let folder = nation.folder.path();
    let values = values(folder, YEAR);
    for language in ["ja", "en"] {
        let write = || text(&spoken(folder, language, &["report", "--year", YEAR, "--html", "-"]));
        let page = write();
        assert!(page == write(), "the same home gives the same bytes");
        assert_eq!(unsaid(&page), Vec::<String>::new());
        assert!(!page.contains("<script") && page.contains("script-src 'none'"), "no script");
        for key in ["[yearly-", "[figure", "[clause-", "[report-", "[page-"] {
            assert!(!page.contains(key), "{key}");
        }
        let mut seen = BTreeSet::new();
        for part in page.split("class=\"value\" data-figure=\"").skip(1) {
            let (id, rest) = part.split_once('"').expect("an id");
            let id = id.replace("&quot;", "\"");
            let shown = rest.split(['>', '<']).nth(1).expect("a text").replace(',', "");
            let is_length = id.starts_with("watch.time_to_finding");
            assert!(is_length || Some(shown) == values[&id].map(|value| value.to_string()), "{id}");
            seen.insert(id);
        }
        for figure in figures::all() {
            assert!(seen.contains(figure.id), "{} is not in the report", figure.id);
        }
        for clause in model::clause::Register::bundled().expect("the register").clauses() {
            assert!(page.contains(&format!("id=\"clause-{}\"", clause.id)), "{}", clause.id);
        }
        let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "ids are unique");
        for link in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.contains(&link), "#{link} leads nowhere");
        }
    }
}
