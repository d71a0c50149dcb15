//! The organisations of the small nation, as data: the thirteen-odd named ones and 300 more by rule.
//!
//! Places are Japan's prefectures (JIS X 0401 codes); every organisation, product and address is invented, and no
//! address can be routed. `NATION.md` tells the stories; this table is what later parts ask for names, kinds, sizes and ranges.

mod named;
mod rule;

pub use named::named;
pub use rule::by_rule;

/// What an organisation is to the centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The operator of the platform.
    Operator,
    /// The headquarters office that approves joint releases.
    HeadquartersOffice,
    /// A ministry.
    Ministry,
    /// An independent administrative agency.
    Agency,
    /// A designated corporation.
    DesignatedCorporation,
    /// A prefecture, city, town or village.
    LocalGovernment,
    /// An operator of critical infrastructure.
    InfrastructureOperator,
    /// A supplier of others.
    Supplier,
    /// An internet service provider.
    InternetProvider,
    /// A maker of devices.
    DeviceMaker,
    /// A maker of security products.
    ProductMaker,
    /// A university laboratory.
    Laboratory,
}

/// Sectors of critical infrastructure (the fifteen of the action plan), and what stands beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the sectors")]
pub enum Sector {
    InformationAndCommunication,
    Finance,
    Aviation,
    Airport,
    Railway,
    Electricity,
    Gas,
    Government,
    Medical,
    Water,
    Logistics,
    Chemical,
    CreditCard,
    Petroleum,
    Port,
    Manufacturing,
    Research,
    Services,
}

/// An IPv4 range by its first address and prefix length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Range {
    /// First address.
    pub first: std::net::Ipv4Addr,
    /// Bits of the prefix.
    pub prefix: u8,
}

/// One organisation.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Organisation {
    /// Short id, used in paths and domains.
    pub id: String,
    /// Name in Japanese.
    pub ja: String,
    /// Name in English.
    pub en: String,
    /// What it is.
    pub kind: Kind,
    /// Its sector.
    pub sector: Sector,
    /// JIS X 0401 code of its prefecture, 1 to 47.
    pub prefecture: u8,
    /// People who work there.
    pub people: u32,
    /// Windows hosts that send logs.
    pub windows: u16,
    /// Linux hosts that send logs.
    pub linux: u16,
    /// Sensors placed.
    pub sensors: u16,
    /// Addresses inside, when the nation needs them.
    pub inside: Option<Range>,
    /// Public addresses or customers' addresses.
    pub public: Option<Range>,
    /// Its domain.
    pub domain: String,
    /// Id of the supplier that maintains its machines.
    pub supplier: Option<String>,
    /// Fiscal years in which it attended an exercise.
    pub attended: Vec<u16>,
}

/// Names of the 47 prefectures in JIS X 0401 order: Japanese and English.
pub const PREFECTURES: [(&str, &str); 47] = [
    ("北海道", "Hokkaido"),
    ("青森県", "Aomori"),
    ("岩手県", "Iwate"),
    ("宮城県", "Miyagi"),
    ("秋田県", "Akita"),
    ("山形県", "Yamagata"),
    ("福島県", "Fukushima"),
    ("茨城県", "Ibaraki"),
    ("栃木県", "Tochigi"),
    ("群馬県", "Gunma"),
    ("埼玉県", "Saitama"),
    ("千葉県", "Chiba"),
    ("東京都", "Tokyo"),
    ("神奈川県", "Kanagawa"),
    ("新潟県", "Niigata"),
    ("富山県", "Toyama"),
    ("石川県", "Ishikawa"),
    ("福井県", "Fukui"),
    ("山梨県", "Yamanashi"),
    ("長野県", "Nagano"),
    ("岐阜県", "Gifu"),
    ("静岡県", "Shizuoka"),
    ("愛知県", "Aichi"),
    ("三重県", "Mie"),
    ("滋賀県", "Shiga"),
    ("京都府", "Kyoto"),
    ("大阪府", "Osaka"),
    ("兵庫県", "Hyogo"),
    ("奈良県", "Nara"),
    ("和歌山県", "Wakayama"),
    ("鳥取県", "Tottori"),
    ("島根県", "Shimane"),
    ("岡山県", "Okayama"),
    ("広島県", "Hiroshima"),
    ("山口県", "Yamaguchi"),
    ("徳島県", "Tokushima"),
    ("香川県", "Kagawa"),
    ("愛媛県", "Ehime"),
    ("高知県", "Kochi"),
    ("福岡県", "Fukuoka"),
    ("佐賀県", "Saga"),
    ("長崎県", "Nagasaki"),
    ("熊本県", "Kumamoto"),
    ("大分県", "Oita"),
    ("宮崎県", "Miyazaki"),
    ("鹿児島県", "Kagoshima"),
    ("沖縄県", "Okinawa"),
];

/// Number of networks in the rest of the internet.
pub const NETWORKS: u8 = 40;

/// The rest of the internet: network `index` (0 to 39) owns one /12 of 240.0.0.0/4 under a country code XA to XZ.
pub fn network(index: u8) -> (Range, String) {
    let index = index % NETWORKS;
    let first = 0xf000_0000 | (u32::from(index) << 20);
    let country = format!("X{}", char::from(b'A' + index % 26));
    (Range { first: std::net::Ipv4Addr::from(first), prefix: 12 }, country)
}

/// The attackers' server that runs through all stories.
pub const THREAD: &str = "203.0.113.77";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_every_prefecture_is_there() {
        let all: Vec<Organisation> = named().into_iter().chain(by_rule(1)).collect();
        let mut ids: Vec<&str> = all.iter().map(|organisation| organisation.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all.len());
        for code in 1..=47 {
            assert!(all.iter().any(|organisation| organisation.prefecture == code));
        }
        assert_eq!(by_rule(1).len(), 300);
        assert_eq!(by_rule(1), by_rule(1));
        assert!(all.iter().all(|organisation| organisation.domain.ends_with(".example")));
    }

    #[test]
    fn networks_lie_in_class_e() {
        for index in 0..NETWORKS {
            assert!(network(index).0.first.octets()[0] >= 240);
        }
        assert_eq!(network(3).1, "XD");
    }
}
