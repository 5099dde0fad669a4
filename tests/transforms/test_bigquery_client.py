"""A table of records on the emulator; and what a service does that the emulator does not, as it documents it."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from google.cloud import bigquery

from tests.record_samples import make_record
from transforms import bigquery_client
from transforms.bigquery_client import BigQueryStore, connect, prepare_table
from transforms.bigquery_format import bigquery_schema, parse_table, record_to_row
from transforms.errors import InputError
from transforms.record_format import record_to_json

pytestmark = pytest.mark.slow
NAME = "test-proj.d.news"


def row(number=1, **changes):
    return record_to_row(make_record(number, **changes))


@pytest.fixture
def table(bigquery_server):
    made = parse_table(f"{bigquery_server.make()}.news")
    prepare_table(made)
    return made


@pytest.fixture(params=[False, True], ids=["load jobs", "streaming inserts"])
def store(table, request):
    made = BigQueryStore(table, "run-1", streaming=request.param)
    yield made
    made.close()


def test_nothing_but_loopback_is_asked(bigquery_server, table):
    client = connect(table)
    assert bigquery_server.address == client._connection.API_BASE_URL
    assert bigquery_server.address.startswith("http://127.0.0.1:")
    assert type(client._credentials).__name__ == "AnonymousCredentials"


def test_the_table_is_partitioned_and_clustered_and_has_the_schema(bigquery_server, table):
    found = bigquery_server.client.get_table(table.name)
    assert (found.time_partitioning.type_, found.time_partitioning.field) == ("DAY", "fetched_at")
    assert found.clustering_fields == ["source", "record_id"]
    assert [each.to_api_repr() for each in found.schema] == [
        bigquery.SchemaField.from_api_repr(each).to_api_repr() for each in bigquery_schema()
    ]
    prepare_table(table)  # nothing to make
    assert bigquery_server.client.get_table(f"{table.name}_latest").table_type == "VIEW"


def test_a_row_is_the_record(bigquery_server, table, store):
    record = make_record(3, published_us=1_768_032_000_123_456)
    assert store.write([record_to_row(record), row(4, published_us=1_768_032_000_000_000)]) == [None, None]
    [found] = bigquery_server.rows(f"SELECT * FROM `{table.name}` WHERE canonical_url LIKE '%/3'")
    line = json.loads(record_to_json(record))
    for name, value in line.items():
        if not name.endswith("_at"):
            assert found[name] == value, name
    assert found["published_at"].isoformat() == line["published_at"].replace("Z", "+00:00")
    [count] = bigquery_server.rows(
        f"SELECT COUNT(*) AS n FROM `{table.name}`, UNNEST(ceasefire_mentions) AS m WHERE m.act != '' AND canonical_url LIKE '%/3'"
    )
    assert count["n"] == len(record.ceasefire_mentions) > 1


def test_the_view_has_the_last_revision_once(bigquery_server, table, store):
    assert store.write([row(1), row(2), row(1, title="عنوان آخر")]) == [None] * 3
    assert store.write([row(1, revision=2, title="عنوان مصحح")]) == [None]
    later = make_record(1).fetched_us + 5_000_000
    assert store.write([row(1, revision=2, title="كما هو", fetched_us=later)]) == [None]
    found = bigquery_server.rows(f"SELECT title FROM `{table.name}_latest` ORDER BY canonical_url")
    assert [each["title"] for each in found] == ["كما هو", make_record(2).title]
    assert store.write([row(2, title="وسوم جديدة", tags_revision=2), row(2, fetched_us=later)]) == [None] * 2
    found = bigquery_server.rows(f"SELECT title FROM `{table.name}_latest` ORDER BY canonical_url")
    assert [each["title"] for each in found] == ["كما هو", "وسوم جديدة"]
    assert bigquery_server.rows(f"SELECT COUNT(*) AS n FROM `{table.name}`") == [{"n": 7}]


def test_a_table_of_an_earlier_version_gets_the_columns_that_it_lacks(bigquery_server):
    table = parse_table(f"{bigquery_server.make()}.news")
    early = [each for each in bigquery_schema() if each["name"] != "duplicate_of"]
    mine = {"name": "mine", "type": "STRING", "mode": "NULLABLE"}
    fields = [bigquery.SchemaField.from_api_repr(each) for each in [*early, mine]]
    bigquery_server.client.create_table(bigquery.Table(table.name, schema=fields))
    prepare_table(table)
    names = [each.name for each in bigquery_server.client.get_table(table.name).schema]
    assert names == [*(each["name"] for each in early), "mine", "duplicate_of"]
    assert BigQueryStore(table, "run", streaming=False).write([row(1, duplicate_of="another")]) == [None]


def test_a_dataset_that_is_not_there_is_named(bigquery_server):
    with pytest.raises(InputError, match="nowhere"):
        prepare_table(parse_table("test-proj.nowhere.news"))


class Service:
    """Answers as scripted: `answers[(method, path)]` are (status, JSON) in their order, the last one for ever."""

    def __init__(self):
        self.answers, self.asked = {}, []
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def answer(self):
                url = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                key = (self.command, url.path.partition("/v2")[2])
                service.asked.append((*key, body))
                status, content, *headers = service.take(key)
                data = json.dumps(content).encode()
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                if parse_qs(url.query).get("uploadType") and self.command == "POST":
                    self.send_header("Location", f"http://{self.headers['Host']}/upload/v2/session")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_PATCH = answer  # noqa: N815

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def take(self, key):
        answers = self.answers.get(key, [error(404, "notFound")])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def job_ids(self):
        bodies = [body for method, path, body in self.asked if (method, path) == UPLOAD]
        return [json.loads(body)["jobReference"]["jobId"] for body in bodies]

    def count(self, key):
        return sum(asked[:2] == key for asked in self.asked)

    def close(self):
        self._server.shutdown()
        self._server.server_close()


UPLOAD = ("POST", "/projects/test-proj/jobs")
SESSION = ("PUT", "/session")
TABLE = ("GET", "/projects/test-proj/datasets/d/tables/news")
INSERT = ("POST", "/projects/test-proj/datasets/d/tables/news/insertAll")


def error(status, reason):
    return status, {"error": {"code": status, "message": f"so it is: {reason}", "errors": [{"reason": reason}]}}


def job(job_id, failure=None):
    status = {"state": "DONE"}
    if failure:
        status |= {"errorResult": {"reason": failure, "message": "no"}, "errors": [{"reason": failure}]}
    return {
        "jobReference": {"projectId": "test-proj", "jobId": job_id, "location": "EU"},
        "configuration": {"load": {}},
        "status": status,
    }


@pytest.fixture
def service(monkeypatch):
    made = Service()
    monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", made.address)
    monkeypatch.setattr(bigquery_client, "PAUSES_S", (0.01, 0.01, 0.01))
    monkeypatch.setattr(bigquery_client, "PATIENCE_S", 1.0)
    reference = {"projectId": "test-proj", "datasetId": "d", "tableId": "news"}
    made.answers[TABLE] = [(200, {"tableReference": reference, "location": "EU", "schema": {"fields": []}})]
    made.answers[UPLOAD] = [(200, {})]
    yield made
    made.close()


@contextlib.contextmanager
def opened(*, streaming=False, run="run-1", name=NAME):
    with contextlib.closing(BigQueryStore(parse_table(name), run, streaming=streaming)) as made:
        yield made


def reasons(results):
    return [each and each.reason for each in results]


def test_a_job_is_named_by_run_table_and_rows(service):
    service.answers[SESSION] = [(200, job("any"))]
    rows = [row(1), row(2)]
    with opened() as store:
        assert store.write(rows) == [None, None]
        assert store.write(rows) == [None, None]
        assert store.write(rows[:1]) == [None]
    with opened(run="run-2") as store:
        assert store.write(rows) == [None, None]
    first, again, other, later = service.job_ids()
    assert first == again
    assert len({first, other, later}) == 3
    assert first.startswith("rasid_run-1_")
    [data] = {body for method, path, body in service.asked if (method, path) == SESSION and body.count(b"\n") == 2}
    assert [json.loads(line) for line in data.splitlines()] == [json.loads(each) for each in rows]


def test_a_job_that_is_known_already_is_not_done_twice(service):
    service.answers[UPLOAD] = [error(409, "duplicate")]
    with opened() as store:
        service.answers["GET", "/projects/test-proj/jobs/any"] = [(200, job("any"))]
        service.take = lambda key, take=service.take: take(
            ("GET", "/projects/test-proj/jobs/any") if key[1].startswith("/projects/test-proj/jobs/rasid") else key
        )
        assert store.write([row(1)]) == [None]
    assert service.count(SESSION) == 0
    assert len(service.job_ids()) == 1


def test_a_job_that_failed_for_a_while_is_done_under_another_name(service):
    service.answers[SESSION] = [(200, job("a", "backendError")), (200, job("b"))]
    with opened() as store:
        assert store.write([row(1)]) == [None]
    first, second = service.job_ids()
    assert first[:-1] == second[:-1]
    assert (first[-1], second[-1]) == ("0", "1")


def test_a_service_that_fails_on_refuses_the_rows(service):
    service.answers[SESSION] = [(200, job("a", "backendError"))]
    with opened() as store:
        assert reasons(store.write([row(1), row(2)])) == ["sink_refused"] * 2
    assert len(set(service.job_ids())) == 4
    service.answers[UPLOAD] = [error(403, "accessDenied")]
    with opened() as store:
        [refused] = store.write([row(1)])
    assert "so it is: accessDenied" in refused.detail
    assert len(service.job_ids()) == 5


def test_a_row_that_a_job_refuses_is_found_and_the_others_are_taken(service):
    service.answers[SESSION] = [(200, job("a", "invalid"))]
    said = [{"reason": "invalid", "location": "revision", "message": "Cannot convert"}]
    service.answers[INSERT] = [(200, {"insertErrors": [{"index": 1, "errors": said}]})]
    with opened() as store:
        results = store.write([row(1), row(2), row(3)])
    assert reasons(results) == [None, "sink_refused", None]
    assert "revision: invalid: Cannot convert" in results[1].detail


def test_streaming_inserts_name_each_row_and_wait_for_a_new_table(service):
    service.answers[INSERT] = [error(404, "notFound"), error(503, "backendError"), (200, {})]
    with opened(streaming=True) as store:
        assert store.write([row(1), row(1, revision=2)]) == [None, None]
    sent = json.loads(service.asked[-1][2])
    record_id = make_record(1).record_id
    assert [each["insertId"] for each in sent["rows"]] == [f"{record_id}/1/1", f"{record_id}/2/1"]
    assert sent["skipInvalidRows"] is True
    service.answers[INSERT] = [error(503, "backendError")]
    with opened(streaming=True) as store:
        assert reasons(store.write([row(1)])) == ["sink_refused"]


def test_nobody_there(monkeypatch, service):
    monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", "http://127.0.0.1:9")
    with opened() as store, opened(streaming=True) as other:
        assert reasons(store.write([row(1)])) == reasons(other.write([row(1)])) == ["sink_refused"]
    with pytest.raises(InputError, match=r"bigquery:test-proj\.d\.news"):
        prepare_table(parse_table(NAME))


def test_a_table_that_may_not_be_looked_at_is_taken_to_be_there(service, caplog):
    service.answers[TABLE] = [error(403, "accessDenied")]
    prepare_table(parse_table(NAME))
    assert "may not be looked at" in caplog.text
    assert [method for method, *_ in service.asked] == ["GET"]
