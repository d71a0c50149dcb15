//! Kept verdicts as they are read: each once as it comes, and by its id; with the story that its event tells.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::Schema;
use lake::{Delivery, Looking, Position, TableName};
use model::evidence::ContentId;
use model::level::Level;
use observations::Derive;
use verdicts::{KeptVerdict, VERDICTS, Which, news, of};

use crate::pieces::{Home, NOW, detecting, log, own, view};

const STORY: [&str; 4] = ["process.uid", "process.parent_process.uid", "session.uid", "user.name"];

/// All that came since a position, in pieces of so many.
fn since(home: &Home, after: &Position, most: usize) -> (Vec<KeptVerdict>, Position) {
    let (mut all, mut after) = (Vec::new(), after.clone());
    loop {
        let view = view();
        let who = Looking { view: &view, now: NOW };
        let found = news(home.lake(), who, (&own(), &after), most).unwrap();
        assert!(found.verdicts.len() <= most && !found.is_anew);
        all.extend(found.verdicts);
        after = found.next;
        if found.is_all {
            return (all, after);
        }
    }
}

fn with_ids(home: &Home, which: Which<'_>) -> Vec<KeptVerdict> {
    let view = view();
    of(home.lake(), Looking { view: &view, now: NOW }, (&own(), which), None).unwrap()
}

#[test]
fn verdicts_are_told_as_they_come_and_known_by_their_ids() {
    let mut home = Home::new();
    let (nothing, start) = since(&home, &Position::start(), 5);
    assert_eq!(nothing, []);
    home.keep("a.json", &log(&[(0, 0, 0, false), (1, 0, 1, false), (2, 0, 0, false)]));
    home.correlate();
    let (first, then) = since(&home, &start, 1);
    home.keep("b.json", &log(&[(3, 0, 0, true)]));
    home.correlate();
    let (second, _) = since(&home, &then, 5);
    let told: BTreeSet<(String, String)> =
        first.iter().chain(&second).map(|found| (found.title.clone(), found.id.to_string())).collect();
    assert_eq!(told.len(), first.len() + second.len(), "one was told twice");
    assert_eq!(told.into_iter().collect::<BTreeSet<_>>(), home.verdicts().into_iter().collect());

    let many = first.iter().find(|found| found.title == "many users").unwrap();
    assert!(many.is_correlation && many.events_count == 2 && many.events.len() == 2, "{many:?}");
    assert_eq!(many.events.last(), Some(&many.evidence));
    assert_eq!(many.group, [("Computer".to_owned(), "ws0".to_owned())]);
    assert_eq!((many.owner.as_deref(), many.level), (Some("aoba"), Level::Informational));
    assert_eq!(many.time.unwrap().to_string(), "2026-05-17T06:40:01Z");
    assert_eq!(many.found, Some(NOW));

    let ids: Vec<ContentId> = first.iter().map(|found| found.id).collect();
    let by_id = with_ids(&home, Which::Ids(&ids));
    let by_id: BTreeMap<ContentId, KeptVerdict> = by_id.into_iter().map(|found| (found.id, found)).collect();
    assert_eq!(by_id.len(), ids.len());
    for found in first {
        // Besides the values by which it fired they are the same.
        let fields = by_id[&found.id].fields.clone();
        assert_eq!(by_id[&found.id], KeptVerdict { fields, ..found });
    }
    assert_eq!(by_id[&many_id(&by_id)].fields, [("Computer".to_owned(), "ws0".to_owned())]);
    let text = ids[0].to_string();
    let beginning = with_ids(&home, Which::Beginning(&text[..8]));
    assert!(beginning.iter().any(|found| found.id == ids[0]));
    assert!(beginning.iter().all(|found| found.id.to_string().starts_with(&text[..8])));
    assert_eq!(with_ids(&home, Which::Ids(&[])), []);
}

fn many_id(by_id: &BTreeMap<ContentId, KeptVerdict>) -> ContentId {
    by_id.values().find(|found| found.title == "many users").unwrap().id
}

/// A rule that fires by itself on what has a story.
const BEGUN: &str = "
title: begun
level: high
tags: [attack.execution, attack.t1059]
logsource: {product: windows, service: sysmon}
detection: {s: {EventID: 1}, condition: s}
";

fn begun(process: u8) -> String {
    format!(
        concat!(
            r#"{{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","@timestamp":1779000000,"#,
            r#""Computer":"ws0","ProcessGuid":"{{A23EAE89-0000-0001-0000-0010E9D95E{:02X}}}","#,
            r#""ParentProcessGuid":"{{A23EAE89-0000-0001-0000-0010E9D95E00}}","LogonId":"0x5f1a3","User":"AOBA\\tanaka"}}"#,
            "\n"
        ),
        process
    )
}

#[test]
fn an_older_table_gets_the_columns_of_stories() {
    let mut home = Home::with(BEGUN);
    let name = TableName::new(own(), VERDICTS).unwrap();
    let (_, schema) = detecting(BEGUN).tables().into_iter().find(|(table, _)| *table == VERDICTS).unwrap();
    let older: Vec<_> =
        schema.fields().iter().filter(|field| !STORY.contains(&field.name().as_str())).cloned().collect();
    assert_eq!(older.len() + STORY.len(), schema.fields().len());
    // A row of a home that knew no stories.
    let id = ContentId::from([7; 16]);
    let text = |text: &str| -> ArrayRef { Arc::new(StringArray::from(vec![text.to_owned()])) };
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("id", text(&id.to_string())),
        ("batch", text(&id.to_string())),
        ("verdict_batch", text(&id.to_string())),
        ("rule", text(&id.to_string())),
        ("class", text("process_activity")),
        ("title", text("older")),
        ("row", Arc::new(Int64Array::from(vec![0]))),
        ("day", text("2026-05-17")),
    ];
    let fields = columns.iter().map(|(name, _)| schema.field_with_name(name).unwrap().clone());
    let fields = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let row = RecordBatch::try_new(fields, columns.into_iter().map(|(_, column)| column).collect()).unwrap();
    let mut writer = home.lake().writer(&name, &Schema::new(older)).unwrap();
    writer.append(vec![row], &Delivery { shard: "older".parse().unwrap(), number: 1 }).unwrap();
    drop(writer);
    assert_eq!(with_ids(&home, Which::Ids(&[id])).len(), 1);

    home.keep("a.json", &format!("{}{}", begun(1), begun(2)));
    let found = since(&home, &Position::start(), 10).0;
    let stories: BTreeSet<[Option<String>; 4]> = found
        .iter()
        .map(|found| found.story.clone())
        .map(|story| [story.process, story.parent, story.session, story.user])
        .collect();
    let some = |text: &str| Some(text.to_owned());
    let story = |process| {
        let process = format!("a23eae89-0000-0001-0000-0010e9d95e{process:02x}");
        [Some(process), some("a23eae89-0000-0001-0000-0010e9d95e00"), some("0x5f1a3"), some("AOBA\\tanaka")]
    };
    assert_eq!(stories, [[None, None, None, None], story(1), story(2)].into());
    let begun = found.iter().find(|found| found.title == "begun").unwrap();
    assert_eq!(begun.tags, ["attack.execution", "attack.t1059"]);
    assert_eq!((begun.level, begun.is_correlation, begun.events_count), (Level::High, false, 1));
    let sql = r#"SELECT "session.uid" FROM verdicts WHERE "user.name" IS NOT NULL"#;
    assert_eq!(home.texts(sql), ["0x5f1a3", "0x5f1a3"]);
}
