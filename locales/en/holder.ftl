# The process that holds a home, and those that ask it.

cli-error-asked = Process of the home: what it was asked for cannot be meant ({ $reason }). Use the same version of noroshi for both, and report this if it stays.
cli-error-holder-version = Process { $process } holds the home and is of another version of noroshi. Restart it with this version, or use the program of its version.
cli-error-holder-died = The process that held the home ended before it answered ({ $reason }), and nobody knows whether it had done what was asked. Look with `noroshi rules history` or `noroshi outbox`, and repeat the command if it is not there.
cli-error-ingest-other = Process { $process } holds the home, and its rules run over what it keeps. Leave out --rules, --placeholders and --no-detect, or stop that process first.
cli-ingest-other = Process { $process } holds the home: what is read here is handed to it, and the rules of the home run over it.

cli-help-serve = Holds a home: follows logs, answers the other commands, does what is due
cli-help-serve-home = Folder of the home [default: $NOROSHI_HOME, or noroshi in the user's data folder]
cli-help-serve-log = Least grave records that are written: error, warn, info or debug [default: of noroshi.toml, or info]
cli-help-serve-more = What it follows, whom it writes to and how much of the disk it leaves stand in noroshi.toml in the home; noroshi config shows and checks them. While it runs, the other commands write through it, and read as ever. It ends within five seconds of SIGTERM or Ctrl-C, and loses nothing however it ends.
cli-help-status = Tells how the process is that holds a home
cli-help-status-zone = Time zone of the times shown
cli-help-status-json = Print one JSON object
cli-error-serve-held = Process { $process } holds the home already. Stop it first, or leave it: it answers the other commands.
cli-serve-serving = Serving { $path }. Ctrl-C ends it.
cli-error-status-none = No process holds the home { $path } and answers. noroshi serve does.
cli-status = noroshi { $command } { $version }, process { $process }, since { $since }: { $events } events in { $batches } batches kept; clients: { $clients }, free: { $free }
cli-status-never = never
cli-status-followed = { $name }: last heard { $heard }, { $events } events
cli-detect-other-scan = another scan of what is kept is under way; noroshi jobs shows how far it is
cli-error-status-mute = A process holds the home { $path } and does not tell how it is ({ $reason }). Ask again in a moment: it may be a command that is about to end.
cli-error-correlations-lost = The process that held the home ended while correlations ran. Repeat the command: what is done stays, and the rest is gone over again.
cli-error-read-by-others = Other processes read the same logs at the same time, again and again. Let one of them read, and repeat the command.
