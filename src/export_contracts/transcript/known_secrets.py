"""Finds known secrets in running text, in any of their written forms, and puts a stand-in where each was.

Which stand-in, and what else counts as secret, is for `redaction` to say. The time it takes grows with the text,
and hardly with the number of secrets: a form that is not in the text costs one search for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from export_contracts.transcript import secret_forms as forms
from export_contracts.transcript.secret_words import PLACEHOLDER

_MARKS: Final = range(0x100000, 0x10FFFE)
"""Characters for private use, which stand for what was found until all is found: no form can match inside one."""
_SPELLED: Final = 4 * 1024 * 1024
"""Characters of the longest text in which secrets are found however they are spelled."""
_RUN: Final = "[A-Za-z0-9+/_-]*"
_BEGIN: Final = "(?<![A-Za-z0-9+/_-])"
"""Where a run begins: without it, a long run that holds no secret is looked through from each of its characters."""


class KnownSecrets:
    """The forms of `secrets`, longest first."""

    def __init__(self, secrets: Iterable[str]) -> None:
        exact: dict[str, str] = {}
        self._cores: dict[str, str] = {}
        self._known = sorted((one for one in secrets if forms.SHORTEST <= len(one) <= forms.LONGEST), key=len)
        for secret in self._known:
            exact.update(dict.fromkeys(forms.literal_forms(secret), secret))
            self._cores.update(dict.fromkeys(forms.base64_cores(secret), secret))
        self._exact = sorted(exact.items(), key=lambda one: len(one[0]), reverse=True)
        squeezed = {secret: forms.squeezed(secret) for secret in self._known}
        self._squeezed = {secret: one for secret, one in squeezed.items() if len(one) >= forms.SHORTEST_SPELLED}

    def hide(self, text: str, stand_in: Callable[[str], str], repack: Callable[[str], str | None]) -> str:
        """`text` with `stand_in(secret)` for each secret; `repack` may know better for a run of base64."""
        found = [*self._shortened(text), *((form, secret) for form, secret in self._exact if form in text)]
        cores = [core for core in self._cores if core in text]
        if found or cores:
            marks = _Marks(text)
            text = PLACEHOLDER.sub(lambda one: marks.mark(one[0]), text)
            for form, secret in found:
                text = text.replace(form, marks.mark(stand_in(secret)))
            if cores:
                run = re.compile(f"{_BEGIN}{_RUN}({'|'.join(map(re.escape, cores))}){_RUN}=*")
                text = run.sub(lambda one: marks.mark(repack(one[0]) or stand_in(self._cores[one[1]])), text)
            text = marks.resolve(text)
        return self._spelled(text, stand_in)

    def _shortened(self, text: str) -> list[tuple[str, str]]:
        if not any(one in text for one in forms.ELLIPSES):
            return []
        found = {cut: secret for secret in self._known for cut in forms.cut_short(secret, text)}
        return sorted(found.items(), key=lambda one: len(one[0]), reverse=True)

    def _spelled(self, text: str, stand_in: Callable[[str], str]) -> str:
        """Secrets in other case, escaped, or taken apart by other characters."""
        if not self._squeezed or not forms.SHORTEST_SPELLED <= len(text) <= _SPELLED:
            return text
        squeezed = forms.squeezed(text)
        for secret in (secret for secret, one in self._squeezed.items() if one in squeezed):
            hidden = stand_in(secret)
            text = forms.spelled(secret).sub(hidden.replace("\\", r"\\"), text)
        return text


class _Marks:
    """One character for each stand-in, none of which occurs in the text already."""

    def __init__(self, text: str) -> None:
        self._free = (chr(one) for one in _MARKS if chr(one) not in text)
        self._meant: dict[str, str | int | None] = {}
        self._mark: dict[str, str] = {}

    def mark(self, meant: str) -> str:
        if meant not in self._mark:
            mark = next(self._free)
            self._mark[meant] = mark
            self._meant[mark] = meant
        return self._mark[meant]

    def resolve(self, text: str) -> str:
        return text.translate(str.maketrans(self._meant))
