# Mails to the operations desk. Values come from elsewhere and are one line each.

mail-watch-exclusion-expires-subject = { $set }: a rule runs again soon ({ $title })
mail-watch-exclusion-expires-text =
    A rule that is off here runs again at { $until }.

    Set: { $set }
    Rule: { $title } ({ $rule })
    Off since: { $since }, by { $who }
    Because: { $reason }

    If it shall stay off, say so before that time:
      noroshi rules exclude RULE --reason TEXT --until DATE

mail-watch-suppression-expires-subject = { $title }: shown again soon
mail-watch-suppression-expires-text =
    What is suppressed here is shown again at { $until }.

    Suppression: { $name }
    It removes: { $title }
    Rules: { $rule }
    Suppressed since: { $since }, by { $who }
    Because: { $reason }

    If it shall stay suppressed, look whether the reason still holds, and say so before that time:
      noroshi rules suppressions { $name }
      noroshi rules suppress FILTER --name { $name } --reason TEXT --until DATE

mail-watch-source-silent-subject = { $source }: nothing is heard of it
mail-watch-source-silent-text =
    A source of logs that is followed has gone silent.

    Source: { $source }
    Last heard: { $last }
    Silent for longer than: { $after }

    Look whether its machine runs and still writes; what it writes meanwhile is read when it comes.

mail-watch-source-unheard-subject = { $source }: nothing was ever heard of it
mail-watch-source-unheard-text =
    Nothing has come of a source of logs that is followed.

    Source: { $source }
    Last heard: never, followed since { $since }
    Silent for longer than: { $after }

    Look whether its paths in the settings are right and may be read (noroshi config check, noroshi status), and whether its machine writes.

mail-watch-source-spoke-subject = { $source }: it is heard again
mail-watch-source-spoke-text =
    A source of logs that had gone silent is heard again.

    Source: { $source }
    Heard: { $at }
    Silent since: { $last }

mail-unknown-subject = A message ({ $template })
mail-unknown-text =
    This version of Noroshi has no words for this message. What it says:

mail-end =
    Evidence: { $evidence }
    Sent by Noroshi; nobody reads replies. This mail: noroshi outbox show { $key }
