"""Synthetic exports: sound ones are found sound, and each kind of defect is told by the clause it breaks."""

from __future__ import annotations

import hashlib
import json
import pickle
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer
from tests.verify.conftest import broken

from export_contracts.catalogue import plugins
from export_contracts.checks.delivered import Asked, Named
from export_contracts.cli.main import main
from export_contracts.files.streams import Limits
from export_contracts.verify import s3
from export_contracts.verify.sample import sampler

VENDORS = ("adobe", "apsis", "bloomreach", "braze")
TIED = {
    "adobe": {"lost": "ADB-181", "cut": "ADB-180", "damaged": "ADB-180", "no-parquet": "ADB-180"},
    "apsis": {
        "ragged": "APS-019",
        "utf8": "APS-019",
        "blank-key": "APS-021",
        "header-again": "APS-021",
        "other-cell": "APS-025",
        "no-header": "APS-019",
        "cut-gzip": "APS-018",
        "cut-workbook": "APS-020",
        "wrong-name": "APS-014",
    },
    "bloomreach": {
        "ragged": "BLR-005",
        "nan": "BLR-004",
        "duplicate": "BLR-006",
        "other-text": "BLR-060",
        "lost": "BLR-057",
        "cut": "BLR-004",
        "failure": "BLR-002",
        "no-header": "BLR-061",
    },
    "braze": {
        "schema": "BRZ-106",
        "doubled-member": "BRZ-175",
        "not-json": "BRZ-084",
        "utf8": "BRZ-085",
        "duplicate": "BRZ-178",
        "truncated": "BRZ-080",
        "empty-line": "BRZ-176",
    },
}


@pytest.fixture
def sampled(tmp_path, capsys):
    """Writes an export and returns its folder."""

    def write(vendor: str, *defects: str, users: int = 120, name: str = "export") -> Path:
        words = [word for one in defects for word in ("--defect", one)]
        root = tmp_path / name
        assert main(["sample", vendor, "--users", str(users), "--seed", "5", "--to", str(root), *words]) == 0
        assert f"{users:,} users in " in capsys.readouterr().out
        return root

    return write


def judged(verify, vendor: str, root: Path) -> set[str]:
    job = ("--request", root / "job.json") if vendor == "adobe" else ()
    results = verify(root, *job, vendor=vendor)[1]
    assert "error" not in results, results
    return set(broken(results))


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("users", [0, 1, 120])
def test_what_is_sound_is_found_sound(verify, sampled, vendor, users):
    assert judged(verify, vendor, sampled(vendor, users=users)) == set()


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_kind_is_tied_to_a_clause(vendor):
    assert set(sampler(vendor).KINDS) == set(TIED[vendor])


@pytest.mark.parametrize(("vendor", "kind"), [(vendor, kind) for vendor in VENDORS for kind in TIED[vendor]])
def test_each_kind_of_defect_is_told_by_its_clause_alone(verify, sampled, vendor, kind):
    rate = 1 if kind in sampler(vendor).OF_FILES else 0.05
    assert judged(verify, vendor, sampled(vendor, f"{kind}:{rate}")) == {TIED[vendor][kind]}


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_same_seed_writes_the_same_bytes(sampled, vendor):
    kind = next(iter(TIED[vendor]))
    roots = [sampled(vendor, f"{kind}:0.1", name=name) for name in ("one", "other")]
    marks = [
        {
            path.relative_to(root): hashlib.sha256(path.read_bytes()).digest()
            for path in root.rglob("*")
            if path.is_file()
        }
        for root in roots
    ]
    assert marks[0] == marks[1]
    assert marks[0]


def test_a_bucket_is_filled_and_verified(verify, monkeypatch, capsys):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://{}:{}".format(*server.get_host_and_port()))
        monkeypatch.setattr(s3, "_clients", [])
        assert main(["sample", "apsis", "--users", "50", "--to", "s3://nowhere/x"]) == 3
        assert "s3://nowhere/x cannot be written" in capsys.readouterr().err
        boto3.client("s3").create_bucket(Bucket="exports")
        assert main(["sample", "apsis", "--users", "50", "--to", "s3://exports/today/"]) == 0
        capsys.readouterr()
        code, results = verify("s3://exports/today/", "--expect-count", 50, vendor="apsis")
        assert (code, results["runs"][0]["notes"]) == (0, ["150 users in 3 files."])
    finally:
        server.stop()


def test_an_unknown_kind_is_answered_with_the_known_ones(capsys, tmp_path):
    assert main(["sample", "adobe", "--to", str(tmp_path), "--defect", "gremlins:0.1"]) == 2
    assert "Known: cut, damaged, lost, no-parquet" in capsys.readouterr().err


@pytest.mark.parametrize("vendor", VENDORS)
def test_readers_travel_to_other_processes(sampled, vendor):
    root = sampled(vendor, *(f"{kind}:0.02" for kind in TIED[vendor]))
    paths = [one for one in sorted(root.rglob("*")) if one.is_file() and one.name != "job.json"]
    files = [Named(one.name, one.relative_to(root).as_posix(), one.stat().st_size) for one in paths]
    reader = plugins.module(vendor, "verify").reader(None, Asked(expected=120), files)
    found = []
    for one in (pickle.loads(pickle.dumps(reader)), reader):
        examined = []
        for named, path in zip(files, paths, strict=True):
            with path.open("rb") as file:
                result = one.examine(named, file, Limits(), lambda _: None)
            examined.append((result.tally.as_json(), result.rows, result.whole, result.remark))
        found.append(examined)
    assert found[0] == found[1]
    assert json.loads(json.dumps(found[0])) == json.loads(json.dumps(found[1]))
