# The one-page report of a scan of logs.

report-title = What the logs show
report-rail-overview = Overview
report-rail-rules = Rules
report-rail-hosts = Hosts
report-rail-truth = Ground truth
report-rail-verdicts = Verdicts
report-rail-refused = Rules refused
report-rail-flaws = Unreadable

# Scope
report-paths-more = { $first } and { $more } more
report-period = { $first } – { $last } ({ $zone })
report-no-period = No event carries a time
report-coverage = Rules look at { $percent } % of events
report-freshness = Last event { $age } before this report
report-created = Created { $time }
report-read = { $sources ->
    [one] { $sources } source
   *[other] { $sources } sources
}, { $size }, { $duration }, { $speed } events a second

# The four numbers
report-verdicts-label = Verdicts
report-verdicts-unit = { "" }
report-verdicts-none = No rule matched
report-verdicts-severe = { $count } { $level }
report-hosts-label = Hosts concerned
report-hosts-unit = { "" }
report-hosts-severe = { $count } with critical or high verdicts
report-hosts-mild = None with critical or high verdicts
report-rules-label = Rules that matched
report-rules-unit = / { $loaded }
report-rules-refused = Refused { $count }
report-rules-all = Every rule given could be used
report-events-label = Events read
report-events-unit = { "" }
report-events-speed = in { $duration }, { $speed } a second
report-events-time = read in { $duration }
report-events-flaws = Unreadable { $count }

# Headings that state the finding
report-finding-none = No event matched a rule
report-finding-no-rule = No rule was left to run: nothing was looked for
report-finding-no-input = No input was recognised as a log: nothing was looked at
report-finding-one = One { $level } verdict, on { $host } at { $when }
report-finding-one-hostless = One { $level } verdict, at { $when }
report-finding-one-timeless = One { $level } verdict, on { $host }
report-finding-one-bare = One { $level } verdict
report-finding-burst-one-host = { $percent ->
    [100] { $count ->
        [2] Both
       *[other] All { $count }
    }
   *[other] { $percent } % of { $count }
} { $level } verdicts hit { $host } { $window }
report-finding-burst = { $percent ->
    [100] { $count ->
        [2] Both
       *[other] All { $count }
    }
   *[other] { $percent } % of { $count }
} { $level } verdicts hit { $host } and { $others ->
    [one] { $others } other host
   *[other] { $others } other hosts
} { $window }
report-finding-burst-hostless = { $percent ->
    [100] { $count ->
        [2] Both
       *[other] All { $count }
    }
   *[other] { $percent } % of { $count }
} { $level } verdicts fall { $window }
report-finding-spread-one-host = All { $count } { $level } verdicts are on { $host }, most of them { $window }
report-finding-spread = { $count } { $level } verdicts on { $hosts } hosts; { $host } has most, the peak falls { $window }
report-finding-spread-hostless = { $count } { $level } verdicts; the peak falls { $window }
report-finding-timeless-one-host = { $count ->
    [2] Both
   *[other] All { $count }
} { $level } verdicts are on { $host }
report-finding-timeless = { $count } { $level } verdicts on { $hosts } hosts, most on { $host }
report-finding-timeless-bare = { $count } { $level } verdicts
report-window-hour = between { $hour }:00 and { $end }:00 on { $day }
report-window-day = on { $day }
report-window-part = in the { $length } from { $from } on { $day }
report-moment = { $time } on { $day }

report-none-advice = Zero verdicts do not prove that nothing is wrong. Rules look at { $percent } % of the { $events } events read. Check that the period and the kinds of logs are enough.
report-none-events = Not one event could be read. Check the paths given and the kinds of files there.

# Chart
report-chart-title = Verdicts per { $bin }
report-chart-metric = Verdicts per { $bin }
report-chart-unit = { $count ->
    [1] verdict
   *[other] verdicts
}
report-series-low-and-informational = Low and info
report-annotation = { $time }: { $count } { $level } on { $host }
report-annotation-hosts = { $time }: { $count } { $level } on { $hosts } hosts
report-annotation-hostless = { $time }: { $count } { $level }
report-annotation-rules = { $rule } and { $more ->
    [one] { $more } more rule
   *[other] { $more } more rules
}
report-table-start = Start
report-table-total = Total
report-table-caption = Verdicts per { $bin }; times without any are left out

# Tables
report-rules-metric = most severe first
report-rules-caption = Rules that matched, most severe first
report-hosts-metric = most severe first
report-hosts-caption = Hosts with verdicts, most severe first
report-column-level = Severity
report-column-rule = Rule
report-column-tags = Technique (ATT&CK)
report-column-count = Verdicts
report-column-hosts = Hosts
report-column-first = First
report-column-last = Last
report-column-host = Host
report-column-when = When
report-column-kinds = By severity
report-column-time = Time
report-column-what = Rule and content
report-column-source = Source
report-column-place = Place
report-column-reason = Reason
report-column-offset = Offset
report-column-technique = Technique
report-column-step = Step
report-column-story = Story
report-column-planted = Planted
report-column-seen = Found all the same
report-strip-title = { $host }: { $count } from { $first } to { $last }
report-mix-title = { $critical ->
    [0] no critical
   *[other] { $critical } critical
}, { $high } high, { $medium } medium, { $low } low
report-unknown-host = unknown
report-no-time = no time
report-no-tags = none

# List of verdicts
report-verdicts-heading = All verdicts
report-verdicts-metric = { $count ->
    [one] { $count } verdict
   *[other] { $count } verdicts
}, oldest first
report-verdicts-metric-cut = { $count } of { $total } verdicts, oldest first
report-verdicts-caption = Verdicts, oldest first; open a row to see its fields
report-filter-legend = Severity
report-filter-text = Text
report-filter-text-hint = rule, host or value
report-filter-host = Host
report-filter-all-hosts = All hosts
report-filter-reset = Clear filters
report-filter-shown = { $shown } of { $total } shown
report-filter-empty = No verdict fits these filters. Take one of them off.
report-field-rule = Rule id
report-field-source = File
report-field-place = Event number
report-field-line = Line
report-field-record = Record id
report-field-before = Events before it ({ $count })
report-before-more = … and { $count } earlier
report-print-fields = Open a row on screen to see all of its fields.

# Against the ground truth
report-truth-heading = { $found } of { $expected } planted events found, { $false ->
    [0] no false verdict
    [one] { $false } false verdict
   *[other] { $false } false verdicts
}
report-truth-metric = Against the simulator's ground truth
report-truth-precision = Precision
report-truth-precision-note = { $right } of { $verdicts } verdicts are planted attacks
report-truth-recall = Recall
report-truth-recall-note = { $found } of { $expected } that rules should find
report-truth-false = False verdicts
report-truth-false-unit = { "" }
report-truth-false-note = Ordinary work that a rule matched
report-truth-missed = Missed
report-truth-missed-unit = { "" }
report-truth-missed-note = Attacks that rules should have found
report-truth-bar-planted = Planted attack events
report-truth-bar-expected = Bundled rules should find
report-truth-bar-found = Found
report-truth-bar-no-rule = −{ $count }  no rule exists yet, and that is known
report-truth-bar-missed = −{ $count }  missed
report-truth-chart = From planted to found
report-truth-value = { $count }
report-truth-missed-heading = Attacks that were missed
report-truth-missed-caption = Missed attacks, oldest first
report-truth-none-missed = Every attack that rules should find was found.
report-truth-unknown-heading = { $planted } planted events that no rule can know, { $seen } of them found all the same
report-truth-unknown-caption = Planted events that no rule can know, by story and step
report-percent-unit = %

# Rules refused, parts that could not be read
report-refused-heading = Rules refused
report-refused-metric = { $count ->
    [one] { $count } rule
   *[other] { $count } rules
}; the other { $loaded } were used
report-refused-caption = Rules refused, and why
report-flaws-heading = Unreadable parts
report-flaws-metric = { $count ->
    [one] { $count } part
   *[other] { $count } parts
}; the events around them were read
report-flaws-metric-cut = { $count } of { $total } parts; the events around them were read
report-flaws-caption = Unreadable parts, and why
report-footer-product = 狼煙 Noroshi { $version }
report-footer-offline = Complete in this one file; it opens no connection
