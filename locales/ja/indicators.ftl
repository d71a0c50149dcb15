# 痕跡情報、良性リスト、痕跡情報でない理由。

cli-help-indicators = 攻撃を示す値と、その出どころ、機械がいつ見たかを示す。コマンドを付けなければ有効な痕跡情報の一覧
cli-help-indicators-kind = この種類だけ。くり返せる: address、network、domain、url、md5、sha1、sha256、sha512、imphash、ja3、mail、file、path
cli-help-indicators-state = active（有効）、expired（期限切れ）、withdrawn（取り下げ）、all（すべて）
cli-help-indicators-finding = この所見から得たものだけ
cli-help-indicators-from = この組織から受け取ったものだけ
cli-help-indicators-text = 値、注記、リストの名前にこの部分を含むものだけ
cli-help-indicators-hits = 最後に観測を調べたときに見つかったものだけ
cli-help-indicators-plain = 値をそのまま表示する。付けなければ、うっかり開かれない形で表示する
cli-help-indicators-zone = 表示する時刻の時間帯
cli-help-indicators-json = JSON の配列を出力する。値はそのまま
cli-help-indicators-more =
    例:
      noroshi indicators add list.txt --from "あおば CSIRT" --tlp green --until 2027-03-31
      noroshi indicators add 'hxxp://evil[.]example[.]net/a' --dry-run
      pbpaste | noroshi indicators add -
      noroshi indicators seen
      noroshi indicators --kind domain --hits

    終了コード: 0 終わった（リストの中に断ったものがあっても）、1 帳簿が使えない、
    2 その痕跡情報はない、または使い方の誤り、3 ホームがない、130 停止した。
cli-help-indicators-add = 値、または人が書いたリストの中の値を加える。痕跡情報でないものは場所と理由を示す
cli-help-indicators-add-values = ファイル、- で標準入力、または値。ここにあるファイルの名前はそのファイルとして読む
cli-help-indicators-add-dry-run = 加わるものを示すだけで、何も加えない
cli-help-indicators-add-silent = 痕跡情報らしいものがない行も示す
cli-help-indicators-add-force = 良性リストにあるものも、この理由で加える。記録に残るので、人の名前は書かない
cli-help-indicators-add-from = 送ってきた組織
cli-help-indicators-add-note = 何の痕跡情報か。記録に残るので、人の名前は書かない
cli-help-indicators-add-tlp = 共有してよい範囲: clear、green、amber、amber+strict、red
cli-help-indicators-add-pap = 攻撃者が気付きうる行動の範囲: clear、green、amber、red
cli-help-indicators-add-confidence = 確かさ（百分率）
cli-help-indicators-add-until = この時から痕跡情報でなくなる
cli-help-indicators-add-zone = --until に時差がないときの時間帯
cli-help-indicators-add-json = 受け入れたものと断ったもののすべてを JSON のオブジェクトで出力する
cli-help-indicators-add-more =
    リストは、一行に一つの値でも、文章、表、Markdown、メールでもよく、日本語や
    全角の記号、[.]、hxxp、(dot) なども読みます。ポート、URL の中の名前と
    パスワード、# より後ろは除きます。ファイルや製品ともドメインともとれる言葉は
    断ります。[.] と書くか「domain: evil.sh」のように書いてください。
cli-help-indicators-from-finding = 所見の事象から、攻撃をよそでも示すもの（アドレス、名前、URL、ハッシュ、ファイル）を加える
cli-help-indicators-from-finding-finding = 所見の番号
cli-help-indicators-from-finding-dry-run = 加わるものを示すだけで、何も加えない
cli-help-indicators-from-finding-plain = 値をそのまま表示する
cli-help-indicators-from-finding-from = 送ってきた組織
cli-help-indicators-from-finding-note = 何の痕跡情報か。記録に残るので、人の名前は書かない
cli-help-indicators-from-finding-tlp = 共有してよい範囲: clear、green、amber、amber+strict、red
cli-help-indicators-from-finding-pap = 攻撃者が気付きうる行動の範囲: clear、green、amber、red
cli-help-indicators-from-finding-confidence = 確かさ（百分率）
cli-help-indicators-from-finding-until = この時から痕跡情報でなくなる
cli-help-indicators-from-finding-zone = --until に時差がないときの時間帯
cli-help-indicators-from-finding-json = 値ごとに行を付けて JSON のオブジェクトを出力する
cli-help-indicators-show = 一つの痕跡情報について知られていることをすべて示す。誰が何を言ったか、いま観測のどこにあるか
cli-help-indicators-show-value = 値。無害化した形でもよい
cli-help-indicators-show-kind = 値がいくつかの種類にとれるときの種類
cli-help-indicators-show-plain = 値をそのまま表示する
cli-help-indicators-show-zone = 表示する時刻の時間帯
cli-help-indicators-show-json = JSON のオブジェクトを出力する
cli-help-indicators-seen = 有効な痕跡情報を、蓄えたすべての中で探し、変わったことを記録する
cli-help-indicators-seen-plain = 値をそのまま表示する
cli-help-indicators-seen-zone = 表示する時刻の時間帯
cli-help-indicators-seen-json = JSON のオブジェクトを出力する
cli-help-indicators-withdraw = 値がもう痕跡情報でないことを記録する
cli-help-indicators-withdraw-values = 値。無害化した形でもよい
cli-help-indicators-withdraw-reason = 理由。記録に残るので、人の名前は書かない
cli-help-indicators-withdraw-json = JSON の配列を出力する
cli-help-indicators-benign = 何を痕跡情報としないかと、その理由を示す。コマンドを付けなければ、リストの一覧、または一つのリストの中身
cli-help-indicators-benign-list = リストの名前
cli-help-indicators-benign-zone = 表示する時刻の時間帯
cli-help-indicators-benign-json = JSON の配列を出力する
cli-help-indicators-benign-more =
    リストのドメインはその中の名前をすべて、ネットワークはその中のアドレスを
    すべて除きます。共用のホストにある URL は、なお痕跡情報になりえます。

    例:
      noroshi indicators benign
      noroshi indicators benign shared
      noroshi indicators benign add ours aoba.lg.jp 203.0.113.0/24 --reason "自組織の網"
      noroshi indicators benign remove shared bit.ly --reason "今週、悪用されている"
      noroshi indicators benign off documentation --reason "演習で使う"
cli-help-indicators-benign-add = リストに値を加える。リストがなければ作る
cli-help-indicators-benign-add-list = リスト。英小文字、数字、ハイフン
cli-help-indicators-benign-add-values = ネットワーク、アドレス、ドメイン、ファイルのハッシュ、ファイルの名前。それらを書いたファイル、- で標準入力
cli-help-indicators-benign-add-reason = 痕跡情報としない理由。記録に残るので、人の名前は書かない
cli-help-indicators-benign-add-until = この時から除かなくなる
cli-help-indicators-benign-add-zone = --until に時差がないときの時間帯
cli-help-indicators-benign-add-json = JSON のオブジェクトを出力する
cli-help-indicators-benign-remove = リストから値を外す。プログラムに付いてくるリストからも外せる
cli-help-indicators-benign-remove-list = リスト
cli-help-indicators-benign-remove-values = 値
cli-help-indicators-benign-remove-reason = 理由。記録に残るので、人の名前は書かない
cli-help-indicators-benign-remove-json = JSON のオブジェクトを出力する
cli-help-indicators-benign-off = リストを止め、何も除かなくする
cli-help-indicators-benign-off-list = リスト
cli-help-indicators-benign-off-reason = 理由。記録に残るので、人の名前は書かない
cli-help-indicators-benign-off-json = JSON のオブジェクトを出力する
cli-help-indicators-benign-on = リストをふたたび働かせる
cli-help-indicators-benign-on-list = リスト
cli-help-indicators-benign-on-reason = 理由。記録に残るので、人の名前は書かない
cli-help-indicators-benign-on-json = JSON のオブジェクトを出力する

cli-indicators-none = その痕跡情報はありません。
cli-indicators-head-kind = 種類
cli-indicators-head-value = 値
cli-indicators-head-state = 状態
cli-indicators-head-first = 最初
cli-indicators-head-last = 最後
cli-indicators-head-hits = 行
cli-indicators-head-source = 出どころ
cli-indicators-head-tlp = TLP
cli-indicators-head-until = 期限
cli-indicators-forgotten = （忘れた）
cli-indicators-source-finding = 所見 { $name }
cli-indicators-source-named = { $name }
cli-indicators-source-typed = 手入力
cli-indicators-count = 痕跡情報 { $number } 件。
cli-indicators-looked = { $horizon } までに受け取ったものを調べました。
cli-indicators-unlooked = まだ誰も調べていません。noroshi indicators seen で調べてください。
cli-indicator-kind-address = アドレス
cli-indicator-kind-network = ネットワーク
cli-indicator-kind-domain = ドメイン
cli-indicator-kind-url = URL
cli-indicator-kind-md5 = MD5
cli-indicator-kind-sha1 = SHA-1
cli-indicator-kind-sha256 = SHA-256
cli-indicator-kind-sha512 = SHA-512
cli-indicator-kind-imphash = imphash
cli-indicator-kind-ja3 = JA3
cli-indicator-kind-mail = メール
cli-indicator-kind-file = ファイル
cli-indicator-kind-path = パス
cli-indicator-state-active = 有効
cli-indicator-state-expired = 期限切れ
cli-indicator-state-withdrawn = 取り下げ

cli-indicators-at = { $list }:{ $line }:{ $column }: { $said }
cli-indicators-silent = ここに痕跡情報らしいものはありません
cli-indicators-benign = 「{ $value }」は良性リスト { $list } にあります（{ $reason }）。それでも痕跡情報なら、--force に理由を付けて加えてください。
cli-indicators-read = { $lines } 行から痕跡情報 { $indicators ->
    [0] 0 件
   *[other] { $indicators } 件（{ $kinds }）
}、重複 { $again } 件、良性 { $benign } 件、断ったもの { $refused } 件、何もない行 { $silent } 行。
cli-indicators-dry = 何も加えていません。
cli-indicators-added = { $added } 件を加えました。{ $known } 件はすでにありました。
cli-indicators-left = { $value } は良性リスト { $list } にあります（{ $reason }）。
cli-indicators-of-finding = 所見 { $finding } の事象 { $rows } 件から痕跡情報 { $indicators } 件。良性 { $benign } 件。
cli-error-indicators-finding = 所見 { $finding } はありません。noroshi findings が一覧を示します。
cli-indicators-withdrawn = { $value } はもう痕跡情報ではありません。
cli-indicators-seen = { $horizon } までに受け取ったものの中で { $indicators } 件の痕跡情報を探し、{ $found } 件が見つかりました。新しい動きは { $changed } 件です。
cli-indicator = { $value } · { $kind } · { $state } · { $tlp }
cli-indicator-act = { $at }  { $actor }: { $said }
cli-indicator-act-added = 加えた（{ $parts }）
cli-indicator-act-seen = { $horizon } までに受け取ったものの { $rows } 行にある
cli-indicator-act-withdrawn = 取り下げた: { $reason }
cli-indicator-act-expired = 期限が来た
cli-indicator-confidence = 確かさ { $confidence } %
cli-indicator-until = { $until } まで
cli-indicator-kept = 良性リスト { $list } にあるが: { $reason }
cli-indicator-partner = { $name } から
cli-indicator-line = { $list } の { $line } 行目
cli-indicator-nowhere = 観測のどこにもありません。

cli-error-indicators-nothing = 「{ $value }」はファイルでも痕跡情報でもありません。アドレス、ネットワーク、ドメイン、URL、ハッシュ、ファイル、またはリストのファイルの名前を書いてください。
cli-error-indicators-several = 「{ $value }」には痕跡情報がいくつかあります。一つを書くか、--kind で種類を示してください。
cli-error-indicators-text = { $path } は UTF-8、UTF-16、Shift_JIS の文章ではありません。テキストとして保存するか、標準入力に貼り付けてください。
cli-error-indicator-none = { $value } は今ここでは痕跡情報ではありません。noroshi indicators --state all が、これまでのすべてを示します。
cli-error-indicator-value = { $value } はこの種類の痕跡情報になりません。ログにある形で書いてください。
cli-error-indicator-confidence = 確かさは百分率です。0 から 100 の数を書いてください。
cli-error-indicator-over = --until の時は過ぎています。これから来る時を書くか、付けないでください。
cli-error-indicator-note = 注記または理由が長すぎます。2,000 字までで書いてください。

cli-benign-head-list = リスト
cli-benign-head-state = 状態
cli-benign-head-shipped = 値
cli-benign-head-added = ここで追加
cli-benign-head-left = ここで除外
cli-benign-head-about = 何のリストか
cli-benign-on = 有効
cli-benign-off = 停止
cli-benign-own = この設備のリスト
cli-benign-value = { $value }: { $reason }
cli-benign-until = { $value }: { $reason }（{ $until } まで）
cli-benign-left-out = { $value }: ここでは外している。{ $reason }
cli-benign-not = 「{ $value }」は良性リストに置けません。ネットワーク、アドレス、ドメイン、ハッシュ、ファイルの名前を書いてください。
cli-benign-added = リスト { $list } の { $values } 件は痕跡情報としません。
cli-benign-removed = リスト { $list } の { $values } 件は、ふたたび痕跡情報になりえます。
cli-benign-switched-off = リスト { $list } はもう何も除きません。
cli-benign-switched-on = リスト { $list } はふたたび中身を除きます。
cli-error-benign-none = 良性リスト { $list } はありません。noroshi indicators benign がリストを示します。
cli-error-benign-nothing = 良性リストに置けるものがありません。ネットワーク、アドレス、ドメイン、ハッシュ、ファイルの名前を書いてください。
cli-error-benign-not-there = { $value } はリスト { $list } にありません。noroshi indicators benign { $list } が中身を示します。
cli-error-benign-name = { $list } はリストの名前になりません。英小文字、数字、ハイフンを 60 字まで使ってください。
cli-error-benign-already = リスト { $list } はすでにそうなっています。何も変えていません。

cli-indicators-cause-unclear = 「{ $value }」は無害化されていますが、探せる値ではありません。値の全体を書いてください。
cli-indicators-cause-cut = 「{ $value }」は終わりが省かれています。全体を書いてください。
cli-indicators-cause-comment = 「{ $value }」は注釈の行にあります。痕跡情報なら行頭の記号を取ってください。
cli-indicators-cause-long = 「{ $value }」は長すぎます。値を一つ書いてください。
cli-indicators-cause-version = 「{ $value }」はプログラムの版です。アドレスなら、一行に「IP: …」のように書いてください。
cli-indicators-cause-leading-zero = 「{ $value }」の数が 0 で始まり、8進数と読むものがあります。0 を取って書いてください。
cli-indicators-cause-octet = 「{ $value }」はアドレスではありません（{ $number } は 255 より大きい）。抜けた文字がないか見てください。
cli-indicators-cause-address-malformed = 「{ $value }」は IPv6 のアドレスではありません。抜けた文字がないか見てください。
cli-indicators-cause-range = 「{ $value }」はアドレスの範囲です。198.51.100.0/28 のようにネットワークで書いてください。
cli-indicators-cause-network-length = 「{ $value }」はネットワークではありません（0〜32 ビット、IPv6 は 0〜128 ビット）。198.51.100.0/24 のように書いてください。
cli-indicators-cause-network-wide = 「{ $value }」はほとんどすべてを指します。8 ビット以上のネットワークを書いてください。
cli-indicators-cause-port = 「{ $value }」の { $number } というポートはありません。抜けた文字がないか見てください。
cli-indicators-cause-hash-length = 「{ $value }」は { $digits } 桁で、そのようなハッシュはありません。MD5 は 32 桁、SHA-1 は 40 桁、SHA-256 は 64 桁、SHA-512 は 128 桁です。
cli-indicators-cause-hash-kind = 「{ $value }」は { $kind } のハッシュで、ログにありません。MD5、SHA-1、SHA-256、SHA-512 を書いてください。
cli-indicators-cause-name-malformed = 「{ $value }」は DNS の名前になりません。抜けた文字がないか見てください。
cli-indicators-cause-top-unknown = 「{ $value }」の .{ $top } という最上位ドメインは知られていません。抜けた文字がないか見てください。
cli-indicators-cause-host-short = 「{ $value }」のホストは短い名前で、よそでは別の機械を指します。完全な名前を書いてください。
cli-indicators-cause-unsure = 「{ $value }」はファイル、製品、ドメインのどれともとれます。点を [.] と書くか「file: …」のように書いてください。
cli-indicators-cause-spoken-dot = 「{ $value }」の dot は言葉かもしれません。[.] と書いてください。
cli-indicators-cause-name-in-text = 「{ $value }」の名前がどこで始まり終わるか分かりません。かぎ括弧に入れるか、一行に書いてください。
cli-indicators-cause-scheme = 「{ $value }」の { $scheme } のアドレスは探しません。ホストを書いてください。
cli-indicators-cause-url-with-mail = 「{ $value }」には誰かのメールアドレスがあります。それを除いて書いてください。
cli-indicators-cause-mail-malformed = 「{ $value }」はメールアドレスではありません。抜けた文字がないか見てください。
cli-indicators-cause-path-of-person = 「{ $value }」は誰かのフォルダーを通ります。ファイルの名前を書いてください。
cli-indicators-cause-path-variable = 「{ $value }」には、ログにない変数があります。ファイルの名前を書いてください。
cli-indicators-cause-registry = 「{ $value }」はレジストリのキーで、痕跡情報としては探しません。noroshi hunts save でハントに残してください。
cli-indicators-cause-account = 「{ $value }」はアカウントの名前で、痕跡情報として残しません。noroshi find で探してください。
cli-indicators-cause-mac = 「{ $value }」は機器のアドレスで、痕跡情報としては探しません。noroshi hunts save でハントに残してください。
cli-indicators-cause-identifier = 「{ $value }」は誰かが付けた識別子です。noroshi find で探してください。
cli-indicators-cause-weakness = 「{ $value }」は弱点の名前で、観測できるものではありません。注記に書いてください。
cli-indicators-cause-asn = 「{ $value }」は通信事業者の番号で、痕跡情報としては探しません。ネットワークを書いてください。
