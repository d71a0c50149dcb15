//! Names of members: text, told apart from each other, and nothing else.

use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, BuildHasherDefault};

use encoding_rs::SHIFT_JIS;
use rustc_hash::{FxHashMap, FxHasher};

/// The upper half of code page 437, which a zip's names are in where nothing else is said.
const CODE_PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// Reads a name by its bytes: UTF-8, else the code page 932 of Japanese Windows, else 437, in
/// which every byte is a character, so that different names stay different.
pub(crate) fn text(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    match SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) if !text.contains('\u{80}') => text.into_owned(),
        _ => bytes.iter().map(|byte| page_437(*byte)).collect(),
    }
}

fn page_437(byte: u8) -> char {
    let upper = byte.checked_sub(128).and_then(|place| CODE_PAGE_437.chars().nth(place.into()));
    upper.unwrap_or(char::from(byte))
}

/// The names given in one archive. Of a name it keeps a hash: a false alarm costs a number.
#[derive(Default)]
pub(crate) struct Names(FxHashMap<u64, u32>);

impl Names {
    /// The name, with a number behind it if it was given before.
    pub(crate) fn distinct(&mut self, name: &str) -> String {
        let hash = |text: &str| BuildHasherDefault::<FxHasher>::default().hash_one(text);
        let own = hash(name);
        let mut told = name.to_owned();
        loop {
            match self.0.entry(hash(&told)) {
                Entry::Vacant(free) => {
                    free.insert(1);
                    return told;
                }
                Entry::Occupied(_) => {
                    let times = self.0.entry(own).or_default();
                    *times += 1;
                    told = format!("{name}#{times}");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_by_their_bytes() {
        for (bytes, told) in [
            (&b"a.json"[..], "a.json"),
            ("予定.json".as_bytes(), "予定.json"),
            (b"\x8f\xd8\x8b\x92/\x95\x5c.log", "証拠/表.log"),
            (b"\xc3\xdf\xbd\xc4.log", "ﾃﾟｽﾄ.log"),
            (b"Jos\x82.log", "José.log"),
            (b"\x80\xff", "Ç\u{a0}"),
        ] {
            assert_eq!(text(bytes), told);
        }
        assert_eq!(CODE_PAGE_437.chars().count(), 128);
    }

    #[test]
    fn names_are_told_apart() {
        let mut names = Names::default();
        let told = ["a", "a#2", "a", "a", "b", "a"].map(|name| names.distinct(name));
        assert_eq!(told, ["a", "a#2", "a#3", "a#4", "b", "a#5"]);
    }
}
