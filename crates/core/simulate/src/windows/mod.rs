//! Windows events: what each kind is called, and who does things on a host.
//!
//! `sysmon` and `security` fill an [`Event`] from values; when and why something happens is decided in `day`, `odd` and
//! `stories`.

pub mod security;
pub mod sysmon;

use crate::clock::Millis;
use crate::event::{Event, Log, Template, push_hex};
use crate::hosts::Host;
use crate::programs::{Code, Library};

const AUDIT_SUCCESS: u64 = 0x8020_0000_0000_0000;
const AUDIT_FAILURE: u64 = 0x8010_0000_0000_0000;

const fn sysmon_template(id: u32, version: u8, task_name: &'static str) -> Template {
    Template {
        channel: "Microsoft-Windows-Sysmon/Operational",
        provider: "Microsoft-Windows-Sysmon",
        guid: "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}",
        id,
        version,
        task: id as u16,
        task_name,
        keywords: 0x8000_0000_0000_0000,
        level: 4,
        log: Log::Sysmon,
    }
}

const fn security_template(
    id: u32,
    (version, task): (u8, u16),
    task_name: &'static str,
    keywords: u64,
) -> Template {
    Template {
        channel: "Security",
        provider: "Microsoft-Windows-Security-Auditing",
        guid: "{54849625-5478-4994-A5BA-3E3B0328C30D}",
        id,
        version,
        task,
        task_name,
        keywords,
        level: 0,
        log: Log::Security,
    }
}

const fn service_template(id: u32, keywords: u64) -> Template {
    Template {
        channel: "System",
        provider: "Service Control Manager",
        guid: "{555908D1-A6D7-4695-8E1E-26931D2012F4}",
        id,
        version: 0,
        task: 0,
        task_name: "None",
        keywords,
        level: 4,
        log: Log::System,
    }
}

pub static START: Template = sysmon_template(1, 5, "Process Create (rule: ProcessCreate)");
pub static CONNECT: Template = sysmon_template(3, 5, "Network connection detected (rule: NetworkConnect)");
pub static END: Template = sysmon_template(5, 3, "Process terminated (rule: ProcessTerminate)");
pub static LOAD: Template = sysmon_template(7, 3, "Image loaded (rule: ImageLoad)");
pub static ACCESS: Template = sysmon_template(10, 3, "Process accessed (rule: ProcessAccess)");
pub static FILE: Template = sysmon_template(11, 2, "File created (rule: FileCreate)");
pub static REGISTRY: Template = sysmon_template(13, 2, "Registry value set (rule: RegistryEvent)");
pub static LOOKUP: Template = sysmon_template(22, 5, "Dns query (rule: DnsQuery)");

pub static LOGON: Template = security_template(4624, (2, 12544), "Logon", AUDIT_SUCCESS);
pub static LOGON_FAILED: Template = security_template(4625, (0, 12544), "Logon", AUDIT_FAILURE);
pub static LOGOFF: Template = security_template(4634, (0, 12545), "Logoff", AUDIT_SUCCESS);
pub static EXPLICIT: Template = security_template(4648, (0, 12544), "Logon", AUDIT_SUCCESS);
pub static SPECIAL: Template = security_template(4672, (0, 12548), "Special Logon", AUDIT_SUCCESS);
pub static CREATED: Template = security_template(4688, (2, 13312), "Process Creation", AUDIT_SUCCESS);
pub static EXITED: Template = security_template(4689, (0, 13313), "Process Termination", AUDIT_SUCCESS);
pub static TASK: Template = security_template(4698, (1, 12804), "Other Object Access Events", AUDIT_SUCCESS);
pub static CLEARED: Template = Template {
    channel: "Security",
    provider: "Microsoft-Windows-Eventlog",
    guid: "{FC65DDD8-D6EF-4962-83D5-6E5CFE9CE148}",
    id: 1102,
    version: 1,
    task: 104,
    task_name: "Log clear",
    keywords: 0x4020_0000_0000_0000,
    level: 4,
    log: Log::Security,
};

pub static SERVICE_STATE: Template = service_template(7036, 0x8080_0000_0000_0000);
pub static SERVICE_INSTALLED: Template = service_template(7045, 0x8080_0000_0000_0000);
pub static SCRIPT: Template = Template {
    channel: "Microsoft-Windows-PowerShell/Operational",
    provider: "Microsoft-Windows-PowerShell",
    guid: "{A0C1853B-5C40-4B15-8766-3CF1C58F985A}",
    id: 4104,
    version: 1,
    task: 2,
    task_name: "Execute a Remote Command",
    keywords: 0,
    level: 5,
    log: Log::PowerShell,
};

/// Under whose name something runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// The machine itself.
    System,
    /// Its service account with few rights.
    LocalService,
    /// Its service account for the network.
    NetworkService,
    /// The host's person.
    Person,
    /// A role or service account of the domain.
    Named(&'static str),
}

impl Account {
    /// Domain and name.
    pub fn names(self, host: &Host) -> (&str, &str) {
        match self {
            Account::System => ("NT AUTHORITY", "SYSTEM"),
            Account::LocalService => ("NT AUTHORITY", "LOCAL SERVICE"),
            Account::NetworkService => ("NT AUTHORITY", "NETWORK SERVICE"),
            Account::Person => (&host.domain, &host.user),
            Account::Named(name) => (&host.domain, name),
        }
    }

    /// Domain and name as Security events say them: there the machine is its own account.
    fn audit_names(self, host: &Host) -> (&str, &str) {
        match self {
            Account::System => (&host.domain, &host.short),
            other => other.names(host),
        }
    }

    fn sid(self, host: &Host, target: &mut String) {
        match self {
            Account::System => target.push_str("S-1-5-18"),
            Account::LocalService => target.push_str("S-1-5-19"),
            Account::NetworkService => target.push_str("S-1-5-20"),
            Account::Person => push_sid(host, &host.user, target),
            Account::Named(name) => push_sid(host, name, target),
        }
    }

    fn is_machine(self) -> bool {
        matches!(self, Account::System | Account::LocalService | Account::NetworkService)
    }
}

/// The security id of any account of the domain, derived from its name.
fn push_sid(host: &Host, name: &str, target: &mut String) {
    let number = name.bytes().fold(7u64, |sum, byte| (sum * 131 + u64::from(byte)) % 7919);
    target.push_str(&host.domain_sid);
    target.push('-');
    crate::event::push_decimal(target, 2000 + number);
}

/// A running program.
#[derive(Debug, Clone)]
pub struct Process {
    /// Which program.
    pub code: Code,
    /// Its command line.
    pub command: String,
    /// Under whose name.
    pub account: Account,
    /// Id of the logon session.
    pub logon: u64,
    /// When that session began, in seconds.
    pub logon_began: u32,
    /// When it started, in seconds.
    pub began: u32,
    /// Distinguishes processes of the same second.
    pub token: u32,
    /// Process id.
    pub pid: u32,
    /// Whether it runs with administrator's rights.
    pub elevated: bool,
}

impl Process {
    fn integrity(&self) -> &'static str {
        match (self.account.is_machine(), self.elevated) {
            (true, _) => "System",
            (false, true) => "High",
            (false, false) => "Medium",
        }
    }

    fn session(&self) -> u64 {
        u64::from(!self.account.is_machine())
    }
}

/// The host an event is about, and the hashes of programs.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The host.
    pub host: &'a Host,
    /// Hashes.
    pub library: &'a Library,
    /// Now.
    pub time: Millis,
}

fn begin<'e>(event: &'e mut Event, scene: Scene<'_>, template: &'static Template) -> &'e mut Event {
    event.begin(template, scene.time, &scene.host.computer);
    let base = 600 + scene.host.machine % 700 * 4;
    event.writer = match template.log {
        Log::Sysmon => (base + 2000, base + 2400),
        Log::Security => (4, base + 64),
        _ => (base, base + 120),
    };
    event
}

/// `DOMAIN\name`.
fn account(event: &mut Event, host: &Host, name: &'static str, account: Account) {
    let (domain, user) = account.names(host);
    event.with(name, |text| {
        text.push_str(domain);
        text.push('\\');
        text.push_str(user);
    });
}

/// A GUID as Sysmon makes it: machine, seconds, a number.
fn guid(event: &mut Event, name: &'static str, (machine, seconds, number): (u32, u32, u64)) {
    event.with(name, |text| {
        text.push('{');
        push_hex(text, u64::from(machine), 8);
        for group in [seconds & 0xffff, seconds >> 16, number as u32 & 0xffff] {
            text.push('-');
            push_hex(text, u64::from(group), 4);
        }
        text.push('-');
        push_hex(text, number >> 16 & 0xffff_ffff_ffff, 12);
        text.push('}');
    });
}

fn process_guid(event: &mut Event, scene: Scene<'_>, name: &'static str, process: &Process) {
    guid(event, name, (scene.host.machine, process.began, u64::from(process.token) | 0x3 << 40));
}
