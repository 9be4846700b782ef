"""Marks functions as checks or row readers and finds them in a module by the name clauses use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, TypeVar

from export_contracts.checks.talk import Talk
from export_contracts.model import Evidence, Json, Where

Check = Callable[..., Iterator[Evidence]]
Rows = Callable[[Talk], Iterator[tuple[Where, Json]]]
F = TypeVar("F", bound=Callable[..., Any])


def check(name: str) -> Callable[[F], F]:
    """Make the function available to clauses as `check: name`."""

    def mark(function: F) -> F:
        function.__check__ = name  # type: ignore[attr-defined]  # a mark on a plain function
        return function

    return mark


def rows(name: str) -> Callable[[F], F]:
    """Make the function available to clauses as `with: {rows: name}`: it yields (where, row)."""

    def mark(function: F) -> F:
        function.__rows__ = name  # type: ignore[attr-defined]  # a mark on a plain function
        return function

    return mark


def checks_in(module: ModuleType) -> dict[str, Check]:
    """Each check that `module` defines or imports, by name."""
    return {one.__check__: one for one in vars(module).values() if hasattr(one, "__check__")}


def rows_in(module: ModuleType) -> dict[str, Rows]:
    """Each row reader of `module`, by name."""
    return {one.__rows__: one for one in vars(module).values() if hasattr(one, "__rows__")}
