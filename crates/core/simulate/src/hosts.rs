//! The hosts of an organisation: names, addresses, what each is for, who works on it.
//!
//! People are roles (情報システム課 主任 is `jousys-shunin`), never named persons. The first hosts of every
//! organisation are its servers, so that stories find them at any scale.

use crate::nation::{Kind, Organisation, Sector};
use crate::programs::Code;
use crate::random::Random;

/// What a host is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Domain controller.
    Directory,
    /// File server.
    Files,
    /// Print server.
    Print,
    /// Server of the organisation's own application.
    Application,
    /// Backup server.
    Backup,
    /// The host from which the maintenance team works on others.
    Maintenance,
    /// A personal computer of the information systems section.
    Administrator,
    /// A personal computer of the help desk.
    HelpDesk,
    /// A personal computer of a clerk.
    Desk,
    /// A Linux server.
    Linux,
}

/// Servers of every organisation, with the short name's stem.
const SERVERS: [(Role, &str); 6] = [
    (Role::Directory, "DC01"),
    (Role::Files, "FS01"),
    (Role::Print, "PS01"),
    (Role::Application, "AP01"),
    (Role::Backup, "BK01"),
    (Role::Maintenance, "OP01"),
];
/// What Linux servers are for, in turn.
const LINUX: [&str; 5] = ["web", "mail", "map", "db", "proxy"];
/// Small organisations still have this many personal computers, so that every story's host is there.
pub const LEAST_DESKS: u16 = 19;

/// One host.
#[derive(Debug, Clone)]
pub struct Host {
    /// Its number within the organisation, from 0.
    pub number: u16,
    /// What it is for.
    pub role: Role,
    /// Full name, such as `KEIZAI-PC018.keizai.example`.
    pub computer: String,
    /// Short name, such as `KEIZAI-PC018`.
    pub short: String,
    /// The machine's own account, such as `KEIZAI-PC018$`.
    pub account: String,
    /// Its address.
    pub address: String,
    /// NetBIOS name of the domain.
    pub domain: String,
    /// DNS name of the domain.
    pub zone: String,
    /// The role-name of who works on it.
    pub user: String,
    /// `S-1-5-21-…` of the domain.
    pub domain_sid: String,
    /// First group of the host's process GUIDs.
    pub machine: u32,
    /// Whether Sysmon runs.
    pub sysmon: bool,
    /// Whether process creation is audited (4688).
    pub process_audit: bool,
    /// Never switched off.
    pub always_on: bool,
    /// Programs that people here open, the frequent ones repeated.
    pub desk_programs: &'static [Code],
    /// First two numbers of the organisation's addresses, such as `10.3`.
    pub network: String,
}

/// The hosts of `organisation` at this scale: below 1 fewer desks, servers always.
pub fn hosts(organisation: &Organisation, scale: f64) -> Vec<Host> {
    let desks = usize::from(organisation.windows).saturating_sub(SERVERS.len());
    let wanted = (desks as f64 * scale.min(1.0)) as usize;
    let desks = wanted.max(usize::from(LEAST_DESKS)).min(desks);
    let count = SERVERS.len() + desks;
    (0..count).map(|number| windows(organisation, number)).collect()
}

/// The Linux hosts of `organisation` at this scale.
pub fn linux_hosts(organisation: &Organisation, scale: f64) -> Vec<Host> {
    let all = usize::from(organisation.linux);
    let wanted = (all as f64 * scale.min(1.0)) as usize;
    (0..wanted.max(4).min(all)).map(|number| linux(organisation, number)).collect()
}

fn windows(organisation: &Organisation, number: usize) -> Host {
    let upper = organisation.id.to_uppercase();
    let (role, short, address) = match SERVERS.get(number) {
        Some((role, stem)) => (*role, format!("{upper}-{stem}"), (1, number + 10)),
        None => {
            let desk = number - SERVERS.len() + 1;
            let role = match desk {
                1..=3 => Role::Administrator,
                4..=5 => Role::HelpDesk,
                _ => Role::Desk,
            };
            (role, format!("{upper}-PC{desk:03}"), (10 + desk / 200, desk % 200 + 20))
        }
    };
    let mut host = base(organisation, number, (role, short));
    host.address = format!("{}.{}.{}", host.network, address.0, address.1);
    host.user = user(organisation, number, role);
    let server = number < SERVERS.len();
    let old = organisation.sector == Sector::Medical && role == Role::Desk && number % 7 == 3;
    host.sysmon = organisation.id != "kogane" && !old;
    host.process_audit =
        !host.sysmon || (server && matches!(organisation.id.as_str(), "keizai" | "shitei" | "aoba"));
    host.always_on = server || number % 6 == 5;
    host
}

fn linux(organisation: &Organisation, number: usize) -> Host {
    let stem = LINUX[number % LINUX.len()];
    let short = format!("{}-{stem}{:02}", organisation.id, number / LINUX.len() + 1);
    let mut host = base(organisation, number + 1000, (Role::Linux, short));
    host.address = format!("{}.2.{}", host.network, number + 10);
    host.user = "jousys-unyo".into();
    host.always_on = true;
    host
}

fn base(organisation: &Organisation, number: usize, (role, short): (Role, String)) -> Host {
    let octets = organisation.inside.map(|range| range.first.octets()).unwrap_or([10, 99, 0, 0]);
    let mut random = Random::stream(0x686f_7374, &[u64::from(octets[1]), 1]);
    let domain_sid = format!(
        "S-1-5-21-{}-{}-{}",
        1_000_000_000 + random.below(3_000_000_000),
        1_000_000_000 + random.below(3_000_000_000),
        1_000_000_000 + random.below(3_000_000_000)
    );
    Host {
        number: number as u16,
        role,
        computer: format!("{short}.{}", organisation.domain),
        account: format!("{short}$"),
        short,
        address: String::new(),
        domain: organisation.id.to_uppercase(),
        zone: organisation.domain.clone(),
        user: String::new(),
        domain_sid,
        machine: Random::stream(0x6d61_6368, &[u64::from(octets[1]), number as u64]).bits() as u32,
        sysmon: false,
        process_audit: false,
        always_on: false,
        desk_programs: desk_programs(organisation),
        network: format!("{}.{}", octets[0], octets[1]),
    }
}

const POSITIONS: [&str; 6] = ["kacho", "hosa", "kakaricho", "shunin", "kakariin", "shokutaku"];

fn user(organisation: &Organisation, number: usize, role: Role) -> String {
    match role {
        Role::Administrator => format!("jousys-{}", POSITIONS[number % 3 + 2]),
        Role::HelpDesk => format!("helpdesk-{}", number % 2 + 1),
        Role::Desk => {
            let departments = departments(organisation);
            let department = departments[number % departments.len()];
            let at = number / departments.len();
            let position = POSITIONS[at % POSITIONS.len()];
            match at / POSITIONS.len() {
                0 => format!("{department}-{position}"),
                more => format!("{department}-{position}{}", more + 1),
            }
        }
        _ => "jousys-kanri".into(),
    }
}

fn departments(organisation: &Organisation) -> &'static [&'static str] {
    match (organisation.kind, organisation.sector) {
        (Kind::Ministry, _) => {
            &["soumu", "tsusho", "sangyo", "tokkyo", "chosa", "kokusai", "kaikei", "kouhou"]
        }
        (Kind::Agency, _) => &["soumu", "sokuryo", "chizu", "chosa", "kikaku", "kaikei"],
        (Kind::DesignatedCorporation, _) => &["soumu", "kiroku", "kyufu", "soudan", "kaikei", "kansa"],
        (Kind::LocalGovernment, _) => {
            &["soumu", "shimin", "zeimu", "fukushi", "kensetsu", "kyoiku", "bousai"]
        }
        (_, Sector::Medical) => &["iji", "kango", "yakuzai", "kensa", "hoshasen", "gairai", "jimu"],
        (_, Sector::Railway) => &["unyu", "shirei", "eki", "sharyo", "denki", "eigyo", "soumu"],
        _ => &["eigyo", "hoshu", "soumu", "keiri", "gijutsu"],
    }
}

fn desk_programs(organisation: &Organisation) -> &'static [Code] {
    use Code::{
        Edge, Excel, HayabusaDesk, MiyabiChizu, MiyabiJumin, MiyabiKessai, MiyabiNenkin, MiyabiShinsa,
        MiyabiTokei, MiyabiZei, Mstsc, Notepad, Outlook, PowerPoint, SakuraKarte, SakuraRezept, SujiDiagram,
        SujiUnten, TsubakiReader, Word, YamabikoChat,
    };
    match organisation.id.as_str() {
        "keizai" => &[
            Edge,
            Edge,
            Outlook,
            Word,
            Excel,
            MiyabiKessai,
            MiyabiShinsa,
            MiyabiTokei,
            PowerPoint,
            TsubakiReader,
            Notepad,
        ],
        "chiri" => &[Edge, Edge, Outlook, Word, Excel, MiyabiKessai, MiyabiChizu, MiyabiChizu, TsubakiReader],
        "shitei" => &[
            Edge,
            Outlook,
            Excel,
            MiyabiNenkin,
            MiyabiNenkin,
            MiyabiNenkin,
            MiyabiKessai,
            TsubakiReader,
            Word,
        ],
        "hinata" => &[Edge, Outlook, Word, Excel, MiyabiJumin, MiyabiJumin, MiyabiZei, MiyabiKessai, Notepad],
        "kogane" => &[Edge, Outlook, Word, Excel, MiyabiJumin, MiyabiZei, Notepad],
        "aoba" => &[Edge, SakuraKarte, SakuraKarte, SakuraKarte, SakuraRezept, Outlook, Excel, TsubakiReader],
        "misaki" => &[Edge, Outlook, Excel, Word, SujiDiagram, SujiUnten, YamabikoChat, PowerPoint],
        _ => &[Edge, Outlook, Excel, Word, HayabusaDesk, HayabusaDesk, YamabikoChat, Mstsc],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nation::named;

    #[test]
    fn hosts_have_names_and_addresses_of_their_own() {
        for organisation in named().iter().filter(|organisation| organisation.windows > 0) {
            let all: Vec<Host> =
                hosts(organisation, 1.0).into_iter().chain(linux_hosts(organisation, 1.0)).collect();
            assert_eq!(all.len(), usize::from(organisation.windows + organisation.linux));
            for key in [|host: &Host| host.computer.clone(), |host: &Host| host.address.clone()] {
                let mut keys: Vec<String> = all.iter().map(key).collect();
                keys.sort_unstable();
                keys.dedup();
                assert_eq!(keys.len(), all.len());
            }
        }
    }

    #[test]
    fn small_scales_keep_servers_and_story_hosts() {
        let few = hosts(&named()[2], 0.01);
        assert!(few.iter().any(|host| host.short == "KEIZAI-PC018" && host.always_on));
        assert!(few.iter().any(|host| host.role == Role::Directory));
    }
}
