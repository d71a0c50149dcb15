//! What the service manager is told: that the process is ready, stops, or still moves (sd_notify(3)).
//!
//! The manager names a socket in the environment and takes datagrams of `NAME=value`. Without one,
//! nothing is told and nothing fails.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::net::{SocketAddr, UnixDatagram};
#[cfg(target_os = "linux")]
use std::os::{linux::net::SocketAddrExt, unix::ffi::OsStrExt};
use std::time::Duration;

/// The service manager, where there is one that wants to be told.
#[derive(Debug)]
pub struct Manager {
    socket: Option<(UnixDatagram, SocketAddr)>,
    watchdog: Option<Duration>,
}

impl Manager {
    /// The one that the environment names; `variable` gives the value of a variable.
    ///
    /// # Errors
    /// When it names a socket that none can be.
    pub fn find(variable: &dyn Fn(&str) -> Option<OsString>) -> io::Result<Self> {
        let named = variable("NOTIFY_SOCKET").filter(|name| !name.is_empty());
        let socket =
            named.map(|name| Ok::<_, io::Error>((UnixDatagram::unbound()?, address(&name)?))).transpose()?;
        let is_own = number(variable, "WATCHDOG_PID").is_none_or(|id| id == u64::from(std::process::id()));
        let watchdog =
            number(variable, "WATCHDOG_USEC").filter(|time| is_own && *time > 0 && socket.is_some());
        Ok(Self { socket, watchdog: watchdog.map(Duration::from_micros) })
    }

    /// Says that what was asked for can be done from now on.
    ///
    /// # Errors
    /// When the manager does not take it.
    pub fn ready(&self) -> io::Result<()> {
        self.tell("READY=1")
    }

    /// Says that the process is about to end.
    ///
    /// # Errors
    /// When the manager does not take it.
    pub fn stopping(&self) -> io::Result<()> {
        self.tell("STOPPING=1")
    }

    /// Says that the process still does its work; to be said by the thread whose standstill matters, at
    /// least as often as [`Manager::interval`] tells.
    ///
    /// # Errors
    /// When the manager does not take it.
    pub fn alive(&self) -> io::Result<()> {
        self.tell("WATCHDOG=1")
    }

    /// How often the manager wants to hear that the process still works: half the time after which it
    /// ends it. None where it does not watch.
    #[must_use]
    pub fn interval(&self) -> Option<Duration> {
        self.watchdog.map(|time| time / 2)
    }

    fn tell(&self, what: &str) -> io::Result<()> {
        let Some((socket, address)) = &self.socket else { return Ok(()) };
        socket.send_to_addr(what.as_bytes(), address).map(drop)
    }
}

/// A path, or, where the system has such names, one without a file behind `@`.
fn address(name: &OsStr) -> io::Result<SocketAddr> {
    #[cfg(target_os = "linux")]
    if let Some(name) = name.as_bytes().strip_prefix(b"@") {
        return SocketAddr::from_abstract_name(name);
    }
    SocketAddr::from_pathname(name)
}

fn number(variable: &dyn Fn(&str) -> Option<OsString>, name: &str) -> Option<u64> {
    variable(name)?.to_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manager(variables: &[(&str, &str)]) -> io::Result<Manager> {
        Manager::find(&|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
        })
    }

    fn heard(socket: &UnixDatagram) -> String {
        let mut bytes = [0; 64];
        let length = socket.recv(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    }

    #[test]
    fn the_manager_hears_by_path_and_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify").display().to_string();
        let name = format!("noroshi-test-{}", std::process::id());
        let by_name = SocketAddr::from_abstract_name(&name).unwrap();
        let bound = [
            (path.clone(), UnixDatagram::bind(&path).unwrap()),
            (format!("@{name}"), UnixDatagram::bind_addr(&by_name).unwrap()),
        ];
        for (name, socket) in bound {
            let manager = manager(&[("NOTIFY_SOCKET", &name)]).unwrap();
            manager.ready().unwrap();
            manager.alive().unwrap();
            manager.stopping().unwrap();
            assert_eq!(
                [heard(&socket), heard(&socket), heard(&socket)],
                ["READY=1", "WATCHDOG=1", "STOPPING=1"]
            );
        }
    }

    #[test]
    fn without_a_manager_nothing_is_told_and_nothing_fails() {
        for variables in [&[][..], &[("NOTIFY_SOCKET", "")], &[("WATCHDOG_USEC", "2000000")]] {
            let manager = manager(variables).unwrap();
            assert!(manager.ready().is_ok() && manager.interval().is_none(), "{variables:?}");
        }
        assert!(manager(&[("NOTIFY_SOCKET", &"x".repeat(200))]).is_err());
        // The manager is gone.
        let manager = manager(&[("NOTIFY_SOCKET", "/nowhere/notify")]).unwrap();
        assert!(manager.ready().is_err());
    }

    #[test]
    fn the_watchdog_is_heard_of_by_the_process_it_watches() {
        let own = std::process::id().to_string();
        for (time, id, expected) in [
            ("2000000", Some(own.as_str()), Some(Duration::from_secs(1))),
            ("2000000", None, Some(Duration::from_secs(1))),
            ("2000000", Some("1"), None),
            ("0", None, None),
            ("soon", None, None),
        ] {
            let mut variables = vec![("NOTIFY_SOCKET", "/run/notify"), ("WATCHDOG_USEC", time)];
            variables.extend(id.map(|id| ("WATCHDOG_PID", id)));
            assert_eq!(manager(&variables).unwrap().interval(), expected, "{time} {id:?}");
        }
    }
}
