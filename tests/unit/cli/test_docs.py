"""`export-contracts docs`: the site in a folder, and served to this machine."""

import threading
import urllib.request

from export_contracts.cli.serving_files import serve_folder


def test_the_site_is_built(run, tmp_path):
    code, out, err = run("docs", "there")
    assert (code, err) == (0, "")
    assert out.endswith(" pages: there/index.html\n")
    assert (tmp_path / "there" / "sample" / "SMP-001" / "index.html").is_file()


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(run, tmp_path):
    (tmp_path / "file").write_text("x")
    code, _, err = run("docs", "file/there")
    assert code == 3
    assert err.startswith("error: file/there/style.css cannot be written: ")


def test_a_folder_is_served_to_this_machine(tmp_path):
    (tmp_path / "index.html").write_text("hello")
    said = threading.Event()
    addresses = []

    def say(address):
        addresses.append(address)
        said.set()

    threading.Thread(target=serve_folder, args=(tmp_path, 0, say), daemon=True).start()
    assert said.wait(60)
    assert addresses[0].startswith("http://127.0.0.1:")
    with urllib.request.urlopen(addresses[0], timeout=10) as answer:
        assert answer.read() == b"hello"


def test_a_port_in_use_is_wrong_usage(run, tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, err = run("docs", tmp_path / "x", "--serve", "--port", port)
    assert code == 2
    assert f"error: Port {port} cannot be used" in err
