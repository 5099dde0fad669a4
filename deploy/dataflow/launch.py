"""What the launcher of the Flex Template runs: `rasid run` with the template's parameters.

A template gives every parameter a value; a switch of ours has none.
"""

import sys

from pipeline.__main__ import main

SWITCHES = {"--streaming=true": ["--streaming"], "--streaming=false": []}

sys.exit(main(["run", *(flag for argument in sys.argv[1:] for flag in SWITCHES.get(argument, [argument]))]))
