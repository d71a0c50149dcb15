//! What machines do by themselves: tasks, updates, services; and guests of servers over the network.

use crate::clock::{DAY, HOUR, MINUTE, Millis, SECOND, closed_before, day_of, is_working, midnight};
use crate::event::Event;
use crate::hosts::Role;
use crate::machine::{Action, Machine, slot};
use crate::programs::Code;
use crate::windows::security::Logon;
use crate::windows::{Account, Scene, security, sysmon};
use crate::world::World;

/// Pause between two things a personal computer does by itself, at scale 1.
const DESK_TICK: Millis = 320 * MINUTE;
/// The same for servers.
const SERVER_TICK: Millis = 70 * MINUTE;

/// Short-lived programs of Windows: program, parent, account, command line.
const CHORES: [(Code, u8, Account, &str); 8] = [
    (Code::Taskhostw, slot::SCHEDULER, Account::System, "taskhostw.exe"),
    (Code::Taskhostw, slot::SCHEDULER, Account::LocalService, "taskhostw.exe KEYROAMING"),
    (
        Code::BackgroundTask,
        slot::NETWORK,
        Account::System,
        r#""C:\Windows\System32\backgroundTaskHost.exe" -ServerName:App.AppXmtcan0h2tfbfy7k9kn8hbxb6dmzz1zh0.mca"#,
    ),
    (
        Code::Dllhost,
        slot::NETWORK,
        Account::System,
        r"C:\Windows\system32\DllHost.exe /Processid:{AB8902B4-09CA-4BB6-B78D-A8F59079A8D5}",
    ),
    (
        Code::SearchProtocol,
        slot::NETWORK,
        Account::System,
        r#""C:\Windows\system32\SearchProtocolHost.exe" Global\UsGthrFltPipeMssGthrPipe1_"#,
    ),
    (
        Code::WmiPrvSe,
        slot::NETWORK,
        Account::NetworkService,
        r"C:\Windows\system32\wbem\wmiprvse.exe -secured -Embedding",
    ),
    (Code::Gpupdate, slot::SCHEDULER, Account::System, "gpupdate.exe /target:computer"),
    (Code::Defrag, slot::SCHEDULER, Account::System, r"C:\Windows\system32\defrag.exe -c -h -k -g -$"),
];

/// Programs that fetch something new: program, parent, command line.
const UPDATES: [(Code, u8, &str); 4] = [
    (
        Code::KamomeUpdate,
        slot::KAMOME,
        r#""C:\Program Files\Kamome\Endpoint\kmupdate.exe" /definitions /quiet"#,
    ),
    (
        Code::SuzumeUpdate,
        slot::SCHEDULER,
        r#""C:\Program Files (x86)\Suzume\Update\SuzumeUpdate.exe" /ua /installsource scheduler"#,
    ),
    (
        Code::TsubakiUpdate,
        slot::SCHEDULER,
        r#""C:\Program Files\Tsubaki\Reader\TsubakiUpdater.exe" --check --silent"#,
    ),
    (Code::TiWorker, slot::SERVICES, r"C:\Windows\servicing\TrustedInstaller.exe"),
];

const SERVICES: [&str; 8] = [
    "Windows Update",
    "Background Intelligent Transfer Service",
    "Software Protection",
    "Windows Modules Installer",
    "Windows Search",
    "Kamome Endpoint Update",
    "Volume Shadow Copy",
    "Print Spooler",
];

impl Machine {
    /// Lets the machine's own life begin at `from` for this day.
    pub(crate) fn plan_ticks(&mut self, world: &World, from: Millis) {
        let gap = self.tick_gap(world);
        let first = self.random.between(SECOND, gap + SECOND);
        self.push(from + first, Action::Tick);
    }

    fn tick_gap(&self, world: &World) -> Millis {
        let host = self.host(world);
        let desk = matches!(host.role, Role::Administrator | Role::HelpDesk | Role::Desk);
        world.shorten(if desk { DESK_TICK } else { SERVER_TICK })
    }

    pub(crate) fn tick(&mut self, world: &World, scene: Scene<'_>, event: &mut Event) -> bool {
        let gap = self.tick_gap(world);
        let next = scene.time + self.random.between(gap / 2, gap * 3 / 2);
        let until =
            if scene.host.always_on { midnight(day_of(scene.time)) + DAY } else { self.leaves - 5 * MINUTE };
        if next < until {
            self.push(next, Action::Tick);
        }
        match self.random.below(20) {
            0..9 => self.chore(world, scene, event),
            9..13 => self.update(world, scene, event),
            13 | 14 => self.service(scene, event),
            15 => self.care(world, scene, event),
            16 => self.service_logon(scene, event),
            _ => self.own_settings(scene, event),
        }
    }

    fn chore(&mut self, world: &World, scene: Scene<'_>, event: &mut Event) -> bool {
        let Some(at) = self.free_slot() else { return false };
        let (code, parent, account, command) = *self.random.pick(&CHORES);
        self.prepare(at, (code, account, parent), (scene.time / 1000) as u32);
        self.slots[usize::from(at)].process.command.push_str(command);
        let life = self.random.between(2 * SECOND, 4 * MINUTE);
        self.push(scene.time + world.shorten(life) + 10, Action::End(at));
        self.write_start(scene, at, event)
    }

    fn update(&mut self, world: &World, scene: Scene<'_>, event: &mut Event) -> bool {
        let Some(at) = self.free_slot() else { return false };
        let (code, parent, command) = *self.random.pick(&UPDATES);
        self.prepare(at, (code, Account::System, parent), (scene.time / 1000) as u32);
        let place = &mut self.slots[usize::from(at)];
        place.process.command.push_str(command);
        place.left = 3;
        let pause = self.random.between(SECOND, 20 * SECOND);
        self.push(scene.time + world.shorten(pause), Action::Work(at));
        self.write_start(scene, at, event)
    }

    /// The supplier's maintenance tool takes stock, started by its service as it should be.
    fn care(&mut self, world: &World, scene: Scene<'_>, event: &mut Event) -> bool {
        if !world.has_care {
            return self.chore(world, scene, event);
        }
        let Some(at) = self.free_slot() else { return false };
        self.prepare(at, (Code::HayabusaCare, Account::System, slot::SERVICES), (scene.time / 1000) as u32);
        let command = r#""C:\Program Files\Hayabusa Care\hbcare.exe" /inventory /quiet"#;
        self.slots[usize::from(at)].process.command.push_str(command);
        let life = self.random.between(20 * SECOND, 3 * MINUTE);
        self.push(scene.time + world.shorten(life) + 10, Action::End(at));
        self.write_start(scene, at, event)
    }

    fn service(&mut self, scene: Scene<'_>, event: &mut Event) -> bool {
        let name = *self.random.pick(&SERVICES);
        let state = if self.random.chance(500) { "running" } else { "stopped" };
        security::service_state(event, scene, (name, state));
        true
    }

    fn service_logon(&mut self, scene: Scene<'_>, event: &mut Event) -> bool {
        let logon = Logon { user: "SYSTEM", kind: 5, id: 0x3e7, from: "-", workstation: "-" };
        if self.random.chance(500) {
            security::logon(event, scene, logon);
        } else {
            security::special(event, scene, logon);
        }
        true
    }

    fn own_settings(&mut self, scene: Scene<'_>, event: &mut Event) -> bool {
        if !scene.host.sysmon {
            return self.service_logon(scene, event);
        }
        let number = self.random.below(900);
        let process = &self.slots[usize::from(slot::NETWORK)].process;
        match number % 3 {
            0 => sysmon::registry(
                event,
                scene,
                process,
                (
                    r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tasks\{5E2F1C3A-90B7-4C41-8D0E-1B7F0A6C2D11}\DynamicInfo",
                    "Binary Data",
                ),
            ),
            1 => sysmon::file(event, scene, process, r"C:\Windows\ServiceState\EventLog\Data\lastalive0.dat"),
            _ => sysmon::load(event, scene, process, r"C:\Windows\System32\wuapi.dll"),
        }
        true
    }

    /// Guests come to servers all day, many in working hours.
    pub(crate) fn plan_guests(&mut self, world: &World, start: Millis) {
        if guests_an_hour(self.host(world).role) > 0 {
            let first = self.random.between(MINUTE, 30 * MINUTE);
            self.push(start + first, Action::Guest);
        }
    }

    pub(crate) fn guest(&mut self, world: &World, scene: Scene<'_>, event: &mut Event) -> bool {
        let day = day_of(scene.time);
        let hour = (scene.time - midnight(day)) / HOUR;
        let busy = is_working(day) && (8..19).contains(&hour);
        let an_hour = guests_an_hour(scene.host.role).max(1);
        let gap = world.shorten(if busy { HOUR / an_hour } else { 2 * HOUR });
        let next = scene.time + self.random.between(gap / 2, gap * 3 / 2);
        if next < midnight(day) + DAY {
            self.push(next, Action::Guest);
        }
        let from = self.random.below(world.hosts.len() as u64) as u16;
        // The low bit remembers whether a person or a machine came; at night only machines do.
        let person = busy && self.random.chance(600);
        let logon = (0x20_0000 + self.random.below(0x0f00_0000) as u32) & !1 | u32::from(person);
        let morning = busy && hour < 10 && closed_before(day) >= 3;
        if busy && self.random.chance(if morning { 160 } else { 15 }) {
            security::logon_failed(event, scene, guest_logon(world, (from, logon)));
            return true;
        }
        let stays = self.random.between(10 * SECOND, 12 * MINUTE);
        self.push(scene.time + world.shorten(stays), Action::GuestLeaves { host: from, logon });
        security::logon(event, scene, guest_logon(world, (from, logon)));
        true
    }

    pub(crate) fn guest_leaves(
        &mut self,
        world: &World,
        scene: Scene<'_>,
        (from, logon): (u16, u32),
        event: &mut Event,
    ) -> bool {
        security::logoff(event, scene, guest_logon(world, (from, logon)));
        true
    }
}

fn guest_logon(world: &World, (from, logon): (u16, u32)) -> Logon<'_> {
    let host = &world.hosts[usize::from(from) % world.hosts.len()];
    let user = if logon & 1 == 1 { &host.user } else { &host.account };
    Logon { user, kind: 3, id: u64::from(logon), from: &host.address, workstation: &host.short }
}

fn guests_an_hour(role: Role) -> i64 {
    match role {
        Role::Directory | Role::Files => 8,
        Role::Application => 5,
        Role::Print => 4,
        _ => 0,
    }
}
