# ホームを保持するプロセスと、それに依頼するコマンド。

cli-error-asked = ホームを保持しているプロセスが依頼を理解できませんでした（{ $reason }）。両方に同じ版の noroshi を使い、続く場合は報告してください。
cli-error-holder-version = プロセス { $process } がホームを保持していますが、noroshi の版が異なります。この版で再起動するか、そのプロセスと同じ版のプログラムを使ってください。
cli-error-holder-died = ホームを保持していたプロセスが答える前に終わり、依頼が行われたか分かりません。`noroshi rules history` または `noroshi outbox` で確かめ、なければ同じコマンドをもう一度実行してください。
cli-error-ingest-other = プロセス { $process } がホームを保持しており、取り込むデータにはそのプロセスのルールが適用されます。--rules、--placeholders、--no-detect を外すか、先にそのプロセスを止めてください。
cli-ingest-other = プロセス { $process } がホームを保持しています。ここで読んだ内容はそのプロセスに渡され、ホームのルールが適用されます。

cli-help-serve = ホームを保持し、ログを追い、ほかのコマンドに答え、期限の来たことを行います
cli-help-serve-home = ホーム（帳簿を置くフォルダー）。なければ作ります。省くと NOROSHI_HOME、それもなければデータフォルダーの noroshi
cli-help-serve-log = 書き出すログの下限: error、warn、info、debug。省くと noroshi.toml の設定、それもなければ info
cli-help-serve-more =
    追うログ、メールの宛先、空けておくディスクの量は、ホームの noroshi.toml に
    書きます。noroshi config で示し、点検できます。動いている間、ほかのコマンドは
    このプロセスを通して書き、読むことはいつもどおりです。SIGTERM か Ctrl-C から
    5秒以内に終わり、どのように終わっても何も失われません。

    例:
      noroshi serve
      noroshi serve --home /var/lib/noroshi --log debug

    終了コード: 0 指示どおり終わった、1 始め直せば直る故障、2 設定に誤りがあるか、
    ホームが使われているか使えない
cli-help-status = ホームを保持しているプロセスの様子を示します
cli-help-status-zone = 表示する時刻の時間帯
cli-help-status-json = 一つの JSON で表示します
cli-help-status-more =
    例:
      noroshi status
      noroshi status --json | jq -c '.follows[] | [.name, .heard]'

    終了コード: 0 答えた、1 ホームを保持しているプロセスが答えない、2 使い方の誤り、
    3 保持するプロセスがないか、ホームがない
cli-error-serve-held = プロセス { $process } がすでにホームを保持しています。先に止めるか（サービスなら systemctl stop noroshi）、そのままにしてください（ほかのコマンドには答えます）。
cli-serve-serving = { $path } を保持しています。Ctrl-C で終わります。
cli-error-status-none = ホーム { $path } を保持して応答するプロセスはありません。noroshi serve で始められます。
cli-status = noroshi { $command } { $version }（プロセス { $process }、{ $since } から）。蓄えた事象: { $events } 件、バッチ: { $batches } 個、クライアント: { $clients }、空き: { $free }
cli-status-never = なし
cli-status-followed = { $name }: 最後の受信 { $heard }、事象 { $events } 件
cli-status-silent = { $after } を超えて途絶
cli-status-unread = { $path } を読めません（{ $reason }）。
cli-status-flaws = 読めなかったもの { $flaws } 件。最後は { $path }（{ $reason }）。
cli-detect-other-scan = 保存済みデータの別の走査が実行中です（進み具合は noroshi jobs で分かります）
cli-error-status-mute = ホーム { $path } を保持しているプロセスがありますが、様子を答えません。まもなく終わるコマンドかもしれないので、少し待ってもう一度実行してください。
cli-error-correlations-lost = 相関の途中で、ホームを保持していたプロセスが終わりました。同じコマンドをもう一度実行してください。済んだ分は残り、残りだけを調べます。
cli-error-read-by-others = ほかのプロセスが同じログを同時に読み続けています。読むプロセスを一つにして、もう一度実行してください。
