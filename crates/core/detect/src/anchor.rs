//! The texts a rule hangs on: if none of them stands in an event, the rule cannot fire.
//!
//! Of the parts joined by *and* the one with the rarest texts is enough; of the parts joined by
//! *or* all are needed. What rests on absence (negation, null, numbers, networks) has no texts.

use std::sync::Arc;

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::fold::{fold, fold_char};
use crate::matcher::Matcher;
use crate::pattern::Stand;
use crate::rule::{Expression, Item, Test};

/// A text (folded) and where it must stand.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Anchor<'a> {
    pub(crate) text: Box<str>,
    pub(crate) stand: Stand,
    pub(crate) reach: Reach<'a>,
}

/// Fields in which an anchor may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach<'a> {
    Anywhere,
    Field(&'a str),
}

/// Expected frequency of some texts, the texts, and where each must stand.
type Texts = (f64, Vec<(Box<str>, Stand)>);

/// Shorter texts stand in nearly every value.
const SHORTEST: usize = 3;

/// More alternatives than this cost more than they save.
const MOST: usize = 4_000;

/// Anchors of an expression, or `None` when no set of texts can rule it out.
pub(crate) fn anchors(expression: &Expression) -> Option<Vec<Anchor<'_>>> {
    find(expression).map(|(_, anchors)| anchors)
}

/// Tests of which one must hold for the expression to hold, for rules that hang on no text: a
/// network, a number, a wildcard pattern without a long text. `None` when all rests on absence.
pub(crate) fn tests(expression: &Expression) -> Option<Vec<&Arc<Item>>> {
    match expression {
        Expression::Constant(_) | Expression::Not(_) => None,
        Expression::And(parts) | Expression::Map(parts) => {
            parts.iter().filter_map(tests).min_by_key(Vec::len)
        }
        Expression::Or(parts) => {
            let parts = parts.iter().map(tests).collect::<Option<Vec<_>>>()?;
            Some(parts.into_iter().flatten().collect())
        }
        Expression::Item(item) => {
            let tests_values = item.field.is_some() && matches!(item.test, Test::Any(_));
            tests_values.then(|| vec![item])
        }
    }
}

/// Expected share of events that hold one of the texts, on no particular scale, and the texts.
fn find(expression: &Expression) -> Option<(f64, Vec<Anchor<'_>>)> {
    match expression {
        // A rule that is always false never gets here; one that is always true hangs on nothing.
        Expression::Constant(_) | Expression::Not(_) => None,
        Expression::And(parts) | Expression::Map(parts) => {
            parts.iter().filter_map(find).min_by(|a, b| a.0.total_cmp(&b.0))
        }
        Expression::Or(parts) => {
            let mut cost = 0.0;
            let mut all = Vec::new();
            for part in parts {
                let (more, anchors) = find(part)?;
                cost += more;
                all.extend(anchors);
            }
            (all.len() <= MOST).then_some((cost, all))
        }
        Expression::Item(item) => of_item(item),
    }
}

fn of_item(item: &Item) -> Option<(f64, Vec<Anchor<'_>>)> {
    let Test::Any(matchers) = &item.test else { return None };
    let reach = item.field.as_deref().map_or(Reach::Anywhere, Reach::Field);
    let mut cost = 0.0;
    let mut all = Vec::new();
    for matcher in matchers {
        let (more, texts) = of_matcher(matcher)?;
        cost += more;
        all.extend(texts.into_iter().map(|(text, stand)| Anchor { text, stand, reach }));
    }
    if reach == Reach::Anywhere {
        cost *= 4.0;
    }
    (all.len() <= MOST).then_some((cost, all))
}

fn of_matcher(matcher: &Matcher) -> Option<Texts> {
    match matcher {
        Matcher::Text(pattern) => {
            let literals = pattern.literals().into_iter().map(|(text, stand)| (fold(text), stand));
            let best = literals
                .filter(|(text, stand)| *stand == Stand::Whole || text.len() >= SHORTEST)
                .map(|(text, stand)| (frequency(&text, stand), text, stand))
                .min_by(|a, b| a.0.total_cmp(&b.0))?;
            // An empty value stands in no text; it is found by looking.
            (!best.1.is_empty()).then(|| (best.0, vec![(best.1.into(), best.2)]))
        }
        // A number may also be written with a fraction, which no text covers.
        Matcher::Number(..) | Matcher::Network(_) | Matcher::Compare(..) | Matcher::TimePart(..) => None,
        Matcher::Regex(expression) if expression.is_fancy => None,
        Matcher::Regex(expression) => of_regex(&expression.pattern),
    }
}

/// Texts of which every match of the expression holds at least one.
fn of_regex(pattern: &str) -> Option<Texts> {
    // The modifiers i, m and s are not needed here: folding covers the first, and the others
    // only change what stands between texts.
    let hir = regex_syntax::Parser::new().parse(pattern).ok()?;
    let (cost, texts) = of_hir(&hir)?;
    Some((cost, texts.into_iter().map(|text| (text.into(), Stand::Inside)).collect()))
}

fn of_hir(hir: &Hir) -> Option<(f64, Vec<String>)> {
    let mut parts = vec![hir];
    if let HirKind::Concat(inner) = hir.kind() {
        parts = inner.iter().collect();
    }
    let mut best: Option<(f64, Vec<String>)> = None;
    let mut offer = |cost: f64, texts: Vec<String>| {
        if best.as_ref().is_none_or(|(lowest, _)| cost < *lowest) {
            best = Some((cost, texts));
        }
    };
    let mut run = String::new();
    for part in parts.into_iter().map(Some).chain([None]) {
        match part.map(Hir::kind) {
            Some(HirKind::Literal(literal)) if std::str::from_utf8(&literal.0).is_ok() => {
                run.push_str(&fold(&String::from_utf8_lossy(&literal.0)));
                continue;
            }
            Some(HirKind::Class(class)) if single(class).is_some() => {
                run.extend(single(class));
                continue;
            }
            // Places between characters take no room.
            Some(HirKind::Look(_) | HirKind::Empty) => continue,
            _ => {}
        }
        let text = std::mem::take(&mut run);
        if text.len() >= SHORTEST {
            offer(frequency(&text, Stand::Inside), vec![text]);
        }
        let inner = match part.map(Hir::kind) {
            Some(HirKind::Capture(capture)) => of_hir(&capture.sub),
            Some(HirKind::Repetition(repetition)) if repetition.min > 0 => of_hir(&repetition.sub),
            Some(HirKind::Concat(_)) => part.and_then(of_hir),
            Some(HirKind::Alternation(branches)) => of_branches(branches),
            _ => None,
        };
        if let Some((cost, texts)) = inner {
            offer(cost, texts);
        }
    }
    best
}

/// Every branch needs a text.
fn of_branches(branches: &[Hir]) -> Option<(f64, Vec<String>)> {
    let mut whole = (0.0, Vec::new());
    for branch in branches {
        let (cost, texts) = of_hir(branch)?;
        whole.0 += cost;
        whole.1.extend(texts);
    }
    Some(whole)
}

/// The one character that all members of a class fold to.
fn single(class: &Class) -> Option<char> {
    let Class::Unicode(class) = class else { return None };
    let mut characters = class.iter().flat_map(|range| range.start()..=range.end());
    // Folding partners are at most four; a longer class is a real choice.
    let mut members = characters.by_ref().take(4).map(fold_char);
    let first = members.next()?;
    let same = members.all(|member| member == first);
    (same && characters.next().is_none()).then_some(first)
}

/// A guess at how often a text stands in values of logs; only the order matters.
fn frequency(text: &str, stand: Stand) -> f64 {
    const COMMON: [&str; 26] = [
        ".exe",
        ".dll",
        "c:\\windows\\",
        "\\windows\\system32\\",
        "\\system32\\",
        "\\syswow64\\",
        "\\program files",
        "\\users\\",
        "c:\\",
        "http",
        "https://",
        "\\software\\",
        "\\microsoft\\",
        "\\currentversion\\",
        "hklm\\",
        "microsoft",
        "windows",
        "powershell",
        "\\powershell.exe",
        "cmd.exe",
        "\\cmd.exe",
        "\\svchost.exe",
        "\\explorer.exe",
        "/bin/",
        "/usr/bin/",
        "nt authority",
    ];
    let length = text.chars().count();
    let by_length = 0.5f64.powi(i32::try_from(length.min(24)).unwrap_or(24));
    let by_stand = match stand {
        // A short whole value is a flag or a code, which every other event has.
        Stand::Whole if length < 6 => 8.0,
        Stand::Whole => 0.05,
        Stand::Begin | Stand::End => 0.5,
        Stand::Inside => 1.0,
    };
    let common = COMMON.contains(&text) || COMMON.iter().any(|word| word.contains(text));
    by_length * by_stand + if common { 0.2 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regexes_give_texts_that_every_match_holds() {
        for (pattern, sample) in [
            ("run[A-Z]{3}now", "xx runABCnow"),
            (r"(?i)invoke-\w+\s+mimikatz", "INVOKE-x  MimiKatz"),
            ("(curl|wget) http", "wget http"),
            (r"\d{4}\.evil\.example", "1234.evil.example"),
        ] {
            assert!(regex::Regex::new(pattern).unwrap().is_match(sample));
            let (_, texts) = of_regex(pattern).unwrap();
            assert!(texts.iter().any(|(text, _)| fold(sample).contains(&**text)), "{pattern}: {texts:?}");
        }
        assert!(of_regex(r"\d+").is_none());
        assert!(of_regex("a|bcdef").is_none());
        assert!(of_regex("(abc)?").is_none());
        assert_eq!(of_regex("(?i)x+Kilo-(foo|bar)").unwrap().1, [("kilo-".into(), Stand::Inside)]);
    }
}
