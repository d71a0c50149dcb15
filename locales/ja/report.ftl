# ログの検知をまとめた一枚の報告。

report-title = ログから検知したこと
report-rail-overview = 概要
report-rail-rules = ルール
report-rail-hosts = 端末
report-rail-truth = 答え合わせ
report-rail-verdicts = 検知の一覧
report-rail-refused = 使えないルール
report-rail-flaws = 読めない箇所

# 対象
report-paths-more = { $first } ほか{ $more }件
report-period = { $first }–{ $last } ({ $zone })
report-no-period = 時刻のある事象はない
report-coverage = 事象の{ $percent } %を見るルールがある
report-freshness = 最後の事象から作成まで { $age }
report-created = { $time } 作成
report-read = 源 { $sources }、{ $size }、{ $duration }、毎秒 { $speed }件

# 四つの数字
report-verdicts-label = 検知
report-verdicts-unit = 件
report-verdicts-none = 当たったルールはない
report-verdicts-severe = うち{ $level } { $count }件
report-hosts-label = 検知のあった端末
report-hosts-unit = 台
report-hosts-severe = うち重大か高は { $count }台
report-hosts-mild = 重大も高もない
report-rules-label = 当たったルール
report-rules-unit = ／{ $loaded }
report-rules-refused = 使えず { $count }
report-rules-all = 読んだルールはすべて使えた
report-events-label = 読んだ事象
report-events-unit = 件
report-events-speed = { $duration }、毎秒 { $speed }件
report-events-time = { $duration }で読了
report-events-flaws = 読めず { $count }

# 見つけたことを言う見出し
report-finding-none = ルールに当たった事象はない
report-finding-no-rule = 使えるルールが残らず、何も調べていない
report-finding-no-input = ログと認められる入力がなく、何も調べていない
report-finding-one = { $level }検知は1件、{ $when }の { $host }
report-finding-one-hostless = { $level }検知は1件、{ $when }
report-finding-one-timeless = { $level }検知は1件、{ $host }
report-finding-one-bare = { $level }検知が1件
report-finding-burst-one-host = { $level }検知{ $count }件{ $percent ->
    [100] すべて
   *[other] のうち{ $percent } %
}が、{ $window }の { $host } に集まる
report-finding-burst = { $level }検知{ $count }件{ $percent ->
    [100] すべて
   *[other] のうち{ $percent } %
}が、{ $window }に { $host } など{ $hosts }台へ集まる
report-finding-burst-hostless = { $level }検知{ $count }件{ $percent ->
    [100] すべて
   *[other] のうち{ $percent } %
}が、{ $window }に集まる
report-finding-spread-one-host = { $level }検知{ $count }件はすべて { $host }。{ $window }に最も多い
report-finding-spread = { $level }検知{ $count }件が{ $hosts }台に散る。最も多いのは { $host }、{ $window }
report-finding-spread-hostless = { $level }検知{ $count }件は、{ $window }に最も多い
report-finding-timeless-one-host = { $level }検知{ $count }件はすべて { $host }
report-finding-timeless = { $level }検知{ $count }件が{ $hosts }台に。最も多いのは { $host }
report-finding-timeless-bare = { $level }検知が{ $count }件
report-window-hour = { $day }{ $hour }時台
report-window-day = { $day }
report-window-part = { $day }{ $from }からの{ $length }
report-moment = { $day } { $time }

report-none-advice = 0件は、異常がないことの証しではありません。{ $events }件の事象のうち、見るルールがあるのは{ $percent } %です。期間とログの種類が足りているか、確かめてください。
report-none-events = 事象を1件も読めませんでした。渡した場所とファイルの種類を確かめてください。

# 図
report-chart-title = 検知の数、{ $bin }ごと
report-chart-metric = 検知の数、{ $bin }ごと
report-chart-unit = { $count ->
   *[other] 件
}
report-series-low-and-informational = 低と参考
report-annotation = { $time } { $host } に{ $level } { $count }件
report-annotation-hosts = { $time } { $hosts }台に{ $level } { $count }件
report-annotation-hostless = { $time } { $level } { $count }件
report-annotation-rules = { $rule } ほか{ $more }ルール
report-table-start = 始まり
report-table-total = 計
report-table-caption = 検知の数、{ $bin }ごと。0件の時間は省く

# 表
report-rules-metric = 重い順
report-rules-caption = 当たったルール、重い順
report-hosts-metric = 重い検知の多い順
report-hosts-caption = 検知のあった端末、重い検知の多い順
report-column-level = 重さ
report-column-rule = ルール
report-column-tags = 手口 (ATT&CK)
report-column-count = 件数
report-column-hosts = 端末
report-column-first = 最初
report-column-last = 最後
report-column-host = 端末
report-column-when = いつ
report-column-kinds = 重さの内訳
report-column-time = 時刻
report-column-what = ルールと内容
report-column-source = 出どころ
report-column-place = 場所
report-column-reason = 理由
report-column-offset = 位置
report-column-technique = 手口
report-column-step = 段階
report-column-story = 物語
report-column-planted = 仕込み
report-column-seen = それでも検知
report-strip-title = { $host }: { $first } から { $last } まで { $count }件
report-mix-title = { $critical ->
    [0] 重大なし
   *[other] 重大 { $critical }
}、高 { $high }、中 { $medium }、低 { $low }
report-unknown-host = 不明
report-no-time = 時刻なし
report-no-tags = なし

# 検知の一覧
report-verdicts-heading = 検知の一覧
report-verdicts-metric = { $count }件、時刻順
report-verdicts-metric-cut = { $total }件のうち{ $count }件、時刻順
report-verdicts-caption = 検知の一覧、時刻順。行を開くと項目が見える
report-filter-legend = 重さで絞る
report-filter-text = 語で絞る
report-filter-text-hint = ルール、端末、項目の値
report-filter-host = 端末で絞る
report-filter-all-hosts = すべての端末
report-filter-reset = 絞り込みを解く
report-filter-shown = { $total }件のうち{ $shown }件
report-filter-empty = この条件に合う検知はありません。絞り込みを1つ外してください。
report-field-rule = ルール番号
report-field-source = ファイル
report-field-place = 何件目の事象
report-field-line = 行
report-field-record = 記録番号
report-field-before = それまでの事象（{ $count } 件）
report-before-more = … さらに前に { $count } 件
report-print-fields = 項目の全部は、画面で行を開くと見えます。

# 答え合わせ
report-truth-heading = 仕込んだ攻撃{ $expected }件のうち{ $found }件を検知、誤検知{ $false }件
report-truth-metric = 模擬データの正解と照らした
report-truth-precision = 適合率
report-truth-precision-note = 検知{ $verdicts }件のうち{ $right }件が仕込んだ攻撃
report-truth-recall = 再現率
report-truth-recall-note = 見つかるはずの{ $expected }件のうち{ $found }件
report-truth-false = 誤検知
report-truth-false-unit = 件
report-truth-false-note = 普段の仕事に当たった検知
report-truth-missed = 見逃し
report-truth-missed-unit = 件
report-truth-missed-note = 見つかるはずだった攻撃
report-truth-bar-planted = 仕込んだ攻撃の事象
report-truth-bar-expected = 同梱のルールで見つかるはず
report-truth-bar-found = 見つけた
report-truth-bar-no-rule = −{ $count }  当たるルールがまだないと分かっているもの
report-truth-bar-missed = −{ $count }  見逃した
report-truth-chart = 仕込んだ攻撃が見つかるまで
report-truth-value = { $count }件
report-truth-missed-heading = 見逃した攻撃
report-truth-missed-caption = 見逃した攻撃、時刻順
report-truth-none-missed = 見つかるはずの攻撃は、すべて見つけました。
report-truth-unknown-heading = ルールで分からない仕込み{ $planted }件、うち{ $seen }件はそれでも検知
report-truth-unknown-caption = ルールで分からない仕込み、物語と段階ごと
report-percent-unit = %

# 使えなかったルール、読めなかった箇所
report-refused-heading = 使えなかったルール
report-refused-metric = { $count }件。ほかの{ $loaded }件は使った
report-refused-caption = 使えなかったルールと理由
report-flaws-heading = 読めなかった箇所
report-flaws-metric = { $count }件。前後の事象は読んだ
report-flaws-metric-cut = { $total }件のうち{ $count }件。前後の事象は読んだ
report-flaws-caption = 読めなかった箇所と理由
report-footer-product = 狼煙 Noroshi { $version }
report-footer-offline = 1つのファイルで完結し、通信しません
