"""Whatever a request or an answer holds, the checks come to an end without a stumble."""

import json

from hypothesis import given
from hypothesis import strategies as st

from export_contracts.catalogue import contract as contracts
from export_contracts.judge import judge
from export_contracts.model import Exchange, Headers, Request, Response, Transcript, Verdict

URL = "https://api.exponea.com/data/v2/projects/t/customers/export"
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "id", "property", "list", "registered", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(["format", "attributes", "filter", "execution_time", "timezone", "other"])
BODIES = st.dictionaries(NAMES, VALUES | st.sampled_from(["csv", "table_json", "native_json"]), max_size=5)
TABLES = st.dictionaries(
    st.sampled_from(["success", "header", "fields", "rows", "data", "error", "errors", "name"]), VALUES, max_size=5
)
ANSWERS = (VALUES | TABLES).map(lambda one: json.dumps(one).encode()) | st.binary(max_size=40)
FACTS = st.dictionaries(
    st.sampled_from(["segment_id", "segment_index", "segment_indexes", "properties", "members", "moments"]), VALUES
)


@given(st.lists(st.tuples(BODIES, ANSWERS, st.sampled_from([200, 204, 400, 500])), max_size=3), FACTS)
def test_no_check_breaks(pairs, facts):
    exchanges = tuple(
        Exchange(place, Request("POST", URL, Headers(), json.dumps(body).encode()), Response(status, Headers(), answer))
        for place, (body, answer, status) in enumerate(pairs * 2)
    )
    talk = Transcript("bloomreach", "odd", "live", exchanges, facts=facts)
    verdicts = judge(contracts.load("bloomreach"), [talk]).verdicts
    assert [one.clause.id for one in verdicts if one.verdict is Verdict.ERROR] == []
