# The process that holds a home, and those that ask it.

cli-error-asked = Process of the home: what it was asked for cannot be meant ({ $reason }). Use the same version of noroshi for both, and report this if it stays.
cli-error-holder-version = Process { $process } holds the home and is of another version of noroshi. Restart it with this version, or use the program of its version.
cli-error-holder-died = The process that held the home ended before it answered ({ $reason }), and nobody knows whether it had done what was asked. Look with `noroshi rules history` or `noroshi outbox`, and repeat the command if it is not there.
cli-error-ingest-other = Process { $process } holds the home, and its rules run over what it keeps. Leave out --rules, --placeholders and --no-detect, or stop that process first.
cli-ingest-other = Process { $process } holds the home: what is read here is handed to it, and the rules of the home run over it.
