//! What every drawing must keep: texts and shapes inside the viewBox, texts apart from each
//! other, hostile words harmless, the same value the same bytes.

use chart::{Annotation, Bar, Bars, Bin, Mix, Strip, Tick, TimeAxis, Timeline, measure};

const MIDNIGHT: i64 = 1_781_103_600; // 2026-06-11 00:00 JST
const TOKYO: i64 = 9 * 3_600;

/// A text of a drawing with the box it may fill.
#[derive(Debug)]
struct Placed {
    text: String,
    left: f64,
    right: f64,
    baseline: f64,
}

fn attribute(element: &str, name: &str) -> Option<String> {
    let from = element.find(&format!(" {name}=\""))? + name.len() + 3;
    element[from..].split('"').next().map(str::to_owned)
}

fn view_box(svg: &str) -> (f64, f64) {
    let numbers: Vec<f64> =
        attribute(svg, "viewBox").unwrap().split(' ').map(|number| number.parse().unwrap()).collect();
    (numbers[2], numbers[3])
}

fn texts(svg: &str) -> Vec<Placed> {
    svg.split("<text")
        .skip(1)
        .map(|rest| {
            let (head, tail) = rest.split_once('>').unwrap();
            let text = tail
                .split("</text>")
                .next()
                .unwrap()
                .replace("&#39;", "'")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
            let number = |name: &str| attribute(head, name).unwrap().parse::<f64>().unwrap();
            let wide = measure::width(&text, number("font-size"));
            let left = match attribute(head, "text-anchor").as_deref() {
                Some("middle") => number("x") - wide / 2.0,
                Some("end") => number("x") - wide,
                _ => number("x"),
            };
            Placed { text, left, right: left + wide, baseline: number("y") }
        })
        .collect()
}

fn assert_sound(svg: &str) {
    let (width, height) = view_box(svg);
    let texts = texts(svg);
    for text in &texts {
        assert!(text.left >= -0.1 && text.right <= width + 0.1, "clipped at the side ({width}): {text:?}");
        assert!(
            text.baseline >= 9.0 && text.baseline + 4.0 <= height,
            "clipped above or below ({height}): {text:?}"
        );
    }
    for (number, one) in texts.iter().enumerate() {
        for other in &texts[number + 1..] {
            let apart = one.right <= other.left + 0.1
                || other.right <= one.left + 0.1
                || (one.baseline - other.baseline).abs() >= 12.0;
            assert!(apart, "{one:?} overlaps {other:?}");
        }
    }
    for rectangle in
        svg.split("<path d=\"").skip(1).flat_map(|path| path.split('"').next().unwrap().split('M').skip(1))
    {
        let place: Vec<f64> = rectangle
            .split(['h', 'v', 'L', 'z'])
            .next()
            .unwrap()
            .split(' ')
            .map(|number| number.parse().unwrap())
            .collect();
        assert!(
            place[0] >= -0.1 && place[0] <= width + 0.1 && place[1] >= -0.1 && place[1] <= height + 0.1,
            "outside: {rectangle}"
        );
    }
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
}

fn clock(tick: Tick) -> String {
    let minutes = (tick.instant + TOKYO).rem_euclid(86_400) / 60;
    let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
    if tick.first || minutes == 0 { format!("6月11日 {time}") } else { time }
}

/// A small repeatable source of numbers.
fn numbers(mut state: u64) -> impl FnMut(u64) -> u64 {
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below.max(1)
    }
}

fn timeline(width: f64, bins: &[Bin], annotations: &[Annotation]) -> String {
    Timeline {
        id: "t",
        title: "検知の時間ごとの数",
        description: "02時台に集まる",
        width,
        plot_height: 180.0,
        bin_seconds: 600,
        bins,
        series: ["低と参考", "中", "高", "重大"],
        unit: "件",
        annotations,
        axis: TimeAxis { from: MIDNIGHT, to: MIDNIGHT + 86_400, offset: TOKYO, label: &clock },
        number: &|count| count.to_string(),
    }
    .svg()
}

fn note(instant: i64) -> Annotation {
    Annotation {
        instant,
        text: "02:13 HINATA-DC01 に重大 7件。LSASS の記憶が書き出された".to_owned(),
        detail: "最も多いルール: Credential dumping through comsvcs.dll, ほか4".to_owned(),
    }
}

#[test]
fn a_timeline_keeps_everything_inside_at_every_width() {
    for seed in 0..60 {
        let mut number = numbers(seed);
        let scale = [1, 9, 400, 2_000_000][seed as usize % 4];
        let bins: Vec<Bin> = (0..144)
            .map(|at| Bin {
                start: MIDNIGHT + at * 600,
                counts: [number(scale), number(scale), number(5), number(2)],
            })
            .collect();
        let notes = [note(MIDNIGHT + number(86_400) as i64), note(MIDNIGHT + number(86_400) as i64)];
        for width in [240.0, 350.0, 660.0, 1_096.0, 1_576.0] {
            assert_sound(&timeline(width, &bins, &notes[..number(3) as usize]));
        }
    }
}

#[test]
fn an_empty_timeline_still_has_its_axes() {
    let svg = timeline(660.0, &[], &[note(MIDNIGHT)]);
    assert_sound(&svg);
    assert!(svg.contains("1 件"), "{svg}");
}

#[test]
fn extreme_values_do_not_break_a_timeline() {
    let bins =
        [Bin { start: i64::MIN, counts: [u64::MAX; 4] }, Bin { start: i64::MAX, counts: [0, 0, 0, 1] }];
    let svg = timeline(660.0, &bins, &[note(i64::MAX), note(0)]);
    assert_sound(&svg);
}

#[test]
fn an_annotation_marks_its_instant() {
    let bins = [Bin { start: MIDNIGHT + 43_200 - 300, counts: [0, 0, 0, 4] }];
    let svg = timeline(1_096.0, &bins, &[note(MIDNIGHT + 43_200)]);
    let circle = svg.split("<circle").nth(1).unwrap();
    let x: f64 = attribute(circle, "cx").unwrap().parse().unwrap();
    let (width, _) = view_box(&svg);
    assert!((x - width / 2.0).abs() < 24.0, "{x} is not near noon");
    assert_eq!(svg.matches("<circle").count(), 1);
}

#[test]
fn series_are_named_most_severe_first_and_only_when_present() {
    let bins = [Bin { start: MIDNIGHT, counts: [0, 3, 0, 2] }];
    let svg = timeline(660.0, &bins, &[]);
    let texts: Vec<String> = texts(&svg).into_iter().map(|text| text.text).collect();
    assert_eq!(texts[..2], ["重大 2", "中 3"]);
    assert!(!svg.contains("高"));
}

#[test]
fn grid_has_at_most_five_steps_and_the_unit_on_top() {
    let bins = [Bin { start: MIDNIGHT, counts: [0, 0, 0, 47] }];
    let svg = timeline(660.0, &bins, &[]);
    assert!(svg.contains(">50 件<") && svg.contains(">0<"), "{svg}");
    assert!(svg.matches("#d9d9d9").count() <= 5);
}

#[test]
fn hostile_words_stay_words() {
    let evil = "</text></svg><script>alert(1)</script>\u{1b}[31m";
    let annotation = Annotation { instant: MIDNIGHT, text: evil.to_owned(), detail: evil.to_owned() };
    let svg = timeline(660.0, &[], &[annotation]);
    assert!(!svg.contains("<script") && !svg.contains('\u{1b}'), "{svg}");
    assert_eq!(svg.matches("</svg>").count(), 1);
    assert_sound(&svg);
}

#[test]
fn the_same_value_gives_the_same_bytes() {
    let bins = [Bin { start: MIDNIGHT, counts: [1, 2, 3, 4] }];
    assert_eq!(timeline(660.0, &bins, &[note(MIDNIGHT)]), timeline(660.0, &bins, &[note(MIDNIGHT)]));
}

fn bar(label: &str, counts: [u64; 4]) -> Bar {
    Bar {
        label: label.to_owned(),
        value: "18,204 件".to_owned(),
        note: "住所の移り変わりが速く、たどれない".to_owned(),
        counts,
    }
}

#[test]
fn bars_keep_everything_inside() {
    let bars = [
        bar("見つけた", [0, 0, 18_204, 0]),
        bar(
            "A very long name of a rule that would never fit on one line of a narrow telephone screen",
            [1, 1, 1, 1],
        ),
        bar("", [0; 4]),
        bar("max", [u64::MAX; 4]),
    ];
    for width in [160.0, 350.0, 1_096.0] {
        let chart = Bars { id: "b", title: "t", description: "", width, bars: &bars, maximum: None };
        assert_sound(&chart.svg());
    }
    let none = Bars { id: "b", title: "t", description: "d", width: 350.0, bars: &[], maximum: Some(3) };
    assert_sound(&none.svg());
}

#[test]
fn cells_keep_their_marks_inside() {
    let bins = [
        Bin { start: MIDNIGHT, counts: [1, 0, 0, 0] },
        Bin { start: MIDNIGHT + 86_400, counts: [0, 0, 0, 1] },
        Bin { start: MIDNIGHT + 600, counts: [0; 4] },
    ];
    let strip = Strip {
        title: "s",
        width: 120.0,
        height: 14.0,
        span: (MIDNIGHT, MIDNIGHT + 86_400),
        bin_seconds: 600,
        bins: &bins,
    };
    assert_sound(&strip.svg());
    assert_eq!(strip.svg().matches('z').count(), 2);
    for counts in [[0; 4], [1, 0, 0, 0], [9, 9, 9, 9], [u64::MAX; 4]] {
        assert_sound(&Mix { title: "m", width: 120.0, height: 10.0, maximum: 36, counts }.svg());
    }
}
