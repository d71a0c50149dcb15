//! How long questions take: `cargo bench -p lake --bench questions -- [MILLIONS] [FOLDER] [pushing-down]`.
//!
//! Makes a lake of so many million rows of the small nation (default 1), unless the folder has one, asks
//! it eight questions and prints the best of some runs, from the words of the question to the last row
//! of the answer; beside it, what the library's own way to the same tables takes, and what somebody waits
//! who sees the rows of all owners but one. More questions are asked through that view alone, with
//! conditions that are comparisons with values. The folder gets `questions.json` besides, with which
//! `benches/questions.py` asks DuckDB the same of the same files, of all rows and of those that are seen.

#![expect(clippy::expect_used, reason = "a bench that cannot go on must fail")]

mod nation;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant as Clock;

use datafusion::prelude::{SessionConfig, SessionContext};
use lake::{Compartment, Lake};
use model::marking::Marking;
use model::view::{Label, Part, View};
use nation::{NOW, ask, best_of, fill};
use serde_json::{Value, json};
use url::Url;

/// Runs of a question, of which the best counts.
const RUNS: usize = 7;

/// What is asked, in words that DuckDB takes as well.
const QUESTIONS: [(&str, &str); 8] = [
    ("count by day", "SELECT day, count(*) FROM process_activity GROUP BY day ORDER BY day"),
    (
        "top hosts",
        r#"SELECT "device.hostname", count(*) AS n FROM process_activity GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10"#,
    ),
    (
        "LIKE",
        r#"SELECT count(*), min("device.hostname") FROM process_activity WHERE "process.cmd_line" LIKE '%-Enc%'"#,
    ),
    ("distinct", r#"SELECT count(DISTINCT "process.cmd_line") FROM process_activity"#),
    (
        "point",
        r#"SELECT time, "device.hostname", "process.cmd_line" FROM process_activity WHERE batch = '{batch}' AND row = {row}"#,
    ),
    (
        "by hour",
        "SELECT date_trunc('hour', time) AS hour, count(*) FROM authentication GROUP BY 1 ORDER BY 1",
    ),
    (
        "window join",
        r#"SELECT count(*), count(DISTINCT p."device.hostname") FROM process_activity p JOIN network_activity n
           ON p."device.hostname" = n."device.hostname" AND n.time >= p.time AND n.time < p.time + INTERVAL '1 minute'
           WHERE p.day = '2026-06-17' AND n.day = '2026-06-17' AND p.event_id = 1"#,
    ),
    (
        "top-k",
        r#"SELECT time, "device.hostname", "process.cmd_line" FROM process_activity ORDER BY time DESC, batch, row LIMIT 100"#,
    ),
];

/// What else is asked through a view that shows a part: the conditions are comparisons with values.
const COMPARISONS: [(&str, &str); 6] = [
    ("count", "SELECT count(*) FROM process_activity"),
    ("count where id", "SELECT count(*) FROM process_activity WHERE event_id = 1"),
    (
        "host",
        r#"SELECT time, "process.cmd_line" FROM process_activity WHERE "device.hostname" = '{host}' ORDER BY time, batch, row"#,
    ),
    (
        "day by host",
        r#"SELECT "device.hostname", count(*), min(time), max("process.file.path") FROM process_activity WHERE day = '2026-06-17' AND event_id = 1 GROUP BY 1 ORDER BY 1"#,
    ),
    (
        "times",
        r#"SELECT count(*), count(DISTINCT "user.name") FROM authentication WHERE time >= '2026-06-16T06:00:00Z' AND time < '2026-06-18T18:00:00Z' AND event_id <> 4625"#,
    ),
    (
        "not this user",
        r#"SELECT "user.name", count(*) AS n FROM authentication WHERE "user.name" <> 'SYSTEM' AND "user.name" IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10"#,
    ),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|text| !text.starts_with("--")).collect();
    let millions: f64 = arguments.first().map_or(1.0, |text| text.parse().expect("millions of rows"));
    let kept = arguments.get(1).map(std::path::PathBuf::from);
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = kept.unwrap_or_else(|| temporary.path().to_owned());
    let lake = Lake::open(&folder).expect("a lake");
    let lake =
        if arguments.get(2).is_some_and(|text| text == "pushing-down") { lake.pushing_down() } else { lake };
    let began = Clock::now();
    let all = access::operator("bench", NOW);
    if ask(&lake, &all, "SELECT 1 FROM process_activity LIMIT 1").is_none() {
        fill(&lake, (millions * 1e6) as u64);
        println!("made in {:.0} s", began.elapsed().as_secs_f64());
    }
    let rows = ask(&lake, &all, "SELECT count(*) FROM events").expect("a count");
    println!("{} rows", rows[0][0]);
    let asking = Asker::of(&lake, &all);
    let library = Library::new();
    let mut told = Vec::new();
    for (name, sql) in QUESTIONS.into_iter().chain(COMPARISONS) {
        let sql = asking.words(sql);
        let time = |view: &View| {
            let mut answer = Vec::new();
            let best = best_of(RUNS, &mut || answer = ask(&lake, view, &sql).expect("an answer"));
            (best, answer)
        };
        let ((best, answer), (of_part, part)) = (time(&all), time(&asking.view));
        let library = best_of(RUNS, &mut || library.ask(&folder, &sql));
        println!(
            "{name:<14} {best:8.1} ms, the library's way {library:8.1} ms, a part {of_part:8.1} ms  {} rows",
            answer.len()
        );
        told.push(json!({
            "name": name, "sql": sql, "ms": best, "rows": answer,
            "part": {"hidden": asking.hidden, "ms": of_part, "rows": part},
        }));
    }
    let told = serde_json::to_vec_pretty(&told).expect("JSON");
    std::fs::write(folder.join("questions.json"), told).expect("written");
}

/// What questions are made of, and who asks them beside the operator.
struct Asker {
    point: Vec<Value>,
    host: String,
    /// Whose rows are hidden.
    hidden: String,
    view: View,
}

impl Asker {
    fn of(lake: &Lake, all: &View) -> Self {
        let first = |sql: &str| ask(lake, all, sql).expect("rows");
        let point = first("SELECT batch, row FROM process_activity ORDER BY batch, row LIMIT 1 OFFSET 777");
        let hosts = r#"SELECT "device.hostname", count(*) FROM process_activity GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1 OFFSET 3"#;
        let owners = first("SELECT owner, count(*) FROM process_activity GROUP BY 1 ORDER BY 2 DESC, 1");
        let owners: Vec<String> = owners.iter().map(|row| text(&row[0])).collect();
        let (hidden, seen) = owners.split_at(owners.len() / 2).1.split_first().expect("an owner");
        let before = &owners[..owners.len() / 2];
        println!("{} owners, and {hidden} is hidden", owners.len());
        let label = |owner: &String| Label {
            compartment: Compartment::own().as_str().to_owned(),
            owner: owner.clone(),
            marking: Marking::default(),
        };
        let labels = before.iter().chain(seen).map(label).collect();
        let part = Part { labels, ..Part::default() };
        Self {
            point: point[0].clone(),
            host: text(&first(hosts)[0][0]),
            hidden: hidden.clone(),
            view: access::person("bench", part, NOW),
        }
    }

    fn words(&self, sql: &str) -> String {
        let sql = sql.replace("{batch}", &text(&self.point[0])).replace("{row}", &text(&self.point[1]));
        sql.replace("{host}", &self.host)
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Delta's own provider, with as many threads.
struct Library(tokio::runtime::Runtime);

impl Library {
    fn new() -> Self {
        let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        Self(threads.expect("threads"))
    }

    fn ask(&self, folder: &Path, sql: &str) {
        let folder = folder.canonicalize().expect("a folder").join("own");
        let answer = async {
            let session = SessionContext::new_with_config(SessionConfig::new().with_target_partitions(2));
            for class in ["process_activity", "network_activity", "authentication"] {
                if sql.contains(class) {
                    let url = Url::from_directory_path(folder.join(class)).expect("a URL");
                    let table = deltalake::open_table(url).await.expect("a table");
                    let provider = table.table_provider().build().await.expect("a provider");
                    session.register_table(class, Arc::new(provider)).expect("registered");
                }
            }
            session.sql(sql).await.expect("a plan").collect().await.expect("an answer")
        };
        self.0.block_on(answer);
    }
}
