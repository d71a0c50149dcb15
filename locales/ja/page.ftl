# 画面と紙面が共有する言葉。

page-product = 狼煙
page-product-latin = Noroshi
page-skip = 本文へ移る
page-sections = この文書の内容
page-show-as-table = 表で見る
page-clauses = 条項 { $clauses }

# TLP 2.0 の意味
page-tlp-clear = どなたでも読めます
page-tlp-green = この分野の仲間まで。公開はしない
page-tlp-amber = 自組織とその顧客の、知る必要がある人だけ
page-tlp-amber-strict = 自組織の、知る必要がある人だけ
page-tlp-red = 名指しされた受け手だけ。外へ出さない

# 重さ
page-level-critical = 重大
page-level-high = 高
page-level-medium = 中
page-level-low = 低
page-level-informational = 参考

# 文の途中の重さ
page-level-critical-inline = 重大
page-level-critical-attributive = 重大な
page-level-high-inline = 高
page-level-high-attributive = 重さ「高」の
page-level-medium-inline = 中
page-level-medium-attributive = 重さ「中」の
page-level-low-inline = 低
page-level-low-attributive = 重さ「低」の
page-level-informational-inline = 参考
page-level-informational-attributive = 参考の

# 日付と時間
page-day = { $month }月{ $day }日
page-month = { $month }月
page-month-year = { $year }年{ $month }月
page-seconds = { $number }秒
page-minutes = { $number }分
page-hours = { $number }時間
page-days = { $number }日

# 外から来た文字の切り詰め
page-cut = …あと{ $number }文字

# ATT&CK の戦術
page-tactic-reconnaissance = 偵察
page-tactic-resource-development = 資源の用意
page-tactic-initial-access = 侵入
page-tactic-execution = 実行
page-tactic-persistence = 居座り
page-tactic-privilege-escalation = 権限の昇格
page-tactic-defense-evasion = 防御の回避
page-tactic-credential-access = 資格情報の入手
page-tactic-discovery = 探索
page-tactic-lateral-movement = 横への移動
page-tactic-collection = 収集
page-tactic-command-and-control = 遠隔操作
page-tactic-exfiltration = 持ち出し
page-tactic-impact = 影響
