"""Writes deploy/licences.md: the licence of every package in deploy/requirements.lock, as its metadata states it.

    python deploy/licences.py

The packages must be installed (`make lock` sees to it); those that the lock has for other platforms only are left out.
"""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

HERE = Path(__file__).resolve().parent
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*==\S+(?: ; [^\\]+)?)", re.MULTILINE)


def locked_packages() -> list[Requirement]:
    """What the lock pins for this platform, in its order."""
    pins = [Requirement(line) for line in _PIN.findall((HERE / "requirements.lock").read_text(encoding="utf-8"))]
    return [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]


def licence_of(package: Distribution) -> str:
    """The SPDX expression where the package has one, else its classifiers, else the first line of its own words."""
    metadata = package.metadata
    if expression := metadata.get("License-Expression"):
        return expression
    classifiers = [c.rpartition(" :: ")[2] for c in metadata.get_all("Classifier", []) if c.startswith("License ::")]
    named = [name for name in classifiers if name != "OSI Approved"]
    words = (metadata.get("License") or "").strip().split("\n")[0][:80]
    return ", ".join(sorted(set(named))) or words or "not stated"


def make_list() -> str:
    rows, missing = [], []
    for pin in locked_packages():
        try:
            rows.append(f"| {pin.name} | {licence_of(distribution(pin.name))} |")
        except PackageNotFoundError:
            missing.append(pin.name)
    if missing:
        sys.exit(f"licences: not installed here: {', '.join(missing)}; install the extra gcp")
    head = (
        "# Licences of the dependencies\n\nAs each package's metadata states it. Written by `make lock`; "
        "not legal advice.\n\n| Package | Licence |\n| --- | --- |\n"
    )
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    (HERE / "licences.md").write_text(make_list(), encoding="utf-8")
