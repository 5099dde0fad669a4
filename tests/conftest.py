"""Fixtures that every layer of the tests may use."""

import os
from pathlib import Path

import pytest

from tests.servers import bigquery as bigquery_server_module
from tests.servers import flink as flink_server
from tests.servers import postgresql as postgresql_server_module
from tests.servers import prism as prism_server
from tests.servers import pubsub as pubsub_server_module
from tests.servers.support import MissingServerError, is_ci

ROOT = Path(__file__).resolve().parent.parent
SERVED = frozenset(["transforms", "deploy", "end_to_end"])


def pytest_collection_modifyitems(items):
    """Tests with real servers get a second try, which the summary tells: a loaded machine can be late."""
    for item in items:
        if item.get_closest_marker("slow") or not SERVED.isdisjoint(item.path.parts):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the gold, the corpus and newsworld, which is kept beside the project."""
    folder = Path(os.environ.get("RASID_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"needs the shared material, which is not at {folder}; set RASID_SHARED to its folder")
    return folder


def _or_skip(get):
    """What `get` returns; where a server is missing, a skip that says what to install, and in CI a failure."""
    try:
        return get()
    except MissingServerError as error:
        if is_ci():
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def prism() -> Path:
    """Prism's binary."""
    return _or_skip(prism_server.location)


@pytest.fixture(scope="module")
def flink(tmp_path_factory):
    """A Flink cluster with one TaskManager of two slots."""
    _or_skip(flink_server.need)
    with flink_server.start(tmp_path_factory.mktemp("flink") / "cluster") as cluster:
        yield cluster


@pytest.fixture(scope="session")
def pubsub_server():
    """Google's in-memory Pub/Sub server, for the whole session; PUBSUB_EMULATOR_HOST is set while it runs."""
    _or_skip(pubsub_server_module.location)
    with pubsub_server_module.start_pubsub() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_server():
    """A PostgreSQL server of its own, for the whole session; PGPASSWORD is set while it runs."""
    _or_skip(postgresql_server_module.location)
    with postgresql_server_module.start_postgresql() as server:
        yield server


@pytest.fixture
def database(postgresql_server):
    """An empty database; a test that stops the server finds it up again behind it."""
    yield postgresql_server.make()
    postgresql_server.start()


@pytest.fixture(scope="module")
def bigquery_server():
    """A BigQuery emulator; while it runs, the environment leads to it and to nothing else of Google's."""
    _or_skip(bigquery_server_module.location)
    with bigquery_server_module.start_bigquery() as server:
        yield server
