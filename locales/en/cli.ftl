# Words of the command line.

cli-help-usage = Usage
cli-help-commands = Commands
cli-help-inputs = Inputs
cli-help-options = Options
cli-help-help = Print this help
cli-help-version = Print the version
cli-help-home = The home, where the books lie. Without it NOROSHI_HOME, or noroshi in your data folder
cli-help-lang = Language of all texts: ja or en. Without it, LC_ALL, LC_MESSAGES or LANG decide

cli-help = Noroshi: the platform of a cyber-security operations centre
cli-help-more =
    Start here:
      noroshi demo                       a year of an invented nation, scanned and explained
      noroshi detect LOGS                scan logs with the bundled rules
      noroshi detect --rules DIR LOGS    scan logs with your Sigma rules

    Exit codes: 0 done to the end, 1 an output cannot be written or an answer
    takes more than it may, 2 wrong use or no rule left to run, 3 no input
    recognised as a log or no home, 130 stopped by the user.

cli-help-detect = Scan logs with Sigma rules and say what was found
cli-help-detect-paths =
    Files and folders to scan, - for standard input
    Windows: EVTX, XML, JSON and NDJSON (flat, Winlogbeat, Event.System)
    Linux: audit logs, syslog, auth.log, Sysmon for Linux
    Web servers: access logs
    Networks and clouds: Suricata, Zeek, OCSF, CloudTrail, Entra,
    Microsoft 365
    Also inside .gz, .zst, .xz, .bz2, .zip, .tar
    The format is told by content, not by name
cli-help-detect-lake = Scan what noroshi ingest has kept instead of files: all of it, or what lies between --from and --to. Each verdict then says which rows it stands on
cli-help-detect-no-keep = Do not keep what is found; it is kept as rows of the table verdicts otherwise, each verdict once, and a scan that was stopped goes on where it was
cli-help-detect-home = The home whose lake is scanned. Without it NOROSHI_HOME, or the user's data folder
cli-help-detect-rules = Sigma rules: a file or a folder, may be repeated. Without it the bundled rules are used; with --lake, those that run here (noroshi rules list)
cli-help-detect-placeholders = Values for the modifier expand: NAME.txt holds one value a line for %NAME%. A file or a folder, may be repeated
cli-help-detect-level = Lowest level of rules that are run: informational, low, medium, high, critical
cli-help-detect-tag = Only rules with this tag, for example attack.t1003 or t1003. May be repeated
cli-help-detect-from = Only events from this time on: 2026-06-11, 2026-06-11T02:00, "2026-06-11 02:00:00.5", 2026-06-11T02:00:00+09:00. Without an offset it is in the zone of --zone
cli-help-detect-to = Only events before this time; one at this very time does not count
cli-help-detect-zone = Time zone of shown times, of --from and --to, and of times in logs that name none: a name such as Asia/Tokyo, or an offset such as +09:00, UTC+9 or Z
cli-help-detect-year = Year of a log's first line where lines name none. Without it, the last line is of the last year before its file was changed
cli-help-detect-json = Write verdicts as JSON, one a line; - is standard output
cli-help-detect-csv = Write verdicts as CSV
cli-help-detect-html = Write a page for people: timeline, rules, hosts, filters; works without network and prints
cli-help-detect-summary = Write counts, refused rules and flaws as one JSON object
cli-help-detect-force = Replace what stands under the name of an output, also when it is not an earlier output of the same kind. Files that are read are never replaced
cli-help-detect-all-events = List every event behind a verdict, not only the latest 1,000, and write long values whole
cli-help-detect-follow = Keep reading logs that grow, over rotation, until Ctrl-C
cli-help-detect-threads = Threads that parse and match. Without it, one for each processor
cli-help-detect-more =
    Examples:
      noroshi detect C:\Windows\System32\winevt\Logs --html report.html
      noroshi detect --rules sigma/rules --level high --json verdicts.jsonl logs.zip
      zcat audit.log.gz | noroshi detect --json - -
      noroshi detect --lake --rules sigma/rules --from 2026-06-01 --html june.html

cli-help-backtest = Try rules on what noroshi ingest has kept, and keep nothing of it
cli-help-backtest-rules = The rules to try: a file or a folder, may be repeated
cli-help-backtest-against = Another version of them, whose verdicts are counted beside these; may be repeated
cli-help-backtest-placeholders = Values for the modifier expand, as with noroshi detect
cli-help-backtest-level = Lowest level of rules that are run
cli-help-backtest-tag = Only rules with this tag; may be repeated
cli-help-backtest-from = Only events from this time on, as with noroshi detect
cli-help-backtest-to = Only events before this time
cli-help-backtest-zone = Time zone of days, and of --from and --to
cli-help-backtest-examples = So many verdicts of each rule are shown
cli-help-backtest-threads = Threads that read and match. Without it, one for each processor
cli-help-backtest-json = For programs: one JSON object, with each rule's verdicts by day
cli-help-backtest-more =
    Examples:
      noroshi backtest --rules new.yml --from 2026-06-01 --examples 3
      noroshi backtest --rules sigma-new --against sigma-old --level high

cli-backtest-read = { $events ->
    [one] { $events } event
   *[other] { $events } events
} of { $days ->
    [one] { $days } day
   *[other] { $days } days
}, { $rules ->
    [one] { $rules } rule
   *[other] { $rules } rules
}: { $verdicts ->
    [one] { $verdicts } verdict
   *[other] { $verdicts } verdicts
}, in { $time }.
cli-backtest-against = Against
cli-backtest-head-title = rule
cli-backtest-head-level = level
cli-backtest-head-verdicts = verdicts
cli-backtest-head-day = a day
cli-backtest-head-most = most a day
cli-backtest-head-hosts = hosts
cli-backtest-head-days = by day
cli-backtest-head-before = before
cli-backtest-head-after = after
cli-backtest-head-change = change
cli-backtest-same = { $rules ->
    [one] { $rules } rule finds
   *[other] { $rules } rules find
} as much in both.

cli-help-rules = Decide which rules run here, and check or list rules
cli-help-rules-check = Say which rules cannot be used and which should be mended
cli-help-rules-check-paths = Rule files and folders. Without any, the bundled rules
cli-help-rules-check-placeholders = Values for the modifier expand, as for detect
cli-help-rules-check-json = Print one JSON object
cli-help-rules-list = List the sets of rules, or the rules of one, the most severe first
cli-help-rules-list-paths = A set, or rule files and folders. Without any, the sets are listed
cli-help-rules-list-json = Print a JSON array
cli-help-rules-enable = Let a version of a set run from now on
cli-help-rules-enable-set = The set; bundled is the one that comes with the program
cli-help-rules-enable-number = Number of the version. Without it the newest
cli-help-rules-enable-reason = Why; it stands in the history
cli-help-rules-enable-json = Print one JSON object
cli-help-rules-disable = Let no rule of a set run any more
cli-help-rules-disable-set = The set
cli-help-rules-disable-reason = Why; it stands in the history
cli-help-rules-disable-json = Print one JSON object
cli-help-rules-exclude = Turn one rule off here; an update of its set does not turn it on again
cli-help-rules-exclude-rule = The rule: its id, its title, or the end of its path
cli-help-rules-exclude-set = The set that it belongs to. Without it, the one that has it
cli-help-rules-exclude-reason = Why; it stands in the history
cli-help-rules-exclude-until = From when on it runs again: 2026-12-31, 2026-12-31T18:00; a day is its beginning. Without it, when somebody includes it
cli-help-rules-exclude-zone = Time zone of --until where it names none
cli-help-rules-exclude-json = Print one JSON object
cli-help-rules-exclude-more =
    Example:
      noroshi rules exclude 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11 \
        --reason "the backup agent does this every night" --until 2027-03-31
cli-help-rules-include = Let a rule run again that was excluded
cli-help-rules-include-rule = The rule: its id, its title, or the end of its path
cli-help-rules-include-set = The set that it belongs to. Without it, the one that has it
cli-help-rules-include-reason = Why; it stands in the history
cli-help-rules-include-json = Print one JSON object
cli-help-rules-history = Say who decided what about the sets, when and why
cli-help-rules-history-set = Only this set
cli-help-rules-history-zone = Time zone of shown times
cli-help-rules-history-json = Print a JSON array; each act with its evidence

cli-rules-head-set = set
cli-rules-head-enabled = runs
cli-rules-head-newest = newest
cli-rules-head-rules = rules
cli-rules-head-exclusions = excluded
cli-rules-off = off
cli-rules-decided = Decided: act { $sequence } in the history of { $set }. noroshi rules list shows what runs now.
cli-rules-history-none = Nothing has been decided about it yet. noroshi rules list shows the sets.
cli-rules-act-added = added { $version } with { $rules ->
    [one] { $rules } rule
   *[other] { $rules } rules
} from { $source }
cli-rules-act-enabled = enabled { $version }: { $reason }
cli-rules-act-disabled = disabled { $set }: { $reason }
cli-rules-act-excluded = excluded “{ $title }” ({ $set }, { $rule }): { $reason }
cli-rules-act-warned = told the desk that the exclusion of { $rule } ({ $set }) ends on { $until }
cli-rules-act-excluded-until = excluded “{ $title }” ({ $set }, { $rule }) until { $until }: { $reason }
cli-rules-act-included = included “{ $title }” ({ $set }, { $rule }) again: { $reason }
cli-rules-act-expired = the exclusion of “{ $title }” ({ $set }, { $rule }) was over

cli-error-journal = The journal of the home cannot be used: { $reason }. If the disk is full, make room; otherwise check the disk and who owns the files. Look whether it was done before you run the command again.
cli-error-journal-newer = A newer version of this program has written in the journal: { $reason }. Use that version.
cli-error-journal-outdated = An earlier version of this program made the tables of the journal: { $reason }. Run noroshi upgrade, which makes them anew.
cli-error-taken = Another entry has it already ({ $what }). Choose another value.
cli-error-reason = A decision needs a reason. Give it with --reason.
cli-error-rules-version = The set { $set } has no version { $version }. noroshi rules list shows the newest, noroshi rules history { $set } all.
cli-error-rules-set = There is no set { $set } with versions that were added. noroshi rules list shows the sets, noroshi rules add adds a version.
cli-error-rules-bundled = The set bundled comes with the program and takes no versions. Add the rules under another name.
cli-error-rules-already = Nothing was changed: it is so already. noroshi rules history { $set } shows what was decided.
cli-error-rules-over = The exclusion would be over already. Give --until a time that is yet to come.
cli-error-rules-not-excluded = The rule is not excluded in { $set }. noroshi rules history { $set } shows what is.
cli-error-no-rule = No rule is called { $rule }. Give an id, a whole title, or the end of a path; noroshi rules list SET shows them.
cli-error-many-rules = Several rules are called { $rule }. Give the id, and the set with --set: { $ids }.

cli-help-rules-more =
    Rules of others come as versions of a set, and run when somebody says so:
      noroshi rules add sigma FOLDER
      noroshi rules diff sigma
      noroshi rules enable sigma --reason TEXT

    What runs looks at all that noroshi ingest takes in, and at what is kept when
    noroshi detect --lake goes over it.
cli-help-rules-add = Add a version of a set from folders or archives, and say what it changes
cli-help-rules-add-set = Name of the set: small letters, digits, - and _
cli-help-rules-add-paths = Rule files, folders, or archives (.zip, .tar, .tar.gz and others); several are one set
cli-help-rules-add-enable = Let it run at once
cli-help-rules-add-reason = Why it runs; it stands in the history
cli-help-rules-add-dry-run = Only say what it would change
cli-help-rules-add-json = Print one JSON object
cli-help-rules-add-more =
    Example:
      noroshi rules add sigma sigma_core.zip
      noroshi rules diff sigma
      noroshi rules enable sigma --reason "update of November, reviewed"
cli-help-rules-diff = Say which rules a version adds, removes and changes, and what in them
cli-help-rules-diff-set = The set
cli-help-rules-diff-paths = Compare with these files, folders or archives, which are not added
cli-help-rules-diff-from = The earlier version. Without it the one that runs, or the one before --to
cli-help-rules-diff-to = The later version. Without it the newest
cli-help-rules-diff-json = Print one JSON object
cli-help-retention = Let rows of the lake end, by whole days of a table and owner; without --remove it only says what would go
cli-help-retention-owner = Whose rows end; own is the organisation that runs this installation
cli-help-retention-several = Rows of no single owner, as verdicts on events of several
cli-help-retention-table = Table whose rows end; may be repeated. Without it all that have days
cli-help-retention-through = The last day that ends, in UTC: 2025-11-30
cli-help-retention-undated = Only rows without a day
cli-help-retention-remove = Remove them. Their files leave the disk later, after an hour at the earliest
cli-help-retention-reason = Why; it stands in the journal
cli-help-retention-json = Print one JSON object
cli-help-retention-more =
    Example:
      noroshi retention --owner aoba --through 2025-11-30
      noroshi retention --owner aoba --through 2025-11-30 --remove \
        --reason "agreement of 2024: kept for a year"
cli-help-forget = Forget what is personal about somebody: the key is destroyed, and what was done stays
cli-help-forget-subject = Who: a subject such as local:1000, or the name itself
cli-help-forget-class = Only values of this retention class, such as names
cli-help-forget-reason = Why; it stays in the journal, so write no name
cli-help-forget-json = Print one JSON object
cli-help-forget-more =
    Examples:
      noroshi forget sato --reason "left the centre"
      noroshi forget local:1000 --class names --reason "asked for on 30 November"

    Exit codes: 0 forgotten (backups that could not be told are named), 1 the
    journal cannot be used, 2 nothing to forget or wrong use, 3 there is no home.
cli-help-rebuild = Check the journal: acts, files and access log for damage, tables against the acts. Tables that differ are put right
cli-help-rebuild-json = Print one JSON object
cli-help-rebuild-more =
    Examples:
      noroshi rebuild
      noroshi rebuild --json | jq .last,.commits      keep these elsewhere

    Exit codes: 0 all is whole, 1 something was not whole or the home cannot be
    used, 2 wrong use or the home is held and does not answer, 3 there is no home.
cli-help-jobs = Say which long work there is, and how far it is
cli-help-jobs-zone = Time zone of shown times
cli-help-jobs-json = Print a JSON array
cli-help-jobs-more =
    Work that is open may be nobody's at the moment: the note says which command
    goes on with it.

    Examples:
      noroshi jobs
      noroshi jobs --json | jq '.[] | select(.state == "open")'

    Exit codes: 0 listed, 1 the journal cannot be read, 2 wrong use, 3 there is
    no home.

cli-help-outbox = Say what is to leave by mail or as a file, and what became of it; without a command, what waits, lies here or was given up
cli-help-outbox-all = List also what was delivered or dropped
cli-help-outbox-zone = Time zone of shown times
cli-help-outbox-json = Print a JSON array
cli-help-outbox-more =
    Examples:
      noroshi outbox
      noroshi outbox show 2a8e
      noroshi outbox retry 2a8e --reason "the mail server runs again"

    Exit codes: 0 done, 1 the journal cannot be used, 2 no such key or wrong use,
    3 there is no home.
cli-help-outbox-show = Print a mail as it was or will be sent
cli-help-outbox-show-key = Its key, or the beginning of it
cli-help-outbox-show-json = Print one JSON object
cli-help-outbox-retry = Let it be tried again within a minute: what was given up, dropped or lies here
cli-help-outbox-retry-key = Its key, or the beginning of it
cli-help-outbox-retry-reason = Why; it stays in the journal, so write no name
cli-help-outbox-retry-json = Print one JSON object
cli-help-outbox-drop = Let it be tried no more
cli-help-outbox-drop-key = Its key, or the beginning of it
cli-help-outbox-drop-reason = Why; it stays in the journal, so write no name
cli-help-outbox-drop-json = Print one JSON object
cli-rules-added = Added { $version } with { $rules ->
    [one] { $rules } rule
   *[other] { $rules } rules
}{ $refused ->
    [0] .
    [one] ; { $refused } document cannot be used, and noroshi rules check FOLDER says why.
   *[other] ; { $refused } documents cannot be used, and noroshi rules check FOLDER says why.
}
cli-rules-would-add = { $rules ->
    [one] { $rules } rule
   *[other] { $rules } rules
}{ $refused ->
    [0] .
    [one] ; { $refused } document cannot be used, and noroshi rules check FOLDER says why.
   *[other] ; { $refused } documents cannot be used, and noroshi rules check FOLDER says why.
} Nothing was added.
cli-rules-added-next = What it changes: noroshi rules diff { $set }. To let it run: noroshi rules enable { $set } --reason TEXT
cli-rules-excluded = (excluded)
cli-rules-diff-summary = { $from } → { $to }: { $added } added, { $removed } removed, { $changed } changed ({ $finds } of them finding otherwise), { $unchanged } as before.
cli-rules-diff-refused = Files with documents that could be used before and cannot be now: { $rules }
cli-rules-diff-excluded-changed = Excluded here and still off, though they find otherwise now: { $titles }
cli-rules-diff-excluded-gone = Excluded here, and gone from the set: { $titles }
cli-rules-diff-finds = finds otherwise
cli-rules-diff-nothing = nothing
cli-rules-diff-reordered = in another order
cli-rules-diff-bytes = other bytes, which are no YAML
cli-rules-rescan = What is kept ({ $days ->
    [one] { $days } day
   *[other] { $days } days
}) was scanned with the rules of before. noroshi serve goes over it by itself with those that run now, and where it does not run, noroshi detect --lake does; verdicts that are there stay.
cli-error-rules-archive = The rules of { $version } cannot be read: { $reason }. Add the same rules again, which puts the file right.
cli-error-rules-none = There is no rule that can run in it, so nothing was added. noroshi rules check PATH says what is wrong.
cli-error-access = Who looked could not be noted, so nothing is shown: { $reason }. If the disk is full, make room; otherwise look at the folder access of the home, then try again.
cli-error-home-other = The home { $path } belongs to another user. Run the command as that user.
cli-error-rules-path = The rules in { $path } cannot be opened: { $reason }. Give a rule file, a folder or an archive that is there; noroshi rules list shows the sets.
cli-retention-history-none = Nothing has ended yet.
cli-ingest-no-rule = No rule ran: every set is off. noroshi rules enable SET turns one on.
cli-help-retention-zone = Time zone of the times that --history shows
cli-help-retention-history = Say what ended, by whose decision and why
cli-error-retention-days = The rows of { $table } have no days of their own and stay: they say that something was there. Name another table.
cli-error-rules-name = { $set } cannot be the name of a set. Use up to 40 small letters, digits, - and _.
cli-error-files = The files of the home cannot be used: { $reason }. Nothing was kept; if the disk is full, make room, otherwise look at the disk, then try again.
cli-error-retention-day = { $day } is no day. Write the last day that ends as 2025-11-30.
cli-error-retention-table = { $table } is no table. noroshi tables lists them.
cli-error-forget-nothing = Nothing personal is kept of { $subject }, or it was forgotten already. Give a subject as noroshi rules history --json shows it, or the name as it is written there.
cli-error-forget-several = Several subjects are called { $name }. Give the subject, as noroshi rules history --json shows it.
cli-forgotten = What was personal about { $subject } in the journal is forgotten. Logs in the lake stay as they are, and so do copies that were not made by noroshi backup.
cli-forgotten-later = ! Somebody reads the journal as it was before, such as a backup, so that the values still lie beside it. They go by themselves when that is done: noroshi serve does it, or the next command that writes.
cli-forgotten-in = Forgotten as well in the backups in { $path }.
cli-forgotten-not-in = ! The backups in { $path } could not be told: { $reason }. Their keys still open it until the next noroshi backup there, which does it.
cli-rebuild = { $acts ->
    [one] { $acts } act
   *[other] { $acts } acts
} in { $commits ->
    [one] { $commits } commit
   *[other] { $commits } commits
} and { $streams ->
    [one] { $streams } stream
   *[other] { $streams } streams
}; personal values: { $personal } kept, { $forgotten } forgotten; { $looks ->
    [one] { $looks } look
   *[other] { $looks } looks
} in the access log.
cli-rebuild-table = ! { $table }: { $rows ->
    [one] { $rows } difference
   *[other] { $rows } differences
} from what the acts say; the table is right now.
cli-rebuild-snapshot = ! The snapshot of { $stream } was not as the acts say; it is removed.
cli-rebuild-file = The file { $file } is missing or has other bytes.
cli-rebuild-sound = All is whole and as the acts say.
cli-rebuild-unsound = Not everything was whole: see above. Keep a copy of the home before you go on, for whoever looks for the cause.
cli-outbox-none = Nothing waits, and nothing was given up.
cli-outbox-head-key = key
cli-outbox-head-state = state
cli-outbox-head-what = what
cli-outbox-head-since = since
cli-outbox-head-attempts = failed
cli-outbox-head-next = next attempt
cli-outbox-head-reason = reason
cli-outbox-state-waiting = waiting
cli-outbox-state-kept = lies here
cli-outbox-state-delivered = delivered
cli-outbox-state-given-up = given up
cli-outbox-state-dropped = dropped
cli-outbox-what-watch-suppression-expires = a suppression ends soon
cli-outbox-what-watch-exclusion-expires = an exclusion ends soon
cli-outbox-what-watch-source-silent = a source went silent
cli-outbox-what-watch-source-unheard = a source was never heard
cli-outbox-what-watch-source-spoke = a source is heard again
cli-outbox-nobody = (nobody: the settings name no desk)
cli-outbox-letter =
    To: { $to }
    Subject: { $subject }
cli-outbox-came = State: { $state }
cli-outbox-came-said = State: { $state } ({ $said })
cli-outbox-file = File: { $name } ({ $sha256 })
cli-outbox-again = { $key } is tried again within a minute while noroshi serve runs, and otherwise once it does.
cli-outbox-dropped = { $key } is tried no more.
cli-outbox-dropped-already = { $key } was dropped before, and is tried no more; nothing was changed.
cli-error-outbox-none = Nothing in the outbox has a key that begins with { $key }. noroshi outbox --all lists them.
cli-error-outbox-short = “{ $key }” is too short to name something in the outbox. Write at least the first four signs of its key; noroshi outbox --all lists them.
cli-error-outbox-several = Several keys begin with { $key }. Give more of it.
cli-error-outbox-over = { $key } was delivered, and that stays so. What it says is shown by noroshi outbox show.

cli-jobs-none = There is no long work.
cli-jobs-head-kind = work
cli-jobs-head-state = state
cli-jobs-head-done = progress
cli-jobs-head-changed = last change
cli-jobs-head-note = note
cli-jobs-state-open = open
cli-jobs-state-done = done
cli-jobs-state-failed = failed
cli-jobs-kind-watch-rescan = scan of kept events
cli-jobs-kind-watch-retention = removal of rows
cli-jobs-next-watch-rescan = noroshi detect --lake goes on with it
cli-jobs-next-watch-retention = the same noroshi retention command goes on with it
cli-retention-nothing = There are no such rows. noroshi sources shows whose rows there are.
cli-retention-head-table = table
cli-retention-head-days = days
cli-retention-head-rows = rows
cli-retention-head-files = files
cli-retention-head-bytes = frees at least
cli-retention-next = Nothing was removed. To remove these rows, add --remove --reason TEXT.
cli-retention-removed = { $rows ->
    [one] { $rows } row is
   *[other] { $rows } rows are
} gone from the tables. { $files ->
    [0] No file is left of them.
    [one] { $files } file stays on the disk for whoever reads it; after an hour, the next noroshi retention --remove takes it away, also the same one.
   *[other] { $files } files stay on the disk for whoever reads them; after an hour, the next noroshi retention --remove takes them away, also the same one.
}

cli-help-fields = Show the field catalogue: what each field is, and its names in logs and Sigma rules
cli-help-fields-word = Only fields with this word in a name or meaning
cli-help-fields-logsources = Show which logs and event ids each Sigma log source reads
cli-help-fields-schema = Print the JSON Schema of an event
cli-help-fields-json = Print JSON

cli-help-ingest = Keep what logs hold: durable at once, and open to questions
cli-help-ingest-paths = Files and folders to read, - for standard input; the same formats as for detect
cli-help-ingest-home = The home, where the books lie; made where there is none. Without it, NOROSHI_HOME, else noroshi in your data folder
cli-help-ingest-owner = Organisation whose events these are. Without it, own: the organisation that runs this installation
cli-help-ingest-tlp = With whom the events may be shared: clear, green, amber, amber+strict, red
cli-help-ingest-rules = Sigma rules that run over what is taken in: a file or a folder, may be repeated. Without it those that run here (noroshi rules list). What they find are rows of the table verdicts
cli-help-ingest-placeholders = Values for the modifier expand, as with noroshi detect
cli-help-ingest-no-detect = Run no rules
cli-help-ingest-source = Name of the source. Keeps logs apart that are the same byte by byte, such as those of two hosts
cli-help-ingest-zone = Time zone of times in logs that name none: a name such as Asia/Tokyo, or an offset such as +09:00, UTC+9 or Z
cli-help-ingest-year = Year of a log's first line where lines name none. Without it, the last line is of the last year before its file was changed
cli-help-ingest-again = Read again what an older version of this program read, and let the better rows supersede the old ones
cli-help-ingest-follow = Keep reading logs that grow, over rotation, until Ctrl-C
cli-help-ingest-dry-run = Read and count, and keep nothing
cli-help-ingest-json = Print each batch as a JSON object, its id and number of rows, once it is durable; the summary goes to standard error
cli-help-ingest-threads = Threads that parse. Without it, one for each processor
cli-help-ingest-more =
    What is acknowledged outlives a power cut. The same events are kept once,
    under whatever name, however compressed: a stopped or repeated command
    goes on where it was, and a log that has grown adds its tail.

    Examples:
      noroshi ingest /var/log/audit
      noroshi ingest --owner aoba --tlp amber+strict logs.zip
      zcat old.json.gz | noroshi ingest --source ws01 -

cli-help-query = Ask the lake in SQL
cli-help-query-sql =
    One statement that only reads; - reads it from standard input
    Names with dots or capitals stand in double quotes: "device.hostname"
    `noroshi tables` lists the tables; events stands for all of them with the
    columns that they share
cli-help-query-param = Value of $1, $2 and so on, in this order; may be repeated. Values belong here, not into the statement
cli-help-query-json = Print a JSON array, an object a line
cli-help-query-csv = Print CSV (RFC 4180)
cli-help-query-parquet = Write a Parquet file; - is standard output
cli-help-query-force = Replace what stands under the name of the Parquet file, also when it is not an earlier answer
cli-help-query-more =
    Ten questions to begin with; '…' keeps the shell away from them:

      Hosts by events
        noroshi query 'SELECT "device.hostname", count(*) AS events
          FROM events GROUP BY 1 ORDER BY 2 DESC LIMIT 20'

      Failed logons by account and hour
        noroshi query 'SELECT "user.name", date_trunc($1, time) AS hour,
          count(*) AS failures FROM authentication WHERE event_id = 4625
          GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 20' --param hour

      Programs that hardly ever start
        noroshi query 'SELECT "process.file.path", count(*) AS starts,
          max("device.hostname") AS host FROM process_activity
          WHERE event_id IN (1, 4688) GROUP BY 1 HAVING count(*) <= 3
          ORDER BY 2 LIMIT 50'

      PowerShell with an encoded command
        noroshi query 'SELECT time, "device.hostname", "process.cmd_line"
          FROM process_activity WHERE "process.cmd_line" ILIKE $1
          ORDER BY time DESC LIMIT 50' --param '%powershell% -enc%'

      Names looked up, by domain
        noroshi query 'SELECT split_part("query.hostname", $1, -2) || $1 ||
          split_part("query.hostname", $1, -1) AS domain,
          count(*) AS queries, count(DISTINCT "device.hostname") AS hosts
          FROM dns_activity GROUP BY 1 ORDER BY 2 DESC LIMIT 20' --param .

      An address, first and last seen
        noroshi query 'SELECT min(time) AS first, max(time) AS last,
          count(*) AS events FROM events
          WHERE $1 IN ("src_endpoint.ip", "dst_endpoint.ip")'
          --param 10.10.1.15

      What happened on a host in a span of time
        noroshi query 'SELECT time, class, event_id, "process.file.path"
          FROM events WHERE "device.hostname" = $1
          AND time >= $2 AND time < $3 ORDER BY time LIMIT 200'
          --param AOBA-DC01.aoba.example --param 2026-06-16T00:00:00Z
          --param 2026-06-17T00:00:00Z

      The rows of one batch, of all classes
        noroshi query 'SELECT row, time, class, event_id, source_path
          FROM events WHERE batch =
          (SELECT max(batch) FROM script_activity) ORDER BY row LIMIT 200'

      A field that has no column: in raw, by the source's name, as a list
        noroshi query 'SELECT raw[$1][1] AS integrity, count(*) AS events
          FROM process_activity GROUP BY 1 ORDER BY 2 DESC'
          --param IntegrityLevel

      Paths asked of web servers, by status (where such logs were taken in)
        noroshi query 'SELECT "http_request.url.path", "http_response.code",
          count(*) AS requests FROM http_activity
          GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 20'

    Some classes have columns of their own for such fields: "raw.<name>".
    Other compartments are named before the table: "exercise/2026-a".events
    An answer may take 300 s, 512 MB of memory and 16 GB of disk.
    Exit codes: 0 answered, 1 the answer takes more than it may or cannot be
    written, 2 the question is wrong, 3 there is no home, 130 stopped.
cli-help-find = Find values in everything kept: where, first and last seen, how often
cli-help-find-values =
    Addresses, networks, hashes, domains, URLs (their host), accounts, hosts,
    files; also harmless as reports write them: hxxp, [.], (dot), \.
cli-help-find-file = A file with a value a line, - for standard input; # begins a comment. Lines that are no value are named with the reason
cli-help-find-from = Only rows from this time on, as for detect
cli-help-find-to = Only rows before this time
cli-help-find-zone = Time zone of --from and --to where they name none
cli-help-find-rows = Show the latest N rows of each value as well, up to 10,000
cli-help-find-compartment = The compartment that is looked through, such as exercise/2026-a
cli-help-find-json = Print a JSON object a line, one for each value
cli-help-find-more =
    Capitals do not matter. A domain finds all names in it, a network all
    addresses in it, a host its short name, sato also AOBA\sato and
    sato@aoba.example, cmd.exe every path that ends in it, a hash also one of
    several. Looked at are the columns that hold such values (noroshi fields),
    not command lines and messages: those are for noroshi query. Every row that
    counts was read; times are UTC.

    Examples:
      noroshi find 203.0.113.77
      noroshi find 'hxxps://login.example[.]net/x' 198.51.100.0/24
      noroshi find sato --from 2026-06-16 --to 2026-06-17 --rows 20
      noroshi find -f indicators.txt --json | jq 'select(.rows > 0)'

    Exit codes: 0 done, also when nothing was found, 1 the lake cannot be read,
    2 wrong use, 3 there is no home, 130 stopped.

cli-help-sources = List what came from where: when it was received, how much, and how late
cli-help-sources-pattern = Only sources whose path or name contains this, in capitals or not
cli-help-sources-json = Print a JSON array
cli-help-sources-more =
    A source is a log under the path where it was read first; each member of an
    archive is one. The one received last stands first. Late is the time from
    the latest event of the batch received last to its reception. Times are UTC.

    Examples:
      noroshi sources
      noroshi sources audit
      noroshi sources --json | jq '.[] | select(.late_seconds > 3600)'

cli-help-tables = List the tables of the lake as FROM takes them, with rows, size and folder
cli-help-tables-json = Print a JSON array

cli-progress-left = { $time } left

cli-error-output = { $path } cannot be written: { $reason }. Choose another place or make room, and run again.
cli-error-output-input = The output { $path } leads to { $other }, which is to be read. Nothing was changed; choose another place for the output.
cli-error-output-rule = The output { $path } leads to { $other }, a file of rules or of their values. Nothing was changed; choose another place for the output.
cli-error-output-foreign = { $path } is not an earlier output of the same kind, and would be lost. Choose another name, or replace it with --force.
cli-error-output-twice = The outputs { $first } and { $second } have one destination. Give each output a place of its own.
cli-error-broke-off = The scan broke off: { $reason }. What is shown was found until then; make room for temporary files and run again.
cli-error-rules = The rules in { $path } cannot be opened: { $reason }. Give a rule file or a folder that is there, and that you may read.
cli-error-no-rule-files = There is no .yml or .yaml file in { $path }. Give a Sigma rule file or a folder with some.
cli-error-placeholders = The placeholder values in { $path } cannot be read: { $reason }. Check the path given with --placeholders.
cli-error-input = { $path } cannot be opened: { $reason }. Check the path and your permissions.
cli-error-zone = { $zone } is not a time zone. Use a name such as Asia/Tokyo or UTC, or an offset such as +09:00.
cli-error-time = { $time } is not a time. Write 2026-06-11, 2026-06-11T02:00:00 or 2026-06-11T02:00:00+09:00.
cli-error-range = No time lies from { $from } on and before { $to }. Let --from be earlier than --to.

cli-error-home-missing = There is no home at { $path }, so there is nothing to look at. Fill one with noroshi ingest, or name another with --home.
cli-error-home-none = { $path } is no home of Noroshi. Name another folder with --home.
cli-error-lake = The lake cannot be read: { $reason }. noroshi doctor --deep tells what is damaged, noroshi restore puts a backup back; otherwise check the home, your permissions and the disk.

cli-query-rows = { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
} in { $time }.
cli-query-stopped = Stopped by you: the answer is not whole.
cli-query-error-unreadable = This is no SQL: { $reason }. Mend it there; noroshi query --help shows questions that work.
cli-query-error-reads = A question only reads: { $reason } is not possible. Begin with SELECT, or with WITH and a SELECT after it.
cli-query-error-table = There is no table { $name }. noroshi tables lists those there are.
cli-query-error-table-near = There is no table { $name }. Did you mean { $near }? noroshi tables lists all.
cli-query-error-empty = There is no table { $name }, for the lake is empty. Fill it with noroshi ingest.
cli-query-error-column = There is no column { $name }. SELECT * FROM … LIMIT 1 shows the columns of a table, noroshi fields what they mean.
cli-query-error-column-near = There is no column { $name }. Did you mean { $near }? Names with dots or capitals stand in double quotes.
cli-query-error-dots = A name with dots stands there without quotes, and SQL takes a part of it for a word of its own. Put such names in double quotes: "user.name".
cli-query-error-value = There is no value for { $name }. Give one with --param, the first for $1, the second for $2.
cli-query-error-cross = Tables are joined without a column that must be equal in both, so that every row would meet every other. Say which columns are equal with ON or USING.
cli-query-error-wrong = The question cannot be answered: { $reason }. Mend it there and ask again.
cli-query-error-damaged = A file of the lake cannot be read: { $reason }. noroshi doctor --deep tells what is damaged, noroshi restore puts a backup back.
cli-query-error-room = The answer takes more memory or disk than it may: { $reason }. Ask for less: fewer days, fewer groups, a LIMIT.
cli-query-error-time = The answer takes longer than { $seconds } s. Ask for less: a shorter span of time, fewer columns, no LIKE over everything.
cli-query-error-fault = The question met a fault of the program: { $reason }. Ask in another way, and report it with the question.
cli-query-error-inside = { $path } lies in the home, whose files are the lake's own. Choose a place outside.
cli-query-error-large-bytes = The question has { $found } bytes, and { $most } is the most. Put long lists into --param or ask in parts.
cli-query-error-large-words = The question has { $found } words and signs, and { $most } is the most. Ask in parts.
cli-query-error-large-operators = The question has { $found } operators, and { $most } is the most. Use IN for long chains of OR, or ask in parts.
cli-query-error-large-brackets = The question has { $found } brackets open at once, and { $most } is the most. Use WITH to name its parts.
cli-query-error-large-questions = The question has { $found } questions inside it, and { $most } is the most. Ask in parts.
cli-query-error-large-joins = The question joins { $found } tables, and { $most } is the most. Ask in parts.

cli-received-adding = Adding to the lake what an earlier run had received.
cli-unseen-being-added = { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
} in { $batches ->
    [one] { $batches } batch
   *[other] { $batches } batches
} received and not yet in the lake, so not seen here. { $process ->
    [none] Another process holds
   *[other] Process { $process } holds
} the home and adds them within about half a minute; ask again then.
cli-unseen = { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
} in { $batches ->
    [one] { $batches } batch
   *[other] { $batches } batches
} received and not yet in the lake, so not seen here: { $reason }. The next command that may write to the home adds them.
cli-unseen-unknown = What was received and is not yet in the lake cannot be told: { $reason }. Check your permissions; what the lake has is shown.

cli-find-value = value
cli-find-rows = rows
cli-find-first = first seen
cli-find-last = last seen
cli-find-hosts = hosts
cli-find-table = table
cli-find-column = column
cli-find-latest = { $value }, the latest { $rows ->
    [one] row
   *[other] { $rows } rows
}:
cli-find-nowhere = Found nowhere: { $values }
cli-find-nowhere-more = Found nowhere: { $values } and { $number } more
cli-find-done = { $found } of { $values ->
    [one] { $values } value
   *[other] { $values } values
} found, in { $time }.
cli-find-line = { $path }, line { $line }: { $reason }
cli-find-lines-more = … and { $number ->
    [one] { $number } more line that is
   *[other] { $number } more lines that are
} no value.
cli-find-refused-empty = “{ $value }” is empty. Write an address, a name, a hash or a path.
cli-find-refused-long = “{ $value }…” is longer than 4 KiB. Write one value.
cli-find-refused-control = “{ $value }” holds control characters. Write one value without them.
cli-find-refused-length = “{ $value }” is no network: it has 0 to 32 bits, or 0 to 128 in IPv6. Write it as 198.51.100.0/24.
cli-find-refused-wide = “{ $value }” is nearly everything. Give a network of 8 bits or more, or ask with noroshi query.
cli-find-error-none = { $path } holds no value to look for. Write one a line.
cli-find-error-compartment = { $name } is no compartment. Write own, exercise/NAME or commission/NAME.

cli-sources-none = The lake has nothing from any source yet. Fill it with noroshi ingest.
cli-sources-none-such = No source has this in its path or name. noroshi sources lists all.
cli-sources-compartment = compartment
cli-sources-owner = owner
cli-sources-name = name
cli-sources-path = source
cli-sources-format = format
cli-sources-first = first received
cli-sources-last = last received
cli-sources-batches = batches
cli-sources-events = events
cli-sources-latest = latest event
cli-sources-late = late
cli-sources-late-by = { $time } late
cli-sources-ahead-by = { $time } ahead
cli-sources-flaws = flaws

cli-tables-none = The lake has no tables yet. Fill it with noroshi ingest.
cli-tables-name = table
cli-tables-rows = rows
cli-tables-size = size
cli-tables-files = files
cli-tables-version = version
cli-tables-path = folder

cli-summary-no-rule = Nothing was looked for: no rule is left to run. This is no all-clear; check --rules, --level, --tag, noroshi rules list and the refused rules.
cli-summary-no-input = Nothing was looked at: no input is recognised as a log. This is no all-clear; check the paths, your permissions and what could not be read.
cli-summary-read = Read { $events ->
    [one] { $events } event
   *[other] { $events } events
} from { $sources ->
    [one] { $sources } source
   *[other] { $sources } sources
} ({ $size }) in { $time } with { $rules ->
    [one] { $rules } rule
   *[other] { $rules } rules
}.
cli-detect-resumed = Goes on where an earlier scan with the same rules over the same events was stopped; days done: { $done } of { $all }.
cli-detect-kept = { $verdicts ->
    [one] { $verdicts } verdict is new, and is
   *[other] { $verdicts } verdicts are new, and are
} kept.
cli-detect-not-kept = What is found is not kept: { $reason }.
cli-error-not-found-again = Not everything that was found could be kept: { $reason }. Run the command again when the cause is gone; it goes on where it stopped, and doubles nothing.
cli-summary-read-lake = Read { $events ->
    [one] { $events } kept event
   *[other] { $events } kept events
} of { $sources ->
    [one] { $sources } source
   *[other] { $sources } sources
} ({ $size } of files) in { $time } with { $rules ->
    [one] { $rules } rule
   *[other] { $rules } rules
}.
cli-summary-unread = { $events ->
    [one] { $events } event is of a kind
   *[other] { $events } events are of kinds
} that no loaded rule reads.
cli-summary-stopped = Stopped by you: this is what was found until then.
cli-summary-none = No rule fired.
cli-summary-verdicts = Verdicts: { $verdicts }
cli-summary-rules = Rules that fired: { $rules }
cli-summary-on-hosts = { $hosts ->
    [one] { $hosts } host
   *[other] { $hosts } hosts
}
cli-summary-hosts = Hosts: { $hosts }
cli-summary-no-host = (host not named)
cli-summary-refused = Rules refused: { $rules }
cli-summary-flaws = Parts that could not be read: { $flaws }
cli-summary-read-once = Paths to what is read under another one, read once: { $paths }
cli-summary-more = … and { $number } more

cli-rules-refused = Refused: { $rules }
cli-rules-warnings = To mend: { $number }
cli-rules-checked = { $files ->
    [one] { $files } file
   *[other] { $files } files
}: { $rules ->
    [one] { $rules } rule loads
   *[other] { $rules } rules load
}, { $refused ->
    [one] { $refused } is
   *[other] { $refused } are
} refused, { $warnings ->
    [one] { $warnings } warning
   *[other] { $warnings } warnings
}.
cli-rules-listed = { $rules ->
    [one] { $rules } rule
   *[other] { $rules } rules
}.
cli-fields-listed = { $fields ->
    [one] { $fields } field
   *[other] { $fields } fields
}.

cli-follow = Following; Ctrl-C ends and shows the summary.

cli-ingest-kept = Kept { $events ->
    [one] { $events } event
   *[other] { $events } events
} in { $batches ->
    [one] { $batches } batch
   *[other] { $batches } batches
}, in { $time }.
cli-ingest-would-keep = Would keep { $events ->
    [one] { $events } event
   *[other] { $events } events
} in { $batches ->
    [one] { $batches } batch
   *[other] { $batches } batches
}; read in { $time }.
cli-ingest-found = Rules found { $verdicts ->
    [one] { $verdicts } verdict
   *[other] { $verdicts } verdicts
} in it.
cli-ingest-undated = { $events ->
    [one] { $events } event has no time, or one that no log can have; it is
   *[other] { $events } events have no time, or one that no log can have; they are
} found by day = 'other'.
cli-ingest-there = Already there: { $events ->
    [one] { $events } event
   *[other] { $events } events
} in { $batches ->
    [one] { $batches } batch
   *[other] { $batches } batches
}.
cli-ingest-there-as = { $path }, first read as { $first }
cli-ingest-recovered = { $batches ->
    [one] { $batches } batch that an earlier run had received is
   *[other] { $batches } batches that an earlier run had received are
} in the lake now.
cli-error-home-busy = { $process ->
    [none] Another process holds
   *[other] Process { $process } holds
} the home { $path }. Wait until it is done or, if it is the service, stop it with systemctl stop noroshi; or choose another folder with --home.
cli-error-home-unnamed = There is no folder for a home. Choose one with --home.
cli-error-home-foreign = { $path } is not empty and is no home. Choose an empty or new folder with --home.
cli-error-home-newer = { $path } was made by a newer version of this program. Use that version, or another folder with --home.
cli-error-home-outdated = { $path } was made by an earlier version of this program, and can be read but not written to. Run noroshi upgrade, which keeps a way back.
cli-error-home = The home cannot be used: { $reason }. If the disk is full, make room; otherwise check its permissions, or choose another with --home.
cli-error-room = The disk has { $left } left, and { $needed } are kept free, so nothing more is taken. What was acknowledged is kept; make room and run the command again, it goes on where it stopped.
cli-error-not-correlated = Everything is kept, but correlations were not run over it: { $reason }. Run the command again when the cause is gone; they go on where they stopped.
cli-error-not-kept = Not everything could be kept: { $reason }. What was acknowledged is kept; run the command again when the cause is gone, it goes on where it stopped.
cli-error-spool-damaged = { $bytes } bytes of the spool are damaged ({ $segment } at { $offset }): the disk has lost something. Ingest again what was read last; what is there already is not doubled.
cli-error-commit-damaged = The newest commit of a table is damaged and was set aside ({ $path }: { $reason }). If rows are missing now, it is said here how many batches are affected; keep the file for whoever looks for the cause.
cli-error-rows-lost = Rows of { $batches ->
    [one] { $batches } batch
   *[other] { $batches } batches
} are missing, because commits of the lake were damaged. Ingest their logs again: what is missing is kept then, and what is there is not doubled.
cli-error-spool-unreadable = Record { $number } of the spool cannot be read: { $reason }. It stays where it is; ingest again what was read last.
