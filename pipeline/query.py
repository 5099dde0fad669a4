"""`rasid query`: SQL over the records of a folder, by DuckDB."""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.records_input import require_record_files
from transforms.errors import InputError
from transforms.json_values import encode_json
from transforms.parquet_format import arrow_schema

ROWS_AT_ONCE = 1_000
PLAIN_WIDTH = 160


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="rasid query",
        description="Runs SQL (DuckDB's) over the records below a folder. The view `records` has every revision once, "
        "the view `latest` the last revision of each record; their columns are the fields of record.schema.json.",
        epilog='Example: rasid query "SELECT source, count(*) FROM latest GROUP BY 1 ORDER BY 2 DESC" --input out',
        allow_abbrev=False,
    )
    parser.add_argument("sql", metavar="SQL", help="the query")
    parser.add_argument(
        "--input", required=True, metavar="DIR", help="folder of record files, such as `rasid run --output` names"
    )
    parser.add_argument(
        "--format",
        choices=sorted(FORMATS),
        default="table",
        help="table, for people; csv, nested values as JSON; json, one object a line (default: table)",
    )
    parser.add_argument(
        "--rows", type=int, default=100, metavar="N", help="rows that a table shows at most (default: 100)"
    )
    args = parser.parse_args(argv)
    duckdb = _import_duckdb()
    try:
        FORMATS[args.format](open_records(require_record_files(args.input)), args)
    except duckdb.Error as error:
        raise InputError(f"the query failed: {str(error).strip()}") from error
    except KeyboardInterrupt:
        return 130
    return 0


def _import_duckdb() -> Any:
    try:
        import duckdb
    except ImportError as error:
        raise InputError("DuckDB is not installed; install rasid[query], or the package duckdb") from error
    return duckdb


def open_records(paths: Sequence[Path]) -> Any:
    """A DuckDB connection with the views `records` and `latest` over these files, read when they are asked."""
    con = _import_duckdb().connect()
    con.execute("SET TimeZone = 'UTC'; SET python_enable_replacements = false")
    con.register("no_records", arrow_schema().empty_table())  # gives files of earlier versions the columns they lack
    parts = ["SELECT *, NULL::VARCHAR AS file FROM no_records"]
    columns = ", ".join(
        f"{_quoted(name)}: {_quoted(str(kind))}" for name, kind, *_ in con.sql("DESCRIBE no_records").fetchall()
    )
    for suffix, read, options in (
        (".jsonl", "read_json", f"format = 'newline_delimited', columns = {{{columns}}}"),
        (".parquet", "read_parquet", "union_by_name = true"),
    ):
        names = ", ".join(_quoted(str(path)) for path in paths if path.suffix == suffix)
        if names:
            parts.append(f"SELECT * FROM {read}([{names}], {options}, filename = 'file')")  # noqa: S608 - quoted
    con.execute(
        f"""CREATE VIEW read AS
            SELECT * REPLACE (coalesce(record_id, error(file || ': a line of it is no record')) AS record_id)
            FROM ({" UNION ALL BY NAME ".join(parts)})"""  # noqa: S608 - names of files, quoted
    )
    # Two sinks may have written the same text, and a run that was carried on may have written it again. Of the same
    # revision of text and tags the one in the last file counts, as in `latest_revisions`.
    con.execute(
        """CREATE VIEW records AS SELECT * EXCLUDE (file) FROM read
           QUALIFY row_number() OVER (PARTITION BY record_id, revision, coalesce(tags_revision, 1)
                                     ORDER BY file DESC) = 1"""
    )
    con.execute(
        """CREATE VIEW latest AS SELECT * EXCLUDE (file) FROM read
           QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY revision DESC, coalesce(tags_revision, 1) DESC,
                                     file DESC) = 1"""
    )
    return con


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def query_rows(con: Any, sql: str) -> tuple[list[str], Iterator[list[Any]]]:
    """The names of the columns that a query gives, and its rows as values that JSON has."""
    con.execute(sql)
    names = [column[0] for column in con.description or ()]
    batches = iter(lambda: con.fetchmany(ROWS_AT_ONCE) if names else [], [])
    return names, ([plain_value(value) for value in row] for rows in batches for row in rows)


def plain_value(value: Any) -> Any:
    """What JSON can hold of a value that DuckDB gives: times as in records, numbers as numbers, others as text."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, dict):
        return {str(key): plain_value(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(each) for each in value]
    if isinstance(value, datetime | date | time):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, float | Decimal):
        return int(value) if value == value // 1 and isinstance(value, Decimal) else _finite(float(value))
    return str(value)


def _finite(value: float) -> float | None:
    return value if abs(value) < float("inf") else None


def _write_table(con: Any, args: argparse.Namespace) -> None:
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else PLAIN_WIDTH
    result = con.sql(args.sql)
    if result is not None:  # nothing but a comment
        result.show(max_width=width, max_rows=args.rows)


def _write_csv(con: Any, args: argparse.Namespace) -> None:
    names, rows = query_rows(con, args.sql)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if names:
        writer.writerow(names)
    writer.writerows([encode_json(v) if isinstance(v, dict | list) else v for v in row] for row in rows)


def _write_json(con: Any, args: argparse.Namespace) -> None:
    names, rows = query_rows(con, args.sql)
    for row in rows:
        print(encode_json(dict(zip(names, row, strict=True))))


FORMATS: dict[str, Callable[[Any, argparse.Namespace], None]] = {
    "table": _write_table,
    "csv": _write_csv,
    "json": _write_json,
}
