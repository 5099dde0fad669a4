"""Fixtures that every layer of the tests may use."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the gold, the corpus and newsworld, which is kept beside the project."""
    folder = Path(os.environ.get("RASID_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"needs the shared material, which is not at {folder}; set RASID_SHARED to its folder")
    return folder
