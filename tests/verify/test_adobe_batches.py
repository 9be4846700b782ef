"""Adobe's batches: each defect is told by its clause; what the documents leave open is none."""

from __future__ import annotations

import io
import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.verify.conftest import broken

from export_contracts.files import parquet_footer
from export_contracts.files.parquet_footer import read_footer
from export_contracts.reference.population import Population
from export_contracts.vendors.adobe.reference_batches import EVERYTHING, row
from export_contracts.vendors.adobe.reference_parquet import as_parquet

ROWS = [row(one, EVERYTHING) for one in Population(3, 60, 1_790_000_000).people()]
ONE, TWO = "5e8a1f0c0b1d4b3a9c1f2e3d4c5b6a70", "01HZX3V9Q2N7K8M5T4R6W1Y0AB"
FIRST, SECOND = as_parquet(EVERYTHING, ROWS[:40]), as_parquet(EVERYTHING, ROWS[40:])
PATHS = {f"set/{ONE}/part-0.snappy.parquet": FIRST, f"set/batchId={TWO}/part-0": SECOND, f"set/{ONE}/_SUCCESS": b""}
PATHS[f"set/_delta_log/{ONE}.checkpoint.parquet"] = b"of another kind"
JOB = {
    "status": "SUCCEEDED",
    "fields": "identities.id,personalEmail.address",
    "destination": {
        "segmentPerBatch": True,
        "batches": [{"segmentId": "a", "batchId": ONE}, {"segmentId": "b", "batchId": TWO}],
    },
    "metrics": {"totalExportedProfileCounter": 60},
}


@pytest.fixture
def judged(verify, tmp_path):
    """Breaches by clause of files at these paths, and of the job where there is one."""

    def judge(files: dict[str, bytes], *words: object, job: object = None) -> dict[str, int]:
        for name, body in files.items():
            path = tmp_path / "lake" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        if job is not None:
            (tmp_path / "job.json").write_text(json.dumps(job))
            words = (*words, "--request", tmp_path / "job.json")
        results = verify(tmp_path / "lake", *words, vendor="adobe")[1]
        assert "error" not in results, results
        return broken(results)

    return judge


def by_pyarrow(**options: object) -> bytes:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    identities = pa.list_(pa.struct({"id": pa.string()}))
    table = pa.table(
        {
            "identities": [[{"id": "a"}, {"id": "b"}], []],
            "personalEmail": [{"address": "a@example.com"}, None],
            "identityMap": pa.array([[("ecid", [{"id": "1"}])], []], pa.map_(pa.string(), identities)),
        }
    )
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def test_a_sound_delivery_has_no_finding(judged):
    assert judged(PATHS, job=JOB) == {}


def test_files_without_a_job_are_read_all_the_same(judged):
    assert judged({"a.parquet": FIRST, "b.parquet": SECOND}, "--expect-count", 60) == {}


@pytest.mark.parametrize(
    "options", [{"compression": "zstd"}, {"compression": "snappy"}, {"version": "1.0", "use_dictionary": False}]
)
def test_what_others_write_is_read(judged, options):
    body = by_pyarrow(**options)
    assert judged({f"{ONE}.parquet": body}, "--fields", "identities.id,PersonalEmail.address,identityMap") == {}
    assert read_footer(io.BytesIO(body)).rows == 2


def test_another_jobs_batch_beside_it_is_not_counted(judged):
    assert judged({**PATHS, "set/5e8a1f0c0b1d4b3a9c1f2e3d4c5b6aff/part-0.parquet": FIRST}, job=JOB) == {}


def test_a_job_still_running_counts_nothing(judged):
    assert judged(PATHS, job={**JOB, "status": "PROCESSING", "metrics": {"totalExportedProfileCounter": 3}}) == {}


DAMAGED = bytearray(FIRST)
DAMAGED[200] ^= 0xFF


@pytest.mark.parametrize(
    ("files", "clause"),
    [
        ({f"set/{ONE}/part-0.parquet": FIRST[:-30]}, "ADB-180"),
        ({f"set/{ONE}/part-0.parquet": bytes(DAMAGED)}, "ADB-180"),
        ({f"set/{ONE}/part-0.parquet": b"identities,email\n"}, "ADB-180"),
        ({f"set/{ONE}/part-0.parquet": b""}, "ADB-180"),
        ({f"set/{ONE}/part-0.parquet": FIRST[:-4] + b"PARE"}, "ADB-180"),
        ({f"set/{ONE}/part-0.parquet": as_parquet(EVERYTHING, ROWS[:39])}, "ADB-181"),
        ({f"set/{ONE}/part-0.parquet": as_parquet(EVERYTHING[:1], ROWS[:40])}, "ADB-183"),
    ],
)
def test_each_defect_breaks_its_clause_alone(judged, files, clause):
    rest = {name: body for name, body in PATHS.items() if not name.startswith(f"set/{ONE}")}
    assert set(judged({**files, **rest}, job=JOB)) == {clause}


def test_a_batch_that_did_not_come_is_missed(judged):
    assert set(judged({name: body for name, body in PATHS.items() if ONE in name}, job=JOB)) == {"ADB-182"}


def test_without_the_library_it_is_one_sentence(verify, tmp_path, monkeypatch):
    (tmp_path / "a.parquet").write_bytes(FIRST)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    code, results = verify(tmp_path / "a.parquet", vendor="adobe")
    assert code == 2
    assert 'pip install "export-contracts[parquet]"' in results["error"]


def test_footers_never_raise():
    end = FIRST[-1200:]
    for place in range(len(end) - 8):
        damaged = bytearray(b"PAR1" + end)
        damaged[place + 4] ^= 0x5A
        read_footer(io.BytesIO(bytes(damaged)))
    assert read_footer(io.BytesIO(FIRST)).rows == 40


def test_what_the_library_does_not_read_is_no_damage(judged, monkeypatch):
    def refuse(*_: object, **__: object) -> object:
        raise pa.ArrowNotImplementedError("Support for codec 'lzo' not built")

    monkeypatch.setattr(pq.ParquetFile, "iter_batches", refuse)
    assert judged(PATHS, job=JOB) == {}


def test_a_footer_larger_than_is_read_is_no_damage(judged, monkeypatch):
    monkeypatch.setattr(parquet_footer, "LARGEST", 100)
    assert judged(PATHS, job=JOB) == {}
