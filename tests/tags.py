"""Statements as the tests of the tagger write them down."""

from transforms.arabic.statements import find_statements


def tags(body, title=""):
    """Cue, speaker and content of each statement, as text."""
    return [
        (s.cue.text if s.cue else None, s.speaker.text if s.speaker else None, s.content.text)
        for s in find_statements(title, body)
    ]
