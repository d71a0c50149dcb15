//! Scripted deeds: the words in which oddities and stories are told.
//!
//! A script is a list of deeds with their instants; each becomes one event (and, where the host audits process creation
//! beside Sysmon, a twin). Programs that a script starts are *actors*, known by a key, so that what they do later repeats
//! their process id and GUID. `{lsass}` in a command line becomes the process id of lsass. An actor whose start lies before the plan's first day is made up when it first acts.

use crate::clock::Millis;
use crate::event::{Event, Mark};
use crate::machine::{Action, Machine, process, session_of, slot};
use crate::programs::Code;
use crate::windows::security::Logon;
use crate::windows::sysmon::Target;
use crate::windows::{Account, Process, Scene, security, sysmon};

/// A program of a script: its key and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor(pub u16, pub Code);

/// Who starts an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parent {
    /// A program of the system, by slot.
    Slot(u8),
    /// Another actor.
    Actor(Actor),
}

/// One thing that happens.
#[derive(Debug, Clone)]
pub enum Deed {
    /// An actor starts.
    Start { actor: Actor, parent: Parent, command: String, account: Account },
    /// The audit's twin of a start.
    Audited { actor: Actor, parent: Parent },
    /// It ends.
    End { actor: Actor },
    /// It looks a name up.
    LookUp { actor: Actor, name: String, results: String },
    /// It connects.
    Connect { actor: Actor, address: String, name: String, port: u16 },
    /// It creates a file.
    File { actor: Actor, path: String },
    /// It opens lsass.
    OpenLsass { actor: Actor, granted: &'static str },
    /// It gives another account's password for a server.
    Explicit { actor: Actor, user: &'static str, server: String },
    /// Somebody signs in.
    LogOn { user: String, kind: u8, from: String, workstation: String },
    /// The session is an administrator's.
    Special { user: String },
    /// Somebody signs out.
    LogOff { user: String, kind: u8 },
    /// A service is installed.
    Service { name: String, path: String },
    /// A service changes state.
    State { name: &'static str, state: &'static str },
    /// A block of script runs.
    Script { text: String, path: String },
    /// A task is registered.
    Task { account: Account, name: String, command: String, arguments: String },
    /// The Security log is cleared.
    Cleared { account: Account },
    /// Linux: a program runs. Only Linux hosts know it.
    Run { directory: &'static str, arguments: Vec<String> },
    /// Linux: somebody signs in over SSH.
    Login { from: String },
}

/// A deed with its instant.
#[derive(Debug, Clone)]
pub struct Planned {
    /// When.
    pub time: Millis,
    /// What.
    pub deed: Deed,
    /// Set when it is malicious.
    pub mark: Option<Mark>,
}

impl Machine {
    /// Does what the script says; true when an event was written.
    pub(crate) fn perform(&mut self, scene: Scene<'_>, planned: Planned, event: &mut Event) -> bool {
        let wrote = match planned.deed {
            Deed::Start { actor, parent, command, account } => {
                self.begin_actor(scene, (actor, account), command);
                self.write_actor(scene, (actor, parent), planned.mark, event)
            }
            Deed::Audited { actor, parent } => {
                self.write_audited(scene, (actor, parent), event);
                true
            }
            Deed::End { actor } => self.end_actor(scene, actor, event),
            Deed::Run { .. } | Deed::Login { .. } => false,
            deed => self.act(scene, &deed, event) || self.tell(scene, &deed, event),
        };
        if wrote {
            event.mark = planned.mark;
        }
        wrote
    }

    fn end_actor(&mut self, scene: Scene<'_>, actor: Actor, event: &mut Event) -> bool {
        if scene.host.sysmon {
            sysmon::end(event, scene, self.actor(scene, actor));
        } else if scene.host.process_audit {
            security::exited(event, scene, self.actor(scene, actor));
        }
        self.actors.retain(|(key, _)| *key != actor.0);
        scene.host.sysmon || scene.host.process_audit
    }

    /// Deeds of an actor that Sysmon sees.
    fn act(&mut self, scene: Scene<'_>, deed: &Deed, event: &mut Event) -> bool {
        if !scene.host.sysmon {
            return false;
        }
        let from = 49_152 + self.random.below(16_000) as u16;
        match deed {
            Deed::LookUp { actor, name, results } => {
                sysmon::lookup(event, scene, self.actor(scene, *actor), (name, results));
            }
            Deed::Connect { actor, address, name, port } => {
                let target = Target { address, name, port: *port, from };
                sysmon::connect(event, scene, self.actor(scene, *actor), target);
            }
            Deed::File { actor, path } => sysmon::file(event, scene, self.actor(scene, *actor), path),
            Deed::OpenLsass { actor, granted } => {
                let source = self.actor(scene, *actor).clone();
                sysmon::access(
                    event,
                    scene,
                    (&source, &self.slots[usize::from(slot::LSASS)].process),
                    granted,
                );
            }
            _ => return false,
        }
        true
    }

    /// Deeds that the other logs see.
    fn tell(&mut self, scene: Scene<'_>, deed: &Deed, event: &mut Event) -> bool {
        let id = 0x40_0000 + self.random.below(0x3f_0000);
        match deed {
            Deed::LogOn { user, kind, from, workstation } => {
                security::logon(event, scene, Logon { user, kind: *kind, id, from, workstation });
            }
            Deed::Special { user } => security::special(event, scene, local(user, id)),
            Deed::LogOff { user, kind } => {
                security::logoff(event, scene, Logon { kind: *kind, ..local(user, id) });
            }
            Deed::Explicit { actor, user, server } => {
                let source = self.actor(scene, *actor).clone();
                security::explicit(event, scene, &source, (user, server));
            }
            Deed::Service { name, path } => security::service_installed(event, scene, (name, path)),
            Deed::State { name, state } => security::service_state(event, scene, (name, state)),
            Deed::Script { text, path } => security::script(event, scene, (text, path), self.random.bits()),
            Deed::Task { account, name, command, arguments } => {
                let logon = self.logon_of(*account).0;
                security::task(event, scene, (*account, logon), (name, command, arguments));
            }
            Deed::Cleared { account } => {
                security::cleared(event, scene, (*account, self.logon_of(*account).0))
            }
            _ => return false,
        }
        true
    }

    fn begin_actor(&mut self, scene: Scene<'_>, (actor, account): (Actor, Account), command: String) {
        let now = (scene.time / 1000) as u32;
        let (token, pid) = self.identity();
        let lsass = self.slots[usize::from(slot::LSASS)].process.pid;
        let command = command.replace("{lsass}", &lsass.to_string());
        let (logon, logon_began) = self.logon_of(account);
        let elevated = matches!(account, Account::Named(_));
        let process =
            Process { command, token, pid, logon, logon_began, elevated, ..process(actor.1, account, now) };
        self.actors.retain(|(key, _)| *key != actor.0);
        self.actors.push((actor.0, process));
    }

    fn logon_of(&self, account: Account) -> (u64, u32) {
        match account {
            Account::Person => self.logon,
            Account::Named(name) => {
                let number = name.bytes().fold(5u64, |sum, byte| (sum * 33 + u64::from(byte)) % 0xffff);
                (0x50_0000 + number, self.slots[0].process.began)
            }
            other => (session_of(other), self.slots[0].process.began),
        }
    }

    fn write_actor(
        &mut self,
        scene: Scene<'_>,
        (actor, parent): (Actor, Parent),
        mark: Option<Mark>,
        event: &mut Event,
    ) -> bool {
        if scene.host.sysmon {
            let parent_process = self.parent(scene, parent).clone();
            sysmon::start(event, scene, self.actor(scene, actor), &parent_process);
            if scene.host.process_audit {
                let twin = Planned { time: scene.time + 1, deed: Deed::Audited { actor, parent }, mark };
                self.push(twin.time, Action::Deed(Box::new(twin)));
            }
        } else if scene.host.process_audit {
            self.write_audited(scene, (actor, parent), event);
        }
        scene.host.sysmon || scene.host.process_audit
    }

    fn write_audited(&mut self, scene: Scene<'_>, (actor, parent): (Actor, Parent), event: &mut Event) {
        let parent = self.parent(scene, parent).clone();
        security::created(event, scene, self.actor(scene, actor), &parent);
    }

    fn parent(&mut self, scene: Scene<'_>, parent: Parent) -> &Process {
        match parent {
            Parent::Slot(at) => &self.slots[usize::from(at)].process,
            Parent::Actor(actor) => self.actor(scene, actor),
        }
    }

    /// The actor of this key; one that started before the plan is made up.
    fn actor(&mut self, scene: Scene<'_>, actor: Actor) -> &Process {
        let at = self.actors.iter().position(|(key, _)| *key == actor.0).unwrap_or_else(|| {
            let began = self.slots[0].process.began;
            self.begin_actor(scene, (actor, Account::System), actor.1.image().into());
            if let Some((_, process)) = self.actors.last_mut() {
                process.began = began;
            }
            self.actors.len() - 1
        });
        &self.actors[at].1
    }
}

fn local(user: &str, id: u64) -> Logon<'_> {
    Logon { user, kind: 3, id, from: "-", workstation: "-" }
}

/// A script in the making.
#[derive(Debug, Default)]
pub struct Script {
    /// The deeds so far.
    pub deeds: Vec<Planned>,
    time: Millis,
    mark: Option<Mark>,
}

impl Script {
    /// A script that begins at `time`.
    pub fn at(time: Millis) -> Self {
        Script { deeds: Vec::new(), time, mark: None }
    }

    /// The following deeds are malicious in this way.
    pub fn mark(&mut self, mark: Mark) -> &mut Self {
        self.mark = Some(mark);
        self
    }

    /// Lets time pass.
    pub fn wait(&mut self, pause: Millis) -> &mut Self {
        self.time += pause;
        self
    }

    /// The next deed.
    pub fn add(&mut self, deed: Deed) -> &mut Self {
        self.deeds.push(Planned { time: self.time, deed, mark: self.mark });
        self
    }

    /// An actor starts.
    pub fn start(&mut self, actor: Actor, parent: Parent, (account, command): (Account, &str)) -> &mut Self {
        self.add(Deed::Start { actor, parent, command: command.into(), account })
    }

    /// An actor starts and ends after `life`; the script goes on after that.
    pub fn run(
        &mut self,
        actor: Actor,
        parent: Parent,
        (account, command): (Account, &str),
        life: Millis,
    ) -> &mut Self {
        self.start(actor, parent, (account, command)).wait(life).end(actor)
    }

    /// An actor ends; that is never malicious by itself.
    pub fn end(&mut self, actor: Actor) -> &mut Self {
        self.deeds.push(Planned { time: self.time, deed: Deed::End { actor }, mark: None });
        self
    }
}
