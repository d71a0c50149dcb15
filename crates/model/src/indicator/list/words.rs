//! A line cut into words: at blanks and brackets, where cells of tables end, and where Japanese begins or ends
//! inside of what has no blanks around it. URLs and paths have their own ends.

use super::letters::{How, Letter};
use super::top;

/// A word of a line.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// Its signs, as they are meant.
    pub(super) text: String,
    /// Its first and the sign behind its last, in the line.
    pub(super) span: (usize, usize),
    /// The cell of a table that it stands in.
    cell: u32,
    /// How it was written: the least usual of its signs.
    pub(super) how: How,
    /// How many dots of it were spoken.
    pub(super) spoken: usize,
    /// Whether it stands in quotes or brackets alone.
    pub(super) is_quoted: bool,
    /// Whether something tells what follows.
    is_label: bool,
    /// Whether it ends where something was left out.
    pub(super) is_cut: bool,
    /// Whether there is nothing else in its cell, but what tells what it is.
    pub(super) is_alone: bool,
}

/// Most signs of an address in brackets, and of a label.
const BRACKETED: usize = 64;
/// Most signs that are looked at for an end.
const FAR: usize = 4 << 10;
/// Most signs of a name.
const NAME: usize = 253;

/// The words of a line.
pub(super) fn words(letters: &[Letter]) -> Vec<Word> {
    let (mut words, mut at, mut cell) = (Vec::<Word>::new(), 0, 0);
    while let Some(letter) = letters.get(at) {
        match letter.sign {
            ',' | ';' | '|' | '\t' => cell += 1,
            ':' | '=' => words.iter_mut().rev().take(1).for_each(|word| word.is_label = true),
            _ => {}
        }
        let end = end(letters, at);
        if end == at {
            at += 1;
            continue;
        }
        let word = word(letters, (at, end), cell);
        if word.text.chars().any(char::is_alphanumeric) || word.text.contains("::") {
            words.push(word);
        }
        at = end;
    }
    alone(&mut words);
    words
}

fn word(letters: &[Letter], (from, to): (usize, usize), cell: u32) -> Word {
    let own = &letters[from..to];
    let text: String = own.iter().map(|letter| letter.sign).collect();
    let next = letters.get(to).map(|letter| letter.sign);
    let before = from.checked_sub(1).map(|at| letters[at].sign);
    let is_quoted = matches!(
        (before, next),
        (Some('"'), Some('"'))
            | (Some('\''), Some('\''))
            | (Some('`'), Some('`'))
            | (Some('<'), Some('>'))
            | (Some('('), Some(')'))
    );
    Word {
        span: (from, to),
        cell,
        how: own.iter().map(|letter| letter.how).max().unwrap_or(How::Written),
        spoken: own.iter().filter(|letter| letter.how == How::Spoken).count(),
        is_quoted,
        is_label: text.ends_with(':') || next == Some('='),
        is_cut: next == Some('…') || text.ends_with(".."),
        is_alone: false,
        text,
    }
}

/// Says of each word whether its cell has another one. What tells what it is does not count, nor does the number
/// of an entry.
fn alone(words: &mut [Word]) {
    let is_number = |word: &Word| {
        word.text.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, '.' | ':' | '#'))
            && word.text.matches('.').count() < 2
    };
    let counts: Vec<bool> =
        words.iter().enumerate().map(|(at, word)| !(word.is_label || (at == 0 && is_number(word)))).collect();
    let mut at = 0;
    while at < words.len() {
        let cell = words[at].cell;
        let end = at + words[at..].iter().take_while(|word| word.cell == cell).count();
        let number = counts[at..end].iter().filter(|counts| **counts).count();
        for (word, counts) in words[at..end].iter_mut().zip(&counts[at..end]) {
            word.is_alone = number == usize::from(*counts);
        }
        at = end;
    }
}

/// Where the word ends that begins here; here itself, if none does.
fn end(letters: &[Letter], from: usize) -> usize {
    let sign = letters[from].sign;
    if let Some(end) = bracketed(letters, from) {
        return plain_end(letters, from, end);
    }
    if is_joined(sign) {
        return joined_end(letters, from);
    }
    if !is_of_word(sign) {
        return from;
    }
    if let Some(end) = path_end(letters, from) {
        return end;
    }
    plain_end(letters, from, from)
}

/// The end of an address of IPv6 in brackets.
fn bracketed(letters: &[Letter], from: usize) -> Option<usize> {
    if letters[from].sign != '[' {
        return None;
    }
    let inside = letters[from + 1..].iter().take(BRACKETED).position(|letter| letter.sign == ']')?;
    let inside = &letters[from + 1..from + 1 + inside];
    let is_of_address = |letter: &Letter| {
        letter.sign.is_ascii_hexdigit() || matches!(letter.sign, ':' | '.') || letter.how == How::Harmless
    };
    let zone = inside.iter().position(|letter| letter.sign == '%').unwrap_or(inside.len());
    let colons = inside[..zone].iter().filter(|letter| letter.sign == ':').count();
    (colons >= 2 && inside[..zone].iter().all(is_of_address)).then(|| from + inside.len() + 2)
}

/// The end of a word that is no path, of which a part was looked at.
fn plain_end(letters: &[Letter], from: usize, looked: usize) -> usize {
    let closing = closing(letters, from);
    let (mut at, mut is_url, mut has_path) = (looked, false, false);
    while let Some(letter) = letters.get(at) {
        let sign = letter.sign;
        is_url |= sign == '/' && at >= from + 2 && letters[at - 1].sign == '/' && letters[at - 2].sign == ':';
        has_path |= sign == '/' && at > from;
        let goes_on = if is_url {
            match (letters[..at].last(), bracketed(letters, at)) {
                (Some(last), Some(end)) if last.sign == '/' => {
                    at = end;
                    continue;
                }
                _ => is_of_url(letters, (from, at), closing),
            }
        } else {
            is_of_word(sign) || (has_path && matches!(sign, '=' | '*')) || begins_label(letters, (from, at))
        };
        if !goes_on {
            break;
        }
        at += 1;
    }
    at
}

/// The sign that ends what stands in quotes or brackets, where the word is the first in there.
fn closing(letters: &[Letter], from: usize) -> Option<char> {
    let opening = letters[..from].last()?.sign;
    let closing = match opening {
        '"' | '\'' | '`' => opening,
        '<' => '>',
        _ => return None,
    };
    letters[from..].iter().take(FAR).any(|letter| letter.sign == closing).then_some(closing)
}

fn is_of_url(letters: &[Letter], (from, at): (usize, usize), closing: Option<char>) -> bool {
    let sign = letters[at].sign;
    if sign.is_whitespace() || matches!(sign, '"' | '<' | '>' | '`' | '，' | '…') || Some(sign) == closing
    {
        return false;
    }
    if matches!(sign, ',' | ';' | '|') {
        return closing.is_some();
    }
    sign.is_ascii() || closing.is_some() || !is_joined(sign) || begins_label(letters, (from, at))
}

/// Whether a sign of a writing without blanks is of a label that has no others, as in `例え.jp`.
fn begins_label(letters: &[Letter], (from, at): (usize, usize)) -> bool {
    if at == from || !is_joined(letters[at].sign) {
        return false;
    }
    let label =
        letters[from..at].iter().rev().take(BRACKETED).take_while(|letter| is_joined(letter.sign)).count();
    let before = (at - label).checked_sub(1).map(|at| letters[at].sign);
    label < at - from
        && (before == Some('.')
            || (before == Some('/') && at - label >= from + 3 && letters[at - label - 2].sign == '/'))
}

/// The end of what begins in a writing without blanks: of a name, if it can be one, or of the writing.
fn joined_end(letters: &[Letter], from: usize) -> usize {
    let run = letters[from..].iter().take_while(|letter| is_joined(letter.sign)).count();
    let behind = from + run;
    let is_name = letters.get(behind).is_some_and(|letter| letter.sign == '.')
        && letters.get(behind + 1).is_some_and(|letter| letter.sign.is_alphanumeric());
    if !is_name {
        return behind;
    }
    let mut end = behind;
    while let Some(letter) = letters.get(end).filter(|_| end < from + NAME) {
        let is_in_label = is_joined(letter.sign)
            && letters[from..end].last().is_some_and(|last| last.sign == '.' || is_joined(last.sign));
        if !(is_in_label || is_of_word(letter.sign)) {
            break;
        }
        end += 1;
    }
    let name: String = letters[from..end].iter().map(|letter| letter.sign).collect();
    let top = name.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    if top::ending(&top.to_lowercase()) == top::Ending::Other { behind } else { end }
}

/// The end of a path of Windows.
fn path_end(letters: &[Letter], from: usize) -> Option<usize> {
    let sign = |at: usize| letters.get(from + at).map(|letter| letter.sign);
    let has_drive = sign(0)?.is_ascii_alphabetic() && sign(1) == Some(':') && sign(2) == Some('\\');
    let is_share =
        sign(0) == Some('\\') && sign(1) == Some('\\') && sign(2).is_some_and(char::is_alphanumeric);
    let variable = || letters[from + 1..].iter().take(40).position(|letter| letter.sign == '%');
    let is_variable =
        sign(0) == Some('%') && variable().is_some_and(|end| end > 0 && sign(end + 2) == Some('\\'));
    if !(has_drive || is_share || is_variable) {
        return None;
    }
    let rest = &letters[from..letters.len().min(from + FAR)];
    if let Some(closing) = closing(letters, from) {
        return rest.iter().position(|letter| letter.sign == closing).map(|end| from + end);
    }
    let is_end =
        |letter: &Letter| matches!(letter.sign, '\t' | '"' | '<' | '>' | '|' | ',' | ';' | '，' | '…' | '`');
    let most = rest.iter().position(is_end).unwrap_or(rest.len());
    let rest = &rest[..most];
    Some(
        from + top::behind_ending(rest)
            .or_else(|| rest.iter().position(|letter| letter.sign == ' '))
            .unwrap_or(most),
    )
}

/// Whether a sign can be of a word whatever it is. A colon, a dash and the like are, and trimmed later.
fn is_of_word(sign: char) -> bool {
    match sign {
        '"' | '\'' | '`' | '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | ',' | ';' | '=' => false,
        sign if sign.is_ascii() => !sign.is_ascii_whitespace(),
        sign => sign.is_alphanumeric() && !is_joined(sign),
    }
}

/// Whether a sign is of a writing that has no blanks between words.
pub(super) fn is_joined(sign: char) -> bool {
    matches!(
        u32::from(sign),
        0x2e80..=0x2fdf | 0x3005..=0x3007 | 0x3040..=0x30ff | 0x3130..=0x318f | 0x31f0..=0x31ff | 0x3400..=0x4dbf
            | 0x4e00..=0x9fff | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xff66..=0xff9f | 0x0e00..=0x0e7f | 0x20000..=0x3ffff
    )
}
