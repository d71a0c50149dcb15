# The register: organisations and their people.

cli-help-register = Say which organisations take part, who works there and what they do
cli-help-register-organisations = List organisations
cli-help-register-organisations-all = Also those that have left
cli-help-register-organisations-seat = As this person sees it; that it was looked so is noted
cli-help-register-organisations-json = Print a JSON array
cli-help-register-organisation = Say what an organisation is; said again, it changes
cli-help-register-organisation-id = Its id: small letters, digits, dots and dashes. It is the owner that ingest --owner names
cli-help-register-organisation-name = Its name
cli-help-register-organisation-kind = What it is: operator, office, ministry, agency, local-government, infrastructure, isp, maker, supplier, member
cli-help-register-organisation-prefecture = The prefecture it lies in, by the number of JIS X 0401
cli-help-register-organisation-parent = The one that it belongs to
cli-help-register-organisation-json = Print one JSON object
cli-help-register-people = List people
cli-help-register-people-all = Also those who have left
cli-help-register-people-seat = As this person sees it; that it was looked so is noted
cli-help-register-people-json = Print a JSON array
cli-help-register-person = Say where somebody belongs and what they do; said again, it changes
cli-help-register-person-id = Their id: small letters, digits, dots and dashes; no name
cli-help-register-person-organisation = The organisation's id
cli-help-register-person-role = What they do, several with commas: analyst, planner, office, administrator, member, auditor, installation
cli-help-register-person-name = Their name: a personal value that noroshi forget takes away
cli-help-register-person-json = Print one JSON object
cli-help-register-leave = Let somebody, or an organisation, take part no more: from the next look on they see nothing
cli-help-register-leave-person = The person's id
cli-help-register-leave-organisation = Instead of a person, an organisation; its people see nothing either
cli-help-register-leave-reason = Why; it stands in the journal
cli-help-register-leave-json = Print one JSON object

cli-help-query-seat = As this person sees it; that it was looked so is noted
cli-help-find-seat = As this person sees it; that it was looked so is noted
cli-help-tables-seat = As this person sees it; that it was looked so is noted

cli-register-done = { $id } is in the register ({ $act }).
cli-register-before = { $id } is in the register just so.
cli-register-none = There is nothing of this in the register that you may see.
cli-register-head-id = id
cli-register-head-name = name
cli-register-head-kind = kind
cli-register-head-prefecture = prefecture
cli-register-head-organisation = organisation
cli-register-head-roles = roles
cli-error-nobody = There is nobody { $person } in the register, or they or their organisation have left. noroshi register people lists who is there.
cli-error-policy = The policies cannot be used: { $reason }. Nothing is shown to people until that is mended.
cli-error-register-id = { $id } cannot be an id. Use small letters, digits, dots and dashes, 60 at most, and begin with a letter or a digit; own is the installation itself.
cli-error-register-name = The name is empty or too long. Give 1 to 200 signs with --name.
cli-error-register-prefecture = { $id } is no prefecture. Give its number by JIS X 0401, 1 to 47.
cli-error-register-parent = { $id } cannot be the one that it belongs to. Give the id of another organisation.
cli-error-register-no-organisation = There is no organisation { $id } in the register, or it has left. noroshi register organisations lists them.
cli-error-register-role = Nobody does nothing. Give a role with --role.

cli-help-access = Say why somebody sees a thing or does not
cli-help-access-why = Name the policy by which somebody sees a thing, or what would let them
cli-help-access-why-person = The person's id in the register
cli-help-access-why-thing = A finding by its number, or evidence: an act, or a row of the lake
cli-help-access-why-json = Print one JSON object
cli-help-access-why-more =
    Examples:
      noroshi access why kanri 12
      noroshi access why kanri lake:own/process_activity/0b4c…/12
cli-access-seen = { $person } sees { $thing }, by the policy { $policies }.
cli-access-hidden = { $person } does not see { $thing }: no policy says so.
cli-access-label = It is of { $owner }, marked { $tlp }, in { $compartment }.
cli-access-error = A policy erred, which hides it: { $reason }
cli-access-role = It would be seen with the role { $value } (policy { $policies }).
cli-access-tlp = It would be seen if it were marked { $value } (policy { $policies }).
cli-access-organisation = It would be seen by somebody of { $value } (policy { $policies }).
cli-access-nothing = No single change of roles, organisation or TLP would show it.
cli-error-access-thing = There is no { $thing } in this home. noroshi findings lists findings, and --rows shows the rows that they stand on.
cli-error-access-form = { $thing } is neither the number of a finding nor evidence that can be looked for. Write 12, act:watch/finding/12/1 or lake:….
