//! A line as it is meant: signs of full width as others, invisible ones left out, and what was made
//! harmless as it was. Each sign knows where it stood.

/// A sign of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) sign: char,
    /// Its place in the line, from 1.
    pub(super) column: u32,
    pub(super) how: How,
}

/// How a sign was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    /// As it is.
    Written,
    /// As the word `dot`.
    Spoken,
    /// So that nobody follows it by accident.
    Harmless,
}

/// Signs that are looked at before one.
const FAR: usize = 256;

/// What people write for a sign, the longest first. Blanks around it are left out.
const HARMLESS: [(&str, &str); 39] = [
    ("[アットマーク]", "@"),
    ("(アットマーク)", "@"),
    ("[ドット]", "."),
    ("(ドット)", "."),
    ("[punto]", "."),
    ("[://]", "://"),
    ("[:]//", "://"),
    ("[:/]/", "://"),
    ("[dot]", "."),
    ("(dot)", "."),
    ("{dot}", "."),
    ("<dot>", "."),
    ("[d0t]", "."),
    ("[ . ]", "."),
    ("( . )", "."),
    ("{ . }", "."),
    ("[at]", "@"),
    ("(at)", "@"),
    ("{at}", "@"),
    ("<at>", "@"),
    ("[s]", "s"),
    ("(s)", "s"),
    ("[.]", "."),
    ("(.)", "."),
    ("{.}", "."),
    ("<.>", "."),
    ("[:]", ":"),
    ("(:)", ":"),
    ("{:}", ":"),
    ("[@]", "@"),
    ("(@)", "@"),
    ("{@}", "@"),
    ("[/]", "/"),
    ("(/)", "/"),
    ("[-]", "-"),
    ("\\.", "."),
    ("\\/", "/"),
    ("[.", "."),
    (".]", "."),
];

/// The signs of a line as they are meant.
pub(super) fn meant(line: &str) -> Vec<Letter> {
    let plain: Vec<Letter> = (1..).zip(line.chars()).filter_map(plain).collect();
    let mut meant = Vec::with_capacity(plain.len());
    let mut at = 0;
    while at < plain.len() {
        let next = spoken(&plain, at, &meant).or_else(|| harmless(&plain, at, &mut meant));
        match next {
            Some((sign, how, behind)) => {
                let column = plain[at].column;
                meant.extend(sign.chars().map(|sign| Letter { sign, column, how }));
                at = behind;
            }
            None => {
                meant.push(stop(&plain, at));
                at += 1;
            }
        }
    }
    meant
}

/// A sign in its plain form; none if nobody sees it.
fn plain((column, sign): (u32, char)) -> Option<Letter> {
    let sign = match sign {
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => {
            return None;
        }
        '\t' => '\t',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
        '「' | '」' | '『' | '』' | '｢' | '｣' | '“' | '”' | '„' | '«' | '»' => '"',
        '‘' | '’' => '\'',
        '【' | '〔' | '《' | '〈' => '(',
        '】' | '〕' | '》' | '〉' => ')',
        '、' | '､' => '，',
        '・' | '･' | '—' | '―' | '•' | '→' | '⇒' => ' ',
        '\u{2010}'..='\u{2013}' | '\u{2212}' => '-',
        sign if sign.is_whitespace() || sign.is_control() => ' ',
        sign => sign,
    };
    Some(Letter { sign, column, how: How::Written })
}

/// A full stop of Japanese is a dot inside of a name, and an end elsewhere.
fn stop(plain: &[Letter], at: usize) -> Letter {
    let letter = plain[at];
    if !matches!(letter.sign, '。' | '｡') {
        return letter;
    }
    let is_inside =
        at.checked_sub(1).is_some_and(|before| is_of_name(&plain[before..])) && is_of_name(&plain[at + 1..]);
    if is_inside {
        Letter { sign: '.', how: How::Harmless, ..letter }
    } else {
        Letter { sign: '，', ..letter }
    }
}

/// Whether the first sign can be of a name.
fn is_of_name(letters: &[Letter]) -> bool {
    letters
        .first()
        .is_some_and(|letter| letter.sign.is_ascii_alphanumeric() || matches!(letter.sign, '-' | '_'))
}

/// The word `dot` between two parts of a name, with blanks around it.
fn spoken(plain: &[Letter], at: usize, before: &[Letter]) -> Option<(&'static str, How, usize)> {
    if plain[at].sign != ' ' || !before.last().is_some_and(|last| is_of_name(&[*last])) {
        return None;
    }
    let word = behind_blanks(plain, at);
    let end = matches(plain, word, "dot")?;
    let next = behind_blanks(plain, end);
    (next > end && is_of_name(&plain[next..])).then_some((".", How::Spoken, next))
}

/// What stands for a sign here, and where it ends; blanks before it are taken back.
fn harmless(plain: &[Letter], at: usize, before: &mut Vec<Letter>) -> Option<(&'static str, How, usize)> {
    if !matches!(plain[at].sign, '[' | '(' | '{' | '<' | '.' | '\\' | ':') {
        return None;
    }
    let (form, sign) = HARMLESS.iter().find(|(form, _)| matches(plain, at, form).is_some()).copied()?;
    let end = at + form.chars().count();
    match sign {
        "." | "@" => joined(plain, (form, sign, end), before),
        "s" => {
            let is_of_scheme = before.last().is_some_and(|last| matches!(last.sign, 'p' | 'P'))
                && plain.get(end).is_some_and(|next| matches!(next.sign, ':' | '['));
            is_of_scheme.then_some((sign, How::Harmless, end))
        }
        // In JSON a slash may be written so, and means nothing.
        "/" if form == "\\/" => Some((sign, How::Written, end)),
        _ => Some((sign, How::Harmless, end)),
    }
}

/// A dot or an at-sign between two parts of a name; where a whole form stands for it, without blanks around it.
fn joined(
    plain: &[Letter],
    (form, sign, end): (&str, &'static str, usize),
    before: &mut Vec<Letter>,
) -> Option<(&'static str, How, usize)> {
    let is_whole = form.len() > 2;
    let (word, next) = if is_whole {
        let blanks = before.iter().rev().take_while(|letter| letter.sign == ' ').count();
        (before.len() - blanks, behind_blanks(plain, end))
    } else {
        (before.len(), end)
    };
    let is_between = before[..word].last().is_some_and(|last| is_letter(last.sign))
        && plain.get(next).is_some_and(|next| is_letter(next.sign) || next.sign == '*');
    if !is_between || (form == "\\." && is_in_path(&before[..word])) {
        return None;
    }
    before.truncate(word);
    Some((sign, How::Harmless, next))
}

fn is_letter(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '-' | '_' | '*' | '+')
}

/// Whether what was read last is a path, in which `\.` is a part.
fn is_in_path(before: &[Letter]) -> bool {
    let word: Vec<char> = before
        .iter()
        .rev()
        .take(FAR)
        .map(|letter| letter.sign)
        .take_while(|sign| !sign.is_whitespace())
        .collect();
    word.contains(&'\\') || word.contains(&'%')
}

fn behind_blanks(plain: &[Letter], from: usize) -> usize {
    from + plain[from.min(plain.len())..].iter().take_while(|letter| letter.sign == ' ').count()
}

/// Where a form ends that begins here, in capitals or not.
fn matches(plain: &[Letter], at: usize, form: &str) -> Option<usize> {
    let mut end = at;
    for sign in form.chars() {
        if plain.get(end)?.sign.to_ascii_lowercase() != sign {
            return None;
        }
        end += 1;
    }
    Some(end)
}
