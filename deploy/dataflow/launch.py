"""What the launcher of the Flex Template runs: `rasid run` with the template's parameters."""

import sys

from pipeline.__main__ import main

sys.exit(main(["run", *sys.argv[1:]]))
