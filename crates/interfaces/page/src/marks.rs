//! Labels that carry meaning: TLP, severity, state. Each is colour, shape and word together,
//! so that none depends on colour alone.

use maud::{Markup, PreEscaped, html};
use model::level::Level;
use model::marking::Tlp;

use crate::words::Words;

/// How a label of the Traffic Light Protocol is shown and said.
pub trait TlpWords {
    /// The colour of the label on black, as the standard gives it.
    #[must_use]
    fn colour(self) -> &'static str;
    /// What the label allows, in words.
    #[must_use]
    fn meaning(self, words: Words) -> String;
}

impl TlpWords for Tlp {
    fn colour(self) -> &'static str {
        match self {
            Self::Clear => "#ffffff",
            Self::Green => "#33ff00",
            Self::Amber | Self::AmberStrict => "#ffc000",
            Self::Red => "#ff2b2b",
        }
    }

    fn meaning(self, words: Words) -> String {
        words.get(match self {
            Self::Clear => "page-tlp-clear",
            Self::Green => "page-tlp-green",
            Self::Amber => "page-tlp-amber",
            Self::AmberStrict => "page-tlp-amber-strict",
            Self::Red => "page-tlp-red",
        })
    }
}

/// How a level is said and shown.
pub trait LevelWords {
    /// The word as a label.
    #[must_use]
    fn label(self, words: Words) -> String;
    /// The word inside a sentence.
    #[must_use]
    fn inline(self, words: Words) -> String;
    /// The word before "verdict" in a sentence.
    #[must_use]
    fn attributive(self, words: Words) -> String;
    /// Four bars, as many filled as the level has, and the word.
    #[must_use]
    fn mark(self, words: Words) -> Markup;
}

impl LevelWords for Level {
    fn label(self, words: Words) -> String {
        words.get(&format!("page-level-{}", self.as_str()))
    }

    fn inline(self, words: Words) -> String {
        words.get(&format!("page-level-{}-inline", self.as_str()))
    }

    fn attributive(self, words: Words) -> String {
        words.get(&format!("page-level-{}-attributive", self.as_str()))
    }

    fn mark(self, words: Words) -> Markup {
        html! {
            span.level.(self.as_str()) {
                (symbol(&format!("bars-{}", self.index()), (19, 10)))
                (self.label(words))
            }
        }
    }
}

/// A state of work: colour, shape and word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// ■ past its deadline, broken.
    Critical,
    /// ▲ waits for somebody.
    Warning,
    /// ● under way.
    Running,
    /// ✓ done.
    Done,
    /// ○ not begun.
    Open,
}

impl State {
    /// Shape and `word`.
    #[must_use]
    pub fn mark(self, word: &str) -> Markup {
        let name = match self {
            Self::Critical => "critical",
            Self::Warning => "warning",
            Self::Running => "running",
            Self::Done => "done",
            Self::Open => "open",
        };
        html! { span.state.(name) { (symbol(&format!("state-{name}"), (10, 10))) (word) } }
    }
}

fn symbol(id: &str, (width, height): (u32, u32)) -> Markup {
    html! {
        svg width=(width) height=(height) aria-hidden="true" { use href={ "#" (id) } {} }
    }
}

/// The shapes of all marks, once in a document.
#[must_use]
pub fn symbols() -> Markup {
    let bars = |filled: usize| -> String {
        (0..4)
            .map(|bar| {
                let x = bar * 5;
                if bar < filled {
                    format!(r#"<path fill="currentColor" d="M{x} 0h4v10h-4z"/>"#)
                } else {
                    format!(r#"<path fill="none" stroke="currentColor" d="M{x}.5.5h3v9h-3z"/>"#)
                }
            })
            .collect()
    };
    let shapes = [
        ("state-critical", r#"<path fill="currentColor" d="M1 1h8v8H1z"/>"#),
        ("state-warning", r#"<path fill="currentColor" d="M5 1l5 8H0z"/>"#),
        ("state-running", r#"<circle fill="currentColor" cx="5" cy="5" r="4"/>"#),
        (
            "state-done",
            r#"<path fill="none" stroke="currentColor" stroke-width="2" d="M1 5.5l2.5 2.5L9 2.5"/>"#,
        ),
        ("state-open", r#"<circle fill="none" stroke="currentColor" stroke-width="2" cx="5" cy="5" r="3"/>"#),
    ];
    html! {
        svg.symbols aria-hidden="true" width="0" height="0" {
            @for level in Level::DESCENDING {
                symbol id={ "bars-" (level.index()) } viewBox="0 0 19 10" { (PreEscaped(bars(level.index()))) }
            }
            @for (id, shape) in shapes {
                symbol id=(id) viewBox="0 0 10 10" { (PreEscaped(shape)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[test]
    fn every_mark_has_its_shape_and_word() {
        let shapes = symbols().into_string();
        let words = Words::new(Language::Ja);
        for level in Level::DESCENDING {
            assert!(shapes.contains(&format!("id=\"bars-{}\"", level.index())));
            assert!(!level.mark(words).into_string().contains('['), "a word is missing for {level:?}");
        }
        for state in [State::Critical, State::Warning, State::Running, State::Done, State::Open] {
            let mark = state.mark("word").into_string();
            let id = mark.split("href=\"#").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
            assert!(shapes.contains(&format!("id=\"{id}\"")), "{id}");
        }
    }

    #[test]
    fn filled_bars_count_the_level() {
        let shapes = symbols().into_string();
        let critical =
            shapes.split("id=\"bars-4\"").nth(1).and_then(|rest| rest.split("</symbol>").next()).unwrap();
        assert_eq!(critical.matches("fill=\"currentColor\"").count(), 4);
    }
}
