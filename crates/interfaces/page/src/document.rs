//! The whole HTML file: one file, no network, no fonts from elsewhere.
//!
//! The content security policy allows the inline styles, pictures in `data:` and exactly the
//! one script given, named by its hash; everything else is refused by the browser. Without
//! JavaScript the page is complete.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use model::marking::Tlp;

use crate::hash;
use crate::marks::{TlpWords, symbols};
use crate::words::{Language, Words};

/// Styles of every page: tokens, components, then narrow screens, then paper.
const STYLE: &str = concat!(
    include_str!("../style/tokens.css"),
    include_str!("../style/page.css"),
    include_str!("../style/parts.css"),
    include_str!("../style/narrow.css"),
    include_str!("../style/print.css"),
);

/// What a page of ours says of its maker, and is recognised by.
pub const MARK: &str = "<meta name=\"generator\" content=\"Noroshi\">";

/// A signal fire seen from afar: the mark in the browser's tab.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%230017c1' d='M2 14h12v2H2zM4 13l2-5h4l2 5z'/%3E%3Ccircle cx='8' cy='4' r='2.5' fill='none' stroke='%230017c1' stroke-width='1.5'/%3E%3C/svg%3E";

/// A page as one file.
pub struct Document {
    /// Language of its words.
    pub language: Language,
    /// Title of the page, foreign or not.
    pub title: String,
    /// Its marking.
    pub tlp: Tlp,
    /// What stands at the right end of the bar on top.
    pub aside: String,
    /// The rail at the left: places in this document.
    pub rail: Vec<RailLink>,
    /// The content.
    pub main: Markup,
    /// The last line.
    pub footer: Markup,
    /// Styles of this kind of page alone, ours; empty when it has none.
    pub style: &'static str,
    /// The one script, ours; empty when the page has none.
    pub script: &'static str,
}

/// One entry of the rail.
pub struct RailLink {
    /// Id of the section it leads to.
    pub target: &'static str,
    /// Name.
    pub name: String,
    /// Number at the right, may be empty.
    pub count: String,
}

impl Document {
    /// The file's text.
    #[must_use]
    pub fn html(&self) -> String {
        let words = Words::new(self.language);
        let page = html! {
            (DOCTYPE)
            html lang=(self.language.tag()) {
                (self.document_head())
                body {
                    a.skip href="#main" { (words.get("page-skip")) }
                    (symbols())
                    (self.bar(words))
                    div.frame {
                        (self.navigation(words))
                        div.content {
                            main #main tabindex="-1" { (self.main) }
                            footer.foot { (self.footer) }
                        }
                    }
                    @if !self.script.is_empty() { script { (PreEscaped(self.script)) } }
                }
            }
        };
        page.into_string()
    }

    fn document_head(&self) -> Markup {
        html! {
            head {
                meta charset="utf-8";
                (PreEscaped(MARK))
                meta http-equiv="Content-Security-Policy" content=(policy(self.script));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="only light";
                title { (self.title) " – " (self.tlp.as_str()) }
                link rel="icon" href=(ICON);
                style { (PreEscaped(STYLE)) (PreEscaped(self.style)) (PreEscaped(self.paper())) }
            }
        }
    }

    /// Running head and foot of the printed page.
    fn paper(&self) -> String {
        let (title, label) = (css_string(&self.title), css_string(self.tlp.as_str()));
        let mark = format!("content:{label};color:{};", self.tlp.colour());
        format!(
            "@page{{@top-left{{content:{title}}}@top-right{{{mark}}}@bottom-left{{content:counter(page) \" / \" counter(pages)}}@bottom-right{{{mark}}}}}"
        )
    }

    fn bar(&self, words: Words) -> Markup {
        html! {
            header.tlp style={ "--tlp:" (self.tlp.colour()) } {
                strong { (self.tlp.as_str()) }
                span.meaning { (self.tlp.meaning(words)) }
                span.aside { (self.aside) }
            }
        }
    }

    fn navigation(&self, words: Words) -> Markup {
        html! {
            nav.rail aria-label=(words.get("page-sections")) {
                p.name { b lang="ja" { (words.get("page-product")) } " " span { (words.get("page-product-latin")) } }
                ul {
                    @for link in &self.rail {
                        li { a href={ "#" (link.target) } { span { (link.name) } @if !link.count.is_empty() { " " span.count { (link.count) } } } }
                    }
                }
            }
        }
    }
}

/// The content security policy of a page with `script` as its only script.
#[must_use]
pub fn policy(script: &str) -> String {
    let scripts = if script.is_empty() { "'none'".to_owned() } else { format!("'{}'", hash::source(script)) };
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src {scripts}; img-src data:; base-uri 'none'; form-action 'none'"
    )
}

/// A CSS string of any text: everything but ASCII letters and digits is escaped, so that no
/// text ends the string or the style element.
fn css_string(text: &str) -> String {
    let mut string = String::from("\"");
    for character in text.chars() {
        if character.is_ascii_alphanumeric() || character == ' ' {
            string.push(character);
        } else {
            string.push_str(&format!("\\{:x} ", u32::from(character)));
        }
    }
    string.push('"');
    string
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(title: &str) -> Document {
        Document {
            language: Language::En,
            title: title.to_owned(),
            tlp: Tlp::AmberStrict,
            aside: String::new(),
            rail: Vec::new(),
            main: html! { p { "content" } },
            footer: html! {},
            style: "",
            script: "document.body.dataset.ready=1",
        }
    }

    #[test]
    fn the_policy_names_the_script_by_its_hash() {
        let html = document("t").html();
        assert!(html.contains("default-src 'none'"), "{html}");
        assert!(html.contains(&format!("script-src '{}'", hash::source("document.body.dataset.ready=1"))));
        assert!(policy("").contains("script-src 'none'"));
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        let html = document("t").html();
        for word in ["src=\"http", "@import", "url(", "href=\"http", "<iframe", "<img"] {
            assert!(!html.contains(word), "{word}");
        }
    }

    #[test]
    fn a_hostile_title_stays_a_title() {
        let html = document("</style></title><script>x</script>\"\\").html();
        assert_eq!(html.matches("<script>").count(), 1);
        assert_eq!(html.matches("</style>").count(), 1);
        assert_eq!(css_string("a\"</style>"), "\"a\\22 \\3c \\2f style\\3e \"");
    }
}
