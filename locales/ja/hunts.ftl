# 保存したハントと、その実行。

cli-help-hunts = くり返し尋ねる問いを残し、実行し、いつ実行して何が見つかったかを示す。コマンドを付けなければ一覧
cli-help-hunts-all = 引退したものも示す
cli-help-hunts-zone = 表示する時刻の時間帯
cli-help-hunts-json = JSON の配列を出力する
cli-help-hunts-more =
    実行は、尋ねた観測の境、行の数、行のハッシュとともに記録に残ります。行その
    ものは残りません。同じ境でもう一度尋ねれば、観測を整理したあとでも同じ答えに
    なります。

    例:
      noroshi hunts save new-services --text "夜間に入ったサービス" \
        --technique T1543.003 --sql 'SELECT time, "device.hostname" FROM …'
      noroshi hunts run new-services
      noroshi hunts run new-services --pinned 1
      noroshi hunts show new-services

    終了コード: 0 終わった、1 答えが前と違う、行がもうない、または帳簿が使えない、
    2 そのハントはない、または使い方の誤り、3 ホームがない、130 停止した。
cli-help-hunts-save = ハントを、またはその新しい版を残す
cli-help-hunts-save-name = 名前。英小文字、数字、ハイフン
cli-help-hunts-save-sql = noroshi query と同じ問い。- で標準入力から読む。記録に残るので、人の名前は書かない
cli-help-hunts-save-text = 何を探すか。記録に残る
cli-help-hunts-save-technique = 関わる ATT&CK の技術。くり返せる
cli-help-hunts-save-clause = 役立つ条項（2-1-2a など）。くり返せる
cli-help-hunts-save-json = JSON のオブジェクトを出力する
cli-help-hunts-run = ハントを実行し、結果を記録する
cli-help-hunts-run-name = 名前
cli-help-hunts-run-pinned = 前の実行の番号、または境を書くと、そのときにあったものに尋ねる。書かなければ今あるもの
cli-help-hunts-run-rows = 表示する行の数。数とハッシュはすべての行から求める
cli-help-hunts-run-json = 表示する行とともに JSON のオブジェクトを出力する
cli-help-hunts-show = ハントが尋ねること、探すもの、実行の一覧を示す
cli-help-hunts-show-name = 名前
cli-help-hunts-show-zone = 表示する時刻の時間帯
cli-help-hunts-show-json = すべての版とともに JSON のオブジェクトを出力する
cli-help-hunts-retire = ハントを引退させる。実行の記録は残り、保存し直せば戻る
cli-help-hunts-retire-name = 名前
cli-help-hunts-retire-reason = 理由。記録に残るので、人の名前は書かない
cli-help-hunts-retire-json = JSON のオブジェクトを出力する

cli-hunts-none = 保存したハントはありません。
cli-hunts-head-name = ハント
cli-hunts-head-version = 版
cli-hunts-head-runs = 実行
cli-hunts-head-last = 最後の実行
cli-hunts-head-found = 行
cli-hunts-head-text = 探すもの
cli-hunts-retired = （引退）{ $text }
cli-hunts-was-retired = { $name } はもう実行しません。記録は残ります: noroshi hunts show { $name }
cli-hunts-saved = { $name } を保存しました。noroshi hunts run { $name } で実行します。
cli-hunts-saved-before = { $name } はすでにこの通りに保存されています。何も変えていません。
cli-hunts-unasked = まだ尋ねられません: { $reason }
cli-hunts-ran = { $rows } 行{ $left ->
    [0] {""}
   *[other] （うち { $left } 行は表示していません）
} · 境 { $horizon } · { $hash }
cli-hunts-same = 答えは実行 { $number } と同じです。
cli-hunt = { $name } · 版 { $version } · { $at } · { $text }
cli-hunt-retired = 引退: { $reason }
cli-hunt-unrun = まだ誰も実行していません。
cli-hunt-head-run = 実行
cli-hunt-head-at = いつ
cli-hunt-head-who = 誰
cli-hunt-head-version = 版
cli-hunt-head-rows = 行
cli-hunt-head-again = 再実行
cli-hunt-head-hash = ハッシュ
cli-hunt-head-horizon = 境

cli-error-hunts-name = { $name } はハントの名前になりません。英小文字、数字、ハイフンを 60 字まで使ってください。
cli-error-hunts-none = { $name } というハントはありません。noroshi hunts が一覧を示します。
cli-error-hunts-retired = { $name } は引退しています。戻すには保存し直してください。
cli-error-hunts-sql = 問いが空か、長すぎます。SELECT を一つ書いてください。
cli-error-hunts-text = 何を探すかが書かれていないか、長すぎます。--text に 2,000 字までで書いてください。
cli-error-hunts-tag = { $more } は札になりません。技術は T1059 や T1059.001、条項は 2-1-2a のように書いてください。
cli-error-hunts-version = { $name } に版 { $more } はありません。noroshi hunts show { $name } が版を示します。
cli-error-hunts-horizon = { $horizon } は { $name } の実行でも境でもありません。noroshi hunts show { $name } が両方を示します。
cli-error-hunts-differs = 同じことを尋ねたのに、答えが実行 { $number } と違います。ORDER BY のない LIMIT、now()、小数の合計を使う問いは、答えが毎回変わります。そうでなければ noroshi doctor で調べてください。
cli-query-error-horizon = { $name } のどの行が境にあったかは分かりません。この設備の事象、バッチ、検知に尋ねてください。
cli-query-error-gone-batches = この境にはもう尋ねられません。{ $expected } 個のバッチの境ですが、それまでに受け取ったものは今 { $found } 個あります。新しい境で実行してください。
cli-query-error-gone-rows = この境にはもう尋ねられません。そのときの { $rows } 行はもう残っていません。新しい境で実行してください。
