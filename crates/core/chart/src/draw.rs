//! The few SVG elements the charts are made of, and the colours they use.

use std::fmt::Write as _;

use crate::measure;

pub(crate) const INK: &str = "#1a1a1c";
pub(crate) const INK_3: &str = "#626264";
pub(crate) const RULE: &str = "#d9d9d9";
pub(crate) const TRACK: &str = "#f0f0f0";
pub(crate) const EDGE: &str = "#4979f5";

/// How a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Type {
    pub(crate) size: f64,
    pub(crate) bold: bool,
    pub(crate) colour: &'static str,
}

pub(crate) const AXIS: Type = Type { size: 12.0, bold: false, colour: INK_3 };
pub(crate) const LABEL: Type = Type { size: 12.0, bold: false, colour: INK };
pub(crate) const STRONG: Type = Type { size: 13.0, bold: true, colour: INK };

/// Name of a drawing for people who do not see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name<'a> {
    /// Unique in the document; empty leaves `<title>` alone to name the drawing.
    pub(crate) id: &'a str,
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
}

/// A growing drawing.
pub(crate) struct Drawing {
    body: String,
}

impl Drawing {
    pub(crate) fn new() -> Self {
        Self { body: String::new() }
    }

    /// A straight line, one pixel wide.
    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str) {
        let _ = write!(
            self.body,
            r#"<path d="M{} {}L{} {}" stroke="{colour}" fill="none"/>"#,
            Number(from.0),
            Number(from.1),
            Number(to.0),
            Number(to.1)
        );
    }

    /// A hollow circle: the mark of an annotation.
    pub(crate) fn circle(&mut self, x: f64, y: f64) {
        let _ = write!(
            self.body,
            r##"<circle cx="{}" cy="{}" r="4.5" fill="#fff" stroke="{INK}" stroke-width="1.5"/>"##,
            Number(x),
            Number(y)
        );
    }

    /// Many rectangles of one fill in one path. Light fills get an edge.
    pub(crate) fn rectangles(&mut self, rectangles: &[Rectangle], fill: &str) {
        if rectangles.is_empty() {
            return;
        }
        let light = fill == crate::FILLS[0] || fill == crate::FILLS[1];
        let narrow = rectangles.iter().any(|rectangle| rectangle.width < 4.0);
        let (inset, edge) = match (light, narrow) {
            (false, _) => (0.0, String::new()),
            (true, true) => (0.25, format!(r#" stroke="{EDGE}" stroke-width=".5""#)),
            (true, false) => (0.5, format!(r#" stroke="{EDGE}""#)),
        };
        self.body.push_str("<path d=\"");
        for rectangle in rectangles {
            let width = (rectangle.width - 2.0 * inset).max(0.1);
            let height = (rectangle.height - 2.0 * inset).max(0.1);
            let _ = write!(
                self.body,
                "M{} {}h{}v{}h{}z",
                Number(rectangle.x + inset),
                Number(rectangle.y + inset),
                Number(width),
                Number(height),
                Number(-width)
            );
        }
        let _ = write!(self.body, r#"" fill="{fill}"{edge}/>"#);
    }

    /// One line of text; `place` is its anchor on the baseline.
    pub(crate) fn text(&mut self, text: &str, place: (f64, f64), anchor: Anchor, look: Type) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let weight = if look.bold { r#" font-weight="700""# } else { "" };
        let _ = write!(
            self.body,
            r#"<text x="{}" y="{}" font-size="{}" fill="{}"{anchor}{weight}>{}</text>"#,
            Number(place.0),
            Number(place.1),
            Number(look.size),
            look.colour,
            escape(text)
        );
    }

    /// Wraps the drawing in its `<svg>` element.
    pub(crate) fn finish(self, name: Name<'_>, size: (f64, f64)) -> String {
        let (width, height) = (Number(size.0), Number(size.1));
        let id = escape(name.id);
        let labelled = match (name.id.is_empty(), name.description.is_empty()) {
            (true, _) => String::new(),
            (false, true) => format!(r#" aria-labelledby="{id}-title""#),
            (false, false) => format!(r#" aria-labelledby="{id}-title {id}-desc""#),
        };
        let named = |element: &str, text: &str| {
            if text.is_empty() {
                return String::new();
            }
            let identity =
                if name.id.is_empty() { String::new() } else { format!(r#" id="{id}-{element}""#) };
            format!("<{element}{identity}>{}</{element}>", escape(text))
        };
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"{labelled}>{}{}{}</svg>"#,
            named("title", name.title),
            named("desc", name.description),
            self.body
        )
    }
}

/// A filled rectangle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rectangle {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// Upper bound of a text's width.
pub(crate) fn breadth(text: &str, look: Type) -> f64 {
    measure::width(text, look.size)
}

/// A coordinate rounded to a twentieth, written as short as it gets.
struct Number(f64);

impl std::fmt::Display for Number {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tenths = (self.0 * 20.0).round() / 20.0;
        // Never "-0".
        write!(out, "{}", if tenths == 0.0 { 0.0 } else { tenths })
    }
}

/// XML text and attribute escaping; characters XML forbids become U+FFFD.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(escape("</svg><script>\"'&\u{1b}"), "&lt;/svg&gt;&lt;script&gt;&quot;&#39;&amp;\u{fffd}");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(Number(1.0).to_string(), "1");
        assert_eq!(Number(-0.001).to_string(), "0");
        assert_eq!(Number(10.26).to_string(), "10.25");
    }
}
