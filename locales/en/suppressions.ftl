# Suppressions: what rules find and nobody needs to see for a while.

cli-help-rules-suppress = Show no more what a Sigma filter removes from what rules find, until a time and with a reason
cli-help-rules-suppress-filter = A file with one Sigma filter. Instead of it, --rule and --where say what it is about
cli-help-rules-suppress-rule = The rule: its id, its title, or the end of its path
cli-help-rules-suppress-field = What the events have that are not to be shown: a field as rules name it, with modifiers, and its value. Of several fields all must fit; of one that is given more than once, any value
cli-help-rules-suppress-name = How it is called: small letters, digits and dashes. Without it, as the file or the rule
cli-help-rules-suppress-reason = Why; it stands in the journal
cli-help-rules-suppress-until = From when on it is shown again: 2026-12-31, 2026-12-31T18:00; a day is its beginning
cli-help-rules-suppress-zone = Time zone of --until where it names none
cli-help-rules-suppress-dry-run = Change nothing; scan what is kept and say how many verdicts would not be there
cli-help-rules-suppress-json = Print one JSON object
cli-help-rules-suppress-more =
    A suppression holds for every version of the rules it names, and always ends. Rules that are narrowed by one stay the same rules: what they found before is not found again as something else. Whoever wants a rule off altogether excludes it.

    Examples:
      noroshi rules suppress --rule "Shadow copies deleted" --where 'ParentImage|endswith=\backup.exe' --dry-run
      noroshi rules suppress --rule "Shadow copies deleted" --where 'ParentImage|endswith=\backup.exe' \
        --reason "the backup of aoba, ticket 311" --until 2027-03-31
      noroshi rules suppress backup.yml --reason "ticket 311" --until 2027-03-31
cli-help-rules-suppressions = List what is suppressed, why and until when
cli-help-rules-suppressions-name = One of them, with its filter
cli-help-rules-suppressions-all = Also those that are over
cli-help-rules-suppressions-zone = Time zone of shown times
cli-help-rules-suppressions-json = Print a JSON array
cli-help-rules-unsuppress = Show again what a suppression removes
cli-help-rules-unsuppress-name = The suppression, as noroshi rules suppressions names it
cli-help-rules-unsuppress-reason = Why; it stands in the journal
cli-help-rules-unsuppress-json = Print one JSON object

cli-suppress-done = Suppressed as { $name }: { $rules ->
    [one] one rule finds
   *[other] { $rules } rules find
} less from now on. Verdicts that are there stay; noroshi rules suppressions lists what is suppressed.
cli-suppress-before = { $name } says just this already: { $rules ->
    [one] one rule finds
   *[other] { $rules } rules find
} less.
cli-suppress-ended = { $name } is over: what it removed is shown again.
cli-suppressions-none = Nothing is suppressed.
cli-suppressions-over = over
cli-suppressions-head-name = name
cli-suppressions-head-until = until
cli-suppressions-head-who = by
cli-suppressions-head-title = removes
cli-suppressions-head-reason = because
cli-error-suppress-filter = { $path } is no Sigma filter: { $reason } (line { $line }). Write one document with title, logsource and filter.
cli-error-suppress-nothing = The filter { $name } is for no rule that runs here. noroshi rules list shows which run; the filter names them by id, and has their logsource or a wider one.
cli-error-suppress-field = { $text } is no field with a value. Write FIELD=VALUE or FIELD|MODIFIER=VALUE, as 'Image|endswith=\backup.exe'.
cli-error-suppress-no-id = The rule { $rule } has neither id nor name by which a filter could call it. Give it an id, or exclude it.
cli-error-suppress-name = { $name } cannot be the name of a suppression. Use small letters, digits and dashes, 60 at most, with --name.
cli-error-suppress-size = The filter is empty or longer than 50,000 signs. Write one short filter.
cli-error-suppress-over = The suppression would be over already. Give --until a time that is yet to come.
cli-error-suppress-none = There is no suppression { $name }, or it is over. noroshi rules suppressions --all lists them.
