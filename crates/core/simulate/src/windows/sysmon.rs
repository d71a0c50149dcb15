//! Sysmon's events (schema 4.90), every field in the order of its manifest.

use super::{
    ACCESS, CONNECT, END, FILE, LOAD, LOOKUP, Process, REGISTRY, START, Scene, account, begin, guid,
    process_guid,
};
use crate::event::Event;
use crate::programs::{Code, file_name};

/// Event 1: a program starts.
pub fn start(event: &mut Event, scene: Scene<'_>, process: &Process, parent: &Process) {
    head(event, scene, &START);
    who(event, scene, process);
    let program = process.code.program();
    event
        .text("FileVersion", program.maker.2)
        .text("Description", program.description)
        .text("Product", program.maker.0)
        .text("Company", program.maker.1)
        .text("OriginalFileName", original_name(process.code))
        .text("CommandLine", &process.command)
        .with("CurrentDirectory", |text| directory(text, scene, process));
    account(event, scene.host, "User", process.account);
    guid(event, "LogonGuid", (scene.host.machine, process.logon_began, process.logon));
    event
        .hex("LogonId", process.logon)
        .number("TerminalSessionId", process.session())
        .text("IntegrityLevel", process.integrity())
        .text("Hashes", scene.library.hashes(process.code));
    process_guid(event, scene, "ParentProcessGuid", parent);
    event
        .number("ParentProcessId", u64::from(parent.pid))
        .text("ParentImage", parent.code.image())
        .text("ParentCommandLine", &parent.command);
    account(event, scene.host, "ParentUser", parent.account);
}

/// Event 5: a program ends.
pub fn end(event: &mut Event, scene: Scene<'_>, process: &Process) {
    head(event, scene, &END);
    who(event, scene, process);
    account(event, scene.host, "User", process.account);
}

/// Where a connection goes.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// Address.
    pub address: &'a str,
    /// Name, or empty.
    pub name: &'a str,
    /// Port.
    pub port: u16,
    /// The host's own port.
    pub from: u16,
}

/// Event 3: a connection.
pub fn connect(event: &mut Event, scene: Scene<'_>, process: &Process, target: Target<'_>) {
    head(event, scene, &CONNECT);
    who(event, scene, process);
    account(event, scene.host, "User", process.account);
    let known = |name: &'static str| if name.is_empty() { "-" } else { name };
    event
        .text("Protocol", "tcp")
        .text("Initiated", "true")
        .text("SourceIsIpv6", "false")
        .text("SourceIp", &scene.host.address)
        .text("SourceHostname", &scene.host.computer)
        .number("SourcePort", u64::from(target.from))
        .text("SourcePortName", "-")
        .text("DestinationIsIpv6", "false")
        .text("DestinationIp", target.address)
        .text("DestinationHostname", if target.name.is_empty() { "-" } else { target.name })
        .number("DestinationPort", u64::from(target.port))
        .text("DestinationPortName", known(port_name(target.port)));
}

/// Event 7: a library is loaded.
pub fn load(event: &mut Event, scene: Scene<'_>, process: &Process, library: &str) {
    head(event, scene, &LOAD);
    who(event, scene, process);
    let program = process.code.program();
    // Libraries share the hash of the program they belong to: only their names matter to anyone.
    event
        .text("ImageLoaded", library)
        .text("FileVersion", program.maker.2)
        .text("Description", program.description)
        .text("Product", program.maker.0)
        .text("Company", program.maker.1)
        .text("OriginalFileName", file_name(library))
        .text("Hashes", scene.library.hashes(process.code))
        .text("Signed", "true")
        .text("Signature", program.maker.1)
        .text("SignatureStatus", "Valid");
    account(event, scene.host, "User", process.account);
}

/// Event 10: a program opens another with these rights.
pub fn access(event: &mut Event, scene: Scene<'_>, (source, target): (&Process, &Process), granted: &str) {
    head(event, scene, &ACCESS);
    process_guid(event, scene, "SourceProcessGUID", source);
    event
        .number("SourceProcessId", u64::from(source.pid))
        .number("SourceThreadId", u64::from(source.pid) + 44)
        .text("SourceImage", source.code.image());
    process_guid(event, scene, "TargetProcessGUID", target);
    event
        .number("TargetProcessId", u64::from(target.pid))
        .text("TargetImage", target.code.image())
        .text("GrantedAccess", granted)
        .text(
            "CallTrace",
            r"C:\Windows\SYSTEM32\ntdll.dll+9f8f4|C:\Windows\System32\KERNELBASE.dll+2f0de|UNKNOWN(000001E5C2A70F4B)",
        );
    account(event, scene.host, "SourceUser", source.account);
    account(event, scene.host, "TargetUser", target.account);
}

/// Event 11: a file is created.
pub fn file(event: &mut Event, scene: Scene<'_>, process: &Process, path: &str) {
    head(event, scene, &FILE);
    who(event, scene, process);
    event.text("TargetFilename", path).utc("CreationUtcTime", scene.time);
    account(event, scene.host, "User", process.account);
}

/// Event 13: a registry value is set.
pub fn registry(event: &mut Event, scene: Scene<'_>, process: &Process, (object, details): (&str, &str)) {
    begin(event, scene, &REGISTRY)
        .text("RuleName", "-")
        .text("EventType", "SetValue")
        .utc("UtcTime", scene.time);
    who(event, scene, process);
    event.text("TargetObject", object).text("Details", details);
    account(event, scene.host, "User", process.account);
}

/// Event 22: a name is looked up.
pub fn lookup(event: &mut Event, scene: Scene<'_>, process: &Process, (name, results): (&str, &str)) {
    begin(event, scene, &LOOKUP).text("RuleName", "-").utc("UtcTime", scene.time);
    process_guid(event, scene, "ProcessGuid", process);
    event
        .number("ProcessId", u64::from(process.pid))
        .text("QueryName", name)
        .text("QueryStatus", "0")
        .text("QueryResults", results)
        .text("Image", process.code.image());
    account(event, scene.host, "User", process.account);
}

fn head(event: &mut Event, scene: Scene<'_>, template: &'static crate::event::Template) {
    begin(event, scene, template).text("RuleName", "-").utc("UtcTime", scene.time);
}

fn who(event: &mut Event, scene: Scene<'_>, process: &Process) {
    process_guid(event, scene, "ProcessGuid", process);
    event.number("ProcessId", u64::from(process.pid)).text("Image", process.code.image());
}

fn directory(text: &mut String, scene: Scene<'_>, process: &Process) {
    if process.account.is_machine() {
        text.push_str(r"C:\Windows\system32\");
    } else {
        text.push_str(r"C:\Users\");
        text.push_str(process.account.names(scene.host).1);
        text.push('\\');
    }
}

fn port_name(port: u16) -> &'static str {
    match port {
        80 => "http",
        443 => "https",
        445 => "microsoft-ds",
        3389 => "ms-wbt-server",
        _ => "",
    }
}

fn original_name(code: Code) -> &'static str {
    match code {
        Code::Cmd => "Cmd.Exe",
        Code::PowerShell => "PowerShell.EXE",
        Code::Rundll32 => "RUNDLL32.EXE",
        Code::Explorer => "EXPLORER.EXE",
        Code::Vssadmin => "VSSADMIN.EXE",
        Code::Certutil => "CertUtil.exe",
        Code::Nltest => "nltestrk.exe",
        Code::PsExec => "psexec.c",
        Code::PsExecService => "psexesvc.exe",
        Code::Word => "WinWord.exe",
        Code::Excel => "Excel.exe",
        Code::Outlook => "Outlook.exe",
        Code::Rar => "Command line RAR",
        Code::SyncTool | Code::PrintHelper | Code::Locker => "-",
        other => file_name(other.image()),
    }
}
