# コマンドラインの文言

cli-help-usage = 使い方
cli-help-commands = コマンド
cli-help-inputs = 入力
cli-help-options = オプション
cli-help-help = この説明を表示します
cli-help-version = 版を表示します
cli-help-home = ホーム（帳簿を置くフォルダー）。省くと NOROSHI_HOME、それもなければデータフォルダーの noroshi
cli-help-lang = 文の言語（ja または en）。省くと LC_ALL、LC_MESSAGES、LANG に従います

cli-help = 狼煙（のろし）: サイバーセキュリティ運用センターの基盤
cli-help-more =
    まずはここから:
      noroshi demo                       架空の国の1年を作り、調べて説明します
      noroshi detect ログ                 同梱のルールでログを調べます
      noroshi detect --rules DIR ログ     手元の Sigma ルールでログを調べます

    終了コード: 0 最後まで実行、1 出力を書けないか答えが上限を超える、
    2 使い方の誤りか使えるルールがない、3 ログと認められる入力かホームが
    ない、130 利用者が停止

cli-help-detect = Sigma ルールでログを調べ、見つかったものを示します
cli-help-detect-paths =
    調べるファイルとフォルダー。標準入力は -
    Windows: EVTX、XML、JSON、NDJSON（平坦、Winlogbeat、Event.System）
    Linux: 監査ログ、syslog、auth.log、Sysmon for Linux
    ウェブサーバー: アクセスログ
    ネットワークとクラウド: Suricata、Zeek、OCSF、CloudTrail、
    Entra、Microsoft 365
    圧縮: .gz・.zst・.xz・.bz2・.zip・.tar の中も読みます
    形式は名前でなく中身で判断します
cli-help-detect-lake = ファイルの代わりに、noroshi ingest が保存したものを調べます。すべて、または --from と --to の間。検知にはもとになった行が付きます
cli-help-detect-no-keep = 見つかったものを保存しません。省くと表 verdicts の行として一度だけ保存し、停止しても続きから調べられます
cli-help-detect-home = 調べる観測のあるホーム。省くと NOROSHI_HOME、それもなければデータフォルダーの noroshi
cli-help-detect-rules = Sigma ルールのファイルかフォルダー。繰り返せます。省くと同梱のルールを使います。--lake では、ここで動いているルールを使います（noroshi rules list）
cli-help-detect-placeholders = 修飾子 expand の値。NAME.txt の各行が %NAME% の値です。ファイルかフォルダー、繰り返せます
cli-help-detect-level = 使うルールの最低の重大度: informational、low、medium、high、critical
cli-help-detect-tag = このタグのルールだけを使います（例: attack.t1003、t1003）。繰り返せます
cli-help-detect-from = この時刻以後の事象だけ: 2026-06-11、2026-06-11T02:00、"2026-06-11 02:00:00.5"、2026-06-11T02:00:00+09:00。時差を省くと --zone の時間帯です
cli-help-detect-to = この時刻より前の事象だけ（ちょうどこの時刻の事象は含みません）
cli-help-detect-zone = 表示する時刻、--from と --to、時間帯のないログの時刻に使う時間帯。Asia/Tokyo のような名前か、+09:00、UTC+9、Z のような時差
cli-help-detect-year = 行に年のないログの最初の行の年。省くと、最後の行をファイルの更新日時までで最も新しい年とみなします
cli-help-detect-json = 検知を1行1件の JSON で書きます。- は標準出力
cli-help-detect-csv = 検知を CSV で書きます
cli-help-detect-html = 人が読むページを書きます（時系列、ルール、端末、絞り込み）。ネットワークなしで動き、印刷できます
cli-help-detect-summary = 件数、使えないルール、読めない箇所を一つの JSON で書きます
cli-help-detect-force = 出力先に同じ種類の以前の出力でないものがあっても置き換えます。読み込むファイルは決して置き換えません
cli-help-detect-all-events = 検知のもとになった事象を、新しい 1,000 件に限らずすべて示し、長い値も切らずに書きます
cli-help-detect-follow = 追記されるログを、ローテーションをまたいで Ctrl-C まで読み続けます
cli-help-detect-threads = 読み取りと照合のスレッド数。省くとプロセッサーの数
cli-help-detect-more =
    例:
      noroshi detect C:\Windows\System32\winevt\Logs --html report.html
      noroshi detect --rules sigma/rules --level high --json verdicts.jsonl logs.zip
      zcat audit.log.gz | noroshi detect --json - -
      noroshi detect --lake --rules sigma/rules --from 2026-06-01 --html june.html

cli-help-backtest = noroshi ingest が保存したものでルールを試します。結果は保存しません
cli-help-backtest-rules = 試すルールのファイルかフォルダー。繰り返せます
cli-help-backtest-against = 比べる別の版。検知数を並べて示します。繰り返せます
cli-help-backtest-placeholders = 修飾子 expand の値。noroshi detect と同じです
cli-help-backtest-level = 使うルールの最低の重大度
cli-help-backtest-tag = このタグのルールだけを使います。繰り返せます
cli-help-backtest-from = この時刻以後の事象だけ。noroshi detect と同じです
cli-help-backtest-to = この時刻より前の事象だけ
cli-help-backtest-zone = 日の区切りと --from、--to に使う時間帯
cli-help-backtest-examples = ルールごとに示す検知の数
cli-help-backtest-threads = 読み取りと照合のスレッド数。省くとプロセッサーの数
cli-help-backtest-json = プログラム向け: ルールごとの日別の検知数を含む一つの JSON
cli-help-backtest-more =
    例:
      noroshi backtest --rules new.yml --from 2026-06-01 --examples 3
      noroshi backtest --rules sigma-new --against sigma-old --level high

cli-backtest-read = { $days } 日分の事象 { $events } 件、ルール { $rules } 件: 検知 { $verdicts } 件、{ $time }。
cli-backtest-against = 比較
cli-backtest-head-title = ルール
cli-backtest-head-level = 重大度
cli-backtest-head-verdicts = 検知
cli-backtest-head-day = 1日平均
cli-backtest-head-most = 最多日
cli-backtest-head-hosts = 端末
cli-backtest-head-days = 日別
cli-backtest-head-before = 以前
cli-backtest-head-after = 今回
cli-backtest-head-change = 増減
cli-backtest-same = 両方で同数のルール: { $rules } 件

cli-help-rules = どのルールを動かすかを決めます。ルールの点検と一覧もします
cli-help-rules-check = 使えないルールと、直すとよいルールを示します
cli-help-rules-check-paths = ルールのファイルとフォルダー。省くと同梱のルール
cli-help-rules-check-placeholders = 修飾子 expand の値。detect と同じです
cli-help-rules-check-json = 一つの JSON で表示します
cli-help-rules-list = ルールセットを一覧します。セットを示すと、そのルールを重い順に一覧します
cli-help-rules-list-paths = ルールセット、またはルールのファイルやフォルダー。省くとルールセットを一覧します
cli-help-rules-list-json = JSON の配列で表示します
cli-help-rules-enable = ルールセットの版を、これから動かします
cli-help-rules-enable-set = ルールセット。bundled は本プログラムに付属するものです
cli-help-rules-enable-number = 版の番号。省くと最新の版
cli-help-rules-enable-reason = 理由。履歴に残ります
cli-help-rules-enable-json = 一つの JSON で表示します
cli-help-rules-disable = ルールセットのルールを、これから一つも動かしません
cli-help-rules-disable-set = ルールセット
cli-help-rules-disable-reason = 理由。履歴に残ります
cli-help-rules-disable-json = 一つの JSON で表示します
cli-help-rules-exclude = 一つのルールを、ここでは動かしません。ルールセットが新しくなっても除外は続きます
cli-help-rules-exclude-rule = ルール。ID、題名の全体、またはパスの末尾です
cli-help-rules-exclude-set = そのルールのあるルールセット。省くと、そのルールを持つセット
cli-help-rules-exclude-reason = 理由。履歴に残ります
cli-help-rules-exclude-until = ふたたび動かす時刻: 2026-12-31（その日の始まり）、2026-12-31T18:00。省くと include するまでです
cli-help-rules-exclude-zone = --until に時差がないときの時間帯
cli-help-rules-exclude-json = 一つの JSON で表示します
cli-help-rules-exclude-more =
    例:
      noroshi rules exclude 4b5ba1b4-3c4e-4f7e-8a55-0d0a6e9d2f11 \
        --reason "バックアップが毎晩行う" --until 2027-03-31
cli-help-rules-include = 除外したルールを、ふたたび動かします
cli-help-rules-include-rule = ルール。ID、題名の全体、またはパスの末尾です
cli-help-rules-include-set = そのルールのあるルールセット。省くと、そのルールを持つセット
cli-help-rules-include-reason = 理由。履歴に残ります
cli-help-rules-include-json = 一つの JSON で表示します
cli-help-rules-history = ルールセットについて誰が、いつ、なぜ、何を決めたかを示します
cli-help-rules-history-set = このルールセットだけ
cli-help-rules-history-zone = 表示する時刻の時間帯
cli-help-rules-history-json = JSON の配列で表示します。行為ごとに証拠が付きます

cli-rules-head-set = ルールセット
cli-rules-head-enabled = 動いている版
cli-rules-head-newest = 最新の版
cli-rules-head-rules = ルール
cli-rules-head-exclusions = 除外
cli-rules-off = 停止
cli-rules-decided = { $set } の履歴に、行為 { $sequence } として残しました。いま動いているものは noroshi rules list で見られます。
cli-rules-history-none = まだ何も決めていません。noroshi rules list でルールセットを一覧できます。
cli-rules-act-added = { $version } を追加（ルール { $rules } 件、{ $source }）
cli-rules-act-enabled = { $version } を動かす: { $reason }
cli-rules-act-disabled = { $set } を止める: { $reason }
cli-rules-act-excluded = 「{ $title }」を除外（{ $set }、{ $rule }）: { $reason }
cli-rules-act-warned = { $rule }（{ $set }）の除外が { $until } に終わることを窓口に知らせた
cli-rules-act-excluded-until = 「{ $title }」を { $until } まで除外（{ $set }、{ $rule }）: { $reason }
cli-rules-act-included = 「{ $title }」（{ $set }、{ $rule }）をふたたび動かす: { $reason }
cli-rules-act-expired = 「{ $title }」（{ $set }、{ $rule }）の除外の期限が過ぎた

cli-error-journal = ホームの記録を使えません（{ $reason }）。ディスクがいっぱいなら空きを作り、そうでなければディスクとファイルの所有者を確かめてください。もう一度実行する前に、済んでいないことを確かめてください。
cli-error-journal-newer = 本プログラムより新しい版が記録に書いています（{ $reason }）。その版を使ってください。
cli-error-journal-outdated = 本プログラムの以前の版が作った表のままです（{ $reason }）。noroshi upgrade を実行してください。作り直します。
cli-error-taken = すでに別の項目にあります（{ $what }）。ほかの値を選んでください。
cli-error-reason = 決めたことには理由が要ります。--reason で書いてください。
cli-error-rules-version = ルールセット { $set } に版 { $version } はありません。最新の版は noroshi rules list、すべての版は noroshi rules history { $set } で見られます。
cli-error-rules-set = 版を加えたルールセット { $set } はありません。noroshi rules list で一覧し、noroshi rules add で版を加えてください。
cli-error-rules-bundled = ルールセット bundled は本プログラムに付属し、版を加えられません。別の名前で加えてください。
cli-error-rules-already = すでにそうなっているので、何も変えていません。決めたことは noroshi rules history { $set } で見られます。
cli-error-rules-over = それでは除外がもう終わっています。--until に、これから来る時刻を書いてください。
cli-error-rules-not-excluded = このルールは { $set } で除外していません。noroshi rules history { $set } で確かめてください。
cli-error-no-rule = { $rule } というルールはありません。ID、題名の全体、またはパスの末尾を書いてください。noroshi rules list セット で一覧できます。
cli-error-many-rules = { $rule } に当てはまるルールがいくつもあります。ID を書き、ルールセットを --set で示してください: { $ids }。

cli-help-rules-more =
    ほかの人のルールは、ルールセットの版として加えます。決めるまで動きません:
      noroshi rules add sigma フォルダー
      noroshi rules diff sigma
      noroshi rules enable sigma --reason 理由

    動いているルールは、noroshi ingest が取り込むものすべてと、
    noroshi detect --lake が調べるものに使います。
cli-help-rules-add = フォルダーや書庫から、ルールセットに版を加え、何が変わるかを示します
cli-help-rules-add-set = ルールセットの名前。英小文字、数字、-、_ が使えます
cli-help-rules-add-paths = ルールのファイル、フォルダー、書庫（.zip、.tar、.tar.gz など）。いくつ示しても一つのセットです
cli-help-rules-add-enable = すぐに動かします
cli-help-rules-add-reason = 動かす理由。履歴に残ります
cli-help-rules-add-dry-run = 何が変わるかを示すだけです
cli-help-rules-add-json = 一つの JSON で表示します
cli-help-rules-add-more =
    例:
      noroshi rules add sigma sigma_core.zip
      noroshi rules diff sigma
      noroshi rules enable sigma --reason "11月の更新、確認済み"
cli-help-rules-diff = 版によって増えるルール、なくなるルール、変わるルールと、その中身を示します
cli-help-rules-diff-set = ルールセット
cli-help-rules-diff-paths = 比べるファイル、フォルダー、書庫。版には加えません
cli-help-rules-diff-from = 前の版。省くと動いている版、または --to の一つ前の版
cli-help-rules-diff-to = 後の版。省くと最新の版
cli-help-rules-diff-json = 一つの JSON で表示します
cli-help-retention = 観測の行の保存を、表と持ち主ごとに日単位で終えます。--remove がなければ、なくなるものを示すだけです
cli-help-retention-owner = 保存を終える行の持ち主。own はこの設備を運用する組織です
cli-help-retention-several = 持ち主が一つに決まらない行（いくつもの持ち主の事象に対する検知など）
cli-help-retention-table = 保存を終える表。繰り返せます。省くと日付のあるすべての表
cli-help-retention-through = 保存を終える最後の日（UTC）: 2025-11-30
cli-help-retention-undated = 日付のない行だけ
cli-help-retention-remove = 行を消します。ファイルがディスクからなくなるのは、早くても1時間後です
cli-help-retention-reason = 理由。記録に残ります
cli-help-retention-json = 一つの JSON で表示します
cli-help-retention-more =
    例:
      noroshi retention --owner aoba --through 2025-11-30
      noroshi retention --owner aoba --through 2025-11-30 --remove \
        --reason "2024年の協定: 保存は1年"
cli-help-forget = ある人の個人の情報を忘れます。鍵を破棄し、したことの記録は残します
cli-help-forget-subject = 対象者。local:1000 のような識別子か、名前そのもの
cli-help-forget-class = この保存区分の値だけ（names など）
cli-help-forget-reason = 理由。記録に残るので、名前は書かないでください
cli-help-forget-json = 一つの JSON で表示します
cli-help-forget-more =
    例:
      noroshi forget sato --reason "退職"
      noroshi forget local:1000 --class names --reason "11月30日の申し出"

    終了コード: 0 忘れた（伝えられなかったバックアップは名前を示す）、1 記録を
    使えない、2 忘れるものがないか使い方の誤り、3 ホームがない
cli-help-rebuild = 記録を点検します。行為、ファイル、閲覧記録に損傷がないか、表が行為のとおりかを調べ、違う表は直します
cli-help-rebuild-json = 一つの JSON で表示します
cli-help-rebuild-more =
    例:
      noroshi rebuild
      noroshi rebuild --json | jq .last,.commits      別の場所に控える

    終了コード: 0 損傷はない、1 損傷か違いがあったか、ホームを使えない、2 使い方の
    誤りか、ホームを保持するプロセスが答えない、3 ホームがない
cli-help-jobs = 時間のかかる作業と、その進み具合を示します
cli-help-jobs-zone = 表示する時刻の時間帯
cli-help-jobs-json = JSON の配列で表示します
cli-help-jobs-more =
    「途中」の作業は、いま誰も行っていないことがあります。続きを行うコマンドを
    備考に示します。

    例:
      noroshi jobs
      noroshi jobs --json | jq '.[] | select(.state == "open")'

    終了コード: 0 示した、1 記録を読めない、2 使い方の誤り、3 ホームがない

cli-help-outbox = メールやファイルとして外に出すものと、その後を示します。コマンドがなければ、待っているもの、ここに置いてあるもの、あきらめたもの
cli-help-outbox-all = 届けたもの、取りやめたものも示します
cli-help-outbox-zone = 表示する時刻の時間帯
cli-help-outbox-json = JSON の配列で表示します
cli-help-outbox-more =
    例:
      noroshi outbox
      noroshi outbox show 2a8e
      noroshi outbox retry 2a8e --reason "メールサーバーが直った"

    終了コード: 0 済んだ、1 記録を使えない、2 そのキーのものがないか使い方の誤り、
    3 ホームがない
cli-help-outbox-show = メールを、送った、または送るとおりに表示します
cli-help-outbox-show-key = キー、またはその初め
cli-help-outbox-show-json = 一つの JSON で表示します
cli-help-outbox-retry = あきらめたもの、取りやめたもの、ここに置いてあるものを、1分以内に送り直します
cli-help-outbox-retry-key = キー、またはその初め
cli-help-outbox-retry-reason = 理由。記録に残るので、名前は書かないでください
cli-help-outbox-retry-json = 一つの JSON で表示します
cli-help-outbox-drop = もう送りません
cli-help-outbox-drop-key = キー、またはその初め
cli-help-outbox-drop-reason = 理由。記録に残るので、名前は書かないでください
cli-help-outbox-drop-json = 一つの JSON で表示します
cli-rules-added = { $version } を加えました。ルール { $rules } 件{ $refused ->
    [0] 。
   *[other] 。使えない文書が { $refused } 件あり、理由は noroshi rules check フォルダー で分かります。
}
cli-rules-would-add = ルール { $rules } 件{ $refused ->
    [0] 。
   *[other] 。使えない文書が { $refused } 件あり、理由は noroshi rules check フォルダー で分かります。
}何も加えていません。
cli-rules-added-next = 何が変わるか: noroshi rules diff { $set }。動かすには: noroshi rules enable { $set } --reason 理由
cli-rules-excluded = （除外中）
cli-rules-diff-summary = { $from } → { $to }: 追加 { $added } 件、削除 { $removed } 件、変更 { $changed } 件（うち見つかるものが変わる { $finds } 件）、変更なし { $unchanged } 件。
cli-rules-diff-refused = これまで使え、これからは使えない文書のあるファイル: { $rules } 件
cli-rules-diff-excluded-changed = ここでは除外したままで、見つかるものが変わるルール: { $titles }
cli-rules-diff-excluded-gone = ここでは除外していて、ルールセットからなくなるルール: { $titles }
cli-rules-diff-finds = 見つかるものが変わる
cli-rules-diff-nothing = なし
cli-rules-diff-reordered = 順序だけの変更
cli-rules-diff-bytes = YAML でないものの変更
cli-rules-rescan = 蓄えたもの（{ $days } 日分）は、これまでのルールで調べたものです。noroshi serve はいま動いているルールでひとりでに調べ直し、serve がなければ noroshi detect --lake で調べ直せます。すでにある検知は残ります。
cli-error-rules-archive = { $version } のルールを読めません（{ $reason }）。同じルールをもう一度加えると、ファイルが直ります。
cli-error-rules-none = 動かせるルールが一つもないので、何も加えていません。noroshi rules check パス で理由を見られます。
cli-error-access = 誰が見たかを書き残せないので、何も示しません（{ $reason }）。ディスクがいっぱいなら空きを作り、そうでなければホームの access フォルダーを確かめて、もう一度実行してください。
cli-error-home-other = ホーム { $path } はほかの利用者のものです。その利用者として実行してください。
cli-error-rules-path = { $path } のルールを開けません（{ $reason }）。あるルールファイル、フォルダー、アーカイブを指定してください。ルールセットは noroshi rules list で一覧できます。
cli-retention-history-none = 保存を終えたものはまだありません。
cli-ingest-no-rule = ルールは動いていません。ルールセットがすべて止まっています。noroshi rules enable SET で動かしてください。
cli-help-retention-zone = --history が示す時刻の時間帯
cli-help-retention-history = 保存を終えたものと、決めた人、理由を示します
cli-error-retention-days = { $table } の行は日付を持たず、残ります。何かがあったことを示すためです。ほかの表を指定してください。
cli-error-rules-name = { $set } はルールセットの名前にできません。英小文字、数字、-、_ を40文字まで使ってください。
cli-error-files = ホームのファイルを使えません（{ $reason }）。何も蓄えていません。ディスクがいっぱいなら空きを作り、そうでなければディスクを確かめて、もう一度実行してください。
cli-error-retention-day = { $day } は日付ではありません。保存を終える最後の日を 2025-11-30 のように書いてください。
cli-error-retention-table = { $table } という表はありません。noroshi tables で一覧できます。
cli-error-forget-nothing = { $subject } の個人の情報はないか、もう忘れています。noroshi rules history --json が示す識別子か、そこにある名前を書いてください。
cli-error-forget-several = { $name } という名前の人がいく人もいます。noroshi rules history --json が示す識別子を書いてください。
cli-forgotten = 記録にあった { $subject } の個人の情報を忘れました。観測のログと、noroshi backup で作ったのでない写しは、そのまま残ります。
cli-forgotten-later = ! バックアップなどがその前の記録を読んでいるため、値が記録のそばにまだ残っています。それが終わると、noroshi serve か、次に書き込むコマンドが消します。
cli-forgotten-in = { $path } のバックアップでも忘れました。
cli-forgotten-not-in = ! { $path } のバックアップには伝えられませんでした（{ $reason }）。次にそこへ noroshi backup を実行するまで、そこの鍵で読めます。
cli-rebuild = 行為 { $acts } 件（コミット { $commits } 件、ストリーム { $streams } 本）。個人の値: 残っているもの { $personal } 件、忘れたもの { $forgotten } 件。閲覧記録 { $looks } 件。
cli-rebuild-table = ! { $table }: 行為の示すものと { $rows } か所違っていたので、直しました。
cli-rebuild-snapshot = ! { $stream } のスナップショットが行為のとおりでなかったので、消しました。
cli-rebuild-file = ファイル { $file } がないか、内容が違います。
cli-rebuild-sound = 損傷はなく、すべて行為のとおりです。
cli-rebuild-unsound = 損傷か違いがありました（上に挙げたもの）。続ける前にホームの写しを取り、原因を調べる人のために残してください。
cli-outbox-none = 待っているものも、あきらめたものもありません。
cli-outbox-head-key = キー
cli-outbox-head-state = 状態
cli-outbox-head-what = 内容
cli-outbox-head-since = 命じた時刻
cli-outbox-head-attempts = 失敗
cli-outbox-head-next = 次の試み
cli-outbox-head-reason = 理由
cli-outbox-state-waiting = 待ち
cli-outbox-state-kept = ここにある
cli-outbox-state-delivered = 届けた
cli-outbox-state-given-up = あきらめた
cli-outbox-state-dropped = 取りやめた
cli-outbox-what-watch-suppression-expires = 抑止がまもなく終わる
cli-outbox-what-watch-exclusion-expires = 除外がまもなく終わる
cli-outbox-what-watch-source-silent = 出どころが途絶えた
cli-outbox-what-watch-source-unheard = 出どころから一度も届かない
cli-outbox-what-watch-source-spoke = 出どころがふたたび届く
cli-outbox-nobody = （なし。設定に窓口がありません）
cli-outbox-letter =
    宛先: { $to }
    件名: { $subject }
cli-outbox-came = 状態: { $state }
cli-outbox-came-said = 状態: { $state }（{ $said }）
cli-outbox-file = ファイル: { $name }（{ $sha256 }）
cli-outbox-again = { $key } は、noroshi serve が動いていれば1分以内に、動いていなければ始まったときに、送り直されます。
cli-outbox-dropped = { $key } はもう送られません。
cli-outbox-dropped-already = { $key } はすでに取りやめていて、もう送られません。何も変えていません。
cli-error-outbox-none = { $key } で始まるキーのものは送信箱にありません。noroshi outbox --all で一覧を示します。
cli-error-outbox-short = 「{ $key }」では短すぎて、送信箱のどれのことか分かりません。キーの初めを4文字以上書いてください。noroshi outbox --all で一覧を示します。
cli-error-outbox-several = { $key } で始まるキーがいくつもあります。もっと長く書いてください。
cli-error-outbox-over = { $key } は届けたので、そのままです。内容は noroshi outbox show で示します。

cli-jobs-none = 時間のかかる作業はありません。
cli-jobs-head-kind = 作業
cli-jobs-head-state = 状態
cli-jobs-head-done = 進み具合
cli-jobs-head-changed = 最後の変化
cli-jobs-head-note = 備考
cli-jobs-state-open = 途中
cli-jobs-state-done = 完了
cli-jobs-state-failed = 失敗
cli-jobs-kind-watch-rescan = 蓄えた事象の走査
cli-jobs-kind-watch-retention = 行の削除
cli-jobs-next-watch-rescan = noroshi detect --lake で続きから調べます
cli-jobs-next-watch-retention = 同じ noroshi retention で続きから消します
cli-retention-nothing = 当てはまる行はありません。誰の行があるかは noroshi sources で見られます。
cli-retention-head-table = 表
cli-retention-head-days = 日
cli-retention-head-rows = 行
cli-retention-head-files = ファイル
cli-retention-head-bytes = 空く量（少なくとも）
cli-retention-next = 何も消していません。消すには --remove --reason 理由 を付けてください。
cli-retention-removed = 表から { $rows } 行を消しました。{ $files ->
    [0] ファイルも残っていません。
   *[other] ファイル { $files } 個は、読んでいる人のために残ります。1時間後から、次の noroshi retention --remove（同じものでよい）で消えます。
}

cli-help-fields = 項目目録を表示します: 各項目の意味と、ログと Sigma ルールでの名前
cli-help-fields-word = 名前か意味にこの語を含む項目だけ
cli-help-fields-logsources = Sigma の各ログソースが読むログとイベント ID を表示します
cli-help-fields-schema = 事象の JSON Schema を表示します
cli-help-fields-json = JSON で表示します

cli-help-ingest = ログの中身を蓄えます。受け取るとすぐ確実に残り、問い合わせができます
cli-help-ingest-paths = 読むファイルとフォルダー。標準入力は -。形式は detect と同じです
cli-help-ingest-home = ホーム（帳簿を置くフォルダー）。なければ作ります。省くと NOROSHI_HOME、それもなければデータフォルダーの noroshi
cli-help-ingest-owner = 事象の持ち主の組織。省くと own（この設備を運用する組織）
cli-help-ingest-tlp = 共有してよい範囲: clear、green、amber、amber+strict、red
cli-help-ingest-rules = 取り込むものに使う Sigma ルールのファイルかフォルダー。繰り返せます。省くと、ここで動いているルールです（noroshi rules list）。見つかったものは表 verdicts の行になります
cli-help-ingest-placeholders = 修飾子 expand の値。noroshi detect と同じです
cli-help-ingest-no-detect = ルールを使いません
cli-help-ingest-source = 情報源の名前。2台の端末のログのように、中身がまったく同じログを区別します
cli-help-ingest-zone = 時間帯のないログの時刻に使う時間帯。Asia/Tokyo のような名前か、+09:00、UTC+9、Z のような時差
cli-help-ingest-year = 行に年のないログの最初の行の年。省くと、最後の行をファイルの更新日時までで最も新しい年とみなします
cli-help-ingest-again = 以前の版が読んだものを読み直し、よりよい行で置き換えます
cli-help-ingest-follow = 追記されるログを、ローテーションをまたいで Ctrl-C まで読み続けます
cli-help-ingest-dry-run = 読んで数えるだけで、何も蓄えません
cli-help-ingest-json = 確実に残ったバッチを一つずつ JSON（ID と行数）で表示します。まとめは標準エラー出力に出ます
cli-help-ingest-threads = 読み取りのスレッド数。省くとプロセッサーの数
cli-help-ingest-more =
    受け取ったと告げたものは、停電しても失われません。同じ事象は、名前や圧縮が
    違っても一度だけ蓄えます。中断や再実行のあとは続きから読み、伸びたログは
    伸びた分だけを加えます。

    例:
      noroshi ingest /var/log/audit
      noroshi ingest --owner aoba --tlp amber+strict logs.zip
      zcat old.json.gz | noroshi ingest --source ws01 -

cli-help-query = 観測に SQL で問い合わせます
cli-help-query-sql =
    読むだけの文を一つ。- は標準入力から読みます
    点や大文字のある名前は二重引用符で囲みます: "device.hostname"
    表の一覧は `noroshi tables`。events は、すべての表を共通の列で
    まとめたものです
cli-help-query-param = $1、$2 …の値を順に。繰り返せます。値は文の中でなく、ここに書きます
cli-help-query-json = JSON の配列で表示します（1行に1件）
cli-help-query-csv = CSV（RFC 4180）で表示します
cli-help-query-parquet = Parquet ファイルに書きます。- は標準出力
cli-help-query-force = Parquet の出力先に以前の答えでないものがあっても置き換えます
cli-help-query-more =
    はじめの10の問い合わせ（'…' の中はシェルが変えません）:

      端末ごとの件数
        noroshi query 'SELECT "device.hostname", count(*) AS events
          FROM events GROUP BY 1 ORDER BY 2 DESC LIMIT 20'

      ログオン失敗の、アカウントと1時間ごとの件数
        noroshi query 'SELECT "user.name", date_trunc($1, time) AS hour,
          count(*) AS failures FROM authentication WHERE event_id = 4625
          GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 20' --param hour

      ほとんど起動しないプログラム
        noroshi query 'SELECT "process.file.path", count(*) AS starts,
          max("device.hostname") AS host FROM process_activity
          WHERE event_id IN (1, 4688) GROUP BY 1 HAVING count(*) <= 3
          ORDER BY 2 LIMIT 50'

      符号化されたコマンドの PowerShell
        noroshi query 'SELECT time, "device.hostname", "process.cmd_line"
          FROM process_activity WHERE "process.cmd_line" ILIKE $1
          ORDER BY time DESC LIMIT 50' --param '%powershell% -enc%'

      問い合わせた名前の、ドメインごとの件数
        noroshi query 'SELECT split_part("query.hostname", $1, -2) || $1 ||
          split_part("query.hostname", $1, -1) AS domain,
          count(*) AS queries, count(DISTINCT "device.hostname") AS hosts
          FROM dns_activity GROUP BY 1 ORDER BY 2 DESC LIMIT 20' --param .

      あるアドレスの最初と最後
        noroshi query 'SELECT min(time) AS first, max(time) AS last,
          count(*) AS events FROM events
          WHERE $1 IN ("src_endpoint.ip", "dst_endpoint.ip")'
          --param 10.10.1.15

      ある端末の、ある期間の事象
        noroshi query 'SELECT time, class, event_id, "process.file.path"
          FROM events WHERE "device.hostname" = $1
          AND time >= $2 AND time < $3 ORDER BY time LIMIT 200'
          --param AOBA-DC01.aoba.example --param 2026-06-16T00:00:00Z
          --param 2026-06-17T00:00:00Z

      一つのバッチの、すべてのクラスの行
        noroshi query 'SELECT row, time, class, event_id, source_path
          FROM events WHERE batch =
          (SELECT max(batch) FROM script_activity) ORDER BY row LIMIT 200'

      列のない項目: raw に、ログでの名前で、リストとしてあります
        noroshi query 'SELECT raw[$1][1] AS integrity, count(*) AS events
          FROM process_activity GROUP BY 1 ORDER BY 2 DESC'
          --param IntegrityLevel

      ウェブサーバーへの要求（そのログを取り込んだとき）
        noroshi query 'SELECT "http_request.url.path", "http_response.code",
          count(*) AS requests FROM http_activity
          GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 20'

    そうした項目に列 "raw.<名前>" を持つクラスもあります。
    ほかの区画は表の前に書きます: "exercise/2026-a".events
    一つの答えの上限は 300 秒、メモリー 512 MB、ディスク 16 GB です。
    終了コード: 0 答えた、1 答えが上限を超えるか書けない、2 問い合わせの
    誤り、3 ホームがない、130 利用者が停止
cli-help-find = 値を、蓄えたすべての中から探し、どこに、最初と最後、何件かを示します
cli-help-find-values =
    アドレス、ネットワーク、ハッシュ値、ドメイン、URL（そのホスト）、アカウント、
    端末、ファイル。報告書の無害化した書き方（hxxp、[.]、(dot)、\.）も読みます
cli-help-find-file = 1行に一つの値を書いたファイル。- は標準入力、# で始まる行は注釈。値でない行は理由とともに示します
cli-help-find-from = この時刻からの行だけ。書き方は detect と同じです
cli-help-find-to = この時刻より前の行だけ
cli-help-find-zone = --from と --to に時差がないときの時間帯
cli-help-find-rows = 値ごとに新しい行を N 件まで表示します（10,000 まで）
cli-help-find-compartment = 探す区画。exercise/2026-a のように書きます
cli-help-find-json = 値ごとに1行の JSON で表示します
cli-help-find-more =
    大文字と小文字は区別しません。ドメインはその中の名前を、ネットワークはその中の
    アドレスを、端末は短い名前でも、sato は AOBA\sato と sato@aoba.example も、
    cmd.exe はそれで終わるパスを、ハッシュ値は並べて書かれたものも見つけます。
    見るのはこうした値の列（noroshi fields）で、コマンドラインや本文は
    noroshi query で探します。数える行はすべて読んで確かめます。時刻は UTC です。

    例:
      noroshi find 203.0.113.77
      noroshi find 'hxxps://login.example[.]net/x' 198.51.100.0/24
      noroshi find sato --from 2026-06-16 --to 2026-06-17 --rows 20
      noroshi find -f indicators.txt --json | jq 'select(.rows > 0)'

    終了コード: 0 終了（見つからないときも）、1 観測を読めない、2 使い方の誤り、
    3 ホームがない、130 停止。

cli-help-sources = どこから何を受け取ったかを、時刻、量、遅れとともに一覧します
cli-help-sources-pattern = パスか名前にこの文字列を含む情報源だけ（大文字と小文字を区別しません）
cli-help-sources-json = JSON の配列で表示します
cli-help-sources-more =
    情報源は、最初に読んだパスごとの一つのログです。書庫の中のファイルは
    それぞれが情報源です。最後に受け取ったものから順に並べます。遅れは、最後に
    受け取ったバッチの最も新しい事象から受信までの時間です。時刻は UTC です。

    例:
      noroshi sources
      noroshi sources audit
      noroshi sources --json | jq '.[] | select(.late_seconds > 3600)'

cli-help-tables = 観測の表を、FROM に書く名前、行数、大きさ、フォルダーとともに一覧します
cli-help-tables-json = JSON の配列で表示します

cli-progress-left = 残り { $time }

cli-error-output = { $path } に書けません（{ $reason }）。別の場所を選ぶか空きを作り、もう一度実行してください。
cli-error-output-input = 出力先 { $path } は、読み込む { $other } に行き着きます。何も変えていません。別の出力先を選んでください。
cli-error-output-rule = 出力先 { $path } は、ルールか置換値のファイル { $other } に行き着きます。何も変えていません。別の出力先を選んでください。
cli-error-output-foreign = { $path } は同じ種類の以前の出力ではなく、書けば失われます。別の名前を選ぶか、--force で置き換えてください。
cli-error-output-twice = 出力 { $first } と { $second } の行き先が同じです。出力ごとに別の場所を指定してください。
cli-error-broke-off = 走査が途中で終わりました（{ $reason }）。表示はそれまでの結果です。一時ファイルのための空きを作り、もう一度実行してください。
cli-error-rules = { $path } のルールを開けません（{ $reason }）。読むことのできる、ルールのファイルかフォルダーを指定してください。
cli-error-no-rule-files = { $path } に .yml も .yaml もありません。Sigma ルールのファイルか、それを含むフォルダーを指定してください。
cli-error-placeholders = { $path } の置換値を読めません（{ $reason }）。--placeholders のパスを確かめてください。
cli-error-input = { $path } を開けません（{ $reason }）。パスと権限を確かめてください。
cli-error-zone = { $zone } という時間帯はありません。Asia/Tokyo や UTC のような名前か、+09:00 のような時差を使ってください。
cli-error-time = { $time } は時刻ではありません。2026-06-11、2026-06-11T02:00:00、2026-06-11T02:00:00+09:00 のように書いてください。
cli-error-range = { $from } 以後で { $to } より前の時刻はありません。--from を --to より早くしてください。

cli-error-home-missing = { $path } にホームがなく、見るものがありません。noroshi ingest で取り込むか、--home で別の場所を指定してください。
cli-error-home-none = { $path } は狼煙のホームではありません。--home で別のフォルダーを指定してください。
cli-error-lake = 観測を読めません: { $reason }。noroshi doctor --deep で壊れたものが分かり、noroshi restore でバックアップを戻せます。壊れていなければ、ホーム、権限、ディスクを確かめてください。

cli-query-rows = { $rows } 行、{ $time }。
cli-query-stopped = 利用者が停止しました。答えは途中までです。
cli-query-error-unreadable = SQL として読めません: { $reason }。そこを直してください。使える例は noroshi query --help にあります。
cli-query-error-reads = 問い合わせは読むだけです。次のことはできません: { $reason }。SELECT か、WITH とその後の SELECT で始めてください。
cli-query-error-table = 表 { $name } はありません。noroshi tables で一覧を見られます。
cli-query-error-table-near = 表 { $name } はありません。{ $near } のことですか。noroshi tables で一覧を見られます。
cli-query-error-empty = 観測が空で、表 { $name } はありません。noroshi ingest で取り込んでください。
cli-query-error-column = 列 { $name } はありません。表の列は SELECT * FROM … LIMIT 1、意味は noroshi fields で見られます。
cli-query-error-column-near = 列 { $name } はありません。{ $near } のことですか。点や大文字のある名前は二重引用符で囲みます。
cli-query-error-dots = 点のある名前に引用符がなく、SQL がその一部を別の語と解しています。"user.name" のように二重引用符で囲んでください。
cli-query-error-value = { $name } の値がありません。--param で、1番目は $1、2番目は $2 のように与えてください。
cli-query-error-cross = 等しくなる列なしに表を結合しているため、すべての行どうしの組になります。等しい列を ON か USING で書いてください。
cli-query-error-wrong = 問い合わせに答えられません: { $reason }。そこを直して、もう一度問い合わせてください。
cli-query-error-damaged = 観測のファイルを読めません: { $reason }。noroshi doctor --deep で壊れたものが分かり、noroshi restore でバックアップを戻せます。
cli-query-error-room = 答えに使うメモリーかディスクが上限を超えます: { $reason }。期間や組を減らすか、LIMIT を付けてください。
cli-query-error-time = 答えるのに { $seconds } 秒より長くかかります。期間を縮め、列を減らし、全体への LIKE を避けてください。
cli-query-error-fault = プログラムの不具合に当たりました: { $reason }。別の書き方で問い合わせ、問い合わせを添えて報告してください。
cli-query-error-inside = { $path } はホームの中で、そのファイルは観測のものです。外の場所を選んでください。
cli-query-error-large-bytes = 問い合わせが { $found } バイトあり、上限は { $most } です。長い値は --param に移すか、分けて問い合わせてください。
cli-query-error-large-words = 問い合わせの語と記号が { $found } あり、上限は { $most } です。分けて問い合わせてください。
cli-query-error-large-operators = 問い合わせの演算子が { $found } あり、上限は { $most } です。長い OR は IN にするか、分けて問い合わせてください。
cli-query-error-large-brackets = 問い合わせの括弧が { $found } 重なっていて、上限は { $most } です。WITH で部分に名前を付けてください。
cli-query-error-large-questions = 問い合わせの中の問い合わせが { $found } あり、上限は { $most } です。分けて問い合わせてください。
cli-query-error-large-joins = 問い合わせが { $found } の表を結合していて、上限は { $most } です。分けて問い合わせてください。

cli-received-adding = 以前の実行で受け取ったものを、観測の表に加えています。
cli-unseen-being-added = 受け取った { $rows } 行（{ $batches } 個のバッチ）がまだ観測の表になく、ここには現れません。ホームを保持する{ $process ->
    [none] ほかのプロセス
   *[other] プロセス { $process }
}が、およそ30秒以内に加えます。あとでもう一度実行してください。
cli-unseen = 受け取った { $rows } 行（{ $batches } 個のバッチ）がまだ観測の表になく、ここには現れません（{ $reason }）。ホームに書き込める次のコマンドが加えます。
cli-unseen-unknown = 受け取ってまだ観測の表にないものがあるか分かりません（{ $reason }）。権限を確かめてください。表にあるものは示します。

cli-find-value = 値
cli-find-rows = 行
cli-find-first = 最初
cli-find-last = 最後
cli-find-hosts = 端末
cli-find-table = 表
cli-find-column = 列
cli-find-latest = { $value } の新しい { $rows } 行:
cli-find-nowhere = どこにもない値: { $values }
cli-find-nowhere-more = どこにもない値: { $values } ほか { $number } 件
cli-find-done = { $values } 件の値のうち { $found } 件が見つかりました（{ $time }）。
cli-find-line = { $path } の { $line } 行目: { $reason }
cli-find-lines-more = ほかにも値でない行が { $number } 行あります。
cli-find-refused-empty = 「{ $value }」は空です。アドレス、名前、ハッシュ値、パスのどれかを書いてください。
cli-find-refused-long = 「{ $value }…」は 4 KiB を超えています。値を一つだけ書いてください。
cli-find-refused-control = 「{ $value }」には制御文字があります。それを除いた値を一つだけ書いてください。
cli-find-refused-length = 「{ $value }」はネットワークではありません（長さは 0〜32、IPv6 では 0〜128）。198.51.100.0/24 のように書いてください。
cli-find-refused-wide = 「{ $value }」はほぼすべてを含みます。8 ビット以上のネットワークを指定するか、noroshi query で問い合わせてください。
cli-find-error-none = { $path } には探す値がありません。1行に一つ書いてください。
cli-find-error-compartment = { $name } は区画ではありません。own、exercise/名前、commission/名前のどれかを書いてください。

cli-sources-none = 観測にはまだどの情報源のものもありません。noroshi ingest で取り込んでください。
cli-sources-none-such = パスか名前にこれを含む情報源はありません。noroshi sources ですべてを一覧できます。
cli-sources-compartment = 区画
cli-sources-owner = 持ち主
cli-sources-name = 名前
cli-sources-path = 情報源
cli-sources-format = 形式
cli-sources-first = 最初の受信
cli-sources-last = 最後の受信
cli-sources-batches = バッチ
cli-sources-events = 事象
cli-sources-latest = 最も新しい事象
cli-sources-late = 遅れ
cli-sources-late-by = { $time }遅れ
cli-sources-ahead-by = { $time }先
cli-sources-flaws = 欠損

cli-tables-none = 観測にはまだ表がありません。noroshi ingest で取り込んでください。
cli-tables-name = 表
cli-tables-rows = 行
cli-tables-size = 大きさ
cli-tables-files = ファイル
cli-tables-version = 版
cli-tables-path = フォルダー

cli-summary-no-rule = 使えるルールが残らず、何も調べていません。安全という意味ではありません。--rules、--level、--tag、noroshi rules list と、使えないルールを確かめてください。
cli-summary-no-input = ログと認められる入力がなく、何も調べていません。安全という意味ではありません。パス、権限、読めなかった箇所を確かめてください。
cli-summary-read = { $rules } 件のルールで、{ $sources } 個のソース（{ $size }）から { $events } 件の事象を { $time }で読みました。
cli-detect-resumed = 同じルールで同じ事象を調べて停止したところから続けます。{ $all } 日分のうち { $done } 日分は済んでいます。
cli-detect-kept = 新しい検知 { $verdicts } 件を保存しました。
cli-detect-not-kept = 見つかったものは保存しません: { $reason }。
cli-error-not-found-again = 見つかったものの一部を保存できませんでした: { $reason }。原因を除いてもう一度実行すると、続きから調べ、二重にはなりません。
cli-summary-read-lake = { $rules } 件のルールで、{ $sources } 個のソースの保存済みの事象（ファイル { $size }） { $events } 件を { $time }で読みました。
cli-summary-unread = 読むルールのない種類の事象が { $events } 件あります。
cli-summary-stopped = 利用者が停止しました。以下はそれまでに見つかったものです。
cli-summary-none = 一致したルールはありません。
cli-summary-verdicts = 検知: { $verdicts } 件
cli-summary-rules = 一致したルール: { $rules } 件
cli-summary-on-hosts = { $hosts } 台
cli-summary-hosts = 端末: { $hosts } 台
cli-summary-no-host = （端末名なし）
cli-summary-refused = 使えないルール: { $rules } 件
cli-summary-flaws = 読めなかった箇所: { $flaws } か所
cli-summary-read-once = 別のパスで読むものへのパス（一度だけ読みます）: { $paths } 件
cli-summary-more = … ほか { $number } 件

cli-rules-refused = 使えないルール: { $rules } 件
cli-rules-warnings = 直すとよい箇所: { $number } 件
cli-rules-checked = { $files } ファイル: { $rules } 件が使え、{ $refused } 件が使えません。注意 { $warnings } 件。
cli-rules-listed = { $rules } 件のルール。
cli-fields-listed = { $fields } 項目。

cli-follow = 追跡中です。Ctrl-C で終了し、要約を表示します。

cli-ingest-kept = { $events } 件の事象を { $batches } 個のバッチで蓄えました（{ $time }）。
cli-ingest-would-keep = { $events } 件の事象を { $batches } 個のバッチで蓄えることになります（読み取り { $time }）。
cli-ingest-found = ルールで { $verdicts } 件を検知しました。
cli-ingest-undated = { $events } 件の事象には時刻がないか、ログにありえない時刻です。day = 'other' で見つかります。
cli-ingest-there = すでにあるもの: { $events } 件の事象、{ $batches } 個のバッチ。
cli-ingest-there-as = { $path }（最初に読んだ名前は { $first }）
cli-ingest-recovered = 以前の実行で受け取った { $batches } 個のバッチを蓄え終えました。
cli-error-home-busy = { $process ->
    [none] ほかのプロセスが
   *[other] プロセス { $process } が
}ホーム { $path } を保持しています。終わるのを待つか、サービスなら systemctl stop noroshi で止めてください。別のフォルダーを --home で選ぶこともできます。
cli-error-home-unnamed = ホームにするフォルダーがありません。--home で選んでください。
cli-error-home-foreign = { $path } には別のものが入っています。空か新しいフォルダーを --home で選んでください。
cli-error-home-newer = { $path } はこのプログラムの新しい版が作りました。その版を使うか、別のフォルダーを --home で選んでください。
cli-error-home-outdated = { $path } はこのプログラムの以前の版が作ったもので、読めますが書けません。noroshi upgrade を実行してください。戻る道を残します。
cli-error-home = ホームを使えません（{ $reason }）。ディスクがいっぱいなら空きを作り、そうでなければ権限を確かめるか、別のフォルダーを --home で選んでください。
cli-error-room = ディスクの空きが { $left } で、残すべき { $needed } を下回るため、これ以上受け取りません。受け取ったと告げたものは残っています。空きを作ってもう一度実行すると、続きから読みます。
cli-error-not-correlated = すべて保存しましたが、相関は調べていません: { $reason }。原因を除いてもう一度実行すると、続きから調べます。
cli-error-not-kept = 一部を蓄えられませんでした（{ $reason }）。受け取ったと告げたものは残っています。原因を除いてもう一度実行すると、続きから読みます。
cli-error-spool-damaged = 一時保管の { $bytes } バイトが壊れています（{ $segment } の { $offset }）。ディスクが失ったものがあります。最後に読んだものをもう一度 ingest してください。すでにあるものは二重になりません。
cli-error-commit-damaged = 観測の表の最も新しいコミットが壊れていたため、取り除きました（{ $path }: { $reason }）。失われた行があれば、その数をここに示します。原因を調べる人のために、ファイルは残してください。
cli-error-rows-lost = 観測の表のコミットが壊れたため、{ $batches } 個のバッチの行が欠けています。元のログをもう一度 ingest してください。欠けたものだけを蓄え、すでにあるものは二重になりません。
cli-error-spool-unreadable = 一時保管の記録 { $number } を読めません（{ $reason }）。そのまま残します。最後に読んだものをもう一度 ingest してください。
