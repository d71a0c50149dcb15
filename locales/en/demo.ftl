# `noroshi demo`

cli-help-demo = Make a year of logs of an invented nation, keep it, scan it and ask it questions
cli-help-demo-home = Folder for the demo. Without it, noroshi-demo in your data folder
cli-help-demo-no-serve = End when the report is written. This version always does; the switch is for scripts
cli-help-demo-seed = Another seed, another year
cli-help-demo-scale = Size of the nation: 1 has all its computers, less has fewer desks. Without it 0.1 for the year and 1 for a week
cli-help-demo-week = Make a week in June instead, with all attacks moved into it: about 200,000 events
cli-help-demo-more =
    The demo sends nothing and needs no network. Everything it makes stays in its folder: the logs, what was planted
    in them (truth.ndjson), how much there is of what (census.json), the home and the report.

    Examples:
      noroshi demo
      noroshi demo --week --home week

cli-error-demo-home = { $path } was not made by the demo. Choose an empty or new folder with --home.
cli-error-demo-folder = There is no data folder for the demo. Choose one with --home.

cli-demo-title-year = A year of the small nation
cli-demo-title-week = A week of the small nation
cli-demo-making-year = Making a year of the small nation's logs in { $path }
cli-demo-making-week = Making a week of the small nation's logs in { $path }
cli-demo-reusing-year = Using the year already in { $path }
cli-demo-reusing-week = Using the week already in { $path }
cli-demo-kept = Kept { $events ->
    [one] { $events } event
   *[other] { $events } events
} in { $path }, in { $time }. What the bundled rules find in them:

cli-demo-truth = Against the truth: precision { $precision } ({ $right } of { $verdicts } verdicts), recall { $recall } ({ $found } of { $expected } planted events that a rule can know). { $severe ->
    [0] No verdict of level high or critical is about ordinary work.
    [one] { $severe } verdict of level high or critical is about ordinary work.
   *[other] { $severe } verdicts of level high or critical are about ordinary work.
}
cli-demo-story = Story
cli-demo-story-a = A, ransomware through the supplier
cli-demo-story-c = C, a quiet intruder
cli-demo-technique = Technique
cli-demo-step = Step
cli-demo-planted = Planted
cli-demo-expected = A rule can know
cli-demo-found = Found
cli-demo-seen = Seen as well
cli-demo-unknown = { $planted } further planted events look ordinary or are unknown to the rules; a rule saw { $seen } of them all the same. Analysts find the rest from what was found:
cli-demo-report = Report: { $path }

cli-demo-questions = Two questions to what is kept, and how to ask them again:
cli-demo-question-owners = What has each organisation sent?
cli-demo-question-address = Who has been in touch with 203.0.113.77, the server of all attacks?

cli-demo-own = Of the story
cli-demo-findings = { $findings ->
    [one] One finding
   *[other] { $findings } findings
}, each with the story that most of its events belong to:
