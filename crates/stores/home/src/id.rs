//! Who a home is.

use std::fmt;
use std::str::FromStr;

/// The id of a home: 16 random bytes; as text 32 hexadecimal digits, in small letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HomeId([u8; 16]);

/// A text that is no id of a home.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no id of a home")]
pub struct NotAnId(String);

impl HomeId {
    /// One that nobody has.
    pub(crate) fn new() -> std::io::Result<Self> {
        let mut bytes = [0; 16];
        getrandom_4::fill(&mut bytes).map_err(std::io::Error::other)?;
        Ok(Self(bytes))
    }
}

impl FromStr for HomeId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let wrong = || NotAnId(text.to_owned());
        let is_small = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() != 32 || !text.bytes().all(is_small) {
            return Err(wrong());
        }
        let number = u128::from_str_radix(text, 16).map_err(|_| wrong())?;
        Ok(Self(number.to_be_bytes()))
    }
}

impl fmt::Display for HomeId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", u128::from_be_bytes(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_text_and_nothing_else_is_one() {
        let id = HomeId::new().unwrap();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_ne!(id, HomeId::new().unwrap());
        let text = "00112233445566778899aabbccddeeff";
        assert_eq!(text.parse::<HomeId>().unwrap().to_string(), text);
        for wrong in ["", &text[1..], &text.to_uppercase(), &format!("{text}0"), &text.replace("00", "é")] {
            assert_eq!(wrong.parse::<HomeId>(), Err(NotAnId(wrong.to_owned())));
        }
    }
}
