"""braze-client-sdk from PyPI, built on requests: one export by URL or by the host that is given."""

import os
import sys

from braze import Braze


def env(name):
    return os.environ["EXPORT_CONTRACTS_BRAZE_" + name]


braze = Braze(sys.argv[1] if len(sys.argv) > 1 else env("URL"), env("TOKEN"))
answer = braze.users.export.segment(
    {"segment_id": env("SEGMENT_ID"), "fields_to_export": ["email", "external_id"], "output_format": "gzip"}
)
sys.exit(0 if answer["message"] == "success" else 1)
