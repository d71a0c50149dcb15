# 所見ひとつのページ
found-aside = 所見 { $number }
found-rail-overview = 概要
found-rail-tree = プロセスの木
found-rail-evidence = 証拠
found-rail-rules = ルール
found-rail-indicators = 痕跡情報
found-rail-record = 記録
found-rail-open = 開き方

found-owner = 担当 { $name }
found-counts = 検知{ $verdicts }件、事象{ $events }件
found-techniques = 手口
found-summary = { $duration }のあいだに、{ $hosts ->
    [0] ホストのわからない事象
   *[other] { $hosts }台
}で、{ $rules }個のルールが{ $verdicts }件を検知した。
found-summary-moment = 同じ時刻に、{ $hosts ->
    [0] ホストのわからない事象
   *[other] { $hosts }台
}で、{ $rules }個のルールが{ $verdicts }件を検知した。
found-summary-main = もっとも重いルールは「{ $title }」（{ $level }）で、{ $time }に { $host } で初めて当たった。
found-closed = 結論は{ $disposition }。理由：{ $reason }

found-tree-heading = { $duration }のあいだに、{ $hosts }台で{ $verdicts }件を検知
found-tree-heading-moment = 同じ時刻に、{ $hosts }台で{ $verdicts }件を検知
found-tree-metric = プロセスの木と時間
found-tree-caption = ホストとプロセス、見えていた時間、当たったルール
found-tree-left = 紙幅のため省いたもの：ホスト{ $hosts }台、プロセス{ $processes }件。証拠の表にはあります。
found-tree-unread = あとの検知{ $left }件は、木に入っていません。全部を見るには：
found-hidden = ほかにプロセス{ $count }件
found-people = 人の行い
found-acts = { $count }件
found-acts-beside = この時間の外に{ $count }件

found-evidence-caption = 時刻の順の検知と、よりどころの観測の行
found-evidence-metric = { $total }件、時刻の順
found-evidence-cut = { $total }件のうち、時刻の順に最初の{ $count }件
found-evidence-left = あと{ $left }件の検知は、ここにありません。全部を見るには：
found-rows-more = ほか{ $left }行
found-rules-caption = 当たったルール、重い順
found-rules-metric = 重い順
found-indicators-caption = この所見から得た痕跡情報
found-indicators-metric = 無害化して表示
found-record-caption = 人の行い、新しい順
found-record-metric = 新しい順
found-left = あと{ $left }件は、ここにありません。全部を見るには：

found-column-time = 時刻
found-column-host = ホスト
found-column-what = 起きたこと
found-column-rule = ルール
found-column-level = 重さ
found-column-row = 観測の行
found-column-process = プロセス
found-column-when = 見えていた時間
found-column-matched = 当たったルール
found-column-verdicts = 検知
found-column-id = ルールの ID
found-column-set = セット
found-column-value = 値
found-column-kind = 種類
found-column-first = 初見
found-column-hits = 行
found-column-state = 状態
found-column-act = したこと

found-no-time = 時刻なし
found-no-host = ホスト不明
found-forgotten = 忘却ずみ
found-unseen = 見えていない

found-ties-heading = この所見とつながるもの
found-whole = まとめた先の所見
found-parts = 含む所見
found-related = 関係する所見
found-out-of = 取り出した元の所見
found-file = ファイル
found-cleared = 演習での利用

found-how-rows = すべての行
found-how-row = 最初の行と、それによる検知
found-how-acts = 所見の始まり
found-how-indicators = 痕跡情報
found-tables = 表の版
found-journal = 記録
found-recorded = 最後に記録した時刻
