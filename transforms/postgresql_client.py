"""PostgreSQL: a table of records that is made, filled and kept up to the schema. No Beam.

The only module that knows psycopg, which is in the extra `postgresql`. Passwords come from PGPASSWORD or ~/.pgpass, as
libpq reads them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Any, Final

import psycopg
from psycopg import sql

from transforms.errors import IngestError, InputError
from transforms.postgresql_format import PostgreSQLTable, column_type, columns
from transforms.record_fields import ROW_KEY, TAGS_REVISION

LOG = logging.getLogger(__name__)

# Waited between tries where the server is away or tells to try again: a restart takes no longer.
PAUSES_S: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
_CONNECT_S: Final = 10
_STATEMENT_MS: Final = 120_000
# Classes of SQLSTATE that may pass: connection, read-only standby, rollback, resources, lock and operator, system.
_PASSING: Final = ("08", "25", "40", "53", "55", "57", "58")
# What is wrong with the table, and so with every row.
_TABLES_FAULT: Final = ("42", "3F", "28")


class PostgreSQLStore:
    """Upserts rows into one table. One connection, made when it is needed and made again where it is lost."""

    def __init__(self, table: PostgreSQLTable) -> None:
        self._table = table
        self._upsert = _upsert(table)
        self._connection: psycopg.Connection[Any] | None = None

    def write(self, rows: Sequence[str]) -> list[IngestError | None]:
        """Per row None once it is committed, else why it is not: "sink_refused". `rows` are JSON objects.

        All rows are one transaction; where one of them is at fault each is one. May be called again with the same.
        """
        for pause in (*PAUSES_S, None):
            try:
                return self._write(rows)
            except psycopg.Error as error:
                self.close()
                if pause is None:
                    return [self._refusal(error)] * len(rows)
                LOG.info("%s: %s; tried again in %s s", self._table.address, _one_line(error), pause)
                time.sleep(pause)
        raise AssertionError("the last try returns")

    def _write(self, rows: Sequence[str]) -> list[IngestError | None]:
        """Raises psycopg.Error for what may pass."""
        if self._connection is None:
            self._connection = _connect(self._table)
        try:
            with self._connection.transaction(), self._connection.cursor() as cursor:
                cursor.executemany(self._upsert, [(row,) for row in rows])
        except psycopg.Error as error:
            if _may_pass(error):
                raise
            if len(rows) == 1 or (error.sqlstate or "").startswith(_TABLES_FAULT):
                return [self._refusal(error)] * len(rows)
            return [self._write([row])[0] for row in rows]
        return [None] * len(rows)

    def _refusal(self, error: psycopg.Error) -> IngestError:
        return IngestError("sink_refused", f"{self._table.address}: {_one_line(error)}")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def prepare_table(table: PostgreSQLTable) -> None:
    """Makes the table and its view `..._latest` where they are not there, adds columns that it lacks.

    A user who may only read and insert passes where nothing is to be made. Raises InputError.
    """
    try:
        with _connect(table) as connection:
            encoding = connection.info.parameter_status("server_encoding")
            if encoding != "UTF8":
                raise InputError(f"the database has the encoding {encoding}; UTF8 is needed", file=table.address)
            with connection.transaction(), connection.cursor() as cursor:
                _prepare(cursor, table)
            with connection.transaction(force_rollback=True), connection.cursor() as cursor:
                cursor.execute(sql.SQL("EXPLAIN ") + _upsert(table), ("{}",))  # as writing does, but for the writing
    except psycopg.Error as error:
        raise InputError(_one_line(error), file=table.address) from error


def _prepare(cursor: psycopg.Cursor[Any], table: PostgreSQLTable) -> None:
    found = _columns_of(cursor, table)
    if _columns_of(cursor, table, "_latest") and found >= {each.name for each in columns()}:
        return
    # Two programs that begin together would make the same table, and one of them would fail.
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"rasid {table.name}",))
    found = _columns_of(cursor, table)
    name = _identifier(table)
    if not found:
        definitions = [
            sql.SQL("{} {}").format(sql.Identifier(each.name), _sql(column_type(each) + " NOT NULL" * each.required))
            for each in columns()
        ]
        cursor.execute(
            sql.SQL("CREATE TABLE {} ({}, PRIMARY KEY ({}))").format(
                name, sql.SQL(", ").join(definitions), _names(ROW_KEY)
            )
        )
        index = sql.Identifier(f"{table.name.rpartition('.')[2]}_published_at")
        cursor.execute(sql.SQL("CREATE INDEX {} ON {} (published_at)").format(index, name))
    for each in columns():
        column = sql.Identifier(each.name)
        if found and each.name not in found:
            cursor.execute(sql.SQL("ALTER TABLE {} ADD COLUMN {} {}").format(name, column, _sql(column_type(each))))
        if each.name not in found:
            comment = sql.SQL("COMMENT ON COLUMN {}.{} IS {}")
            cursor.execute(comment.format(name, column, sql.Literal(each.description)))
    cursor.execute(
        sql.SQL("CREATE OR REPLACE VIEW {} AS SELECT DISTINCT ON (record_id) {} FROM {} ORDER BY {} DESC").format(
            _identifier(table, "_latest"),
            _names([each.name for each in columns()]),
            name,
            sql.SQL(" DESC, ").join(map(sql.Identifier, ROW_KEY)),
        )
    )


def _columns_of(cursor: psycopg.Cursor[Any], table: PostgreSQLTable, suffix: str = "") -> set[str]:
    """The names of a table's columns; none where there is no table."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped",
        (_identifier(table, suffix).as_string(),),
    )
    return {name for (name,) in cursor.fetchall()}


def _upsert(table: PostgreSQLTable) -> sql.Composed:
    """One row from its JSON, read by the table's own types; one with later tags stays as it is."""
    names = [each.name for each in columns()]
    updates = [sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in names if name not in ROW_KEY]
    return sql.SQL(
        "INSERT INTO {table} AS old ({names}) SELECT {names} FROM jsonb_populate_record(NULL::{table}, %s::jsonb) "
        "ON CONFLICT ({key}) DO UPDATE SET {updates} "
        "WHERE COALESCE(old.{tags}, 1) <= COALESCE(EXCLUDED.{tags}, 1)"
    ).format(
        table=_identifier(table),
        names=_names(names),
        key=_names(ROW_KEY),
        updates=sql.SQL(", ").join(updates),
        tags=sql.Identifier(TAGS_REVISION),
    )


def _connect(table: PostgreSQLTable) -> psycopg.Connection[Any]:
    connection = psycopg.connect(
        table.connection,
        autocommit=True,
        connect_timeout=_CONNECT_S,
        application_name="rasid",
        client_encoding="UTF8",
        tcp_user_timeout=_STATEMENT_MS,
        prepare_threshold=None,  # poolers that hand a connection on between transactions lose prepared statements
    )
    connection.execute(_sql(f"SET statement_timeout = {_STATEMENT_MS}"))
    return connection


def _identifier(table: PostgreSQLTable, suffix: str = "") -> sql.Identifier:
    *schema, name = table.name.split(".")
    return sql.Identifier(*schema, name + suffix)


def _names(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _sql(text: str) -> sql.SQL:
    """SQL of constants of this project."""
    return sql.SQL(text)


def _may_pass(error: psycopg.Error) -> bool:
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return error.sqlstate.startswith(_PASSING)


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:500]
