"""Archives: round trips, each problem by its word, and no bytes that make the reader raise or swell."""

import gzip
import io
import random
import time
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export_contracts.files import archive
from export_contracts.files.archive import Limits, read_archive

NAMES = st.text(alphabet="abcXYZ019-_äß", min_size=1, max_size=12)


def zipped(members, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as packed:
        for name, body in members:
            packed.writestr(name, body)
    return out.getvalue()


def codes(body, **options):
    return [problem.code for problem in read_archive(body, **options).problems]


@given(st.dictionaries(NAMES, st.binary(max_size=200), min_size=1, max_size=5))
def test_zip_members_come_back_as_they_went_in(members):
    archive = read_archive(zipped(members.items()), name="a.zip")
    assert archive.kind == "zip"
    assert archive.problems == ()
    assert {one.name: one.body for one in archive.members} == members


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4))
def test_gzip_of_several_streams_is_one_file(parts):
    archive = read_archive(b"".join(gzip.compress(part) for part in parts), name="x/users.json.gz")
    assert (archive.kind, archive.problems) == ("gzip", ())
    assert [(one.name, one.body) for one in archive.members] == [("users.json", b"".join(parts))]


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08\x00"]), NAMES)
def test_no_bytes_make_it_raise(body, magic, name):
    assert read_archive(magic + body, name=name).kind in {"zip", "gzip", "plain", "unknown"}


@given(st.data())
def test_no_damage_to_a_sound_archive_makes_it_raise_or_goes_unseen(data):
    whole = bytearray(
        data.draw(st.sampled_from([zipped([("a", b"one\n" * 40), ("b", b"two")]), gzip.compress(b"x" * 99)]))
    )
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    read_archive(bytes(whole))
    cut = data.draw(st.integers(4, len(whole) - 1))
    sound = read_archive(gzip.compress(b"y" * 99)[: min(cut, len(gzip.compress(b"y" * 99)) - 1)])
    assert [one.code for one in sound.problems] == ["truncated"]


def test_truncation_and_what_follows_the_end_are_told():
    whole = gzip.compress(b"line\n" * 100)
    assert codes(whole[:-1]) == ["truncated"]
    assert codes(whole + b"\0\0\0") == []
    assert codes(whole + b"tail") == ["trailing-bytes"]
    assert codes(zipped([("a", b"x")])[:-30]) == ["truncated"]
    assert codes(zipped([("a", b"x")]) + b"tail") == ["trailing-bytes"]


def test_a_wrong_checksum_is_damage_and_its_member_is_not_handed_out():
    whole = bytearray(zipped([("a", b"abcdef"), ("b", b"sound")], zipfile.ZIP_STORED))
    whole[whole.index(b"abcdef")] ^= 1
    archive = read_archive(bytes(whole))
    assert [(one.code, one.member) for one in archive.problems] == [("damaged", "a")]
    assert [one.name for one in archive.members] == ["b"]
    assert codes(gzip.compress(b"abc")[:-8] + b"\0" * 8) == ["damaged"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../etc/passwd", "path-traversal"),
        ("a/../../b", "path-traversal"),
        ("..\\b", "path-traversal"),
        ("/etc/passwd", "absolute-name"),
        ("C:\\b", "absolute-name"),
    ],
)
def test_names_that_lead_astray_are_told(name, code):
    assert codes(zipped([(name, b"x")])) == [code]


def test_doubled_missing_encrypted_and_foreign_members_are_told():
    with pytest.warns(UserWarning, match="Duplicate name"):
        doubled = zipped([("a", b"1"), ("a", b"2")])
    assert codes(doubled) == ["duplicate-member"]
    assert codes(zipped([])) == ["empty-archive"]
    assert codes(zipped([("folder/", b"")])) == ["empty-archive"]
    assert codes(b"") == ["empty-archive"]
    assert codes(zipped([("a", b"x" * 99)], zipfile.ZIP_BZIP2)) == ["unknown-method"]
    encrypted = bytearray(zipped([("a", b"x")]))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    assert codes(bytes(encrypted)) == ["encrypted"]


@pytest.mark.parametrize("hidden", [0, 1, 2], ids=["first", "between", "last"])
def test_a_member_that_no_list_tells_of_is_told(hidden):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(3):
            packed.writestr(f"{number}", b"x" * 50)
        del packed.filelist[hidden]
    assert codes(out.getvalue()) == ["unlisted-member" if hidden else "trailing-bytes"]


def test_room_and_descriptors_between_members_are_no_members():
    class Unseekable(io.BytesIO):
        def seekable(self):
            return False

        def tell(self):
            raise OSError

    out = Unseekable()
    with zipfile.ZipFile(out, "w") as packed:
        for number in range(3):
            packed.writestr(f"{number}", b"x" * 50)
    assert codes(out.getvalue()) == []
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("0", b"x" * 50)
        out.write(bytes(4000))  # as programs do that align members
        packed.start_dir = out.tell()
        packed.writestr("1", b"x" * 50)
    assert codes(out.getvalue()) == []


def test_the_content_and_not_the_name_tells_the_kind():
    assert codes(gzip.compress(b"x"), name="a.zip") == ["wrong-extension"]
    assert codes(zipped([("a", b"x")]), name="a.gz") == ["wrong-extension"]
    assert codes(zipped([("a", b"x")]), name="k/a.json") == ["wrong-extension"]
    assert codes(zipped([("a", b"x")]), name="a.xlsx") == []
    assert read_archive(b'{"a": 1}\n', name="a.json").members[0].body == b'{"a": 1}\n'
    assert read_archive(b"\xff\x00\x01").kind == "unknown"


@pytest.mark.parametrize("pack", [gzip.compress, lambda body: zipped([("a", body)])], ids=["gzip", "zip"])
def test_bombs_are_refused_within_bounds(pack):
    bomb = pack(bytes(64 * 1024 * 1024))
    tracemalloc.start()
    assert codes(bomb, limits=Limits(total=4 * 1024 * 1024)) == ["bomb-size"]
    assert codes(bomb, limits=Limits(ratio=100, ratio_from=1024 * 1024)) == ["bomb-ratio"]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24 * 1024 * 1024


def test_a_crowd_of_members_is_cut_short():
    archive = read_archive(zipped([(str(one), b"") for one in range(20)]), limits=Limits(members=5))
    assert [one.code for one in archive.problems] == ["too-many-members"]
    assert len(archive.members) == 5


def test_large_and_much_divided_gzip_takes_time_in_proportion():
    started = time.process_time()
    noise = bytes(random.Random(0).randbytes(8 * 1024 * 1024))
    assert read_archive(gzip.compress(noise, 1)).members[0].body == noise
    assert read_archive(gzip.compress(b"x") * 50_000).members[0].body == b"x" * 50_000
    assert time.process_time() - started < 15


def test_what_swelled_once_is_not_inflated_again(monkeypatch):
    bomb, limits = gzip.compress(random.Random(3).randbytes(64) * 2**18), Limits(total=4 * 1024 * 1024)
    first = read_archive(bomb, limits=limits)
    monkeypatch.setattr(archive, "open_stream", None)
    assert read_archive(bomb, limits=limits) is first


def test_of_two_archives_in_one_file_the_hidden_one_is_told():
    hidden, seen = zipped([("a.json", b"{}\n")]), zipped([("b.json", b"{}\n")])
    found = read_archive(hidden + seen, name="a.zip")
    assert [(one.name, one.body) for one in found.members] == [("b.json", b"{}\n")]
    assert [(one.code, one.message.split()[0]) for one in found.problems] == [("trailing-bytes", str(len(hidden)))]


class Pipe(io.RawIOBase):
    """What cannot be gone back in, so that sizes come after the members."""

    def __init__(self):
        self.written = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.written += bytes(data)
        return len(data)


def test_streamed_large_and_stored_archives_are_sound():
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("käse/", b"")
        packed.writestr("käse/a.json", b"{}\n")
    large = io.BytesIO()
    with zipfile.ZipFile(large, "w") as packed, packed.open("a.json", "w", force_zip64=True) as member:
        member.write(b"{}\n")
    for body in (bytes(pipe.written), large.getvalue(), zipped([("a.json", b"{}\n")], zipfile.ZIP_STORED)):
        found = read_archive(body, name="a.zip")
        assert (found.problems, [one.body for one in found.members]) == ((), [b"{}\n"])


def test_a_list_of_members_that_is_too_long_is_not_read(monkeypatch):
    monkeypatch.setattr("export_contracts.files.zip_members.LONGEST_LIST", 2_000)
    found = read_archive(zipped((f"{number}", b"") for number in range(60)))
    assert [one.code for one in found.problems] == ["too-many-members"]
    assert found.members == ()
