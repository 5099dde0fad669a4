"""The figures in SECURITY.md are those of the code, and its files exist."""

import argparse
import re
from pathlib import Path

from pipeline.options import make_config, with_defaults
from transforms.web import http

ROOT = Path(__file__).resolve().parents[2]
TEXT = " ".join((ROOT / "SECURITY.md").read_text(encoding="utf-8").split())


def test_the_limits_are_those_of_the_code():
    config = make_config(with_defaults(argparse.Namespace()))
    settings = config.http
    assert settings.allow_networks == ()
    for said in (
        f"at each redirect ({settings.max_redirects} at most)",
        f"An answer has {settings.request_deadline:.0f} seconds and {settings.max_bytes // 1024**2} MiB",
        f"a header line has {http._MAX_HEADER // 1024} KiB",
        f"At most {http._LARGE_BODIES} bodies over {http._LARGE_BODY // 1024**2} MiB",
        f"processes of their own with {config.page_deadline:.0f} seconds each",
    ):
        assert said in TEXT


def test_what_it_names_exists():
    named = re.findall(r"`([\w/-]+\.\w+)`", TEXT)
    assert {"README.md", "CHANGELOG.md", "deploy/requirements.lock", "deploy/licences.md"} <= set(named)
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert set(re.findall(r"`--(\w+)`", TEXT)) <= set(vars(with_defaults(argparse.Namespace())))
    assert "\naudit:" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_nothing_from_outside_is_unpickled():
    sources = [*(ROOT / "transforms").rglob("*.py"), *(ROOT / "pipeline").rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    assert not re.search(
        r"\b(?:pickle|dill|cloudpickle|marshal|shelve)\b.*\bimport\b|\bimport (?:pickle|dill|marshal|shelve)\b", text
    )
    assert not re.search(r"(?<![\w.])(?:eval|exec)\(|verify(?:_ssl)?=False|ssl=False|CERT_NONE", text)
