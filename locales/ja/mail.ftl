# 運用窓口へのメール。値は外から来るもので、それぞれ一行。

mail-watch-exclusion-expires-subject = { $set }：まもなくルールがふたたび動きます（{ $title }）
mail-watch-exclusion-expires-text =
    ここで止めているルールが、{ $until } にふたたび動き始めます。

    ルールセット：{ $set }
    ルール：{ $title }（{ $rule }）
    止めた時刻：{ $since }（{ $who }）
    理由：{ $reason }

    引き続き止めるには、その時刻までに次を実行してください：
      noroshi rules exclude RULE --reason TEXT --until DATE

mail-watch-suppression-expires-subject = { $title }：まもなくふたたび検知として出ます
mail-watch-suppression-expires-text =
    ここで抑止しているものが、{ $until } からふたたび検知として出ます。

    抑止：{ $name }
    除くもの：{ $title }
    ルール：{ $rule }
    抑止した時刻：{ $since }（{ $who }）
    理由：{ $reason }

    引き続き抑止するには、理由がまだ当てはまるかを確かめて、その時刻までに次を実行してください：
      noroshi rules suppressions { $name }
      noroshi rules suppress FILTER --name { $name } --reason TEXT --until DATE

mail-watch-source-silent-subject = { $source }：ログが届いていません
mail-watch-source-silent-text =
    追いかけているログの出どころから、何も届かなくなりました。

    出どころ：{ $source }
    最後に届いた時刻：{ $last }
    次の時間を超えて途絶：{ $after }

    機器が動いているか、ログを書き続けているかを確かめてください。その間に書かれたものは、届きしだい読まれます。

mail-watch-source-unheard-subject = { $source }：ログが一度も届いていません
mail-watch-source-unheard-text =
    追いかけているログの出どころから、まだ何も届いていません。

    出どころ：{ $source }
    最後に届いた時刻：一度も届いていない（追跡の開始 { $since }）
    次の時間を超えて途絶：{ $after }

    設定のパスが正しく、読めるか（noroshi config check、noroshi status）、機器がログを書いているかを確かめてください。

mail-watch-source-spoke-subject = { $source }：ふたたびログが届きました
mail-watch-source-spoke-text =
    途絶えていたログの出どころから、ふたたび届くようになりました。

    出どころ：{ $source }
    届いた時刻：{ $at }
    途絶えた時刻：{ $last }

mail-unknown-subject = 通知（{ $template }）
mail-unknown-text =
    この版の Noroshi には、この通知の文面がありません。内容は次のとおりです：

mail-end =
    証拠：{ $evidence }
    Noroshi が自動で送りました。返信は読まれません。このメール：noroshi outbox show { $key }
