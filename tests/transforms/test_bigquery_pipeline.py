"""The graph with a table of BigQuery behind it, on the emulator."""

import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline import replay
from pipeline.options import make_config
from pipeline.run import execute, make_parser
from pipeline.sources import Sources
from tests.newsworld import ALLOW, last_summary, read_lines
from tests.record_samples import make_record
from tests.site import serve
from transforms import bigquery_client, bigquery_format, load_records
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


@pytest.fixture
def name(bigquery_server):
    return f"{bigquery_server.make()}.records"


def checked_stages(output):
    summary = last_summary(output)
    assert unbalanced_stages(summary) == []
    return summary["stages"]


@pytest.mark.parametrize("mode", [[], ["--streaming"]], ids=["load jobs", "streaming inserts"])
def test_rows_are_the_records_of_the_files(bigquery_server, name, go, tmp_path, monkeypatch, mode):
    written = []
    for method in ("_load", "_insert"):
        call = getattr(bigquery_client.BigQueryStore, method)

        def note(self, batch, call=call, method=method):
            written.append((method, len(batch)))
            return call(self, batch)

        monkeypatch.setattr(bigquery_client.BigQueryStore, method, note)
    sinks = ["--sink", f"bigquery:{name}", "--sink", f"jsonl:{tmp_path}/records", *mode]
    code, stages = go(*sinks)
    assert (code, stages["load_records"]) == (0, {"in": 4, "out": 4})
    found = {row["record_id"]: row for row in bigquery_server.rows(f"SELECT * FROM `{name}`")}
    lines = {row["record_id"]: row for row in read_lines(tmp_path / "records")}
    assert found.keys() == lines.keys()
    for key, line in lines.items():
        assert {field: found[key][field] for field in line if not field.endswith("_at")} == {
            field: value for field, value in line.items() if not field.endswith("_at")
        }
    if mode:
        assert {method for method, _ in written} == {"_insert"}
    else:
        assert written == [("_load", 4)]  # one job, whatever the bundles
    code, stages = go(*sinks)
    assert (code, "load_records" in stages) == (0, False)


def test_a_run_that_died_before_its_commit_shows_once_in_the_view(bigquery_server, name, go, tmp_path):
    go("--sink", f"bigquery:{name}")
    (tmp_path / "out" / "state" / "state.jsonl.gz").unlink()  # as if it had never committed
    assert go("--sink", f"bigquery:{name}")[1]["load_records"] == {"in": 4, "out": 4}
    assert bigquery_server.rows(f"SELECT COUNT(*) AS n FROM `{name}`") == [{"n": 8}]
    assert bigquery_server.rows(f"SELECT COUNT(*) AS n FROM `{name}_latest`") == [{"n": 4}]


def test_batches_keep_their_limits(bigquery_server, name, go, monkeypatch):
    sizes = []
    load = bigquery_client.BigQueryStore._load
    monkeypatch.setattr(bigquery_client.BigQueryStore, "_load", lambda self, batch: (sizes.append(len(batch)), load(self, batch))[1])  # fmt: skip
    monkeypatch.setattr(load_records, "_LOAD_ROWS", 3)
    go("--sink", f"bigquery:{name}")
    assert sizes == [3, 1]
    assert bigquery_server.rows(f"SELECT COUNT(*) AS n FROM `{name}`") == [{"n": 4}]


def test_what_bigquery_would_refuse_and_what_it_refuses(bigquery_server, name, site, go, tmp_path, monkeypatch):
    site.pages["/news/1.html"] += "\n" + "\n".join(
        f"وقال الناطق رقم {n} إن العمل في الجسر الكبير مستمر." for n in range(40)
    )
    monkeypatch.setattr(bigquery_format, "MAX_ROW_BYTES", 5000)
    load = bigquery_client.BigQueryStore._load

    def refuse_the_first(self, batch):
        return [IngestError("sink_refused", "backendError"), *load(self, batch[1:])]

    monkeypatch.setattr(bigquery_client.BigQueryStore, "_load", refuse_the_first)
    code, stages = go("--sink", f"bigquery:{name}")
    assert stages["load_records"] == {"in": 4, "out": 2, "dead_lettered_too_large": 1, "dead_lettered_sink_refused": 1}
    assert code == 0
    monkeypatch.undo()
    assert go("--sink", f"bigquery:{name}")[1]["load_records"] == {"in": 1, "out": 1}
    assert bigquery_server.rows(f"SELECT COUNT(*) AS n FROM `{name}`") == [{"n": 3}]
    letters = read_lines(tmp_path / "out" / "dead_letters")
    assert sorted(letter["reason"] for letter in letters) == ["sink_refused", "too_large"]


def test_a_dataset_that_is_not_there_starts_nothing(bigquery_server, site, go, tmp_path):
    with pytest.raises(InputError, match="nowhere"):
        go("--sink", "bigquery:test-proj.nowhere.records")
    assert site.asked == []
    assert not (tmp_path / "out" / "summary").exists()


def test_dead_letters_can_be_replayed_to_a_table(bigquery_server, name, tmp_path):
    letter = DeadLetter("load_records", "sink_refused", "", "Record", element_to_json(make_record(1)), "f", "u", 1, 0)
    (tmp_path / "letters.jsonl").write_text(dead_letter_to_json(letter) + "\n", encoding="utf-8")
    arguments = [str(tmp_path / "letters.jsonl"), "--output", str(tmp_path / "out"), "--sink", f"bigquery:{name}"]
    assert replay.main(arguments) == 0
    assert checked_stages(tmp_path / "out")["load_records"] == {"in": 1, "out": 1}
    assert bigquery_server.rows(f"SELECT title FROM `{name}`") == [{"title": make_record(1).title}]
