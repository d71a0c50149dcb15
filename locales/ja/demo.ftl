# `noroshi demo`

cli-help-demo = 架空の国の1年のログを作って蓄え、調べ、問い合わせます
cli-help-demo-home = デモのフォルダー。省くとデータフォルダーの noroshi-demo
cli-help-demo-no-serve = 報告書を書いたら終わります。この版では常にそうなります。スクリプト用の指定です
cli-help-demo-seed = 種を変えると別の1年になります
cli-help-demo-scale = 国の大きさ。1 ですべてのコンピューター、小さくすると机のものが減ります。省くと1年では 0.1、1週間では 1
cli-help-demo-week = 代わりに、すべての攻撃を移した6月の1週間を作ります。およそ 20 万件
cli-help-demo-more =
    デモは何も送信せず、ネットワークも使いません。作るものはすべてデモのフォルダーに置きます。ログ、仕込みの正解
    （truth.ndjson）、何がいくつあるか（census.json）、ホーム、報告書です。

    例:
      noroshi demo
      noroshi demo --week --home week

cli-error-demo-home = { $path } はデモが作ったものではありません。--home で空のフォルダーか新しいフォルダーを指定してください。
cli-error-demo-folder = デモのデータフォルダーがありません。--home で指定してください。

cli-demo-title-year = 小さな国の1年
cli-demo-title-week = 小さな国の1週間
cli-demo-making-year = 小さな国の1年のログを { $path } に作ります
cli-demo-making-week = 小さな国の1週間のログを { $path } に作ります
cli-demo-reusing-year = { $path } にある1年を使います
cli-demo-reusing-week = { $path } にある1週間を使います
cli-demo-kept = { $events } 件の事象を { $path } に蓄えました（{ $time }）。同梱のルールで見つかったもの:

cli-demo-truth = 正解との比較: 適合率 { $precision }（検知 { $verdicts } 件のうち { $right } 件）、再現率 { $recall }（ルールで分かる仕込み { $expected } 件のうち { $found } 件）。{ $severe ->
    [0] 普段の仕事を「高」以上とした検知はありません。
   *[other] 普段の仕事を「高」以上とした検知が { $severe } 件あります。
}
cli-demo-story = 物語
cli-demo-story-a = A 保守の扉
cli-demo-story-c = C 静かな潮
cli-demo-technique = 手口
cli-demo-step = 段階
cli-demo-planted = 仕込み
cli-demo-expected = ルールで分かる
cli-demo-found = 検知
cli-demo-seen = ほかに検知
cli-demo-unknown = ほかに { $planted } 件の仕込みは普通に見えるか、ルールの知らない振る舞いです。うち { $seen } 件はそれでも検知しました。残りは見つかったものから分析官がたどります:
cli-demo-report = 報告書: { $path }

cli-demo-questions = 蓄えたものへの二つの問い合わせと、そのやり直し方:
cli-demo-question-owners = 各組織から何が届いたか
cli-demo-question-address = すべての攻撃に使われたサーバー 203.0.113.77 とやり取りしたのは誰か

cli-demo-own = 物語の事象
cli-demo-findings = 所見は{ $findings }件。それぞれ、事象のほとんどが属する物語を添えます：
