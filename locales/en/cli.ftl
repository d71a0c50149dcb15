# Words of the command line.

cli-help-usage = Usage
cli-help-commands = Commands
cli-help-inputs = Inputs
cli-help-options = Options
cli-help-help = Print this help
cli-help-version = Print the version
cli-help-lang = Language of all texts: ja or en. Without it, LC_ALL, LC_MESSAGES or LANG decide

cli-help = Noroshi: the platform of a cyber-security operations centre
cli-help-more =
    Start here:
      noroshi demo                       a week of an invented nation, scanned and explained
      noroshi detect LOGS                scan logs with the bundled rules
      noroshi detect --rules DIR LOGS    scan logs with your Sigma rules

    Exit codes: 0 done to the end, 1 an output cannot be written, 2 wrong use
    or no rule left to run, 3 no input recognised as a log, 130 stopped by
    the user.

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
cli-help-detect-rules = Sigma rules: a file or a folder, may be repeated. Without it the bundled rules are used
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

cli-help-rules = Check or list rules
cli-help-rules-check = Say which rules cannot be used and which should be mended
cli-help-rules-check-paths = Rule files and folders. Without any, the bundled rules
cli-help-rules-check-placeholders = Values for the modifier expand, as for detect
cli-help-rules-check-json = Print one JSON object
cli-help-rules-list = List rules, the most severe first
cli-help-rules-list-paths = Rule files and folders. Without any, the bundled rules
cli-help-rules-list-json = Print a JSON array

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
cli-help-ingest-source = Name of the source. Keeps logs apart that are the same byte by byte, such as those of two hosts
cli-help-ingest-zone = Time zone of times in logs that name none: a name such as Asia/Tokyo, or an offset such as +09:00, UTC+9 or Z
cli-help-ingest-year = Year of a log's first line where lines name none. Without it, the last line is of the last year before its file was changed
cli-help-ingest-again = Read again what an older version of this program read, and let the better rows supersede the old ones
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

cli-help-demo = Make a week of logs of an invented nation, scan it and compare with the truth
cli-help-demo-home = Folder for the demo. Without it, noroshi-demo in your data folder
cli-help-demo-no-serve = End when the report is written. This version always does; the switch is for scripts
cli-help-demo-seed = Another seed, another week
cli-help-demo-scale = Size of the nation: 1 gives about 200,000 events
cli-help-demo-more =
    The demo sends nothing and needs no network. Everything it makes stays in its folder.

cli-progress-left = { $time } left

cli-error-output = { $path } cannot be written: { $reason }. Choose another place or make room, and run again.
cli-error-output-input = The output { $path } leads to { $other }, which is to be read. Nothing was changed; choose another place for the output.
cli-error-output-rule = The output { $path } leads to { $other }, a file of rules or of their values. Nothing was changed; choose another place for the output.
cli-error-output-foreign = { $path } is not an earlier output of the same kind, and would be lost. Choose another name, or replace it with --force.
cli-error-output-twice = The outputs { $first } and { $second } have one destination. Give each output a place of its own.
cli-error-broke-off = The scan broke off: { $reason }. What is shown was found until then; make room for temporary files and run again.
cli-error-rules = The rules in { $path } cannot be opened: { $reason }. Check the path given with --rules.
cli-error-no-rule-files = There is no .yml or .yaml file in { $path }. Give a Sigma rule file or a folder with some.
cli-error-placeholders = The placeholder values in { $path } cannot be read: { $reason }. Check the path given with --placeholders.
cli-error-input = { $path } cannot be opened: { $reason }. Check the path and your permissions.
cli-error-zone = { $zone } is not a time zone. Use a name such as Asia/Tokyo or UTC, or an offset such as +09:00.
cli-error-time = { $time } is not a time. Write 2026-06-11, 2026-06-11T02:00:00 or 2026-06-11T02:00:00+09:00.
cli-error-range = No time lies from { $from } on and before { $to }. Let --from be earlier than --to.
cli-error-demo-home = { $path } was not made by the demo. Choose an empty or new folder with --home.
cli-error-demo-folder = There is no data folder for the demo. Choose one with --home.

cli-summary-no-rule = Nothing was looked for: no rule is left to run. This is no all-clear; check --rules, --level, --tag and the refused rules.
cli-summary-no-input = Nothing was looked at: no input is recognised as a log. This is no all-clear; check the paths, your permissions and what could not be read.
cli-summary-read = Read { $events } events from { $sources } sources ({ $size }) in { $time } with { $rules } rules.
cli-summary-unread = { $events } events are of kinds that no loaded rule reads.
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
cli-rules-checked = { $files } files: { $rules } rules load, { $refused } are refused, { $warnings } warnings.
cli-rules-listed = { $rules } rules.
cli-fields-listed = { $fields } fields.

cli-demo-title = A week of the small nation
cli-demo-making = Making a week of the small nation's logs in { $path }
cli-demo-reusing = Using the week already in { $path }
cli-demo-truth = Against the truth: precision { $precision } ({ $right } of { $verdicts } verdicts), recall { $recall } ({ $found } of { $expected } planted events that a rule can know).
cli-demo-unknown = { $number } further planted events look ordinary or are unknown to the rules: of all { $planted } planted events { $share } is found. Analysts find the rest from these.
cli-demo-report = Report: { $path }

cli-follow = Following; Ctrl-C ends and shows the summary.

cli-ingest-kept = Kept { $events } events in { $batches } batches, in { $time }.
cli-ingest-would-keep = Would keep { $events } events in { $batches } batches; read in { $time }.
cli-ingest-there = Already there: { $events } events in { $batches } batches.
cli-ingest-there-as = { $path }, first read as { $first }
cli-ingest-recovered = { $batches } batches that an earlier run had received are in the lake now.
cli-error-home-unnamed = There is no folder for a home. Choose one with --home.
cli-error-home-foreign = { $path } is not empty and is no home. Choose an empty or new folder with --home.
cli-error-home-newer = { $path } was made by a newer version of this program. Use that version, or another folder with --home.
cli-error-home-busy = { $reason }. Wait until it is done, or choose another folder with --home.
cli-error-home = The home cannot be used: { $reason }. Check its permissions, or choose another with --home.
cli-error-room = The disk has { $left } left, and { $needed } are kept free, so nothing more is taken. What was acknowledged is kept; make room and run the command again, it goes on where it stopped.
cli-error-not-kept = Not everything could be kept: { $reason }. What was acknowledged is kept; run the command again when the cause is gone, it goes on where it stopped.
cli-error-spool-damaged = { $bytes } bytes of the spool are damaged ({ $segment } at { $offset }): the disk has lost something. Ingest again what was read last; what is there already is not doubled.
cli-error-spool-unreadable = Record { $number } of the spool cannot be read: { $reason }. It stays where it is; ingest again what was read last.
