# ホームを保持するプロセスと、それに依頼するコマンド。

cli-error-asked = ホームを保持しているプロセスが依頼を理解できませんでした（{ $reason }）。両方に同じ版の noroshi を使い、続く場合は報告してください。
cli-error-holder-version = プロセス { $process } がホームを保持していますが、noroshi の版が異なります。この版で再起動するか、そのプロセスと同じ版のプログラムを使ってください。
cli-error-holder-died = ホームを保持していたプロセスが応答の前に終了し（{ $reason }）、依頼が実行されたか分かりません。`noroshi rules history` または `noroshi outbox` で確認し、なければ同じコマンドをもう一度実行してください。
cli-error-ingest-other = プロセス { $process } がホームを保持しており、取り込むデータにはそのプロセスのルールが適用されます。--rules、--placeholders、--no-detect を外すか、先にそのプロセスを止めてください。
cli-ingest-other = プロセス { $process } がホームを保持しています。ここで読んだ内容はそのプロセスに渡され、ホームのルールが適用されます。
