# One finding as a page
found-aside = Finding { $number }
found-rail-overview = Overview
found-rail-tree = Process tree
found-rail-evidence = Evidence
found-rail-rules = Rules
found-rail-indicators = Indicators
found-rail-record = Record
found-rail-open = How it opens

found-owner = Owner { $name }
found-counts = { $verdicts ->
    [one] { $verdicts } verdict
   *[other] { $verdicts } verdicts
} on { $events ->
    [one] { $events } event
   *[other] { $events } events
}
found-techniques = Techniques
found-summary = { $rules ->
    [one] One rule
   *[other] { $rules } rules
} gave { $verdicts ->
    [one] { $verdicts } verdict
   *[other] { $verdicts } verdicts
} on { $hosts ->
    [0] events without a host
    [one] one host
   *[other] { $hosts } hosts
} within { $duration }.
found-summary-moment = { $rules ->
    [one] One rule
   *[other] { $rules } rules
} gave { $verdicts ->
    [one] { $verdicts } verdict
   *[other] { $verdicts } verdicts
} on { $hosts ->
    [0] events without a host
    [one] one host
   *[other] { $hosts } hosts
} at one moment.
found-summary-main = The most severe rule, “{ $title }” ({ $level }), first matched on { $host } at { $time }.
found-closed = Closed as { $disposition }: { $reason }

found-tree-heading = { $verdicts ->
    [one] { $verdicts } verdict
   *[other] { $verdicts } verdicts
} on { $hosts ->
    [one] one host
   *[other] { $hosts } hosts
} within { $duration }
found-tree-heading-moment = { $verdicts ->
    [one] { $verdicts } verdict
   *[other] { $verdicts } verdicts
} on { $hosts ->
    [one] one host
   *[other] { $hosts } hosts
} at one moment
found-tree-metric = Process tree and time
found-tree-caption = Hosts and processes, when each was seen, and the rules that matched
found-tree-left = Left out for room: { $hosts ->
    [one] { $hosts } host
   *[other] { $hosts } hosts
}, { $processes ->
    [one] { $processes } process
   *[other] { $processes } processes
}. The evidence names them.
found-tree-unread = { $left ->
    [one] { $left } later verdict is
   *[other] { $left } later verdicts are
} not in the tree. All of them:
found-hidden = and { $count ->
    [one] { $count } process
   *[other] { $count } processes
} more
found-people = People
found-acts = { $count ->
    [one] { $count } act
   *[other] { $count } acts
}
found-acts-beside = { $count } outside this time

found-evidence-caption = Verdicts by time, each with the rows of the lake on which it stands
found-evidence-metric = { $total ->
    [one] { $total } verdict
   *[other] { $total } verdicts
} by time
found-evidence-cut = The first { $count } of { $total } verdicts by time
found-evidence-left = { $left ->
    [one] { $left } more verdict is
   *[other] { $left } more verdicts are
} not listed here. All of them:
found-rows-more = and { $left } more
found-rules-caption = Rules that matched, the most severe first
found-rules-metric = The most severe first
found-indicators-caption = Indicators that came from this finding
found-indicators-metric = Made harmless to follow
found-record-caption = What people did, the latest first
found-record-metric = The latest first
found-left = { $left } more are not listed here. All of them:

found-column-time = Time
found-column-host = Host
found-column-what = What happened
found-column-rule = Rule
found-column-level = Severity
found-column-row = Row of the lake
found-column-process = Process
found-column-when = When it was seen
found-column-matched = Rules that matched
found-column-verdicts = Verdicts
found-column-id = Id of the rule
found-column-set = Set
found-column-value = Value
found-column-kind = Kind
found-column-first = First seen
found-column-hits = Rows
found-column-state = State
found-column-act = Act

found-no-time = no time
found-no-host = no host
found-forgotten = forgotten
found-unseen = not seen

found-ties-heading = What else belongs to it
found-whole = Part of finding
found-parts = Its parts
found-related = Related findings
found-out-of = Taken out of finding
found-file = File
found-cleared = Cleared for exercises

found-how-rows = All rows
found-how-row = The first row, and what stands on it
found-how-acts = How the finding began
found-how-indicators = Its indicators
found-tables = Tables
found-journal = Journal
found-recorded = Last recorded
