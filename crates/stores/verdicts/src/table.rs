//! The tables of verdicts and signals.
//!
//! `verdicts`:
//!
//! | column | type | what |
//! |---|---|---|
//! | `time`, `time_rest` | µs, UTC; i32 | time of the event, of a correlation that of the completing one, and the nanoseconds besides |
//! | `id` | text (UUID) | who the verdict is: its rule and the rows on which it stands |
//! | `batch`, `row`, `class` | text (UUID), i64, text | that row, of a correlation the completing one, and its table |
//! | `rule` | text (UUID) | digest of the rule as it was |
//! | `rule_id`, `title`, `level`, `status` | text | what the rule says of itself |
//! | `tags` | text | its tags, with blanks between them |
//! | `device.hostname` | text | host |
//! | `process.uid`, `process.parent_process.uid` | text | unique ids of the process that acts, or begins, and of the one that began it |
//! | `session.uid`, `user.name` | text | the logon session and its account, as [`detect::Story`] tells them; of a correlation none of these four |
//! | `fields`, `types` | map, text | values by which it fired, and the JSON type of each: text, integer, float, boolean |
//! | `group` | map | values that the events of a correlation share; none of a plain rule |
//! | `events_count` | i64 | events that take part |
//! | `events` | text (JSON) | those that are listed, as `noroshi detect` lists them, each with its row; of a correlation only |
//! | `cut` | text (JSON) | values that were too long, and the bytes cut off |
//! | `owner`, `tlp`, `confidentiality`, `pap` | text | whose events they are, and what may be done with them |
//! | `source_path`, `ordinal`, `line`, `record_id`, `audit_serial` | text, i64 | place of the event in its source |
//! | `rule_set` | text | the set and version that the rule belongs to, as `sigma@3` |
//! | `rules` | text (UUID) | digest of the set of rules that found it first |
//! | `verdict_batch` | text (UUID) | what this set found in this batch |
//! | `found` | µs, UTC | when it was found |
//! | `day` | text | as in the tables of events; the partition |
//!
//! `signals` have `time`, `time_rest`, `id`, `batch`, `row`, `class`, `feed` (rule, and what correlations want
//! of it), `device.hostname`, `values` (JSON: of each wanted field its values), owner and marks, the place,
//! `shard` and `number` (the delivery that they came with), and `day`.

use std::sync::Arc;

use arrow_schema::{Field, Schema, SchemaRef};

use crate::columns::{map, number, rest, text, time};

/// Name of the table of verdicts in each compartment.
pub const VERDICTS: &str = "verdicts";
/// Name of the table of matches that correlations are about.
pub const SIGNALS: &str = "signals";

/// Columns of the story that an event belongs to: process, parent, session, user. Older tables get them when
/// they are added to.
pub(crate) const STORY: [&str; 4] = ["process.uid", "process.parent_process.uid", "session.uid", "user.name"];

/// Columns of whose rows are and where an event stands, which both have.
fn common() -> Vec<Field> {
    let marks = ["owner", "tlp", "confidentiality", "pap", "source_path"].map(text);
    let places = ["ordinal", "line", "record_id", "audit_serial"].map(number);
    marks.into_iter().chain(places).collect()
}

/// The columns of the table of verdicts.
pub(crate) fn verdicts() -> SchemaRef {
    let mut columns = vec![time("time"), text("id"), text("batch"), text("device.hostname"), text("rule")];
    columns.extend(["level", "class"].map(text));
    columns.extend([number("row"), rest("time_rest")]);
    columns.extend(["rule_id", "title", "status", "tags"].map(text));
    columns.extend([
        map("fields"),
        text("types"),
        map("group"),
        number("events_count"),
        text("events"),
        text("cut"),
    ]);
    columns.extend(common());
    columns.extend([text("rules"), text("verdict_batch"), time("found"), text("day"), text("rule_set")]);
    columns.extend(STORY.map(text));
    Arc::new(Schema::new(columns))
}

/// The columns of the table of signals.
pub(crate) fn signals() -> SchemaRef {
    let mut columns = vec![time("time"), text("id"), text("batch"), text("device.hostname"), text("feed")];
    columns.extend([
        text("class"),
        number("number"),
        text("shard"),
        number("row"),
        rest("time_rest"),
        text("values"),
    ]);
    columns.extend(common());
    columns.push(text("day"));
    Arc::new(Schema::new(columns))
}
