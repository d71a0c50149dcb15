# Figures and their report
figure-lake-events = Events kept
figure-lake-events-means = Rows of the tables of events whose own time lies in the period. Rows of superseded batches do not count.
figure-lake-hosts = Hosts that sent events
figure-lake-hosts-means = Pairs of organisation and host name in the events of the period. The same name in another organisation is another host. Events without a name do not count.
figure-lake-organisations = Organisations observed
figure-lake-organisations-means = Organisations that own events of the period.
figure-lake-coverage = Data sources seen
figure-lake-coverage-means = Pairs of organisation and ATT&CK data source with at least one event in the period. A class of events counts for the one data source that it is mostly of (names of ATT&CK version seventeen); classes without one do not count.
figure-lake-undated = Events without a time
figure-lake-undated-means = Events whose time could not be read. They are of no period, and count whatever the period is.
figure-lake-sources = Sources
figure-lake-sources-means = Organisation, name and path of the logs of batches whose events overlap the period. Superseded batches do not count.
figure-lake-flaws = Places that could not be read
figure-lake-flaws-means = Rows of the table of flaws whose batch has its first event in the period; where no event of it has a time, whose batch was received then.
figure-watch-verdicts = Verdicts
figure-watch-verdicts-means = Rows of the table of verdicts whose event lies in the period; of a correlation, the event that completed it.
figure-watch-severe-verdicts = Verdicts, critical and high
figure-watch-severe-verdicts-means = Verdicts of the levels critical and high.
figure-watch-hosts-with-verdicts = Hosts with verdicts
figure-watch-hosts-with-verdicts-means = Pairs of organisation and host name in the verdicts of the period.
figure-watch-organisations-with-verdicts = Organisations with verdicts
figure-watch-organisations-with-verdicts-means = Organisations that own the events behind verdicts of the period.
figure-watch-rules-with-verdicts = Rules that found something
figure-watch-rules-with-verdicts-means = Rules in the verdicts of the period; those without an id are told apart by their content.
figure-watch-techniques = Techniques found
figure-watch-techniques-means = Numbers of ATT&CK techniques with which the rules of the period's verdicts are tagged.
figure-watch-findings = Findings
figure-watch-findings-means = Findings whose first event lies in the period. Those that were merged into another do not count.
figure-watch-severe-findings = Findings, critical and high
figure-watch-severe-findings-means = Findings of the period whose level is critical or high now.
figure-watch-findings-open = Findings not closed
figure-watch-findings-open-means = Findings of the period that are not closed as of the journal's newest commit.
figure-watch-findings-closed = Findings closed
figure-watch-findings-closed-means = Findings of the period that are closed, with a disposition, as of the journal's newest commit.
figure-watch-organisations-with-findings = Organisations with findings
figure-watch-organisations-with-findings-means = Organisations that findings of the period concern.
figure-watch-time-to-finding = Time to a finding (median)
figure-watch-time-to-finding-means = Median time from the first event of a finding of the period until the finding was made. Of logs that were taken in later, the time until then is part of it.
figure-watch-rules = Rules that run
figure-watch-rules-means = Rules of the sets that ran at the period's end (or, where it is not over, when something was recorded last), less those excluded here.
figure-watch-exclusions = Rules excluded
figure-watch-exclusions-means = Rules that were excluded, with a reason, at the period's end (or, where it is not over, when something was recorded last).
figure-watch-silences = Times a source fell silent
figure-watch-silences-means = How often it was recorded in the period that a followed log brought nothing for longer than it may.
figure-watch-silent-sources = Sources still silent
figure-watch-silent-sources-means = Followed logs that were silent at the period's end.
figure-access-viewers = Who looked at the books
figure-access-viewers-means = Subjects in the access log of the period. Looks made to count this are in it as well.
figure-duties-clauses = Clauses registered
figure-duties-clauses-means = Clauses of the register.
figure-duties-clauses-with-figures = Clauses with a figure
figure-duties-clauses-with-figures-means = Clauses of the register that at least one figure answers.

figure-unit-events = { $number ->
    [one] event
   *[other] events
  }
figure-unit-verdicts = { $number ->
    [one] verdict
   *[other] verdicts
  }
figure-unit-findings = { $number ->
    [one] finding
   *[other] findings
  }
figure-unit-hosts = { $number ->
    [one] host
   *[other] hosts
  }
figure-unit-organisations = { $number ->
    [one] organisation
   *[other] organisations
  }
figure-unit-pairs = { $number ->
    [one] pair
   *[other] pairs
  }
figure-unit-sources = { $number ->
    [one] source
   *[other] sources
  }
figure-unit-places = { $number ->
    [one] place
   *[other] places
  }
figure-unit-rules = { $number ->
    [one] rule
   *[other] rules
  }
figure-unit-techniques = { $number ->
    [one] technique
   *[other] techniques
  }
figure-unit-exclusions = { $number ->
    [one] rule
   *[other] rules
  }
figure-unit-times = { $number ->
    [one] time
   *[other] times
  }
figure-unit-viewers = { $number ->
    [one] viewer
   *[other] viewers
  }
figure-unit-clauses = { $number ->
    [one] clause
   *[other] clauses
  }
figure-value = { $value } { $unit }
figure-value-none = —

figures-year = fiscal year { $year } ({ $from } to { $to })
figures-quarter = quarter { $quarter } of fiscal year { $year } ({ $from } to { $to })
figures-month = month { $month } of { $year }
figures-days = { $from } to { $to }
figures-newest = newest { $time }
figures-none-newest = —
figures-footer = Journal at { $position }, newest event of the lake { $newest }. noroshi figures show FIGURE opens one.
figures-head-means = Definition
figures-head-clauses = Clauses
figures-head-query = Query
figures-head-parts = Parts
figures-head-rows = Rows counted
figures-in-period = { $value }  { $period }
figures-parts-more = … and { $count } more (--json has all)
figures-rows-more = … and { $count } more (--limit { $all } shows all)
figures-rows-how = noroshi evidence EVIDENCE opens one.
figures-no-rows = No row counts in this period.
figures-query-acts = acts of { $kind } (noroshi evidence opens each)
figures-query-table = table { $table } of the journal
figures-query-access = the access log
figures-query-register = the register of clauses

figures-error-period = { $text } is no period. Write a fiscal year as 2026, a quarter as 2026-Q1, a month as 2026-06, days as 2026-04-01..2026-07-01 (the last one left out).
figures-error-empty = Nothing is in this home yet, so there is no year to count. Name a period, such as --period 2026.
figures-error-id = There is no figure { $text }. noroshi figures lists them.
figures-error-near = There is no figure { $text }; did you mean { $near }? noroshi figures lists them.
figures-error-part = { $figure } has no part { $text }. noroshi figures show { $figure } lists its parts.

cli-help-figures = List the figures, with what each is, its query and the rows that it counts
cli-help-figures-period = The period: a fiscal year 2026, a quarter 2026-Q1, a month 2026-06, days 2026-04-01..2026-07-01 (the last one left out). Without it, the year of the newest event
cli-help-figures-json = Print a JSON array
cli-help-figures-more =
    A figure has a definition, a unit and clauses, and is the same here and in
    the yearly report. Days and fiscal years are those of Japan. Whoever doubts
    a value asks its query, or looks at the rows that it counts.

    Examples:
      noroshi figures
      noroshi figures --period 2026-Q1 --json
      noroshi figures show lake.events
      noroshi figures show 'lake.events{"{"}owner=aoba{"}"}' --rows
      noroshi figures show watch.verdicts --period 2026-06 --rows --limit 100

    Exit codes: 0 done, 1 it cannot be read, 2 wrong use, 3 there is no home,
    130 stopped.
cli-help-figures-show = Say what a figure is: value, definition, query, parts, and the rows that it counts
cli-help-figures-show-id = A figure (lake.events) or a part of one ('lake.events{"{"}owner=aoba{"}"}')
cli-help-figures-show-period = The period, as for noroshi figures
cli-help-figures-show-rows = Show the rows that it counts, each with its evidence
cli-help-figures-show-limit = How many rows are shown
cli-help-figures-show-json = Print one JSON object

clause-strength-frame = Frame
clause-strength-goal = Goal
clause-strength-request = Request
clause-strength-request-effort = Request (effort)
clause-strength-request-study = Request (study)
clause-strength-wish = Wish
clause-strength-wish-statutory = Wish (by law)
clause-strength-wish-effort = Wish (effort)

evidence-error-form = { $text } names no evidence. Copy one from noroshi figures show --rows: lake:own/CLASS/BATCH/ROW, act:STREAM/NUMBER, look:NUMBER or clause:ID.
evidence-error-none = { $text } is not in this home. Look at the rows again with noroshi figures show --rows, or name another home with --home.
evidence-none = none
evidence-expired = This row's time is over, and it is kept no longer; what is known of its batch is.
evidence-rules = Rules that come with the program; nobody has decided anything about them.
evidence-citation = { $name } { $article } (as of { $version }; { $verified })
evidence-source_path = Source path
evidence-line = Line
evidence-record = Record
evidence-ordinal = Ordinal
evidence-open = Open with
evidence-owner = Owner
evidence-tlp = Marking
evidence-batch = Batch
evidence-received = Received
evidence-bytes = Bytes in the source
evidence-sha256 = sha256 up to there
evidence-what = What
evidence-values = Values
evidence-verdicts = Verdicts that stand on it
evidence-findings = Findings that hold them
evidence-acts = Acts of the stream
evidence-based-on = Rows that it stands on
evidence-stream = Stream
evidence-actor = Subject
evidence-name = Name
evidence-at = Time
evidence-commit = Commit
evidence-act = Act
evidence-viewer = Subject
evidence-book = Book
evidence-rows = Rows
evidence-strength = Strength
evidence-phrase = Clause
evidence-capability = To be done
evidence-proof = Shown by
evidence-cites = Cites
evidence-answered-by = Figures that answer it
evidence-counted-by = Figures that count it, { $period }

cli-help-evidence = Say what one piece of evidence is, where it came from, what stands on it, and which figures count it
cli-help-evidence-what = The evidence: lake:own/CLASS/BATCH/ROW, act:STREAM/NUMBER, look:NUMBER, clause:ID
cli-help-evidence-period = The period of the figures that are looked at. Without it, the fiscal year of the evidence
cli-help-evidence-json = Print one JSON object
cli-help-evidence-more =
    From any figure of the report it takes three commands to the line of the
    log; from evidence the way leads back, to verdicts and figures.

    Examples:
      noroshi figures show watch.verdicts --rows
      noroshi evidence lake:own/process_activity/0b4c…/12
      noroshi evidence act:watch/ruleset/sigma/3
      noroshi evidence clause:2-1-2a --json

    Exit codes: 0 done, 1 it cannot be read, 2 wrong use, 3 there is no home or
    no such evidence, 130 stopped.

cli-help-report = Write the yearly report as one HTML file
cli-help-report-year = The fiscal year, April to March of the next
cli-help-report-html = The file to write; - for standard output
cli-help-report-tlp = Marking of the report
cli-help-report-force = Replace also a file that holds something else
cli-help-report-home = The home
cli-help-report-more =
    Each clause stands with its figures; each figure with its definition, its
    query and what opens its rows; and clauses without one are named. It is one
    file, without a script, that loads nothing. The same home gives the same
    bytes.

    Examples:
      noroshi report --year 2026 --html report.html
      noroshi report --year 2026 --html - --lang ja > report-ja.html

    Exit codes: 0 done, 1 it cannot be read or written, 2 wrong use, 3 there is
    no home, 130 stopped.
cli-report-written = The report is in { $path }.
