//! Linux hosts: what auditd says of them, and their ordinary days.

mod life;

pub use life::Penguin;

use crate::event::{Event, Log, Template};
use crate::windows::Scene;

const fn template(provider: &'static str) -> Template {
    Template {
        channel: "auditd",
        provider,
        guid: "",
        id: 0,
        version: 0,
        task: 0,
        task_name: "",
        keywords: 0,
        level: 0,
        log: Log::Audit,
    }
}

/// A program is executed (SYSCALL 59 and the records around it).
pub static EXECUTED: Template = template("SYSCALL");
static USER_LOGIN: Template = template("USER_LOGIN");
static CREDENTIALS: Template = template("CRED_ACQ");
static SERVICE_START: Template = template("SERVICE_START");
static SERVICE_STOP: Template = template("SERVICE_STOP");

/// Kernel's word for "nobody signed in".
const UNSET: u64 = 4_294_967_295;

/// Who runs something: audit user, user, session, terminal.
#[derive(Debug, Clone, Copy)]
pub struct Who {
    auid: u64,
    uid: u64,
    session: u64,
    terminal: &'static str,
}

/// The machine's own work.
const ROOT: Who = Who { auid: UNSET, uid: 0, session: UNSET, terminal: "(none)" };

/// An executed program: its process and parent, directory and arguments (the first is the path).
#[derive(Debug, Clone, Copy)]
struct Execution<'a> {
    who: Who,
    pid: u64,
    parent: u64,
    directory: &'a str,
    arguments: &'a [String],
}

fn executed(event: &mut Event, scene: Scene<'_>, execution: Execution<'_>) {
    let path = execution.arguments.first().map_or("", String::as_str);
    let name = path.rsplit('/').next().unwrap_or(path);
    event.begin(&EXECUTED, scene.time, &scene.host.computer);
    event
        .number("ppid", execution.parent)
        .number("pid", execution.pid)
        .number("auid", execution.who.auid)
        .number("uid", execution.who.uid)
        .number("gid", execution.who.uid)
        .text("tty", execution.who.terminal)
        .number("ses", execution.who.session)
        // The kernel keeps fifteen bytes of the name.
        .text("comm", name.get(..15).unwrap_or(name))
        .with("exe", |text| {
            if !path.starts_with('/') {
                text.push_str("/usr/bin/");
            }
            text.push_str(path);
        })
        .text("cwd", execution.directory);
    for argument in execution.arguments {
        event.text("argument", argument);
    }
}

fn outer(event: &mut Event, (pid, auid, session): (u64, u64, u64)) {
    event.number("pid", pid).number("uid", 0).number("auid", auid).number("ses", session);
}

fn login(event: &mut Event, scene: Scene<'_>, (pid, session): (u64, u64), (from, good): (&str, bool)) {
    event.begin(&USER_LOGIN, scene.time, &scene.host.computer);
    outer(event, if good { (pid, 1000, session) } else { (pid, UNSET, UNSET) });
    event.text("op", "login");
    if good {
        event.text("id", "1000");
    } else {
        event.text("acct", &scene.host.user);
    }
    event
        .text("exe", "/usr/sbin/sshd")
        .text("hostname", from)
        .text("addr", from)
        .text("terminal", if good { "/dev/pts/0" } else { "ssh" })
        .text("res", if good { "success" } else { "failed" });
}

fn credentials(
    event: &mut Event,
    scene: Scene<'_>,
    (pid, session): (u64, u64),
    (account, program): (&str, &str),
) {
    event.begin(&CREDENTIALS, scene.time, &scene.host.computer);
    outer(event, (pid, if account == "root" { 0 } else { 1000 }, session));
    event
        .text("op", "PAM:setcred")
        .text("grantors", "pam_permit")
        .text("acct", account)
        .text("exe", program)
        .text("hostname", "?")
        .text("addr", "?")
        .text("terminal", if program.ends_with("cron") { "cron" } else { "ssh" })
        .text("res", "success");
}

fn unit(event: &mut Event, scene: Scene<'_>, name: &str, starts: bool) {
    event.begin(if starts { &SERVICE_START } else { &SERVICE_STOP }, scene.time, &scene.host.computer);
    outer(event, (1, UNSET, UNSET));
    event
        .text("unit", name)
        .text("comm", "systemd")
        .text("exe", "/usr/lib/systemd/systemd")
        .text("hostname", "?")
        .text("addr", "?")
        .text("terminal", "?")
        .text("res", "success");
}
