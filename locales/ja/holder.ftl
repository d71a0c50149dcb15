# ホームを保持するプロセスと、それに依頼するコマンド。

cli-error-asked = ホームを保持しているプロセスが依頼を理解できませんでした（{ $reason }）。両方に同じ版の noroshi を使い、続く場合は報告してください。
cli-error-holder-version = プロセス { $process } がホームを保持していますが、noroshi の版が異なります。この版で再起動するか、そのプロセスと同じ版のプログラムを使ってください。
cli-error-holder-died = ホームを保持していたプロセスが応答の前に終了し（{ $reason }）、依頼が実行されたか分かりません。`noroshi rules history` または `noroshi outbox` で確認し、なければ同じコマンドをもう一度実行してください。
cli-error-ingest-other = プロセス { $process } がホームを保持しており、取り込むデータにはそのプロセスのルールが適用されます。--rules、--placeholders、--no-detect を外すか、先にそのプロセスを止めてください。
cli-ingest-other = プロセス { $process } がホームを保持しています。ここで読んだ内容はそのプロセスに渡され、ホームのルールが適用されます。

cli-help-serve = ホームを保持し、ログの追跡、ほかのコマンドへの応答、期限の来た処理を行う
cli-help-serve-home = ホームのフォルダー［既定: $NOROSHI_HOME、なければ利用者のデータフォルダーの noroshi］
cli-help-serve-log = 書き出すログの下限: error、warn、info、debug［既定: noroshi.toml の設定、なければ info］
cli-help-serve-more = 追跡するログ、メールの宛先、空けておくディスク容量は、ホームの noroshi.toml に書きます。noroshi config で表示・確認できます。動いている間、ほかのコマンドはこのプロセスを通して書き込み、読み取りはこれまでどおりです。SIGTERM または Ctrl-C から 5 秒以内に終わり、どのように終わっても何も失われません。
cli-help-status = ホームを保持しているプロセスの状態を表示する
cli-help-status-zone = 表示する時刻のタイムゾーン
cli-help-status-json = 一つの JSON で表示します
cli-error-serve-held = プロセス { $process } がすでにホームを保持しています。先にそのプロセスを止めるか、そのままにしてください（ほかのコマンドには応答します）。
cli-serve-serving = { $path } を保持しています。Ctrl-C で終わります。
cli-error-status-none = ホーム { $path } を保持して応答するプロセスはありません。noroshi serve で始められます。
cli-status = noroshi { $command } { $version }（プロセス { $process }、{ $since } から）: { $events } 件のイベントを { $batches } バッチで保存、クライアント { $clients }、空き { $free }
cli-status-never = なし
cli-status-followed = { $name }: 最後の受信 { $heard }、{ $events } 件
cli-detect-other-scan = 保存済みデータの別の走査が実行中です（進み具合は noroshi jobs で分かります）
cli-error-status-mute = ホーム { $path } を保持しているプロセスがありますが、状態を答えません（{ $reason }）。まもなく終わるコマンドかもしれないので、少し待ってもう一度実行してください。
cli-error-correlations-lost = 相関の途中で、ホームを保持していたプロセスが終わりました。同じコマンドをもう一度実行してください。済んだ分は残り、残りだけを調べます。
cli-error-read-by-others = ほかのプロセスが同じログを同時に読み続けています。読むプロセスを一つにして、もう一度実行してください。
