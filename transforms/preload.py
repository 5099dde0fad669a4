"""Loaded by the fork server alone: what each of the pool's processes would read for itself.

The lexicons and language profiles take 0.8 s of CPU a process, and a process is replaced after some thousand tasks;
forked, they are there.
"""

from __future__ import annotations

import contextlib

import transforms.work  # noqa: F401 - with all that it imports
from transforms.arabic.ceasefire_senses import FILE, TermEntry
from transforms.arabic.language import detect_language
from transforms.arabic.lexicon import load_lexicon
from transforms.arabic.tagger import tag_text


def load_all() -> None:
    """Has every lexicon read: an example of each kind of ceasefire term is tagged. Pure apart from the caches."""
    text = "\n".join(entry.match[0] for entry in load_lexicon(FILE, "term", TermEntry))
    tag_text("", text)
    detect_language(text)


with contextlib.suppress(Exception):  # a faulty lexicon: each process meets it again, and tells it
    load_all()
