"""What sets up the tests' servers: never silent about one that is missing, never half built, on loopback alone."""

import socket
import sys

import pytest

from tests.servers import bigquery, build, flink, postgresql, prism, pubsub, support


@pytest.fixture
def nothing_installed(monkeypatch, tmp_path):
    """A machine with no tool on its PATH and nothing built."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("CI", "RASID_CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(prism, "BUILT", tmp_path)
    monkeypatch.setattr(pubsub, "BUILT", tmp_path)
    monkeypatch.setattr(bigquery, "BUILT", tmp_path)
    monkeypatch.setattr(postgresql, "DEBIAN", tmp_path)
    monkeypatch.setattr(flink, "FLINK_LIB", tmp_path / "flink")
    monkeypatch.setattr(flink, "JOB_SERVER_LIB", tmp_path / "job-server")


@pytest.mark.parametrize(
    ("get", "needed"),
    [
        (prism.build, "Go 1.26"),
        (prism.location, "make servers"),
        (pubsub.build, "Go 1.26"),
        (pubsub.location, "make servers"),
        (bigquery.location, "make servers"),
        (postgresql.location, r"Debian: postgresql"),
        (flink.build, "Java 17"),
        (flink.need, "Java 17"),
    ],
)
def test_what_is_missing_is_named(nothing_installed, get, needed):
    with pytest.raises(support.MissingServerError, match=needed):
        get()


@pytest.mark.parametrize(("variable", "code"), [(None, 0), ("CI", 1), ("RASID_CI", 1)])
def test_a_missing_server_fails_in_ci_alone(nothing_installed, monkeypatch, capsys, variable, code):
    if variable:
        monkeypatch.setenv(variable, "true")
    assert build.main(["prism", "flink"]) == code
    said = capsys.readouterr().err
    assert "Prism needs Go" in said
    assert "Flink needs Java 17" in said
    assert ("tests will be skipped" in said) == (code == 0)


def test_what_is_built_appears_whole_or_not_at_all(tmp_path):
    def die_half_way():
        with support.appears_whole(tmp_path / "cache" / "made") as folder:
            (folder / "half").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        die_half_way()
    assert not list((tmp_path / "cache").iterdir())
    with support.appears_whole(tmp_path / "cache" / "made") as folder:
        (folder / "whole").touch()
    assert [path.name for path in (tmp_path / "cache").rglob("*")] == ["made", "whole"]


def test_the_cluster_is_configured_for_loopback_alone(tmp_path):
    settings = flink.configuration(tmp_path, 1001, 1002, 2)
    bound = {name: value for name, value in settings.items() if "address" in name or "host" in name}
    assert len(bound) == 6
    assert set(bound.values()) == {"127.0.0.1"}


def test_free_ports_are_free():
    ports = support.free_ports(3)
    assert len(set(ports)) == 3
    assert not support.listens(ports[0])
    with socket.create_server(("127.0.0.1", ports[0])):
        assert support.listens(ports[0])


def test_a_server_that_does_not_come_up_says_why(tmp_path):
    server = support.Server("The server", [sys.executable, "-c", "print('no such port')"], tmp_path / "log")
    with pytest.raises(RuntimeError, match=r"(?s)The server did not come up.*no such port"):
        server.wait_until(lambda: False, 20)
    server.stop()


def test_stopping_a_server_ends_its_children(tmp_path):
    (port,) = support.free_ports(1)
    child = f"import socket, time; s = socket.create_server(('127.0.0.1', {port})); time.sleep(60)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    server = support.Server("The server", [sys.executable, "-c", parent], tmp_path / "log")
    server.wait_until(lambda: support.listens(port), 20)
    server.stop()
    assert not support.listens(port)
