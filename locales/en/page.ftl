# Words that screens and prints share.

page-product = 狼煙
page-product-latin = Noroshi
page-skip = Skip to content
page-sections = In this document
page-show-as-table = Show as table
page-clauses = Clauses { $clauses }

# What TLP 2.0 labels mean
page-tlp-clear = Anyone may read this
page-tlp-green = Within the community, not in public
page-tlp-amber = Need to know, own organisation and its clients
page-tlp-amber-strict = Need to know, own organisation only
page-tlp-red = Named recipients only, no further disclosure

# Severity
page-level-critical = Critical
page-level-high = High
page-level-medium = Medium
page-level-low = Low
page-level-informational = Info

# Severity inside a sentence
page-level-critical-inline = critical
page-level-critical-attributive = critical
page-level-high-inline = high
page-level-high-attributive = high
page-level-medium-inline = medium
page-level-medium-attributive = medium
page-level-low-inline = low
page-level-low-attributive = low
page-level-informational-inline = informational
page-level-informational-attributive = informational

# Dates and durations
page-day = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
page-month = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
page-month-year = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
} { $year }
page-seconds = { $number } s
page-minutes = { $number } min
page-hours = { $number } h
page-days = { $number ->
    [one] { $number } day
   *[other] { $number } days
}

# Foreign text cut short
page-cut = … { $number ->
    [one] { $number } more character
   *[other] { $number } more characters
}

# ATT&CK tactics
page-tactic-reconnaissance = Reconnaissance
page-tactic-resource-development = Resource development
page-tactic-initial-access = Initial access
page-tactic-execution = Execution
page-tactic-persistence = Persistence
page-tactic-privilege-escalation = Privilege escalation
page-tactic-defense-evasion = Defense evasion
page-tactic-credential-access = Credential access
page-tactic-discovery = Discovery
page-tactic-lateral-movement = Lateral movement
page-tactic-collection = Collection
page-tactic-command-and-control = Command and control
page-tactic-exfiltration = Exfiltration
page-tactic-impact = Impact
