"""A client's pool of connections is as wide behind `--upstream live` as before it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import urllib3

from export_contracts.catalogue import contract
from export_contracts.gate.passage import opened
from export_contracts.targets.target import Target


def test_requests_are_passed_on_side_by_side():
    met = threading.Barrier(3, timeout=20)

    class Meeting(BaseHTTPRequestHandler):
        def do_POST(self):
            met.wait()  # nobody is answered before all have asked
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Meeting)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    here = f"http://127.0.0.1:{server.server_address[1]}"
    settings = {"token": "t" * 20, "segment_id": "s"}
    try:
        with opened(contract.load("braze"), target=Target("braze", here, settings, live=True)) as gate:
            path = gate.url + "/users/export/segment"
            asking = [threading.Thread(target=urllib3.request, args=("POST", path)) for _ in range(3)]
            for one in asking:
                one.start()
            for one in asking:
                one.join()
            troubles = gate.journal.troubles
            exchanges = tuple(gate.recorder)
    finally:
        server.shutdown()
        server.server_close()
    assert [one.index for one in exchanges] == [0, 1, 2]
    assert [one.status for one in exchanges] == [404, 404, 404], troubles
