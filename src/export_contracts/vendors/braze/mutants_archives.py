"""Defects that a careful recipient meets in delivered files: leftovers, doubles, loose ends."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from export_contracts.model import Json
from export_contracts.reference.world import MemoryBucket
from export_contracts.vendors.braze import reference_files as files
from export_contracts.vendors.braze.reference_company import Workspace
from export_contracts.vendors.braze.reference_exports import Job
from export_contracts.vendors.braze.reference_requests import Order
from export_contracts.vendors.braze.reference_service import Braze


class TrailingBytes(Braze):
    """Writes a few bytes behind every archive."""

    def archive(self, job: Job, name: str, body: bytes) -> bytes:
        return super().archive(job, name, body) + b"signed"

    def download(self, job: Job) -> bytes:
        return super().download(job) + b"signed"


class MemberTwice(Braze):
    """Puts an empty file of the same name behind the first one of every zip archive."""

    def archive(self, job: Job, name: str, body: bytes) -> bytes:
        if job["output_format"] == "gzip":
            return super().archive(job, name, body)
        return _twice([(self.member(job, name), body)])

    def download(self, job: Job) -> bytes:
        return _twice([(self.member(job, name), body) for name, body in self.texts(job)])


def _twice(members: list[tuple[str, bytes]]) -> bytes:
    """Python's writer warns of equal names, so that they become equal only afterwards."""
    name = members[0][0]
    other = "~" * len(name)
    return files.zipped([*members, (other, b"")]).replace(other.encode(), name.encode())


class UnlistedMember(Braze):
    """Leaves a member out of the list that stands at the end of every zip archive with users."""

    def archive(self, job: Job, name: str, body: bytes) -> bytes:
        if job["output_format"] == "gzip":
            return super().archive(job, name, body)
        return _unlisted([(self.member(job, name), body)])

    def download(self, job: Job) -> bytes:
        return _unlisted([(self.member(job, name), body) for name, body in self.texts(job)])


def _unlisted(members: list[tuple[str, bytes]]) -> bytes:
    """A zip with one more member in the midst, of which only its own head tells."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in (*members, ("hidden.json", b"{}\n")):
            archive.writestr(zipfile.ZipInfo(name, files.EPOCH), body)
        del archive.NameToInfo["hidden.json"], archive.filelist[-1]
    return out.getvalue()


class Bzip2(Braze):
    """Packs zip archives with bzip2."""

    def archive(self, job: Job, name: str, body: bytes) -> bytes:
        if job["output_format"] == "gzip":
            return super().archive(job, name, body)
        return _with_bzip2([(self.member(job, name), body)])

    def download(self, job: Job) -> bytes:
        return _with_bzip2([(self.member(job, name), body) for name, body in self.texts(job)])


def _with_bzip2(members: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as archive:
        for name, body in members:
            archive.writestr(zipfile.ZipInfo(name, files.EPOCH), body, zipfile.ZIP_BZIP2)
    return out.getvalue()


class PaddedArchive(Braze):
    """Puts a file of blanks, which shrink to nothing, beside those of its second segment."""

    def archive(self, job: Job, name: str, body: bytes) -> bytes:
        if job["output_format"] == "gzip" or job["segment_id"] != self.company.second:
            return super().archive(job, name, body)
        return _padded([(self.member(job, name), body)])

    def download(self, job: Job) -> bytes:
        if job["segment_id"] != self.company.second:
            return super().download(job)
        return _padded([(self.member(job, name), body) for name, body in self.texts(job)])


def _padded(members: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, body in (*members, ("padding.json", b" " * (33 * 1024 * 1024))):
            archive.writestr(name, body)
    return out.getvalue()


class BlanksInAUser(Braze):
    """Puts nine megabytes of blanks into the first user of its second segment."""

    def text(self, job: Job, lines: list[str]) -> bytes:
        if job["segment_id"] == self.company.second and lines:
            lines = ["{" + " " * (9 * 1024 * 1024) + lines[0][1:], *lines[1:]]
        return super().text(job, lines)


class WritesOver(Braze):
    """Writes the zip archives in own storage over, users in another order, whenever the next export starts."""

    def start(self, order: Order, workspace: Workspace) -> Job:
        bucket = self.world.bucket
        if bucket is not None:
            for key, body in list(bucket.objects()):
                bucket.put(key, _turned(body) if key.endswith(".zip") else body)
        return super().start(order, workspace)


def _turned(body: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return files.zipped((name, b"".join(archive.read(name).splitlines(True)[::-1])) for name in archive.namelist())


class TakesAway(Braze):
    """Clears a bucket in memory of all files whenever the next export starts."""

    def start(self, order: Order, workspace: Workspace) -> Job:
        if isinstance(self.world.bucket, MemoryBucket):
            self.world.bucket.stored.clear()
        return super().start(order, workspace)


class HalfCharacters(Braze):
    """Cuts a remark in the middle of a character."""

    def text(self, job: Job, lines: list[str]) -> bytes:
        return super().text(job, [one.replace('{"', '{"remark_cut":"\\ud83d","', 1) for one in lines])


class MembersNamedTwice(Braze):
    """Writes one member of every user two times."""

    def text(self, job: Job, lines: list[str]) -> bytes:
        return super().text(job, [one.replace('{"', '{"remark_kept":1,"remark_kept":2,"', 1) for one in lines])


class EmptyLines(Braze):
    """Leaves a line free after each user."""

    def text(self, job: Job, lines: list[str]) -> bytes:
        return super().text(job, [one + "\n" for one in lines])


class LastLineOpen(Braze):
    """Ends files without a line feed."""

    def text(self, job: Job, lines: list[str]) -> bytes:
        return super().text(job, lines).removesuffix(b"\n")


class EverybodyTwice(Braze):
    """Exports every user two times."""

    def rows(self, job: Job) -> Iterator[Json]:
        for row in super().rows(job):
            yield row
            yield row
