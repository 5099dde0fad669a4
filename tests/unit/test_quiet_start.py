"""What a pool's process says when it cannot start."""

import sys

import pytest


@pytest.mark.parametrize(("error", "told"), [(EOFError(), False), (FileNotFoundError(), False), (ValueError(), True)])
def test_only_that_the_parent_has_gone_is_not_told(monkeypatch, capsys, error, told):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # the module sets it
    from transforms.quiet_start import tell_other_errors

    tell_other_errors(type(error), error, None)
    assert (type(error).__name__ in capsys.readouterr().err) is told
