"""aepp: the export-job methods of Segmentation and of Profile, direct or by the proxy with its token call."""

import os
import sys

import aepp
from aepp import customerprofile, segmentation


def env(name):
    return os.environ["EXPORT_CONTRACTS_ADOBE_" + name]


def configured(mode):
    common = {"org_id": env("ORG_ID"), "client_id": env("API_KEY"), "sandbox": env("SANDBOX")}
    if mode == "direct":
        aepp.configure(**common, environment="support", endpoint=env("URL"), accesstoken=env("TOKEN"))
        aepp.config.config_object["connectionType"] = "support"  # which the library forgets for a given token
        return
    aepp.configure(**common, secret="client-secret", scopes="openid")


configured(sys.argv[1])
job = {
    "fields": "identities.id",
    "filter": {"segments": [{"segmentId": env("SEGMENT_ID"), "segmentNs": "ups", "status": ["realized"]}]},
    "destination": {"datasetId": env("DATASET_ID")},
    "schema": {"name": "_xdm.context.profile"},
}
segments = segmentation.Segmentation()
made = segments.createExport(job)
assert made["status"] == "NEW", made
assert segments.getExport(str(made["id"]))["id"] == made["id"]
assert any(one["id"] == made["id"] for one in segments.getExportJobs(limit=2))
segments.getExportJobs(limit=2, status="NEW")
segments.getExportJobs(limit=2, status="SUCEEDED")  # the only spelling of it that the library sends
segments.deleteExport(str(made["id"]))
profiles = customerprofile.Profile()
again = profiles.createExportJob(exportDefinition=job)
assert again["status"] == "NEW", again
assert profiles.getExportJobs(limit=5)
assert profiles.getExportJob(str(again["id"]))["id"] == again["id"]
