//! Events of the Security, System and PowerShell logs.

use super::{
    Account, CLEARED, CREATED, EXITED, EXPLICIT, LOGOFF, LOGON, LOGON_FAILED, Process, SCRIPT,
    SERVICE_INSTALLED, SERVICE_STATE, SPECIAL, Scene, TASK, begin, guid, push_sid,
};
use crate::event::Event;

const NOBODY: &str = "S-1-0-0";
const NO_GUID: &str = "{00000000-0000-0000-0000-000000000000}";

/// A logon, successful or not.
#[derive(Debug, Clone, Copy)]
pub struct Logon<'a> {
    /// Name of the account.
    pub user: &'a str,
    /// 2 at the keyboard, 3 over the network, 5 service, 7 unlock, 10 remote desktop.
    pub kind: u8,
    /// Logon id.
    pub id: u64,
    /// From which address; `-` when local.
    pub from: &'a str,
    /// Name of the host it came from.
    pub workstation: &'a str,
}

/// Event 4624.
pub fn logon(event: &mut Event, scene: Scene<'_>, logon: Logon<'_>) {
    begin(event, scene, &LOGON);
    logon_subject(event, scene, logon.kind);
    let host = scene.host;
    event
        .with("TargetUserSid", |text| sid(text, scene, logon.user))
        .text("TargetUserName", logon.user)
        .text("TargetDomainName", domain(scene, logon.user))
        .hex("TargetLogonId", logon.id)
        .number("LogonType", u64::from(logon.kind));
    let (process, package) = packages(logon.kind);
    event.text("LogonProcessName", process).text("AuthenticationPackageName", package);
    event.text("WorkstationName", if logon.kind == 3 { "-" } else { logon.workstation });
    if package == "Kerberos" {
        guid(event, "LogonGuid", (host.machine, (scene.time / 1000) as u32, logon.id));
    } else {
        event.text("LogonGuid", NO_GUID);
    }
    event.text("TransmittedServices", "-").text("LmPackageName", "-").number("KeyLength", 0);
    logon_process(event, scene, logon.kind);
    from(event, logon);
    event
        .text("ImpersonationLevel", "%%1833")
        .text("RestrictedAdminMode", if logon.kind == 10 { "%%1843" } else { "-" })
        .text("TargetOutboundUserName", "-")
        .text("TargetOutboundDomainName", "-")
        .text("VirtualAccount", "%%1843")
        .text("TargetLinkedLogonId", "0x0")
        .text(
            "ElevatedToken",
            if logon.user.contains("kanri") || logon.kind == 5 { "%%1842" } else { "%%1843" },
        );
}

/// Event 4625: wrong password.
pub fn logon_failed(event: &mut Event, scene: Scene<'_>, logon: Logon<'_>) {
    begin(event, scene, &LOGON_FAILED);
    logon_subject(event, scene, logon.kind);
    event
        .text("TargetUserSid", NOBODY)
        .text("TargetUserName", logon.user)
        .text("TargetDomainName", &scene.host.domain)
        .text("Status", "0xc000006d")
        .text("FailureReason", "%%2313")
        .text("SubStatus", "0xc000006a")
        .number("LogonType", u64::from(logon.kind));
    let (process, package) = packages(logon.kind);
    event
        .text("LogonProcessName", process)
        .text("AuthenticationPackageName", package)
        .text("WorkstationName", logon.workstation)
        .text("TransmittedServices", "-")
        .text("LmPackageName", "-")
        .number("KeyLength", 0);
    logon_process(event, scene, logon.kind);
    from(event, logon);
}

/// Event 4634.
pub fn logoff(event: &mut Event, scene: Scene<'_>, logon: Logon<'_>) {
    begin(event, scene, &LOGOFF)
        .with("TargetUserSid", |text| sid(text, scene, logon.user))
        .text("TargetUserName", logon.user)
        .text("TargetDomainName", domain(scene, logon.user))
        .hex("TargetLogonId", logon.id)
        .number("LogonType", u64::from(logon.kind));
}

/// Event 4672: the session has an administrator's rights.
pub fn special(event: &mut Event, scene: Scene<'_>, logon: Logon<'_>) {
    begin(event, scene, &SPECIAL)
        .with("SubjectUserSid", |text| sid(text, scene, logon.user))
        .text("SubjectUserName", logon.user)
        .text("SubjectDomainName", domain(scene, logon.user))
        .hex("SubjectLogonId", logon.id)
        .text("PrivilegeList", "SeSecurityPrivilege\r\n\t\t\tSeBackupPrivilege\r\n\t\t\tSeRestorePrivilege\r\n\t\t\tSeTakeOwnershipPrivilege\r\n\t\t\tSeDebugPrivilege\r\n\t\t\tSeSystemEnvironmentPrivilege\r\n\t\t\tSeLoadDriverPrivilege\r\n\t\t\tSeImpersonatePrivilege");
}

/// Event 4648: somebody gave another account's password for a server.
pub fn explicit(event: &mut Event, scene: Scene<'_>, process: &Process, (user, server): (&str, &str)) {
    begin(event, scene, &EXPLICIT);
    subject(event, scene, (process.account, process.logon));
    event
        .text("LogonGuid", NO_GUID)
        .text("TargetUserName", user)
        .text("TargetDomainName", &scene.host.domain)
        .text("TargetLogonGuid", NO_GUID)
        .text("TargetServerName", server)
        .text("TargetInfo", server)
        .hex("ProcessId", u64::from(process.pid))
        .text("ProcessName", process.code.image())
        .text("IpAddress", "-")
        .text("IpPort", "-");
}

/// Event 4688: the audit's word for a starting program.
pub fn created(event: &mut Event, scene: Scene<'_>, process: &Process, parent: &Process) {
    begin(event, scene, &CREATED);
    subject(event, scene, (parent.account, parent.logon));
    let other = process.account != parent.account;
    event
        .hex("NewProcessId", u64::from(process.pid))
        .text("NewProcessName", process.code.image())
        .text("TokenElevationType", if process.elevated { "%%1937" } else { "%%1936" })
        .hex("ProcessId", u64::from(parent.pid))
        .text("CommandLine", &process.command);
    if other {
        let (domain, name) = process.account.audit_names(scene.host);
        event
            .with("TargetUserSid", |text| process.account.sid(scene.host, text))
            .text("TargetUserName", name)
            .text("TargetDomainName", domain)
            .hex("TargetLogonId", process.logon);
    } else {
        event
            .text("TargetUserSid", NOBODY)
            .text("TargetUserName", "-")
            .text("TargetDomainName", "-")
            .hex("TargetLogonId", 0);
    }
    event.text("ParentProcessName", parent.code.image()).text(
        "MandatoryLabel",
        match process.integrity() {
            "System" => "S-1-16-16384",
            "High" => "S-1-16-12288",
            _ => "S-1-16-8192",
        },
    );
}

/// Event 4689: the audit's word for an ending program.
pub fn exited(event: &mut Event, scene: Scene<'_>, process: &Process) {
    begin(event, scene, &EXITED);
    subject(event, scene, (process.account, process.logon));
    event
        .text("Status", "0x0")
        .hex("ProcessId", u64::from(process.pid))
        .text("ProcessName", process.code.image());
}

/// Event 4698: a scheduled task is registered. `task` is its name and the command it runs with arguments.
pub fn task(event: &mut Event, scene: Scene<'_>, who: (Account, u64), task: (&str, &str, &str)) {
    begin(event, scene, &TASK);
    subject(event, scene, who);
    let (name, command, arguments) = task;
    event.text("TaskName", name).with("TaskContent", |text| {
        text.push_str("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\r\n  <RegistrationInfo>\r\n    <URI>");
        text.push_str(name);
        text.push_str("</URI>\r\n  </RegistrationInfo>\r\n  <Triggers>\r\n    <TimeTrigger>\r\n      <Repetition>\r\n        <Interval>PT1H</Interval>\r\n      </Repetition>\r\n      <Enabled>true</Enabled>\r\n    </TimeTrigger>\r\n  </Triggers>\r\n  <Actions Context=\"Author\">\r\n    <Exec>\r\n      <Command>");
        text.push_str(command);
        text.push_str("</Command>\r\n      <Arguments>");
        text.push_str(arguments);
        text.push_str("</Arguments>\r\n    </Exec>\r\n  </Actions>\r\n</Task>");
    });
}

/// Event 1102: the Security log was cleared.
pub fn cleared(event: &mut Event, scene: Scene<'_>, (account, logon): (Account, u64)) {
    let (domain, name) = account.names(scene.host);
    begin(event, scene, &CLEARED)
        .with("SubjectUserSid", |text| account.sid(scene.host, text))
        .text("SubjectUserName", name)
        .text("SubjectDomainName", domain)
        .hex("SubjectLogonId", logon);
}

/// Event 7036: a service entered a state.
pub fn service_state(event: &mut Event, scene: Scene<'_>, (name, state): (&str, &str)) {
    begin(event, scene, &SERVICE_STATE).text("param1", name).text("param2", state);
}

/// Event 7045: a service was installed. `service` is its name and its file.
pub fn service_installed(event: &mut Event, scene: Scene<'_>, service: (&str, &str)) {
    begin(event, scene, &SERVICE_INSTALLED)
        .text("ServiceName", service.0)
        .text("ImagePath", service.1)
        .text("ServiceType", "user mode service")
        .text("StartType", if service.0 == "PSEXESVC" { "demand start" } else { "auto start" })
        .text("AccountName", "LocalSystem");
}

/// Event 4104: a block of script. `script` is its text and the file it came from.
pub fn script(event: &mut Event, scene: Scene<'_>, (text, path): (&str, &str), number: u64) {
    begin(event, scene, &SCRIPT)
        .number("MessageNumber", 1)
        .number("MessageTotal", 1)
        .text("ScriptBlockText", text);
    event
        .with("ScriptBlockId", |target| {
            crate::event::push_hex(target, number >> 32, 8);
            for group in [number >> 16 & 0xffff, 0x4000 | number & 0xfff, 0x8000 | number >> 40 & 0xfff] {
                target.push('-');
                crate::event::push_hex(target, group, 4);
            }
            target.push('-');
            crate::event::push_hex(target, number & 0xffff_ffff_ffff, 12);
        })
        .text("Path", path);
}

fn subject(event: &mut Event, scene: Scene<'_>, (account, logon): (Account, u64)) {
    let (domain, name) = account.audit_names(scene.host);
    event.with("SubjectUserSid", |text| account.sid(scene.host, text));
    if account == Account::System {
        event.with("SubjectUserName", |text| {
            text.push_str(name);
            text.push('$');
        });
    } else {
        event.text("SubjectUserName", name);
    }
    event.text("SubjectDomainName", domain).hex("SubjectLogonId", logon);
}

fn logon_subject(event: &mut Event, scene: Scene<'_>, kind: u8) {
    if kind == 3 {
        event
            .text("SubjectUserSid", NOBODY)
            .text("SubjectUserName", "-")
            .text("SubjectDomainName", "-")
            .text("SubjectLogonId", "0x0");
    } else {
        subject(event, scene, (Account::System, 0x3e7));
    }
}

fn logon_process(event: &mut Event, scene: Scene<'_>, kind: u8) {
    let pid = u64::from(500 + scene.host.machine % 90 * 4);
    match kind {
        3 => event.hex("ProcessId", 0).text("ProcessName", "-"),
        5 => event.hex("ProcessId", pid).text("ProcessName", r"C:\Windows\System32\services.exe"),
        2 | 7 => event.hex("ProcessId", pid).text("ProcessName", r"C:\Windows\System32\svchost.exe"),
        _ => event.hex("ProcessId", pid).text("ProcessName", r"C:\Windows\System32\winlogon.exe"),
    };
}

fn from(event: &mut Event, logon: Logon<'_>) {
    event.text("IpAddress", logon.from);
    match logon.kind {
        3 if logon.from != "-" => {
            event.with("IpPort", |text| crate::event::push_decimal(text, 49_152 + logon.id % 16_000))
        }
        10 => event.text("IpPort", "0"),
        _ => event.text("IpPort", "-"),
    };
}

fn packages(kind: u8) -> (&'static str, &'static str) {
    match kind {
        3 => ("Kerberos", "Kerberos"),
        5 => ("Advapi  ", "Negotiate"),
        _ => ("User32 ", "Negotiate"),
    }
}

fn domain<'a>(scene: Scene<'a>, user: &str) -> &'a str {
    if user == "SYSTEM" { "NT AUTHORITY" } else { &scene.host.domain }
}

fn sid(target: &mut String, scene: Scene<'_>, user: &str) {
    if user == "SYSTEM" {
        target.push_str("S-1-5-18");
    } else {
        push_sid(scene.host, user, target);
    }
}
