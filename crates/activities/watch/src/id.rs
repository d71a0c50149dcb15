//! Ids of streams made of names of any length and signs.

use model::hash::hex;
use sha2::{Digest, Sha256};

/// Longest name that stands in an id as it is, in bytes of the id.
const LONGEST: usize = 200;
/// What of a longer name stands in its id, in bytes: its end.
const END: usize = 160;
/// Before what stands for a name that is too long; no other id begins so.
const LONG: &str = "%%";

/// The id of a stream of a name. `%` and what an id cannot have stand there as `%` and two digits for each byte;
/// of a name that is too long stand its hash and its end, which tells files apart.
#[must_use]
pub fn id(name: &str) -> String {
    let mut id = String::new();
    for sign in name.chars() {
        if sign.is_control() || matches!(sign, '/' | '%') {
            let mut bytes = [0; 4];
            sign.encode_utf8(&mut bytes).bytes().for_each(|byte| id += &format!("%{byte:02X}"));
        } else {
            id.push(sign);
        }
    }
    match id.len() {
        0 => LONG.to_owned(),
        length if length <= LONGEST => id,
        length => {
            let from = (length - END..length).find(|from| id.is_char_boundary(*from)).unwrap_or(length);
            let hash = Sha256::digest(name);
            format!("{LONG}{}{}", hex(&hash[..16]), &id[from..])
        }
    }
}

/// The name of a stream as far as its id has it.
#[must_use]
pub fn name(id: &str) -> String {
    let (before, coded) = match id.strip_prefix(LONG) {
        Some(long) => ("…", long.get(32..).unwrap_or_default()),
        None => ("", id),
    };
    let (mut bytes, mut rest) = (Vec::new(), coded.as_bytes());
    while let Some((byte, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let decoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|_| *byte == b'%');
        bytes.push(decoded.unwrap_or(*byte));
        rest = if decoded.is_some() { &behind[2..] } else { behind };
    }
    format!("{before}{}", String::from_utf8_lossy(&bytes))
}
