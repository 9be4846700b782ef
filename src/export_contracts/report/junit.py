"""A results document as JUnit XML that CI servers show: true failures, errors and skips."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

from export_contracts.model import Json
from export_contracts.report import words
from export_contracts.report.inert import inert


def report(results: Mapping[str, Json]) -> str:
    """The XML text: a suite for each run, a case for each clause."""
    root = ET.Element("testsuites", name="export-contracts")
    for run in results["runs"]:
        suite = ET.SubElement(root, "testsuite", name=run["vendor"], timestamp=run["started"])
        ET.SubElement(ET.SubElement(suite, "properties"), "property", name="target", value=inert(run["target"]))
        for entry in results["clauses"]:
            if entry["vendor"] == run["vendor"]:
                _case(suite, results, entry)
        for one in results["deviations"]:
            if one["vendor"] == run["vendor"] and one["broken"]:
                case = _named(suite, run["vendor"], "deviations", one["clause"])
                ET.SubElement(case, "failure", type="deviation", message=inert(one["sentence"]))
        for sentence in run["failures"]:
            case = _named(suite, run["vendor"], "run", "the run itself succeeds")
            ET.SubElement(case, "failure", type="run", message=inert(sentence))
        if run["trouble"]:
            case = _named(suite, run["vendor"], "run", "the run reaches its end")
            ET.SubElement(case, "error", type="run", message=inert(run["trouble"]))
        _count(suite)
    if not results["footer"]["complete"] and not any(run["trouble"] for run in results["runs"]):
        suite = ET.SubElement(root, "testsuite", name="run")
        case = _named(suite, "export-contracts", "run", "the run reaches its end")
        ET.SubElement(case, "error", type="run", message=inert(results["footer"]["reason"] or "interrupted"))
        _count(suite)
    _count(root)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _named(suite: ET.Element, vendor: str, section: str, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=f"{vendor}.{section or 'clauses'}", name=name, time="0")


def _case(suite: ET.Element, results: Mapping[str, Json], entry: Mapping[str, Json]) -> None:
    case = _named(suite, entry["vendor"], entry["section"], f"{entry['id']} {entry['title']}")
    verdict = entry["verdict"]
    if verdict in {"unexercised", "unsupported", "retired"}:
        ET.SubElement(case, "skipped", message=f"{verdict}: {inert(entry['reason'] or '')}")
    elif verdict == "error":
        ET.SubElement(case, "error", type="engine", message=inert(entry["reason"] or "the check broke"))
    elif verdict == "fail":
        first = entry["findings"][0]
        message = f"expected {inert(first['expected'])}; got {inert(first['got'])}"
        ET.SubElement(case, "failure", type=entry["level"], message=message).text = _evidence(results, entry)
    elif verdict in {"warn", "notice"}:
        ET.SubElement(case, "system-out").text = f"{verdict}\n{_evidence(results, entry)}"


def _evidence(results: Mapping[str, Json], entry: Mapping[str, Json]) -> str:
    lines = []
    for one in entry["findings"]:
        lines += [
            f"expected  {inert(one['expected'])}",
            f"got       {inert(one['got'])}",
            f"at        {words.place(one)}",
        ]
    lines += [f"said in   {one}" for one in words.said_in(entry)]
    again = words.replay(results, entry)
    return "\n".join([*lines, f"replay    {again}"] if again else lines)


def _count(element: ET.Element) -> None:
    """The counts that readers expect as attributes of a suite, and of all suites together."""
    element.set("tests", str(len(element.findall(".//testcase"))))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(len(element.findall(f".//{tag}"))))
