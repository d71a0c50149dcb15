# What noroshi doctor finds: what is wrong, and what to do

cli-help-doctor = Say what is wrong with a home and what to do; nothing is changed, and other commands go on meanwhile
cli-help-doctor-deep = Read all bytes too: every row, file, act and look. Takes as long as reading the home
cli-help-doctor-json = Print one JSON object
cli-help-doctor-more =
    Examples:
      noroshi doctor
      noroshi doctor --deep
      noroshi doctor --json | jq -r '.findings[].code'

    Exit codes: 0 nobody has to do anything, 1 something is broken or somebody
    has to do something, 3 there is no home.
doctor-severity-broken = broken
doctor-severity-warning = warning
doctor-severity-note = note
doctor-looked-home = Home: { $entries } files and folders, owner { $owner }.
doctor-looked-free = Nobody writes to it now.
doctor-looked-held = Process { $process } writes to it.
doctor-looked-disk = Disk: { $free } of { $total } MB left.
doctor-looked-lake = Lake: tables { $tables }, files { $files }, { $megabytes } MB.
doctor-looked-lake-deep = Lake: tables { $tables }, files { $files }, { $megabytes } MB, rows read { $rows }.
doctor-looked-spool = Spool: segments { $segments }, records { $records }, { $megabytes } MB.
doctor-looked-journal = Journal: commits { $commits }, acts gone over { $acts }.
doctor-looked-journal-deep = Journal: commits { $commits }, acts gone over { $acts }, personal values opened { $personal }.
doctor-looked-files = Files: { $files }, { $megabytes } MB.
doctor-looked-access = Access log: up to record { $number }, gone over { $records }.
doctor-looked-backups = Backups: folders { $folders }, points { $points }.
doctor-healthy =
    Nothing is wrong ({ $notes ->
        [one] 1 note
       *[other] { $notes } notes
    }).
doctor-ill =
    { $broken } broken, { $warnings ->
        [one] 1 warning
       *[other] { $warnings } warnings
    }, { $notes ->
        [one] 1 note
       *[other] { $notes } notes
    }. Nothing was changed.
doctor-quick = Not all bytes were read; noroshi doctor --deep does that.

doctor-home-missing = There is no home at { $path }.
doctor-home-missing-do = Name the right folder with --home, or make one with noroshi ingest or noroshi serve.
doctor-home-foreign = { $path } holds something else than a home of Noroshi.
doctor-home-foreign-do = Name the right folder with --home; if its file format was lost, put it back from a backup.
doctor-format-newer = The home { $home } has the format { $found }, and this version of the program knows { $known }.
doctor-format-newer-do = Use the version that made it, or a later one (noroshi --version).
doctor-format-unreadable = The file { $path } does not say the format of the home.
doctor-format-unreadable-do = Put it back from a backup; nothing is read or written before.
doctor-format-old = The home { $home } has the format { $found } of an earlier version of the program; this one writes { $known }.
doctor-format-old-do = Run noroshi upgrade, which keeps a way back; until then it can be read and not written to.
doctor-id-unreadable = The home does not say who it is, so that no backup can be made: { $reason }.
doctor-id-unreadable-do = Write the second line of noroshi-backup in the folder of its backups to { $path }; where there are none, run noroshi upgrade, which gives it an id.
doctor-home-other = The home { $path } belongs to user { $owner }, and you are user { $user }.
doctor-home-other-do = Run noroshi doctor as that user (sudo -u '#{ $owner }' noroshi doctor) to have everything looked at; only that user may write there.
doctor-owner-other =
    { $count ->
        [one] { $path } belongs
       *[other] { $count } files and folders, the first { $path }, belong
    } to another user than the home.
doctor-owner-other-do = Give everything back to its owner: sudo chown -R { $owner } { $home }
doctor-mode-open =
    { $count ->
        [one] { $path } is
       *[other] { $count } files and folders, the first { $path }, are
    } open to other users than the owner.
doctor-mode-open-do = Close the home to others: chmod -R go= { $home }
doctor-not-looked-at = { $path } could not be looked at: { $reason }.
doctor-not-looked-at-do = Run noroshi doctor as the owner of the home; if the owner may not either, look at owners and modes there (ls -la).
doctor-entry-foreign = { $path } is nothing that Noroshi keeps in a home.
doctor-entry-foreign-do = Move it elsewhere if it is yours (mv); a backup and a restore do not take it along.
doctor-part-left =
    { $count ->
        [one] { $path } was not written to its end by a process that stopped.
       *[other] { $count } files, the first { $path }, were not written to their end by a process that stopped.
    }
doctor-part-left-do = They take only space; noroshi rebuild removes those below files/, and others may be removed by hand (rm) while nobody writes.
doctor-lock-old = Process { $process } held the home and ended without giving it back, as when it is killed or the power fails.
doctor-lock-old-do = Nothing has to be done: nobody holds the home now, and the next command takes it.
doctor-socket-old = Nobody answers at the socket { $path }, which a process left that was stopped.
doctor-socket-old-do = Nothing has to be done: noroshi serve makes it anew.
doctor-socket-silent = Process { $process } holds the home and does not answer at the socket { $path }.
doctor-socket-silent-do = Look at what it does (ps -p { $process }); if it hangs, stop it with kill { $process }, and start noroshi serve again.
doctor-socket-foreign = { $path } is no socket.
doctor-socket-foreign-do = Move it elsewhere (mv), for noroshi serve needs this name.
doctor-disk-read-only = The disk of { $path } may only be read.
doctor-disk-read-only-do = Look why (dmesg; a disk that fails is made read-only), then mount it again for writing: mount -o remount,rw
doctor-disk-full = The disk of { $path } has { $free } MB left, and with less than { $least } MB nothing new is taken in.
doctor-disk-full-do = Make room: move other data away, or remove old rows with noroshi retention --through DAY --remove --reason TEXT
doctor-disk-nearly-full = The disk of { $path } has only { $free } MB of { $total } MB left.
doctor-disk-nearly-full-do = Make room soon: move other data away, or remove old rows with noroshi retention --through DAY --remove --reason TEXT
doctor-disk-no-names = The disk of { $path } has no room for the names of more files.
doctor-disk-no-names-do = Remove or pack small files that others left on this disk (df -i shows how many there are).
doctor-settings-unread = The settings { $path } cannot be read: { $reason }.
doctor-settings-unread-do = Put them right, then run noroshi config check; noroshi serve does not begin before.
doctor-settings-wrong =
    The settings { $path } have { $faults ->
        [one] a fault
       *[other] { $faults } faults, the first
    } in line { $line } ({ $key }), so noroshi serve does not begin.
doctor-settings-wrong-do = Let noroshi config check say all of it, and mend the file.
doctor-settings-name =
    The settings { $path } name { $faults ->
        [one] something that cannot be used
       *[other] { $faults } things that cannot be used, the first
    } in line { $line } ({ $key }).
doctor-settings-name-do = Let noroshi config check say all of it, and mend the file or what it names.
doctor-lake-commit-torn = The newest commit of the table { $table } is not whole ({ $path }: { $reason }), so its rows are not seen.
doctor-lake-commit-torn-do = Run noroshi tables, or any command that adds rows: it sets the commit aside and delivers again what is still in the spool; then noroshi ingest the logs of that time again, which adds what is missing.
doctor-lake-commit-damaged = A commit of the table { $table } that others stand upon is damaged ({ $path }: { $reason }), so the table cannot be read.
doctor-lake-commit-damaged-do = Put this file back from a backup; keep a copy of the home before you try anything else.
doctor-lake-log-unreadable = The log of the table { $table } cannot be read: { $reason }.
doctor-lake-log-unreadable-do = Put the folder { $path } back from a backup; keep a copy of the home before you try anything else.
doctor-lake-file-missing = The file { $path } of the table { $table } is missing, and questions to this table fail.
doctor-lake-file-missing-do = Put it back from a backup.
doctor-lake-file-cut = The file { $path } of the table { $table } has { $found } bytes, and the log says { $said }.
doctor-lake-file-cut-do = Put it back from a backup.
doctor-lake-file-foreign = The file { $path } of the table { $table } is no Parquet file.
doctor-lake-file-foreign-do = Put it back from a backup.
doctor-lake-file-damaged = The file { $path } of the table { $table } cannot be read to its end: { $reason }.
doctor-lake-file-damaged-do = Put it back from a backup, and look whether the disk fails (dmesg).
doctor-lake-rows-differ = The file { $path } of the table { $table } has { $found } rows, and the log says { $said }.
doctor-lake-rows-differ-do = Put it back from a backup.
doctor-lake-batches-missing =
    { $batches ->
        [one] 1 batch of logs lacks rows
       *[other] { $batches } batches of logs lack rows
    }: a commit of the lake was damaged and set aside, and nobody has read its logs again.
doctor-lake-batches-missing-do = Read the logs of that time again with noroshi ingest: what is missing is kept then, and what is there is not doubled. Where they are gone, restore a backup from before the damage (noroshi backup --list).
doctor-lake-commit-aside = A damaged commit of the table { $table } was set aside as { $path }.
doctor-lake-commit-aside-do = Leave it there: as long as it is there, it is counted which batches lack rows.
doctor-lake-files-unnamed =
    No version of the table { $table } names { $files ->
        [one] the file { $path }
       *[other] { $files } files, the first { $path }
    } ({ $bytes } bytes).
doctor-lake-files-unnamed-do = They take only space: noroshi ingest removes them a day after they were left, when it adds to the table.
doctor-lake-index-damaged = The part { $path } of the value index of the table { $table } is damaged.
doctor-lake-index-damaged-do = Nothing has to be done: noroshi find reads the rows themselves, only slower, and noroshi ingest makes it anew.
doctor-lake-account-damaged = The account { $path } of what noroshi retention removed from the table { $table } is damaged.
doctor-lake-account-damaged-do = Put it back from a backup; until then rows that were removed are taken for lost.
doctor-spool-torn = The last { $bytes } bytes of { $path } are no whole record: a process was stopped while it wrote, before it said that anything was received.
doctor-spool-torn-do = Nothing has to be done: the next process begins another file.
doctor-spool-damaged = { $bytes } bytes of { $path } from byte { $offset } on are damaged, so something that was received is lost.
doctor-spool-damaged-do = Look whether the disk fails (dmesg), then give the logs of that time to noroshi ingest again, which adds what is missing.
doctor-spool-unreadable =
    { $records ->
        [one] A record
       *[other] { $records } records
    } in { $path } cannot be understood by this version of the program.
doctor-spool-unreadable-do = Run the version that received them once (noroshi tables), so that they come into the lake.
doctor-spool-waiting =
    { $rows ->
        [one] 1 row
       *[other] { $rows } rows
    } in { $batches ->
        [one] 1 batch
       *[other] { $batches } batches
    } were received and are in no table yet, and no process is running that would add them.
doctor-spool-waiting-do = Start noroshi serve, or run any command that may write, as noroshi tables: it adds them.
doctor-journal-missing = There is no journal yet at { $path }.
doctor-journal-missing-do = Nothing has to be done if nobody has decided anything here so far: the first command that acts makes it.
doctor-journal-lost = There is no journal at { $path }, and keys or files show that there was one.
doctor-journal-lost-do = Put it back from a backup, before any command makes an empty one; keep a copy of the home.
doctor-journal-foreign = { $path } is no database.
doctor-journal-foreign-do = Put it back from a backup; keep what is there beside it.
doctor-journal-newer = A newer version of the program wrote the journal: { $reason }.
doctor-journal-newer-do = Use that version, or a later one (noroshi --version).
doctor-journal-outdated = The tables of { $kind } in the journal were made by an earlier version of the program.
doctor-journal-outdated-do = Run noroshi rebuild, which makes them anew; the next command that acts does it too.
doctor-journal-damaged = The database { $path } is damaged: { $reason }.
doctor-journal-damaged-do = Keep a copy of the home, look whether the disk fails (dmesg), and put the journal back from a backup.
doctor-journal-chain-broken = Commit { $number } of the journal does not have the hash of its acts: something was changed since.
doctor-journal-chain-broken-do = Keep a copy of the home for whoever looks for the cause, and put the journal back from a backup.
doctor-journal-commit-missing = Commit { $number } of the journal is missing.
doctor-journal-commit-missing-do = Keep a copy of the home for whoever looks for the cause, and put the journal back from a backup.
doctor-journal-act-damaged = Act { $number } of { $stream } in the journal is not as it was written.
doctor-journal-act-damaged-do = Keep a copy of the home for whoever looks for the cause, and put the journal back from a backup.
doctor-journal-act-missing = Act { $number } of { $stream } in the journal is missing.
doctor-journal-act-missing-do = Keep a copy of the home for whoever looks for the cause, and put the journal back from a backup.
doctor-journal-log-left = { $path } ({ $bytes } bytes) was left by a process that was stopped while it wrote the journal, or that ended while noroshi doctor looked at it.
doctor-journal-log-left-do = Leave it where it is: it belongs to the journal, and the next command that reads or acts takes it in (noroshi jobs).
doctor-personal-unreadable = A personal value of { $subject } was not forgotten and cannot be opened with its key.
doctor-personal-unreadable-do = Put the folder keys of the home and the journal back from the same backup.
doctor-key-missing = The key { $path } of { $subject } is missing, and nobody has forgotten { $subject }, so personal values cannot be read.
doctor-key-missing-do = Put this file back from a backup, with mode 600.
doctor-key-damaged = The key { $path } of { $subject } is not as long as a key.
doctor-key-damaged-do = Put this file back from a backup, with mode 600.
doctor-key-left = { $subject } was forgotten, and the key { $path } is still or again there, so that copies of the journal tell what was forgotten.
doctor-key-left-do = Destroy it: shred -u { $path }
doctor-key-unknown = The journal knows nothing that was sealed with the key { $path }.
doctor-key-unknown-do = Nothing has to be done: a process was stopped before it used it. If the journal came from an older backup, put back the newer one.
doctor-job-open = Long work ({ $kind }) is not done, and nothing was heard of it since { $changed }.
doctor-job-open-do = Let noroshi jobs say which command goes on with it.
doctor-outbox-given-up =
    { $count ->
        [one] One effect, as a mail,
       *[other] { $count } effects, as mails,
    } could not be carried out and { $count ->
        [one] is
       *[other] are
    } tried no more.
doctor-outbox-given-up-do = Let noroshi outbox say which and why, mend the cause, and have them tried again there.
doctor-clock-behind = What lies in { $path } is dated { $latest }, and the clock says { $now }.
doctor-clock-behind-do = Set the clock right (timedatectl) before anything is written; if the later time was the wrong one, it stays where it was noted.
doctor-file-missing = The file { $path } is missing, and somebody holds it.
doctor-file-missing-do = Put it back from a backup, or take the same file in again: its name is the sha256 of its bytes.
doctor-file-damaged = The file { $path } has other bytes than its name says.
doctor-file-damaged-do = Put it back from a backup, or take the same file in again: its name is the sha256 of its bytes.
doctor-file-unheld = Nobody holds the file { $path } ({ $bytes } bytes), which a process left that was stopped.
doctor-file-unheld-do = It takes only space: noroshi rebuild removes it.
doctor-access-newer = { $path } of the access log has the format { $found }, and this version of the program knows { $known }.
doctor-access-newer-do = Use the version that wrote it, or a later one (noroshi --version).
doctor-access-torn = { $path } ends at byte { $offset } with a record cut short: a process was stopped while it noted a look, before it answered.
doctor-access-torn-do = Nothing has to be done: whoever looks next sets it aside.
doctor-access-damaged = { $path } of the access log is damaged at byte { $offset }.
doctor-access-damaged-do = Keep a copy of the home for whoever looks for the cause, and put this file back from a backup; the log itself goes on in another file.
doctor-access-chain-broken = { $path } of the access log does not follow what comes before it: something is missing, or was changed.
doctor-access-chain-broken-do = Keep a copy of the home for whoever looks for the cause, and put the folder access back from a backup.
doctor-backup-none = There is no backup of the home { $path }.
doctor-backup-none-do = Make one on another disk (noroshi backup DIR), and let a timer make more: docs/guide/serve.md says how.
doctor-backup-away = Backups of this home were in { $path }, and cannot be reached: { $reason }. Who was forgotten since may still be named there.
doctor-backup-away-do = Mount its disk, and run noroshi backup { $path }, which forgets them there as well; if the backups are gone for good, take the folder out of { $home }/backups.
doctor-backup-old = The newest backup is { $days } days old.
doctor-backup-old-do = Run noroshi backup, and look why none is made by itself: systemctl status noroshi-backup
doctor-backup-same-disk = The backups in { $path } lie on the disk of the home, and are lost with it.
doctor-backup-same-disk-do = Keep some on another disk too: noroshi backup DIR
