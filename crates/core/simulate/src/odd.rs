//! Harmless oddities: what administrators, products and forgetful people do that looks like an attack to a hasty rule.
//!
//! None of these events is in the ground truth. They are the false-alarm trap: the backup product's encoded PowerShell
//! and `vssadmin list shadows`, PsExec by the maintenance team from one host, log exports, hash checks, the help desk's
//! directory questions, updaters that register tasks and services, the security product that opens lsass.

use crate::clock::{HOUR, MINUTE, Millis, SECOND, civil, is_working, midnight, weekday};
use crate::deed::{Actor, Deed, Parent, Script};
use crate::hosts::{Host, Role};
use crate::machine::{Action, Machine, slot};
use crate::programs::Code;
use crate::random::Random;
use crate::windows::Account;
use crate::world::World;

const KANRI: &str = "jousys-kanri";
const BACKUP: &str = "svc-hibari";
/// The account under which a supplier's people sign in.
pub const SUPPLIER: &str = "hoshu-maint";

impl Machine {
    /// Plans the day's oddities of this host.
    pub(crate) fn plan_odd(&mut self, world: &World, day: i64) {
        let start = midnight(day);
        let host = self.host(world);
        let mut random =
            Random::stream(world.seed, &[world.number, u64::from(host.number), day as u64, 0x6f64]);
        let server = matches!(
            host.role,
            Role::Directory
                | Role::Files
                | Role::Print
                | Role::Application
                | Role::Backup
                | Role::Maintenance
        );
        let mut script = Script::at(start);
        if server {
            backup(&mut script, start + HOUR + 30 * MINUTE + random.between(0, 20 * MINUTE));
        }
        if host.role == Role::Directory && weekday(day) == 6 {
            export_logs(&mut script, start + 3 * HOUR, day);
        }
        if self.leaves > 0 {
            let late_morning = start + 10 * HOUR + random.between(0, 90 * MINUTE);
            match host.role {
                Role::Administrator => administrator(&mut script, late_morning, &mut random),
                Role::HelpDesk => help_desk(&mut script, late_morning, world, &mut random),
                _ => desk(&mut script, late_morning, &mut random),
            }
        }
        if is_second_wednesday(day) && (host.always_on || self.leaves > 0) {
            product_update(&mut script, start + 11 * HOUR + 40 * MINUTE + random.between(0, HOUR));
        }
        if is_working(day) {
            maintenance(&mut script, world, host, day);
        }
        for planned in script.deeds {
            self.push(planned.time, Action::Deed(Box::new(planned)));
        }
    }
}

/// The later script continues at `time`.
fn at(script: &mut Script, time: Millis) -> &mut Script {
    let done = std::mem::take(&mut script.deeds);
    *script = Script::at(time);
    script.deeds = done;
    script
}

fn backup(script: &mut Script, time: Millis) {
    let agent = Actor(1, Code::HibariAgent);
    let (shell, shadow) = (Actor(2, Code::PowerShell), Actor(3, Code::Vssadmin));
    let work = "Import-Module 'C:\\Program Files\\Hibari\\Backup\\Hibari.psm1'; Start-HibariJob -Name Nightly -Verify";
    let command =
        format!("powershell.exe -NoProfile -ExecutionPolicy Bypass -EncodedCommand {}", encoded(work));
    let account = Account::Named(BACKUP);
    at(script, time)
        .start(
            agent,
            Parent::Slot(slot::SERVICES),
            (account, r#""C:\Program Files\Hibari\Backup\hbagent.exe" /job:nightly"#),
        )
        .wait(4 * SECOND)
        .start(shell, Parent::Actor(agent), (account, &command))
        .wait(900)
        .add(Deed::Script { text: work.into(), path: String::new() })
        .wait(2 * SECOND)
        .run(shadow, Parent::Actor(shell), (account, "vssadmin list shadows"), 3 * SECOND)
        .wait(12 * MINUTE)
        .end(shell)
        .wait(SECOND)
        .end(agent);
}

fn export_logs(script: &mut Script, time: Millis, day: i64) {
    let (shell, tool) = (Actor(4, Code::Cmd), Actor(5, Code::Wevtutil));
    let (year, month, date) = civil(day);
    let command = format!(r"wevtutil epl Security D:\Logs\Security-{year}{month:02}{date:02}.evtx");
    at(script, time)
        .start(
            shell,
            Parent::Slot(slot::SCHEDULER),
            (Account::System, r#"C:\Windows\system32\cmd.exe /c "D:\Logs\export.cmd""#),
        )
        .wait(600)
        .run(tool, Parent::Actor(shell), (Account::System, &command), 40 * SECOND)
        .end(shell);
}

fn administrator(script: &mut Script, time: Millis, random: &mut Random) {
    let shell = Actor(6, Code::Cmd);
    at(script, time)
        .start(shell, Parent::Slot(slot::EXPLORER), (Account::Person, r#""C:\Windows\system32\cmd.exe""#))
        .wait(20 * SECOND);
    let tool = match random.below(3) {
        0 => (Code::Certutil, r"certutil -hashfile C:\Tools\Packages\Suzume-4.1.0.88.msi SHA256"),
        1 => (Code::Ipconfig, "ipconfig /all"),
        _ => (Code::Whoami, "whoami /groups"),
    };
    script.run(Actor(7, tool.0), Parent::Actor(shell), (Account::Person, tool.1), 2 * SECOND);
    let console = Actor(8, Code::PowerShell);
    script
        .wait(3 * MINUTE)
        .start(console, Parent::Actor(shell), (Account::Person, "powershell.exe -NoLogo"))
        .wait(30 * SECOND)
        .add(Deed::Script {
            text: "Get-ADUser -Filter 'Enabled -eq $true' -Properties LastLogonDate | Export-Csv C:\\Tools\\users.csv".into(),
            path: String::new(),
        })
        .wait(8 * MINUTE)
        .end(console)
        .wait(MINUTE)
        .end(shell);
}

fn help_desk(script: &mut Script, time: Millis, world: &World, random: &mut Random) {
    let shell = Actor(6, Code::Cmd);
    at(script, time)
        .start(shell, Parent::Slot(slot::EXPLORER), (Account::Person, r#""C:\Windows\system32\cmd.exe""#))
        .wait(15 * SECOND);
    for _ in 0..2 + random.below(4) {
        let user = &random.pick(&world.hosts).user;
        let (first, second) = (Actor(9, Code::Net), Actor(10, Code::Net1));
        script
            .start(first, Parent::Actor(shell), (Account::Person, &format!("net user {user} /domain")))
            .wait(40)
            .run(
                second,
                Parent::Actor(first),
                (Account::Person, &format!(r"C:\Windows\system32\net1 user {user} /domain")),
                700,
            )
            .end(first)
            .wait(random.between(3 * MINUTE, 30 * MINUTE));
    }
    script.end(shell);
}

/// On some days an updater registers its task or service, a logon script runs, the security product checks lsass.
fn desk(script: &mut Script, time: Millis, random: &mut Random) {
    let script = at(script, time);
    match random.below(24) {
        0 => updater_task(script),
        1 => {
            script.add(Deed::Script {
                text: "# logon script\nNew-PSDrive -Name K -PSProvider FileSystem -Root \\\\fs01\\kyoyu -Persist".into(),
                path: r"\\dc01\NETLOGON\logon.ps1".into(),
            });
        }
        2 => {
            let agent = Actor(13, Code::KamomeAgent);
            let command = r#""C:\Program Files\Kamome\Endpoint\kmagent.exe" /scan-memory"#;
            script
                .start(agent, Parent::Slot(slot::KAMOME), (Account::System, command))
                .wait(500)
                .add(Deed::OpenLsass { actor: agent, granted: "0x1000" })
                .wait(20 * SECOND)
                .end(agent);
        }
        3 => {
            script
                .add(Deed::Service {
                    name: "Suzume Update Service".into(),
                    path: r#""C:\Program Files (x86)\Suzume\Update\SuzumeUpdate.exe" /svc"#.into(),
                })
                .wait(SECOND)
                .add(Deed::State { name: "Suzume Update Service", state: "running" });
        }
        _ => {}
    }
}

fn updater_task(script: &mut Script) {
    let (updater, tool) = (Actor(11, Code::TsubakiUpdate), Actor(12, Code::Schtasks));
    let image = Code::TsubakiUpdate.image();
    let command = format!(
        r#"schtasks /create /f /sc daily /tn "Tsubaki Reader Update" /tr "{image} --check --silent""#
    );
    script
        .start(updater, Parent::Slot(slot::SCHEDULER), (Account::System, &format!(r#""{image}" --register"#)))
        .wait(1200)
        .start(tool, Parent::Actor(updater), (Account::System, &command))
        .wait(80)
        .add(Deed::Task {
            account: Account::System,
            name: r"\Tsubaki Reader Update".into(),
            command: image.into(),
            arguments: "--check --silent".into(),
        })
        .wait(100)
        .end(tool)
        .wait(SECOND)
        .end(updater);
}

fn product_update(script: &mut Script, time: Millis) {
    let installer = Actor(14, Code::Msiexec);
    at(script, time)
        .start(
            installer,
            Parent::Slot(slot::SERVICES),
            (Account::System, r#"C:\Windows\system32\msiexec.exe /i "C:\ProgramData\Kamome\Packages\endpoint-7.2.114.msi" /qn"#),
        )
        .wait(9 * SECOND)
        .add(Deed::File { actor: installer, path: r"C:\Program Files\Kamome\Endpoint\kmflt.sys".into() })
        .wait(2 * SECOND)
        .add(Deed::Service {
            name: "Kamome Endpoint Filter".into(),
            path: r#""C:\Program Files\Kamome\Endpoint\kmflt.exe" /service"#.into(),
        })
        .wait(SECOND)
        .add(Deed::State { name: "Kamome Endpoint Filter", state: "running" })
        .wait(30 * SECOND)
        .end(installer);
}

/// The maintenance team's day: sign in to the maintenance host, then PsExec to one host that both sides agree on.
fn maintenance(script: &mut Script, world: &World, host: &Host, day: i64) {
    let mut random = Random::stream(world.seed, &[world.number, day as u64, 0x7073]);
    let time = midnight(day) + 13 * HOUR + 30 * MINUTE + random.between(0, 2 * HOUR);
    let target = random.below(5) as usize;
    if !random.chance(600) {
        return;
    }
    if host.role == Role::Maintenance {
        maintenance_side(script, world, &world.hosts[target], time);
    } else if usize::from(host.number) == target {
        target_side(script, world, time + 14 * MINUTE + 3 * SECOND);
    }
}

fn maintenance_side(script: &mut Script, world: &World, target: &Host, time: Millis) {
    let host = &world.hosts[5];
    // The supplier comes through the VPN's own pool, the organisation's people from their desk.
    let (user, from) = if world.has_care && world.organisation != "chiri" {
        (SUPPLIER, format!("{}.250.11", host.network))
    } else {
        (KANRI, world.hosts[6].address.clone())
    };
    let account = Account::Named(user);
    let (shell, tool) = (Actor(15, Code::Cmd), Actor(16, Code::PsExec));
    let explorer = Actor(17, Code::Explorer);
    let command = format!(r"PsExec64.exe \\{} -s cmd /c ipconfig /all", target.short);
    at(script, time)
        .add(Deed::LogOn { user: user.into(), kind: 10, from, workstation: host.short.clone() })
        .wait(2)
        .add(Deed::Special { user: user.into() })
        .wait(2 * SECOND)
        .start(explorer, Parent::Slot(slot::WINLOGON), (account, Code::Explorer.image()))
        .wait(13 * MINUTE)
        .start(shell, Parent::Actor(explorer), (account, r#""C:\Windows\system32\cmd.exe""#))
        .wait(58 * SECOND)
        .run(tool, Parent::Actor(shell), (account, &command), 9 * SECOND)
        .wait(20 * MINUTE)
        .end(shell)
        .wait(MINUTE)
        .end(explorer)
        .add(Deed::LogOff { user: user.into(), kind: 10 });
}

fn target_side(script: &mut Script, world: &World, time: Millis) {
    let from = &world.hosts[5];
    let user = if world.has_care && world.organisation != "chiri" { SUPPLIER } else { KANRI };
    let (service, shell, tool) =
        (Actor(18, Code::PsExecService), Actor(19, Code::Cmd), Actor(20, Code::Ipconfig));
    at(script, time)
        .add(Deed::LogOn {
            user: user.into(),
            kind: 3,
            from: from.address.clone(),
            workstation: from.short.clone(),
        })
        .wait(1)
        .add(Deed::Special { user: user.into() })
        .wait(400)
        .add(Deed::Service { name: "PSEXESVC".into(), path: r"%SystemRoot%\PSEXESVC.exe".into() })
        .wait(30)
        .start(service, Parent::Slot(slot::SERVICES), (Account::System, r"C:\Windows\PSEXESVC.exe"))
        .wait(200)
        .start(shell, Parent::Actor(service), (Account::System, r#""cmd" /c ipconfig /all"#))
        .wait(60)
        .run(tool, Parent::Actor(shell), (Account::System, "ipconfig  /all"), 300)
        .end(shell)
        .wait(SECOND)
        .end(service)
        .add(Deed::State { name: "PSEXESVC", state: "stopped" });
}

/// Windows updates come on the second Tuesday in America: a Wednesday here.
fn is_second_wednesday(day: i64) -> bool {
    weekday(day) == 2 && (8..=15).contains(&(civil(day).2)) && (8..=14).contains(&(civil(day - 1).2))
}

/// Text as PowerShell's `-EncodedCommand` wants it: UTF-16, little end first, in base 64 (RFC 4648).
pub fn encoded(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut target = String::new();
    for three in bytes.chunks(3) {
        let value =
            three.iter().fold(0u32, |sum, byte| sum << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = DIGITS[(value >> (18 - 6 * place)) as usize & 63];
            target.push(if place <= three.len() { char::from(digit) } else { '=' });
        }
    }
    target
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_64_of_utf_16() {
        assert_eq!(encoded("dir"), "ZABpAHIA");
        assert_eq!(encoded("ls"), "bABzAA==");
        assert_eq!(encoded("whoami"), "dwBoAG8AYQBtAGkA");
    }
}
