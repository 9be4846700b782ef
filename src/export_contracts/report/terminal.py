"""A results document as lines for a terminal: the table, what was not judged, failures last.

Yields styled lines and prints nothing; whoever prints them decides about colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.text import Text

from export_contracts.model import Json
from export_contracts.report import words
from export_contracts.report.compare import changes
from export_contracts.report.inert import inert

STYLES = {"pass": "green", "notice": "cyan", "warn": "yellow", "fail": "bold red", "error": "bold magenta"}
IDS_SHOWN = 12
VERDICT_COLUMN = 90


def report(results: Mapping[str, Json]) -> Iterator[Text]:
    """The whole report, one `Text` a line."""
    for run in results["runs"]:
        yield from _run(results, run)
    yield from _not_judged(results)
    yield from _left_out(results)
    for entry in words.breaches(results):
        yield from block(results, entry)
        yield Text()
    for one in results["deviations"]:
        style = "bold red" if one["broken"] else "yellow"
        yield Text(f"deviation {one['clause']}  {one['state']}: {inert(one['sentence'])}", style=style)
    for run in results["runs"]:
        yield from (Text(f"note: {inert(one)}", style="yellow") for one in run["notes"])
        told = results["footer"]["reason"] or ""  # stands at the end
        yield from (Text(f"note: {inert(one)}", style="yellow") for one in run["broke"] if one not in told)
        yield from (Text(f"failed: {inert(one)}", style="bold red") for one in run["failures"] if one != told)
    yield from _closing(results)


def changed(older: Mapping[str, Json], results: Mapping[str, Json]) -> Iterator[Text]:
    """What changed since the older results, worst change first."""
    found = changes(older, results)
    yield Text(f"since the older results: {words.many(len(found), 'change')}", style="bold")
    for one in found:
        style = "bold red" if one.worse > 0 else "green" if one.worse < 0 else "cyan"
        line = Text(f"  {one.id}  {one.before or 'unknown'} -> {one.after or 'gone'}", style=style)
        yield line.append(f"  {inert(one.title)}{f'  ({inert(one.why)})' if one.why else ''}", style="default")


def _run(results: Mapping[str, Json], run: Mapping[str, Json]) -> Iterator[Text]:
    edition = f", as of {run['as_of']}" if run["as_of"] else ""
    seed = f", seed {run['seed']}" if run["seed"] is not None else ""
    yield Text(f"{run['title']} against {inert(run['target'])} ({run['origin']}{edition}{seed})", style="bold")
    for one in results["clauses"]:
        if one["vendor"] == run["vendor"] and one["verdict"] in STYLES:
            yield _row(one)
    yield Text()


def _row(entry: Mapping[str, Json]) -> Text:
    line = Text("  ")
    line.append(f"{entry['verdict']:<6}", style=STYLES[entry["verdict"]])
    line.append(f"  {entry['id']}  {entry['level']:<6}  {entry['title']}")
    seen = f"{entry['kept']}×" if not entry["broken"] else f"{entry['broken']} of {entry['kept'] + entry['broken']}×"
    observed = "".join(f", {inert(name)} {count}×" for name, count in entry["observed"].items())
    mark = ", tolerated" if "deviation" in entry else ""
    line.append(f"  ({seen}{observed}{mark})", style="dim")
    return line


def _not_judged(results: Mapping[str, Json]) -> Iterator[Text]:
    folded = words.not_judged(results)
    if not folded:
        return
    yield Text("Not judged, which is not kept", style="bold")
    for (verdict, reason), ids in folded.items():
        shown = ", ".join(ids[:IDS_SHOWN]) + (f" and {len(ids) - IDS_SHOWN} more" if len(ids) > IDS_SHOWN else "")
        yield Text(f"  {verdict:<11}  {shown}: {reason}")
    yield Text()


def _left_out(results: Mapping[str, Json]) -> Iterator[Text]:
    found = False
    for run in results["runs"]:
        for kind, word in (("left_out", "left out"), ("cut_short", "cut short")):
            for name, reason in run["scenarios"][kind].items():
                found = True
                yield Text(f"  {word:<11}  {run['vendor']} {name}: {inert(reason)}")
    if found:
        yield Text()


def block(results: Mapping[str, Json], entry: Mapping[str, Json]) -> Iterator[Text]:
    """One clause that was not kept: what was expected, what came, where, and who said so."""
    head = f"{entry['id']}  {entry['level'].upper()} · {entry['basis']}   {entry['title']}"
    line = Text(f"{head:<{VERDICT_COLUMN - 2}}  ")
    line.append(entry["verdict"].upper(), style=STYLES[entry["verdict"]])
    yield line
    kinds = words.kinds(entry)
    for finding, count in kinds[: words.FINDINGS_SHOWN]:
        yield _field("expected", inert(finding["expected"]))
        yield _field("got", inert(finding["got"]))
        yield _field("at", words.place(finding) + (f"   and {count - 1} more like it" if count > 1 else ""))
    rest = entry["broken"] - sum(count for _, count in kinds[: words.FINDINGS_SHOWN])
    if kinds and rest > 0:
        yield _field("and", f"{rest} more")
    if entry["reason"]:
        yield _field("reason", inert(entry["reason"]))
    if "deviation" in entry:
        until = f" until {entry['deviation']['until']}" if entry["deviation"]["until"] else ""
        yield _field("known", f"{inert(entry['deviation']['reason'])}{until}")
    for said in words.said_in(entry):
        yield _field("said in", said)
    again = words.replay(results, entry)
    if again:
        yield _field("replay", again)
    line_of_curl = words.curl(results, entry["findings"][0]) if entry["findings"] else None
    if line_of_curl:
        yield _field("curl", line_of_curl)
    yield Text(f"  hint: export-contracts show {entry['id']}", style="dim")


def _field(name: str, text: str) -> Text:
    return Text.assemble((f"  {name:<8}  ", "dim"), text)


def _closing(results: Mapping[str, Json]) -> Iterator[Text]:
    footer = results["footer"]
    style = {"kept": "bold green", "broken": "bold red"}.get(footer["verdict"], "bold magenta")
    yield Text(words.summary(results), style=style)
    if footer["reason"]:
        yield Text(inert(footer["reason"]))
