"""A table of records on a real PostgreSQL server: made, kept up, filled once, and what happens where it cannot be."""

import dataclasses
import json
import threading

import psycopg
import pytest

from tests.record_samples import make_record
from transforms import postgresql_client
from transforms.errors import InputError
from transforms.postgresql_client import PostgreSQLStore, prepare_table
from transforms.postgresql_format import parse_table, record_to_row
from transforms.record_fields import record_fields
from transforms.record_format import record_to_json

pytestmark = pytest.mark.slow


@pytest.fixture
def table(database):
    made = parse_table(f"{database}?table=news")
    prepare_table(made)
    return made


@pytest.fixture
def store(table):
    made = PostgreSQLStore(table)
    yield made
    made.close()


@pytest.fixture
def ask(database):
    """Asks the database, with rows as dictionaries."""
    with psycopg.connect(database, autocommit=True, row_factory=psycopg.rows.dict_row) as connection:
        yield lambda query, *values: connection.execute(query, values)


@pytest.fixture
def no_pauses(monkeypatch):
    monkeypatch.setattr(postgresql_client, "PAUSES_S", (0.05, 0.05))


def row(number=1, **changes):
    return record_to_row(make_record(number, **changes))[0]


def test_columns_and_the_view_are_those_of_the_schema(table, ask):
    found = ask(
        "SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_name = 'news' ORDER BY ordinal_position"
    )
    columns = {each["column_name"]: (each["data_type"], each["is_nullable"]) for each in found}
    assert list(columns) == [field.name for field in record_fields()]
    assert columns["published_at"] == ("timestamp with time zone", "YES")
    assert columns["fetched_at"] == ("timestamp with time zone", "NO")
    assert columns["revision"] == ("bigint", "NO")
    assert columns["authors"] == columns["statements"] == columns["ceasefire_mentions"] == ("jsonb", "NO")
    assert columns["summary"] == ("text", "YES")
    [comment] = ask("SELECT col_description('news'::regclass, 2) AS said").fetchall()
    assert "hash of `canonical_url`" in comment["said"]
    prepare_table(table)  # nothing to make


def test_a_row_is_the_record(store, ask):
    record = make_record(3, published_us=1_768_032_000_123_456)
    assert store.write([record_to_row(record)[0]]) == [None]
    [found] = ask("SELECT to_jsonb(news) AS row, published_at FROM news").fetchall()
    line = json.loads(record_to_json(record))
    for name, value in found["row"].items():
        if name not in ("published_at", "fetched_at"):
            assert value == line[name], name
    assert found["published_at"].timestamp() == pytest.approx(1_768_032_000.123456, abs=1e-6)
    [count] = ask("SELECT count(*) AS n FROM news, jsonb_array_elements(ceasefire_mentions) m WHERE m->>'act' <> ''")
    assert count["n"] == len(record.ceasefire_mentions) > 1


def test_what_comes_again_replaces_itself_and_the_view_has_the_last_revision(store, ask):
    first, again = row(), row(title="عنوان آخر")
    assert store.write([first, again, row(2)]) == [None] * 3
    assert store.write([again]) == [None]
    assert store.write([row(revision=2, title="عنوان مصحح")]) == [None]
    rows = ask("SELECT revision, title FROM news WHERE canonical_url LIKE '%%/1' ORDER BY revision").fetchall()
    assert rows == [{"revision": 1, "title": "عنوان آخر"}, {"revision": 2, "title": "عنوان مصحح"}]
    latest = ask("SELECT title FROM news_latest ORDER BY canonical_url").fetchall()
    assert [each["title"] for each in latest] == ["عنوان مصحح", make_record(2).title]


def test_later_tags_stay(store, ask):
    line = {name: value for name, value in json.loads(row()).items() if name != "tags_revision"}
    assert store.write([json.dumps(line)]) == [None]  # as a record of version 1.0
    assert store.write([row(tags_revision=2, title="وسوم جديدة"), row(title="قديم")]) == [None, None]
    assert ask("SELECT title, tags_revision FROM news").fetchall() == [{"title": "وسوم جديدة", "tags_revision": 2}]


def test_what_text_cannot_hold_is_replaced_and_spans_stay_right(store, ask):
    body = "قال\0 الوزير سالم\ud800 إن العمل مستمر." + " \\u0000"
    record = dataclasses.replace(make_record(1, body=body, title="الوزير: العمل\0 مستمر"), authors=("أ\0ب",))
    line, replaced = record_to_row(record)
    assert replaced >= 3
    assert store.write([line]) == [None]
    [found] = ask("SELECT * FROM news").fetchall()
    assert found["title"] == "الوزير: العمل\ufffd مستمر"
    assert found["authors"] == ["أ\ufffdب"]
    assert found["body"] == body.replace("\0", "\ufffd").replace("\ud800", "\ufffd")
    assert found["statements"]
    for tag in found["statements"]:
        span = tag["content"]
        assert found[tag["field"]][span["start"] : span["end"]] == span["text"]
    assert record_to_row(make_record(1, body="حرف \\u0000"))[1] == 0


def test_a_row_at_fault_holds_up_no_other(store, ask):
    bad = [
        json.dumps({**json.loads(row(5)), "revision": None}),
        json.dumps({**json.loads(row(5)), "fetched_at": "never"}),
        json.dumps({**json.loads(row(5)), "record_id": "\U0001f600" + "".join(map(chr, range(0x4E00, 0x4E00 + 9000)))}),
    ]
    results = store.write([row(1), bad[0], row(2), bad[1], bad[2], row(3)])
    assert [result is None for result in results] == [True, False, True, False, False, True]
    assert {result.reason for result in results if result} == {"sink_refused"}
    assert "revision" in results[1].detail
    assert ask("SELECT count(*) AS n FROM news").fetchone()["n"] == 3


def test_a_server_that_comes_back_takes_the_rows(store, postgresql_server, database):
    assert store.write([row(1)]) == [None]
    postgresql_server.stop()
    timer = threading.Timer(1.5, postgresql_server.start)
    timer.start()
    assert store.write([row(2), row(3)]) == [None, None]
    timer.join()
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM news").fetchone() == (3,)


def test_a_server_that_stays_away_refuses(store, postgresql_server, no_pauses):
    postgresql_server.stop()
    results = store.write([row(1), row(2)])
    assert [each.reason for each in results] == ["sink_refused"] * 2
    assert "throwaway" not in str(results)
    postgresql_server.start()
    assert store.write([row(1)]) == [None]


def test_a_table_that_is_gone_refuses_all_at_once(store, ask):
    ask("DROP TABLE news CASCADE")
    assert ["does not exist" in each.detail for each in store.write([row(n) for n in range(3)])] == [True] * 3


def test_a_table_of_an_earlier_version_gets_the_columns_that_it_lacks(table, ask, store):
    ask("ALTER TABLE news DROP COLUMN duplicate_of CASCADE")
    ask("ALTER TABLE news ADD COLUMN mine text")
    prepare_table(table)
    assert store.write([row(1, duplicate_of="another")]) == [None]
    assert ask("SELECT duplicate_of FROM news_latest").fetchone() == {"duplicate_of": "another"}


def test_programs_that_begin_together_make_one_table(database):
    table = parse_table(f"{database}?table=together")
    faults = []

    def prepare():
        try:
            prepare_table(table)
        except InputError as error:
            faults.append(error)

    threads = [threading.Thread(target=prepare) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_a_user_who_may_only_write_is_enough_once_the_table_is_there(table, ask, postgresql_server, database):
    name = database.rpartition("/")[2]
    ask(f"CREATE ROLE writer_{name} LOGIN PASSWORD 'throwaway-5b1c'")
    writer = parse_table(f"{postgresql_server.address(name, f'writer_{name}')}?table=news")
    with pytest.raises(InputError, match="permission denied"):
        prepare_table(writer)
    ask(f"GRANT SELECT, INSERT, UPDATE ON news TO writer_{name}")
    prepare_table(writer)
    assert PostgreSQLStore(writer).write([row(1)]) == [None]


def test_what_only_the_user_can_mend_names_the_table(database, ask, monkeypatch, postgresql_server):
    ask("CREATE TABLE other (record_id text, revision bigint)")
    with pytest.raises(InputError, match=r"table other: there is no unique"):
        prepare_table(parse_table(f"{database}?table=other"))
    with pytest.raises(InputError, match="no_such_schema"):
        prepare_table(parse_table(f"{database}?table=no_such_schema.news"))
    with pytest.raises(InputError, match="sslmod"):
        prepare_table(parse_table(f"{database}?sslmod=require"))
    ask("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(InputError, match="LATIN1; UTF8 is needed"):
        prepare_table(parse_table(postgresql_server.address("latin")))
    monkeypatch.setenv("PGPASSWORD", "not-this-one")
    with pytest.raises(InputError, match="password authentication failed") as caught:
        prepare_table(parse_table(database))
    assert "not-this-one" not in str(caught.value)


def test_a_table_in_a_schema(database, ask):
    ask("CREATE SCHEMA press")
    table = parse_table(f"{database}?table=press.news")
    prepare_table(table)
    assert PostgreSQLStore(table).write([row(1)]) == [None]
    assert ask("SELECT count(*) AS n FROM press.news_latest").fetchone()["n"] == 1


def test_a_record_without_tags(store, ask):
    record = dataclasses.replace(make_record(1), statements=(), ceasefire_mentions=(), authors=(), published_us=None, published_from=None)  # fmt: skip
    assert store.write([record_to_row(record)[0]]) == [None]
    found = ask("SELECT statements, authors, published_at FROM news").fetchone()
    assert found == {"statements": [], "authors": [], "published_at": None}
