"""A BigQuery emulator, in an environment of its own (it wants another DuckDB than we have), on free ports of loopback.

It has tables, partitions, views, queries, load jobs and streaming inserts. It knows no job ids given for uploads, and
refuses no rows: what hangs on those is tested against answers as the service documents them.
"""

import contextlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

from tests.servers.support import BUILT, MissingServerError, Server, appears_whole, free_ports, listens, need_built

PROJECT = "test-proj"
VERSION, DUCKDB = "1.4.0", "1.5.5"
# It leaves the names in a record unquoted, and DuckDB refuses those that are words of SQL, such as `end`.
PATCH = (
    "bqemulator/storage/type_map.py",
    """f"{n} {t}" for n, t in inner_cols""",
    """f'"{n}" {t}' for n, t in inner_cols""",
)
PACKAGES = (f"bqemulator=={VERSION}", f"duckdb=={DUCKDB}", f"duckdb-extension-spatial=={DUCKDB}", "numpy<3")
# Whatever goes round the emulator meets nobody: no credentials, and a metadata server that does not answer.
CLOSED = {"GCE_METADATA_HOST": "127.0.0.1:1", "GOOGLE_APPLICATION_CREDENTIALS": "/none", "NO_PROXY": "127.0.0.1"}


def _folder():
    return BUILT / f"bigquery-{VERSION}"


class BigQuery:
    """A running emulator; `address` is what BIGQUERY_EMULATOR_HOST must say."""

    def __init__(self, address):
        self.address = address
        options = {"api_endpoint": address}
        self.client = bigquery.Client(project=PROJECT, credentials=AnonymousCredentials(), client_options=options)

    def make(self):
        """PROJECT.DATASET of a new dataset."""
        return str(self.client.create_dataset(f"d{uuid.uuid4().hex[:8]}").reference)

    def rows(self, sql):
        return [dict(row.items()) for row in self.client.query(sql).result(timeout=60)]


def build():
    """A minute or two: an environment, and DuckDB's extension where the emulator looks for it."""
    if _folder().exists():
        return
    with appears_whole(_folder()) as made:
        _run(sys.executable, "-m", "venv", made / "venv")
        _run(made / "venv/bin/python", "-m", "pip", "install", "--quiet", *PACKAGES)
        _patch(made / "venv", *PATCH)
        [extension] = (made / "venv").rglob("spatial.duckdb_extension")
        kind = _run(made / "venv/bin/python", "-c", "import duckdb; print(*duckdb.sql('PRAGMA platform').fetchone())")
        place = made / "home" / ".duckdb" / "extensions" / f"v{DUCKDB}" / kind.strip()
        place.mkdir(parents=True)
        shutil.copy(extension, place)


def _run(*command):
    try:
        return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout
    except subprocess.CalledProcessError as error:
        said = (error.stderr or "").strip().splitlines()[-1:]
        raise MissingServerError(f"The BigQuery emulator cannot be built on {platform.machine()}: {said}") from error


def _patch(environment, name, old, new):
    [path] = environment.glob(f"lib/*/site-packages/{name}")
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path} has changed"
    path.write_text(text.replace(old, new), encoding="utf-8")


def location():
    """The emulator's folder. Raises MissingServerError where it is not built."""
    return need_built("The BigQuery emulator", _folder())


@contextlib.contextmanager
def start_bigquery():
    """An emulator, with the environment of this process and those it starts leading to it, and to nothing else."""
    with tempfile.TemporaryDirectory(prefix="rasid-bigquery-") as folder:
        rest, grpc = free_ports(2)
        # A script's first line names the folder that it was installed to, so it is not used.
        program = [location() / "venv/bin/python", "-c", "from bqemulator.cli import main; main()"]
        command = [*program, "start", "--rest-port", rest, "--grpc-port", grpc, "--project", PROJECT]
        environment = {**os.environ, "HOME": str(location() / "home"), "BQEMU_DATA_DIR": folder}
        server = Server("The BigQuery emulator", command, Path(folder) / "log", cwd=folder, env=environment)
        address = f"http://127.0.0.1:{rest}"
        ours = {**CLOSED, "BIGQUERY_EMULATOR_HOST": address}
        before = {name: os.environ.get(name) for name in ours}
        try:
            server.wait_until(lambda: listens(rest), 60)
            os.environ.update(ours)
            yield BigQuery(address)
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value
            server.stop()
