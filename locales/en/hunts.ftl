# Saved hunts, and their runs.

cli-help-hunts = Keep questions that are asked again, run them, and say when each was run and what it found; without a command, all of them
cli-help-hunts-all = List also those that are retired
cli-help-hunts-zone = Time zone of shown times
cli-help-hunts-json = Print a JSON array
cli-help-hunts-more =
    A run is noted with the horizon of the lake at which it was asked, the
    number of rows and their hash; the rows are not. Asked again at the same
    horizon, also after the lake was tidied, the answer is the same.

    Examples:
      noroshi hunts save new-services --text "services installed at night" \
        --technique T1543.003 --sql 'SELECT time, "device.hostname" FROM …'
      noroshi hunts run new-services
      noroshi hunts run new-services --pinned 1
      noroshi hunts show new-services

    Exit codes: 0 done, 1 an answer is not what it was, its rows are kept no
    longer, or the books cannot be used, 2 no such hunt or wrong use, 3 there is
    no home, 130 stopped.
cli-help-hunts-save = Save a hunt, or a new version of one
cli-help-hunts-save-name = Its name: small letters, digits and dashes
cli-help-hunts-save-sql = The question, as for noroshi query; - reads it from standard input. It stays in the journal, so write no name of a person
cli-help-hunts-save-text = What it looks for, in your words; it stays in the journal
cli-help-hunts-save-technique = An ATT&CK technique that it is about, may be repeated
cli-help-hunts-save-clause = A clause of the mission that it serves, such as 2-1-2a, may be repeated
cli-help-hunts-save-json = Print one JSON object
cli-help-hunts-run = Run a hunt and note what it came to
cli-help-hunts-run-name = Its name
cli-help-hunts-run-pinned = Ask what was there at an earlier run, by its number, or at a horizon. Without it, what is there now
cli-help-hunts-run-rows = Show so many rows; all are counted and hashed
cli-help-hunts-run-json = Print one JSON object, with the rows that are shown
cli-help-hunts-show = Print what a hunt asks and looks for, and its runs
cli-help-hunts-show-name = Its name
cli-help-hunts-show-zone = Time zone of shown times
cli-help-hunts-show-json = Print one JSON object, with all versions
cli-help-hunts-retire = Let nobody run a hunt any more; its runs stay, and saving it brings it back
cli-help-hunts-retire-name = Its name
cli-help-hunts-retire-reason = Why; it stays in the journal, so write no name
cli-help-hunts-retire-json = Print one JSON object

cli-hunts-none = No hunt is saved.
cli-hunts-head-name = hunt
cli-hunts-head-version = version
cli-hunts-head-runs = runs
cli-hunts-head-last = last run
cli-hunts-head-found = rows
cli-hunts-head-text = looks for
cli-hunts-retired = (retired) { $text }
cli-hunts-was-retired = { $name } is run no more. Its runs stay: noroshi hunts show { $name }.
cli-hunts-saved = { $name } is saved. Run it with noroshi hunts run { $name }.
cli-hunts-saved-before = { $name } was saved just so before; nothing was changed.
cli-hunts-unasked = It cannot be asked yet: { $reason }
cli-hunts-ran = { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
}{ $left ->
    [0] {""}
   *[other] {""}, { $left } of them not shown
} · horizon { $horizon } · { $hash }
cli-hunts-same = The answer is that of run { $number }.
cli-hunt = { $name } · version { $version } · { $at } · { $text }
cli-hunt-retired = Retired: { $reason }
cli-hunt-unrun = Nobody has run it yet.
cli-hunt-head-run = run
cli-hunt-head-at = when
cli-hunt-head-who = who
cli-hunt-head-version = version
cli-hunt-head-rows = rows
cli-hunt-head-again = again
cli-hunt-head-hash = hash
cli-hunt-head-horizon = horizon

cli-error-hunts-name = { $name } is no name of a hunt. Use small letters, digits and dashes, 60 at most.
cli-error-hunts-none = There is no hunt { $name }. noroshi hunts lists those that are saved.
cli-error-hunts-retired = { $name } is retired. Save it again to bring it back.
cli-error-hunts-sql = The question is empty or too long. Write one SELECT.
cli-error-hunts-text = What the hunt looks for is missing or too long. Say it with --text in at most 2,000 signs.
cli-error-hunts-tag = { $more } is no tag. Write techniques as T1059 or T1059.001, and clauses as 2-1-2a.
cli-error-hunts-version = { $name } has no version { $more }. noroshi hunts show { $name } says which it has.
cli-error-hunts-horizon = { $horizon } is neither a run of { $name } nor a horizon. noroshi hunts show { $name } lists both.
cli-error-hunts-differs = The answer is not that of run { $number }, though both asked the same. A question with LIMIT and no ORDER BY, with now() or with sums of fractions gives another answer each time; otherwise ask noroshi doctor.
cli-query-error-horizon = Nobody knows which rows of { $name } were there at a horizon. Ask events, batches or verdicts of the installation's own part.
cli-query-error-gone-batches = The horizon cannot be asked any more: it was of { $expected } batches, and { $found } that are there now were received until then. Run it at a new horizon.
cli-query-error-gone-rows = The horizon cannot be asked any more: { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
} of then are kept no longer. Run it at a new horizon.
