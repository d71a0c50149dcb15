//! One Windows host as a small clockwork: a queue of what comes next, and the programs that run.
//!
//! Each turn takes the earliest item and writes at most one event, so a host costs the same few kilobytes whether a week
//! or a century is generated. What the items do is in `day` (people), `background` (machines) and `deed` (scripts).

use crate::clock::Millis;
use crate::deed::Planned;
use crate::event::{Event, Log};
use crate::hosts::Host;
use crate::programs::Code;
use crate::queue::Queue;
use crate::random::Random;
use crate::windows::{Account, Process, Scene, security, sysmon};
use crate::world::World;

/// Slots of the programs that run on every host. Free slots follow.
pub mod slot {
    pub const SMSS: u8 = 0;
    pub const WININIT: u8 = 1;
    pub const SERVICES: u8 = 2;
    pub const LSASS: u8 = 3;
    pub const NETWORK: u8 = 4;
    pub const SCHEDULER: u8 = 5;
    pub const RESOLVER: u8 = 6;
    pub const SPOOLER: u8 = 7;
    pub const KAMOME: u8 = 8;
    pub const WINLOGON: u8 = 9;
    pub const EXPLORER: u8 = 10;
    pub const USERINIT: u8 = 11;
    pub const FREE: u8 = 12;
}
/// So many programs at once; more are not opened until one ends.
const SLOTS: u8 = 28;

/// The programs that come with the machine: slot, parent, program, account, command line.
const SYSTEM: [(u8, u8, Code, Account, &str); 10] = [
    (slot::SMSS, slot::SMSS, Code::Smss, Account::System, r"\SystemRoot\System32\smss.exe"),
    (slot::WININIT, slot::SMSS, Code::Wininit, Account::System, "wininit.exe"),
    (slot::SERVICES, slot::WININIT, Code::Services, Account::System, r"C:\Windows\system32\services.exe"),
    (slot::LSASS, slot::WININIT, Code::Lsass, Account::System, r"C:\Windows\system32\lsass.exe"),
    (
        slot::NETWORK,
        slot::SERVICES,
        Code::Svchost,
        Account::System,
        r"C:\Windows\system32\svchost.exe -k netsvcs -p",
    ),
    (
        slot::SCHEDULER,
        slot::SERVICES,
        Code::Svchost,
        Account::System,
        r"C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule",
    ),
    (
        slot::RESOLVER,
        slot::SERVICES,
        Code::Svchost,
        Account::NetworkService,
        r"C:\Windows\system32\svchost.exe -k NetworkService -p -s Dnscache",
    ),
    (slot::SPOOLER, slot::SERVICES, Code::Spoolsv, Account::System, r"C:\Windows\System32\spoolsv.exe"),
    (
        slot::KAMOME,
        slot::SERVICES,
        Code::KamomeAgent,
        Account::System,
        r#""C:\Program Files\Kamome\Endpoint\kmagent.exe" /service"#,
    ),
    (slot::WINLOGON, slot::SMSS, Code::Winlogon, Account::System, "winlogon.exe"),
];

/// What a host does next.
#[derive(Debug)]
pub enum Action {
    /// A Japanese day begins.
    Midnight(i64),
    /// The next system program of a boot starts.
    Boot(u8),
    /// A wrong password at the keyboard; so many more follow.
    Mistype(u8),
    /// The person signs in.
    Arrive,
    /// The session has an administrator's rights.
    Privilege,
    /// The shell starts.
    Shell,
    /// The person unlocks the screen.
    Unlock,
    /// The person signs out.
    Leave,
    /// The person opens a program.
    Open,
    /// The program in this slot does something.
    Work(u8),
    /// It connects to the name it looked up.
    Connect(u8),
    /// It ends.
    End(u8),
    /// The audit's word for its start.
    Audit(u8),
    /// The machine does something by itself.
    Tick,
    /// Somebody from another host signs in over the network.
    Guest,
    /// And out again.
    GuestLeaves {
        /// Index of the other host.
        host: u16,
        /// Logon id.
        logon: u32,
    },
    /// A scripted deed.
    Deed(Box<Planned>),
}

/// A program that runs, or an empty place.
#[derive(Debug, Clone)]
pub struct Slot {
    /// The program.
    pub process: Process,
    /// Slot of its parent.
    pub parent: u8,
    /// Whether it runs.
    pub live: bool,
    /// How often it still does something.
    pub left: u8,
    /// The site it looked up last.
    pub site: u16,
}

/// One Windows host.
#[derive(Debug)]
pub struct Machine {
    /// Index in [`World::hosts`].
    pub index: usize,
    /// Its numbers of the day.
    pub random: Random,
    /// Running programs.
    pub slots: Vec<Slot>,
    /// Programs started by scripts, by key.
    pub actors: Vec<(u16, Process)>,
    /// Logon id of the person, and when it began in seconds.
    pub logon: (u64, u32),
    /// Whether the person is signed in.
    pub present: bool,
    /// Whether the machine is switched on.
    pub running: bool,
    /// When the person leaves today.
    pub leaves: Millis,
    queue: Queue<Action>,
    records: [u64; 4],
    tokens: u32,
}

impl Machine {
    /// The host `index` of the world, at the plan's start.
    pub fn new(world: &World, index: usize) -> Self {
        let host = &world.hosts[index];
        let mut random = Random::stream(world.seed, &[world.number, u64::from(host.number), u64::MAX]);
        let booted = (world.start / 1000 - random.between(90_000, 500_000)) as u32;
        let empty = Slot {
            process: process(Code::Smss, Account::System, booted),
            parent: slot::SMSS,
            live: false,
            left: 0,
            site: 0,
        };
        let mut machine = Machine {
            index,
            slots: vec![empty; usize::from(SLOTS)],
            actors: Vec::new(),
            logon: (0x3e7, booted),
            present: false,
            running: host.always_on,
            leaves: 0,
            queue: Queue::new(),
            records: [0; 4].map(|_: u64| 10_000 + random.below(900_000)),
            tokens: 0,
            random,
        };
        for (at, parent, code, account, command) in SYSTEM {
            machine.prepare(at, (code, account, parent), booted);
            machine.slots[usize::from(at)].process.command.push_str(command);
        }
        machine.push(world.start, Action::Midnight(crate::clock::day_of(world.start)));
        machine
    }

    /// When something happens next.
    pub fn next_time(&self) -> Option<Millis> {
        self.queue.next_time()
    }

    /// How much waits and runs; for the test that memory stays bounded.
    pub fn load_of(&self) -> usize {
        self.queue.len() + self.actors.len()
    }

    /// Takes the earliest item; true when it wrote an event.
    pub fn step(&mut self, world: &World, event: &mut Event) -> bool {
        let Some((time, action)) = self.queue.pop() else { return false };
        let scene = Scene { host: self.host(world), library: &world.library, time };
        let wrote = match action {
            Action::Midnight(day) => self.plan_day(world, day),
            Action::Boot(at) => self.boot(scene, at, event),
            Action::Mistype(left) => self.mistype(scene, left, event),
            Action::Arrive => self.arrive(world, scene, event),
            Action::Privilege => self.privilege(scene, event),
            Action::Shell => self.shell(scene, event),
            Action::Unlock => self.unlock(scene, event),
            Action::Leave => self.leave(scene, event),
            Action::Open => self.open(world, scene, event),
            Action::Work(at) => self.work(world, scene, at, event),
            Action::Connect(at) => self.connect(scene, at, event),
            Action::End(at) => self.end(scene, at, event),
            Action::Audit(at) => self.audit(scene, at, event),
            Action::Tick => self.tick(world, scene, event),
            Action::Guest => self.guest(world, scene, event),
            Action::GuestLeaves { host, logon } => self.guest_leaves(world, scene, (host, logon), event),
            Action::Deed(planned) => self.perform(scene, *planned, event),
        };
        if wrote {
            event.record = self.count(event.template.log);
        }
        wrote
    }

    /// The host.
    pub fn host<'w>(&self, world: &'w World) -> &'w Host {
        &world.hosts[self.index]
    }

    /// Something for later.
    pub fn push(&mut self, time: Millis, action: Action) {
        self.queue.push(time, action);
    }

    fn count(&mut self, log: Log) -> u64 {
        let at = match log {
            Log::Security => 0,
            Log::System => 1,
            Log::Sysmon => 2,
            Log::PowerShell | Log::Audit => 3,
        };
        self.records[at] += 1;
        self.records[at]
    }

    /// A new process id, never used for two programs of the same second.
    pub fn identity(&mut self) -> (u32, u32) {
        self.tokens += 1;
        let pid = 1000 + self.random.below(16_000) as u32 * 4;
        (self.tokens, pid)
    }

    /// A place that is free, if any.
    pub fn free_slot(&self) -> Option<u8> {
        (slot::FREE..SLOTS).find(|at| !self.slots[usize::from(*at)].live)
    }

    /// Puts a program into a slot with an empty command line.
    pub fn prepare(&mut self, at: u8, (code, account, parent): (Code, Account, u8), began: u32) {
        let (token, pid) = self.identity();
        let person = matches!(account, Account::Person);
        let logon = if person { self.logon } else { (session_of(account), self.slots[0].process.began) };
        let place = &mut self.slots[usize::from(at)];
        place.parent = parent;
        place.live = true;
        place.left = 0;
        let process = &mut place.process;
        process.command.clear();
        (process.code, process.account, process.began) = (code, account, began);
        (process.token, process.pid) = (token, pid);
        (process.logon, process.logon_began) = logon;
        process.elevated = false;
    }

    /// Writes the start of the program in this slot.
    pub fn write_start(&mut self, scene: Scene<'_>, at: u8, event: &mut Event) -> bool {
        let place = &self.slots[usize::from(at)];
        let parent = &self.slots[usize::from(place.parent)].process;
        if scene.host.sysmon {
            sysmon::start(event, scene, &place.process, parent);
            if scene.host.process_audit {
                self.push(scene.time + 1, Action::Audit(at));
            }
            return true;
        }
        if scene.host.process_audit {
            security::created(event, scene, &place.process, parent);
        }
        scene.host.process_audit
    }

    fn audit(&mut self, scene: Scene<'_>, at: u8, event: &mut Event) -> bool {
        let place = &self.slots[usize::from(at)];
        security::created(event, scene, &place.process, &self.slots[usize::from(place.parent)].process);
        true
    }

    /// Ends the program in this slot.
    pub fn end(&mut self, scene: Scene<'_>, at: u8, event: &mut Event) -> bool {
        let place = &mut self.slots[usize::from(at)];
        place.live = false;
        if scene.host.sysmon {
            sysmon::end(event, scene, &place.process);
        } else if scene.host.process_audit {
            security::exited(event, scene, &place.process);
        }
        scene.host.sysmon || scene.host.process_audit
    }

    /// The machine starts: its system programs come up one after the other.
    fn boot(&mut self, scene: Scene<'_>, at: u8, event: &mut Event) -> bool {
        let Some((at, parent, code, account, command)) = SYSTEM.get(usize::from(at)).copied() else {
            return false;
        };
        self.running = true;
        self.prepare(at, (code, account, parent), (scene.time / 1000) as u32);
        self.slots[usize::from(at)].process.command.push_str(command);
        if usize::from(at) + 1 < SYSTEM.len() {
            let pause = self.random.between(200, 2500);
            self.push(scene.time + pause, Action::Boot(at + 1));
        }
        at != slot::SMSS && self.write_start(scene, at, event)
    }
}

/// The logon session in which an account of the machine or a service runs.
pub fn session_of(account: Account) -> u64 {
    match account {
        Account::LocalService => 0x3e5,
        Account::NetworkService => 0x3e4,
        _ => 0x3e7,
    }
}

/// A program without identity yet.
pub fn process(code: Code, account: Account, began: u32) -> Process {
    Process {
        code,
        command: String::new(),
        account,
        logon: session_of(account),
        logon_began: began,
        began,
        token: 0,
        pid: 4,
        elevated: false,
    }
}
