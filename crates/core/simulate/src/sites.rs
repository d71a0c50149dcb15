//! Names that people and programs look up, and where they lead: the invented rest of the internet.

use crate::nation::{NETWORKS, network};
use crate::random::Random;

/// A site outside: its name and addresses.
#[derive(Debug)]
pub struct Site {
    /// Name under `.example`.
    pub name: String,
    /// Address in one of the 40 networks.
    pub address: String,
}

const WORDS: [&str; 24] = [
    "asagao",
    "tanpopo",
    "sumire",
    "hinageshi",
    "kosumosu",
    "ajisai",
    "tsutsuji",
    "botan",
    "kikyo",
    "suisen",
    "rindo",
    "yuri",
    "nadeshiko",
    "fuji",
    "hasu",
    "momiji",
    "ume",
    "kaede",
    "susuki",
    "hagi",
    "sazanka",
    "tsubaki",
    "mokuren",
    "renge",
];
const SERVICES: [&str; 5] = ["www", "cdn", "news", "img", "api"];

/// How many sites there are.
pub const SITES: u16 = 120;

/// All sites; the same for every seed, as the internet is.
pub fn sites() -> Vec<Site> {
    let mut random = Random::stream(0x7369_7465, &[]);
    (0..usize::from(SITES))
        .map(|at| {
            let first = u32::from(network(random.below(u64::from(NETWORKS)) as u8).0.first);
            Site {
                name: format!("{}.{}.example", SERVICES[at / WORDS.len()], WORDS[at % WORDS.len()]),
                address: std::net::Ipv4Addr::from(first | random.below(1 << 20) as u32).to_string(),
            }
        })
        .collect()
}
