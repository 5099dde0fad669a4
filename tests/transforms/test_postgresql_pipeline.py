"""The graph with a table of PostgreSQL behind it, on a real server."""

import json

import psycopg
import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline import replay
from pipeline.options import make_config
from pipeline.run import execute, make_parser
from pipeline.sources import Sources
from tests.newsworld import ALLOW, last_summary, read_lines
from tests.record_samples import make_record
from tests.site import serve
from transforms import postgresql_client
from transforms.elements import DeadLetter, Feed
from transforms.errors import IngestError, InputError
from transforms.record_format import dead_letter_to_json, element_to_json
from transforms.summary import unbalanced_stages

pytestmark = pytest.mark.slow


@pytest.fixture
def site():
    with serve() as made:
        for n in range(4):
            made.add(n)
        yield made


@pytest.fixture
def go(tmp_path, site):
    """Runs over the site's feed; gives the exit code and what the stages counted."""

    def start(*flags):
        arguments = ["--output", str(tmp_path / "out"), *ALLOW, "--host_pause", "0", *flags]
        config = make_config(make_parser().parse_args(arguments))
        code = execute(config, Sources(feeds=(Feed(site.address + "/rss.xml", "موقع"),)), PipelineOptions([]))
        return code, checked_stages(tmp_path / "out")

    return start


def checked_stages(output):
    summary = last_summary(output)
    assert unbalanced_stages(summary) == []
    return summary["stages"]


def rows(database, table="records"):
    with psycopg.connect(database, row_factory=psycopg.rows.dict_row) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY record_id, revision").fetchall()


def test_rows_are_the_records_of_the_files(database, site, go, tmp_path):
    sinks = ["--sink", database, "--sink", f"jsonl:{tmp_path}/records"]
    code, stages = go(*sinks)
    assert (code, stages["upsert_records"]) == (0, {"in": 4, "out": 4})
    found = {each["record_id"]: each for each in rows(database)}
    lines = {each["record_id"]: each for each in read_lines(tmp_path / "records")}
    assert found.keys() == lines.keys()
    for key, line in lines.items():
        assert {name: found[key][name] for name in line if not name.endswith("_at")} == {
            name: value for name, value in line.items() if not name.endswith("_at")
        }
    code, stages = go(*sinks)
    assert (code, "upsert_records" in stages) == (0, False)


def test_a_run_that_died_before_its_commit_leaves_no_double(database, go, tmp_path):
    go("--sink", database)
    (tmp_path / "out" / "state" / "state.jsonl.gz").unlink()  # as if it had never committed
    assert go("--sink", database)[1]["upsert_records"] == {"in": 4, "out": 4}
    assert len(rows(database)) == 4


def test_a_refused_record_is_stored_by_the_next_run(database, site, go, tmp_path, monkeypatch):
    write = postgresql_client.PostgreSQLStore.write

    def refuse_the_first(self, batch):
        return [IngestError("sink_refused", "no room for a minute"), *write(self, batch[1:])]

    monkeypatch.setattr(postgresql_client.PostgreSQLStore, "write", refuse_the_first)
    monkeypatch.setattr(postgresql_client, "PAUSES_S", (0.1,))
    code, stages = go("--sink", database)
    refused = stages["upsert_records"]["dead_lettered_sink_refused"]
    assert (code, refused >= 1, len(rows(database))) == (0, True, 4 - refused)
    monkeypatch.undo()
    site.asked.clear()
    code, stages = go("--sink", database)
    assert stages["upsert_records"] == {"in": refused, "out": refused}
    assert len([path for path in site.asked if path.startswith("/news/")]) == refused
    assert [(each["revision"]) for each in rows(database)] == [1] * 4


def test_a_database_that_is_not_there_starts_nothing(database, site, go, tmp_path):
    with pytest.raises(InputError, match="none_such"):
        go("--sink", database.rpartition("/")[0] + "/none_such")
    assert site.asked == []
    assert not (tmp_path / "out" / "summary").exists()


def test_a_record_with_a_nul_can_be_replayed(database, tmp_path):
    element = json.loads(element_to_json(make_record(1, title="عنوان\0")))
    letter = DeadLetter("upsert_records", "sink_refused", "", "Record", json.dumps(element), "f", "u", 1, 0)
    (tmp_path / "letters.jsonl").write_text(dead_letter_to_json(letter) + "\n", encoding="utf-8")
    arguments = [str(tmp_path / "letters.jsonl"), "--output", str(tmp_path / "out"), "--sink", database]
    assert replay.main(arguments) == 0
    assert checked_stages(tmp_path / "out")["upsert_records"] == {"in": 1, "out": 1}
    assert [each["title"] for each in rows(database)] == ["عنوان\ufffd"]
