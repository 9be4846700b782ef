"""How verify scales over worker processes: CPU and wall clock of one and of two, and the memory of each process.

The ceiling is what this machine allows at the same time: two runs that know nothing of one another, each on half of the
files, against one run on all of them.

Run: python benchmarks/verify/scaling.py FOLDER [ROUNDS], with a folder that `export-contracts sample braze` has
written. CPU is that of all processes together, starting them included. The path is the CPU of the first process and
of the busiest of the others: what cores that nobody else uses would take at best, whatever else this machine does
meanwhile. Memory is the most that each process had at any time, read from /proc, which only Linux has.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

RUN = "import sys; from export_contracts.cli.main import main; sys.exit(main(sys.argv[1:]))"


@dataclass(frozen=True)
class Measured:
    """Seconds of wall clock, of CPU, of the path; peak megabytes of each process."""

    took: float
    cpu: float
    path: float
    peaks: tuple[float, ...]

    def __str__(self) -> str:
        shown = ", ".join(f"{one:.0f}" for one in sorted(self.peaks, reverse=True))
        seconds = f"{self.took:.1f} s, {self.cpu:.1f} s of CPU, a path of {self.path:.1f} s"
        return f"{seconds}, peak MB by process: {shown}"


def measure(folders: Sequence[str], workers: int) -> Measured:
    """One run on each folder, all at once."""
    with tempfile.TemporaryDirectory() as report:
        words = ["--workers", str(workers), "--report"]
        began = time.perf_counter()
        runs = [
            subprocess.Popen(
                [sys.executable, "-c", RUN, "verify", "braze", folder, *words, f"{report}/{number}"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for number, folder in enumerate(folders)
        ]
        seen: list[dict[int, tuple[float, float]]] = [{} for _ in runs]
        while None in [one.poll() for one in runs]:
            for run, found in zip(runs, seen, strict=True):
                found.update(_seen(run.pid))
            time.sleep(0.02)
        took = time.perf_counter() - began
    path = 0.0
    for run, found in zip(runs, seen, strict=True):
        others = max((used for number, (used, _) in found.items() if number != run.pid), default=0.0)
        path = max(path, found[run.pid][0] + others)
    every = [one for found in seen for one in found.values()]
    return Measured(took, sum(used for used, _ in every), path, tuple(peak for _, peak in every))


def halves(folder: str, into: str) -> list[str]:
    """Two folders, each with every other file, as links, so that nothing is written."""
    files = sorted(one for one in Path(folder).rglob("*") if one.is_file())
    for number, file in enumerate(files):
        link = Path(into, str(number % 2), file.relative_to(folder))
        link.parent.mkdir(parents=True, exist_ok=True)
        os.link(file, link)
    return [f"{into}/0", f"{into}/1"]


def _seen(process: int) -> dict[int, tuple[float, float]]:
    """Seconds of CPU and peak megabytes of the process and of each below it."""
    found: dict[int, tuple[float, float]] = {}
    waiting = [process]
    while waiting:
        one = waiting.pop()
        try:
            status = Path(f"/proc/{one}/status").read_text(encoding="ascii")
            times = Path(f"/proc/{one}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            children = Path(f"/proc/{one}/task/{one}/children").read_text(encoding="ascii")
        except OSError:
            continue
        used = (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")
        peak = [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")]
        if peak:  # what has ended has none any more
            found[one] = used, peak[0]
        waiting += map(int, children.split())
    return found


def main(folder: str, rounds: int) -> None:
    found: dict[str, list[Measured]] = {"one worker": [], "two workers": [], "two runs on halves": []}
    parent = Path(folder).resolve().parent
    with tempfile.TemporaryDirectory(dir=parent) as place:
        parts = halves(folder, place)
        for _ in range(rounds):
            for name, several in found.items():
                several.append(measure(parts if "halves" in name else [folder], 2 if "workers" in name else 1))
                print(f"  {name}: {several[-1]}")
    one, two, ceiling = (
        tuple(statistics.median(getattr(each, what) for each in several) for what in ("took", "cpu", "path"))
        for several in found.values()
    )
    for name, other in (("two workers", two), ("the ceiling", ceiling)):
        wall, cpu, path = one[0] / other[0], other[1] / one[1], one[2] / other[2]
        print(f"{name}: {wall:.2f} times as fast by the wall clock, {cpu:.2f} times the CPU, {path:.2f} by the path")
    wall, path = ceiling[0] / two[0], ceiling[2] / two[2]
    print(f"of the ceiling two workers reach {wall:.2f} by the wall clock, {path:.2f} by the path")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3)
