"""Fixtures that every layer of the tests may use."""

import os
from pathlib import Path

import pytest

from tests.servers.pubsub import start_pubsub

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the gold, the corpus and newsworld, which is kept beside the project."""
    folder = Path(os.environ.get("RASID_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"needs the shared material, which is not at {folder}; set RASID_SHARED to its folder")
    return folder


@pytest.fixture(scope="session")
def pubsub_server():
    """Google's in-memory Pub/Sub server, for the whole session; PUBSUB_EMULATOR_HOST is set while it runs."""
    with start_pubsub() as server:
        yield server
