//! What to generate: seed, span, scale, stories; and the files that come of it.

use crate::clock::{DAY, HOUR, Millis, day_of, midnight, month_of};
use crate::encode::Shape;
use crate::nation::{Organisation, named};
use crate::stories::{MaintenanceDoor, QuietIntruder, Story};
use jiff::Timestamp;
use jiff::civil::{Date, date};

/// A plan. The same plan gives the same bytes on every machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Everything random follows from it.
    pub seed: u64,
    /// Where it begins; taken back to the Japanese midnight before.
    pub start: Timestamp,
    /// So many Japanese days.
    pub days: u32,
    /// Nothing happens from here on, should it lie before their end.
    pub until: Option<Timestamp>,
    /// Whether each log is one file a Japanese month: `keizai/windows-2026-04.ndjson`.
    pub monthly: bool,
    /// 1 is the demo's size. Below 1 fewer desks send logs (servers and the stories' hosts always do);
    /// above 1 every host does so much more. Clamped to 0 … 100,000.
    pub scale: f64,
    /// How much every host does of its ordinary work, 1 being usual. Attacks, and oddities that happen once a day or
    /// more rarely, stay as they are. Clamped to 0.01 … 100.
    pub pace: f64,
    /// Attacks.
    pub stories: Vec<Story>,
}

/// One log of a plan: a file, or one a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFile {
    /// Path with `/`, such as `keizai/windows.ndjson`; that of a month has it before the ending.
    pub path: String,
    /// Id of the organisation.
    pub organisation: String,
    /// How its lines look.
    pub shape: Shape,
}

/// Organisations whose Windows logs come through winlogbeat; the others' are flat.
const WINLOGBEAT: [&str; 3] = ["chiri", "shitei", "misaki"];

impl Plan {
    /// The demo's week, Monday 15 to Sunday 21 June 2026.
    ///
    /// The stories are moved into it: story A's climax is where the year has it (the night of Thursday 18), but
    /// はやぶさ保守 is entered on Monday and the tool runs at 国土資料院 on Tuesday (in the year ten days and three weeks
    /// before); story C's months become this week: entry on Monday, packing on Wednesday and Saturday, end on Sunday.
    pub fn week(seed: u64) -> Plan {
        let day = |day| date(2026, 6, day);
        let door = MaintenanceDoor { relative: day(16), supplier: day(15), climax: day(18) };
        let intruder = QuietIntruder { entry: day(15), first_staging: 2, staging_every: 3, last: day(21) };
        Plan {
            seed,
            start: japanese_midnight(day(15)),
            days: 7,
            until: None,
            monthly: false,
            scale: 1.0,
            pace: 1.0,
            stories: vec![Story::MaintenanceDoor(door), Story::QuietIntruder(intruder)],
        }
    }

    /// The whole fiscal year 2026 with the stories on NATION.md's dates, a file a month.
    pub fn year(seed: u64) -> Plan {
        let door = MaintenanceDoor {
            relative: date(2026, 5, 28),
            supplier: date(2026, 6, 8),
            climax: date(2026, 6, 18),
        };
        let intruder = QuietIntruder {
            entry: date(2026, 8, 4),
            first_staging: 14,
            staging_every: 28,
            last: date(2027, 1, 22),
        };
        Plan {
            seed,
            start: japanese_midnight(date(2026, 4, 1)),
            days: 365,
            until: None,
            monthly: true,
            scale: 1.0,
            pace: 1.0,
            stories: vec![Story::MaintenanceDoor(door), Story::QuietIntruder(intruder)],
        }
    }

    /// The year of the demo: some of the desks, quieter days, and nothing after the instant at which the demo's clock
    /// begins, 12 March 2027, 10:00 in Japan.
    pub fn demo_year(seed: u64) -> Plan {
        let today = japanese_midnight(date(2027, 3, 12)).as_millisecond();
        let now = Timestamp::from_millisecond(today + 10 * HOUR).ok();
        Plan { until: now, scale: 0.1, pace: 0.3, ..Plan::year(seed) }
    }

    /// The logs, in the nation's order. Each can be generated alone and at the same time as others.
    pub fn files(&self) -> Vec<LogFile> {
        named().iter().filter(|organisation| organisation.windows > 0).flat_map(files_of).collect()
    }

    /// The files that the logs are written to, in the order in which collectors would have delivered them: a month of all
    /// logs, and then the next.
    pub fn written(&self) -> Vec<LogFile> {
        let logs = self.files();
        if !self.monthly {
            return logs;
        }
        let (mut from, end) = self.span();
        let mut written = Vec::new();
        while from < end {
            let (month, next) = month_of(from);
            written.extend(logs.iter().map(|log| log.of_month(&month)));
            from = next;
        }
        written
    }

    /// The first instant, and the first that is no longer generated.
    pub(crate) fn span(&self) -> (Millis, Millis) {
        let start = midnight(day_of(self.start.as_millisecond()));
        let end = start + i64::from(self.days) * DAY;
        (start, self.until.map_or(end, |until| end.min(until.as_millisecond())))
    }
}

impl LogFile {
    /// The file of a month, `2026-04`.
    pub(crate) fn of_month(&self, month: &str) -> LogFile {
        let (stem, ending) = self.path.rsplit_once('.').unwrap_or((&self.path, "log"));
        LogFile { path: format!("{stem}-{month}.{ending}"), ..self.clone() }
    }
}

fn files_of(organisation: &Organisation) -> Vec<LogFile> {
    let id = &organisation.id;
    let shape = if WINLOGBEAT.contains(&id.as_str()) { Shape::Winlogbeat } else { Shape::Flat };
    let mut files = vec![LogFile { path: format!("{id}/windows.ndjson"), organisation: id.clone(), shape }];
    if organisation.linux > 0 {
        files.push(LogFile {
            path: format!("{id}/audit.log"),
            organisation: id.clone(),
            shape: Shape::Auditd,
        });
    }
    files
}

fn japanese_midnight(date: Date) -> Timestamp {
    let day =
        crate::clock::day_number(i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
    Timestamp::from_millisecond(midnight(day)).unwrap_or_default()
}
