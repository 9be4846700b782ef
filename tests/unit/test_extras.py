"""What is installed is what is imported: the base installation has all that is imported without care, and whatever an
extra brings is imported inside a `try` that names the extra where it is missing.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

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


def imports(tree: ast.AST, guard: str = "") -> Iterator[tuple[str, str]]:
    """Each imported top-level name, and the text of the handlers around it that catch its absence."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from ((one.name.partition(".")[0], guard) for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.partition(".")[0], guard
        elif isinstance(node, ast.Try):
            caught = [one for one in node.handlers if one.type is not None and "Import" in ast.dump(one.type)]
            caught += [one for one in node.handlers if one.type is not None and "ModuleNotFound" in ast.dump(one.type)]
            yield from imports(node, "\n".join(ast.unparse(one) for one in caught) or guard)
        else:
            yield from imports(node, guard)


def foreign():
    """File, module and guard of every import of what is neither Python's nor ours."""
    for path in sorted(SOURCE.rglob("*.py")):
        for module, guard in imports(ast.parse(path.read_text(encoding="utf-8"))):
            if module not in sys.stdlib_module_names and module != "export_contracts":
                yield path.relative_to(SOURCE), module, guard


def test_everything_imported_without_care_is_a_dependency():
    stray = {
        (str(path), module)
        for path, module, guard in foreign()
        if not guard and not {plain(one) for one in OWNERS.get(module, [module])} & BASE
    }
    assert stray == set()


def test_what_an_extra_brings_is_imported_with_a_sentence_that_names_it():
    brought = {plain(one): extra for extra, needed in EXTRAS.items() for one in needed}
    for path, module, guard in foreign():
        extra = next((brought[plain(one)] for one in OWNERS.get(module, [module]) if plain(one) in brought), None)
        if extra is not None and not {plain(one) for one in OWNERS.get(module, [module])} & BASE:
            assert f"export-contracts[{extra}]" in guard, f"{path} imports {module}"
