"""Where the time of verify goes, stage by stage: the quickest of many rounds over one block, so load counts little.

Run: python benchmarks/verify/stages.py. Prints microseconds per user, of about 2.5 kB.

Where isal inflates a user in 3.4 and orjson parses one in 7, which makes a floor of 10.5, verify takes about 12. One
expression matches all that a user says in 2.6, which is a nanosecond a byte; telling which of 38 members came, and
copying out what has to be compared, takes 1.6; decoding that, 1,400 bytes of 2,500, takes 2.1; columns, dates, devices
and counting take 2, the hash of the identity 0.2. Where the expression does not fit, types are decoded and written
again, in 16. Between this and simdjson's floor of 8 stand these: simdjson makes no objects, but knows no schemas, does
not mind a member twice, and asking it for values from Python would take longer than all that is done here.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import orjson
from isal import isal_zlib

from export_contracts.checks.delivered import Asked, Named
from export_contracts.reference.population import Population
from export_contracts.schema.fitted import Fitted
from export_contracts.schema.narrow import Narrow
from export_contracts.schema.proved import Proved
from export_contracts.schema.seen import Seen
from export_contracts.schema.spelled import Spelled
from export_contracts.vendors.braze import reference_files
from export_contracts.vendors.braze.delivered_clauses import Clauses
from export_contracts.vendors.braze.quick_blocks import COLUMNS, QuickBlocks
from export_contracts.vendors.braze.quick_claims import claims
from export_contracts.vendors.braze.quick_counts import Counts
from export_contracts.vendors.braze.quick_names import hashes
from export_contracts.vendors.braze.quick_wanted import Wanted
from export_contracts.vendors.braze.reference_users import BUILDERS, exported
from export_contracts.vendors.braze.verify import reader

NOW = 1_790_000_000
USERS = 40
ROUNDS = 400


def quickest(work: Callable[[], object]) -> float:
    """Microseconds per user in the quickest of all rounds."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times) / USERS * 1e6


def main() -> None:
    rows = [exported(one, NOW, tuple(BUILDERS)) for one in Population(1, USERS, NOW).people()]
    block = reference_files.text(reference_files.line(row) for row in rows)
    packed = isal_zlib.compress(block, 1)
    lines = block.splitlines()
    clauses = Clauses(None)
    types = clauses.decoder.types
    seen = Seen()
    for row in rows:
        seen.see(row)
    narrow = Narrow(types, seen, COLUMNS)
    users = narrow._decode(block)  # noqa: SLF001 - one stage by itself
    named = Named("a.zip", f"segment-export/s/2026-09-22/p-{NOW}/a.zip", len(packed), NOW, in_bucket=True)
    export = reader(None, Asked(), [named]).survey.export(named)
    spelled = Spelled(types, seen, COLUMNS)
    proved = Proved(types, seen, claims("2026-06-24"))
    fitted = Fitted(types, COLUMNS, claims)
    for row in rows:
        fitted.see(row)
    quick = QuickBlocks(fitted, Wanted(clauses.contract, clauses.of_rows, export), Counts())
    names = [row["braze_id"].encode() for row in rows]
    stages: dict[str, Callable[[], object]] = {
        "inflating": lambda: isal_zlib.decompress(packed),
        "cutting into lines": lambda: io.BytesIO(block).readlines(),
        "orjson, for comparison": lambda: [orjson.loads(line) is None for line in lines],
        "decoding into types": lambda: narrow._decode(block),  # noqa: SLF001 - one stage by itself
        "writing again": lambda: narrow._encode(users) == block,  # noqa: SLF001 - one stage by itself
        "all of the narrow decoder": lambda: narrow.take(block),
        "matching": lambda: spelled._replace(b"", block),
        "all of the spelled decoder": lambda: spelled.take(block),
        "proving": lambda: proved._replace(b"", block),
        "all of the proof": lambda: proved.take(block),
        "with all clauses, and hashed": lambda: quick.take(block),
        "hashing": lambda: hashes(names),
    }
    assert quick.take(block) is not None
    for name, work in stages.items():
        print(f"{name:<28} {quickest(work):6.2f}")


if __name__ == "__main__":
    main()
