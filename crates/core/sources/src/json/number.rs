//! Numbers in every form that JSON has: `4624`, `4624.0`, `4.624e3` and `46240e-1` are the same.

/// Digits that are kept; further ones are below what anybody measures.
const DIGITS: usize = 30;

/// A number as written, to 30 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    digits: i128,
    /// Power of ten that they are to be multiplied with.
    exponent: i32,
    exact: bool,
}

impl Number {
    /// Reads a number, also one that stands in a text.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() {
            return None;
        }
        let mut number = Self { digits: 0, exponent: exponent.parse().ok()?, exact: true };
        let mut kept = 0;
        for (at, byte) in whole.bytes().chain(fraction.bytes()).enumerate() {
            let digit = char::from(byte).to_digit(10)?;
            let behind_point = i32::from(at >= whole.len());
            if kept == DIGITS {
                number.exact &= digit == 0;
                number.exponent = number.exponent.checked_add(1 - behind_point)?;
                continue;
            }
            number.digits = number.digits * 10 + i128::from(digit);
            number.exponent = number.exponent.checked_sub(behind_point)?;
            kept += usize::from(number.digits > 0);
        }
        number.digits *= if negative { -1 } else { 1 };
        Some(number)
    }

    /// This many powers of ten higher, without what is then behind the point.
    pub(crate) fn scaled(self, power: i32) -> Option<i128> {
        let exponent = self.exponent.checked_add(power)?;
        match 10i128.checked_pow(exponent.unsigned_abs()) {
            Some(scale) if exponent >= 0 => self.digits.checked_mul(scale),
            Some(scale) => Some(self.digits / scale),
            None => (exponent < 0 || self.digits == 0).then_some(0),
        }
    }

    /// The number, if it is a whole one.
    fn whole(self) -> Option<i128> {
        let whole = self.scaled(0)?;
        let same = match self.exponent {
            0.. => true,
            below => whole.checked_mul(10i128.checked_pow(below.unsigned_abs())?) == Some(self.digits),
        };
        (same && self.exact).then_some(whole)
    }
}

/// A whole number that is not negative: of an event, a record, a class.
pub(crate) fn whole<N: TryFrom<i128>>(text: &str) -> Option<N> {
    // Nearly all are plain digits.
    let plain = text.parse::<u32>().map(i128::from).ok();
    N::try_from(plain.or_else(|| Number::read(text)?.whole())?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_in_every_form() {
        for text in [
            "4624",
            " 4624 ",
            "4624.0",
            "4624.",
            "4.624e3",
            "4.624E+3",
            "46240e-1",
            "4624000.000e-3",
            "04624",
        ] {
            assert_eq!(whole::<u32>(text), Some(4_624), "{text}");
        }
        assert_eq!(whole::<u64>("18446744073709551615"), Some(u64::MAX));
        assert_eq!(whole::<u64>("0e999999999"), Some(0));
        assert_eq!(whole::<u64>(&format!("7.{}", "0".repeat(60))), Some(7));
        assert_eq!(whole::<u64>(&format!("{}7", "0".repeat(60))), Some(7));
        for text in [
            "",
            "-",
            ".5",
            "1.5",
            "-1",
            "1e",
            "e1",
            "1e1.5",
            "0x10",
            "1,5",
            "4624a",
            "١",
            "1e99999999999",
            "1e40",
            "1e-1",
            "18446744073709551616",
            "NaN",
            "1.5e0",
            "12e-400",
        ] {
            assert_eq!(whole::<u64>(text), None, "{text}");
        }
        assert_eq!(whole::<u64>(&format!("7.{}1", "0".repeat(60))), None);
    }

    #[test]
    fn powers_of_ten() {
        let scaled = |text: &str, power| Number::read(text).and_then(|number| number.scaled(power));
        assert_eq!(scaled("1.7724384E9", 9), Some(1_772_438_400_000_000_000));
        assert_eq!(scaled("-1772438401.25", 3), Some(-1_772_438_401_250));
        assert_eq!(scaled("1772438401.1234567891", 9), Some(1_772_438_401_123_456_789));
        assert_eq!(scaled("1e-50", 9), Some(0));
        assert_eq!(scaled("1e50", 0), None);
    }
}
