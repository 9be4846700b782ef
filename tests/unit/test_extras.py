"""What is installed is what is imported: the base installation has all that is imported without care, and whatever an
extra brings is imported by a function, in a module with a sentence that names the extra.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent.parent
SOURCE = CHECKOUT / "src" / "export_contracts"
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT.get("optional-dependencies", {})
OWNERS = metadata.packages_distributions()


def plain(requirement):
    return re.match(r"[\w.-]+", requirement)[0].lower().replace("_", "-").replace(".", "-")


def closure(requirements):
    """Everything that these bring along, as far as it is installed here."""
    known, todo = set(), [plain(one) for one in requirements]
    while todo:
        name = todo.pop()
        if name in known:
            continue
        known.add(name)
        try:
            brought = metadata.requires(name) or ()
        except metadata.PackageNotFoundError:
            continue
        todo += [plain(one) for one in brought if "extra ==" not in one]
    return known


BASE = closure([*PROJECT["dependencies"], "moto", "xmltodict"])


def imports(tree: ast.AST, inside: bool = False) -> Iterator[tuple[str, bool]]:
    """Each imported top-level name, and whether a function imports it when it is called."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from ((one.name.partition(".")[0], inside) for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.partition(".")[0], inside
        else:
            yield from imports(node, inside or isinstance(node, ast.FunctionDef))


@cache
def foreign():
    """Text of the file, its path, module and lateness of every import of what is neither Python's nor ours."""
    texts = {str(path.relative_to(SOURCE)): path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py"))}
    return [
        (text, path, module, inside)
        for path, text in texts.items()
        for module, inside in imports(ast.parse(text))
        if module not in sys.stdlib_module_names and module != "export_contracts"
    ]


def extra_of(module):
    """The extra that brings a module; None for what the base installation has, or nothing has."""
    owners = {plain(one) for one in OWNERS.get(module, [module])}
    brought = {plain(one): extra for extra, needed in EXTRAS.items() for one in needed}
    return None if owners & BASE else next((brought[one] for one in owners if one in brought), "nothing")


def test_everything_imported_at_once_is_a_dependency():
    assert {(path, module) for _, path, module, inside in foreign() if not inside and extra_of(module)} == set()


def test_what_an_extra_brings_is_imported_late_where_a_sentence_names_the_extra():
    brought = {(path, module, extra) for _, path, module, _ in foreign() if (extra := extra_of(module)) is not None}
    texts = {path: text for text, path, *_ in foreign()}
    assert {one for one in brought if f"export-contracts[{one[2]}]" not in texts[one[0]]} == set()


@pytest.mark.parametrize("extra", EXTRAS)
def test_every_extra_is_named_where_it_is_missed(extra):
    assert any(f"export-contracts[{extra}]" in path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
