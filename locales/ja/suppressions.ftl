# 抑止：ルールが見つけるが、しばらく見る必要のないもの。

cli-help-rules-suppress = Sigma のフィルターが除くものを、理由と期限を付けて、検知として出さないようにします
cli-help-rules-suppress-filter = Sigma のフィルターが一つあるファイル。その代わりに --rule と --where でも書けます
cli-help-rules-suppress-rule = ルール。ID、題名の全体、またはパスの末尾です
cli-help-rules-suppress-field = 出さない事象が持つもの。ルールと同じ書き方のフィールド（修飾子も可）とその値。フィールドがいくつもあれば、すべてに合うもの。同じフィールドを繰り返せば、そのどれかの値
cli-help-rules-suppress-name = 抑止の名前。英小文字、数字、ハイフン。省くと、ファイルかルールから付けます
cli-help-rules-suppress-reason = 理由。記録に残ります
cli-help-rules-suppress-until = ふたたび出す時刻: 2026-12-31（その日の始まり）、2026-12-31T18:00
cli-help-rules-suppress-zone = --until に時差がないときの時間帯
cli-help-rules-suppress-dry-run = 何も変えません。保存してあるものを調べ、出なくなる検知の数を示します
cli-help-rules-suppress-json = 一つの JSON で表示します
cli-help-rules-suppress-more =
    抑止は、名指ししたルールのどの版にも効き、必ず終わります。抑止で狭められたルールは同じルールのままで、以前に見つけたものを別の検知としてもう一度出すことはありません。ルールをまったく動かさないなら、除外（exclude）します。

    例：
      noroshi rules suppress --rule "Shadow copies deleted" --where 'ParentImage|endswith=\backup.exe' --dry-run
      noroshi rules suppress --rule "Shadow copies deleted" --where 'ParentImage|endswith=\backup.exe' \
        --reason "青葉のバックアップ、票 311" --until 2027-03-31
      noroshi rules suppress backup.yml --reason "票 311" --until 2027-03-31
cli-help-rules-suppressions = 何を、なぜ、いつまで抑止しているかを並べます
cli-help-rules-suppressions-name = そのうちの一つ。フィルターも示します
cli-help-rules-suppressions-all = 終わったものも並べます
cli-help-rules-suppressions-zone = 表示する時刻の時間帯
cli-help-rules-suppressions-json = JSON の配列で表示します
cli-help-rules-unsuppress = 抑止をやめ、除いていたものをふたたび出します
cli-help-rules-unsuppress-name = 抑止。noroshi rules suppressions にある名前
cli-help-rules-unsuppress-reason = 理由。記録に残ります
cli-help-rules-unsuppress-json = 一つの JSON で表示します

cli-suppress-done = { $name } として抑止しました。これから { $rules } 件のルールが、その分だけ見つけません。すでにある検知は残ります。抑止しているものは noroshi rules suppressions で見られます。
cli-suppress-before = { $name } は、すでにこのとおりです。{ $rules } 件のルールが、その分だけ見つけません。
cli-suppress-ended = { $name } の抑止をやめました。除いていたものを、ふたたび出します。
cli-suppressions-none = 抑止しているものはありません。
cli-suppressions-over = 終わり
cli-suppressions-head-name = 名前
cli-suppressions-head-until = 期限
cli-suppressions-head-who = した人
cli-suppressions-head-title = 除くもの
cli-suppressions-head-reason = 理由
cli-error-suppress-filter = { $path } は Sigma のフィルターではありません：{ $reason }（{ $line } 行目）。title、logsource、filter のある文書を一つ書いてください。
cli-error-suppress-nothing = フィルター { $name } に当てはまる、ここで動いているルールがありません。動いているルールは noroshi rules list で見られます。フィルターはルールを ID で名指しし、同じかより広い logsource を持ちます。
cli-error-suppress-field = { $text } は、フィールドと値になっていません。'Image|endswith=\backup.exe' のように、フィールド=値、またはフィールド|修飾子=値と書いてください。
cli-error-suppress-no-id = ルール { $rule } には、フィルターが名指しできる ID も名前もありません。ID を付けるか、除外してください。
cli-error-suppress-name = { $name } は抑止の名前にできません。--name に、英小文字、数字、ハイフンで 60 字までの名前を書いてください。
cli-error-suppress-size = フィルターが空か、50,000 字を超えています。短いフィルターを一つ書いてください。
cli-error-suppress-over = その期限はすでに過ぎています。--until に、これから来る時刻を書いてください。
cli-error-suppress-none = 抑止 { $name } はないか、すでに終わっています。noroshi rules suppressions --all で一覧を見られます。
