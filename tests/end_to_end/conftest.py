"""Engines that the end-to-end tests run on."""

import os
import shutil

import pytest


@pytest.fixture(scope="session")
def prism_binary():
    found = os.environ.get("RASID_PRISM") or shutil.which("prism")
    if not found:
        pytest.skip(
            "needs Prism: go install github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0, or RASID_PRISM=BINARY"
        )
    return found
