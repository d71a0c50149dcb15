//! Lists of indicators: each place is where the text stands, and what is taken can be looked for and is taken again.

use model::indicator::list::{self, Place, Taken};
use model::indicator::{Indicator, Observable, benign::Benign, defanged};

/// What people write before a value of a kind.
fn label(observable: Observable) -> &'static str {
    match observable {
        Observable::Imphash => "imphash: ",
        Observable::Ja3 => "ja3: ",
        Observable::Domain => "domain: ",
        Observable::File => "file: ",
        Observable::Path => "path: ",
        _ => "",
    }
}

/// Reads one list.
pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let read = list::read(&text);
    let lines: Vec<&str> = text.lines().collect();
    let stands = |Place { line, column }: Place, part: &str| {
        let line =
            usize::try_from(line - 1).ok().and_then(|line| lines.get(line)).copied().unwrap_or_default();
        let rest: String = line.chars().skip(column as usize - 1).collect();
        assert!(!part.is_empty() && rest.starts_with(part), "{part:?} stands elsewhere");
    };
    read.refused.iter().for_each(|refused| stands(refused.place, &refused.text));
    let benign = Benign::bundled();
    for Taken { place, text, observable, value } in &read.taken {
        stands(*place, text);
        assert!(Indicator::exact(*observable, value).is_ok(), "{value:?} cannot be looked for");
        benign.iter().for_each(|benign| {
            let _ = benign.covers(*observable, value);
        });
        let again = list::read(&format!("{}{}", label(*observable), defanged(*observable, value)));
        let told: Vec<_> = again.taken.iter().map(|one| (one.observable, &one.value)).collect();
        assert_eq!(told, [(*observable, value)], "it is another one once it was made harmless");
    }
}
