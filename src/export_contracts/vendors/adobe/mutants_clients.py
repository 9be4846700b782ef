"""Clients with one bad request, where a patch cannot reach: an innocent transcript with one exchange spoilt."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from export_contracts.model import Exchange, Request, Transcript


def _spoilt(
    innocent: tuple[Transcript, ...], wanted: Callable[[Exchange], bool], spoil: Callable[[Request], Request]
) -> Transcript:
    for talk in innocent:
        for place, one in enumerate(talk.exchanges):
            if wanted(one) and one.fault is None:
                bad = dataclasses.replace(one, request=spoil(one.request), operation=None)
                return dataclasses.replace(talk, exchanges=(*talk.exchanges[:place], bad, *talk.exchanges[place + 1 :]))
    raise LookupError("no such request in the innocent run")


def posts_a_cancellation(innocent: tuple[Transcript, ...]) -> Transcript:
    """A client that cancels by POST, as the Profile guide's command line does."""
    return _spoilt(
        innocent,
        lambda one: one.operation == "cancelExportJob",
        lambda request: dataclasses.replace(request, method="POST"),
    )


def misspells_the_path(innocent: tuple[Transcript, ...]) -> Transcript:
    """A client that asks for the list in the singular."""
    return _spoilt(
        innocent,
        lambda one: one.operation == "listExportJobs",
        lambda request: dataclasses.replace(request, url=request.url.replace("/export/jobs", "/export/job")),
    )


def off_the_base_path(innocent: tuple[Transcript, ...]) -> Transcript:
    """A client that asks the platform itself, without the base path."""
    return _spoilt(
        innocent,
        lambda one: one.operation == "listExportJobs",
        lambda request: dataclasses.replace(request, url="https://platform.adobe.io/export/jobs?limit=5"),
    )


def makes_up_an_offset(innocent: tuple[Transcript, ...]) -> Transcript:
    """A client that changes the offset it was given."""
    return _spoilt(
        innocent,
        lambda one: one.operation == "listExportJobs" and "offset=" in one.request.url,
        lambda request: dataclasses.replace(request, url=request.url.replace("offset=1", "offset=2")),
    )
