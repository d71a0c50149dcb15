//! Windows events in XML, against the same events from an event log and from JSON.

use std::sync::Arc;

use evtx::{EvtxChunkData, ParserSettings};
use proptest::prelude::*;
use sources::Limits;

use crate::event_log::CHUNK;
use crate::support::{Read, Row, read, read_with};

/// Rows without what only one of the notations has.
pub fn rows(read: &Read) -> Vec<Row> {
    read.rows.iter().map(|row| Row { line: None, ..row.clone() }).collect()
}

#[test]
fn events_are_those_of_the_event_log() {
    let log = crate::evtx::sample();
    let settings = Arc::new(ParserSettings::new().indent(false));
    let mut xml = String::from("<Events>");
    for bytes in log[4_096..].chunks_exact(CHUNK) {
        let mut data = EvtxChunkData::new(bytes.to_vec(), false).unwrap();
        let mut chunk = data.parse(settings.clone()).unwrap();
        chunk.iter().for_each(|record| xml.push_str(&record.unwrap().into_xml().unwrap().data));
    }
    let read = read((xml + "</Events>").as_bytes());
    assert_eq!(read.reasons(), Vec::<&str>::new());
    assert_eq!(rows(&read), rows(&crate::support::read(&log)));
    assert_eq!(read.rows.len(), 7);
}

/// An event over seven lines, with each sort of thing that may stand in one.
fn event(number: u32) -> String {
    format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>
  <System>
    <Provider Name='Microsoft-Windows-Sysmon' Guid='{{5770385f}}'/><EventID Qualifiers=''>1</EventID><TimeCreated SystemTime='2026-03-02T08:00:01.1234567Z'/>
    <EventRecordID>{number}</EventRecordID><Correlation/><Execution ProcessID='4' ThreadID='5'/><Channel>Microsoft-Windows-Sysmon/Operational</Channel>
    <Computer>ws01.example.org</Computer><Security UserID='S-1-5-18'/></System>
  <EventData><Data Name='CommandLine'>\"a\" &amp;&#38; b &lt;c&gt; &#x72fc; {number}</Data><Data Name='Empty'/></EventData>
</Event>"
    )
}

fn check(text: &[u8], lines: &[u64]) {
    let read = read(text);
    let shown = String::from_utf8_lossy(text);
    assert_eq!(read.reasons(), Vec::<&str>::new(), "{shown}");
    assert_eq!(read.rows.iter().map(|row| row.line.unwrap()).collect::<Vec<_>>(), lines, "{shown}");
    for (row, number) in read.rows.iter().zip(1..) {
        assert_eq!(row.kind, "windows/Microsoft-Windows-Sysmon/Operational:1");
        assert_eq!((row.record_id, row.ordinal), (Some(number), number));
        assert_eq!(row.time.as_deref(), Some("2026-03-02T08:00:01.1234567Z"));
        assert_eq!(row.get("CommandLine"), format!("\"a\" && b <c> 狼 {number}"));
        assert_eq!(
            (row.get("Provider_Name"), row.get("Security_UserID")),
            ("Microsoft-Windows-Sysmon", "S-1-5-18")
        );
        assert_eq!(row.all("Empty"), [""]);
        assert_eq!((row.get("Execution_ProcessID"), row.get("Computer")), ("4", "ws01.example.org"));
    }
}

#[test]
fn layouts() {
    let (one, two) = (event(1), event(2));
    let on_line = |event: &str| event.replace('\n', " ");
    let root = |inner: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<Events>{inner}</Events>\r\n"
        )
    };
    check(format!("{one}{two}").as_bytes(), &[1, 7]);
    check(format!("{}\n{}\n", on_line(&one), on_line(&two)).as_bytes(), &[1, 2]);
    check(root(&format!("{one}{two}")).as_bytes(), &[2, 8]);
    check(root(&format!("\n  {one}\n  <!-- between -->\n  {two}\n")).as_bytes(), &[3, 11]);
    check(format!("\u{feff}{}\u{feff}{}", root(&one), root(&two)).as_bytes(), &[2, 10]);
    check(on_line(&one).replace('\'', "\"").as_bytes(), &[1]);
    check(one.replace("<Event ", "<Event\r\n\t").replace("</Event>", "</Event\n>").as_bytes(), &[1]);
    for big_endian in [false, true] {
        let units = format!("\u{feff}{}", root(&format!("{one}\r\n{two}")));
        let bytes = units
            .encode_utf16()
            .flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() });
        check(&bytes.collect::<Vec<_>>(), &[2, 9]);
    }
}

/// The row of an event with this behind its system part.
fn with(body: &str) -> Row {
    let event = event(1);
    let (head, _) = event.split_once("<EventData>").unwrap();
    let mut read = read(format!("{head}{body}</Event>").as_bytes());
    assert_eq!((read.reasons(), read.rows.len()), (vec![], 1), "{body}");
    read.rows.remove(0)
}

#[test]
fn bodies() {
    let row = with(
        "<EventData><Data Name='A'><![CDATA[<b> &amp; ]]> ]]&gt;</Data><Data Name='A'>2</Data><Data Name='With Blank'>x\r\ny</Data></EventData>",
    );
    assert_eq!(row.all("A"), ["<b> &amp;  ]]>", "2"]);
    assert_eq!(row.get("WithBlank"), "x\r\ny");
    let row = with(
        "<EventData>\n <Data>one</Data>\n <Data></Data>\n <Data>3</Data>\n <Binary>0102</Binary>\n</EventData>",
    );
    assert_eq!((row.all("Data"), row.get("Binary")), (vec!["one", "", "3"], "0102"));
    assert_eq!(with("<EventData><Data/></EventData>").all("Data"), Vec::<&str>::new());
    let row = with(
        "<UserData><LogFileCleared xmlns='x'><SubjectUserName>kai</SubjectUserName><Channel>Security</Channel></LogFileCleared></UserData>",
    );
    assert_eq!((row.get("SubjectUserName"), row.get("Channel")), ("kai", "Security"));
    let row = with("<UserData><e:Rule xmlns:e='x'><e:RuleId>7</e:RuleId></e:Rule></UserData>");
    assert_eq!(row.get("RuleId"), "7");
    let row = with(
        "<EventData Name='OPEN'><Data Name='A'>1</Data></EventData><RenderingInfo Culture='en-US'><Message>It is &quot;so&quot;.</Message><Level>Information</Level><Keywords><Keyword>Audit</Keyword></Keywords></RenderingInfo>",
    );
    assert_eq!((row.get("Message"), row.get("RenderingInfo_Level")), ("It is \"so\".", "Information"));
    assert_eq!((row.get("EventData_Name"), row.get("EventID")), ("OPEN", "1"));
    let row = with(
        "<ProcessingErrorData><ErrorCode>15005</ErrorCode><EventPayload>00FF</EventPayload></ProcessingErrorData>",
    );
    assert_eq!(row.get("ProcessingErrorData.ErrorCode"), "15005");
    // What is no entity stays as it is written.
    let row = with(
        "<EventData><Data Name='A'>a & b &unknown; &#0; &#xFFFFFF;</Data><Data Name='&unknown;'>1</Data></EventData>",
    );
    assert_eq!(row.get("A"), "a & b &unknown; &#0; &#xFFFFFF;");
}

#[test]
fn broken_events_cost_themselves() {
    let (one, two, three) = (event(1), event(2), event(3));
    let torn = &two[..two.find("&amp;").unwrap()];
    for (broken, code) in [
        (torn.to_owned(), "xml-cut-off"),
        (two.replace("</System>", "</Sistem>"), "xml-broken"),
        (two.replace("Qualifiers=''", "Qualifiers="), "xml-broken"),
        (two.replace("&amp;", "<"), "xml-broken"),
        (two.replace("<Data Name='Empty'/>", &"<a>".repeat(100_000)), "xml-broken"),
        (two.replace("&amp;", "<![CDATA["), "xml-cut-off"),
        (two.replace("&amp;", "<!--"), "xml-cut-off"),
        ("words that are no event".to_owned(), "xml-no-event"),
        (two.replace("Event", "Evant"), "xml-no-event"),
        (format!("<!-- {two} -->"), "xml-no-event"),
        ("</Event></Event>".to_owned(), "xml-no-event"),
        ("\0\0\0\0".to_owned(), "zeros"),
        (
            "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;&lol;&lol;\">]>".to_owned(),
            "xml-no-event",
        ),
    ] {
        for (text, at, found) in [
            (format!("{one}\n{broken}\n{three}\n"), one.len() + 1, &[1, 3][..]),
            (format!("<Events>{one}{broken}{three}</Events>"), one.len() + 8, &[1, 3]),
            (format!("{one}\n{three}\n{broken}"), one.len() + three.len() + 2, &[1, 3]),
        ] {
            let read = read(text.as_bytes());
            let ids: Vec<_> = read.rows.iter().map(|row| row.record_id.unwrap()).collect();
            assert_eq!(ids, found, "{code}: {broken:.200} {:?}", read.flaws);
            let [flaw] = &read.flaws[..] else { panic!("{code}: {broken:.200} {:?}", read.flaws) };
            assert_eq!((flaw.reason.code, flaw.offset), (code, at as u64), "{broken:.200}");
            assert_eq!(flaw.length, Some(broken.trim_end().len() as u64), "{broken:.200}");
        }
    }
}

#[test]
fn events_too_long_and_without_end() {
    let limits = Limits { record_bytes: 100_000, segment_bytes: 1, ..Limits::default() };
    let long = event(2).replace("&amp;", &"x".repeat(400_000));
    let markup = event(2).replace("&amp;", &"</a>".repeat(100_000));
    let endless = event(2).replace("</Event>", &"<!--".repeat(100_000));
    for broken in [long, markup, endless] {
        let read = read_with(format!("{}{broken}{}", event(1), event(3)).as_bytes(), &limits);
        let ids: Vec<_> = read.rows.iter().map(|row| row.record_id.unwrap()).collect();
        assert_eq!(ids, [1, 3], "{:?}", read.flaws);
        assert_eq!((read.flaws.len(), read.flaws[0].length), (1, Some(broken.len() as u64)));
    }
    let begins = "<Event ".repeat(200_000);
    assert!(read(format!("{}{begins}", event(1)).as_bytes()).flaws.len() > 20);
}

proptest! {
    #[test]
    fn the_size_of_segments_changes_nothing(picks in prop::collection::vec(0usize..6, 1..12), pad in 0usize..3) {
        let filler = "x".repeat(pad * 30_000);
        let pieces = [
            event(1), event(2).replace("&amp;", &filler), "\n\n".to_owned(), "nonsense".to_owned(),
            event(3)[..300].to_owned(), "<Events>".to_owned(),
        ];
        let text: String = std::iter::once(0).chain(picks).map(|pick| pieces[pick].as_str()).collect();
        let (whole, cut) = (read(text.as_bytes()), read_with(text.as_bytes(), &Limits { segment_bytes: 1, ..Limits::default() }));
        prop_assert_eq!(&whole.rows, &cut.rows);
        prop_assert_eq!(&whole.flaws, &cut.flaws);
    }

    #[test]
    fn random_markup(rest in "[<>/!?&;'\"=\\[\\]a-eDN# \\n-]{0,400}", segment_bytes in 1usize..200) {
        let text = format!("<Event><System/>{rest}</Event>{rest}<Event><System/>");
        let _ = read_with(text.as_bytes(), &Limits { segment_bytes, record_bytes: 150, ..Limits::default() });
    }
}
