# 所見：ひとつの出来事を語る検知のまとまり

cli-help-number = 所見の番号
cli-help-numbers = 所見の番号。全部に行うか、どれにも行わないかのどちらかです
cli-help-reason = 理由。記録に残るので、人の名前は書かないでください

cli-help-findings = 所見を一覧し、引き受け、書き留め、閉じ、まとめ、分ける。命令を書かなければ、開いているものの一覧
cli-help-findings-seat = この人に見えるとおりに示す。そう見たことは記録に残る
cli-help-findings-state = この状態のものだけ：new、progress、closed、merged（カンマで複数）
cli-help-findings-level = この深刻さ以上のものだけ
cli-help-findings-text = 題、ホスト、理由にこの文字列を含むものだけ
cli-help-findings-limit = 新しい順に、この件数だけ
cli-help-findings-all = 全部
cli-help-findings-zone = 表示する時刻の時間帯
cli-help-findings-json = JSON の配列で出力
cli-help-findings-more =
    所見とは、検知がともに語る出来事です。同じホストで30分以内、同じホストの同じルールで
    1週間以内、同じプロセスの木、同じセッション、ホストからホストへ続く同じルール、同じ相関
    をひとつにまとめます。新しい検知は、開いている所見に自動で加わります。

    例：
      noroshi findings --level high
      noroshi findings show 12 --rows
      noroshi findings show 12 --html finding-12.html
      noroshi findings take 12
      noroshi findings close 12 14 --as benign --reason "年次の棚卸し"

    終了コード：0 完了、1 記録か観測が使えない、2 その所見がない・断られた・使い方の誤り、
    3 ホームがない
cli-help-findings-show = 所見を表示：ルール、人の行い、--rows でよりどころの行
cli-help-findings-show-seat = この人に見えるとおりに示す。そう見たことは記録に残る。--html とは使えない
cli-help-findings-show-rows = 検知と、そのよりどころの行を時刻の順に表示
cli-help-findings-show-limit = 検知をこの件数だけ。なければ50件、ページでは200件
cli-help-findings-show-html = 所見を行とともに、一つの HTML ファイルに書く。- は標準出力
cli-help-findings-show-force = ほかの内容のファイルも置き換える
cli-help-findings-show-zone = 表示する時刻の時間帯
cli-help-findings-show-json = ひとつの JSON オブジェクトで出力
cli-help-findings-take = 所見を引き受ける
cli-help-findings-take-name = 担当者。なければ入力している人
cli-help-findings-take-json = ひとつの JSON オブジェクトで出力
cli-help-findings-release = 所見の担当を外す
cli-help-findings-release-json = ひとつの JSON オブジェクトで出力
cli-help-findings-close = 所見を閉じ、何であったかを記す。ルールごとに数えられる
cli-help-findings-close-disposition = 攻撃（true）、許された行い（benign）、ルールの言うことではなかった（false）
cli-help-findings-close-json = ひとつの JSON オブジェクトで出力
cli-help-findings-reopen = 閉じた所見をまた開く
cli-help-findings-reopen-json = ひとつの JSON オブジェクトで出力
cli-help-findings-grade = ルールと違うときに、所見の深刻さを定める
cli-help-findings-grade-level = informational、low、medium、high、critical のどれか
cli-help-findings-grade-json = ひとつの JSON オブジェクトで出力
cli-help-findings-title = 所見に題を付ける
cli-help-findings-title-text = 題
cli-help-findings-title-json = ひとつの JSON オブジェクトで出力
cli-help-findings-note = 書き留める。書いたものは残る
cli-help-findings-note-text = 内容。記録に残るので、人の名前は書かないでください
cli-help-findings-note-json = ひとつの JSON オブジェクトで出力
cli-help-findings-attach = 所見にファイルを添える
cli-help-findings-attach-file = ファイル。中身はホームに保管される
cli-help-findings-attach-json = ひとつの JSON オブジェクトで出力
cli-help-findings-merge = 所見を別の所見の一部にする
cli-help-findings-merge-into = まとめる先の所見
cli-help-findings-merge-json = ひとつの JSON オブジェクトで出力
cli-help-findings-separate = 人がまとめた所見を、また独立させる
cli-help-findings-separate-json = ひとつの JSON オブジェクトで出力
cli-help-findings-split = 検知を取り出して別の所見にする。書いた条件のすべてに合うものが対象
cli-help-findings-split-verdict = 検知の ID、またはその先頭
cli-help-findings-split-host = このホストの検知
cli-help-findings-split-rule = このルールの検知：ID か題
cli-help-findings-split-json = ひとつの JSON オブジェクトで出力
cli-help-findings-clear = 所見を演習に使えるようにする
cli-help-findings-clear-tlp = 演習での取り扱いの印
cli-help-findings-clear-replace = 置き換えるもの（項目か値）と、その代わり
cli-help-findings-clear-json = ひとつの JSON オブジェクトで出力
cli-help-findings-withhold = 所見を演習に使えないようにする
cli-help-findings-withhold-json = ひとつの JSON オブジェクトで出力
cli-help-findings-undo = まとめて行った変更を取り消す。その後に変わったものがあれば行わない
cli-help-findings-undo-key = そのときに表示された鍵
cli-help-findings-undo-json = ひとつの JSON オブジェクトで出力
cli-help-findings-rules = ルールの値打ちを、見つけたものについて人が言ったことから表示
cli-help-findings-rules-json = JSON の配列で出力

findings-none = この条件に合う所見はありません。
findings-more = 新しい { $shown } 件です。続きは --limit か --all で表示します。
findings-host-and = { $host } ほか{ $more }台
findings-head-number = 所見
findings-head-level = 深刻さ
findings-head-state = 状態
findings-head-last = 最後の事象
findings-head-verdicts = 検知
findings-head-host = ホスト
findings-head-title = 題
findings-head-owner = 担当
findings-state-new = 未着手
findings-state-progress = 進行中
findings-state-closed = 完了
findings-state-merged = 別の所見の一部
findings-level-informational = 参考
findings-level-low = 低
findings-level-medium = 中
findings-level-high = 高
findings-level-critical = 重大
findings-disposition-true = 攻撃
findings-disposition-benign = 許された行い
findings-disposition-false = 誤検知
findings-rules-none = 所見はまだありません。
findings-rules-head-title = ルール
findings-rules-head-level = 深刻さ
findings-rules-head-open = 未完了
findings-rules-head-true = 攻撃
findings-rules-head-benign = 許された行い
findings-rules-head-false = 誤検知
findings-rules-note = 所見の数。かっこの中は検知の数。

findings-show-title = 所見 { $number }：{ $title }
findings-show-level = 深刻さ
findings-show-state = 状態
findings-show-disposition = 結論
findings-show-reason = 理由
findings-show-owner = 担当
findings-show-organisation = 組織
findings-show-host = ホスト
findings-show-first = 最初の事象
findings-show-last = 最後の事象
findings-show-verdicts = 検知
findings-show-events = 事象
findings-show-techniques = 技法
findings-show-whole = まとめた先
findings-show-parts = 含む所見
findings-show-related = 関係する所見
findings-show-files = ファイル
findings-show-cleared = 演習での利用
findings-show-rule = ルール
findings-show-history = 人の行い：
findings-show-rows = 検知と、そのよりどころの行：
findings-show-rows-how = noroshi findings show { $number } --rows で、よりどころの行を表示します。
findings-show-more = あと{ $left }件。--limit で表示します。
findings-page-written = 所見を { $path } に書きました。
findings-said-joined = 検知が加わりました
findings-said-parted = { $who } が検知を所見 { $what } に取り出しました
findings-said-merged = { $who } がまとめました。まとめた先と理由：{ $what }
findings-said-absorbed = { $who } がまとめました。含む所見と理由：{ $what }
findings-said-restored = { $who } が独立させました：{ $what }
findings-said-released = { $who } が所見を外しました：{ $what }
findings-said-taken-back = { $who } が直前の変更を取り消しました：{ $what }
findings-said-assigned = { $who } が担当を定めました
findings-said-unassigned = { $who } が担当を外しました
findings-said-closed = { $who } が閉じました。{ $what }
findings-said-reopened = { $who } がまた開きました：{ $what }
findings-said-graded = { $who } が深刻さを定めました。{ $what }
findings-said-titled = { $who } が題を付けました：「{ $what }」
findings-said-noted = { $who } が書き留めました：{ $what }
findings-said-attached = { $who } が { $what } を添えました
findings-said-cleared = { $who } が演習に使えるようにしました。{ $what }
findings-said-withheld = { $who } が演習に使えないようにしました：{ $what }

findings-done-taken = 引き受けました：{ $findings }
findings-done-released = 担当を外しました：{ $findings }
findings-done-closed = 閉じました：{ $findings }
findings-done-reopened = また開きました：{ $findings }
findings-done-graded = 深刻さを定めました：{ $findings }
findings-done-titled = 題を付けました：{ $findings }
findings-done-noted = 書き留めました：{ $findings }
findings-done-attached = ファイルを添えました：{ $findings }
findings-done-cleared = 演習に使えるようにしました：{ $findings }
findings-done-withheld = 演習に使えないようにしました：{ $findings }
findings-done-undone = 取り消しました：{ $findings }
findings-done-merged = 所見 { $other } にまとめました：{ $findings }
findings-done-separated = 独立させました：{ $findings }
findings-done-split = 所見 { $findings } の検知を、所見 { $other } に取り出しました。
findings-undo = 取り消すには：noroshi findings undo { $key } --reason …

findings-error-not-grouped = 検知を所見にまとめられませんでした（{ $reason }）。検知は保管されています。noroshi ingest か noroshi detect --lake をもう一度実行してください。
findings-error-missing = 所見 { $number } はありません。noroshi findings --all で一覧できます。
findings-error-no-reason = 所見 { $number } には理由が要ります。--reason で書いてください。
findings-error-bad-text = 所見 { $number } の文が空か、長すぎます。書き直してください。
findings-error-already = 所見 { $number } はすでにそうなっています。何も変わっていません。
findings-error-part = 所見 { $number } は所見 { $other } の一部です。そちらを使うか、先に独立させてください。
findings-error-has-parts = 所見 { $number } には、人がまとめた所見があります。先に独立させるか、逆にまとめてください。
findings-error-closed = 所見 { $number } は閉じています。先にまた開いてください。
findings-error-not-closed = 所見 { $number } は閉じていません。開き直すものはありません。
findings-error-not-part = 所見 { $other } は、人が所見 { $number } にまとめたものではありません。人がまとめたものだけを独立させられます。
findings-error-held = 所見 { $number } には担当者がいます。何も変わっていません。
findings-error-changed-since = 所見 { $number } はその後に変わりました。何も取り消していません。ひとつずつ直してください。
findings-error-meanwhile = 所見 { $number } はその間に変わりました。見直してから、もう一度行ってください。
findings-error-empty = 所見 { $number } に検知が残りません。取り出すものを減らしてください。
findings-error-state = 「{ $state }」という所見の状態はありません。new、progress、closed、merged のどれかを書いてください。
findings-error-nobody = 入力している人の名前がわかりません。--name で書いてください。
findings-error-replace = 「{ $text }」では、何を何に置き換えるのかがわかりません。「何=代わり」と書いてください。
findings-error-file = { $path } が読めません（{ $reason }）。読めるファイルを指定してください。
findings-error-undo = 鍵 { $key } で最後に変わったものはありません。すでに取り消したか、その後に変わっています。
findings-error-no-part = 所見 { $number } は別の所見の一部ではありません。独立させるものはありません。
findings-error-split-none = どの検知のことか書かれていません。--verdict、--host、--rule のどれかを書いてください。
findings-error-split-nothing = 所見 { $number } に、この条件に合う検知はありません。noroshi findings show { $number } --rows で一覧できます。
findings-error-rows-gone = 所見 { $number } の検知のうち{ $gone }件はもう保管されていないので、残りを数えられません。分けられません。

findings-ingested = 所見：新しいもの{ $opened }件、検知が加わったもの{ $took }件（noroshi findings で一覧）
