//! Every figure of a home of the small nation against what the simulator says of it: its census, and the truth of what
//! it planted, counted here and not by the program.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::Value;

use crate::commands::{noroshi, said};

/// The fiscal year in which the nation's weeks are.
const YEAR: &str = "2026";
/// All that people and the installation did has the time of the clock, which may be in any year.
const EVER: &str = "1990-01-01..2200-01-01";

/// Figures of which the simulator cannot know, and why; they are what the test did, nothing where it did nothing.
const DONE: [(&str, &str); 7] = [
    ("lake.undated", "the simulator dates all events"),
    ("lake.flaws", "the simulator writes no broken logs"),
    ("watch.findings_closed", "people close findings"),
    ("watch.exclusions", "people turn rules off"),
    ("watch.silences", "followed sources fall silent by the clock"),
    ("watch.silent_sources", "followed sources fall silent by the clock"),
    ("access.viewers", "whoever runs the program looks"),
];

/// The ATT&CK data source of each kind of event; none of those that are of none, and of audit records, whose class in
/// the lake is of none.
const DATA_SOURCES: [(&str, Option<&str>); 25] = [
    ("Microsoft-Windows-PowerShell/Operational/4104", Some("Script")),
    ("Microsoft-Windows-Sysmon/Operational/1", Some("Process")),
    ("Microsoft-Windows-Sysmon/Operational/10", Some("Process")),
    ("Microsoft-Windows-Sysmon/Operational/11", Some("File")),
    ("Microsoft-Windows-Sysmon/Operational/13", Some("Windows Registry")),
    ("Microsoft-Windows-Sysmon/Operational/22", Some("Network Traffic")),
    ("Microsoft-Windows-Sysmon/Operational/3", Some("Network Traffic")),
    ("Microsoft-Windows-Sysmon/Operational/5", Some("Process")),
    ("Microsoft-Windows-Sysmon/Operational/7", Some("Module")),
    ("Security/1102", None),
    ("Security/4624", Some("Logon Session")),
    ("Security/4625", Some("Logon Session")),
    ("Security/4634", Some("Logon Session")),
    ("Security/4648", Some("Logon Session")),
    ("Security/4672", Some("Logon Session")),
    ("Security/4688", Some("Process")),
    ("Security/4689", Some("Process")),
    ("Security/4698", Some("Scheduled Job")),
    ("System/7036", Some("Service")),
    ("System/7045", Some("Service")),
    ("auditd/CRED_ACQ", None),
    ("auditd/SERVICE_START", None),
    ("auditd/SERVICE_STOP", None),
    ("auditd/SYSCALL", None),
    ("auditd/USER_LOGIN", None),
];

/// Severities, the least first.
const LEVELS: [&str; 5] = ["informational", "low", "medium", "high", "critical"];

/// What is known of a nation and of what a test did in its home.
pub struct Known {
    /// How much there is of what; what a test wrote besides may be added.
    pub census: Value,
    /// Logs, by owner.
    pub logs: BTreeMap<String, i64>,
    /// What the test did, by figure or part.
    pub done: Vec<(String, i64)>,
    /// What it closed a finding as, by its number.
    pub closed: BTreeMap<u64, &'static str>,
    /// What was planted, by log and number.
    planted: BTreeMap<(String, u64), Value>,
}

/// Figures and their parts, by id.
#[derive(Default)]
struct Sums(BTreeMap<String, i64>);

impl Known {
    /// What the simulator left in a folder: `census.json`, `truth.ndjson`, and the logs.
    pub fn read(folder: &Path) -> Self {
        let text = |name: &str| fs::read_to_string(folder.join(name)).expect("the simulator's");
        let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        let truth = text("truth.ndjson");
        let planted = truth.lines().map(json).map(|event| (place(&event), event)).collect();
        let mut logs = BTreeMap::new();
        for owner in fs::read_dir(folder.join("logs")).expect("logs") {
            let owner = owner.expect("an entry");
            let files = fs::read_dir(owner.path()).expect("a folder").count();
            logs.insert(owner.file_name().into_string().expect("text"), i64::try_from(files).expect("few"));
        }
        let (done, closed) = Default::default();
        Self { census: json(&text("census.json")), logs, done, closed, planted }
    }

    /// Compares each figure of the home `home` in a folder, with all its parts.
    pub fn compare(&self, folder: &Path) {
        let mut sums = Sums::default();
        self.lake(&mut sums);
        let verdicts = Seen::read(folder, self);
        verdicts.values().for_each(|seen| seen.add(&mut sums));
        distinct(&verdicts, &mut sums);
        self.findings(folder, &verdicts, &mut sums);
        clauses(folder, &mut sums);
        DONE.iter().for_each(|(figure, _)| sums.add(figure, &[], 0));
        for (id, number) in &self.done {
            *sums.0.entry(id.clone()).or_default() += number;
        }
        for figure in json(folder, &["figures", "--period", YEAR]).as_array().expect("a list") {
            let id = figure["figure"].as_str().expect("an id");
            let is_of = |part: &&String| part.strip_prefix(id).is_some_and(|rest| rest.starts_with(['{']));
            assert!(
                sums.0.contains_key(id),
                "{id} is new: say here what is true of it, or that nobody knows"
            );
            let by_clock = ["watch.rules", "watch.exclusions", "watch.silences", "watch.silent_sources"];
            let figure = if by_clock.contains(&id) || id.starts_with("access.") {
                json(folder, &["figures", "show", id, "--period", EVER])
            } else {
                figure.clone()
            };
            let value = |of: &Value| (of["figure"].as_str().expect("an id").to_owned(), of["value"].as_i64());
            let parts: BTreeMap<_, _> = figure["parts"].as_array().into_iter().flatten().map(value).collect();
            let expected = sums.0.keys().filter(is_of).map(|part| (part.clone(), Some(sums.0[part])));
            assert_eq!(figure["value"].as_i64(), Some(sums.0[id]), "{id}");
            assert_eq!(parts, expected.collect(), "{id}");
        }
    }

    /// What came, as the census has it.
    fn lake(&self, sums: &mut Sums) {
        let sources: BTreeMap<&str, Option<&str>> = DATA_SOURCES.into();
        for (owner, counts) in self.census["organisations"].as_object().expect("organisations") {
            let of = [("owner", owner.as_str())];
            let number = |value: &Value| value.as_i64().expect("a number");
            let each = |name: &str| counts[name].as_object().expect("an object").clone();
            sums.both("lake.events", &of, number(&counts["events"]));
            for (month, counts) in each("months") {
                sums.add("lake.events", &[("month", &month)], number(&counts["events"]));
            }
            let mut seen = BTreeSet::new();
            for (kind, events) in each("kinds") {
                let source = sources.get(kind.as_str());
                let source = source.unwrap_or_else(|| panic!("{kind} is new: say here of which data source"));
                if let Some(source) = source {
                    seen.insert(source);
                    sums.add("lake.events", &[of[0], ("data_source", source)], number(&events));
                }
            }
            sums.both("lake.hosts", &of, count(each("hosts").len()));
            sums.add("lake.organisations", &[], 1);
            sums.both("lake.coverage", &of, count(seen.len()));
            sums.both("lake.sources", &of, self.logs[owner]);
        }
    }

    /// What verdicts were grouped to: whose findings are and when they began is what the simulator says of their events.
    fn findings(&self, folder: &Path, verdicts: &BTreeMap<String, Seen>, sums: &mut Sums) {
        let mut times: BTreeMap<Option<&str>, Vec<i64>> = BTreeMap::new();
        let mut organisations = BTreeSet::new();
        let listed = json(folder, &["findings", "--all", "--state", "new,progress,closed"]);
        let mut grouped = BTreeSet::new();
        for finding in listed.as_array().expect("a list") {
            let number = finding["finding"].as_u64().expect("a number");
            let show = ["findings", "show", &number.to_string(), "--rows", "--limit", "100000"];
            let shown = json(folder, &show);
            let rows = shown["rows"].as_array().expect("rows").iter();
            let ids: Vec<&str> = rows.map(|row| row["verdict"].as_str().expect("an id")).collect();
            grouped.extend(ids.iter().map(|id| (*id).to_owned()));
            let seen: Vec<&Seen> = ids.iter().map(|id| &verdicts[*id]).collect();
            let stories: BTreeSet<&str> = seen.iter().map(|seen| seen.story.as_str()).collect();
            assert_eq!(stories.len(), 1, "finding {number} tells of {stories:?}");
            organisations.extend(seen.iter().map(|seen| seen.owner.as_str()));
            let first = seen.iter().map(|seen| seen.time).min().expect("a verdict");
            let severity = self.finding(number, (first, &seen), sums);
            let opened = finding["opened"].as_str().expect("a time").parse::<Timestamp>().expect("a time");
            for severity in [None, Some(severity)] {
                times.entry(severity).or_default().push(opened.as_second() - first.as_second());
            }
        }
        assert!(grouped.iter().eq(verdicts.keys()), "each verdict is in a finding");
        sums.add("watch.organisations_with_findings", &[], count(organisations.len()));
        for (severity, times) in times {
            let parts: Vec<(&str, &str)> =
                severity.map(|severity| ("severity", severity)).into_iter().collect();
            sums.add("watch.time_to_finding", &parts, middle(times));
        }
    }
    /// Counts a finding by its first event and its verdicts; says how severe it is.
    fn finding(&self, number: u64, (first, seen): (Timestamp, &[&Seen]), sums: &mut Sums) -> &'static str {
        let owners: BTreeSet<&str> = seen.iter().map(|seen| seen.owner.as_str()).collect();
        let organisation = owners.into_iter().collect::<Vec<_>>().join(" ");
        let severity = seen.iter().map(|seen| seen.level).max().expect("a verdict");
        let by = [("severity", LEVELS[severity])];
        let of = [("organisation", organisation.as_str())];
        sums.both("watch.findings", &by, 1);
        sums.add("watch.findings", &of, 1);
        sums.add("watch.findings", &[("month", &month(first))], 1);
        if severity >= 3 {
            sums.both("watch.severe_findings", &of, 1);
        }
        match self.closed.get(&number) {
            Some(disposition) => sums.both("watch.findings_closed", &[("disposition", disposition)], 1),
            None => sums.both("watch.findings_open", &by, 1),
        }
        LEVELS[severity]
    }
}

/// A verdict: where its event is, when and of whom, as the simulator says; its level and techniques as its rule does.
struct Seen {
    owner: String,
    host: String,
    story: String,
    time: Timestamp,
    level: usize,
    rule: String,
    techniques: Vec<String>,
}

impl Seen {
    /// All verdicts by their ids: nothing but what was planted has any, and all has that a rule can know.
    fn read(folder: &Path, known: &Known) -> BTreeMap<String, Self> {
        let sql = "SELECT id, rule_id, level, tags, source_path, ordinal FROM verdicts";
        let mut hit = BTreeSet::new();
        let mut verdicts = BTreeMap::new();
        for row in json(folder, &["query", sql]).as_array().expect("rows") {
            let place = place(row);
            let planted = known.planted.get(&place).unwrap_or_else(|| panic!("{row} is of nothing planted"));
            hit.insert(place);
            let text = |of: &Value, name: &str| of[name].as_str().expect("a text").to_owned();
            let level = LEVELS.iter().position(|level| *level == row["level"]).expect("a level");
            let tags = text(row, "tags");
            let techniques = tags.split(' ').filter_map(|tag| tag.strip_prefix("attack.t1"));
            let seen = Self {
                owner: text(planted, "organisation"),
                host: text(planted, "host"),
                story: text(planted, "story"),
                time: text(planted, "time").parse().expect("a time"),
                level,
                rule: text(row, "rule_id"),
                techniques: techniques.map(str::to_owned).collect(),
            };
            assert!(verdicts.insert(text(row, "id"), seen).is_none(), "{row} is there twice");
        }
        let expected = known.planted.iter().filter(|(_, planted)| planted["rule_expected"] == true);
        let missed: Vec<_> = expected.filter(|(place, _)| !hit.contains(*place)).collect();
        assert!(missed.is_empty(), "no verdict on {missed:?}");
        verdicts
    }

    fn add(&self, sums: &mut Sums) {
        let (level, owner) = (("level", LEVELS[self.level]), ("owner", self.owner.as_str()));
        sums.both("watch.verdicts", &[level], 1);
        sums.add("watch.verdicts", &[owner], 1);
        sums.add("watch.verdicts", &[level, ("week", &week(self.time))], 1);
        if self.level >= 3 {
            sums.both("watch.severe_verdicts", &[owner], 1);
            sums.add("watch.severe_verdicts", &[("month", &month(self.time))], 1);
        }
    }
}

/// What counts once in verdicts.
fn distinct(verdicts: &BTreeMap<String, Seen>, sums: &mut Sums) {
    let of = |of: &dyn Fn(&Seen) -> String| verdicts.values().map(of).collect::<BTreeSet<_>>().len();
    sums.add("watch.organisations_with_verdicts", &[], count(of(&|seen| seen.owner.clone())));
    sums.add("watch.rules_with_verdicts", &[], count(of(&|seen| seen.rule.clone())));
    let techniques: BTreeSet<&String> = verdicts.values().flat_map(|seen| &seen.techniques).collect();
    sums.add("watch.techniques", &[], count(techniques.len()));
    let hosts: BTreeSet<(&str, &str)> =
        verdicts.values().map(|seen| (seen.owner.as_str(), seen.host.as_str())).collect();
    for (owner, _) in hosts {
        sums.both("watch.hosts_with_verdicts", &[("owner", owner)], 1);
    }
}

/// What the repository says of rules and clauses.
fn clauses(folder: &Path, sums: &mut Sums) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let register = fs::read_to_string(root.join("catalogue/clauses.toml")).expect("the register");
    let register: toml::Table = register.parse().expect("TOML");
    let clauses = register["clause"].as_array().expect("clauses");
    let ids: BTreeSet<&str> = clauses.iter().filter_map(|clause| clause["id"].as_str()).collect();
    let figures = json(folder, &["figures", "--period", YEAR]);
    let named =
        figures.as_array().expect("a list").iter().flat_map(|figure| figure["clauses"].as_array().cloned());
    let named: BTreeSet<String> = named.flatten().filter_map(|id| id.as_str().map(str::to_owned)).collect();
    assert!(named.iter().all(|id| ids.contains(id.as_str())), "{named:?}");
    sums.add("duties.clauses", &[], count(ids.len()));
    sums.add("duties.clauses_with_figures", &[], count(named.len()));
    let mut rules = 0;
    for product in fs::read_dir(root.join("rules")).expect("the rules") {
        let product = product.expect("an entry").path();
        if product.is_dir() && !product.ends_with("cases") {
            for rule in fs::read_dir(product).expect("a folder") {
                let rule = fs::read_to_string(rule.expect("an entry").path()).expect("read");
                rules += rule.lines().filter(|line| line.starts_with("title:")).count();
            }
        }
    }
    sums.add("watch.rules", &[], count(rules));
}

impl Sums {
    fn add(&mut self, figure: &str, parts: &[(&str, &str)], number: i64) {
        let part = |(name, value): &(&str, &str)| {
            let is_plain = !value.contains(['"', ',', '{', '}']);
            let quoted = format!("\"{}\"", value.replace('"', "\\\""));
            format!("{name}={}", if is_plain { value } else { quoted.as_str() })
        };
        let parts: Vec<String> = parts.iter().map(part).collect();
        let id =
            if parts.is_empty() { figure.to_owned() } else { format!("{figure}{{{}}}", parts.join(",")) };
        *self.0.entry(id).or_default() += number;
    }

    /// Adds to the figure and to a part of it.
    fn both(&mut self, figure: &str, parts: &[(&str, &str)], number: i64) {
        self.add(figure, &[], number);
        self.add(figure, parts, number);
    }
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = noroshi(folder, &[arguments, &["--home", "home", "--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Owner's folder and log, wherever they stood, and which event of the log it is.
fn place(of: &Value) -> (String, u64) {
    let path = of["source_path"].as_str().expect("a path");
    let parts: Vec<&str> = path.rsplit('/').take(2).collect();
    (parts.into_iter().rev().collect::<Vec<_>>().join("/"), of["ordinal"].as_u64().expect("a number"))
}

fn day(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::get("Asia/Tokyo").expect("a zone")).date()
}

fn month(time: Timestamp) -> String {
    day(time).strftime("%Y-%m").to_string()
}

/// The first day of a week, counted from the first day of the year.
fn week(time: Timestamp) -> String {
    let first = date(2026, 4, 1);
    let days = first.until(day(time)).expect("a span").get_days();
    (first + (days / 7 * 7).days()).to_string()
}

fn middle(mut numbers: Vec<i64>) -> i64 {
    numbers.sort_unstable();
    let half = numbers.len() / 2;
    if numbers.len() % 2 == 1 { numbers[half] } else { i64::midpoint(numbers[half - 1], numbers[half]) }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).expect("few")
}
