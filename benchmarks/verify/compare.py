"""How fast exports are verified, against the pipelines people write themselves: same data, one run, medians.

Run: python benchmarks/verify/compare.py [USERS] [ROUNDS] [--no-wall]. ajv takes part where node finds the package `ajv`
(NODE_PATH), and simdjson where the package pysimdjson is installed. Prints users per second of CPU and how many times
the standard pipeline's that is.
"""

from __future__ import annotations

import contextlib
import gc
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import orjson
from isal import isal_zlib
from jsonschema import Draft202012Validator

from export_contracts import resources
from export_contracts.catalogue import contract
from export_contracts.checks.delivered import Asked
from export_contracts.verify import sample
from export_contracts.verify.verification import Order, verify

try:
    import simdjson
except ImportError:
    simdjson = None

SCHEMA = resources.specs() / "braze" / "schemas" / "user.json"
AJV = """
const Ajv = require('ajv/dist/2020');
const fs = require('fs');
const validate = new Ajv({strict: false, allErrors: true}).compile(JSON.parse(fs.readFileSync(process.argv[2])));
const lines = fs.readFileSync(process.argv[3], 'utf8').split('\\n').filter(Boolean);
require('readline').createInterface({input: process.stdin}).on('line', () => {
  const before = process.cpuUsage();
  let bad = 0;
  for (const line of lines) if (!validate(JSON.parse(line))) bad++;
  const used = process.cpuUsage(before);
  if (bad) throw new Error(bad + ' users are not valid');
  console.log((used.user + used.system) / 1e6);
});
"""


def texts(folder: Path) -> list[tuple[bytes, int]]:
    """The deflated bytes of each archive's only member, and its size."""
    found = []
    for path in sorted(folder.rglob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            (info,) = archive.infolist()
        body = path.read_bytes()
        start = info.header_offset + 30 + len(info.filename)
        found.append((body[start : start + info.compress_size], info.file_size))
    return found


def standard(packed: list[tuple[bytes, int]], most: int) -> int:
    """zlib, json and jsonschema, over `most` users: it would take too long over all."""
    validator = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    count = 0
    for body, _ in packed:
        for line in zlib.decompress(body, -15).splitlines():
            assert validator.is_valid(json.loads(line))
            count += 1
            if count == most:
                return count
    return count


def floor(packed: list[tuple[bytes, int]]) -> int:
    """Inflating, cutting and parsing with the fastest parts, and nothing else."""
    return sum(
        1
        for body, _ in packed
        for line in isal_zlib.decompress(body, -15).splitlines()
        if orjson.loads(line) is not None
    )


def lowest(packed: list[tuple[bytes, int]]) -> int:
    """The same with simdjson, which makes no objects and so tells nothing but that a line is JSON."""
    parse = simdjson.Parser().parse
    count = 0
    for body, _ in packed:
        for line in isal_zlib.decompress(body, -15).splitlines():
            parse(line)
            count += 1
    return count


def cpu(work: Callable[[], int]) -> float:
    """Users per second of CPU, of this process and those it waited for."""
    gc.collect()
    before = _used()
    count = work()
    return count / (_used() - before)


def _used() -> float:
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


class Ajv:
    """Parsing and validating in node, without inflating; kept running, so that its compiler is warm in each round."""

    def __init__(self, packed: list[tuple[bytes, int]], scratch: Path) -> None:
        script, lines = scratch / "ajv.js", scratch / "lines.ndjson"
        script.write_text(AJV, "utf-8")
        lines.write_bytes(b"".join(zlib.decompress(body, -15) for body, _ in packed))
        command = ["node", str(script), str(SCHEMA), str(lines)]
        self._node = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def __call__(self, users: int) -> float:
        """Users per second of CPU in one more round; 0 where ajv is missing."""
        try:
            print(file=self._node.stdin, flush=True)
            return users / float(self._node.stdout.readline())
        except (OSError, ValueError):
            return 0.0

    def close(self) -> None:
        """End node."""
        with contextlib.suppress(OSError):  # it ended already where the package is missing
            self._node.stdin.close()
        self._node.wait()


def main(users: int, rounds: int, *, wall: bool = True) -> None:
    book = contract.load("braze")
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        sample.write("braze", scratch / "export", users, 1, ())
        packed = texts(scratch / "export")

        def ours(workers: int) -> int:
            order = Order((str(scratch / "export"),), Asked(expected=users), workers=workers)
            found = verify(book, order, scratch / "journal", lambda _: None)
            assert not any(one.broken for one in found.tally.sums.values())
            return found.rows

        ajv = Ajv(packed, scratch) if shutil.which("node") else None
        ours(1)
        if ajv:
            ajv(users)
        rates: dict[str, list[float]] = {
            "standard library and jsonschema": [],
            "verify": [],
            "floor, isal and orjson": [],
            "floor, isal and simdjson": [],
            "ajv, parse and validate": [],
        }
        walls: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(rounds):
            rates["standard library and jsonschema"].append(cpu(lambda: standard(packed, min(users, 2000))))
            rates["verify"].append(cpu(lambda: ours(1)))
            rates["floor, isal and orjson"].append(cpu(lambda: floor(packed)))
            if simdjson:
                rates["floor, isal and simdjson"].append(cpu(lambda: lowest(packed)))
            rates["ajv, parse and validate"] += [rate for rate in [ajv(users) if ajv else 0.0] if rate]
            for workers, found in walls.items() if wall else ():
                began = time.perf_counter()
                ours(workers)
                found.append(time.perf_counter() - began)
        if ajv:
            ajv.close()
        report(rates, walls, users, sum(size for _, size in packed))


def report(rates: dict[str, list[float]], walls: dict[int, list[float]], users: int, size: int) -> None:
    base = statistics.median(rates["standard library and jsonschema"])
    print(f"{users} users of {size / users:.0f} bytes; medians, users per second of CPU")
    for name, found in rates.items():
        if found:
            middle = statistics.median(found)
            print(
                f"  {name:<34} {middle:>9,.0f}   {middle / base:6.1f} times   ({min(found):,.0f} to {max(found):,.0f})"
            )
        else:
            print(f"  {name:<34} not there")
    if walls[1]:
        one, two = statistics.median(walls[1]), statistics.median(walls[2])
        print(f"  wall clock, two workers instead of one: {one / two:.2f} times as fast ({one:.1f} s, {two:.1f} s)")
    peaks = [resource.getrusage(which).ru_maxrss / 1024 for which in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(f"  peak memory: {peaks[0]:.0f} MB here, this script included, {peaks[1]:.0f} MB in a worker or node")


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:] if one.isdecimal()]
    main(*numbers, *(20_000, 5)[len(numbers) :], wall="--no-wall" not in sys.argv)
