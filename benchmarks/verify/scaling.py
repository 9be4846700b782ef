"""How verify scales over worker processes: CPU and wall clock of one and of two, and the memory of each process.

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
from pathlib import Path

RUN = "import sys; from export_contracts.cli.main import main; sys.exit(main(sys.argv[1:]))"


def measure(folder: str, workers: int) -> tuple[float, float, float, dict[int, float]]:
    """Seconds of wall clock, of CPU, of the path; peak megabytes by process."""
    with tempfile.TemporaryDirectory() as report:
        command = [sys.executable, "-c", RUN, "verify", "braze", folder, "--workers", str(workers), "--report", report]
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seen: dict[int, tuple[float, float]] = {}
        while process.poll() is None:
            seen.update(_seen(process.pid))
            time.sleep(0.02)
        took = time.perf_counter() - began
    cpu = {number: used for number, (used, _) in seen.items()}
    path = cpu.pop(process.pid) + max(cpu.values(), default=0.0)
    return took, sum(used for used, _ in seen.values()), path, {number: peak for number, (_, peak) in seen.items()}


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
    found: dict[int, list[tuple[float, float, float]]] = {1: [], 2: []}
    for _ in range(rounds):
        for workers, times in found.items():
            took, used, path, peaks = measure(folder, workers)
            times.append((took, used, path))
            shown = ", ".join(f"{one:.0f}" for one in sorted(peaks.values(), reverse=True))
            seconds = f"{took:.1f} s, {used:.1f} s of CPU, a path of {path:.1f} s"
            print(f"  {workers} worker(s): {seconds}, peak MB by process: {shown}")
    one, two = (tuple(map(statistics.median, zip(*times, strict=True))) for times in found.values())
    wall, cpu, path = one[0] / two[0], two[1] / one[1], one[2] / two[2]
    print(f"two workers: {wall:.2f} times as fast by the wall clock, {cpu:.2f} times the CPU, {path:.2f} by the path")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3)
