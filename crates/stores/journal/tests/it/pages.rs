//! Random questions through random views: rows that a view shows, each once and in their order, and of them the
//! columns that it shows; all else is as if it were not there.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use journal::query::{Cell, Compare, Filter, Order, Page, Select};
use journal::{JournalError, Looking, Reader};
use model::view::{Label, Part, View};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::made_up::{NOTES, NOW, PURSES, PurseCommand, Purses, acting, label, looking, open, view};

/// Owners with the marks of what is theirs.
const OWNERS: [&str; 5] = ["aoba", "aoba+TLP:RED", "hinata", "hinata+TLP:GREEN", "own"];

/// A table as plain rows.
struct Plain {
    name: &'static str,
    columns: Vec<&'static str>,
    key: &'static [&'static str],
    searched: &'static [&'static str],
    rows: Vec<(Vec<Cell>, Label)>,
}

/// A question that owns its values.
#[derive(Debug, Clone)]
struct Question {
    is_notes: bool,
    filters: Vec<Asked>,
    order: Vec<(usize, bool)>,
    limit: usize,
}

#[derive(Debug, Clone)]
enum Asked {
    Is(usize, Compare, usize),
    In(usize, Vec<usize>),
    Has(&'static str),
}

fn question() -> impl Strategy<Value = Question> {
    let compare = select(vec![Compare::Equal, Compare::Other, Compare::Below, Compare::AtLeast]);
    let asked = prop_oneof![
        3 => (0usize..9, compare, 0usize..40).prop_map(|(column, how, row)| Asked::Is(column, how, row)),
        1 => (0usize..9, prop::collection::vec(0usize..40, 0..4)).prop_map(|(column, rows)| Asked::In(column, rows)),
        2 => select(vec!["a", "ab", "b a", "aoba", "hinata", "ｈ", "", "財布", "nobody"]).prop_map(Asked::Has),
    ];
    let order = prop::collection::vec((0usize..9, any::<bool>()), 0..3);
    (any::<bool>(), prop::collection::vec(asked, 0..3), order, 1usize..9)
        .prop_map(|(is_notes, filters, order, limit)| Question { is_notes, filters, order, limit })
}

fn sight() -> impl Strategy<Value = View> {
    let hidden = vec!["id", "coins", "tag", "holder", "purse", "number", "note", "owner_then", "changed"];
    let some = (subsequence(OWNERS.to_vec(), 0..=5), subsequence(hidden, 0..=3));
    let part = some.prop_map(|(owners, hidden)| Part {
        labels: owners.into_iter().map(label).collect(),
        hidden: hidden.into_iter().map(str::to_owned).collect(),
    });
    prop_oneof![1 => Just(view()), 6 => part.prop_map(|part| access::person("sato", part, NOW))]
}

/// Purses of all owners with notes, some closed.
fn fill(journal: &journal::Journal, purses: &[(usize, u64, String, Vec<String>)]) {
    let act = |id: &str, command| journal.act::<Purses>(id, command, &acting()).expect("done");
    for (number, (owner, coins, holder, notes)) in purses.iter().enumerate() {
        let id = format!("p{number}");
        let mut all = vec![
            PurseCommand::Open { owner: OWNERS[*owner].to_owned() },
            PurseCommand::Fill(*coins),
            PurseCommand::Tag(format!("{holder} 財布 {number}")),
            PurseCommand::Hold(holder.clone()),
        ];
        all.extend(notes.iter().cloned().map(PurseCommand::Note));
        act(&id, PurseCommand::Together(all));
        // What is noted under one owner stays so when there is another.
        if number % 4 == 3 {
            act(&id, PurseCommand::Open { owner: OWNERS[(owner + 1) % OWNERS.len()].to_owned() });
            act(&id, PurseCommand::Note("ab later".to_owned()));
        }
        if number % 7 == 6 {
            act(&id, PurseCommand::Close);
        }
    }
}

fn plain(reader: &Reader, name: &'static str) -> Plain {
    let view = view();
    let page = reader.page(looking(&view), &Select::all(name, 10_000)).expect("read");
    let (key, searched): (&[_], &[_]) = match name {
        NOTES => (&["purse", "number"], &["note", "owner_then"]),
        _ => (&["id"], &["tag", "holder"]),
    };
    Plain {
        name,
        columns: page.columns,
        key,
        searched,
        rows: page.rows.into_iter().zip(page.labels).collect(),
    }
}

impl Plain {
    fn at(&self, column: &str) -> usize {
        self.columns.iter().position(|one| *one == column).expect("there is one")
    }

    fn column(&self, number: usize) -> &'static str {
        self.columns[number % self.columns.len()]
    }

    fn value(&self, column: &str, row: usize) -> Cell {
        self.rows[row % self.rows.len()].0[self.at(column)].clone()
    }

    fn select(&self, question: &Question) -> Select<'static> {
        let filter = |asked: &Asked| match asked {
            Asked::Is(column, compare, row) => {
                let column = self.column(*column);
                Filter::Is(column, *compare, self.value(column, *row))
            }
            Asked::In(column, rows) => {
                let column = self.column(*column);
                Filter::In(column, rows.iter().map(|row| self.value(column, *row)).collect())
            }
            Asked::Has(text) => Filter::Has(text),
        };
        let order = question.order.iter();
        let order = order.map(|(column, falls)| Order { column: self.column(*column), falls: *falls });
        Select {
            filters: question.filters.iter().map(filter).collect(),
            order: order.collect(),
            ..Select::all(self.name, question.limit)
        }
    }

    /// Whether a question is about a column that is hidden.
    fn is_about_hidden(&self, view: &View, select: &Select<'_>) -> bool {
        let asked = select.filters.iter().any(|filter| match filter {
            Filter::Is(column, ..) | Filter::In(column, _) => !view.shows_column(column),
            Filter::Has(_) => self.searched.iter().all(|column| !view.shows_column(column)),
        });
        asked || select.order.iter().any(|by| !view.shows_column(by.column))
    }

    /// What a view shows of the rows, in their order.
    fn answer(&self, view: &View, select: &Select<'_>) -> Vec<Vec<Cell>> {
        let mut rows: Vec<&Vec<Cell>> =
            self.rows.iter().filter(|(_, label)| view.shows(label)).map(|(row, _)| row).collect();
        rows.retain(|row| select.filters.iter().all(|filter| self.holds(view, row, filter)));
        let falls = select.order.last().is_some_and(|last| last.falls);
        rows.sort_by(|one, other| {
            let by = select.order.iter().map(|by| (by.column, by.falls));
            let key = self.key.iter().map(|key| (*key, falls));
            by.chain(key).fold(Ordering::Equal, |before, (column, falls)| {
                let at = self.at(column);
                let this = one[at].cmp(&other[at]);
                before.then(if falls { this.reverse() } else { this })
            })
        });
        let shown: Vec<usize> =
            (0..self.columns.len()).filter(|at| view.shows_column(self.columns[*at])).collect();
        rows.into_iter().map(|row| shown.iter().map(|at| row[*at].clone()).collect()).collect()
    }

    fn holds(&self, view: &View, row: &[Cell], filter: &Filter<'_>) -> bool {
        match filter {
            Filter::Is(column, compare, value) => {
                let this = row[self.at(column)].cmp(value);
                match compare {
                    Compare::Equal => this.is_eq(),
                    Compare::Other => this.is_ne(),
                    Compare::Below => this.is_lt(),
                    Compare::AtLeast => this.is_ge(),
                }
            }
            Filter::In(column, values) => values.contains(&row[self.at(column)]),
            Filter::Has(text) => {
                let text = text.replace('ｈ', "h");
                let shown = self.searched.iter().filter(|column| view.shows_column(column));
                shown.clone().any(|column| row[self.at(column)].text().to_lowercase().contains(&text))
            }
        }
    }
}

/// All pages, one after another.
fn pages(reader: &Reader, who: Looking<'_>, mut select: Select<'_>) -> Result<Vec<Page>, JournalError> {
    let mut pages = Vec::new();
    loop {
        let page = reader.page(who, &select)?;
        let next = page.next.clone();
        pages.push(page);
        assert!(pages.len() < 1_000, "they do not end");
        match next {
            Some(next) => select.after = Some(next),
            None => return Ok(pages),
        }
    }
}

fn check(reader: &Reader, plain: &Plain, (view, question): (&View, &Question)) {
    let select = plain.select(question);
    let found = pages(reader, looking(view), select.clone());
    if plain.is_about_hidden(view, &select) {
        assert!(matches!(found, Err(JournalError::Unknown { .. })), "{found:?}");
        return;
    }
    let found = found.expect("read");
    let columns: Vec<&str> =
        plain.columns.iter().copied().filter(|column| view.shows_column(column)).collect();
    assert!(found.iter().all(|page| page.columns == columns && page.rows.len() <= question.limit));
    assert!(found.iter().flat_map(|page| &page.labels).all(|label| view.shows(label)));
    let whole = found.len() - 1;
    assert!(found[..whole].iter().all(|page| page.rows.len() == question.limit), "pages are full");
    let rows: Vec<Vec<Cell>> = found.into_iter().flat_map(|page| page.rows).collect();
    assert_eq!(rows, plain.answer(view, &select), "{select:?} {view:?}");
}

/// Streams of hidden labels are as if they were not there, by whatever way somebody asks.
fn check_streams(reader: &Reader, view: &View) {
    let operator = crate::made_up::view();
    let (all, who) = (looking(&operator), looking(view));
    let hides_columns = ["id", "coins", "tag", "holder", "purse", "number", "note", "owner_then", "changed"]
        .iter()
        .any(|column| !view.shows_column(column));
    let seen: BTreeSet<String> = reader.streams::<Purses>(who).expect("read").into_iter().collect();
    for stream in reader.streams::<Purses>(all).expect("read") {
        let id = stream.rsplit('/').next().expect("an id");
        let (purse, _) = reader.state::<Purses>(all, id).expect("read").expect("there");
        let is_shown = view.shows(&label(purse.owner.as_deref().expect("an owner")));
        assert_eq!(seen.contains(&stream), is_shown, "{stream}");
        let history = reader.history(who, &stream, (0, 1_000)).expect("read");
        assert_eq!(!history.is_empty(), is_shown, "{stream}");
        match reader.state::<Purses>(who, id) {
            Ok(state) => assert_eq!((state.is_some(), hides_columns), (is_shown, false), "{stream}"),
            Err(error) => assert!(hides_columns, "{error}"),
        }
    }
    assert_eq!(reader.jobs(who).expect("read").is_empty(), view != &operator);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_view_shows_its_rows_once_and_in_order_and_nothing_else(
        purses in prop::collection::vec(
            (0usize..5, 0u64..4, "[ab]{1,2}( [AB]{1,2})?", prop::collection::vec("[ab]{0,3} ?[ab]{0,2}", 0..4)),
            1..30,
        ),
        asked in prop::collection::vec((sight(), question()), 60),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let opened = open(folder.path());
        fill(&opened.journal, &purses);
        opened.journal.job("made-up.work", "some", &acting()).expect("noted");
        let reader = opened.journal.reader();
        let (purses, notes) = (plain(reader, PURSES), plain(reader, NOTES));
        for (view, question) in &asked {
            let plain = if question.is_notes { &notes } else { &purses };
            if !plain.rows.is_empty() {
                check(reader, plain, (view, question));
            }
        }
        asked.iter().take(10).for_each(|(view, _)| check_streams(reader, view));
    }
}
