"""A results document as one HTML file that needs no network: for people, on a screen or on paper.

Only puts together: `html_view` finds the words, `html_traffic` the data, `templates/` holds the markup.
Nothing in the page may run but the one script named by its hash in the policy.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping

from export_contracts.model import Json
from export_contracts.report.html_compared import comparison
from export_contracts.report.html_traffic import traffic
from export_contracts.report.html_view import view
from export_contracts.report.templating import TEMPLATES, environment, look


def report(results: Mapping[str, Json], before: Mapping[str, Json] | None = None) -> str:
    """The page. With `before`, an older results document, what changed since stands first."""
    style, script = look() + _text("report.css"), _text("report.js")
    compared = None if before is None else comparison(before, results)
    return (
        environment(TEMPLATES)
        .get_template("report.html")
        .render(
            **view(results),
            compared=compared,
            style=style,
            script=script,
            policy=policy(style, script),
            data=embedded(traffic(results)),
        )
    )


def policy(style: str, script: str) -> str:
    """A Content-Security-Policy under which these two may be used, and nothing may be fetched."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            "img-src data:",  # the empty icon, for which browsers would ask otherwise
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def embedded(value: Json) -> str:
    """JSON that can stand inside a script element: ASCII, and nothing that HTML could take for a tag."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
