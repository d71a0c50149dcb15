# Settings of an installation: noroshi.toml, and noroshi config.

cli-help-config = Check, show and begin the settings of an installation: noroshi.toml in its home
cli-help-config-check = Say all that is wrong in noroshi.toml, and with the files and folders that it names
cli-help-config-check-json = Print one JSON object
cli-help-config-show = Print the settings in force, defaults as well
cli-help-config-show-json = Print one JSON object
cli-help-config-example = Print a file to begin with, every setting explained
cli-help-config-more =
    Example:
      noroshi config example | install -m 0600 /dev/stdin /var/lib/noroshi/noroshi.toml
      noroshi config check

    With faults, check ends with code 2.

settings-error-unread = The settings { $path } cannot be read: { $reason }. Look at the file and who owns it, or remove it to run with the defaults.
settings-error-wrong = { $faults ->
    [one] Something in { $path } is wrong. Mend it, and see with noroshi config check whether all is well:
   *[other] { $faults } things in { $path } are wrong. Mend them, and see with noroshi config check whether all is well:
}
settings-none = There is no { $path }: the defaults are in force. noroshi config example prints a file to begin with.
settings-nowhere = There is neither a home nor a file of settings in { $path }. Name another folder with --home, or begin with noroshi config example.
settings-sound = All is well in { $path }.
settings-faults = { $faults ->
    [one] One thing is to be mended, above. Until then noroshi serve does not begin.
   *[other] { $faults } things are to be mended, above. Until then noroshi serve does not begin.
}
settings-faults-named = { $faults ->
    [one] One thing is to be mended, above. Until then noroshi serve does without it.
   *[other] { $faults } things are to be mended, above. Until then noroshi serve does without them.
}

settings-fault-not-text = The file is no UTF-8 here. Save it as UTF-8.
settings-fault-syntax = The file is no TOML here: { $reason }. Put texts between quotation marks and each setting on a line of its own.
settings-fault-unknown = There is no setting { $key }. Write { $near } if you meant that, or remove it.
settings-fault-unknown-far = There is no setting { $key }. Remove it; noroshi config example shows all there are.
settings-fault-secret = { $key } would be a secret in a file that is copied and shown. Write it into a file of its own that only its owner can read (mode 0600), and name that file with password_file.
settings-fault-missing = { $key } is missing. Write { $expected }.
settings-fault-value = { $key } cannot be { $found }. Write { $expected }.
settings-fault-value-hidden = { $key } cannot be what stands there. Write { $expected }.
settings-fault-name = { $key } is { $found }, as in line { $other } already. Give each source a name of its own.
settings-fault-followed = { $key } is { $found }, and { $other } follows that already. Take each log in once: remove one of the two.
settings-fault-in-home = { $key } is { $found }, which lies in the home. Choose a place outside of it.
settings-fault-alone = { $key } says only half of how to sign in. Write both user and password_file, or neither.
settings-fault-unprotected = { $key } is { $found }, and the server is another machine. Write "starttls" or "implicit"; without protection only this machine itself is spoken to.
settings-fault-absent = { $key } is { $found }, and there is no such log yet. It is read as soon as it is there; look whether the name is right.
settings-fault-wildcard = { $key } is { $found }, and wildcards are not understood. Give the folder: all logs in it are followed.
settings-fault-lacking = { $key } names a file or folder that is not there. Make it, or name another.
settings-fault-unreadable = What { $key } names cannot be read: { $reason }. Let the user that noroshi runs as read it.
settings-fault-not-file = What { $key } names is no file. Name a file.
settings-fault-not-folder = { $key } is { $found }, which is no folder. Name a folder.
settings-fault-unwritable = { $key } is { $found }, where nothing can be written. Let the user that noroshi runs as write there.
settings-fault-open = The file that { $key } names has the mode { $mode }, so that others can read or change it. Set it to 0600, or to 0640 with the group of the service.
settings-fault-no-secret = The file that { $key } names holds no password in its first line. Write the password there, and nothing else.
settings-fault-no-certificate = The file that { $key } names holds no certificate. Name a file of certificates in PEM.

settings-kind-language = "ja" or "en"
settings-kind-zone = a name such as "Asia/Tokyo" or an offset such as "+09:00"
settings-kind-level = "error", "warn", "info" or "debug"
settings-kind-size = a number and a unit, such as "2 GiB" (B, kB, MB, GB, TB, KiB, MiB, GiB, TiB)
settings-kind-name = up to 64 of a-z, 0-9, -, _ and ., such as "dc01"
settings-kind-path = an absolute path, such as "/var/log/forwarded"
settings-kind-paths = one or more absolute paths in brackets, such as ["/var/log/forwarded"]
settings-kind-owner = the id of an organisation, such as "own"
settings-kind-tlp = "clear", "green", "amber", "amber+strict" or "red"
settings-kind-year = a year from 1970 to 2261, such as 2026
settings-kind-span = a whole number and a unit, such as "1 d" (s, min, h, d)
settings-kind-address = a mail address, such as "desk@soc.example.jp"
settings-kind-addresses = one or more mail addresses in brackets, such as ["desk@soc.example.jp"]
settings-kind-host = the name or address of a host, such as "mail.example.jp", without port
settings-kind-port = a number from 1 to 65535, without quotation marks
settings-kind-tls = "starttls", "implicit" or "none"
settings-kind-user = a name, such as "noroshi"
settings-kind-file = the path of a file, absolute or seen from the home
settings-kind-keep = a number from 1 to 10000, without quotation marks
settings-kind-table = a table of its own: its name in brackets on a line, and its settings below
settings-kind-tables = a table for each source: [[follow]] on a line, and its settings below

settings-about-head =
    Settings of Noroshi. What stands behind # is an example or an explanation.
    Remove the # of a setting and of the [section] line above it to use it, and
    run noroshi config check.
    A service reads this file when it begins: restart it after a change.
settings-about-language =
    Language that comes first in mails: ja or en. Commands and the service itself
    take theirs from --lang or LANG.
settings-about-zone =
    Time zone of times in mails, and of followed logs that name none. Commands have
    --zone.
settings-about-level = What is logged: error, warn, info or debug
settings-about-free = With less free space on the disk than this, nothing new is taken in
settings-about-files = What uploads and artefacts may take together
settings-about-follow = Logs that are read while they grow; as many [[follow]] as there are sources
settings-about-name = Name of the source, different for each: a-z, 0-9, -, _ and .
settings-about-paths = Files and folders, by absolute paths
settings-about-owner = Organisation whose events these are; own is that of this installation
settings-about-tlp = With whom they may be shared: clear, green, amber, amber+strict or red
settings-about-follow-zone = Time zone of times that name none; without it, the zone above
settings-about-year = Year of a log's first line, where lines name none
settings-about-silent = Tell the desk when nothing has come for so long: s, min, h or d
settings-about-mail = Mails of the installation itself
settings-about-from = Sender
settings-about-desk = Who is told, one or several
settings-about-smtp = The server that takes mails. Without it they are kept: noroshi outbox
settings-about-tls = starttls, implicit (protected from the first byte), or none (only to this machine itself)
settings-about-port = Without it, 587, 465 or 25, as tls says
settings-about-password =
    Who signs in, and the file whose first line is the password. Only its owner may
    read it (0600), or its group as well (0640). The password itself never stands here.
settings-about-ca = Certificates that are trusted beside those of the system, in PEM
settings-about-deliver = Folder that files are delivered to
settings-about-backup = Folder of backups, on another disk than the home; it must be there
settings-about-keep = How many are kept; older ones are removed
