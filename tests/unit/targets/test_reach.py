"""Which addresses a target may lead us to, whatever names it gives them."""

import pytest

from export_contracts.targets.reach import Reach, look_up, zone
from export_contracts.targets.transport import NotSent, Trouble

NAMES = {
    "api.example": ("93.184.215.14",),
    "both.example": ("10.0.0.9", "93.184.215.15"),
    "inside.example": ("10.0.0.1",),
    "metadata.example": ("169.254.169.254",),
    "here.example": ("127.0.0.1", "::1"),
    "localhost": ("::1", "127.0.0.1"),
}


def find(host, port):
    """Names as above; what is an address in any notation that resolvers take is left to the resolver."""
    if host in NAMES:
        return NAMES[host]
    if host[-1:].isalpha() and host.endswith("example"):
        raise OSError
    return look_up(host, port)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("8.8.8.8", "public"),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", "public"),
        ("10.1.2.3", "private"),
        ("172.31.0.1", "private"),
        ("172.32.0.1", "public"),
        ("100.64.0.1", "private"),
        ("fd12::1", "private"),
        ("::ffff:192.168.0.1", "private"),
        ("64:ff9b::10.0.0.1", "private"),
        ("64:ff9b::808:808", "public"),
        ("2002:7f00:1::", "loopback"),
        ("127.8.9.1", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("0.0.0.0", "loopback"),
        ("::", "loopback"),
        ("169.254.169.254", "special"),
        ("fe80::1%eth0", "special"),
        ("100.100.100.200", "special"),
        ("fd00:ec2::254", "special"),
        ("224.0.0.1", "special"),
        ("255.255.255.255", "special"),
        ("192.0.2.1", "special"),
    ],
)
def test_the_zone_of_an_address(address, kind):
    assert zone(address) == kind


@pytest.mark.parametrize(
    ("ours", "theirs", "addresses"),
    [
        ("https://api.example", "https://api.example/x", ("93.184.215.14",)),
        ("https://api.example", "https://both.example/x", ("93.184.215.15",)),
        ("http://inside.example", "http://10.0.0.2:9000/x", ("10.0.0.2",)),
        ("http://inside.example", "https://api.example/x", ("93.184.215.14",)),
        ("http://localhost:8080", "http://10.0.0.2/x", ("10.0.0.2",)),
        ("http://localhost:8080", "http://localhost:9000/x", ("::1", "127.0.0.1")),
        ("http://127.0.0.1:8080", "http://localhost:9000/x", ("::1", "127.0.0.1")),
        ("http://169.254.0.7", "http://169.254.0.7/x", ("169.254.0.7",)),
    ],
)
def test_where_a_target_may_lead(ours, theirs, addresses):
    assert Reach(ours, find).addresses(theirs) == addresses


@pytest.mark.parametrize(
    ("ours", "theirs", "where"),
    [
        ("https://api.example", "https://inside.example/x", "into a private network"),
        ("https://api.example", "http://10.0.0.1/x", "into a private network"),
        ("https://api.example", "http://here.example/x", "back to this machine"),
        ("https://api.example", "http://127.1/x", "back to this machine"),
        ("https://api.example", "http://2130706433/x", "back to this machine"),
        ("https://api.example", "http://0x7f000001/x", "back to this machine"),
        ("https://api.example", "http://[::ffff:127.0.0.1]/x", "back to this machine"),
        ("https://api.example", "http://\uff11\uff12\uff17.0.0\u30021/x", "back to this machine"),
        ("https://api.example", "http://0xa9fea9fe/latest", "to an address of special use"),
        ("https://api.example", "http://metadata.example/latest", "to an address of special use"),
        ("http://inside.example", "http://here.example/x", "back to this machine"),
        ("http://inside.example", "http://metadata.example/x", "to an address of special use"),
        ("http://localhost:8080", "http://metadata.example/x", "to an address of special use"),
    ],
)
def test_where_it_may_not(ours, theirs, where):
    with pytest.raises(NotSent, match=where):
        Reach(ours, find).addresses(theirs)


def test_a_target_s_own_name_that_leads_elsewhere_later_is_not_followed():
    answers = [("93.184.215.14",), ("127.0.0.1",)]
    reach = Reach("https://api.example", lambda *_: answers.pop(0))
    assert reach.addresses("https://api.example/x") == ("93.184.215.14",)
    with pytest.raises(NotSent, match="led elsewhere at first and leads back to this machine now"):
        reach.addresses("https://api.example/x")


@pytest.mark.parametrize("url", ["https://nowhere.example/x", "https://api.example/x"])
def test_each_request_asks_for_each_name_once_at_most(url):
    asked = []

    def asking(host, _port):
        asked.append(host)
        return ("93.184.215.14",)

    reach = Reach("https://api.example", asking)
    reach.addresses(url)
    assert len(asked) == len(set(asked))
    asked.clear()
    reach.addresses(url)
    assert len(asked) == 1


def test_a_name_that_leads_nowhere_or_is_none():
    with pytest.raises(Trouble, match=r"nowhere\.example leads to no address"):
        Reach("https://api.example", find).addresses("https://nowhere.example/")
    with pytest.raises(NotSent, match="no name of a host"):
        Reach("https://api.example").addresses(f"https://{'a' * 70}.example/")
