"""The version of rasid; setup.py reads it here. The record's schema has one of its own (record_format.py)."""

from typing import Final

PIPELINE_VERSION: Final = "0.1.0"
