//! Text that came from outside: log values, host and file names, rule titles, reasons.
//!
//! An attacker writes such text. Markup in it is escaped by the HTML writer; what remains are
//! characters that a reader does not see but that change what they read: terminal controls,
//! marks that reverse the writing direction, characters without width. They are shown as
//! their code point, `⟨U+202E⟩`, and every text stands in an element that isolates its
//! direction from the page.

use std::borrow::Cow;

use maud::{Markup, html};

use crate::words::Words;

/// Longest foreign text a page shows, in characters.
pub const LONGEST: usize = 4_000;

/// `text` with every invisible character shown as its code point, on one line.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    show(text, false)
}

/// Like [`visible`], but line breaks and tabs stay: for blocks such as scripts.
#[must_use]
pub fn visible_block(text: &str) -> Cow<'_, str> {
    show(text, true)
}

fn show(text: &str, block: bool) -> Cow<'_, str> {
    let hidden = |character: char| !(block && matches!(character, '\n' | '\t')) && is_hidden(character);
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if hidden(character) {
            shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(character)));
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// True for characters that are not seen but change what is read.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            u32::from(character),
            0x00AD // soft hyphen
                | 0x034F // combining grapheme joiner
                | 0x061C // Arabic letter mark
                | 0x115F | 0x1160 | 0x3164 | 0xFFA0 // hangul fillers
                | 0x17B4 | 0x17B5 | 0x180B..=0x180F // Khmer and Mongolian invisible marks
                | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F // width, direction, lines
                | 0xFE00..=0xFE0F | 0xE0100..=0xE01EF // variation selectors
                | 0xFEFF | 0xFFF9..=0xFFFB // byte order mark, interlinear marks
                | 0xE0000..=0xE007F // tags
        )
}

/// `text` cut after [`LONGEST`] characters, with the number of those left out.
#[must_use]
pub fn cut(text: &str, words: Words) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST) {
        None => Cow::Borrowed(text),
        Some((end, _)) => {
            let left = text[end..].chars().count();
            Cow::Owned(format!("{} {}", &text[..end], words.with("page-cut", &[("number", left.into())])))
        }
    }
}

/// Foreign text inside the page's own text.
#[must_use]
pub fn text(text: &str) -> Markup {
    html! { bdi { (visible(text)) } }
}

/// A machine's value (path, hash, address, identifier), in the machine type face.
#[must_use]
pub fn machine(text: &str) -> Markup {
    html! { bdi.machine { (visible(text)) } }
}

/// A machine's value that may have many lines; long ones are cut.
#[must_use]
pub fn block(text: &str, words: Words) -> Markup {
    html! { bdi.machine.block { (visible_block(&cut(text, words))) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[test]
    fn ordinary_text_is_not_touched() {
        for text in ["", "C:\\Windows\\Temp\\a b.exe", "ひなた市役所　情報課", "שלום", "é 🙂"]
        {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn hidden_characters_show_their_code_point() {
        let cases = [
            ("invoice\u{202e}fdp.exe", "invoice⟨U+202E⟩fdp.exe"),
            ("\u{1b}[2Jgone", "⟨U+001B⟩[2Jgone"),
            ("zero\u{200b}width", "zero⟨U+200B⟩width"),
            ("a\nb\tc\0", "a⟨U+000A⟩b⟨U+0009⟩c⟨U+0000⟩"),
            ("\u{feff}bom\u{9b}", "⟨U+FEFF⟩bom⟨U+009B⟩"),
            ("tag\u{e0041}", "tag⟨U+E0041⟩"),
        ];
        for (text, shown) in cases {
            assert_eq!(visible(text), shown);
        }
        assert_eq!(visible_block("a\nb\r"), "a\nb⟨U+000D⟩");
    }

    #[test]
    fn markup_is_escaped() {
        let shown = text("<script>alert('x')</script>").into_string();
        assert!(!shown.contains("<script"), "{shown}");
    }

    #[test]
    fn long_text_says_how_much_is_missing() {
        let long = "狼".repeat(LONGEST + 1_234);
        let words = Words::new(Language::En);
        assert!(cut(&long, words).ends_with("1,234 more characters"));
        assert_eq!(cut("short", words), "short");
    }
}
