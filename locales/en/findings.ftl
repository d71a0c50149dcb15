# Findings: verdicts that tell one story.

cli-help-number = The finding's number
cli-help-numbers = Numbers of findings; what is done is done to all of them or to none
cli-help-reason = Why; it stays in the journal, so write no name

cli-help-findings = List findings, take them, note, close, merge and split them; without a command, those that are open
cli-help-findings-seat = As this person sees it; that it was looked so is noted
cli-help-findings-state = Only those that stand so: new, progress, closed, merged (several with commas)
cli-help-findings-level = Only those at least so severe
cli-help-findings-text = Only those with this part of a text in title, host or reason
cli-help-findings-limit = So many, the latest first
cli-help-findings-all = All of them
cli-help-findings-zone = Time zone of shown times
cli-help-findings-json = Print a JSON array
cli-help-findings-more =
    A finding is what verdicts tell together: of one host within half an hour, one
    rule on one host within a week, one process tree, one session, one rule from host
    to host, one correlation. New verdicts join open findings by themselves.

    Examples:
      noroshi findings --level high
      noroshi findings show 12 --rows
      noroshi findings show 12 --html finding-12.html
      noroshi findings take 12
      noroshi findings close 12 14 --as benign --reason "the yearly inventory"

    Exit codes: 0 done, 1 the journal or the lake cannot be used, 2 no such finding,
    refused or wrong use, 3 there is no home.
cli-help-findings-show = Print a finding: its rules, what people did, and with --rows the rows it stands on
cli-help-findings-show-seat = As this person sees it; that it was looked so is noted. Not with --html
cli-help-findings-show-rows = Print verdicts with the rows of the lake that they stand on, by time
cli-help-findings-show-limit = So many verdicts; without it 50, and 200 on a page
cli-help-findings-show-html = Write the finding with its rows as one HTML file; - for standard output
cli-help-findings-show-force = Replace also a file that holds something else
cli-help-findings-show-zone = Time zone of shown times
cli-help-findings-show-json = Print one JSON object
cli-help-findings-take = Work on findings
cli-help-findings-take-name = Who works on them; whoever types without
cli-help-findings-take-json = Print one JSON object
cli-help-findings-release = Let nobody work on findings any more
cli-help-findings-release-json = Print one JSON object
cli-help-findings-close = Close findings, and say what they were; it is counted for each of their rules
cli-help-findings-close-disposition = An attack (true), allowed (benign), or not what the rules say (false)
cli-help-findings-close-json = Print one JSON object
cli-help-findings-reopen = Let closed findings be looked at again
cli-help-findings-reopen-json = Print one JSON object
cli-help-findings-grade = Say how severe findings are, where their rules say otherwise
cli-help-findings-grade-level = informational, low, medium, high or critical
cli-help-findings-grade-json = Print one JSON object
cli-help-findings-title = Give a finding a title of its own
cli-help-findings-title-text = The title
cli-help-findings-title-json = Print one JSON object
cli-help-findings-note = Note something; notes stay
cli-help-findings-note-text = What; it stays in the journal, so write no name
cli-help-findings-note-json = Print one JSON object
cli-help-findings-attach = Keep a file with a finding
cli-help-findings-attach-file = The file; its bytes are kept in the home
cli-help-findings-attach-json = Print one JSON object
cli-help-findings-merge = Let findings be parts of another one
cli-help-findings-merge-into = The finding that they become parts of
cli-help-findings-merge-json = Print one JSON object
cli-help-findings-separate = Let findings be of their own again that were merged by a person
cli-help-findings-separate-json = Print one JSON object
cli-help-findings-split = Take verdicts out into a finding of their own; those that all given options name
cli-help-findings-split-verdict = A verdict's id, or the beginning of it
cli-help-findings-split-host = Verdicts about this host
cli-help-findings-split-rule = Verdicts of this rule: its id or title
cli-help-findings-split-json = Print one JSON object
cli-help-findings-clear = Let a finding be used in exercises
cli-help-findings-clear-tlp = What may be done with it there
cli-help-findings-clear-replace = What is replaced, a field or a value, and by what
cli-help-findings-clear-json = Print one JSON object
cli-help-findings-withhold = Let findings be used in exercises no more
cli-help-findings-withhold-json = Print one JSON object
cli-help-findings-undo = Take back what was said of findings together, unless one of them was changed since
cli-help-findings-undo-key = The key that was printed then
cli-help-findings-undo-json = Print one JSON object
cli-help-findings-rules = Say what rules are worth, by what people said of what they found
cli-help-findings-rules-json = Print a JSON array

findings-none = No finding matches.
findings-more = These are the latest { $shown }; --limit or --all shows more.
findings-host-and = { $host } and { $more } more
findings-head-number = finding
findings-head-level = level
findings-head-state = state
findings-head-last = last event
findings-head-verdicts = verdicts
findings-head-host = host
findings-head-title = title
findings-head-owner = owner
findings-state-new = new
findings-state-progress = in progress
findings-state-closed = closed
findings-state-merged = part of another
findings-level-informational = informational
findings-level-low = low
findings-level-medium = medium
findings-level-high = high
findings-level-critical = critical
findings-disposition-true = attack
findings-disposition-benign = benign
findings-disposition-false = false alarm
findings-rules-none = There is no finding yet.
findings-rules-head-title = rule
findings-rules-head-level = level
findings-rules-head-open = open
findings-rules-head-true = attack
findings-rules-head-benign = benign
findings-rules-head-false = false alarm
findings-rules-note = Findings, and verdicts in brackets.

findings-show-title = Finding { $number }: { $title }
findings-show-level = level
findings-show-state = state
findings-show-disposition = was
findings-show-reason = reason
findings-show-owner = owner
findings-show-organisation = organisation
findings-show-host = host
findings-show-first = first event
findings-show-last = last event
findings-show-verdicts = verdicts
findings-show-events = events
findings-show-techniques = techniques
findings-show-whole = part of
findings-show-parts = its parts
findings-show-related = related to
findings-show-files = files
findings-show-cleared = for exercises
findings-show-rule = rule
findings-show-history = What people did:
findings-show-rows = Verdicts, and the rows that they stand on:
findings-show-rows-how = noroshi findings show { $number } --rows prints the rows that it stands on.
findings-show-more = { $left } more: --limit shows them.
findings-page-written = The finding is in { $path }.
findings-said-joined = verdicts came
findings-said-parted = { $who } took verdicts out into finding { $what }
findings-said-merged = { $who } made it part of { $what }
findings-said-absorbed = { $who } made a part of it: { $what }
findings-said-restored = { $who } let it be of its own: { $what }
findings-said-released = { $who } took a part away: { $what }
findings-said-taken-back = { $who } took back what was said last: { $what }
findings-said-assigned = { $who } said who works on it
findings-said-unassigned = { $who } said that nobody works on it
findings-said-closed = { $who } closed it as { $what }
findings-said-reopened = { $who } opened it again: { $what }
findings-said-graded = { $who } graded it { $what }
findings-said-titled = { $who } called it “{ $what }”
findings-said-noted = { $who } noted: { $what }
findings-said-attached = { $who } added { $what }
findings-said-cleared = { $who } cleared it for exercises, { $what }
findings-said-withheld = { $who } withheld it from exercises: { $what }

findings-done-taken = Taken: { $findings }.
findings-done-released = Released: { $findings }.
findings-done-closed = Closed: { $findings }.
findings-done-reopened = Opened again: { $findings }.
findings-done-graded = Graded: { $findings }.
findings-done-titled = Titled: { $findings }.
findings-done-noted = Noted: { $findings }.
findings-done-attached = File added: { $findings }.
findings-done-cleared = Cleared for exercises: { $findings }.
findings-done-withheld = Withheld from exercises: { $findings }.
findings-done-undone = Taken back: { $findings }.
findings-done-merged = Now part of { $other }: { $findings }.
findings-done-separated = Of their own again: { $findings }.
findings-done-split = Verdicts of { $findings } are now finding { $other }.
findings-undo = To take it back: noroshi findings undo { $key } --reason …

findings-error-not-grouped = Verdicts could not be grouped into findings ({ $reason }). They are kept; run noroshi ingest or noroshi detect --lake again.
findings-error-missing = There is no finding { $number }. noroshi findings --all lists them.
findings-error-no-reason = Finding { $number } needs a reason. Give it with --reason.
findings-error-bad-text = The text for finding { $number } is empty or too long. Give another one.
findings-error-already = Finding { $number } is so already. Nothing was changed.
findings-error-part = Finding { $number } is part of finding { $other }. Use that one, or separate them first.
findings-error-has-parts = Finding { $number } has parts that people merged. Separate them first, or merge the other way round.
findings-error-closed = Finding { $number } is closed. Reopen it first.
findings-error-not-closed = Finding { $number } is not closed. There is nothing to reopen.
findings-error-not-part = Finding { $other } was not merged into finding { $number } by a person. Only what people merged is separated.
findings-error-held = Somebody works on finding { $number }. Nothing was changed.
findings-error-changed-since = Finding { $number } was changed since. Nothing was taken back; change it by hand.
findings-error-meanwhile = Finding { $number } was changed meanwhile. Look at it and try again.
findings-error-empty = No verdict of finding { $number } would be left. Take fewer out.
findings-error-state = “{ $state }” is no state of a finding. Use new, progress, closed or merged.
findings-error-nobody = The system does not say who types. Give a name with --name.
findings-error-replace = “{ $text }” does not say what is replaced and by what. Write WHAT=WITH.
findings-error-file = { $path } could not be read ({ $reason }). Give a file that can be read.
findings-error-undo = Nothing was changed last under the key { $key }. It was taken back already, or changed since.
findings-error-no-part = Finding { $number } is no part of another one. There is nothing to separate.
findings-error-split-none = Nothing says which verdicts are meant. Give --verdict, --host or --rule.
findings-error-split-nothing = No verdict of finding { $number } is meant by these options. noroshi findings show { $number } --rows lists them.
findings-error-rows-gone = { $gone } verdicts of finding { $number } are kept no longer, so what is left cannot be counted. It cannot be split.

findings-ingested = Findings: { $opened } new, { $took } with new verdicts (noroshi findings lists them)
