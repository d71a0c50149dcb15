# Backups, what is put back, and homes of earlier versions.

cli-help-backup = Keep a point in time of the home on another disk; only what is new is copied
cli-help-backup-folder = Folder of the backups, on another disk. Without it that of the settings
cli-help-backup-keep = Then remove all but the newest N points, and what no other point needs
cli-help-backup-list = Say which points there are, and make none
cli-help-backup-zone = Time zone of the times that --list shows
cli-help-backup-json = Print JSON: an object, with --list an array
cli-help-backup-more =
    Example:
      noroshi backup /mnt/backup/noroshi --keep 30
      noroshi restore /mnt/backup/noroshi --drill
cli-help-restore = Put a home back to a point in time, in a new folder, and compare it with what was kept
cli-help-restore-folder = Folder of the backups
cli-help-restore-point = The point, by its name as noroshi backup --list shows it or the beginning of it. Without it the newest
cli-help-restore-drill = Only try it: put it back beside the backups or into --home, compare, and remove it again
cli-help-restore-home = The new home: a folder that is empty or not there yet. It must be named; NOROSHI_HOME is not used
cli-help-restore-json = Print one JSON object
cli-help-restore-more =
    Examples:
      noroshi restore /mnt/backup/noroshi --drill
      noroshi restore /mnt/backup/noroshi --home /var/lib/noroshi-new
      noroshi restore /mnt/backup/noroshi --home new --point 20261130T1846

    Exit codes: 0 all is as it was, 1 something differs or cannot be put back,
    2 wrong use or the folder is not empty, 3 there are no backups or no such
    point, 130 stopped.
cli-help-upgrade = Bring a home of an earlier version up to date, with a way back
cli-help-upgrade-back = Bring it back to the version before
cli-help-upgrade-lose = Even if decisions that were made since are lost
cli-help-upgrade-json = Print one JSON object
cli-help-upgrade-more =
    Nothing else may hold the home: stop noroshi serve first.

    Examples:
      noroshi upgrade
      noroshi upgrade --back

    Exit codes: 0 done or nothing to do, 1 the way back cannot be kept or gone,
    2 the home is held, or decisions would be lost without --lose, 3 there is no
    home.
cli-backup = { $point } in { $path }: { $acts ->
    [one] { $acts } act
   *[other] { $acts } acts
}, { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
}, { $files ->
    [one] { $files } file
   *[other] { $files } files
} of { $bytes }; copied: { $new ->
    [one] { $new } file
   *[other] { $new } files
} of { $copied }.
cli-backup-pruned = Removed: { $points ->
    [one] { $points } old point
   *[other] { $points } old points
}, and { $files ->
    [one] { $files } file
   *[other] { $files } files
} of { $bytes } that no other point needs.
cli-backup-unfinished = Removed: { $point }, which was never finished.
cli-backup-damaged = ! The manifest of { $point } is damaged or of a newer version. It stays, and files that only old points need stay with it; remove its folder by hand when you do not need it.
cli-backup-none = There are no points yet.
cli-backup-head-point = point
cli-backup-head-at = as of
cli-backup-head-acts = acts
cli-backup-head-rows = rows
cli-backup-head-files = files
cli-backup-head-bytes = size
cli-backup-head-state = state
cli-backup-state-whole = whole
cli-backup-state-unfinished = never finished
cli-backup-state-damaged = damaged
cli-backup-state-newer = of a newer version
cli-restore = { $path } is the home as of { $point }: { $files ->
    [one] { $files } file
   *[other] { $files } files
} of { $bytes }, { $acts ->
    [one] { $acts } act
   *[other] { $acts } acts
}, { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
}; { $seconds } s.
cli-restore-drill = Tried: { $point } was put back to { $path } and removed again: { $files ->
    [one] { $files } file
   *[other] { $files } files
} of { $bytes }, { $acts ->
    [one] { $acts } act
   *[other] { $acts } acts
}, { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
}; { $seconds } s.
cli-restore-chosen = ! { $other } has a later time, and { $point } has more acts: a clock was set back, or the home was put back in between. { $point } was taken; if the other is meant, name it with --point.
cli-restore-forgotten = { $subject } was forgotten after this point, and is so here as well.
cli-restore-forgotten-again = { $reason } (done again when the home was put back; first on { $at } by { $actor })
cli-restore-differs = ! { $what }: { $expected } was kept, and { $found } is there.
cli-restore-equal = All is as it was: hashes of all files, acts and what is made of them, rows and the access log.
cli-restore-unequal = Not everything is as it was: see above. Keep the folder of the backups as it is for whoever looks for the cause, and try another point.
cli-upgraded = The home has the format { $format } now; it had { $from }. The way back is kept in { $before }: noroshi upgrade --back.
cli-upgrade-current = The home has the format { $format }, which is the newest.
cli-upgrade-back = The home has the format { $format } again and its journal is that of { $at }; { $lost ->
    [0] nothing was decided since.
    [one] { $lost } act of later is lost.
   *[other] { $lost } acts of later are lost.
} Use the version of the program of before, and run noroshi rebuild with it first.
cli-error-backup-unnamed = No folder for the backup is named, and the settings name none. Write noroshi backup DIR, with a folder on another disk.
cli-error-backup-missing = There are no backups in { $path }. Name the folder that noroshi backup wrote to, and look whether its disk is there.
cli-error-backup-foreign = { $path } is not empty and holds no backups. Choose an empty or new folder.
cli-error-backup-exposed = { $path } belongs to another user, or others may write to it, who could change the backups. Choose a folder of your own, or let nobody else write to it (chmod go-w).
cli-error-copying = A backup copies files of this home, or noroshi retention removes some, and the one waits for the other. Try again when it is done; if it hangs, stop it.
cli-error-backup-other = { $path } holds the backups of another home. Each home needs a folder of its own.
cli-error-backup-newer = { $path } was made by a newer version of this program. Use that version.
cli-error-backup-unreadable = { $path } cannot be read: it is not as it was written. Look at the disk; nothing was changed.
cli-error-backup-busy = Another process uses the backups in { $path }. Wait until it is done.
cli-error-backup-changed = No point was made: { $reason }. Run the command again; if it says the same, noroshi rebuild says what is damaged.
cli-error-backup-damaged = The point cannot be put back: { $reason }. Choose another with --point; what is in the new folder is no home, and can be removed.
cli-error-backup-list = Nothing was put back, since nobody knows who was forgotten: { $reason }. If the home is still there, run noroshi backup, which adds what is missing; docs/guide/backup.md says what else can be done.
cli-error-backup = The backup cannot be made or used: { $reason }. Look at the disk and its room, then try again.
cli-error-backup-inside = { $path } and the home lie one in the other. Choose a folder elsewhere, on another disk.
cli-error-backup-lost = The point was made, but the home lacks rows of { $batches ->
    [one] { $batches } batch
   *[other] { $batches } batches
}, because commits of the lake were damaged. No older point was removed: one of them may have the rows. noroshi doctor says what to do.
cli-error-backup-gone = { $path } held backups of this home, and holds none now. Mount its disk; or, if they are gone for good, take the folder out of { $list }.
cli-error-restore-none = There is no point that could be put back. noroshi backup --list says what is there.
cli-error-restore-point = No point is called { $point }. noroshi backup --list says which there are.
cli-error-restore-several = The names of several points begin with { $point }. Write more of it.
cli-error-restore-broken = { $point } was never finished, is damaged or of a newer version, and does not count. Choose another point.
cli-error-restore-into = { $path } is not empty. Choose a folder that is empty or not there yet; what a command that was stopped left in one is no home, and can be removed.
cli-error-upgrade = The way back cannot be kept or gone in { $path }: { $reason }. Look at the disk and its room; the same command goes on.
cli-error-upgrade-no-way = There is no way back in { $path }: it was made by this version, or was brought up to date without one. It stays as it is.
cli-error-upgrade-lose = Since the home was brought up to date, { $acts ->
    [one] { $acts } act was
   *[other] { $acts } acts were
} made, which would be lost. Add --lose if they may be; who was forgotten stays so.
