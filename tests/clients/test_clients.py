"""The gate's acceptance: real SDKs, unchanged, with the verdict that the documents give them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def gate(vendor, clients, *command, options=()):
    """The exit code and the results document of one gate."""
    words = ["export-contracts", "gate", vendor, "--json", *options, "--", *map(str, command)]
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from export_contracts.cli.main import main; sys.exit(main())", *words[1:]],
        cwd=clients,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def broken(results):
    return {one["id"]: one["verdict"] for one in results["clauses"] if one["findings"]}


@pytest.mark.parametrize("address", [(), ("https://rest.iad-01.braze.com",)], ids=["by url", "by proxy"])
def test_braze_api_is_all_green(clients, address):
    code, results = gate("braze", clients, "node", HERE / "braze-api.cjs", *address)
    assert broken(results) == {}
    assert code == 0
    assert [one["status"] for one in results["requests"]] == [200, 200]


@pytest.mark.parametrize("address", [(), ("https://rest.fra-02.braze.eu",)], ids=["by url", "by proxy"])
def test_braze_client_sdk_is_all_green(clients, address):
    code, results = gate("braze", clients, clients / "py/bin/python", HERE / "braze_client_sdk.py", *address)
    assert broken(results) == {}
    assert code == 0


def test_adobes_own_library_is_green_where_it_reads(clients):
    code, results = gate("adobe", clients, "node", HERE / "aio-profile.cjs")
    assert broken(results) == {}
    assert code == 0


def test_adobes_own_library_sends_no_order_it_is_given(clients):
    code, results = gate("adobe", clients, "node", HERE / "aio-profile.cjs", "order")
    assert {"ADB-140", "ADB-141"} <= {name for name, verdict in broken(results).items() if verdict == "fail"}
    assert code == 1


def test_exponea_sends_a_format_that_is_a_reading(clients):
    code, results = gate("bloomreach", clients, clients / "py/bin/python", HERE / "exponea.py")
    assert code == 0
    assert "fail" not in broken(results).values()
    assert any("native_json" in name for one in results["clauses"] for name in one["observed"])


@pytest.mark.parametrize("way", ["direct", "proxy"])
def test_aepp_is_green_but_for_a_misspelt_status_and_a_slash(clients, way):
    options = ("--expect", str(HERE / "aepp-known.toml"))
    code, results = gate("adobe", clients, clients / "py/bin/python", HERE / "aepp_jobs.py", way, options=options)
    assert broken(results) == {"ADB-127": "notice", "ADB-128": "warn"}
    assert results["deviations"][0]["state"] == "tolerated"
    assert code == 0


def test_aepp_without_its_known_deviation_is_red_and_named(clients):
    code, results = gate("adobe", clients, clients / "py/bin/python", HERE / "aepp_jobs.py", "direct")
    assert code == 1
    assert [one["got"] for entry in results["clauses"] if entry["id"] == "ADB-128" for one in entry["findings"]] == [
        "SUCEEDED"
    ]
