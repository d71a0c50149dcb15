//! Who writes in the home, and whether they answer.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use ::home::Holder;
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};

use super::{Checked, Code, Finding, Patient};

/// The longest path that a socket's address holds.
const LONGEST: usize = 107;

pub(super) fn check(patient: &Patient<'_>) -> Checked {
    let mut checked = Checked::default();
    let lock = patient.home.path().join("lock");
    let holder = match patient.home.holder() {
        Ok(holder) => holder,
        Err(error) => {
            checked.findings.push(Finding::not_looked_at(&lock, error.to_string()));
            return checked;
        }
    };
    let number = match &holder {
        Holder::Nobody { last } => {
            if let Some(last) = last {
                checked.add(Code::LockOld, &lock, vec![("process", last.as_str().into())]);
            }
            None
        }
        Holder::Process { number } => Some(number.as_str()),
    };
    socket(patient, number, &mut checked);
    match number {
        Some(number) => checked.look("held", vec![("process", number.into())]),
        None => checked.look("free", Vec::new()),
    }
    checked
}

/// The socket at which whoever writes is asked, where there is one.
fn socket(patient: &Patient<'_>, holder: Option<&str>, checked: &mut Checked) {
    let path = patient.home.path().join("socket");
    let data = match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return,
        Err(error) => return checked.findings.push(Finding::not_looked_at(&path, error.to_string())),
        Ok(data) => data,
    };
    if !data.file_type().is_socket() {
        return checked.add(Code::SocketForeign, &path, Vec::new());
    }
    match (answers(patient.home.path()), holder) {
        (Ok(true), _) => {}
        (Ok(false), Some(number)) => {
            checked.add(Code::SocketSilent, &path, vec![("process", number.into())]);
        }
        (Ok(false), None) => checked.add(Code::SocketOld, &path, Vec::new()),
        (Err(error), _) => checked.findings.push(Finding::not_looked_at(&path, error.to_string())),
    }
}

/// Whether somebody listens at the socket of a home; nothing is said to them.
fn answers(home: &Path) -> io::Result<bool> {
    let folder = File::open(home)?;
    let direct = home.join("socket");
    let path = if direct.as_os_str().len() <= LONGEST {
        direct
    } else {
        PathBuf::from(format!("/proc/self/fd/{}/socket", folder.as_raw_fd()))
    };
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
    match connect(&socket, &SocketAddrUnix::new(path)?) {
        // So many wait there that there is no place left.
        Ok(()) | Err(Errno::AGAIN) => Ok(true),
        Err(Errno::CONNREFUSED | Errno::NOENT) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
