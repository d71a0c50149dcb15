# 名簿：組織とその人々。

cli-help-register = 参加する組織、そこで働く人、その役割を記す
cli-help-register-organisations = 組織の一覧
cli-help-register-organisations-all = 抜けたものも並べる
cli-help-register-organisations-seat = この人に見えるとおりに示す。そう見たことは記録に残る
cli-help-register-organisations-json = JSON の配列で表示
cli-help-register-organisation = 組織が何かを記す。もう一度記せば改まる
cli-help-register-organisation-id = ID。英小文字、数字、ピリオド、ハイフン。ingest --owner が書く持ち主と同じもの
cli-help-register-organisation-name = 名前
cli-help-register-organisation-kind = 種類：operator（運用センター）、office（統括室）、ministry（府省）、agency（機関）、local-government（自治体）、infrastructure（重要インフラ）、isp、maker、supplier、member
cli-help-register-organisation-prefecture = 都道府県。JIS X 0401 の番号
cli-help-register-organisation-parent = 属する組織
cli-help-register-organisation-json = 一つの JSON で表示
cli-help-register-people = 人の一覧
cli-help-register-people-all = 抜けた人も並べる
cli-help-register-people-seat = この人に見えるとおりに示す。そう見たことは記録に残る
cli-help-register-people-json = JSON の配列で表示
cli-help-register-person = 人の所属と役割を記す。もう一度記せば改まる
cli-help-register-person-id = ID。英小文字、数字、ピリオド、ハイフン。名前は使わない
cli-help-register-person-organisation = 組織の ID
cli-help-register-person-role = 役割（カンマで複数）：analyst（分析）、planner（企画）、office（統括室）、administrator（組織の管理者）、member（参加）、auditor（監査）、installation（設置の管理）
cli-help-register-person-name = 名前。個人に関する値で、noroshi forget で消せる
cli-help-register-person-json = 一つの JSON で表示
cli-help-register-leave = 人または組織が抜ける。次に見る時から何も見えない
cli-help-register-leave-person = 人の ID
cli-help-register-leave-organisation = 人の代わりに組織。その人々も何も見えなくなる
cli-help-register-leave-reason = 理由。記録に残る
cli-help-register-leave-json = 一つの JSON で表示

cli-help-query-seat = この人に見えるとおりに示す。そう見たことは記録に残る
cli-help-find-seat = この人に見えるとおりに示す。そう見たことは記録に残る
cli-help-tables-seat = この人に見えるとおりに示す。そう見たことは記録に残る

cli-register-done = { $id } を名簿に記しました（{ $act }）。
cli-register-before = { $id } は、すでにこのとおり名簿にあります。
cli-register-none = 見てよいものは名簿にありません。
cli-register-head-id = ID
cli-register-head-name = 名前
cli-register-head-kind = 種類
cli-register-head-prefecture = 都道府県
cli-register-head-organisation = 組織
cli-register-head-roles = 役割
cli-error-nobody = 名簿に { $person } はいないか、その人か組織がすでに抜けています。誰がいるかは noroshi register people で見られます。
cli-error-policy = 方針を使えません：{ $reason }。直るまで、人には何も見せません。
cli-error-register-id = { $id } は ID にできません。英小文字か数字で始め、英小文字、数字、ピリオド、ハイフンで 60 字までにしてください。own は設置そのものを指します。
cli-error-register-name = 名前が空か、長すぎます。--name に 1 字から 200 字で書いてください。
cli-error-register-prefecture = { $id } は都道府県ではありません。JIS X 0401 の番号（1 から 47）を書いてください。
cli-error-register-parent = { $id } を、属する組織にはできません。ほかの組織の ID を書いてください。
cli-error-register-no-organisation = 組織 { $id } は名簿にないか、すでに抜けています。一覧は noroshi register organisations で見られます。
cli-error-register-role = 役割のない人はいません。--role に書いてください。

cli-help-access = 人に物が見える、または見えない理由を述べる
cli-help-access-why = 人に物を見せる方針か、見えるようにするものを示す
cli-help-access-why-person = 名簿にある人の ID
cli-help-access-why-thing = 所見の番号、または証拠（行為か、観測の行）
cli-help-access-why-json = 一つの JSON で表示
cli-help-access-why-more =
    例：
      noroshi access why kanri 12
      noroshi access why kanri lake:own/process_activity/0b4c…/12
cli-access-seen = { $person } には { $thing } が見えます（方針 { $policies }）。
cli-access-hidden = { $person } には { $thing } が見えません。見せる方針がありません。
cli-access-label = 持ち主は { $owner }、取扱区分は { $tlp }、区画は { $compartment } です。
cli-access-error = 方針に誤りがあり、見せません：{ $reason }
cli-access-role = 役割 { $value } があれば見えます（方針 { $policies }）。
cli-access-tlp = 取扱区分が { $value } なら見えます（方針 { $policies }）。
cli-access-organisation = { $value } の人なら見えます（方針 { $policies }）。
cli-access-nothing = 役割、組織、TLP のどれか一つを変えても見えません。
cli-error-access-thing = このホームに { $thing } はありません。所見は noroshi findings で、よりどころの行は --rows で見られます。
cli-error-access-form = { $thing } は、所見の番号でも、探せる証拠でもありません。12、act:watch/finding/12/1、lake:… のように書いてください。
