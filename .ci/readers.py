"""Opens the lake's tables with readers of other makers and compares what they see with what `noroshi query` answers.

    pip install --requirement .ci/readers.txt
    python .ci/readers.py target/debug/noroshi FOLDER

FOLDER is made anew: the logs of the demo and a few odd ones, and a home that takes them in. Compared are, for each
table, the names of its columns, its rows, those of each day, how many values each column has, its least and greatest
one, how many hosts there are, and a name that is looked up in the map `raw`. Whatever differs is a line of its own,
and the end is a failure.
"""

import collections
import datetime
import json
import pathlib
import shutil
import subprocess
import sys
import time

import deltalake
import duckdb
import polars
import pyarrow
import pyarrow.compute as compute

# What the lake's own readers might treat in a way of their own: no time, a time far away, letters of many bytes,
# quotes and a separator in a value, several values of one name, a line that is broken.
ODD = [
    {"EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "時計なし", "ProcessId": 7},
    {"EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "ws1", "@timestamp": 13, "Odd": "a=b, 'c' \"d\""},
    {"EventID": 22, "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "ws2", "@timestamp": 1_779_000_000,
     "QueryName": "例え.example", "Odd": ["一", "二"]},
]

# Columns that one question asks for: what a question may be made of has limits.
AT_ONCE = 40


class Noroshi:
    """The program under test, and a home."""

    def __init__(self, program, home):
        self.program, self.home = program, home

    def run(self, *arguments):
        done = subprocess.run([self.program, *arguments], stdout=subprocess.PIPE, check=False)
        if done.returncode != 0:
            sys.exit(f"readers: `noroshi {' '.join(map(str, arguments))}` ended with {done.returncode}")
        return done.stdout

    def ask(self, sql, *values):
        parameters = [f"--param={value}" for value in values]
        return json.loads(self.run("query", "--json", "--home", self.home, *parameters, sql))

    def tables(self):
        return json.loads(self.run("tables", "--json", "--home", self.home))


def fill(program, folder):
    """A home whose tables have several versions, and files with other columns than the files before."""
    noroshi = Noroshi(program, folder / "home")
    noroshi.run("demo", "--no-serve", "--week", "--scale", "0.01", "--home", folder / "demo")
    odd = folder / "odd.ndjson"
    lines = [json.dumps(line, ensure_ascii=False) for line in ODD]
    odd.write_text("\n".join([*lines[:1], "{broken", *lines[1:], ""]), encoding="utf-8")
    organisations = sorted((folder / "demo" / "logs").iterdir())
    half = len(organisations) // 2
    for paths in [organisations[:half], organisations[half:], [odd]]:
        noroshi.run("ingest", "--home", noroshi.home, *paths)
    return noroshi


class Shape:
    """What the questions about a table need to know of it."""

    def __init__(self, arrow):
        self.columns = arrow.schema.names
        is_nested = {field.name: pyarrow.types.is_nested(field.type) for field in arrow.schema}
        self.plain = [name for name in self.columns if not is_nested[name]]
        self.nested = [name for name in self.columns if is_nested[name]]
        self.hosts = "device.hostname" if "device.hostname" in self.columns else None
        self.day = "day" if "day" in self.columns else None
        self.key = most_frequent_key(arrow) if "raw" in self.columns else None


def most_frequent_key(arrow):
    keys = collections.Counter(key for row in arrow["raw"].to_pylist() if row for key, _ in row)
    return min(keys, key=lambda key: (-keys[key], key), default=None)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def told(value):
    """A value as the program writes it in JSON."""
    if isinstance(value, datetime.datetime):
        text = value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f").rstrip("0").rstrip(".")
        return text + "Z"
    return value


def asked(ask, name, shape):
    """The facts about a table as somebody answers who speaks SQL; `ask` gives rows as lists."""
    [[rows]] = ask(f"SELECT count(*) FROM {name}")
    facts = {"columns": sorted(shape.columns), "rows": rows}
    for begin in range(0, len(shape.columns), AT_ONCE):
        columns = shape.columns[begin : begin + AT_ONCE]
        values = [f"count({quoted(column)})" for column in columns]
        plain = [column for column in columns if column in shape.plain]
        values += [f"{least}({quoted(column)})" for column in plain for least in ("min", "max")]
        [row] = ask("SELECT " + ", ".join(f"{value} AS c{at}" for at, value in enumerate(values)) + f" FROM {name}")
        facts |= {f"values of {column}": count for column, count in zip(columns, row)}
        bounds = iter(row[len(columns) :])
        facts |= {f"bounds of {column}": [told(next(bounds)), told(next(bounds))] for column in plain}
    if shape.hosts:
        [[facts["hosts"]]] = ask(f"SELECT count(DISTINCT {quoted(shape.hosts)}) FROM {name}")
    if shape.day:
        days = ask(f"SELECT day, count(*) AS rows FROM {name} GROUP BY day")
        facts["days"] = {day: count for day, count in days}
    if shape.key:
        first = "raw[$1][1]"
        values = f"count({first}) AS n, count(DISTINCT {first}) AS d, min({first}) AS l, max({first}) AS g"
        [facts[f"raw {shape.key}"]] = ask(f"SELECT {values} FROM {name}", shape.key)
    return facts


def by_noroshi(noroshi, table, shape):
    ask = lambda sql, *values: [list(row.values()) for row in noroshi.ask(sql, *values)]
    facts = asked(ask, table["name"], shape)
    [one] = noroshi.ask(f"SELECT * FROM {table['name']} LIMIT 1")
    # Its own columns, not those that another reader found.
    return facts | {"columns": sorted(one)}


def by_duckdb(arrow, shape):
    base = duckdb.connect()
    base.execute("SET threads = 2; SET TimeZone = 'UTC'")
    base.register("rows_of_it", arrow)
    ask = lambda sql, *values: [list(row) for row in base.execute(sql, list(values) if "$1" in sql else []).fetchall()]
    return asked(ask, "rows_of_it", shape)


def by_arrow(arrow, shape):
    facts = {"columns": sorted(arrow.schema.names), "rows": arrow.num_rows}
    for column in shape.columns:
        facts[f"values of {column}"] = arrow.num_rows - arrow[column].null_count
    for column in shape.plain:
        bounds = compute.min_max(arrow[column]).as_py()
        facts[f"bounds of {column}"] = [told(bounds["min"]), told(bounds["max"])]
    if shape.hosts:
        facts["hosts"] = compute.count_distinct(arrow[shape.hosts]).as_py()
    if shape.day:
        facts["days"] = dict(collections.Counter(arrow[shape.day].to_pylist()))
    if shape.key:
        maps = (dict(row) for row in arrow["raw"].to_pylist() if row)
        first = [row[shape.key][0] for row in maps if row.get(shape.key)]
        facts[f"raw {shape.key}"] = looked_up(first)
    return facts


def by_polars(path, shape):
    frame = polars.scan_delta(path).collect()
    facts = {"columns": sorted(frame.columns), "rows": frame.height}
    for column in shape.columns:
        facts[f"values of {column}"] = frame.height - frame[column].null_count()
    for column in shape.plain:
        facts[f"bounds of {column}"] = [told(frame[column].min()), told(frame[column].max())]
    if shape.hosts:
        facts["hosts"] = frame[shape.hosts].drop_nulls().n_unique()
    if shape.day:
        facts["days"] = dict(frame.group_by(shape.day).len().iter_rows())
    if shape.key:
        first = polars.col("raw").map.get(shape.key).list.first()
        facts[f"raw {shape.key}"] = looked_up(frame.select(first).to_series().drop_nulls().to_list())
    return facts


def looked_up(first):
    return [len(first), len(set(first)), min(first, default=None), max(first, default=None)]


def differences(table, expected, reader, found):
    names = sorted(expected.keys() | found.keys())
    return [
        f"{table}: {name}: noroshi says {expected.get(name)!r}, {reader} says {found.get(name)!r}"
        for name in names
        if expected.get(name) != found.get(name)
    ]


def main():
    began = time.monotonic()
    program, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    noroshi = fill(program, folder)
    wrong, rows, facts, versions = [], 0, 0, 0
    tables = noroshi.tables()
    for table in tables:
        delta = deltalake.DeltaTable(table["path"])
        arrow = delta.to_pyarrow_table()
        shape = Shape(arrow)
        expected = by_noroshi(noroshi, table, shape)
        if delta.version() != table["version"]:
            wrong.append(f"{table['name']}: version {table['version']} is {delta.version()} for deltalake")
        if expected["rows"] != table["rows"]:
            wrong.append(f"{table['name']}: {table['rows']} rows in the list of tables, {expected['rows']} in an answer")
        readers = {
            "deltalake": by_arrow(arrow, shape),
            "DuckDB": by_duckdb(arrow, shape),
            "Polars": by_polars(table["path"], shape),
        }
        for reader, found in readers.items():
            wrong += differences(table["name"], expected, reader, found)
        rows, facts, versions = rows + arrow.num_rows, facts + len(expected), versions + delta.version()
    names = {table["name"] for table in tables}
    missing = {"batches", "flaws", "process_activity", "dns_activity"} - names
    wrong += [f"{name}: there is no such table" for name in sorted(missing)]
    if wrong:
        sys.exit("\n".join(f"readers: {line}" for line in wrong))
    makers = f"deltalake {deltalake.__version__}, DuckDB {duckdb.__version__} and Polars {polars.__version__}"
    print(
        f"{makers} agree with noroshi: {len(tables)} tables, {versions} versions, {rows} rows, "
        f"{facts} facts each, in {time.monotonic() - began:.1f} s"
    )


main()
