//! How wide a text is, without a font at hand.
//!
//! The advance of each ASCII letter is the largest found in the bold and regular faces of
//! the fonts the platform asks for (BIZ UDPGothic, Noto Sans, Noto Sans CJK JP), in
//! hundredths of the font size. Everything else counts as one full width unless it is known
//! to be half or none. A text is therefore never wider than [`width`] says in those fonts,
//! and up to a quarter narrower.

/// Advances of U+0020 to U+007E in hundredths of an em.
const ASCII: [u8; 95] = [
    33, 37, 57, 94, 80, 100, 91, 32, 50, 51, 55, 84, 33, 48, 33, 50, // space to /
    76, 63, 76, 76, 76, 76, 76, 76, 76, 76, 34, 34, 84, 84, 84, 80, // 0 to ?
    101, 78, 77, 81, 85, 70, 67, 86, 84, 44, 57, 76, 61, 100, 84, 88, // @ to O
    76, 90, 76, 73, 70, 86, 76, 100, 82, 74, 75, 55, 50, 55, 59, 57, // P to _
    63, 66, 73, 64, 73, 69, 51, 67, 72, 32, 40, 66, 36, 98, 72, 70, // ` to o
    73, 73, 49, 59, 49, 72, 60, 90, 62, 64, 58, 54, 55, 54, 59, // p to ~
];

/// Upper bound of the width of `text` set at `size`, in the unit of `size`.
#[must_use]
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size / 100.0
}

/// Shortens `text` with an ellipsis so that it is at most `room` wide at `size`.
#[must_use]
pub fn shorten(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let room = room - width("…", size);
    let mut kept = String::new();
    let mut used = 0.0;
    for character in text.chars() {
        used += advance(character) * size / 100.0;
        if used > room {
            break;
        }
        kept.push(character);
    }
    format!("{}…", kept.trim_end())
}

/// Breaks `text` into at most `lines` lines of at most `room`; the last one is shortened
/// when the text does not fit. Japanese breaks between any two characters except before
/// closing marks, small kana and counters after a number, other text between words.
#[must_use]
pub fn wrap(text: &str, size: f64, room: f64, lines: usize) -> Vec<String> {
    let mut done: Vec<String> = Vec::new();
    let mut line = String::new();
    let pieces = pieces(text);
    let mut at = 0;
    while at < pieces.len() {
        let piece = pieces[at];
        let longer = format!("{line}{piece}");
        if line.is_empty() || width(longer.trim_end(), size) <= room {
            line = longer;
        } else if done.len() + 1 >= lines {
            line.push_str(&pieces[at..].concat());
            break;
        } else {
            done.push(line.trim_end().to_owned());
            line = piece.to_owned();
        }
        at += 1;
    }
    done.push(line.trim_end().to_owned());
    done.iter().map(|line| shorten(line, size, room)).collect()
}

/// Parts of a text that must stay on one line, each with the space after it.
fn pieces(text: &str) -> Vec<&str> {
    let mut cuts = vec![0];
    let mut before: Option<char> = None;
    for (place, character) in text.char_indices() {
        if before.is_some_and(|before| may_break(before, character)) {
            cuts.push(place);
        }
        before = Some(character);
    }
    cuts.push(text.len());
    cuts.windows(2).map(|pair| &text[pair[0]..pair[1]]).filter(|piece| !piece.is_empty()).collect()
}

fn may_break(before: char, after: char) -> bool {
    const NOT_FIRST: &str =
        "、。，．・：；？！）」』】〉》〕’”々ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ…%％";
    const NOT_LAST: &str = "（「『【〈《〔‘“";
    if after == ' ' || NOT_FIRST.contains(after) || NOT_LAST.contains(before) {
        return false;
    }
    // A number and its counter stay together: 33件.
    if before.is_ascii_digit() && is_wide(after) {
        return false;
    }
    before == ' ' || is_wide(before) || is_wide(after)
}

fn advance(character: char) -> f64 {
    let code = u32::from(character);
    match code {
        0x20..=0x7E => f64::from(ASCII[(code - 0x20) as usize]),
        // Combining marks and marks without width.
        0x0300..=0x036F | 0x200B..=0x200F | 0x2060 | 0xFE00..=0xFE0F | 0x3099 | 0x309A => 0.0,
        // Half-width katakana and hangul.
        0xFF61..=0xFFDC => 55.0,
        // Letters with accents, Greek, Cyrillic.
        0x00A0..=0x024F => 90.0,
        _ => 105.0,
    }
}

fn is_wide(character: char) -> bool {
    matches!(u32::from(character), 0x1100..=0x11FF | 0x2E80..=0xD7FF | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFF60 | 0x1F300..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_at_least_their_size() {
        assert!(width("狼煙", 12.0) >= 24.0);
        assert!(width("noroshi", 12.0) > 40.0);
        assert!(width("", 12.0).abs() < f64::EPSILON);
    }

    #[test]
    fn shortened_text_fits() {
        let long = "ひなた市役所の3台で資格情報が読み出された";
        let short = shorten(long, 12.0, 120.0);
        assert!(short.ends_with('…') && width(&short, 12.0) <= 120.0, "{short}");
        assert_eq!(shorten("short", 12.0, 120.0), "short");
    }

    #[test]
    fn wrapped_lines_fit_and_lose_nothing() {
        let text = "重大な検知はHINATA-DC01に集まる、3台のうち。";
        let lines = wrap(text, 12.0, 130.0, 9);
        assert_eq!(lines.concat(), text);
        assert!(lines.iter().all(|line| width(line, 12.0) <= 130.0), "{lines:?}");
        assert!(lines.iter().all(|line| !line.starts_with(['、', '。'])), "{lines:?}");
        let words = wrap("Credentials were read on two hosts", 12.0, 150.0, 9);
        assert_eq!(words.join(" "), "Credentials were read on two hosts");
    }

    #[test]
    fn the_last_line_carries_an_ellipsis() {
        let lines = wrap("one two three four five six seven eight nine ten", 12.0, 90.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'));
    }
}
