//! Which log a line belongs to: that in which a machine keeps what a program or a facility writes, if
//! it keeps one for each purpose.

/// Logs by purpose, in the order of [`Log`].
pub(crate) const LOGS: [&str; 8] =
    ["syslog", "auth", "sshd", "sudo", "cron", "clamav", "vsftpd", "guacamole"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Log {
    Syslog,
    Auth,
    Sshd,
    Sudo,
    Cron,
    Clamav,
    Vsftpd,
    Guacamole,
}

/// The log that a program's message would stand in on a machine that keeps one for each purpose.
pub(crate) fn log_of(program: &str, message: &str) -> &'static str {
    LOGS[purpose(program, message, None) as usize]
}

pub(crate) fn purpose(program: &str, message: &str, facility: Option<u8>) -> Log {
    let name = program.rsplit('/').next().unwrap_or_default();
    match name.split('(').next().unwrap_or_default() {
        // Newer releases of OpenSSH are several programs.
        "sshd" | "sshd-session" | "sshd-auth" => Log::Sshd,
        "sudo" => Log::Sudo,
        // Whoever asks the authentication modules, they write into the log of authentication.
        _ if message.starts_with("pam_") => Log::Auth,
        "cron" | "CRON" | "crond" | "CROND" | "crontab" | "anacron" | "atd" => Log::Cron,
        "clamd" | "clamav" | "clamscan" | "clamdscan" | "clamonacc" | "clamav-milter" | "freshclam" => {
            Log::Clamav
        }
        "vsftpd" => Log::Vsftpd,
        "guacd" | "guacamole" => Log::Guacamole,
        "su"
        | "su-l"
        | "login"
        | "doas"
        | "pkexec"
        | "polkitd"
        | "polkit-agent-helper-1"
        | "systemd-logind"
        | "elogind"
        | "elogind-daemon"
        | "unix_chkpwd"
        | "useradd"
        | "userdel"
        | "usermod"
        | "newusers"
        | "groupadd"
        | "groupdel"
        | "groupmod"
        | "groupmems"
        | "gpasswd"
        | "passwd"
        | "chpasswd"
        | "chage"
        | "chfn"
        | "chsh"
        | "newgrp"
        | "sulogin"
        | "runuser"
        | "gdm-password]"
        | "gdm-session-worker"
        | "lightdm" => Log::Auth,
        _ => match facility {
            Some(4 | 10) => Log::Auth,
            Some(9) => Log::Cron,
            _ => Log::Syslog,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::syslog::head;

    #[test]
    fn programs_and_facilities_decide_the_log() {
        for (line, log) in [
            ("Mar  2 08:00:01 h sshd[1]: x", "sshd"),
            ("Mar  2 08:00:01 h sshd-session[1]: x", "sshd"),
            ("Mar  2 08:00:01 h sshd(pam_unix)[1]: x", "sshd"),
            ("Mar  2 08:00:01 h sshd[1]: pam_unix(sshd:auth): x", "sshd"),
            ("Mar  2 08:00:01 h sudo: x", "sudo"),
            ("Mar  2 08:00:01 h CRON[1]: (root) CMD (x)", "cron"),
            ("Mar  2 08:00:01 h /usr/sbin/cron[1]: x", "cron"),
            ("Mar  2 08:00:01 h CRON[1]: pam_unix(cron:session): session opened", "auth"),
            ("Mar  2 08:00:01 h vsftpd[1]: pam_unix(vsftpd:auth): x", "auth"),
            ("Mar  2 08:00:01 h vsftpd[1]: x", "vsftpd"),
            ("Mar  2 08:00:01 h useradd[1]: new user: name=x", "auth"),
            ("Mar  2 08:00:01 h clamd[1]: x FOUND", "clamav"),
            ("Mar  2 08:00:01 h guacd[1]: x", "guacamole"),
            ("Mar  2 08:00:01 h kernel: x", "syslog"),
            ("<86>Mar  2 08:00:01 h mine[1]: x", "auth"),
            ("<38>Mar  2 08:00:01 h mine[1]: x", "auth"),
            ("<78>Mar  2 08:00:01 h mine[1]: x", "cron"),
            ("<30>Mar  2 08:00:01 h mine[1]: x", "syslog"),
            ("<30>Mar  2 08:00:01 h sshd[1]: x", "sshd"),
            ("Mar  2 08:00:01 h -- MARK --", "syslog"),
        ] {
            let head = head(line).unwrap();
            let found = purpose(head.program, head.message, head.priority.map(|priority| priority / 8));
            assert_eq!(LOGS[found as usize], log, "{line}");
        }
    }
}
