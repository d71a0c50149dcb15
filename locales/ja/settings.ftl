# 導入した環境の設定（noroshi.toml）と noroshi config。

cli-help-config = 設定（ホームの noroshi.toml）を点検し、示し、書き始めます
cli-help-config-check = noroshi.toml と、そこに書かれたファイルやフォルダーの誤りをすべて示します
cli-help-config-check-json = 一つの JSON で表示します
cli-help-config-show = 効いている設定を、既定値も含めて表示します
cli-help-config-show-json = 一つの JSON で表示します
cli-help-config-example = 書き始めるためのファイルを、すべての設定の説明とともに表示します
cli-help-config-more =
    例:
      noroshi config example | install -m 0600 /dev/stdin /var/lib/noroshi/noroshi.toml
      noroshi config check

    誤りがあれば、check はコード 2 で終わります。

settings-error-unread = 設定 { $path } を読めません（{ $reason }）。ファイルと持ち主を確かめるか、既定値で動かすなら削除してください。
settings-error-wrong = { $path } に誤りが { $faults } か所あります。直してから、noroshi config check で確かめてください。
settings-none = { $path } がないので、既定値が効いています。noroshi config example が、書き始めるためのファイルを出力します。
settings-nowhere = { $path } にホームも設定のファイルもありません。--home で別のフォルダーを指定するか、noroshi config example から始めてください。
settings-sound = { $path } に誤りはありません。
settings-faults = 直すところが、上の { $faults } か所にあります。直すまで noroshi serve は始まりません。
settings-faults-named = 直すところが、上の { $faults } か所にあります。直すまで noroshi serve はそれを使わずに動きます。

settings-fault-not-text = ここが UTF-8 ではありません。UTF-8 で保存してください。
settings-fault-syntax = ここが TOML として読めません（{ $reason }）。文字列は引用符で囲み、設定は一行に一つずつ書いてください。
settings-fault-unknown = { $key } という設定はありません。{ $near } のことなら書き直し、そうでなければ削除してください。
settings-fault-unknown-far = { $key } という設定はありません。削除してください。noroshi config example がすべての設定を示します。
settings-fault-secret = { $key } は秘密で、写したり示したりするこのファイルには書けません。持ち主だけが読める（0600）別のファイルに書き、password_file でそのファイルを指定してください。
settings-fault-missing = { $key } がありません。{ $expected }を書いてください。
settings-fault-value = { $key } を { $found } にはできません。{ $expected }を書いてください。
settings-fault-value-hidden = { $key } に書かれた値は使えません。{ $expected }を書いてください。
settings-fault-name = { $key } の { $found } は { $other } 行目にもあります。ソースごとに違う名前を付けてください。
settings-fault-followed = { $key } の { $found } は { $other } がすでに追っています。同じログを二度取り込まないよう、一方を除いてください。
settings-fault-in-home = { $key } の { $found } はホームの中です。ホームの外の場所を選んでください。
settings-fault-alone = { $key } だけではサインインできません。user と password_file の両方を書くか、どちらも除いてください。
settings-fault-unprotected = { $key } が { $found } で、サーバーはほかの機械です。"starttls" か "implicit" を書いてください。保護しない通信は、この機械自身にしか使えません。
settings-fault-absent = { $key } の { $found } はまだありません。できればすぐに読みますが、名前が正しいか確かめてください。
settings-fault-wildcard = { $key } の { $found } にある * や ? は展開されません。フォルダーを書いてください。その中のログをすべて追います。
settings-fault-lacking = { $key } が示すファイルかフォルダーがありません。作るか、別のものを指定してください。
settings-fault-unreadable = { $key } が示すものを読めません（{ $reason }）。noroshi を動かす利用者が読めるようにしてください。
settings-fault-not-file = { $key } が示すものはファイルではありません。ファイルを指定してください。
settings-fault-not-folder = { $key } の { $found } はフォルダーではありません。フォルダーを指定してください。
settings-fault-unwritable = { $key } の { $found } には書き込めません。noroshi を動かす利用者が書き込めるようにしてください。
settings-fault-open = { $key } が示すファイルの権限が { $mode } で、ほかの人が読むか変えるかできます。0600 に、またはサービスのグループを付けて 0640 にしてください。
settings-fault-no-secret = { $key } が示すファイルの一行目にパスワードがありません。パスワードだけを書いてください。
settings-fault-no-certificate = { $key } が示すファイルに証明書がありません。PEM の証明書のファイルを指定してください。

settings-kind-language = "ja" か "en"
settings-kind-zone = "Asia/Tokyo" のような名前か、"+09:00" のような時差
settings-kind-level = "error"、"warn"、"info"、"debug" のどれか
settings-kind-size = "2 GiB" のように、数と単位（B、kB、MB、GB、TB、KiB、MiB、GiB、TiB）
settings-kind-name = "dc01" のように、a-z、0-9、-、_、. だけの 64 文字までの名前
settings-kind-path = "/var/log/forwarded" のような絶対パス
settings-kind-paths = 角括弧の中に一つ以上の絶対パス（例: ["/var/log/forwarded"]）
settings-kind-owner = "own" のような組織の ID
settings-kind-tlp = "clear"、"green"、"amber"、"amber+strict"、"red" のどれか
settings-kind-year = 2026 のような、1970 から 2261 までの年
settings-kind-span = "1 d" のように、整数と単位（s、min、h、d）
settings-kind-address = "desk@soc.example.jp" のようなメールアドレス
settings-kind-addresses = 角括弧の中に一つ以上のメールアドレス（例: ["desk@soc.example.jp"]）
settings-kind-host = "mail.example.jp" のようなホストの名前かアドレス（ポートは含めない）
settings-kind-port = 1 から 65535 までの数（引用符なし）
settings-kind-tls = "starttls"、"implicit"、"none" のどれか
settings-kind-user = "noroshi" のような名前
settings-kind-file = ファイルのパス（絶対パスか、ホームから見たパス）
settings-kind-keep = 1 から 10000 までの数（引用符なし）
settings-kind-table = 角括弧で囲んだ名前の行と、その下の設定
settings-kind-tables = ソースごとに [[follow]] の行と、その下の設定

settings-about-head =
    狼煙の設定です。# の後ろは例か説明です。
    使う設定と、その上の [ ] の行の # を除き、noroshi config check で確かめてください。
    サービスはこのファイルを始まるときに読みます。変えたら再起動してください。
settings-about-language =
    メールで先に来る言語: ja か en。コマンドとサービスの文の言語は --lang か
    LANG で決まります。
settings-about-zone =
    メールの時刻と、時間帯のない追跡中のログの時間帯。コマンドには --zone が
    あります。
settings-about-level = ログに書くもの: error、warn、info、debug
settings-about-free = ディスクの空きがこれより少ないとき、新しいものを取り込まない
settings-about-files = 預かるファイルの合計の上限
settings-about-follow = 増えていくログを読み続けるソース。ソースの数だけ [[follow]] を書く
settings-about-name = ソースの名前。それぞれ違うもの: a-z、0-9、-、_、.
settings-about-paths = ファイルやフォルダーの絶対パス
settings-about-owner = 事象の持ち主の組織。own はこの環境を動かす組織
settings-about-tlp = 共有してよい範囲: clear、green、amber、amber+strict、red
settings-about-follow-zone = 時間帯のない時刻の時間帯。省くと上の zone
settings-about-year = 年のないログの、最初の行の年
settings-about-silent = これだけの間何も来なければ窓口に知らせる: s、min、h、d
settings-about-mail = この環境自身が出すメール
settings-about-from = 差出人
settings-about-desk = 知らせる相手。一人でも何人でもよい
settings-about-smtp = メールを渡すサーバー。なければメールは箱に残る: noroshi outbox
settings-about-tls = starttls、implicit（初めから保護）、none（この機械自身だけ）
settings-about-port = 省くと tls に応じて 587、465、25
settings-about-password =
    サインインする名前と、一行目がパスワードのファイル。読めるのは持ち主だけ（0600）か、
    グループまで（0640）。パスワードそのものはここに書かない。
settings-about-ca = システムのものに加えて信頼する証明書（PEM）
settings-about-deliver = ファイルを届けるフォルダー
settings-about-backup = バックアップのフォルダー。ホームとは別のディスクに、あらかじめ作っておく
settings-about-keep = 残すバックアップの数。古いものは削除する
