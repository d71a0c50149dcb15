# The yearly report
yearly-title = Yearly report, fiscal { $year }
yearly-rail-overview = Overview
yearly-rail-coverage = What is seen
yearly-rail-clauses = Clauses
yearly-rail-figures = Figures
yearly-rail-cited = Laws cited

yearly-newest = Newest event
yearly-no-before = No record of the year before
yearly-was = { $value } the year before
yearly-same = As in the year before
yearly-more = { $by } more than the year before
yearly-less = { $by } fewer than the year before

yearly-finding-none = No event of this year matched a rule
yearly-finding-mild = No critical or high verdict this year
yearly-finding-burst = { $percent } % of { $total } critical and high verdicts fall into the week of { $day }
yearly-finding-spread = { $total } critical and high verdicts over the year, most in the week of { $day }
yearly-chart-none = No verdict does not prove that nothing happened. Check what is seen, and which rules run.
yearly-chart-metric = Verdicts by week
yearly-chart-title = Verdicts by week
yearly-chart-unit = verdicts
yearly-chart-peak = Week of { $day }: { $count } critical and high

yearly-coverage-heading = What is seen of which organisation
yearly-coverage-text = Events that came, by organisation and ATT&CK data source. A dash says that none came this year.
yearly-coverage-caption = Events by organisation and data source

yearly-gaps = Clauses without a figure yet
yearly-proof = Shown by
yearly-clause-caption = Figures that answer clause { $clause }
yearly-version = (as of { $version })

yearly-figures-heading = What each figure is, and how its rows open
yearly-means = Definition
yearly-query = Query
yearly-how = Open the rows
yearly-parts = Parts

yearly-cited-heading = Laws and documents cited
yearly-cited-text = Articles change with amendments, so the date of the text that the opinion cites is given. Not verified: whoever wrote this register has not read the official text of that date.
yearly-verified = Read in the official text
yearly-unverified = Not verified

yearly-column-week = Week from
yearly-column-organisation = Organisation
yearly-column-figure = Figure
yearly-column-value = Value
yearly-column-change = Since the year before
yearly-column-document = Name
yearly-column-version = Date of the text
yearly-column-verified = Text

yearly-tables = Tables
yearly-journal = Journal
yearly-recorded = Last recorded
