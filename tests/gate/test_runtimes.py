"""Clients in the languages that people write SDKs in, unchanged: by the gate's URL and by a hard-coded https host."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from counter import basic

from export_contracts.catalogue import contract
from export_contracts.gate.passage import opened

FOLDER = Path(__file__).parent / "runtimes"
NODE_MODULES = os.environ.get("EXPORT_CONTRACTS_CLIENTS", "") + "/node_modules"
PYTHON = [sys.executable]
RUNTIMES = {
    "node fetch": (["node", "fetch.mjs"], None),
    "node https": (["node", "https.cjs"], None),
    "node https, own agent": (["node", "agent.cjs"], None),
    "node axios": (["node", "axios.cjs"], ["node", "-e", "require('axios')"]),
    "node got": (["node", "got.cjs"], ["node", "-e", "require('got')"]),
    "node node-fetch": (["node", "node-fetch.cjs"], ["node", "-e", "require('node-fetch')"]),
    "node undici": (["node", "undici.cjs"], ["node", "-e", "require('undici')"]),
    "TypeScript": (["node", "-r", "./typescript.cjs", "fetch.ts"], ["node", "-e", "require('typescript')"]),
    "python requests": ([*PYTHON, "requests_client.py"], [*PYTHON, "-c", "import requests"]),
    "python httpx": ([*PYTHON, "httpx_client.py"], [*PYTHON, "-c", "import httpx"]),
    "python urllib": ([*PYTHON, "urllib_client.py"], None),
    "python urllib3": ([*PYTHON, "urllib3_client.py"], [*PYTHON, "-c", "import urllib3"]),
    "python aiohttp": ([*PYTHON, "aiohttp_client.py"], [*PYTHON, "-c", "import aiohttp"]),
    "ruby net/http": (["ruby", "net_http.rb"], None),
    "ruby faraday": (["ruby", "faraday.rb"], ["ruby", "-e", "require 'faraday'"]),
    "ruby httparty": (["ruby", "httparty.rb"], ["ruby", "-e", "require 'httparty'"]),
    "ruby typhoeus": (["ruby", "typhoeus.rb"], ["ruby", "-e", "require 'typhoeus'"]),
    "php curl": (["php", "curl.php"], ["php", "-r", "exit(extension_loaded('curl') ? 0 : 1);"]),
    "php streams": (["php", "streams.php"], ["php", "-r", "exit(extension_loaded('openssl') ? 0 : 1);"]),
    "curl": (["curl"], None),
    "go": (["go", "run", "main.go"], None),
    "java HttpClient": (["java", "Client.java"], ["java", "--list-modules"]),
    "java HttpURLConnection": (["java", "Plain.java"], ["java", "--list-modules"]),
}
WITHOUT_PROXY = {
    "python urllib3": "urllib3 reads no proxy variables unless a ProxyManager is made",
    "python aiohttp": "aiohttp reads proxy variables with trust_env=True only",
    "ruby typhoeus": "libcurl reads no variable for an authority: cainfo must be given",
    "php streams": "PHP's streams read no proxy variables",
}
"""Runtimes that pass by URL alone, and why."""


@pytest.fixture(scope="module")
def gate():
    with opened(contract.load("bloomreach")) as gate:
        yield gate


def command(name, url, facts):
    program, probe = RUNTIMES[name]
    if shutil.which(program[0]) is None:
        pytest.skip(f"{program[0]} is not installed")
    if (
        probe is not None
        and subprocess.run(probe, env=clean({}), cwd=FOLDER, capture_output=True, check=False).returncode
    ):
        pytest.skip(f"{name} is not installed")
    auth = basic(facts["key_id"], facts["secret"])
    if name == "curl":
        headers = ["-H", f"Authorization: {auth}", "-H", "Content-Type: application/json"]
        return ["curl", "-sS", "-o", os.devnull, "-w", "%{http_code}", *headers, "-d", '{"format": "csv"}', url]
    return [*program, url, auth, '{"format": "csv"}']


def clean(variables):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "GOCACHE", "LANG") if name in os.environ}
    return {**kept, "NODE_PATH": NODE_MODULES, **variables}


def send(gate, name, origin):
    path = f"/data/v2/projects/{gate.facts['project_token']}/customers/export"
    before = len(list(gate.recorder))
    words = command(name, origin + path, gate.facts)
    done = subprocess.run(
        words, cwd=FOLDER, env=clean(gate.variables), capture_output=True, text=True, timeout=300, check=False
    )
    assert done.stdout.strip().endswith("200"), done.stdout + done.stderr
    (exchange,) = list(gate.recorder)[before:]
    assert exchange.status == 200
    assert exchange.request.url.partition("://")[2] == (origin + path).partition("://")[2]
    assert exchange.request.body in {b'{"format": "csv"}', b'{"format":"csv"}'}


@pytest.mark.parametrize("name", RUNTIMES)
def test_a_runtime_passes_by_url(gate, name):
    send(gate, name, gate.url)


@pytest.mark.parametrize("name", sorted(set(RUNTIMES) - set(WITHOUT_PROXY)))
def test_a_runtime_passes_with_a_hard_coded_host(gate, name):
    send(gate, name, "https://api.exponea.com")
