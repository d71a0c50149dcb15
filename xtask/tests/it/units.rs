//! The units of systemd: a directive that it does not know it passes over with a warning that nobody
//! reads, so a slip of the pen opens what it should close. Where systemd's own checker is installed,
//! it is asked as well.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::house::none;
use crate::tree::{File, ending, files};

/// Folder of the units.
const FOLDER: &str = "dist/systemd/";

/// Directives of systemd.unit(5), systemd.service(5), systemd.exec(5) and others that ours use.
const KNOWN: &[(&str, &[&str])] = &[
    ("Unit", &["Description", "Wants", "After", "StartLimitIntervalSec"]),
    ("Install", &["WantedBy"]),
    ("Timer", &["OnCalendar", "RandomizedDelaySec", "Persistent"]),
    ("Service", SERVICE),
];

const SERVICE: &[&str] = &[
    "Type",
    "User",
    "Group",
    "Environment",
    "ExecStart",
    "KillSignal",
    "TimeoutStartSec",
    "TimeoutStopSec",
    "WatchdogSec",
    "Restart",
    "RestartSec",
    "Nice",
    "IOSchedulingClass",
    "StateDirectory",
    "StateDirectoryMode",
    "ReadWritePaths",
    "PrivateNetwork",
    "IPAddressDeny",
    "RestrictAddressFamilies",
];

/// What every service says, whatever it does.
const CLOSED: &[&str] = &[
    "UMask=0077",
    "CapabilityBoundingSet=",
    "AmbientCapabilities=",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "PrivateMounts=yes",
    "ProtectClock=yes",
    "ProtectHostname=yes",
    "ProtectKernelTunables=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelLogs=yes",
    "ProtectControlGroups=yes",
    "ProtectProc=invisible",
    "ProcSubset=pid",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "RemoveIPC=yes",
    "LockPersonality=yes",
    "MemoryDenyWriteExecute=yes",
    "KeyringMode=private",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
    "SystemCallFilter=~@privileged @resources",
    "SystemCallFilter=setpriority",
    "SystemCallErrorNumber=EPERM",
    "LimitNOFILE=65536",
    "LimitCORE=0",
];

/// Exposure by the count of `systemd-analyze security`, in tenths, that no service is above.
const EXPOSURE: &str = "20";

fn units() -> Result<Vec<&'static File>> {
    let is_unit = |file: &&File| {
        file.path.starts_with(FOLDER) && ["service", "timer", "socket", "path"].contains(&ending(&file.path))
    };
    Ok(files()?.iter().filter(is_unit).collect())
}

/// What is wrong with one unit.
fn unit_faults(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut section = "";
    let mut said = BTreeSet::new();
    for (line, number) in text.lines().zip(1..) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
            continue;
        }
        let key = line.split_once('=').map_or(line, |(key, _)| key);
        let known = KNOWN.iter().find(|(name, _)| *name == section).map_or(&[][..], |(_, keys)| keys);
        let is_closed = section == "Service" && CLOSED.contains(&line);
        if !known.contains(&key) && !is_closed {
            faults.push(format!("{path}:{number}: {line} is not known in [{section}]"));
        }
        if !said.insert(line) {
            faults.push(format!("{path}:{number}: {line} stands twice"));
        }
    }
    if ending(path) == "service" {
        let missing = CLOSED.iter().filter(|line| !said.contains(**line));
        faults.extend(missing.map(|line| format!("{path}: {line} is missing")));
    }
    faults
}

#[test]
fn units_say_what_is_known_and_services_are_closed() -> Result<()> {
    let units = units()?;
    assert_eq!(units.len(), 3, "the units of {FOLDER}");
    let text = |file: &File| file.text.clone().unwrap_or_default();
    let found: Vec<String> = units.iter().flat_map(|file| unit_faults(&file.path, &text(file))).collect();
    none(&found, "Write the directive as systemd.exec(5) does, and add a new one to this list.");
    Ok(())
}

#[test]
fn systemd_itself_has_nothing_to_say() -> Result<()> {
    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        eprintln!("systemd-analyze is not installed: units are checked by name alone");
        return Ok(());
    }
    // The program is not installed here; any that is there will do.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("units");
    std::fs::create_dir_all(&folder)?;
    let mut paths = Vec::new();
    for file in units()? {
        let path = folder.join(file.path.trim_start_matches(FOLDER));
        let text = file.text.clone().unwrap_or_default().replace("=/usr/bin/noroshi", "=/bin/true");
        std::fs::write(&path, text)?;
        paths.push(path);
    }
    let verified = Command::new("systemd-analyze").arg("verify").args(&paths).output()?;
    let said = String::from_utf8_lossy(&verified.stderr);
    // Of other units of the machine it may have much to say.
    let faults: Vec<String> =
        said.lines().filter(|line| line.contains("noroshi")).map(str::to_owned).collect();
    none(&faults, "Mend the unit.");
    for path in paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "service")) {
        let mut security = Command::new("systemd-analyze");
        let security = security.args(["security", "--no-pager", "--offline=true", "--threshold", EXPOSURE]);
        let judged = security.arg(path).output()?;
        let said = String::from_utf8_lossy(&judged.stdout);
        assert!(judged.status.success(), "{said}");
    }
    Ok(())
}

#[test]
fn a_slip_of_the_pen_is_found() {
    let service = |line: &str| format!("[Service]\n{}\n{line}\n", CLOSED.join("\n"));
    assert!(unit_faults("a.service", &service("User=noroshi")).is_empty());
    assert_eq!(unit_faults("a.service", &service("ProtectHom=yes")).len(), 1);
    assert_eq!(unit_faults("a.service", &service("LimitCORE=0")).len(), 1);
    assert_eq!(unit_faults("a.service", &service("[Unit]\nUser=noroshi")).len(), 1);
    let open = service("").replace("ProtectHome=yes", "ProtectHome=no");
    assert_eq!(unit_faults("a.service", &open).len(), 2);
    assert_eq!(unit_faults("a.timer", "[Timer]\nOnCalender=daily\n").len(), 1);
}
