"""Builds the servers of the tests: `python -m tests.servers.build [NAME ...]`, all of them where none is named.

Says which cannot be built here and what to install for them; a failure in CI, where no test may be left out.
"""

import subprocess
import sys
from pathlib import Path

from tests.servers import flink, prism
from tests.servers.support import BUILT, MissingServerError, is_ci, need_tools

PSTEST = Path(__file__).with_name("pstest")


def build_pstest():
    """Google's Pub/Sub server; Go's own cache makes this quick where nothing changed."""
    need_tools("The Pub/Sub server", "go")
    BUILT.mkdir(exist_ok=True)
    subprocess.run(["go", "build", "-o", str(BUILT / "pstest"), "."], cwd=PSTEST, check=True)


def main(names):
    builders = {"prism": prism.build, "flink": flink.build}
    if PSTEST.is_dir():
        builders["pstest"] = build_pstest
    missing = 0
    for name in names or builders:
        try:
            builders[name]()
        except MissingServerError as error:
            missing += 1
            print(f"{'FAILED' if is_ci() else 'tests will be skipped'}: {error}", file=sys.stderr)
    return int(missing > 0 and is_ci())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
