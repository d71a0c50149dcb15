"""Asks DuckDB what `cargo bench -p lake --bench questions` asked the lake, of the same files.

    pip install duckdb
    python questions.py FOLDER

FOLDER is the lake of the bench, with its questions.json. Prints milliseconds (the best of some runs)
and how many times longer the lake took, and says where the answers differ: first of all rows, then of
those that a view shows in which one owner is hidden.
"""

import datetime
import json
import pathlib
import sys
import time

import duckdb

RUNS = 7


def plain(value):
    if isinstance(value, datetime.datetime):
        text = value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f").rstrip("0").rstrip(".")
        return text + "Z"
    return value


def connected(folder, condition):
    base = duckdb.connect()
    base.execute("SET threads = 2; SET TimeZone = 'UTC'")
    for table in (folder / "own").iterdir():
        files = f"{table}/*/*.parquet"
        base.execute(
            f"CREATE VIEW {table.name} AS SELECT * FROM read_parquet('{files}', "
            f"hive_partitioning = true, union_by_name = true, hive_types = {{'day': VARCHAR}}) {condition}"
        )
    return base


def compare(base, name, sql, told):
    best = float("inf")
    for _ in range(RUNS):
        began = time.perf_counter()
        rows = base.execute(sql).fetchall()
        best = min(best, (time.perf_counter() - began) * 1e3)
    rows = [[plain(value) for value in row] for row in rows]
    same = "" if rows == told["rows"] else "  the answers differ"
    ratio = told["ms"] / best
    print(f"{name:<14} {told['ms']:8.1f} {best:8.1f} ms  {ratio:5.2f}{same}")


def main():
    folder = pathlib.Path(sys.argv[1])
    questions = json.loads((folder / "questions.json").read_text())
    print(f"DuckDB {duckdb.__version__}")
    base = connected(folder, "")
    for question in questions:
        compare(base, question["name"], question["sql"], question)
    hidden = questions[0]["part"]["hidden"]
    print(f"without the rows of {hidden}")
    base = connected(folder, f"WHERE owner <> '{hidden}'")
    for question in questions:
        compare(base, question["name"], question["sql"], question["part"])


main()
