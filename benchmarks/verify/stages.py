"""Where the time of verify goes, stage by stage: the quickest of many rounds over one block, so load counts little.

Run: python benchmarks/verify/stages.py. Prints microseconds per user, of about 2.5 kB.

Where isal inflates a user in 3.3 and orjson parses one in 6.8, all clauses take 4.4. One expression proves them in 3.3:
0.6 of that are dates and devices, the rest is what matching the schema takes, a nanosecond a byte. Telling which of 38
members came, and counting them, takes 0.9, the hash of the identity 0.1. Where no more than validity can be proved,
what has to be compared is copied out and decoded, in 7.4 in all; members in no order take twice the time to match.
Where no expression fits, types are decoded and written again, in 15.

Of a whole run 38 in 100 are matching, 19 inflating and check sums, 6 writing what is left of each row, 10 the system
and the C library, and 26 Python: start, counting, hashes, journal, users that came twice. The floor of isal and
simdjson is inflating and a parser that makes no objects: it knows no schemas, does not mind a member twice, and asking
it for values from Python would take longer than all that is done here. What stands between it and verify is that PCRE2
takes a byte at a time where simdjson takes 64, and the Python around each block.
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
    users = narrow.decode(block)
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
        "decoding into types": lambda: narrow.decode(block),
        "writing again": lambda: narrow.encode(users) == block,
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
