//! What the page of a finding must keep, whatever the logs and people said.

use page::State;
use report::finding_page::{
    ActLine, ClearedLine, FindingPage, IndicatorLine, ProcessLine, RowLine, RuleLine, Ties, finding_html,
};
use report::year::StateLine;
use report::{Language, Level, Tlp};

/// What tries to be markup, to end what it stands in, and to hide.
const HOSTILE: &str =
    "</style></title><script>x</script><img src=x onerror=alert(1)>\"'\u{202e}\u{1b}[2J\u{200b}";

fn hostile(beginning: &str) -> String {
    format!("{beginning}{HOSTILE}")
}

fn row(number: usize) -> RowLine {
    RowLine {
        time: format!("2026-06-18T13:{number:02}:00Z").parse().ok(),
        host: hostile("PC006."),
        rule: hostile("rule"),
        title: hostile("Rule"),
        level: Level::High,
        fields: vec![("CommandLine".to_owned(), hostile("cmd")), (hostile("name"), hostile("value"))],
        process: Some(hostile("uid")),
        evidence: (0..5).map(|event| format!("lake:own/process_activity/batch-{number}/{event}")).collect(),
    }
}

/// A finding of which everything is hostile.
fn full(language: Language) -> FindingPage {
    let process = ProcessLine {
        id: hostile("uid"),
        host: hostile("PC006."),
        parent: Some(hostile("parent")),
        path: hostile("C:\\a"),
        command: hostile("a"),
        seen: None,
    };
    let above = ProcessLine { id: hostile("parent"), parent: None, ..process.clone() };
    FindingPage {
        language,
        number: 12,
        title: hostile("Title"),
        state: (State::Done, "closed".to_owned()),
        closing: ("attack".to_owned(), hostile("reason")),
        organisation: hostile("hinata"),
        owner: hostile("owner"),
        first: "2026-06-18T13:00:00Z".parse().ok(),
        last: "2026-06-18T13:05:00Z".parse().ok(),
        verdicts: 264,
        events: 265,
        hosts: 1,
        techniques: vec![hostile("T1003")],
        rules: vec![RuleLine {
            rule: hostile("rule"),
            title: hostile("Rule"),
            level: Level::High,
            verdicts: 264,
            set: hostile("set"),
        }],
        rows: (0..6).map(row).collect(),
        listed: 4,
        processes: vec![process, above],
        indicators: vec![IndicatorLine {
            value: hostile("198[.]51[.]100[.]20"),
            kind: "address".to_owned(),
            first: None,
            hits: 3,
            state: (State::Running, "active".to_owned()),
            tlp: Tlp::Green,
        }],
        acts: vec![ActLine {
            at: "2026-06-18T13:04:00Z".parse().unwrap(),
            said: hostile("noted"),
            evidence: "act:watch/finding/12/2".to_owned(),
        }],
        ties: Ties {
            files: vec![(hostile("file"), hostile("hash"))],
            related: vec![3, 7],
            ..Ties::default()
        },
        cleared: Some(ClearedLine {
            tlp: Tlp::Green,
            replaced: vec![(hostile("what"), hostile("with"))],
            reason: hostile("why"),
        }),
        ..plain(language)
    }
}

/// A finding of which nothing is known but one verdict.
fn plain(language: Language) -> FindingPage {
    FindingPage {
        language,
        zone: jiff::tz::TimeZone::get("Asia/Tokyo").unwrap(),
        marking: model::marking::Marking::default(),
        number: 1,
        title: "Lantern".to_owned(),
        level: Level::High,
        state: (State::Open, "new".to_owned()),
        closing: (String::new(), String::new()),
        organisation: String::new(),
        owner: String::new(),
        first: None,
        last: None,
        verdicts: 1,
        events: 1,
        hosts: 0,
        techniques: Vec::new(),
        rules: Vec::new(),
        rows: vec![RowLine { time: None, host: String::new(), process: None, ..row(0) }],
        listed: 200,
        processes: Vec::new(),
        indicators: Vec::new(),
        acts: Vec::new(),
        ties: Ties::default(),
        cleared: None,
        as_of: StateLine { version: "0".to_owned(), ..StateLine::default() },
    }
}

fn found<'a>(page: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    page.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

#[test]
fn foreign_text_does_not_become_markup_or_hide() {
    for language in Language::ALL {
        let page = finding_html(&full(language));
        for word in ["<script", "<img", "<b>\u{27e8}", "onerror=alert(1)>\"", "[found-", "[page-"] {
            assert!(!page.contains(word), "{word}");
        }
        for hidden in ['\u{202e}', '\u{200b}', '\u{1b}', '\u{1}'] {
            assert!(!page.contains(hidden), "{:04X} is on the page", u32::from(hidden));
        }
        assert_eq!(page.matches("</style>").count(), 1);
        assert!(page.contains("⟨U+202E⟩") && page.contains("⟨U+001B⟩"));
        assert!(page.contains("script-src &#39;none&#39;") || page.contains("script-src 'none'"));
    }
}

#[test]
fn what_is_left_out_is_said_with_what_lists_it() {
    let page = finding_html(&full(Language::En));
    assert!(page.contains("260 more verdicts are not listed here"), "the evidence");
    assert!(page.contains("258 later verdicts are not in the tree"), "the tree");
    assert!(page.contains("noroshi findings show 12 --rows --limit 264"));
    for number in 0..6 {
        let whole = page.replace("</span><span>", "");
        let address = format!("lake:own/process_activity/batch-{number}/0</span>");
        assert_eq!(whole.contains(&address), number < 4, "{number}");
    }
    assert_eq!(page.matches("and 2 more").count(), 4, "rows of a verdict");
    let whole = finding_html(&FindingPage { verdicts: 6, listed: 6, ..full(Language::En) });
    assert!(!whole.contains("not listed here") && !whole.contains("not in the tree"));
}

#[test]
fn what_is_empty_is_absent() {
    for language in Language::ALL {
        let page = finding_html(&plain(language));
        for id in ["tree", "rules", "indicators", "record", "ties"] {
            assert!(!page.contains(&format!("id=\"{id}\"")), "{id}");
        }
        assert!(page.contains("id=\"evidence\"") && page.contains("id=\"open\""));
    }
}

#[test]
fn ids_are_unique_and_links_lead_somewhere() {
    for page in [full(Language::Ja), plain(Language::En)] {
        let page = finding_html(&page);
        let mut ids = found(&page, " id=\"", "\"");
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all);
        for link in found(&page, "href=\"#", "\"") {
            assert!(ids.binary_search(&link).is_ok(), "#{link} leads nowhere");
        }
    }
}

#[test]
fn both_languages_say_the_same_numbers() {
    let [ja, en] = Language::ALL.map(|language| finding_html(&full(language)));
    for (before, after) in
        [("datetime=\"", "\""), ("left:", "\""), (" x=\"", "\""), (" cx=\"", "\""), ("href=\"#", "\"")]
    {
        let numbers = found(&ja, before, after);
        assert!(!numbers.is_empty(), "{before}");
        assert_eq!(numbers, found(&en, before, after), "{before}");
    }
    let digits = |page: &str| {
        let cells = found(page, "<td class=\"number\"", "</td>");
        cells.iter().filter_map(|cell| Some(cell.rsplit('>').next()?.to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(digits(&ja), digits(&en));
    assert_eq!(digits(&en), ["264", "3"]);
}

#[test]
fn acts_stand_on_the_axis_or_are_counted_beside_it() {
    let inside = finding_html(&full(Language::En));
    assert_eq!(inside.matches("<circle class=\"act\"").count(), 1);
    assert!(!inside.contains("outside this time"));
    let mut late = full(Language::En);
    late.acts[0].at = "2027-01-01T00:00:00Z".parse().unwrap();
    let late = finding_html(&late);
    assert!(!late.contains("<circle class=\"act\"") && late.contains("1 outside this time"));
}
