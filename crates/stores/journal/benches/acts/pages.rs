//! Pages of a table of many rows, as an operator and as somebody who sees a part of it.

use std::time::{Duration, Instant};

use journal::query::{Compare, Filter, Order, Page, Select};
use journal::{Column, Decision, Entropy, Kind, Looking, Reader, Row, Stamp, Table, Upsert};
use model::view::{Label, Part, View};

use crate::notes::{self, Act, Count, NOW, Never, RARE, Write, acting, open, view};
use crate::{Took, milliseconds};

/// Notes as those that are counted, found by their texts, of ten owners.
pub struct Searched;

const TABLE: &str = "bench_searched";

/// Rows of a page.
const PAGE: usize = 100;

impl Kind for Searched {
    const NAME: &'static str = "bench/searched";
    const ACTS: u32 = 1;
    const FOLD: u32 = 1;
    const TABLES: &'static [Table] = &[Table {
        name: TABLE,
        columns: &[
            Column::text("id"),
            Column::number("number"),
            Column::number("kind"),
            Column::text("text").searched(),
            Column::time("at"),
        ],
        key: &["id", "number"],
        unique: &[],
        sorted: &[&["kind"], &["at"]],
    }];
    type State = Count;
    type Act = Act;
    type Command = Write;
    type Refusal = Never;

    fn decide(
        state: &Count,
        command: Write,
        stamp: &Stamp<'_>,
        entropy: &mut Entropy,
    ) -> Result<Decision<Act>, Never> {
        notes::Counted::decide(state, command, stamp, entropy)
    }

    fn apply(state: &mut Count, _: &Act, _: &Stamp<'_>) {
        state.notes += 1;
    }

    fn rows(state: &Count, Act::Noted { text, kind }: &Act, stamp: &Stamp<'_>) -> Vec<Upsert> {
        let values = vec![
            stamp.id.into(),
            i64::try_from(stamp.sequence).expect("small").into(),
            i64::from(*kind).into(),
            text.as_str().into(),
            model::time::Instant::from_nanoseconds(stamp.at.nanoseconds() + state.notes.cast_signed()).into(),
        ];
        vec![Upsert::Put(Row { table: TABLE, values, label: owned(state.notes) })]
    }

    fn label(_: &Count) -> Label {
        notes::label()
    }
}

fn owned(number: u64) -> Label {
    Label { owner: format!("owner-{}", number % 10), ..notes::label() }
}

pub fn run(rows: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let opened = open(folder.path());
    let began = Instant::now();
    for stream in 0..10 {
        let each = rows / 10;
        for from in (0..each).step_by(10_000) {
            let write = Write { from: stream * each + from, count: 10_000.min(each - from) };
            opened.journal.act::<Searched>(&format!("stream-{stream}"), write, &acting()).expect("written");
        }
    }
    let size = std::fs::metadata(folder.path().join("home/journal.sqlite")).map_or(0, |data| data.len());
    println!(
        "pages of 100 of {rows} rows ({} MB, written in {:.0} s)\n\
         {:<44} {:<20} rows   ms: half     99 %  longest",
        size >> 20,
        milliseconds(began.elapsed()) / 1_000.0,
        "",
        "seen by"
    );
    let part = Part { labels: [owned(3)].into(), ..Part::default() };
    let few = access::person("few", part, NOW);
    for (name, view) in [("the operator", view()), ("who sees a tenth", few)] {
        for (what, select) in wanted(rows) {
            measure(opened.journal.reader(), (name, &view), (what, select));
        }
    }
}

/// What is asked for; the place in the middle is found by the first page of another question.
fn wanted(rows: u64) -> Vec<(&'static str, Select<'static>)> {
    let all = || Select::all(TABLE, PAGE);
    let is = |column, compare, value: i64| vec![Filter::Is(column, compare, value.into())];
    let newest = || vec![Order { column: "at", falls: true }];
    let middle = NOW.nanoseconds() + (rows / 20).cast_signed();
    vec![
        ("the first", all()),
        ("the newest", Select { order: newest(), ..all() }),
        ("behind the middle", Select { order: newest(), filters: is("at", Compare::Below, middle), ..all() }),
        ("one of 1,000 kinds", Select { filters: is("kind", Compare::Equal, 77), ..all() }),
        (
            "one of 1,000 kinds, the newest",
            Select { filters: is("kind", Compare::Equal, 77), order: newest(), ..all() },
        ),
        ("with a rare word", Select { filters: vec![Filter::Has(RARE)], ..all() }),
        ("with a number", Select { filters: vec![Filter::Has("123456")], ..all() }),
        ("with a word of all, the first", Select { filters: vec![Filter::Has("of the day")], ..all() }),
    ]
}

fn measure(reader: &Reader, (name, view): (&str, &View), (what, select): (&str, Select<'static>)) {
    let looking = Looking { view, now: NOW };
    let ask = |select: &Select<'_>| -> (Page, Duration) {
        let began = Instant::now();
        let page = reader.page(looking, select).expect("read");
        (page, began.elapsed())
    };
    let (first, took) = ask(&select);
    if took > Duration::from_secs(1) {
        println!("{what:<44} {name:<20} {:>4} {:>10.2}", first.rows.len(), milliseconds(took));
        return;
    }
    let again = |select: &Select<'_>| (0..100).map(|_| ask(select).1).collect();
    println!("{what:<44} {name:<20} {:>4} {}", first.rows.len(), Took::of(again(&select)));
    let mut after = Select { after: first.next, ..select };
    if after.after.is_none() {
        return;
    }
    // Ten pages further by the place of the last row of each.
    for _ in 0..10 {
        let (page, _) = ask(&after);
        after.after = page.next.or(after.after);
    }
    println!("{:<44} {name:<20} {:>4} {}", format!("{what}, ten further"), PAGE, Took::of(again(&after)));
}
