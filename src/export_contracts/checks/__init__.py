"""What a check is, and the checks that every vendor's clauses can name.

A check is a generator over a `Talk`: it yields `Finding` for each breach and `Kept` for each instance
in which the clause applied and held. It never sends, waits, prints or asserts.
"""

from export_contracts.checks.registry import check, rows
from export_contracts.checks.talk import Talk

__all__ = ["Talk", "check", "rows"]
