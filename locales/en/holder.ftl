# The process that holds a home, and those that ask it.

cli-error-asked = Process of the home: what it was asked for cannot be meant ({ $reason }). Use the same version of noroshi for both, and report this if it stays.
cli-error-holder-version = Process { $process } holds the home and is of another version of noroshi. Restart it with this version, or use the program of its version.
cli-error-holder-died = The process that held the home ended before it answered, and nobody knows whether it had done what was asked. Look with `noroshi rules history` or `noroshi outbox`, and repeat the command if it is not there.
cli-error-ingest-other = Process { $process } holds the home, and its rules run over what it keeps. Leave out --rules, --placeholders and --no-detect, or stop that process first.
cli-ingest-other = Process { $process } holds the home: what is read here is handed to it, and the rules of the home run over it.

cli-help-serve = Hold a home: follow logs, answer the other commands, do what is due
cli-help-serve-home = The home, where the books lie; made where there is none. Without it, NOROSHI_HOME, else noroshi in your data folder
cli-help-serve-log = Least grave records that are written: error, warn, info or debug. Without it that of noroshi.toml, else info
cli-help-serve-more =
    What it follows, whom it writes to and how much of the disk it leaves stand
    in noroshi.toml in the home; noroshi config shows and checks them. While it
    runs, the other commands write through it, and read as ever. It ends within
    five seconds of SIGTERM or Ctrl-C, and loses nothing however it ends.

    Examples:
      noroshi serve
      noroshi serve --home /var/lib/noroshi --log debug

    Exit codes: 0 ended when it was told to, 1 something broke that a new start
    mends, 2 settings with faults, or the home is held or cannot be used.
cli-help-status = Tell how the process is that holds a home
cli-help-status-zone = Time zone of shown times
cli-help-status-json = Print one JSON object
cli-help-status-more =
    Examples:
      noroshi status
      noroshi status --json | jq -c '.follows[] | [.name, .heard]'

    Exit codes: 0 it answers, 1 a process holds the home and does not answer,
    2 wrong use, 3 no process holds the home, or there is none.
cli-error-serve-held = Process { $process } holds the home already. Stop it first (systemctl stop noroshi, if it is the service), or leave it: it answers the other commands.
cli-serve-serving = Serving { $path }. Ctrl-C ends it.
cli-error-status-none = No process holds the home { $path } and answers. noroshi serve does.
cli-status = noroshi { $command } { $version }, process { $process }, since { $since }; events kept: { $events }, batches: { $batches }, clients: { $clients }, free: { $free }
cli-status-never = never
cli-status-followed = { $name }: last heard { $heard }, events: { $events }
cli-status-silent = silent for longer than { $after }
cli-status-unread = { $path } cannot be read: { $reason }.
cli-status-flaws =
    { $flaws ->
        [one] One thing
       *[other] { $flaws } things
    } could not be read; the last: { $path }: { $reason }.
cli-detect-other-scan = another scan of what is kept is under way; noroshi jobs shows how far it is
cli-error-status-mute = A process holds the home { $path } and does not tell how it is. Ask again in a moment: it may be a command that is about to end.
cli-error-correlations-lost = The process that held the home ended while correlations ran. Repeat the command: what is done stays, and the rest is gone over again.
cli-error-read-by-others = Other processes read the same logs at the same time, again and again. Let one of them read, and repeat the command.
