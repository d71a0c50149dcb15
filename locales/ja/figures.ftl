# 数値とその報告
figure-lake-events = 蓄えた事象
figure-lake-events-means = 観測の表の行のうち、事象の時刻が期間に入るもの。置き換えられたバッチの行は数えない。
figure-lake-hosts = 事象の届いた端末
figure-lake-hosts-means = 期間の事象に現れる、組織と端末の名前の組。別の組織の同じ名前は別の端末と数える。名前のない事象は数えない。
figure-lake-organisations = 観測した組織
figure-lake-organisations-means = 期間の事象の持ち主である組織。
figure-lake-coverage = 見えているデータソース
figure-lake-coverage-means = 期間に事象が一つでもある、組織と ATT&CK のデータソースの組。事象のクラスを、主に当たるデータソース一つ（ATT&CK 第十七版の名前）に対応させる。対応のないクラスは数えない。
figure-lake-undated = 時刻のない事象
figure-lake-undated-means = 時刻を読めなかった事象。どの期間にも入らないので、期間を問わず数える。
figure-lake-sources = 情報源
figure-lake-sources-means = 期間と重なる事象のあるバッチの、組織、名前、入力パスの組。置き換えられたバッチは数えない。
figure-lake-flaws = 読めなかった箇所
figure-lake-flaws-means = 欠損の表の行のうち、そのバッチの最初の事象が期間に入るもの。時刻のある事象のないバッチは、受け取った時刻による。
figure-watch-verdicts = 検知
figure-watch-verdicts-means = 検知の表の行のうち、検知のもとになった（相関では、成り立たせた）事象の時刻が期間に入るもの。
figure-watch-severe-verdicts = 重大と高の検知
figure-watch-severe-verdicts-means = 検知のうち、重大度が critical と high のもの。
figure-watch-hosts-with-verdicts = 検知のあった端末
figure-watch-hosts-with-verdicts-means = 期間の検知に現れる、組織と端末の名前の組。
figure-watch-organisations-with-verdicts = 検知のあった組織
figure-watch-organisations-with-verdicts-means = 期間の検知のもとになった事象の持ち主である組織。
figure-watch-rules-with-verdicts = 検知したルール
figure-watch-rules-with-verdicts-means = 期間の検知に現れるルール。ID のないルールは、その中身で見分ける。
figure-watch-techniques = 検知した攻撃手法
figure-watch-techniques-means = 期間の検知のルールに付いている、ATT&CK の攻撃手法の番号。
figure-watch-findings = 所見
figure-watch-findings-means = 所見のうち、最初の事象の時刻が期間に入るもの。別の所見に併合されたものは数えない。
figure-watch-severe-findings = 重大と高の所見
figure-watch-severe-findings-means = 期間の所見のうち、いまの重大度が critical と high のもの。
figure-watch-findings-open = 閉じていない所見
figure-watch-findings-open-means = 期間の所見のうち、記録の最新のコミットの時点で閉じていないもの。
figure-watch-findings-closed = 閉じた所見
figure-watch-findings-closed-means = 期間の所見のうち、記録の最新のコミットの時点で、判断を付けて閉じられているもの。
figure-watch-organisations-with-findings = 所見のあった組織
figure-watch-organisations-with-findings-means = 期間の所見に関わる組織。
figure-watch-time-to-finding = 所見までの時間（中央値）
figure-watch-time-to-finding-means = 期間の所見の、最初の事象から所見ができるまでの時間の中央値。後から取り込んだログでは、取り込むまでの時間も入る。
figure-watch-rules = 動いているルール
figure-watch-rules-means = 期間の終わり（まだなら、最後に何かが記録された時）に動いていたセットのルールから、ここで除外されているものを引いた数。
figure-watch-exclusions = 除外しているルール
figure-watch-exclusions-means = 期間の終わり（まだなら、最後に何かが記録された時）に、理由を付けて除外されていたルール。
figure-watch-silences = 情報源が途切れた回数
figure-watch-silences-means = 追跡中のログが、決めた長さを超えて届かないと、期間中に記録された回数。
figure-watch-silent-sources = 途切れたままの情報源
figure-watch-silent-sources-means = 期間の終わりに、途切れたままだった追跡中のログ。
figure-access-viewers = 帳簿を見た主体
figure-access-viewers-means = 期間の閲覧記録に現れる主体。数えるための閲覧も記録に残る。
figure-duties-clauses = 登録された条項
figure-duties-clauses-means = 条項の登録簿にある条項。
figure-duties-clauses-with-figures = 数値のある条項
figure-duties-clauses-with-figures-means = 登録簿の条項のうち、それに答える数値が一つ以上あるもの。

figure-unit-events = { $number ->
   *[other] 件
  }
figure-unit-verdicts = { $number ->
   *[other] 件
  }
figure-unit-findings = { $number ->
   *[other] 件
  }
figure-unit-hosts = { $number ->
   *[other] 台
  }
figure-unit-organisations = { $number ->
   *[other] 組織
  }
figure-unit-pairs = { $number ->
   *[other] 組
  }
figure-unit-sources = { $number ->
   *[other] 個
  }
figure-unit-places = { $number ->
   *[other] 箇所
  }
figure-unit-rules = { $number ->
   *[other] 個
  }
figure-unit-techniques = { $number ->
   *[other] 種
  }
figure-unit-exclusions = { $number ->
   *[other] 個
  }
figure-unit-times = { $number ->
   *[other] 回
  }
figure-unit-viewers = { $number ->
   *[other] 人
  }
figure-unit-clauses = { $number ->
   *[other] 件
  }
figure-value = { $value } { $unit }
figure-value-none = —

figures-year = { $year }年度（{ $from } から { $to }）
figures-quarter = { $year }年度第{ $quarter }四半期（{ $from } から { $to }）
figures-month = { $year }年{ $month }月
figures-days = { $from } から { $to }
figures-newest = 最新 { $time }
figures-none-newest = —
figures-footer = 記録 { $position }、観測の最新の事象 { $newest }。一つを開くには noroshi figures show 数値
figures-head-means = 定義
figures-head-clauses = 条項
figures-head-query = 問い合わせ
figures-head-parts = 内訳
figures-head-rows = 数えた行
figures-in-period = { $value }  { $period }
figures-parts-more = …ほか { $count } 件（--json にすべて）
figures-rows-more = …ほか { $count } 行（--limit { $all } ですべて）
figures-rows-how = 証拠を開くには noroshi evidence 証拠
figures-no-rows = この期間に数えた行はありません。
figures-query-acts = { $kind } の行為（noroshi evidence で一つずつ開けます）
figures-query-table = 記録の表 { $table }
figures-query-access = 閲覧記録
figures-query-register = 条項の登録簿

figures-error-period = 期間 { $text } を読めません。年度は 2026、四半期は 2026-Q1、月は 2026-06、日は 2026-04-01..2026-07-01（最後の日を含まない）と書いてください。
figures-error-empty = このホームにはまだ何もなく、年度を決められません。--period 2026 のように期間を指定してください。
figures-error-id = 数値 { $text } はありません。noroshi figures で一覧を見てください。
figures-error-near = 数値 { $text } はありません。{ $near } のことですか。一覧は noroshi figures で見られます。
figures-error-part = { $figure } に { $text } という内訳はありません。noroshi figures show { $figure } で内訳を見てください。

cli-help-figures = 数値の一覧と、その定義、問い合わせ、数えた行
cli-help-figures-period = 期間。年度 2026、四半期 2026-Q1、月 2026-06、日 2026-04-01..2026-07-01（最後の日を含まない）。なければ最新の事象の年度
cli-help-figures-json = JSON の配列で表示
cli-help-figures-more =
    数値には定義、単位、条項があり、年次報告とここで同じ値になります。日と年度は
    日本の時刻で区切ります。値は、問い合わせと数えた行で確かめられます。

    例:
      noroshi figures
      noroshi figures --period 2026-Q1 --json
      noroshi figures show lake.events
      noroshi figures show 'lake.events{"{"}owner=aoba{"}"}' --rows
      noroshi figures show watch.verdicts --period 2026-06 --rows --limit 100

    終了コード: 0 完了、1 読めない、2 使い方の誤り、3 ホームがない、130 停止。
cli-help-figures-show = 一つの数値の値、定義、問い合わせ、内訳、数えた行
cli-help-figures-show-id = 数値（lake.events）か、その内訳（'lake.events{"{"}owner=aoba{"}"}'）
cli-help-figures-show-period = 期間（noroshi figures と同じ）
cli-help-figures-show-rows = 数えた行を証拠とともに表示
cli-help-figures-show-limit = 表示する行の数
cli-help-figures-show-json = JSON のオブジェクトを一つ表示

clause-strength-frame = 枠組み
clause-strength-goal = 目標
clause-strength-request = 要請
clause-strength-request-effort = 要請（努力）
clause-strength-request-study = 要請（検討）
clause-strength-wish = 要望
clause-strength-wish-statutory = 要望（法定）
clause-strength-wish-effort = 要望（努力）

evidence-error-form = 証拠 { $text } を読めません。lake:own/クラス/バッチ/行、act:ストリーム/番号、look:番号、clause:条項 のどれかを、noroshi figures show --rows から写してください。
evidence-error-none = { $text } は、このホームにありません。noroshi figures show --rows で行を見直すか、--home で別のホームを指定してください。
evidence-none = ありません
evidence-expired = この行は保存期間が終わり、残っていません。バッチの記録は残っています。
evidence-rules = プログラムに同梱のルール。これについて誰も何も決めていません。
evidence-citation = { $name } { $article }（{ $version } の版、{ $verified }）
evidence-source_path = 入力パス
evidence-line = 行
evidence-record = レコード
evidence-ordinal = 通し番号
evidence-open = 開くには
evidence-owner = 持ち主
evidence-tlp = 取扱区分
evidence-batch = バッチ
evidence-received = 受け取り
evidence-bytes = 入力中のバイト
evidence-sha256 = そこまでの sha256
evidence-what = 内容
evidence-values = 値
evidence-verdicts = この行による検知
evidence-findings = それを含む所見
evidence-acts = ストリームの行為
evidence-based-on = もとになった行
evidence-stream = ストリーム
evidence-actor = 主体
evidence-name = 名前
evidence-at = 時刻
evidence-commit = コミット
evidence-act = 行為
evidence-viewer = 主体
evidence-book = 帳簿
evidence-rows = 行数
evidence-strength = 強さ
evidence-phrase = 条項
evidence-capability = すること
evidence-proof = 示すもの
evidence-cites = 引く法令
evidence-answered-by = 答える数値
evidence-counted-by = これを数える数値 { $period }

cli-help-evidence = 証拠一つの中身と出どころ、それによる検知、それを数える数値
cli-help-evidence-what = 証拠。lake:own/クラス/バッチ/行、act:ストリーム/番号、look:番号、clause:条項
cli-help-evidence-period = 数える数値を見る期間。なければ、その時刻の年度
cli-help-evidence-json = JSON のオブジェクトを一つ表示
cli-help-evidence-more =
    報告のどの数値からも、三つのコマンドでログの行に着きます。証拠からは逆に、
    検知と数値に戻れます。

    例:
      noroshi figures show watch.verdicts --rows
      noroshi evidence lake:own/process_activity/0b4c…/12
      noroshi evidence act:watch/ruleset/sigma/3
      noroshi evidence clause:2-1-2a --json

    終了コード: 0 完了、1 読めない、2 使い方の誤り、3 ホームまたは証拠がない、
    130 停止。

cli-help-report = 年次報告を、一つの HTML ファイルに書く
cli-help-report-year = 年度（4月から翌年3月まで）
cli-help-report-html = 書くファイル。- は標準出力
cli-help-report-tlp = 報告の取扱区分
cli-help-report-force = ほかの内容のファイルも置き換える
cli-help-report-home = ホーム
cli-help-report-more =
    条項ごとに数値、その定義、問い合わせ、行の開き方を書き、数値のない条項も
    名前を挙げます。ファイルは一つで完結し、スクリプトも通信も使いません。
    ホームが同じなら、同じ内容になります。

    例:
      noroshi report --year 2026 --html report.html
      noroshi report --year 2026 --html - --lang en > report-en.html

    終了コード: 0 完了、1 読めない、書けない、2 使い方の誤り、3 ホームがない、
    130 停止。
cli-report-written = 報告を { $path } に書きました。
