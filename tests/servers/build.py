"""Builds the servers of the tests: `python -m tests.servers.build [NAME ...]`, all of them where none is named.

Says which cannot be built here and what to install for them; a failure in CI, where no test may be left out.
"""

import sys

from tests.servers import bigquery, flink, postgresql, prism, pubsub
from tests.servers.support import MissingServerError, is_ci


def main(names):
    builders = {
        "prism": prism.build,
        "flink": flink.build,
        "pubsub": pubsub.build,
        "bigquery": bigquery.build,
        "postgresql": postgresql.location,
    }
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
