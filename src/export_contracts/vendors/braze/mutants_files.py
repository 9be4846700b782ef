"""Defects in delivered files: their keys, their archives, their lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import ClassVar

from export_contracts.reference.draw import Draw
from export_contracts.reference.population import DAY, Person, Population
from export_contracts.vendors.braze import reference_files as files
from export_contracts.vendors.braze.reference_exports import Job
from export_contracts.vendors.braze.reference_service import Braze

CROWD = 5_600
"""People enough for a second file to be missed."""
THRONG = 7_600
"""People half as many again as a file may hold."""


class KeyWrongFolder(Braze):
    """Puts files under another top folder."""

    def key(self, job: Job, name: str) -> str:
        """An underscore for the hyphen."""
        return super().key(job, name).replace("segment-export/", "segment_export/", 1)


class KeyWrongSegment(Braze):
    """Puts files under another segment's id."""

    def key(self, job: Job, name: str) -> str:
        """Some other segment."""
        return super().key(job, name).replace(job["segment_id"], Draw("another segment").uuid())


class KeyDateShape(Braze):
    """Writes the day of the key in another order."""

    def key(self, job: Job, name: str) -> str:
        """dd-MM-YYYY."""
        day = dt.datetime.fromtimestamp(job["ends"], dt.UTC).date()
        return super().key(job, name).replace(f"/{day.isoformat()}/", f"/{day:%d-%m-%Y}/")


class KeyDateWrong(Braze):
    """Puts files under a day a month back."""

    def key(self, job: Job, name: str) -> str:
        """Thirty days earlier."""
        return super().key({**job, "ends": job["ends"] - 30 * DAY}, name)


class KeyDateImpossible(Braze):
    """Puts files under a day that no calendar has."""

    def key(self, job: Job, name: str) -> str:
        """The 31st of February."""
        day = dt.datetime.fromtimestamp(job["ends"], dt.UTC).date()
        return super().key(job, name).replace(f"/{day.isoformat()}/", f"/{day.year}-02-31/")


class KeyPrefixElsewhere(Braze):
    """Puts files into a folder that the answer did not name."""

    def key(self, job: Job, name: str) -> str:
        """A UUID of its own with the right timestamp."""
        stamp = job["prefix"].rpartition("-")[2]
        return super().key({**job, "prefix": f"{Draw(job['id']).uuid()}-{stamp}"}, name)


class KeyWithBucketName(Braze):
    """Begins keys with the bucket's name."""

    def key(self, job: Job, name: str) -> str:
        """One part too many."""
        return "my-bucket/" + super().key(job, name)


class KeyNameConstant(Braze):
    """Gives every file the same name."""

    def key(self, job: Job, name: str) -> str:
        """Nothing random in it."""
        return super().key(job, name).replace(name, "export")


class ZipExtensionMissing(Braze):
    """Calls zip files nothing."""

    def extension(self, job: Job) -> str:
        """No ending for zip."""
        return "" if job["output_format"] == "zip" else super().extension(job)


class ZipContentGzip(Braze):
    """Puts gzip into files called zip."""

    def archive(self, job: Job, name: str, body: bytes) -> bytes:  # noqa: ARG002 - every file alike
        """Always gzip."""
        return files.gzipped(body)


class GzipExtensionZip(Braze):
    """Calls gzip files zip."""

    def extension(self, job: Job) -> str:  # noqa: ARG002 - every job alike
        """Always the same."""
        return ".zip"


class GzipExtensionBoth(Braze):
    """Puts the ending of gzip behind that of zip."""

    def extension(self, job: Job) -> str:
        """One ending, or two."""
        return ".zip.gz" if job["output_format"] == "gzip" else ".zip"


class GzipContentZip(Braze):
    """Puts zip into files called gzip."""

    def archive(self, job: Job, name: str, body: bytes) -> bytes:
        """Always zip."""
        return files.zipped([(self.member(job, name), body)])


class UrlDeliversPlain(Braze):
    """Gives the bare lines for download, without an archive."""

    def download(self, job: Job) -> bytes:
        """The texts one after the other."""
        return b"".join(body for _, body in self.texts(job))


class TruncatedArchive(Braze):
    """Cuts every archive short."""

    def archive(self, job: Job, name: str, body: bytes) -> bytes:
        """Twenty bytes are missing."""
        return super().archive(job, name, body)[:-20]

    def download(self, job: Job) -> bytes:
        """Twenty bytes are missing."""
        return super().download(job)[:-20]


class AllUsersInOneFile(Braze):
    """Never begins a second file, and has enough people in its second segment for that to show."""

    users_a_file: ClassVar[int] = 10**9

    def members(self, job: Job) -> Iterator[Person]:
        """A crowd where a dozen would be."""
        if job["segment_id"] != self.company.second:
            return super().members(job)
        return Population(self.world.seed, CROWD, self.state["anchor"], first=1_000_000_001).people()


class AllUsersInOneStoredFile(Braze):
    """Never begins a second file in own storage, and has enough people there, where gzip was asked for, to show it."""

    users_a_file: ClassVar[int] = 10**9

    def members(self, job: Job) -> Iterator[Person]:
        """A throng where a few would be."""
        if not job["own_storage"] or job["output_format"] != "gzip":
            return super().members(job)
        return Population(self.world.seed, THRONG, self.state["anchor"], first=1_000_000_001).people()


class JsonArray(Braze):
    """Writes one array where lines belong."""

    def text(self, job: Job, lines: list[str]) -> bytes:  # noqa: ARG002 - every job alike
        """An array of all rows."""
        return ("[" + ",".join(lines) + "]\n").encode()


class PrettyPrinted(Braze):
    """Spreads each object over several lines."""

    def text(self, job: Job, lines: list[str]) -> bytes:
        """A line feed after each opening brace."""
        return super().text(job, [one.replace("{", "{\n ", 1) for one in lines])


class ByteOrderMark(Braze):
    """Begins files with a byte order mark."""

    def text(self, job: Job, lines: list[str]) -> bytes:
        """The mark, then the lines, if there are any."""
        return b"\xef\xbb\xbf" * bool(lines) + super().text(job, lines)


class Latin1Lines(Braze):
    """Writes files in Latin-1."""

    def text(self, job: Job, lines: list[str]) -> bytes:
        """What Latin-1 lacks becomes a question mark."""
        return super().text(job, lines).decode().encode("latin-1", errors="replace")
