//! An ordinary day of a person at a Windows host.
//!
//! People come between 8:30 and 9:10 and leave by 18:30 on working days; nights and weekends belong to machines. A person
//! opens the organisation's programs; a program looks names up, connects, writes files and settings, and ends.

use crate::clock::{DAY, HOUR, MINUTE, Millis, SECOND, closed_before, is_working, midnight};
use crate::event::Event;
use crate::hosts::Role;
use crate::machine::{Action, Machine, slot};
use crate::programs::{Code, Habit};
use crate::random::Random;
use crate::sites::SITES;
use crate::windows::security::Logon;
use crate::windows::sysmon::Target;
use crate::windows::{Account, Scene, security, sysmon};
use crate::world::World;

/// Programs that a person opens on a working day at scale 1.
const OPENED: i64 = 3;
/// How long people are at work, roughly.
const AT_WORK: Millis = 9 * HOUR;

impl Machine {
    /// Plans what the day brings; writes nothing.
    pub(crate) fn plan_day(&mut self, world: &World, day: i64) -> bool {
        let start = midnight(day);
        let host = self.host(world);
        self.random = Random::stream(world.seed, &[world.number, u64::from(host.number), day as u64]);
        self.push(start + DAY, Action::Midnight(day + 1));
        let desk = matches!(host.role, Role::Administrator | Role::HelpDesk | Role::Desk);
        if desk && is_working(day) && self.random.chance(920) {
            self.plan_person(world, day);
        } else {
            self.leaves = 0;
        }
        if host.always_on {
            self.plan_ticks(world, start);
        }
        self.plan_guests(world, start);
        self.plan_odd(world, day);
        let index = self.index;
        for planned in world.stories.iter().flat_map(|story| story.deeds(world, index, day)) {
            self.push(planned.time, Action::Deed(Box::new(planned)));
        }
        false
    }

    fn plan_person(&mut self, world: &World, day: i64) {
        let start = midnight(day);
        let comes = start + 8 * HOUR + 30 * MINUTE + self.random.between(0, 40 * MINUTE);
        self.leaves = start + 17 * HOUR + 15 * MINUTE + self.random.between(0, 74 * MINUTE);
        let host = self.host(world);
        if !host.always_on {
            // Switched off over closed days, asleep over ordinary nights.
            if closed_before(day) > 0 || !self.running {
                self.push(comes - 3 * MINUTE, Action::Boot(0));
            }
            self.plan_ticks(world, comes);
        }
        // After holidays passwords are forgotten.
        let share = match closed_before(day) {
            0 => 15,
            1..=2 => 60,
            _ => 220,
        };
        if self.random.chance(share) {
            let more = self.random.below(3) as u8;
            self.push(comes - 45 * SECOND, Action::Mistype(more));
        }
        self.push(comes, Action::Arrive);
        let lunch = start + 13 * HOUR + self.random.between(-4 * MINUTE, 6 * MINUTE);
        self.push(lunch, Action::Unlock);
        self.push(self.leaves, Action::Leave);
    }

    pub(crate) fn mistype(&mut self, scene: Scene<'_>, left: u8, event: &mut Event) -> bool {
        if left > 0 {
            let pause = self.random.between(4 * SECOND, 14 * SECOND);
            self.push(scene.time + pause, Action::Mistype(left - 1));
        }
        security::logon_failed(event, scene, at_keyboard(scene, 2, 0));
        true
    }

    pub(crate) fn arrive(&mut self, world: &World, scene: Scene<'_>, event: &mut Event) -> bool {
        self.present = true;
        self.logon = (0x10_0000 + self.random.below(0xf00_0000), (scene.time / 1000) as u32);
        if scene.host.role == Role::Administrator {
            self.push(scene.time + 1, Action::Privilege);
        }
        self.push(scene.time + 900, Action::Shell);
        let first = self.random.between(MINUTE, 25 * MINUTE);
        self.push(scene.time + world.shorten(first), Action::Open);
        security::logon(event, scene, at_keyboard(scene, 2, self.logon.0));
        true
    }

    pub(crate) fn privilege(&mut self, scene: Scene<'_>, event: &mut Event) -> bool {
        security::special(event, scene, at_keyboard(scene, 2, self.logon.0));
        true
    }

    /// userinit first, which starts the shell and goes.
    pub(crate) fn shell(&mut self, scene: Scene<'_>, event: &mut Event) -> bool {
        let now = (scene.time / 1000) as u32;
        let first = !self.slots[usize::from(slot::USERINIT)].live;
        let (at, code, parent) = if first {
            self.push(scene.time + 300, Action::Shell);
            (slot::USERINIT, Code::Userinit, slot::WINLOGON)
        } else {
            self.push(scene.time + 20 * SECOND, Action::End(slot::USERINIT));
            (slot::EXPLORER, Code::Explorer, slot::USERINIT)
        };
        self.prepare(at, (code, Account::Person, parent), now);
        self.slots[usize::from(at)].process.command.push_str(code.image());
        self.write_start(scene, at, event)
    }

    pub(crate) fn unlock(&mut self, scene: Scene<'_>, event: &mut Event) -> bool {
        if self.present {
            security::logon(event, scene, at_keyboard(scene, 7, self.logon.0 + 0x51));
        }
        self.present
    }

    pub(crate) fn leave(&mut self, scene: Scene<'_>, event: &mut Event) -> bool {
        self.present = false;
        self.push(scene.time + 2 * SECOND, Action::End(slot::EXPLORER));
        security::logoff(event, scene, at_keyboard(scene, 2, self.logon.0));
        true
    }

    pub(crate) fn open(&mut self, world: &World, scene: Scene<'_>, event: &mut Event) -> bool {
        let gap = world.shorten(AT_WORK / OPENED);
        let next = scene.time + self.random.between(gap / 2, gap * 3 / 2);
        if next < self.leaves - world.shorten(30 * MINUTE) {
            self.push(next, Action::Open);
        }
        let code = *self.random.pick(scene.host.desk_programs);
        let Some(at) = self.free_slot().filter(|_| self.present) else { return false };
        self.prepare(at, (code, Account::Person, slot::EXPLORER), (scene.time / 1000) as u32);
        self.slots[usize::from(at)].left = match code.program().habit {
            Habit::Browses => 2 + self.random.below(5) as u8,
            _ => 2 + self.random.below(3) as u8,
        };
        let number = self.random.below(900);
        opened_command(&mut self.slots[usize::from(at)].process.command, (code, number), &scene.host.user);
        let pause = self.random.between(2 * SECOND, MINUTE);
        self.push(scene.time + world.shorten(pause).max(60), Action::Work(at));
        self.write_start(scene, at, event)
    }

    /// One thing that a running program does; then the next, or its end.
    pub(crate) fn work(&mut self, world: &World, scene: Scene<'_>, at: u8, event: &mut Event) -> bool {
        let place = &mut self.slots[usize::from(at)];
        let habit = place.process.code.program().habit;
        place.left = place.left.saturating_sub(1);
        let pause = self.random.between(40 * SECOND, 9 * MINUTE);
        let next = scene.time + world.shorten(pause);
        let person = self.slots[usize::from(at)].process.account == Account::Person;
        let late = person && next > self.leaves - 2 * SECOND;
        if self.slots[usize::from(at)].left > 0 && !late {
            self.push(next, Action::Work(at));
        } else {
            let end = if late {
                scene.time.max(self.leaves - 2 * SECOND) + 400
            } else {
                next.max(scene.time + 400)
            };
            self.push(end, Action::End(at));
        }
        if !scene.host.sysmon {
            return false;
        }
        let dice = self.random.below(10);
        match habit {
            Habit::Browses | Habit::Asks if dice < 8 => self.look_up(scene, at, event),
            Habit::Updates if dice < 4 => self.look_up(scene, at, event),
            _ if dice < 2 => self.load(scene, at, event),
            _ if dice < 4 => self.set_value(scene, at, event),
            _ => self.write_file(scene, at, event),
        }
        true
    }

    fn look_up(&mut self, scene: Scene<'_>, at: u8, event: &mut Event) {
        let pause = self.random.between(15, 49);
        self.push(scene.time + pause, Action::Connect(at));
        let site = self.random.below(u64::from(SITES)) as u16;
        let place = &mut self.slots[usize::from(at)];
        place.site = site;
        let (mut name, mut address) = (String::new(), String::new());
        destination(scene, (place.process.code.program().habit, site), (&mut name, &mut address));
        let results = format!("::ffff:{address};");
        sysmon::lookup(event, scene, &place.process, (&name, &results));
    }

    pub(crate) fn connect(&mut self, scene: Scene<'_>, at: u8, event: &mut Event) -> bool {
        let from = 49_152 + self.random.below(16_000) as u16;
        let place = &self.slots[usize::from(at)];
        let (mut name, mut address) = (String::new(), String::new());
        destination(scene, (place.process.code.program().habit, place.site), (&mut name, &mut address));
        let port = if place.process.code == Code::Mstsc { 3389 } else { 443 };
        let target = Target { address: &address, name: &name, port, from };
        sysmon::connect(event, scene, &place.process, target);
        true
    }

    fn load(&mut self, scene: Scene<'_>, at: u8, event: &mut Event) {
        const LIBRARIES: [&str; 6] =
            ["urlmon.dll", "winhttp.dll", "propsys.dll", "winspool.drv", "msxml6.dll", "wintrust.dll"];
        let library = format!(r"C:\Windows\System32\{}", self.random.pick(&LIBRARIES));
        sysmon::load(event, scene, &self.slots[usize::from(at)].process, &library);
    }

    fn set_value(&mut self, scene: Scene<'_>, at: u8, event: &mut Event) {
        let number = self.random.below(40);
        let process = &self.slots[usize::from(at)].process;
        let name = crate::programs::file_name(process.code.image());
        let object = if process.account == Account::Person {
            format!(r"HKU\{}-1108\Software\{name}\RecentFiles\File{number}", scene.host.domain_sid)
        } else {
            format!(r"HKLM\SOFTWARE\{name}\State\LastCheck")
        };
        sysmon::registry(event, scene, process, (&object, &format!("DWORD (0x{number:08x})")));
    }

    fn write_file(&mut self, scene: Scene<'_>, at: u8, event: &mut Event) {
        let number = self.random.below(5000);
        let process = &self.slots[usize::from(at)].process;
        let path = match process.code.program().habit {
            Habit::Writes => document((process.code, number), &scene.host.user),
            Habit::Updates => format!(r"C:\ProgramData\Package Cache\package-{number:04}.cab"),
            _ => format!(r"C:\Users\{}\AppData\Local\Temp\cache{number:04}.tmp", scene.host.user),
        };
        sysmon::file(event, scene, process, &path);
    }
}

fn at_keyboard<'a>(scene: Scene<'a>, kind: u8, id: u64) -> Logon<'a> {
    Logon { user: &scene.host.user, kind, id, from: "127.0.0.1", workstation: &scene.host.short }
}

fn destination(scene: Scene<'_>, (habit, site): (Habit, u16), (name, address): (&mut String, &mut String)) {
    if habit == Habit::Asks {
        const SERVERS: [(&str, u8); 3] = [("portal", 13), ("ap01", 13), ("fs01", 11)];
        let (label, last) = SERVERS[usize::from(site) % SERVERS.len()];
        *name = format!("{label}.{}", scene.host.zone);
        *address = format!("{}.1.{last}", scene.host.network);
    } else {
        let found = scene.library.site(site);
        name.push_str(&found.name);
        address.push_str(&found.address);
    }
}

const TOPICS: [&str; 10] = [
    "議事録",
    "予算案",
    "起案",
    "照会 回答",
    "名簿",
    "月次報告",
    "研修資料",
    "契約 一覧",
    "点検表",
    "draft memo",
];

/// A document of the person; `number` chooses its topic.
fn document((code, number): (Code, u64), user: &str) -> String {
    let topic = TOPICS[number as usize % TOPICS.len()];
    let end = match code {
        Code::Excel | Code::MiyabiTokei => "xlsx",
        Code::PowerPoint => "pptx",
        Code::TsubakiReader => "pdf",
        Code::Notepad => "txt",
        Code::MiyabiChizu => "map",
        Code::SujiDiagram => "suji",
        _ => "docx",
    };
    format!(r"C:\Users\{user}\Documents\{topic} {}.{end}", number / 10)
}

fn opened_command(command: &mut String, (code, number): (Code, u64), user: &str) {
    command.push('"');
    command.push_str(code.image());
    command.push('"');
    match code.program().habit {
        Habit::Writes => {
            command.push_str(" \"");
            command.push_str(&document((code, number), user));
            command.push('"');
        }
        Habit::Browses if code == Code::Edge => command.push_str(" --profile-directory=Default"),
        _ => {}
    }
}
