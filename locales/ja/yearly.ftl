# 年次報告
yearly-title = { $year }年度 年次報告
yearly-rail-overview = 概要
yearly-rail-coverage = 見えている範囲
yearly-rail-clauses = 条項
yearly-rail-figures = 数値の定義
yearly-rail-cited = 引いた法令

yearly-newest = 最新の事象
yearly-no-before = 前の年度の記録なし
yearly-was = 前の年度は { $value }
yearly-same = 前の年度と同じ
yearly-more = 前の年度より { $by } 多い
yearly-less = 前の年度より { $by } 少ない

yearly-finding-none = この年度に、ルールに当たった事象はない
yearly-finding-mild = この年度に、重大と高の検知はない
yearly-finding-burst = 重大と高の検知{ $total }件の{ $percent } %が、{ $day }からの週に集まる
yearly-finding-spread = 重大と高の検知{ $total }件が、年度を通して散る。最も多いのは{ $day }からの週
yearly-chart-none = 検知がないことは、異常がないことの証しではありません。見えている範囲と、動いているルールを確かめてください。
yearly-chart-metric = 検知の数、週ごと
yearly-chart-title = 検知の数、週ごと
yearly-chart-unit = 件
yearly-chart-peak = { $day }からの週に、重大と高が{ $count }件

yearly-coverage-heading = どの組織の何が見えているか
yearly-coverage-text = 組織と ATT&CK のデータソースごとの、届いた事象の数です。「—」は、この年度に一つも届いていないことを示します。
yearly-coverage-caption = 組織とデータソースごとの事象の数

yearly-gaps = 数値がまだない条項
yearly-proof = 示すもの
yearly-clause-caption = 条項 { $clause } に答える数値
yearly-version = （{ $version } の版）

yearly-figures-heading = 数値の定義と、行の開き方
yearly-means = 定義
yearly-query = 問い合わせ
yearly-how = 行を開く
yearly-parts = 内訳

yearly-cited-heading = 引いた法令と文書
yearly-cited-text = 条文は改正で変わるため、意見が引いた版の日付を示します。「未確認」は、その日付の公式の条文を、この登録簿の作成者が読んでいないことを示します。
yearly-verified = 公式の条文で確認
yearly-unverified = 未確認

yearly-column-week = 週の始め
yearly-column-organisation = 組織
yearly-column-figure = 数値
yearly-column-value = 値
yearly-column-change = 前の年度から
yearly-column-document = 名称
yearly-column-version = 版の日付
yearly-column-verified = 条文の確認

yearly-tables = 表の版
yearly-journal = 記録
yearly-recorded = 最後の記録
