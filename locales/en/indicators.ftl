# Indicators, benign lists, and why something is no indicator.

cli-help-indicators = Say which values tell an attack, where each came from and where machines saw it; without a command, those in force
cli-help-indicators-kind = Only of this kind, may be repeated: address, network, domain, url, md5, sha1, sha256, sha512, imphash, ja3, mail, file, path
cli-help-indicators-state = active, expired, withdrawn or all
cli-help-indicators-finding = Only those that came from this finding
cli-help-indicators-from = Only those that this organisation sent
cli-help-indicators-text = Only those whose value, note or list has this part
cli-help-indicators-hits = Only those that the lake had when it was looked through last
cli-help-indicators-plain = Show values as they are. Without it they are shown so that nobody follows them by accident
cli-help-indicators-zone = Time zone of shown times
cli-help-indicators-json = Print a JSON array, values as they are
cli-help-indicators-more =
    Examples:
      noroshi indicators add list.txt --from "Aoba CSIRT" --tlp green --until 2027-03-31
      noroshi indicators add 'hxxp://evil[.]example[.]net/a' --dry-run
      pbpaste | noroshi indicators add -
      noroshi indicators seen
      noroshi indicators --kind domain --hits

    Exit codes: 0 done, whatever was refused of a list, 1 the books cannot be
    used, 2 no such indicator or wrong use, 3 there is no home, 130 stopped.
cli-help-indicators-add = Add values, or what stands on lists however people wrote it; what is none is named with place and reason
cli-help-indicators-add-values = Files, - for standard input, or values. What names a file here is that file
cli-help-indicators-add-dry-run = Say what would be added, and add nothing
cli-help-indicators-add-silent = Name also lines in which nothing looks like an indicator
cli-help-indicators-add-force = Take also what is on a benign list, for this reason; it stays in the journal, so write no name
cli-help-indicators-add-from = The organisation that sent them
cli-help-indicators-add-note = What they are of; it stays in the journal, so write no name
cli-help-indicators-add-tlp = With whom they may be shared: clear, green, amber, amber+strict, red
cli-help-indicators-add-pap = What may be done with them that an attacker could notice: clear, green, amber, red
cli-help-indicators-add-confidence = How sure they are, in percent
cli-help-indicators-add-until = From when on they are none any more
cli-help-indicators-add-zone = Time zone of --until where it names none
cli-help-indicators-add-json = Print one JSON object with all that was taken and refused
cli-help-indicators-add-more =
    Lists may be one value a line, sentences, tables, Markdown or mails, in
    Japanese too, with [.], hxxp, (dot), full-width signs and the like. Ports,
    names and passwords in URLs and what stands behind # are left out.
    Where a word may be a file, a product or a domain it is refused: write [.]
    or “domain: evil.sh”.
cli-help-indicators-from-finding = Add what of a finding's events tells the attack elsewhere: addresses, names, URLs, hashes, files
cli-help-indicators-from-finding-finding = The number of the finding
cli-help-indicators-from-finding-dry-run = Say what would be added, and add nothing
cli-help-indicators-from-finding-plain = Show values as they are
cli-help-indicators-from-finding-from = The organisation that sent them
cli-help-indicators-from-finding-note = What they are of; it stays in the journal, so write no name
cli-help-indicators-from-finding-tlp = With whom they may be shared: clear, green, amber, amber+strict, red
cli-help-indicators-from-finding-pap = What may be done with them that an attacker could notice: clear, green, amber, red
cli-help-indicators-from-finding-confidence = How sure they are, in percent
cli-help-indicators-from-finding-until = From when on they are none any more
cli-help-indicators-from-finding-zone = Time zone of --until where it names none
cli-help-indicators-from-finding-json = Print one JSON object, each value with its rows
cli-help-indicators-show = Print all that is known of one: who said what, and where the lake has it now
cli-help-indicators-show-value = The value, harmless or not
cli-help-indicators-show-kind = Its kind, where the value could be several
cli-help-indicators-show-plain = Show the value as it is
cli-help-indicators-show-zone = Time zone of shown times
cli-help-indicators-show-json = Print one JSON object
cli-help-indicators-seen = Look for all indicators in force in everything kept, and note what changed
cli-help-indicators-seen-plain = Show values as they are
cli-help-indicators-seen-zone = Time zone of shown times
cli-help-indicators-seen-json = Print one JSON object
cli-help-indicators-withdraw = Say that values are no indicators any more
cli-help-indicators-withdraw-values = The values, harmless or not
cli-help-indicators-withdraw-reason = Why; it stays in the journal, so write no name
cli-help-indicators-withdraw-json = Print a JSON array
cli-help-indicators-benign = Say what no indicator is, and why; without a command, the lists, or what stands on one
cli-help-indicators-benign-list = A list by its name
cli-help-indicators-benign-zone = Time zone of shown times
cli-help-indicators-benign-json = Print a JSON array
cli-help-indicators-benign-more =
    A domain on a list keeps out all names in it, a network all addresses in it.
    A URL on a shared host may still be an indicator.

    Examples:
      noroshi indicators benign
      noroshi indicators benign shared
      noroshi indicators benign add ours aoba.lg.jp 203.0.113.0/24 --reason "our own"
      noroshi indicators benign remove shared bit.ly --reason "abused this week"
      noroshi indicators benign off documentation --reason "an exercise uses them"
cli-help-indicators-benign-add = Add values to a list, which is made where there is none
cli-help-indicators-benign-add-list = The list, in small letters, digits and dashes
cli-help-indicators-benign-add-values = Networks, addresses, domains, hashes of files or names of files; files of such, - for standard input
cli-help-indicators-benign-add-reason = Why they are no indicators; it stays in the journal, so write no name
cli-help-indicators-benign-add-until = From when on they are not kept out any more
cli-help-indicators-benign-add-zone = Time zone of --until where it names none
cli-help-indicators-benign-add-json = Print one JSON object
cli-help-indicators-benign-remove = Take values out of a list, also of one that comes with the program
cli-help-indicators-benign-remove-list = The list
cli-help-indicators-benign-remove-values = The values
cli-help-indicators-benign-remove-reason = Why; it stays in the journal, so write no name
cli-help-indicators-benign-remove-json = Print one JSON object
cli-help-indicators-benign-off = Let a list keep nothing out
cli-help-indicators-benign-off-list = The list
cli-help-indicators-benign-off-reason = Why; it stays in the journal, so write no name
cli-help-indicators-benign-off-json = Print one JSON object
cli-help-indicators-benign-on = Let a list keep out again
cli-help-indicators-benign-on-list = The list
cli-help-indicators-benign-on-reason = Why; it stays in the journal, so write no name
cli-help-indicators-benign-on-json = Print one JSON object

cli-indicators-none = There are no such indicators.
cli-indicators-head-kind = kind
cli-indicators-head-value = value
cli-indicators-head-state = state
cli-indicators-head-first = first seen
cli-indicators-head-last = last seen
cli-indicators-head-hits = rows
cli-indicators-head-source = from
cli-indicators-head-tlp = TLP
cli-indicators-head-until = until
cli-indicators-forgotten = (forgotten)
cli-indicators-source-finding = finding { $name }
cli-indicators-source-named = { $name }
cli-indicators-source-typed = typed
cli-indicators-count = { $number ->
    [one] { $number } indicator.
   *[other] { $number } indicators.
}
cli-indicators-looked = Looked for in what was taken in until { $horizon }.
cli-indicators-unlooked = Nobody has looked for them yet: noroshi indicators seen.
cli-indicator-kind-address = address
cli-indicator-kind-network = network
cli-indicator-kind-domain = domain
cli-indicator-kind-url = URL
cli-indicator-kind-md5 = MD5
cli-indicator-kind-sha1 = SHA-1
cli-indicator-kind-sha256 = SHA-256
cli-indicator-kind-sha512 = SHA-512
cli-indicator-kind-imphash = imphash
cli-indicator-kind-ja3 = JA3
cli-indicator-kind-mail = mail
cli-indicator-kind-file = file
cli-indicator-kind-path = path
cli-indicator-state-active = in force
cli-indicator-state-expired = over
cli-indicator-state-withdrawn = withdrawn

cli-indicators-at = { $list }:{ $line }:{ $column }: { $said }
cli-indicators-silent = nothing here looks like an indicator
cli-indicators-benign = “{ $value }” is on the benign list { $list }: { $reason }. Add it with --force and a reason if it is an indicator all the same.
cli-indicators-read = { $lines ->
    [one] { $lines } line
   *[other] { $lines } lines
}: { $indicators ->
    [0] no indicators
    [one] { $indicators } indicator ({ $kinds })
   *[other] { $indicators } indicators ({ $kinds })
}, { $again } named again, { $benign } benign, { $refused } refused, { $silent ->
    [one] { $silent } line
   *[other] { $silent } lines
} without any.
cli-indicators-dry = Nothing was added.
cli-indicators-added = { $added } added, { $known } known before.
cli-indicators-left = { $value } is on the benign list { $list }: { $reason }
cli-indicators-of-finding = Finding { $finding }, { $rows ->
    [one] { $rows } event
   *[other] { $rows } events
}: { $indicators ->
    [0] no indicators
    [one] { $indicators } indicator
   *[other] { $indicators } indicators
}, { $benign } benign.
cli-error-indicators-finding = There is no finding { $finding }. noroshi findings lists those that there are.
cli-indicators-withdrawn = { $value } is no indicator any more.
cli-indicators-seen = Looked for { $indicators ->
    [one] { $indicators } indicator
   *[other] { $indicators } indicators
} in what was taken in until { $horizon }: { $found } found, { $changed } of them new or seen again.
cli-indicator = { $value } · { $kind } · { $state } · { $tlp }
cli-indicator-act = { $at }  { $actor }: { $said }
cli-indicator-act-added = added ({ $parts })
cli-indicator-act-seen = { $rows ->
    [one] seen in { $rows } row
   *[other] seen in { $rows } rows
} of what was taken in until { $horizon }
cli-indicator-act-withdrawn = withdrawn: { $reason }
cli-indicator-act-expired = over
cli-indicator-confidence = { $confidence } % sure
cli-indicator-until = until { $until }
cli-indicator-kept = though on the benign list { $list }: { $reason }
cli-indicator-partner = from { $name }
cli-indicator-line = { $list }, line { $line }
cli-indicator-nowhere = The lake has it nowhere.

cli-error-indicators-nothing = “{ $value }” is neither a file nor an indicator. Write an address, a network, a domain, a URL, a hash, a file, or the name of a list.
cli-error-indicators-several = “{ $value }” holds several indicators. Name one, or its kind with --kind.
cli-error-indicators-text = { $path } is no text in UTF-8, UTF-16 or Shift_JIS. Save it as text, or paste it to standard input.
cli-error-indicator-none = { $value } is no indicator here now. noroshi indicators --state all lists all that ever were.
cli-error-indicator-value = { $value } cannot be an indicator of this kind. Write it as it would stand in a log.
cli-error-indicator-confidence = Confidence is in percent. Give a number from 0 to 100.
cli-error-indicator-over = The time given with --until is over. Give one that is still to come, or none.
cli-error-indicator-note = The note or reason is too long. Write at most 2,000 signs.

cli-benign-head-list = list
cli-benign-head-state = state
cli-benign-head-shipped = values
cli-benign-head-added = added here
cli-benign-head-left = left out here
cli-benign-head-about = what it is
cli-benign-on = on
cli-benign-off = off
cli-benign-own = a list of this installation
cli-benign-value = { $value }: { $reason }
cli-benign-until = { $value }: { $reason } (until { $until })
cli-benign-left-out = { $value }: left out here, { $reason }
cli-benign-not = “{ $value }” cannot stand on a benign list. Write networks, addresses, domains, hashes or names of files.
cli-benign-added = { $values ->
    [one] { $values } value
   *[other] { $values } values
} on the list { $list } are no indicators.
cli-benign-removed = { $values ->
    [one] { $values } value
   *[other] { $values } values
} of the list { $list } can be indicators again.
cli-benign-switched-off = The list { $list } keeps nothing out any more.
cli-benign-switched-on = The list { $list } keeps out again what stands there.
cli-error-benign-none = There is no benign list { $list }. noroshi indicators benign says which there are.
cli-error-benign-nothing = Nothing was given that can stand on a benign list. Write networks, addresses, domains, hashes or names of files.
cli-error-benign-not-there = { $value } does not stand on the list { $list }. noroshi indicators benign { $list } says what does.
cli-error-benign-name = { $list } is no name of a list. Use small letters, digits and dashes, 60 at most.
cli-error-benign-already = It is so already on the list { $list }. Nothing was changed.

cli-indicators-cause-unclear = “{ $value }” was made harmless, and yet is nothing that can be looked for. Write the whole value.
cli-indicators-cause-cut = the end of “{ $value }” is left out. Write all of it.
cli-indicators-cause-comment = “{ $value }” stands in a comment. Take the sign at the beginning of the line away if it is meant.
cli-indicators-cause-long = “{ $value }” is longer than any value. Write one value.
cli-indicators-cause-version = “{ $value }” is the version of a program. Write “IP: …” before it on a line of its own if it is an address.
cli-indicators-cause-leading-zero = a number in “{ $value }” begins with 0, which some read as octal. Write it without.
cli-indicators-cause-octet = “{ $value }” is no address: { $number } is greater than 255. Look whether a sign is missing.
cli-indicators-cause-address-malformed = “{ $value }” is no address of IPv6. Look whether a sign is missing.
cli-indicators-cause-range = “{ $value }” is a range of addresses. Write networks, as 198.51.100.0/28.
cli-indicators-cause-network-length = “{ $value }” is no network: it has 0 to 32 bits, or 0 to 128 in IPv6. Write it as 198.51.100.0/24.
cli-indicators-cause-network-wide = “{ $value }” is nearly everything. Give a network of 8 bits or more.
cli-indicators-cause-port = “{ $value }”: there is no port { $number }. Look whether a sign is missing.
cli-indicators-cause-hash-length = “{ $value }” has { $digits } digits, and no hash that is looked for has so many. MD5 has 32, SHA-1 40, SHA-256 64, SHA-512 128.
cli-indicators-cause-hash-kind = “{ $value }” is a hash of the kind { $kind }, which logs do not have. Give MD5, SHA-1, SHA-256 or SHA-512.
cli-indicators-cause-name-malformed = “{ $value }” is no name that the DNS can hold. Look whether a sign is missing.
cli-indicators-cause-top-unknown = “{ $value }”: .{ $top } is no top-level domain that is known here. Look whether a sign is missing.
cli-indicators-cause-host-short = “{ $value }”: its host is a short name, which means another machine elsewhere. Give its full name.
cli-indicators-cause-unsure = “{ $value }” may be a file, a product or a domain. Write [.] for the dot, or “file: …”.
cli-indicators-cause-spoken-dot = the word dot in “{ $value }” may be meant as a word. Write [.] for it.
cli-indicators-cause-name-in-text = where the name in “{ $value }” begins and ends cannot be told. Write it in brackets or on a line of its own.
cli-indicators-cause-scheme = “{ $value }”: addresses with { $scheme } are not looked for. Give its host.
cli-indicators-cause-url-with-mail = “{ $value }” holds somebody's mail address. Give the URL without it.
cli-indicators-cause-mail-malformed = “{ $value }” is no mail address. Look whether a sign is missing.
cli-indicators-cause-path-of-person = “{ $value }” leads through somebody's own folder. Give the name of the file.
cli-indicators-cause-path-variable = “{ $value }” has a variable in it, which logs do not have. Give the name of the file.
cli-indicators-cause-registry = “{ $value }”: keys of the registry are not looked for. Save a hunt for it: noroshi hunts save.
cli-indicators-cause-account = “{ $value }”: names of accounts are not kept as indicators. Look for it with noroshi find.
cli-indicators-cause-mac = “{ $value }”: hardware addresses are not looked for. Save a hunt for it: noroshi hunts save.
cli-indicators-cause-identifier = “{ $value }” is an id that somebody gave. Look for it with noroshi find.
cli-indicators-cause-weakness = “{ $value }” names a weakness, and nothing that can be observed. Write it into the note.
cli-indicators-cause-asn = “{ $value }”: numbers of networks' operators are not looked for. Give the networks.
