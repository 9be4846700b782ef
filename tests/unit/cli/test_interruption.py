import os
import signal

import pytest

from export_contracts.cli.interruption import watched


def test_an_interruption_that_was_swallowed_is_remembered():
    before = signal.getsignal(signal.SIGINT)
    with watched() as interruption:
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
        assert interruption.seen
    assert signal.getsignal(signal.SIGINT) is before


def test_nothing_happened():
    with watched() as interruption:
        pass
    assert not interruption.seen
