"""Prism, Beam's local runner, built from its Go module in the version of the installed Beam."""

import importlib.metadata
import os
import subprocess

from tests.servers.support import BUILT, appears_whole, need_built, need_tools


def _folder():
    return BUILT / f"prism-{importlib.metadata.version('apache-beam')}"


def build():
    """About two minutes on two cores; nothing where it is built already."""
    if _folder().exists():
        return
    need_tools("Prism", "go")
    version = _folder().name.removeprefix("prism-")
    with appears_whole(_folder()) as folder:
        subprocess.run(
            ["go", "install", f"github.com/apache/beam/sdks/v2/go/cmd/prism@v{version}"],
            env={**os.environ, "GOBIN": str(folder)},
            check=True,
        )


def location():
    """The binary, for --prism_location. Raises MissingServerError where it is not built."""
    return need_built("Prism", _folder()) / "prism"
