"""Asks DuckDB what `cargo bench -p lake --bench find` looked for, of the same files.

    pip install duckdb
    python find.py FOLDER

FOLDER is the lake of the bench, with its find.json. Prints milliseconds (the best of three runs) and how
many times longer DuckDB took; it compares spelling by spelling, so it may find fewer rows.
"""

import json
import pathlib
import sys
import time

import duckdb

RUNS = 3


def main():
    folder = pathlib.Path(sys.argv[1])
    base = duckdb.connect()
    base.execute("SET threads = 2; SET TimeZone = 'UTC'")
    for table in (folder / "own").iterdir():
        files = f"{table}/day=*/*.parquet"
        base.execute(
            f"CREATE VIEW {table.name} AS SELECT * FROM read_parquet('{files}', "
            "hive_partitioning = true, union_by_name = true, hive_types = {'day': VARCHAR})"
        )
    print(f"DuckDB {duckdb.__version__}")
    told = json.loads((folder / "find.json").read_text())
    # What a table has no value of has no column in its files.
    there = {table: {row[0] for row in base.execute(f"DESCRIBE {table}").fetchall()} for table in told["columns"]}
    for asked in told["asked"]:
        questions = []
        for table, columns in told["columns"].items():
            any_of = " OR ".join(f'"{column}" = $1' for column in columns if column in there[table])
            questions.append(f"SELECT count(*), min(time), max(time) FROM {table} WHERE {any_of}")
        best = float("inf")
        for _ in range(RUNS):
            began = time.perf_counter()
            rows = sum(base.execute(sql, [asked["value"]]).fetchone()[0] for sql in questions)
            best = min(best, (time.perf_counter() - began) * 1e3)
        print(f"{asked['what']:<16} {asked['ms']:8.1f} {best:8.1f} ms  {best / asked['ms']:6.1f}  {asked['rows']} {rows} rows")


main()
