# バックアップ、戻すこと、以前の版のホーム。

cli-help-backup = ホームのある時点を別のディスクに残します。新しいものだけを写します
cli-help-backup-folder = バックアップのフォルダー（別のディスクに置く）。省くと設定のもの
cli-help-backup-keep = 続けて、新しい N 個を残して古い時点と、ほかの時点に要らないものを消します
cli-help-backup-list = どの時点があるかを示し、新しく残しません
cli-help-backup-zone = --list が示す時刻の時間帯
cli-help-backup-json = JSON で表示します（--list では配列）
cli-help-backup-more =
    例:
      noroshi backup /mnt/backup/noroshi --keep 30
      noroshi restore /mnt/backup/noroshi --drill
cli-help-restore = ホームをある時点に、新しいフォルダーへ戻し、残したものと比べます
cli-help-restore-folder = バックアップのフォルダー
cli-help-restore-point = 時点。noroshi backup --list が示す名前か、その初めの部分。省くと一番新しいもの
cli-help-restore-drill = 試すだけにします。バックアップの横か --home に戻し、比べ、また消します
cli-help-restore-home = 新しいホーム（空か、まだないフォルダー）。必ず指定します。NOROSHI_HOME は使いません
cli-help-restore-json = 一つの JSON で表示します
cli-help-restore-more =
    例:
      noroshi restore /mnt/backup/noroshi --drill
      noroshi restore /mnt/backup/noroshi --home /var/lib/noroshi-new
      noroshi restore /mnt/backup/noroshi --home new --point 20261130T1846

    終了コード: 0 すべてそのとおり、1 違いがあるか戻せない、2 使い方の誤りか
    フォルダーが空でない、3 バックアップかその時点がない、130 利用者が停止
cli-help-upgrade = 以前の版のホームを今の版に合わせます。戻る道を残します
cli-help-upgrade-back = 前の版に戻します
cli-help-upgrade-lose = その後に決めたことが失われてもよいとします
cli-help-upgrade-json = 一つの JSON で表示します
cli-help-upgrade-more =
    ほかのプロセスがホームを保持していてはできません。noroshi serve は先に
    止めてください。

    例:
      noroshi upgrade
      noroshi upgrade --back

    終了コード: 0 済んだか、することがない、1 戻る道を残せないか戻れない、2 ホーム
    が使われているか、--lose なしでは決めたことが失われる、3 ホームがない
cli-backup = { $path } の { $point }: 行為 { $acts } 件、行 { $rows } 件、ファイル { $files } 個（{ $bytes }）。写したもの: ファイル { $new } 個（{ $copied }）。
cli-backup-pruned = 消したもの: 古い時点 { $points } 個と、ほかの時点に要らないファイル { $files } 個（{ $bytes }）。
cli-backup-unfinished = 消したもの: 終わらなかった { $point }。
cli-backup-damaged = ! { $point } の目録は損傷しているか、新しい版のものです。そのまま残し、古い時点だけに要るファイルも残します。要らなければフォルダーを手で消してください。
cli-backup-none = まだ時点がありません。
cli-backup-head-point = 時点
cli-backup-head-at = 日時
cli-backup-head-acts = 行為
cli-backup-head-rows = 行
cli-backup-head-files = ファイル
cli-backup-head-bytes = 大きさ
cli-backup-head-state = 状態
cli-backup-state-whole = 完全
cli-backup-state-unfinished = 終わっていない
cli-backup-state-damaged = 損傷
cli-backup-state-newer = 新しい版のもの
cli-restore = { $path } は { $point } のホームです: ファイル { $files } 個（{ $bytes }）、行為 { $acts } 件、行 { $rows } 件、{ $seconds } 秒。
cli-restore-drill = 試しました。{ $point } を { $path } に戻し、また消しました: ファイル { $files } 個（{ $bytes }）、行為 { $acts } 件、行 { $rows } 件、{ $seconds } 秒。
cli-restore-chosen = ! 時刻は { $other } のほうが新しく、行為は { $point } のほうが多くあります。時計が戻されたか、途中でホームを戻したためです。{ $point } を使いました。もう一方なら --point で指定してください。
cli-restore-forgotten = { $subject } の個人の情報はこの時点の後に忘れたので、ここでも忘れています。
cli-restore-forgotten-again = { $reason }（ホームを戻したときにもう一度。初めは { $at }、{ $actor }）
cli-restore-differs = ! { $what }: 残したのは { $expected }、いまあるのは { $found } です。
cli-restore-equal = すべて元のとおりです（全ファイルのハッシュ値、行為と行為から計算したもの、行、閲覧記録）。
cli-restore-unequal = 元のとおりでないところがありました（上に挙げたもの）。原因を調べる人のためにバックアップのフォルダーをそのまま残し、ほかの時点を試してください。
cli-upgraded = ホームの形式は { $from } から { $format } になりました。戻る道は { $before } に残しました（noroshi upgrade --back）。
cli-upgrade-current = ホームの形式は一番新しい { $format } です。
cli-upgrade-back = ホームの形式は { $format } に、記録は { $at } のものに戻りました。{ $lost ->
    [0] その後に決めたことはありません。
   *[other] その後の行為 { $lost } 件は失われました。
}前の版のプログラムで、まず noroshi rebuild を実行してください。
cli-error-backup-unnamed = バックアップのフォルダーが指定されず、設定にもありません。別のディスクのフォルダーを noroshi backup DIR のように書いてください。
cli-error-backup-missing = { $path } にバックアップがありません。noroshi backup が書いたフォルダーを指定し、そのディスクがあるか確かめてください。
cli-error-backup-foreign = { $path } にはバックアップでないものが入っています。空か新しいフォルダーを選んでください。
cli-error-backup-exposed = { $path } は別の利用者のものか、ほかの人も書き込めるので、バックアップを変えられるおそれがあります。自分のフォルダーを選ぶか、ほかの人が書き込めないようにしてください（chmod go-w）。
cli-error-copying = バックアップがこのホームのファイルを写しているか、noroshi retention が消していて、一方は他方を待ちます。終わってからもう一度実行するか、止まったままならそれを終了させてください。
cli-error-backup-other = { $path } には別のホームのバックアップがあります。ホームごとに別のフォルダーを使ってください。
cli-error-backup-newer = { $path } はこのプログラムの新しい版が作りました。その版を使ってください。
cli-error-backup-unreadable = { $path } は書かれたときのままでなく、読めません。ディスクを確かめてください。何も変えていません。
cli-error-backup-busy = { $path } のバックアップを別のプロセスが使っています。終わるのを待ってください。
cli-error-backup-changed = 時点を残せませんでした（{ $reason }）。もう一度実行し、同じなら noroshi rebuild で損傷を調べてください。
cli-error-backup-damaged = この時点には戻せません（{ $reason }）。--point でほかの時点を選んでください。新しいフォルダーにあるものはホームではなく、消せます。
cli-error-backup-list = 忘れた人が分からないので、何も戻していません（{ $reason }）。ホームが残っていれば noroshi backup が足りないものを書き足します。ほかの方法は docs/guide/backup.md にあります。
cli-error-backup = バックアップを作れないか、使えません（{ $reason }）。ディスクと空きを確かめ、もう一度実行してください。
cli-error-backup-inside = { $path } とホームの一方が他方の中にあります。別のディスクの、ほかのフォルダーを選んでください。
cli-error-backup-lost = バックアップは取りましたが、観測の表のコミットが壊れたため、ホームに { $batches } 個のバッチの行が欠けています。欠けた行を持つかもしれないので、古いバックアップは消していません。どうすればよいかは noroshi doctor で分かります。
cli-error-backup-gone = { $path } にはこのホームのバックアップがありましたが、いまはありません。ディスクをマウントするか、もう戻らないなら { $list } からこのフォルダーを消してください。
cli-error-restore-none = 戻せる時点がありません。noroshi backup --list で確かめてください。
cli-error-restore-point = { $point } という時点はありません。noroshi backup --list で確かめてください。
cli-error-restore-several = { $point } で始まる時点がいくつもあります。続きも書いてください。
cli-error-restore-broken = { $point } は終わっていないか、損傷しているか、新しい版のもので、使えません。ほかの時点を選んでください。
cli-error-restore-into = { $path } は空ではありません。空か、まだないフォルダーを選んでください。止めたコマンドが残したものはホームではなく、消せます。
cli-error-upgrade = 戻る道を { $path } に残せないか、たどれません（{ $reason }）。ディスクと空きを確かめてください。同じコマンドで続きからできます。
cli-error-upgrade-no-way = { $path } に戻る道がありません。この版が作ったか、戻る道なしに今の版に合わせたホームです。そのままにします。
cli-error-upgrade-lose = 今の版に合わせてから行為が { $acts } 件あり、戻すと失われます。失われてよければ --lose を付けてください。忘れたことは忘れたままです。
