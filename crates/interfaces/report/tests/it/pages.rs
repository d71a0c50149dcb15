//! What every page of the report must keep, whatever the logs held.

#[path = "../../examples/sample/scan.rs"]
mod scan;

use report::{EventLine, Language, Level, ScanReport, VerdictLine, html};

/// The text a reader sees in the heading above the chart.
fn heading(page: &str) -> String {
    page.split("<h2 id=\"finding-heading\">")
        .nth(1)
        .and_then(|rest| rest.split("</h2>").next())
        .unwrap()
        .to_owned()
}

/// The page without styles and script.
fn body(page: &str) -> &str {
    let from = page.find("<body>").unwrap();
    let to = page.rfind("<script>").unwrap();
    &page[from..to]
}

/// Level, host, time of a verdict.
type Planned<'a> = (Level, &'a str, &'a str);

/// A scan with the given verdicts: level, host, time.
fn scan_of(language: Language, verdicts: &[Planned]) -> ScanReport {
    let mut report = scan::busy(language);
    let pattern = report.verdicts.clone();
    report.verdicts = verdicts
        .iter()
        .map(|(level, host, time)| {
            let alike = pattern.iter().find(|verdict| verdict.level == *level).unwrap();
            let event = EventLine { time: time.parse().ok(), ..alike.event.clone() };
            VerdictLine { host: (*host).to_owned(), event, ..alike.clone() }
        })
        .collect();
    report.verdicts_total = report.verdicts.len() as u64;
    report.truth = None;
    scan::summarise(&mut report);
    report
}

#[test]
fn no_text_is_missing_in_either_language() {
    for language in Language::ALL {
        for page in [html(&scan::busy(language)), html(&scan::quiet(language))] {
            assert!(!page.contains("[report-") && !page.contains("[page-"), "{language:?}");
        }
    }
}

#[test]
fn foreign_text_does_not_become_markup_or_hide() {
    for language in Language::ALL {
        let page = html(&scan::busy(language));
        let body = body(&page);
        for word in ["<script", "<img", "<b>\u{27e8}", "onerror=alert(1)>\""] {
            assert!(!body.contains(word), "{word}");
        }
        for hidden in ['\u{202e}', '\u{200b}', '\u{1b}', '\u{feff}', '\u{7}'] {
            assert!(!page.contains(hidden), "{:04X} is on the page", u32::from(hidden));
        }
        assert!(body.contains("⟨U+202E⟩") && body.contains("⟨U+001B⟩"));
    }
}

#[test]
fn the_page_loads_nothing_and_allows_its_own_script_alone() {
    let page = html(&scan::busy(Language::En));
    assert_eq!(page.matches("<script").count(), 1);
    assert!(page.contains("default-src &#39;none&#39;") || page.contains("default-src 'none'"));
    for word in ["<link rel=\"stylesheet\"", "@import", "url(http", "src=\"", " onclick", " onload=\""] {
        assert!(!body(&page).contains(word), "{word}");
    }
}

#[test]
fn ids_are_unique() {
    let page = html(&scan::busy(Language::Ja));
    let mut ids: Vec<&str> =
        page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
    for link in page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(ids.binary_search(&link).is_ok(), "#{link} leads nowhere");
    }
}

#[test]
fn every_verdict_has_its_row() {
    let report = scan::busy(Language::En);
    let page = html(&report);
    assert_eq!(page.matches("<tr data-level=").count(), report.verdicts.len());
}

#[test]
fn the_heading_says_what_the_counts_hold() {
    let night = ["2026-06-10T17:05:00Z", "2026-06-10T17:20:00Z", "2026-06-10T17:40:00Z"];
    let other = "2026-06-09T03:00:00Z";
    let (critical, high, low) = (Level::Critical, Level::High, Level::Low);
    let cases: [(&[Planned], &str, &str); 8] = [
        (&[], "ルールに当たった事象はない", "No event matched a rule"),
        (
            &[(critical, "DC01", night[0]), (low, "WS1", other)],
            "重大な検知は1件、6月11日 02:05の DC01",
            "One critical verdict, on DC01 at 02:05 on 11 June",
        ),
        (
            &[
                (critical, "DC01", night[0]),
                (critical, "DC01", night[1]),
                (critical, "FS01", night[2]),
                (critical, "DC01", other),
            ],
            "重大な検知4件のうち75 %が、6月11日02時台に DC01 など2台へ集まる",
            "75 % of 4 critical verdicts hit DC01 and 1 other host between 02:00 and 03:00 on 11 June",
        ),
        (
            &[(high, "DC01", night[0]), (high, "DC01", night[1]), (low, "WS1", other)],
            "重さ「高」の検知2件すべてが、6月11日02時台の DC01 に集まる",
            "Both high verdicts hit DC01 between 02:00 and 03:00 on 11 June",
        ),
        (
            &[(low, "A", night[0]), (low, "A", other), (low, "B", "2026-06-09T08:00:00Z")],
            "重さ「低」の検知3件が2台に散る。最も多いのは A、6月9日12時台",
            "3 low verdicts on 2 hosts; A has most, the peak falls between 12:00 and 13:00 on 9 June",
        ),
        (
            &[(high, "A", ""), (high, "B", ""), (high, "B", "")],
            "重さ「高」の検知3件が2台に。最も多いのは B",
            "3 high verdicts on 2 hosts, most on B",
        ),
        (&[(high, "", "")], "重さ「高」の検知が1件", "One high verdict"),
        (
            &[(critical, "", night[0]), (critical, "", night[1]), (low, "", other)],
            "重大な検知2件すべてが、6月11日02時台に集まる",
            "Both critical verdicts fall between 02:00 and 03:00 on 11 June",
        ),
    ];
    for (verdicts, japanese, english) in cases {
        assert_eq!(heading(&html(&scan_of(Language::Ja, verdicts))), japanese);
        assert_eq!(heading(&html(&scan_of(Language::En, verdicts))), english);
    }
}

#[test]
fn a_list_cut_short_says_so_and_draws_no_strips() {
    let mut report = scan::busy(Language::En);
    report.verdicts_total = 4_812;
    let page = html(&report);
    assert!(page.contains("301 of 4,812 verdicts, oldest first"));
    assert!(!page.contains("class=\"strip\""));
    assert!(html(&scan::busy(Language::En)).contains("class=\"strip\""));
}

#[test]
fn times_without_order_or_sense_do_not_break_the_page() {
    let mut report = scan::busy(Language::Ja);
    report.bin_seconds = 0;
    report.seconds = f64::NAN;
    report.generated = jiff::Timestamp::MIN;
    report.first = Some(jiff::Timestamp::MIN);
    report.last = Some(jiff::Timestamp::MAX);
    report.timeline[0].start = jiff::Timestamp::MIN;
    report.timeline[1].start = jiff::Timestamp::MAX;
    report.verdicts[0].event.time = Some(jiff::Timestamp::MAX);
    let page = html(&report);
    assert!(page.ends_with("</html>") && !page.contains("NaN"));
}

#[test]
fn the_same_scan_gives_the_same_bytes() {
    assert_eq!(html(&scan::busy(Language::Ja)), html(&scan::busy(Language::Ja)));
}

#[test]
fn one_verdict_is_a_bar_and_not_a_wall() {
    let mut report = scan_of(Language::En, &[(Level::High, "HOST", "2026-06-11T02:14:30Z")]);
    report.bin_seconds = 60;
    scan::summarise(&mut report);
    let page = html(&report);
    let chart = page.split("<svg").find(|part| part.contains(">1 verdict<")).unwrap();
    let is_time = |text: &&str| text.len() == 5 && text.as_bytes()[2] == b':';
    let ticks: Vec<&str> = chart.split(['<', '>']).filter(is_time).collect();
    assert!(ticks.len() > 1);
    for pair in ticks.windows(2) {
        assert!(pair[0] < pair[1], "{ticks:?}");
    }
}

#[test]
fn a_verdict_of_a_correlation_shows_the_events_before_it() {
    for (given, count, listed, told) in
        [(2, 2, 2, None), (23, 23, 20, Some("… and 3 earlier")), (20, 5_020, 20, Some("… and 5,000 earlier"))]
    {
        let mut report = scan_of(Language::En, &[(Level::High, "HOST", "2026-06-11T02:14:30Z")]);
        let verdict = &mut report.verdicts[0];
        let event = |line| EventLine {
            source_path: "logs/auth-<b>.log".to_owned(),
            line: Some(line),
            record_id: None,
            ..verdict.event.clone()
        };
        verdict.before = (1..=given).map(event).collect();
        verdict.before_count = count;
        let page = html(&report);
        assert!(page.contains(&format!("Events before it ({})", page::wording::count(count))));
        assert_eq!(page.matches("auth-&lt;b&gt;.log:").count(), listed);
        assert!(page.contains(&format!("auth-&lt;b&gt;.log:{given}")));
        assert!(told.is_none_or(|told| page.contains(told)));
        assert_eq!(page.contains("earlier</div>"), told.is_some());
    }
}
