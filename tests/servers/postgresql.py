"""A PostgreSQL server: Debian's, with a cluster of its own in a temporary folder, on a free port of loopback."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.servers.support import PACKAGES, MissingServerError, Server, free_ports, listens

USER, PASSWORD = "rasid", "throwaway-5b1c"
DEBIAN = Path("/usr/lib/postgresql")
ACCOUNTS = ("postgres", "nobody")  # the server refuses to run as root


def location():
    """The folder of the server's programs. Raises MissingServerError where there is none."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else sorted(DEBIAN.glob("*/bin"))
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise MissingServerError(f"The tests of PostgreSQL need {PACKAGES['postgres']}")


class PostgreSQL:
    """A cluster in `folder`; `start` and `stop` may be called at any time."""

    def __init__(self, folder):
        self._programs, self._folder = location(), folder
        [self.port] = free_ports(1)
        self._account = _account()
        self._server = None
        if self._account:
            shutil.chown(folder, self._account["user"])
        password = folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)  # in a folder that only its owner may enter
        subprocess.run(
            [
                *(self._programs / "initdb", "--pgdata", folder / "data", "--username", USER, "--pwfile", password),
                *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            ],
            check=True,
            capture_output=True,
            cwd=folder,
            **self._account,
        )

    def start(self):
        if self._server is not None:
            return
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self._folder,
            "fsync": "off",
        }
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [self._programs / "postgres", "-D", self._folder / "data", *flags]
        self._server = Server("PostgreSQL", command, self._folder / "log", cwd=self._folder, **self._account)
        self._server.wait_until(self._answers, 30)

    def stop(self):
        """At once, whoever is connected."""
        if self._server is not None:
            self._server.kill()
            self._server = None
            (self._folder / "data" / "postmaster.pid").unlink(missing_ok=True)

    def make(self):
        """The address of a new database."""
        name = f"d{uuid.uuid4().hex[:8]}"
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.address(name)

    def address(self, database, user=USER):
        return f"postgresql://{quote(user)}@127.0.0.1:{self.port}/{database}"

    def connect(self, database):
        return psycopg.connect(self.address(database), autocommit=True, password=PASSWORD, connect_timeout=10)

    def _answers(self):
        if not listens(self.port):
            return False
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:  # it starts, or recovers
            return False
        return True


def _account():
    """How to start a program as somebody who is not root; nothing where we aren't."""
    if os.getuid() != 0:
        return {}
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            found = pwd.getpwnam(name)
            return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise MissingServerError("PostgreSQL refuses to run as root, and there is no other account")


@contextlib.contextmanager
def start_postgresql():
    """A server, with PGPASSWORD set for this process and those it starts."""
    before = os.environ.get("PGPASSWORD")
    with tempfile.TemporaryDirectory(prefix="rasid-postgresql-") as folder:
        server = PostgreSQL(Path(folder))
        try:
            server.start()
            os.environ["PGPASSWORD"] = PASSWORD
            yield server
        finally:
            os.environ.pop("PGPASSWORD", None)
            if before is not None:
                os.environ["PGPASSWORD"] = before
            server.stop()
