//! Three hundred more organisations by rule: local governments of every prefecture, operators of every sector, suppliers.
//!
//! Names are made of invented parts only; the same seed gives the same organisations.

use super::{Kind, Organisation, PREFECTURES, Sector};
use crate::random::Random;

/// First parts of names: Japanese and English.
const PARTS: [(&str, &str); 30] = [
    ("あさぎり", "Asagiri"),
    ("いずみ", "Izumi"),
    ("うしお", "Ushio"),
    ("えのき", "Enoki"),
    ("おぼろ", "Oboro"),
    ("かがり", "Kagari"),
    ("きさらぎ", "Kisaragi"),
    ("くれない", "Kurenai"),
    ("けやき", "Keyaki"),
    ("こだま", "Kodama"),
    ("さざなみ", "Sazanami"),
    ("しらかば", "Shirakaba"),
    ("すずかぜ", "Suzukaze"),
    ("せせらぎ", "Seseragi"),
    ("そよかぜ", "Soyokaze"),
    ("たまゆら", "Tamayura"),
    ("ちぐさ", "Chigusa"),
    ("つきみ", "Tsukimi"),
    ("てまり", "Temari"),
    ("ともしび", "Tomoshibi"),
    ("なぎさ", "Nagisa"),
    ("にじいろ", "Nijiiro"),
    ("ぬくもり", "Nukumori"),
    ("ねむのき", "Nemunoki"),
    ("のどか", "Nodoka"),
    ("はるか", "Haruka"),
    ("ひざくら", "Hizakura"),
    ("ふうりん", "Furin"),
    ("ほしぞら", "Hoshizora"),
    ("みおつくし", "Miotsukushi"),
];

/// Sector, and the last part of the name.
const OPERATORS: [(Sector, &str, &str); 15] = [
    (Sector::InformationAndCommunication, "ケーブル通信", "Cable"),
    (Sector::Finance, "信用組合", "Credit Union"),
    (Sector::Aviation, "航空", "Airlines"),
    (Sector::Airport, "空港", "Airport"),
    (Sector::Railway, "電鉄", "Railway"),
    (Sector::Electricity, "電力", "Power"),
    (Sector::Gas, "ガス", "Gas"),
    (Sector::Medical, "総合病院", "General Hospital"),
    (Sector::Water, "水道企業団", "Waterworks"),
    (Sector::Logistics, "運輸", "Logistics"),
    (Sector::Chemical, "化学", "Chemicals"),
    (Sector::CreditCard, "カード", "Card"),
    (Sector::Petroleum, "石油", "Petroleum"),
    (Sector::Port, "港湾", "Port"),
    (Sector::Government, "広域連合", "Regional Union"),
];

const SUPPLIERS: [(&str, &str); 3] =
    [("情報サービス", "Information Services"), ("システム", "Systems"), ("電算", "Computing")];

/// 300 organisations: 188 local governments (four a prefecture), 90 operators (six a sector), 22 suppliers.
pub fn by_rule(seed: u64) -> Vec<Organisation> {
    let mut random = Random::stream(seed, &[0x6e61_7469_6f6e]);
    let local = (0..188).map(|at| local_government(&mut random, at)).collect::<Vec<_>>();
    let operators = (0..90).map(|at| operator(&mut random, at)).collect::<Vec<_>>();
    let suppliers = (0..22).map(|at| supplier(&mut random, at)).collect::<Vec<_>>();
    local.into_iter().chain(operators).chain(suppliers).collect()
}

fn local_government(random: &mut Random, at: usize) -> Organisation {
    let prefecture = at % 47 + 1;
    let round = at / 47;
    let part = PARTS[(at % 47 * 7 + round * 8) % PARTS.len()];
    let (ja, en, people) = match round {
        0 => ("市役所", "City Hall", random.between(400, 3000)),
        1 => ("市役所", "City Hall", random.between(200, 900)),
        2 => ("町役場", "Town Office", random.between(60, 220)),
        _ => ("村役場", "Village Office", random.between(20, 70)),
    };
    let place = PREFECTURES[prefecture - 1];
    organisation(
        random,
        Draft {
            id: format!("local-{prefecture:02}-{}", round + 1),
            ja: format!("{}{}{ja}", place.0, part.0),
            en: format!("{} {en}, {}", part.1, place.1),
            kind: Kind::LocalGovernment,
            sector: Sector::Government,
            prefecture: prefecture as u8,
            people,
        },
    )
}

fn operator(random: &mut Random, at: usize) -> Organisation {
    let (sector, ja, en) = OPERATORS[at % OPERATORS.len()];
    let part = PARTS[(at * 11 + at / 15) % PARTS.len()];
    let prefecture = random.between(1, 48) as u8;
    let people = random.between(80, 6000);
    organisation(
        random,
        Draft {
            id: format!("operator-{:02}", at + 1),
            ja: format!("{}{ja}", part.0),
            en: format!("{} {en}", part.1),
            kind: Kind::InfrastructureOperator,
            sector,
            prefecture,
            people,
        },
    )
}

fn supplier(random: &mut Random, at: usize) -> Organisation {
    let (ja, en) = SUPPLIERS[at % SUPPLIERS.len()];
    let part = PARTS[(at * 13 + 5) % PARTS.len()];
    let prefecture = random.between(1, 48) as u8;
    let people = random.between(15, 900);
    organisation(
        random,
        Draft {
            id: format!("supplier-{:02}", at + 1),
            ja: format!("{}{ja}", part.0),
            en: format!("{} {en}", part.1),
            kind: Kind::Supplier,
            sector: Sector::Services,
            prefecture,
            people,
        },
    )
}

struct Draft {
    id: String,
    ja: String,
    en: String,
    kind: Kind,
    sector: Sector,
    prefecture: u8,
    people: i64,
}

fn organisation(random: &mut Random, draft: Draft) -> Organisation {
    // The larger it is, the more often it took part.
    let share = if draft.people > 500 { 550 } else { 220 };
    Organisation {
        domain: format!("{}.example", draft.id),
        id: draft.id,
        ja: draft.ja,
        en: draft.en,
        kind: draft.kind,
        sector: draft.sector,
        prefecture: draft.prefecture,
        people: draft.people as u32,
        windows: 0,
        linux: 0,
        sensors: 0,
        inside: None,
        public: None,
        supplier: None,
        attended: (2021..=2025).filter(|_| random.chance(share)).collect(),
    }
}
