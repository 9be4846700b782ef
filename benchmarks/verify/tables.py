"""How fast tables are verified, and in how much memory, beside bare readers of the same files: each in its own process.

Run: python benchmarks/verify/tables.py [ROWS] [ROUNDS]. Prints medians of rows per second of CPU, start-up left out,
and the largest peak of memory. The bare readers judge nothing: they are the floor.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

MEASURE = """
import json, resource, sys, time
{prepare}
began = time.process_time()
rows = {run}
spent = time.process_time() - began
print(json.dumps([rows, spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
OURS = """
import tempfile
from pathlib import Path
from export_contracts.catalogue import contract
from export_contracts.verify.verification import Order, verify
known = contract.load("{vendor}")
order = Order(("{path}",))
folder = Path(tempfile.mkdtemp()) / "journal"
"""
BARE = {
    "csv over isal": (
        "import csv, io\nfrom isal import igzip",
        'sum(1 for _ in csv.reader(io.TextIOWrapper(igzip.open("{path}"), newline=""))) - 1',
    ),
    "python-calamine": (
        "from python_calamine import CalamineWorkbook",
        'len(CalamineWorkbook.from_path("{path}").get_sheet_by_index(0).to_python()) - 1',
    ),
    "json": ("", 'len(json.load(open("{path}", "rb"))["rows"])'),
    "pyarrow": ("import pyarrow.parquet", 'pyarrow.parquet.read_table("{path}").num_rows'),
}
CASES = (
    ("apsis", "export.csv.gz", "csv over isal"),
    ("apsis", "export.xlsx", "python-calamine"),
    ("bloomreach", "customers.table_json.json", "json"),
    ("adobe", "*/part-00000.parquet", "pyarrow"),
)


def measured(prepare: str, run: str, path: Path, vendor: str, rounds: int) -> tuple[float, float, int]:
    """Rows per second of CPU, peak in MB, rows."""
    fill = {"path": path, "vendor": vendor}
    script = MEASURE.replace("{prepare}", prepare).replace("{run}", run)
    for name, value in fill.items():
        script = script.replace("{" + name + "}", str(value))
    found = []
    for _ in range(rounds):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
        found.append(json.loads(done.stdout))
    return statistics.median(one[0] / one[1] for one in found), max(one[2] for one in found), found[0][0]


def main(rows: int = 50_000, rounds: int = 3) -> None:
    print(f"{'file':28}{'reader':20}{'rows/CPU s':>12}{'peak MB':>10}")
    with tempfile.TemporaryDirectory() as scratch:
        for vendor, pattern, peer in CASES:
            root = Path(scratch, vendor)
            if not root.exists():
                write = f"sample.write({vendor!r}, {str(root)!r}, {rows}, 1, ())"
                script = f"from export_contracts.verify import sample; {write}"
                subprocess.run([sys.executable, "-c", script], check=True)
            path = next(root.glob(pattern))
            run = "verify(known, order, folder, lambda _: None).rows"
            for name, (prepare, one) in {"verify": (OURS, run), peer: BARE[peer]}.items():
                speed, peak, count = measured(prepare, one, path, vendor, rounds)
                print(f"{path.name:28}{name:20}{speed:12,.0f}{peak:10,.0f}   {count:,} rows")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
