//! Labels in other writings as the DNS has them (RFC 3492).

const BASE: u32 = 36;
const LEAST: u32 = 1;
const MOST: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const FIRST_BIAS: u32 = 72;
const FIRST: u32 = 128;

/// The part behind `xn--`; none where it would be longer than any label.
pub(super) fn encoded(label: &str) -> Option<String> {
    let signs: Vec<u32> = label.chars().map(u32::from).collect();
    let mut out: String = label.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(out.len()).ok()?;
    if basic > 0 {
        out.push('-');
    }
    let (mut sign, mut delta, mut bias, mut handled) = (FIRST, 0_u32, FIRST_BIAS, basic);
    while (handled as usize) < signs.len() {
        let next = signs.iter().copied().filter(|one| *one >= sign).min()?;
        delta = delta.checked_add((next - sign).checked_mul(handled + 1)?)?;
        sign = next;
        for one in &signs {
            if *one < sign {
                delta = delta.checked_add(1)?;
            }
            if *one == sign {
                number(&mut out, delta, bias);
                bias = adapted(delta, handled + 1, handled == basic);
                delta = 0;
                handled += 1;
            }
        }
        delta = delta.checked_add(1)?;
        sign += 1;
    }
    Some(out)
}

/// A number of variable length.
fn number(out: &mut String, delta: u32, bias: u32) {
    let (mut rest, mut place) = (delta, BASE);
    loop {
        let threshold = place.saturating_sub(bias).clamp(LEAST, MOST);
        if rest < threshold {
            out.push(digit(rest));
            return;
        }
        out.push(digit(threshold + (rest - threshold) % (BASE - threshold)));
        rest = (rest - threshold) / (BASE - threshold);
        place += BASE;
    }
}

fn adapted(delta: u32, signs: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / DAMP } else { delta / 2 };
    delta += delta / signs;
    let mut places = 0;
    while delta > (BASE - LEAST) * MOST / 2 {
        delta /= BASE - LEAST;
        places += BASE;
    }
    places + (BASE - LEAST + 1) * delta / (delta + SKEW)
}

fn digit(value: u32) -> char {
    char::from_digit(if value < 26 { value + 10 } else { value - 26 }, BASE).unwrap_or('a')
}
