"""Who vouches for the vendor's hosts: made beside the gate's start, and here where that cannot be."""

from __future__ import annotations

import os
import ssl
import threading

import pytest

from export_contracts.gate import authority
from export_contracts.gate.authority import Authority, made, meanwhile

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")


def in_one_thread(monkeypatch):
    monkeypatch.setattr(threading, "active_count", lambda: 1)  # pytest's own time-outs may run in another


def test_a_fork_makes_the_authority_once(monkeypatch, tmp_path):
    in_one_thread(monkeypatch)
    with monkeypatch.context() as only, meanwhile() as asked:
        only.setattr(authority, "made", lambda: pytest.fail("made here, too"))
        one = asked()
        assert asked() is one
    at_work = Authority(tmp_path, one)
    assert at_work.file.read_bytes() == one.certificate
    assert {each.name for each in tmp_path.iterdir()} == {"ca.pem", "truststore.p12"}, "the key is on no disk"
    assert at_work.context("rest.iad-01.braze.com") is at_work.context("rest.iad-01.braze.com")
    assert ssl.create_default_context(cafile=str(at_work.file)).get_ca_certs()


def test_nothing_is_left_of_a_fork_that_nobody_asked(monkeypatch):
    in_one_thread(monkeypatch)
    fork, forked = os.fork, []
    monkeypatch.setattr(os, "fork", lambda: forked.append(fork()) or forked[0])
    with meanwhile():
        pass
    with pytest.raises(ChildProcessError):
        os.waitpid(forked[0], os.WNOHANG)


def test_a_fork_that_died_is_no_loss(monkeypatch):
    in_one_thread(monkeypatch)
    monkeypatch.setattr(authority, "_tell", lambda _writing: os._exit(1))
    with meanwhile() as asked:
        assert asked().certificate.startswith(b"-----BEGIN CERTIFICATE")


def test_among_threads_there_is_no_fork(monkeypatch):
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("forked"))
    with meanwhile() as asked:
        assert asked().truststore


def test_each_authority_is_another():
    assert made().certificate != made().certificate
