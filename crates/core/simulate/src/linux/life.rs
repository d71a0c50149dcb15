//! An ordinary day of a Linux server: jobs and units round the clock, an administrator now and then, a backup by night.

use super::{Execution, ROOT, Who, credentials, executed, login, unit};
use crate::clock::{DAY, HOUR, MINUTE, Millis, SECOND, closed_before, day_of, is_working, midnight};
use crate::deed::{Deed, Planned};
use crate::event::Event;
use crate::queue::Queue;
use crate::random::Random;
use crate::windows::Scene;
use crate::world::World;

const TICK: Millis = 80 * MINUTE;
const JOBS: [&[&str]; 6] = [
    &["/usr/bin/run-parts", "--report", "/etc/cron.hourly"],
    &["/usr/lib/monitoring/check_disk", "-w", "20%", "-c", "10%", "-p", "/"],
    &["/usr/lib/monitoring/check_procs", "-w", "250", "-c", "400"],
    &["/usr/sbin/logrotate", "/etc/logrotate.conf"],
    &["/usr/bin/find", "/var/tmp", "-name", "* old", "-mtime", "+30", "-delete"],
    &["/bin/sh", "-c", "test -x /usr/sbin/anacron || run-parts /etc/cron.daily"],
];
const UNITS: [&str; 7] = [
    "logrotate",
    "man-db",
    "apt-daily",
    "fstrim",
    "systemd-tmpfiles-clean",
    "sysstat-collect",
    "certificate-renewal",
];
const COMMANDS: [&[&str]; 12] = [
    &["ls", "-la", "/srv/share"],
    &["systemctl", "status", "nginx"],
    &["journalctl", "-u", "nginx", "--since", "1 hour ago"],
    &["tail", "-n", "200", "/var/log/syslog"],
    &["grep", "-i", "error 500", "/var/log/nginx/access.log"],
    &["df", "-h"],
    &["ps", "aux"],
    &["vi", "/etc/nginx/conf.d/site.conf"],
    &["sudo", "systemctl", "reload", "nginx"],
    &["cp", "/etc/nginx/conf.d/site.conf", "/root/old site.conf"],
    &["ss", "-tlnp"],
    &["cat", "/srv/share/年度 計画/読んでください.txt"],
];

#[derive(Debug)]
enum Action {
    Midnight(i64),
    Tick,
    Job(u8),
    Unit { name: u8, starts: bool },
    Mistype(u8),
    Login,
    Credentials,
    Command(u8),
    Backup,
    Deed(Box<Planned>),
}

/// One Linux host.
#[derive(Debug)]
pub struct Penguin {
    index: usize,
    random: Random,
    queue: Queue<Action>,
    serial: u64,
    process: u64,
    session: u64,
}

impl Penguin {
    /// The host `index` of the world's Linux hosts.
    pub fn new(world: &World, index: usize) -> Self {
        let number = u64::from(world.linux[index].number);
        let mut random = Random::stream(world.seed, &[world.number, number, u64::MAX]);
        let mut queue = Queue::new();
        queue.push(world.start, Action::Midnight(day_of(world.start)));
        Penguin {
            index,
            serial: 1000 + random.below(400_000),
            process: 2000 + random.below(20_000),
            session: 1 + random.below(40),
            random,
            queue,
        }
    }

    /// When something happens next.
    pub fn next_time(&self) -> Option<Millis> {
        self.queue.next_time()
    }

    /// How much waits.
    pub fn load_of(&self) -> usize {
        self.queue.len()
    }

    /// Takes the earliest item; true when it wrote an event.
    pub fn step(&mut self, world: &World, event: &mut Event) -> bool {
        let Some((time, action)) = self.queue.pop() else { return false };
        let scene = Scene { host: &world.linux[self.index], library: &world.library, time };
        let wrote = match action {
            Action::Midnight(day) => self.plan_day(world, day),
            Action::Tick => self.tick(world, scene, event),
            Action::Job(at) => self.run(scene, (ROOT, "/"), &words(JOBS[usize::from(at)]), event),
            Action::Unit { name, starts } => {
                unit(event, scene, UNITS[usize::from(name)], starts);
                true
            }
            Action::Mistype(more) => self.mistype(world, scene, more, event),
            Action::Login => self.sign_in(world, scene, event),
            Action::Credentials => {
                credentials(event, scene, (self.process, self.session), (&scene.host.user, "/usr/sbin/sshd"));
                true
            }
            Action::Command(left) => self.command(world, scene, left, event),
            Action::Backup => self.backup(scene, event),
            Action::Deed(planned) => self.perform(scene, *planned, event),
        };
        if wrote {
            self.serial += 1 + self.random.below(4);
            event.record = self.serial;
        }
        wrote
    }

    fn plan_day(&mut self, world: &World, day: i64) -> bool {
        let start = midnight(day);
        let number = u64::from(world.linux[self.index].number);
        self.random = Random::stream(world.seed, &[world.number, number, day as u64]);
        self.queue.push(start + DAY, Action::Midnight(day + 1));
        let first = self.random.between(SECOND, world.shorten(TICK));
        self.queue.push(start + first, Action::Tick);
        let night = start + HOUR + 40 * MINUTE + self.random.between(0, 9 * MINUTE);
        self.queue.push(night, Action::Backup);
        if is_working(day) && self.random.chance(450) {
            let comes = start + 9 * HOUR + self.random.between(0, 8 * HOUR);
            if closed_before(day) > 0 && self.random.chance(250) {
                self.queue.push(comes - 40 * SECOND, Action::Mistype(1));
            }
            self.queue.push(comes, Action::Login);
        }
        let index = self.index;
        for planned in world.stories.iter().flat_map(|story| story.linux_deeds(world, index, day)) {
            self.queue.push(planned.time, Action::Deed(Box::new(planned)));
        }
        false
    }

    fn tick(&mut self, world: &World, scene: Scene<'_>, event: &mut Event) -> bool {
        let gap = world.shorten(TICK);
        let next = scene.time + self.random.between(gap / 2, gap * 3 / 2);
        if day_of(next) == day_of(scene.time) {
            self.queue.push(next, Action::Tick);
        }
        if self.random.chance(300) {
            let name = self.random.below(UNITS.len() as u64) as u8;
            self.queue.push(scene.time + 900, Action::Unit { name, starts: false });
            unit(event, scene, UNITS[usize::from(name)], true);
        } else {
            let job = self.random.below(JOBS.len() as u64) as u8;
            self.queue.push(scene.time + 12, Action::Job(job));
            self.process += 2;
            self.session += 1;
            credentials(event, scene, (self.process, self.session), ("root", "/usr/sbin/cron"));
        }
        true
    }

    fn mistype(&mut self, world: &World, scene: Scene<'_>, more: u8, event: &mut Event) -> bool {
        if more > 0 {
            self.queue.push(scene.time + 9 * SECOND, Action::Mistype(more - 1));
        }
        login(event, scene, (self.process, self.session), (&world.hosts[6].address, false));
        true
    }

    fn sign_in(&mut self, world: &World, scene: Scene<'_>, event: &mut Event) -> bool {
        self.session += 1;
        self.process += 3;
        self.queue.push(scene.time + 30, Action::Credentials);
        let commands = 3 + self.random.below(6) as u8;
        self.queue.push(scene.time + 8 * SECOND, Action::Command(commands));
        login(event, scene, (self.process, self.session), (&world.hosts[6].address, true));
        true
    }

    fn command(&mut self, world: &World, scene: Scene<'_>, left: u8, event: &mut Event) -> bool {
        if left > 1 {
            let pause = self.random.between(5 * SECOND, 3 * MINUTE);
            self.queue.push(scene.time + world.shorten(pause), Action::Command(left - 1));
        }
        let arguments = words(COMMANDS[self.random.below(COMMANDS.len() as u64) as usize]);
        let who = self.person();
        self.run(scene, (who, "/home/jousys-unyo"), &arguments, event)
    }

    /// The nightly backup packs folders whose names hold blanks: harmless, and like the intruder's packing.
    fn backup(&mut self, scene: Scene<'_>, event: &mut Event) -> bool {
        let arguments =
            words(&["/usr/bin/tar", "czf", "/backup/nightly.tgz", "--exclude=*.tmp", "/srv/share/年度 資料"]);
        self.run(scene, (ROOT, "/backup"), &arguments, event)
    }

    fn person(&self) -> Who {
        Who { auid: 1000, uid: 1000, session: self.session, terminal: "pts0" }
    }

    fn run(
        &mut self,
        scene: Scene<'_>,
        (who, directory): (Who, &str),
        arguments: &[String],
        event: &mut Event,
    ) -> bool {
        let parent = self.process;
        let pid = parent + 1 + self.random.below(9);
        executed(event, scene, Execution { who, pid, parent, directory, arguments });
        // Ids of processes wrap as the kernel's do.
        self.process = if pid > 4_190_000 { 2000 } else { pid };
        true
    }

    fn perform(&mut self, scene: Scene<'_>, planned: Planned, event: &mut Event) -> bool {
        let wrote = match &planned.deed {
            Deed::Login { from } => {
                self.session += 1;
                login(event, scene, (self.process, self.session), (from, true));
                true
            }
            Deed::Run { directory, arguments } => {
                let who = self.person();
                self.run(scene, (who, directory), arguments, event)
            }
            _ => false,
        };
        if wrote {
            event.mark = planned.mark;
        }
        wrote
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| String::from(*word)).collect()
}
